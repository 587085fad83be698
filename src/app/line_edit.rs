//! A line of text under the cursor: what filters and searches are typed into.

use unicode_segmentation::GraphemeCursor;
use unicode_segmentation::UnicodeSegmentation;

use super::key::Code;
use super::key::Key;

/// The longest text that can be typed or pasted, in bytes.
const MAX: usize = 1024;

/// What a key did to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// Nothing: the key means nothing here, or there was nothing to do.
    No,
    /// The cursor moved.
    Moved,
    /// The text is another.
    Changed,
}

/// A line of text with a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineEdit {
    text: String,
    /// In bytes, at the edge of a grapheme.
    cursor: usize,
}

impl LineEdit {
    /// A line that holds `text`, with the cursor behind it.
    pub fn new(text: &str) -> Self {
        let mut edit = Self::default();
        edit.insert(text);
        edit
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor stands, in bytes from the beginning of the text.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// The text before the cursor, and the text behind it.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at_checked(self.cursor).unwrap_or((&self.text, ""))
    }

    /// Takes one key.
    pub fn key(&mut self, key: Key) -> Edited {
        match (key.code, key.ctrl, key.alt) {
            (Code::Char(c), false, false) => self.insert(c.encode_utf8(&mut [0; 4])),
            (Code::Backspace, false, false) | (Code::Char('h'), true, false) => {
                self.remove(self.left(), self.cursor)
            }
            (Code::Delete, ..) | (Code::Char('d'), true, false) => self.remove(self.cursor, self.right()),
            (Code::Char('u'), true, false) => self.remove(0, self.cursor),
            (Code::Char('k'), true, false) => self.remove(self.cursor, self.text.len()),
            (Code::Char('w'), true, false) | (Code::Backspace, ..) => {
                self.remove(self.word_left(), self.cursor)
            }
            (Code::Left, false, false) | (Code::Char('b'), true, false) => self.go(self.left()),
            (Code::Right, false, false) | (Code::Char('f'), true, false) => self.go(self.right()),
            (Code::Left, ..) => self.go(self.word_left()),
            (Code::Right, ..) => self.go(self.word_right()),
            (Code::Home, ..) | (Code::Char('a'), true, false) => self.go(0),
            (Code::End, ..) | (Code::Char('e'), true, false) => self.go(self.text.len()),
            _ => Edited::No,
        }
    }

    /// Puts text in at the cursor, in one line: line ends become blanks, other controls are dropped.
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
        if self.text.len() == before { Edited::No } else { Edited::Changed }
    }

    fn remove(&mut self, from: usize, to: usize) -> Edited {
        if from >= to || to > self.text.len() {
            return Edited::No;
        }
        self.text.drain(from..to);
        self.cursor = from;
        Edited::Changed
    }

    fn go(&mut self, to: usize) -> Edited {
        if to == self.cursor {
            return Edited::No;
        }
        self.cursor = to;
        Edited::Moved
    }

    fn left(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn right(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    fn word_left(&self) -> usize {
        let (before, _) = self.halves();
        let last = before.split_word_bound_indices().rfind(|(_, word)| !word.trim().is_empty());
        last.map_or(0, |(at, _)| at)
    }

    fn word_right(&self) -> usize {
        let (_, behind) = self.halves();
        let next = behind.split_word_bound_indices().find(|(_, word)| !word.trim().is_empty());
        next.map_or(self.text.len(), |(at, word)| self.cursor + at + word.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Edited;
    use super::LineEdit;
    use crate::app::key::Code;
    use crate::app::key::Key;

    #[test]
    fn keys_edit_as_a_shell_does() {
        let ctrl = Key::ctrl;
        let plain = Key::plain;
        let cases: [(&str, &[Key], &str, usize); 10] = [
            ("loss", &[Key::char('!')], "loss!", 5),
            ("loss", &[plain(Code::Backspace), plain(Code::Backspace)], "lo", 2),
            ("val loss", &[ctrl('w')], "val ", 4),
            ("val loss", &[ctrl('w'), ctrl('w')], "", 0),
            ("val loss", &[plain(Code::Left), ctrl('u')], "s", 0),
            ("val loss", &[ctrl('a'), plain(Code::Delete)], "al loss", 0),
            ("val loss", &[plain(Code::Home), ctrl('k')], "", 0),
            ("e\u{301}x", &[plain(Code::Left), plain(Code::Backspace)], "x", 0),
            ("👩‍🚀", &[plain(Code::Backspace)], "", 0),
            ("ab", &[plain(Code::Left), Key::char('ß')], "aßb", 3),
        ];
        for (text, keys, want, cursor) in cases {
            let mut edit = LineEdit::new(text);
            for key in keys {
                edit.key(*key);
            }
            assert_eq!((edit.text(), edit.cursor()), (want, cursor), "{text} {keys:?}");
        }
    }

    #[test]
    fn what_changes_nothing_says_so() {
        let mut edit = LineEdit::default();
        for key in
            [Key::plain(Code::Backspace), Key::plain(Code::Left), Key::plain(Code::F(1)), Key::ctrl('u')]
        {
            assert_eq!(edit.key(key), Edited::No, "{key:?}");
        }
    }

    #[test]
    fn pasted_text_becomes_one_clean_line_of_bounded_length() {
        let mut edit = LineEdit::default();
        edit.insert("a\tb\nc\u{1b}[31m\r\n");
        assert_eq!(edit.text(), "a b c[31m");
        edit.insert(&"x".repeat(5000));
        assert_eq!(edit.text().len(), 1024);
    }
}
