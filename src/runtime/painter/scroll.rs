//! Finds rows that only moved up or down, so that the terminal can move them by itself.

use std::hash::Hash;
use std::hash::Hasher;

use super::Rows;
use ratatui::buffer::Cell;

/// Rows of the screen from `top` to `bottom` move by `by` rows; what comes in is blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) top: u16,
    pub(super) bottom: u16,
    pub(super) by: u16,
    pub(super) up: bool,
}

impl Shift {
    /// Which row stood where `y` is, before the move; `None` when it has come in blank.
    pub(super) fn origin(self, y: u16) -> Option<u16> {
        if y < self.top || y > self.bottom {
            return Some(y);
        }
        if self.up {
            Some(y + self.by).filter(|from| *from <= self.bottom)
        } else {
            y.checked_sub(self.by).filter(|from| *from >= self.top)
        }
    }
}

/// The move that brings the most changed rows to their place, if any does.
pub(super) fn find(before: &Rows<'_>, after: &Rows<'_>) -> Option<Shift> {
    let changed = |y: &u16| before.row(*y) != after.row(*y);
    let first = (0..after.height).find(changed)?;
    let last = (0..after.height).rev().find(changed)?;
    let old: Vec<u64> = (first..=last).map(|y| digest(before.row(y))).collect();
    let new: Vec<u64> = (first..=last).map(|y| digest(after.row(y))).collect();
    let blank = digest(&vec![Cell::EMPTY; usize::from(after.cols)]);
    let mut best: Option<(usize, Shift)> = None;
    for by in 1..old.len() {
        for up in [true, false] {
            let (from, to) = if up { (by, 0) } else { (0, by) };
            let pairs = old.iter().skip(from).zip(new.iter().skip(to)).zip(old.iter().skip(to));
            let (gain, start, length) =
                longest(pairs.map(|((was, is), stands)| (was == is, is != stands && *is != blank)));
            if gain > best.map_or(0, |(most, _)| most)
                && let Some(shift) = place(usize::from(first) + start, length, by, up)
            {
                best = Some((gain, shift));
            }
        }
    }
    best.map(|(_, shift)| shift)
}

/// The run of equal rows that spares the most work: what it spares, where it begins and how long it is.
fn longest(rows: impl Iterator<Item = (bool, bool)>) -> (usize, usize, usize) {
    let mut best = (0, 0, 0);
    let mut run = (0, 0, 0);
    for (y, (equal, spared)) in rows.enumerate() {
        run = if equal { (run.0 + usize::from(spared), run.1, run.2 + 1) } else { (0, y + 1, 0) };
        if run.0 > best.0 {
            best = run;
        }
    }
    best
}

/// `start` is the upper end of the run in the rows as they were (moving down) or as they are to be (moving up): the upper edge of
/// the region either way.
fn place(start: usize, length: usize, by: usize, up: bool) -> Option<Shift> {
    let top = u16::try_from(start).ok()?;
    let bottom = u16::try_from(start + length + by - 1).ok()?;
    Some(Shift { top, bottom, by: u16::try_from(by).ok()?, up })
}

fn digest(row: &[Cell]) -> u64 {
    let mut fold = Fold(0xcbf2_9ce4_8422_2325);
    for cell in row {
        cell.hash(&mut fold);
    }
    fold.finish()
}

/// A quick hash: two rows taken for equal by mistake cost bytes and no more, for what differs is drawn all the same.
struct Fold(u64);

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            self.write_u64(word);
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_u16(&mut self, n: u16) {
        self.write_u64(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn write_isize(&mut self, n: isize) {
        self.write_u64(n.cast_unsigned() as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
