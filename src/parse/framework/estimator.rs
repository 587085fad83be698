//! TensorFlow's Estimator (`basic_session_run_hooks.py`, `estimator.py`): what it saves and evaluates bears the global step, and the line
//! about the final step's loss is the last of training. Its rows of loss and step are read by the generic engine.

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Split;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Estimator;

const SAVES: &str = "Saving checkpoints for ";
const EVALUATED: &str = "Saving dict for global step ";
const FINAL: &str = "Loss for final step: ";

fn at(step: f64) -> At {
    At { step: Some(step), step_base: Some(1), ..At::default() }
}

impl Shape for Estimator {
    fn may_want(&self, body: &str) -> bool {
        [SAVES, EVALUATED, FINAL].iter().any(|start| body.starts_with(start))
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if let Some((step, path)) = body.strip_prefix(SAVES).and_then(|rest| rest.split_once(" into ")) {
            let Some(step) = number::count(step) else { return false };
            out.row(at(step), None, RowKind::Plain, Pairs::new());
            let path = path.trim_end_matches('.');
            out.put(&Record::Checkpoint { path, step: Some(step), epoch: None });
            return true;
        }
        if let Some((step, figures)) = body.strip_prefix(EVALUATED).and_then(|rest| rest.split_once(": ")) {
            let Some(step) = number::count(step) else { return false };
            let values: Pairs<'_> = figures
                .split(", ")
                .filter_map(|pair| pair.split_once(" = "))
                .filter(|(name, _)| *name != "global_step")
                .filter_map(|(name, text)| Some(Pair { name, value: number::number(text)? }))
                .collect();
            out.row(at(step), Some(Split::Validation), RowKind::Plain, values);
            return true;
        }
        let Some(loss) = body.strip_prefix(FINAL).and_then(|rest| number::number(rest.trim_end_matches('.')))
        else {
            return false;
        };
        let values = std::iter::once(Pair { name: "loss", value: loss }).collect();
        out.row(At::default(), None, RowKind::Plain, values);
        out.ending(Ending::Completed);
        true
    }
}
