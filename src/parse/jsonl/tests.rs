use proptest::prelude::*;

use crate::model::level::Level;
use crate::model::stamp::Stamp;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::recorder::Recorder;
use crate::parse::recorder::pieces;

use super::*;

fn heard(text: &str) -> Recorder {
    let mut lines = Lines::new();
    let mut heard = Recorder::default();
    lines.push(text.as_bytes(), &mut heard);
    lines.rest(&mut heard);
    heard
}

fn said(text: &str) -> Vec<String> {
    heard(text).said
}

#[test]
fn one_figure_a_row_with_its_name_beside_it() {
    let row = |i: u32, name: &str| format!("{{\"name\": \"{name}\", \"value\": 0.{i}, \"step\": {i}}}\n");
    let log: String = (1..9).flat_map(|i| [row(i, "loss"), row(i, "lr")]).collect();
    let heard = said(&log);
    assert!(
        heard.iter().any(|row| row.contains("loss=0.8")) && heard.iter().any(|row| row.contains("lr=0.8")),
        "{heard:?}"
    );
    assert!(!heard.iter().any(|row| row.contains("value=")), "{heard:?}");
    let heard = said("{\"key\": \"train\\/loss\", \"value\": 0.5, \"step\": 1}\n");
    assert!(heard.iter().any(|row| row.contains("train/loss=0.5")), "{heard:?}");
}

#[test]
fn a_job_from_start_to_end() {
    let text = concat!(
        r#"{"ts": "2026-11-22T15:26:49.993Z", "level": "INFO", "service": "api", "job_id": "train-1", "msg": "Training started", "correlation_id": "c-1", "event": "training.start", "fields": {"total_steps": 100, "config": {"method": "lora", "steps": 100, "learning_rate": 0.0001}}}"#,
        "\n",
        r#"{"ts": "2026-11-22T15:26:50.000Z", "level": "INFO", "service": "api", "job_id": "train-1", "msg": "x", "correlation_id": "c-1", "event": "stage.loading_model"}"#,
        "\n",
        r#"{"ts": "2026-11-22T15:26:51.000Z", "level": "DEBUG", "service": "api", "job_id": "train-1", "msg": "Training step 1/100", "event": "training.step", "fields": {"step": 1, "total_steps": 100, "progress_pct": 1.0, "loss": NaN, "lr": 0.0001, "eta_seconds": 9}}"#,
        "\n",
        r#"{"ts": "2026-11-22T15:26:52.000Z", "level": "INFO", "job_id": "train-1", "msg": "Checkpoint", "event": "training.checkpoint", "fields": {"checkpoint_path": "a/b.safetensors", "step": 1}}"#,
        "\n",
        r#"{"ts": "2026-11-22T15:26:52.000Z", "level": "INFO", "job_id": "train-1", "msg": "Sample", "event": "training.sample", "fields": {"sample_path": "s/step_00001.png", "step": 1, "sample_index": 1}}"#,
        "\n",
        r#"{"ts": "2026-11-22T15:26:53.000Z", "level": "INFO", "job_id": "train-1", "msg": "Done", "event": "training.complete", "fields": {"output_path": "v1.safetensors", "training_time_seconds": 10.07, "final_loss": 0.4, "samples_generated": 1, "total_steps": 100}}"#,
        "\n",
    );
    let heard = heard(text);
    assert_eq!(
        heard.said,
        [
            r#"identity job=Some("train-1") correlation=Some("c-1")"#,
            "stage initializing",
            "total Steps=100",
            "stage loading_model",
            "row step=1/100 loss=NaN lr=0.0001",
            "row step=1",
            "checkpoint a/b.safetensors Some(1.0)",
            "row step=1",
            "sample s/step_00001.png Some(1.0)",
            "row Summary step=/100 final_loss=0.4 loss=0.4",
            "ending Completed",
        ]
    );
    assert_eq!(heard.lines.len(), 6);
    assert_eq!(heard.lines.iter().filter(|level| **level == Some(Level::Debug)).count(), 1);
    assert!(heard.origins.iter().all(|origin| origin.time.is_some()));
}

