use proptest::prelude::*;

use super::*;

fn rows(bytes: &[u8]) -> Vec<(u64, String)> {
    let mut out = Vec::new();
    each(bytes, 100, &mut |row| out.push((row.offset - 100, row.text.to_owned())));
    out
}

fn texts(bytes: &[u8]) -> Vec<String> {
    rows(bytes).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn a_row_is_what_a_terminal_shows_in_the_end() {
    let cases: [(&str, &[&str]); 22] = [
        ("a\nb\n", &["a", "b"]),
        ("a\nb", &["a", "b"]),
        ("a\r\nb\r\n", &["a", "b"]),
        ("a\n\nb", &["a", "", "b"]),
        ("\r  0%|  | 0/2\r 50%|█ | 1/2\r100%|██| 2/2\n", &["100%|██| 2/2"]),
        ("\rlong text here\rshort", &["shorttext here"]),
        ("one two three\rONE", &["ONE two three"]),
        ("bar 50%\r       \rdone\n", &["done"]),
        ("bar 50%\r       \r\n", &[""]),
        ("12%\x08\x08\x0899%\n", &["99%"]),
        ("100%\x08\x08\x08\x08 99%\n", &[" 99%"]),
        ("one two\r\x1b[Kthree\n", &["three"]),
        ("\x1b[31mred\x1b[0m plain\n", &["red plain"]),
        ("a\0b\n", &["ab"]),
        ("outer 1\ninner 1\x1b[A\router 2\n\rinner 2\n", &["outer 2", "inner 2"]),
        ("a\n\x1b[5Ab\nc\n", &["b", "c"]),
        ("wide 中文\rWIDE\n", &["WIDE 中文"]),
        ("中文字\r x\n", &[" x文字"]),
        ("e\u{301}x\n", &["e\u{301}x"]),
        ("a\x1b[999999Bb\n", &["ab"]),
        ("one\x1b[2J\x1b[Htwo\n", &["onetwo"]),
        ("tab\there\n", &["tab\there"]),
    ];
    for (bytes, want) in cases {
        let got = texts(bytes.as_bytes());
        let got: Vec<&str> = got.iter().map(String::as_str).collect();
        assert_eq!(got, want, "{bytes:?}");
    }
}

#[test]
fn rows_are_known_by_the_byte_they_begin_at() {
    assert_eq!(
        rows(b"ab\r\ncd\n\nef"),
        [(0, "ab".into()), (4, "cd".into()), (7, String::new()), (8, "ef".into())]
    );
    let moved = rows("ab\ncd\x1b[A\rxy\n\nef".as_bytes());
    assert_eq!(moved, [(0, "xy".into()), (3, "cd".into()), (13, "ef".into())]);
}

#[test]
fn hostile_text_never_reaches_a_row() {
    let abuse = [
        "\x1b]0;PWNED\x07x",
        "\x1b]52;c;aGk=\x1b\\x",
        "\x1b[2J\x1b[?1049l\x1b[?1000hx",
        "\x1b[6n\x1b[cx",
        "\u{9b}31mx",
        "\u{9d}0;PWNED\u{9c}x",
        "\x1b]8;;http://e\x07link\x1b]8;;\x07",
        "\x1bP1$r\x1b\\x",
        "\x1b_Gi=1\x1b\\x",
        "a\u{202e}b\u{2066}c\u{200b}d\u{feff}",
        "\x0e\x0f\x05\x07",
    ];
    for text in abuse {
        for bytes in [text.to_owned(), format!("\r{text}"), format!("{text}\rmore\x08")] {
            for row in texts(bytes.as_bytes()) {
                assert!(!row.chars().any(char::is_control), "{bytes:?}: {row:?}");
                assert!(!row.contains("PWNED") && !row.contains("aGk=") && !row.contains("http"), "{row:?}");
                assert!(!row.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}']), "{row:?}");
            }
        }
    }
    assert_eq!(texts(b"a\xff\xfeb\n"), ["a\u{fffd}\u{fffd}b"]);
}

#[test]
fn a_huge_line_is_cut_and_says_by_how_much() {
    let mut bytes = vec![b'x'; 3 * ROW_MAX];
    bytes.push(b'\n');
    each(&bytes, 0, &mut |row| {
        assert_eq!((row.text.len(), row.cut), (ROW_MAX, 2 * ROW_MAX as u64));
    });
}

proptest! {
    #[test]
    fn the_short_way_shows_what_the_long_one_does(
        draws in prop::collection::vec("[a-c% █中]{0,12}", 1..6),
        end in prop::sample::select(vec!["", "\n", "\r\n"]),
    ) {
        let line = draws.join("\r") + end;
        let long: Vec<String> = replay(line.as_bytes(), 100).into_iter().map(|played| played.text).collect();
        prop_assume!(!long.is_empty());
        let got = texts(line.as_bytes());
        prop_assert_eq!(got.first(), long.first());
    }

    #[test]
    fn no_control_character_comes_out(bytes in prop::collection::vec(any::<u8>(), 0..200), hot in "[\x00-\x20\x1b\\[\\]ABHJK0-9;\u{80}-\u{9f}]{0,60}") {
        let mut all = bytes;
        all.extend(hot.bytes());
        let mut last = None;
        each(&all, 0, &mut |row| {
            assert!(!row.text.chars().any(|c| c.is_control() && c != '\t'));
            assert!(last.is_none_or(|last| last < row.offset), "offsets rise");
            last = Some(row.offset);
        });
    }
}

#[test]
fn a_long_row_is_cut_between_two_characters() {
    for shift in 0..3 {
        let line = format!("{}{}", "x".repeat(shift), "e\u{301}".repeat(ROW_MAX));
        let mut seen = 0;
        line_of(&line, &mut |text, cut| {
            seen += 1;
            assert!(!text.contains('\u{fffd}'), "{shift}");
            assert_eq!(text.len() as u64 + cut, line.len() as u64);
        });
        assert_eq!(seen, 1);
    }
}

fn line_of(text: &str, each: &mut dyn FnMut(&str, u64)) {
    line(text.as_bytes(), 0, &mut |row| each(row.text, row.cut));
}
