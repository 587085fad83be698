//! What was counted of a log, by cell: some 50 bytes for every 64 KiB of it.
//!
//! It is counted from the end back to the beginning, slice by slice, and within a slice forwards; what is appended comes first. So
//! what was counted is always one stretch of the file without a gap.

use std::io;
use std::ops::Range;

use super::Stop;
use super::scan::Few;
use super::scan::Levels;
use super::scan::Passed;
use super::scan::Piece;
use crate::model::log::ByClass;
use crate::model::log::Class;
use crate::model::log::Classes;
use crate::source::logfile::CELL;
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

/// How far back the count goes at once: within such a slice it goes forwards.
const SLICE: u64 = 64 * CELL;

/// Cells that are added up together.
const STAGE: usize = 64;

/// What is kept of a cell.
pub(super) trait Cell: Copy + Default {
    /// Sums of cells.
    type Sums: Copy + Default;
    /// Adds a cell.
    fn add(self, sums: &mut Self::Sums);
}

/// Lines by level.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LevelSums {
    pub(super) rows: ByClass,
    pub(super) messages: ByClass,
}

/// Lines that pass, and hits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PassedSums {
    pub(super) rows: u64,
    pub(super) matched: ByClass,
    pub(super) hits: ByClass,
}

fn wide(few: Few) -> ByClass {
    ByClass(few.map(u64::from))
}

impl Cell for Levels {
    type Sums = LevelSums;

    fn add(self, sums: &mut LevelSums) {
        sums.rows.merge(&wide(self.rows));
        sums.messages.merge(&wide(self.messages));
    }
}

impl Cell for Passed {
    type Sums = PassedSums;

    fn add(self, sums: &mut PassedSums) {
        sums.rows += u64::from(self.rows);
        sums.matched.merge(&wide(self.matched));
        sums.hits.merge(&wide(self.hits));
    }
}

/// Whether some of the lines are of a class that is not hidden.
pub(super) fn any(few: &Few, hidden: Classes) -> bool {
    Class::ALL.iter().zip(few).any(|(&class, n)| *n > 0 && !hidden.has(class))
}

/// Counts of a part of the file.
#[derive(Debug)]
pub(super) struct Table<C: Cell> {
    cells: Vec<C>,
    /// The sums of the first [`STAGE`] cells, of twice as many, and so on.
    stages: Vec<C::Sums>,
    sums: C::Sums,
    /// The bytes that are counted for good: whole stretches without a gap between them.
    counted: Range<u64>,
    started: bool,
    /// The stretch behind, which still grows.
    open: Option<(Stretch, C)>,
}

impl<C: Cell> Default for Table<C> {
    fn default() -> Self {
        Self {
            cells: Vec::new(),
            stages: Vec::new(),
            sums: C::Sums::default(),
            counted: 0..0,
            started: false,
            open: None,
        }
    }
}

