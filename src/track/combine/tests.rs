use std::sync::Arc;

use crate::model::facts::Axis;
use crate::model::facts::Checkpoint;
use crate::model::facts::Metric;
use crate::model::facts::Place;
use crate::model::facts::RunError;
use crate::model::series::Series;
use crate::model::stamp::Stamp;
use crate::model::state::RunnerType;

use super::*;

fn metric(name: &str, source: &str, last: f64, points: u64, step: Option<f64>) -> Metric {
    Metric {
        name: name.into(),
        last,
        min: Some(last),
        min_at: None,
        max: Some(last),
        max_at: None,
        step,
        points,
        non_finite: 0,
        axis: if step.is_some() { Axis::Step } else { Axis::Index },
        series: Arc::new(Series::default()),
        source: source.into(),
    }
}

fn of(kind: SourceKind, metrics: Vec<Metric>) -> Said {
    Said { kind, facts: Facts { metrics, ..Facts::default() }, written: None }
}

fn chosen(said: &[Said]) -> Vec<(String, f64, String)> {
    combine(said).metrics.iter().map(|m| (m.name.to_string(), m.last, m.source.to_string())).collect()
}

fn one(name: &str, last: f64, source: &str) -> (String, f64, String) {
    (name.to_owned(), last, source.to_owned())
}

#[test]
fn the_exact_source_of_a_metric_wins() {
    let log = || {
        of(
            SourceKind::TextLog,
            vec![
                metric("loss", "training.log", 0.143, 300, Some(90.0)),
                metric("acc", "training.log", 0.9, 3, None),
            ],
        )
    };
    let csv = of(SourceKind::Csv, vec![metric("loss", "metrics.csv", 0.142_764, 9, Some(90.0))]);
    assert_eq!(
        chosen(&[log(), csv]),
        [one("loss", 0.142_764, "metrics.csv"), one("acc", 0.9, "training.log")]
    );
    // a state of the last checkpoint, thirty steps of every five behind
    let state = of(SourceKind::Json, vec![metric("loss", "trainer_state.json", 0.2, 12, Some(60.0))]);
    assert_eq!(chosen(&[log(), state])[0], one("loss", 0.143, "training.log"));
    // the newest row is not there yet: the log's is the last figure, the state's the history
    let near = of(SourceKind::Json, vec![metric("loss", "trainer_state.json", 0.2, 18, Some(88.0))]);
    assert_eq!(chosen(&[near, log()])[0], one("loss", 0.143, "trainer_state.json"));
}

#[test]
fn the_longest_history_and_the_newest_version() {
    let state = |n: u32, points| {
        of(
            SourceKind::Json,
            vec![metric(
                "loss",
                &format!("checkpoint-{n}/trainer_state.json"),
                f64::from(n),
                points,
                Some(f64::from(n)),
            )],
        )
    };
    assert_eq!(
        chosen(&[state(30, 3), state(90, 9), state(60, 6)]),
        [one("loss", 90.0, "checkpoint-90/trainer_state.json")]
    );
    let version = |n: u32, points| {
        of(
            SourceKind::Csv,
            vec![metric("loss", &format!("version_{n}/metrics.csv"), f64::from(n), points, Some(1.0))],
        )
    };
    assert_eq!(chosen(&[version(0, 50), version(1, 3)]), [one("loss", 1.0, "version_1/metrics.csv")]);
}

#[test]
fn sums_give_their_digits_and_no_curve() {
    let log = of(SourceKind::TextLog, vec![metric("eval_loss", "training.log", 2.837, 3, Some(120.0))]);
    let sums = of(
        SourceKind::Json,
        vec![
            metric("eval_loss", "all_results.json", 2.836_893, 0, None),
            metric("train_runtime", "all_results.json", 4.9, 0, None),
        ],
    );
    let facts = combine(&[log, sums]);
    assert_eq!(facts.metrics[0].points, 3);
    assert!((facts.metrics[0].last - 2.836_893).abs() < 1e-9);
    assert_eq!(facts.metrics.len(), 2);
}

