//! The doctor's words on runs that are made up.

use std::path::PathBuf;

use super::*;
use crate::model::facts::Facts;
use crate::model::facts::Place;
use crate::model::facts::RunError;
use crate::model::run::RunKey;
use crate::model::state::RunnerType;
use crate::model::state::State;

fn source(path: &str, kind: SourceKind) -> Source {
    Source {
        path: Arc::from(path),
        kind,
        bytes: 81_234,
        read: 81_234,
        records: 560,
        modified: None,
        note: None,
    }
}

fn root() -> Root {
    Root { given: "~/runs".to_owned(), path: PathBuf::from("/"), kind: RootKind::Folder }
}

fn example() -> (Arc<Run>, Verdict) {
    let mut facts = Facts {
        framework: Some("lightning"),
        runner_type: Some(RunnerType::Trainer),
        work_left_because: Some(Arc::from("step 640 of 4200")),
        error: Some(RunError {
            type_name: Arc::from("RuntimeError"),
            message: Arc::from("CUDA out of memory"),
            place: Place { source: Arc::from("train.log"), line: Some(812) },
            fatal: true,
        }),
        ..Facts::default()
    };
    facts.warnings.push(Arc::from("2 lines are cut"));
    let mut gone = source("old.csv", SourceKind::Csv);
    gone.note = Some(Arc::from("gone"));
    let run = Run {
        key: RunKey { root: 0, id: Arc::from("sweep/run-3") },
        path: PathBuf::from("/runs/sweep/run-3"),
        name: Arc::from("run-3"),
        facts,
        sources: vec![source("train.log", SourceKind::TextLog), gone, source("model.bin", SourceKind::Other)],
        last_write: None,
        looked_at: true,
        problem: None,
        owners: crate::model::owner::Owners::Unknown,
    };
    let reason = "train.log:812: RuntimeError".to_owned();
    (Arc::new(run), Verdict { state: State::Failed, reason, outdated: true, until: None })
}

#[test]
fn a_run_is_told_with_all_that_it_rests_on() {
    let found = example();
    let mut page = Page::default();
    path(&mut page, &root(), &[&found], &[]);
    let text = page.text(false);
    for part in [
        "Path ~/runs\n",
        "Run sweep/run-3: failed, outdated\n",
        "  because         train.log:812: RuntimeError\n",
        "  recognised as   lightning, trainer\n",
        "  its work        step 640 of 4200\n",
        "  its last error  RuntimeError: CUDA out of memory (train.log:812)\n",
        "  train.log       text log, 81.2 kB, 560 records\n",
        "  old.csv         ! csv, 81.2 kB, 560 records: gone\n",
        "  model.bin       81.2 kB, not read\n",
        "  warning         ! 2 lines are cut\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn an_empty_folder_and_an_unreadable_one_are_told() {
    let mut page = Page::default();
    let problem = Problem { path: PathBuf::from("/locked"), what: "permission denied".to_owned() };
    path(&mut page, &root(), &[], &[problem]);
    let text = page.text(false);
    assert!(text.contains("runs         ! none: a run is a folder with a log"), "{text}");
    assert!(text.contains("cannot read  ! /locked: permission denied"), "{text}");
}

#[test]
fn sizes_are_read_at_a_glance() {
    for (count, text) in [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (2_900_000_000, "2.9 GB"),
        (5_000_000_000_000, "5.0 TB"),
    ] {
        assert_eq!(bytes(count), text);
    }
}
