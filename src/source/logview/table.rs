//! What was counted of a log for one pair of patterns, by cell: 96 bytes for every 64 KiB of log.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use super::Patterns;
use super::Stop;
use super::cache::is_message;
use super::cache::left_by;
use crate::model::log::ByClass;
use crate::model::log::Class;
use crate::model::log::Classes;
use crate::model::log::LogCounts;
use crate::model::log::LogQuery;
use crate::parse::logline::Above;
use crate::parse::logline::Reader;
use crate::source::logfile::CELL;
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

/// How far back the count goes at once: within such a slice it goes forwards.
const SLICE: u64 = 64 * CELL;

/// Lines by class.
type Few = [u32; Class::COUNT];

/// Counts of one stretch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cell {
    rows: Few,
    messages: Few,
    matched: Few,
    hits: Few,
}

/// Sums of cells.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    rows: ByClass,
    messages: ByClass,
    matched: ByClass,
    hits: ByClass,
}

impl Sums {
    fn add(&mut self, cell: &Cell) {
        for (sum, few) in [
            (&mut self.rows, cell.rows),
            (&mut self.messages, cell.messages),
            (&mut self.matched, cell.matched),
            (&mut self.hits, cell.hits),
        ] {
            sum.merge(&ByClass(few.map(u64::from)));
        }
    }
}

/// What lines of a cell are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sought {
    /// Those that pass filter and classes.
    Matches,
    /// Of these, those that the search hits.
    Hits,
}

/// Counts for one pair of patterns.
#[derive(Debug)]
pub(super) struct Table {
    filter: String,
    search: String,
    pub(super) patterns: Arc<Patterns>,
    cells: Vec<Cell>,
    sums: Sums,
    /// The bytes that are counted for good: whole stretches without a gap between them.
    counted: Range<u64>,
    started: bool,
    /// What stands above `counted.end`.
    above: Above,
    /// The stretch behind, which still grows.
    open: Option<(Stretch, Cell)>,
}

impl Table {
    pub(super) fn new(query: &LogQuery, patterns: Arc<Patterns>) -> Self {
        Self {
            filter: query.filter.clone(),
            search: query.search.clone(),
            patterns,
            cells: Vec::new(),
            sums: Sums::default(),
            counted: 0..0,
            started: false,
            above: Above::default(),
            open: None,
        }
    }

    /// Whether its counts are those of `query`; classes do not matter.
    pub(super) fn answers(&self, query: &LogQuery) -> bool {
        self.filter == query.filter && self.search == query.search
    }

    /// Bytes counted so far.
    pub(super) fn counted(&self) -> u64 {
        let open = self.open.map_or(0, |(stretch, _)| stretch.end - stretch.start);
        self.counted.end - self.counted.start + open
    }

    /// The counts so far.
    pub(super) fn counts(&self, hidden: Classes) -> LogCounts {
        let mut sums = self.sums;
        if let Some((_, cell)) = &self.open {
            sums.add(cell);
        }
        LogCounts {
            messages: sums.messages,
            seen: sums.rows.visible(Classes::default()),
            matched: sums.matched.visible(hidden),
            hits: sums.hits.visible(hidden),
        }
    }

    /// Hits before the stretch, when all that stands before it is counted.
    pub(super) fn hits_before(&self, stretch: &Stretch, hidden: Classes) -> Option<u64> {
        if self.counted.start > 0 || self.counted.end < stretch.start {
            return None;
        }
        let before =
            usize::try_from(stretch.cell()).ok().and_then(|n| self.cells.get(..n.min(self.cells.len())))?;
        let mut sums = Sums::default();
        for cell in before {
            sums.add(cell);
        }
        Some(sums.hits.visible(hidden))
    }

    /// Whether it is known that none of the lines `sought` begins in the stretch.
    pub(super) fn has_none(&self, stretch: &Stretch, sought: Sought, hidden: Classes) -> bool {
        self.counted.contains(&stretch.start) && !self.cell_has(stretch.cell(), sought, hidden)
    }

    /// Where, going on from `offset`, cells begin that may hold a line that is `sought`: those known to hold none are left out.
    /// `None` when nothing is left in that direction.
    pub(super) fn skip_to(&self, offset: u64, forward: bool, sought: Sought, hidden: Classes) -> Option<u64> {
        if !self.counted.contains(&offset) {
            return Some(offset);
        }
        let cell = offset / CELL;
        if forward {
            let last = (self.counted.end - 1) / CELL;
            match (cell..=last).find(|&n| self.cell_has(n, sought, hidden)) {
                Some(n) if n == cell => Some(offset),
                Some(n) => Some(n * CELL),
                None => Some(self.counted.end),
            }
        } else {
            let first = self.counted.start / CELL;
            match (first..=cell).rev().find(|&n| self.cell_has(n, sought, hidden)) {
                Some(n) if n == cell => Some(offset),
                Some(n) => Some(n * CELL),
                None if self.counted.start == 0 => None,
                None => Some(self.counted.start - 1),
            }
        }
    }

