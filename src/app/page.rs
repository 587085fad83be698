//! How the page of one run is put together: which blocks it has and how tall they are at a given width.
//!
//! Both the drawing and the scrolling need this, so it is worked out here, from the run alone.

use crate::model::facts::Metric;
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
/// … nor higher than this, when there is room.
const CHART_MOST: u16 = 16;
/// Warnings beyond these are only counted.
pub const WARNINGS: usize = 4;
/// Sources beyond these are only counted.
pub const SOURCES: usize = 8;

/// The metrics of a run by what they measure: the training loss first, then as they appeared.
pub fn groups(metrics: &[Metric], picks: &Picks, facts: &crate::model::facts::Facts) -> Vec<Group> {
    let mut groups: Vec<(Group, crate::model::facts::Axis)> = Vec::new();
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
    groups.into_iter().map(|(group, _)| group).collect()
}

impl Page {
    /// Puts the page of `run` together for a pane of `width` columns and `room` rows.
    pub fn new(run: &Run, picks: &Picks, width: u16, room: u16) -> Self {
        let facts = &run.facts;
        let mut groups = groups(&facts.metrics, picks, facts);
        groups.retain(|group| {
            // one point is a figure, not a curve
            group
                .members
                .iter()
                .any(|at| facts.metrics.get(*at).is_some_and(|m| m.series.buckets().len() > 1))
        });
        let card_columns = (width.saturating_sub(2) / CARD).max(1);
        let chart_columns = match width {
            0..90 => 1,
            90..150 => 2,
            _ => 3,
        };
        let rows = |count: usize, beside: u16| {
            u16::try_from(count.div_ceil(usize::from(beside.max(1)))).unwrap_or(u16::MAX)
        };
        let chart_columns = chart_columns.min(u16::try_from(groups.len()).unwrap_or(u16::MAX).max(1));
        let grid = rows(groups.len(), chart_columns).min(100);
        let cards = rows(facts.metrics.len(), card_columns).min(100);
        let card_rows = if room < TIGHT { 1 } else { 3 };
        let card_height = match cards {
            0 => 0,
            rows if card_rows == 1 => rows + 1,
            rows => rows.saturating_mul(card_rows),
        };
        let heights = [
            (Block::Trouble, trouble_rows(run)),
            (Block::Gauges, gauge_rows(run)),
            (Block::Cards, card_height),
            (Block::Charts, 0),
            (Block::Files, file_rows(run)),
        ];
        // as many rows of charts as fit are seen whole, and share what room there is
        let above: u16 = heights.iter().take(3).fold(0, |sum, (_, rows)| sum.saturating_add(*rows));
        let left = room.saturating_sub(above);
        let seen = (left / (CHART_LEAST + 1)).clamp(1, grid.max(1));
        let chart_rows = (left / seen).saturating_sub(1).clamp(CHART_LEAST, CHART_MOST);
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

fn trouble_rows(run: &Run) -> u16 {
    let warnings = run.facts.warnings.len();
    let rows = usize::from(run.problem.is_some())
        + usize::from(run.facts.error.is_some())
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
