//! The whole program on a terminal: what a user sees, and what is left when it is gone.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::SystemTime;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::pty::Session;
use crate::support::pty::Start;
use crate::support::pty::has_ended;
use crate::support::pty::until;

/// Two runs, one of them long over, so that no age on screen changes by the second.
fn experiments() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, loss) in [("alpha-lora", 0.25), ("beta-full", 1.5)] {
        let run = folder.path().join(name);
        fs::create_dir(&run).expect("a folder");
        let lines: Vec<String> = (1..=40).map(|step| line(step, loss + 1.0 / f64::from(step))).collect();
        write_old(&run.join("training.log"), &lines.concat());
    }
    folder
}

fn line(step: u32, loss: f64) -> String {
    format!("2026-01-05 10:00:{:02} INFO step {step}/100 loss={loss:.4}\n", step % 60)
}

/// Writes a file that was last touched in the last year.
fn write_old(path: &Path, text: &str) {
    fs::write(path, text).expect("a file");
    let file = fs::File::options().write(true).open(path).expect("the file");
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(491_000)).expect("a time");
}

fn append(path: &Path, text: &str) {
    let mut file = fs::File::options().append(true).open(path).expect("the file");
    file.write_all(text.as_bytes()).expect("a line");
}

/// The program on both runs, once it shows them.
fn opened(folder: &Path) -> Session {
    let session = Start::trainmon(folder).go();
    session.shows("alpha-lora");
    session.shows("beta-full");
    session
}

/// The terminal is as a shell left it.
fn restored(session: &Session) {
    until("the terminal's modes restored", || session.modes() == [false; 3] && session.is_cooked());
    let written = session.written_since(0);
    let at = |code: &str| written.rfind(code).unwrap_or_else(|| panic!("{code:?} was never written"));
    for (on, off) in
        [("\x1b[?1004h", "\x1b[?1004l"), ("\x1b[?7l", "\x1b[?7h"), ("\x1b[?1049h", "\x1b[?1049l")]
    {
        assert!(at(off) > at(on), "{off:?} is not the last word");
    }
}

#[test]
fn it_takes_the_terminal_and_shows_the_runs() {
    let folder = experiments();
    let session = opened(folder.path());
    assert_eq!(session.modes(), [true; 3]);
    assert!(!session.is_cooked());
}

#[test]
fn an_appended_line_shows_up() {
    let folder = experiments();
    let session = opened(folder.path());
    append(
        &folder.path().join("alpha-lora/training.log"),
        "2026-01-05 10:01:00 INFO step 41/100 loss=0.1234\n",
    );
    session.shows("0.1234");
}

#[test]
fn a_new_run_shows_up_and_a_removed_one_goes() {
    let folder = experiments();
    let session = opened(folder.path());
    let run = folder.path().join("gamma-new");
    fs::create_dir(&run).expect("a folder");
    fs::write(run.join("training.log"), "2026-01-05 10:00:00 INFO step 1/100 loss=2.0\n").expect("a file");
    session.shows("gamma-new");
    fs::remove_dir_all(folder.path().join("beta-full")).expect("removed");
    session.hides("beta-full");
}

#[test]
fn the_filter_narrows_as_it_is_typed_and_escape_widens() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("/bet");
    session.hides("alpha-lora");
    session.shows("beta-full");
    session.send("\x1b");
    session.shows("alpha-lora");
}

#[test]
fn text_pasted_into_the_filter_is_text() {
    let folder = experiments();
    let session = opened(folder.path());
    session.send("/\x1b[200~bet\x1b[201~");
    session.hides("alpha-lora");
    session.shows("beta-full");
}

#[test]
fn another_size_is_drawn_to_and_nothing_is_left_behind() {
    let folder = experiments();
    let session = opened(folder.path());
    for (cols, rows) in [(60, 15), (200, 50), (40, 10), (120, 36)] {
        let before = session.bytes();
        session.resize(cols, rows);
        until("drawn anew", || session.written_since(before).contains("\x1b[?2026l"));
        session.shows("alpha-lora");
        let width = session.text().lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(width <= usize::from(cols), "{width} columns on {cols}");
    }
    let before = session.bytes();
    for (cols, rows) in [(40, 10), (120, 36)] {
        // too quick to be seen one by one, and what the small screen cut off must still come back
        session.resize(cols, rows);
    }
    until("drawn anew", || session.written_since(before).contains("\x1b[?2026l"));
    session.quiet_for(Duration::from_millis(500));
    let drawn = session.text();
    // Ctrl+L draws every cell anew: what comes out must be what stood there
    let before = session.bytes();
    session.send("\x0c");
    until("drawn anew", || session.written_since(before).contains("\x1b[2J"));
    session.quiet_for(Duration::from_millis(200));
    assert_eq!(session.text(), drawn);
}

#[test]
fn below_the_smallest_size_it_says_so_and_comes_back() {
    let folder = experiments();
    let session = opened(folder.path());
    session.resize(20, 5);
    session.hides("alpha-lora");
    session.resize(1, 1);
    session.resize(100, 30);
    session.shows("alpha-lora");
}

