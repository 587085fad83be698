//! The JSON answer, `schema` 1. Its names are fixed: what is not known is `null`, a figure that is no number is a string.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap;

use crate::model::facts::Facts;
use crate::model::facts::Scores;
use crate::model::record::Ending;
use crate::model::run::Run;
use crate::model::run::SourceKind;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;
use crate::model::state::State;
use crate::parse::clean::is_unsafe;

use super::Status;

/// The answer as one line of JSON, without a newline at its end.
pub fn json(status: &Status<'_>) -> String {
    let ids = status.ids();
    let runs = status.runs.iter().zip(&ids).map(|((run, verdict), id)| Entry::of(run, verdict, id)).collect();
    let answer = Answer { schema: 1, generated_at: time(status.now), host: status.host, runs };
    // plain data with string keys: there is nothing in it that could fail to be written
    escaped(serde_json::to_string(&answer).unwrap_or_default())
}

/// Names are told to the letter, and yet a terminal that this is printed on must not act upon them: JSON can write any
/// character as an escape, which means the same.
fn escaped(json: String) -> String {
    if !json.contains(is_unsafe) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if is_unsafe(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // writing to a string does not fail
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

#[derive(Serialize)]
struct Answer<'a> {
    schema: u32,
    generated_at: Option<String>,
    host: &'a str,
    runs: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    path: String,
    name: &'a str,
    framework: Option<&'a str>,
    runner_type: Option<&'static str>,
    state: &'static str,
    state_reason: &'a str,
    outdated: bool,
    stage: Option<&'static str>,
    job_id: Option<&'a str>,
    correlation_id: Option<&'a str>,
    progress: Progress<'a>,
    early_stopped: bool,
    early_stopped_at_epoch: Option<Count>,
    metrics: Metrics<'a>,
    scores: BothScores<'a>,
    search: Option<Search<'a>>,
    started_at: Option<String>,
    updated_at: Option<String>,
    finished_at: Option<String>,
    error: Option<Error<'a>>,
    warnings: Vec<&'a str>,
    log_lines: Option<LogLines>,
    checkpoints: Vec<Checkpoint<'a>>,
    samples: Vec<Sample<'a>>,
    /// Empty until something tells which devices a run has.
    gpus: [(); 0],
    /// The live processes that own the run; empty also when that is not known.
    pids: Vec<u32>,
    sources: Vec<Source<'a>>,
}

#[derive(Serialize)]
struct Progress<'a> {
    percent: Option<Figure>,
    completed_epochs: Option<Count>,
    total_epochs: Option<Count>,
    step: Option<Count>,
    total_steps: Option<Count>,
    rate_per_second: Option<Figure>,
    eta_seconds: Option<Count>,
    elapsed_seconds: Option<Count>,
    bars: Vec<Bar<'a>>,
}

#[derive(Serialize)]
struct Bar<'a> {
    label: &'a str,
    current: Count,
    total: Option<Count>,
    rate_per_second: Option<Figure>,
    eta_seconds: Option<Count>,
}

#[derive(Serialize)]
struct Metric<'a> {
    last: Figure,
    step: Option<Count>,
    min: Option<Figure>,
    max: Option<Figure>,
    points: u64,
    source: &'a str,
}

#[derive(Serialize)]
struct Search<'a> {
    position: Option<u64>,
    total_positions: Option<u64>,
    model: Option<&'a str>,
    trial: Option<u64>,
    total_trials: Option<u64>,
    score: Option<Figure>,
    best_score: Option<Figure>,
}

#[derive(Serialize)]
struct Error<'a> {
    #[serde(rename = "type")]
    type_name: Option<&'a str>,
    message: &'a str,
    source: &'a str,
    line: Option<u64>,
}

#[derive(Serialize)]
struct LogLines {
    debug: u64,
    info: u64,
    warn: u64,
    error: u64,
    progress: u64,
    total: u64,
}

#[derive(Serialize)]
struct Checkpoint<'a> {
    path: &'a str,
    step: Option<Count>,
    epoch: Option<Count>,
    complete: bool,
}

#[derive(Serialize)]
struct Sample<'a> {
    path: &'a str,
    step: Option<Count>,
}

#[derive(Serialize)]
struct Source<'a> {
    path: &'a str,
    kind: &'static str,
    bytes: u64,
    records: u64,
}

#[derive(Serialize)]
struct BothScores<'a> {
    best: ScoreMap<'a>,
    latest: ScoreMap<'a>,
}

/// A figure: JSON has no NaN, so what is not finite is its name.
#[derive(Clone, Copy)]
struct Figure(f64);

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_nan() => to.serialize_str("NaN"),
            f64::INFINITY => to.serialize_str("Infinity"),
            f64::NEG_INFINITY => to.serialize_str("-Infinity"),
            value => to.serialize_f64(value),
        }
    }
}

/// A figure that counts something: without a fraction when it has none.
#[derive(Clone, Copy)]
struct Count(f64);

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // beyond 2^53 whole numbers are no longer exact
        if self.0.fract() == 0.0 && self.0.abs() < 9e15 {
            #[expect(clippy::cast_possible_truncation, reason = "whole and small enough, as was just seen")]
            return to.serialize_i64(self.0 as i64);
        }
        Figure(self.0).serialize(to)
    }
}

struct Metrics<'a>(&'a Facts);

impl Serialize for Metrics<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.metrics.len()))?;
        for metric in &self.0.metrics {
            let entry = Metric {
                last: Figure(metric.last),
                step: metric.step.map(Count),
                min: metric.min.map(Figure),
                max: metric.max.map(Figure),
                points: metric.points,
                source: &metric.source,
            };
            map.serialize_entry(&*metric.name, &entry)?;
        }
        map.end()
    }
}

