//! The log pane in the whole program, on a real terminal and in a real tmux: filters, search, facets, folds, places, copying,
//! other programs, and a log that means harm.

use std::fmt::Write as FmtWrite;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use crate::support::pty::Session;
use crate::support::pty::Start;
use crate::support::pty::until;

/// One run with a log of a hundred steps, a traceback, a table and a secret.
fn experiments() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = folder.path().join("alpha-lora");
    fs::create_dir(&run).expect("a folder");
    fs::write(run.join("training.log"), log()).expect("a log");
    folder
}

fn log() -> String {
    let line = |step: u32| {
        let time = format!("2026-01-05 10:{:02}:{:02}", step / 60, step % 60);
        match step {
            30 => format!("{time} WARNING gradient overflow at step {step}\n"),
            40 => format!(
                "{time} ERROR batch {step} failed\nTraceback (most recent call last):\n  \
                 File \"main.py\", line 3, in train\n    loss = model(batch)\nValueError: loss is nan\n"
            ),
            50 => format!("{time} INFO login with hf_abcdefghijklmnopqrstuvwxyzABCDEF12 done\n"),
            _ => format!("{time} INFO step {step}/100 loss=0.{step:03}\n"),
        }
    };
    let lines: Vec<String> = (1..=100).map(line).collect();
    lines.concat()
}

/// The log of the run, at its end.
fn opened(folder: &Path) -> Session {
    shown(Start::trainmon(folder).go())
}

fn shown(session: Session) -> Session {
    session.shows("alpha-lora");
    session.send("3");
    session.shows("step 100/100");
    session.shows("following");
    session
}

#[test]
fn a_filter_of_two_terms_narrows_as_it_is_typed() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("flevel>=warn !overflow\r");
    session.shows("batch 40 failed");
    session.hides("gradient overflow");
    session.hides("step 100/100");
    // the traceback's lines have the level of its message
    session.shows("& level>=warn !overflow 5/104");
    session.send("\x1b");
    session.shows("step 100/100");
}

#[test]
fn what_is_wrong_with_a_filter_is_told_and_tab_completes() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("flevel>=loud");
    session.shows("no level is called `loud`");
    session.send("\x15cat:sy\t");
    session.shows("cat:system");
    session.shows("gradient overflow");
}

#[test]
fn a_search_points_at_its_hit_and_the_places_are_jumped_to() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("/step 7\\d\r");
    session.shows("10/10");
    session.send("\x1bJstep 12\r");
    session.shows("▌2026-01-05 10:00:12 INFO step 12/100");
    session.send(":#31\r");
    session.shows("▌2026-01-05 10:00:31 INFO step 31/100");
    session.send("J10:01:10\r");
    session.shows("▌2026-01-05 10:01:10 INFO step 70/100");
    session.send("<");
    session.shows("▌2026-01-05 10:00:40 ERROR batch 40 failed");
    session.send("}");
    session.shows("▌Traceback");
    session.send("}");
    session.shows("no traceback below");
    session.send("Jnowhere\r");
    session.shows("is no place");
}

#[test]
fn the_log_and_the_crosshair_point_at_each_other() {
    let folder = experiments();
    let session = Start::trainmon(folder.path()).go();
    session.shows("alpha-lora");
    session.send("2");
    session.shows("0.1000");
    session.send("x");
    session.shows("training.log at step 100");
    session.send("g");
    session.shows("loss 0.0010");
    session.shows("training.log at step 1 ");
    session.send("llllHLl");
    session.shows("training.log at step 12 ");
    session.shows("step 12/100 loss=0.012");
    session.send("\r");
    session.shows("▌2026-01-05 10:00:12 INFO step 12/100");
    // a line without a step is of the step above it
    session.send("<>");
    session.shows("▌2026-01-05 10:00:40 ERROR batch 40 failed");
    session.send("x");
    session.shows("training.log at step 39 ");
    session.shows("loss 0.0390");
    session.send("x");
    session.hides("at step 39");
    session.shows("step 100/100 loss=0.100");
}

