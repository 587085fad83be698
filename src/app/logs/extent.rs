//! Where in the log the rows on screen stand, by bytes: of several files, by those of all of them.

use std::ops::Range;

use super::LogPane;
use crate::model::log::LogLine;

/// A part of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its bytes.
    pub bytes: Range<u64>,
    /// Those of the whole log.
    pub all: u64,
}

impl LogPane {
    /// The part of the log that so many rows from the topmost one on show.
    pub fn part(&self, rows: usize) -> Part {
        let all = if self.merged {
            self.page.extents.iter().map(|extent| extent.len).sum()
        } else {
            self.page.counted.1
        };
        let mut seen = self.from_top().take(rows).map(|(_, row)| row);
        let first = seen.next();
        let last = seen.last().or(first);
        let from = first.map_or(0, |row| self.place(row.line));
        let to = if self.follows() { all } else { last.map_or(all, |row| self.place(row.line + row.folded)) };
        Part { bytes: from..to.max(from), all }
    }

    /// The bytes before a line at hand.
    fn place(&self, at: usize) -> u64 {
        let lines = &self.page.lines;
        if !self.merged {
            return lines.get(at).map_or(self.page.counted.1, |line| line.spot.offset);
        }
        let below = lines.get(at..).unwrap_or_default();
        let next = |file: usize| {
            let own = |line: &&LogLine| usize::from(line.spot.file) == file;
            below.iter().find(own).map(|line| line.spot.offset)
        };
        let each = self.page.extents.iter().enumerate().filter(|(_, extent)| extent.len > 0);
        each.map(|(file, extent)| next(file).unwrap_or(extent.end)).sum()
    }
}
