//! What the screen rests on, so that two moments can be compared without drawing either.

use std::sync::Arc;

use crate::app::state::State;
use crate::model::run::{Run, RunKey, Verdict};
use crate::model::stamp::Stamp;
use crate::store::{Counts, Row};

struct Shown {
    run: Arc<Run>,
    verdict: Verdict,
}

impl Shown {
    fn of(row: &Row) -> Self {
        Self { run: row.run.clone(), verdict: row.verdict.clone() }
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        // held here, a run's place in memory cannot have been taken by another one
        Arc::ptr_eq(&self.run, &other.run)
            && self.verdict.state == other.verdict.state
            && self.verdict.outdated == other.verdict.outdated
            && self.verdict.reason == other.verdict.reason
    }
}

/// Everything that news and time can change on screen, other than the ages, whose moments are known.
#[derive(PartialEq)]
pub(super) struct Seen {
    rows: Vec<Shown>,
    current: Option<Shown>,
    cursor: Option<RunKey>,
    alert: Option<Shown>,
    counts: Counts,
    listed: usize,
    top: usize,
    reading: Option<u64>,
    walked: bool,
    problems: usize,
    behind: Option<usize>,
    screen: crate::app::binding::Screen,
    scroll: u16,
}

impl Seen {
    pub(super) fn of(state: &State, now: Stamp) -> Self {
        let store = state.shown();
        let height = usize::from(state.areas().table.height);
        Self {
            rows: state
                .list
                .window(state.top, height)
                .filter_map(|key| store.get(key))
                .map(Shown::of)
                .collect(),
            current: state.current_row().map(|(row, _)| Shown::of(row)),
            cursor: state.current().cloned(),
            alert: store.alert(state.moment(now)).map(|(row, _)| Shown::of(row)),
            counts: store.counts(),
            listed: state.list.len(),
            top: state.top,
            reading: state.reading(),
            walked: store.walked(),
            problems: store.problems().len(),
            behind: state.frozen.as_ref().map(|frozen| frozen.behind.len()),
            screen: state.screen,
            scroll: state.scroll,
        }
    }
}
