//! How many epochs are over and how many there are, from labels that may count from 0 or from 1.
//!
//! Bars and rows of one program may differ in that (fastai's bar says `Epoch 1/6` while its table says `0`), so each kind of
//! source has a scale of its own, and the base of a scale is settled by evidence: a 0 that was seen, or the framework's word.

/// One way in which a log numbers its epochs.
#[derive(Debug, Clone, Default)]
pub(super) struct Scale {
    /// Lowest label seen.
    min: Option<f64>,
    /// Newest label.
    now: Option<f64>,
    /// Newest label whose epoch is known to be over.
    over: Option<f64>,
    /// The total written beside a label.
    all: Option<f64>,
    /// Lowest label that had the total beside it.
    beside: Option<f64>,
    /// Base told by the format.
    base: Option<u8>,
    /// Labels are amounts (`1.33`): what is whole in them is over.
    amounts: bool,
    /// Rows whose label and step made the same share of their totals, and whether any did not.
    alike: u32,
    apart: bool,
    /// Rows come more than once in an epoch: a row does not end it.
    inside: bool,
    /// Rows of the epoch at hand.
    block: Block,
    /// How many rows the epoch before had, and how many epochs in a row had as many.
    before: (u32, u32),
    /// Epochs that had one row, and those that had the same row again.
    singles: u32,
    repeats: u32,
}

/// The rows of one epoch.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    label: Option<f64>,
    rows: u32,
    again: bool,
}

impl Scale {
    /// Takes a label in. Returns whether a new epoch begins by it.
    pub(super) fn see(&mut self, label: f64, all: Option<f64>, base: Option<u8>) -> bool {
        self.base = self.base.or(base);
        self.all = all.or(self.all);
        if all.is_some() {
            self.beside = Some(self.beside.map_or(label, |least| least.min(label)));
        }
        if label.fract() != 0.0 {
            self.amounts = true;
        }
        self.min = Some(self.min.map_or(label, |min| min.min(label)));
        let newer = self.now.is_none_or(|now| label > now);
        if self.over.is_some_and(|over| label <= over) && self.now.is_some_and(|now| label < now) {
            // counted once more: resumed from an earlier epoch
            self.over = None;
        }
        self.now = Some(label);
        newer
    }

    /// Whether a label is that of an epoch that was over before, and the first of all: what was counted is counted once more.
    /// `once`: also when it was the only one.
    pub(super) fn begins_anew(&self, label: f64, once: bool) -> bool {
        let lower = |now: f64| label < now || (once && label.to_bits() == now.to_bits());
        let before = self.over.is_some_and(|over| label <= over) && self.now.is_some_and(lower);
        before && self.min.is_some_and(|min| label <= min)
    }

    /// The share of all epochs that a label makes, beside the share of all steps: where they agree again and again, labels
    /// are amounts.
    pub(super) fn share(&mut self, epochs: f64, steps: f64) {
        if (epochs - steps).abs() > 1e-6 {
            self.apart = true;
        } else if steps > 0.0 {
            self.alike += 1;
        }
        self.amounts |= self.alike > 2 && !self.apart;
    }

    /// Epochs count anew.
    pub(super) fn count_anew(&mut self) {
        (self.now, self.over) = (None, None);
    }

    /// The epoch that bears `label` is over.
    pub(super) fn end(&mut self, label: f64) {
        self.over = Some(self.over.map_or(label, |over| over.max(label)));
    }

    /// The epoch that bears `label` is worked on once more.
    #[inline]
    pub(super) fn reopen(&mut self, label: f64) {
        self.over = self.over.filter(|over| *over < label);
    }

    /// A row that says nothing of steps: the sums of its epoch, unless such rows come again in the same epoch.
    pub(super) fn row(&mut self, label: f64, again: bool) {
        if self.block.label.map(f64::to_bits) != Some(label.to_bits()) {
            self.close_block(label);
        }
        self.block.rows = self.block.rows.saturating_add(1);
        if again {
            self.repeats = self.repeats.saturating_add(u32::from(!self.block.again));
            self.block.again = true;
            // an epoch that was trained once more, say behind a crash, is no rhythm
            if self.repeats >= self.singles {
                self.inside = true;
                self.over = self.over.filter(|over| *over < label);
            }
        }
        // as many rows as the epochs before had, as of each process one
        let (rows, alike) = self.before;
        let last = rows > 1 && alike > 0 && self.block.rows == rows;
        if (!self.inside || last) && !self.amounts {
            self.end(label);
        }
    }

