//! Where lines begin, found from any byte forwards and backwards, and the stretches that follow from it.
//!
//! A break is the place behind a newline. A line that runs on for [`PIECE`] bytes without one is broken there all the same, by a
//! rule that looks at no more than its surroundings: so a terabyte without a newline costs no more than two pieces of reading.

use std::io;

use memchr::memchr_iter;

use super::Encoding;
use super::LogFile;

/// The lines that begin in a cell of this many bytes are read together.
pub const CELL: u64 = 64 << 10;

/// A longer line is broken at every multiple of it.
const PIECE: u64 = 64 << 20;

/// Bytes looked through at first for a newline: enough for nearly all lines. Even, so that a UTF-16 newline is never torn.
const FIRST_CHUNK: u64 = 4 << 10;

/// Bytes looked through at once in a long line.
const CHUNK: u64 = 256 << 10;

/// The lines that begin in one cell: from a break to a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// First byte.
    pub start: u64,
    /// Byte behind the last.
    pub end: u64,
    /// Whether it stays as it is when the file grows.
    pub closed: bool,
}

impl Stretch {
    /// The number of its cell.
    pub const fn cell(&self) -> u64 {
        self.start / CELL
    }
}

impl LogFile {
    /// The stretch that holds the byte at `offset`; `None` behind the end.
    pub fn stretch_at(&mut self, offset: u64) -> io::Result<Option<Stretch>> {
        if offset >= self.len {
            return Ok(None);
        }
        let line = self.last_break(offset + 1)?;
        let start = self.next_break(line / CELL * CELL)?;
        self.stretch_from(start).map(Some)
    }

    /// The first stretch that begins at or after the cell that `offset` lies in.
    pub fn stretch_of_cell(&mut self, offset: u64) -> io::Result<Option<Stretch>> {
        let start = self.next_break(offset / CELL * CELL)?;
        if start >= self.len { Ok(None) } else { self.stretch_from(start).map(Some) }
    }

    /// The stretch of the cell that `offset` lies in; where no line begins in it, the one before.
    pub fn stretch_of_cell_or_before(&mut self, offset: u64) -> io::Result<Option<Stretch>> {
        match self.stretch_of_cell(offset)? {
            Some(found) if found.cell() <= offset / CELL => Ok(Some(found)),
            _ => self.stretch_at(offset),
        }
    }

    /// The stretch behind `stretch`.
    pub fn stretch_after(&mut self, stretch: &Stretch) -> io::Result<Option<Stretch>> {
        if stretch.end >= self.len { Ok(None) } else { self.stretch_from(stretch.end).map(Some) }
    }

    /// The stretch before the one that begins at `start`.
    pub fn stretch_before(&mut self, start: u64) -> io::Result<Option<Stretch>> {
        if start == 0 { Ok(None) } else { self.stretch_at(start - 1) }
    }

    /// The stretch that begins at `start`.
    pub(super) fn stretch_from(&mut self, start: u64) -> io::Result<Stretch> {
        let border = (start / CELL + 1) * CELL;
        let end = self.next_break(border)?;
        let closed = end >= border && (end < self.len || self.forward(end, end)?.is_some());
        Ok(Stretch { start, end, closed })
    }

    /// The first break at or after `from`, or the end of the file.
    fn next_break(&mut self, from: u64) -> io::Result<u64> {
        if from == 0 || from >= self.len {
            return Ok(from.min(self.len));
        }
        let border = from.div_ceil(PIECE) * PIECE;
        if let Some(found) = self.forward(from, border.min(self.len))? {
            return Ok(found);
        }
        if border >= self.len {
            return Ok(self.len);
        }
        if self.backward(border - PIECE + 1, from)?.is_none() {
            return Ok(border);
        }
        let last = (border + PIECE).min(self.len);
        Ok(self.forward(border, last)?.unwrap_or(last))
    }

