//! What the keys do in the log pane.

use super::Goal;
use super::Input;
use super::LogPane;
use super::Mode;
use super::Panel;
use super::Point;
use super::goto::Place;
use super::steps::LOOKING;
use crate::app::effect::Effect;
use crate::app::effect::Outcome;
use crate::app::key::Code;
use crate::app::key::Key;
use crate::model::log::Anchor;
use crate::model::log::Class;
use crate::model::log::Classes;
use crate::model::log::Landmark;
use crate::model::log::Spot;

/// Columns by which a key moves a long line.
const PAN: usize = 8;
/// The farthest that lines can be moved, in columns.
const PAN_MAX: usize = 64 << 10;

impl LogPane {
    /// Takes a key; `None` when it means nothing here.
    pub fn key(&mut self, key: Key) -> Option<Outcome> {
        if self.typing.is_some() {
            return Some(self.type_key(key));
        }
        self.path()?;
        let said = self.said.take();
        let mut outcome = match self.mode() {
            Mode::Saved => self.saved_key(key),
            Mode::Inside => self.inside_key(key),
            Mode::Panel => self.panel_key(key),
            Mode::Point | Mode::View | Mode::Typing => self.view_key(key),
        };
        match &mut outcome {
            Some(outcome) => outcome.redraw |= said.is_some(),
            // a key for somebody else: the word stays until one of ours
            None => self.said = said,
        }
        outcome
    }

    /// Rows that a key moves by, where it moves.
    pub(super) fn rows_of_key(&self, key: Key) -> Option<isize> {
        let page = isize::try_from(self.rows.saturating_sub(1).max(1)).unwrap_or(1);
        let half = (page / 2).max(1);
        Some(match (key.code, key.ctrl, key.alt) {
            (Code::Char('j') | Code::Down, false, false) => 1,
            (Code::Char('k') | Code::Up, false, false) => -1,
            (Code::PageDown, ..) | (Code::Char('f'), true, false) => page,
            (Code::PageUp, ..) | (Code::Char('b'), true, false) => -page,
            (Code::Char('d'), true, false) => half,
            (Code::Char('u'), true, false) => -half,
            _ => return None,
        })
    }

    fn view_key(&mut self, key: Key) -> Option<Outcome> {
        if let Some(rows) = self.rows_of_key(key) {
            return Some(self.scroll(rows));
        }
        match (key.code, key.ctrl, key.alt) {
            (Code::Char('g'), true, false) => Some(self.begin(Input::Goto)),
            (code, false, false) => {
                let pointed = if self.point.is_some() { self.point_key(code) } else { None };
                pointed.or_else(|| self.plain_key(code))
            }
            _ => None,
        }
    }

    /// Keys that mean something else, or something at all, on a line that is pointed at.
    fn point_key(&mut self, code: Code) -> Option<Outcome> {
        let selects = self.point.is_some_and(|point: Point| point.anchor.is_some());
        Some(match code {
            Code::Enter => self.open_line(),
            Code::Char('V' | ' ') => self.select(),
            Code::Char('y') => self.copy(),
            Code::Char('Y') => self.begin_write(),
            Code::Char('o') => self.outside(false),
            Code::Char('O' | 'E') => self.outside(true),
            Code::Char('v') => self.end_point(),
            Code::Char('G') | Code::End if selects => self.point_last(),
            Code::Esc if selects => {
                self.drop_selection();
                seen()
            }
            Code::Esc => {
                let found = self.point.is_some_and(|point| point.found);
                let mut outcome = self.end_point();
                if found && !self.query.search.is_empty() {
                    self.query.search.clear();
                    outcome.effects.extend(self.queried().effects);
                }
                outcome
            }
            _ => return None,
        })
    }

    fn plain_key(&mut self, code: Code) -> Option<Outcome> {
        Some(match code {
            Code::Char('g') | Code::Home => self.go_to_start(),
            Code::Char('G') | Code::End => self.go_to_end(),
            Code::Char('h') | Code::Left => self.pan_to(self.pan.saturating_sub(PAN)),
            Code::Char('l') | Code::Right => self.pan_to((self.pan + PAN).min(PAN_MAX)),
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
            Code::Char('J' | ':') => self.begin(Input::Goto),
            Code::Char('n') => self.next_hit(true),
            Code::Char('N') => self.next_hit(false),
            Code::Char('>') => self.next(Landmark::Error, true, "no error below"),
            Code::Char('<') => self.next(Landmark::Error, false, "no error above"),
            Code::Char('}') => self.next(Landmark::Traceback, true, "no traceback below"),
            Code::Char('{') => self.next(Landmark::Traceback, false, "no traceback above"),
            Code::Char(')') => self.next(Landmark::Section, true, "no section below"),
            Code::Char('(') => self.next(Landmark::Section, false, "no section above"),
            Code::Char('!') => self.find(Landmark::Error, Spot::START, true, "no error"),
            Code::Char('v') | Code::Enter => self.begin_point(),
            Code::Tab | Code::Char(']') => self.other_source(1),
            Code::BackTab | Code::Char('[') => self.other_source(self.sources.len().saturating_sub(1)),
            Code::Esc => return self.escape(),
            code => return self.look_key(code),
        })
    }

