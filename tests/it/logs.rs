//! `trainmon logs` from outside.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

fn folder(log: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("job")).expect("a folder");
    fs::write(folder.path().join("job/events.jsonl"), log).expect("a file");
    folder
}

fn logs(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
    command.env_clear().env("HOME", folder.path()).env("LANG", "C.UTF-8").env("TERM", "xterm-256color");
    command.current_dir(folder.path()).stdin(Stdio::null()).arg("logs").args(arguments);
    command
}

fn output(folder: &TempDir, arguments: &[&str]) -> Output {
    logs(folder, arguments).output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&out(output)).expect("JSON")
}

/// A thousand rows; the first error is the 150th.
fn rows() -> String {
    let mut log = String::new();
    for at in 0..1000 {
        let (level, event) = match at {
            150 | 900 => ("ERROR", "training.failed"),
            _ if at % 2 == 0 => ("DEBUG", "training.step"),
            _ => ("INFO", "training.note"),
        };
        writeln!(
            log,
            r#"{{"ts":"2026-01-05T10:{:02}:{:02}.000Z","level":"{level}","service":"worker","job_id":"job-1","msg":"row {at}","correlation_id":"c-{}","event":"{event}","fields":{{"step":{at},"total_steps":1000,"loss":NaN}}}}"#,
            at / 60,
            at % 60,
            at % 3
        )
        .expect("a row");
    }
    log
}

#[test]
fn filters_hold_before_the_page() {
    let folder = folder(&rows());
    let found = output(&folder, &["job", "--level", "error", "--limit", "1"]);
    assert_eq!(found.status.code(), Some(0), "{}", err(&found));
    assert_eq!(
        out(&found),
        "10:02:30 ERROR row 150  event=training.failed  step=150  total_steps=1000  loss=NaN  service=worker  job_id=job-1  correlation_id=c-0\n"
    );
    assert_eq!(err(&found), "trainmon: events.jsonl: 2 of 1000 lines match; 1 are shown\n");
    let second = output(&folder, &["job", "--level", "error", "--limit", "1", "--offset", "1"]);
    assert!(out(&second).contains("row 900"), "{}", out(&second));
    let newest = output(&folder, &["job", "--event", "training.*", "--tail", "--limit", "2"]);
    assert!(out(&newest).contains("row 998") && out(&newest).contains("row 999"), "{}", out(&newest));
}

#[test]
fn json_has_a_stable_shape() {
    let folder = folder(&rows());
    let found = output(&folder, &["job", "--level", "ERROR", "--json", "--limit", "1"]);
    assert_eq!(found.status.code(), Some(0));
    assert_eq!(err(&found), "");
    insta::assert_snapshot!("logs_json", serde_json::to_string_pretty(&json(&found)).expect("JSON"));
    let page = json(&output(&folder, &["job", "--correlation-id", "c-1", "--json", "--limit", "0"]));
    assert_eq!(page["matched"], 333);
    assert_eq!(page["has_more"], false);
    assert_eq!(page["entries"].as_array().map(Vec::len), Some(333));
}

#[test]
fn exit_codes() {
    let folder = folder(&rows());
    let nothing = output(&folder, &["job", "--grep", "no such words"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert_eq!(
        (out(&nothing).as_str(), err(&nothing).as_str()),
        ("", "trainmon: events.jsonl: none of 1000 lines matches\n")
    );
    let none = output(&folder, &["job", "--grep", "no such words", "--json"]);
    assert_eq!(none.status.code(), Some(1));
    assert_eq!(json(&none)["entries"], Value::Array(Vec::new()));
    for (arguments, part) in [
        (vec!["job", "--grep", "(a"], "--grep (a: unclosed group"),
        (vec!["job", "--level", "loud"], "debug, info, warn, error, critical"),
        (vec!["job", "--category", "fun"], "setup, progress, metrics, debug, system, other"),
        (vec!["job", "--source", "x.log"], "there are events.jsonl"),
        (vec!["jo"], "did you mean job?"),
    ] {
        let wrong = output(&folder, &arguments);
        let told = err(&wrong);
        assert_eq!(wrong.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(part) && told.lines().count() == 1, "{arguments:?}: {told}");
    }
}

#[test]
fn text_logs_and_standard_input() {
    let folder = folder("");
    let log = "Using device: cuda:0\n\
        2026-01-05 10:00:00 INFO [rank0]: step 1/10 loss=0.5\n\
        2026-01-05 10:00:01 WARNING slow\x1b[2J \x1b]0;title\x07loader\n\
        Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nValueError: no\n";
    fs::write(folder.path().join("train.log"), log).expect("a file");
    let found = output(&folder, &["train.log", "--level", "warning"]);
    assert_eq!(
        out(&found),
        "2026-01-05 10:00:01 WARNING slow loader\nTraceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nValueError: no\n"
    );
    let setup = output(&folder, &["train.log", "--category", "setup", "--json"]);
    assert_eq!(json(&setup)["entries"][0]["message"], "Using device: cuda:0");
    assert_eq!(json(&setup)["entries"][0]["category"], "setup");
    let time = json(&output(&folder, &["train.log", "--grep", "slow", "--json"]));
    assert_eq!(time["entries"][0]["time"], "2026-01-05T10:00:01");
    let mut child = logs(&folder, &["-", "--grep", "loss"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(log.as_bytes()).expect("a log");
    let found = child.wait_with_output().expect("it ends");
    assert_eq!(out(&found), "2026-01-05 10:00:00 INFO [rank0]: step 1/10 loss=0.5\n");
}

#[test]
fn no_escape_gets_out_but_our_own_when_asked() {
    let folder = folder("");
    fs::write(folder.path().join("train.log"), "2026-01-05 10:00:01 ERROR a\x1b[2Jb\u{202e}c\n")
        .expect("a file");
    let plain = output(&folder, &["train.log"]);
    assert_eq!(out(&plain), "2026-01-05 10:00:01 ERROR abc\n");
    let coloured = output(&folder, &["train.log", "--color", "always"]);
    assert_eq!(out(&coloured), "\x1b[31m2026-01-05 10:00:01 ERROR abc\x1b[0m\n");
}
