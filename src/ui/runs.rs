//! The list of runs. Only the rows on screen are formatted.
//!
//! ```text
//!   run              progress            epoch       step    rate    eta  loss              val   age
//! ✗ vit-b/seed-3     ━━━━━━━╸━━━━  41%   12/30   4920/12k   5.1/s      —  ▇▆▅▅▃▁  0.8420  0.9130   2h
//! ```
//! What a narrow pane lacks room for goes in this order: val, rate, epoch, sparkline, step, loss, bar. A wide one tells in
//! words what the state rests on, or the stage of what is alive.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::figures;
use super::gauge;
use super::pen::Pen;
use crate::app::age;
use crate::app::state::State;
use crate::model::run::{Run, RunKey};
use crate::model::stamp::Stamp;
use crate::model::state::State as RunState;
use crate::store::Row;
use crate::store::column::Column as By;
use crate::store::pick::Picks;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bar,
    Percent,
    Epoch,
    Step,
    Rate,
    Eta,
    Spark,
    Loss,
    Score,
    Age,
    Reason,
}

impl Kind {
    const fn head(self) -> (&'static str, By) {
        match self {
            Self::Bar | Self::Percent => ("progress", By::Progress),
            Self::Epoch => ("epoch", By::Epoch),
            Self::Step => ("step", By::Step),
            Self::Rate => ("rate", By::Rate),
            Self::Eta => ("eta", By::Eta),
            Self::Spark | Self::Loss => ("loss", By::Loss),
            Self::Score => ("val", By::Score),
            Self::Age => ("age", By::Age),
            Self::Reason => ("state", By::State),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Place {
    kind: Kind,
    x: u16,
    width: u16,
}

/// Where the columns stand at a width: the same for all rows, whatever is in them.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    name: (u16, u16),
    places: Vec<Place>,
}

impl Columns {
    /// The columns of a table so wide.
    pub(super) fn new(area: Rect) -> Self {
        let gap = if area.width >= 100 { 2 } else { 1 };
        // a name cut short is worth less than any column: which run is it?
        let least_name = match area.width {
            0..66 => 14,
            66..100 => 18,
            _ => 22,
        };
        let most_name = (area.width / 5).max(22);
        // mark, state, blank … blank, scroll bar
        let mut room = area.width.saturating_sub(3 + 2 + least_name);
        let mut widths = [
            (Kind::Age, 4, true),
            (Kind::Percent, 4, true),
            (Kind::Eta, 7, true),
            (Kind::Bar, 6, false),
            (Kind::Loss, 8, false),
            (Kind::Step, 10, false),
            (Kind::Spark, 8, false),
            (Kind::Epoch, 7, false),
            (Kind::Rate, 8, false),
            (Kind::Score, 8, false),
            (Kind::Reason, 28, false),
        ];
        let mut full = true;
        for (kind, width, shown) in &mut widths {
            let cost = *width + if *kind == Kind::Percent { 1 } else { gap };
            // a column is not shown before those that matter more are; words only where all else has room to spare
            let spare = if *kind == Kind::Reason { 28 } else { 0 };
            *shown = *shown || (full && room >= cost + spare);
            full = *shown;
            if *shown {
                room = room.saturating_sub(cost);
            }
        }
        // what is left goes to the bar until it can be read, then to the name, the bar and the sparkline
        let mut name = least_name;
        if let Some((_, width, true)) = widths.iter_mut().find(|(kind, ..)| *kind == Kind::Bar) {
            let grow = room.min(2);
            *width += grow;
            room -= grow;
        }
        let grow = room.min(most_name.saturating_sub(least_name));
        name += grow;
        room -= grow;
        for (kind, width, shown) in &mut widths {
            let most = match kind {
                Kind::Bar if *shown => 24,
                Kind::Spark if *shown => 16,
                Kind::Reason if *shown => 60,
                _ => continue,
            };
            let grow = room.min(most - *width);
            *width += grow;
            room -= grow;
        }
        name += room;
        let order = [
            Kind::Bar,
            Kind::Percent,
            Kind::Epoch,
            Kind::Step,
            Kind::Rate,
            Kind::Eta,
            Kind::Spark,
            Kind::Loss,
            Kind::Score,
            Kind::Age,
            Kind::Reason,
        ];
        let mut x = area.x + 3 + name;
        let mut places = Vec::with_capacity(order.len());
        for kind in order {
            let Some((_, width, true)) = widths.iter().find(|(k, ..)| *k == kind).copied() else { continue };
            x += if kind == Kind::Percent { 1 } else { gap };
            places.push(Place { kind, x, width });
            x += width;
        }
        Self { name: (area.x + 3, name), places }
    }

    fn has(&self, kind: Kind) -> bool {
        self.places.iter().any(|place| place.kind == kind)
    }
}

/// The headings, with the sorted column marked.
pub(super) fn heads(pen: &mut Pen<'_>, area: Rect, columns: &Columns, state: &State) {
    let theme = pen.theme;
    let sort = state.list.sort();
    let arrow = if sort.reversed { theme.glyphs.rising } else { theme.glyphs.falling };
    let style = |by: By| if sort.column == by { theme.accent } else { theme.dim };
    let titled =
        |title: &str, by: By| if sort.column == by { format!("{title} {arrow}") } else { title.to_owned() };
    let (x, width) = columns.name;
    let by = if sort.column == By::State && !columns.has(Kind::Reason) { By::State } else { By::Name };
    let title = if by == By::State { "run, by state" } else { "run" };
    pen.put(x, area.y, width, &titled(title, by), style(by));
    for place in &columns.places {
        let (title, by) = place.kind.head();
        match place.kind {
            // the bar and the sparkline have one heading with the figure beside them
            Kind::Percent if columns.has(Kind::Bar) => {}
            Kind::Percent => pen.right(place.x, area.y, place.width, "%", style(by)),
            Kind::Spark => {}
            Kind::Bar => {
                pen.put(place.x, area.y, place.width + 5, &titled(title, by), style(by));
            }
            Kind::Reason => {
                pen.put(place.x, area.y, place.width, &titled(title, by), style(by));
            }
            Kind::Loss | Kind::Epoch | Kind::Step | Kind::Rate | Kind::Eta | Kind::Score | Kind::Age => {
                pen.right(place.x.saturating_sub(2), area.y, place.width + 2, &titled(title, by), style(by));
            }
        }
    }
}

/// The rows on screen.
pub(super) fn table(pen: &mut Pen<'_>, area: Rect, columns: &Columns, state: &State, now: Stamp) {
    let store = state.shown();
    let cursor = state.cursor();
    for (line, key) in state.list.window(state.top, usize::from(area.height)).enumerate() {
        let (Some(row), Some(picks)) = (store.get(key), store.picks(key)) else { continue };
        let y = area.y + u16::try_from(line).unwrap_or(u16::MAX);
        let selected = cursor == Some(state.top + line);
        line_of(pen, Rect { y, height: 1, ..area }, columns, row, picks, now);
        if selected {
            let theme = pen.theme;
            pen.ground(Rect { y, height: 1, ..area }, theme.selection);
            pen.glyph(area.x, y, theme.glyphs.mark, theme.accent);
            let (x, width) = columns.name;
            pen.wash(Rect::new(x, y, width, 1), theme.strong);
        }
    }
    scroll_bar(pen, area, state.top, state.list.len());
}

fn line_of(pen: &mut Pen<'_>, area: Rect, columns: &Columns, row: &Row, picks: &Picks, now: Stamp) {
    let theme = pen.theme;
    let (glyph, style) = theme.state(row.verdict.state);
    pen.glyph(area.x + 1, area.y, glyph, style);
    let quiet = if row.verdict.outdated { theme.dim } else { theme.text };
    name(pen, columns.name.0, area.y, columns.name.1, &row.run, quiet);
    for place in &columns.places {
        cell(pen, *place, area.y, row, picks, now);
    }
}

/// The name of a run: the folders above it step back.
pub(super) fn name(pen: &mut Pen<'_>, x: u16, y: u16, width: u16, run: &Run, style: Style) -> u16 {
    let shown = shown_name(run);
    let end = pen.tail(x, y, width, shown, style);
    if let Some(at) = shown.rfind('/') {
        let last = shown.get(at + 1..).map_or(0, super::pen::width);
        let parents = end.saturating_sub(x).saturating_sub(last);
        let dim = pen.theme.dim;
        pen.wash(Rect::new(x, y, parents, 1), dim);
    }
    end
}

/// What a run is called on screen: its path below the root, or its own name when it is the root.
pub(super) fn shown_name(run: &Run) -> &str {
    let RunKey { id, .. } = &run.key;
    if &**id == "." { &run.name } else { id }
}

fn cell(pen: &mut Pen<'_>, place: Place, y: u16, row: &Row, picks: &Picks, now: Stamp) {
    let theme = pen.theme;
    let Place { kind, x, width } = place;
    let run = &row.run;
    let progress = &run.facts.progress;
    let running = row.verdict.state == RunState::Running;
    let room = usize::from(width);
    let told = |text: Option<String>, style: Style| text.map(|text| (text, style));
    let cell = match kind {
        Kind::Bar => {
            let style = bar_style(pen, row.verdict.state);
            if progress.percent.is_some() {
                gauge::bar(pen, x, y, width, progress.percent.map(|p| p / 100.0), style);
            }
            return;
        }
        Kind::Spark => {
            if let Some(loss) = picks.loss_of(&run.facts) {
                let style = if running { theme.accent } else { theme.dim };
                gauge::spark(pen, x, y, width, &loss.series, style);
            }
            return;
        }
        Kind::Reason => {
            let text = reason(row);
            pen.put(x, y, width, &text, theme.dim);
            return;
        }
        Kind::Percent => told(progress.percent.map(figures::percent), theme.text),
        Kind::Epoch => {
            told(figures::part(progress.completed_epochs, progress.total_epochs, room), theme.text)
        }
        Kind::Step => told(figures::part(progress.step, progress.total_steps, room), theme.text),
        Kind::Rate => told(progress.rate.filter(|_| running).and_then(figures::rate), theme.text),
        Kind::Eta => told(progress.eta.filter(|_| running).and_then(age::span), theme.text),
        Kind::Loss => picks.loss_of(&run.facts).map(|loss| figure(pen, loss.last)),
        Kind::Score => picks.score.as_ref().map(|score| figure(pen, score.best)),
        Kind::Age => {
            let style = if running { theme.text } else { theme.dim };
            told(run.last_write.map(|written| age::text(now.since(written))), style)
        }
    };
    match cell {
        Some((text, style)) => pen.right(x, y, width, &text, style),
        // until the files have been looked at nothing is known, which is not the same as nothing being there
        None if run.looked_at => pen.right(x, y, width, theme.glyphs.none, theme.faint),
        None => {}
    }
}

/// What the state rests on, the stage of what is alive, or the state in a word: how long something has been silent stands in
/// the column beside it, and would be another text every minute.
fn reason(row: &Row) -> String {
    let verdict = &row.verdict;
    let stage = row.run.facts.stage.filter(|_| verdict.state == RunState::Running);
    let silent = matches!(verdict.state, RunState::Running | RunState::Stalled | RunState::Interrupted);
    match stage {
        Some(stage) => stage.name().replace('_', " "),
        None if silent || verdict.reason.is_empty() => verdict.state.name().replace('_', " "),
        None => verdict.reason.clone(),
    }
}

fn figure(pen: &Pen<'_>, value: f64) -> (String, Style) {
    let style = if value.is_finite() { pen.theme.text } else { pen.theme.bad };
    (figures::metric(value), style)
}

/// The colour of a bar by what became of the run.
pub(super) fn bar_style(pen: &Pen<'_>, state: RunState) -> Style {
    match state {
        RunState::Running => pen.theme.bars.running,
        RunState::Completed | RunState::EarlyStopped => pen.theme.bars.done,
        RunState::Failed => pen.theme.bars.failed,
        RunState::Stalled | RunState::Interrupted => pen.theme.bars.waiting,
        RunState::Queued | RunState::Cancelled | RunState::Unknown => pen.theme.bars.other,
    }
}

/// Which part of the list is on screen; nothing when all of it is.
fn scroll_bar(pen: &mut Pen<'_>, area: Rect, top: usize, all: usize) {
    let rows = usize::from(area.height);
    if all <= rows || rows == 0 {
        return;
    }
    let thumb = (rows * rows / all).max(1);
    let from = top * (rows - thumb) / (all - rows);
    for line in from..from + thumb {
        let y = area.y + u16::try_from(line).unwrap_or(0);
        let (glyph, style) = (pen.theme.glyphs.thumb, pen.theme.faint);
        pen.glyph(area.right() - 1, y, glyph, style);
    }
}
