//! Charts of series: braille dots, or three heights to a cell in ASCII.
//!
//! Each column shows the line, which goes through the mean of its stretch, and in a quieter colour the band between the lowest
//! and the highest figure there, so that no spike is lost however long the history is. Ranges end at round figures: a live point changes the columns at its
//! own end and not the whole picture, which is also what a slow line to the terminal wants.

mod axis;
mod bend;
mod canvas;

use ratatui::layout::Rect;
use ratatui::style::Style;

use self::axis::{Scale, nice_end};
use self::bend::{Bend, Heights};
use self::canvas::Canvas;
use super::figures::count;
use super::pen::{Pen, width};
use super::theme::Colours;
use crate::app::lens::Upright;
use crate::model::series::{Column, Over, Series, Smooth, View};

/// One line of a chart.
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a> {
    /// Its history.
    pub series: &'a Series,
    /// Which of the theme's inks draws it.
    pub ink: usize,
}

/// What a chart shows.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'a> {
    /// The lines; the first one lies on top.
    pub curves: &'a [Curve<'a>],
    /// Where x ends when all is done, if that is known.
    pub end: Option<f64>,
    /// More points are to come: the axis leaves room for them.
    pub growing: bool,
    /// Where the crosshair stands.
    pub cross: Option<f64>,
    /// How it is looked at.
    pub look: Look,
}

/// How a chart is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// The part of x that is shown; all of it when there is none.
    pub window: Option<(f64, f64)>,
    /// How its curves are smoothed. As they are they stand behind.
    pub smooth: Option<Smooth>,
    /// The y axis.
    pub upright: Upright,
    /// What lies far off is cut off, with a sign.
    pub cut: bool,
}

/// Points up to which a growing history is young: each is a tenth or a hundredth more of it.
const YOUNG: u64 = 256;

/// Least rows for which an x axis is drawn.
const WITH_AXIS: u16 = 5;

/// Draws a chart. A place too small for one stays empty.
pub fn chart(pen: &mut Pen<'_>, area: Rect, chart: &Chart<'_>) {
    if area.width < 16 || area.height < 2 {
        return;
    }
    let Some(ranges) = Ranges::of(chart) else {
        let dim = pen.theme.dim;
        pen.put(
            area.x + 1,
            area.y + area.height / 2,
            area.width.saturating_sub(1),
            "no figures to draw yet",
            dim,
        );
        return;
    };
    let axis_rows = if area.height >= WITH_AXIS { 2 } else { 0 };
    let rows = area.height - axis_rows;
    let y = Heights::of(chart.look.upright, ranges.low, ranges.high, rows);
    let gutter = y.ticks.iter().map(|(_, text)| width(text)).max().unwrap_or(0);
    if gutter + 12 > area.width {
        return;
    }
    let plot = Rect::new(area.x + gutter + 2, area.y, area.width - gutter - 2, rows);
    y_axis(pen, area.x, plot, &y);
    let x = chart.look.window.unwrap_or_else(|| {
        // what begins near zero begins at zero
        let from = if ranges.from > 0.0 && ranges.from < ranges.to * 0.25 { 0.0 } else { ranges.from };
        let young = chart.growing && ranges.points < YOUNG;
        (from, nice_end(from, ranges.to, chart.end, young))
    });
    let cross = chart.cross.filter(|at| (x.0..=x.1).contains(at)).map(|at| canvas::place(at, x, plot.width));
    let dashed = pen.theme.colours == Colours::None && chart.curves.len() > 1;
    let mut canvas = Canvas::new(plot.width, rows, pen.theme.glyphs.ascii, dashed);
    let view = View { over: Over::X, from: x.0, to: x.1, columns: canvas.columns() };
    for (at, curve) in chart.curves.iter().enumerate().rev() {
        canvas.curve(curve.series, at, &view, &y, chart.look.smooth);
    }
    canvas.draw(pen, plot, |at, band| {
        let ink = chart.curves.get(at).map_or(0, |curve| curve.ink);
        (ink, band)
    });
    if let Some(column) = cross {
        crosshair(pen, plot, column);
    }
    signs(pen, plot, &canvas);
    if axis_rows > 0 {
        let foot = Rect::new(plot.x, plot.y + rows, plot.width, 2);
        x_axis(pen, foot, x);
        if let Some((column, at)) = cross.zip(chart.cross) {
            cross_label(pen, foot, column, at);
        }
    }
}

