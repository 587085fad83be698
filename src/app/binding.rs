//! The one table of keys. What a key does, what the footer advertises and what the help lists all come from here.

use super::cross::Walk;
use super::key::{Code, Key};
use super::lens::Zoom;
use super::line::Edit;

/// Which page is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Screen {
    /// All runs.
    #[default]
    Runs,
    /// One run.
    Run,
    /// The log of a run.
    Logs,
}

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// On one of the pages.
    On(Screen),
    /// On the page of a run, while the crosshair stands on its charts.
    Cross,
    /// While the filter is typed.
    Prompt,
    /// While the help is open.
    Help,
}

/// Something that a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Leave.
    Quit,
    /// Stop, as the shell's Ctrl+Z does.
    Suspend,
    /// Draw everything anew.
    Repaint,
    /// Open or close the list of keys.
    Help,
    /// Hold the view still, or let it go on.
    Freeze,
    /// Open a page.
    Open(Screen),
    /// To what lies below.
    Deeper,
    /// To where one came from.
    Back,
    /// One row or line down.
    Down,
    /// One up.
    Up,
    /// A screenful down.
    PageDown,
    /// A screenful up.
    PageUp,
    /// To the beginning.
    First,
    /// To the end.
    Last,
    /// The run below the selected one.
    NextRun,
    /// The run above the selected one.
    PreviousRun,
    /// Put the crosshair onto the charts, or take it away.
    Cross,
    /// To the charts, with the crosshair at the step of a line.
    Chart,
    /// Move the crosshair.
    Walk(Walk),
    /// To the charts over another kind of x.
    Turn,
    /// Show less or more of x on the charts.
    Zoom(Zoom),
    /// Smooth the curves in another way; the flag: in the way before.
    Smooth(bool),
    /// Turn to another kind of y axis.
    Upright,
    /// Cut off what lies far from all else, or show it.
    Cut,
    /// One chart alone on the page, or all of them.
    Alone,
    /// Type a filter.
    Filter,
    /// Sort by the next column.
    NextSort,
    /// Sort by the column before.
    PreviousSort,
    /// Turn the sort around.
    Reverse,
    /// Keep what was typed.
    Accept,
    /// Undo what was typed.
    Cancel,
    /// Change what is typed.
    Edit(Edit),
}

/// Keys that do the same thing in the same places.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where.
    pub places: &'static [Place],
    /// The keys; the first one is advertised.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// The same in words, for the help.
    pub what: &'static str,
    /// In one word, for the footer; empty when it is not worth the room.
    pub brief: &'static str,
}

const RUNS: Place = Place::On(Screen::Runs);
const RUN: Place = Place::On(Screen::Run);
const LOGS: Place = Place::On(Screen::Logs);
const CROSS: Place = Place::Cross;
/// Where charts are.
const CHARTS: &[Place] = &[RUN, CROSS];
const PAGES: &[Place] = &[RUNS, RUN, CROSS, LOGS];
const EVERYWHERE: &[Place] = &[RUNS, RUN, CROSS, LOGS, Place::Prompt, Place::Help];
const MOVES: &[Place] = &[RUNS, RUN, CROSS, Place::Help];
const ENDS: &[Place] = &[RUNS, RUN, Place::Help];

const fn c(c: char) -> Key {
    Key::char(c)
}

const fn k(code: Code) -> Key {
    Key::plain(code)
}

const fn with(code: Code, ctrl: bool, alt: bool) -> Key {
    Key { code, ctrl, alt }
}

const fn bind(
    places: &'static [Place],
    keys: &'static [Key],
    action: Action,
    what: &'static str,
    brief: &'static str,
) -> Binding {
    Binding { places, keys, action, what, brief }
}

