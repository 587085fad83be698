use proptest::prelude::*;

use super::*;
use crate::parse::recorder::pieces;

fn decode(chunks: &[&[u8]]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    for chunk in chunks {
        decoder.push(chunk, &mut out);
    }
    if decoder.patience().is_some() {
        decoder.rest(&mut out);
    }
    assert_eq!(decoder.patience(), None);
    out
}

fn one(bytes: &[u8]) -> Key {
    match decode(&[bytes]).as_slice() {
        [Input::Key(key)] => *key,
        other => panic!("{:?} gave {other:?}", String::from_utf8_lossy(bytes)),
    }
}

fn modified(code: Code, ctrl: bool, alt: bool) -> Key {
    Key { code, ctrl, alt }
}

#[test]
fn keys_of_all_terminals() {
    let plain: &[(&[u8], Code)] = &[
        (b"a", Code::Char('a')),
        (b"A", Code::Char('A')),
        ("é".as_bytes(), Code::Char('é')),
        ("漢".as_bytes(), Code::Char('漢')),
        ("👍".as_bytes(), Code::Char('👍')),
        (b" ", Code::Char(' ')),
        (b"\r", Code::Enter),
        (b"\n", Code::Enter),
        (b"\t", Code::Tab),
        (b"\x1b[Z", Code::BackTab),
        (b"\x1b[1;2Z", Code::BackTab),
        (b"\x7f", Code::Backspace),
        (b"\x08", Code::Backspace),
        (b"\x1b", Code::Esc),
        (b"\x1b[A", Code::Up),
        (b"\x1bOA", Code::Up),
        (b"\x1b[1;2A", Code::Up),
        (b"\x1b[a", Code::Up),
        (b"\x1b[B", Code::Down),
        (b"\x1b[C", Code::Right),
        (b"\x1b[D", Code::Left),
        (b"\x1b[H", Code::Home),
        (b"\x1bOH", Code::Home),
        (b"\x1b[1~", Code::Home),
        (b"\x1b[7~", Code::Home),
        (b"\x1b[F", Code::End),
        (b"\x1b[4~", Code::End),
        (b"\x1b[8~", Code::End),
        (b"\x1b[8$", Code::End),
        (b"\x1b[3~", Code::Delete),
        (b"\x1b[5~", Code::PageUp),
        (b"\x1b[6~", Code::PageDown),
        (b"\x1bOP", Code::F(1)),
        (b"\x1b[[A", Code::F(1)),
        (b"\x1b[11~", Code::F(1)),
        (b"\x1b[P", Code::F(1)),
        (b"\x1b[15~", Code::F(5)),
        (b"\x1b[17~", Code::F(6)),
        (b"\x1b[24~", Code::F(12)),
        (b"\x1bOM", Code::Enter),
        (b"\x1bOu", Code::Char('5')),
        (b"\x1bOk", Code::Char('+')),
        (b"\x1b[97u", Code::Char('a')),
        (b"\x1b[97;2u", Code::Char('A')),
        (b"\x1b[49:33;2u", Code::Char('!')),
        (b"\x1b[97;1:2u", Code::Char('a')),
        (b"\x1b[27u", Code::Esc),
        (b"\x1b[9;2u", Code::BackTab),
        (b"\x1b[57400u", Code::Char('1')),
    ];
    for (bytes, code) in plain {
        assert_eq!(one(bytes), Key::plain(*code), "{:?}", String::from_utf8_lossy(bytes));
    }
    let with: &[(&[u8], Key)] = &[
        (b"\x03", Key::ctrl('c')),
        (b"\x1a", Key::ctrl('z')),
        (b"\x00", Key::ctrl(' ')),
        (b"\x1c", Key::ctrl('\\')),
        (b"\x1f", Key::ctrl('_')),
        (b"\x1b[99;5u", Key::ctrl('c')),
        (b"\x1b[27;5;99~", Key::ctrl('c')),
        (b"\x1bx", modified(Code::Char('x'), false, true)),
        ("\x1bé".as_bytes(), modified(Code::Char('é'), false, true)),
        (b"\x1b\x7f", modified(Code::Backspace, false, true)),
        (b"\x1b[1;5C", modified(Code::Right, true, false)),
        (b"\x1b[1;3C", modified(Code::Right, false, true)),
        (b"\x1b[5;7~", modified(Code::PageUp, true, true)),
        (b"\x1b[3^", modified(Code::Delete, true, false)),
        (b"\x1bOa", modified(Code::Up, true, false)),
        (b"\x1b[", modified(Code::Char('['), false, true)),
        (b"\x1bO", modified(Code::Char('O'), false, true)),
        (b"\x1bP", modified(Code::Char('P'), false, true)),
        (b"\x1b]", modified(Code::Char(']'), false, true)),
    ];
    for (bytes, key) in with {
        assert_eq!(one(bytes), *key, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_is_no_key_is_dropped_whole() {
    let silent: &[&[u8]] = &[
        b"\x1b[?62;22c",
        b"\x1b[?2026;2$y",
        b"\x1b[12;40R",
        b"\x1b[>0;276;0c",
        b"\x1b]11;rgb:1111/2222/3333\x07",
        b"\x1b]11;rgb:1111/2222/3333\x1b\\",
        b"\x1bP>|XTerm(370)\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[<0;12;40M",
        b"\x1b[M !!",
        b"\x1b[97;1:3u",
        b"\x1b[57441u",
        b"\x1b[2~",
        b"\x1b[E",
        b"\xff",
        b"\xc0\xaf",
    ];
    for bytes in silent {
        let mut all = bytes.to_vec();
        all.push(b'q');
        assert_eq!(decode(&[&all]), [Input::Key(Key::char('q'))], "{:?}", String::from_utf8_lossy(bytes));
    }
    let mut long = b"\x1b[".to_vec();
    long.extend(std::iter::repeat_n(b'1', 10_000));
    long.extend(b"~q");
    assert_eq!(decode(&[&long]), [Input::Key(Key::char('q'))]);
}

#[test]
fn focus_and_paste() {
    assert_eq!(decode(&[b"\x1b[O\x1b[I"]), [Input::Focus(false), Input::Focus(true)]);
    let pasted = decode(&[b"\x1b[200~a\r\nb\x1b[31mc\td\x07\x1b[201~x"]);
    assert_eq!(pasted, [Input::Paste("a\nb[31mc\td".to_owned()), Input::Key(Key::char('x'))]);
}

#[test]
fn a_paste_is_bounded_and_one_without_an_end_does_not_swallow_keys() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.extend(std::iter::repeat_n(b'z', 1_000_000));
    bytes.extend(b"\x1b[201~q");
    let found = decode(&[&bytes]);
    assert_eq!(found, [Input::Paste("z".repeat(LONGEST_PASTE)), Input::Key(Key::char('q'))]);
    let found = decode(&[b"\x1b[200~abc"]);
    assert_eq!(found, [Input::Paste("abc".to_owned())]);
}

#[test]
fn an_escape_waits_for_the_rest_of_its_sequence() {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    decoder.push(b"\x1b", &mut out);
    assert_eq!(decoder.patience(), Some(AFTER_ESCAPE));
    decoder.push(b"[1;", &mut out);
    assert_eq!(decoder.patience(), Some(WITHIN_SEQUENCE));
    decoder.push(b"5A", &mut out);
    assert_eq!(decoder.patience(), None);
    assert_eq!(out, [Input::Key(modified(Code::Up, true, false))]);
    assert_eq!(
        decode(&[b"\x1b\x1b[A"]),
        [Input::Key(Key::plain(Code::Esc)), Input::Key(Key::plain(Code::Up))],
        "Escape, then an arrow"
    );
    assert_eq!(
        decode(&[b"\x1b\x03"]),
        [Input::Key(Key::plain(Code::Esc)), Input::Key(Key::ctrl('c'))],
        "Escape, and Ctrl+C close behind it"
    );
}

#[test]
fn a_burst_loses_nothing() {
    let bytes = b"j\x1b[B".repeat(5_000);
    let pair = [Key::char('j'), Key::plain(Code::Down)];
    let expected: Vec<Input> = pair.iter().cycle().take(10_000).map(|key| Input::Key(*key)).collect();
    let chunks: Vec<&[u8]> = bytes.chunks(1_021).collect();
    assert_eq!(decode(&chunks), expected);
}

/// Whole inputs, to be cut anywhere.
const PARTS: [&str; 11] = [
    "\x1b[A",
    "\x1b[200~p\x1b[201~",
    "x",
    "漢é",
    "\x1b[1;5C",
    "\x1b]11;rgb\x07",
    "\x1bx",
    "\x1b[O",
    "\x03",
    "\x1b[99;5u",
    "\x1bOP",
];

proptest! {
    #[test]
    fn cuts_do_not_matter(
        parts in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..20),
        cuts in prop::collection::vec(1usize..7, 1..40),
    ) {
        let bytes = parts.concat().into_bytes();
        prop_assert_eq!(decode(&pieces(&bytes, &cuts)), decode(&[&bytes]));
    }

    #[test]
    fn no_bytes_make_it_fail(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for input in decode(&[&bytes]) {
            match input {
                Input::Key(Key { code: Code::Char(c), .. }) => prop_assert!(!c.is_control()),
                Input::Paste(text) => prop_assert!(text.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control())),
                _ => {}
            }
        }
    }
}
