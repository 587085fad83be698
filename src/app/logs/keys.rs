//! What the keys do in the log pane.

use super::Goal;
use super::Input;
use super::LogPane;
use super::Typing;
use crate::app::binding::Action;
use crate::app::binding::Place;
use crate::app::binding::action;
use crate::app::effect::Effect;
use crate::app::effect::Outcome;
use crate::app::key::Code;
use crate::app::key::Key;
use crate::app::line::Edited;
use crate::app::line::Line;
use crate::model::log::Anchor;
use crate::model::log::Class;
use crate::model::log::Classes;
use crate::model::log::Landmark;
use crate::model::log::LogFilter;
use crate::model::log::Spot;
use crate::parse::logquery;
use crate::parse::pattern;

/// Columns by which a key moves a long line.
const PAN: usize = 8;
/// The farthest that lines can be moved, in columns.
const PAN_MAX: usize = 64 << 10;

/// The keys of the pane, as the help shows them: the keys, what they do, and what the footer calls them: nothing where they are
/// not worth its room.
pub const KEYS: &[(&str, &str, &str)] = &[
    ("/", "search by regex; small letters match any case", "search"),
    ("n N", "next hit below, above", ""),
    ("& f", "show only lines that match a regex", "filter"),
    ("d i w e", "show or hide debug, info, warnings, errors", "levels"),
    ("p o", "show or hide progress bars, other lines", ""),
    ("a", "show all of them", ""),
    ("Space", "freeze what is shown, and go on", "freeze"),
    ("j k ↓ ↑", "scroll by a line", ""),
    ("PgDn PgUp", "scroll by a page; Ctrl+D and Ctrl+U by half", ""),
    ("g Home", "first line", ""),
    ("G End", "last line, and follow what comes", "end"),
    ("h l ← →", "move long lines sideways", ""),
    ("W", "wrap long lines", ""),
    ("Tab [ ]", "another file of the run", ""),
    ("Esc", "end the search, the filter, the freeze", ""),
];

impl LogPane {
    /// Takes a key; `None` when it means nothing here.
    pub fn key(&mut self, key: Key) -> Option<Outcome> {
        if self.typing.is_some() {
            return Some(self.type_key(key));
        }
        self.path()?;
        let said = self.said.take();
        let mut outcome = self.view_key(key);
        match &mut outcome {
            Some(outcome) => outcome.redraw |= said.is_some(),
            // a key for somebody else: the word stays until one of ours
            None => self.said = said,
        }
        outcome
    }

    /// Takes pasted text; `None` when nothing is being typed.
    pub fn paste(&mut self, text: &str) -> Option<Outcome> {
        let edited = self.typing.as_mut()?.edit.insert(text);
        Some(self.edited(edited))
    }

    fn view_key(&mut self, key: Key) -> Option<Outcome> {
        let page = isize::try_from(self.rows.saturating_sub(1).max(1)).unwrap_or(1);
        let half = (page / 2).max(1);
        match (key.code, key.ctrl, key.alt) {
            (Code::Char('j') | Code::Down, false, false) => Some(self.scroll(1)),
            (Code::Char('k') | Code::Up, false, false) => Some(self.scroll(-1)),
            (Code::PageDown, ..) | (Code::Char('f'), true, false) => Some(self.scroll(page)),
            (Code::PageUp, ..) | (Code::Char('b'), true, false) => Some(self.scroll(-page)),
            (Code::Char('d'), true, false) => Some(self.scroll(half)),
            (Code::Char('u'), true, false) => Some(self.scroll(-half)),
            (code, false, false) => self.plain_key(code),
            _ => None,
        }
    }