    fn cell_has(&self, n: u64, sought: Sought, hidden: Classes) -> bool {
        let cell = usize::try_from(n).ok().and_then(|n| self.cells.get(n));
        let few = cell.map(|cell| if sought == Sought::Hits { cell.hits } else { cell.matched });
        few.is_some_and(|few| Class::ALL.iter().zip(few).any(|(&class, n)| n > 0 && !hidden.has(class)))
    }

    /// Counts on: first what was appended, then further back.
    pub(super) fn step(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        budget: u64,
        stop: Stop<'_>,
    ) -> io::Result<()> {
        if !self.started {
            self.start(file, buffer)?;
        }
        let mut left = self.count_appended(file, buffer, budget, stop)?;
        while left > 0 && self.counted.start > 0 && !stop() {
            left = left.saturating_sub(self.count_slice_before(file, buffer, stop)?);
        }
        Ok(())
    }

    fn start(&mut self, file: &mut LogFile, buffer: &mut Vec<u8>) -> io::Result<()> {
        let Some(last) = file.stretch_at(file.len().saturating_sub(1))? else { return Ok(()) };
        self.counted = last.start..last.start;
        if let Some(before) = file.stretch_before(last.start)? {
            self.above = left_by(file, &before, buffer)?;
        }
        self.started = true;
        Ok(())
    }

    /// What stands behind `counted`. Returns what is left of the budget.
    fn count_appended(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        mut budget: u64,
        stop: Stop<'_>,
    ) -> io::Result<u64> {
        while self.counted.end < file.len() {
            // `counted.end` is the first break of its cell: the end of a closed stretch, or where the count began
            let Some(stretch) = file.stretch_of_cell(self.counted.end)? else { break };
            if self.open.is_some_and(|(known, _)| known == stretch) {
                break;
            }
            if budget == 0 || stop() {
                break;
            }
            budget = budget.saturating_sub(stretch.end - stretch.start);
            let (cell, above) = self.count(file, &stretch, self.above, buffer)?;
            if !stretch.closed {
                self.open = Some((stretch, cell));
                break;
            }
            self.open = None;
            self.above = above;
            self.keep(&stretch, &cell);
            self.counted.end = stretch.end;
        }
        Ok(budget)
    }

    /// One slice further back. Returns its bytes.
    fn count_slice_before(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        stop: Stop<'_>,
    ) -> io::Result<u64> {
        let end = self.counted.start;
        let Some(first) = file.stretch_at(end.saturating_sub(SLICE))? else { return Ok(end) };
        let mut above = match file.stretch_before(first.start)? {
            Some(before) => left_by(file, &before, buffer)?,
            None => Above::default(),
        };
        let mut counted = Vec::new();
        let mut next = Some(first);
        while let Some(stretch) = next
            && stretch.start < end
        {
            if stop() {
                return Ok(0);
            }
            let (cell, left) = self.count(file, &stretch, above, buffer)?;
            above = left;
            counted.push((stretch, cell));
            next = file.stretch_after(&stretch)?;
        }
        for (stretch, cell) in &counted {
            self.keep(stretch, cell);
        }
        self.counted.start = first.start;
        Ok(end - first.start)
    }

    fn keep(&mut self, stretch: &Stretch, cell: &Cell) {
        let Ok(n) = usize::try_from(stretch.cell()) else { return };
        if self.cells.len() <= n {
            self.cells.resize(n + 1, Cell::default());
        }
        if let Some(place) = self.cells.get_mut(n) {
            *place = *cell;
        }
        self.sums.add(cell);
    }

    fn count(
        &self,
        file: &LogFile,
        stretch: &Stretch,
        above: Above,
        buffer: &mut Vec<u8>,
    ) -> io::Result<(Cell, Above)> {
        let mut cell = Cell::default();
        let texts = self.patterns.filter.is_some() || self.patterns.search.is_some();
        let mut reader = if texts { Reader::below(above) } else { Reader::brief(above) };
        file.rows(stretch, buffer, &mut |row| {
            let line = reader.read(row);
            let class = Class::of(line.level, line.kind);
            bump(&mut cell.rows, class);
            if is_message(line.kind) {
                bump(&mut cell.messages, class);
            }
            if self.patterns.filter.as_ref().is_none_or(|filter| filter.is_match(line.text)) {
                bump(&mut cell.matched, class);
                if self.patterns.search.as_ref().is_some_and(|search| search.is_match(line.text)) {
                    bump(&mut cell.hits, class);
                }
            }
        })?;
        Ok((cell, reader.left()))
    }
}

fn bump(few: &mut Few, class: Class) {
    if let Some(count) = few.get_mut(class as usize) {
        *count += 1;
    }
}
