//! `LeRobot`: `step:1K smpl:32K ep:101 epch:2.53 loss:1.226 grdn:34.825 lr:1.0e-05 updt_s:0.504 data_s:0.083`.
//!
//! Counts above 999 are rounded there, so that no step can be taken from them; the lines of checkpoints and the configuration
//! tell them in full. `smpl` counts frames, `ep` episodes, and `epch` is an amount of epochs.

use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Lerobot;

const STEP: &str = "Checkpoint policy after step ";
const TOTAL: &str = "cfg.steps=";

impl Shape for Lerobot {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with(STEP) || body.starts_with(TOTAL) || body.starts_with("step:")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if let Some(step) = body.strip_prefix(STEP).and_then(|rest| number::count(rest.trim())) {
            let at = At { step: Some(step), step_base: Some(1), ..At::default() };
            out.framework("lerobot");
            out.row(at, None, RowKind::Plain, Pairs::new());
            return true;
        }
        if let Some(all) = body.strip_prefix(TOTAL).and_then(|rest| rest.split(' ').next()) {
            if let Some(all) = number::count(all) {
                out.framework("lerobot");
                out.total(Count::Steps, all);
            }
            return true;
        }
        if !(body.starts_with("step:") && body.contains(" smpl:") && body.contains(" epch:")) {
            return false;
        }
        out.framework("lerobot");
        let mut at = At::default();
        let mut values = Pairs::new();
        for (name, text) in body.split_whitespace().filter_map(|word| word.split_once(':')) {
            match name {
                "step" => (at.step, at.step_base) = (number::count(text), Some(1)),
                "epch" => (at.epoch, at.epoch_base) = (number::number(text), Some(0)),
                "smpl" | "ep" => {}
                _ => values.extend(number::number(text).map(|value| Pair { name, value })),
            }
        }
        out.row(at, None, RowKind::Plain, values);
        true
    }
}
