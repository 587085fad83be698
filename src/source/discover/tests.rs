//! Trees as frameworks leave them, and as people do.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use super::*;

/// What a file of this name usually holds.
fn content(name: &str) -> &'static str {
    let file = name.rsplit('/').next().unwrap();
    match file.rsplit('.').next().unwrap() {
        "csv" | "tsv" => "epoch,step,train_loss\n0,1,0.5\n",
        "json" if file == "config.json" => "{'epochs': 8}",
        "json" => "{\"epoch\": 1, \"loss\": 0.5}",
        "jsonl" if name.contains("jobs/") => {
            "{\"ts\": \"2026-01-01T00:00:00Z\", \"level\": \"INFO\", \"job_id\": \"j\", \"msg\": \"x\"}\n"
        }
        "jsonl" => "{\"step\": 1, \"loss\": 0.5}\n",
        "md" => "step 1, loss 3\nstep 2, loss 2\nstep 3, loss 1\n",
        _ => "epoch 1 loss: 0.5\n",
    }
}

fn plant(folder: &Path, files: &[&str]) {
    for file in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content(file)).unwrap();
    }
}

fn tree(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    plant(folder.path(), files);
    folder
}

fn look(path: &Path) -> (BTreeMap<String, FoundRun>, Vec<Problem>) {
    let root = root(&path.to_string_lossy(), path).unwrap();
    let (mut runs, mut problems) = (BTreeMap::new(), Vec::new());
    let walked = walk(&root, 0, &|| false, &mut |found| match found {
        Found::Run(run) => {
            let id = run.key.id.to_string();
            assert!(runs.insert(id.clone(), run).is_none(), "{id} twice");
        }
        Found::Problem(problem) => problems.push(problem),
    });
    assert!(walked.complete);
    (runs, problems)
}

fn runs(folder: &TempDir) -> BTreeMap<String, FoundRun> {
    let (runs, problems) = look(folder.path());
    assert_eq!(problems, []);
    runs
}

fn ids(folder: &TempDir) -> Vec<String> {
    runs(folder).into_keys().collect()
}

fn files(run: &FoundRun) -> Vec<&str> {
    run.files.iter().map(|f| &*f.path).collect()
}

fn others(run: &FoundRun) -> Vec<&str> {
    run.others.iter().map(|f| &*f.path).collect()
}

#[test]
fn a_folder_of_runs() {
    let folder = tree(&[
        "a/training.log",
        "sweep/b/train.log",
        "sweep/c/log.txt",
        "notes/readme.md",
        "data/x.parquet",
    ]);
    assert_eq!(ids(&folder), ["a", "sweep/b", "sweep/c"]);
}

#[test]
fn the_root_itself_is_a_run_called_dot() {
    let folder = tree(&["training.log", "metrics.csv", "model.pt"]);
    let runs = runs(&folder);
    let run = &runs["."];
    assert_eq!(files(run), ["training.log", "metrics.csv"]);
    assert_eq!(others(run), ["model.pt"]);
    assert_eq!(Some(&*run.name), folder.path().file_name().unwrap().to_str());
    assert_eq!(run.files[0].bytes, content("training.log").len() as u64);
    assert!(run.files[0].modified.is_some());
}

/// The names of files as frameworks and the seed systems really leave them, a scenario a block: `# runs…` then its files.
fn recorded(list: &str) -> Vec<(Vec<&str>, Vec<&str>)> {
    let mut scenarios: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for line in list.lines() {
        match (line.strip_prefix("# "), scenarios.last_mut()) {
            (Some(ids), _) => scenarios.push((ids.split(' ').collect(), Vec::new())),
            (None, Some((_, files))) => files.push(line),
            (None, None) => panic!("{line} belongs to no scenario"),
        }
    }
    scenarios
}

