//! All runs with their verdicts, sorted and filtered. Pure.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::rules::Rules;
use crate::model::run::{Problem, Run, RunKey, Verdict};
use crate::model::stamp::Stamp;
use crate::track::judge::judge;

/// What the engine tells.
#[derive(Debug, Clone)]
pub enum Update {
    /// A run is there, or is other than it was.
    Run(Arc<Run>),
    /// A run is no more.
    Gone(RunKey),
    /// Something outside a run cannot be read; told once for each path.
    Problem(Problem),
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

/// All runs.
#[derive(Debug, Clone, Default)]
pub struct Store {
    rows: HashMap<RunKey, Row>,
    rules: Rules,
    problems: Vec<Problem>,
    walked: bool,
    reading: (u64, u64),
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
                let verdict = judge(&run, None, &self.rules, now);
                self.rows.insert(run.key.clone(), Row { run, verdict });
            }
            Update::Gone(key) => {
                self.rows.remove(&key);
            }
            Update::Problem(problem) => {
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
            }
            Update::Walked => self.walked = true,
            Update::Reading { total, done } => self.reading = (done, total),
        }
    }

    /// Judges again every run whose verdict time alone has changed. Returns whether any state changed.
    pub fn judge_due(&mut self, now: Stamp) -> bool {
        let mut changed = false;
        for row in self.rows.values_mut() {
            if row.verdict.until.is_some_and(|until| until <= now) {
                let verdict = judge(&row.run, None, &self.rules, now);
                changed |= verdict.state != row.verdict.state || verdict.outdated != row.verdict.outdated;
                row.verdict = verdict;
            }
        }
        changed
    }

    /// When [`Store::judge_due`] has something to do next.
    pub fn next_judgement(&self) -> Option<Stamp> {
        self.rows.values().filter_map(|row| row.verdict.until).min()
    }

    /// The run called `key`.
    pub fn get(&self, key: &RunKey) -> Option<&Row> {
        self.rows.get(key)
    }

    /// All rows, in no order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
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