#[test]
fn the_panel_of_facets_edits_the_filter() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("F");
    session.shows("categories");
    session.send("jj ");
    session.shows("& !level:info");
    session.hides("step 100/100");
    session.send("kk\r");
    session.shows("& level:error,critical");
    session.shows("batch 40 failed");
    session.send("\r");
    session.shows("step 100/100");
    session.send("F");
    session.hides("categories");
}

#[test]
fn a_traceback_folds_into_its_message_and_opens_again() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("!");
    session.shows("ValueError: loss is nan");
    session.send("c");
    session.shows("batch 40 failed  +4 lines");
    session.hides("ValueError");
    session.send("\r");
    session.shows("ValueError: loss is nan");
}

#[test]
fn sections_fold_to_the_contents_open_again_and_grow_at_the_end() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = folder.path().join("alpha-lora");
    fs::create_dir(&run).expect("a folder");
    let path = run.join("training.log");
    let mut text = String::from("loading\n==================\nModel setup\n==================\nlayers: 4\n");
    for epoch in 1..=40 {
        writeln!(text, "=== Epoch {epoch} ===").expect("a text");
        for step in 1..=100 {
            writeln!(text, "step {step}/100 loss=0.{step:03}").expect("a text");
        }
    }
    fs::write(&path, &text).expect("a log");
    let session = opened(folder.path());
    session.send("C");
    session.shows("▸ Epoch 40 · 100 lines");
    session.shows("▸ Epoch 30 · 100 lines");
    session.shows("following");
    // appended: a file that is written anew is another one for a moment
    let mut log = fs::File::options().append(true).open(&path).expect("the log");
    log.write_all(b"=== Epoch 41 ===\nstep 1/100 loss=0.001\n").expect("two lines");
    session.shows("▸ Epoch 41 · 1 line");
    session.send("g");
    session.shows("▸ Model setup · 3 lines");
    // a search leads into a section, and opens it
    session.send("/0.077\r");
    session.shows("▌step 77/100 loss=0.077");
    session.send("\x1b(");
    session.shows("▌  === Epoch 1 ===");
    session.send("\r");
    session.shows("▌  ▸ Epoch 1 · 100 lines");
    session.send(")");
    session.shows("▌  ▸ Epoch 2 · 100 lines");
    session.send("C");
    session.shows("all sections opened");
    session.hides("· 100 lines");
}

#[test]
fn a_step_is_found_by_the_bars_of_a_log_and_what_was_understood_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = folder.path().join("alpha-lora");
    fs::create_dir(&run).expect("a folder");
    let mut text = String::from("loading\n");
    for epoch in 1..=5 {
        for step in 1..=100 {
            writeln!(
                text,
                "\rEpoch {epoch}/5: {step:3}%|████      | {step}/100 [00:10<00:17,  3.60it/s, loss=0.5]"
            )
            .expect("a text");
        }
    }
    text.push_str("step 100/100 was the last\n");
    fs::write(run.join("training.log"), text).expect("a log");
    let session = opened(folder.path());
    session.send("J237\r");
    session.shows("▌▸ Epoch 3/5:  37%|");
    session.shows("step 37 of epoch 3");
    session.send("Jepoch 4 step 12\r");
    session.shows("▌▸ Epoch 4/5:  12%|");
    session.send("J9000\r");
    session.shows("no line at or after that step");
    session.send("Jepoch x\r");
    session.shows("names no epoch");
}

