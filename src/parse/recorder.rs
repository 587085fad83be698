//! Writes down what a parser says, and cuts what it reads, for tests.

use std::fmt::Write as _;

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Origin;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::Sink;

/// `bytes` in pieces as long as `cuts` say (none is 0), over and over: how what a writer writes may come to a reader.
pub(crate) fn pieces<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut rest = bytes;
    let lengths = cuts.iter().copied().cycle();
    let piece = |length: usize| {
        let (piece, behind) = rest.split_at(length.min(rest.len()));
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    };
    lengths.map_while(piece).collect()
}

/// A sink that keeps everything as short plain text.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    /// A line for each record.
    pub(crate) said: Vec<String>,
    /// The level of each line that was counted.
    pub(crate) lines: Vec<Option<Level>>,
    /// The origin of each record.
    pub(crate) origins: Vec<Origin>,
}

fn place(at: &At, text: &mut String) {
    let mut one = |name: &str, value: Option<f64>, total: Option<f64>, base: Option<u8>| {
        if value.is_some() || total.is_some() {
            let _ = write!(text, " {name}=");
            let _ = value.map(|v| write!(text, "{v}"));
            let _ = total.map(|v| write!(text, "/{v}"));
            let _ = base.map(|v| write!(text, " (from {v})"));
        }
    };
    one("epoch", at.epoch, at.epoch_total, at.epoch_base);
    one("step", at.step, at.step_total, at.step_base);
    one("batch", at.batch, at.batch_total, None);
    one("index", at.index, None, None);
}

fn figures(values: &Pairs<'_>, text: &mut String) {
    for pair in values {
        let _ = write!(text, " {}={}", pair.name, pair.value);
    }
}

fn told(record: &Record<'_>) -> String {
    let mut text = String::new();
    match record {
        Record::Bar(bar) => {
            let _ = write!(text, "bar [{}] {}", bar.label, bar.current);
            let _ = bar.total.map(|v| write!(text, "/{v}"));
            let _ = bar.rate.map(|v| write!(text, " rate={v}"));
            let _ = bar.remaining.map(|v| write!(text, " left={v}"));
            figures(&bar.values, &mut text);
        }
        Record::Row(row) => {
            text.push_str("row");
            if row.kind != crate::model::record::RowKind::Plain {
                let _ = write!(text, " {:?}", row.kind);
            }
            let _ = row.split.map(|split| write!(text, " {split:?}"));
            place(&row.at, &mut text);
            figures(&row.values, &mut text);
        }
        Record::Epoch { at, done } => {
            let _ = write!(text, "epoch done={done}");
            place(at, &mut text);
        }
        Record::Total { of, value } => {
            let _ = write!(text, "total {of:?}={value}");
        }
        Record::Planned { of, value } => {
            let _ = write!(text, "planned {of:?}={value}");
        }
        Record::Title(name) => {
            let _ = write!(text, "title {name}");
        }
        Record::Warning(what) => {
            let _ = write!(text, "warning {what}");
        }
        Record::Stage(stage) => {
            let _ = write!(text, "stage {}", stage.name());
        }
        Record::Error { type_name, message, fatal } => {
            let _ = write!(text, "error {type_name}: {message}{}", if *fatal { " (fatal)" } else { "" });
        }
        Record::LastWord { type_name, message } => {
            let _ = write!(text, "last word {type_name}: {message}");
        }
        Record::Retry => text.push_str("retry"),
        Record::Closes { early } => text.push_str(if *early { "closes early" } else { "closes" }),
        Record::Turn { done, all } => {
            let _ = match all {
                Some(all) => write!(text, "turn {done}/{all}"),
                None => write!(text, "turn {done}"),
            };
        }
        Record::TurnsEnd => text.push_str("turns end"),
        Record::Opens => text.push_str("opens"),
        Record::OpensAgain => text.push_str("opens again"),
        Record::Unbuffered => text.push_str("unbuffered"),
        Record::Ending(how) => {
            let _ = write!(text, "ending {how:?}");
        }
        Record::Checkpoint { path, step, .. } => {
            let _ = write!(text, "checkpoint {path} {step:?}");
        }
        Record::Sample { path, step } => {
            let _ = write!(text, "sample {path} {step:?}");
        }
        Record::Search(patch) => {
            text.push_str("search");
            let _ = patch.model.map(|v| write!(text, " model={v}"));
            let mut of = |name: &str, value: Option<u64>, total: Option<u64>| {
                if let Some(value) = value {
                    let _ = write!(text, " {name}={value}");
                    let _ = total.map(|v| write!(text, "/{v}"));
                }
            };
            of("position", patch.position, patch.total_positions);
            of("trial", patch.trial, patch.total_trials);
            let _ = patch.score.map(|v| write!(text, " score={v}"));
            text.push_str(if patch.is_best { " best" } else { "" });
        }
        Record::Framework(name) => {
            let _ = write!(text, "framework {name}");
        }
        Record::UserFormat(name) => {
            let _ = write!(text, "user format {name}");
        }
        Record::Identity { job_id, correlation_id } => {
            let _ = write!(text, "identity job={job_id:?} correlation={correlation_id:?}");
        }
    }
    text
}

impl Sink for Recorder {
    fn record(&mut self, record: &Record<'_>, origin: &Origin) {
        self.said.push(told(record));
        self.origins.push(*origin);
    }

    fn line(&mut self, level: Option<Level>, _progress: bool, _origin: &Origin) {
        self.lines.push(level);
    }
}
