//! The rows that a log prints of its own, told from lines that only look like one: a sample that was generated, a quoted log, a
//! dump of settings, a list of checkpoints, a comment.
//!
//! No word tells them apart, but their form does. A training loop prints one and the same line again and again while its counter
//! climbs; once a log has done that, a line that speaks of the same counter, or of the same measures, and begins otherwise is not
//! believed before it has come again as rows do. What counts something else (epochs beside steps, batches inside epochs), what was
//! measured on other data, and measures of other names are no rivals and are taken as they come.

use smallvec::SmallVec;

use crate::model::record::At;
use crate::model::record::Split;

use super::row::Weighed;

/// Ways to begin a line that are remembered.
const MOST: usize = 24;
/// Names of measures that are remembered.
const MOST_NAMES: usize = 48;
/// Sightings after which a line without a place is one of the log's own, whatever its rows look like.
const OFTEN: u32 = 3;

/// Which counters a line tells.
const EPOCH: u8 = 1;
const STEP: u8 = 2;
const INSIDE: u8 = 4;
const FIGURES: u8 = 8;

/// Lines that begin alike and tell the same counters.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing that was seen of them, in any combination"
)]
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Of the text before the first figure.
    lead: u64,
    kind: u8,
    /// Where the newest one stood.
    place: f64,
    /// Where the first one stood, or any further back.
    least: f64,
    /// How often it stood further on than the one before.
    climbs: u32,
    seen: u32,
    /// Rows of other ways that there were when it was last seen.
    rows: u32,
    /// It is the log's own.
    own: bool,
    /// The log had rows of its own when it came first.
    late: bool,
    /// The newest one had come to its own total.
    over: bool,
    /// The newest one told a step, and more that were to come.
    short: bool,
}

/// What is remembered of a log's rows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    ways: SmallVec<[Way; 4]>,
    names: Vec<Box<str>>,
    /// Rows that were the log's own.
    taken: u32,
    /// The way that the newest row went.
    newest: usize,
    /// The newest line with a place has measures, too.
    full: bool,
    /// The newest row's counter was further back than that of the one before.
    anew: bool,
}

/// Whether a place is the last of all that it tells of.
fn is_over(at: &At) -> bool {
    let over = |done: Option<f64>, all: Option<f64>| done.zip(all).is_some_and(|(done, all)| done >= all);
    over(at.epoch, at.epoch_total) || over(at.step, at.step_total)
}

/// Whether steps are left, as the place tells.
fn is_short(at: &At) -> bool {
    at.step.zip(at.step_total).is_some_and(|(step, all)| step < all)
}

fn kind(at: &At) -> u8 {
    let inside = at.batch.is_some() || at.part.is_some() || (at.epoch.is_some() && at.step.is_some());
    u8::from(at.epoch.is_some()) * EPOCH + u8::from(at.step.is_some()) * STEP + u8::from(inside) * INSIDE
}

/// A number that grows with the place.
fn far(at: &At) -> f64 {
    let inner = at.batch.or(at.part).unwrap_or(0.0);
    match (at.epoch, at.step) {
        (Some(epoch), Some(step)) => epoch * 1e9 + step,
        (Some(epoch), None) => epoch * 1e9 + inner,
        (None, Some(step)) => step,
        (None, None) => inner,
    }
}