#[test]
fn names_that_stand_in_the_path() {
    let csv = |name, source: &str, last| of(SourceKind::Csv, vec![metric(name, source, last, 5, Some(5.0))]);
    let said = [
        csv("loss", "dvclive/plots/metrics/train/loss.tsv", 0.1),
        csv("loss", "dvclive/plots/metrics/val/loss.tsv", 0.2),
        csv("value", "mlruns/0/abc/metrics/val_acc", 0.3),
        csv("Logloss", "catboost_info/learn_error.tsv", 0.4),
        csv("Logloss", "catboost_info/test_error.tsv", 0.5),
        csv("Passed", "catboost_info/time_left.tsv", 9.0),
    ];
    let names: Vec<String> = chosen(&said).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["train/loss", "val/loss", "val_acc", "learn:Logloss", "test:Logloss"]);
    let tables = [csv("loss", "train.log", 9.15), csv("loss", "valid.log", 9.85)];
    assert_eq!(chosen(&tables), [one("loss", 9.15, "train.log"), one("valid/loss", 9.85, "valid.log")]);
}

fn ending(kind: SourceKind, how: Ending, at: Option<i64>) -> Said {
    let ended = Ended { how, because: "x".into(), place: Place::default() };
    Said {
        kind,
        facts: Facts {
            ended: Some(ended),
            updated_at: at.map(|s| Stamp::from_millis(s * 1000)),
            ..Facts::default()
        },
        written: None,
    }
}

#[test]
fn the_log_that_went_on_longest_tells_how_it_ended() {
    let log = |how: Option<Ending>, written: i64, done: Option<f64>| {
        let mut one = going(SourceKind::TextLog, done, Some(4.0), None);
        one.facts.ended = how.map(|how| Ended { how, because: "x".into(), place: Place::default() });
        one.written(Some(Stamp::from_millis(written * 1000)))
    };
    let how = |said: &[Said]| combine(said).ended.map(|ended| ended.how);
    let (failed, done) = (Some(Ending::Failed), Some(Ending::Completed));
    let first = log(failed, 0, Some(2.0));
    assert_eq!(how(&[first.clone(), log(done, 3600, Some(4.0))]), done);
    // the second one is under way
    assert_eq!(how(&[first.clone(), log(None, 3600, Some(3.0))]), None);
    // two streams of one program, and a log that trains nothing
    assert_eq!(how(&[first.clone(), log(done, 5, Some(4.0))]), failed);
    assert_eq!(how(&[first, log(done, 3600, None)]), failed);
}

#[test]
fn how_it_ended() {
    use Ending::{Cancelled, Completed, EarlyStopped, Failed};
    for (a, b, how) in [
        ((Completed, None), (Failed, None), Failed),
        ((Completed, None), (EarlyStopped, None), EarlyStopped),
        ((EarlyStopped, Some(0)), (Cancelled, Some(30)), Cancelled),
        // the first try failed, the second did not
        ((Failed, Some(0)), (Completed, Some(3600)), Completed),
        ((Completed, Some(0)), (Failed, Some(3600)), Failed),
    ] {
        let (one, other) = (ending(SourceKind::TextLog, a.0, a.1), ending(SourceKind::JsonLines, b.0, b.1));
        for said in [[one.clone(), other.clone()], [other, one]] {
            assert_eq!(combine(&said).ended.map(|ended| ended.how), Some(how), "{a:?} {b:?}");
        }
    }
}

fn going(kind: SourceKind, done: Option<f64>, total: Option<f64>, left: Option<bool>) -> Said {
    let progress = Progress { step: done, total_steps: total, ..Progress::default() };
    Said { kind, facts: Facts { progress, work_left: left, ..Facts::default() }, written: None }
}

