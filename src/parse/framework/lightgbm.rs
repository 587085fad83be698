//! `LightGBM`: `[10]<tab>training's auc: 0.92<tab>valid_1's auc: 0.88`; rounds count from 1. After early stopping an older round
//! is printed once more; how far training went then follows from the best round and the patience.

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use super::boost;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Lightgbm {
    patience: Option<f64>,
    /// The next round is the best one, repeated.
    repeats: bool,
    /// How it ended without reaching the patience's end.
    met: bool,
}

impl Shape for Lightgbm {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with('[')
            || ["Training until ", "Early stopping, ", "Did not meet "]
                .iter()
                .any(|start| body.starts_with(start))
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if let Some(rest) = body.strip_prefix("Training until validation scores don't improve for ") {
            self.patience = rest.split(' ').next().and_then(number::count);
            out.framework("lightgbm");
            return true;
        }
        if body.starts_with("Early stopping, best iteration is:")
            || body.starts_with("Did not meet early stopping. Best iteration is:")
        {
            self.met = body.starts_with("Early");
            self.repeats = true;
            if self.met {
                out.ending(Ending::EarlyStopped);
            } else {
                out.ending(Ending::Completed);
            }
            return true;
        }
        if body.starts_with("[LightGBM] ") {
            out.framework("lightgbm");
            return true;
        }
        let Some((round, rest)) = body.strip_prefix('[').and_then(|rest| rest.split_once("]\t")) else {
            return false;
        };
        let Some(round) = number::count(round).filter(|_| rest.contains("'s ") && rest.contains(": ")) else {
            return false;
        };
        let values = boost::pairs(rest, &[]);
        if values.is_empty() {
            return false;
        }
        if std::mem::take(&mut self.repeats) {
            if self.met
                && let Some(patience) = self.patience
            {
                out.row(
                    At { step: Some(round + patience), step_base: Some(1), ..At::default() },
                    None,
                    RowKind::Plain,
                    Pairs::new(),
                );
            }
            return true;
        }
        out.row(At { step: Some(round), step_base: Some(1), ..At::default() }, None, RowKind::Plain, values);
        true
    }
}
