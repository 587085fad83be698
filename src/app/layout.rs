//! Where everything stands: pure geometry, asked by the drawing and by the scrolling alike.
//!
//! ```text
//!  header                                   header
//!  alert            (from 20 rows on)       alert
//!  headings                                 run: title and state
//!  the runs                                 its page, scrolled
//!  ── selected run ───────────────          ── log ────────────
//!  its figures                              the end of its log
//!  chart            │ end of log            footer
//!  footer
//! ```
//! A pane for which there is no room is empty; none is ever clipped.

use ratatui::layout::Rect;

use super::binding::Screen;
use super::page::{Page, curves};
use super::state::State;

/// Fewer columns than this, and one line says so.
pub const LEAST_COLS: u16 = 40;
/// Fewer rows than this, and one line says so.
pub const LEAST_ROWS: u16 = 10;
/// Fewer rows than this are no place for a chart and two lines of a log.
const LEAST_CHART: u16 = 7;

/// The panes of the screen, empty where there is none. All are disjoint and inside the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Areas {
    /// Where, how many, in which state.
    pub header: Rect,
    /// The most important alert.
    pub alert: Rect,
    /// Headings of the list.
    pub heads: Rect,
    /// The list.
    pub table: Rect,
    /// Name and state of the run.
    pub title: Rect,
    /// Its newest figures in a line or two.
    pub cards: Rect,
    /// Its loss.
    pub chart: Rect,
    /// The run's page, or the whole log.
    pub page: Rect,
    /// The rule above the end of the log.
    pub log_title: Rect,
    /// The end of its log.
    pub log: Rect,
    /// Keys and notices, or what is typed.
    pub footer: Rect,
}

impl Areas {
    /// All of them.
    pub fn all(&self) -> [Rect; 11] {
        [
            self.header,
            self.alert,
            self.heads,
            self.table,
            self.title,
            self.cards,
            self.chart,
            self.page,
            self.log_title,
            self.log,
            self.footer,
        ]
    }

    /// Whether the screen is too small for anything but saying so.
    pub fn too_small(&self) -> bool {
        self.header.is_empty()
    }
}

/// Takes rows off the top of what is left.
struct Rows {
    left: Rect,
}

impl Rows {
    fn top(&mut self, rows: u16) -> Rect {
        let rows = rows.min(self.left.height);
        let taken = Rect { height: rows, ..self.left };
        self.left.y += rows;
        self.left.height -= rows;
        taken
    }

    fn bottom(&mut self, rows: u16) -> Rect {
        let rows = rows.min(self.left.height);
        self.left.height -= rows;
        Rect { y: self.left.y + self.left.height, height: rows, ..self.left }
    }
}

/// The panes of `state` on a screen of this size.
pub fn areas(size: Rect, state: &State) -> Areas {
    if size.width < LEAST_COLS || size.height < LEAST_ROWS {
        return Areas::default();
    }
    let mut rows = Rows { left: size };
    let mut areas = Areas { header: rows.top(1), footer: rows.bottom(1), ..Areas::default() };
    // the run's own page tells what is wrong with it: on a low screen the row is used otherwise
    let needed = state.screen != Screen::Run || size.height >= 30 || elsewhere(state);
    if size.height >= 20 && needed {
        areas.alert = rows.top(1);
    }
    match state.screen {
        Screen::Runs => runs(&mut areas, rows, state),
        Screen::Run => run(&mut areas, rows, state),
        Screen::Logs => {
            areas.title = rows.top(1);
            areas.page = rows.left;
        }
    }
    areas
}

/// Whether there is an alert about something else than the selected run.
fn elsewhere(state: &State) -> bool {
    let store = state.shown();
    let alert = store.alert(state.moment(state.memory.now)).map(|(row, _)| &row.run.key);
    !store.problems().is_empty() || (alert.is_some() && alert != state.current())
}

/// The list comes first. What is left shows the selected run: a chart if there is one to be drawn, and as much of the end of
/// its log as has lines; neither stays empty while the other is cramped.
fn runs(areas: &mut Areas, mut rows: Rows, state: &State) {
    if state.list.is_empty() {
        areas.page = rows.left;
        return;
    }
    areas.heads = rows.top(1);
    let room = rows.left.height;
    let listed = u16::try_from(state.list.len()).unwrap_or(u16::MAX);
    if room < 12 {
        areas.table = rows.left;
        return;
    }
    // where little is left, the name of the run, its figures and two lines of its log
    let most = if room < 17 { room - 4 } else { room * 9 / 20 };
    areas.table = rows.top(listed.clamp(4, most));
    areas.title = rows.top(1);
    areas.cards = rows.top(if rows.left.height >= 14 { 2 } else { 1 });
    let rest = rows.left.height;
    let charted = state.current_row().is_some_and(|(row, picks)| !curves(&row.run.facts, picks).is_empty());
    // below the chart rather than beside it: lines are wide, and a pane of the screen's width is scrolled by the terminal itself
    let log = match rest {
        _ if !charted => rest,
        0..LEAST_CHART => rest,
        LEAST_CHART..12 => 2,
        _ => rest * 2 / 5,
    };
    let log = if log < rest { log.min(log_lines(state, log)) } else { log };
    areas.log = rows.bottom(log);
    areas.chart = rows.left;
}

/// How many of so many rows the end of the selected run's log fills: all until it is known.
fn log_lines(state: &State, rows: u16) -> u16 {
    let logs = state.logs.focused();
    if logs.run() != state.current() || (logs.source().is_some() && !logs.answered()) {
        return rows;
    }
    // a word stands where there is no line
    u16::try_from(logs.lines().len()).unwrap_or(u16::MAX).clamp(1, rows.max(1))
}

fn run(areas: &mut Areas, mut rows: Rows, state: &State) {
    areas.title = rows.top(1);
    if rows.left.height >= 26 {
        rows.top(1);
    }
    let room = rows.left.height;
    let Some((row, picks)) = state.current_row() else {
        areas.page = rows.left;
        return;
    };
    // the end of the log keeps a share of the screen, and gets all that the page leaves
    let kept = if room >= 12 { 1 + log_lines(state, (room / 4).max(4) - 1) } else { 0 };
    let alone = state.lens.alone.as_deref();
    let page = Page::new(&row.run, picks, alone, (rows.left.width, room - kept));
    if kept == 0 {
        areas.page = rows.left;
    } else {
        areas.page = rows.top(page.height.min(room - kept));
        areas.log_title = rows.top(1);
        areas.log = rows.left;
    }
}

#[cfg(test)]
mod tests;