#[test]
fn places_and_totals_from_whoever_knows() {
    let state = going(SourceKind::Json, Some(30.0), Some(120.0), Some(true));
    let log = going(SourceKind::TextLog, Some(120.0), None, None);
    let settings = going(SourceKind::Json, None, Some(300.0), None);
    let facts = combine(&[settings.clone(), state, log]);
    assert_eq!((facts.progress.step, facts.progress.total_steps), (Some(120.0), Some(120.0)));
    assert_eq!((facts.progress.percent, facts.work_left), (Some(100.0), Some(false)));
    let facts = combine(&[going(SourceKind::TextLog, Some(75.0), None, None), settings]);
    assert_eq!((facts.progress.percent, facts.work_left), (Some(25.0), Some(true)));
    assert_eq!(facts.work_left_because.as_deref(), Some("75 of 300 steps"));
    assert_eq!(combine(&[]), Facts::default());
}

#[test]
fn announced_steps_of_which_none_was_logged() {
    use crate::model::state::Stage;
    let mut job = going(SourceKind::JsonLines, None, Some(10.0), None);
    assert_eq!(combine(&[job.clone()]).work_left, None);
    job.facts.stage = Some(Stage::Initializing);
    assert_eq!(combine(&[job.clone()]).work_left_because.as_deref(), Some("none of 10 steps"));
    job.facts.ended = ending(SourceKind::JsonLines, Ending::Failed, None).facts.ended;
    assert_eq!(combine(&[job]).work_left, None);
    assert_eq!(combine(&[going(SourceKind::TextLog, None, Some(10.0), None)]).work_left, None);
}

#[test]
fn a_figure_that_was_measured_once_more() {
    let state =
        of(SourceKind::Json, vec![metric("eval_runtime", "trainer_state.json", 0.032, 3, Some(120.0))]);
    let log = of(SourceKind::TextLog, vec![metric("eval_runtime", "training.log", 0.0331, 4, Some(120.0))]);
    let sums = of(SourceKind::Json, vec![metric("eval_runtime", "all_results.json", 0.033_12, 0, None)]);
    assert!((combine(&[log.clone(), state.clone()]).metrics[0].last - 0.0331).abs() < 1e-9);
    assert!((combine(&[log, state, sums]).metrics[0].last - 0.033_12).abs() < 1e-9);
}

#[test]
fn a_file_of_sums_counts_when_it_is_of_this_end() {
    let last = |loss: f64| {
        let state = |name, value| metric(name, "trainer_state.json", value, 3, Some(120.0));
        let sums = |name, value| metric(name, "all_results.json", value, 0, None);
        let said = [
            of(SourceKind::Json, vec![state("eval_loss", 2.836_893), state("eval_runtime", 0.19)]),
            of(SourceKind::Json, vec![sums("eval_loss", loss), sums("eval_runtime", 0.25)]),
        ];
        combine(&said).metrics.iter().find(|m| &*m.name == "eval_runtime").map(|m| m.last)
    };
    assert_eq!(last(2.836_893), Some(0.25));
    assert_eq!(last(3.5), Some(0.19), "the sums of an earlier run");
}

#[test]
fn the_disk_knows_best_which_epochs_are_there() {
    let progress = Progress {
        completed_epochs: Some(4.0),
        total_epochs: Some(10.0),
        percent: Some(40.0),
        ..Progress::default()
    };
    let folder = Facts {
        framework: Some("pylon"),
        runner_type: Some(RunnerType::Trainer),
        progress,
        work_left: Some(true),
        ..Facts::default()
    };
    let read = Progress {
        completed_epochs: Some(5.0),
        total_epochs: Some(10.0),
        percent: Some(55.0),
        step: Some(15.0),
        ..Progress::default()
    };
    let log = Facts { progress: read, work_left: Some(false), framework: Some("other"), ..Facts::default() };
    let facts = combine(&[
        Said { kind: SourceKind::TextLog, facts: log, written: None },
        Said { kind: SourceKind::Folder, facts: folder, written: None },
    ]);
    assert_eq!((facts.progress.completed_epochs, facts.progress.percent), (Some(4.0), Some(40.0)));
    assert_eq!(
        (facts.framework, facts.work_left, facts.progress.step),
        (Some("pylon"), Some(true), Some(15.0))
    );
}

