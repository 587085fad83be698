//! Takes messages in: the router. What keys do stands in [`keys`], what news does in [`news`].
//!
//! Whether to draw is never guessed from the message: what the screen rests on is noted before and after, and only a
//! difference draws. News of a run that is not on screen costs no frame.

mod charts;
mod keys;
mod link;
mod news;
mod seen;

use super::binding::Screen;
use super::effect::{Effect, Outcome};
use super::logs::LogPane;
use super::logs::View;
use super::msg::Msg;
use super::state::State;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::model::state::State::Running;
use crate::model::state::State::Stalled;

use self::seen::Seen;

/// Runs just outside the list's window are read early, so that they are there when one scrolls.
const AHEAD: usize = 8;

/// Takes one message in.
pub fn update(state: &mut State, msg: Msg, now: Stamp) -> Outcome {
    // the text may be due to change at this moment whatever the message is
    let due = state.next_wake(state.memory.now).is_some_and(|due| due <= now);
    let mut outcome = Outcome { redraw: due, ..Outcome::default() };
    state.memory.now = now;
    match msg {
        Msg::Key(key) => {
            keys::key(state, key, now, &mut outcome);
            outcome.redraw = true;
        }
        Msg::Paste(text) => outcome.redraw |= keys::paste(state, &text, now, &mut outcome.effects),
        Msg::Resize { cols, rows } => {
            state.cols = cols;
            state.rows = rows;
            outcome.redraw = true;
        }
        Msg::Focus(_) => {}
        Msg::Runs(updates) => {
            let before = Seen::of(state, now);
            news::runs(state, updates, now);
            settle(state);
            outcome.redraw |= Seen::of(state, now) != before;
        }
        Msg::Log(slot, page) => outcome.redraw |= news::log(state, slot, page),
        Msg::Wake => {
            let before = Seen::of(state, now);
            news::time(state, now);
            settle(state);
            outcome.redraw |= Seen::of(state, now) != before;
        }
        Msg::Filters(filters) => outcome.redraw |= state.logs.know_filters(filters),
        Msg::Notice(text) => {
            outcome.redraw |= state.notice.as_ref() != Some(&text);
            state.notice = Some(text);
        }
    }
    settle(state);
    ask(state, &mut outcome);
    outcome
}

/// Keeps the list and the page within what there is, with the selected run on screen.
fn settle(state: &mut State) {
    let areas = state.areas();
    let height = usize::from(areas.table.height);
    if height > 0 {
        let cursor = state.cursor().unwrap_or(0);
        let highest = state.list.len().saturating_sub(height);
        state.top = state.top.clamp((cursor + 1).saturating_sub(height), cursor).min(highest);
    }
    // it stands on the charts of one run
    let elsewhere = state.cross.as_ref().is_some_and(|cross| Some(&cross.run) != state.current());
    if elsewhere || state.screen == Screen::Runs {
        state.cross = None;
    }
    if state.screen == Screen::Run {
        let rows = news::page_rows(state, &areas);
        state.scroll = state.scroll.min(rows.saturating_sub(areas.page.height));
    }
}

/// Asks for what the panes lack: runs to be read first, and lines of the log.
fn ask(state: &mut State, outcome: &mut Outcome) {
    let areas = state.areas();
    let mut wanted: Vec<RunKey> = state.current().cloned().into_iter().collect();
    if state.screen == Screen::Runs {
        let rows = usize::from(areas.table.height);
        let around = state.list.window(state.top, rows).chain(state.list.window(state.top + rows, AHEAD));
        for key in around.chain(state.list.window(state.top.saturating_sub(AHEAD), AHEAD.min(state.top))) {
            if wanted.first() != Some(key) {
                wanted.push(key.clone());
            }
        }
    }
    if wanted != state.memory.attended {
        state.memory.attended.clone_from(&wanted);
        outcome.effects.push(Effect::Attend(wanted));
    }
    let open = state.screen == Screen::Logs;
    let places = state.logs.places(areas.page);
    let rows = if open { LogPane::rows_in(places.focused.height) } else { areas.log.height };
    let beside = LogPane::rows_in(places.other.height);
    let row = state.current_row().filter(|_| rows > 0);
    let run = row.map(|(row, _)| (row.run.clone(), matches!(row.verdict.state, Running | Stalled)));
    let view = run.as_ref().map(|(run, alive)| View { run, alive: *alive, rows, open });
    let shown = state.logs.show(view, beside);
    outcome.effects.extend(shown.effects);
    outcome.redraw |= shown.redraw;
    outcome.effects.extend(link::bring_log(state, rows > 0));
}
