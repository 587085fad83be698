//! Where a step is in a log that names none: by the counters of its bars.
//!
//! A bar counts within its round, which mostly is an epoch: it begins anew with each of them. A step of the run is then told as
//! rounds times the total, as `track` tells it; where the bar, or a line above it, names the epoch, that is what counts. Several bars
//! may take turns (training, validation, loading): the one that is meant is that of the given total, else the one that counts most.

use super::bar;
use super::logline::Line;
use super::logplace;
use crate::model::log::LineKind;
use crate::model::log::StepAnswer;
use crate::model::log::StepFound;

/// Bars kept apart; further ones are passed over.
const BARS: usize = 32;

/// Letters that tell bars apart.
const NAME: usize = 40;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A step of the run.
    Run(u64),
    /// An epoch, and a step within it.
    Epoch(u64, Option<u64>),
}

/// What a line's bar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter<'a> {
    /// What stands before it.
    label: &'a str,
    /// Units done.
    done: u64,
    /// Units in all.
    of: Option<u64>,
}

/// The counter of a bar: tqdm's, rich's, Keras's.
pub fn counter(text: &str) -> Option<Counter<'_>> {
    if let Some(found) = bar::tqdm(text) {
        let (done, of) = (whole(found.bar.current)?, found.bar.total.and_then(whole));
        return Some(Counter { label: found.bar.label, done, of });
    }
    if !text.contains(['━', '╸', '╺', '█']) && !text.contains("[=") && !text.contains("==]") {
        return None;
    }
    let mut before = "";
    for word in text.split_ascii_whitespace() {
        if !before.to_ascii_lowercase().ends_with("epoch")
            && let Some((done, of)) = word.trim_matches(['[', ']', ',']).split_once('/')
            && let (Ok(done), Ok(of)) = (done.parse(), of.parse())
        {
            // what stands before the figures names the round
            let at = text.find(word).unwrap_or(0);
            return Some(Counter { label: text.get(..at).unwrap_or_default(), done, of: Some(of) });
        }
        before = word;
    }
    None
}

/// A count that is whole and can be one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole and in range"
)]
fn whole(figure: f64) -> Option<u64> {
    (figure.fract() == 0.0 && (0.0..9e15).contains(&figure)).then_some(figure as u64)
}

/// A bar through all its rounds.
#[derive(Debug, Clone)]
struct Bar {
    /// The letters before it.
    name: String,
    of: Option<u64>,
    /// Rounds that began.
    rounds: u64,
    done: u64,
    epoch: Option<u64>,
    /// The epoch of its first round.
    first: Option<u64>,
    /// Whether each round named the next epoch.
    steady: bool,
    /// Whether the bar itself names it: a line above may speak of the epoch before.
    labelled: bool,
    /// The first line at or behind what is looked for: by the rounds that were counted, and by the epochs that were named.
    counted: Option<StepFound>,
    named: Option<StepFound>,
}

/// Goes through a log line by line.
#[derive(Debug, Clone)]
pub struct Rounds {
    target: Target,
    /// The total of the run's bar, as the run's facts tell it.
    total: Option<u64>,
    /// The epoch that was named last.
    epoch: Option<u64>,
    bars: Vec<Bar>,
    /// The first line that names the epoch, or a step in it.
    said: Option<StepFound>,
}

impl Rounds {
    /// Looks for `target`; `total` is that of the run's own bar where it is known.
    pub const fn new(target: Target, total: Option<u64>) -> Self {
        Self { target, total, epoch: None, bars: Vec::new(), said: None }
    }

    /// The next line of the log, which begins at `offset`.
    pub fn line(&mut self, offset: u64, line: &Line<'_>) {
        let counter =
            if line.kind == LineKind::Text && !line.text.contains('/') { None } else { counter(line.text) };
        let Some(counter) = counter else {
            self.words(offset, line);
            return;
        };
        let own = logplace::epoch(counter.label);
        let epoch = own.or(self.epoch);
        self.epoch = epoch;
        let name: String = counter.label.chars().filter(|c| c.is_alphabetic()).take(NAME).collect();
        let at = self.bars.iter().position(|bar| bar.of == counter.of && bar.name == name);
        let at = at.unwrap_or(self.bars.len());
        if at == self.bars.len() {
            if at == BARS {
                return;
            }
            self.bars.push(Bar {
                name,
                of: counter.of,
                rounds: 0,
                done: 0,
                epoch: None,
                first: None,
                steady: true,
                labelled: own.is_some(),
                counted: None,
                named: None,
            });
        }
        let target = self.target;
        if let Some(bar) = self.bars.get_mut(at) {
            bar.draw(offset, &counter, epoch, target);
        }
    }

