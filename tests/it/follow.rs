//! `trainmon follow` from outside: what it writes on a terminal and on a pipe, how it follows, and how it ends.
//!
//! Nothing here waits for time to pass: runs write on when what they wrote has been told.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;
use std::time::SystemTime;

use rustix::process::Pid;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::pty::Session;
use crate::support::pty::Start;
use crate::support::pty::until;

/// A folder with one run, whose log holds `text` and is old.
fn old_run(text: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("run")).expect("a folder");
    write_old(&log_of(&folder), text);
    folder
}

fn log_of(folder: &TempDir) -> PathBuf {
    folder.path().join("run/training.log")
}

fn write_old(path: &Path, text: &[u8]) {
    fs::write(path, text).expect("a file");
    let file = fs::File::options().write(true).open(path).expect("the file");
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(491_000)).expect("a time");
}

fn recording(name: &str) -> TempDir {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name).join("training.log");
    old_run(&fs::read(path).expect("a recording"))
}

fn append(folder: &TempDir, text: &str) {
    let mut file = fs::File::options().append(true).open(log_of(folder)).expect("the file");
    file.write_all(text.as_bytes()).expect("a line");
}

fn follow(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
    command.env_clear().env("HOME", folder.path()).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    command.current_dir(folder.path()).stdin(Stdio::null()).arg("follow").args(arguments);
    command
}

fn output(folder: &TempDir, arguments: &[&str]) -> Output {
    follow(folder, arguments).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// A log as a relay passes it on.
const RELAYED: &str = "\
INFO:root:Client received: SECTION::Loading model\n\
KEEP_ALIVE\n\
JOB_LOG::Using device: cuda:0\n\
TABLE_START::Model\n\
Name | Type | Params\n\
-----|------|-------\n\
backbone | UNet | 1.3 M\n\
TABLE_END::\n\
SECTION::Training\n\
JOB_LOG::CR::Epoch 1/2:  50%|#####     | 5/10 [00:01<00:01,  5.00it/s, loss=0.5]\n\
JOB_LOG::CR::Epoch 1/2: 100%|##########| 10/10 [00:02<00:00,  5.00it/s, loss=0.4]\n\
LOG::WARNING::learning rate is high\n\
JOB_LOG::CR::Epoch 2/2: 100%|##########| 10/10 [00:02<00:00,  5.00it/s, loss=0.25]\n\
JOB_COMPLETE::{\"job_id\": \"job-1\", \"success\": true, \"stopped_early\": false}\n";

fn runs() -> Vec<(&'static str, TempDir)> {
    vec![
        ("relayed", old_run(RELAYED.as_bytes())),
        ("hf", recording("transformers/hf-trainer-epochs-eval")),
        ("exception", recording("lightning/lightning-exception")),
        ("levels", recording("generic/torch-logging-levels")),
        ("kohya", recording("kohya/kohya-lora-steps")),
        ("interrupt", recording("generic/torch-keyboard-interrupt")),
    ]
}

#[test]
fn recordings_on_a_pipe() {
    for (name, folder) in runs() {
        for (how, flag) in [("quiet", "-q"), ("default", "-n100"), ("verbose", "-v")] {
            let output =
                output(&folder, &["run", flag, "--lines", "40"][..if how == "default" { 2 } else { 4 }]);
            let told = text(&output.stdout);
            assert!(!told.contains(['\x1b', '\r']), "{name} {how}: {told:?}");
            let shown = format!("{told}[{}]\n{}", output.status.code().unwrap_or(-1), text(&output.stderr));
            insta::assert_snapshot!(format!("follow_{name}_{how}"), shown);
        }
    }
}

#[test]
fn recordings_on_a_terminal() {
    for (name, folder) in runs() {
        for (how, flag) in [("quiet", "-q"), ("default", "-n30"), ("verbose", "-v")] {
            let mut start = Start::trainmon(folder.path()).size(100, 60);
            start.arguments = vec!["follow", "run", flag];
            if how == "verbose" {
                start.arguments.push("-n30");
            }
            let mut session = start.go();
            let (status, _) = session.ends();
            let written = session.written_since(0);
            let ours = written.replace("\r\n", "\n").replace("\r\x1b[K", "").replace("\x1b[0m", "");
            let ours = ["\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"]
                .iter()
                .fold(ours, |text, code| text.replace(code, ""));
            assert!(!ours.contains(['\x1b', '\r']), "{name} {how}: {ours:?}");
            let shown = format!("{}\n[{}]", session.text().trim_end(), status.code().unwrap_or(-1));
            insta::assert_snapshot!(format!("follow_{name}_{how}_terminal"), shown);
        }
    }
}

/// A program that follows, and what it has told so far.
struct Following {
    child: Child,
    out: Arc<Mutex<Vec<String>>>,
    err: Arc<Mutex<Vec<String>>>,
}

fn listen(stream: impl std::io::Read + Send + 'static) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let theirs = Arc::clone(&lines);
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            theirs.lock().expect("lines").push(line);
        }
    });
    lines
}

