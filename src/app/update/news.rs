//! What news of runs, lines of logs and the passing of time do.

use crate::app::binding::Screen;
use crate::app::layout::Areas;
use crate::app::page::Page;
use crate::app::state::State;
use crate::model::log::LogPage;
use crate::model::log::Slot;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::store::Update;

/// News of runs.
pub(super) fn runs(state: &mut State, updates: Vec<Update>, now: Stamp) {
    let cursor = state.cursor();
    let mut changed = Vec::new();
    for update in updates {
        match &update {
            Update::Run(run) => changed.push(run.key.clone()),
            Update::Gone(key) => changed.push(key.clone()),
            Update::Problem(_) | Update::Solved(_) | Update::Walked | Update::Reading { .. } => {}
        }
        state.store.apply(update, now);
    }
    changed.extend(state.store.judged_anew(now));
    listed_anew(state, &changed, now);
    keep_selection(state, cursor);
    if !state.memory.touched {
        // a single run needs no list
        let alone = state.store.walked() && state.store.len() == 1;
        state.screen = if alone { Screen::Run } else { Screen::Runs };
    }
}

/// Nothing but time has passed.
pub(super) fn time(state: &mut State, now: Stamp) {
    let changed = state.store.judged_anew(now);
    listed_anew(state, &changed, now);
}

fn listed_anew(state: &mut State, changed: &[RunKey], now: Stamp) {
    match &mut state.frozen {
        Some(frozen) => frozen.behind.extend(changed.iter().cloned()),
        None => state.list.refresh(&state.store, changed, now),
    }
}

/// A chosen run that is gone leaves the choice to the one that takes its row.
fn keep_selection(state: &mut State, cursor: Option<usize>) {
    let gone = state.selected.as_ref().is_some_and(|key| state.shown().get(key).is_none());
    if gone {
        let row = cursor.unwrap_or(0).min(state.list.len().saturating_sub(1));
        state.selected = state.list.get(row).cloned();
        if state.screen != Screen::Runs {
            state.screen = Screen::Runs;
            state.scroll = 0;
        }
    }
}

/// Lines that the log pane asked for. Returns whether the screen changes.
pub(super) fn log(state: &mut State, slot: Slot, page: LogPage) -> bool {
    if let Some(frozen) = &mut state.frozen
        && page.generation <= *frozen.generation.of(slot)
    {
        *frozen.log.of_mut(slot) = Some(page);
        return false;
    }
    *state.memory.generation.of_mut(slot) = page.generation;
    let areas = state.areas();
    let visible = if state.screen == Screen::Logs { !areas.page.is_empty() } else { !areas.log.is_empty() };
    state.logs.page(slot, page) && visible
}

/// Rows of the selected run's page, of which the pane shows a part.
pub(super) fn page_rows(state: &State, areas: &Areas) -> u16 {
    state.current_row().map_or(0, |(row, picks)| {
        let alone = state.lens.alone.as_deref();
        Page::new(&row.run, picks, alone, (areas.page.width, areas.page.height)).height
    })
}