#[test]
fn failures_and_cancellations() {
    let failed = r#"{"ts": "2026-11-22T15:27:00Z", "level": "ERROR", "msg": "Training failed", "event": "training.failed", "fields": {"error": "CUDA out of memory.\nmore", "step": 37, "error_type": "RuntimeError", "stack_trace": "Traceback…\nRuntimeError: other"}}"#;
    assert_eq!(
        said(failed),
        ["row Summary step=37", "error RuntimeError: CUDA out of memory. (fatal)", "ending Failed"]
    );
    let cancelled = r#"{"level": "ERROR", "msg": "Training failed", "event": "training.failed", "fields": {"error": "Training cancelled by user", "step": 21, "error_type": "Exception"}}"#;
    assert_eq!(said(cancelled), ["row Summary step=21", "ending Cancelled"]);
    let logged = r#"{"timestamp": "2026-11-22T15:27:00Z", "level": "ERROR", "logger": "x", "message": "upload failed", "exception": "Traceback (most recent call last):\n  File\nConnectionError: refused\n"}"#;
    assert_eq!(said(logged), ["error ConnectionError: refused"]);
    assert_eq!(
        said(r#"{"event": "run_finished", "status": "failed"}"#),
        ["error :  (fatal)", "ending Failed"]
    );
    assert_eq!(said(r#"{"event": "job.cancelled", "msg": "by the user"}"#), ["ending Cancelled"]);
    assert_eq!(said(r#"{"event": "subprocess.exit", "fields": {"exit_code": 0}}"#), Vec::<String>::new());
    assert_eq!(said(r#"{"event": "early_stopping", "epoch": 3}"#), ["row epoch=3", "ending EarlyStopped"]);
}

#[test]
fn plain_metrics_of_many_loggers() {
    for (row, what) in [
        // detectron2
        (
            r#"{"data_time": 0.02, "eta_seconds": 8898.9, "fast_rcnn/cls_accuracy": 0.5, "iteration": 19, "time": 2.2, "total_loss": 2.7}"#,
            "row step=19 data_time=0.02 fast_rcnn/cls_accuracy=0.5 time=2.2 total_loss=2.7",
        ),
        // LLaMA-Factory
        (
            r#"{"current_steps": 10, "total_steps": 11900, "loss": 3.5, "reward": null, "learning_rate": 1e-05, "epoch": 0.02, "percentage": 0.08, "elapsed_time": "0:00:09", "remaining_time": "2:59:22"}"#,
            "total Steps=11900 | row epoch=0.02 step=10/11900 loss=3.5 learning_rate=0.00001",
        ),
        // stable-baselines3
        (
            r#"{"train/loss": 28.4, "time/fps": 200, "time/total_timesteps": 2048}"#,
            "row step=2048 train/loss=28.4 time/fps=200 time/total_timesteps=2048",
        ),
        // DETR
        (
            r#"{"train_lr": 0.0001, "train_loss": 43.3, "test_coco_eval_bbox": [0.1, 0.2], "epoch": 0, "n_parameters": 41}"#,
            "row EpochEnd epoch=0 (from 0) train_lr=0.0001 train_loss=43.3 n_parameters=41",
        ),
        // nested groups, machine figures left out
        (
            r#"{"step": 5, "train": {"loss": 0.5, "deep": {"er": 1}}, "gpu": {"id": 0, "util": 90}, "config": {"lr": 1, "epochs": 3}, "val": {}}"#,
            "total Epochs=3 | row epoch=/3 step=5 train/loss=0.5 train/deep/er=1",
        ),
        // fairseq quotes everything
        (
            r#"{"epoch": 10, "train_loss": "3.924", "train_lr": "nan", "train_wall": "2026-01", "train_num_updates": "9"}"#,
            "row EpochEnd epoch=10 train_loss=3.924 train_lr=NaN train_num_updates=9",
        ),
        // older mmdetection
        (
            r#"{"mode": "val", "epoch": 1, "iter": 50, "lr": 0.1, "bbox_mAP": 0.3}"#,
            "row Validation epoch=1 (from 1) step=50 lr=0.1 bbox_mAP=0.3",
        ),
        (r#"{"loss": Infinity, "lr": -Infinity, "step": 1}"#, "row step=1 loss=inf lr=-inf"),
    ] {
        assert_eq!(said(row).join(" | "), what, "{row}");
    }
}

#[test]
fn a_log_rows_strings_are_no_figures() {
    assert_eq!(
        said(r#"{"level": "info", "message": "saved", "shard": "17", "took": 3.5}"#),
        ["row took=3.5"]
    );
}

#[test]
fn loguru_and_structlog() {
    let loguru = r#"{"text": "2026 | Epoch 1/7\n", "record": {"elapsed": {"repr": "0:00:00.3", "seconds": 0.3}, "exception": null, "extra": {"epoch": 1, "gstep": 15, "train_loss": 0.44}, "file": {"name": "train.py"}, "level": {"icon": "i", "name": "INFO", "no": 20}, "line": 11, "message": "Epoch 1/7", "process": {"id": 25639}, "time": {"repr": "x", "timestamp": 1795360411.041}}}"#;
    let heard = heard(loguru);
    assert_eq!(heard.said, ["row epoch=1 (from 1) step=15 train_loss=0.44"]);
    assert_eq!(heard.lines, [Some(Level::Info)]);
    assert_eq!(heard.origins[0].time.map(Stamp::millis), Some(1_795_360_411_041));
    let structlog = concat!(
        r#"{"epochs": 6, "steps_per_epoch": 18, "event": "run_started", "seed": 8, "level": "info", "timestamp": "2026-11-22T15:13:34.603040Z"}"#,
        "\n",
        r#"{"step": 6, "total_steps": 108, "epoch": 1, "loss": 0.4, "event": "train_step", "level": "info"}"#,
        "\n",
        r#"{"epoch": 1, "train_loss": 0.39, "event": "epoch_end", "level": "info"}"#,
        "\n",
        r#"{"status": "success", "best_val_loss": 0.18, "event": "run_finished", "level": "info"}"#,
        "\n",
    );
    assert_eq!(
        said(structlog),
        [
            "stage initializing",
            "total Epochs=6",
            "total StepsPerEpoch=18",
            "total Steps=108",
            "row epoch=1 (from 1) step=6/108 loss=0.4",
            "row EpochEnd epoch=1 (from 1) train_loss=0.39",
            "row Summary best_val_loss=0.18",
            "ending Completed",
        ]
    );
}

#[test]
fn text_among_rows_is_read_as_text() {
    let text = concat!(
        "{\"step\": 1, \"loss\": 0.5}\n",
        "{\"level\": \"INFO\", \"message\": \"step 2 loss: 0.25\"}\n",
        "Traceback (most recent call last):\n",
        "  File \"a.py\", line 1, in <module>\n",
        "KeyError: 'x'\n",
    );
    let heard = heard(text);
    assert_eq!(heard.said.len(), 4, "{:?}", heard.said);
    assert!(heard.said[1].contains("step=2") && heard.said[1].contains("loss=0.25"), "{:?}", heard.said);
    assert!(heard.said[2].starts_with("error KeyError"), "{:?}", heard.said);
    assert_eq!((heard.origins[1].line, heard.origins[2].line), (2, 5));
    assert_eq!(heard.lines.len(), 5);
}

#[test]
fn a_validation_row_of_mmengine_has_no_step_of_its_own() {
    let text =
        "{\"loss\": 1.0, \"epoch\": 1, \"iter\": 20, \"step\": 20}\n{\"toy/accuracy\": 91.6, \"step\": 1}\n";
    assert_eq!(said(text), ["row epoch=1 (from 1) step=20 loss=1", "row step=20 toy/accuracy=91.6"]);
}

#[test]
fn a_second_run_in_the_same_file_has_its_own_totals() {
    let start = r#"{"event": "training.start", "fields": {"total_steps": 10}}"#;
    let text = format!("{start}\n{start}\n");
    assert_eq!(said(&text), ["stage initializing", "total Steps=10", "stage initializing", "total Steps=10"]);
}

#[test]
fn hostile_rows_say_nothing_and_count() {
    let text = "[1, 2]\n42\n\"text\"\n{\"loss\": 0.1\n{\"loss\": 0.1}}\nnull\n\n{\"loss\" 0.1}\n{\"a\": {\"b\": [}]}\n\u{0}\u{0}{\"loss\": 2}\n";
    let heard = heard(text);
    assert_eq!(heard.said, ["row loss=2"]);
    assert_eq!(heard.lines.len(), 9);
}

#[test]
fn a_torn_row_waits_for_its_end() {
    let mut lines = Lines::new();
    let mut heard = Recorder::default();
    lines.push(b"{\"step\": 1, \"loss\": 0.5}\n{\"step\": 2, \"lo", &mut heard);
    lines.rest(&mut heard);
    assert_eq!(heard.said.len(), 1);
    lines.push(b"ss\": 0.25}", &mut heard);
    lines.rest(&mut heard);
    assert_eq!(heard.said[1], "row step=2 loss=0.25");
    lines.push(b"\n{\"step\": 3}\n", &mut heard);
    assert_eq!(heard.said.len(), 3);
    assert_eq!(heard.lines.len(), 3);
    assert_eq!(heard.origins[2].line, 3);
    assert_eq!(heard.origins[2].offset, 51);
}

#[test]
fn a_line_without_end_is_not_kept() {
    let mut lines = Lines::new();
    let mut heard = Recorder::default();
    let chunk = vec![b'x'; 1 << 20];
    lines.push(b"{\"loss\": 1}\n{\"a\": \"", &mut heard);
    for _ in 0..64 {
        lines.push(&chunk, &mut heard);
        assert!(lines.rest.capacity() <= ROW_LIMIT + (2 << 20));
    }
    lines.push(b"\"}\n{\"loss\": 2}\n", &mut heard);
    assert_eq!(heard.said, ["row loss=1", "row loss=2"]);
    assert_eq!(heard.origins[1].line, 3);
    assert_eq!(heard.origins[1].offset, 12 + 7 + (64 << 20) + 3);
}

#[test]
fn told_by_content() {
    let score = |path, text: &str| sniff(&Head { path, bytes: text.as_bytes() });
    assert!(score("events.jsonl", "{\"a\": 1}\n{\"a\": 2}\n") > 90);
    assert!(score("training.log", "{\"a\": 1}\n{\"a\": 2}\n") > 80);
    assert!(score("metrics.json", "{\"a\": 1}\n{\"a\": 2}\n") > 80);
    assert_eq!(score("config.json", "{\n  \"a\": 1\n}\n"), 0);
    assert_eq!(score("config.json", "{\"a\": 1}"), 0);
    assert_eq!(score("training.log", "{'loss': 1}\n"), 0);
    assert_eq!(score("training.log", "loss 1\n"), 0);
    assert_eq!(score("training.log", ""), 0);
}

proptest! {
    #[test]
    fn any_chunking_says_the_same(cuts in prop::collection::vec(1usize..40, 1..30)) {
        let text = "\u{feff}{\"step\": 1, \"loss\": 0.5, \"ä\": \"\\\"x\"}\r\n{\"torn\": \n{\"step\": 2, \"m\": {\"l\": 1e-5}}\n\n{\"step\": 3}";
        let whole = heard(text);
        let mut lines = Lines::new();
        let mut parts = Recorder::default();
        for piece in pieces(text.as_bytes(), &cuts) {
            lines.push(piece, &mut parts);
        }
        lines.rest(&mut parts);
        prop_assert_eq!(&parts.said, &whole.said);
        prop_assert_eq!(&parts.lines, &whole.lines);
        prop_assert_eq!(&parts.origins, &whole.origins);
    }

    #[test]
    fn no_bytes_make_it_fall(bytes in prop::collection::vec(any::<u8>(), 0..400), noise in "[\\[\\]{}\",:0-9a-n\\\\ \\n]{0,200}") {
        let mut lines = Lines::new();
        let mut heard = Recorder::default();
        lines.push(&bytes, &mut heard);
        lines.push(noise.as_bytes(), &mut heard);
        lines.rest(&mut heard);
    }
}
