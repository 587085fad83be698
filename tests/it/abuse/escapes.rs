//! Logs, names and figures that would like to speak to the terminal. None of their sequences may reach it.
//!
//! The bytes that the program sends are taken apart as a terminal would: whatever is not among the few sequences that the
//! program draws with is a leak, whoever wrote it. Those of them that a log could write as well are told by what the program
//! never does: it wipes the screen only in a first frame, and never blinks or uses that colour.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::process::Command;

use vte::Params;
use vte::Parser;
use vte::Perform;

use super::open;
use crate::support::pty::Session;
use crate::support::pty::Start;
use crate::support::runs::Place;
use crate::support::runs::append;

/// What a hostile program writes, each followed by text that must be shown.
const HOSTILE: [(&str, &str); 24] = [
    ("\x1b]0;PWNED-TITLE\x07", "osc-title"),
    ("\x1b]2;PWNED-TITLE\x1b\\", "osc-title-st"),
    ("\x1b]52;c;UFdORUQ=\x07", "osc-clipboard"),
    ("\x1b]8;;http://pwned.example/\x1b\\", "osc-link"),
    ("\x1b]8;;\x1b\\", "osc-link-end"),
    ("\x1b]10;?\x07", "osc-query"),
    ("\x1b[2J\x1b[H", "wipe"),
    ("\x1b[3J", "wipe-history"),
    ("\x1b[?1049l", "main-screen"),
    ("\x1b[?1000h\x1b[?1006h", "mouse"),
    ("\x1b[6n", "cursor-where"),
    ("\x1b[c\x1b[>c\x1b[0c", "who-are-you"),
    ("\x1b[5;35;48;5;201m", "colours"),
    ("\x1b[20;20r", "region"),
    ("\x1b[?25h", "cursor"),
    ("\x1bPq#0;2;0;0;0\x1b\\", "sixel"),
    ("\x1b_Ga=q;AAAA\x1b\\", "graphics"),
    ("\x1bc", "reset"),
    ("\x1b(0", "line-drawing"),
    ("\u{9b}2J\u{9b}6n", "c1-csi"),
    ("\u{9d}0;PWNED-TITLE\u{9c}", "c1-osc"),
    ("\x05\x07\x0e\x0f", "enquiry-bell"),
    ("\u{202e}\u{2066}\u{200f}\u{061c}", "turned-around"),
    ("\x1b[8;1;1t\x1b]777;notify;PWNED;x\x07", "window"),
];

/// Finds what the program never sends by itself.
#[derive(Default)]
struct Judge {
    leaks: Vec<String>,
    wipes: usize,
    screens: usize,
}

impl Perform for Judge {
    fn print(&mut self, c: char) {
        let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}');
        if hidden || c.is_control() {
            self.leaks.push(format!("character {c:?}"));
        }
    }

    fn execute(&mut self, byte: u8) {
        if !matches!(byte, b'\r' | b'\n' | 0x08) {
            self.leaks.push(format!("control {byte:#x}"));
        }
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, action: char) {
        self.leaks.push(format!("DCS {action}"));
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        let text: Vec<_> = params.iter().map(|part| String::from_utf8_lossy(part)).collect();
        self.leaks.push(format!("OSC {text:?}"));
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignored: bool, action: char) {
        let params: Vec<u16> = params.iter().flatten().copied().collect();
        let fine = match (intermediates, action) {
            ([], 'H' | 'G' | 'C' | 'D' | 'K' | 'X' | 'L' | 'M' | 'r') => true,
            ([], 'J') => {
                self.wipes += 1;
                params == [2]
            }
            // neither blinking nor that colour
            ([], 'm') => params.first() != Some(&5) && !params.windows(3).any(|part| part == [48, 5, 201]),
            (b"?", 'h' | 'l') => {
                self.screens += usize::from(params == [1049]);
                // the cursor appears where a filter is typed
                params.iter().all(|mode| [7, 25, 1004, 1049, 2004, 2026].contains(mode))
            }
            _ => false,
        };
        if !fine || ignored {
            self.leaks.push(format!("CSI {} {params:?} {action}", String::from_utf8_lossy(intermediates)));
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _: bool, byte: u8) {
        self.leaks.push(format!("ESC {} {}", String::from_utf8_lossy(intermediates), char::from(byte)));
    }
}

