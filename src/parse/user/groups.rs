//! What the named groups of a pattern stand for.

/// Names of groups that are no metrics, as the settings file's documentation lists them.
pub const RESERVED: [&str; 12] = [
    "epoch", "epochs", "step", "steps", "batch", "batches", "level", "message", "time", "name", "value",
    "pairs",
];

/// What a group holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Group {
    Epoch,
    Epochs,
    Step,
    Steps,
    Batch,
    Batches,
    Level,
    Message,
    Time,
    /// The name of a metric; its figure is in the group `value` of the same number.
    Name(u32),
    Value(u32),
    /// Text that holds any number of metrics.
    Pairs,
    /// The figure of a metric that is called so.
    Metric(Box<str>),
}

impl Group {
    /// What a group of this name holds.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "epoch" => Self::Epoch,
            "epochs" => Self::Epochs,
            "step" => Self::Step,
            "steps" => Self::Steps,
            "batch" => Self::Batch,
            "batches" => Self::Batches,
            "level" => Self::Level,
            "message" => Self::Message,
            "time" => Self::Time,
            "pairs" => Self::Pairs,
            _ => match (numbered(name, "name"), numbered(name, "value")) {
                (Some(number), _) => Self::Name(number),
                (_, Some(number)) => Self::Value(number),
                _ => Self::Metric(name.into()),
            },
        }
    }
}

/// The number behind a word: 1 for the word alone, 2 for `name2`.
fn numbered(name: &str, word: &str) -> Option<u32> {
    match name.strip_prefix(word)? {
        "" => Some(1),
        digits if digits.len() < 4 && digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    }
}
