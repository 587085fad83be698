//! The page of one run, and what the list shows of the selected one.
//!
//! ```text
//!  ► llama-7b/sft-2   running: training.log grew                 training · 0s ago
//!  run    ████████████▏      67%   2011/3000   1.9/s   8m41s left
//!  loss              eval_loss          lr
//!  1.1270            1.2041             1.3e-5
//!  best 1.1190 @1960 …
//!  charts …
//!  checkpoints, samples, sources …
//!  ── log ──
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::chart::{Chart, Curve, Look, chart};
use super::figures;
use super::files;
use super::gauge;
use super::pen::{Pen, width};
use super::runs::{bar_style, name, shown_name};
use super::theme::Colours;
use crate::app::age;
use crate::app::layout::Areas;
use crate::app::page;
use crate::app::page::{Block, CARD, Group, Page};
use crate::app::state::State;
use crate::model::facts::{Axis, Facts, Metric};
use crate::model::stamp::Stamp;
use crate::model::state::State as RunState;
use crate::store::Row;
use crate::store::pick::{self, Picks};

/// How the title of a run stands.
pub(super) struct Title {
    /// In a rule.
    pub(super) rule: bool,
    /// Another line of the screen tells already what its state rests on.
    pub(super) told: bool,
}

/// One line: state, name, why, and how long ago the last sign of life was.
pub(super) fn title(pen: &mut Pen<'_>, area: Rect, row: &Row, now: Stamp, title: &Title) {
    let theme = pen.theme;
    let rule = title.rule;
    if rule {
        pen.rule(area, "", theme.faint);
    }
    let y = area.y;
    let (glyph, style) = theme.state(row.verdict.state);
    let x = area.x + if rule { 3 } else { 1 };
    let silent = title.told || row.verdict.reason.is_empty();
    let reason = if silent { String::new() } else { format!(": {}", row.verdict.reason) };
    let state = row.verdict.state.name().replace('_', " ");
    let name_width = width(shown_name(&row.run)).min(area.width / 2);
    let right = aside(row, now, title, theme.glyphs.dot);
    // the state and its reason matter more than what stands at the right
    let left = 8 + name_width + width(&state) + width(&reason);
    let right_width = if left + width(&right) + 4 > area.width { 0 } else { width(&right) };
    let end = area.right().saturating_sub(if right_width == 0 { 1 } else { right_width + 4 });
    pen.glyph(x - 1, y, " ", theme.text);
    pen.glyph(x, y, glyph, style);
    pen.glyph(x + 1, y, " ", theme.text);
    let at = name(pen, x + 2, y, name_width, &row.run, theme.strong);
    pen.put(at, y, 2, "  ", theme.text);
    let at = pen.put(at + 2, y, end.saturating_sub(at + 2), &state, style);
    let at = pen.put(at, y, end.saturating_sub(at), &reason, theme.dim);
    pen.glyph(at, y, " ", theme.text);
    if right_width > 0 {
        let from = area.right() - right_width - 2;
        pen.glyph(from - 1, y, " ", theme.text);
        pen.put(from, y, right_width, &right, theme.dim);
        pen.glyph(from + right_width, y, " ", theme.text);
    }
}

/// What stands at the right of the title: on the run's own page the process that it belongs to, unless its state rests on that
/// and says so; what it does; and its last sign of life.
fn aside(row: &Row, now: Stamp, title: &Title, dot: &str) -> String {
    let owner = row.run.owners.live().first().filter(|_| !title.rule).map(ToString::to_string);
    let owner = owner.filter(|owner| title.told || !row.verdict.reason.contains(owner));
    let stage = row.run.facts.stage.filter(|_| row.verdict.state == RunState::Running);
    let stage = stage.map(|stage| stage.name().replace('_', " "));
    let age = row.run.last_write.filter(|_| !title.rule).map(|written| age::text(now.since(written)));
    let age = age.map(|age| format!("last sign of life {age} ago"));
    let parts: Vec<String> = [owner, stage, age].into_iter().flatten().collect();
    parts.join(&format!(" {dot} "))
}

