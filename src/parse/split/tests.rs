use proptest::prelude::*;

use super::*;

/// A segment that owns its text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Owned {
    text: String,
    offset: u64,
    line: u64,
    end: End,
    cut: bool,
    blank_start: bool,
}

fn owned(segment: &Segment<'_>) -> Owned {
    let Segment { text, offset, line, end, cut, blank_start } = *segment;
    Owned { text: text.to_owned(), offset, line, end, cut, blank_start }
}

/// All segments of `bytes`, pushed in pieces that end at `cuts`.
fn split_at(bytes: &[u8], cuts: &[usize]) -> Vec<Owned> {
    let mut splitter = Splitter::new();
    let mut found = Vec::new();
    let mut from = 0;
    for to in cuts.iter().copied().chain([bytes.len()]) {
        if (from..=bytes.len()).contains(&to) {
            splitter.push(&bytes[from..to], &mut |segment: &Segment<'_>| found.push(owned(segment)));
            from = to;
        }
    }
    splitter.rest(&mut |segment: &Segment<'_>| found.push(owned(segment)));
    found
}

fn split(bytes: &[u8]) -> Vec<Owned> {
    split_at(bytes, &[])
}

fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// Text and end of each segment.
fn ends(bytes: &[u8]) -> Vec<(String, End)> {
    split(bytes).into_iter().map(|s| (s.text, s.end)).collect()
}

fn texts(bytes: &[u8]) -> Vec<String> {
    split(bytes).into_iter().map(|s| s.text).collect()
}

fn of<const N: usize>(pairs: [(&str, End); N]) -> Vec<(String, End)> {
    pairs.into_iter().map(|(text, end)| (text.to_owned(), end)).collect()
}

#[test]
fn line_ends() {
    assert_eq!(
        ends(b"a\nb\r\nc\r\r\n\nd"),
        of([("a", End::Line), ("b", End::Line), ("c", End::Line), ("", End::Line), ("d", End::Rest)])
    );
}

#[test]
fn redraws_and_empty_ones() {
    assert_eq!(
        ends(b"\r1%\r\r2%\r3%\n\r\r4%\r"),
        of([("1%", End::Redraw), ("2%", End::Redraw), ("3%", End::Line), ("4%", End::Redraw)])
    );
}

#[test]
fn offsets_lines_and_starts() {
    let found = split(b"\rab\rcd\n\nef\r\n  \rgh");
    let got: Vec<_> = found.iter().map(|s| (s.text.as_str(), s.offset, s.line, s.blank_start)).collect();
    assert_eq!(
        got,
        [
            ("ab", 1, 1, true),
            ("cd", 4, 1, false),
            ("", 7, 2, true),
            ("ef", 8, 3, true),
            ("  ", 12, 4, true),
            ("gh", 15, 4, true)
        ]
    );
}

#[test]
fn backspaces_go_back_over_the_text() {
    // Keras goes back over the whole bar
    let mut keras = b" 1/20 - loss: 0.8".to_vec();
    keras.extend([8; 40]);
    keras.extend(b"\r 2/20 - loss: 0.7\n");
    assert_eq!(ends(&keras), of([(" 1/20 - loss: 0.8", End::Redraw), (" 2/20 - loss: 0.7", End::Line)]));
    // others only over the figure
    assert_eq!(
        ends(b"done 12%\x08\x08\x0813%\x08\x08\x08\n"),
        of([("done 12%", End::Redraw), ("done 13%", End::Redraw), ("", End::Line)])
    );
}

#[test]
fn nested_bars() {
    let found = split(
        "\rEpochs:   0%|  | 0/4\n\rtrain:  30%|█ | 6/20\x1b[A\n\rtrain:  60%|█▌| 12/20\x1b[1A\rEpochs:  25%"
            .as_bytes(),
    );
    let got: Vec<_> = found.iter().map(|s| (s.text.as_str(), s.end, s.line)).collect();
    assert_eq!(
        got,
        [
            ("Epochs:   0%|  | 0/4", End::Line, 1),
            ("train:  30%|█ | 6/20", End::Redraw, 2),
            ("", End::Line, 2),
            ("train:  60%|█▌| 12/20", End::Redraw, 3),
            ("Epochs:  25%", End::Rest, 3)
        ]
    );
    assert!(!found[2].blank_start, "the bar stood on that line");
}

#[test]
fn escapes_are_gone_and_erasures_redraw() {
    assert_eq!(texts(b"\x1b[1m 1/20\x1b[0m \x1b]0;t\x07x\n"), [" 1/20 x"]);
    assert_eq!(texts(b"Epoch 0\r\x1b[2KEpoch 1\x1b[K\n"), ["Epoch 0", "Epoch 1"]);
    assert_eq!(ends(b"old\x1b[2Knew\n"), of([("old", End::Redraw), ("new", End::Line)]));
    assert_eq!(texts("a\u{9b}31mb\u{202e}c\u{200b}d\0e\x07f\tg\n".as_bytes()), ["abcdef\tg"]);
    assert_eq!(texts(b"name\x1b[8Cvalue\x1b[3Ge\n"), ["name        value", "nae"]);
}

#[test]
fn a_torn_escape_hides_its_line_at_most() {
    assert_eq!(texts(b"a\x1b]8;;http\nb\x1bP\rc\x1b[12\nd"), ["a", "b", "c", "d"]);
}

#[test]
fn bytes_that_are_no_text() {
    assert_eq!(texts(b"caf\xe9 1\n\xff\xfe\n\xe2\x96"), ["caf\u{fffd} 1", "\u{fffd}\u{fffd}"]);
    assert_eq!(texts(b"\xe2\x96x\n"), ["\u{fffd}x"]);
    assert_eq!(texts(b"\xef\xbb\xbfstart\n"), ["start"]);
    assert_eq!(texts(b"\xef\xbbx\n"), ["\u{fffd}x"]);
}

#[test]
fn utf_16_with_a_mark() {
    let text = "\u{feff}Epoch 1 █😀\r\nloss \u{1b}[1m0.5\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let found = split(&bytes);
        let got: Vec<_> = found.iter().map(|s| (s.text.as_str(), s.offset, s.line)).collect();
        assert_eq!(got, [("Epoch 1 █😀", 0, 1), ("loss 0.5", 28, 2)]);
        let cuts: Vec<usize> = (1..bytes.len()).collect();
        assert_eq!(split_at(&bytes, &cuts), found);
    }
    assert_eq!(texts(&[0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00, 0x0a, 0x00]), ["\u{fffd}A"]);
}

#[test]
fn a_long_line_is_cut_and_not_held() {
    let mut splitter = Splitter::new();
    let mut found = Vec::new();
    for _ in 0..100 {
        splitter.push(&[b'x'; 4096], &mut |s: &Segment<'_>| found.push(owned(s)));
    }
    assert!(splitter.draft.text.capacity() <= 2 * CAP);
    splitter.push(b"\x1b[1\nnext\n", &mut |s: &Segment<'_>| found.push(owned(s)));
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].text.len(), found[0].cut, found[0].end), (CAP, true, End::Line));
    assert_eq!(
        (found[1].text.as_str(), found[1].cut, found[1].offset, found[1].line),
        ("next", false, 409_604, 2)
    );
}

