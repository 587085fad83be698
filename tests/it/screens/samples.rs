//! Made-up runs that show every state and every oddity a screen must bear: for the snapshots, and for the benchmark.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use trainmon::app::effect::Effect;
use trainmon::app::msg::Msg;
use trainmon::app::state::{State, update};
use trainmon::model::facts::{Axis, Checkpoint, Facts, LiveBar, Metric, Progress, RunError, Sample, Search};
use trainmon::model::level::Level;
use trainmon::model::log::{LineKind, LogLine, LogPage, Spot};
use trainmon::model::run::{Run, RunKey, Source, SourceKind, Verdict};
use trainmon::model::series::Series;
use trainmon::model::stamp::Stamp;
use trainmon::model::state::{Stage, State as RunState};
use trainmon::store::{Row, Update};

/// The moment that all samples show.
pub(crate) const NOW: Stamp = Stamp::from_millis(1_767_607_200_000);

pub(crate) fn ago(seconds: u64) -> Stamp {
    NOW.minus(Duration::from_secs(seconds))
}

/// A metric with a figure every `every` steps.
pub(crate) fn metric(name: &str, every: f64, values: impl IntoIterator<Item = f64>) -> Metric {
    let mut series = Series::default();
    let mut min: Option<(f64, f64)> = None;
    let mut max: Option<(f64, f64)> = None;
    let (mut points, mut non_finite, mut last) = (0, 0, f64::NAN);
    for value in values {
        points += 1;
        let x = points as f64 * every;
        series.push(x, value);
        last = value;
        if value.is_finite() {
            min = min.filter(|(low, _)| *low <= value).or(Some((value, x)));
            max = max.filter(|(high, _)| *high >= value).or(Some((value, x)));
        } else {
            non_finite += 1;
        }
    }
    Metric {
        name: name.into(),
        last,
        min: min.map(|(value, _)| value),
        min_at: min.map(|(_, x)| x),
        max: max.map(|(value, _)| value),
        max_at: max.map(|(_, x)| x),
        step: series.last_x(),
        points,
        non_finite,
        axis: Axis::Step,
        series: Arc::new(series),
        source: "training.log".into(),
    }
}

/// A loss as losses go: falling, with noise that is always the same.
pub(crate) fn falling(points: u32, from: f64, to: f64, noise: f64) -> impl Iterator<Item = f64> {
    let mut seed = 0x2545_f491_u32;
    (0..points).map(move |at| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        let wobble = f64::from(seed % 2001) / 1000.0 - 1.0;
        to + (from - to) * (-f64::from(at) * 5.0 / f64::from(points)).exp() + wobble * noise
    })
}

pub(crate) fn row(id: &str, state: RunState, reason: &str, age: Option<u64>, facts: Facts) -> Row {
    let written = age.map(ago);
    let sources = vec![
        source("training.log", SourceKind::TextLog, 812_340, written),
        source("events.jsonl", SourceKind::JsonLines, 81_234, written),
        source("config.json", SourceKind::Json, 812, written),
    ];
    let run = Run {
        key: RunKey { root: 0, id: id.into() },
        path: PathBuf::from("/home/ada/experiments").join(id),
        name: id.rsplit('/').next().unwrap_or(id).into(),
        facts,
        sources,
        last_write: written,
        looked_at: true,
        problem: None,
        owners: trainmon::model::owner::Owners::Unknown,
    };
    let verdict = Verdict { state, reason: reason.to_owned(), outdated: false, until: None };
    Row { run: Arc::new(run), verdict }
}

fn source(path: &str, kind: SourceKind, bytes: u64, modified: Option<Stamp>) -> Source {
    Source { path: path.into(), kind, bytes, read: bytes, records: bytes / 90, modified, note: None }
}

pub(crate) fn progress(epoch: (f64, f64), step: (f64, f64), rate: f64) -> Progress {
    Progress {
        percent: Some(step.0 / step.1 * 100.0),
        completed_epochs: Some(epoch.0),
        total_epochs: Some(epoch.1),
        step: Some(step.0),
        total_steps: Some(step.1),
        rate: Some(rate),
        eta: Some((step.1 - step.0) / rate),
        elapsed: Some(step.0 / rate),
        bars: Vec::new(),
    }
}

