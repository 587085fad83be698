//! Batches of an epoch as lines number them (`epoch 2/7 | batch 5/15`): how many there are, and from where they count.

/// What lines said of batches.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Batches {
    /// In one epoch.
    all: Option<f64>,
    /// Epochs had different totals.
    uneven: bool,
    /// The newest, as written.
    now: f64,
    /// What the first one of an epoch is called, once a line showed it.
    base: Option<u8>,
    /// How far the newest line was from the one before.
    stride: f64,
    /// How many lines in a row were as far apart.
    strides: u32,
    /// The newest of the epoch before.
    before: Option<f64>,
    /// An epoch began, and none of its batches was told.
    none: bool,
}

impl Batches {
    /// Takes a line's batch in.
    pub(super) fn see(&mut self, batch: f64, all: f64) {
        self.uneven |= self.all.is_some_and(|before| before.to_bits() != all.to_bits());
        self.all = Some(all);
        if batch > self.now {
            let stride = batch - self.now;
            let even = (stride - self.stride).abs() < 1e-9 * all;
            self.strides = if even { self.strides.saturating_add(1) } else { 0 };
            self.stride = stride;
        } else if batch < self.now {
            (self.strides, self.before) = (0, Some(self.now));
        }
        (self.now, self.none) = (batch, false);
        if batch == 0.0 {
            self.base = Some(0);
        } else if batch >= all {
            self.base = Some(1);
        }
    }

    /// Another epoch begins.
    pub(super) fn begin(&mut self) {
        self.none = true;
    }

    /// In each epoch, if all have as many.
    pub(super) fn in_each(&self) -> Option<f64> {
        self.all.filter(|all| *all > 0.0 && !self.uneven)
    }

    /// Something else was done behind the newest one: none was due.
    pub(super) fn leave(&mut self) {
        self.strides = 0;
    }

    /// Whether `batch` is the last one of an epoch: batches that count from 0 never come to their total.
    pub(super) fn is_last(&self, batch: f64, all: f64) -> bool {
        batch >= all || (self.base == Some(0) && all > 1.0 && batch + 1.0 >= all)
    }

    /// Whether the next line was due within this epoch: lines came in even strides, and there is room for one more.
    pub(super) fn is_short(&self) -> bool {
        // a share is never told of the whole
        let least = |all: f64| if all > 1.0 { 1.0 } else { 1e-6 };
        let most = self.all.map(|all| if self.base == Some(1) { all } else { all - least(all) });
        // a log may tell the first few batches of every epoch
        let further = self.before.is_none_or(|before| self.now < before);
        further && self.strides >= 2 && most.is_some_and(|most| self.now + self.stride <= most)
    }

    /// How many of the epoch under way are done.
    pub(super) fn done(&self) -> Option<f64> {
        if self.none {
            return Some(0.0);
        }
        self.base.map(|base| if base == 0 { self.now + 1.0 } else { self.now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_due_is_missed() {
        let mut batches = Batches::default();
        for batch in [9.0, 19.0, 29.0] {
            batches.see(batch, 99.0);
            assert!(!batches.is_short(), "{batch}");
        }
        batches.see(39.0, 99.0);
        assert!(batches.is_short());
        for batch in [49.0, 59.0, 69.0, 79.0, 89.0] {
            batches.see(batch, 99.0);
        }
        assert!(!batches.is_short(), "the last may be 98");
    }

    #[test]
    fn from_where_they_count_is_told_by_the_first_or_the_last() {
        let mut batches = Batches::default();
        batches.see(5.0, 15.0);
        assert_eq!((batches.in_each(), batches.done()), (Some(15.0), None));
        batches.see(15.0, 15.0);
        batches.see(10.0, 15.0);
        assert_eq!(batches.done(), Some(10.0));
        let mut batches = Batches::default();
        batches.see(0.0, 16.0);
        batches.see(12.0, 16.0);
        assert_eq!(batches.done(), Some(13.0));
        assert!(batches.is_last(15.0, 16.0) && !batches.is_last(14.0, 16.0));
        batches.see(0.0, 4.0);
        assert_eq!(batches.in_each(), None);
        batches.begin();
        assert_eq!(batches.done(), Some(0.0), "of the next one");
    }
}