#[test]
fn the_cap_falls_on_the_same_character_whatever_the_chunks() {
    for fill in CAP - 4..=CAP + 1 {
        let mut bytes = vec![b'x'; fill];
        bytes.extend("█y\nz".as_bytes());
        let whole = split(&bytes);
        assert_eq!(split_at(&bytes, &[fill - 1, fill + 1]), whole);
        assert_eq!(split_at(&bytes, &[10]), whole);
        assert_eq!(whole[0].cut, fill + 4 > CAP, "{fill}");
    }
}

#[test]
fn a_hole_of_zeros_is_nothing() {
    let mut bytes = vec![0; 100_000];
    bytes.extend(b"Epoch 1\n");
    let found = split(&bytes);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].text.as_str(), found[0].offset, found[0].blank_start), ("Epoch 1", 100_000, true));
}

#[test]
fn what_rest_handed_out_comes_again_only_when_it_goes_on() {
    let mut splitter = Splitter::new();
    let mut found = Vec::new();
    let mut each = |s: &Segment<'_>| found.push(owned(s));
    splitter.push(b"one\nloss 0.", &mut each);
    splitter.rest(&mut each);
    splitter.rest(&mut each);
    splitter.push(b"25", &mut each);
    splitter.rest(&mut each);
    splitter.push(b"\nx", &mut each);
    let got: Vec<_> = found.iter().map(|s| (s.text.as_str(), s.offset, s.end, s.blank_start)).collect();
    assert_eq!(
        got,
        [
            ("one", 0, End::Line, true),
            ("loss 0.", 4, End::Rest, true),
            ("loss 0.25", 4, End::Rest, true),
            ("", 4, End::Line, false)
        ]
    );
}

#[test]
fn a_waiting_return_is_handed_out_by_rest() {
    let mut splitter = Splitter::new();
    let mut found = Vec::new();
    let mut each = |s: &Segment<'_>| found.push(owned(s));
    splitter.push(b"50%\r", &mut each);
    splitter.rest(&mut each);
    splitter.push(b"\nend\n", &mut each);
    let got: Vec<_> = found.iter().map(|s| (s.text.as_str(), s.end, s.line, s.blank_start)).collect();
    assert_eq!(got, [("50%", End::Redraw, 1, true), ("", End::Line, 1, false), ("end", End::Line, 2, true)]);
}