#[test]
fn every_recorded_tree_gives_its_runs_and_no_others() {
    let scenarios = recorded(include_str!("../../../tests/corpus/trees.txt"));
    assert!(scenarios.len() > 60, "{}", scenarios.len());
    for (expected, planted) in scenarios {
        let folder = tree(&planted);
        assert_eq!(ids(&folder), expected, "of {planted:#?}");
        // and the same as one of several scenarios below a root, as it is scored
        let above = tempfile::tempdir().unwrap();
        plant(&above.path().join("scenario"), &planted);
        let nested: Vec<String> = expected
            .iter()
            .map(|id| if *id == "." { "scenario".to_owned() } else { format!("scenario/{id}") })
            .collect();
        assert_eq!(ids(&above), nested, "of {planted:#?}");
    }
}

#[test]
fn what_frameworks_make_belongs_to_the_run_around_it() {
    let folder = tree(&[
        "training.log",
        "tb/version_0/events.out.tfevents.1.vm",
        "csv/version_0/metrics.csv",
        "csv/version_0/hparams.yaml",
        "csv/version_0/checkpoints/epoch=1.ckpt",
        "output/lora.safetensors",
    ]);
    let runs = runs(&folder);
    assert_eq!(runs.len(), 1);
    assert_eq!(
        files(&runs["."]),
        [
            "training.log",
            "csv/version_0/metrics.csv",
            "tb/version_0/events.out.tfevents.1.vm",
            "csv/version_0/hparams.yaml"
        ]
    );
    assert_eq!(others(&runs["."]), ["csv/version_0/checkpoints/epoch=1.ckpt", "output/lora.safetensors"]);
}

#[test]
fn a_log_of_its_own_makes_a_run_even_inside_one() {
    let folder = tree(&["training.log", "checkpoint-5/training.log", "runs/a/train.log"]);
    assert_eq!(ids(&folder), [".", "checkpoint-5", "runs/a"]);
}

#[test]
fn one_place_of_figures_is_the_runs_several_are_runs() {
    let one = tree(&["nohup.out", "runs/exp/results.csv"]);
    assert_eq!(ids(&one), ["."]);
    let several =
        tree(&["nohup.out", "runs/exp/results.csv", "runs/exp2/results.csv", "runs/exp3/results.csv"]);
    assert_eq!(ids(&several), [".", "runs/exp", "runs/exp2", "runs/exp3"]);
    assert_eq!(files(&runs(&several)["."]), ["nohup.out"], "figures of others are not taken for its own");
    let launches =
        tree(&["train.log", "lightning_logs/version_0/metrics.csv", "lightning_logs/version_1/metrics.csv"]);
    assert_eq!(ids(&launches), [".", "lightning_logs/version_0", "lightning_logs/version_1"]);
}

#[test]
fn without_a_log_the_folder_of_the_trackers_files_is_the_run() {
    let folder = tree(&[
        "hf/checkpoint-10/trainer_state.json",
        "hf/checkpoint-20/trainer_state.json",
        "hf/runs/Nov22_15-32-40_vm/events.out.tfevents.1.vm.1.0",
        "tb-only/events.out.tfevents.1.vm",
        "keras/train/events.out.tfevents.1.vm.v2",
        "keras/validation/events.out.tfevents.1.vm.v2",
        "pylon/epoch_0/validation_scores.json",
        "pylon/epoch_1/validation_scores.json",
        "pylon/config.json",
    ]);
    let runs = runs(&folder);
    assert_eq!(runs.keys().collect::<Vec<_>>(), ["hf", "keras", "pylon", "tb-only"]);
    assert_eq!(
        files(&runs["hf"]),
        ["checkpoint-20/trainer_state.json", "runs/Nov22_15-32-40_vm/events.out.tfevents.1.vm.1.0"]
    );
    assert_eq!(others(&runs["hf"]), ["checkpoint-10/trainer_state.json"]);
    assert_eq!(others(&runs["pylon"]), ["epoch_0/validation_scores.json", "epoch_1/validation_scores.json"]);
}

