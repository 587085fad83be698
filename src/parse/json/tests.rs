use crate::parse::format::sniff;
use crate::parse::recorder::Recorder;

use super::*;

fn said(spec: &Spec, text: &str) -> (Vec<String>, bool) {
    let mut reader = (spec.new)();
    let mut heard = Recorder::default();
    reader.push(text.as_bytes(), &mut heard);
    reader.rest(&mut heard);
    (heard.said, reader.torn())
}

const STATE: &str = r#"{
  "best_metric": null, "epoch": 2.0, "global_step": 30, "is_hyper_param_search": false,
  "log_history": [
    {"epoch": 0.33, "grad_norm": NaN, "learning_rate": 0.0018, "loss": 3.5, "step": 5},
    {"epoch": 2.0, "eval_loss": 3.25, "eval_runtime": 0.0157, "step": 30}
  ],
  "max_steps": 120, "num_train_epochs": 8, "stateful_callbacks": {"TrainerControl": {"args": {"should_save": true}}}, "trial_name": null
}"#;

#[test]
fn a_history_is_rows_without_places() {
    let text = "{\"loss\": [0.9, 0.5, NaN], \"val_loss\": [1.0, 0.6], \"names\": [\"a\"], \"n\": 3}";
    let rows = said(&HISTORY, text).0;
    assert_eq!(rows, ["row loss=0.9 val_loss=1", "row loss=0.5 val_loss=0.6", "row loss=NaN"]);
    assert!(history::begins(text));
    assert!(history::begins("{\n  \"accuracy\": [\n    0.1,\n    0.2,\n    0."));
    for other in [
        "{\"hidden\": [64, 64]}",
        "{\"loss_weights\": [1.0, 2.0]}",
        "{\"loss\": 0.5}",
        "[1, 2]",
        "{\"loss\": [\"mse\"]}",
    ] {
        assert!(!history::begins(other), "{other}");
    }
    assert!(said(&HISTORY, "{\"loss\": [0.9, 0.5").1, "torn");
}

#[test]
fn the_trainers_own_account() {
    let (rows, torn) = said(&TRAINER_STATE, STATE);
    assert!(!torn);
    assert_eq!(
        rows,
        [
            "framework transformers",
            "row epoch=0.33 step=5 epoch=0.33 grad_norm=NaN learning_rate=0.0018 loss=3.5",
            "row Validation epoch=2 step=30 epoch=2 eval_loss=3.25 eval_runtime=0.0157",
            "total Steps=120",
            "total Epochs=8",
            "row epoch=2/8 (from 0) step=30/120",
        ]
    );
}

#[test]
fn what_closes_and_is_no_json_is_not_torn() {
    for spec in [&TRAINER_STATE, &HISTORY, &FIGURES] {
        for text in ["{'epochs': 10}", "{\"log_history\": [{\"step\": 1}], 'a': 1}"] {
            assert!(!said(spec, text).1, "{text}: nobody is writing it anew");
        }
    }
}

#[test]
fn how_the_trainer_ended() {
    let over = |step: u32, callbacks: &str| {
        let text = format!(
            r#"{{"global_step": {step}, "max_steps": 120, "log_history": [{{"step": {step}, "train_runtime": 4.9, "train_loss": 3.2}}], "stateful_callbacks": {{{callbacks}}}}}"#
        );
        said(&TRAINER_STATE, &text).0.pop()
    };
    assert_eq!(over(120, "").as_deref(), Some("ending Completed"));
    assert_eq!(over(70, "").as_deref(), Some("ending EarlyStopped"));
    let patience = |count| {
        format!(
            r#""EarlyStoppingCallback": {{"args": {{"early_stopping_patience": 3}}, "attributes": {{"early_stopping_patience_counter": {count}}}}}"#
        )
    };
    assert_eq!(over(120, &patience(3)).as_deref(), Some("ending EarlyStopped"));
    assert_eq!(over(120, &patience(1)).as_deref(), Some("ending Completed"));
}

#[test]
fn a_document_that_is_being_written_says_nothing() {
    for spec in [&TRAINER_STATE, &FIGURES, &SETTINGS] {
        for cut in [0, 1, 60, STATE.len() / 2, STATE.len() - 1] {
            let (rows, torn) = said(spec, STATE.get(..cut).unwrap());
            assert!(rows.is_empty() && torn, "{cut} bytes: {rows:?}");
        }
    }
}

