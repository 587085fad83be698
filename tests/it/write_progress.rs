//! `status --write-progress`: the one thing that is ever written into a run's folder, and only when asked for.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use serde_json::Value;

use crate::support::runs::Place;
use crate::support::runs::listing;

fn status(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
    command.env_clear().env("HOME", place.home()).env("LANG", "C.UTF-8").stdin(Stdio::null());
    command.arg("status").args(arguments).arg(place.root());
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A trainer's folder with so many finished epochs of `total`.
fn trainer(place: &Place, name: &str, class: &str, epochs: u32, total: u32) -> PathBuf {
    let folder = place.root().join(name);
    put(&folder, "config.json", &format!("{{'runner': < class 'a.{class}' > , 'epochs': {total}}}"));
    for epoch in 0..epochs {
        put(&folder, &format!("epoch_{epoch}/training_losses.pt"), "x");
        put(&folder, &format!("epoch_{epoch}/optimizer_buffer.json"), "[]");
        put(
            &folder,
            &format!("epoch_{epoch}/validation_scores.json"),
            "{\"aggregated\": {\"accuracy\": 0.5}}",
        );
    }
    folder
}

fn search(place: &Place) -> PathBuf {
    let log = "Position 1/2\n=== XGBoost Position\nTrial 1/3: Score: 0.5 [BEST]\nTrial 2/3: Score: 0.4\n";
    place.run("search", log).parent().expect("a folder").to_path_buf()
}

fn progress(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("progress.json")).expect("a file")).expect("JSON")
}

#[test]
fn nothing_is_written_unless_it_is_asked_for() {
    let place = Place::new();
    trainer(&place, "trainer", "BaseTrainer", 2, 4);
    search(&place);
    let before = listing(place.root());
    run(&mut status(&place, &[]));
    run(&mut status(&place, &["--json"]));
    assert_eq!(listing(place.root()), before);
}

#[test]
fn each_kind_of_tracker_gets_its_file() {
    let place = Place::new();
    let training = trainer(&place, "trainer", "BaseTrainer", 2, 4);
    let stages = trainer(&place, "stages", "MultiStageTrainer", 3, 3);
    let evaluation = place.root().join("evaluator");
    put(&evaluation, "evaluation_scores.json", "{\"aggregated\": {\"accuracy\": 0.95}}");
    put(&evaluation, "eval_0.log", "Evaluation [Iteration 1/1].\n");
    let searching = search(&place);
    let plain = place.run("plain", "step=1 loss=0.5\n");

    let output = run(&mut status(&place, &["--write-progress", "--json"]));
    assert_eq!((output.status.code(), told(&output)), (Some(0), String::new()));
    for (folder, expected) in [
        (&training, r#"[2, 50.0, false, null, "trainer", 4]"#),
        (&stages, r#"[3, 100.0, false, null, "multi_stage", 3]"#),
        (&evaluation, r#"[1, 100.0, false, null, "evaluator", 1]"#),
        (&searching, r#"[null, null, false, null, "search", null]"#),
    ] {
        let file = progress(folder);
        let names: Vec<&String> = file.as_object().expect("an object").keys().collect();
        let fields = [
            "completed_epochs",
            "progress_percentage",
            "early_stopped",
            "early_stopped_at_epoch",
            "runner_type",
            "total_epochs",
        ];
        assert_eq!(names, fields, "{}", folder.display());
        let values: Vec<Value> = file.as_object().expect("an object").values().cloned().collect();
        assert_eq!(Value::Array(values).to_string(), expected.replace(", ", ","), "{}", folder.display());
    }
    assert!(!plain.with_file_name("progress.json").exists());
    let temporary = listing(place.root()).into_iter().filter(|entry| entry.contains("/.progress"));
    assert_eq!(temporary.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn what_was_written_changes_no_answer_and_a_second_time_nothing() {
    let place = Place::new();
    let training = trainer(&place, "trainer", "BaseTrainer", 2, 4);
    search(&place);
    let answer = |arguments: &[&str]| -> Value {
        let output = run(&mut status(&place, arguments));
        let mut answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let runs = answer["runs"].as_array_mut().expect("runs");
        // it is listed among the files, and that is all
        for run in runs {
            run["sources"] = Value::Null;
        }
        answer["runs"].clone()
    };
    let before = answer(&["--json", "--write-progress"]);
    let written = listing(place.root());
    assert_eq!(answer(&["--json", "--write-progress"]), before);
    assert_eq!(listing(place.root()), written);
    // to whoever goes by times, it is no sign of life
    let time = |name: &str| training.join(name).metadata().expect("a file").mtime();
    assert!(time("progress.json") <= time("epoch_1/validation_scores.json"));
}

#[test]
fn a_stale_or_torn_file_is_replaced_with_its_rights_and_another_program_s_is_left_alone() {
    let place = Place::new();
    let stale = trainer(&place, "stale", "BaseTrainer", 2, 4);
    put(&stale, "progress.json", r#"{"completed_epochs": 1, "progress_percentage": 25.0}"#);
    fs::set_permissions(stale.join("progress.json"), fs::Permissions::from_mode(0o600)).expect("its rights");
    let torn = trainer(&place, "torn", "BaseTrainer", 2, 4);
    put(&torn, "progress.json", r#"{"completed_epochs": 1, "progress_per"#);
    let other = search(&place);
    put(&other, "progress.json", r#"{"completed_epochs": 1, "lr": 0.1}"#);
    let link = trainer(&place, "link", "BaseTrainer", 2, 4);
    std::os::unix::fs::symlink(place.home().join("elsewhere"), link.join("progress.json")).expect("a link");

    let output = run(&mut status(&place, &["--write-progress"]));
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.contains("link/progress.json: not written: what is there is not a plain file"), "{told}");
    assert!(told.contains("search/progress.json: not written: what is there is another program's"), "{told}");
    assert_eq!(progress(&stale)["completed_epochs"], 2);
    assert_eq!(stale.join("progress.json").metadata().expect("a file").mode() & 0o777, 0o600);
    assert_eq!(progress(&torn)["completed_epochs"], 2);
    assert_eq!(progress(&other)["lr"], 0.1);
    assert!(!place.home().join("elsewhere").exists());
}

#[test]
fn a_folder_that_may_not_be_written_to_is_told_and_left_as_it_was() {
    let place = Place::new();
    let folder = trainer(&place, "locked", "BaseTrainer", 2, 4);
    fs::set_permissions(place.root(), fs::Permissions::from_mode(0o755)).expect("its rights");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("its rights");
    let before = listing(place.root());
    let mut command = status(&place, &["--write-progress"]);
    if rustix::process::geteuid().is_root() {
        // rights do not bind the one who gives them: somebody else tries
        command.uid(65534).gid(65534);
    }
    let output = run(&mut command);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(
        told,
        format!(
            "trainmon: {}/progress.json: not written: permission denied; --write-progress needs the \
             right to write into the folders of runs\n",
            folder.canonicalize().expect("a path").display()
        )
    );
    // the answer is given all the same
    assert!(String::from_utf8_lossy(&output.stdout).contains("locked"));
    assert_eq!(listing(place.root()), before);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("its rights");
}
