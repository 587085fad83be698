//! What a row of figures says of the run: which of them are training's, at which place they stand, whether an epoch is over.

use crate::model::facts::Axis;
use crate::model::record::At;
use crate::model::record::Origin;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Split;
use crate::model::state::Stage;
use crate::track::metrics::Spot;
use crate::track::steps::Scope;

use super::Tracker;

/// Whether a figure is one that only training has.
pub(super) fn is_loss(name: &str) -> bool {
    name.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"loss"))
}

impl Tracker {
    pub(super) fn on_row(&mut self, row: &Row<'_>, origin: &Origin) {
        // figures of a test stand behind the last step of training
        let tested = !row.values.is_empty() && row.values.iter().all(|pair| pair.name.starts_with("test"));
        let aside = tested || matches!(row.split, Some(Split::Validation | Split::Test));
        let trains = !self.epochs.are_over()
            || row.values.iter().any(|pair| is_loss(pair.name))
            || !self.metrics.any(is_loss);
        if row.kind == RowKind::Summary {
            for pair in &row.values {
                if let Some(at) = self.metrics.slot(pair.name, row.split, &self.source) {
                    self.metrics.summed(at, pair.value);
                }
            }
            if row.at.epoch.is_some() {
                self.at(&row.at, origin, aside, trains);
            }
            return;
        }
        if row.kind == RowKind::Told {
            let epoch = row.at.epoch.or(self.epochs.rows.now()).or(self.epochs.bars.now());
            let spot = self.spot(&At { epoch, ..row.at }, epoch);
            for pair in &row.values {
                if let Some(at) = self.metrics.slot(pair.name, row.split, &self.source) {
                    self.metrics.improved(at, pair.value, &spot);
                }
            }
            return;
        }
        let epoch = self.at(&row.at, origin, aside, trains);
        let placed = row.at != At::default();
        let above = self.heading.filter(|(_, line)| !placed && origin.line == line + 1).map(|(at, _)| at);
        let at = above.unwrap_or(row.at);
        self.heading = (row.values.is_empty() || above.is_some()).then_some((at, origin.line));
        let spot = self.spot(&at, epoch);
        let inside = at.step.is_some() || at.batch.is_some() || at.part.is_some() || at.index.is_some();
        let exact = inside || row.kind == RowKind::EpochEnd;
        let mut first = None;
        let mut again = false;
        for pair in &row.values {
            if self.metrics.sums_up(pair.name, pair.value) {
                continue;
            }
            let Some(at) = self.metrics.slot(pair.name, row.split, &self.source) else { continue };
            if first.is_none() {
                first = Some(at);
                again = self
                    .last_row
                    .is_some_and(|(before, metric)| Some(before) == row.at.epoch && metric == at);
            }
            if exact {
                self.metrics.logged(at, pair.value, &spot);
            } else {
                self.metrics.logged_within(at, pair.value, &spot);
            }
        }
        if let (Some(first), Some(epoch), false) = (first, self.epochs.rows.now(), placed)
            && self.blocks.row(epoch, first)
        {
            self.epochs.rows.end(epoch);
        }
        if let Some(label) = row.at.epoch.filter(|label| epoch == Some(*label)) {
            if !aside && !row.values.is_empty() && self.stride.see(&row.at) {
                self.epochs.rows.end(label);
            }
            if row.kind == RowKind::EpochEnd {
                self.epochs.rows.end(label);
            } else if row.at.step.is_none()
                && row.at.batch.is_none()
                && row.at.part.is_none()
                && row.kind != RowKind::Heading
                && !row.values.is_empty()
                && row.at.epoch_base.is_none()
            {
                self.epochs.rows.row(label, again);
            }
            if let Some(first) = first.filter(|_| !aside && row.at.step.is_none() && row.at.batch.is_none()) {
                self.last_row = Some((label, first));
            }
        }
        if !aside && !row.values.is_empty() {
            self.stage = Some(Stage::Training);
        }
        if aside || (!placed && !row.values.is_empty()) {
            self.batches.leave();
            self.parts.leave();
            self.steps.leave();
        }
    }

    /// Where a row's figures stand.
    fn spot(&self, at: &At, epoch: Option<f64>) -> Spot {
        let (axis, x, step, guessed) = self.stand(at, epoch);
        // amounts of epochs are places of their own, and what is behind a step that was told only roughly is nowhere
        let whole = !self.epochs.rows.has_parts() && at.step.is_none();
        let now = self.steps.global().filter(|_| whole || step.is_some());
        Spot { axis, x, step, now, epoch, guessed }
    }

    /// Axis and x, the global step, and whether x is a step of which it is not settled whether it counts through the run.
    fn stand(&self, at: &At, epoch: Option<f64>) -> (Axis, Option<f64>, Option<f64>, bool) {
        let step = at.step.and_then(|_| self.steps.global());
        if step.is_some() {
            return (Axis::Step, step, step, false);
        }
        if at.index.is_some() {
            return (Axis::Index, at.index, None, false);
        }
        let inner = match (at.batch.zip(at.batch_total), at.step.zip(at.step_total)) {
            // of nothing there are no parts
            (Some((batch, all)), _) | (None, Some((batch, all))) => {
                Some(batch / all).filter(|part| part.is_finite())
            }
            _ => at.part,
        };
        match (epoch, inner) {
            (Some(epoch), Some(part)) => (Axis::Epoch, Some(epoch + part), None, false),
            (Some(epoch), None) if at.step.is_none() && at.batch.is_none() => {
                (Axis::Epoch, Some(epoch), None, false)
            }
            _ => {
                // while nothing says otherwise, a step is one of the run; an evaluation stands where training does
                let guess = at.step.map(|step| self.steps.now.unwrap_or(step));
                match guess.filter(|step| {
                    step.is_finite() && self.steps.scope == Scope::Unknown && !self.steps.doubted
                }) {
                    Some(step) if at.batch.is_none() => {
                        (Axis::Step, Some(step), Some(step).filter(|_| self.epochs.is_first()), true)
                    }
                    _ => (Axis::Index, None, None, false),
                }
            }
        }
    }
}