#[test]
fn a_line_is_copied_by_the_terminal_and_never_with_a_secret() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("/login\r");
    session.shows("▌2026-01-05 10:00:50");
    let before = session.bytes();
    session.send("y");
    session.shows("1 line sent to the clipboard");
    let written = session.written_since(before);
    let coded =
        written.split("\x1b]52;c;").nth(1).and_then(|rest| rest.split('\x07').next()).expect("OSC 52");
    let text = decoded(coded);
    assert_eq!(text, "2026-01-05 10:00:50 INFO login with hf_*** done");
    session.send("R");
    session.shows("SECRETS SHOWN");
    session.shows("hf_abcdefghijklmnopqrstuvwxyzABCDEF12");
    let before = session.bytes();
    session.send("y");
    session.shows("not while secrets are shown");
    assert!(!session.written_since(before).contains("\x1b]52"));
    // not on other pages
    session.send("1");
    session.hides("hf_abcdef");
    session.send("3");
    session.shows("secret hidden");
}

/// Base64 to text.
fn decoded(coded: &str) -> String {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0_u32;
    let mut count = 0;
    let mut out = Vec::new();
    for c in coded.chars().filter(|c| *c != '=') {
        bits = bits << 6 | u32::try_from(digits.find(c).expect("a digit")).expect("small");
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).expect("a byte"));
        }
    }
    String::from_utf8(out).expect("text")
}

#[test]
fn a_selection_is_written_to_a_new_file_and_never_over_another() {
    let folder = experiments();
    let session = opened(folder.path());
    let path = folder.path().join("taken.txt");
    let typed = path.to_str().expect("a path in UTF-8");
    session.send(&format!("vVkkY{typed}\r"));
    session.shows("3 lines written to");
    let text = fs::read_to_string(&path).expect("the file");
    assert_eq!(text.lines().count(), 3);
    assert!(text.ends_with("INFO step 100/100 loss=0.100\n"), "{text}");
    session.send(&format!("Y{typed}\r"));
    session.shows("is there already");
    assert_eq!(fs::read_to_string(&path).expect("the file"), text);
}

#[test]
fn a_filter_is_saved_in_the_users_own_folder_and_used_in_another_session() {
    let folder = experiments();
    let state = tempfile::tempdir().expect("a temporary folder");
    let path = state.path().to_str().expect("a path in UTF-8");
    let start = || shown(Start::trainmon(folder.path()).env("XDG_STATE_HOME", path).go());
    let mut session = start();
    session.send("flevel>=error\rsgrave\r");
    session.shows("saved as grave");
    let file = state.path().join("trainmon/filters");
    until("the saved filter", || fs::read_to_string(&file).is_ok_and(|text| text == "grave\tlevel>=error\n"));
    session.send("q");
    session.ends();
    let session = start();
    session.send("S");
    session.shows("grave");
    session.send("\r");
    session.shows("& level>=error");
    session.hides("step 100/100");
    session.send("S");
    session.shows("saved filters");
    session.shows("▌grave");
    session.send("x");
    session.shows("none yet");
    assert_eq!(fs::read_to_string(&file).expect("the file"), "");
}

/// A program that says what it was given, and waits for a line.
fn fake_pager(folder: &Path) -> String {
    let path = folder.join("fake-pager");
    fs::write(
        &path,
        "#!/bin/sh\necho \"PAGED $*\"\nread answer\necho \"$answer\" > \"$(dirname \"$0\")/answered\"\n",
    )
    .expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    path.to_str().expect("a path in UTF-8").to_owned()
}

#[test]
fn a_pager_has_the_terminal_and_its_keys_until_it_ends() {
    let folder = experiments();
    let pager = fake_pager(folder.path());
    let session =
        shown(Start::trainmon(folder.path()).env("PAGER", &pager).env("EDITOR", "/no/such/editor").go());
    session.send("vo");
    session.shows("PAGED");
    session.shows("training.log");
    assert!(session.is_cooked());
    assert_eq!(session.modes(), [false; 3]);
    // Ctrl+C over there would end it, and not us; what is typed is the pager's
    session.send("for the pager\n");
    session.shows("step 100/100");
    assert_eq!(session.modes(), [true; 3]);
    assert_eq!(fs::read_to_string(folder.path().join("answered")).expect("the answer"), "for the pager\n");
    session.send("k");
    session.shows("▌2026-01-05 10:01:39 INFO step 99/100");
    session.send("E");
    session.shows("cannot be started");
    session.send("k");
    session.shows("▌2026-01-05 10:01:38 INFO step 98/100");
}