#[test]
fn nothing_is_counted_twice() {
    let checkpoint =
        |path: &str, complete| Checkpoint { path: path.into(), step: None, epoch: None, complete };
    let log = |kind| {
        let mut facts = Facts {
            checkpoints: vec![checkpoint("./out/a.ckpt", true), checkpoint("./out/gone.ckpt", true)],
            ..Facts::default()
        };
        facts.log_lines.total = 7;
        facts.warnings = vec!["odd".into()];
        Said { kind, facts, written: None }
    };
    let folder = Facts {
        checkpoints: vec![checkpoint("x/out/a.ckpt", false), checkpoint("y/out/a.ckpt", false)],
        ..Facts::default()
    };
    let said = [
        log(SourceKind::TextLog),
        log(SourceKind::TextLog),
        log(SourceKind::JsonLines),
        Said { kind: SourceKind::Folder, facts: folder, written: None },
    ];
    let facts = combine(&said);
    let paths: Vec<&str> = facts.checkpoints.iter().map(|c| &*c.path).collect();
    assert_eq!(paths, ["x/out/a.ckpt", "y/out/a.ckpt", "./out/gone.ckpt"]);
    assert_eq!(facts.log_lines.total, 7);
    assert_eq!(facts.warnings.len(), 1);
}

#[test]
fn the_error_that_ended_it() {
    let error = |type_name: &str, fatal| {
        let error =
            RunError { type_name: type_name.into(), message: "m".into(), place: Place::default(), fatal };
        Said {
            kind: SourceKind::TextLog,
            facts: Facts { error: Some(error), ..Facts::default() },
            written: None,
        }
    };
    let said = [error("Logged", false), error("", true), error("RuntimeError", true)];
    assert_eq!(
        combine(&said).error.map(|error| error.type_name.to_string()).as_deref(),
        Some("RuntimeError")
    );
    assert_eq!(combine(&said[..1]).error.map(|error| error.fatal), Some(false));
}

#[test]
fn an_event_file_says_figures_and_no_progress() {
    let tagged = |source: &str, name: &str, last: f32| metric(name, source, f64::from(last), 3, Some(9.0));
    let facts = Facts {
        metrics: vec![
            tagged("tb/validation/events.out.tfevents.1", "epoch_loss", 0.422_15),
            tagged("tb/validation/events.out.tfevents.1", "val/acc", 0.5),
            tagged("runs/exp1/events.out.tfevents.1", "epoch_loss", 0.75),
            tagged("catboost_info/learn/events.out.tfevents", "Logloss", 0.25),
        ],
        progress: Progress { step: Some(9.0), ..Progress::default() },
        ..Facts::default()
    };
    let all = combine(&[Said::new(SourceKind::EventFile, facts)]);
    let told: Vec<_> = all.metrics.iter().map(|metric| (&*metric.name, metric.last)).collect();
    assert_eq!(
        told,
        [("val_loss", 0.42215), ("val/acc", 0.5), ("epoch_loss", 0.75), ("learn:Logloss", 0.25)]
    );
    assert_eq!(all.progress.step, None);
}

fn epochs(kind: SourceKind, done: Option<f64>, all: Option<f64>, plan: Option<f64>) -> Said {
    let mut facts = Facts::default();
    (facts.progress.completed_epochs, facts.progress.total_epochs, facts.planned.epochs) = (done, all, plan);
    Said { kind, facts, written: None }
}