fn language_model() -> Facts {
    let mut progress = progress((2.0, 3.0), (2011.0, 3000.0), 1.9);
    progress.bars = vec![
        LiveBar {
            label: "Epoch 3/3".into(),
            current: 11.0,
            total: Some(1000.0),
            rate: Some(1.9),
            eta: Some(521.0),
        },
        LiveBar { label: "eval".into(), current: 42.0, total: Some(60.0), rate: Some(8.5), eta: Some(2.0) },
    ];
    Facts {
        framework: Some("hf_trainer"),
        stage: Some(Stage::Training),
        progress,
        metrics: vec![
            metric("loss", 10.0, falling(201, 2.43, 1.12, 0.06)),
            metric("eval_loss", 200.0, falling(10, 2.1, 1.2, 0.01)),
            metric("learning_rate", 10.0, (0..201).map(|at| 2e-5 * (1.0 - f64::from(at) / 300.0))),
            metric(
                "grad_norm",
                10.0,
                falling(201, 1.9, 0.8, 0.4).enumerate().map(|(at, v)| if at == 120 { 9.7 } else { v }),
            ),
            metric("tokens_per_second", 10.0, falling(201, 70_000.0, 81_234.0, 900.0)),
            metric("eval_accuracy", 200.0, falling(10, 0.31, 0.58, 0.01)),
            metric("mem_gib", 10.0, falling(201, 58.0, 61.0, 0.1)),
        ],
        checkpoints: (1..=4)
            .map(|n| Checkpoint {
                path: format!("checkpoint-{}", n * 500).into(),
                step: Some(f64::from(n) * 500.0),
                epoch: None,
                complete: true,
            })
            .collect(),
        samples: vec![Sample { path: "samples/step_2000.txt".into(), step: Some(2000.0) }],
        ..Facts::default()
    }
}

fn with_loss(progress: Progress, points: u32, from: f64, to: f64) -> Facts {
    let val = metric("val_loss", 40.0, falling((points / 4).max(2), from * 1.1, to * 1.07, 0.003));
    Facts {
        progress,
        metrics: vec![metric("loss", 10.0, falling(points, from, to, to * 0.03)), val],
        ..Facts::default()
    }
}

/// All states, NaN, no totals, long and CJK names.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut failed = with_loss(progress((12.0, 30.0), (4920.0, 12_000.0), 5.1), 120, 2.1, 0.84);
    failed.error = Some(RunError {
        type_name: "torch.OutOfMemoryError".into(),
        message: "CUDA out of memory. Tried to allocate 2.00 GiB".into(),
        place: trainmon::model::facts::Place { source: "training.log".into(), line: Some(812) },
        fatal: true,
    });
    failed.warnings = vec!["the loss rose by 40 % before the end".into()];
    rows.push(row(
        "vit-b/seed-3",
        RunState::Failed,
        "traceback at training.log:812, nothing after it",
        Some(8000),
        failed,
    ));
    rows.push(row(
        "flux/lora-cat",
        RunState::Stalled,
        "silent for 31 minutes, 15 of 20 steps left",
        Some(1890),
        with_loss(progress((4.0, 16.0), (5.0, 20.0), 0.11), 30, 0.4, 0.234),
    ));
    rows.push(row("llama-7b/sft-2", RunState::Running, "training.log grew", Some(0), language_model()));
    rows.push(row(
        "sweep/run-17",
        RunState::Running,
        "training.log grew",
        Some(1),
        with_loss(progress((3.0, 20.0), (640.0, 4200.0), 12.4), 64, 1.4, 0.551),
    ));
    let mut nan = with_loss(progress((2.0, 20.0), (610.0, 4200.0), 12.1), 50, 1.4, 0.6);
    let broken = metric("loss", 10.0, falling(50, 1.4, 0.6, 0.01).chain([f64::NAN, f64::NAN, f64::INFINITY]));
    nan.metrics.splice(..1, [broken]);
    rows.push(row("sweep/run-18", RunState::Running, "training.log grew", Some(3), nan));
    let bare = Progress { step: Some(18_234.0), rate: Some(0.7), ..Progress::default() };
    rows.push(row(
        "実験/拡散モデル-baseline-学習率3e-4-とても長い名前",
        RunState::Running,
        "training.log grew",
        Some(40),
        Facts {
            progress: bare,
            metrics: vec![metric("train/loss", 100.0, falling(182, 0.3, 0.08, 0.02))],
            ..Facts::default()
        },
    ));
    rows.push(row("queue/next-one", RunState::Queued, "the scheduler says so", Some(300), Facts::default()));
    rows.extend(over());
    rows
}