/// The newest figures of the selected run in a line or two: the loss first.
pub(super) fn summary(pen: &mut Pen<'_>, area: Rect, row: &Row, picks: &Picks) {
    let facts = &row.run.facts;
    let theme = pen.theme;
    let loss = picks.loss_of(facts);
    let first = loss.into_iter();
    let rest = facts.metrics.iter().filter(|metric| loss.is_none_or(|loss| loss.name != metric.name));
    let (mut x, mut y) = (area.x + 1, area.y);
    for metric in first.chain(rest) {
        let value = figures::metric(metric.last);
        let best = best(metric).filter(|_| is_score(metric)).unwrap_or_default();
        // a figure has a place of fixed width, so that those behind it stand still
        let columns = width(&metric.name) + 1 + 8 + if best.is_empty() { 0 } else { width(&best) + 1 };
        if x + columns > area.right() {
            y += 1;
            x = area.x + 1;
            if y >= area.bottom() || x + columns > area.right() {
                break;
            }
        }
        let style = if metric.last.is_finite() { theme.strong } else { theme.bad };
        let at = pen.put(x, y, area.right() - x, &metric.name, theme.dim);
        pen.put(at + 1, y, 8, &value, style);
        pen.put(at + 9, y, area.right().saturating_sub(at + 9), &best, theme.dim);
        x += columns + 2;
    }
    if facts.metrics.is_empty() {
        let text = if row.run.looked_at { "no figures found" } else { "not read yet" };
        pen.put(x, y, area.width.saturating_sub(1), text, theme.dim);
    }
}

fn is_score(metric: &Metric) -> bool {
    pick::lower_is_better(&metric.name).is_some() && metric.points > 1
}

/// The best figure and where it was, when it is known which direction is better.
fn best(metric: &Metric) -> Option<String> {
    let (value, at) = if pick::lower_is_better(&metric.name)? {
        (metric.min?, metric.min_at)
    } else {
        (metric.max?, metric.max_at)
    };
    let place = match (metric.axis, at) {
        (Axis::Step, Some(at)) => format!(" @{}", figures::count(at, 7)),
        (Axis::Epoch, Some(at)) => format!(" @e{}", figures::count(at, 6)),
        _ => String::new(),
    };
    Some(format!("best {}{place}", figures::metric(value)))
}

/// The loss of the selected run.
pub(super) fn loss(pen: &mut Pen<'_>, area: Rect, row: &Row, picks: &Picks) {
    let facts = &row.run.facts;
    if let Some(group) = page::curves(facts, picks).first() {
        let inset = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        curves(pen, inset, row, group, None);
    }
}

