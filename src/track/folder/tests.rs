use crate::model::stamp::Stamp;

use super::*;

#[derive(Default)]
struct Made {
    entries: Vec<FoundFile>,
    docs: HashMap<Arc<str>, Arc<str>>,
}

impl Made {
    fn file(mut self, path: &str, text: &str) -> Self {
        let modified = Some(Stamp::from_millis(0));
        if path != CONFIG_BESIDE {
            self.entries.push(FoundFile { path: path.into(), bytes: text.len() as u64, modified });
        }
        if wants(path) || path == CONFIG_BESIDE {
            self.docs.insert(path.into(), text.into());
        }
        self
    }

    fn epoch(self, epoch: &str, scores: &str) -> Self {
        self.file(&format!("epoch_{epoch}/training_losses.pt"), "x")
            .file(&format!("epoch_{epoch}/optimizer_buffer.json"), "[]")
            .file(&format!("epoch_{epoch}/validation_scores.json"), scores)
    }

    /// Epochs from 0 on with one score each.
    fn scored(mut self, name: &str, scores: &[f64]) -> Self {
        for (epoch, score) in scores.iter().enumerate() {
            self = self.epoch(
                &epoch.to_string(),
                &format!(
                    "{{\"aggregated\": {{\"{name}\": {score}}}, \"per_datapoint\": {{\"{name}\": [1]}}}}"
                ),
            );
        }
        self
    }

    fn facts(&self) -> Option<Facts> {
        facts(&Folder { entries: &self.entries, docs: &self.docs, torn: None })
    }
}

fn config(epochs: u32, more: &str) -> String {
    format!(
        "{{\n 'runner': < class 'a.b.SomeTrainer' > ,\n 'epochs': {epochs},\n 'metric': {{'class': < class 'm.PyTorchMetricWrapper' > , 'args': {{}}}}{more}\n}}"
    )
}

fn patience(enabled: &str) -> String {
    format!(
        ",\n 'early_stopping': {{'class': < class 'e.EarlyStopping' > , 'args': {{'enabled': {enabled}, 'epochs': 3}}}}"
    )
}

#[derive(Debug, PartialEq)]
struct Short {
    done: Option<f64>,
    total: Option<f64>,
    percent: Option<f64>,
    ended: Option<Ending>,
    left: Option<bool>,
}

fn short(facts: &Facts) -> Short {
    Short {
        done: facts.progress.completed_epochs,
        total: facts.progress.total_epochs,
        percent: facts.progress.percent.map(f64::round),
        ended: facts.ended.as_ref().map(|ended| ended.how),
        left: facts.work_left,
    }
}

#[test]
fn a_trainer_under_way_done_and_beyond() {
    for (epochs, total, percent, ended, left) in [
        (2, 4, 50.0, None, Some(true)),
        (3, 3, 100.0, Some(Ending::Completed), Some(false)),
        (12, 10, 100.0, Some(Ending::Completed), Some(false)),
        (0, 8, 0.0, None, Some(true)),
    ] {
        let made =
            Made::default().file("config.json", &config(total, "")).scored("score", &vec![0.5; epochs]);
        let facts = made.facts().unwrap();
        let wanted = Short {
            done: Some(epochs as f64),
            total: Some(f64::from(total)),
            percent: Some(percent),
            ended,
            left,
        };
        assert_eq!(short(&facts), wanted);
        assert_eq!(facts.runner_type, Some(RunnerType::Trainer));
    }
}

#[test]
fn epochs_count_up_to_the_first_hole() {
    let made = Made::default().file("config.json", &config(20, ""));
    let made = made.epoch("0", "{}").epoch("1", "{}").epoch("3", "{}").epoch("01", "{}").epoch("final", "{}");
    assert_eq!(made.facts().unwrap().progress.completed_epochs, Some(2.0));
    // an empty file is not yet written; one with broken content is there
    let made = Made::default().epoch("0", "{\"aggregated\": {\"a\": 1").epoch("1", "").epoch("2", "{}");
    let facts = made.facts().unwrap();
    assert_eq!(facts.progress.completed_epochs, Some(1.0));
    assert_eq!(facts.progress.percent, None);
    assert_eq!(facts.warnings.len(), 1, "{:?}", facts.warnings);
}

