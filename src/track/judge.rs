//! A run's state at a moment, with what it rests on, as the contract's table has it.
//!
//! The table is read from the top and the first row that holds is the answer. What the run itself says comes first; only where
//! it is silent do the age of its files and the figures that it left tell.

#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::model::facts::Ended;
use crate::model::facts::Facts;
use crate::model::record::Ending;
use crate::model::rules::Rules;
use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;
use crate::model::state::Stage;
use crate::model::state::State;

/// A clock that runs ahead by more than this makes a file's time meaningless.
const SKEW: Duration = Duration::from_hours(24);

/// Judges `run` as of `now`. `owner` tells whether a live process owns it; `None` when that is not known.
pub fn judge(run: &Run, owner: Option<bool>, rules: &Rules, now: Stamp) -> Verdict {
    if !run.looked_at {
        return Verdict {
            state: State::Unknown,
            reason: "not read yet".into(),
            outdated: false,
            until: None,
        };
    }
    let silent = run.last_write.filter(|at| at.since(now) < SKEW).map(|at| now.since(at));
    if let Some(verdict) = ended(run, rules, now) {
        return verdict;
    }
    let facts = &run.facts;
    if facts.stage == Some(Stage::Queued) && facts.progress.step.is_none() && facts.metrics.is_empty() {
        return open(State::Queued, "it says that it is queued and nothing has started".into(), None);
    }
    if owner == Some(true) || silent.is_some_and(|silent| silent <= rules.stall_after) {
        return running(run, owner, silent, rules);
    }
    // silent, and not known to be owned
    let Some(silent) = silent else {
        return open(State::Unknown, nothing_told(run), None);
    };
    let gone = owner == Some(false) || silent > rules.running_window;
    if !gone {
        let reason = format!("unfinished and silent for {}{}", span(silent), figures(facts));
        let until = run.last_write.map(|at| at.plus(rules.running_window).plus(Duration::from_millis(1)));
        return open(State::Stalled, reason, until);
    }
    if facts.work_left == Some(true) {
        let whose = if owner == Some(false) { "its process is gone" } else { "nobody is known to own it" };
        let reason = format!("silent for {}{}, and {whose}", span(silent), figures(facts));
        return open(State::Interrupted, reason, None);
    }
    open(State::Unknown, nothing_told(run), None)
}

fn open(state: State, reason: String, until: Option<Stamp>) -> Verdict {
    Verdict { state, reason, outdated: false, until }
}

/// The verdict when the run says how it ended, or all its work is there.
fn ended(run: &Run, rules: &Rules, now: Stamp) -> Option<Verdict> {
    let facts = &run.facts;
    let (state, reason) = match &facts.ended {
        Some(end) => (state_of(end.how), said(end)),
        None if facts.work_left == Some(false) => {
            let because = facts.work_left_because.as_deref().unwrap_or("all its work");
            (State::Completed, format!("all of it is there: {because}"))
        }
        None => return None,
    };
    let over_at = run.last_write.map(|at| at.plus(rules.outdated_after));
    let outdated = over_at.is_some_and(|at| at < now);
    let until = over_at.filter(|_| !outdated).map(|at| at.plus(Duration::from_millis(1)));
    Some(Verdict { state, reason, outdated, until })
}

fn state_of(how: Ending) -> State {
    match how {
        Ending::Completed => State::Completed,
        Ending::EarlyStopped => State::EarlyStopped,
        Ending::Failed => State::Failed,
        Ending::Cancelled => State::Cancelled,
    }
}

fn said(end: &Ended) -> String {
    let place = match end.place.line {
        Some(line) => format!("{}:{line}", end.place.source),
        None => end.place.source.to_string(),
    };
    if place.is_empty() { end.because.to_string() } else { format!("{place}: {}", end.because) }
}

fn running(run: &Run, owner: Option<bool>, silent: Option<Duration>, rules: &Rules) -> Verdict {
    let newest = run.sources.iter().max_by_key(|source| source.modified);
    let file =
        newest.filter(|source| source.modified == run.last_write).map_or("its files", |source| &*source.path);
    let reason = match (owner, silent) {
        (Some(true), _) => "a live process owns it".to_owned(),
        (_, Some(_)) => format!("{file} changed within the last {}", span(rules.stall_after)),
        (_, None) => "its files have no time".to_owned(),
    };
    let until = run.last_write.filter(|_| owner != Some(true));
    open(State::Running, reason, until.map(|at| at.plus(rules.stall_after).plus(Duration::from_millis(1))))
}

fn figures(facts: &Facts) -> String {
    facts.work_left_because.as_ref().map(|because| format!(": {because}")).unwrap_or_default()
}

/// What was looked for, and what was there.
fn nothing_told(run: &Run) -> String {
    let read: Vec<&str> =
        run.sources.iter().filter(|source| source.records > 0).map(|source| &*source.path).collect();
    if run.sources.is_empty() {
        return "no log, event file or tracker file was recognised".into();
    }
    if read.is_empty() {
        return "its files hold nothing that was understood".into();
    }
    let shown = read.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    let more = if read.len() > 3 { ", …" } else { "" };
    format!("no total, no closing line and no error was found in {shown}{more}")
}

/// `40s`, `31m`, `2h12m`, `3d`.
fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 if seconds % 3600 >= 60 => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}