#[test]
fn wandb_keeps_a_copy_that_counts_only_alone() {
    let offline = "wandb/offline-run-20261122_151327-zdf2i43j";
    let paths: Vec<String> =
        ["run-zdf2i43j.wandb", "files/output.log", "logs/debug.log", "logs/debug-internal.log"]
            .iter()
            .map(|f| format!("{offline}/{f}"))
            .chain(["wandb/debug.log".to_owned()])
            .collect();
    let mut planted: Vec<&str> = paths.iter().map(String::as_str).collect();
    let alone = tree(&planted);
    assert_eq!(ids(&alone), [offline]);
    assert_eq!(files(&runs(&alone)[offline])[0], "files/output.log");
    planted.push("training.log");
    let both = tree(&planted);
    assert_eq!(ids(&both), ["."]);
    let both = runs(&both);
    assert_eq!(files(&both["."])[0], "training.log");
    assert!(others(&both["."]).iter().any(|f| f.ends_with("output.log")));
}

#[test]
fn every_jsonl_of_a_folder_of_job_logs_is_a_run() {
    let folder = tree(&[
        "volume/logs/jobs/train-1.jsonl",
        "volume/logs/jobs/train-2.jsonl",
        "volume/logs/jobs/train-2/x.png",
    ]);
    let runs = runs(&folder);
    assert_eq!(
        runs.keys().collect::<Vec<_>>(),
        ["volume/logs/jobs/train-1", "volume/logs/jobs/train-2.jsonl"]
    );
    let job = &runs["volume/logs/jobs/train-1"];
    assert_eq!((&*job.name, files(job)), ("train-1", vec!["train-1.jsonl"]));
    assert!(job.path.ends_with("train-1.jsonl"));
}

#[test]
fn source_code_and_data_give_no_run() {
    let folder = tree(&[
        "src/train.py",
        "src/config.json",
        "Cargo.toml",
        "target/debug/build.log",
        "data/train/1.png",
        "list.txt",
    ]);
    fs::write(folder.path().join("train.txt"), "images/1.png\nimages/2.png\n").unwrap();
    fs::write(folder.path().join("data/train.jsonl"), "{\"text\": \"a\", \"label\": 1}\n").unwrap();
    fs::write(folder.path().join("data/results.csv"), "city,price\nx,1\n").unwrap();
    assert_eq!(ids(&folder), Vec::<String>::new());
}

#[test]
fn hidden_and_vendored_folders_are_not_looked_into() {
    let folder = tree(&[
        ".git/train.log",
        ".venv/x/train.log",
        "env/pyvenv.cfg",
        "env/lib/train.log",
        "node_modules/a/train.log",
        "x/site-packages/train.log",
        "cache/CACHEDIR.TAG",
        "cache/train.log",
        "rust/Cargo.toml",
        "rust/target/train.log",
        "domain/target/train.log",
    ]);
    assert_eq!(ids(&folder), ["domain/target"]);
}

#[test]
fn links_are_followed_once_and_never_in_a_circle() {
    let outside = tree(&["far/run-9/training.log"]);
    let folder = tree(&["a/training.log"]);
    symlink(folder.path(), folder.path().join("a/up")).unwrap();
    symlink("a", folder.path().join("latest")).unwrap();
    symlink("/", folder.path().join("everything")).unwrap();
    symlink(outside.path().join("far"), folder.path().join("linked")).unwrap();
    symlink(outside.path().join("far"), folder.path().join("linked-again")).unwrap();
    symlink("nowhere", folder.path().join("broken.log")).unwrap();
    symlink("loop", folder.path().join("loop")).unwrap();
    let found = ids(&folder);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], "a");
    assert!(found[1].ends_with("/run-9"), "{found:?}");
}

