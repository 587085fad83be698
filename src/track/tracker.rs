//! The generic tracker: takes the records of one source and keeps what they amount to.
//!
//! Parsers state what a line says; here it is decided what that means for the run: which bar is the run's own, from where epochs
//! count, whether a step is the run's or the epoch's, whether an ending stands. What nothing settles stays unknown.

mod bar;
mod place;
mod row;
mod turn;

use std::sync::Arc;

use crate::model::facts::Checkpoint;
use crate::model::facts::Facts;
use crate::model::facts::Place;
use crate::model::facts::Sample;
use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Redraw;
use crate::model::record::Sink;
use crate::model::stamp::Stamp;
use crate::model::state::Stage;

use super::bars::Bars;
use super::batches::Batches;
use super::blocks::Blocks;
use super::epochs::Epochs;
use super::metrics::Metrics;
use super::outcome::Outcome;
use super::pace::Pace;
use super::search;
use super::sound;
use super::steps::Steps;
use super::stride::Stride;

use self::bar::Steady;
use self::row::is_loss;

pub(super) use self::turn::Turn;

/// More checkpoints and samples than this are not listed.
const MOST_FILES: usize = 10_000;

/// More warnings than this are not kept.
const MOST_WARNINGS: usize = 32;

/// Keeps what one source has said so far.
#[derive(Debug, Clone)]
pub struct Tracker {
    pub(super) source: Arc<str>,
    arrival: Option<Stamp>,
    /// What needs no deciding: identity, counts of lines, files, search.
    pub(super) facts: Facts,
    pub(super) bars: Bars,
    pub(super) epochs: Epochs,
    pub(super) steps: Steps,
    metrics: Metrics,
    pub(super) outcome: Outcome,
    pub(super) stage: Option<Stage>,
    /// Global steps over time, by the lines' own times or those of their arrival.
    pub(super) pace: Pace,
    /// Epochs over time.
    pub(super) epoch_pace: Pace,
    /// Batch of the epoch, as lines have it.
    pub(super) batch: Option<(f64, f64)>,
    /// Batches of epochs, as lines have them.
    pub(super) batches: Batches,
    /// Shares of epochs, as lines that count samples have them.
    pub(super) parts: Batches,
    /// Epochs of the run, from a line that tells amount of epochs, step and steps in all.
    pub(super) per_run: Option<f64>,
    /// The amount of epochs that the newest line told, until a bar says at which step.
    amount: Option<f64>,
    /// The loop around training.
    pub(super) turn: Option<Turn>,
    /// A line told where training is.
    placed: bool,
    /// Behind the last epoch another part of the work was opened.
    pub(super) opened: bool,
    /// Lines behind the newest error are known to have been written behind it.
    ordered: bool,
    /// The epochs of the run as the last such pair has them.
    guessed: Option<f64>,
    /// Epochs that were announced when all were over.
    told_later: Option<f64>,
    /// Steps in one epoch, as announced.
    pub(super) per_epoch: Option<f64>,
    /// The bar that was the last to be heard of, if each of its redraws says the same of the run.
    steady: Option<Steady>,
    /// The row before: its epoch and the place of its first metric.
    last_row: Option<(f64, usize)>,
    /// The place of a line that said nothing else, and the last line of those below it: their figures were taken there.
    heading: Option<(At, u64)>,
    /// What stands below the headings of epochs.
    blocks: Blocks,
    /// Rows at whole numbers of epochs.
    stride: Stride,
}

impl Tracker {
    /// A tracker for the source at `path` below its run.
    pub fn new(source: Arc<str>) -> Self {
        Self {
            source,
            arrival: None,
            facts: Facts::default(),
            bars: Bars::default(),
            epochs: Epochs::default(),
            steps: Steps::default(),
            metrics: Metrics::default(),
            outcome: Outcome::default(),
            stage: None,
            pace: Pace::default(),
            epoch_pace: Pace::default(),
            batch: None,
            batches: Batches::default(),
            parts: Batches::default(),
            per_run: None,
            amount: None,
            ordered: false,
            placed: false,
            opened: false,
            turn: None,
            guessed: None,
            told_later: None,
            per_epoch: None,
            steady: None,
            last_row: None,
            heading: None,
            blocks: Blocks::default(),
            stride: Stride::default(),
        }
    }

