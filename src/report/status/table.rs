//! The same for people: a line for each run, columns aligned, what is not known left blank with a dash.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;
use unicode_width::UnicodeWidthStr;

use crate::model::facts::Facts;
use crate::model::facts::Metric;
use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;
use crate::parse::clean::is_unsafe;
use crate::report::figures::count;
use crate::report::figures::figure;
use crate::report::figures::span;

use super::Status;

const NOTHING: &str = "-";
const TITLES: [&str; 9] = ["STATE", "RUN", "DONE", "EPOCH", "STEP", "RATE", "ETA", "LOSS", "AGE"];
/// Columns whose text is on the left; figures stand on the right.
const LEFT: [bool; 9] = [true, true, false, false, false, false, false, false, false];

/// A table with a title line, at most `width` cells wide when a width is given: the reason in the last column is cut to it.
pub fn table(status: &Status<'_>, width: Option<usize>) -> String {
    if status.runs.is_empty() {
        return "no runs found\n".to_owned();
    }
    let ids = status.ids();
    let mut rows: Vec<[String; 9]> = vec![TITLES.map(str::to_owned)];
    let mut reasons = vec!["WHY".to_owned()];
    for ((run, verdict), id) in status.runs.iter().zip(&ids) {
        rows.push(cells(run, verdict, id, status.now));
        reasons.push(clean(&verdict.reason));
    }
    let widths: Vec<usize> = (0..TITLES.len())
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for (row, reason) in rows.iter().zip(&reasons) {
        let mut line = String::new();
        for ((cell, width), left) in row.iter().zip(&widths).zip(LEFT) {
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            let _ = if left { write!(line, "{cell}{pad}  ") } else { write!(line, "{pad}{cell}  ") };
        }
        line.push_str(reason);
        text.push_str(cut(line.trim_end(), width).trim_end());
        text.push('\n');
    }
    text
}

fn cells(run: &Run, verdict: &Verdict, id: &str, now: Stamp) -> [String; 9] {
    let facts = &run.facts;
    let progress = &facts.progress;
    let of = |done: Option<f64>, total: Option<f64>| match (done, total) {
        (Some(done), Some(total)) => format!("{}/{}", count(done), count(total)),
        (Some(done), None) => count(done),
        (None, Some(total)) => format!("?/{}", count(total)),
        (None, None) => NOTHING.to_owned(),
    };
    let or = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned());
    let state = if verdict.outdated { format!("{} (old)", verdict.state) } else { verdict.state.to_string() };
    let seen = facts.updated_at.max(run.last_write);
    [
        state,
        clean(id),
        or(progress.percent.map(|percent| format!("{}%", percent.floor()))),
        of(progress.completed_epochs, progress.total_epochs),
        of(progress.step, progress.total_steps),
        or(progress.rate.filter(|rate| *rate > 0.0).map(rate)),
        or(progress.eta.filter(|_| !verdict.state.is_finished()).map(span)),
        or(loss(facts).map(|metric| figure(metric.last))),
        or(seen.map(|seen| span(now.since(seen).as_secs_f64()))),
    ]
}

/// The metric that a person would call the loss: training's own by its usual names, else the first that has the word in it.
fn loss(facts: &Facts) -> Option<&Metric> {
    let usual = ["loss", "train_loss", "train/loss", "training_loss", "total_loss", "avr_loss", "train loss"];
    let other = |metric: &&Metric| {
        let name = metric.name.to_ascii_lowercase();
        name.contains("loss") && !["val", "eval", "test"].iter().any(|word| name.contains(word))
    };
    usual.iter().find_map(|name| facts.metric(name)).or_else(|| facts.metrics.iter().find(other))
}

fn rate(per_second: f64) -> String {
    if per_second < 1.0 {
        format!("{}s/it", figure(1.0 / per_second))
    } else {
        format!("{}/s", figure(per_second))
    }
}

/// A folder's name may hold anything: what would move the cursor becomes a question mark.
fn clean(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '?' } else { c }).collect()
}

fn cut(line: &str, width: Option<usize>) -> &str {
    let Some(width) = width else { return line };
    let mut used = 0;
    for (at, char) in line.char_indices() {
        used += char.width().unwrap_or(0);
        if used > width {
            return line.get(..at).unwrap_or(line);
        }
    }
    line
}