/// All of them. The footer takes them in this order for as long as there is room.
pub const BINDINGS: &[Binding] = &[
    bind(&[RUNS], &[k(Code::Enter)], Action::Deeper, "open the selected run", "open"),
    bind(&[RUN], &[k(Code::Enter)], Action::Deeper, "open its log", "log"),
    bind(&[CROSS], &[k(Code::Enter)], Action::Deeper, "open the log at this step", "log"),
    bind(&[Place::Prompt], &[k(Code::Enter)], Action::Accept, "keep the filter", "keep"),
    bind(&[Place::Prompt], &[k(Code::Esc)], Action::Cancel, "back to the filter before", "undo"),
    bind(&[RUN, LOGS], &[k(Code::Esc)], Action::Back, "back to where you came from", "back"),
    bind(&[RUNS], &[k(Code::Esc)], Action::Back, "take the filter away", ""),
    bind(&[RUNS], &[c('/')], Action::Filter, "filter the runs", "filter"),
    bind(&[RUNS], &[c('s')], Action::NextSort, "sort by the next column", "sort"),
    bind(&[RUNS], &[c('S')], Action::PreviousSort, "sort by the column before", ""),
    bind(&[RUNS], &[c('r')], Action::Reverse, "turn the sort around", ""),
    bind(MOVES, &[c('j'), k(Code::Down)], Action::Down, "down", ""),
    bind(MOVES, &[c('k'), k(Code::Up)], Action::Up, "up", ""),
    bind(MOVES, &[k(Code::PageDown), Key::ctrl('f')], Action::PageDown, "a screenful down", ""),
    bind(MOVES, &[k(Code::PageUp), Key::ctrl('b')], Action::PageUp, "a screenful up", ""),
    bind(ENDS, &[c('g'), k(Code::Home)], Action::First, "to the beginning", ""),
    bind(ENDS, &[c('G'), k(Code::End)], Action::Last, "to the end", ""),
    bind(&[RUN], &[c('x')], Action::Cross, "a crosshair on the charts, with figures", "crosshair"),
    bind(&[LOGS], &[c('x')], Action::Chart, "the charts, crosshair at this step", "chart"),
    bind(&[CROSS], &[k(Code::Right), c('l')], Action::Walk(Walk::On), "to the next place", "on"),
    bind(&[CROSS], &[k(Code::Left), c('h')], Action::Walk(Walk::Back), "to the place before", "back"),
    bind(
        &[CROSS],
        &[c('L'), with(Code::Right, true, false)],
        Action::Walk(Walk::FarOn),
        "a tenth of the whole on",
        "",
    ),
    bind(
        &[CROSS],
        &[c('H'), with(Code::Left, true, false)],
        Action::Walk(Walk::FarBack),
        "a tenth of the whole back",
        "",
    ),
    bind(&[CROSS], &[c('g'), k(Code::Home)], Action::Walk(Walk::First), "to the first place", ""),
    bind(&[CROSS], &[c('G'), k(Code::End)], Action::Walk(Walk::Last), "to the newest place", ""),
    bind(&[CROSS], &[k(Code::Tab)], Action::Turn, "to the charts over another kind of x", ""),
    bind(CHARTS, &[c('+'), c('=')], Action::Zoom(Zoom::In), "show half as much of x", "zoom"),
    bind(CHARTS, &[c('-')], Action::Zoom(Zoom::Out), "show twice as much", ""),
    bind(CHARTS, &[c('>'), c('.')], Action::Zoom(Zoom::On), "half of what is shown further on", ""),
    bind(CHARTS, &[c('<'), c(',')], Action::Zoom(Zoom::Back), "half of what is shown back", ""),
    bind(CHARTS, &[c('0')], Action::Zoom(Zoom::Whole), "show all of x", ""),
    bind(CHARTS, &[c('e')], Action::Smooth(false), "smooth: ema .6 .9 .99, mean of 10, 100, not", "smooth"),
    bind(CHARTS, &[c('E')], Action::Smooth(true), "smooth as before that", ""),
    bind(CHARTS, &[c('y')], Action::Upright, "y axis: even, log, symlog", ""),
    bind(CHARTS, &[c('o')], Action::Cut, "cut outliers off, with a sign, or show them", ""),
    bind(CHARTS, &[c('f')], Action::Alone, "one chart alone, j k the next; or all", "full"),
    bind(&[CROSS], &[k(Code::Esc), c('x')], Action::Cross, "take the crosshair away", "leave"),
    bind(&[RUN], &[c('l'), k(Code::Right), c(']')], Action::NextRun, "the next run of the list", "next"),
    bind(&[RUN], &[c('h'), k(Code::Left), c('[')], Action::PreviousRun, "the run before it", ""),
    bind(&[CROSS], &[c(']')], Action::NextRun, "the next run of the list", ""),
    bind(&[CROSS], &[c('[')], Action::PreviousRun, "the run before it", ""),
    bind(PAGES, &[c('1')], Action::Open(Screen::Runs), "all runs", "runs"),
    bind(PAGES, &[c('2')], Action::Open(Screen::Run), "the selected run", "run"),
    bind(PAGES, &[c('3')], Action::Open(Screen::Logs), "its log", "logs"),
    bind(PAGES, &[c('z')], Action::Freeze, "hold the view still, or let it go on", "freeze"),
    bind(PAGES, &[c('?'), k(Code::F(1))], Action::Help, "these keys", "help"),
    bind(
        &[Place::Help],
        &[k(Code::Esc), c('?'), k(Code::Enter), k(Code::F(1))],
        Action::Help,
        "close the help",
        "close",
    ),
    bind(&[RUNS, RUN, LOGS, Place::Help], &[c('q')], Action::Quit, "quit", "quit"),
    bind(EVERYWHERE, &[Key::ctrl('c')], Action::Quit, "quit, whatever is going on", ""),
    bind(EVERYWHERE, &[Key::ctrl('z')], Action::Suspend, "stop, to come back with fg", ""),
    bind(EVERYWHERE, &[Key::ctrl('l')], Action::Repaint, "draw the screen anew", ""),
    bind(
        &[Place::Prompt],
        &[k(Code::Left), Key::ctrl('b')],
        Action::Edit(Edit::Left),
        "a character back",
        "",
    ),
    bind(
        &[Place::Prompt],
        &[k(Code::Right), Key::ctrl('f')],
        Action::Edit(Edit::Right),
        "a character on",
        "",
    ),
    bind(
        &[Place::Prompt],
        &[with(Code::Left, true, false), with(Code::Left, false, true)],
        Action::Edit(Edit::WordLeft),
        "a word back",
        "",
    ),
    bind(
        &[Place::Prompt],
        &[with(Code::Right, true, false), with(Code::Right, false, true)],
        Action::Edit(Edit::WordRight),
        "a word on",
        "",
    ),
    bind(
        &[Place::Prompt],
        &[k(Code::Home), Key::ctrl('a')],
        Action::Edit(Edit::Start),
        "to the beginning",
        "",
    ),
    bind(&[Place::Prompt], &[k(Code::End), Key::ctrl('e')], Action::Edit(Edit::End), "to the end", ""),
    bind(
        &[Place::Prompt],
        &[k(Code::Backspace), Key::ctrl('h')],
        Action::Edit(Edit::Backspace),
        "rub out",
        "",
    ),
    bind(
        &[Place::Prompt],
        &[k(Code::Delete), Key::ctrl('d')],
        Action::Edit(Edit::Delete),
        "rub out forwards",
        "",
    ),
    bind(
        &[Place::Prompt],
        &[Key::ctrl('w'), with(Code::Backspace, false, true)],
        Action::Edit(Edit::Word),
        "rub out a word",
        "",
    ),
    bind(&[Place::Prompt], &[Key::ctrl('u')], Action::Edit(Edit::Clear), "rub out everything before", ""),
    bind(&[Place::Prompt], &[Key::ctrl('k')], Action::Edit(Edit::Rest), "rub out everything behind", ""),
];