    fn plain_key(&mut self, code: Code) -> Option<Outcome> {
        Some(match code {
            Code::Char('g') | Code::Home => self.go_to_start(),
            Code::Char('G') | Code::End => self.go_to_end(),
            Code::Char('h') | Code::Left => self.pan_to(self.pan.saturating_sub(PAN)),
            Code::Char('l') | Code::Right => self.pan_to((self.pan + PAN).min(PAN_MAX)),
            Code::Char('W') => {
                self.wrap = !self.wrap;
                self.pan = 0;
                seen()
            }
            Code::Char(' ') => self.freeze(),
            Code::Char('d') => self.toggle(Class::Debug),
            Code::Char('i') => self.toggle(Class::Info),
            Code::Char('w') => self.toggle(Class::Warning),
            Code::Char('e') => self.toggle(Class::Error),
            Code::Char('p') => self.toggle(Class::Progress),
            Code::Char('o') => self.toggle(Class::Plain),
            Code::Char('a') => self.show_all(),
            Code::Char('/') => self.begin(Input::Search),
            Code::Char('&' | 'f') => self.begin(Input::Filter),
            Code::Char('n') => self.next_hit(true),
            Code::Char('N') => self.next_hit(false),
            Code::Tab | Code::Char(']') => self.other_source(1),
            Code::BackTab | Code::Char('[') => self.other_source(self.sources.len().saturating_sub(1)),
            Code::Esc => return self.escape(),
            _ => return None,
        })
    }

    fn scroll(&mut self, lines: isize) -> Outcome {
        if matches!(self.waiting, Some(Goal::Start | Goal::Hit { .. })) {
            // first the view goes where it was sent
            self.owed = self.owed.saturating_add(lines);
            return Outcome::default();
        }
        let redraw = self.move_by(lines);
        if !self.window_suffices() && !self.page.looking {
            let top = self.top_spot();
            return Outcome { effects: vec![self.ask_around(top, Goal::Stay)], redraw };
        }
        Outcome { effects: Vec::new(), redraw }
    }

    fn go_to_start(&mut self) -> Outcome {
        self.owed = 0;
        self.leave_end();
        if self.page.at_start && self.waiting.is_none() {
            let redraw = self.top != 0 || self.mark.is_some();
            self.top = 0;
            return Outcome { effects: Vec::new(), redraw };
        }
        self.top = self.last_top();
        acts(self.ask(Anchor::At { spot: Spot::START, above: 0 }, Goal::Start))
    }

    fn go_to_end(&mut self) -> Outcome {
        self.owed = 0;
        if self.follow && self.page.at_end {
            return Outcome::default();
        }
        self.follow = true;
        self.frozen = false;
        self.mark = None;
        acts(self.ask(Anchor::End, Goal::Stay))
    }

    fn pan_to(&mut self, pan: usize) -> Outcome {
        let redraw = pan != self.pan && !self.wrap;
        if !self.wrap {
            self.pan = pan;
        }
        Outcome { effects: Vec::new(), redraw }
    }

    fn freeze(&mut self) -> Outcome {
        if self.frozen {
            return self.go_to_end();
        }
        let top = self.top_index();
        self.leave_end();
        self.top = top;
        self.frozen = true;
        seen()
    }

    fn toggle(&mut self, class: Class) -> Outcome {
        self.query.hidden.toggle(class);
        self.queried()
    }

    fn show_all(&mut self) -> Outcome {
        if self.query.hidden.is_empty() {
            return Outcome::default();
        }
        self.query.hidden = Classes::default();
        self.queried()
    }

    /// Other lines are wanted at the same place.
    fn queried(&mut self) -> Outcome {
        self.owed = 0;
        self.mark = None;
        let top = self.top_spot();
        acts(self.ask_around(top, Goal::Stay))
    }

    fn begin(&mut self, what: Input) -> Outcome {
        let before = self.pattern(what).clone();
        self.typing = Some(Typing { what, edit: Line::default(), before });
        seen()
    }

    fn pattern(&mut self, what: Input) -> &mut String {
        match what {
            Input::Search => &mut self.query.search,
            Input::Filter => &mut self.filter,
        }
    }

