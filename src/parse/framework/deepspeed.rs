//! `DeepSpeed`: `step=10, skipped=0, lr=[9.6e-06], mom=[(0.9, 0.95)]` and `epoch=0/micro_step=20/global_step=10, RunningAvgSamplesPerSec=31.2`
//! (`runtime/engine.py`, `utils/timer.py`), and the headings of `DeepSpeed-Chat`'s epochs.

use crate::model::record::At;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Deepspeed {
    /// The newest step: one that does not climb is no place of the run.
    step: f64,
}

const BEGINS: &str = "Beginning of Epoch ";

/// The number right behind `name` in `text`.
fn behind(text: &str, name: &str) -> Option<f64> {
    let (_, rest) = text.split_once(name)?;
    number::count(rest.split([',', '/', ' ']).next()?)
}

impl Shape for Deepspeed {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("[Rank ")
            || body.starts_with("step=")
            || body.starts_with("epoch=")
            || body.starts_with(BEGINS)
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        if let Some(epochs) = line.body.strip_prefix(BEGINS) {
            let Some((epoch, all)) = epochs.split([',', ' ']).next().and_then(number::ratio) else {
                return false;
            };
            out.epoch(
                At { epoch: Some(epoch), epoch_total: Some(all), epoch_base: Some(1), ..At::default() },
                false,
            );
            return true;
        }
        let body = match line.body.strip_prefix("[Rank ").and_then(|rest| rest.split_once("] ")) {
            Some((_, rest)) => rest,
            None => line.body,
        };
        if body.starts_with("step=") && body.contains(", skipped=") && body.contains(", lr=[") {
            let Some(step) = behind(body, "step=").filter(|step| *step > self.step) else { return true };
            self.step = step;
            let rate = body.split_once(", lr=[").and_then(|(_, rest)| rest.split([',', ']']).next());
            let values: Pairs<'_> = rate
                .and_then(|rate| number::number(rate.trim()))
                .map(|value| Pair { name: "lr", value })
                .into_iter()
                .collect();
            out.framework("deepspeed");
            out.row(
                At { step: Some(step), step_base: Some(1), ..At::default() },
                None,
                RowKind::Plain,
                values,
            );
            return true;
        }
        if body.starts_with("epoch=") && body.contains("/micro_step=") {
            let Some(step) = behind(body, "/global_step=") else { return false };
            out.row(
                At { step: Some(step), step_base: Some(1), ..At::default() },
                None,
                RowKind::Plain,
                Pairs::new(),
            );
            return true;
        }
        false
    }
}