/// `bytes` as text, without a character that has come in part only: they were taken while the program wrote.
fn whole_characters(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_else(|error| {
        assert_eq!(error.error_len(), None, "the terminal gets UTF-8 only: {error}");
        std::str::from_utf8(&bytes[..error.valid_up_to()]).expect("valid so far")
    })
}

/// Nothing in `bytes` is anything but text and what the program draws with. Returns the judge, for what it has counted.
fn harmless(bytes: &[u8]) -> Judge {
    let text = whole_characters(bytes);
    let c1 = |c: &char| ('\u{80}'..='\u{9f}').contains(c);
    assert!(!text.contains(|c| c1(&c)), "C1 controls: {:?}", text.chars().filter(c1).collect::<String>());
    // strings that never end would hide what follows from the judge
    for opener in ["\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x1bk"] {
        assert!(!text.contains(opener), "{opener:?}");
    }
    let mut judge = Judge::default();
    Parser::new().advance(&mut judge, bytes);
    assert!(judge.leaks.is_empty(), "{:?}", judge.leaks);
    judge
}

/// The screen was taken once and wiped once, for its first frame, and nobody else did so.
fn drew_once(session: &Session) {
    let judge = harmless(&session.raw());
    assert_eq!((judge.wipes, judge.screens), (1, 1));
    assert_eq!(session.modes(), [true; 3]);
}

#[test]
fn the_judge_finds_each_of_them() {
    for (hostile, name) in HOSTILE {
        let judged = std::panic::catch_unwind(|| harmless(hostile.as_bytes()));
        // a region, a cursor and a wipe could be the program's own; these are told by their number or their effect
        let own = ["wipe", "main-screen", "region", "cursor"].contains(&name);
        assert!(judged.is_err() || own, "{name} passes");
    }
}

#[test]
fn a_character_that_has_not_come_whole_is_no_offence() {
    assert_eq!(whole_characters("loss ▁▂".as_bytes().split_last().expect("some").1), "loss ▁");
    assert!(std::panic::catch_unwind(|| whole_characters(b"loss \xe2\x96 0.5")).is_err());
}

#[test]
fn a_log_s_sequences_stay_in_the_log() {
    let place = Place::new();
    place.run("calm", "2026-01-05 10:00:00 INFO step 1/9 loss=1.0\n");
    let log = place.run("angry", "2026-01-05 10:00:00 INFO step 1/9 loss=0.25\n");
    let session = open(&place);
    session.shows("angry");
    session.shows("calm");
    session.send("/angry\r");
    session.hides("calm");
    session.send("3");
    session.shows("following");
    for (n, (hostile, name)) in HOSTILE.iter().enumerate() {
        append(&log, format!("2026-01-05 10:00:{n:02} INFO a{hostile}b {name} loss=0.5\n"));
        session.shows(name);
        harmless(&session.raw());
    }
    // one after the other on one line, torn at each byte
    let mut line: Vec<u8> = HOSTILE.iter().flat_map(|(hostile, _)| hostile.bytes()).collect();
    line.extend_from_slice(b"\n2026-01-05 10:01:00 INFO step 7/9 loss=0.75\n");
    for byte in line.chunks(1) {
        append(&log, byte);
    }
    session.shows("step 7/9 loss=0.75");
    session.send("W");
    session.send("2");
    // of its own reason nothing certain is known: this process may have been seen with the log open
    session.shows("0.7500");
    session.send("1");
    session.shows("sort: attention");
    session.shows("7/9");
    drew_once(&session);
    session.send("\x0c");
    session.send("?");
    session.shows("these keys");
    assert_eq!(harmless(&session.raw()).screens, 1);
}