    /// Rows of another epoch begin.
    fn close_block(&mut self, label: f64) {
        let rows = self.block.rows;
        let further = self.block.label.is_some_and(|before| label > before);
        let (before, alike) = self.before;
        self.before = (rows, if further && rows == before { alike + 1 } else { 0 });
        self.singles = self.singles.saturating_add(u32::from(rows == 1));
        self.block = Block { label: Some(label), rows: 0, again: false };
    }

    fn base(&self) -> f64 {
        match self.base {
            Some(base) => f64::from(base),
            None if self.amounts || self.min.is_some_and(|min| min < 1.0) => 0.0,
            None => 1.0,
        }
    }

    /// Whether labels were seen that are no whole numbers: exact amounts.
    pub(super) fn has_parts(&self) -> bool {
        self.amounts
    }

    /// Whether labels are amounts of what is done.
    pub(super) fn is_amounts(&self) -> bool {
        self.amounts || self.base == Some(0)
    }

    /// Newest label.
    pub(super) fn now(&self) -> Option<f64> {
        self.now
    }

    /// Epochs before the one under way.
    pub(super) fn before(&self) -> Option<f64> {
        Some((self.now? - self.base()).floor().max(0.0))
    }

    /// Epochs that are over.
    pub(super) fn done(&self) -> Option<f64> {
        let now = self.now?;
        if self.amounts || (self.base == Some(0) && self.over.is_none()) {
            return Some(now.floor().max(0.0));
        }
        let before = (now - self.base()).max(0.0);
        let over = self.over.map_or(0.0, |over| over - self.base() + 1.0);
        Some(before.max(over).floor())
    }

    /// Epochs in all, as far as the labels settle it. Counted from 0, `0/29` may be the first of 29 or of 30 until a label
    /// reaches the total, or the run ends (`ended`) one short of it.
    pub(super) fn all(&self, ended: bool) -> Option<f64> {
        let all = self.all?;
        if self.base() > 0.0 {
            return self.now.filter(|now| *now <= all).map(|_| all);
        }
        if self.amounts || self.base.is_some() {
            return Some(all);
        }
        let now = self.now?;
        if self.beside.is_some_and(|least| least >= 1.0) {
            // the 0 was said elsewhere: beside the total, labels count what is done
            return (now <= all).then_some(all);
        }
        if now > all {
            // it has gone beyond what it said
            None
        } else if now + 0.5 > all {
            Some(now + 1.0)
        } else if ended && now + 1.0 >= all {
            Some(all)
        } else {
            None
        }
    }
}

impl Scale {
    /// Whether epochs are left, whichever of two totals the labels mean: `[2/5]`, counted from 0, is the third of 5 or of 6.
    fn is_short_anyhow(&self) -> bool {
        !self.amounts && self.now.zip(self.all).is_some_and(|(now, all)| now - self.base() + 1.0 < all)
    }
}

/// What all sources say of epochs.
#[derive(Debug, Clone, Default)]
pub(super) struct Epochs {
    /// Labels of lines.
    pub(super) rows: Scale,
    /// Labels of bars.
    pub(super) bars: Scale,
    /// A bar that counts epochs: done and all.
    pub(super) outer: Option<(f64, Option<f64>)>,
    /// A total that was announced or configured.
    pub(super) told: Option<f64>,
}

impl Epochs {
    /// Epochs that are over.
    pub(super) fn done(&self) -> Option<f64> {
        let most = [self.rows.done(), self.bars.done(), self.outer.map(|(done, _)| done)];
        let done = most.into_iter().flatten().reduce(f64::max)?;
        Some(self.all(false).map_or(done, |all| done.min(all)))
    }

