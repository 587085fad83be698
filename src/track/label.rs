//! What a bar counts, judged by the text before it: the run's epochs, the steps of one epoch, the run itself, or other work.

use smallvec::SmallVec;

use crate::model::state::Stage;

/// What a bar counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Counts {
    /// Folds, seeds, tasks: turns of a loop around training.
    Turns,
    /// Epochs of the run.
    Epochs,
    /// Steps of the epoch that its label names.
    Inside {
        /// As written.
        epoch: f64,
        /// The total beside it.
        all: Option<f64>,
    },
    /// Steps of the run, or of an epoch that its label does not name: the log will show.
    Main,
    /// Other work: data, validation, files.
    Aside(Stage),
}

/// Words in a label that tell of work beside training.
const ASIDE: [(&str, Stage); 43] = [
    ("writing", Stage::SavingCheckpoint),
    ("saving", Stage::SavingCheckpoint),
    ("valid", Stage::Validating),
    ("val", Stage::Validating),
    ("eval", Stage::Validating),
    ("test", Stage::Validating),
    ("sanity", Stage::Validating),
    ("predict", Stage::Validating),
    ("inference", Stage::Validating),
    ("infer", Stage::Validating),
    ("map", Stage::PreparingDataset),
    ("filter", Stage::PreparingDataset),
    ("tokeniz", Stage::PreparingDataset),
    ("tokenis", Stage::PreparingDataset),
    ("truncating", Stage::PreparingDataset),
    ("packing", Stage::PreparingDataset),
    ("adding", Stage::PreparingDataset),
    ("applying", Stage::PreparingDataset),
    ("converting", Stage::PreparingDataset),
    ("extracting", Stage::PreparingDataset),
    ("encod", Stage::PreparingDataset),
    ("preprocess", Stage::PreparingDataset),
    ("preparing", Stage::PreparingDataset),
    ("building", Stage::PreparingDataset),
    ("caching", Stage::PreparingDataset),
    ("cache", Stage::PreparingDataset),
    ("scanning", Stage::PreparingDataset),
    ("generating", Stage::PreparingDataset),
    ("collecting", Stage::PreparingDataset),
    ("reading", Stage::PreparingDataset),
    ("fetching", Stage::LoadingModel),
    ("download", Stage::LoadingModel),
    ("loading", Stage::LoadingModel),
    ("load", Stage::LoadingModel),
    ("shards", Stage::LoadingModel),
    ("safetensors", Stage::LoadingModel),
    ("pytorch_model", Stage::LoadingModel),
    ("upload", Stage::SavingCheckpoint),
    ("exporting", Stage::Exporting),
    ("caption", Stage::Captioning),
    ("sampling", Stage::Sampling),
    ("rendering", Stage::Sampling),
    ("denoising", Stage::Sampling),
];

/// The label without the rank before it.
fn without_rank(label: &str) -> &str {
    label
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .filter(|(inside, _)| inside.to_ascii_lowercase().starts_with("rank"))
        .map_or(label, |(_, rest)| rest.trim_start())
}

/// `3`, `3/10`, `[3/10]`, `[3]` at the start of `text`.
fn numbered(text: &str) -> Option<(f64, Option<f64>)> {
    let text = text.trim_start_matches([' ', ':', '#', '=', '[', '(']);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let n = digits(text);
    let (first, rest) = text.split_at_checked(n).filter(|_| n > 0 && n < 10)?;
    let epoch = first.parse().ok()?;
    let rest = rest.trim_start().strip_prefix('/').or_else(|| rest.trim_start().strip_prefix("of "));
    let all = rest
        .map(str::trim_start)
        .and_then(|rest| rest.split_at_checked(digits(rest)))
        .and_then(|(all, _)| all.parse().ok());
    Some((epoch, all))
}

/// Whether a label names an epoch and no part of one: `Epoch 1/10 [train]` is a part.
pub(super) fn is_of_whole_epoch(label: &str) -> bool {
    let letters: String = without_rank(label).chars().filter(|c| c.is_alphabetic()).collect();
    match letters.to_lowercase().as_str() {
        "epoch" | "ep" | "trainepoch" | "trainingepoch" | "epochof" => true,
        // Ignite's `Train [1/4]`
        "train" | "training" => label.ends_with(']') && label.contains(" ["),
        _ => false,
    }
}