#[test]
fn what_a_bar_an_error_and_a_figure_are_called_is_harmless() {
    let place = Place::new();
    let mut log = String::from("2026-01-05 10:00:00 INFO begin\n");
    let (mut rows, mut named, mut lists) = (String::new(), String::new(), String::new());
    let mut header = String::from("step");
    for (n, (hostile, name)) in HOSTILE.iter().enumerate() {
        let bar = format!("{n}%|#         | {n}/100 [00:10<01:00, 1.00it/s, lo{hostile}ss=0.{n}]");
        let line = format!("{hostile}{name}: {n}.5, {hostile}acc=0.5 stage{hostile}");
        write!(log, "\r{hostile}{name}:  {bar}\n{line}\n").expect("memory");
        let key = serde_json::to_string(&format!("{hostile}{name}")).expect("JSON");
        let words = format!("\"message\": {key}, \"status\": {key}");
        writeln!(rows, "{{\"step\": {n}, \"loss\": 0.5, {key}: {n}.5, {words}}}").expect("memory");
        writeln!(named, "{{\"name\": {key}, \"value\": 0.{n}, \"step\": {n}}}").expect("memory");
        write!(lists, "\"loss{hostile}{name}\": [0.5, 0.25], ").expect("memory");
        write!(header, ",{hostile}{name}").expect("memory");
    }
    log += "Traceback (most recent call last):\n  File \"\x1b[2Jevil.py\", line 3, in main\n";
    log += "Val\x1b]0;PWNED-TITLE\x07ueError: \x1b]52;c;UFdORUQ=\x07boom \u{9b}2J\u{202e} at-the-end\n";
    place.run("angry", &log);
    place.run("calm", "2026-01-05 10:00:00 INFO step 1/9 loss=1.0\n");
    let folder = place.root().join("angry");
    fs::write(folder.join("metrics.jsonl"), rows).expect("a file");
    fs::write(folder.join("figures.jsonl"), named).expect("a file");
    fs::write(folder.join("history.json"), format!("{{{lists}\"acc\": [1, 2]}}")).expect("a file");
    let cells = ",0.5".repeat(HOSTILE.len());
    fs::write(folder.join("progress.csv"), format!("{header}\n1{cells}\n2{cells}\n")).expect("a file");
    fs::write(folder.join("ev\x1b[2J\u{9b}il.log"), "INFO step 1/9 loss=1.0\n").expect("a file");
    let session = open(&place);
    session.shows("angry");
    session.shows("calm");
    session.shows("at-the-end");
    session.send("/angry\r");
    session.hides("calm");
    session.send("2");
    session.shows("last sign of life");
    for _ in 0..12 {
        session.send("\x1b[6~");
    }
    session.send("3");
    session.shows("following");
    for _ in 0..4 {
        session.send("\t");
        session.quiet_for(std::time::Duration::from_millis(100));
    }
    session.send("1");
    session.shows("sort: attention");
    drew_once(&session);
}

#[test]
fn names_of_folders_are_harmless() {
    let place = Place::new();
    for (n, (hostile, name)) in HOSTILE.iter().enumerate() {
        // a name has no slash
        let folder = format!("{n:02}{}{name}", hostile.replace('/', "|"));
        place.run(folder, "2026-01-05 10:00:00 INFO step 1/9 loss=1.0\n");
    }
    place.run("new\nline\rback\ttab", "2026-01-05 10:00:00 INFO step 1/9 loss=1.0\n");
    place.run(OsString::from_vec(b"by\xff\xfe\x9btes\x1b[2J".to_vec()), "INFO step 1/9 loss=1.0\n");
    let session = Start { home: place.home(), size: (120, 60), ..Start::trainmon(place.root()) }.go();
    for (_, name) in HOSTILE {
        session.shows(name);
    }
    session.shows("26 runs");
    for _ in 0..26 {
        session.send("j");
    }
    session.send("2");
    session.shows("last sign of life");
    session.send("3");
    session.shows("following");
    drew_once(&session);
}

#[test]
fn what_is_printed_is_harmless_too() {
    let place = Place::new();
    let folder = place.root().join("ro\x1b]0;PWNED-TITLE\x07ot\u{9b}2J");
    for (n, (hostile, name)) in HOSTILE.iter().enumerate() {
        let run = folder.join(format!("{n:02}{}{name}", hostile.replace('/', "|")));
        place.run(run, format!("INFO step 1/9 {hostile}loss=1.0\nRuntimeError: {hostile}boom\n"));
    }
    let folder = folder.to_str().expect("UTF-8");
    let missing = format!("{folder}/missing\x1b[6n");
    for arguments in
        [vec!["status", folder], vec!["status", "--json", folder], vec!["doctor", folder], vec![&missing]]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_trainmon"))
            .args(&arguments)
            .env("HOME", place.home())
            .output()
            .expect("the program starts");
        assert!(!output.stdout.is_empty() || !output.stderr.is_empty());
        harmless(&output.stdout);
        harmless(&output.stderr);
    }
}