#[test]
fn a_plan_fills_in_what_nobody_told() {
    let log = |done, all| epochs(SourceKind::TextLog, Some(done), all, None);
    let plan = |all| epochs(SourceKind::Yaml, None, None, Some(all));
    let told = |said: &[Said]| {
        let facts = combine(said);
        (facts.progress.total_epochs, facts.progress.percent, facts.work_left)
    };
    assert_eq!(told(&[log(2.0, None), plan(8.0)]), (Some(8.0), Some(25.0), Some(true)));
    assert_eq!(told(&[log(8.0, None), plan(8.0)]), (Some(8.0), Some(100.0), Some(false)));
    assert_eq!(told(&[log(2.0, Some(4.0)), plan(8.0)]), (Some(4.0), Some(50.0), Some(true)));
    // gone beyond it, or two that do not agree: it is the plan of something else
    assert_eq!(told(&[log(9.0, None), plan(8.0)]), (None, None, None));
    assert_eq!(told(&[log(2.0, None), plan(8.0), plan(3.0)]), (None, None, None));
    assert_eq!(told(&[log(2.0, None), plan(8.0), plan(8.0)]).0, Some(8.0));
}

#[test]
fn a_plan_is_not_over_while_what_was_told_is_not() {
    let mut log = epochs(SourceKind::TextLog, Some(3.0), None, None);
    (log.facts.progress.step, log.facts.progress.total_steps) = (Some(50.0), Some(100.0));
    let facts = combine(&[log, epochs(SourceKind::Yaml, None, None, Some(3.0))]);
    assert_eq!((facts.work_left, facts.progress.percent), (Some(true), Some(50.0)));
}

#[test]
fn a_tracker_does_not_know_what_ended_the_program() {
    let ended = |kind, how| {
        let ended = Ended { how, because: "".into(), place: Place::default() };
        Said { kind, facts: Facts { ended: Some(ended), ..Facts::default() }, written: None }
    };
    let how = |said: &[Said]| combine(said).ended.map(|ended| ended.how);
    let (log, meta) = (SourceKind::TextLog, SourceKind::Yaml);
    assert_eq!(how(&[ended(meta, Ending::Failed), ended(log, Ending::Cancelled)]), Some(Ending::Cancelled));
    assert_eq!(how(&[ended(meta, Ending::Failed), ended(log, Ending::Completed)]), Some(Ending::Failed));
    assert_eq!(how(&[ended(meta, Ending::Completed), ended(log, Ending::Failed)]), Some(Ending::Failed));
}

#[test]
fn steps_of_one_metric_s_file_may_be_epochs() {
    let tracked = |step: f64| {
        let mut said =
            of(SourceKind::Csv, vec![metric("value", "mlruns/1/a/metrics/loss", 0.5, 3, Some(step))]);
        said.facts.progress.step = Some(step);
        said
    };
    let log = || epochs(SourceKind::TextLog, Some(9.0), None, None);
    let step = |said: &[Said]| combine(said).progress.step;
    assert_eq!(step(&[log(), tracked(8.0)]), None);
    assert_eq!(step(&[log(), tracked(9.0)]), None);
    assert_eq!(step(&[log(), tracked(108.0)]), Some(108.0));
    assert_eq!(step(&[tracked(8.0)]), Some(8.0));
}

#[test]
fn a_full_bar_of_another_file_does_not_end_a_run_with_epochs_left() {
    let mut log = going(SourceKind::TextLog, None, None, Some(true));
    (log.facts.progress.completed_epochs, log.facts.progress.total_epochs) = (Some(2.0), Some(5.0));
    let mut bar = going(SourceKind::TextLog, None, None, Some(false));
    bar.facts.progress.step = Some(100.0);
    bar.facts.progress.total_steps = Some(100.0);
    bar.facts.progress.percent = Some(100.0);
    bar.facts.ended =
        Some(Ended { how: Ending::Completed, because: "its bar is full".into(), place: Place::default() });
    let facts = combine(&[log, bar]);
    assert_eq!((facts.ended.is_none(), facts.work_left), (true, Some(true)));
    assert_eq!(facts.progress.percent, Some(40.0));
}