/// Whether a label says no more than that training goes on there.
pub(super) fn is_of_training(label: &str) -> bool {
    let letters: String = without_rank(label).chars().filter(|c| c.is_alphabetic()).collect();
    matches!(letters.to_lowercase().as_str(), "train" | "training" | "fit" | "fitting")
}

/// Whether a label says that steps of training are counted.
pub(super) fn is_of_steps(label: &str) -> bool {
    let lower = label.to_lowercase();
    ["step", "iter", "epoch"].iter().any(|word| lower.contains(word))
}

/// Whether a bar of this label and unit counts other work than training: data, validation, files.
pub fn is_beside_training(label: &str, unit: &str) -> bool {
    matches!(judge(label, unit), Counts::Aside(_))
}

/// Judges a label and a unit.
pub(super) fn judge(label: &str, unit: &str) -> Counts {
    let lower = without_rank(label).to_lowercase();
    let parts: SmallVec<[&str; 8]> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|part| !part.is_empty()).collect();
    let word = |text: &str| parts.iter().any(|part| part.starts_with(text));
    // `loading training data`
    let loads = parts.first().is_some_and(|first| {
        ["load", "read", "prepar", "cach", "tokeni", "download"].iter().any(|verb| first.starts_with(verb))
    });
    let trains = (word("train") || word("fit")) && !loads;
    if let Some((_, stage)) = ASIDE
        .iter()
        .find(|(name, _)| word(name))
        .filter(|_| !trains || lower.contains("dataset") || lower.contains("scanning"))
    {
        return Counts::Aside(*stage);
    }
    let turns = ["fold", "folds", "seed", "seeds", "task", "tasks", "experiments", "repeats"];
    if parts.first().is_some_and(|first| turns.contains(first)) || matches!(unit, "fold" | "seed" | "task") {
        return Counts::Turns;
    }
    if matches!(unit, "B" | "iB" | "examples" | "file" | "files" | "Examples" | " examples") {
        return Counts::Aside(Stage::PreparingDataset);
    }
    if let Some((_, rest)) = lower.split_once("epoch") {
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        if let Some((epoch, all)) = numbered(rest) {
            return Counts::Inside { epoch, all };
        }
        return Counts::Epochs;
    }
    if unit == "epoch" || unit == "epochs" || unit == "ep" {
        return Counts::Epochs;
    }
    // Ignite's `Train [1/4]`
    if let Some((_, rest)) = lower.split_once(" [")
        && let Some((epoch, Some(all))) = numbered(rest)
        && trains
    {
        return Counts::Inside { epoch, all: Some(all) };
    }
    Counts::Main
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_or_a_part_of_one() {
        for label in
            ["Epoch 1/10", "epoch 3", "Epoch [1/4]", "[rank0] Epoch 3:", "Training epoch 2", "Train [1/4]"]
        {
            assert!(is_of_whole_epoch(label), "{label}");
        }
        for label in ["Epoch 1/10 [train]", "Epoch 1 fold 2", "train", ""] {
            assert!(!is_of_whole_epoch(label), "{label}");
        }
    }

    #[test]
    fn labels_of_the_field() {
        let inside = |epoch, all| Counts::Inside { epoch, all };
        for (label, unit, want) in [
            ("Epoch 1/10", "it", inside(1.0, Some(10.0))),
            ("Epoch 1/10 [train]", "it", inside(1.0, Some(10.0))),
            ("[rank0] epoch 3", "it", inside(3.0, None)),
            ("Epoch [1/4]", "", inside(1.0, Some(4.0))),
            ("Train [2/4]", "", inside(2.0, Some(4.0))),
            ("Epochs", "it", Counts::Epochs),
            ("epoch", "it", Counts::Epochs),
            ("", "epoch", Counts::Epochs),
            ("steps", "it", Counts::Main),
            ("", "it", Counts::Main),
            ("train", "it", Counts::Main),
            ("Training", "it", Counts::Main),
            ("Validation DataLoader 0", "it", Counts::Aside(Stage::Validating)),
            ("Sanity Checking", "it", Counts::Aside(Stage::Validating)),
            ("Epoch 1/10 [val]", "it", Counts::Aside(Stage::Validating)),
            ("Tokenizing train dataset", "it", Counts::Aside(Stage::PreparingDataset)),
            ("model.safetensors", "B", Counts::Aside(Stage::LoadingModel)),
            ("Writing model shards", "it", Counts::Aside(Stage::SavingCheckpoint)),
            ("warmup", "it", Counts::Main),
        ] {
            assert_eq!(judge(label, unit), want, "{label}");
        }
    }
}