#[test]
fn begins_inside_a_file() {
    let mut splitter = Splitter::at(1000, 12);
    let mut found = Vec::new();
    splitter.push(b"a\nb", &mut |s: &Segment<'_>| found.push(owned(s)));
    assert_eq!((found[0].offset, found[0].line), (1000, 12));
    assert_eq!((splitter.offset(), splitter.line()), (1003, 13));
}

const LOGS: [(&str, &[u8]); 8] = [
    ("nested", include_bytes!("../../../tests/corpus/tqdm-nested-leave-false.log")),
    ("keras 3", include_bytes!("../../../tests/corpus/keras-nan.log")),
    ("keras 2", include_bytes!("../../../tests/corpus/tf-keras2-legacybar.log")),
    ("rich", include_bytes!("../../../tests/corpus/lightning-rich-bar-tty.log")),
    ("glued", include_bytes!("../../../tests/corpus/kohya-lora-steps.log")),
    ("ranks", include_bytes!("../../../tests/corpus/torch-ddp-two-ranks-tty.log")),
    ("hf", include_bytes!("../../../tests/corpus/hf-trainer-nan-tty.log")),
    ("ignite", include_bytes!("../../../tests/corpus/ignite-progressbar.log")),
];

#[test]
fn recorded_logs_split_the_same_whatever_the_chunks() {
    for (name, bytes) in LOGS {
        let whole = split(bytes);
        let lines = newlines(bytes);
        assert_eq!(whole.iter().filter(|s| s.end == End::Line).count(), lines, "{name}");
        assert!(whole.len() > 5, "{name}");
        let each: Vec<usize> = (1..bytes.len()).collect();
        assert!(split_at(bytes, &each) == whole, "{name}: byte by byte");
        for step in [2, 3, 7, 64, 1000] {
            let cuts: Vec<usize> = (1..bytes.len()).step_by(step).collect();
            assert!(split_at(bytes, &cuts) == whole, "{name}: chunks of {step}");
        }
    }
}

/// Bytes weighted towards what terminals and torn characters are made of.
pub(crate) fn terminal_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["\r", "\n", "\r\n", "\x1b", "\x1b[", "\x1b[A", "\x1b[2K", "\x1b[K", "\x1b]0;", "\x07", "\x08", "\x08\x08\x08", "\0", "\x1b[3", "m", "\x1b[5C", "\x1b[4G", "\x1b[1m", "\x1b\\"])
            .prop_map(|s| s.as_bytes().to_vec()),
        4 => "[ -~]{0,12}".prop_map(String::into_bytes),
        3 => prop::sample::select(vec!["█", "▌", "é", "中", "😀", "e\u{301}", "\u{9b}", "\u{200b}", "\u{202e}", "\u{feff}", "°", "…", "\t"])
            .prop_map(|s| s.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn chunks_make_no_difference(bytes in terminal_bytes(), mut cuts in prop::collection::vec(0usize..400, 0..12)) {
        cuts.sort_unstable();
        let whole = split(&bytes);
        prop_assert_eq!(&split_at(&bytes, &cuts), &whole);
        let each: Vec<usize> = (1..bytes.len()).collect();
        prop_assert_eq!(&split_at(&bytes, &each), &whole);
    }

    #[test]
    fn segments_are_clean_and_in_order(bytes in terminal_bytes()) {
        prop_assume!(!bytes.starts_with(BOMS[0]) && !bytes.starts_with(BOMS[1]));
        let found = split(&bytes);
        let mut last = 0;
        for segment in &found {
            prop_assert!(!segment.text.chars().any(|c| (c.is_control() && c != '\t') || escape::is_hidden(c)));
            prop_assert!(segment.offset >= last && segment.offset <= bytes.len() as u64);
            prop_assert!(segment.end == End::Line || !segment.text.is_empty());
            prop_assert_eq!(segment.line, 1 + newlines(&bytes[..usize::try_from(segment.offset).unwrap()]) as u64);
            last = segment.offset;
        }
        let lines = newlines(&bytes);
        prop_assert_eq!(found.iter().filter(|s| s.end == End::Line).count(), lines);
    }

    #[test]
    fn plain_text_splits_as_lines(text in "([ -~é█]{0,20}\r?\n){0,8}[ -~]{0,9}") {
        let expected: Vec<&str> = text.lines().collect();
        prop_assert_eq!(texts(text.as_bytes()), expected);
    }
}

const BOMS: [&[u8]; 2] = [&[0xff, 0xfe], &[0xfe, 0xff]];
