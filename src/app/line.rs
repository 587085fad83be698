//! One line of text under edit: what filters and searches are typed into.

use unicode_segmentation::GraphemeCursor;

/// The longest text that can be typed or pasted, in bytes.
const MAX: usize = 1024;

/// A change to the line or its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edit {
    /// The cursor one character back.
    Left,
    /// The cursor one character on.
    Right,
    /// The cursor to the beginning of the word before it.
    WordLeft,
    /// The cursor behind the next word.
    WordRight,
    /// The cursor to the beginning.
    Start,
    /// The cursor to the end.
    End,
    /// Takes the character before the cursor away.
    Backspace,
    /// Takes the character at the cursor away.
    Delete,
    /// Takes the word before the cursor away.
    Word,
    /// Takes everything before the cursor away.
    Clear,
    /// Takes everything from the cursor on away.
    Rest,
}

/// What a change did to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// Nothing: there was nothing to do.
    No,
    /// The cursor moved.
    Moved,
    /// The text is another.
    Changed,
}

/// A line of text with a cursor, which always stands between characters as a reader sees them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    text: String,
    /// In bytes.
    cursor: usize,
}

impl Line {
    /// A line that holds `text`, with the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.insert(text);
        line
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before and after the cursor.
    pub fn parts(&self) -> (&str, &str) {
        self.text.split_at_checked(self.cursor).unwrap_or((&self.text, ""))
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Types or pastes in one line: line ends and tabulators become blanks, other controls are dropped.
    pub fn insert(&mut self, text: &str) -> Edited {
        let clean = text.trim_end_matches(['\r', '\n']).chars().filter_map(|c| match c {
            '\n' | '\t' => Some(' '),
            c if c.is_control() => None,
            c => Some(c),
        });
        let before = self.text.len();
        for c in clean {
            if self.text.len() + c.len_utf8() > MAX {
                break;
            }
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
        if self.text.len() == before {
            return Edited::No;
        }
        // what follows may join what was typed to one character
        self.cursor = self.edge(self.cursor);
        Edited::Changed
    }

    /// Changes the line or its cursor.
    pub fn edit(&mut self, edit: Edit) -> Edited {
        match edit {
            Edit::Left => self.go(self.left()),
            Edit::Right => self.go(self.right()),
            Edit::WordLeft => self.go(self.word_left()),
            Edit::WordRight => self.go(self.word_right()),
            Edit::Start => self.go(0),
            Edit::End => self.go(self.text.len()),
            Edit::Backspace => self.remove(self.left(), self.cursor),
            Edit::Delete => self.remove(self.cursor, self.right()),
            Edit::Word => self.remove(self.word_left(), self.cursor),
            Edit::Clear => self.remove(0, self.cursor),
            Edit::Rest => self.remove(self.cursor, self.text.len()),
        }
    }

    fn remove(&mut self, from: usize, to: usize) -> Edited {
        if from >= to || to > self.text.len() {
            return Edited::No;
        }
        self.text.drain(from..to);
        self.cursor = self.edge(from);
        Edited::Changed
    }

    fn go(&mut self, to: usize) -> Edited {
        if to == self.cursor {
            return Edited::No;
        }
        self.cursor = to;
        Edited::Moved
    }

    /// `at`, or the end of the character that it lies within.
    fn edge(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        match cursor.is_boundary(&self.text, 0) {
            Ok(false) => cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len()),
            _ => at,
        }
    }

    fn left(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn right(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    /// Words end at blanks, as the terms of a filter do.
    fn word_left(&self) -> usize {
        let before = self.parts().0.trim_end();
        let blank = before.char_indices().rfind(|(_, c)| c.is_whitespace());
        self.edge(blank.map_or(0, |(at, c)| at + c.len_utf8()))
    }

    fn word_right(&self) -> usize {
        let behind = self.parts().1;
        let blanks = behind.len() - behind.trim_start().len();
        let word = behind.get(blanks..).and_then(|rest| rest.find(char::is_whitespace));
        self.edge(word.map_or(self.text.len(), |end| self.cursor + blanks + end))
    }
}

#[cfg(test)]
mod tests;
