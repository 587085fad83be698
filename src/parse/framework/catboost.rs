//! `CatBoost`: `60:<tab>test: 0.9024<tab>best: 0.9031 (38)<tab>total: 281ms<tab>remaining: 2.02s`; iterations count from 0 and are
//! printed now and then. After overfitting detection the last one follows from the best one and the wait.

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
pub(super) struct Catboost {
    seen: bool,
    wait: Option<f64>,
    last: f64,
}

impl Shape for Catboost {
    fn may_want(&self, body: &str) -> bool {
        body.contains(":\t")
            || body.starts_with("Stopped by overfitting detector")
            || body.starts_with("bestIteration = ")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if body.starts_with(|c: char| c.is_ascii_digit())
            && let Some((iteration, rest)) = body.split_once(":\t")
            && let Some(iteration) = number::count(iteration)
            && rest.contains("total: ")
        {
            let values = boost::pairs(rest, &["total", "remaining"]);
            if values.is_empty() {
                return false;
            }
            self.seen = true;
            self.last = iteration;
            out.framework("catboost");
            out.row(
                At { step: Some(iteration), step_base: Some(0), ..At::default() },
                None,
                RowKind::Plain,
                values,
            );
            if rest.ends_with("remaining: 0us") {
                out.ending(Ending::Completed);
            }
            return true;
        }
        if !self.seen {
            return false;
        }
        if let Some(rest) = body.strip_prefix("Stopped by overfitting detector") {
            self.wait = rest.trim_start_matches([' ', '(']).split(' ').next().and_then(number::count);
            out.ending(Ending::EarlyStopped);
            return true;
        }
        if let Some(best) = body.strip_prefix("bestIteration = ").and_then(number::count) {
            if let Some(wait) = self.wait.take().filter(|wait| best + wait >= self.last) {
                out.row(
                    At { step: Some(best + wait), step_base: Some(0), ..At::default() },
                    None,
                    RowKind::Plain,
                    Pairs::new(),
                );
            }
            return true;
        }
        false
    }
}
