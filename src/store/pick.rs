//! Which of a run's many metrics stand for it in a list: its training loss and its best validation score.
//!
//! Frameworks name the same thing in many ways (`loss`, `train/loss`, `eval_loss`, `val_acc`), so names are taken apart into
//! words. A score is shown only where its better direction is known: the best of something unknown would be a guess.

use std::sync::Arc;

use crate::model::facts::{Facts, Metric};
use crate::model::record::Split;

const VALIDATION: &[&str] = &["val", "valid", "validation", "eval", "evaluation", "dev"];
const TEST: &[&str] = &["test", "testing"];
const TRAIN: &[&str] = &["train", "training", "tr"];
const LOWER: &[&str] = &[
    "loss",
    "error",
    "err",
    "ppl",
    "perplexity",
    "mse",
    "mae",
    "rmse",
    "wer",
    "cer",
    "nll",
    "fid",
    "bpb",
    "bpc",
    "kl",
];
const HIGHER: &[&str] = &[
    "acc",
    "accuracy",
    "f1",
    "auc",
    "auroc",
    "map",
    "map50",
    "map95",
    "bleu",
    "rouge",
    "iou",
    "miou",
    "dice",
    "psnr",
    "ssim",
    "r2",
    "score",
    "reward",
    "precision",
    "recall",
    "top1",
    "top5",
    "acc1",
    "acc5",
    "mrr",
    "ndcg",
];

/// The words of a metric's name, cut at everything that is no letter or digit and where a small letter meets a capital.
pub fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let mut before = ' ';
        let end = rest
            .char_indices()
            .find(|(_, c)| {
                let cut = !c.is_alphanumeric() || (before.is_lowercase() && c.is_uppercase());
                before = *c;
                cut
            })
            .map_or(rest.len(), |(at, _)| at);
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

fn has(name: &str, list: &[&str]) -> bool {
    words(name).any(|word| list.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Which data a metric was measured on, as far as its name tells.
pub fn split_of(name: &str) -> Option<Split> {
    if has(name, VALIDATION) {
        Some(Split::Validation)
    } else if has(name, TEST) {
        Some(Split::Test)
    } else if has(name, TRAIN) {
        Some(Split::Train)
    } else {
        None
    }
}

/// What a metric measures whatever it is measured on: `eval_loss` and `train/loss` are both `loss`.
pub fn family(name: &str) -> String {
    let kept: Vec<String> = words(name)
        .filter(|word| {
            ![VALIDATION, TEST, TRAIN].iter().any(|list| list.iter().any(|w| word.eq_ignore_ascii_case(w)))
        })
        .map(str::to_lowercase)
        .collect();
    if kept.is_empty() { name.to_lowercase() } else { kept.join("_") }
}

/// Whether lower figures are better; `None` when the name does not tell.
pub fn lower_is_better(name: &str) -> Option<bool> {
    if has(name, LOWER) {
        Some(true)
    } else if has(name, HIGHER) {
        Some(false)
    } else {
        None
    }
}

/// How well a name fits the training loss; lower is better.
fn loss_rank(name: &str) -> Option<u8> {
    let is_loss = words(name).any(|word| word.eq_ignore_ascii_case("loss"));
    if !is_loss {
        return None;
    }
    let count = words(name).count();
    match split_of(name) {
        None if count == 1 => Some(0),
        Some(Split::Train) if count == 2 => Some(1),
        Some(Split::Train) => Some(2),
        None => Some(3),
        Some(Split::Validation | Split::Test) => None,
    }
}

/// How well a name fits the validation score; lower is better.
fn score_rank(name: &str) -> Option<u8> {
    let lower = lower_is_better(name)?;
    let loss = has(name, &["loss"]);
    match split_of(name)? {
        Split::Validation if loss && words(name).count() == 2 => Some(0),
        Split::Validation if loss => Some(1),
        Split::Validation if !lower => Some(2),
        Split::Validation => Some(3),
        Split::Test => Some(4),
        Split::Train => None,
    }
}

/// The best validation score.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Its name.
    pub name: Arc<str>,
    /// The best figure.
    pub best: f64,
}

/// What was picked of one run's metrics.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Picks {
    loss: Option<usize>,
    /// The best validation score.
    pub score: Option<Score>,
}