    /// The label of the newest epoch of which everything was told.
    pub(super) fn told(&self) -> Option<f64> {
        let before = |now: Option<f64>| now.map(|now| now - 1.0);
        [before(self.rows.now), before(self.bars.now), self.rows.over].into_iter().flatten().reduce(f64::max)
    }

    /// Whether lines said that the last one is over.
    pub(super) fn are_over(&self) -> bool {
        self.all(false).is_some_and(|all| self.rows.done().is_some_and(|done| done >= all))
    }

    /// Whether it is the first epoch that is under way.
    pub(super) fn is_first(&self) -> bool {
        let first = |scale: &Scale| scale.over.is_none() && !scale.amounts && scale.before() == Some(0.0);
        first(&self.rows) || (self.rows.now.is_none() && first(&self.bars))
    }

    /// Epochs before the one under way.
    pub(super) fn before(&self) -> f64 {
        [self.rows.before(), self.bars.before()].into_iter().flatten().reduce(f64::max).unwrap_or(0.0)
    }

    /// Whether the newest lines tell that epochs are left, though not how many.
    pub(super) fn are_short_anyhow(&self) -> bool {
        self.outer.is_none() && self.bars.now.is_none() && self.rows.is_short_anyhow()
    }

    /// Epochs in all.
    pub(super) fn all(&self, ended: bool) -> Option<f64> {
        let outer = self.outer.and_then(|(_, all)| all);
        let label = self.bars.all(ended).or_else(|| self.rows.all(ended));
        let most = [self.rows.done(), self.bars.done()].into_iter().flatten().reduce(f64::max).unwrap_or(0.0);
        // a configured total that the run has gone beyond is of something else
        // (but a 0 at the start and the total at the end count what is done, and no label of an epoch is the total)
        outer.or(label).or(self.told).filter(|all| most <= *all || self.rows.now() == Some(*all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(labels: &[f64], all: Option<f64>) -> Scale {
        let mut scale = Scale::default();
        for label in labels {
            scale.see(*label, all, None);
        }
        scale
    }

    #[test]
    fn the_base_is_settled_by_evidence() {
        assert_eq!(scale(&[1.0, 2.0, 3.0], Some(10.0)).done(), Some(2.0));
        assert_eq!(scale(&[0.0, 1.0, 2.0], None).done(), Some(2.0));
        assert_eq!(scale(&[0.5, 1.0, 1.5], None).done(), Some(1.0));
        assert_eq!(scale(&[0.0, 1.0], Some(29.0)).all(false), None);
        assert_eq!(scale(&[0.0, 29.0], Some(29.0)).all(false), Some(30.0));
        assert_eq!(scale(&[0.0, 9.0], Some(10.0)).all(true), Some(10.0));
        assert_eq!(scale(&[1.0], Some(10.0)).all(false), Some(10.0));
    }

    #[test]
    fn rows_end_epochs_unless_they_come_again() {
        let mut once = scale(&[1.0], None);
        once.row(1.0, false);
        assert_eq!(once.done(), Some(1.0));
        once.row(1.0, true);
        assert_eq!(once.done(), Some(0.0));
        once.see(2.0, None, None);
        once.row(2.0, false);
        assert_eq!(once.done(), Some(1.0));
    }

    #[test]
    fn as_many_rows_as_the_epochs_before_had_end_one() {
        let mut twice = Scale::default();
        for label in [1.0, 2.0, 3.0] {
            twice.see(label, None, None);
            twice.row(label, false);
            assert_eq!(twice.done(), Some(label - f64::from(u8::from(label > 1.0))));
            twice.row(label, true);
        }
        assert_eq!(twice.done(), Some(3.0));
    }

    #[test]
    fn an_epoch_that_was_trained_again_is_no_rhythm() {
        let mut resumed = Scale::default();
        for (label, again) in [(1.0, false), (2.0, false), (3.0, false), (3.0, true), (4.0, false)] {
            resumed.see(label, None, None);
            resumed.row(label, again);
        }
        assert_eq!(resumed.done(), Some(4.0));
    }
}
