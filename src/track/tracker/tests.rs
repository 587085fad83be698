use smallvec::smallvec;

use super::*;
use crate::model::record::BarStyle;
use crate::model::record::Ending;
use crate::model::record::Pair;

fn bar(label: &str, current: f64, total: f64, loss: f64) -> Bar<'_> {
    Bar {
        label,
        current,
        total: Some(total),
        rate: Some(10.0),
        elapsed: Some(current / 10.0 + 5.0),
        remaining: Some((total - current) / 10.0),
        unit: "it",
        style: BarStyle::Tqdm,
        values: smallvec![Pair { name: "loss", value: loss }],
    }
}

fn row(at: At, name: &str, value: f64) -> Row<'_> {
    Row { at, split: None, kind: RowKind::Plain, values: smallvec![Pair { name, value }] }
}

fn tracker() -> Tracker {
    Tracker::new("training.log".into())
}

fn say(tracker: &mut Tracker, record: &Record<'_>) {
    tracker.record(record, &Origin { line: 1, offset: 0, time: None });
}

#[test]
fn a_bar_of_steps_is_the_run() {
    let mut tracker = tracker();
    for n in 0..=40 {
        say(&mut tracker, &Record::Bar(bar("steps", f64::from(n), 100.0, 1.0 / f64::from(n + 1))));
    }
    let facts = tracker.facts();
    assert_eq!((facts.progress.step, facts.progress.total_steps), (Some(40.0), Some(100.0)));
    assert_eq!(facts.progress.percent, Some(40.0));
    assert_eq!(facts.progress.eta, Some(6.0));
    assert_eq!(facts.work_left, Some(true));
    let loss = facts.metric("loss").unwrap();
    assert_eq!((loss.points, loss.step), (41, Some(40.0)));
}

#[test]
fn bars_of_epochs_count_epochs_and_claim_no_global_step() {
    let mut tracker = tracker();
    for epoch in 0..3 {
        let label = format!("Epoch {epoch}/3");
        for n in 0..=10 {
            say(&mut tracker, &Record::Bar(bar(&label, f64::from(n), 10.0, 0.5)));
        }
    }
    let facts = tracker.facts();
    assert_eq!(facts.progress.completed_epochs, Some(3.0));
    assert_eq!(facts.progress.total_epochs, Some(3.0));
    assert_eq!(facts.progress.step, None);
    assert_eq!(facts.work_left, Some(false));
    assert_eq!(facts.metric("loss").unwrap().points, 33);
}

#[test]
fn a_bar_that_is_drawn_again_and_again_is_not_the_run() {
    let mut tracker = tracker();
    for _ in 0..3 {
        for n in 0..=10 {
            say(&mut tracker, &Record::Bar(bar("train", f64::from(n), 10.0, 0.5)));
        }
    }
    assert_eq!(tracker.facts().progress.step, None);
}

#[test]
fn a_resumed_bar_that_was_short_of_its_end_is_still_the_run() {
    let mut tracker = tracker();
    for n in (0..=60).chain(0..=0).chain(61..=120) {
        say(&mut tracker, &Record::Bar(bar("", f64::from(n), 120.0, 0.5)));
    }
    assert_eq!(tracker.facts().progress.step, Some(120.0));
}

#[test]
fn steps_that_begin_again_with_each_epoch_are_batches() {
    let mut tracker = tracker();
    for epoch in 1..=2 {
        for step in 1..=5 {
            let at = At { epoch: Some(f64::from(epoch)), step: Some(f64::from(step)), ..At::default() };
            say(&mut tracker, &Record::Row(row(at, "loss", 1.0)));
        }
    }
    assert_eq!(tracker.facts().progress.step, None);
    assert_eq!(tracker.facts().progress.completed_epochs, Some(1.0));
}

#[test]
fn an_error_is_the_end_until_the_run_goes_on() {
    let mut tracker = tracker();
    let error = Record::Error { type_name: "ValueError", message: "bad x", fatal: true };
    say(&mut tracker, &error);
    assert_eq!(tracker.facts().ended.map(|e| e.how), Some(Ending::Failed));
    for n in 0..5 {
        say(&mut tracker, &Record::Bar(bar("", f64::from(n), 20.0, 0.5)));
    }
    assert_eq!(tracker.facts().ended, None);
    assert!(!tracker.facts().error.unwrap().fatal);
}

#[test]
fn what_python_had_buffered_does_not_revive_a_crash() {
    let mut tracker = tracker();
    say(&mut tracker, &Record::Error { type_name: "RuntimeError", message: "boom", fatal: true });
    for epoch in 1..=5 {
        let at = At { epoch: Some(f64::from(epoch)), ..At::default() };
        say(&mut tracker, &Record::Row(row(at, "train_loss", 1.0)));
    }
    assert_eq!(tracker.facts().ended.map(|e| e.how), Some(Ending::Failed));
}

#[test]
fn a_namesake_on_validation_data_gets_a_name_of_its_own() {
    let mut tracker = tracker();
    let at = At { step: Some(1.0), ..At::default() };
    say(&mut tracker, &Record::Row(Row { split: Some(Split::Validation), ..row(at, "loss", 2.0) }));
    assert!(tracker.facts().metric("loss").is_some());
    say(&mut tracker, &Record::Row(row(at, "loss", 1.0)));
    let facts = tracker.facts();
    assert_eq!(facts.metric("loss").map(|m| m.last), Some(1.0));
    assert_eq!(facts.metric("val_loss").map(|m| m.last), Some(2.0));
}

#[test]
fn facts_share_the_curve_and_growing_on_does_not_change_what_was_handed_out() {
    let mut tracker = tracker();
    say(&mut tracker, &Record::Bar(bar("steps", 1.0, 9.0, 0.5)));
    let before = tracker.facts();
    say(&mut tracker, &Record::Bar(bar("steps", 2.0, 9.0, 0.4)));
    let after = tracker.facts();
    assert_eq!(before.metric("loss").unwrap().series.buckets().len(), 1);
    assert_eq!(after.metric("loss").unwrap().series.buckets().len(), 2);
}

#[test]
fn a_search_forgets_the_trial_of_the_position_before() {
    let mut tracker = tracker();
    let patch = |position, trial, score, is_best| {
        Record::Search(SearchPatch { position, trial, score, is_best, ..SearchPatch::default() })
    };
    say(&mut tracker, &patch(Some(1), None, None, false));
    say(&mut tracker, &patch(None, Some(3), Some(0.5), true));
    say(&mut tracker, &patch(Some(2), None, None, false));
    let search = tracker.facts().search.unwrap();
    assert_eq!((search.position, search.trial, search.score), (Some(2), None, None));
    assert_eq!(search.best_score, Some(0.5));
}
