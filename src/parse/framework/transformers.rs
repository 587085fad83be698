//! Hugging Face Trainer, TRL and what builds on them: dict rows whose epoch is an amount (`1.333`), closing blocks of
//! `name = value`, and a last dict with `train_runtime` that every orderly end prints.

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::dict;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Transformers {
    /// Inside `***** train metrics *****`.
    block: bool,
    /// The newest runtimes of dicts, in seconds: blocks repeat them cut to hundredths.
    runtimes: Vec<(String, f64)>,
}

/// Keys that only the Trainer's own dicts have.
const OWN: [&str; 6] = [
    "grad_norm",
    "learning_rate",
    "eval_runtime",
    "train_runtime",
    "train_samples_per_second",
    "eval_samples_per_second",
];

impl Shape for Transformers {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("***** ") || body.contains('{')
    }

    fn is_busy(&self) -> bool {
        self.block
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if body.starts_with("***** ") {
            self.block = body.ends_with("metrics *****");
            if self.block || body.contains("Running training") {
                out.framework("transformers");
            }
            return self.block;
        }
        if std::mem::take(&mut self.block)
            && line.raw.starts_with("  ")
            && let Some((name, value)) = body.split_once('=')
        {
            self.block = true;
            let name = name.trim();
            // times as `0:00:00.10`
            let value = value.trim();
            let cut = || {
                let seconds = number::clock(value)?;
                // as the Trainer cuts it: `int(seconds % 1 * 100)`
                let same =
                    |exact: f64| (exact * 100.0).floor().to_bits() == (seconds * 100.0).round().to_bits();
                let told = self.runtimes.iter().any(|(known, exact)| known == name && same(*exact));
                (!told).then_some(seconds)
            };
            let value = number::number(value).or_else(cut).filter(|_| name != "epoch");
            if let Some(value) = value {
                out.row(At::default(), None, RowKind::Summary, [Pair { name, value }].into_iter().collect());
            }
            return true;
        }
        if !body.contains('{') || !OWN.iter().any(|key| body.contains(key)) {
            return false;
        }
        let Some(found) = dict::find(body) else { return false };
        if !found.entries.iter().any(|(key, _)| OWN.contains(key)) {
            return false;
        }
        out.framework("transformers");
        let mut at = At::default();
        let mut values = Pairs::new();
        for &(name, value) in &found.entries {
            match name {
                "epoch" => {
                    (at.epoch, at.epoch_base) = (Some(value), Some(0));
                    // an amount, which its state file and its event files list among the figures, too
                    values.push(Pair { name, value });
                }
                "step" | "global_step" => (at.step, at.step_base) = (Some(value), Some(1)),
                _ => values.push(Pair { name, value }),
            }
        }
        for &(name, done, all) in &found.ratios {
            if name == "global_step/max_steps" {
                // ms-swift
                (at.step, at.step_total, at.step_base) = (Some(done), Some(all), Some(1));
            }
        }
        for pair in values.iter().filter(|pair| pair.name.ends_with("_runtime")) {
            self.runtimes.retain(|(known, _)| known != pair.name);
            self.runtimes.push((pair.name.to_owned(), pair.value));
        }
        let has = |key: &str| values.iter().any(|pair| pair.name == key);
        let closing = has("train_runtime") && has("train_samples_per_second") && !has("loss");
        out.row(at, None, if closing { RowKind::Summary } else { RowKind::Plain }, values);
        if closing {
            out.ending(Ending::Completed);
        }
        true
    }
}
