//! State to cells. Pure: the same state at the same moment gives the same buffer.

pub mod chart;
mod empty;
pub mod figures;
mod files;
pub mod gauge;
mod header;
mod help;
pub mod logs;
pub mod pen;
mod run;
mod runs;
pub mod theme;

use ratatui::buffer::Buffer;

use crate::app::age;
use crate::app::binding::Screen;
use crate::app::cross::Cross;
use crate::app::layout::{Areas, areas};
use crate::app::state::State;
use crate::model::stamp::Stamp;
use crate::store::Row;

use self::logs::Preview;
pub use self::pen::Pen;
use self::run::Title;
pub use self::theme::Theme;

/// Draws the whole screen into `buffer`, which is empty.
pub fn render(state: &State, theme: &Theme, now: Stamp, buffer: &mut Buffer) {
    let screen = buffer.area;
    let areas = areas(screen, state);
    let mut pen = Pen::new(buffer, theme);
    let pen = &mut pen;
    if areas.too_small() {
        let text =
            format!("trainmon needs {}x{}", crate::app::layout::LEAST_COLS, crate::app::layout::LEAST_ROWS);
        pen.put(screen.x, screen.y, screen.width, &text, theme.text);
        return;
    }
    let now = state.moment(now);
    header::header(pen, areas.header, state);
    // one screen says one thing once: the run's own page tells its error in full
    let alerted = header::alerted(state, now).map(|row| &row.run.key);
    let about = alerted.is_some() && alerted == state.current() && !areas.alert.is_empty();
    let told_below = about && state.screen == Screen::Run;
    if !areas.alert.is_empty() && !told_below {
        header::alert(pen, areas.alert, state, now);
    }
    match state.screen {
        Screen::Runs => list(pen, &areas, state, now, about),
        Screen::Run => one(pen, &areas, state, now),
        Screen::Logs => {
            if let Some((row, _)) = state.current_row() {
                run::title(pen, areas.title, row, now, &Title { rule: false, told: about });
            }
            logs::panes(&state.logs, theme, now, areas.page, pen.buffer);
        }
    }
    if let Some(top) = state.help {
        help::help(pen, screen, state, top);
    }
    header::footer(pen, areas.footer, state);
}

fn list(pen: &mut Pen<'_>, areas: &Areas, state: &State, now: Stamp, told: bool) {
    if state.list.is_empty() {
        empty::empty(pen, areas.page, state);
        return;
    }
    let columns = runs::Columns::new(areas.table);
    runs::heads(pen, areas.heads, &columns, state);
    runs::table(pen, areas.table, &columns, state, now);
    let Some((row, picks)) = state.current_row().filter(|_| !areas.title.is_empty()) else { return };
    run::title(pen, areas.title, row, now, &Title { rule: true, told });
    run::summary(pen, areas.cards, row, picks);
    run::loss(pen, areas.chart, row, picks);
    logs::preview(state.logs.focused(), pen.theme, preview(state, row, now), areas.log, pen.buffer);
}

fn one(pen: &mut Pen<'_>, areas: &Areas, state: &State, now: Stamp) {
    let Some((row, picks)) = state.current_row() else {
        empty::empty(pen, areas.page, state);
        return;
    };
    let told =
        row.run.facts.error.as_ref().is_some_and(|error| row.verdict.reason.contains(&*error.type_name));
    run::title(pen, areas.title, row, now, &Title { rule: false, told });
    if !areas.log_title.is_empty() {
        let log = row.run.main_log().map_or_else(String::new, |source| source.path.to_string());
        let title = if log.is_empty() { "log".to_owned() } else { log };
        let title = link(state, title);
        pen.rule(areas.log_title, &title, pen.theme.strong);
        logs::preview(state.logs.focused(), pen.theme, preview(state, row, now), areas.log, pen.buffer);
    }
    run::page(pen, areas, state, row, picks, now);
}

/// What of the log is shown below the other things.
fn preview(state: &State, row: &Row, now: Stamp) -> Preview {
    if state.cross.is_some() {
        Preview::Point
    } else if age::is_live(row.run.last_write, now) {
        Preview::Live
    } else {
        Preview::End
    }
}

/// The title of the log, with the step it is brought to while the crosshair stands, or why it is not.
fn link(state: &State, title: String) -> String {
    let Some(step) = state.cross.as_ref().and_then(Cross::step) else { return title };
    match state.logs.focused().said() {
        Some(said) => format!("{title}: {said}"),
        None => format!("{title} at step {step}"),
    }
}

#[cfg(test)]
mod tests;
