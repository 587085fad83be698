//! The command line from outside: what it says, where it says it, and how it exits.

use std::fs;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

/// The program, with a home of its own and nothing of this machine's settings.
fn trainmon(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
    command.env_clear().env("HOME", home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    command.current_dir(home).stdin(Stdio::null());
    command
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn run(home: &Path, arguments: &[&str]) -> Output {
    trainmon(home).args(arguments).output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn help_teaches() {
    let home = home();
    for (name, arguments) in [
        ("help_short", vec!["-h"]),
        ("help_long", vec!["--help"]),
        ("help_status", vec!["status", "--help"]),
        ("help_follow", vec!["follow", "--help"]),
        ("help_logs", vec!["logs", "--help"]),
        ("help_demo", vec!["demo", "--help"]),
        ("help_doctor", vec!["doctor", "--help"]),
        ("help_completions", vec!["completions", "--help"]),
        ("help_man", vec!["man", "--help"]),
    ] {
        let output = run(home.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert_eq!(err(&output), "", "{name}");
        let text = out(&output);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{name} is too wide");
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn version_is_the_package_s() {
    let output = run(home().path(), &["--version"]);
    assert_eq!(out(&output), format!("trainmon {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn bad_usage_is_two_and_one_clear_line() {
    let home = home();
    let at = home.path();
    fs::write(at.join("bad.toml"), "color = 'never'\nstall-after = '10m'\n").expect("a file");
    assert!(Command::new("mkfifo").arg(at.join("pipe")).status().expect("mkfifo").success());
    fs::create_dir(at.join("runs")).expect("a folder");
    for (arguments, part) in [
        (vec!["no/such/folder"], "trainmon: no/such/folder: "),
        (vec!["status", "runs", "missing"], "trainmon: missing: "),
        (vec!["statsu"], "did you mean the command `trainmon status`?"),
        (vec!["/dev/null"], "device"),
        (vec!["status", "/dev/zero"], "device"),
        (vec!["status", "pipe"], "pipe"),
        (vec!["gpu1:runs"], "over ssh) are not supported in this version"),
        (vec!["status", "me@gpu1:/data"], "over ssh) are not supported in this version"),
        (
            vec!["--config", "bad.toml", "status"],
            "bad.toml:2: unknown key `stall-after`; did you mean `stall_after`?",
        ),
        (vec!["--config", "none.toml", "status"], "none.toml: no such settings file"),
        (vec!["status", "runs", "--log-file", "runs/own.log"], "run folders are only read"),
    ] {
        let output = run(at, &arguments);
        let told = err(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(part), "{arguments:?}: {told}");
        assert!(told.starts_with("trainmon: ") && told.lines().count() == 1, "{arguments:?}: {told}");
        assert_eq!(out(&output), "", "{arguments:?}");
    }
    for arguments in [
        vec!["--stall-after", "10"],
        vec!["--colour", "never"],
        vec!["status", "--watch"],
        vec!["completions"],
    ] {
        let output = run(at, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{arguments:?}");
    }
    let told = err(&run(at, &["--stall-after", "10"]));
    assert!(told.contains("it has no unit behind 10") && told.contains("1h30m"), "{told}");
}

#[test]
fn without_a_terminal_the_way_out_is_named() {
    let home = home();
    for arguments in [vec!["."], vec!["demo"]] {
        let output = run(home.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let told = err(&output);
        assert!(told.contains("standard output is not a terminal; trainmon status prints"), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

/// Runs the program on a terminal of its own; returns what the terminal showed and the exit code.
fn on_a_terminal(home: &Path, term: &str, arguments: &[&str]) -> (String, Option<i32>) {
    let (mut pty, pts) = pty_process::blocking::open().expect("a pty");
    pty.resize(pty_process::Size::new(24, 80)).expect("a size");
    let mut child = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_trainmon"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("TERM", term)
        .current_dir(home)
        .spawn(pts)
        .expect("the program starts");
    let mut shown = Vec::new();
    let mut buffer = [0; 4096];
    // the end of the program is EIO on Linux
    while let Ok(count @ 1..) = pty.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..count]);
    }
    (String::from_utf8_lossy(&shown).into_owned(), child.wait().expect("it ends").code())
}

#[test]
fn a_dumb_terminal_gets_one_line_and_no_escapes() {
    let home = home();
    for arguments in [vec!["."], vec!["demo"]] {
        let (shown, code) = on_a_terminal(home.path(), "dumb", &arguments);
        assert_eq!(code, Some(1), "{shown}");
        assert!(
            shown.contains("TERM=dumb: the terminal cannot show a full screen; trainmon status"),
            "{shown}"
        );
        assert!(!shown.contains('\x1b') && shown.trim_end().lines().count() == 1, "{shown:?}");
    }
}

#[test]
fn a_terminal_is_no_log() {
    let (shown, code) = on_a_terminal(home().path(), "xterm", &["status", "-"]);
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("standard input is a terminal; pipe a log in"), "{shown}");
}

#[test]
fn a_path_cannot_draw_on_the_terminal() {
    let output = run(home().path(), &["status", "a\x1b]0;evil\x07b"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!err(&output).contains(['\x1b', '\x07']), "{:?}", err(&output));
}

#[test]
fn colour_is_on_a_terminal_or_on_demand_only() {
    let home = home();
    let escapes = |arguments: &[&str]| out(&run(home.path(), arguments)).contains('\x1b');
    for command in [vec!["doctor"], vec!["--help"]] {
        assert!(!escapes(&command), "{command:?}");
        let with = |when| [vec!["--color", when], command.clone()].concat();
        assert!(escapes(&with("always")), "{command:?}");
        assert!(!escapes(&with("never")), "{command:?}");
        let (shown, _) = on_a_terminal(home.path(), "xterm", &command);
        assert!(shown.contains('\x1b'), "{command:?}: {shown}");
        let (shown, _) = on_a_terminal(home.path(), "xterm", &with("never"));
        assert!(!shown.contains('\x1b'), "{command:?}: {shown}");
    }
    let output = trainmon(home.path()).env("NO_COLOR", "1").args(["--color", "always", "doctor"]).output();
    assert!(out(&output.expect("it starts")).contains('\x1b'), "an option wins over NO_COLOR");
}

#[test]
fn settings_come_from_option_environment_file_and_default() {
    let home = home();
    let span = |command: &mut Command| {
        let text = out(&command.output().expect("it starts"));
        let line = text
            .lines()
            .find(|line| line.trim_start().starts_with("stall-after"))
            .expect("a line of the doctor");
        line.split_whitespace().last().expect("a span").to_owned()
    };
    assert_eq!(span(trainmon(home.path()).arg("doctor")), "10m");
    fs::create_dir_all(home.path().join(".config/trainmon")).expect("a folder");
    fs::write(home.path().join(".config/trainmon/config.toml"), "stall_after = \"7m\"\n").expect("a file");
    assert_eq!(span(trainmon(home.path()).arg("doctor")), "7m");
    assert_eq!(span(trainmon(home.path()).arg("doctor").env("TRAINMON_STALL_AFTER", "6m")), "6m");
    let mut all = trainmon(home.path());
    assert_eq!(span(all.args(["doctor", "--stall-after", "5m"]).env("TRAINMON_STALL_AFTER", "6m")), "5m");
    let elsewhere = home.path().join("xdg");
    assert_eq!(span(trainmon(home.path()).arg("doctor").env("XDG_CONFIG_HOME", &elsewhere)), "10m");
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let home = home();
    for arguments in [vec!["--help"], vec!["man"], vec!["completions", "zsh"], vec!["doctor"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = trainmon(home.path()).args(&arguments).stdout(writer).stderr(Stdio::piped()).output();
        let output = output.expect("it starts");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(err(&output), "", "{arguments:?}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let output =
        trainmon(home().path()).arg("man").stdout(full).stderr(Stdio::piped()).output().expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("cannot write to standard output"), "{}", err(&output));
}

#[test]
fn completions_know_every_command_and_option() {
    let home = home();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(home.path(), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = out(&output);
        for word in ["status", "demo", "doctor", "completions", "man", "stall-after", "log-file"] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
    let script = out(&run(home.path(), &["completions", "bash"]));
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().expect("bash");
    bash.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("bash reads");
    assert!(bash.wait().expect("bash ends").success(), "bash does not accept its script");
}

#[test]
fn the_manual_page_is_one() {
    let page = out(&run(home().path(), &["man"]));
    for part in [".TH trainmon 1", ".SH OPTIONS", "stall\\-after", ".SH SUBCOMMANDS", "Exit codes:"] {
        assert!(page.contains(part), "{part} is missing");
    }
}

#[test]
fn an_empty_folder_is_well_and_leaves_no_trace() {
    let home = home();
    let output = run(home.path(), &["status"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(out(&output), "");
    assert!(err(&output).contains("no runs below .; trainmon doctor tells"), "{}", err(&output));
    assert_eq!(fs::read_dir(home.path()).expect("the home").count(), 0, "something was written");
}

#[test]
fn standard_input_is_a_root_like_any_other() {
    let home = home();
    let mut command = trainmon(home.path());
    command.args(["doctor", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    for step in 1..=2000 {
        writeln!(input, "step {step}/2000 loss={:.4}", 2.0 / f64::from(step)).expect("it reads");
    }
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).contains("\nPath -\n"), "{}", out(&output));
    let state = home.path().join(".local/state/trainmon");
    assert_eq!(fs::read_dir(&state).expect("the state folder").count(), 0, "the copy was left behind");
}

#[test]
fn status_as_json_is_one_object_also_when_there_is_nothing() {
    let output = run(home().path(), &["status", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let answer: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(answer["schema"], 1);
    assert_eq!(answer["runs"], serde_json::json!([]));
    assert!(answer["generated_at"].as_str().is_some_and(|time| time.ends_with('Z')), "{answer}");
    assert!(out(&output).ends_with("}\n") && err(&output).is_empty());
}
