//! A run's state at a moment, with what it rests on, as the contract's table has it.
//!
//! The table is read from the top and the first row that holds is the answer. What the run itself says comes first; only where
//! it is silent do its processes, the age of its files and the figures that it left tell.
//!
//! A live owner keeps a run from being given up, however long its files are silent: it is `stalled` then, and not `interrupted`. An
//! owner that is known to be gone decides at once, unless somebody has written the run's files since. That no owner was found says
//! nothing: it may be another user's, or run on another machine.

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;

use crate::model::facts::Ended;
use crate::model::facts::Facts;
use crate::model::owner::Gone;
use crate::model::owner::Owner;
use crate::model::owner::Owners;
use crate::model::owner::Told;
use crate::model::record::Ending;
use crate::model::rules::Rules;
use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;
use crate::model::state::Stage;
use crate::model::state::State;

/// A clock that runs ahead by more than this makes a file's time meaningless.
const SKEW: Duration = Duration::from_hours(24);

/// A file that was written later than this after its owner was found gone was written by somebody else: clocks of servers differ.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Judges `run` as of `now`.
pub fn judge(run: &Run, rules: &Rules, now: Stamp) -> Verdict {
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
    if let Owners::Live(owners) = &run.owners
        && let Some(owner) = owners.first()
    {
        return owned(run, owner, silent, rules);
    }
    if let Owners::Gone(gone) = &run.owners
        && counts(gone, run, silent, rules)
    {
        return left(run, gone);
    }
    if silent.is_some_and(|silent| silent <= rules.stall_after) {
        let reason = format!("{} changed within the last {}", newest(run), span(rules.stall_after));
        return open(State::Running, reason, stalls_at(run, rules));
    }
    // silent, and not known to be owned
    let Some(silent) = silent else {
        return open(State::Unknown, nothing_told(run), None);
    };
    if silent <= rules.running_window {
        let reason = format!("unfinished and silent for {}{}", span(silent), figures(facts));
        let until = run.last_write.map(|at| at.plus(rules.running_window).plus(Duration::from_millis(1)));
        return open(State::Stalled, reason, until);
    }
    if facts.work_left == Some(true) {
        let reason = format!("silent for {}{}, and nobody is known to own it", span(silent), figures(facts));
        return open(State::Interrupted, reason, None);
    }
    open(State::Unknown, nothing_told(run), None)
}

/// A live process owns the run.
fn owned(run: &Run, owner: &Owner, silent: Option<Duration>, rules: &Rules) -> Verdict {
    let who = format!("{owner} {}{}", owner.tie, since(owner.since));
    match silent.filter(|silent| *silent > rules.stall_after) {
        Some(silent) => {
            let reason = format!("silent for {}{}, yet {who}", span(silent), figures(&run.facts));
            open(State::Stalled, reason, None)
        }
        None => open(State::Running, who, silent.and(stalls_at(run, rules))),
    }
}

/// Whether what is known of a gone owner still counts.
fn counts(gone: &Gone, run: &Run, silent: Option<Duration>, rules: &Rules) -> bool {
    match &gone.told {
        Told::Seen { at, .. } => run.last_write.is_none_or(|written| written <= at.plus(LAST_WORDS)),
        // it was not seen to be the only one: who wrote lately, or long after its file, is somebody else
        Told::Recorded { file } => {
            let source = run.sources.iter().find(|source| source.path == *file);
            let own = source.and_then(|source| source.modified);
            silent.is_some_and(|silent| silent > rules.stall_after)
                && own.is_some_and(|own| run.last_write <= Some(own.plus(rules.stall_after)))
        }
    }
}

/// The owner is gone, and the run does not say that it ended.
fn left(run: &Run, gone: &Gone) -> Verdict {
    let who = match &gone.told {
        Told::Seen { program, since: began, .. } => format!("pid {} {program}{}", gone.pid, since(*began)),
        Told::Recorded { file } => format!("pid {}, which {file} names,", gone.pid),
    };
    if run.facts.work_left == Some(true) {
        return open(State::Interrupted, format!("{who} is gone{}", figures(&run.facts)), None);
    }
    open(State::Unknown, format!("{who} is gone, and {}", nothing_told(run)), None)
}

fn since(began: Option<Stamp>) -> String {
    let moment = began.and_then(|began| Timestamp::from_second(began.millis() / 1000).ok());
    moment.map(|moment| format!(" (since {moment})")).unwrap_or_default()
}

/// The file that changed last.
fn newest(run: &Run) -> &str {
    let newest = run.sources.iter().max_by_key(|source| source.modified);
    newest.filter(|source| source.modified == run.last_write).map_or("its files", |source| &*source.path)
}

/// When a run that goes on silently is no longer running.
fn stalls_at(run: &Run, rules: &Rules) -> Option<Stamp> {
    run.last_write.map(|at| at.plus(rules.stall_after).plus(Duration::from_millis(1)))
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

fn figures(facts: &Facts) -> String {
    facts.work_left_because.as_ref().map(|because| format!(": {because}")).unwrap_or_default()
}

/// What was looked for, and what was there.
fn nothing_told(run: &Run) -> String {
    if let Some(because) = run.facts.work_left_because.as_ref().filter(|_| run.facts.undecided) {
        return because.to_string();
    }
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
