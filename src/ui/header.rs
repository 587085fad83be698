//! The first line (where, how many, in which state), the alert below it, and the footer.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::pen::{Pen, width};
use super::runs::shown_name;
use crate::app::binding::{Action, Binding, Place, Screen, here, label};
use crate::app::logs::Mode;
use crate::app::state::{Prompt, State};
use crate::model::stamp::Stamp;
use crate::model::state::State as RunState;
use crate::store::Row;

/// In the order of the header: what is alive first, then what went wrong, then what is over.
const ORDER: [RunState; 9] = [
    RunState::Running,
    RunState::Stalled,
    RunState::Failed,
    RunState::Interrupted,
    RunState::Queued,
    RunState::Completed,
    RunState::EarlyStopped,
    RunState::Cancelled,
    RunState::Unknown,
];

/// The first line.
pub(super) fn header(pen: &mut Pen<'_>, area: Rect, state: &State) {
    let theme = pen.theme;
    let store = state.shown();
    let right = status(state);
    let right_width = right.as_ref().map_or(0, |(text, _)| width(text) + 2);
    let end = area.right().saturating_sub(right_width);
    let mut x = area.x + 1;
    if area.width >= 72 {
        x = pen.put(x, area.y, end.saturating_sub(x), "trainmon ", theme.accent.patch(theme.strong));
    }
    if !state.place.is_empty() {
        let most = (area.width / 3).min(end.saturating_sub(x));
        x = pen.tail(x, area.y, most, &state.place, theme.strong) + 2;
    }
    let filtered = !state.list.filter().is_empty();
    if store.is_empty() {
        let text = if store.walked() { "no runs" } else { "looking for runs" };
        pen.put(x, area.y, end.saturating_sub(x), text, theme.dim);
    } else {
        let all = store.len();
        let noun = if all == 1 { "run" } else { "runs" };
        let text =
            if filtered { format!("{}/{all} {noun}", state.list.len()) } else { format!("{all} {noun}") };
        let style = if filtered { theme.accent } else { theme.text };
        x = pen.put(x, area.y, end.saturating_sub(x), &text, style) + 2;
        counts(pen, Rect { x, width: end.saturating_sub(x), ..area }, state);
    }
    if let Some((text, warn)) = right {
        let style = if warn { theme.warn } else { theme.dim };
        pen.right(end, area.y, right_width.saturating_sub(1), &text, style);
    }
}

/// Counts by state, by glyph; with the names of as many as there is room for, those that matter most first.
fn counts(pen: &mut Pen<'_>, area: Rect, state: &State) {
    let counts = state.shown().counts();
    let present: Vec<(RunState, usize)> =
        ORDER.into_iter().map(|s| (s, counts.of(s))).filter(|(_, count)| *count > 0).collect();
    let text = |at: usize, (s, count): (RunState, usize), names: usize| {
        if at < names { named(s, count) } else { count.to_string() }
    };
    let columns = |names: usize| -> u16 {
        present.iter().enumerate().map(|(at, each)| width(&text(at, *each, names)) + 4).sum()
    };
    let names = (0..=present.len()).rev().find(|names| columns(*names) <= area.width).unwrap_or(0);
    let mut x = area.x;
    for (at, each) in present.iter().enumerate() {
        let (glyph, style) = pen.theme.state(each.0);
        let text = text(at, *each, names);
        if x + 2 + width(&text) > area.right() {
            break;
        }
        pen.glyph(x, area.y, glyph, style);
        let plain = pen.theme.text;
        x = pen.put(x + 2, area.y, area.right().saturating_sub(x + 2), &text, plain) + 2;
    }
}

fn named(state: RunState, count: usize) -> String {
    let name = match state {
        RunState::EarlyStopped => "early stopped",
        other => other.name(),
    };
    format!("{count} {name}")
}

/// What stands at the right: that the view is held still, or how much is read. And whether it deserves a warning's colour.
fn status(state: &State) -> Option<(String, bool)> {
    if let Some(frozen) = &state.frozen {
        let text = match frozen.behind.len() {
            0 => "frozen".to_owned(),
            1 => "frozen, 1 run has news".to_owned(),
            behind => format!("frozen, {behind} runs have news"),
        };
        return Some((text, true));
    }
    state.reading().map(|percent| (format!("read {percent}%"), false))
}