/// Rows from which on a tick that stands one off is not seen.
const HIGH: u16 = 9;

/// The y axis beside `plot`, its labels from `x` on.
fn y_axis(pen: &mut Pen<'_>, x: u16, plot: Rect, y: &Heights) {
    let rows = plot.height;
    let gutter = plot.x.saturating_sub(x + 2);
    let (axis, dim, faint) = (pen.theme.faint, pen.theme.dim, pen.theme.grid);
    let (upright, tick, grid) = (pen.theme.glyphs.upright, pen.theme.glyphs.tick_y, pen.theme.glyphs.grid);
    for row in 0..rows {
        pen.glyph(plot.x - 1, plot.y + row, upright, axis);
    }
    for (row, text) in ticks(y, rows) {
        let row = plot.y + rows - 1 - row;
        pen.right(x, row, gutter, &text, dim);
        pen.glyph(plot.x - 1, row, tick, axis);
        pen.line(plot.x, row, plot.width, grid, faint);
    }
}

/// At the foot of each column in which something was no number, and at the ends of those that go on beyond the chart.
fn signs(pen: &mut Pen<'_>, plot: Rect, canvas: &Canvas) {
    let (glyphs, bad) = (pen.theme.glyphs, pen.theme.bad);
    let (above, below) = if glyphs.ascii { ("^", "v") } else { ("▲", "▼") };
    for column in &canvas.above {
        pen.glyph(plot.x + column, plot.y, above, bad);
    }
    for column in &canvas.below {
        pen.glyph(plot.x + column, plot.bottom() - 1, below, bad);
    }
    for column in &canvas.broken {
        pen.glyph(plot.x + column, plot.bottom() - 1, glyphs.nan, bad);
    }
}

/// The labels of an axis with their rows, from 0 at the foot. In a low plot rounding may put two of them into one row, or some
/// further apart than others: then only every so-manieth is told, or the ends alone.
fn ticks(y: &Heights, rows: u16) -> Vec<(u16, String)> {
    let mut ticks: Vec<_> =
        y.ticks.iter().map(|(height, text)| (y.row(*height, rows), text.clone())).collect();
    ticks.dedup_by_key(|(row, _)| *row);
    if y.bend != Bend::Linear {
        return ticks;
    }
    let is_even = |stride: usize| {
        let mut rows = ticks.iter().step_by(stride).map(|(row, _)| *row);
        let (first, second) = (rows.next().unwrap_or(0), rows.next().unwrap_or(0));
        let mut next = second;
        rows.all(|row| {
            next += second - first;
            row == next
        })
    };
    let last = ticks.len().saturating_sub(1).max(1);
    let stride = if rows < HIGH {
        (1..=last).find(|stride| last.is_multiple_of(*stride) && is_even(*stride))
    } else {
        None
    };
    ticks.into_iter().step_by(stride.unwrap_or(1)).collect()
}

/// What all curves together span.
struct Ranges {
    from: f64,
    to: f64,
    low: f64,
    high: f64,
    /// Of the longest one.
    points: u64,
}

impl Ranges {
    fn of(chart: &Chart<'_>) -> Option<Self> {
        let mut ranges = Self {
            from: f64::INFINITY,
            to: f64::NEG_INFINITY,
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            points: 0,
        };
        for curve in chart.curves {
            let Some(all) = curve.series.summary() else { continue };
            ranges.from = ranges.from.min(all.x.least);
            ranges.to = ranges.to.max(all.x.most);
            ranges.low = ranges.low.min(all.min);
            ranges.high = ranges.high.max(all.max);
            ranges.points = ranges.points.max(all.count);
        }
        if chart.look.window.is_some() || chart.look.cut {
            ranges.look(chart);
        }
        let finite = [ranges.from, ranges.to, ranges.low, ranges.high].iter().all(|value| value.is_finite());
        finite.then_some(ranges)
    }

