use std::num::NonZero;

use proptest::prelude::*;

use super::*;

fn texts(bytes: &[u8]) -> Vec<String> {
    replay(bytes, 0).into_iter().map(|row| row.text).collect()
}

/// The rows of `bytes`, pushed in pieces that end at `cuts`.
fn in_chunks(bytes: &[u8], cuts: &[usize]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut replay = Replay::at(0);
    let mut from = 0;
    for to in cuts.iter().copied().chain([bytes.len()]) {
        if (from..=bytes.len()).contains(&to) {
            replay.push(&bytes[from..to], &mut |row| rows.push(row));
            from = to;
        }
    }
    replay.finish(&mut |row| rows.push(row));
    rows
}

#[test]
fn returns_draw_over() {
    assert_eq!(texts(b"\r10%\r20%\n"), ["20%"]);
    assert_eq!(texts(b"a longer line\rshort\n"), ["shortger line"]);
    assert_eq!(texts(b"bar 100%\r        \rdone\r\nnext\n"), ["done", "next"]);
    assert_eq!(texts("█████ 50%\r██ 2\n".as_bytes()), ["██ 2█ 50%"]);
    assert_eq!(texts(b"one\n\ntwo"), ["one", "", "two"]);
}

#[test]
fn backspaces_erasures_and_columns() {
    assert_eq!(texts(b"12%\x08\x08\x0813%\n"), ["13%"]);
    assert_eq!(texts(b"old text\r\x1b[2Knew\n"), ["new"]);
    assert_eq!(texts(b"old text\rnew\x1b[K\n"), ["new"]);
    assert_eq!(texts(b"name\x1b[10Gvalue\x1b[1GN\n"), ["Name     value"]);
    assert_eq!(texts(b"a\x1b[3Cb\x1b[2Dc\n"), ["a  cb"]);
    assert_eq!(texts(b"a\tb\n1234567\t8\n"), ["a       b", "1234567 8"]);
    assert_eq!(texts(b"abcdef\x1b[3D\x1b[1K\n"), ["    ef"]);
}

#[test]
fn nested_bars_share_two_rows() {
    let log = "\rEpochs:   0%|  | 0/4\n\rtrain:  30%|█ | 6/20\x1b[A\n\rtrain:  60%|█▌| 12/20\x1b[A\rEpochs:  25%|▌ | 1/4\n\rtrain: 100%|██| 20/20\x1b[A\rEpochs: 100%|██| 4/4\n";
    let rows = replay(log.as_bytes(), 100);
    let got: Vec<_> = rows.iter().map(|row| (row.text.as_str(), row.offset, row.is_redrawn)).collect();
    assert_eq!(got, [("Epochs: 100%|██| 4/4", 100, true), ("train: 100%|██| 20/20", 122, true)]);
    assert_eq!(rows[0].end, 100 + log.len() as u64);
}

#[test]
fn offsets_and_ends() {
    let rows = replay(b"one\r\ntwo\n\nlast", 50);
    let got: Vec<_> = rows.iter().map(|row| (row.text.as_str(), row.offset, row.end)).collect();
    assert_eq!(got, [("one", 50, 55), ("two", 55, 59), ("", 59, 60), ("last", 60, 64)]);
}

#[test]
fn wide_characters_and_marks() {
    assert_eq!(texts("中文x\rab\n".as_bytes()), ["ab文x"]);
    assert_eq!(texts("中文x\ra\n".as_bytes()), ["a 文x"]);
    assert_eq!(texts("e\u{301}a\x1b[2Gb\n".as_bytes()), ["e\u{301}b"]);
    assert_eq!(texts("\u{301}a\n".as_bytes()), ["a"]);
}

