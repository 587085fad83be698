//! One line of text under edit.

use unicode_segmentation::UnicodeSegmentation;

/// A change to the line or its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edit {
    /// The cursor one character back.
    Left,
    /// The cursor one character on.
    Right,
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
}

/// The text and the cursor in it, which always stands between characters as a reader sees them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    before: String,
    after: String,
}

impl Line {
    /// A line with the cursor at its end.
    pub fn new(text: &str) -> Self {
        Self { before: text.to_owned(), after: String::new() }
    }

    /// The whole text.
    pub fn text(&self) -> String {
        format!("{}{}", self.before, self.after)
    }

    /// What stands before and after the cursor.
    pub fn parts(&self) -> (&str, &str) {
        (&self.before, &self.after)
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Types or pastes; what is no text (newlines, escapes) becomes a blank.
    pub fn insert(&mut self, text: &str) {
        self.before.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }

    /// Changes the line. Returns whether anything did change.
    pub fn edit(&mut self, edit: Edit) -> bool {
        let was = (self.before.len(), self.after.len());
        match edit {
            Edit::Left => {
                let at = last_start(&self.before);
                self.after.insert_str(0, &self.before.split_off(at));
            }
            Edit::Right => {
                let rest = self.after.split_off(first_end(&self.after));
                self.before.push_str(&std::mem::replace(&mut self.after, rest));
            }
            Edit::Start => {
                self.after.insert_str(0, &self.before);
                self.before.clear();
            }
            Edit::End => {
                self.before.push_str(&self.after);
                self.after.clear();
            }
            Edit::Backspace => self.before.truncate(last_start(&self.before)),
            Edit::Delete => {
                self.after = self.after.split_off(first_end(&self.after));
            }
            Edit::Word => {
                let kept = self.before.trim_end().rfind(char::is_whitespace).map_or(0, |at| {
                    at + self.before.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
                });
                self.before.truncate(kept);
            }
            Edit::Clear => self.before.clear(),
        }
        was != (self.before.len(), self.after.len())
    }
}

fn last_start(text: &str) -> usize {
    text.grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
}

fn first_end(text: &str) -> usize {
    text.graphemes(true).next().map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Edit; 8] = [
        Edit::Left,
        Edit::Right,
        Edit::Start,
        Edit::End,
        Edit::Backspace,
        Edit::Delete,
        Edit::Word,
        Edit::Clear,
    ];

    fn after(text: &str, edits: &[Edit]) -> (String, String) {
        let mut line = Line::new(text);
        for edit in edits {
            line.edit(*edit);
        }
        (line.parts().0.to_owned(), line.parts().1.to_owned())
    }

    #[test]
    fn edits() {
        use Edit::{Backspace, Clear, Delete, End, Left, Right, Start, Word};
        let cases: &[(&str, &[Edit], &str, &str)] = &[
            ("ab", &[Left], "a", "b"),
            ("ab", &[Left, Backspace], "", "b"),
            ("ab", &[Start, Delete], "", "b"),
            ("ab", &[Start, Right], "a", "b"),
            ("ab", &[Start, End], "ab", ""),
            ("state:failed loss<1", &[Word], "state:failed ", ""),
            ("state:failed ", &[Word], "", ""),
            ("a b", &[Left, Clear], "", "b"),
            ("e\u{301}x", &[Left, Backspace], "", "x"),
            ("学習", &[Backspace], "学", ""),
            ("", &[Left, Right, Backspace, Delete, Word, Clear], "", ""),
        ];
        for (text, edits, left, right) in cases {
            assert_eq!(after(text, edits), ((*left).to_owned(), (*right).to_owned()), "{text} {edits:?}");
        }
    }

    #[test]
    fn a_paste_holds_no_control_characters() {
        let mut line = Line::default();
        line.insert("a\nb\u{1b}[2J");
        assert_eq!(line.text(), "a b [2J");
    }

    proptest! {
        #[test]
        fn moving_the_cursor_changes_no_text(text in ".{0,12}", edits in prop::collection::vec(0usize..4, 0..20)) {
            let mut line = Line::new(&text);
            for edit in edits {
                line.edit(ALL[edit]);
            }
            prop_assert_eq!(line.text(), text);
        }
    }
}
