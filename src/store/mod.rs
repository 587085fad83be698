//! All runs with their verdicts, sorted and filtered. Pure.
//!
//! Ten thousand runs are normal, so whatever the screen asks for at every frame (counts by state, the next moment of
//! judgement, the most important alert) is kept up to date as news comes in and never gathered by a walk over all rows.

pub mod column;
pub mod filter;
pub mod natural;
pub mod pick;
pub mod view;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::model::rules::Rules;
use crate::model::run::{Problem, Run, RunKey, Verdict};
use crate::model::stamp::Stamp;
use crate::model::state::State;
use crate::track::judge::judge;

use self::pick::Picks;

/// How long a failure or a stall is news: older ones no longer stand at the top of the list.
pub const RECENT: Duration = Duration::from_hours(24);

/// What the engine tells.
#[derive(Debug, Clone)]
pub enum Update {
    /// A run is there, or is other than it was.
    Run(Arc<Run>),
    /// A run is no more.
    Gone(RunKey),
    /// Something outside a run cannot be read; told once for each path.
    Problem(Problem),
    /// What was told as a problem is none any more.
    Solved(Problem),
    /// Nothing was there to be found any more: the first walk of all roots is over.
    Walked,
    /// Bytes of all files, and how many of them are understood.
    Reading {
        /// Bytes of all files.
        total: u64,
        /// Bytes understood.
        done: u64,
    },
}

/// A run with what the rules make of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The run.
    pub run: Arc<Run>,
    /// Its state, as of the last judgement.
    pub verdict: Verdict,
}

/// A row with what was worked out of it once.
#[derive(Debug, Clone)]
struct Held {
    row: Row,
    picks: Picks,
}

/// How many runs are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts([usize; State::ALL.len()]);

impl Counts {
    /// Runs in `state`.
    pub fn of(&self, state: State) -> usize {
        self.0.get(state as usize).copied().unwrap_or(0)
    }

    fn add(&mut self, state: State) {
        if let Some(runs) = self.0.get_mut(state as usize) {
            *runs += 1;
        }
    }

    fn remove(&mut self, state: State) {
        if let Some(runs) = self.0.get_mut(state as usize) {
            *runs = runs.saturating_sub(1);
        }
    }
}

/// Why a run deserves a word in the header, gravest first.
const ALERTS: usize = 3;

fn alert_of(row: &Row, picks: &Picks) -> Option<usize> {
    match row.verdict.state {
        State::Failed => Some(0),
        State::Stalled => Some(1),
        State::Running if picks.loss_of(&row.run.facts).is_some_and(|loss| !loss.last.is_finite()) => Some(2),
        _ => None,
    }
}

/// All runs.
#[derive(Debug, Clone, Default)]
pub struct Store {
    rows: HashMap<RunKey, Held>,
    rules: Rules,
    problems: Vec<Problem>,
    walked: bool,
    reading: (u64, u64),
    counts: Counts,
    /// When each verdict runs out.
    due: BTreeSet<(Stamp, RunKey)>,
    /// Runs to alert about, newest first, one set for each kind.
    alerts: [BTreeSet<(Reverse<Option<Stamp>>, RunKey)>; ALERTS],
}

impl Store {
    /// An empty store that judges by `rules`.
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Takes news in.
    pub fn apply(&mut self, update: Update, now: Stamp) {
        match update {
            Update::Run(run) => {
                let verdict = judge(&run, &self.rules, now);
                self.insert(Row { run, verdict });
            }
            Update::Gone(key) => {
                self.remove(&key);
            }
            Update::Problem(problem) => {
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
            }
            Update::Solved(problem) => self.problems.retain(|known| *known != problem),
            Update::Walked => self.walked = true,
            Update::Reading { total, done } => self.reading = (done, total),
        }
    }