fn over() -> Vec<Row> {
    let search = Search {
        position: Some(3),
        total_positions: Some(6),
        model: Some("XGBoost".into()),
        trial: Some(5),
        total_trials: Some(15),
        score: Some(0.1502),
        best_score: Some(0.4445),
    };
    vec![
        row(
            "sweep/run-16",
            RunState::Completed,
            "4200 of 4200 steps are done",
            Some(3720),
            with_loss(progress((20.0, 20.0), (4200.0, 4200.0), 12.3), 420, 1.4, 0.213),
        ),
        row(
            "sweep/run-2",
            RunState::EarlyStopped,
            "“early stopping at epoch 9”, training.log:311",
            Some(90_000),
            with_loss(progress((9.0, 20.0), (1890.0, 4200.0), 12.3), 190, 1.4, 0.31),
        ),
        row(
            "sweep/a-configuration-with-a-name-that-goes-on-for-ever-lr3e-4-bs64-seed12",
            RunState::Cancelled,
            "KeyboardInterrupt is the last thing",
            Some(200_000),
            with_loss(progress((1.0, 20.0), (210.0, 4200.0), 12.3), 21, 1.4, 0.9),
        ),
        row(
            "old/gpt2-medium",
            RunState::Interrupted,
            "step 640 of 4200, silent for 9 days",
            Some(777_600),
            with_loss(progress((3.0, 20.0), (640.0, 4200.0), 12.3), 64, 1.4, 0.8),
        ),
        row(
            "old/notes",
            RunState::Unknown,
            "no totals and no closing line in training.log",
            Some(5_000_000),
            Facts::default(),
        ),
        row(
            "search/tabular",
            RunState::Running,
            "search.log grew",
            Some(9),
            Facts {
                search: Some(search),
                progress: Progress { percent: Some(42.0), ..Progress::default() },
                ..Facts::default()
            },
        ),
        row(
            "old/done",
            RunState::Completed,
            "“Training finished”, training.log:90",
            Some(9_000_000),
            with_loss(progress((5.0, 5.0), (500.0, 500.0), 12.3), 50, 1.4, 0.5),
        ),
    ]
}

/// The lines at the end of a log.
pub(crate) fn log() -> LogPage {
    let lines = [
        (Some(Level::Info), "14:02:51 INFO  step 2000: eval started"),
        (Some(Level::Info), "14:02:58 INFO  eval_loss=1.2041 (best 1.2133)"),
        (Some(Level::Info), "14:02:58 INFO  saving checkpoint-2000"),
        (Some(Level::Warning), "14:03:01 WARN  gradient overflow, scale 65536 -> 32768"),
        (None, " 67%|██████▋   | 2011/3000 [17:20<8:41, 1.90it/s]"),
    ];
    let lines: Vec<LogLine> = lines
        .into_iter()
        .zip(0..)
        .map(|((level, text), at)| LogLine {
            body: if level.is_some() { 15 } else { 0 },
            level,
            kind: if level.is_some() { LineKind::Text } else { LineKind::Progress },
            ..LogLine::plain(Spot::at(at * 60), text)
        })
        .collect();
    LogPage { lines, at_start: true, at_end: true, counted: (300, 300), ..LogPage::default() }
}

/// Takes a message in, and answers the log pane's wish with [`log`].
pub(crate) fn tell(state: &mut State, msg: Msg) -> bool {
    let outcome = update(state, msg, NOW);
    let mut redraw = outcome.redraw;
    for effect in outcome.effects {
        if let Effect::Log(slot, Some(ask)) = effect {
            let page = LogPage { generation: ask.generation, ..log() };
            redraw |= update(state, Msg::Log(slot, page), NOW).redraw;
        }
    }
    redraw
}

/// A screen of these rows.
pub(crate) fn state(rows: Vec<Row>, cols: u16, lines: u16) -> State {
    let mut state = State { place: "~/experiments".to_owned(), ..State::default() };
    for row in rows {
        state.store.insert(row);
    }
    state.store.apply(Update::Walked, NOW);
    state.list.rebuild(&state.store, NOW);
    tell(&mut state, Msg::Resize { cols, rows: lines });
    state
}

/// The screen that most snapshots show.
pub(crate) fn sample(cols: u16, lines: u16) -> State {
    state(rows(), cols, lines)
}

/// `count` runs of a sweep, most of them old.
pub(crate) fn fleet(count: u32) -> Vec<Row> {
    let shared = with_loss(progress((3.0, 20.0), (640.0, 4200.0), 12.4), 256, 1.4, 0.551);
    RunState::ALL
        .into_iter()
        .cycle()
        .zip(0..count)
        .map(|(state, at)| {
            let mut facts = shared.clone();
            facts.progress.step = Some(f64::from(at % 4200));
            facts.progress.percent = Some(f64::from(at % 4200) / 42.0);
            row(
                &format!("sweep-{:02}/run-{at:05}", at / 100),
                state,
                "made up",
                Some(u64::from(at) * 60),
                facts,
            )
        })
        .collect()
}