    /// Of the part that is shown, less what lies far off when that is cut.
    fn look(&mut self, chart: &Chart<'_>) {
        let (from, to) = chart.look.window.unwrap_or((self.from, self.to));
        let view = View { over: Over::X, from, to, columns: PARTS };
        let (mut lows, mut highs) = (Vec::new(), Vec::new());
        for curve in chart.curves {
            curve.series.stretches(&view, |stretch| {
                if matches!(stretch.column, Column::At(_))
                    && stretch.summary.finite > 0
                    && lows.len() < MOST_PARTS
                {
                    lows.push(stretch.summary.min);
                    highs.push(stretch.summary.max);
                }
            });
        }
        // where nothing is in sight the axis stays
        if lows.is_empty() {
            return;
        }
        lows.sort_by(f64::total_cmp);
        highs.sort_by(f64::total_cmp);
        let part = |all: &[f64], share: usize| all.get((all.len() - 1) * share / 100).copied();
        let (few, most) = if chart.look.cut { (2, 98) } else { (0, 100) };
        let (Some(low), Some(high)) = (part(&lows, few), part(&highs, most)) else { return };
        let (Some(least), Some(utmost)) = (part(&lows, 0), part(&highs, 100)) else { return };
        // what is cut off must be worth it
        let worth = chart.look.cut && high > low && utmost - least > (high - low) * 2.0;
        (self.low, self.high) = if worth { (low, high) } else { (least, utmost) };
    }
}

/// Parts of x that the range of y is found by.
const PARTS: u16 = 400;
/// Parts that are looked at, of runs that went over the same places again and again.
const MOST_PARTS: usize = 100_000;

fn x_axis(pen: &mut Pen<'_>, area: Rect, x: (f64, f64)) {
    let axis = pen.theme.faint;
    let glyphs = pen.theme.glyphs;
    pen.glyph(area.x - 1, area.y, glyphs.corner, axis);
    pen.line(area.x, area.y, area.width, glyphs.flat, axis);
    let ticks = (area.width / 14).clamp(1, 10);
    let scale = Scale::within(x.0, x.1, ticks);
    let dim = pen.theme.dim;
    let mut free = area.x.saturating_sub(1);
    for (value, text) in scale.labels() {
        let at = area.x + canvas::place(value, x, area.width);
        let columns = width(&text);
        // centred below its tick, but never over the edge or into its neighbour
        let from = at
            .saturating_sub(columns / 2)
            .clamp(area.x.saturating_sub(1), area.right().saturating_sub(columns));
        if from < free || from + columns > area.right() {
            continue;
        }
        pen.glyph(at, area.y, glyphs.tick_x, axis);
        pen.put(from, area.y + 1, columns, &text, dim);
        free = from + columns + 2;
    }
}

/// An upright line, in front of which the dots of the curves stay, in its colour.
fn crosshair(pen: &mut Pen<'_>, plot: Rect, column: u16) {
    let (style, upright) = (pen.theme.strong, pen.theme.glyphs.upright);
    let (x, free) = (plot.x + column, [" ", pen.theme.glyphs.grid]);
    for y in plot.top()..plot.bottom() {
        let dots = pen.buffer.cell((x, y)).map(|cell| cell.symbol().to_owned());
        let dots = dots.filter(|dots| !free.contains(&dots.as_str()));
        pen.glyph(x, y, dots.as_deref().unwrap_or(upright), style);
    }
}

/// x of the crosshair below the axis, in the place of the labels that are in its way.
fn cross_label(pen: &mut Pen<'_>, area: Rect, column: u16, at: f64) {
    let text = count(at, 9);
    let columns = width(&text).min(area.width);
    let from =
        (area.x + column).saturating_sub(columns / 2).clamp(area.x, area.right().saturating_sub(columns));
    let (strong, clear) = (pen.theme.strong, pen.theme.text);
    pen.glyph(area.x + column, area.y, pen.theme.glyphs.tick_x, strong);
    // a label that is cut into is taken away whole
    let y = area.y + 1;
    let is_text = |pen: &Pen<'_>, x: u16| pen.buffer.cell((x, y)).is_some_and(|cell| cell.symbol() != " ");
    let (mut left, mut right) = (from, from + columns);
    while left > area.x.saturating_sub(1) && is_text(pen, left - 1) {
        left -= 1;
    }
    while right < area.right() && is_text(pen, right) {
        right += 1;
    }
    pen.line(left, y, right - left, " ", clear);
    pen.put(from, y, columns, &text, strong);
}

/// The styles of a cell by the curve that is on top of it.
fn style_of(pen: &Pen<'_>, ink: usize, band: bool) -> Style {
    let ink = pen.theme.ink(ink);
    if band { ink.band } else { ink.line }
}

#[cfg(test)]
mod tests;
