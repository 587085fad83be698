//! Where a line stands in training: what it says of epochs, steps and batches, and whether the run goes on by that.

use crate::model::record::At;
use crate::model::record::Origin;
use crate::track::steps::Scope;

use super::Tracker;

/// Epochs of a run of `all` steps, when `epoch` of them are over after `step`.
pub(super) fn epochs_in(epoch: f64, step: f64, all: f64) -> Option<f64> {
    let epochs = all * epoch / step;
    ((epochs - epochs.round()).abs() < 0.05 && epochs >= 0.95).then_some(epochs.round())
}

impl Tracker {
    /// What a line's place says of epochs and steps. `trains`: as far as its figures tell, a model is trained there. Returns the epoch
    /// it stands in.
    pub(super) fn at(&mut self, at: &At, origin: &Origin, aside: bool, trains: bool) -> Option<f64> {
        let before = self.epochs.before();
        let was = self.steps.global();
        if !self.placed && (at.epoch.is_some() || at.step.is_some() || at.batch.is_some()) {
            self.placed = true;
            self.bars.lines_begin();
        }
        if let Some(epoch) = at.epoch {
            if !trains && self.epochs.are_over() && self.epochs.rows.now().is_some_and(|now| epoch <= now) {
                // the checkpoints of a run that is over are gone through once more: to be tested, say
                return at.epoch;
            }
            if self.epochs.rows.now().is_some_and(|now| epoch < now)
                && let Some(told) = self.told_later.take()
            {
                self.epochs.told = Some(told);
            }
            if aside && at.batch.is_none() && self.is_behind_its_epoch(epoch) {
                return self.epochs.rows.now();
            }
            let failed = self.outcome.has_failed();
            let late = origin.time.is_some() && self.epochs.rows.now().is_none_or(|now| epoch >= now);
            if !late && self.epochs.rows.begins_anew(epoch, failed) && self.outcome.ended.is_some() {
                // another session, written behind the one that ended; a row with a time may be a late one of that
                self.outcome.begins_anew();
            }
            self.epochs.rows.see(epoch, at.epoch_total, at.epoch_base);
            self.begin_epoch(before);
            self.opened &= self.epochs.are_over();
        }
        if let (Some(epoch), Some(epochs), Some(step), Some(all)) =
            (at.epoch, at.epoch_total, at.step, at.step_total)
        {
            self.epochs.rows.share(epoch / epochs, step / all);
        }
        if let Some(epoch) = at.epoch.filter(|_| self.epochs.rows.has_parts()) {
            match (at.step, at.step_total) {
                (Some(step), Some(all)) if step > 0.0 => self.per_run = epochs_in(epoch, step, all),
                (None, _) => self.amount = Some(epoch),
                _ => {}
            }
        }
        let epoch = at.epoch.or(self.epochs.rows.now()).or(self.epochs.bars.now());
        if let Some(step) = at.step
            && !aside
        {
            let known = self.epochs.all(false);
            if self.steps.scope == Scope::Global && self.steps.now.is_some_and(|now| step < now * 0.9) {
                // what counts anew is another session
                self.outcome.takes_back();
            }
            self.see_step(step, at, epoch, known);
            self.opened &= self.steps.are_over() || self.epochs.are_over();
            if self.steps.scope == Scope::Epoch {
                self.batch = at.step_total.map(|all| (step, all));
                if let Some(all) = at.step_total {
                    self.batches.see(step, all);
                }
                // its number may stand in a heading
                if at.step_total.is_some_and(|all| step >= all)
                    && let Some(epoch) = at.epoch.or(self.epochs.rows.now())
                {
                    self.epochs.rows.end(epoch);
                }
            }
        }
        if let (Some(batch), Some(all)) = (at.batch, at.batch_total) {
            self.batch = Some((batch, all));
            // of an evaluation behind the last epoch
            if !aside && (at.epoch.is_some() || !self.epochs.are_over()) {
                self.batches.see(batch, all);
            }
            if (batch >= all || (!aside && self.batches.is_last(batch, all)))
                && let Some(epoch) = at.epoch.or(self.epochs.rows.now().filter(|_| !aside))
            {
                self.epochs.rows.end(epoch);
            }
        }
        if let Some(part) = at.part {
            self.batch = Some((part, 1.0));
            if !aside {
                self.parts.see(part, 1.0);
                at.epoch.filter(|_| part >= 1.0).into_iter().for_each(|epoch| self.epochs.rows.end(epoch));
            }
        }
        self.lives(before, was, origin);
        if let Some(seconds) = self.seconds(origin) {
            if let Some(step) = self.steps.global() {
                self.pace.at(step, seconds, None);
            }
            if let Some(epoch) = at.epoch {
                let part = self.batch.map_or(0.0, |(batch, all)| batch / all);
                self.epoch_pace.at(epoch + part, seconds, None);
            }
        }
        epoch
    }

    /// Where another epoch than that behind `before` others is under way, nothing is done of it yet.
    fn begin_epoch(&mut self, before: f64) {
        if self.epochs.before().to_bits() != before.to_bits() {
            self.batch = None;
            self.batches.begin();
            self.parts.begin();
        }
    }

    /// Takes a step in. Once it is settled that steps count through the run, what was logged before stands at them.
    fn see_step(&mut self, step: f64, at: &At, epoch: Option<f64>, epochs: Option<f64>) {
        let unsettled = self.steps.within_epoch();
        let open = self.steps.scope == Scope::Unknown;
        self.steps.see(step, at.step_total, at.step_base, epoch, epochs);
        if open && (self.steps.scope != Scope::Unknown || self.steps.doubted) {
            self.metrics.settle_steps(self.steps.scope == Scope::Global);
        }
        if let Some((first, all)) = unsettled.filter(|_| self.steps.scope == Scope::Global) {
            self.metrics.count_in_steps(first, all);
        }
    }

    /// Whether an evaluation of what was trained in the epoch at hand is numbered by the epochs that are over: that one is, and none
    /// begins by it.
    fn is_behind_its_epoch(&mut self, label: f64) -> bool {
        let Some(now) = self.epochs.rows.now().filter(|now| label.to_bits() == (now + 1.0).to_bits()) else {
            return false;
        };
        if self.batch.is_some() {
            self.epochs.rows.end(now);
        }
        self.batch.is_some()
    }

    /// Whether what a line says of its place tells that the run goes on: epochs were `before`, the step `was` that.
    fn lives(&mut self, before: f64, was: Option<f64>, origin: &Origin) {
        // what Python had buffered is printed after a crash, without a time
        let ordered = self.ordered || origin.time.is_some() || self.outcome.is_orderly();
        let further = self.epochs.before() > before;
        if further && origin.time.is_none() && self.epochs.all(false).is_some_and(|all| before < all) {
            self.outcome.was_of_an_epoch();
        }
        let grown = self.steps.global() > was;
        let short = self.steps.global().zip(self.steps.all).is_some_and(|(now, all)| now < all);
        if grown && was.is_some() && short && origin.time.is_none() {
            // of a part of the work, or a sentence that a model wrote: its own steps go on, and are not all done
            self.outcome.is_not_completed();
        }
        if ordered && (further || grown) {
            self.outcome.sign();
        }
        if self.ordered
            && further
            && self.epochs.before() + 1.0 >= self.epochs.all(false).unwrap_or(f64::INFINITY)
        {
            // it came to its last epoch behind what had looked like its end
            self.outcome.begins_anew();
        }
    }
}
