//! The cells of one row.
//!
//! A cell holds what is drawn in it and nothing else: colours would be one more field here, and one more step of the escape
//! machine.

use unicode_width::UnicodeWidthChar;

use super::COLUMNS;

/// Marks that one cell takes; what a text piles up beyond that is noise.
const MARKS: usize = 8;

/// A row under the cursor.
#[derive(Debug)]
pub(super) struct Cells(Vec<Cell>);

#[derive(Debug, Clone)]
struct Cell {
    /// What is drawn; `None` for the right half of a wide character.
    glyph: Option<char>,
    /// Combining marks upon it.
    marks: Vec<char>,
}

impl Cell {
    const BLANK: Self = Self::of(' ');

    const fn of(c: char) -> Self {
        Self { glyph: Some(c), marks: Vec::new() }
    }
}

impl Cells {
    /// The cells that show `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut cells = Self(Vec::with_capacity(text.len()));
        let mut column = 0;
        for c in text.chars() {
            column = cells.put(column, c).0;
        }
        cells
    }

    /// How many columns are in use.
    pub(super) fn width(&self) -> usize {
        self.0.len()
    }

    /// Draws `c` at `column`. Returns the column behind it, and whether something was drawn over.
    pub(super) fn put(&mut self, column: usize, c: char) -> (usize, bool) {
        let width = c.width().unwrap_or(0);
        if width == 0 {
            self.mark(column, c);
            return (column, false);
        }
        if column + width > COLUMNS {
            return (column, false);
        }
        let over = column < self.0.len();
        if column > self.0.len() {
            self.0.resize(column, Cell::BLANK);
        }
        self.part(column);
        self.part(column + width);
        let halves = [Cell::of(c), Cell { glyph: None, marks: Vec::new() }];
        for (at, half) in (column..).zip(halves.into_iter().take(width)) {
            match self.0.get_mut(at) {
                Some(cell) => *cell = half,
                None => self.0.push(half),
            }
        }
        (column + width, over)
    }

    /// Blanks the columns `from..to`; at the end of the row they are gone. Returns whether anything was there.
    pub(super) fn erase(&mut self, from: usize, to: usize) -> bool {
        if from >= self.0.len() {
            return false;
        }
        self.part(from);
        self.part(to);
        if to >= self.0.len() {
            self.0.truncate(from);
        } else {
            self.0.iter_mut().take(to).skip(from).for_each(|cell| *cell = Cell::BLANK);
        }
        true
    }

    /// What is shown, without blanks at the end.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        for cell in &self.0 {
            text.extend(cell.glyph);
            text.extend(&cell.marks);
        }
        text.truncate(text.trim_end_matches(' ').len());
        text
    }

    /// Sets a combining mark upon the character before `column`.
    fn mark(&mut self, column: usize, c: char) {
        let mut at = column.min(self.0.len());
        while at > 0 {
            at -= 1;
            match self.0.get_mut(at) {
                Some(cell) if cell.glyph.is_some() => {
                    if cell.marks.len() < MARKS {
                        cell.marks.push(c);
                    }
                    return;
                }
                _ => {}
            }
        }
    }

    /// Makes a border at `column`: a wide character that lies across it is gone.
    fn part(&mut self, column: usize) {
        if self.0.get(column).is_some_and(|cell| cell.glyph.is_none()) {
            for at in [column.saturating_sub(1), column] {
                if let Some(cell) = self.0.get_mut(at) {
                    *cell = Cell::BLANK;
                }
            }
        }
    }
}

/// Whether `c` surely takes one column: the scripts and symbols that most logs are made of. `\r` is let through.
pub(super) fn is_narrow(c: char) -> bool {
    matches!(c, '\r' | ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{400}'..='\u{482}' | '\u{2010}'..='\u{2027}'
        | '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{259f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_characters_are_narrow() {
        for c in ('\u{20}'..'\u{3000}').filter(|c| is_narrow(*c)) {
            assert_eq!(c.width(), Some(1), "{c:?}");
        }
    }
}