#[test]
fn ctrl_c_in_a_pager_is_not_for_us() {
    let folder = experiments();
    let pager = fake_pager(folder.path());
    let mut session = shown(Start::trainmon(folder.path()).env("PAGER", &pager).go());
    session.send("vo");
    session.shows("PAGED");
    session.send("\x03");
    session.shows("step 100/100");
    session.send("k");
    session.shows("▌2026-01-05 10:01:39 INFO step 99/100");
    session.send("q");
    assert_eq!(session.ends().0.code(), Some(0));
}

#[test]
fn a_log_that_means_harm_changes_no_cell_outside_of_its_pane() {
    let folder = experiments();
    let log = folder.path().join("alpha-lora/training.log");
    let harms = [
        "\x1b[2J\x1b[1;1HPWNED",
        "\x1b]0;PWNED\x07",
        "\x1b]52;c;UFdORUQ=\x07",
        "\x1bPtmux;\x1b\x1b]52;c;UFdORUQ=\x07\x1b\\",
        "\u{9b}2J\u{9d}0;PWNED\u{9c}",
        "\x1b[?1049l\x1b[?25h\x1b[?1000h",
        "\x1b[6n\x1b[c",
        "\u{202e}reversed\u{2066}",
        "a\u{301}\u{301}\u{301}\u{301}",
        "\x1b[10A\x1b[999Cfar away",
    ];
    let text = harms.map(|harm| format!("2026-01-05 10:05:00 INFO {harm} end\n")).concat();
    fs::write(&log, log_with(&text)).expect("a log");
    let session = opened_at(folder.path());
    for keys in ["W", "v", "kkkk", "V", "c", "t", "#", "F", "F", "\x1b\x1b", "J50%\r", "G"] {
        session.send(keys);
        session.shows("alpha-lora");
    }
    session.shows("following");
    let lines: Vec<String> = session.text().lines().map(str::to_owned).collect();
    assert!(lines[0].contains("trainmon") && lines[0].contains("1 run"), "{lines:?}");
    assert!(lines[2].contains("alpha-lora"), "{lines:?}");
    assert!(lines[35].contains("search"), "{lines:?}");
    let written = session.written_since(0);
    for harm in
        ["\x1b]52", "\x1b]0", "\x1bP", "\u{9b}", "\u{9d}", "?1000h", "\x1b[6n", "\u{202e}", "\u{2066}"]
    {
        assert!(!written.contains(harm), "{harm:?} was written");
    }
    assert_eq!(session.modes(), [true; 3]);
}

fn log_with(more: &str) -> String {
    log() + more
}

fn opened_at(folder: &Path) -> Session {
    let session = Start::trainmon(folder).go();
    session.shows("alpha-lora");
    session.send("3");
    session.shows("following");
    session
}

#[test]
fn while_a_line_is_pointed_at_nothing_is_written() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("vkk");
    session.shows("▌2026-01-05 10:01:38");
    session.quiet_for(std::time::Duration::from_secs(2));
}

/// The run with what it wrote beside its log: a sparse one with times, and one without any.
fn experiments_of_three() -> TempDir {
    let folder = experiments();
    let run = folder.path().join("alpha-lora");
    let line =
        |n: u32| format!("2026-01-05 10:{:02}:{:02} INFO device {n} of 10\n", n * 10 / 60, n * 10 % 60);
    fs::write(run.join("gpu.log"), (1..=10).map(line).collect::<String>()).expect("a log");
    let line = |n: u32| format!("plain {n} of 60\n");
    fs::write(run.join("monitor.log"), (1..=60).map(line).collect::<String>()).expect("a log");
    folder
}

