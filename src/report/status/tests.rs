use std::path::PathBuf;

use crate::model::facts::Axis;
use crate::model::facts::Checkpoint;
use crate::model::facts::Ended;
use crate::model::facts::Facts;
use crate::model::facts::LiveBar;
use crate::model::facts::Metric;
use crate::model::facts::Place;
use crate::model::facts::Progress;
use crate::model::facts::RunError;
use crate::model::facts::Sample;
use crate::model::facts::Search;
use crate::model::level::LevelCounts;
use crate::model::record::Ending;
use crate::model::run::RunKey;
use crate::model::run::Source;
use crate::model::run::SourceKind;
use crate::model::series::Series;
use crate::model::state::RunnerType;
use crate::model::state::Stage;
use crate::model::state::State;

use super::*;

/// 2026-01-05T10:00:00Z.
const NOW: i64 = 1_767_607_200_000;

fn at(seconds: i64) -> Stamp {
    Stamp::from_millis(NOW + seconds * 1000)
}

fn run(root: u32, id: &str, facts: Facts) -> Run {
    Run {
        key: RunKey { root, id: id.into() },
        path: PathBuf::from("/data").join(id),
        name: id.rsplit('/').next().unwrap_or(id).into(),
        facts,
        sources: Vec::new(),
        last_write: None,
        looked_at: true,
        problem: None,
        owners: crate::model::owner::Owners::Unknown,
    }
}

fn verdict(state: State, reason: &str, outdated: bool) -> Verdict {
    Verdict { state, reason: reason.to_owned(), outdated, until: None }
}

fn metric(name: &str, last: f64) -> Metric {
    Metric {
        name: name.into(),
        last,
        min: last.is_finite().then_some(0.5),
        min_at: None,
        max: None,
        max_at: None,
        step: Some(9.0),
        points: 120,
        non_finite: 0,
        axis: Axis::Step,
        series: Arc::new(Series::default()),
        source: "training.log".into(),
    }
}

fn full() -> (Arc<Run>, Verdict) {
    let facts = Facts {
        framework: Some("lightning"),
        runner_type: Some(RunnerType::Trainer),
        stage: Some(Stage::Training),
        job_id: Some("job-1".into()),
        progress: Progress {
            percent: Some(42.5),
            completed_epochs: Some(3.0),
            total_epochs: Some(10.0),
            step: Some(1234.0),
            total_steps: Some(4000.0),
            rate: Some(4.1),
            eta: Some(673.7),
            elapsed: Some(301.2),
            bars: vec![LiveBar {
                label: "Epoch 3".into(),
                current: 42.0,
                total: None,
                rate: Some(0.05),
                eta: Some(14.2),
            }],
        },
        metrics: vec![
            metric("loss", 0.0345),
            metric("odd\u{1b}", f64::NAN),
            metric("far", f64::NEG_INFINITY),
        ],
        best_scores: vec![("accuracy".into(), 0.95)],
        latest_scores: vec![("accuracy".into(), f64::NAN)],
        search: Some(Search {
            position: Some(3),
            total_positions: Some(6),
            score: Some(-0.25),
            ..Search::default()
        }),
        error: Some(RunError {
            type_name: "".into(),
            message: "no \"space\"".into(),
            place: Place { source: "training.log".into(), line: Some(812) },
            fatal: false,
        }),
        warnings: vec!["odd".into()],
        log_lines: LevelCounts { info: 40, warning: 2, total: 60, ..LevelCounts::default() },
        checkpoints: vec![Checkpoint {
            path: "a.ckpt".into(),
            step: Some(1000.0),
            epoch: None,
            complete: true,
        }],
        samples: vec![Sample { path: "sample/step_100.png".into(), step: Some(100.0) }],
        started_at: Some(at(-300)),
        updated_at: Some(at(-10)),
        ..Facts::default()
    };
    let mut run = run(0, "sweep/run-3", facts);
    run.last_write = Some(at(-2));
    run.sources.push(Source {
        path: "training.log".into(),
        kind: SourceKind::TextLog,
        bytes: 81_234,
        read: 81_234,
        records: 560,
        modified: None,
        note: None,
    });
    (Arc::new(run), verdict(State::Running, "training.log grew 2 s ago", false))
}

fn bare() -> (Arc<Run>, Verdict) {
    let ended = Ended { how: Ending::EarlyStopped, because: "x".into(), place: Place::default() };
    let mut run = run(0, ".", Facts { ended: Some(ended), early_stopped_at: Some(5.0), ..Facts::default() });
    run.last_write = Some(at(-86_400 * 40));
    (Arc::new(run), verdict(State::EarlyStopped, "no better scores", true))
}

fn status<'a>(runs: &'a [(Arc<Run>, Verdict)], roots: &'a [String]) -> Status<'a> {
    Status { runs, roots, now: at(0), host: "gpu1" }
}

