//! `ESPnet` 2: `3/20epoch started. …` before an epoch and `3epoch results: [train] loss=0.5, … [valid] loss=0.6, …` behind it
//! (`espnet2/train/trainer.py`, `reporter.py`). The figures of a reporter bear its key before their names.

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::RowKind;
use crate::model::record::Split;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Espnet;

/// Figures that are no measures.
fn is_clock(name: &str) -> bool {
    name.ends_with("time") || name.ends_with("count") || name.starts_with("gpu_")
}

impl Shape for Espnet {
    fn may_want(&self, body: &str) -> bool {
        let ends = body.trim_start_matches(|c: char| c.is_ascii_digit() || c == '/');
        (ends.len() < body.len()
            && (ends.starts_with("epoch started") || ends.starts_with("epoch results: ")))
            || body.starts_with("The training was finished at ")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if let Some(rest) = body.strip_prefix("The training was finished at ") {
            let Some((epochs, _)) = rest.split_once(" epochs") else { return false };
            if number::count(epochs).is_some() {
                out.ending(Ending::Completed);
            }
            return true;
        }
        if let Some((epochs, _)) = body.split_once("epoch started") {
            let Some((epoch, all)) = number::ratio(epochs) else { return false };
            out.framework("espnet");
            out.epoch(
                At { epoch: Some(epoch), epoch_total: Some(all), epoch_base: Some(1), ..At::default() },
                false,
            );
            return true;
        }
        let Some((epoch, results)) = body.split_once("epoch results: ") else { return false };
        let Some(epoch) = number::count(epoch) else { return false };
        out.framework("espnet");
        let at = At { epoch: Some(epoch), epoch_base: Some(1), ..At::default() };
        for part in results.split('[').filter(|part| !part.is_empty()) {
            let Some((key, figures)) = part.split_once("] ") else { continue };
            let split = match key {
                "train" => Split::Train,
                "valid" => Split::Validation,
                _ => continue,
            };
            let values: Pairs<'_> = figures
                .split(", ")
                .filter_map(|pair| pair.split_once('='))
                .filter(|(name, _)| !is_clock(name))
                .filter_map(|(name, text)| {
                    Some(Pair { name, value: number::number(text.trim_end_matches(','))? })
                })
                .collect();
            out.row(at, Some(split), RowKind::EpochEnd, values);
        }
        true
    }
}
