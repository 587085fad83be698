//! Pylon's rule of early stopping, read off the scores of the finished epochs.
//!
//! The last `patience + 1` epochs are looked at, the first of them as the reference. An epoch is better than the best so far
//! when it is better in one metric and worse in none. Which way is better is known of some metrics by their names; of the rest
//! it must not matter, or the rule says nothing.

use crate::model::facts::Scores;

/// The rule as configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stopping {
    /// Epochs without improvement that end the run.
    pub(super) patience: u64,
}

impl Stopping {
    /// The rule of a configuration; `None` when there is none, or it is switched off.
    pub(super) fn of<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let first = |names: [&str; 2]| names.iter().find_map(|name| get(name));
        let enabled = first(["early_stopping.args.enabled", "early_stopping.enabled"]);
        if enabled.is_some_and(|word| !word.eq_ignore_ascii_case("true")) {
            return None;
        }
        let patience = first(["early_stopping.args.epochs", "early_stopping.epochs"])
            .or_else(|| first(["early_stopping.args.patience", "early_stopping.patience"]))?;
        patience.parse().ok().filter(|patience| *patience > 0).map(|patience| Self { patience })
    }
}

/// What the rule makes of the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Training goes on.
    GoesOn,
    /// It has stopped.
    Stopped,
    /// The scores do not tell.
    Unknown,
}

/// Whether the configured metric wraps one of torch's losses, so that lower is better whatever its scores are called.
pub(super) fn wrapped_loss(class: Option<&str>) -> bool {
    class.is_some_and(|class| class.contains("PyTorchMetricWrapper") || class.contains("Loss"))
}

/// Which way is better: `Some(true)` when lower is.
pub(super) fn lower_is_better(name: &str) -> Option<bool> {
    let name = name.to_ascii_lowercase();
    let word =
        |any: &[&str]| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| any.contains(&part));
    if word(&[
        "loss",
        "error",
        "err",
        "mse",
        "mae",
        "rmse",
        "ppl",
        "perplexity",
        "wer",
        "cer",
        "nll",
        "fid",
        "epe",
        "logloss",
    ]) || name.ends_with("loss")
    {
        Some(true)
    } else if word(&[
        "acc",
        "accuracy",
        "iou",
        "miou",
        "dice",
        "f1",
        "auc",
        "auroc",
        "map",
        "ap",
        "precision",
        "recall",
        "psnr",
        "ssim",
        "bleu",
        "reward",
        "r2",
        "top1",
        "top5",
    ]) {
        Some(false)
    } else {
        None
    }
}

/// Applies the rule to the scores of epochs `0..done`; an epoch whose scores cannot be read is `None`.
pub(super) fn verdict(rule: Stopping, epochs: &[Option<Scores>], done: u64, lower: bool) -> Verdict {
    if done <= rule.patience {
        return Verdict::GoesOn;
    }
    let first = usize::try_from(done - rule.patience - 1).unwrap_or(usize::MAX);
    let Some(last) = epochs.get(first..).filter(|last| last.len() as u64 == rule.patience + 1) else {
        return Verdict::Unknown;
    };
    let last: Option<Vec<&Scores>> =
        last.iter().map(|scores| scores.as_ref().filter(|scores| !scores.is_empty())).collect();
    let Some(last) = last else { return Verdict::Unknown };
    let with =
        |unknown_is_lower: bool| stops(rule, &last, |name| lower_is_better(name).unwrap_or(unknown_is_lower));
    match (with(true), with(false)) {
        (stopped, _) if lower => {
            if stopped {
                Verdict::Stopped
            } else {
                Verdict::GoesOn
            }
        }
        (true, true) => Verdict::Stopped,
        (false, false) => Verdict::GoesOn,
        _ => Verdict::Unknown,
    }
}

fn stops(rule: Stopping, epochs: &[&Scores], lower: impl Fn(&str) -> bool) -> bool {
    let mut epochs = epochs.iter();
    let Some(mut best) = epochs.next() else { return false };
    let mut without = 0;
    for scores in epochs {
        if better(scores, best, &lower) {
            best = scores;
            without = 0;
        } else {
            without += 1;
        }
    }
    without >= rule.patience
}

fn better(scores: &Scores, best: &Scores, lower: &impl Fn(&str) -> bool) -> bool {
    let mut somewhere = false;
    for (name, value) in scores {
        let Some((_, old)) = best.iter().find(|(other, _)| other == name) else { continue };
        let (value, old) = if lower(name) { (-value, -old) } else { (*value, *old) };
        if value < old {
            return false;
        }
        somewhere |= value > old;
    }
    somewhere
}