    /// When the bytes that follow were seen to arrive: `Some` for what is appended while we watch, `None` for history.
    /// Rates are measured by it where the lines give no time of their own.
    pub fn set_arrival(&mut self, arrival: Option<Stamp>) {
        self.arrival = arrival;
    }

    /// What the source amounts to so far. Cheap enough for every batch: histories are shared, not copied.
    pub fn facts(&mut self) -> Facts {
        self.tell_bar();
        let mut facts = self.facts.clone();
        // a bar of these frameworks shows more than they log
        let shown = matches!(self.facts.framework, Some("lightning" | "ignite"));
        facts.metrics = self.metrics.all(shown, self.epochs.told());
        self.decide(&mut facts);
        facts
    }

    /// The source's path below its run.
    pub fn source(&self) -> &Arc<str> {
        &self.source
    }

    fn place(&self, origin: &Origin) -> Place {
        Place { source: Arc::clone(&self.source), line: (origin.line > 0).then_some(origin.line) }
    }

    /// Seconds since any fixed moment, for differences.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a few years")]
    fn seconds(&self, origin: &Origin) -> Option<f64> {
        origin.time.or(self.arrival).map(|stamp| stamp.millis() as f64 / 1000.0)
    }

    fn on_total(&mut self, of: Count, value: f64) {
        match of {
            // of what is done with the run once it is over, or of the next one
            Count::Epochs if self.epochs.are_over() => self.told_later = Some(value),
            Count::Epochs => self.epochs.told = Some(value),
            Count::Steps => self.steps.tell(value),
            Count::StepsPerEpoch => self.per_epoch = Some(value),
        }
    }

    fn on_planned(&mut self, of: Count, value: f64) {
        match of {
            Count::Epochs => self.facts.planned.epochs = Some(value),
            Count::Steps => self.facts.planned.steps = Some(value),
            Count::StepsPerEpoch => {}
        }
    }

    fn on_warning(&mut self, what: &str) {
        let list = &mut self.facts.warnings;
        if list.len() < MOST_WARNINGS && list.iter().all(|known| **known != *what) {
            list.push(Arc::from(what));
        }
    }

    fn on_ending(&mut self, how: Ending, origin: &Origin) {
        if how == Ending::Completed && self.turn.is_some_and(Turn::is_closed_alone) {
            return;
        }
        if how == Ending::Completed
            && self.outcome.is_said_of_epochs()
            && self.epochs.all(false).is_some_and(|all| self.epochs.before() + 1.0 < all)
        {
            // of this epoch, as before
            if let Some(epoch) = self.epochs.rows.now() {
                self.epochs.rows.end(epoch);
            }
            return;
        }
        if how == Ending::Completed && self.ordered && self.epochs.are_over() && self.outcome.has_failed() {
            // all was done, and what failed behind it was survived
            self.outcome.begins_anew();
        }
        let place = self.place(origin);
        self.outcome.ending(how, place);
        if how == Ending::EarlyStopped && self.facts.early_stopped_at.is_none() {
            self.facts.early_stopped_at = self.epochs.done().filter(|done| *done > 0.0);
        }
    }

    /// Something is said to be over. It is the run when there was any work, and as much as was planned, or no more is wanted.
    fn on_close(&mut self, early: bool, origin: &Origin) {
        let worked =
            self.epochs.rows.now().is_some() || self.steps.now.is_some() || self.metrics.any(|_| true);
        let epochs = self.epochs.all(false).is_some_and(|all| self.epochs.before() + 1.0 < all);
        let steps = self.steps.all.zip(self.steps.global()).is_some_and(|(all, now)| now < all);
        if worked && (early || !(epochs || steps)) {
            self.outcome.closes(self.place(origin));
        }
    }

    /// Whether lines counted all that there is.
    fn is_over(&self) -> bool {
        self.epochs.are_over() || self.steps.are_over()
    }

    fn on_stage(&mut self, stage: Stage, origin: &Origin) {
        if stage == Stage::Training {
            self.opened |= self.is_over();
            if origin.time.is_some() && self.outcome.is_orderly() {
                // the next session, appended to the log of the one that is over
                self.outcome.begins_anew();
            }
        }
        self.stage = Some(stage);
    }

