//! What the demo's programs write is understood, from the bytes on disk to the state: each run is as it was made up to be.

use std::fs;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use jiff::tz::TimeZone;

use super::cast;
use super::script::Script;
use super::writer;
use crate::clock::ManualClock;
use crate::model::rules::Rules;
use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;
use crate::model::state::State;
use crate::parse::redact::Redactor;
use crate::parse::user::UserFormats;
use crate::runtime::engine;
use crate::source::discover;
use crate::track::judge::judge;

const START: Stamp = Stamp::from_millis(1_795_361_020_000);

type Found = (Arc<Run>, Verdict);

/// Reads what lies below `folder` as the program does, and judges it as of `now`.
fn read(folder: &Path, now: Stamp) -> Vec<Found> {
    let root = discover::root("demo", folder).expect("a folder");
    let rules = Rules { stall_after: super::STALL_AFTER, ..Rules::default() };
    let (runs, problems) =
        engine::read_once(&[root], &UserFormats::default(), &Redactor::default(), &ManualClock::at(now));
    assert_eq!(problems, []);
    let judge = |run: Arc<Run>| {
        let verdict = judge(&run, &rules, now);
        (run, verdict)
    };
    runs.into_iter().map(judge).collect()
}

/// What the live programs have written by `moment`, with the times of it.
fn write_live(folder: &Path, moment: Stamp) {
    for role in cast::live() {
        let mut at = START;
        for beat in Script::new((role.program)(), START, TimeZone::UTC) {
            at = at.plus(beat.after);
            if at > moment {
                break;
            }
            let path = folder.join(role.folder).join(beat.file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            let mut file = File::options().append(true).create(true).open(path).expect("a file");
            file.write_all(beat.text.as_bytes()).expect("written");
            let millis = u64::try_from(at.millis()).expect("after 1970");
            file.set_modified(UNIX_EPOCH + Duration::from_millis(millis)).expect("set");
        }
    }
}

fn live_after(seconds: u64) -> Vec<Found> {
    let folder = tempfile::tempdir().expect("a folder");
    let now = START.plus(Duration::from_secs(seconds));
    write_live(folder.path(), now);
    read(folder.path(), now)
}

#[track_caller]
fn find<'a>(runs: &'a [Found], id: &str) -> &'a Found {
    let ids: Vec<&str> = runs.iter().map(|(run, _)| &*run.key.id).collect();
    runs.iter().find(|(run, _)| &*run.key.id == id).unwrap_or_else(|| panic!("{id} is not among {ids:?}"))
}

#[track_caller]
fn is(runs: &[Found], id: &str, state: State) {
    let (_, verdict) = find(runs, id);
    assert_eq!(verdict.state, state, "{id}: {}", verdict.reason);
    assert!(!verdict.reason.is_empty(), "{id} gives no reason");
}

#[test]
fn the_past_shows_every_way_to_end() {
    let folder = tempfile::tempdir().expect("a folder");
    writer::write_past(folder.path(), &cast::past(), &TimeZone::UTC, START).expect("written");
    let runs = read(folder.path(), START);
    assert_eq!(runs.len(), cast::past().len());
    is(&runs, "jobs/train-e05d3b6c91aa", State::Queued);
    is(&runs, "vision/resnet18-baseline", State::Completed);
    is(&runs, "speech/conformer-small", State::Failed);
    is(&runs, "tabular/mlp-churn-wide", State::EarlyStopped);
    is(&runs, "llm/sft-lora-r64", State::Cancelled);
    is(&runs, "segmentation/unet-small", State::Completed);
    is(&runs, "jobs/train-91b2c7d40f38", State::Completed);
    is(&runs, "diffusion/lora-dog", State::Interrupted);
    is(&runs, "tabular/xgb-fraud", State::Unknown);
    is(&runs, "archive/resnet34-flowers", State::Completed);
    assert!(find(&runs, "archive/resnet34-flowers").1.outdated);
    assert!(!find(&runs, "vision/resnet18-baseline").1.outdated);
}

