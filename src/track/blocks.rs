//! Rows that tell no place, below headings that tell an epoch each: the last row of a block ends its epoch.
//!
//! Which row is the last shows when the next heading comes. Once two blocks in a row had as many rows and ended in the same
//! measure, the row that makes the block at hand like them ends it: the last epoch of a run has no heading behind it.

/// The rows of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Block {
    rows: u32,
    /// The place of the last row's first metric.
    last: usize,
}

/// What blocks look like.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    /// The epoch of the block at hand.
    epoch: Option<f64>,
    now: Block,
    before: Block,
    /// Blocks in a row that were like the one before.
    alike: u32,
}

impl Blocks {
    /// A row without a place, whose first metric has the place `first`, in `epoch`. Whether it ends that.
    pub(super) fn row(&mut self, epoch: f64, first: usize) -> bool {
        let same = |before: f64| before.to_bits() == epoch.to_bits();
        if !self.epoch.is_some_and(same) {
            if self.epoch.is_some_and(|before| epoch > before) {
                self.alike = if self.now == self.before { self.alike + 1 } else { 0 };
            } else {
                self.alike = 0;
            }
            (self.epoch, self.before, self.now) = (Some(epoch), self.now, Block::default());
        }
        self.now = Block { rows: self.now.rows.saturating_add(1), last: first };
        self.alike > 0 && self.now == self.before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_that_ended_two_blocks_ends_the_third() {
        let mut blocks = Blocks::default();
        let mut ends = |epoch: f64, firsts: &[usize]| -> Vec<bool> {
            firsts.iter().map(|first| blocks.row(epoch, *first)).collect()
        };
        assert_eq!(ends(1.0, &[0, 1]), [false, false]);
        assert_eq!(ends(2.0, &[0, 1]), [false, false]);
        assert_eq!(ends(3.0, &[0, 1]), [false, true]);
        assert_eq!(ends(4.0, &[0]), [false]);
        assert_eq!(ends(5.0, &[0, 1]), [false, false], "one was otherwise");
    }
}
