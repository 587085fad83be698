//! How fast something goes, and how long the rest will take: told only once there is enough to tell it from.
//!
//! The rate is the mean over the pass so far, so that it does not jump; a jump of the count (a resumed run fast-forwards its
//! bar) starts it anew, for what was skipped took no time.

/// Steps that must have been seen.
const STEPS: f64 = 3.0;
/// Seconds that they must have taken.
const SECONDS: f64 = 2.0;

/// A pace.
#[derive(Debug, Clone, Default)]
pub(super) struct Pace {
    first: Option<(f64, f64)>,
    last: (f64, f64),
    /// Mean rate of the pass before.
    before: Option<f64>,
}

impl Pace {
    /// Whether nothing was seen of it yet.
    #[inline]
    pub(super) fn is_new(&self) -> bool {
        self.first.is_none()
    }

    /// The count stood at `count` after `seconds` (since any fixed moment).
    #[inline]
    pub(super) fn at(&mut self, count: f64, seconds: f64, total: Option<f64>) {
        let Some((_, start)) = self.first else {
            self.first = Some((count, seconds));
            self.last = (count, seconds);
            return;
        };
        let (from, then) = self.last;
        let skipped = count - from > 2.0
            && total.is_some_and(|all| count - from > all * 0.05)
            && seconds - then < 1.0
            && then - start < 1.0;
        if count < from || seconds < then || skipped {
            self.first = Some((count, seconds));
        }
        self.last = (count, seconds);
    }

    /// Whether nothing can be skipped any more: that is told in the first second only.
    pub(super) fn is_under_way(&self) -> bool {
        self.first.is_some_and(|(_, start)| self.last.1 - start >= 1.0)
    }

    /// As [`Pace::at`], for one under way that went on, with no look before the last one.
    pub(super) fn goes_on(&mut self, count: f64, seconds: f64) {
        self.last = (count, seconds);
    }

    /// A new pass begins.
    pub(super) fn again(&mut self) {
        self.before = self.rate().or(self.before);
        self.first = Some((0.0, 0.0));
        self.last = (0.0, 0.0);
    }

    /// Units per second; `None` until it can be trusted.
    pub(super) fn rate(&self) -> Option<f64> {
        let (from, start) = self.first?;
        let (to, now) = self.last;
        let (steps, seconds) = (to - from, now - start);
        if steps >= STEPS && seconds >= SECONDS { Some(steps / seconds) } else { self.before }
    }

    /// Seconds between the first and the newest look.
    pub(super) fn seconds(&self) -> Option<f64> {
        let (_, start) = self.first?;
        Some(self.last.1 - start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_and_ignores_what_was_skipped() {
        let mut pace = Pace::default();
        pace.at(0.0, 0.0, Some(120.0));
        pace.at(61.0, 0.0, Some(120.0));
        assert_eq!(pace.rate(), None);
        pace.at(63.0, 1.0, Some(120.0));
        assert_eq!(pace.rate(), None);
        pace.at(71.0, 5.0, Some(120.0));
        assert_eq!(pace.rate(), Some(2.0));
        pace.again();
        assert_eq!(pace.rate(), Some(2.0));
    }
}
