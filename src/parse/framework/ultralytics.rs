//! Ultralytics: a header of column names, and below it a row that a bar redraws, its own or (`YOLOv5`, and Ultralytics before 8.3)
//! tqdm's: `1/3  0G  0.3104  0.818  0.1819  16  64: 33% ━━━━──────── 1/3 2.7s/it 2.7s<5.4s`.
//!
//! `YOLOv5` counts epochs from 0 and writes the last one's number for their total (`train.py`: `f"{epoch}/{epochs - 1}"`).

use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Split;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::bar;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Ultralytics {
    /// Column names of the training rows.
    train: Vec<String>,
    /// Column names of the validation rows.
    valid: Vec<String>,
    epoch: Option<f64>,
}

/// `2.7s`, `1:02`: seconds.
fn span(word: &str) -> Option<f64> {
    number::clock(word).or_else(|| word.strip_suffix('s').and_then(number::number))
}

/// `0/2`: also where the last one is number 0.
fn from_zero_to(word: &str) -> Option<(f64, f64)> {
    let (done, all) = word.split_once('/')?;
    Some((number::count(done)?, number::count(all)?)).filter(|(done, all)| done <= all)
}

/// What the bar behind the cells shows.
struct Gauge {
    done: f64,
    all: f64,
    rate: Option<f64>,
    elapsed: Option<f64>,
    remaining: Option<f64>,
}

/// `33% ━━━━──────── 1/3 2.7s/it 2.7s<5.4s`.
fn gauge(text: &str) -> Option<Gauge> {
    if let Some(found) = bar::tqdm(text).filter(|found| found.before.is_empty()) {
        let drawn = found.bar;
        return Some(Gauge {
            done: drawn.current,
            all: drawn.total?,
            rate: drawn.rate,
            elapsed: drawn.elapsed,
            remaining: drawn.remaining,
        });
    }
    let (percent, rest) = text.trim_start().split_once("% ")?;
    number::number(percent.trim())?;
    let mut words = rest.split_whitespace();
    let cells = words.next()?;
    if !cells.chars().all(|c| matches!(c, '━' | '─' | '╸' | '╺')) {
        return None;
    }
    let (done, all) = number::ratio(words.next()?)?;
    let (mut rate, mut elapsed, mut remaining) = (None, None, None);
    for word in words {
        if let Some(value) = word.strip_suffix("it/s") {
            rate = number::number(value);
        } else if let Some(value) = word.strip_suffix("s/it") {
            rate = number::number(value).filter(|v| *v > 0.0).map(|v| 1.0 / v);
        } else if let Some((spent, left)) = word.split_once('<') {
            (elapsed, remaining) = (span(spent), span(left));
        } else {
            elapsed = span(word);
        }
    }
    Some(Gauge { done, all, rate, elapsed, remaining })
}

/// Validation columns: `Box(P  R  mAP50  mAP50-95)  Mask(P …` as the results file names them.
fn columns(text: &str) -> Vec<String> {
    let mut group = String::new();
    let mut out = Vec::new();
    for word in text.split_whitespace() {
        let (head, word) = word.split_once('(').unwrap_or(("", word));
        if !head.is_empty() {
            head.get(..1).unwrap_or("").clone_into(&mut group);
        }
        let name = match word.trim_end_matches(')') {
            "P" => "precision",
            "R" => "recall",
            "top1_acc" => "accuracy_top1",
            "top5_acc" => "accuracy_top5",
            other => other,
        };
        out.push(if group.is_empty() || matches!(name, "Class" | "Images" | "Instances" | "classes") {
            format!("metrics/{name}")
        } else {
            format!("metrics/{name}({group})")
        });
    }
    out
}

impl Ultralytics {
    fn train_row(&mut self, cells: &str, bar: &str, out: &mut Out<'_>) -> bool {
        let mut words = cells.split_whitespace();
        let Some((mut epoch, mut epochs)) = words.next().and_then(from_zero_to) else { return false };
        if self.train.iter().any(|name| name.trim_start_matches("train/").starts_with("obj")) {
            (epoch, epochs) = (epoch + 1.0, epochs + 1.0);
        }
        let Some(Gauge { done, all, rate, elapsed, remaining }) = gauge(bar) else { return false };
        self.epoch = Some(epoch);
        let label = format!("Epoch {epoch}/{epochs}");
        out.framework("ultralytics");
        let style = BarStyle::Other;
        out.drew();
        out.put(&Record::Bar(Bar {
            label: &label,
            current: done,
            total: Some(all),
            rate,
            elapsed,
            remaining,
            unit: "it",
            style,
            values: Pairs::new(),
        }));
        if done >= all {
            let names = self.train.iter().skip(1);
            let values = names
                .zip(words)
                .filter(|(name, _)| !matches!(name.as_str(), "GPU_mem" | "Instances" | "Size"))
                .filter_map(|(name, word)| Some(Pair { name, value: number::number(word)? }))
                .collect();
            let at =
                At { epoch: Some(epoch), epoch_total: Some(epochs), epoch_base: Some(1), ..At::default() };
            out.row(at, Some(Split::Train), RowKind::EpochEnd, values);
        }
        true
    }
}

fn is_header(body: &str) -> bool {
    body.starts_with("Epoch ") && (body.contains("GPU_mem") || body.contains("gpu_mem"))
}

impl Shape for Ultralytics {
    fn reads_bars(&self) -> bool {
        !self.train.is_empty()
    }

    fn may_want(&self, body: &str) -> bool {
        is_header(body)
    }

    fn is_busy(&self) -> bool {
        !self.train.is_empty()
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if is_header(body) {
            // called as its results file calls them
            let name = |word: &str| {
                if word.ends_with("loss") { format!("train/{word}") } else { word.to_owned() }
            };
            self.train = body.split_whitespace().map(name).collect();
            return true;
        }
        if self.train.is_empty() {
            return false;
        }
        if let Some((head, bar)) = body
            .split_once(": ")
            .filter(|(_, bar)| bar.contains("%|") || (bar.contains('%') && bar.contains(['━', '─'])))
        {
            if head.starts_with("Class ") || head.starts_with("classes ") {
                self.valid = columns(head);
                return true;
            }
            return self.train_row(head, bar, out);
        }
        if let Some(rest) = body.strip_prefix("all ").filter(|_| !self.valid.is_empty()) {
            let figures: Vec<f64> = rest.split_whitespace().filter_map(number::number).collect();
            let skip = self.valid.len().saturating_sub(figures.len());
            let values = self
                .valid
                .iter()
                .skip(skip)
                .zip(&figures)
                .filter(|(name, _)| {
                    // a narrow terminal cuts names off
                    !name.ends_with("Images") && !name.ends_with("Instances") && !name.contains('…')
                })
                .map(|(name, value)| Pair { name, value: *value })
                .collect();
            out.row(
                At { epoch: self.epoch, epoch_base: Some(1), ..At::default() },
                None,
                RowKind::EpochEnd,
                values,
            );
            return true;
        }
        if let Some((epochs, _)) = body.split_once(" epochs completed in ")
            && let Some(epochs) = number::count(epochs)
        {
            out.epoch(At { epoch: Some(epochs), epoch_base: Some(1), ..At::default() }, true);
        }
        false
    }
}