#[test]
fn early_stopping_by_the_configured_rule() {
    let with = |scores: &[f64], rule: &str| {
        let made = Made::default().file("config.json", &config(10, rule)).scored("score", scores);
        short(&made.facts().unwrap())
    };
    let stopped = with(&[0.5, 0.3, 0.31, 0.32, 0.33], &patience("True"));
    assert_eq!((stopped.ended, stopped.percent), (Some(Ending::EarlyStopped), Some(100.0)));
    // only the last four count, and three without improvement are not there yet
    assert_eq!(with(&[0.5, 0.3, 0.31, 0.32], &patience("True")).left, Some(true));
    assert_eq!(with(&[0.5, 0.3, 0.31, 0.29, 0.33], &patience("True")).left, Some(true));
    assert_eq!(with(&[0.1, 0.5, 0.6, 0.7, 0.8], &patience("False")).left, Some(true));
    assert_eq!(with(&[0.1, 0.5, 0.6, 0.7, 0.8], "").left, Some(true));
}

#[test]
fn where_nobody_knows_which_way_is_better() {
    let of = |name: &str, scores: &[f64]| {
        let plain = config(10, &patience("True")).replace("PyTorchMetricWrapper", "Mine");
        let facts = Made::default().file("config.json", &plain).scored(name, scores).facts().unwrap();
        (facts.ended.map(|ended| ended.how), facts.work_left)
    };
    assert_eq!(of("score", &[0.5, 0.3, 0.31, 0.32, 0.33]), (None, None));
    assert_eq!(of("accuracy", &[0.5, 0.3, 0.31, 0.32, 0.33]), (None, Some(true)));
    assert_eq!(of("val_loss", &[0.5, 0.3, 0.31, 0.32, 0.33]), (Some(Ending::EarlyStopped), Some(false)));
    assert_eq!(of("score", &[0.5, 0.3, 0.3, 0.3, 0.3]), (Some(Ending::EarlyStopped), Some(false)));
}

#[test]
fn scores_of_any_shape() {
    let scores = r#"{"aggregated": {"class_IoU": [0.5, NaN], "mean_IoU": 0.375, "accuracy": NaN, "deep": {"er": 2}}, "per_datapoint": {"accuracy": [1]}}"#;
    let facts = Made::default().epoch("0", scores).facts().unwrap();
    let latest: Vec<String> =
        facts.latest_scores.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(latest, ["mean_IoU=0.375", "accuracy=NaN", "deep/er=2"]);
    let tasks = r#"{"seg": {"aggregated": {"iou": 0.5}, "per_datapoint": {}}, "depth": {"aggregated": {"mae": 2.0}, "per_datapoint": {}}}"#;
    let facts = Made::default().epoch("0", tasks).epoch("1", &tasks.replace("0.5", "0.4")).facts().unwrap();
    assert_eq!(facts.best_scores, [("seg/iou".into(), 0.5), ("depth/mae".into(), 2.0)]);
    assert_eq!(facts.latest_scores, [("seg/iou".into(), 0.4), ("depth/mae".into(), 2.0)]);
    assert_eq!(facts.metrics[0].points, 2);
    assert_eq!(scores::of("{\"a\": {"), None);
    assert_eq!(scores::of("[]"), Some(Vec::new()));
}