#[test]
fn a_linked_log_is_read_where_it_leads() {
    let outside = tree(&["real.log"]);
    let folder = tree(&["a/keep.csv"]);
    symlink(outside.path().join("real.log"), folder.path().join("a/training.log")).unwrap();
    assert_eq!(runs(&folder)["a"].files[0].bytes, content("real.log").len() as u64);
}

#[test]
fn a_link_to_the_file_beside_it_is_no_second_source() {
    let folder = tree(&["a/train_1.log"]);
    symlink("train_1.log", folder.path().join("a/latest.log")).unwrap();
    assert_eq!(files(&runs(&folder)["a"]), ["train_1.log"]);
}

#[test]
fn jobs_are_known_by_their_rows_wherever_they_are() {
    let folder = tree(&["volume/jobs/seed.jsonl"]);
    let row = fs::read(folder.path().join("volume/jobs/seed.jsonl")).unwrap();
    let logs = folder.path().join("logs");
    fs::create_dir(&logs).unwrap();
    for n in 0..100 {
        fs::write(logs.join(format!("train-{n}.jsonl")), &row).unwrap();
    }
    assert_eq!(ids(&folder).len(), 101);
    // rows of data beside them are none
    fs::write(logs.join("a-dataset.jsonl"), "{\"text\": \"x\"}\n").unwrap();
    let found = ids(&folder);
    assert_eq!((found.len(), found.contains(&"logs/a-dataset".to_owned())), (101, false));
}

#[test]
fn a_name_that_is_no_text_is_told() {
    let folder = tree(&["a/training.log"]);
    fs::write(folder.path().join("a").join(std::ffi::OsStr::from_bytes(b"x\xff.log")), "x").unwrap();
    let (runs, problems) = look(folder.path());
    assert_eq!(files(&runs["a"]), ["training.log"]);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].what.contains("rename it"), "{problems:?}");
}

#[test]
fn nothing_but_plain_files_is_a_source() {
    let folder = tree(&["a/keep.log"]);
    fs::create_dir(folder.path().join("a/training.log")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("a/s.log")).unwrap();
    assert_eq!(files(&runs(&folder)["a"]), ["keep.log"]);
}

#[test]
fn a_folder_is_looked_at_again() {
    let folder = tree(&["a/training.log", "b/metrics.csv"]);
    let root = root("x", folder.path()).unwrap();
    let before = runs(&folder);
    plant(folder.path(), &["a/tb/events.out.tfevents.1.vm", "a/model.pt"]);
    let again = look_again(&root, &before["a"]).unwrap();
    assert_eq!(again.key, before["a"].key);
    assert_eq!(files(&again), ["training.log", "tb/events.out.tfevents.1.vm"]);
    assert_eq!(again, runs(&folder)["a"], "as a walk sees it");
    fs::remove_file(folder.path().join("b/metrics.csv")).unwrap();
    assert_eq!(look_again(&root, &before["b"]), None);
    fs::remove_dir_all(folder.path().join("a")).unwrap();
    assert_eq!(look_again(&root, &before["a"]), None);
}

#[test]
fn a_job_is_looked_at_again() {
    let folder = tree(&["jobs/x.jsonl"]);
    let root = root("x", folder.path()).unwrap();
    let job = runs(&folder).remove("jobs/x").unwrap();
    fs::write(folder.path().join("jobs/x.jsonl"), "longer than it was before, whatever it was ".repeat(9))
        .unwrap();
    assert!(look_again(&root, &job).unwrap().files[0].bytes > job.files[0].bytes);
    fs::remove_file(folder.path().join("jobs/x.jsonl")).unwrap();
    assert_eq!(look_again(&root, &job), None);
}