struct ScoreMap<'a>(&'a Scores);

impl Serialize for ScoreMap<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(&**name, &Figure(*value))?;
        }
        map.end()
    }
}

/// A moment in RFC 3339; `None` for one that no calendar has.
fn time(stamp: Stamp) -> Option<String> {
    Timestamp::from_millisecond(stamp.millis()).ok().map(|timestamp| timestamp.to_string())
}

/// What the run does now: when it is over, how it ended.
fn stage(facts: &Facts, state: State) -> Option<&'static str> {
    match state {
        State::Completed | State::EarlyStopped => Some("completed"),
        State::Failed => Some("failed"),
        State::Cancelled => Some("cancelled"),
        _ => facts.stage.map(crate::model::state::Stage::name),
    }
}

impl<'a> Entry<'a> {
    fn of(run: &'a Run, verdict: &'a Verdict, id: &'a str) -> Self {
        let facts = &run.facts;
        let stopped = facts.ended.as_ref().is_some_and(|ended| ended.how == Ending::EarlyStopped);
        let updated = facts.updated_at.max(run.last_write);
        let is_log = |kind| matches!(kind, SourceKind::TextLog | SourceKind::JsonLines);
        let lines = facts.log_lines;
        Self {
            id,
            path: run.path.to_string_lossy().into_owned(),
            name: &run.name,
            framework: facts.written_by(),
            runner_type: facts.runner_type.map(crate::model::state::RunnerType::name),
            state: verdict.state.name(),
            state_reason: &verdict.reason,
            outdated: verdict.outdated,
            stage: stage(facts, verdict.state),
            job_id: facts.job_id.as_deref(),
            correlation_id: facts.correlation_id.as_deref(),
            progress: Progress::of(facts),
            early_stopped: verdict.state == State::EarlyStopped
                || stopped
                || facts.early_stopped_at.is_some(),
            early_stopped_at_epoch: facts.early_stopped_at.map(Count),
            metrics: Metrics(facts),
            scores: BothScores { best: ScoreMap(&facts.best_scores), latest: ScoreMap(&facts.latest_scores) },
            search: facts.search.as_ref().map(Search::of),
            started_at: facts.started_at.and_then(time),
            updated_at: updated.and_then(time),
            finished_at: updated.filter(|_| verdict.state.is_finished()).and_then(time),
            error: facts.error.as_ref().map(|error| Error {
                type_name: Some(&*error.type_name).filter(|name| !name.is_empty()),
                message: &error.message,
                source: &error.place.source,
                line: error.place.line,
            }),
            warnings: facts.warnings.iter().map(|warning| &**warning).collect(),
            log_lines: run.sources.iter().any(|source| is_log(source.kind)).then_some(LogLines {
                debug: lines.debug,
                info: lines.info,
                warn: lines.warning,
                error: lines.error,
                progress: lines.progress,
                total: lines.total,
            }),
            checkpoints: facts.checkpoints.iter().map(Checkpoint::of).collect(),
            samples: facts
                .samples
                .iter()
                .map(|sample| Sample { path: &sample.path, step: sample.step.map(Count) })
                .collect(),
            gpus: [],
            pids: run.owners.live().iter().map(|owner| owner.pid).collect(),
            sources: run.sources.iter().map(Source::of).collect(),
        }
    }
}

impl<'a> Progress<'a> {
    fn of(facts: &'a Facts) -> Self {
        let progress = &facts.progress;
        let seconds = |value: Option<f64>| value.map(|seconds| Count(seconds.round()));
        Self {
            percent: progress.percent.map(Figure),
            completed_epochs: progress.completed_epochs.map(Count),
            total_epochs: progress.total_epochs.map(Count),
            step: progress.step.map(Count),
            total_steps: progress.total_steps.map(Count),
            rate_per_second: progress.rate.map(Figure),
            eta_seconds: seconds(progress.eta),
            elapsed_seconds: seconds(progress.elapsed),
            bars: progress
                .bars
                .iter()
                .map(|bar| Bar {
                    label: &bar.label,
                    current: Count(bar.current),
                    total: bar.total.map(Count),
                    rate_per_second: bar.rate.map(Figure),
                    eta_seconds: seconds(bar.eta),
                })
                .collect(),
        }
    }
}

impl<'a> Search<'a> {
    fn of(search: &'a crate::model::facts::Search) -> Self {
        Self {
            position: search.position,
            total_positions: search.total_positions,
            model: search.model.as_deref(),
            trial: search.trial,
            total_trials: search.total_trials,
            score: search.score.map(Figure),
            best_score: search.best_score.map(Figure),
        }
    }
}

impl<'a> Checkpoint<'a> {
    fn of(checkpoint: &'a crate::model::facts::Checkpoint) -> Self {
        Self {
            path: &checkpoint.path,
            step: checkpoint.step.map(Count),
            epoch: checkpoint.epoch.map(Count),
            complete: checkpoint.complete,
        }
    }
}

impl<'a> Source<'a> {
    fn of(source: &'a crate::model::run::Source) -> Self {
        Self { path: &source.path, kind: source.kind.name(), bytes: source.bytes, records: source.records }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_upon_is_escaped_and_means_the_same() {
        for text in ["plain größe \u{9b}2J \u{202e}x\u{e0001} \u{1b}[2J\u{7f}", "😀"] {
            let json = escaped(serde_json::to_string(text).unwrap());
            assert!(!json.contains(is_unsafe), "{json:?}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