#[test]
fn while_nothing_happens_no_byte_is_written() {
    let folder = experiments();
    let session = opened(folder.path());
    session.quiet_for(Duration::from_secs(3));
}

#[test]
fn quitting_gives_the_terminal_back() {
    let folder = experiments();
    let mut session = opened(folder.path());
    session.send("q");
    let (status, _) = session.ends();
    assert_eq!(status.code(), Some(0));
    restored(&session);
}

#[test]
fn ctrl_c_quits_also_while_a_filter_is_typed() {
    let folder = experiments();
    for before in ["", "/", "/alp", "?", "\r", "3", "3/"] {
        let mut session = opened(folder.path());
        session.send(before);
        session.send("\x03");
        let (status, _) = session.ends();
        assert_eq!(status.code(), Some(0), "after {before:?}");
        restored(&session);
    }
}

#[test]
fn signals_give_the_terminal_back() {
    let folder = experiments();
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let mut session = opened(folder.path());
        session.signal(signal);
        let (status, took) = session.ends();
        assert_eq!(status.code(), Some(0), "{signal:?}");
        assert!(took < Duration::from_secs(2), "{signal:?} took {took:?}");
        restored(&session);
    }
}

/// The program ends soon after its terminal has gone, without using the processor until then.
fn ends_when_it_vanishes(mut session: Session) {
    session.shows("alpha-lora");
    let before = session.cpu();
    session.vanish();
    let mut used = before;
    until("the end of the process", || {
        used = used.max(session.cpu());
        has_ended(session.pid().as_raw_nonzero().get())
    });
    let (_, took) = session.ends();
    assert!(took < Duration::from_secs(1), "it took {took:?}");
    assert!(
        used.saturating_sub(before) < Duration::from_millis(300),
        "{:?} of processor time",
        used.saturating_sub(before)
    );
}

#[test]
fn a_vanished_terminal_ends_it() {
    let folder = experiments();
    ends_when_it_vanishes(Start::trainmon(folder.path()).go());
}

#[test]
fn a_vanished_terminal_ends_it_where_no_signal_tells() {
    let folder = experiments();
    ends_when_it_vanishes(Start::trainmon(folder.path()).without_control().go());
}

#[test]
fn a_vanished_terminal_ends_it_when_hangups_were_ignored() {
    let folder = experiments();
    let line = format!("trap '' HUP; exec {} {}", env!("CARGO_BIN_EXE_trainmon"), folder.path().display());
    ends_when_it_vanishes(Start::shell(folder.path(), &line).go());
}

#[test]
fn a_terminal_that_vanishes_within_a_key_ends_it() {
    let folder = experiments();
    let session = Start::trainmon(folder.path()).without_control().go();
    session.shows("alpha-lora");
    session.send("\x1b[1;");
    ends_when_it_vanishes(session);
}

#[test]
fn a_terminal_that_listens_no_more_does_not_keep_it_from_ending() {
    let folder = experiments();
    let mut session = opened(folder.path());
    session.go_deaf();
    // frames until the terminal takes no more
    for _ in 0..300 {
        session.send("\x0c");
        std::thread::sleep(Duration::from_millis(1));
    }
    session.signal(Signal::TERM);
    let (status, took) = session.ends();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(2), "it took {took:?}");
    assert!(session.is_cooked());
}

#[test]
fn keys_typed_ahead_are_not_lost() {
    let folder = experiments();
    let session = opened(folder.path());
    // longer than any buffer on the way, and than a filter may be
    let text = "0123456789".repeat(300);
    session.send("/");
    for piece in text.as_bytes().chunks(500) {
        session.send(std::str::from_utf8(piece).expect("digits"));
    }
    session.send(&"\x7f".repeat(text.len()));
    session.send("beta");
    // of neither it says so while the digits are there, and after too much was rubbed out
    session.shows("1/2 runs");
    session.hides("alpha-lora");
    session.shows("beta-full");
}

#[test]
fn an_escape_with_the_next_key_close_behind_it_is_both() {
    let folder = experiments();
    let mut session = opened(folder.path());
    session.send("?");
    session.shows("open the selected run");
    // in one piece, as a link brings what was typed within one of its delays
    session.send("\x1b/bet");
    session.hides("open the selected run");
    session.hides("alpha-lora");
    session.send("\x1bq");
    let (status, _) = session.ends();
    assert!(status.success());
}