impl Following {
    fn start(folder: &TempDir, arguments: &[&str]) -> Self {
        let mut command = follow(folder, arguments);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let out = listen(child.stdout.take().expect("a pipe"));
        let err = listen(child.stderr.take().expect("a pipe"));
        Self { child, out, err }
    }

    fn lines(&self) -> Vec<String> {
        self.out.lock().expect("lines").clone()
    }

    fn tells(&self, part: &str) {
        until(part, || self.lines().iter().any(|line| line.contains(part)));
    }

    fn complains(&self, part: &str) {
        until(part, || self.err.lock().expect("lines").iter().any(|line| line.contains(part)));
    }

    fn ends(&mut self) -> Option<i32> {
        let mut code = None;
        until("its end", || {
            code = self.child.try_wait().expect("a child").map(|status| status.code());
            code.is_some()
        });
        code.flatten()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn step(step: u32) -> String {
    format!("2026-01-05 10:00:{:02} INFO step {step}/200 loss={:.4}\n", step % 60, 1.0 / f64::from(step))
}

fn fresh() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("run")).expect("a folder");
    fs::write(log_of(&folder), "Using device: cpu\n").expect("a file");
    folder
}

#[test]
fn one_line_a_percent_on_a_pipe_until_the_run_ends() {
    let folder = fresh();
    append(&folder, &step(1));
    let mut following = Following::start(&folder, &["run"]);
    following.tells("Using device: cpu");
    for at in (4..=40).step_by(4) {
        // two steps make a percent: the second is within the same
        append(&folder, &step(at));
        following.tells(&format!("{}% | {at}/200", at / 2));
        append(&folder, &step(at + 1));
    }
    append(&folder, "2026-01-05 10:01:00 WARNING disk is nearly full\n");
    following.tells("disk is nearly full");
    append(&folder, "2026-01-05 10:01:01 INFO Training completed successfully\n");
    assert_eq!(following.ends(), Some(0));
    let lines = following.lines();
    let percents: Vec<&str> =
        lines.iter().filter_map(|line| line.split_once('%').map(|(before, _)| before)).collect();
    assert!(percents.len() >= 10 && percents.windows(2).all(|pair| pair[0] != pair[1]), "{percents:?}");
    assert!(lines.iter().all(|line| !line.contains('\x1b')), "{lines:?}");
    assert!(lines.last().is_some_and(|line| line.starts_with("completed: ")), "{lines:?}");
}

/// A run of which a tenth is done, and `follow` that has told so on a terminal.
fn on_a_terminal() -> (TempDir, Session) {
    let folder = fresh();
    append(&folder, &step(20));
    let mut start = Start::trainmon(folder.path()).size(80, 20);
    start.arguments = vec!["follow", "run"];
    let session = start.go();
    session.shows("10% | 20/200");
    (folder, session)
}

#[test]
fn progress_is_redrawn_in_place_on_a_terminal() {
    let (folder, mut session) = on_a_terminal();
    for at in [40, 60, 80] {
        append(&folder, &step(at));
        session.shows(&format!("{}% | {at}/200", at / 2));
        assert_eq!(session.text().matches("/200").count(), 1, "{}", session.text());
    }
    append(&folder, "2026-01-05 10:01:00 WARNING disk is nearly full\n");
    session.until("the warning above the progress", |screen| {
        let warning = screen.find("disk is nearly full");
        warning.is_some() && screen.find("80/200") > warning
    });
    // a smaller terminal gets a shorter line, at once and on one row
    session.resize(40, 20);
    session.until("a line that fits", |screen| {
        screen.lines().any(|line| line.contains("80/200") && line.chars().count() < 40)
    });
    append(
        &folder,
        "2026-01-05 10:01:01 ERROR out of memory\nTraceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nMemoryError\n",
    );
    let (status, _) = session.ends();
    assert_eq!(status.code(), Some(10), "{}", session.text());
    assert!(session.text().contains("MemoryError"), "{}", session.text());
    assert_eq!(session.modes(), [false; 3]);
}

