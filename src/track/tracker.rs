//! The generic tracker: takes the records of one source and keeps what they amount to.
//!
//! Parsers state what a line says; here it is decided what that means for the run: which bar is the run's own, from where epochs
//! count, whether a step is the run's or the epoch's, whether an ending stands. What nothing settles stays unknown.

mod place;

use std::sync::Arc;

use smallvec::SmallVec;

use crate::model::facts::Axis;
use crate::model::facts::Checkpoint;
use crate::model::facts::Facts;
use crate::model::facts::Place;
use crate::model::facts::Sample;
use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Figures;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Redraw;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::record::Split;
use crate::model::stamp::Stamp;
use crate::model::state::Stage;

use super::bars::Bars;
use super::bars::Drawn;
use super::batches::Batches;
use super::blocks::Blocks;
use super::epochs::Epochs;
use super::label::Counts;
use super::metrics::Metrics;
use super::metrics::Spot;
use super::outcome::Outcome;
use super::pace::Pace;
use super::search;
use super::sound;
use super::steps::Steps;
use place::epochs_in;

/// More checkpoints and samples than this are not listed.
const MOST_FILES: usize = 10_000;

/// More warnings than this are not kept.
const MOST_WARNINGS: usize = 32;

/// The place of a figure that is no metric.
const NO_METRIC: usize = usize::MAX;

/// A bar that goes on, and has said before all that it says of the run by going on. What is new of the bar itself is kept here
/// until anybody asks: see [`Tracker::tell_bar`].
#[derive(Debug, Clone)]
struct Steady {
    /// Of its redraws.
    id: u64,
    slot: usize,
    /// Of its figures.
    axis: Axis,
    /// Its count is the run's step.
    step: bool,
    /// What its count lacks to x.
    offset: f64,
    /// The places of its metrics.
    pairs: SmallVec<[usize; 8]>,
    /// Of the newest redraw.
    figures: Figures,
    /// How many of them the bar's slot was not told of.
    draws: u64,
}

/// Whether a figure is one that only training has.
/// A turn of a loop around training.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    /// As written.
    pub(super) done: f64,
    pub(super) all: f64,
    /// The lowest seen.
    first: f64,
}

impl Turn {
    /// Whether others follow.
    pub(super) fn has_more(self) -> bool {
        self.done + f64::from(u8::from(self.first == 0.0)) < self.all
    }
}

