//! Optuna: `Trial 0 finished with value: 13.39 and parameters: {…}. Best is trial 0 with value: 13.39.`; trials count from 0.

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::SearchPatch;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Optuna {
    /// Whether a trial has ended.
    seen: bool,
}

/// What programs print of a study that is over, as Optuna's own examples do. (A bar says `Best trial: 3. Best value: …` while
/// it runs.)
const SUMMARY: [&str; 6] = [
    "Number of finished trials:",
    "Best trial:",
    "Study statistics:",
    "Best params:",
    "Best parameters:",
    "Best hyperparameters:",
];

impl Shape for Optuna {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("A new study created in ")
            || body.starts_with("Trial ")
            || (self.seen && SUMMARY.iter().any(|start| body.starts_with(start)))
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        if line.body.starts_with("A new study created in ") {
            out.framework("optuna");
            return true;
        }
        if self.seen
            && line.logger.is_empty()
            && line.raw == line.body
            && SUMMARY.iter().any(|start| line.body.starts_with(start))
        {
            out.ending(Ending::Completed);
            return false;
        }
        let Some((trial, rest)) = line.body.strip_prefix("Trial ").and_then(|rest| rest.split_once(' '))
        else {
            return false;
        };
        let Some(trial) = number::count(trial) else { return false };
        let pruned = rest.starts_with("pruned");
        if !(pruned || rest.starts_with("finished with value") || rest.starts_with("failed with")) {
            return false;
        }
        self.seen = true;
        out.framework("optuna");
        let mut values = Pairs::new();
        let first = rest
            .strip_prefix("finished with value: ")
            .and_then(|rest| rest.split(' ').next())
            .and_then(number::number);
        let best = rest
            .rsplit_once("with value: ")
            .filter(|(head, _)| head.contains("Best is trial"))
            .and_then(|(_, value)| number::number(value.trim_end_matches('.')));
        values.extend(first.map(|value| Pair { name: "value", value }));
        values.extend(best.map(|value| Pair { name: "best_value", value }));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of at most 15 digits"
        )]
        let number = trial as u64 + 1;
        out.put(&Record::Search(SearchPatch {
            trial: Some(number),
            score: first,
            is_best: first.is_some() && first == best,
            ..SearchPatch::default()
        }));
        out.row(At { step: Some(trial), step_base: Some(0), ..At::default() }, None, RowKind::Plain, values);
        true
    }
}