    /// A line without a bar may name an epoch.
    fn words(&mut self, offset: u64, line: &Line<'_>) {
        if line.kind != LineKind::Text || !logplace::may_name_epoch(line.text) {
            return;
        }
        let Some(epoch) = logplace::epoch(line.text) else { return };
        self.epoch = Some(epoch);
        let Target::Epoch(wanted, step) = self.target else { return };
        let own = logplace::step(line.text);
        let there = match step {
            None => true,
            Some(step) => own.is_some_and(|own| own >= step),
        };
        if epoch == wanted && there && self.said.is_none() {
            let done = own.unwrap_or(0);
            self.said = Some(StepFound {
                offset,
                step: step.unwrap_or(done),
                epoch: Some(epoch),
                round: epoch,
                later: false,
                done,
                of: None,
            });
        }
    }

    /// Whether what was found stays the answer whatever comes: of a bar that names its epochs, and is the one that is meant.
    pub fn is_sure(&self) -> bool {
        let meant = |bar: &Bar| match self.target {
            Target::Epoch(..) => true,
            Target::Run(_) => self.total.is_some() && bar.of == self.total,
        };
        self.bars.iter().find(|bar| meant(bar) && bar.named.is_some()).is_some_and(|bar| bar.labelled)
    }

    /// What came of it by now.
    pub fn found(&self) -> StepAnswer {
        if let Target::Epoch(..) = self.target {
            let bars = self.bars.iter().filter(|bar| bar.names_epochs()).filter_map(|bar| bar.named);
            let first = bars.chain(self.said).min_by_key(|found| found.offset);
            return first.map_or(
                if self.epoch.is_some() { StepAnswer::TooFew } else { StepAnswer::Nothing },
                StepAnswer::At,
            );
        }
        let told = self.bars.iter().find(|bar| self.total.is_some() && bar.of == self.total);
        let Some(bar) = told.or_else(|| self.bars.iter().max_by_key(|bar| bar.reached())) else {
            return StepAnswer::Nothing;
        };
        let others = self.bars.iter().filter(|other| other.name == bar.name && other.of != bar.of).count();
        let uneven = told.is_none() && others as u64 >= bar.rounds && others > 0;
        if uneven || bar.of.is_none() && bar.rounds > 1 {
            return StepAnswer::Uneven;
        }
        let found = if bar.names_epochs() { bar.named } else { bar.counted };
        found.map_or(StepAnswer::TooFew, StepAnswer::At)
    }
}

impl Bar {
    const fn names_epochs(&self) -> bool {
        self.labelled || self.steady && self.first.is_some()
    }

    fn reached(&self) -> u64 {
        self.rounds.saturating_mul(self.of.unwrap_or(self.done))
    }

    fn draw(&mut self, offset: u64, counter: &Counter<'_>, epoch: Option<u64>, target: Target) {
        let begins = self.rounds == 0 || counter.done < self.done || epoch != self.epoch;
        if begins {
            if self.rounds == 0 {
                self.first = epoch;
            } else {
                let next = self.epoch.and_then(|epoch| epoch.checked_add(1));
                self.steady &= epoch == next;
            }
            self.rounds += 1;
        }
        self.epoch = epoch;
        self.done = counter.done;
        let row = StepFound {
            offset,
            step: counter.done,
            epoch,
            round: self.rounds,
            later: false,
            done: counter.done,
            of: counter.of,
        };
        match target {
            Target::Epoch(wanted, step) => {
                let there = epoch == Some(wanted) && step.is_none_or(|step| counter.done >= step);
                if self.named.is_none() && there {
                    self.named = Some(StepFound { step: step.unwrap_or(row.step), ..row });
                }
            }
            Target::Run(step) => {
                let of = counter.of.unwrap_or(0);
                if self.counted.is_none() {
                    self.counted = reached(step, self.rounds - 1, StepFound { epoch: None, ..row }, of);
                }
                // epochs are counted from 1, unless one says that it is 0
                let base = u64::from(self.first != Some(0));
                let before = epoch.and_then(|epoch| epoch.checked_sub(base));
                if let (None, Some(before)) = (self.named, before) {
                    self.named = reached(step, before, row, of);
                }
            }
        }
    }
}

/// The row, if the run's step lies in it or before it, with what the step is within the round.
fn reached(step: u64, rounds_before: u64, row: StepFound, of: u64) -> Option<StepFound> {
    let before = rounds_before.saturating_mul(of);
    let later = step <= before && rounds_before > 0;
    let within = if later { row.done } else { step.saturating_sub(before) };
    (before.saturating_add(row.done) >= step).then_some(StepFound { step: within, later, ..row })
}

#[cfg(test)]
mod tests;
