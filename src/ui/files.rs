//! What a run left behind, and what went wrong with it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::figures;
use super::pen::Pen;
use crate::app::page::{SOURCES, WARNINGS, error_lines};
use crate::model::facts::Search;
use crate::model::run::{Run, Source};
use crate::model::stamp::Stamp;

/// The problem, the error and the warnings, each in its own line with where it stands.
pub(super) fn trouble(pen: &mut Pen<'_>, area: Rect, run: &Run) {
    let theme = pen.theme;
    let mut y = area.y;
    let mut line = |pen: &mut Pen<'_>, glyph: &str, text: &str, style: Style| {
        pen.glyph(area.x + 1, y, glyph, style);
        pen.put(area.x + 3, y, area.width.saturating_sub(4), text, style);
        y += 1;
    };
    if let Some(problem) = &run.problem {
        let text = format!("{}: {}", problem.path.display(), problem.what);
        line(pen, theme.glyphs.interrupted, &text, theme.warn);
    }
    if let Some(error) = &run.facts.error {
        for (at, text) in error_lines(error, area.width).iter().enumerate() {
            line(pen, if at == 0 { theme.glyphs.failed } else { " " }, text, theme.bad);
        }
    }
    for warning in run.facts.warnings.iter().take(WARNINGS) {
        line(pen, theme.glyphs.interrupted, warning, theme.warn);
    }
    let more = run.facts.warnings.len().saturating_sub(WARNINGS);
    if more > 0 {
        line(pen, theme.glyphs.interrupted, &format!("and {more} more warnings"), theme.dim);
    }
}

/// How far a search is, in one line.
pub(super) fn search(pen: &mut Pen<'_>, area: Rect, search: &Search) {
    let theme = pen.theme;
    let part = |value: Option<u64>, total: Option<u64>| {
        figures::part(value.map(|v| v as f64), total.map(|v| v as f64), 12)
    };
    let parts = [
        part(search.position, search.total_positions).map(|text| ("position", text)),
        search.model.as_ref().map(|model| ("model", model.to_string())),
        part(search.trial, search.total_trials).map(|text| ("trial", text)),
        search.score.map(|score| ("score", figures::metric(score))),
        search.best_score.map(|score| ("best", figures::metric(score))),
    ];
    let mut x = pen.put(area.x + 1, area.y, area.width.saturating_sub(1), "search", theme.strong) + 2;
    for (label, text) in parts.into_iter().flatten() {
        let room = area.right().saturating_sub(x);
        x = pen.put(x, area.y, room, label, theme.dim) + 1;
        x = pen.put(x, area.y, area.right().saturating_sub(x), &text, theme.text) + 2;
    }
}

/// Checkpoints, samples and sources.
pub(super) fn files(pen: &mut Pen<'_>, area: Rect, run: &Run, _now: Stamp) {
    let theme = pen.theme;
    pen.rule(Rect { height: 1, ..area }, "files", theme.strong);
    let mut y = area.y + 1;
    let facts = &run.facts;
    let mut line = |pen: &mut Pen<'_>, label: &str, text: &str| {
        pen.put(area.x + 1, y, 12, label, theme.dim);
        pen.put(area.x + 14, y, area.width.saturating_sub(15), text, theme.text);
        y += 1;
    };
    if let Some(last) = facts.checkpoints.last() {
        let step = last.step.map(|step| format!(" at step {}", figures::count(step, 9))).unwrap_or_default();
        let state = if last.complete { "" } else { ", not whole yet" };
        line(pen, "checkpoints", &format!("{}, last {}{step}{state}", facts.checkpoints.len(), last.path));
    }
    if let Some(last) = facts.samples.last() {
        let step = last.step.map(|step| format!(" at step {}", figures::count(step, 9))).unwrap_or_default();
        line(pen, "samples", &format!("{}, last {}{step}", facts.samples.len(), last.path));
    }
    for source in run.sources.iter().take(SOURCES) {
        self::source(pen, Rect { y, height: 1, ..area }, source);
        y += 1;
    }
    let more = run.sources.len().saturating_sub(SOURCES);
    if more > 0 {
        pen.put(area.x + 14, y, area.width.saturating_sub(15), &format!("and {more} more"), theme.dim);
    }
}

/// One source: what kind it is, how large, how much of it is understood, and what is wrong with it.
fn source(pen: &mut Pen<'_>, area: Rect, source: &Source) {
    let theme = pen.theme;
    let name = 24.min(area.width / 3);
    pen.put(area.x + 1, area.y, 12, &source.kind.name().replace('_', " "), theme.dim);
    pen.tail(area.x + 14, area.y, name, &source.path, theme.text);
    let mut x = area.x + 14 + name + 2;
    let end = area.right().saturating_sub(1);
    pen.right(x, area.y, 9.min(end.saturating_sub(x)), &figures::bytes(source.bytes), theme.text);
    x += 11;
    let records = format!("{} records", figures::count(source.records as f64, 9));
    x = pen.put(x, area.y, 18.min(end.saturating_sub(x)), &records, theme.dim).max(x + 17) + 1;
    if source.read < source.bytes {
        let percent = u128::from(source.read) * 100 / u128::from(source.bytes.max(1));
        let text = format!("{percent}% read");
        x = pen.put(x, area.y, end.saturating_sub(x), &text, theme.dim) + 2;
    }
    if let Some(note) = &source.note {
        pen.put(x, area.y, end.saturating_sub(x), note, theme.warn);
    }
}
