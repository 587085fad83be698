//! Tables: a header of names over rows of figures, cells split by `,` `;` or tab.
//!
//! Lightning's `metrics.csv` (a row for each log call, most cells empty), Keras' `CSVLogger`, ultralytics' padded `results.csv`,
//! stable-baselines3's `progress.csv` with columns in any order, fastai's `history.csv`, those of `DVCLive` and `CatBoost`, and any
//! `train.log` that is a table by its content. A header may come again with other names. A last line without its newline is
//! taken only when it has all its cells, and never its last figure: that one may have been cut.

mod columns;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use memchr::memchr;

use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Origin;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::record::Split;
use crate::model::run::SourceKind;
use crate::model::stamp::Stamp;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;
use crate::parse::role::Role;
use crate::parse::text::row::split_of;

use columns::Columns;
use columns::cells;
use columns::figure;
use columns::figure_in;
use columns::header;

/// Bytes that a line may have.
const LINE_LIMIT: usize = 1 << 20;

/// The format.
pub const SPEC: Spec =
    Spec { kind: SourceKind::Csv, reading: Reading::Appended, sniff, new: || Box::new(Table::new()) };

/// `MLflow`'s metric files: `milliseconds value step` rows without a header, the metric's name being the file's.
pub const MLFLOW: Spec = Spec {
    kind: SourceKind::Csv,
    reading: Reading::Appended,
    sniff: sniff_mlflow,
    new: || Box::new(Table { mlflow: true, ..Table::new() }),
};

fn sniff(head: &Head<'_>) -> u8 {
    let text = head.text();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some(columns) = lines.next().and_then(header).filter(Columns::is_training) else { return 0 };
    let table = [".csv", ".tsv"].iter().any(|end| head.path.ends_with(end));
    match lines.next() {
        Some(row) if columns.holds(row) && table => 95,
        Some(row) if columns.holds(row) && begins_with_figure(row) => 85,
        // a header alone: the name must say that it is a table
        None if table => 90,
        _ => 0,
    }
}

fn sniff_mlflow(head: &Head<'_>) -> u8 {
    let inside = head.path.split('/').any(|part| part == "metrics");
    if inside && head.text().lines().next().and_then(mlflow).is_some() { 90 } else { 0 }
}

/// The time, value and step of a row of `MLflow`'s.
fn mlflow(line: &str) -> Option<(Stamp, f64, f64)> {
    let mut parts = line.split(' ');
    let (Some(time), Some(value), Some(step), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let millis: i64 = time.parse().ok().filter(|millis| *millis > 1_000_000_000_000)?;
    Some((Stamp::from_millis(millis), figure(value)?, figure(step.trim_end())?))
}

/// What is known of Lightning's epochs, to tell the validation row that ends one from a validation in its midst.
#[derive(Debug, Default)]
struct Lightning {
    /// Last step of the last row with an epoch.
    last: Option<(f64, f64)>,
    /// Steps of an epoch, once the first is over.
    steps_per_epoch: Option<f64>,
}

/// Most lines do, and are no header then.
fn begins_with_figure(line: &str) -> bool {
    line.trim_start_matches([' ', '-', '.']).starts_with(|c: char| c.is_ascii_digit())
}

/// How much of a row is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All of it.
    Whole,
    /// All but the last figure, which may have been cut.
    ButLast,
    /// Only the last figure: the others were taken before.
    Last,
}

/// The reader of a table.
#[derive(Debug)]
pub struct Table {
    columns: Option<Columns>,
    mlflow: bool,
    rest: Vec<u8>,
    over: bool,
    /// The line in `rest` was taken as it stood.
    taken: bool,
    line: u64,
    offset: u64,
    held: u64,
    first_epoch: Option<f64>,
    lightning: Lightning,
}

impl Default for Table {
    fn default() -> Self {
        Self::new()
    }
}

impl Table {
    /// A reader that has read nothing yet.
    pub fn new() -> Self {
        Self {
            columns: None,
            mlflow: false,
            rest: Vec::new(),
            over: false,
            taken: false,
            line: 0,
            offset: 0,
            held: 0,
            first_epoch: None,
            lightning: Lightning::default(),
        }
    }

    fn line(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let taken = std::mem::take(&mut self.taken);
        self.line += u64::from(!taken);
        let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let text = text.trim_start_matches('\0').trim_end_matches('\r');
        if text.trim().is_empty() || self.over {
            return;
        }
        let origin = Origin { line: self.line, offset: self.offset, time: None };
        if taken {
            self.row(text, Part::Last, &origin, sink);
            return;
        }
        if self.mlflow {
            if let Some((time, value, step)) = mlflow(text) {
                let at = At { step: Some(step), ..At::default() };
                let values = [Pair { name: "value", value }].into_iter().collect();
                sink.record(
                    &Record::Row(Row { at, split: None, kind: RowKind::Plain, values }),
                    &Origin { time: Some(time), ..origin },
                );
            }
        } else if let Some(columns) = Some(text).filter(|text| !begins_with_figure(text)).and_then(header) {
            if columns.lightning && self.columns.is_none() {
                sink.record(&Record::Framework("lightning"), &origin);
            }
            self.columns = Some(columns);
        } else {
            self.row(text, Part::Whole, &origin, sink);
        }
        sink.line(None, false, &origin);
    }

