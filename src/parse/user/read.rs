//! What a pattern reads of one line: the text of each group as what the group stands for.

use regex::Captures;
use smallvec::SmallVec;

use super::groups::Group;
use super::pattern::Pattern;
use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::stamp::Stamp;
use crate::parse::text::number;
use crate::parse::text::prefix;
use crate::parse::text::time;

/// Metrics that one line may have.
const MOST: usize = 256;

/// What was read of a line. Counts are as written: their base is not settled here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading<'a> {
    /// Where in training.
    pub at: At,
    /// How grave it is.
    pub level: Option<Level>,
    /// The message for people.
    pub message: Option<&'a str>,
    /// When it was written, as printed and as a moment.
    pub time: Option<(&'a str, Stamp)>,
    /// Metrics, in the order they stand.
    pub values: Pairs<'a>,
    /// Groups whose text is not what they stand for: nothing was read of them. Their names and texts.
    pub unread: SmallVec<[(&'a str, &'a str); 2]>,
}

/// A count of things done: a whole number, or one that was rounded to `50K`, which is none (NaN).
fn count(text: &str) -> Option<f64> {
    let figure = number::figure(text)?;
    let fits = (0.0..1e15).contains(&figure.value) && figure.unit.is_empty();
    match figure.rounded {
        true if fits => Some(f64::NAN),
        false if fits && figure.value.fract() == 0.0 => Some(figure.value),
        _ => None,
    }
}

/// A count of things in all.
fn total(text: &str) -> Option<f64> {
    count(text).filter(|total| *total >= 1.0)
}

/// A level by its name, its short name or its first letter, in any case.
pub fn level(word: &str) -> Option<Level> {
    let word = word.trim();
    prefix::level(word)
        .or_else(|| prefix::level(&word.to_ascii_uppercase()))
        .or_else(|| prefix::letter(&word.to_ascii_uppercase()))
}

/// A time as loggers print it, or seconds since 1970.
pub fn moment(text: &str) -> Option<Stamp> {
    let text = text.trim();
    match time::leading(text) {
        Some(timed) => timed.rest.is_empty().then_some(timed.stamp),
        None => text.parse().ok().filter(|seconds| (1e9..1e10).contains(seconds)).map(Stamp::from_secs_f64),
    }
}

impl Pattern {
    /// What it makes of a line; `None` when it does not match. `pair` reads what the group `pairs` holds.
    pub(super) fn read<'a>(&'a self, line: &'a str, torn: bool, pair: Option<&Self>) -> Option<Reading<'a>> {
        // most lines are not its own: that is told without the bookkeeping of groups, and mostly by a literal alone
        if !self.regex().is_match(line) {
            return None;
        }
        let found = self.regex().captures(line)?;
        let mut reading = Reading::default();
        for ((number, group), name) in self.groups.iter().zip(self.names()) {
            let Some(part) = found.get(*number).filter(|part| !(torn && part.end() == line.len())) else {
                continue;
            };
            let text = part.as_str();
            let read = match group {
                Group::Pairs => {
                    if let Some(pair) = pair {
                        pair.pairs(text, &mut reading);
                    }
                    true
                }
                Group::Name(_) => true,
                Group::Value(pair) => match self.name_of(*pair, &found) {
                    Some(name) => metric(name, text, &mut reading),
                    None => true,
                },
                Group::Metric(name) => metric(name, text, &mut reading),
                _ => placed(group, text, &mut reading),
            };
            if !read {
                reading.unread.push((name, text));
            }
        }
        Some(reading)
    }

    /// The name whose figure is in the group `value` of a number.
    fn name_of<'a>(&self, pair: u32, found: &Captures<'a>) -> Option<&'a str> {
        let (number, _) = self.groups.iter().find(|(_, group)| *group == Group::Name(pair))?;
        found.get(*number).map(|part| part.as_str().trim()).filter(|name| !name.is_empty())
    }

    /// Every pair that `text` holds.
    fn pairs<'a>(&self, text: &'a str, reading: &mut Reading<'a>) {
        for found in self.regex().captures_iter(text) {
            let (Some(name), Some(value)) = (found.name("name"), found.name("value")) else { continue };
            let (name, value) = (name.as_str().trim(), value.as_str());
            if !name.is_empty() && !metric(name, value, reading) {
                reading.unread.push((name, value));
            }
        }
    }
}

/// Takes a metric's figure in. Returns whether it was a figure.
fn metric<'a>(name: &'a str, text: &str, reading: &mut Reading<'a>) -> bool {
    let Some(figure) = number::figure(text.trim()) else { return false };
    if reading.values.len() < MOST {
        reading.values.push(Pair { name, value: figure.value });
    }
    true
}

/// Takes in what is no metric. Returns whether the text was what its group stands for.
fn placed<'a>(group: &Group, text: &'a str, reading: &mut Reading<'a>) -> bool {
    let bare = text.trim();
    let Reading { at, level: gravity, message, time, .. } = reading;
    let (slot, value) = match group {
        Group::Epoch => {
            let label = number::figure(bare).filter(|label| label.value >= 0.0 && !label.rounded);
            (&mut at.epoch, label.map(|label| label.value))
        }
        Group::Epochs => (&mut at.epoch_total, total(bare)),
        Group::Step => (&mut at.step, count(bare)),
        Group::Steps => (&mut at.step_total, total(bare)),
        Group::Batch => (&mut at.batch, count(bare).filter(|batch| !batch.is_nan())),
        Group::Batches => (&mut at.batch_total, total(bare)),
        Group::Level => {
            *gravity = level(bare);
            return gravity.is_some();
        }
        Group::Message => {
            *message = Some(bare);
            return true;
        }
        Group::Time => {
            *time = moment(bare).map(|moment| (bare, moment));
            return time.is_some();
        }
        Group::Name(_) | Group::Value(_) | Group::Pairs | Group::Metric(_) => return true,
    };
    *slot = value;
    value.is_some()
}
