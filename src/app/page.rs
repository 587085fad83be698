//! How the page of one run is put together: which blocks it has and how tall they are at a given width.
//!
//! Both the drawing and the scrolling need this, so it is worked out here, from the run alone.

use std::fmt::Write as _;

use super::wrap::wrap;
use crate::model::facts::{Axis, Facts, Metric, RunError};
use crate::model::run::Run;
use crate::store::pick;
use crate::store::pick::Picks;

/// Metrics that share a chart: the same thing measured on other data, over the same kind of x.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they measure.
    pub family: String,
    /// Indices into the run's metrics.
    pub members: Vec<usize>,
}

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// What went wrong: the error, the problem, the warnings.
    Trouble,
    /// Bars: the whole run and whatever is under way.
    Gauges,
    /// Newest and best figures of the metrics.
    Cards,
    /// The charts.
    Charts,
    /// Search, checkpoints, samples, sources.
    Files,
}

/// A block and its height in rows, its heading and the blank below it included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub block: Block,
    /// First row on the page.
    pub top: u16,
    /// Rows.
    pub height: u16,
}

/// The page of one run at one width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The blocks from top to bottom.
    pub blocks: Vec<Placed>,
    /// Charts, in order.
    pub groups: Vec<Group>,
    /// Charts beside each other.
    pub chart_columns: u16,
    /// Rows of one chart, its title included.
    pub chart_rows: u16,
    /// Cards beside each other.
    pub card_columns: u16,
    /// Rows of one card, the blank below it included: name and figure alone where there is little room.
    pub card_rows: u16,
    /// Rows of all blocks together.
    pub height: u16,
}

/// Columns of a card.
pub const CARD: u16 = 26;
/// Below so many rows of room the cards tell the newest figures alone, so that a chart is seen as well.
const TIGHT: u16 = 22;
/// Charts are not drawn lower than this …
const CHART_LEAST: u16 = 7;
/// … unless the first one would not be seen whole …
const CHART_LOW: u16 = 5;
/// … and are not low from here on …
const CHART_FAIR: u16 = 10;
/// … nor are they narrower than this in order to be higher …
const CHART_NARROW: u16 = 36;
/// … nor higher than this, when there is room.
const CHART_MOST: u16 = 24;
/// Warnings beyond these are only counted.
pub const WARNINGS: usize = 4;
/// An error that is longer than so many rows is cut: its log has it whole.
pub const ERROR_ROWS: usize = 3;
/// Sources beyond these are only counted.
pub const SOURCES: usize = 8;

/// The metrics of a run by what they measure: the training loss first, then as they appeared, and its epochs last.
fn groups(metrics: &[Metric], picks: &Picks, facts: &Facts) -> Vec<Group> {
    let mut groups: Vec<(Group, Axis)> = Vec::new();
    for (at, metric) in metrics.iter().enumerate() {
        let family = pick::family(&metric.name);
        match groups.iter_mut().find(|(group, axis)| group.family == family && *axis == metric.axis) {
            Some((group, _)) => group.members.push(at),
            None => groups.push((Group { family, members: vec![at] }, metric.axis)),
        }
    }
    let loss = picks.loss_of(facts).map(|loss| &*loss.name);
    let first = groups.iter().position(|(group, _)| {
        group.members.iter().any(|at| metrics.get(*at).map(|metric| &*metric.name) == loss && loss.is_some())
    });
    if let Some(first) = first {
        groups.get_mut(..=first).unwrap_or_default().rotate_right(1);
    }
    // how far it is stands in the gauges: a straight line is the last thing to look at
    groups.sort_by_key(|(group, _)| group.family == "epoch");
    groups.into_iter().map(|(group, _)| group).collect()
}

/// The groups of which there is a curve to be drawn: one point is a figure.
pub fn curves(facts: &Facts, picks: &Picks) -> Vec<Group> {
    let mut groups = groups(&facts.metrics, picks, facts);
    let curve = |at: &usize| facts.metrics.get(*at).is_some_and(|m| m.series.is_curve());
    groups.retain(|group| group.members.iter().any(curve));
    groups
}

/// What the x of the charts counts, in the order of the charts, each once.
pub fn axes(facts: &Facts, picks: &Picks) -> Vec<Axis> {
    let mut axes = Vec::new();
    for group in curves(facts, picks) {
        let first = group.members.first().and_then(|at| facts.metrics.get(*at)).map(|metric| metric.axis);
        axes.extend(first.filter(|first| !axes.contains(first)));
    }
    axes
}