#[test]
fn a_log_that_begins_anew_is_told_and_followed() {
    let folder = fresh();
    append(&folder, &step(50));
    let mut following = Following::start(&folder, &["run", "-v"]);
    following.tells("step 50/200");
    fs::write(log_of(&folder), "").expect("truncated");
    append(&folder, &step(3));
    following.complains("training.log: ");
    following.tells("step 3/200");
    // another file under the same name
    let other = folder.path().join("other");
    fs::write(&other, "Using another file\n").expect("a file");
    fs::rename(&other, log_of(&folder)).expect("replaced");
    following.complains("replaced");
    following.tells("Using another file");
    append(&folder, "2026-01-05 10:01:01 INFO Training completed successfully\n");
    assert_eq!(following.ends(), Some(0));
}

#[test]
fn half_a_line_is_not_told_before_it_is_whole() {
    let folder = fresh();
    let following = Following::start(&folder, &["run", "-v"]);
    following.tells("Using device: cpu");
    append(&folder, "2026-01-05 10:00:00 WARNING half");
    append(&folder, " and half\n2026-01-05 10:00:01 WARNING whole\n");
    following.tells("WARNING whole");
    let lines = following.lines();
    assert_eq!(lines.iter().filter(|line| line.contains("half")).count(), 1, "{lines:?}");
    assert!(lines.iter().any(|line| line.ends_with("half and half")), "{lines:?}");
}

#[test]
fn a_signal_ends_it_and_the_terminal_is_as_it_was() {
    let (folder, mut session) = on_a_terminal();
    session.send("\x03");
    let (status, _) = session.ends();
    assert_eq!(status.code(), Some(130));
    assert!(session.is_cooked());
    assert_eq!(session.modes(), [false; 3]);
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut following = Following::start(&folder, &["run"]);
        following.tells("20/200");
        rustix::process::kill_process(Pid::from_child(&following.child), signal).expect("a signal");
        assert_eq!(following.ends(), Some(code));
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = recording("generic/torch-logging-levels");
    let line = format!("{} follow run -v | head -n 1", env!("CARGO_BIN_EXE_trainmon"));
    let output = Command::new("sh")
        .args(["-c", &line])
        .env("HOME", folder.path())
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(text(&output.stdout).lines().count(), 1);
}

#[test]
fn how_a_run_came_out_is_the_exit_code() {
    let unfinished = [step(1), step(2)].concat();
    let folder = old_run(unfinished.as_bytes());
    let code = |folder: &TempDir, arguments: &[&str]| output(folder, arguments).status.code();
    assert_eq!(code(&folder, &["run"]), Some(10), "interrupted");
    assert_eq!(code(&folder, &["run", "--end-on-stall", "--running-window", "9000d"]), Some(11));
    assert_eq!(code(&old_run(b"a word\n"), &["run"]), Some(12), "nobody knows");
    assert_eq!(code(&recording("keras/keras-verbose1-earlystop"), &["run"]), Some(0));
    // the same by its log, and by its id
    assert_eq!(code(&folder, &["run/training.log"]), Some(10));
    let wrong = output(&folder, &["rum"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("did you mean run?"), "{}", text(&wrong.stderr));
    fs::create_dir(folder.path().join("run2")).expect("a folder");
    write_old(&folder.path().join("run2/training.log"), unfinished.as_bytes());
    let several = output(&folder, &["."]);
    assert_eq!(several.status.code(), Some(2));
    assert!(
        text(&several.stderr).contains("several runs; name one of them: run, run2"),
        "{}",
        text(&several.stderr)
    );
}

#[test]
fn standard_input_is_followed_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    for (log, code) in [
        (format!("Using device: cpu\n{}Training completed successfully\n", step(200)), 0),
        (format!("Using device: cpu\n{}", step(20)), 10),
        ("Using device: cpu\nTraceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nValueError: no\n".to_owned(), 10),
    ] {
        let mut child = follow(&folder, &["-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("a pipe").write_all(log.as_bytes()).expect("a log");
        let output = child.wait_with_output().expect("it ends");
        let told = text(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.starts_with("Using device: cpu\n"), "{told}");
    }
}

#[test]
fn the_last_lines_of_a_long_log_and_its_setup() {
    let mut log = b"Using device: cuda:0\n".to_vec();
    // lines of many redraws: much to go back over, and little to read
    let draw = b"\rsteps:  50%|#####     | 1000/2000 [03:20<03:20,  5.00it/s, loss=0.5]";
    for _ in 0..1000 {
        log.extend(draw.repeat(1000));
        log.push(b'\n');
    }
    log.extend_from_slice(b"2026-01-05 10:00:00 ERROR the end\n");
    assert!(log.len() > 65 << 20, "{}", log.len());
    let folder = old_run(&log);
    let told = text(&output(&folder, &["run"]).stdout);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[..2], ["Using device: cuda:0", "2026-01-05 10:00:00 ERROR the end"], "{told}");
    assert_eq!(lines.len(), 4, "{told}");
}