fn is_loss(name: &str) -> bool {
    name.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"loss"))
}

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
        facts.metrics = self.metrics.all(shown);
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

    #[inline]
    fn on_bar(&mut self, bar: &Bar<'_>) {
        let drawn = self.bars.draw(bar);
        let Some((stand, full)) = self.drawn(&drawn) else {
            self.validated(bar, &drawn);
            return;
        };
        let Some(slot) = self.bars.slots.get_mut(drawn.slot) else { return };
        let mut same = slot.pairs.len() == bar.values.len();
        for (i, pair) in bar.values.iter().enumerate() {
            let known = slot.pairs.get(i).copied().filter(|at| self.metrics.is(*at, pair.name));
            let at = known.or_else(|| self.metrics.slot(pair.name, None, &self.source)).unwrap_or(NO_METRIC);
            match slot.pairs.get_mut(i) {
                Some(place) => {
                    same &= *place == at;
                    *place = at;
                }
                None => slot.pairs.push(at),
            }
            self.metrics.drawn(at, pair.value, &stand, drawn.fresh, full);
        }
        if !same {
            self.bars.forget();
        }
    }

    /// The figures of a bar of validation, once it has come to its end: those before are of a part of the data.
    fn validated(&mut self, bar: &Bar<'_>, drawn: &Drawn) {
        let full = self.bars.slots.get(drawn.slot).is_some_and(|slot| {
            slot.counts == Counts::Aside(Stage::Validating) && slot.is_full() && drawn.fresh
        });
        if !full {
            return;
        }
        let spot = Spot { axis: Axis::Index, x: None, step: None };
        for pair in &bar.values {
            if let Some(at) = self.metrics.slot(pair.name, Some(Split::Validation), &self.source) {
                self.metrics.logged(at, pair.value, &spot);
            }
        }
    }

    /// As [`Tracker::on_bar`], for a bar whose name and figures' names are known.
    #[inline]
    fn on_redraw(&mut self, redraw: &Redraw<'_>) {
        self.tell_bar();
        self.outcome.goes_on();
        let Some(drawn) = self.bars.known(redraw.known.id).and_then(|slot| self.bars.redraw(slot, redraw))
        else {
            self.on_bar(&redraw.bar());
            self.bars.know(redraw.known.id);
            return;
        };
        let Some((stand, full)) = self.drawn(&drawn) else {
            self.validated(&redraw.bar(), &drawn);
            return;
        };
        let Some(slot) = self.bars.slots.get(drawn.slot) else { return };
        for (at, value) in slot.pairs.iter().zip(redraw.values) {
            self.metrics.drawn(*at, *value, &stand, drawn.fresh, full);
        }
        let goes_on = drawn.advanced && !drawn.back && !full && slot.counts != Counts::Epochs;
        if goes_on && self.outcome.ended.is_none() && slot.pace.is_under_way() {
            self.steady = Some(Steady {
                id: redraw.known.id,
                slot: drawn.slot,
                axis: stand.axis,
                step: stand.step.is_some(),
                offset: slot.offset,
                pairs: slot.pairs.clone(),
                figures: *redraw.figures,
                draws: 0,
            });
        }
    }

    /// One more redraw of the bar that was the last to be heard of, further on and not at its end: nothing but its figures is new
    /// then. Returns whether it was that.
    #[inline]
    fn goes_on(&mut self, redraw: &Redraw<'_>) -> bool {
        let Some(steady) = self.steady.as_mut().filter(|steady| steady.id == redraw.known.id) else {
            return false;
        };
        let (new, old) = (redraw.figures, &steady.figures);
        let current = new.current;
        if current <= old.current || current >= redraw.known.total || new.elapsed < old.elapsed {
            return false;
        }
        steady.figures = *new;
        steady.draws += 1;
        let stand = Spot {
            axis: steady.axis,
            x: Some(steady.offset + current),
            step: steady.step.then_some(current),
        };
        for (at, value) in steady.pairs.iter().zip(redraw.values) {
            self.metrics.drawn(*at, *value, &stand, true, false);
        }
        true
    }

    /// Tells the bar that went on how far it came, which is another matter from now on.
    fn tell_bar(&mut self) {
        if let Some(steady) = self.steady.take()
            && steady.draws > 0
        {
            self.bars.went_on(steady.slot, &steady.figures, steady.draws);
        }
    }

    /// What a draw says of the run. Returns where its figures stand, and whether the bar is full; `None` when they are not the
    /// run's.
    #[inline]
    fn drawn(&mut self, drawn: &Drawn) -> Option<(Spot, bool)> {
        let epoch_now = self.epochs.rows.now();
        let most = self.bars.most(drawn.slot);
        let slot = self.bars.slots.get_mut(drawn.slot)?;
        let full = slot.is_full();
        let mut sign = false;
        match slot.counts {
            Counts::Aside(stage) => {
                if drawn.fresh && !full {
                    self.stage = Some(stage);
                }
                return None;
            }
            Counts::Turns => {
                if drawn.advanced && !drawn.back {
                    self.epochs.rows.count_anew();
                }
                return None;
            }
            Counts::Epochs => {
                sign = drawn.advanced && !full;
                self.epochs.outer = Some((slot.current, slot.total));
                if self.stage.is_none() {
                    self.stage = Some(Stage::Training);
                }
            }
            Counts::Inside { epoch, all } => {
                if drawn.named {
                    let lightning = slot.style == BarStyle::Rich && self.facts.framework == Some("lightning");
                    let base = lightning.then_some(0);
                    let newer = self.epochs.bars.see(
                        epoch,
                        if lightning { all.map(|all| all + 1.0) } else { all },
                        base,
                    );
                    sign = newer && drawn.advanced;
                }
                if full {
                    self.epochs.bars.end(epoch);
                } else if drawn.advanced {
                    sign = true;
                    self.epochs.bars.reopen(epoch);
                }
                self.stage = Some(Stage::Training);
            }
            Counts::Main => {
                let own = slot.total >= most;
                if own {
                    if let (Some(epoch), Some(all)) = (self.amount.take(), slot.total)
                        && slot.current > 0.0
                    {
                        // the bar is drawn anew below a line that was written through it
                        let epochs = epochs_in(epoch, slot.current, all);
                        self.per_run = epochs.filter(|_| epochs == self.guessed);
                        self.guessed = epochs;
                    }
                    self.stage = Some(Stage::Training);
                    sign = drawn.advanced && !full;
                }
                if full && epoch_now.is_none() {
                    slot.alone = true;
                }
                slot.ahead |= full && self.steps.now.is_none();
                slot.across |=
                    drawn.advanced && !drawn.back && slot.epoch.is_some() && epoch_now > slot.epoch;
                slot.epoch = epoch_now;
            }
        }
        if sign {
            self.outcome.sign();
        }
        let stand = if slot.style == BarStyle::Keras {
            Spot { axis: Axis::Epoch, x: self.epochs.bars.now(), step: None }
        } else {
            let global = slot.counts == Counts::Main && slot.cycles == 0 && slot.steps;
            let axis = if global { Axis::Step } else { Axis::Index };
            Spot { axis, x: Some(slot.offset + slot.current), step: global.then_some(slot.current) }
        };
        Some((stand, full))
    }

    fn on_row(&mut self, row: &Row<'_>, origin: &Origin) {
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
        let epoch = self.at(&row.at, origin, aside, trains);
        let placed = row.at != At::default();
        let above = self.heading.filter(|(_, line)| !placed && origin.line == line + 1).map(|(at, _)| at);
        let at = above.unwrap_or(row.at);
        self.heading = (row.values.is_empty() || above.is_some()).then_some((at, origin.line));
        let spot = self.spot(&at, epoch);
        let inside = at.step.is_some() || at.batch.is_some() || at.part.is_some() || at.index.is_some();
        let exact = inside || row.kind != RowKind::Plain;
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
            if row.kind == RowKind::EpochEnd {
                self.epochs.rows.end(label);
            } else if row.at.step.is_none()
                && row.at.batch.is_none()
                && row.at.part.is_none()
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
        let step = at.step.and_then(|_| self.steps.global());
        if step.is_some() {
            return Spot { axis: Axis::Step, x: step, step };
        }
        if at.index.is_some() {
            return Spot { axis: Axis::Index, x: at.index, step: None };
        }
        let inner = match (at.batch.zip(at.batch_total), at.step.zip(at.step_total)) {
            (Some((batch, all)), _) | (None, Some((batch, all))) => Some(batch / all),
            _ => at.part,
        };
        match (epoch, inner) {
            (Some(epoch), Some(part)) => Spot { axis: Axis::Epoch, x: Some(epoch + part), step: None },
            (Some(epoch), None) if at.step.is_none() && at.batch.is_none() => {
                Spot { axis: Axis::Epoch, x: Some(epoch), step: None }
            }
            _ => Spot { axis: Axis::Index, x: None, step: None },
        }
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

    /// Folds, seeds or tasks: what ends is a turn, and epochs count anew in the next.
    fn on_turn(&mut self, done: f64, all: f64) {
        if self.turn.is_some_and(|turn| turn.done.to_bits() != done.to_bits()) {
            self.epochs.rows.count_anew();
            self.outcome.takes_back();
        }
        let first = self.turn.map_or(done, |turn| turn.first).min(done);
        self.turn = Some(Turn { done, all, first });
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
        if how == Ending::Completed && self.turn.is_some_and(Turn::has_more) {
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
                if *done && let Some(epoch) = at.epoch {
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