    /// Keys that change how lines look, and not which.
    fn look_key(&mut self, code: Code) -> Option<Outcome> {
        match code {
            Code::Char('W') => {
                self.wrap = !self.wrap;
                self.pan = 0;
            }
            Code::Char('t') => self.next_times(),
            Code::Char('#') => self.numbers = !self.numbers,
            Code::Char('C') => return Some(self.fold_sections()),
            Code::Char('c') => {
                if let Some(outcome) = self.fold_section() {
                    return Some(outcome);
                }
                self.fold_all();
                let top = self.top_spot();
                if self.lacks_rows() {
                    return Some(acts(self.ask_around(top, Goal::Stay)));
                }
            }
            Code::Char('m') => return Some(self.bookmark()),
            Code::Char('\'') => return Some(self.go_to_bookmark(true)),
            Code::Char('"') => return Some(self.go_to_bookmark(false)),
            Code::Char('F') => {
                self.panel = Some(Panel::default());
                let top = self.top_spot();
                return Some(acts(self.ask_around(top, Goal::Stay)));
            }
            Code::Char('R') => {
                self.reveal = !self.reveal;
                return Some(self.queried());
            }
            Code::Char('M') => return Some(self.merge()),
            Code::Char('s') => return Some(self.begin_save()),
            Code::Char('S') => return Some(self.list_saved()),
            _ => return None,
        }
        Some(seen())
    }

    /// The first such place at or behind a line, or the last one before it.
    pub(super) fn find(
        &mut self,
        what: Landmark,
        spot: Spot,
        forward: bool,
        missing: &'static str,
    ) -> Outcome {
        self.owed = 0;
        acts(self.ask(Anchor::Find { what, spot, forward }, Goal::Find { missing }))
    }

    pub(super) fn go_to(&mut self, place: Place) -> Outcome {
        match place {
            // it may take a while: the view stays where it is
            Place::Mark(what @ (Landmark::Step(_) | Landmark::Epoch(..)), missing) => {
                self.said = Some(LOOKING.to_owned());
                self.find(what, self.top_spot().unwrap_or_default(), true, missing)
            }
            Place::Mark(what, missing) | Place::First(what, missing) => {
                self.find(what, Spot::START, true, missing)
            }
            Place::Start => self.go_to_start(),
            Place::End => self.go_to_end(),
        }
    }

    fn go_to_start(&mut self) -> Outcome {
        self.owed = 0;
        self.leave_end();
        if self.page.at_start && self.waiting.is_none() {
            let before = (self.top, self.point);
            self.top = 0;
            self.point_at_row(0);
            let redraw = before != (self.top, self.point) || self.mark.is_some();
            return Outcome { effects: Vec::new(), redraw };
        }
        self.top = self.last_top();
        acts(self.ask(Anchor::At { spot: Spot::START, above: 0 }, Goal::Start))
    }

    pub(super) fn go_to_end(&mut self) -> Outcome {
        self.owed = 0;
        let pointed = self.point.take().is_some();
        if self.follow && self.page.at_end {
            return Outcome { effects: Vec::new(), redraw: pointed };
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

    pub(super) fn toggle(&mut self, class: Class) -> Outcome {
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

    fn next_hit(&mut self, forward: bool) -> Outcome {
        if self.query.search.is_empty() {
            return Outcome::default();
        }
        self.next(Landmark::Hit, forward, if forward { "no hit below" } else { "no hit above" })
    }

    /// The next such place from what is pointed at, else from what is on screen.
    fn next(&mut self, what: Landmark, forward: bool, missing: &'static str) -> Outcome {
        let top = self.top_index();
        let visible = |at: &Spot| (top..top + self.rows.max(1)).contains(&self.row_of(*at));
        let from = match self.point.map(|point| point.spot).filter(visible) {
            Some(at) if forward => at.next(),
            Some(at) => at,
            None if self.follow && !forward => Spot::END,
            None => self.top_spot().unwrap_or_default(),
        };
        self.find(what, from, forward, missing)
    }

    fn other_source(&mut self, by: usize) -> Outcome {
        if self.merged {
            // one of them alone again
            self.merged = false;
        } else if self.sources.len() < 2 {
            return Outcome::default();
        } else {
            self.chosen = (self.chosen + by) % self.sources.len();
        }
        self.open_chosen();
        acts(self.ask(Anchor::End, Goal::Stay))
    }

    /// All text files in one, or one alone again.
    fn merge(&mut self) -> Outcome {
        self.merged = !self.merged;
        if self.merged && self.paths().len() < 2 {
            self.merged = false;
            self.said = Some("this run has no second text file".to_owned());
            return seen();
        }
        self.open_chosen();
        acts(self.ask(Anchor::End, Goal::Stay))
    }

    /// Leaves what was entered last, one at a time.
    fn escape(&mut self) -> Option<Outcome> {
        if !self.query.search.is_empty() {
            self.query.search.clear();
            return Some(self.queried());
        }
        if !self.filter.is_empty() {
            return Some(self.unfilter());
        }
        if self.reveal {
            self.reveal = false;
            return Some(self.queried());
        }
        if self.frozen {
            return Some(self.go_to_end());
        }
        None
    }
}

/// Something visible changed, and nothing is to be done.
pub(super) const fn seen() -> Outcome {
    Outcome { effects: Vec::new(), redraw: true }
}

pub(super) fn acts(effect: Effect) -> Outcome {
    Outcome { effects: vec![effect], redraw: true }
}
