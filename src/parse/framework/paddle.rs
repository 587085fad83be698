//! Paddle's high-level API: `step 10/20 - loss: 0.68 - acc: 0.57 - 11ms/step`, with evaluation rows of the very same shape
//! behind `Eval begin...`.

use crate::model::record::At;
use crate::model::record::Pair;
use crate::model::record::RowKind;
use crate::model::record::Split;
use crate::model::state::Stage;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Paddle {
    epoch: Option<f64>,
    evaluates: bool,
}

impl Shape for Paddle {
    fn may_want(&self, body: &str) -> bool {
        ["Epoch ", "Eval begin", "Predict begin", "step "].iter().any(|start| body.starts_with(start))
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if let Some((epoch, _)) = body.strip_prefix("Epoch ").and_then(number::ratio) {
            self.epoch = Some(epoch);
            self.evaluates = false;
            return false;
        }
        if body.starts_with("Eval begin") || body.starts_with("Predict begin") {
            self.evaluates = true;
            out.put(&crate::model::record::Record::Stage(Stage::Validating));
            return true;
        }
        let Some(rest) = body.strip_prefix("step ").filter(|rest| rest.contains("/step")) else {
            return false;
        };
        let mut parts = rest.trim().split(" - ");
        let Some((done, all)) = parts.next().and_then(|word| number::ratio(word.trim())) else {
            return false;
        };
        let mut names: Vec<(String, f64)> = Vec::new();
        for part in parts {
            if let Some((name, value)) = part.split_once(": ")
                && let Some(value) = number::figure(value.trim())
            {
                let name = if self.evaluates { format!("eval_{name}") } else { name.to_owned() };
                names.push((name, value.value));
            }
        }
        out.framework("paddle");
        let values = names.iter().map(|(name, value)| Pair { name, value: *value }).collect();
        let at = At { epoch: self.epoch, ..At::default() };
        if self.evaluates {
            let kind = if done >= all { RowKind::EpochEnd } else { RowKind::Plain };
            out.row(at, Some(Split::Validation), kind, values);
        } else {
            out.row(At { batch: Some(done), batch_total: Some(all), ..at }, None, RowKind::Plain, values);
        }
        true
    }
}