#[test]
fn a_new_folder_is_walked_alone() {
    let folder = tree(&["sweep/a/training.log"]);
    let root = root("x", folder.path()).unwrap();
    plant(folder.path(), &["sweep/b/training.log"]);
    let mut found = Vec::new();
    let walked = walk_below(&root, 3, &root.path.join("sweep/b"), &|| false, &mut |f| found.push(f));
    assert_eq!(walked.folders.len(), 1);
    let [Found::Run(run)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((run.key.root, &*run.key.id, &*run.name), (3, "sweep/b", "b"));
}

#[test]
fn a_walk_stops_when_told() {
    let folder = tree(&["a/training.log", "b/training.log"]);
    let root = root("x", folder.path()).unwrap();
    let walked = walk(&root, 0, &|| true, &mut |found| panic!("{found:?}"));
    assert!(!walked.complete);
}

#[test]
fn folders_that_were_read_are_told_with_their_age() {
    let folder = tree(&["a/training.log", "mid/b/training.log", "node_modules/x/y"]);
    let root = root("x", folder.path()).unwrap();
    let walked = walk(&root, 0, &|| false, &mut |_| {});
    let mut names: Vec<_> =
        walked.folders.iter().map(|f| f.path.strip_prefix(&root.path).unwrap().to_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["", "a", "mid", "mid/b"]);
    assert!(walked.folders.iter().all(|f| f.modified.is_some()));
}

#[test]
fn the_depth_is_bounded() {
    let deep = "d/".repeat(30) + "training.log";
    let near = "d/".repeat(12) + "training.log";
    let folder = tree(&[&deep, &near]);
    assert_eq!(ids(&folder), ["d/".repeat(12).trim_end_matches('/')]);
}

#[test]
fn a_folder_with_too_many_entries_is_cut_and_told() {
    let folder = tree(&["many/training.log", "other/training.log"]);
    for n in 0..=50 {
        fs::File::create(folder.path().join(format!("many/{n}.x"))).unwrap();
    }
    let (mut ids, mut problems) = (Vec::new(), Vec::new());
    let mut found = |found| match found {
        Found::Run(run) => ids.push(run.key.id.to_string()),
        Found::Problem(problem) => problems.push(problem),
    };
    let place = Place { id: String::new(), path: folder.path().to_path_buf(), name: "x".to_owned() };
    Walk::new(0, &|| false, &mut found).at_most(50).run(&place, 0);
    assert!(ids.contains(&"other".to_owned()));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].path.ends_with("many") && problems[0].what.contains("more than 50"), "{problems:?}");
}

#[test]
fn each_kind_of_path_is_named_with_what_to_do() {
    let folder = tree(&["training.log"]);
    let at = |name: &str| root(name, &folder.path().join(name));
    assert_eq!(at("").unwrap().kind, RootKind::Folder);
    let file = at("training.log").unwrap();
    assert_eq!(file.kind, RootKind::File);
    let mut found = Vec::new();
    walk(&file, 2, &|| false, &mut |f| found.push(f));
    let [Found::Run(run)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        (run.key.root, &*run.key.id, &*run.name, files(run)),
        (2, ".", "training.log", vec!["training.log"])
    );

    assert_eq!(at("no").unwrap_err(), "no: no such file or folder; check the spelling");
    assert!(at("training.log/x").unwrap_err().contains("is a file, not a folder"));
    assert!(root("/dev/null", Path::new("/dev/null")).unwrap_err().contains("/dev/null: is a device"));
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
    assert!(at("s").unwrap_err().contains("is a socket"));
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.path().join("p"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    assert!(at("p").unwrap_err().contains("give `-`"));
    for error in ["no", "s", "p"].map(|n| at(n).unwrap_err()) {
        assert!(!error.contains('\n'));
    }
}

#[test]
fn faults_say_what_to_do() {
    let denied =
        fault(Path::new("/x"), &io::Error::from_raw_os_error(rustix::io::Errno::ACCESS.raw_os_error()));
    assert_eq!(denied.what, "permission denied; ask its owner for read access (chmod o+rX)");
    let broken = fault(Path::new("/x"), &io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error()));
    assert!(broken.what.starts_with("cannot be read (input/output error)"), "{}", broken.what);
}
