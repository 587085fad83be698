//! Places that are not where training is: of the best epoch, of one to come, of an entry in a list.

use crate::parse::text::fields::Item;
use crate::parse::text::fields::Scan;
use crate::parse::text::words::Counter;

/// Words before a place that make it another than where training is.
const ELSEWHERE: [&str; 16] = [
    "best",
    "top",
    "lowest",
    "highest",
    "minimum",
    "maximum",
    "selected",
    "improvement",
    "plateau",
    "since",
    "expected",
    "target",
    "reference",
    "bad",
    "final",
    "previous",
];

/// Whether a word says that what it belongs to was at another place: a heading, the first word of a name.
pub(crate) fn is_of_elsewhere(word: &str) -> bool {
    ELSEWHERE.iter().any(|other| word.eq_ignore_ascii_case(other))
}

/// Whether the first place of a line is that of something else.
pub(super) fn is_elsewhere(body: &str, scan: &Scan<'_>) -> bool {
    let place = scan.items.iter().find_map(|item| match item {
        Item::At { what: Counter::Epoch | Counter::Step | Counter::GlobalStep, from, .. } => Some(*from),
        _ => None,
    });
    let before = place
        .and_then(|from| from.as_ptr().addr().checked_sub(body.as_ptr().addr()))
        .and_then(|at| body.get(..at));
    // `Best epoch: 3, loss: 0.7`
    let named = scan.items.iter().any(|item| match item {
        Item::Pair { name, .. } => {
            let mut words = name.split([' ', '_']);
            words.next().is_some_and(is_of_elsewhere)
                && words
                    .next_back()
                    .is_some_and(|last| matches!(last, "epoch" | "Epoch" | "step" | "iter" | "iteration"))
        }
        _ => false,
    });
    // `Epoch 3 was the best: loss 0.7`
    let said = scan.loose.iter().any(|word| matches!(*word, "was" | "has"))
        && scan.loose.iter().any(|word| matches!(*word, "best" | "lowest" | "highest"));
    // an entry of a list: `1. epoch 7 loss 0.30`
    let listed = body
        .split_once(['.', ')'])
        .is_some_and(|(number, rest)| rest.starts_with(' ') && number.bytes().all(|b| b.is_ascii_digit()))
        && body.starts_with(|c: char| c.is_ascii_digit());
    if named || said || listed {
        return true;
    }
    before
        .is_some_and(|before| before.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(is_of_elsewhere))
}
