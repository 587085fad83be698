//! A run's state at a moment, with what it rests on, as the contract's table has it: the first row that holds.
//!
//! | state | when |
//! |---|---|
//! | failed, cancelled, early stopped, completed | the run's own words or figures say so; time changes nothing of it |
//! | queued | its stage is that, and nothing has started |
//! | running | written within `stall_after`, or owned by a live process that has written nothing yet |
//! | stalled | silent for longer, while a process owns it or the silence is shorter than `running_window` |
//! | interrupted | work was left, nobody owns it, and it has been silent for longer than `running_window` or its owner is gone |
//! | unknown | nothing tells |
//!
//! An owner that is known to be gone ends running and stalled at once: nobody is left to write.

use std::time::Duration;

use crate::model::facts::Place;
use crate::model::record::Ending;
use crate::model::rules::Rules;
use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;
use crate::model::state::Stage;
use crate::model::state::State;

/// Judges `run` as of `now`. `owner` tells whether a live process owns it; `None` when that is not known.
pub fn judge(run: &Run, owner: Option<bool>, rules: &Rules, now: Stamp) -> Verdict {
    let open = |state, reason: String, until| Verdict { state, reason, outdated: false, until };
    if let Some(problem) = &run.problem {
        return open(State::Unknown, format!("{}: {}", problem.path.display(), problem.what), None);
    }
    if !run.looked_at {
        return open(State::Unknown, "its files have not been read yet".to_owned(), None);
    }
    if let Some((state, reason)) = finished(run) {
        let outdated = run.last_write.is_some_and(|last| now.since(last) > rules.outdated_after);
        let until = run.last_write.filter(|_| !outdated).map(|last| after(last, rules.outdated_after));
        return Verdict { state, reason, outdated, until };
    }
    if run.facts.stage == Some(Stage::Queued) {
        return open(State::Queued, "it waits for its turn, and nothing has started".to_owned(), None);
    }
    let Some(last) = run.last_write else {
        return match owner {
            Some(true) => open(State::Running, "a live process owns it".to_owned(), None),
            _ => unknown(run, "none of its files tells when it was written"),
        };
    };
    let silent = now.since(last);
    let newest = newest(run);
    if owner != Some(false) {
        if silent <= rules.stall_after {
            let reason = match owner {
                Some(true) => {
                    format!("a live process owns it, and {newest} was written {} ago", span(silent))
                }
                _ => format!("{newest} was written {} ago", span(silent)),
            };
            return open(State::Running, reason, Some(after(last, rules.stall_after)));
        }
        if owner == Some(true) {
            return open(
                State::Stalled,
                format!("a live process owns it, but {newest} has been silent for {}", span(silent)),
                None,
            );
        }
        if silent <= rules.running_window {
            let left =
                run.facts.work_left_because.as_ref().map(|left| format!(", at {left}")).unwrap_or_default();
            return open(
                State::Stalled,
                format!("{newest} has been silent for {}{left}", span(silent)),
                Some(after(last, rules.running_window)),
            );
        }
    }
    if run.facts.work_left == Some(true) {
        let left = run.facts.work_left_because.as_deref().unwrap_or("its own figures");
        let gone = if owner == Some(false) {
            "its process is gone".to_owned()
        } else {
            format!("silent for {}", span(silent))
        };
        return open(State::Interrupted, format!("work was left ({left} in {newest}), and {gone}"), None);
    }
    unknown(run, &format!("silent for {}", span(silent)))
}

/// The moment at which more than `limit` has passed since `last`.
fn after(last: Stamp, limit: Duration) -> Stamp {
    last.plus(limit + Duration::from_millis(1))
}

/// What the run says of its own end.
fn finished(run: &Run) -> Option<(State, String)> {
    let facts = &run.facts;
    let ended = facts.ended.as_ref()?;
    let state = match ended.how {
        Ending::Failed => State::Failed,
        Ending::Cancelled => State::Cancelled,
        Ending::EarlyStopped => State::EarlyStopped,
        Ending::Completed => State::Completed,
    };
    Some((state, format!("{}{}", ended.because, at(&ended.place))))
}

/// ` (training.log, line 812)`.
fn at(place: &Place) -> String {
    match (place.source.is_empty(), place.line) {
        (true, _) => String::new(),
        (false, Some(line)) => format!(" ({}, line {line})", place.source),
        (false, None) => format!(" ({})", place.source),
    }
}

/// The file that was written last.
fn newest(run: &Run) -> String {
    let newest = run.sources.iter().max_by_key(|source| source.modified);
    newest.map_or_else(|| "its folder".to_owned(), |source| source.path.to_string())
}

fn unknown(run: &Run, since: &str) -> Verdict {
    let facts = &run.facts;
    let seen = if run.sources.is_empty() {
        "there is nothing to read".to_owned()
    } else {
        let names: Vec<&str> = run.sources.iter().take(3).map(|source| &*source.path).collect();
        let more = if run.sources.len() > 3 { ", …" } else { "" };
        let nothing = facts.metrics.is_empty()
            && facts.progress.step.is_none()
            && facts.progress.completed_epochs.is_none()
            && facts.progress.bars.is_empty();
        let what =
            if nothing { "nothing was recognised" } else { "neither a total nor a closing line was found" };
        format!("{what} in {}{more}", names.join(", "))
    };
    Verdict { state: State::Unknown, reason: format!("{seen}; {since}"), outdated: false, until: None }
}

/// A span of time as one would say it.
fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests;