/// Counts one stretch.
pub(super) type Count<'a, C> = &'a mut dyn FnMut(&mut Piece<'_>) -> io::Result<C>;

impl Table<Levels> {
    /// The cell that the row of this number stands in, from 1, or one before it; `None` until all rows before it are counted.
    pub(super) fn before_row(&self, number: u64) -> Option<u64> {
        if self.counted.start > 0 || !self.started {
            return None;
        }
        let mut rows = 0;
        for (n, cell) in self.cells.iter().enumerate() {
            rows += wide(cell.rows).visible(Classes::default());
            if rows >= number {
                return Some(n as u64 * CELL);
            }
        }
        Some(self.counted.end)
    }
}

impl<C: Cell> Table<C> {
    /// Bytes counted so far.
    pub(super) fn counted(&self) -> u64 {
        let open = self.open.map_or(0, |(stretch, _)| stretch.end - stretch.start);
        self.counted.end - self.counted.start + open
    }

    /// The counts so far.
    pub(super) fn sums(&self) -> C::Sums {
        let mut sums = self.sums;
        if let Some((_, cell)) = &self.open {
            cell.add(&mut sums);
        }
        sums
    }

    /// The counts of all cells before the stretch, when they are all counted.
    pub(super) fn sums_before(&self, stretch: &Stretch) -> Option<C::Sums> {
        if self.counted.start > 0 || self.counted.end < stretch.start {
            return None;
        }
        let last = usize::try_from(stretch.cell()).ok()?.min(self.cells.len());
        let (from, mut sums) = match (last / STAGE).min(self.stages.len()).checked_sub(1) {
            Some(stage) => ((stage + 1) * STAGE, *self.stages.get(stage)?),
            None => (0, C::Sums::default()),
        };
        for cell in self.cells.get(from..last)? {
            cell.add(&mut sums);
        }
        Some(sums)
    }

    /// The counts of the cells behind that of the stretch `after` and before that of `until`, or up to `len`, the file's end; and
    /// whether all of them are counted.
    pub(super) fn sums_between(&self, after: &Stretch, until: Option<&Stretch>, len: u64) -> (C::Sums, bool) {
        let mut sums = C::Sums::default();
        let end = until.map_or(len, |until| until.start);
        if after.end >= end {
            return (sums, true);
        }
        let first = self.counted.start / CELL;
        let (from, to) = (after.cell() + 1, until.map_or(u64::MAX, Stretch::cell));
        let at = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(self.cells.len());
        for cell in self.cells.get(at(from.max(first))..at(to)).unwrap_or_default() {
            cell.add(&mut sums);
        }
        let mut counted = self.counted.end;
        if let Some((open, cell)) = &self.open
            && open.start >= after.end
            && open.start < end
        {
            cell.add(&mut sums);
            counted = open.end;
        }
        (sums, self.started && self.counted.start <= after.end && counted >= end)
    }

    /// Whether all of the file was counted, up to `len`.
    pub(super) fn is_complete(&self, len: u64) -> bool {
        self.started && self.counted.start == 0 && self.counted() >= len
    }

    /// Adds up the cells once all before them are counted.
    fn add_up(&mut self) {
        if self.counted.start > 0 {
            return;
        }
        while let Some(stage) = self.cells.get(self.stages.len() * STAGE..(self.stages.len() + 1) * STAGE) {
            let mut sums = self.stages.last().copied().unwrap_or_default();
            for cell in stage {
                cell.add(&mut sums);
            }
            self.stages.push(sums);
        }
    }

    /// What is known of the stretch; `None` when it was not counted, or has grown since.
    pub(super) fn of(&self, stretch: &Stretch) -> Option<C> {
        match self.open {
            Some((open, cell)) if open == *stretch => Some(cell),
            _ if self.counted.contains(&stretch.start) => self.cell(stretch.cell()),
            _ => None,
        }
    }

    /// What is known of a cell; `None` when it was not counted.
    fn cell(&self, n: u64) -> Option<C> {
        self.cells.get(usize::try_from(n).ok()?).copied()
    }

    /// Where, going on from `offset`, cells begin that may hold something: those are left out of which `has` denies it. `None` when
    /// nothing is left in that direction.
    pub(super) fn skip_to(&self, offset: u64, forward: bool, has: &dyn Fn(&C) -> bool) -> Option<u64> {
        if !self.counted.contains(&offset) {
            return Some(offset);
        }
        let cell = offset / CELL;
        let may = |n: &u64| self.cell(*n).is_none_or(|cell| has(&cell));
        if forward {
            let last = (self.counted.end - 1) / CELL;
            match (cell..=last).find(may) {
                Some(n) if n == cell => Some(offset),
                Some(n) => Some(n * CELL),
                None => Some(self.counted.end),
            }
        } else {
            let first = self.counted.start / CELL;
            match (first..=cell).rev().find(may) {
                Some(n) if n == cell => Some(offset),
                Some(n) => Some(n * CELL),
                None if self.counted.start == 0 => None,
                None => Some(self.counted.start - 1),
            }
        }
    }

    /// Each cell that was counted, with its place in the file.
    pub(super) fn each(&self, of: &mut dyn FnMut(u64, &C)) {
        let first = usize::try_from(self.counted.start / CELL).unwrap_or(usize::MAX);
        for (n, cell) in self.cells.iter().enumerate().skip(first) {
            of(n as u64 * CELL, cell);
        }
        if let Some((stretch, cell)) = &self.open {
            of(stretch.start, cell);
        }
    }

    /// Counts on: first what was appended, then further back.
    pub(super) fn step(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        budget: u64,
        stop: Stop<'_>,
        count: Count<'_, C>,
    ) -> io::Result<()> {
        if !self.started {
            let Some(last) = file.stretch_at(file.len().saturating_sub(1))? else { return Ok(()) };
            self.counted = last.start..last.start;
            self.started = true;
        }
        let mut left = self.count_appended(file, buffer, budget, stop, count)?;
        while left > 0 && self.counted.start > 0 && !stop() {
            left = left.saturating_sub(self.count_slice_before(file, buffer, stop, count)?);
        }
        self.add_up();
        Ok(())
    }

    /// What stands behind `counted`. Returns what is left of the budget.
    fn count_appended(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        budget: u64,
        stop: Stop<'_>,
        count: Count<'_, C>,
    ) -> io::Result<u64> {
        let mut left = budget;
        // `counted.end` is the first break of its cell: the end of a closed stretch, or where the count began
        let (from, to) = (self.counted.end, file.len());
        if from >= to || self.open.is_some_and(|(known, _)| (known.start, known.end) == (from, to)) {
            return Ok(left);
        }
        file.sweep(from, to, buffer, &mut |file, stretch, bytes| {
            if left == 0 || stop() {
                return Ok(false);
            }
            left = left.saturating_sub(stretch.end - stretch.start);
            let cell = count(&mut Piece { file, stretch, bytes })?;
            if stretch.closed {
                self.open = None;
                self.keep(stretch, cell);
                self.counted.end = stretch.end;
            } else {
                self.open = Some((*stretch, cell));
            }
            Ok(stretch.closed)
        })?;
        Ok(left)
    }

    /// One slice further back. Returns its bytes.
    fn count_slice_before(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        stop: Stop<'_>,
        count: Count<'_, C>,
    ) -> io::Result<u64> {
        let end = self.counted.start;
        let Some(first) = file.stretch_at(end.saturating_sub(SLICE))? else { return Ok(end) };
        let mut counted = Vec::new();
        let mut stopped = false;
        file.sweep(first.start, end, buffer, &mut |file, stretch, bytes| {
            stopped |= stop();
            if !stopped {
                counted.push((*stretch, count(&mut Piece { file, stretch, bytes })?));
            }
            Ok(!stopped)
        })?;
        if stopped {
            return Ok(0);
        }
        for (stretch, cell) in &counted {
            self.keep(stretch, *cell);
        }
        self.counted.start = first.start;
        Ok(end - first.start)
    }

    fn keep(&mut self, stretch: &Stretch, cell: C) {
        let Ok(n) = usize::try_from(stretch.cell()) else { return };
        if self.cells.len() <= n {
            self.cells.resize(n + 1, C::default());
        }
        if let Some(place) = self.cells.get_mut(n) {
            *place = cell;
        }
        cell.add(&mut self.sums);
    }
}