/// The run that the alert is about, when it is about one.
pub(super) fn alerted(state: &State, now: Stamp) -> Option<&Row> {
    let store = state.shown();
    if store.problems().is_empty() { store.alert(now).map(|(row, _)| row) } else { None }
}

/// The most important alert.
pub(super) fn alert(pen: &mut Pen<'_>, area: Rect, state: &State, now: Stamp) {
    let theme = pen.theme;
    let (x, room) = (area.x + 1, area.width.saturating_sub(2));
    if let Some(problem) = state.shown().problems().first() {
        let more = state.shown().problems().len() - 1;
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let text = format!("{} {}: {}{more}", theme.glyphs.interrupted, problem.path.display(), problem.what);
        pen.put(x, area.y, room, &text, theme.warn);
        return;
    }
    let Some(row) = alerted(state, now) else { return };
    let (glyph, style) = match row.verdict.state {
        RunState::Running => (theme.glyphs.nan, theme.bad),
        other => theme.state(other),
    };
    pen.glyph(x, area.y, glyph, style);
    let name = shown_name(&row.run);
    let at = pen.put(x + 2, area.y, room.saturating_sub(2), name, style);
    let left = (x + room).saturating_sub(at + 1);
    pen.put(at + 1, area.y, left, &why(row), theme.dim);
}

/// Why a run deserves an alert, in a few words.
fn why(row: &Row) -> String {
    let facts = &row.run.facts;
    match (row.verdict.state, &facts.error) {
        (RunState::Failed, Some(error)) if error.type_name.is_empty() => error.message.to_string(),
        (RunState::Failed, Some(error)) if error.message.is_empty() => error.type_name.to_string(),
        (RunState::Failed, Some(error)) => format!("{}: {}", error.type_name, error.message),
        (RunState::Running, _) => "the loss is not a number".to_owned(),
        _ => row.verdict.reason.clone(),
    }
}

/// The last line: what is typed, what is to be told, or the keys that matter here.
pub(super) fn footer(pen: &mut Pen<'_>, area: Rect, state: &State) {
    if let (Some(prompt), None) = (&state.prompt, state.help) {
        typed(pen, area, state, prompt);
        return;
    }
    let theme = pen.theme;
    let mut end = area.right().saturating_sub(1);
    if let Some(notice) = &state.notice {
        let room = width(notice).min(area.width * 2 / 3);
        end = end.saturating_sub(room);
        pen.put(end, area.y, room, notice, theme.warn);
    }
    let mut x = area.x + 1;
    let offers = offers(state, theme.glyphs.ascii);
    let wide = |(key, text): &(String, String)| width(key) + 1 + width(text);
    // whatever else there is no room for, where to find it is told
    let help = offers.iter().position(|(_, text)| text == HELP);
    let fits = offers.iter().map(|each| wide(each) + 2).sum::<u16>() <= end.saturating_sub(x) + 2;
    let kept = if fits { 0 } else { help.and_then(|at| offers.get(at)).map_or(0, |each| wide(each) + 2) };
    let mut shown: Vec<usize> = Vec::new();
    let mut left = end.saturating_sub(x).saturating_sub(kept);
    for (at, each) in offers.iter().enumerate().filter(|(at, _)| fits || Some(*at) != help) {
        let Some(rest) = left.checked_sub(wide(each)) else { break };
        left = rest.saturating_sub(2);
        shown.push(at);
    }
    shown.extend(help.filter(|_| !fits));
    for (key, text) in shown.into_iter().filter_map(|at| offers.get(at)) {
        x = pen.put(x, area.y, end.saturating_sub(x), key, theme.accent);
        x = pen.put(x + 1, area.y, end.saturating_sub(x + 1), text, theme.dim) + 2;
    }
}

/// What the footer calls the key to the help.
const HELP: &str = "help";