#[test]
fn an_evaluator_comes_before_a_trainer() {
    let made = Made::default()
        .scored("score", &[0.5])
        .file("evaluation_scores.json", r#"{"aggregated": {"accuracy": 0.95}}"#);
    let facts = made.facts().unwrap();
    assert_eq!(facts.runner_type, Some(RunnerType::Evaluator));
    assert_eq!(facts.latest_scores, [("accuracy".into(), 0.95)]);
    assert_eq!(short(&facts).ended, Some(Ending::Completed));
    let empty = Made::default().file("evaluation_scores.json", "").facts().unwrap();
    assert_eq!(
        short(&empty),
        Short { done: Some(0.0), total: Some(1.0), percent: Some(0.0), ended: None, left: Some(true) }
    );
    let beside = Made::default()
        .file(CONFIG_BESIDE, "config = {'runner': BaseEvaluator, 'epochs': 1}")
        .file("eval_0.log", "x");
    assert_eq!(beside.facts().unwrap().runner_type, Some(RunnerType::Evaluator));
}

#[test]
fn progress_json_is_heard_and_not_trusted() {
    let full = r#"{"completed_epochs": 2, "progress_percentage": 66.7, "early_stopped": false, "early_stopped_at_epoch": null, "total_epochs": 6, "warnings": []}"#;
    let facts = Made::default().scored("score", &[0.5; 3]).file("progress.json", full).facts().unwrap();
    assert_eq!(
        short(&facts),
        Short { done: Some(3.0), total: Some(6.0), percent: Some(50.0), ended: None, left: Some(true) }
    );
    assert_eq!(facts.warnings.len(), 1);
    for broken in ["", "{\"completed_epochs\": 2, \"progress_per"] {
        let facts = Made::default().scored("score", &[0.5; 3]).file("progress.json", broken).facts().unwrap();
        assert_eq!(facts.progress.completed_epochs, Some(3.0));
        assert!(facts.warnings.is_empty());
    }
}

#[test]
fn where_nothing_fits_it_says_what_was_looked_for() {
    let facts = Made::default().file("git_0.log", "x").facts().unwrap();
    assert!(facts.framework.is_none() && facts.runner_type.is_none());
    assert!(facts.warnings[0].contains("evaluation_scores.json"), "{:?}", facts.warnings);
    let keys = Made::default().file("config.json", "{'epochs': 10, 'seed': 0}").facts().unwrap();
    assert!(keys.warnings[0].contains("epochs, seed"), "{:?}", keys.warnings);
    // folders that have nothing to do with it
    assert_eq!(
        Made::default().file("training.log", "x").file("config.json", r#"{"epochs": 300}"#).facts(),
        None
    );
    assert_eq!(Made::default().facts(), None);
}

#[test]
fn checkpoints_and_samples() {
    let state = |name: &str, made: Made| {
        made.file(&format!("{name}/optimizer.bin"), "x")
            .file(&format!("{name}/scheduler.bin"), "x")
            .file(&format!("{name}/random_states_0.pkl"), "x")
            .file(&format!("{name}/train_state.json"), r#"{"current_epoch": 2, "current_step": 20}"#)
    };
    let made = state("my-lora-000002-state", Made::default())
        .file("my-lora-000009-state/optimizer.bin", "x")
        .file("real-estate-notes/a.txt", "x")
        .file("my-lora-000002.safetensors", "x")
        .file("out/checkpoint-30/trainer_state.json", "{}")
        .file("out/checkpoint-30/model.safetensors", "")
        .file("ckpt/epoch=1-step=40.ckpt", "")
        .file("sample/my-lora_000010_00_20251116000345.png", "x")
        .file("docs/figure.png", "x");
    let facts = made.facts().unwrap();
    let told: Vec<(&str, Option<f64>, Option<f64>, bool)> =
        facts.checkpoints.iter().map(|c| (&*c.path, c.step, c.epoch, c.complete)).collect();
    assert_eq!(
        told,
        [
            ("my-lora-000002-state", Some(20.0), Some(2.0), true),
            ("out/checkpoint-30", Some(30.0), None, true),
            ("ckpt/epoch=1-step=40.ckpt", Some(40.0), Some(1.0), false),
            ("my-lora-000002.safetensors", None, Some(2.0), true),
            ("my-lora-000009-state", None, Some(9.0), false),
        ]
    );
    assert_eq!(
        facts.samples,
        [crate::model::facts::Sample {
            path: "sample/my-lora_000010_00_20251116000345.png".into(),
            step: Some(10.0)
        }]
    );
}

#[test]
fn the_configuration_beside_the_logs() {
    let beside = |run: &str| config_beside(Path::new(run)).map(|path| path.to_string_lossy().into_owned());
    assert_eq!(beside("/x/logs/a/b").as_deref(), Some("/x/configs/a/b.py"));
    assert_eq!(beside("logs/exp").as_deref(), Some("configs/exp.py"));
    assert_eq!(beside("/x/logs/logs/b.1").as_deref(), Some("/x/logs/configs/b.1.py"));
    assert_eq!(beside("/x/runs/a"), None);
    assert_eq!(beside("/x/logs"), None);
}
