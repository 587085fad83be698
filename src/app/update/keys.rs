//! What keys do.

use std::collections::HashSet;

use crate::app::binding::{Action, Place, Screen, action};
use crate::app::effect::{Effect, Outcome};
use crate::app::help::layout;
use crate::app::key::{Code, Key};
use crate::app::line::Line;
use crate::app::state::{Frozen, Prompt, State};
use crate::model::log::{BySlot, Slot};
use crate::model::stamp::Stamp;
use crate::store::column::Sort;
use crate::store::filter::{Filter, parse};

/// Takes a key. Terminals send Alt with a character as an escape and the character, which is also what the two keys send when
/// they are pressed in quick succession. So a pair that means nothing here is taken as these: no key is lost.
pub(super) fn key(state: &mut State, key: Key, now: Stamp, outcome: &mut Outcome) {
    let pair = key.alt && matches!(key.code, Code::Char(_) | Code::Backspace);
    if pair && action(state.place_of_text(), key).is_none() {
        press(state, Key::plain(Code::Esc), now, outcome);
        press(state, Key { alt: false, ..key }, now, outcome);
    } else {
        press(state, key, now, outcome);
    }
}

fn press(state: &mut State, key: Key, now: Stamp, outcome: &mut Outcome) {
    state.memory.touched = true;
    state.notice = None;
    let place = state.place_of_keys();
    let act = action(place, key);
    // these work whatever is going on, also while the log pane takes text
    if let Some(act @ (Action::Suspend | Action::Repaint)) = act {
        outcome.effects.push(if act == Action::Suspend { Effect::Suspend } else { Effect::Repaint });
        return;
    }
    if key == Key::ctrl('c') {
        outcome.effects.push(Effect::Quit(0));
        return;
    }
    if place == Place::On(Screen::Logs)
        && let Some(done) = state.logs.key(key)
    {
        outcome.effects.extend(done.effects);
        return;
    }
    match (act, key) {
        (Some(act), _) => perform(state, act, now, outcome),
        (None, Key { code: Code::Char(c), ctrl: false, alt: false }) if place == Place::Prompt => {
            typed(state, now, |line| {
                line.insert(c.encode_utf8(&mut [0; 4]));
            });
        }
        (None, _) => {}
    }
}

/// Takes pasted text. Returns whether anything came of it.
pub(super) fn paste(state: &mut State, text: &str, now: Stamp, effects: &mut Vec<Effect>) -> bool {
    match state.place_of_keys() {
        Place::Prompt => {
            typed(state, now, |line| {
                line.insert(text);
            });
            true
        }
        Place::On(Screen::Logs) => state.logs.paste(text).is_some_and(|done| {
            effects.extend(done.effects);
            done.redraw
        }),
        _ => false,
    }
}

fn perform(state: &mut State, act: Action, now: Stamp, outcome: &mut Outcome) {
    match act {
        Action::Quit => outcome.effects.push(Effect::Quit(0)),
        Action::Suspend => outcome.effects.push(Effect::Suspend),
        Action::Repaint => outcome.effects.push(Effect::Repaint),
        Action::Help => state.help = if state.help.is_some() { None } else { Some(0) },
        Action::Freeze => freeze(state, now),
        Action::Open(screen) => open(state, screen),
        Action::Deeper => open(state, if state.screen == Screen::Runs { Screen::Run } else { Screen::Logs }),
        Action::Back => back(state, now),
        Action::Down | Action::Up | Action::PageDown | Action::PageUp | Action::First | Action::Last => {
            go(state, act);
        }
        Action::NextRun => neighbour(state, 1),
        Action::PreviousRun => neighbour(state, -1),
        Action::Chart => super::link::to_chart(state),
        Action::Cross
        | Action::Walk(_)
        | Action::Turn
        | Action::Zoom(_)
        | Action::Smooth(_)
        | Action::Upright
        | Action::Cut
        | Action::Alone => super::charts::act(state, act),
        Action::Filter => {
            let before = state.list.filter().clone();
            state.prompt = Some(Prompt { line: Line::new(before.text()), error: None, before });
        }
        Action::NextSort | Action::PreviousSort | Action::Reverse => {
            let sort = state.list.sort();
            let sort = match act {
                Action::NextSort => Sort { column: sort.column.turned(1), reversed: false },
                Action::PreviousSort => Sort { column: sort.column.turned(-1), reversed: false },
                _ => Sort { reversed: !sort.reversed, ..sort },
            };
            state.list.set_sort(sort);
            relist(state, now);
        }
        Action::Accept => {
            if state.prompt.as_ref().is_some_and(|prompt| prompt.error.is_none()) {
                state.prompt = None;
            }
        }
        Action::Cancel => {
            if let Some(prompt) = state.prompt.take() {
                filter(state, prompt.before, now);
            }
        }
        // rubbing out nothing does nothing: who holds the key a moment too long goes on to type, and types no commands
        Action::Edit(edit) => typed(state, now, |line| {
            line.edit(edit);
        }),
    }
}

