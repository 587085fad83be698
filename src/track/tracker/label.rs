//! What a progress bar is for, as far as its label tells.

/// The part that a bar plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing tells.
    Open,
    /// The label says that it counts training steps (`steps`, `Training`).
    Steps,
    /// It counts epochs (`epochs`, unit `epoch`).
    Epochs,
    /// It counts the batches of the epoch in its label.
    Batches,
    /// Validation, evaluation, prediction.
    Validation,
    /// Data, downloads, checkpoints: not training.
    Chore,
}

const CHORES: [&str; 33] = [
    "map",
    "tokeniz",
    "tokenis",
    "download",
    "loading",
    "load",
    "generating",
    "caching",
    "cache",
    "shard",
    "filter",
    "resolv",
    "fetch",
    "extract",
    "reading",
    "writing",
    "saving",
    "preprocess",
    "preparing",
    "collat",
    "casting",
    "packing",
    "truncat",
    "safetensors",
    "upload",
    "comput",
    "indexing",
    "scanning",
    "converting",
    "adding eos",
    "applying",
    "creating",
    "sampl",
];
const VALIDATIONS: [&str; 9] = ["val", "eval", "sanity", "test", "predict", "infer", "dev", "metric", "scor"];

/// The role by label and unit.
pub(super) fn role(label: &str, unit: &str) -> Role {
    let lower = label.to_lowercase();
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if words().any(|word| VALIDATIONS.iter().any(|start| word.starts_with(start))) {
        return Role::Validation;
    }
    if CHORES.iter().any(|chore| lower.contains(chore)) && !lower.contains("train") {
        return Role::Chore;
    }
    if matches!(unit, "B" | "iB" | "file" | "files" | "examples" | " examples" | "example") {
        return Role::Chore;
    }
    if number_after_epoch(label).is_some() {
        return Role::Batches;
    }
    if unit.starts_with("epoch") || unit == "ep" || lower.contains("epoch") {
        return Role::Epochs;
    }
    if words().any(|word| matches!(word, "steps" | "step" | "iterations" | "iters" | "iteration")) {
        return Role::Steps;
    }
    Role::Open
}

/// The epoch in a label, and the epochs in all when it says so: `Epoch 3/10`, `epoch 3`, `Epoch: [3/10]`, `[rank1] epoch 0`.
pub(super) fn number_after_epoch(label: &str) -> Option<(f64, Option<f64>)> {
    let lower = label.to_lowercase();
    for (at, word) in lower.match_indices("ep") {
        let rest = lower.get(at + word.len()..)?;
        let rest = rest.strip_prefix("och").unwrap_or(rest);
        let rest = rest.trim_start_matches(|c: char| matches!(c, ' ' | ':' | '[' | '#' | '=' | '(' | '_'));
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let Ok(number) = rest.get(..digits).unwrap_or_default().parse::<f64>() else { continue };
        let after = rest.get(digits..).unwrap_or_default().trim_start();
        let all = after.strip_prefix('/').or_else(|| after.strip_prefix("of ")).map(str::trim_start);
        let all = all.and_then(|all| {
            let digits = all.find(|c: char| !c.is_ascii_digit()).unwrap_or(all.len());
            all.get(..digits)?.parse::<f64>().ok()
        });
        return Some((number, all));
    }
    None
}

/// A label with its numbers taken out: bars that differ in nothing else are one bar, drawn again and again.
pub(super) fn key(label: &str) -> String {
    let mut key = String::with_capacity(label.len());
    let mut number = false;
    for c in label.chars() {
        if c.is_ascii_digit() || (number && c == '.') {
            if !number {
                key.push('#');
            }
            number = true;
        } else {
            number = false;
            key.push(c);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_what_a_bar_is_for() {
        for (label, unit, want) in [
            ("Epoch 1/5", "batch", Role::Batches),
            ("Epoch 0", "it", Role::Batches),
            ("[rank1] epoch 0", "it", Role::Batches),
            ("epochs", "it", Role::Epochs),
            ("Epochs", "epoch", Role::Epochs),
            ("", "epoch", Role::Epochs),
            ("steps", "it", Role::Steps),
            ("Validation DataLoader 0", "it", Role::Validation),
            ("Sanity Checking DataLoader 0", "it", Role::Validation),
            ("Tokenizing train dataset", " examples", Role::Chore),
            ("Writing model shards", "it", Role::Chore),
            ("model.safetensors", "B", Role::Chore),
            ("train", "it", Role::Open),
            ("", "it", Role::Open),
        ] {
            assert_eq!(role(label, unit), want, "{label:?} {unit:?}");
        }
    }

    #[test]
    fn numbers_of_epochs() {
        assert_eq!(number_after_epoch("Epoch 3/10"), Some((3.0, Some(10.0))));
        assert_eq!(number_after_epoch("Epoch [1/4]"), Some((1.0, Some(4.0))));
        assert_eq!(number_after_epoch("train epoch: 7"), Some((7.0, None)));
        assert_eq!(number_after_epoch("ep 2 of 9"), Some((2.0, Some(9.0))));
        assert_eq!(number_after_epoch("epochs"), None);
        assert_eq!(number_after_epoch("steps"), None);
        assert_eq!(key("Epoch 12/30: fold 3.5"), "Epoch #/#: fold #");
    }
}