impl Picks {
    /// Picks.
    pub fn of(facts: &Facts) -> Self {
        let loss = facts
            .metrics
            .iter()
            .enumerate()
            .filter_map(|(at, metric)| loss_rank(&metric.name).map(|rank| (rank, at)))
            .min()
            .map(|(_, at)| at);
        Self { loss, score: from_metrics(facts).or_else(|| from_tracker(facts)) }
    }

    /// The training loss, in the facts that these picks were made of.
    pub fn loss_of<'a>(&self, facts: &'a Facts) -> Option<&'a Metric> {
        facts.metrics.get(self.loss?)
    }
}

fn from_metrics(facts: &Facts) -> Option<Score> {
    facts
        .metrics
        .iter()
        .enumerate()
        .filter_map(|(at, metric)| score_rank(&metric.name).map(|rank| (rank, at, metric)))
        .min_by_key(|(rank, at, _)| (*rank, *at))
        .and_then(|(_, _, metric)| {
            let best = if lower_is_better(&metric.name)? { metric.min } else { metric.max };
            Some(Score { name: metric.name.clone(), best: best? })
        })
}

/// A tracker that keeps best scores says itself which they are.
fn from_tracker(facts: &Facts) -> Option<Score> {
    let (name, best) = facts.best_scores.first()?;
    Some(Score { name: name.clone(), best: *best })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::metric;

    fn loss(names: &[&str]) -> Option<String> {
        let facts = Facts { metrics: names.iter().map(|n| metric(n, &[1.0])).collect(), ..Facts::default() };
        Picks::of(&facts).loss_of(&facts).map(|m| m.name.to_string())
    }

    fn score(names: &[(&str, &[f64])]) -> Option<(String, f64)> {
        let facts = Facts { metrics: names.iter().map(|(n, v)| metric(n, v)).collect(), ..Facts::default() };
        Picks::of(&facts).score.map(|s| (s.name.to_string(), s.best))
    }

    #[test]
    fn the_training_loss_by_any_name() {
        assert_eq!(loss(&["lr", "loss"]).as_deref(), Some("loss"));
        assert_eq!(loss(&["eval_loss", "train/loss_step", "train/loss"]).as_deref(), Some("train/loss"));
        assert_eq!(loss(&["lr", "box_loss", "Loss/train"]).as_deref(), Some("Loss/train"));
        assert_eq!(loss(&["trainLoss"]).as_deref(), Some("trainLoss"));
        assert_eq!(loss(&["avg_loss"]).as_deref(), Some("avg_loss"));
        assert_eq!(loss(&["val_loss", "accuracy", "gloss"]), None);
    }

    #[test]
    fn the_best_validation_score_by_its_own_direction() {
        assert_eq!(score(&[("eval_loss", &[3.0, 1.0, 2.0])]), Some(("eval_loss".into(), 1.0)));
        assert_eq!(score(&[("val/acc", &[0.3, 0.9, 0.5])]), Some(("val/acc".into(), 0.9)));
        assert_eq!(score(&[("val_acc", &[0.3]), ("val_loss", &[0.7])]), Some(("val_loss".into(), 0.7)));
        assert_eq!(score(&[("val/blorp", &[0.3])]), None, "nobody knows whether more blorp is better");
        assert_eq!(score(&[("accuracy", &[0.3])]), None, "not measured on validation data");
    }

    #[test]
    fn a_trackers_own_best_score_is_taken_where_no_metric_has_one() {
        let facts = Facts { best_scores: vec![("fid".into(), 12.5)], ..Facts::default() };
        assert_eq!(Picks::of(&facts).score, Some(Score { name: "fid".into(), best: 12.5 }));
    }

    #[test]
    fn names_of_one_family_share_a_chart() {
        assert_eq!(family("eval_loss"), family("train/loss"));
        assert_eq!(family("valAcc"), family("acc"));
        assert_ne!(family("lr"), family("loss"));
        assert_eq!(family("val"), "val");
    }
}