impl Rows {
    /// Takes a line in. Takes from it what is another's: its place, and the measures that rows have. Returns whether it did.
    pub(super) fn judge(&mut self, found: &mut Weighed<'_>) -> bool {
        if found.split.is_some_and(|split| split != Split::Train) {
            return false;
        }
        let place = if found.placed { kind(&found.at) } else { 0 };
        let figures = !found.values.is_empty();
        if place & (EPOCH | STEP) == 0 && !figures {
            return false;
        }
        let kind = place | if figures { FIGURES } else { 0 };
        let (lead, at) = (found.lead, far(&found.at));
        self.anew = false;
        if place & (EPOCH | STEP) != 0 {
            self.full = found.measures;
        }
        let same = |way: &Way| way.lead == lead && way.kind == kind;
        if let Some(way) = self.ways.get_mut(self.newest).filter(|way| same(way) && way.own) {
            // nearly every row of a log goes the way of the one before
            way.climbs = way.climbs.saturating_add(u32::from(at > way.place));
            self.anew = at < way.place;
            (way.place, way.over, way.short) = (at, is_over(&found.at), is_short(&found.at));
            way.least = way.least.min(at);
            self.taken = self.taken.saturating_add(1);
            return false;
        }
        if self.is_own(lead, kind, at, found) {
            self.taken = self.taken.saturating_add(1);
            return false;
        }
        let rival = if place & (EPOCH | STEP) == 0 {
            // below a line that tells only where it was taken, measures have no place of their own
            self.full && found.values.iter().any(|pair| self.names.iter().any(|name| **name == *pair.name))
        } else {
            true
        };
        if rival {
            found.values.retain(|pair| !self.names.iter().any(|name| **name == *pair.name));
            found.beside = None;
            (found.placed, found.at, found.bare, found.done) = (false, At::default(), false, false);
            found.totals.clear();
            (found.counted, found.turn) = (None, None);
        }
        rival
    }

    /// Whether the newest row begins a loop: the first of its way, or one that counts anew.
    pub(super) fn begins(&self) -> bool {
        self.anew
    }

    /// Whether a place is one that the newest row may be followed by: of the same epoch or the next, and not twice as far.
    pub(super) fn goes_on(&self, at: &At) -> bool {
        let Some(way) = self.ways.get(self.newest) else { return true };
        match (at.epoch, at.step) {
            (Some(epoch), _) if way.kind & EPOCH != 0 => epoch <= (way.place / 1e9).floor() + 1.0,
            (None, Some(step)) if way.kind & (EPOCH | STEP) == STEP => step <= way.place * 2.0,
            _ => true,
        }
    }

    /// Keeps the names of a row that was taken.
    pub(super) fn learn(&mut self, found: &Weighed<'_>) {
        if !found.placed || kind(&found.at) & (EPOCH | STEP) == 0 {
            return;
        }
        for pair in &found.values {
            if self.names.len() < MOST_NAMES && self.names.iter().all(|name| **name != *pair.name) {
                self.names.push(pair.name.into());
            }
        }
    }

    /// The rows that a line of `kind` would be a rival of.
    fn main(&self, kind: u8) -> Option<&Way> {
        let counts = kind & (EPOCH | STEP | INSIDE);
        self.ways.iter().find(|way| {
            let alike = if counts & (EPOCH | STEP) == 0 {
                // figures of no place: beside batches they sum up
                way.kind & INSIDE == 0
            } else {
                way.kind & (EPOCH | STEP | INSIDE) == counts
            };
            way.own && way.climbs > 0 && way.kind & FIGURES != 0 && alike
        })
    }

    /// Whether a line that begins so is one of the log's own rows.
    fn is_own(&mut self, lead: u64, kind: u8, at: f64, found: &Weighed<'_>) -> bool {
        // what counts from its beginning once rows have come to their total is the next loop
        let next = |main: &Way| main.over && at <= main.least && kind & FIGURES != 0;
        let rival = self.main(kind).is_some_and(|main| !next(main));
        let ahead = self.is_ahead(kind, found);
        let Some(i) = self.ways.iter().position(|way| way.lead == lead && way.kind == kind) else {
            let own = !rival && !ahead;
            if self.ways.len() >= MOST {
                self.ways.remove(0);
            }
            self.newest = self.ways.len();
            let (rows, late) = (self.taken, rival || ahead);
            self.ways.push(Way {
                lead,
                kind,
                place: at,
                least: at,
                climbs: 0,
                seen: 1,
                rows,
                own,
                late,
                over: is_over(&found.at),
                short: is_short(&found.at),
            });
            self.anew = own;
            return own;
        };
        let rows = self.taken;
        let Some(way) = self.ways.get_mut(i) else { return true };
        way.seen = way.seen.saturating_add(1);
        let between = rows > way.rows;
        if at > way.place {
            way.climbs = way.climbs.saturating_add(1);
        }
        way.own = if kind & (EPOCH | STEP) == 0 {
            !rival || way.seen > OFTEN
        } else if way.late {
            way.own || (way.climbs > 0 && between) || way.climbs > 1
        } else {
            !rival || way.climbs > 0
        };
        self.anew = at < way.place;
        (way.place, way.rows, way.over, way.short) = (at, rows, is_over(&found.at), is_short(&found.at));
        way.least = way.least.min(at);
        let own = way.own;
        if own {
            self.newest = i;
        }
        own
    }

