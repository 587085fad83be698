//! Headings that open another part of the work: the next fold, another model, fine-tuning behind pretraining.

/// Words that open another part of the work at the beginning of a line, and those behind them that do not.
const OPENS: [&str; 17] = [
    "fold",
    "task",
    "seed",
    "round",
    "cycle",
    "stage",
    "phase",
    "starting",
    "fitting",
    "learning task",
    "pruning",
    "finetuning",
    "fine-tuning",
    "pretraining",
    "training",
    "active learning",
    "dataset",
];

/// Parts of words in headings of what follows training, or of its own parts.
const OTHER: [&str; 38] = [
    "trace",
    "complete",
    "finish",
    "done",
    "took",
    "time",
    "loss",
    "acc",
    "score",
    "result",
    "sav",
    "export",
    "eval",
    "test",
    "summar",
    "best",
    "final",
    "report",
    "writ",
    "upload",
    "clean",
    "push",
    "metric",
    "step",
    "epoch",
    "config",
    "setting",
    "arg",
    "infer",
    "predict",
    "valid",
    "load",
    "checkpoint",
    "matrix",
    "importan",
    "performance",
    "statistic",
    "plot",
];

/// `===== FOLD 1 =====`, `Starting fold 1...`, `Pruning to 40% sparsity`: what is over may have been a part.
pub(super) fn opens(lower: &str) -> bool {
    let bare = lower.trim_start_matches(['=', '#', '-', '*', '[', '(', '>', ' ']);
    let ruled = lower.len() - bare.len() > 2 && bare.starts_with(|c: char| c.is_alphabetic());
    let leads = (lower.ends_with("...") || lower.ends_with(':')) && bare.split(' ').count() < 5;
    let word = OPENS.iter().find(|word| bare.starts_with(**word));
    let tail =
        word.and_then(|word| bare.get(word.len()..)).unwrap_or(if ruled || leads { bare } else { "+" });
    let ends =
        ruled || leads || tail.is_empty() || tail.starts_with(|c: char| !c.is_alphanumeric() && c != '+');
    let done = OTHER.iter().any(|word| tail.contains(word));
    // `Training` alone stands above every epoch of some
    let bare = word == Some(&"training") && tail.trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
    ends && !done && !bare && lower.len() < 80 && !lower.contains(['|', '█'])
}

/// Words before what is numbered.
const BEFORE: [&str; 7] = ["training", "starting", "running", "processing", "fitting", "on", "cv"];

/// The number in `===== FOLD 1 =====`, `Starting fold 1...`, `Fold 2`. A seed or a run is one of several only under a rule: `seed 42`
/// alone is a setting.
pub(super) fn turn(lower: &str) -> Option<f64> {
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let ruled = lower.len() > bare.len() + 5 && lower.starts_with(['=', '#', '-', '*']);
    let mut words = bare.split(' ').skip_while(|word| BEFORE.contains(word));
    let name = words.next()?;
    let always = ["fold", "subject"].contains(&name);
    let named = always || (ruled && ["seed", "run", "task", "trial", "split", "repeat"].contains(&name));
    let number = words.next()?.trim_start_matches('#');
    let whole = !number.is_empty() && number.len() < 7 && number.bytes().all(|b| b.is_ascii_digit());
    (named && whole && words.next().is_none()).then(|| number.parse().ok()).flatten()
}

/// Whether a line tells a figure of all turns.
pub(super) fn sums_up(lower: &str) -> bool {
    let word =
        |words: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|found| words.contains(&found));
    let bare = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let validated = bare.starts_with("cv ") || bare.starts_with("cross-validation ");
    let measured = word(&["score", "mean", "average", "avg", "overall", "result", "results"]);
    let turns = word(&["folds", "seeds", "runs", "trials", "splits", "repeats"]);
    let behind = word(&["over", "across", "of", "all"]);
    measured && (validated || (turns && behind)) && !word(&["far", "running", "current", "will"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_all_turns() {
        for text in
            ["cv score: 0.95", "mean accuracy over 5 folds: 0.93", "=== average of all 3 runs: 0.9 ==="]
        {
            assert!(sums_up(text), "{text}");
        }
        for text in
            ["fold 2 score: 0.9", "running mean over folds: 0.9", "training 5 folds", "average loss 0.3"]
        {
            assert!(!sums_up(text), "{text}");
        }
    }

    #[test]
    fn which_turn_a_heading_opens() {
        for (text, number) in [
            ("fold 1", Some(1.0)),
            ("===== fold 12 =====", Some(12.0)),
            ("starting fold 1...", Some(1.0)),
            ("--- seed 3 ---", Some(3.0)),
            ("seed 42", None),
            ("seed: 42", None),
            ("fold 1/5", None),
            ("fold 1 accuracy", None),
        ] {
            assert_eq!(turn(text), number, "{text}");
        }
    }
}