/// What the panes side by side show in a row that holds `text`.
fn row_with<'a>(screen: &'a str, text: &str) -> Option<&'a str> {
    screen.lines().find(|line| line.contains(text))
}

#[test]
fn two_files_side_by_side_each_with_its_own_search() {
    let folder = experiments_of_three();
    let session = shown(Start::trainmon(folder.path()).size(200, 30).go());
    session.send("|");
    session.shows("▌training.log 1/3");
    session.shows("gpu.log 2/3");
    session.until("both ends, in their rows", |screen| {
        row_with(screen, "step 100/100").is_some() && row_with(screen, "device 10 of 10").is_some()
    });
    // each has its own search, and its own file
    session.send("\t");
    session.shows("▌gpu.log 2/3");
    session.send("/device 4\r");
    session.shows("/ device 4 1/1");
    session.send("=");
    session.shows("each moves by itself");
    session.send("]");
    session.shows("▌monitor.log 3/3");
    session.shows("plain 60 of 60");
    session.send("\x17");
    session.shows("▌training.log 1/3");
    session.send("/step 97\r");
    session.shows("/ step 97 1/1");
    session.until("the search of each", |screen| {
        row_with(screen, "/ step 97 1/1").is_some_and(|row| row.contains("/ device 4 0"))
    });
    // the one with the keys stays
    session.send("|");
    session.hides("monitor.log");
    session.shows(" training.log 1/3");
    session.shows("/ step 97 1/1");
    session.send("\x1b");
    session.hides("/ step 97");
}

#[test]
fn both_panes_move_by_time_and_one_without_times_says_so() {
    let folder = experiments_of_three();
    let session = shown(Start::trainmon(folder.path()).size(200, 30).go());
    session.send("|");
    session.shows("by time");
    session.send("J10:00:40\r");
    session.shows("▌2026-01-05 10:00:40 ERROR batch 40");
    session.shows("=2026-01-05 10:00:40 INFO device 4");
    session.send("J10:01:05\r");
    session.shows("=2026-01-05 10:01:10 INFO device 7");
    // and the other way
    session.send("\tJ10:00:30\r");
    session.shows("▌2026-01-05 10:00:30 INFO device 3");
    session.shows("=2026-01-05 10:00:30 WARNING gradient");
    session.send("]");
    session.shows("tells no times");
    session.send("=");
    session.shows("monitor.log tells no times");
    session.send("gj");
    session.shows("plain 2 of 60");
    session.shows("▌2026-01-05 10:00:30 WARNING gradient");
}

#[test]
fn one_above_the_other_where_it_is_narrow() {
    let folder = experiments_of_three();
    let session = shown(Start::trainmon(folder.path()).size(80, 24).go());
    session.send("|");
    session.until("one above the other", |screen| {
        let row = |text: &str| screen.lines().position(|line| line.contains(text));
        row("▌training.log 1/3").zip(row("gpu.log 2/3")).is_some_and(|(above, below)| above + 5 < below)
    });
    session.resize(120, 24);
    session.until("side by side", |screen| {
        row_with(screen, "▌training.log 1/3").is_some_and(|row| row.contains("gpu.log 2/3"))
    });
    session.send("|");
    session.hides("gpu.log");
}

#[test]
fn two_panes_that_rest_write_nothing_and_follow_what_comes() {
    let folder = experiments_of_three();
    let session = shown(Start::trainmon(folder.path()).size(200, 30).go());
    session.send("|");
    session.shows("by time");
    session.shows("device 10 of 10");
    session.quiet_for(std::time::Duration::from_secs(2));
    let run = folder.path().join("alpha-lora");
    for (file, text) in
        [("gpu.log", "2026-01-05 10:03:00 INFO device 11 of 10\n"), ("training.log", "one more\n")]
    {
        let mut log = fs::OpenOptions::new().append(true).open(run.join(file)).expect("the log");
        std::io::Write::write_all(&mut log, text.as_bytes()).expect("a line");
        session.shows(text.trim_end());
    }
}