/// One chart with its title: the names of its lines in their colours.
fn curves(pen: &mut Pen<'_>, area: Rect, row: &Row, group: &Group, state: Option<&State>) {
    if area.height < 3 {
        return;
    }
    let facts = &row.run.facts;
    let members: Vec<&Metric> = group.members.iter().filter_map(|at| facts.metrics.get(*at)).collect();
    let axis = members.first().map_or(Axis::Index, |metric| metric.axis);
    let cross = state.and_then(|state| state.cross.as_ref());
    let cross = cross.filter(|cross| cross.axis == axis).map(|cross| cross.x);
    let mut x = area.x;
    for (at, metric) in members.iter().enumerate() {
        let room = area.right().saturating_sub(x);
        if room < 4 {
            break;
        }
        let style = pen.theme.ink(at).line;
        if members.len() > 1 && pen.theme.colours == Colours::None {
            let dashes = pen.theme.glyphs.dashes;
            let dash = dashes.get(at % dashes.len()).copied().unwrap_or_default();
            x = pen.put(x, area.y, room, dash, style) + 1;
        }
        let room = area.right().saturating_sub(x);
        x = pen.put(x, area.y, room, &metric.name, style);
        if let Some(at) = cross {
            x = read(pen, x + 1, area, metric, at) + 2;
            continue;
        }
        if metric.non_finite > 0 {
            let text = format!(" {}{}", metric.non_finite, pen.theme.glyphs.nan);
            let bad = pen.theme.bad;
            x = pen.put(x, area.y, area.right().saturating_sub(x), &text, bad);
        }
        x += 2;
    }
    let (unit, end) = match axis {
        Axis::Step => ("step", facts.progress.total_steps),
        Axis::Epoch => ("epoch", facts.progress.total_epochs),
        Axis::Index => ("point", None),
    };
    let words = state.map(|state| state.lens.words()).unwrap_or_default();
    let window = state.and_then(|state| state.lens.window(&row.run.key, facts, axis));
    let place = |at: f64| figures::count(if axis == Axis::Epoch { at } else { at.round() }, 9);
    let part = window.map(|(from, to)| format!("{unit} {} to {}", place(from), place(to)));
    let unit = part.as_deref().unwrap_or(unit);
    let text = if words.is_empty() { unit.to_owned() } else { format!("{words}  {unit}") };
    // where there is no room for all of it, what changes the picture comes first
    let room = area.right().saturating_sub(x);
    let fits =
        [text.as_str(), &words, unit].into_iter().find(|text| !text.is_empty() && width(text) + 2 < room);
    if let Some(text) = fits {
        let dim = pen.theme.dim;
        pen.right(area.x, area.y, area.width, text, dim);
    }
    let curves: Vec<Curve<'_>> =
        members.iter().enumerate().map(|(ink, metric)| Curve { series: &metric.series, ink }).collect();
    let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let look = state.map_or_else(Look::default, |state| {
        let lens = &state.lens;
        Look { window, smooth: lens.smooth(), upright: lens.upright, cut: lens.cut }
    });
    let growing = row.verdict.state == RunState::Running;
    chart(pen, below, &Chart { curves: &curves, end, growing, cross, look });
}

/// What a curve says below the crosshair: the figure, or what the figures of that stretch lie between; where nothing was logged
/// just there, what was logged last, and where that was. Returns the column behind it.
fn read(pen: &mut Pen<'_>, x: u16, area: Rect, metric: &Metric, at: f64) -> u16 {
    let theme = pen.theme;
    let room = area.right().saturating_sub(x);
    let Some(reading) = metric.series.at(at) else {
        return pen.put(x, area.y, room, theme.glyphs.none, theme.faint);
    };
    let text = figures::metric(reading.value);
    let style = if reading.value.is_finite() { theme.strong } else { theme.bad };
    let x = pen.put(x, area.y, room, &text, style);
    if !reading.older {
        return x;
    }
    let text = format!(" @{}", figures::count(reading.from, 9));
    pen.put(x, area.y, area.right().saturating_sub(x), &text, theme.dim)
}

/// The page, of which `state.scroll` rows are above the pane.
pub(super) fn page(pen: &mut Pen<'_>, areas: &Areas, state: &State, row: &Row, picks: &Picks, now: Stamp) {
    let (area, rule) = (areas.page, areas.log_title);
    let alone = state.lens.alone.as_deref();
    let page = Page::new(&row.run, picks, alone, (area.width, area.height));
    for placed in &page.blocks {
        let (top, bottom) = (i32::from(placed.top) - i32::from(state.scroll), i32::from(placed.height));
        if top + bottom <= 0 || top >= i32::from(area.height) {
            continue;
        }
        let draw = |pen: &mut Pen<'_>, area: Rect| match placed.block {
            Block::Trouble => files::trouble(pen, area, &row.run),
            Block::Gauges => gauges(pen, area, row),
            Block::Cards => cards(pen, area, &row.run.facts, &page),
            Block::Charts => charts(pen, area, row, &page, state),
            Block::Files => files::files(pen, area, &row.run, now),
        };
        match (u16::try_from(top), top + bottom <= i32::from(area.height)) {
            (Ok(top), true) => draw(pen, Rect { y: area.y + top, height: placed.height, ..area }),
            // a block of which the pane shows a part is drawn aside, whole, and its part put into place
            (from, _) => {
                let whole = Rect::new(0, 0, area.width, placed.height);
                let mut aside = Buffer::empty(whole);
                draw(&mut Pen::new(&mut aside, pen.theme), whole);
                let skipped = u16::try_from(-top).unwrap_or(0);
                copy(
                    &aside,
                    skipped,
                    pen.buffer,
                    Rect {
                        y: area.y + from.unwrap_or(0),
                        height: area.height.saturating_sub(from.unwrap_or(0)).min(placed.height - skipped),
                        ..area
                    },
                );
            }
        }
    }
    let below = page.height.saturating_sub(state.scroll.saturating_add(area.height));
    more(pen, if rule.is_empty() { area } else { rule }, below);
}

