//! What trackers keep beside a run, as they keep it: recordings of W&B, `MLflow` and `DVCLive` from `tests/corpus`, and the settings
//! that hydra, Lightning and ultralytics leave.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

const WANDB: &str = "wandb/offline-run-20261123_053921-a1b2c3d4";

fn corpus(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(path)
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, bytes).expect("a file");
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() { copy(&path, &target) } else { write(&target, fs::read(&path).expect("a file")) }
    }
}

/// A folder as W&B leaves it, with the link and the diagnostics that are no runs.
fn wandb(at: &Path, recording: &str) {
    let run = at.join(WANDB);
    write(
        &run.join("run-a1b2c3d4.wandb"),
        fs::read(corpus(&format!("wandb/{recording}.wandb"))).expect("a recording"),
    );
    write(&run.join("files/requirements.txt"), "wandb==0.31.0\n");
    write(
        &run.join("logs/debug.log"),
        "2026-11-23 05:39:21,000 INFO    MainThread:1 [wandb_init.py:init():1] step: 9 loss: 9\n",
    );
    write(&run.join("logs/debug-internal.log"), "{\"level\":\"INFO\",\"msg\":\"loss: 9\"}\n");
    for (name, target) in [("latest-run", run.clone()), ("debug.log", run.join("logs/debug.log"))] {
        std::os::unix::fs::symlink(target, at.join("wandb").join(name)).expect("a link");
    }
}

fn runs(root: &Path) -> Vec<Value> {
    let home = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
    command.env_clear().env("HOME", home.path()).env("LANG", "C.UTF-8").stdin(Stdio::null());
    let output = command.args(["status", "--json"]).arg(root).output().expect("the program starts");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    told["runs"].as_array().expect("runs").clone()
}