    fn on_file(&mut self, record: &Record<'_>) {
        match *record {
            Record::Checkpoint { path, step, epoch } => {
                let list = &mut self.facts.checkpoints;
                if list.len() < MOST_FILES && list.last().is_none_or(|last| &*last.path != path) {
                    list.push(Checkpoint { path: Arc::from(path), step, epoch, complete: true });
                }
            }
            Record::Sample { path, step } => {
                let list = &mut self.facts.samples;
                if list.len() < MOST_FILES && list.last().is_none_or(|last| &*last.path != path) {
                    list.push(Sample { path: Arc::from(path), step });
                }
            }
            _ => {}
        }
    }
}

impl Sink for Tracker {
    fn record(&mut self, record: &Record<'_>, origin: &Origin) {
        let corrected;
        let record = if sound::is_sound(record) {
            record
        } else {
            let Some(rest) = sound::corrected(record) else { return };
            corrected = rest;
            &corrected
        };
        self.tell_bar();
        if matches!(record, Record::Bar(_) | Record::Row(_) | Record::Epoch { .. }) {
            self.outcome.goes_on();
        }
        match record {
            Record::Bar(bar) => return self.on_bar(bar),
            Record::Row(row) => self.on_row(row, origin),
            Record::Epoch { at, done } => {
                let trains = !self.epochs.are_over() || !self.metrics.any(is_loss);
                self.at(at, origin, false, trains);
                // of the one at hand, where none is named
                if *done && let Some(epoch) = at.epoch.or(self.epochs.rows.now()) {
                    self.epochs.rows.end(epoch);
                }
            }
            Record::Total { of, value } => self.on_total(*of, *value),
            Record::Opens => self.opened = self.is_over(),
            Record::OpensAgain => {
                self.opened = self.is_over();
                self.outcome.takes_back();
            }
            Record::Turn { done, all } => self.on_turn(*done, *all),
            Record::TurnsEnd => self.on_turns_end(),
            Record::Planned { of, value } => self.on_planned(*of, *value),
            Record::Title(name) => self.facts.title = Some(Arc::from(*name)),
            Record::Warning(what) => self.on_warning(what),
            Record::Stage(stage) => self.on_stage(*stage, origin),
            Record::Error { type_name, message, fatal } => {
                let place = self.place(origin);
                self.outcome.error(type_name, message, *fatal, place);
                // what comes behind may be another try at the same epoch
                self.last_row = None;
            }
            Record::LastWord { type_name, message } => {
                let place = self.place(origin);
                if self.epochs.are_over() {
                    self.outcome.error(type_name, message, false, place);
                } else {
                    self.outcome.last_word(type_name, message, place);
                }
            }
            Record::Unbuffered => {
                self.ordered = self.epochs.rows.now().is_some() || self.steps.now.is_some();
            }
            Record::Retry => self.outcome.retried(self.place(origin).line),
            Record::Ending(how) => self.on_ending(*how, origin),
            Record::Closes { early } => self.on_close(*early, origin),
            Record::Checkpoint { .. } | Record::Sample { .. } => self.on_file(record),
            Record::Search(patch) => search::apply(&mut self.facts, patch),
            Record::Framework(name) => {
                self.facts.framework.get_or_insert(name);
            }
            Record::UserFormat(name) => self.facts.count_user_format(name, 1),
            Record::Identity { job_id, correlation_id } => {
                if let Some(id) = job_id.filter(|_| self.facts.job_id.is_none()) {
                    self.facts.job_id = Some(Arc::from(id));
                }
                if let Some(id) = correlation_id.filter(|_| self.facts.correlation_id.is_none()) {
                    self.facts.correlation_id = Some(Arc::from(id));
                }
            }
        }
        self.timed(origin);
    }

    #[inline]
    fn redraw(&mut self, redraw: &Redraw<'_>, _origin: &Origin) {
        if !self.goes_on(redraw) {
            self.on_redraw(redraw);
        }
    }

    fn line(&mut self, level: Option<Level>, progress: bool, origin: &Origin) {
        self.facts.log_lines.add(level, progress);
        self.timed(origin);
    }
}

impl Tracker {
    /// Keeps the first and the newest moment; times without a zone are none.
    fn timed(&mut self, origin: &Origin) {
        if let Some(time) = origin.time.filter(|time| !time.is_local()) {
            self.facts.started_at = Some(self.facts.started_at.map_or(time, |first| first.min(time)));
            self.facts.updated_at = Some(self.facts.updated_at.map_or(time, |newest| newest.max(time)));
        }
    }
}

#[cfg(test)]
mod tests;