    fn type_key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Enter => self.commit(),
            Code::Esc => self.give_up(),
            Code::Char('c') if key.ctrl => self.give_up(),
            code => {
                let Some(typing) = &mut self.typing else { return Outcome::default() };
                // the keys of an edited line are the same here as in the filter of the list
                let edited = match (action(Place::Prompt, key), code) {
                    (Some(Action::Edit(edit)), _) => typing.edit.edit(edit),
                    (None, Code::Char(c)) if !key.ctrl && !key.alt => {
                        typing.edit.insert(c.encode_utf8(&mut [0; 4]))
                    }
                    _ => Edited::No,
                };
                self.edited(edited)
            }
        }
    }

    /// The text has changed: its lines are looked for while it is being typed.
    fn edited(&mut self, edited: Edited) -> Outcome {
        match edited {
            Edited::No => return Outcome::default(),
            Edited::Moved => return seen(),
            Edited::Changed => {}
        }
        let Some((what, text)) =
            self.typing.as_ref().map(|typing| (typing.what, typing.edit.text().to_owned()))
        else {
            return Outcome::default();
        };
        let read = match what {
            Input::Search => pattern::compile(&text).map(|_| None),
            Input::Filter => logquery::parse(&text).map(Some),
        };
        let filter = match read {
            Ok(filter) => filter,
            Err(bad) => {
                self.bad_pattern = Some(bad);
                return seen();
            }
        };
        self.bad_pattern = None;
        if *self.pattern(what) == text {
            return seen();
        }
        *self.pattern(what) = text;
        if let Some(filter) = filter {
            if filter == self.query.filter {
                return seen();
            }
            self.query.filter = filter;
        }
        self.queried()
    }

    /// No filter any more.
    fn unfilter(&mut self) -> Outcome {
        self.filter.clear();
        self.query.filter = LogFilter::default();
        self.queried()
    }

    fn commit(&mut self) -> Outcome {
        let Some(typing) = self.typing.take() else { return Outcome::default() };
        if self.bad_pattern.is_some() {
            // the error stays in sight with the text that it is about
            self.typing = Some(typing);
            return Outcome::default();
        }
        if typing.edit.is_empty() && *self.pattern(typing.what) == typing.before && !typing.before.is_empty()
        {
            // nothing typed: for a search the last one again, for a filter none at all
            if typing.what == Input::Filter {
                return self.unfilter();
            }
        }
        if typing.what == Input::Filter || self.query.search.is_empty() {
            return seen();
        }
        self.hit = None;
        // at the end the newest hit is the one in question, elsewhere the next one
        let (spot, forward) =
            if self.follow { (Spot::END, false) } else { (self.top_spot().unwrap_or_default(), true) };
        acts(self.ask(Anchor::Find { what: Landmark::Hit, spot, forward }, Goal::Hit { forward }))
    }

    fn give_up(&mut self) -> Outcome {
        let Some(typing) = self.typing.take() else { return Outcome::default() };
        self.bad_pattern = None;
        if *self.pattern(typing.what) == typing.before {
            return seen();
        }
        // what stood there before was read once already
        if typing.what == Input::Filter {
            self.query.filter = logquery::parse(&typing.before).unwrap_or_default();
        }
        *self.pattern(typing.what) = typing.before;
        self.queried()
    }

    fn next_hit(&mut self, forward: bool) -> Outcome {
        if self.query.search.is_empty() {
            return Outcome::default();
        }
        self.owed = 0;
        let top = self.top_index();
        let visible = |at: &Spot| {
            let place = self.index_of(*at);
            (top..top + self.rows.max(1)).contains(&place)
        };
        let from = match self.hit.filter(visible) {
            Some(at) if forward => at.next(),
            Some(at) => at,
            None if self.follow && !forward => Spot::END,
            None => self.top_spot().unwrap_or_default(),
        };
        acts(self.ask(Anchor::Find { what: Landmark::Hit, spot: from, forward }, Goal::Hit { forward }))
    }

    fn other_source(&mut self, by: usize) -> Outcome {
        if self.sources.len() < 2 {
            return Outcome::default();
        }
        self.chosen = (self.chosen + by) % self.sources.len();
        self.open_chosen();
        acts(self.ask(Anchor::End, Goal::Stay))
    }

    /// Leaves what was entered last, one at a time.
    fn escape(&mut self) -> Option<Outcome> {
        if !self.query.search.is_empty() {
            self.query.search.clear();
            self.hit = None;
            return Some(self.queried());
        }
        if !self.filter.is_empty() {
            return Some(self.unfilter());
        }
        if self.frozen {
            return Some(self.go_to_end());
        }
        None
    }
}

/// Something visible changed, and nothing is to be done.
fn seen() -> Outcome {
    Outcome { effects: Vec::new(), redraw: true }
}

fn acts(effect: Effect) -> Outcome {
    Outcome { effects: vec![effect], redraw: true }
}