#[test]
fn the_whole_answer() {
    let told = json(&status(&[full(), bare()], &["/data".to_owned()]));
    let wanted = concat!(
        r#"{"schema":1,"generated_at":"2026-01-05T10:00:00Z","host":"gpu1","runs":["#,
        r#"{"id":"sweep/run-3","path":"/data/sweep/run-3","name":"run-3","framework":"lightning","runner_type":"trainer","#,
        r#""state":"running","state_reason":"training.log grew 2 s ago","outdated":false,"stage":"training","#,
        r#""job_id":"job-1","correlation_id":null,"#,
        r#""progress":{"percent":42.5,"completed_epochs":3,"total_epochs":10,"step":1234,"total_steps":4000,"#,
        r#""rate_per_second":4.1,"eta_seconds":674,"elapsed_seconds":301,"#,
        r#""bars":[{"label":"Epoch 3","current":42,"total":null,"rate_per_second":0.05,"eta_seconds":14}]},"#,
        r#""early_stopped":false,"early_stopped_at_epoch":null,"#,
        r#""metrics":{"loss":{"last":0.0345,"step":9,"min":0.5,"max":null,"points":120,"source":"training.log"},"#,
        r#""odd\u001b":{"last":"NaN","step":9,"min":null,"max":null,"points":120,"source":"training.log"},"#,
        r#""far":{"last":"-Infinity","step":9,"min":null,"max":null,"points":120,"source":"training.log"}},"#,
        r#""scores":{"best":{"accuracy":0.95},"latest":{"accuracy":"NaN"}},"#,
        r#""search":{"position":3,"total_positions":6,"model":null,"trial":null,"total_trials":null,"score":-0.25,"best_score":null},"#,
        r#""started_at":"2026-01-05T09:55:00Z","updated_at":"2026-01-05T09:59:58Z","finished_at":null,"#,
        r#""error":{"type":null,"message":"no \"space\"","source":"training.log","line":812},"warnings":["odd"],"#,
        r#""log_lines":{"debug":0,"info":40,"warn":2,"error":0,"progress":0,"total":60},"#,
        r#""checkpoints":[{"path":"a.ckpt","step":1000,"epoch":null,"complete":true}],"#,
        r#""samples":[{"path":"sample/step_100.png","step":100}],"gpus":[],"pids":[],"#,
        r#""sources":[{"path":"training.log","kind":"text_log","bytes":81234,"records":560}]},"#,
        r#"{"id":".","path":"/data/.","name":".","framework":null,"runner_type":null,"#,
        r#""state":"early_stopped","state_reason":"no better scores","outdated":true,"stage":"completed","#,
        r#""job_id":null,"correlation_id":null,"#,
        r#""progress":{"percent":null,"completed_epochs":null,"total_epochs":null,"step":null,"total_steps":null,"#,
        r#""rate_per_second":null,"eta_seconds":null,"elapsed_seconds":null,"bars":[]},"#,
        r#""early_stopped":true,"early_stopped_at_epoch":5,"metrics":{},"scores":{"best":{},"latest":{}},"search":null,"#,
        r#""started_at":null,"updated_at":"2025-11-26T10:00:00Z","finished_at":"2025-11-26T10:00:00Z","#,
        r#""error":null,"warnings":[],"log_lines":null,"checkpoints":[],"samples":[],"gpus":[],"pids":[],"sources":[]}]}"#,
    );
    assert_eq!(told, wanted);
    assert!(serde_json::from_str::<serde_json::Value>(&told).is_ok());
}

#[test]
fn no_runs() {
    let nothing = status(&[], &[]);
    assert_eq!(
        json(&nothing),
        r#"{"schema":1,"generated_at":"2026-01-05T10:00:00Z","host":"gpu1","runs":[]}"#
    );
    assert_eq!(table(&nothing, Some(80)), "no runs found\n");
}

#[test]
fn ids_are_unique_over_roots() {
    let plain = || verdict(State::Unknown, "", false);
    let runs: Vec<_> = [(0, "a"), (1, "a"), (1, "b")]
        .map(|(root, id)| (Arc::new(run(root, id, Facts::default())), plain()))
        .into();
    assert_eq!(status(&runs, &["x/".to_owned(), "y".to_owned()]).ids(), ["x/a", "y/a", "b"]);
}

#[test]
fn a_table_for_people() {
    let mut named = run(0, "wide/日本\u{1b}[31m", Facts::default());
    named.facts.progress.rate = Some(0.05);
    named.facts.metrics = vec![metric("val_loss", 0.1), metric("train/loss_epoch", f64::NAN)];
    let runs = [
        full(),
        bare(),
        (Arc::new(named), verdict(State::Unknown, "nothing tells whether it was finished", false)),
    ];
    let wanted = "\
STATE                RUN              DONE  EPOCH       STEP   RATE     ETA    LOSS    AGE  WHY
running              sweep/run-3       42%   3/10  1234/4000  4.100/s  11m13s  0.0345     2s  training.log grew 2 s ago
early_stopped (old)  .                   -      -          -        -       -       -  40d0h  no better scores
unknown              wide/日本?[31m     -      -          -  20.00s/it       -     NaN      -  nothing tells whether it was finished
";
    let told = table(&status(&runs, &[]), None);
    assert_eq!(told.lines().count(), wanted.lines().count());
    let words = |text: &str| {
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(words(&told), words(wanted));
    // columns line up: the reason begins in the same cell of every line
    let reason = |line: &str, why: &str| {
        line.split_once(why).map(|(head, _)| unicode_width::UnicodeWidthStr::width(head))
    };
    let whys = ["WHY", "training.log grew", "no better", "nothing tells"];
    let starts: Vec<_> = told.lines().zip(whys).map(|(line, why)| reason(line, why)).collect();
    assert!(starts.windows(2).all(|pair| pair[0] == pair[1] && pair[0].is_some()), "{starts:?}\n{told}");
    for width in [1, 20, 80, 200] {
        let cut = table(&status(&runs, &[]), Some(width));
        assert!(cut.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= width), "{cut}");
    }
}

#[test]
fn exit_codes() {
    let with = |states: &[State]| {
        let runs: Vec<_> = states
            .iter()
            .map(|state| (Arc::new(run(0, "a", Facts::default())), verdict(*state, "", false)))
            .collect();
        exit_code(&runs)
    };
    assert_eq!(with(&[]), 0);
    assert_eq!(with(&[State::Completed, State::Interrupted]), 0);
    assert_eq!(with(&[State::Stalled, State::Running]), 11);
    assert_eq!(with(&[State::Stalled, State::Failed]), 10);
}
