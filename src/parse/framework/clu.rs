//! `CLU`, the writer of Flax's examples and of `T5X` (`clu/metric_writers/logging_writer.py`): `[500] steps_per_second=12.1, train_loss=0.5`.
//! The number in brackets is the step.

use crate::model::record::At;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Clu;

impl Shape for Clu {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with('[')
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        if !line.raw.contains("logging_writer.py:") {
            return false;
        }
        let Some((step, rest)) = line.body.strip_prefix('[').and_then(|rest| rest.split_once("] ")) else {
            return false;
        };
        let Some(step) = number::count(step) else { return false };
        let values: Pairs<'_> = rest
            .split(", ")
            .filter_map(|pair| pair.split_once('='))
            .filter_map(|(name, text)| Some(Pair { name: name.trim(), value: number::number(text.trim())? }))
            .collect();
        if values.is_empty() {
            return false;
        }
        out.row(At { step: Some(step), step_base: Some(1), ..At::default() }, None, RowKind::Plain, values);
        true
    }
}