    /// Puts a row in place of what was known of its run.
    pub fn insert(&mut self, row: Row) {
        let key = row.run.key.clone();
        // what the figures amount to changes with the facts alone: a verdict that time has changed keeps them
        let before = self.remove(&key);
        let picks = match before {
            Some(held) if Arc::ptr_eq(&held.row.run, &row.run) => held.picks,
            _ => Picks::of(&row.run.facts),
        };
        self.counts.add(row.verdict.state);
        if let Some(until) = row.verdict.until {
            self.due.insert((until, key.clone()));
        }
        if let Some(set) = alert_of(&row, &picks).and_then(|kind| self.alerts.get_mut(kind)) {
            set.insert((Reverse(row.run.last_write), key.clone()));
        }
        self.rows.insert(key, Held { row, picks });
    }

    fn remove(&mut self, key: &RunKey) -> Option<Held> {
        let held = self.rows.remove(key)?;
        self.counts.remove(held.row.verdict.state);
        if let Some(until) = held.row.verdict.until {
            self.due.remove(&(until, key.clone()));
        }
        if let Some(set) = alert_of(&held.row, &held.picks).and_then(|kind| self.alerts.get_mut(kind)) {
            set.remove(&(Reverse(held.row.run.last_write), key.clone()));
        }
        Some(held)
    }

    /// Judges again every run whose verdict time alone has changed. Returns whether any state changed.
    pub fn judge_due(&mut self, now: Stamp) -> bool {
        !self.judged_anew(now).is_empty()
    }

    /// As [`Store::judge_due`], and tells which runs are in another state (or outdated) now.
    pub fn judged_anew(&mut self, now: Stamp) -> Vec<RunKey> {
        let mut due = Vec::new();
        while let Some((until, _)) = self.due.first()
            && *until <= now
            && let Some((_, key)) = self.due.pop_first()
        {
            due.push(key);
        }
        let mut changed = Vec::new();
        for key in due {
            let Some(row) = self.rows.get(&key).map(|held| held.row.clone()) else { continue };
            let mut verdict = judge(&row.run, &self.rules, now);
            // a judge that names a moment which has passed would be asked again for ever
            verdict.until = verdict.until.filter(|until| *until > now);
            if verdict.state != row.verdict.state || verdict.outdated != row.verdict.outdated {
                changed.push(key);
            }
            self.insert(Row { run: row.run, verdict });
        }
        changed
    }

    /// When [`Store::judge_due`] has something to do next.
    pub fn next_judgement(&self) -> Option<Stamp> {
        self.due.first().map(|(until, _)| *until)
    }

    /// The run called `key`.
    pub fn get(&self, key: &RunKey) -> Option<&Row> {
        self.rows.get(key).map(|held| &held.row)
    }

    /// Which of its figures stand for the run called `key` in the list.
    pub fn picks(&self, key: &RunKey) -> Option<&Picks> {
        self.rows.get(key).map(|held| &held.picks)
    }

    /// All rows, in no order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().map(|held| &held.row)
    }

    fn held(&self) -> impl Iterator<Item = (&RunKey, &Row, &Picks)> {
        self.rows.iter().map(|(key, held)| (key, &held.row, &held.picks))
    }

    /// How many runs are in which state.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The run that most deserves a word in the header: the newest failure, else the newest stall, else a loss that is
    /// not a number; only what is [`RECENT`]. Beside it, when time alone will have another answer.
    pub fn alert(&self, now: Stamp) -> Option<(&Row, Stamp)> {
        self.alerts.iter().find_map(|set| {
            let (Reverse(written), key) = set.first()?;
            let until = written.as_ref()?.plus(RECENT);
            (until > now).then(|| self.get(key)).flatten().map(|row| (row, until))
        })
    }

    /// How many runs there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What could not be read outside of any run.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether the first walk of all roots is over.
    pub fn walked(&self) -> bool {
        self.walked
    }

    /// Bytes understood, and bytes in all.
    pub fn reading(&self) -> (u64, u64) {
        self.reading
    }
}

#[cfg(test)]
pub mod tests;
