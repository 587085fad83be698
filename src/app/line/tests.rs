use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

const ALL: [Edit; 11] = [
    Edit::Left,
    Edit::Right,
    Edit::WordLeft,
    Edit::WordRight,
    Edit::Start,
    Edit::End,
    Edit::Backspace,
    Edit::Delete,
    Edit::Word,
    Edit::Clear,
    Edit::Rest,
];

#[test]
fn edits_are_those_of_a_shell() {
    use Edit::{Backspace, Clear, Delete, End, Left, Rest, Right, Start, Word, WordLeft, WordRight};
    let cases: &[(&str, &[Edit], &str, &str)] = &[
        ("ab", &[Left], "a", "b"),
        ("ab", &[Left, Backspace], "", "b"),
        ("ab", &[Start, Delete], "", "b"),
        ("ab", &[Start, Right], "a", "b"),
        ("ab", &[Start, End], "ab", ""),
        ("state:failed loss<1", &[Word], "state:failed ", ""),
        ("state:failed ", &[Word], "", ""),
        ("a b", &[Left, Clear], "", "b"),
        ("val loss", &[Start, Rest], "", ""),
        ("val loss", &[WordLeft], "val ", "loss"),
        ("val loss", &[WordLeft, WordLeft], "", "val loss"),
        ("val loss x", &[Start, WordRight], "val", " loss x"),
        ("val loss x", &[Start, WordRight, WordRight], "val loss", " x"),
        ("e\u{301}x", &[Left, Backspace], "", "x"),
        ("学習", &[Backspace], "学", ""),
        ("👩‍🚀", &[Backspace], "", ""),
        ("", &ALL, "", ""),
    ];
    for (text, edits, left, right) in cases {
        let mut line = Line::new(text);
        for edit in *edits {
            line.edit(*edit);
        }
        assert_eq!(line.parts(), (*left, *right), "{text} {edits:?}");
    }
}

#[test]
fn what_changes_nothing_says_so() {
    let mut line = Line::default();
    for edit in ALL {
        assert_eq!(line.edit(edit), Edited::No, "{edit:?}");
    }
    assert_eq!(line.insert("\u{1b}"), Edited::No);
    assert_eq!(line.insert("ab"), Edited::Changed);
    assert_eq!(line.edit(Edit::Left), Edited::Moved);
    assert_eq!(line.edit(Edit::Delete), Edited::Changed);
}

#[test]
fn pasted_text_becomes_one_clean_line_of_bounded_length() {
    let mut line = Line::default();
    line.insert("a\tb\nc\u{1b}[31m\r\n");
    assert_eq!(line.text(), "a b c[31m");
    line.insert(&"x".repeat(5000));
    assert_eq!(line.text().len(), 1024);
}

proptest! {
    #[test]
    fn moving_the_cursor_changes_no_text(text in "[^\\x00-\\x1f\\x7f-\\x9f]{0,12}", edits in prop::collection::vec(0usize..6, 0..20)) {
        let mut line = Line::new(&text);
        for edit in edits {
            line.edit(ALL[edit]);
        }
        prop_assert_eq!(line.text(), text);
    }

    #[test]
    fn the_cursor_stands_between_characters(
        text in ".{0,8}", more in ".{0,3}|\u{301}|\u{200d}🚀", edits in prop::collection::vec(0usize..11, 0..12),
    ) {
        let mut line = Line::new(&text);
        for (at, edit) in edits.into_iter().enumerate() {
            line.edit(ALL[edit]);
            if at % 3 == 0 {
                line.insert(&more);
            }
            let at = line.cursor;
            let edge = line.text().grapheme_indices(true).any(|(edge, _)| edge == at);
            prop_assert!(edge || at == line.text().len(), "{line:?}");
        }
    }
}