/// Says that the page goes on: in the rule below it, else over its last row.
fn more(pen: &mut Pen<'_>, area: Rect, rows: u16) {
    if rows > 0 && area.height > 0 {
        let text = if pen.theme.glyphs.ascii {
            format!(" {rows} more rows v ")
        } else {
            format!(" {rows} more rows ▾ ")
        };
        let columns = width(&text).min(area.width);
        let dim = pen.theme.dim;
        pen.put(
            (area.right() - columns).saturating_sub(1).max(area.x),
            area.bottom() - 1,
            columns,
            &text,
            dim,
        );
    }
}

fn copy(from: &Buffer, skipped: u16, to: &mut Buffer, area: Rect) {
    for y in 0..area.height {
        for x in 0..area.width {
            if let (Some(cell), Some(target)) =
                (from.cell((x, y + skipped)), to.cell_mut((area.x + x, area.y + y)))
            {
                *target = cell.clone();
            }
        }
    }
}

/// The whole run, its epochs and whatever is under way, each as a bar with its figures.
fn gauges(pen: &mut Pen<'_>, area: Rect, row: &Row) {
    let theme = pen.theme;
    let progress = &row.run.facts.progress;
    let running = row.verdict.state == RunState::Running;
    let style = bar_style(pen, row.verdict.state);
    let label =
        progress.bars.iter().map(|bar| width(&bar.label)).max().unwrap_or(0).clamp(6, 20).min(area.width / 5);
    // a bar says less than what is left: it makes room for that
    let [step, left, ..] = PLACES;
    let beside = 1 + label + 1 + 1 + 4 + 2 + step + 2 + left;
    let columns = (area.width / 3).min(area.width.saturating_sub(beside)).clamp(8, 60);
    let lines = Gauges { area, label, bar: columns, style };
    let mut y = area.y;
    let share = progress.percent.map(|percent| percent / 100.0);
    let elapsed = progress.elapsed.and_then(age::span);
    let ended = elapsed.as_ref().map(|text| format!("took {text}"));
    let tail = [
        figures::part(progress.step, progress.total_steps, 11).map(|text| format!("step {text}")),
        progress.eta.filter(|_| running).and_then(age::span).map(|text| format!("{text} left")),
        progress.rate.filter(|_| running).and_then(figures::rate),
        elapsed.filter(|_| running).map(|text| format!("{text} worked")),
    ];
    let [step, ..] = &tail;
    // what has ended has no rate and nothing left: what it took stands beside its step
    let ended = [step.clone(), ended];
    let tail = if running { &tail[..] } else { &ended[..] };
    lines.line(pen, y, "run", (share, theme.strong), tail);
    y += 1;
    if let (Some(done), Some(total)) = (progress.completed_epochs.or(Some(0.0)), progress.total_epochs) {
        let known = progress.completed_epochs.is_some();
        let text = figures::part(progress.completed_epochs, progress.total_epochs, 16)
            .unwrap_or_else(|| format!("of {}", figures::count(total, 8)));
        let share = (known && total > 0.0).then(|| done / total);
        lines.line(pen, y, "epochs", (share, theme.text), &[Some(text)]);
        y += 1;
    }
    for bar in progress.bars.iter().take(8) {
        let share = bar.total.filter(|total| *total > 0.0).map(|total| bar.current / total);
        let name = if bar.label.is_empty() { "bar" } else { &bar.label };
        let tail = [
            figures::part(Some(bar.current), bar.total, 15),
            bar.eta.filter(|_| running).and_then(age::span).map(|text| format!("{text} left")),
            bar.rate.filter(|_| running).and_then(figures::rate),
        ];
        lines.line(pen, y, name, (share, theme.dim), &tail);
        y += 1;
    }
    if let Some(search) = &row.run.facts.search {
        files::search(pen, Rect { y, height: 1, ..area }, search);
    }
}