/// What `key` does at `place`.
pub fn action(place: Place, key: Key) -> Option<Action> {
    here(place).find(|binding| binding.keys.contains(&key)).map(|binding| binding.action)
}

/// The bindings of a place, in the table's order.
pub fn here(place: Place) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.places.contains(&place))
}

/// A key as it is printed on a keyboard.
pub fn label(key: Key, ascii: bool) -> String {
    let name = match key.code {
        Code::Char(' ') => "Space".to_owned(),
        Code::Char(c) if key.ctrl => c.to_uppercase().to_string(),
        Code::Char(c) => c.to_string(),
        Code::Enter if ascii => "Enter".to_owned(),
        Code::Enter => "↵".to_owned(),
        Code::Esc => "Esc".to_owned(),
        Code::Tab => "Tab".to_owned(),
        Code::BackTab => "Shift+Tab".to_owned(),
        Code::Backspace => "Backspace".to_owned(),
        Code::Delete => "Del".to_owned(),
        Code::Up => if ascii { "Up" } else { "↑" }.to_owned(),
        Code::Down => if ascii { "Down" } else { "↓" }.to_owned(),
        Code::Left => if ascii { "Left" } else { "←" }.to_owned(),
        Code::Right => if ascii { "Right" } else { "→" }.to_owned(),
        Code::PageUp => "PgUp".to_owned(),
        Code::PageDown => "PgDn".to_owned(),
        Code::Home => "Home".to_owned(),
        Code::End => "End".to_owned(),
        Code::F(n) => format!("F{n}"),
    };
    match (key.ctrl, key.alt) {
        (true, _) => format!("Ctrl+{name}"),
        (false, true) => format!("Alt+{name}"),
        (false, false) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: [Place; 6] = [RUNS, RUN, CROSS, LOGS, Place::Prompt, Place::Help];

    #[test]
    fn no_key_means_two_things_at_one_place() {
        for place in PLACES {
            let keys: Vec<Key> = here(place).flat_map(|binding| binding.keys.iter().copied()).collect();
            for (at, key) in keys.iter().enumerate() {
                assert!(!keys[..at].contains(key), "{key:?} at {place:?}");
            }
        }
    }

    #[test]
    fn ctrl_c_quits_wherever_one_is() {
        for place in PLACES {
            assert_eq!(action(place, Key::ctrl('c')), Some(Action::Quit));
        }
        assert_eq!(action(Place::Prompt, Key::char('q')), None, "a q that is typed is a letter");
        assert_eq!(action(RUNS, Key::char('4')), None, "a page that is not there is not on offer");
    }

    #[test]
    fn every_binding_says_what_it_does() {
        for binding in BINDINGS {
            assert!(!binding.what.is_empty() && !binding.keys.is_empty() && !binding.places.is_empty());
            assert!(
                binding.keys.iter().all(|key| !label(*key, true).is_empty() && label(*key, true).is_ascii())
            );
        }
    }
}
