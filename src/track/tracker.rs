//! The generic tracker: takes the records of one source and keeps what they amount to.
//!
//! Parsers state what a line says; here many lines are weighed against each other. Whether epochs count from 0 or 1, whether
//! `step 4/48` is the run's step or the batch of an epoch, which of five bars is the run's own: nothing is claimed before the
//! records have settled it, and a missing figure is better than a wrong one.

mod bars;
mod counter;
mod label;
mod metrics;
mod outcome;
mod pace;
mod progress;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::model::facts::Axis;
use crate::model::facts::Checkpoint;
use crate::model::facts::Facts;
use crate::model::facts::Sample;
use crate::model::facts::Search;
use crate::model::level::Level;
use crate::model::level::LevelCounts;
use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::SearchPatch;
use crate::model::record::Sink;
use crate::model::record::Split;
use crate::model::stamp::Stamp;
use crate::model::state::RunnerType;
use crate::model::state::Stage;

use bars::Bars;
use label::Role;
use metrics::Metrics;
use outcome::Outcome;
use progress::Course;

/// Checkpoints and samples that are listed; a run of days may write more, and nobody reads a longer list.
const FILES: usize = 1000;

/// Keeps what one source has said so far.
#[derive(Debug, Clone)]
pub struct Tracker {
    source: Arc<str>,
    arrival: Option<Stamp>,
    framework: Option<&'static str>,
    stage: Option<Stage>,
    job_id: Option<Arc<str>>,
    correlation_id: Option<Arc<str>>,
    metrics: Metrics,
    bars: Bars,
    course: Course,
    outcome: Outcome,
    search: Option<Search>,
    log_lines: LevelCounts,
    checkpoints: Vec<Checkpoint>,
    samples: Vec<Sample>,
    started_at: Option<Stamp>,
    updated_at: Option<Stamp>,
    /// First and last time of lines that name no zone: good for the time between them.
    local: Option<(Stamp, Stamp)>,
}

impl Tracker {
    /// A tracker for the source at `path` below its run.
    pub fn new(source: Arc<str>) -> Self {
        Self {
            source,
            arrival: None,
            framework: None,
            stage: None,
            job_id: None,
            correlation_id: None,
            metrics: Metrics::default(),
            bars: Bars::default(),
            course: Course::default(),
            outcome: Outcome::default(),
            search: None,
            log_lines: LevelCounts::default(),
            checkpoints: Vec::new(),
            samples: Vec::new(),
            started_at: None,
            updated_at: None,
            local: None,
        }
    }

    /// When the bytes that follow were seen to arrive: `Some` for what is appended while we watch, `None` for history.
    /// Rates are measured by it where the lines give no time of their own.
    pub fn set_arrival(&mut self, arrival: Option<Stamp>) {
        self.arrival = arrival;
    }

    /// The source's path below its run.
    pub fn source(&self) -> &Arc<str> {
        &self.source
    }

    /// What the source amounts to so far. Cheap enough for every batch: histories are shared, not copied.
    pub fn facts(&mut self) -> Facts {
        let ended = self.outcome.ended(&self.source);
        let finished = ended.is_some();
        let mut facts = Facts {
            framework: self.framework,
            runner_type: self.search.as_ref().map(|_| RunnerType::Search),
            stage: self.stage,
            job_id: self.job_id.clone(),
            correlation_id: self.correlation_id.clone(),
            metrics: self.metrics.all(&self.source),
            search: self.search.clone(),
            early_stopped_at: self.outcome.early_stopped_at(),
            error: self.outcome.error(&self.source),
            log_lines: self.log_lines,
            checkpoints: self.checkpoints.clone(),
            samples: self.samples.clone(),
            started_at: self.started_at,
            updated_at: self.updated_at,
            progress: self.course.progress(&self.bars, finished),
            ended,
            ..Facts::default()
        };
        if facts.progress.elapsed.is_none()
            && let Some((from, to)) = self.started_at.zip(self.updated_at).or(self.local)
        {
            facts.progress.elapsed = Some(to.since(from).as_secs_f64());
        }
        if let Some((left, because)) = self.course.work_left(&self.bars, &facts.progress) {
            facts.work_left = Some(left);
            facts.work_left_because = Some(because.into());
        }
        facts
    }

    fn bar(&mut self, bar: &Bar<'_>, origin: &Origin) {
        let drawn = self.bars.draw(bar, &mut self.metrics);
        if !drawn.moved {
            return;
        }
        if drawn.new_pass {
            self.new_pass(bar, drawn.slot, origin);
        }
        self.outcome.went_on(origin, true);
        if self.stage.is_none() || drawn.new_pass {
            self.stage = self.bars.at(drawn.slot).and_then(|slot| match slot.role {
                Role::Validation => Some(Stage::Validating),
                Role::Chore => self.stage,
                _ => Some(Stage::Training),
            });
        }
    }