    /// The last break before `before`, which is not 0.
    fn last_break(&mut self, before: u64) -> io::Result<u64> {
        let last = before - 1;
        let border = last / PIECE * PIECE;
        if border == 0 || last == 0 {
            return Ok(self.backward(1, last)?.unwrap_or(0));
        }
        if let Some(found) = self.backward(border, last)? {
            return Ok(found);
        }
        let piece = border - PIECE;
        Ok(self.backward(piece + 1, border)?.unwrap_or(border))
    }

    /// The first place from `from` to `to` that stands behind a newline.
    fn forward(&mut self, from: u64, to: u64) -> io::Result<Option<u64>> {
        let (low, high) = self.bare;
        let mut at = if (low..=high).contains(&from) { high + 1 } else { from };
        let mut chunk = FIRST_CHUNK;
        while at <= to {
            let upto = to.min(at + chunk - 1);
            chunk = (chunk * 4).min(CHUNK);
            if let Some(found) = self.newlines(at, upto)?.0 {
                self.remember_bare(from, found.saturating_sub(1));
                return Ok(Some(found));
            }
            at = upto + 1;
        }
        self.remember_bare(from, to);
        Ok(None)
    }

    /// The last place from `from` to `to` that stands behind a newline.
    fn backward(&mut self, from: u64, to: u64) -> io::Result<Option<u64>> {
        let (low, high) = self.bare;
        let mut at = if (low..=high).contains(&to) { low.saturating_sub(1) } else { to };
        let mut chunk = FIRST_CHUNK;
        while at >= from && at > 0 {
            let downto = from.max(at.saturating_sub(chunk - 1)).max(1);
            chunk = (chunk * 4).min(CHUNK);
            if let Some(found) = self.newlines(downto, at)?.1 {
                self.remember_bare(found + 1, to);
                return Ok(Some(found));
            }
            at = downto - 1;
        }
        self.remember_bare(from, to);
        Ok(None)
    }

    fn remember_bare(&mut self, from: u64, to: u64) {
        let (low, high) = self.bare;
        if from <= high + 1 && low <= to + 1 && high > low {
            self.bare = (low.min(from), high.max(to));
        } else if to > from + CELL {
            self.bare = (from, to);
        }
    }

    /// The first and the last place from `from` to `to` (at most a chunk apart) that stand behind a newline.
    fn newlines(&mut self, from: u64, to: u64) -> io::Result<(Option<u64>, Option<u64>)> {
        let encoding = self.encoding();
        let width = if encoding == Encoding::Utf8 { 1 } else { 2 };
        let start = from.saturating_sub(width) & !(width - 1);
        let mut chunk = std::mem::take(&mut self.chunk);
        chunk.resize(usize::try_from(to.saturating_sub(start)).unwrap_or(0), 0);
        let read = self.read_at(start, &mut chunk);
        let bytes = chunk.get(..read.as_ref().map_or(0, |n| *n)).unwrap_or_default();
        let behind = |at: usize| break_behind(encoding, bytes, start, at).filter(|b| (from..=to).contains(b));
        let first = memchr_iter(b'\n', bytes).find_map(behind);
        let last = first.and_then(|_| memchr_iter(b'\n', bytes).rev().find_map(behind));
        self.chunk = chunk;
        read.map(|_| (first, last))
    }
}

/// The place behind the newline whose byte 0x0A stands `at` in `bytes`, which begin at `start` of the file.
fn break_behind(encoding: Encoding, bytes: &[u8], start: u64, at: usize) -> Option<u64> {
    let place = start + at as u64;
    match encoding {
        Encoding::Utf8 => Some(place + 1),
        Encoding::Utf16Le => (place.is_multiple_of(2) && bytes.get(at + 1) == Some(&0)).then_some(place + 2),
        Encoding::Utf16Be => (place % 2 == 1 && at > 0 && bytes.get(at - 1) == Some(&0)).then_some(place + 1),
    }
}