#[test]
fn the_cursor_stays_within_bounds() {
    assert_eq!(texts(b"a\n\x1b[999Ab\x1b[999Bc\n"), ["b", " c"]);
    let many = b"x\n".repeat(200);
    assert_eq!(texts(&many).len(), 200);
    let mut bytes = many.clone();
    bytes.extend(b"\x1b[500Ay\n");
    let rows = texts(&bytes);
    assert_eq!(rows.iter().position(|row| row == "y"), Some(201 - ROWS));
    assert!(texts(b"\x1b[65535Gx\n")[0].len() <= escape::PAD + 1);
    let long = vec![b'x'; 3 * COLUMNS];
    assert_eq!(texts(&long)[0].len(), COLUMNS);
    assert_eq!(texts("a\u{301}".repeat(50).as_bytes())[0].chars().count(), 100);
    assert!(texts(format!("a{}", "\u{301}".repeat(50)).as_bytes())[0].chars().count() < 10);
}

#[test]
fn a_screen_that_is_cleared_stays_in_the_log() {
    assert_eq!(texts(b"one\n\x1b[2J\x1b[Htwo\n"), ["one", "two"]);
}

const LOGS: [&[u8]; 4] = [
    include_bytes!("../../../tests/corpus/tqdm-nested-leave-false.log"),
    include_bytes!("../../../tests/corpus/tf-keras2-legacybar.log"),
    include_bytes!("../../../tests/corpus/torch-ddp-two-ranks-tty.log"),
    include_bytes!("../../../tests/corpus/hf-trainer-nan-tty.log"),
];

/// What a terminal emulator shows of `bytes`, row by row.
fn emulated(bytes: &[u8], rows: u16) -> Vec<String> {
    let mut terminal = vt100::Parser::new(NonZero::new(rows).unwrap(), NonZero::new(400).unwrap(), 0);
    for piece in bytes.split_inclusive(|b| *b == b'\n') {
        match piece.strip_suffix(b"\n") {
            Some(line) => {
                terminal.process(line);
                terminal.process(b"\r\n");
            }
            None => terminal.process(piece),
        }
    }
    let mut shown: Vec<String> =
        terminal.screen().rows(0, 400).map(|row| row.trim_end().to_owned()).collect();
    while shown.last().is_some_and(String::is_empty) {
        shown.pop();
    }
    shown
}

#[test]
fn recorded_logs_look_as_in_a_terminal() {
    for log in LOGS {
        let mut rows = texts(log);
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        assert_eq!(rows, emulated(log, 1000));
        let each: Vec<usize> = (1..log.len()).collect();
        assert!(in_chunks(log, &each) == replay(log, 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn chunks_make_no_difference(bytes in crate::parse::split::tests::terminal_bytes(), mut cuts in prop::collection::vec(0usize..400, 0..12)) {
        cuts.sort_unstable();
        let whole = replay(&bytes, 0);
        prop_assert_eq!(&in_chunks(&bytes, &cuts), &whole);
        let each: Vec<usize> = (1..bytes.len()).collect();
        prop_assert_eq!(&in_chunks(&bytes, &each), &whole);
    }

    #[test]
    fn no_control_ever_comes_out(bytes in crate::parse::split::tests::terminal_bytes(), more in prop::collection::vec(any::<u8>(), 0..60)) {
        for row in replay(&[bytes, more].concat(), 7) {
            prop_assert!(!row.text.chars().any(|c| c.is_control() || escape::is_hidden(c)), "{:?}", row.text);
            prop_assert!(row.offset >= 7 && row.end >= row.offset);
        }
    }

    #[test]
    fn looks_as_in_a_terminal(pieces in prop::collection::vec(prop_oneof![
        3 => "[a-z0-9]{1,9}",
        3 => prop::sample::select(vec!["\r", "\n", "\r\n", "\x08", "\x08\x08\x08", "\x1b[A", "\x1b[2A", "\x1b[K", "\x1b[2K", "\x1b[1K", "\x1b[5G", "\x1b[2C", "\x1b[3D", "\x1b[31m", "█▌", "é"]).prop_map(str::to_owned),
    ], 0..30)) {
        let text = pieces.concat();
        let mut rows = texts(text.as_bytes());
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        prop_assert_eq!(rows, emulated(text.as_bytes(), 40), "{:?}", text);
    }
}