    /// A bar was drawn for the first time, or began again.
    fn new_pass(&mut self, bar: &Bar<'_>, slot: usize, origin: &Origin) {
        let role = self.bars.at(slot).map(|slot| slot.role);
        if role == Some(Role::Batches)
            && let Some((epoch, epoch_total)) = label::number_after_epoch(bar.label)
        {
            let at = At { epoch: Some(epoch), epoch_total, ..At::default() };
            self.course.epoch_of_bar(&at, bar, self.framework);
            self.time(origin);
        }
    }

    fn row(&mut self, row: &Row<'_>, origin: &Origin) {
        let placed = self.course.place(&row.at, row.split, row.kind);
        if placed.advanced {
            self.outcome.went_on(origin, origin.time.is_some());
        }
        if let (Some(step), Some(time)) = (self.course.raw_step(), origin.time.or(self.arrival))
            && row.at.step.is_some()
        {
            self.course.pace(time, step);
        }
        for pair in &row.values {
            let Some(metric) =
                self.metrics.place(pair.name, row.split).and_then(|place| self.metrics.at(place))
            else {
                continue;
            };
            if row.kind == RowKind::Summary {
                metric.sum(pair.value);
            } else {
                let (axis, x) = placed.x.unwrap_or((Axis::Index, f64::NAN));
                if x.is_nan() {
                    metric.push_next(pair.value);
                } else {
                    metric.push(axis, x, pair.value);
                }
            }
        }
        if row.kind != RowKind::Summary && !row.values.is_empty() {
            self.stage = Some(match row.split {
                Some(Split::Validation | Split::Test) => Stage::Validating,
                _ => Stage::Training,
            });
        }
    }

    fn search(&mut self, patch: &SearchPatch<'_>) {
        let search = self.search.get_or_insert_with(Search::default);
        let new_position = patch.position.is_some() && patch.position != search.position;
        if new_position {
            // trial and score of the position before say nothing of this one
            (search.trial, search.total_trials, search.score, search.model) = (None, None, None, None);
        }
        search.position = patch.position.or(search.position);
        search.total_positions = patch.total_positions.or(search.total_positions);
        search.trial = patch.trial.or(search.trial);
        search.total_trials = patch.total_trials.or(search.total_trials);
        if let Some(model) = patch.model {
            search.model = Some(model.into());
        }
        if let Some(score) = patch.score {
            search.score = Some(score);
            if patch.is_best {
                search.best_score = Some(score);
            }
        }
    }

    fn time(&mut self, origin: &Origin) {
        let Some(time) = origin.time else { return };
        if time.is_local() {
            self.local = Some(self.local.map_or((time, time), |(from, to)| (from.min(time), to.max(time))));
            return;
        }
        self.started_at = Some(self.started_at.map_or(time, |at| at.min(time)));
        self.updated_at = Some(self.updated_at.map_or(time, |at| at.max(time)));
    }

    /// The program has begun from the start in the same file.
    fn begin_again(&mut self) {
        self.outcome.reset();
        self.course.reset();
    }
}

impl Sink for Tracker {
    fn record(&mut self, record: &Record<'_>, origin: &Origin) {
        if let Record::Bar(bar) = record {
            self.bar(bar, origin);
            return;
        }
        self.time(origin);
        match record {
            Record::Bar(_) => {}
            Record::Row(row) => self.row(row, origin),
            Record::Epoch { at, done } => {
                if self.course.epoch(at, *done) {
                    self.outcome.went_on(origin, origin.time.is_some());
                }
                if !done {
                    self.stage = Some(Stage::Training);
                }
            }
            Record::Total { of, value } => self.course.total(*of, *value),
            Record::Stage(stage) => {
                if *stage == Stage::Initializing {
                    self.begin_again();
                }
                self.stage = Some(*stage);
            }
            Record::Error { type_name, message, fatal } => {
                self.outcome.failed(type_name, message, *fatal, origin)
            }
            Record::Ending(how) => {
                self.outcome.end(*how, origin, self.course.completed_epochs(&self.bars));
                self.stage = outcome::stage(*how).or(self.stage);
            }
            Record::Checkpoint { path, step, epoch } => {
                if self.checkpoints.len() < FILES
                    && !self.checkpoints.iter().any(|known| *known.path == **path)
                {
                    self.checkpoints.push(Checkpoint {
                        path: (*path).into(),
                        step: *step,
                        epoch: *epoch,
                        complete: true,
                    });
                }
            }
            Record::Sample { path, step } => {
                if self.samples.len() < FILES && !self.samples.iter().any(|known| *known.path == **path) {
                    self.samples.push(Sample { path: (*path).into(), step: *step });
                }
            }
            Record::Search(patch) => self.search(patch),
            Record::Framework(name) => self.framework = self.framework.or(Some(name)),
            Record::Identity { job_id, correlation_id } => {
                self.job_id = job_id.map(Into::into).or(self.job_id.take());
                self.correlation_id = correlation_id.map(Into::into).or(self.correlation_id.take());
            }
        }
    }

    fn line(&mut self, level: Option<Level>, progress: bool, origin: &Origin) {
        self.time(origin);
        self.log_lines.add(level, progress);
    }
}
