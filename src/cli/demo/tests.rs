//! The demo without a clock: what its programs write, and that it reaches the disk as it should.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::cast;
use super::cast::Role;
use super::script::Beat;
use super::script::Script;
use super::writer;
use crate::clock::Clock;
use crate::clock::ManualClock;
use crate::model::stamp::Stamp;

const START: Stamp = Stamp::from_millis(1_795_361_020_000);

fn life(role: &Role) -> Vec<Beat> {
    Script::new((role.program)(), START, TimeZone::UTC).collect()
}

fn text(beats: &[Beat]) -> String {
    beats.iter().map(|beat| beat.text.as_str()).collect()
}

#[test]
fn every_program_ends_and_is_the_same_each_time() {
    for role in cast::live().iter().chain(&cast::past()) {
        let beats = life(role);
        assert_eq!(beats, life(role), "{}", role.folder);
        assert!((1..60_000).contains(&beats.len()), "{}: {} writes", role.folder, beats.len());
        assert!(beats.iter().all(|beat| !beat.text.is_empty()), "{}", role.folder);
    }
}

#[test]
fn a_live_run_writes_at_once_and_is_not_silent_until_it_ends() {
    for role in cast::live() {
        let beats = life(&role);
        assert!(beats[0].after < Duration::from_millis(500), "{}", role.folder);
        let longest = beats.iter().map(|beat| beat.after).max().unwrap_or_default();
        assert!(longest < super::STALL_AFTER / 4, "{} is silent for {longest:?}", role.folder);
    }
}

#[test]
fn within_a_minute_one_fails_and_one_falls_silent() {
    let length = |folder: &str| {
        let role = cast::live().into_iter().find(|role| role.folder == folder).expect(folder);
        life(&role).iter().map(|beat| beat.after).sum::<Duration>()
    };
    let minute = Duration::from_mins(1);
    assert!(length("speech/conformer-ctc") < minute);
    assert!(length("diffusion/lora-cat") + super::STALL_AFTER < minute);
    assert!((minute..2 * minute).contains(&length("tabular/mlp-churn")), "stops early where one can see it");
}

#[test]
fn the_texts_are_those_of_the_frameworks() {
    let all: Vec<(&str, String)> =
        cast::live().iter().chain(&cast::past()).map(|role| (role.folder, text(&life(role)))).collect();
    for (folder, part) in [
        ("vision/resnet18-cifar10", "\rEpoch 1/30:   0%|          | 0/120 [00:00<?, ?batch/s]"),
        ("vision/resnet18-cifar10", "\nEpoch 30/30 - train_loss: 0."),
        ("llm/sft-lora-r16", "\r{'loss': '"),
        ("llm/sft-lora-r16", "{'train_runtime': '"),
        ("segmentation/unet-cells", "`Trainer.fit` stopped: `max_epochs=25` reached."),
        ("tabular/mlp-churn", "Epoch 36: early stopping\n"),
        ("diffusion/lora-cat", "\nepoch 1/8\n"),
        ("tabular/xgb-credit", "[0]\ttrain-logloss:0.6"),
        ("speech/conformer-ctc", "torch.OutOfMemoryError: CUDA out of memory."),
        ("search/boosters", "[BEST] NEW BEST! Score: "),
        ("jobs", "\"event\":\"training.step\""),
        ("llm/sft-lora-r64", "\nKeyboardInterrupt\n"),
    ] {
        assert!(all.iter().any(|(name, text)| *name == folder && text.contains(part)), "{folder}: {part}");
    }
}

#[test]
fn rows_of_a_job_are_json() {
    for role in cast::live().iter().chain(&cast::past()).filter(|role| role.folder == "jobs") {
        for line in text(&life(role)).lines() {
            let row: serde_json::Value = serde_json::from_str(line).expect(line);
            assert!(row["ts"].is_string() && row["event"].is_string(), "{line}");
        }
    }
}

#[test]
fn the_past_has_the_times_of_its_time() {
    let folder = tempfile::tempdir().expect("a folder");
    writer::write_past(folder.path(), &cast::past(), &TimeZone::UTC, START).expect("written");
    let age = |path: &str| {
        let modified = fs::metadata(folder.path().join(path)).expect(path).modified().expect("a time");
        START.since(Stamp::from_millis(
            i64::try_from(modified.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis())
                .expect("a time"),
        ))
    };
    assert_eq!(age("vision/resnet18-baseline/train.log"), Duration::from_hours(2));
    assert_eq!(age("archive/resnet34-flowers/train.log"), Duration::from_hours(45 * 24));
    assert!(age("segmentation/unet-small/lightning_logs/version_0/metrics.csv") >= Duration::from_hours(26));
}

/// A clock that the test turns while the writer looks at it.
#[derive(Clone)]
struct Shared(Arc<ManualClock>);

impl Clock for Shared {
    fn now(&self) -> Stamp {
        self.0.now()
    }
}

#[test]
fn the_present_is_written_as_time_goes_by_and_stops_with_its_owner() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Shared(Arc::new(ManualClock::at(START)));
    let live =
        writer::Live::start(folder.path(), &cast::live(), &TimeZone::UTC, clock.clone()).expect("started");
    let log = folder.path().join("speech/conformer-ctc/train.log");
    let wait_for = |part: &str| {
        // bounded by the test's own patience: a write takes microseconds once it is due
        for _ in 0..10_000 {
            if fs::read_to_string(&log).is_ok_and(|text| text.contains(part)) {
                return;
            }
            std::thread::yield_now();
            std::thread::park_timeout(Duration::from_millis(1));
        }
        panic!("no {part:?} in {:?}", fs::read_to_string(&log));
    };
    wait_for("training for 20000 steps");
    clock.0.set(START.plus(Duration::from_secs(5)));
    wait_for("step 140/20000");
    assert!(!fs::read_to_string(&log).expect("the log").contains("step 150/20000"));
    drop(live);
    let before = fs::read(&log).expect("the log");
    clock.0.set(START.plus(Duration::from_mins(5)));
    std::thread::yield_now();
    assert_eq!(before, fs::read(&log).expect("the log"));
}