#[test]
fn the_past_has_the_figures_it_was_made_of() {
    let folder = tempfile::tempdir().expect("a folder");
    writer::write_past(folder.path(), &cast::past(), &TimeZone::UTC, START).expect("written");
    let runs = read(folder.path(), START);
    for (id, epochs, total_epochs, step, total_steps) in [
        ("vision/resnet18-baseline", Some(12.0), Some(12.0), None, None),
        ("tabular/mlp-churn-wide", Some(27.0), Some(60.0), None, None),
        ("llm/sft-lora-r64", Some(0.0), Some(2.0), Some(171.0), Some(400.0)),
        ("segmentation/unet-small", Some(10.0), None, Some(500.0), None),
        ("diffusion/lora-dog", Some(4.0), Some(6.0), Some(263.0), Some(360.0)),
        ("speech/conformer-small", None, None, Some(5340.0), Some(8000.0)),
        ("jobs/train-91b2c7d40f38", None, None, Some(300.0), Some(300.0)),
    ] {
        let progress = &find(&runs, id).0.facts.progress;
        // what the table leaves open may be told or not; what it names must be told, and so
        for (what, told, truth) in [
            ("epochs", progress.completed_epochs, epochs),
            ("epochs in all", progress.total_epochs, total_epochs),
            ("step", progress.step, step),
            ("steps in all", progress.total_steps, total_steps),
        ] {
            assert!(truth.is_none() || told == truth, "{id}: {what}: {told:?} instead of {truth:?}");
        }
    }
    let (keras, _) = find(&runs, "tabular/mlp-churn-wide");
    assert_eq!(keras.facts.early_stopped_at, Some(27.0));
    assert_eq!(keras.facts.metric("val_loss").map(|metric| metric.points), Some(27));
    let error = find(&runs, "speech/conformer-small").0.facts.error.clone().expect("an error");
    assert_eq!(&*error.type_name, "torch.OutOfMemoryError");
    assert!(error.message.starts_with("CUDA out of memory. Tried to allocate 2.50 GiB."));
}

#[test]
fn the_present_is_alive_and_has_its_metrics() {
    let runs = live_after(15);
    assert_eq!(runs.len(), cast::live().len());
    for (run, verdict) in &runs {
        assert_eq!(verdict.state, State::Running, "{}: {}", run.key.id, verdict.reason);
    }
    for (id, metrics, framework) in [
        ("vision/resnet18-cifar10", ["loss", "lr"].as_slice(), None),
        ("llm/sft-lora-r16", &["loss", "grad_norm", "learning_rate"], Some("transformers")),
        ("segmentation/unet-cells", &["train_loss", "val_loss", "val_dice"], Some("lightning")),
        ("tabular/mlp-churn", &["accuracy", "loss", "val_accuracy", "val_loss"], Some("keras")),
        ("diffusion/lora-cat", &["avr_loss"], Some("kohya")),
        ("tabular/xgb-credit", &["train-logloss", "validation-logloss", "validation-auc"], Some("xgboost")),
        ("speech/conformer-ctc", &["loss", "lr", "grad_norm"], None),
        ("jobs/train-7c1f09ab42de", &["loss", "lr"], None),
    ] {
        let facts = &find(&runs, id).0.facts;
        for name in metrics {
            assert!(facts.metric(name).is_some(), "{id}: {name} is not among {:?}", facts.metrics);
        }
        assert_eq!(facts.framework, framework, "{id}");
    }
    let progress = &find(&runs, "jobs/train-7c1f09ab42de").0.facts.progress;
    assert_eq!((progress.step, progress.total_steps), (Some(26.0), Some(800.0)));
    let search = find(&runs, "search/boosters").0.facts.search.clone().expect("a search");
    assert_eq!((search.position, search.total_positions, search.trial), (Some(1), Some(6), Some(6)));
}

#[test]
fn within_a_minute_one_has_failed_and_one_has_stalled() {
    let runs = live_after(58);
    is(&runs, "speech/conformer-ctc", State::Failed);
    is(&runs, "diffusion/lora-cat", State::Stalled);
    for id in ["vision/resnet18-cifar10", "llm/sft-lora-r16", "tabular/xgb-credit", "jobs/train-7c1f09ab42de"]
    {
        is(&runs, id, State::Running);
    }
    is(&live_after(90), "tabular/mlp-churn", State::EarlyStopped);
}