impl Page {
    /// Puts the page of `run` together for a pane of `width` columns and `room` rows.
    /// `alone` is the family of the chart that fills it, if one does.
    pub fn new(run: &Run, picks: &Picks, alone: Option<&str>, (width, room): (u16, u16)) -> Self {
        let facts = &run.facts;
        let mut groups = curves(facts, picks);
        if let Some(at) = alone.and_then(|alone| groups.iter().position(|group| group.family == alone)) {
            return Self {
                blocks: vec![Placed { block: Block::Charts, top: 0, height: room }],
                groups: vec![groups.swap_remove(at)],
                chart_columns: 1,
                chart_rows: room.saturating_sub(1),
                card_columns: 1,
                card_rows: 1,
                height: room,
            };
        }
        let card_columns = (width.saturating_sub(2) / CARD).max(1);
        let rows = |count: usize, beside: u16| {
            u16::try_from(count.div_ceil(usize::from(beside.max(1)))).unwrap_or(u16::MAX)
        };
        let cards = rows(facts.metrics.len(), card_columns).min(100);
        let card_rows = if room < TIGHT { 1 } else { 3 };
        let card_height = match cards {
            0 => 0,
            rows if card_rows == 1 => rows + 1,
            rows => rows.saturating_mul(card_rows),
        };
        let heights = [
            (Block::Trouble, trouble_rows(run, width)),
            (Block::Gauges, gauge_rows(run)),
            (Block::Cards, card_height),
            (Block::Charts, 0),
            (Block::Files, file_rows(run)),
        ];
        // as many rows of charts as fit are seen whole, and share what room there is
        let above: u16 = heights.iter().take(3).fold(0, |sum, (_, rows)| sum.saturating_add(*rows));
        let left = room.saturating_sub(above);
        let (chart_columns, grid) = chart_grid(width, left, groups.len());
        let seen = (left / (CHART_LEAST + 1)).clamp(1, grid.max(1));
        // rather lower than cut in two
        let least = left.clamp(CHART_LOW, CHART_LEAST);
        let chart_rows = (left / seen).saturating_sub(1).clamp(least, CHART_MOST);
        let mut blocks = Vec::new();
        let mut top: u16 = 0;
        for (block, rows) in heights {
            let height = if block == Block::Charts { grid.saturating_mul(chart_rows + 1) } else { rows };
            if height > 0 {
                blocks.push(Placed { block, top, height });
                top = top.saturating_add(height);
            }
        }
        Self { blocks, groups, chart_columns, chart_rows, card_columns, card_rows, height: top }
    }
}

/// Charts beside and below each other: no more beside each other than are wide enough, and one more than that where it saves
/// those below from being low.
fn chart_grid(width: u16, room: u16, charts: usize) -> (u16, u16) {
    let charts = u16::try_from(charts).unwrap_or(u16::MAX).min(300);
    let usual = match width {
        0..90 => 1,
        90..150 => 2,
        _ => 3,
    };
    let usual = usual.min(charts.max(1));
    let low = |columns: u16| room / charts.div_ceil(columns).max(1) < CHART_FAIR;
    let more = usual < charts && width / (usual + 1) >= CHART_NARROW && low(usual);
    let columns = usual + u16::from(more);
    (columns, charts.div_ceil(columns).min(100))
}

/// The error of a run in the lines of a page so wide, with where it stands: `train.log:294  OutOfMemoryError: …`.
pub fn error_lines(error: &RunError, width: u16) -> Vec<String> {
    let mut text = String::new();
    if !error.place.source.is_empty() {
        text.push_str(&error.place.source);
        if let Some(at) = error.place.line {
            let _ = write!(text, ":{at}");
        }
        text.push(' ');
    }
    text.push_str(&error.type_name);
    if !error.type_name.is_empty() && !error.message.is_empty() {
        text.push_str(": ");
    }
    text.push_str(&error.message);
    let mut lines = wrap(&text, width.saturating_sub(4));
    if lines.len() > ERROR_ROWS {
        // the end of the last line falls off where it is drawn, and says so
        let rest = lines.split_off(ERROR_ROWS - 1).join(" ");
        lines.push(rest);
    }
    lines
}

fn trouble_rows(run: &Run, width: u16) -> u16 {
    let warnings = run.facts.warnings.len();
    let rows = usize::from(run.problem.is_some())
        + run.facts.error.as_ref().map_or(0, |error| error_lines(error, width).len())
        + warnings.min(WARNINGS)
        + usize::from(warnings > WARNINGS);
    if rows == 0 { 0 } else { u16::try_from(rows + 1).unwrap_or(u16::MAX) }
}

fn gauge_rows(run: &Run) -> u16 {
    let progress = &run.facts.progress;
    let epochs = usize::from(progress.total_epochs.is_some());
    let rows = 1 + epochs + progress.bars.len().min(8) + usize::from(run.facts.search.is_some());
    u16::try_from(rows + 1).unwrap_or(u16::MAX)
}

fn file_rows(run: &Run) -> u16 {
    let facts = &run.facts;
    let sources = run.sources.len().min(SOURCES) + usize::from(run.sources.len() > SOURCES);
    let rows = usize::from(!facts.checkpoints.is_empty()) + usize::from(!facts.samples.is_empty()) + sources;
    if rows == 0 { 0 } else { u16::try_from(rows + 2).unwrap_or(u16::MAX) }
}