fn only(root: &Path) -> Value {
    let mut all = runs(root);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

#[test]
fn a_run_of_wandb_alone() {
    let at = folder();
    wandb(at.path(), "finished");
    let run = only(at.path());
    assert_eq!((&run["name"], &run["framework"]), (&"brisk-lake-1".into(), &"wandb".into()));
    assert_eq!(run["state"], "completed");
    assert_eq!(run["progress"]["total_epochs"], 3.0);
    assert_eq!(run["progress"]["step"], Value::Null);
    assert_eq!(run["metrics"]["train/loss"]["points"], 15);
    assert_eq!(run["warnings"][0], "Loss: is low");
    assert_eq!(run["sources"][0]["kind"], "wandb");
    // pointed at directly, by the link and by the folder above
    for below in ["wandb", "wandb/latest-run", WANDB] {
        let again = only(&at.path().join(below));
        assert_eq!((&again["state"], &again["metrics"]), (&run["state"], &run["metrics"]), "{below}");
    }
}

#[test]
fn a_log_and_wandb_are_one_run() {
    let at = folder();
    wandb(at.path(), "finished");
    let line = |epoch: u32| format!("epoch {epoch}/3 train/loss: {:.4}\n", 1.0 / f64::from(epoch * 5));
    write(&at.path().join("training.log"), (1..=3).map(line).collect::<String>());
    write(&at.path().join(WANDB).join("files/output.log"), (1..=3).map(line).collect::<String>());
    write(
        &at.path().join(WANDB).join("files/wandb-summary.json"),
        "{\"_step\": 14, \"_runtime\": 1.4, \"epoch\": 2, \"train/loss\": 0.06666666666666667}",
    );
    write(
        &at.path().join(WANDB).join("files/config.yaml"),
        "_wandb:\n    value:\n        cli_version: 0.31.0\nepochs:\n    value: 3\n",
    );
    let run = only(at.path());
    assert_eq!((&run["state"], &run["progress"]["completed_epochs"]), (&"completed".into(), &3.into()));
    assert_eq!(run["progress"]["step"], Value::Null);
    // every digit, and no figure twice
    assert_eq!(run["metrics"]["train/loss"]["last"], 1.0 / 15.0);
    assert_eq!(run["metrics"]["train/loss"]["points"], 15);
    assert_eq!(run["log_lines"]["total"], 3);
}

#[test]
fn how_runs_of_wandb_end() {
    for (recording, state) in [("failed", "failed"), ("cancelled", "cancelled"), ("killed", "running")] {
        let at = folder();
        wandb(at.path(), recording);
        assert_eq!(only(at.path())["state"], state, "{recording}");
    }
}

#[test]
fn runs_of_mlflow() {
    let at = folder();
    let experiment = at.path().join("mlruns/741569784948096847");
    write(
        &experiment.join("meta.yaml"),
        "artifact_location: x\nexperiment_id: '741569784948096847'\nlifecycle_stage: active\nname: demo\n",
    );
    for (recording, id) in [("finished", "0"), ("failed", "1"), ("interrupted", "2"), ("killed", "3")] {
        copy(&corpus(&format!("mlflow/{recording}")), &experiment.join(id.repeat(32)));
    }
    copy(&corpus("mlflow/finished"), &experiment.join("models/m-0"));
    let mut all = runs(at.path());
    all.sort_by_key(|run| run["id"].to_string());
    let states: Vec<&str> = all.iter().filter_map(|run| run["state"].as_str()).collect();
    assert_eq!(states, ["completed", "failed", "failed", "running"]);
    for run in &all {
        assert_eq!((&run["name"], &run["framework"]), (&"brisk-lake".into(), &"mlflow".into()));
        assert_eq!(run["progress"]["total_epochs"], 3.0);
        // what its steps count are epochs
        assert_eq!(run["progress"]["step"], Value::Null);
        assert_eq!(run["metrics"]["train/loss"]["points"], 3);
        assert_eq!(run["metrics"]["val_acc"]["last"], 0.7);
        assert!(run["started_at"].is_string());
    }
}

#[test]
fn ctrl_c_in_the_log_is_not_a_failure_to_mlflow() {
    let at = folder();
    copy(&corpus("mlflow/interrupted"), &at.path().join("mlruns/1").join("0".repeat(32)));
    write(
        &at.path().join("training.log"),
        "epoch 1/3 loss: 1.0\nTraceback (most recent call last):\n  File \"train.py\", line 3, in <module>\n    main()\nKeyboardInterrupt\n",
    );
    assert_eq!(only(at.path())["state"], "cancelled");
}

#[test]
fn dvclive_belongs_to_the_run_around_it() {
    let at = folder();
    copy(&corpus("dvclive"), &at.path().join("dvclive"));
    write(
        &at.path().join("training.log"),
        "epoch 1 train_loss: 1.0\nepoch 2 train_loss: 0.5\nepoch 3 train_loss: 0.3333\nepoch 4 train_loss: 0.25\n",
    );
    let run = only(at.path());
    assert_eq!(run["progress"]["total_epochs"], 4.0);
    assert_eq!(run["progress"]["step"], Value::Null);
    assert_eq!(run["metrics"]["val/acc"]["points"], 4);
    assert_eq!(run["metrics"]["val/acc"]["last"], 0.8);
}

#[test]
fn settings_tell_totals_that_the_log_does_not() {
    let log = "epoch 1 loss: 1.0\nepoch 2 loss: 0.5\n";
    for (path, text) in [
        (".hydra/config.yaml", "trainer:\n  max_epochs: 8\n"),
        (".hydra/overrides.yaml", "- trainer.max_epochs=8\n"),
        ("lightning_logs/version_0/hparams.yaml", "lr: 0.1\nmax_epochs: 8\n"),
        ("args.yaml", "task: detect\nmode: train\nepochs: 8\ntime: null\nimgsz: 64\nclose_mosaic: 10\n"),
        ("config.yaml", "# by hand\ntrain: {epochs: 8}\n"),
        ("config.json", "{\"num_train_epochs\": 8}"),
    ] {
        let at = folder();
        write(&at.path().join("train.log"), log);
        write(&at.path().join(path), text);
        let run = only(at.path());
        let progress = &run["progress"];
        assert_eq!(
            (&progress["completed_epochs"], &progress["total_epochs"]),
            (&2.into(), &8.into()),
            "{path}"
        );
        assert_eq!(progress["percent"], 25.0, "{path}");
        // and no more than that
        write(&at.path().join("train.log"), log.replace(" loss", "/3 loss"));
        assert_eq!(only(at.path())["progress"]["total_epochs"], 3.0, "{path}");
    }
}

/// A file of two tensors of eight bytes each.
fn tensors() -> Vec<u8> {
    let header = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + 16, 1);
    bytes
}

#[test]
fn a_checkpoint_that_is_being_written_is_not_whole() {
    let at = folder();
    write(&at.path().join("train.log"), "step 100/200 loss=0.5\n");
    let whole = tensors();
    write(&at.path().join("lora-step00000100.safetensors"), &whole[..whole.len() - 1]);
    let told = |path: &Path| only(path)["checkpoints"][0].clone();
    let torn = told(at.path());
    assert_eq!((&torn["step"], &torn["complete"]), (&Value::from(100), &Value::from(false)), "{torn}");
    write(&at.path().join("lora-step00000100.safetensors"), &whole);
    assert_eq!(told(at.path())["complete"], Value::from(true));
    // the weights of the trainer's folder count as well
    let at = folder();
    write(&at.path().join("train.log"), "step 100/200 loss=0.5\n");
    write(&at.path().join("checkpoint-100/trainer_state.json"), r#"{"global_step": 100}"#);
    write(&at.path().join("checkpoint-100/model.safetensors"), &whole[..40]);
    assert_eq!(told(at.path())["complete"], Value::from(false));
    write(&at.path().join("checkpoint-100/model.safetensors"), &whole);
    assert_eq!(told(at.path())["complete"], Value::from(true));
}