pub(super) fn open(state: &mut State, screen: Screen) {
    if screen != Screen::Runs {
        // from here on the page belongs to this run, wherever the list puts it
        let Some(key) = state.current().cloned() else { return };
        if state.selected.as_ref() != Some(&key) {
            state.scroll = 0;
        }
        state.selected = Some(key);
    }
    if screen != state.screen {
        state.memory.came_from = state.screen;
    }
    if state.screen == Screen::Runs && screen == Screen::Run {
        state.scroll = 0;
    }
    state.screen = screen;
}

fn back(state: &mut State, now: Stamp) {
    match state.screen {
        Screen::Runs => filter(state, Filter::default(), now),
        Screen::Run if state.lens.alone.take().is_some() => {}
        Screen::Run => state.screen = Screen::Runs,
        Screen::Logs => {
            state.screen = if state.memory.came_from == Screen::Run { Screen::Run } else { Screen::Runs };
        }
    }
}

/// The new place of something that is `now` of `0..=last`, seen `rows` at a time.
fn moved(act: Action, now: usize, rows: usize, last: usize) -> usize {
    let screenful = rows.saturating_sub(1).max(1);
    let to = match act {
        Action::Down => now + 1,
        Action::Up => now.saturating_sub(1),
        Action::PageDown => now + screenful,
        Action::PageUp => now.saturating_sub(screenful),
        Action::First => 0,
        _ => last,
    };
    to.min(last)
}

fn go(state: &mut State, act: Action) {
    let areas = state.areas();
    if let Some(top) = state.help {
        let layout = layout(state.screen, state.cols, state.rows);
        let last = layout.lines.saturating_sub(layout.rows);
        let to = moved(act, top.min(last).into(), layout.rows.into(), last.into());
        state.help = Some(u16::try_from(to).unwrap_or(u16::MAX));
        return;
    }
    if state.screen == Screen::Run && super::charts::turn_alone(state, act) {
        return;
    }
    match state.screen {
        Screen::Runs => {
            let Some(cursor) = state.cursor() else { return };
            let to = moved(act, cursor, areas.table.height.into(), state.list.len().saturating_sub(1));
            state.selected = state.list.get(to).cloned();
        }
        Screen::Run => {
            let rows = super::news::page_rows(state, &areas);
            let last = rows.saturating_sub(areas.page.height);
            let to = moved(act, state.scroll.into(), areas.page.height.into(), last.into());
            state.scroll = u16::try_from(to).unwrap_or(u16::MAX);
        }
        Screen::Logs => {}
    }
}

fn neighbour(state: &mut State, by: isize) {
    let Some(cursor) = state.cursor() else { return };
    let to = cursor.saturating_add_signed(by).min(state.list.len().saturating_sub(1));
    if to != cursor {
        state.selected = state.list.get(to).cloned();
        state.scroll = 0;
    }
}

fn typed(state: &mut State, now: Stamp, change: impl FnOnce(&mut Line)) {
    let Some(prompt) = &mut state.prompt else { return };
    change(&mut prompt.line);
    match parse(prompt.line.text()) {
        Ok(understood) => {
            prompt.error = None;
            filter(state, understood, now);
        }
        Err(error) => prompt.error = Some(error),
    }
}

fn filter(state: &mut State, filter: Filter, now: Stamp) {
    if *state.list.filter() != filter {
        state.list.set_filter(filter);
        relist(state, now);
    }
}

fn relist(state: &mut State, now: Stamp) {
    let moment = state.moment(now);
    let store = state.frozen.as_ref().map_or(&state.store, |frozen| &frozen.store);
    state.list.rebuild(store, moment);
}

fn freeze(state: &mut State, now: Stamp) {
    match state.frozen.take() {
        Some(frozen) => {
            state.list.rebuild(&state.store, now);
            let mut log = frozen.log;
            for slot in Slot::ALL {
                if let Some(page) = log.of_mut(slot).take() {
                    state.logs.page(slot, page);
                }
            }
        }
        None => {
            state.frozen = Some(Box::new(Frozen {
                store: state.store.clone(),
                at: now,
                behind: HashSet::new(),
                log: BySlot::default(),
                generation: state.memory.generation,
            }));
        }
    }
}