#[test]
fn figures_by_name() {
    let dvclive = r#"{"train": {"loss": 0.19}, "val": {"loss": 0.22, "acc": 0.975}, "lr": 0.13, "step": 6, "best_epoch": 7, "note": "x"}"#;
    assert_eq!(
        said(&FIGURES, dvclive).0,
        ["row Summary step=6 train/loss=0.19 val/loss=0.22 val/acc=0.975 lr=0.13 best_epoch=7"]
    );
    let results = "{\n \"epoch\": 4.0,\n \"eval_loss\": Infinity,\n \"train_runtime\": 4.9\n}";
    assert_eq!(said(&FIGURES, results).0, ["row Summary epoch=4 eval_loss=inf train_runtime=4.9"]);
    // rows after all
    assert_eq!(
        said(&FIGURES, "{\"iteration\": 1, \"loss\": 2}\n{\"iteration\": 2, \"loss\": 1}\n").0.len(),
        2
    );
    assert_eq!(said(&FIGURES, "{}").0, Vec::<String>::new());
}

#[test]
fn totals_of_settings() {
    let totals = |text| said(&SETTINGS, text).0.join(" | ");
    assert_eq!(totals(r#"{"job_id": "j", "lr": 0.0003, "epochs": 300}"#), "planned Epochs=300");
    assert_eq!(
        totals(r#"{"optimization": {"epochs": 30, "early_stopping": {"epochs": 5}}}"#),
        "planned Epochs=30"
    );
    assert_eq!(
        totals(
            "{\n 'runner': < class 'a.B' > ,\n 'early_stopping': {'args': {'epochs': 3}},\n 'epochs': 10\n}"
        ),
        "planned Epochs=10"
    );
    assert_eq!(totals(r#"{"max_steps": -1, "num_train_epochs": 3.0}"#), "planned Epochs=3");
    assert_eq!(totals(r#"{"vocab_size": 50257, "n_layer": 12}"#), "");
}

#[test]
fn catboost_tells_its_iterations_before_the_file_is_whole() {
    let head = r#"{
"meta":{"test_sets":["test"],"launch_mode":"Train","parameters":"","iteration_count":500,"learn_sets":["learn"]},
"iterations":[
{"learn":[0.6],"iteration":0,"passed_time":0.05},"#;
    assert_eq!(said(&CATBOOST, head).0, ["framework catboost", "total Steps=500"]);
    let mut format = (CATBOOST.new)();
    let mut told = Recorder::default();
    for byte in head.as_bytes().chunks(1) {
        format.push(byte, &mut told);
    }
    assert_eq!(told.said, ["framework catboost", "total Steps=500"]);
    let kind = |text: &str| sniff(&Head { path: "a.json", bytes: text.as_bytes() }).map(|spec| spec.kind);
    assert_eq!(kind(head), Some(SourceKind::Json));
    assert!(said(&CATBOOST, r#"{"launch_mode":"Train","iteration_count":"#).0.is_empty());
    assert!(said(&CATBOOST, &format!(r#"{{"launch_mode":"{}""#, "x".repeat(100_000))).0.is_empty());
}

#[test]
fn fluxgyms_own_status() {
    let state = |status: &str| {
        said(&SETTINGS, &format!(r#"{{"lora_name": "a", "max_train_epochs": 4, {status}}}"#)).0[1..]
            .join(" | ")
    };
    assert_eq!(state(r#""status": "starting""#), "framework kohya");
    assert_eq!(state(r#""status": "completed", "completed_at": 1.5"#), "framework kohya | ending Completed");
    assert_eq!(
        state(r#""status": "failed", "error": "no\nfile""#),
        "framework kohya | error : no (fatal) | ending Failed"
    );
}

#[test]
fn told_by_name_and_content() {
    let kind = |path: &str, text: &str| sniff(&Head { path, bytes: text.as_bytes() }).map(|spec| spec.kind);
    assert_eq!(kind("out/trainer_state.json", STATE), Some(SourceKind::Json));
    assert_eq!(kind("all_results.json", "{\n \"a\": 1\n}"), Some(SourceKind::Json));
    assert_eq!(kind("metrics.json", "{\"a\": 1}\n{\"a\": 2}\n"), Some(SourceKind::JsonLines));
    assert_eq!(kind("config.json", "{'a': 1}"), Some(SourceKind::Json));
    for (path, text) in [
        ("package.json", "{\n \"a\": 1\n}"),
        ("state.json", "{\"epoch\": 8}"),
        ("evaluation_scores.json", "{\n}"),
        ("all_results.json", ""),
    ] {
        assert_eq!(kind(path, text), None, "{path}");
    }
}
