use proptest::prelude::*;

use super::*;
use crate::parse::format::sniff;
use crate::parse::recorder::Recorder;

fn said(spec: &Spec, text: &str, silent: bool) -> String {
    let mut sink = Recorder::default();
    let mut document = (spec.new)();
    document.push(text.as_bytes(), &mut sink);
    if silent {
        document.rest(&mut sink);
    }
    sink.said.join(" | ")
}

#[test]
fn settings_as_frameworks_write_them() {
    for (text, wanted) in [
        ("lr: 0.01\nmax_epochs: 12\nbetas: !!python/tuple\n- 0.9\n- 0.99\n", "planned Epochs=12"),
        (
            "# lightning.pytorch==2.5.0\nseed_everything: 1\ntrainer:\n  max_epochs: 4\n  callbacks:\n  - init_args:\n      max_epochs: 9\n",
            "planned Epochs=4",
        ),
        ("epochs: 7\n", "planned Epochs=7"),
        ("- epochs=30\n- optimizer=adam\n", "planned Epochs=30"),
        (
            "wandb_version: 1\n\n_wandb:\n  desc: null\n  value:\n    cli_version: 0.1\nepochs:\n  desc: null\n  value: 5\ntrainer:\n  value:\n    max_steps: 9\n",
            "",
        ),
        ("_wandb:\n    value:\n        cli_version: 0.1\nepochs:\n    value: 5\n", "planned Epochs=5"),
        (
            "task: detect\nmode: train\nepochs: 3\ntime: null\nimgsz: 64\nclose_mosaic: 10\n",
            "framework ultralytics | planned Epochs=3",
        ),
    ] {
        assert_eq!(said(&SETTINGS, text, false), wanted, "{text}");
    }
}

#[test]
fn half_a_number_is_none() {
    assert_eq!(said(&SETTINGS, "lr: 1\nepochs: 10", false), "");
    assert_eq!(said(&SETTINGS, "lr: 1\nepochs: 10", true), "planned Epochs=10");
    assert_eq!(said(&SETTINGS, "{epochs: 10}", false), "planned Epochs=10");
    // as a writer's buffer was cut
    let head = "lr: 1\nepochs: 1";
    let full = format!("{}{head}", "# a line\n".repeat(1000));
    let start = full.len() - 4096;
    assert_eq!(said(&SETTINGS, full.get(start..).unwrap(), true), "");
}

const META: &str = "artifact_uri: x\nend_time: 1795360400015\nexperiment_id: '0'\nlifecycle_stage: active\nrun_id: \
                    f54b6f1f20c9468780e5fb04eacab6ac\nrun_name: baseline\nstart_time: 1795360399969\nstatus: 3\ntags: []\n";

#[test]
fn a_run_of_mlflow() {
    assert_eq!(said(&MLFLOW, META, false), "framework mlflow | title baseline | ending Completed");
    let running = META.replace("status: 3", "status: 1").replace("1795360400015", "null");
    assert_eq!(said(&MLFLOW, &running, false), "framework mlflow | title baseline");
    assert_eq!(
        said(&MLFLOW, &META.replace("status: 3", "status: 4"), false),
        "framework mlflow | title baseline | ending Failed"
    );
    let mut sink = Recorder::default();
    (MLFLOW.new)().push(META.as_bytes(), &mut sink);
    let times: Vec<_> = sink.origins.iter().map(|origin| origin.time.map(Stamp::millis)).collect();
    assert_eq!(times, [Some(1_795_360_399_969), None, Some(1_795_360_400_015)]);
}

#[test]
fn told_by_content() {
    let kind = |path: &str, text: &str| sniff(&Head { path, bytes: text.as_bytes() }).map(|spec| spec.kind);
    assert_eq!(kind("csv/version_0/hparams.yaml", "lr: 0.01\n"), Some(SourceKind::Yaml));
    assert_eq!(kind(".hydra/overrides.yaml", "- epochs=3\n"), Some(SourceKind::Yaml));
    assert_eq!(kind("mlruns/0/x/meta.yaml", META), Some(SourceKind::Yaml));
    for (path, text) in [
        ("config.yaml", ""),
        ("config.yaml", "[1, 2]\n"),
        ("config.yaml", "epoch 3 of 10\n"),
        ("metrics.yaml", "epochs: 3\n"),
        ("notes.txt", "lr: 0.01\n"),
    ] {
        assert_ne!(kind(path, text), Some(SourceKind::Yaml), "{path} {text}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(crate::parse::check::yaml(&bytes), Ok(()));
    }

    #[test]
    fn anything_like_yaml_is_read(text in "([a-z]{1,3}|: |- |\n|  |\\? |[\\[\\]{},&*!|>'\"#%@]|epochs: [0-9]{1,3}|---|<<)*") {
        prop_assert_eq!(crate::parse::check::yaml(text.as_bytes()), Ok(()));
    }
}
