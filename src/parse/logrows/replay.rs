//! The long way: plays a stretch to a grid of cells, as a terminal of endless width and height would show it.

use unicode_width::UnicodeWidthChar;

use super::ROW_MAX;
use crate::parse::escape;
use crate::parse::escape::Escapes;
use crate::parse::escape::Move;
use crate::parse::escape::Step;

/// The farthest column that a cursor movement leads to.
const COLUMNS: usize = 1024;

/// The second cell of a wide character.
const FILLER: char = '\0';

/// A row that was played.
pub(super) struct Played<'a> {
    pub(super) text: &'a str,
    pub(super) offset: u64,
    pub(super) redrawn: bool,
}

#[derive(Debug)]
struct Row {
    offset: u64,
    cells: Vec<char>,
    /// Combining characters, by the cell that they belong to.
    marks: Vec<(usize, char)>,
    redrawn: bool,
    /// Whether anything was ever written to it.
    touched: bool,
}

impl Row {
    fn at(offset: u64) -> Self {
        Self { offset, cells: Vec::new(), marks: Vec::new(), redrawn: false, touched: false }
    }

    fn put(&mut self, column: usize, c: char) -> usize {
        self.touched = true;
        let wide = c.width().unwrap_or(0);
        if wide == 0 {
            if self.marks.len() < COLUMNS {
                self.marks.push((column.saturating_sub(1), c));
            }
            return column;
        }
        if column + wide > ROW_MAX {
            return column;
        }
        if column < self.cells.len() {
            self.redrawn = true;
            self.marks.retain(|(at, _)| *at != column);
            self.break_wide(column);
            self.break_wide(column + wide);
        }
        if self.cells.len() < column + wide {
            self.cells.resize(column + wide, ' ');
        }
        for (n, cell) in self.cells.iter_mut().skip(column).take(wide).enumerate() {
            *cell = if n == 0 { c } else { FILLER };
        }
        column + wide
    }

    /// Half a wide character is none.
    fn break_wide(&mut self, column: usize) {
        if self.cells.get(column) == Some(&FILLER)
            && let Some(cells) = self.cells.get_mut(column - 1..=column)
        {
            cells.fill(' ');
        }
    }

    fn erase(&mut self, from: usize, to: usize) {
        self.redrawn |= self.touched;
        self.marks.retain(|(at, _)| *at < from || *at >= to);
        if to >= self.cells.len() {
            self.cells.truncate(from);
        } else if let Some(cells) = self.cells.get_mut(from..to) {
            cells.fill(' ');
        }
    }

    fn text(&self, out: &mut String) {
        out.clear();
        if self.marks.is_empty() {
            out.extend(self.cells.iter().filter(|c| **c != FILLER));
            return;
        }
        for (at, c) in self.cells.iter().enumerate().filter(|(_, c)| **c != FILLER) {
            out.push(*c);
            out.extend(self.marks.iter().filter(|(mark, _)| *mark == at).map(|(_, c)| c));
        }
    }
}

#[derive(Debug)]
struct Grid {
    rows: Vec<Row>,
    row: usize,
    column: usize,
}

impl Grid {
    fn current(&mut self, offset: u64) -> Option<&mut Row> {
        if self.rows.len() <= self.row {
            self.rows.push(Row::at(offset));
        }
        self.rows.get_mut(self.row)
    }

    fn write(&mut self, c: char, offset: u64) {
        let column = self.column;
        if let Some(row) = self.current(offset) {
            self.column = row.put(column, c);
        }
    }

    fn newline(&mut self, offset: u64, next: u64) {
        self.current(offset);
        self.row += 1;
        self.column = 0;
        self.current(next);
    }

    fn go(&mut self, to: Move, offset: u64) {
        let last = self.rows.len().saturating_sub(1);
        let column = self.column;
        match to {
            Move::Up(n) => self.row = self.row.saturating_sub(n.into()),
            Move::PreviousLine(n) => (self.row, self.column) = (self.row.saturating_sub(n.into()), 0),
            Move::Down(n) => self.row = (self.row + usize::from(n)).min(last.max(self.row)),
            Move::NextLine(n) => {
                (self.row, self.column) = ((self.row + usize::from(n)).min(last.max(self.row)), 0);
            }
            Move::Left(n) => self.column = column.saturating_sub(n.into()),
            Move::Right(n) => self.column = (column + usize::from(n)).min(COLUMNS.max(column)),
            Move::Column(n) => self.column = usize::from(n).saturating_sub(1).min(COLUMNS),
            Move::EraseRight => self.erase(column, usize::MAX, offset),
            Move::EraseLeft => self.erase(0, column + 1, offset),
            Move::EraseLine => self.erase(0, usize::MAX, offset),
            Move::EraseBelow => {
                self.erase(column, usize::MAX, offset);
                for row in self.rows.iter_mut().skip(self.row + 1) {
                    row.erase(0, usize::MAX);
                }
            }
            // a log has no screen: what stands there stays, and what comes stands below it
            Move::Place | Move::EraseScreen => {
                self.row = last;
                if self.rows.last().is_some_and(|row| row.touched) {
                    self.row += 1;
                }
                self.column = 0;
            }
        }
    }

    fn erase(&mut self, from: usize, to: usize, offset: u64) {
        if let Some(row) = self.current(offset) {
            row.erase(from, to);
        }
    }
}

/// Plays `bytes`, which begin at `offset` of their file, and hands out the rows that stand there in the end.
pub(super) fn rows(bytes: &[u8], offset: u64, row: &mut dyn FnMut(&Played<'_>)) {
    let mut grid = Grid { rows: Vec::new(), row: 0, column: 0 };
    let mut machine = Escapes::default();
    let mut at = offset;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            step(&mut grid, machine.step(c), at);
            at += c.len_utf8() as u64;
        }
        if !chunk.invalid().is_empty() {
            if let Step::Text(c) = machine.step(char::REPLACEMENT_CHARACTER) {
                grid.write(c, at);
            }
            at += chunk.invalid().len() as u64;
        }
    }
    // behind the last newline no row has begun yet
    let rows = grid.rows.len();
    let unbegun = grid.rows.last().is_some_and(|last| !last.touched && bytes.ends_with(b"\n"));
    let mut text = String::new();
    for played in grid.rows.iter().take(rows - usize::from(unbegun && rows > 0)) {
        played.text(&mut text);
        row(&Played { text: &text, offset: played.offset, redrawn: played.redrawn });
    }
}

fn step(grid: &mut Grid, step: Step, at: u64) {
    match step {
        Step::Nothing => {}
        Step::Text(c) if escape::is_hidden(c) => {}
        Step::Text(c) => grid.write(c, at),
        Step::Tab => {
            // to the next tabulator, which leaves what stands there alone
            let to = (grid.column / 8 + 1) * 8;
            let beyond = grid.current(at).is_none_or(|row| row.cells.len() < to);
            while beyond && grid.column < to && grid.column < ROW_MAX {
                grid.write(' ', at);
            }
            grid.column = to.min(ROW_MAX);
        }
        Step::Newline => grid.newline(at, at + 1),
        Step::Return => grid.column = 0,
        Step::Back => grid.column = grid.column.saturating_sub(1),
        Step::Move(to) => grid.go(to, at),
    }
}
