//! Counters that bear no name: `[3/100] loss 0.5`, `[2,  4000] loss: 1.2`, `Progress: 34.2%`. What they are is told by how they move.
//!
//! A ratio before figures may be the worker, the fold or the day. It is where the run stands once it has climbed a few times to
//! one and the same total; until then nothing is said. Whether it counts epochs or steps stays open: only how far it is, is known.
//! The first of two numbers in one bracket is an epoch once the second began anew while it went up by one.

use smallvec::SmallVec;

use super::words::Counter;

/// Climbs after which a counter is believed.
const ENOUGH: u32 = 3;
/// Counters that are watched at a time.
const MOST: usize = 8;

/// One counter.
#[derive(Debug, Clone, Copy)]
struct Move {
    what: Counter,
    done: f64,
    all: f64,
    climbs: u32,
    /// Whether it counted from 0 or 1 by ones so far.
    by_one: bool,
    /// It was seen to be where the run is.
    sure: bool,
}

/// What is watched.
#[derive(Debug, Default)]
pub(super) struct Movement(SmallVec<[Move; 2]>);

impl Movement {
    /// A counter stands at `done` of `all`. Whether it is known by now to tell where the run is.
    pub(super) fn see(&mut self, what: Counter, done: f64, all: f64) -> bool {
        // a pair's second number is no total: there is one such counter
        let same =
            |m: &&mut Move| m.what == what && (what == Counter::Outer || m.all.to_bits() == all.to_bits());
        let Some(known) = self.0.iter_mut().find(same) else {
            if self.0.len() >= MOST {
                self.0.remove(0);
            }
            self.0.push(Move { what, done, all, climbs: 0, by_one: done <= 1.0, sure: false });
            return false;
        };
        if what == Counter::Outer {
            return known.pair(done, all);
        }
        known.ratio(done, all)
    }
}

impl Move {
    fn ratio(&mut self, done: f64, all: f64) -> bool {
        if done > self.done {
            self.climbs = self.climbs.saturating_add(1);
            self.by_one &= done.to_bits() == (self.done + 1.0).to_bits();
        } else if done < self.done && !self.sure {
            self.climbs = 0;
            self.by_one = done <= 1.0;
        }
        self.done = done;
        self.sure |= self.climbs >= ENOUGH || (self.by_one && self.climbs >= 2 && done >= all);
        self.sure && done <= all
    }

    /// `outer` and the number behind it.
    fn pair(&mut self, outer: f64, inner: f64) -> bool {
        if outer.to_bits() == self.done.to_bits() && inner > self.all {
            self.climbs = self.climbs.saturating_add(1);
        } else if outer.to_bits() == (self.done + 1.0).to_bits() && inner < self.all && self.climbs >= 2 {
            self.sure = true;
        } else if outer.to_bits() != (self.done + 1.0).to_bits() || inner > self.all {
            (self.sure, self.climbs) = (false, 0);
        }
        (self.done, self.all) = (outer, inner);
        self.sure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(what: Counter, seen: &[(f64, f64)]) -> Vec<bool> {
        let mut movement = Movement::default();
        seen.iter().map(|(done, all)| movement.see(what, *done, *all)).collect()
    }

    #[test]
    fn a_ratio_is_believed_once_it_has_climbed() {
        let climbs: Vec<(f64, f64)> = (1..=5).map(|i| (f64::from(i) * 10.0, 100.0)).collect();
        assert_eq!(sure(Counter::Nameless, &climbs), [false, false, false, true, true]);
        assert_eq!(sure(Counter::Nameless, &[(1.0, 3.0), (2.0, 3.0), (3.0, 3.0)]), [false, false, true]);
        // workers and folds
        assert_eq!(sure(Counter::Nameless, &[(1.0, 8.0), (5.0, 8.0), (2.0, 8.0), (7.0, 8.0)]), [false; 4]);
        assert_eq!(sure(Counter::Nameless, &[(1.0, 8.0); 5]), [false; 5]);
        assert_eq!(sure(Counter::Nameless, &[(1.0, 8.0), (2.0, 9.0), (3.0, 10.0), (4.0, 11.0)]), [false; 4]);
    }

    #[test]
    fn an_epoch_is_what_goes_up_when_the_other_begins_anew() {
        let seen = [(1.0, 2000.0), (1.0, 4000.0), (1.0, 6000.0), (2.0, 2000.0), (2.0, 4000.0), (3.0, 2000.0)];
        assert_eq!(sure(Counter::Outer, &seen), [false, false, false, true, true, true]);
        assert_eq!(sure(Counter::Outer, &[(1.0, 5.0), (7.0, 2.0), (3.0, 9.0), (4.0, 8.0)]), [false; 4]);
    }
}