#[test]
fn keys_are_answered_while_a_log_is_flooded() {
    let folder = experiments();
    let log = folder.path().join("alpha-lora/training.log");
    let mut session = opened(folder.path());
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = std::sync::Arc::clone(&stop);
    let flood = std::thread::spawn(move || {
        let mut first = 41;
        while !stopped.load(std::sync::atomic::Ordering::SeqCst) {
            let lines: String = (first..first + 100)
                .fold(String::new(), |lines, n| lines + &format!("INFO step {n}/9000000 loss=0.5\n"));
            append(&log, &lines);
            first += 100;
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    for _ in 0..5 {
        session.send("/beta");
        session.hides("alpha-lora");
        session.send("\x1b");
        session.shows("alpha-lora");
    }
    session.send("q");
    let (status, took) = session.ends();
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    flood.join().expect("the writer ends");
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(2), "it took {took:?}");
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "a release build cannot be provoked")]
fn a_panic_gives_the_terminal_back_and_says_so() {
    let folder = experiments();
    let mut session = Start::trainmon(folder.path()).env("TRAINMON_TEST_PANIC", "ui").go();
    let (status, _) = session.ends();
    assert_eq!(status.code(), Some(1));
    restored(&session);
    let text = session.text();
    assert!(text.contains("provoked on the thread that draws"), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains("trainmon")).count(), 1, "{text}");
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "a release build cannot be provoked")]
fn a_worker_s_panic_is_a_notice() {
    let folder = experiments();
    let mut session = Start::trainmon(folder.path()).env("TRAINMON_TEST_PANIC", "worker").go();
    session.shows("a worker failed");
    session.shows("alpha-lora");
    assert_eq!(session.modes(), [true; 3]);
    session.send("q");
    assert_eq!(session.ends().0.code(), Some(0));
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_it_back() {
    let folder = experiments();
    let mut session = Start { arguments: vec!["-i"], ..Start::shell(folder.path(), "") }.go();
    session.shows("$");
    session.send(&format!("{} .\r", env!("CARGO_BIN_EXE_trainmon")));
    session.shows("alpha-lora");
    for suspend in ["\x1a", "/al\x1a"] {
        session.send(suspend);
        session.shows("Stopped");
        assert_eq!(session.modes(), [false; 3]);
        session.send("echo the shell $((40+2))\r");
        session.shows("the shell 42");
        session.send("fg\r");
        session.shows("alpha-lora");
        session.hides("the shell 42");
        assert_eq!(session.modes(), [true; 3]);
    }
    session.send("\x03");
    until("the first screen", || session.modes() == [false; 3]);
    session.send("exit\r");
    session.ends();
}

#[test]
fn a_stop_from_outside_does_the_same() {
    let folder = experiments();
    let session = Start { arguments: vec!["-i"], ..Start::shell(folder.path(), "") }.go();
    session.shows("$");
    session.send(&format!("{} . & echo pid=$!; fg\r", env!("CARGO_BIN_EXE_trainmon")));
    session.shows("alpha-lora");
    let written = session.written_since(0);
    let digits =
        |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<i32>().ok();
    let pid = written.split("pid=").filter_map(digits).last().expect("the pid");
    let pid = rustix::process::Pid::from_raw(pid).expect("a pid");
    for stop in [Signal::TSTP, Signal::STOP] {
        rustix::process::kill_process(pid, stop).expect("a signal");
        session.shows("Stopped");
        // one that could not give it back leaves the terminal raw, and a plain shell does not mind
        session.send("fg\n");
        session.shows("alpha-lora");
        session.hides("Stopped");
        assert_eq!(session.modes(), [true; 3]);
        assert!(!session.is_cooked());
    }
    rustix::process::kill_process(pid, Signal::TERM).expect("a signal");
    until("the first screen", || session.modes() == [false; 3]);
}

#[test]
fn where_no_shell_waits_ctrl_z_does_not_stop_it() {
    let folder = experiments();
    let mut session = opened(folder.path());
    session.send("\x1a");
    session.shows("no shell here");
    session.send("q");
    assert_eq!(session.ends().0.code(), Some(0));
}

#[test]
fn without_a_terminal_it_says_so_in_one_line() {
    let folder = experiments();
    let output = Command::new(env!("CARGO_BIN_EXE_trainmon"))
        .arg(folder.path())
        .env("TERM", "xterm-256color")
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let complaint = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(complaint.contains("terminal"), "{complaint}");
}

#[test]
fn a_dumb_terminal_is_told_so_and_gets_no_sequence() {
    let folder = experiments();
    let mut session = Start::trainmon(folder.path()).env("TERM", "dumb").go();
    let (status, _) = session.ends();
    assert_eq!(status.code(), Some(1));
    let written = session.written_since(0);
    assert!(written.contains("TERM=dumb"), "{written}");
    assert!(!written.contains('\x1b'), "{written:?}");
}

#[test]
fn a_log_may_come_by_standard_input_and_keys_from_the_terminal() {
    let folder = experiments();
    let log = folder.path().join("alpha-lora/training.log");
    let line = format!("cat {} | {} -", log.display(), env!("CARGO_BIN_EXE_trainmon"));
    let mut session = Start::shell(folder.path(), &line).go();
    session.shows("40");
    until("the terminal taken", || session.modes() == [true; 3]);
    session.send("q");
    assert_eq!(session.ends().0.code(), Some(0));
    restored(&session);
}

#[test]
fn a_checkpoint_is_whole_as_soon_as_it_is() {
    let folder = experiments();
    let weights = folder.path().join("alpha-lora/step_40.pt");
    fs::write(&weights, "PK\x03\x04 and so on").expect("a file");
    let session = opened(folder.path());
    session.send("\r");
    session.shows("more rows");
    session.send("G");
    session.shows("step_40.pt at step 40, not whole yet");
    append(&weights, "PK\x05\x06 eighteen of these");
    session.hides("not whole yet");
}