/// Columns of the figures beside a bar: step, time left, rate, time worked.
const PLACES: [u16; 4] = [16, 13, 8, 16];

struct Gauges {
    area: Rect,
    label: u16,
    bar: u16,
    style: Style,
}

impl Gauges {
    fn line(
        &self,
        pen: &mut Pen<'_>,
        y: u16,
        name: &str,
        (share, style): (Option<f64>, Style),
        tail: &[Option<String>],
    ) {
        let theme = pen.theme;
        let x = self.area.x + 1;
        pen.put(x, y, self.label, name, style);
        let bar = x + self.label + 1;
        gauge::bar(pen, bar, y, self.bar, share, self.style);
        let mut x = bar + self.bar + 1;
        let percent =
            share.map_or_else(|| theme.glyphs.none.to_owned(), |share| figures::percent(share * 100.0));
        pen.right(x, y, 4, &percent, if share.is_some() { theme.text } else { theme.faint });
        x += 4;
        // each figure has its place whatever the others say, so that the lines are columns
        for (text, columns) in tail.iter().zip(PLACES) {
            if x + 2 + columns > self.area.right() {
                break;
            }
            if let Some(text) = text {
                pen.put(x + 2, y, columns, text, theme.text);
            }
            x += 2 + columns;
        }
    }
}

/// Newest, best and where, metric by metric.
fn cards(pen: &mut Pen<'_>, area: Rect, facts: &Facts, page: &Page) {
    let (columns, rows) = (page.card_columns.max(1), page.card_rows);
    let theme = pen.theme;
    for (at, metric) in facts.metrics.iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let (column, line) = (at % columns, at / columns);
        let x = area.x + 1 + column * CARD;
        let y = area.y.saturating_add(line.saturating_mul(rows));
        if y >= area.bottom() {
            break;
        }
        let room = CARD - 4;
        let value = figures::metric(metric.last);
        let style = if metric.last.is_finite() { theme.strong } else { theme.bad };
        pen.tail(x, y, room.saturating_sub(width(&value) + 1), &metric.name, theme.dim);
        pen.right(x, y, room, &value, style);
        if rows == 1 {
            continue;
        }
        let below = best(metric).or_else(|| range(metric, theme.glyphs.ascii)).unwrap_or_default();
        pen.right(x, y + 1, room, &below, theme.dim);
        if metric.non_finite > 0 {
            let text = format!("{} {}", metric.non_finite, theme.glyphs.nan);
            pen.put(x, y + 1, room.saturating_sub(width(&below) + 1), &text, theme.bad);
        }
    }
}

/// What the figures of a metric lie between, where none is known to be the best.
fn range(metric: &Metric, ascii: bool) -> Option<String> {
    let dots = if ascii { ".." } else { "…" };
    // a figure that never moved has no range
    (metric.min? < metric.max?).then_some(())?;
    Some(format!("{} {dots} {}", figures::metric(metric.min?), figures::metric(metric.max?)))
}

fn charts(pen: &mut Pen<'_>, area: Rect, row: &Row, page: &Page, state: &State) {
    let columns = page.chart_columns.max(1);
    let wide = area.width / columns;
    for (at, group) in page.groups.iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let top = area.y.saturating_add((at / columns).saturating_mul(page.chart_rows + 1));
        if top >= area.bottom() {
            break;
        }
        let place = Rect::new(area.x + 1 + at % columns * wide, top, wide.saturating_sub(3), page.chart_rows);
        curves(pen, place, row, group, Some(state));
    }
}
