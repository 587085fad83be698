//! What a terminal would show of a stretch of log, row by row: the log pane reads a file again by offset and draws these rows.
//!
//! A row stays open while the cursor may still come back to it. A line without escapes or backspaces, however often its `\r`
//! redraw it, takes a short way that writes each column once; both ways give the same rows, and so do any chunks.

use std::collections::VecDeque;

use memchr::memchr;

use self::screen::Cells;
use super::decode::Decoder;
use super::decode::Piece;
use super::escape;
use super::escape::Escapes;
use super::escape::Move;
use super::escape::Step;

mod screen;

/// Columns of a row; what goes beyond is not shown.
pub const COLUMNS: usize = 64 * 1024;

/// Rows that the cursor can go back up.
pub const ROWS: usize = 64;

/// A row of the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its first byte in the file.
    pub offset: u64,
    /// Behind the last byte that had to do with it, its `\n` included. Behind the beginning of the next row when the cursor
    /// came back.
    pub end: u64,
    /// What stands on it, without blanks at its end. No control character and no escape is ever in it.
    pub text: String,
    /// Something on it was drawn over or erased.
    pub is_redrawn: bool,
}

/// The rows of `bytes`, which begin at a line's start at `offset` in their file. An empty row at the very end is left out.
pub fn replay(bytes: &[u8], offset: u64) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut replay = Replay::at(offset);
    replay.push(bytes, &mut |row| rows.push(row));
    replay.finish(&mut |row| rows.push(row));
    rows
}

/// A terminal that takes bytes in and hands rows out once nothing can change them any more.
#[derive(Debug)]
pub struct Replay {
    decoder: Decoder,
    escapes: Escapes,
    /// Bytes taken in.
    offset: u64,
    /// Open rows, topmost first; never empty.
    rows: VecDeque<Row>,
    /// The row that the cursor is on, and its cells, when they differ from its text.
    at: usize,
    cells: Option<Cells>,
    column: usize,
}

impl Replay {
    /// A terminal with an empty screen, whose bytes begin at a line's start at `offset`. A byte-order mark is looked for at the
    /// start of the file alone; elsewhere the bytes are taken for UTF-8.
    pub fn at(offset: u64) -> Self {
        let decoder = if offset == 0 { Decoder::default() } else { Decoder::utf8() };
        let rows = VecDeque::from([Row { offset, end: offset, ..Row::default() }]);
        Self { decoder, escapes: Escapes::default(), offset, rows, at: 0, cells: None, column: 0 }
    }

