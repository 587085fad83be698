use std::path::PathBuf;

use super::*;
use crate::model::facts::Place;
use crate::model::run::RunKey;

const HOUR: u64 = 3600;

fn run(age: u64) -> (Run, Stamp) {
    let now = Stamp::from_millis(1_000_000_000_000);
    let run = Run {
        key: RunKey { root: 0, id: "a".into() },
        path: PathBuf::from("/runs/a"),
        name: "a".into(),
        facts: Facts::default(),
        sources: Vec::new(),
        last_write: Some(now.minus(Duration::from_secs(age))),
        looked_at: true,
        problem: None,
    };
    (run, now)
}

fn state(run: &Run, now: Stamp) -> State {
    judge(run, None, &Rules::default(), now).state
}

fn end(how: Ending) -> Option<Ended> {
    Some(Ended { how, because: "so it says".into(), place: Place { source: "training.log".into(), line: Some(7) } })
}

#[test]
fn silence_alone_goes_from_running_over_stalled_to_interrupted() {
    for (age, want) in [
        (0, State::Running),
        (600, State::Running),
        (601, State::Stalled),
        (24 * HOUR, State::Stalled),
        (24 * HOUR + 1, State::Interrupted),
    ] {
        let (mut run, now) = run(age);
        run.facts.work_left = Some(true);
        assert_eq!(state(&run, now), want, "{age}");
        let verdict = judge(&run, None, &Rules::default(), now);
        // the moment that it names is the one at which the state changes
        if let Some(until) = verdict.until {
            assert_eq!(state(&run, until.minus(Duration::from_millis(1))), want, "{age}");
            assert_ne!(state(&run, until), want, "{age}");
        }
    }
}

#[test]
fn without_figures_a_long_silence_tells_nothing() {
    let (run, now) = run(25 * HOUR);
    let verdict = judge(&run, None, &Rules::default(), now);
    assert_eq!(verdict.state, State::Unknown);
    assert!(!verdict.reason.is_empty());
}

#[test]
fn an_owner_decides_where_the_files_are_silent() {
    let (mut run, now) = run(25 * HOUR);
    assert_eq!(judge(&run, Some(true), &Rules::default(), now).state, State::Running);
    run.facts.work_left = Some(true);
    run.last_write = Some(now.minus(Duration::from_secs(HOUR)));
    assert_eq!(judge(&run, Some(false), &Rules::default(), now).state, State::Interrupted);
}

#[test]
fn what_the_run_says_of_its_end_comes_first_and_names_the_line() {
    for (how, want) in [
        (Ending::Failed, State::Failed),
        (Ending::Cancelled, State::Cancelled),
        (Ending::EarlyStopped, State::EarlyStopped),
        (Ending::Completed, State::Completed),
    ] {
        let (mut run, now) = run(5);
        run.facts.ended = end(how);
        run.facts.work_left = Some(true);
        let verdict = judge(&run, None, &Rules::default(), now);
        assert_eq!(verdict.state, want);
        assert_eq!(verdict.reason, "training.log:7: so it says");
    }
}

#[test]
fn all_work_done_is_completed_and_never_stalled() {
    let (mut run, now) = run(3 * HOUR);
    run.facts.work_left = Some(false);
    run.facts.work_left_because = Some("10 of 10 epochs".into());
    assert_eq!(state(&run, now), State::Completed);
}

#[test]
fn only_what_is_finished_becomes_outdated() {
    let (mut run, now) = run(31 * 24 * HOUR);
    run.facts.work_left = Some(true);
    assert!(!judge(&run, None, &Rules::default(), now).outdated);
    run.facts.ended = end(Ending::Completed);
    assert!(judge(&run, None, &Rules::default(), now).outdated);
}

#[test]
fn a_file_from_the_far_future_is_no_sign_of_life() {
    let (mut run, now) = run(0);
    run.last_write = Some(now.plus(Duration::from_secs(3 * 24 * HOUR)));
    assert_eq!(state(&run, now), State::Unknown);
}

#[test]
fn spans_are_short() {
    let of = |seconds| span(Duration::from_secs(seconds));
    assert_eq!([of(5), of(600), of(7920), of(7200), of(200_000)], ["5s", "10m", "2h12m", "2h", "2d"]);
}
