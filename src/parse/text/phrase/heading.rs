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