    /// Takes the next bytes in.
    pub fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(Row)) {
        let mut decoder = std::mem::take(&mut self.decoder);
        decoder.decode(bytes, &mut |piece| match piece {
            Piece::Text(text) => self.text(text, each),
            Piece::Char(c, len) => self.char(c, len, each),
            Piece::Skip(len) => self.offset += len,
        });
        self.decoder = decoder;
    }

    /// Hands out the rows that are still open.
    pub fn finish(mut self, each: &mut dyn FnMut(Row)) {
        self.leave();
        if self.rows.back().is_some_and(|row| row.text.is_empty()) {
            self.rows.pop_back();
        }
        self.rows.into_iter().for_each(each);
    }

    fn text(&mut self, text: &str, each: &mut dyn FnMut(Row)) {
        let bytes = text.as_bytes();
        let mut special = escape::special(text, 0);
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if special < at {
                special = escape::special(text, at);
            }
            if self.is_at_new_row()
                && let Some(stop) = bytes.get(at..).and_then(|rest| memchr(b'\n', rest))
                && special >= at + stop
                && let Some(line) = rest.get(..stop)
                && let Some(row) = plain_row(line)
            {
                at += stop + 1;
                self.offset += stop as u64 + 1;
                if let Some(last) = self.rows.back_mut() {
                    *last = Row { offset: last.offset, end: self.offset, ..row };
                }
                self.down(each);
                continue;
            }
            // character by character to the end of the line
            for c in rest.chars() {
                at += c.len_utf8();
                self.char(c, c.len_utf8() as u64, each);
                if c == '\n' {
                    break;
                }
            }
        }
    }

    /// Whether the cursor stands at the start of a last row that is still empty.
    fn is_at_new_row(&self) -> bool {
        self.at + 1 == self.rows.len()
            && self.column == 0
            && self.escapes.is_ground()
            && self.cells.is_none()
            && self.rows.back().is_some_and(|row| row.text.is_empty() && !row.is_redrawn)
    }

    /// One character, which takes `len` bytes of the file.
    fn char(&mut self, c: char, len: u64, each: &mut dyn FnMut(Row)) {
        self.offset += len;
        let step = self.escapes.step(c);
        if let Some(row) = self.rows.get_mut(self.at) {
            row.end = row.end.max(self.offset);
        }
        match step {
            Step::Newline => self.down(each),
            Step::Return => self.column = 0,
            Step::Back => self.column = self.column.saturating_sub(1),
            Step::Tab => self.column = (self.column / 8 + 1).saturating_mul(8).min(COLUMNS),
            Step::Text(c) if !escape::is_hidden(c) => {
                let column = self.column;
                let (behind, over) = self.draw().put(column, c);
                self.redrawn(over);
                self.column = behind;
            }
            Step::Text(_) | Step::Nothing => {}
            Step::Move(to) => self.moved(to),
        }
    }

    fn moved(&mut self, to: Move) {
        let column = self.column;
        match to {
            Move::Up(count) => self.go_to_row(self.at.saturating_sub(usize::from(count))),
            Move::Down(count) => self.go_to_row(self.at + usize::from(count)),
            Move::PreviousLine(count) => {
                self.go_to_row(self.at.saturating_sub(usize::from(count)));
                self.column = 0;
            }
            Move::NextLine(count) => {
                self.go_to_row(self.at + usize::from(count));
                self.column = 0;
            }
            Move::Left(count) => self.column = column.saturating_sub(usize::from(count)),
            Move::Right(count) => self.go_to_column(column + usize::from(count)),
            Move::Column(to) => self.go_to_column(usize::from(to) - 1),
            Move::EraseRight => self.erase(column, usize::MAX),
            Move::EraseLeft => self.erase(0, column + 1),
            Move::EraseLine => self.erase(0, usize::MAX),
            Move::EraseBelow => {
                self.erase(column, usize::MAX);
                for row in self.rows.iter_mut().skip(self.at + 1) {
                    row.is_redrawn |= !row.text.is_empty();
                    row.text.clear();
                }
            }
            // a log has no screen to clear or to be placed on: what it said stays
            Move::Place | Move::EraseScreen => {}
        }
    }

    /// To a column, as far as the row reaches or a terminal is wide.
    fn go_to_column(&mut self, column: usize) {
        let width = self.draw().width();
        self.column = column.min(width.max(escape::PAD));
    }

    /// To an open row: there is none below the last.
    fn go_to_row(&mut self, row: usize) {
        self.leave();
        self.at = row.min(self.rows.len().saturating_sub(1));
    }

    fn erase(&mut self, from: usize, to: usize) {
        let erased = self.draw().erase(from, to);
        self.redrawn(erased);
    }

    /// The cells of the cursor's row, to be changed.
    fn draw(&mut self) -> &mut Cells {
        let Self { rows, at, cells, .. } = self;
        cells.get_or_insert_with(|| Cells::of(rows.get(*at).map_or("", |row| &row.text)))
    }

    fn redrawn(&mut self, is_redrawn: bool) {
        if let Some(row) = self.rows.get_mut(self.at) {
            row.is_redrawn |= is_redrawn;
        }
    }

    /// Writes the cells of the cursor's row back to its text.
    fn leave(&mut self) {
        if let Some(cells) = self.cells.take()
            && let Some(row) = self.rows.get_mut(self.at)
        {
            row.text = cells.text();
        }
    }

    /// To the start of the next row, which is a new one below the last.
    fn down(&mut self, each: &mut dyn FnMut(Row)) {
        self.leave();
        self.column = 0;
        self.at += 1;
        if self.at >= self.rows.len() {
            self.rows.push_back(Row { offset: self.offset, end: self.offset, ..Row::default() });
        }
        if self.rows.len() > ROWS
            && let Some(row) = self.rows.pop_front()
        {
            self.at -= 1;
            each(row);
        }
    }
}

/// What a line without escapes and controls but `\r` shows, when each of its characters takes one column: the last redraw, and of
/// earlier ones what reaches beyond it.
fn plain_row(line: &str) -> Option<Row> {
    let line = line.trim_end_matches('\r');
    if line.len() > COLUMNS
        || !line.bytes().all(|b| b.is_ascii() && b != b'\t') && !line.chars().all(screen::is_narrow)
    {
        return None;
    }
    let mut redraws = line.rsplit('\r').filter(|redraw| !redraw.is_empty());
    let mut text = redraws.next().unwrap_or_default().to_owned();
    let mut width = text.chars().count();
    let mut is_redrawn = false;
    for earlier in redraws {
        is_redrawn = true;
        // a character takes a byte at least
        if earlier.len() > width
            && let Some((beyond, _)) = earlier.char_indices().nth(width)
        {
            text.push_str(earlier.get(beyond..)?);
            width = text.chars().count();
        }
    }
    text.truncate(text.trim_end_matches(' ').len());
    Some(Row { text, is_redrawn, ..Row::default() })
}

#[cfg(test)]
mod tests;
