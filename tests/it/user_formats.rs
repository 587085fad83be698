//! Lines that a user teaches in the settings file, from outside: `status`, standard input and `doctor`.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use serde_json::Value;

use crate::support::runs::Place;

const CONFIG: &str = r"
[[format]]
name = 'mytrainer'
pattern = '^\[(?<time>[^\]]+)\] ep (?<epoch>\d+)/(?<epochs>\d+) it (?<step>\d+)/(?<steps>\d+) L=(?<loss>\S+) (?<name>\w+)=(?<value>\S+)'
epoch_base = 0
[[format.sample]]
line = '[12:00:01] ep 3/10 it 120/4000 L=0.53 acc=0.81'
expect = { epoch = 3, epochs = 10, step = 120, steps = 4000, loss = 0.53, acc = 0.81 }

[[format]]
name = 'mytrainer'
pattern = '^== given up: (?<message>.*)'
means = 'failed'
[[format.sample]]
line = '== given up: no more patience'
expect = { message = 'no more patience' }

[[format]]
name = 'unused'
pattern = '^never (?<loss>\S+)'
[[format.sample]]
line = 'never 1'
expect = { loss = 1 }
";

fn trainmon(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
    command.env_clear().env("HOME", home).env("LANG", "C.UTF-8").stdin(Stdio::null());
    command
}

/// A run of four of ten epochs, of ten steps each, and the settings beside it.
fn taught(ending: &str) -> (Place, String, String) {
    let lines: Vec<String> = (0..40)
        .map(|n| {
            let (epoch, step, loss) = (n / 10, n + 1, 1.0 / f64::from(n + 1));
            format!("[12:00:{n:02}] ep {epoch}/10 it {step}/100 L={loss:.3} acc=0.{n:02}\n")
        })
        .collect();
    let log = format!("loading\n{}{ending}", lines.concat());
    let place = Place::with("mine", &log);
    let config = place.home().join("my.toml");
    fs::write(&config, CONFIG).expect("a settings file");
    (place, config.to_string_lossy().into_owned(), log)
}

fn status(place: &Place, arguments: &[&str]) -> Value {
    let output = trainmon(place.home()).args(arguments).output().expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let answer: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {told}"));
    answer["runs"][0].clone()
}

#[test]
fn status_reads_taught_lines_and_names_the_format() {
    let (place, config, _) = taught("");
    let root = place.root().to_str().expect("UTF-8");
    let run = status(&place, &["--config", &config, "status", "--json", root]);
    assert_eq!(run["framework"], "mytrainer");
    let progress = &run["progress"];
    let way = ["completed_epochs", "total_epochs", "step", "total_steps"].map(|key| progress[key].clone());
    assert_eq!(way, [3, 10, 40, 100]);
    let metrics: Vec<&String> = run["metrics"].as_object().expect("metrics").keys().collect();
    assert_eq!(metrics, ["loss", "acc"]);
    assert_eq!(
        (&run["metrics"]["loss"]["points"], &run["metrics"]["loss"]["last"]),
        (&40.into(), &0.025.into())
    );
    // without being taught it is the generic engine that reads the lines
    assert_eq!(status(&place, &["status", "--json", root])["framework"], Value::Null);
}

#[test]
fn a_taught_closing_line_ends_the_run() {
    let (place, config, _) = taught("== given up: no more patience\n");
    let root = place.root().to_str().expect("UTF-8");
    let run = status(&place, &["--config", &config, "status", "--json", root]);
    assert_eq!(run["state"], "failed");
    assert_eq!(run["error"]["message"], "no more patience");
    assert_eq!(run["error"]["line"], 42);
}

#[test]
fn standard_input_is_read_with_taught_lines() {
    let (place, config, log) = taught("");
    let mut child = trainmon(place.home())
        .args(["--config", &config, "status", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(log.as_bytes()).expect("it reads");
    let output: Output = child.wait_with_output().expect("it ends");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["runs"][0]["framework"], "mytrainer");
    assert_eq!(answer["runs"][0]["progress"]["step"], 40);
}

#[test]
fn the_doctor_tells_how_often_each_format_matched() {
    let (place, config, _) = taught("== given up: no more patience\n");
    let output = trainmon(place.home())
        .args(["--config", &config, "doctor"])
        .arg(place.root())
        .output()
        .expect("the program starts");
    let page = String::from_utf8(output.stdout).expect("UTF-8");
    for part in [
        "Formats of the settings file\n  mytrainer  2 patterns; 41 lines of 1 run matched\n",
        "  unused     ! 1 pattern; no line matched\n",
        "recognised as   mytrainer, ",
        "your formats    41 lines by mytrainer\n",
    ] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
}

#[test]
fn a_wrong_sample_keeps_the_program_from_starting() {
    let (place, config, _) = taught("");
    fs::write(&config, CONFIG.replace("step = 120", "step = 12")).expect("a settings file");
    let output = trainmon(place.home())
        .args(["--config", &config, "status"])
        .arg(place.root())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(
        told,
        format!(
            "trainmon: {config}:8: format `mytrainer`: its sample is read otherwise than expected\n    \
             [12:00:01] ep 3/10 it 120/4000 L=0.53 acc=0.81\n  \
             the pattern of line 4 reads epoch 3, epochs 10, step 120, steps 4000, loss 0.53, acc 0.81, time 12:00:01\n  \
             step: expected 12, read 120\n"
        )
    );
}