/// The keys that the footer names here, most useful first, and what they do.
fn offers(state: &State, ascii: bool) -> Vec<(String, String)> {
    let place = state.place_of_keys();
    let mut offers = Vec::new();
    let sort = state.list.sort().column.name();
    let logs = place == Place::On(Screen::Logs);
    if logs {
        let pane = state.logs.focused();
        let lock = if state.logs.are_locked() { "unlock" } else { "lock" };
        if state.logs.other().is_some() && pane.mode() == Mode::View {
            offers.extend(
                [("Tab", "other pane"), ("|", "one pane"), ("=", lock)]
                    .map(|(key, what)| (key.to_owned(), what.to_owned())),
            );
        }
        // the pane's own keys are what one came for
        let mode = pane.mode();
        let named = mode.keys().iter().filter(|(.., brief)| !brief.is_empty());
        offers.extend(named.map(|(keys, _, brief)| {
            // one of the keys will do, but each level has its own
            let keys = if *brief == "levels" { *keys } else { keys.split(' ').next().unwrap_or(keys) };
            let brief = if *brief == "freeze" && pane.is_frozen() { "go on" } else { *brief };
            let keys = if ascii { keys.replace('↵', "Enter") } else { keys.to_owned() };
            (keys.replace(' ', ""), brief.to_owned())
        }));
        if mode != Mode::View {
            // what leads elsewhere is no offer while something is open
            if mode != Mode::Typing {
                offers.extend(help_offer(place, ascii));
            }
            return offers;
        }
    }
    let mut bindings: Vec<&Binding> = here(place).collect();
    if logs {
        // what leads out of it goes before what leads elsewhere
        bindings.sort_by_key(|binding| !matches!(binding.action, Action::Back | Action::Help | Action::Quit));
    }
    for binding in bindings {
        let brief = match binding.action {
            Action::Freeze if state.frozen.is_some() => "go on",
            // there the space bar does it, to the log alone
            Action::Freeze if logs => continue,
            // the page that is open is no offer, nor is one that Enter opens
            Action::Open(screen) if place == Place::On(screen) => continue,
            Action::Open(Screen::Logs) if place == Place::On(Screen::Run) => continue,
            Action::Quit | Action::Help => binding.brief,
            // where there is no run, nothing can be done with one
            _ if state.shown().is_empty() => continue,
            _ => binding.brief,
        };
        let Some(key) = binding.keys.first().filter(|_| !brief.is_empty()) else { continue };
        let text =
            if binding.action == Action::NextSort { format!("{brief}: {sort}") } else { brief.to_owned() };
        offers.push((label(*key, ascii), text));
    }
    offers
}

fn help_offer(place: Place, ascii: bool) -> Option<(String, String)> {
    let help = here(place).find(|binding| binding.action == Action::Help)?;
    Some((label(*help.keys.first()?, ascii), HELP.to_owned()))
}

/// The filter while it is typed, with its cursor, how many match, and what is wrong with it.
fn typed(pen: &mut Pen<'_>, area: Rect, state: &State, prompt: &Prompt) {
    let theme = pen.theme;
    let (text, style) = match &prompt.error {
        Some(error) => (error.what.clone(), theme.bad),
        None => (format!("{}/{}", state.list.len(), state.shown().len()), theme.dim),
    };
    let right = width(&text).min(area.width / 2);
    pen.put(area.right().saturating_sub(right + 1), area.y, right, &text, style);
    let mut x = pen.put(area.x + 1, area.y, 2, "/", theme.accent);
    let room = area.right().saturating_sub(right + 3).saturating_sub(x);
    let (before, after) = prompt.line.parts();
    // the cursor is always on screen: a long text moves off to the left
    let (_, kept) = super::pen::tail(before, room.saturating_sub(1));
    x = pen.put(x, area.y, room, kept, theme.text);
    let left = (area.x + 2 + room).saturating_sub(x);
    let cursor = Style::new().add_modifier(ratatui::style::Modifier::REVERSED);
    if after.is_empty() {
        pen.glyph(x, area.y, " ", cursor);
    } else {
        pen.put(x, area.y, left, after, theme.text);
        pen.wash(Rect::new(x, area.y, 1, 1), cursor);
    }
}