    /// Whether an epoch is not the one that rows stand in, nor the next (`Epoch 10 will be the last`), or is the last of all where
    /// the steps of the run, which told no epoch before, are under way.
    fn is_ahead(&self, kind: u8, found: &Weighed<'_>) -> bool {
        let Some(epoch) = found.at.epoch else { return false };
        let last = found.at.epoch_total.is_some_and(|all| all > 1.0 && epoch >= all);
        let rows = || self.ways.iter().filter(|way| way.own && way.climbs > 0);
        if rows().all(|way| way.kind & EPOCH == 0) {
            return last && rows().any(|way| way.kind & STEP != 0 && way.short);
        }
        if kind & FIGURES != 0 && !last {
            return false;
        }
        let mut rows = rows().filter(|way| way.kind & EPOCH != 0).map(|way| (way.place / 1e9).floor());
        !found.done && rows.all(|now| epoch > now + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::row;
    use super::super::words::Lexicon;
    use super::*;

    /// Whether each line is taken as a row of the log.
    fn own(lines: &[&str]) -> Vec<bool> {
        let (mut rows, mut words) = (Rows::default(), Lexicon::default());
        lines
            .iter()
            .map(|line| {
                let mut found = row::weigh(line, &mut words);
                let foreign = rows.judge(&mut found);
                if !foreign {
                    rows.learn(&found);
                }
                !foreign
            })
            .collect()
    }

    #[test]
    fn what_begins_otherwise_is_no_row_of_the_log() {
        for stranger in [
            "# epoch 3/3 loss 0.1",
            "> epoch 3/3 loss 0.1",
            "-epoch 3/3 loss 0.1",
            "<s> epoch 3/3 loss 0.1 </s>",
            "TODO: check why epoch 3/3 loss 0.1",
            "+ python train.py epoch=7 loss=0.1",
            "the loss 3 of winter, epoch 5 of 10,",
            "==> epoch 1 has the lowest loss: 0.7",
            "loss = 0.5",
            "Epoch 10 will be the last",
        ] {
            assert_eq!(
                own(&["epoch 1/3 loss 0.9", "epoch 2/3 loss 0.8", stranger]),
                [true, true, false],
                "{stranger}"
            );
        }
    }

    #[test]
    fn what_comes_again_as_rows_do_is_one() {
        assert_eq!(
            own(&[
                "epoch 1 loss 0.9",
                "epoch 2 loss 0.8",
                "* Epoch 2 loss 0.7",
                "epoch 3 loss 0.7",
                "* Epoch 3 loss 0.6"
            ]),
            [true, true, false, true, true]
        );
        // another program's rows in the same file
        assert_eq!(
            own(&[
                "epoch 1 loss 0.9",
                "epoch 2 loss 0.8",
                "[b] epoch 1 loss 1",
                "[b] epoch 2 loss 1",
                "[b] epoch 3 loss 1"
            ]),
            [true, true, false, false, true]
        );
    }

    #[test]
    fn other_counters_other_data_and_other_names_are_no_rivals() {
        for other in [
            "Epoch 1 done: loss 0.85",
            "val loss 0.7",
            "[val] loss 0.7",
            "Test: loss 0.5 acc 0.9",
            "accuracy: 0.9",
        ] {
            assert_eq!(
                own(&["step 100 loss 0.9", "step 200 loss 0.8", other]),
                [true, true, true],
                "{other}"
            );
        }
        let batches =
            ["epoch 1 batch 10 loss 0.9", "epoch 1 batch 20 loss 0.8", "epoch 1 loss 0.85", "loss 0.85"];
        assert_eq!(own(&batches), [true; 4]);
    }
}