    /// Reads one row, or a part of it: of a line without its newline all cells must be there, and the last is not trusted.
    fn row(&mut self, text: &str, part: Part, origin: &Origin, sink: &mut dyn Sink) -> bool {
        let Some(columns) = &self.columns else { return false };
        let mut at = At::default();
        let mut time = None;
        let mut split = None;
        let mut values = Pairs::new();
        let mut count = 0;
        let last = columns.names.len().saturating_sub(1);
        for (index, cell) in cells(text, columns.separator).enumerate() {
            count += 1;
            let Some((name, what)) = columns.names.get(index) else { break };
            if columns.phase == Some(index) {
                split = split_of(cell);
            }
            if columns.epoch.or(columns.step) == Some(index)
                && cell.starts_with(char::is_alphabetic)
                && figure(cell).is_none()
            {
                // `mean`, `std`, `total` below the rows: of all of them
                return false;
            }
            let Some(value) =
                figure_in(cell, columns.separator).filter(|_| part != Part::ButLast || index != last)
            else {
                continue;
            };
            let place = value.is_finite() && value >= 0.0;
            match what {
                Role::Step(_) if place => {
                    if columns.step == Some(index) {
                        at.step = Some(value);
                    }
                    if name.contains('/') {
                        values.push(Pair { name, value });
                    }
                }
                Role::Epoch if place => at.epoch = Some(value),
                Role::StepTotal if place => at.step_total = Some(value),
                Role::EpochTotal if place => at.epoch_total = Some(value),
                Role::Batch if place => at.batch = Some(value),
                Role::BatchTotal if place => at.batch_total = Some(value),
                Role::Time if value > 1e9 => time = Some(Stamp::from_secs_f64(value)),
                Role::Figure | Role::Time if part != Part::Last || index == last => {
                    values.push(Pair { name, value });
                }
                _ => {}
            }
        }
        if part == Part::ButLast && count <= last {
            return false;
        }
        if values.is_empty() && at == At::default() {
            return false;
        }
        let (lightning, by_epoch) = (columns.lightning, columns.step.is_none() && columns.epoch.is_some());
        if let Some(epoch) = at.epoch {
            let first = *self.first_epoch.get_or_insert(epoch);
            at.epoch_base = match first {
                _ if lightning => Some(0),
                0.0 => Some(0),
                1.0 => Some(1),
                _ => None,
            };
        }
        let mut kind = RowKind::Plain;
        let tested =
            lightning && !values.is_empty() && values.iter().all(|pair| pair.name.starts_with("test"));
        if tested {
            // logged once after training, at the count of steps and not at the index of one
            at = At::default();
            kind = RowKind::Summary;
        } else if lightning {
            at.step_base = Some(0);
            if self.lightning.ends_epoch(&at, &values) {
                kind = RowKind::EpochEnd;
            }
        } else if by_epoch && at.epoch.is_some_and(|epoch| epoch.fract() == 0.0) {
            kind = RowKind::EpochEnd;
        }
        let origin = Origin { time, ..*origin };
        for (of, value) in [(Count::Steps, at.step_total), (Count::Epochs, at.epoch_total)] {
            if let Some(value) = value {
                sink.record(&Record::Total { of, value }, &origin);
            }
        }
        if split.is_some_and(|split| split != Split::Train) {
            kind = RowKind::Plain;
        }
        sink.record(&Record::Row(Row { at, split, kind, values }), &origin);
        true
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.held += bytes.len() as u64;
        if self.over || self.rest.len() + bytes.len() > LINE_LIMIT {
            self.over = true;
            self.rest = Vec::new();
        } else {
            self.rest.extend_from_slice(bytes);
        }
    }
}

impl Lightning {
    /// Whether the row closes its epoch: the sums that Lightning writes at its end (`…_epoch`), or a validation that stands
    /// where the epochs before it ended.
    fn ends_epoch(&mut self, at: &At, values: &Pairs<'_>) -> bool {
        let (Some(epoch), Some(step)) = (at.epoch, at.step) else { return false };
        if let Some((last_epoch, last_step)) = self.last
            && epoch > last_epoch
        {
            self.steps_per_epoch = Some((last_step + 1.0) / (last_epoch + 1.0));
        }
        self.last = Some((epoch, step));
        if values.iter().any(|pair| pair.name.ends_with("_epoch")) {
            return true;
        }
        let validation = values.iter().any(|pair| pair.name.starts_with("val"));
        let due = self.steps_per_epoch.map(|steps| steps * (epoch + 1.0) - 1.0);
        validation && due.is_some_and(|due| (due - step).abs() < 0.5)
    }
}

impl Format for Table {
    fn push(&mut self, mut bytes: &[u8], sink: &mut dyn Sink) {
        while let Some(end) = memchr(b'\n', bytes) {
            let (head, tail) = bytes.split_at(end);
            bytes = tail.get(1..).unwrap_or_default();
            if self.held == 0 && head.len() <= LINE_LIMIT {
                self.line(head, sink);
                self.offset += head.len() as u64 + 1;
            } else {
                self.keep(head);
                let whole = std::mem::take(&mut self.rest);
                self.line(&whole, sink);
                self.offset += std::mem::take(&mut self.held) + 1;
                self.over = false;
            }
        }
        self.keep(bytes);
    }

    fn rest(&mut self, sink: &mut dyn Sink) {
        // what was taken stays in `rest`: the end of this very line may still come, and is then known and passed over
        if self.taken || self.over || self.mlflow || self.rest.is_empty() {
            return;
        }
        let rest = std::mem::take(&mut self.rest);
        let text = String::from_utf8_lossy(&rest);
        let origin = Origin { line: self.line + 1, offset: self.offset, time: None };
        if header(&text).is_none() && self.row(text.trim_end_matches('\r'), Part::ButLast, &origin, sink) {
            sink.line(None, false, &origin);
            self.line += 1;
            self.taken = true;
        }
        self.rest = rest;
    }
}
