//! What is typed into the pane: a search, a filter, a place, a name, a path.
//!
//! Searches and filters act while they are typed; what was there before comes back when one thinks better of it.

use std::collections::VecDeque;

use super::Goal;
use super::LogPane;
use super::complete::Candidates;
use super::complete::candidates;
use super::goto;
use super::keys::acts;
use super::keys::seen;
use crate::app::binding::Action;
use crate::app::binding::Place;
use crate::app::binding::action;
use crate::app::effect::Outcome;
use crate::app::key::Code;
use crate::app::key::Key;
use crate::app::line::Edit;
use crate::app::line::Edited;
use crate::app::line::Line;
use crate::model::log::Anchor;
use crate::model::log::Landmark;
use crate::model::log::LogFilter;
use crate::model::log::Spot;
use crate::parse::logquery;
use crate::parse::pattern;

/// So many filters, and so many searches, are remembered.
const REMEMBERED: usize = 100;

/// What is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A search.
    Search,
    /// A filter.
    Filter,
    /// A place to go to.
    Goto,
    /// A path to write the selection to.
    Write,
    /// A name for the present filter.
    Name,
}

/// The text that is being typed, and what stood there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typing {
    pub(super) what: Input,
    pub(super) edit: Line,
    before: String,
    /// How far back in what was typed earlier, and what was typed before that.
    recalled: Option<(usize, String)>,
    /// What Tab goes through, with the text that it began from.
    completing: Option<Completing>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Completing {
    candidates: Candidates,
    chosen: usize,
    before: String,
    behind: String,
}

impl Typing {
    /// Whether values are typed that the log must be asked for.
    pub(super) fn wants_facets(&self) -> bool {
        let text = self.edit.parts().0;
        let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let word = word.strip_prefix('!').unwrap_or(word);
        self.what == Input::Filter && (word.starts_with("event:") || word.starts_with("rank:"))
    }
}

/// Filters and searches of this session, the newest last.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    searches: VecDeque<String>,
    filters: VecDeque<String>,
}

impl History {
    const fn of(&mut self, what: Input) -> Option<&mut VecDeque<String>> {
        match what {
            Input::Search => Some(&mut self.searches),
            Input::Filter => Some(&mut self.filters),
            Input::Goto | Input::Write | Input::Name => None,
        }
    }

    pub(super) fn remember(&mut self, what: Input, text: &str) {
        let Some(all) = self.of(what).filter(|_| !text.trim().is_empty()) else { return };
        all.retain(|known| known != text);
        all.push_back(text.to_owned());
        if all.len() > REMEMBERED {
            all.pop_front();
        }
    }
}

impl LogPane {
    pub(super) fn begin(&mut self, what: Input) -> Outcome {
        let before = self.pattern(what).map(|text| text.clone()).unwrap_or_default();
        // a filter of several terms is gone on with, a search begun anew
        let edit = if what == Input::Filter { Line::new(&before) } else { Line::default() };
        self.typing = Some(Typing { what, edit, before, recalled: None, completing: None });
        seen()
    }

    fn pattern(&mut self, what: Input) -> Option<&mut String> {
        match what {
            Input::Search => Some(&mut self.query.search),
            Input::Filter => Some(&mut self.filter),
            Input::Goto | Input::Write | Input::Name => None,
        }
    }

    pub(super) fn type_key(&mut self, key: Key) -> Outcome {
        let plain = !key.ctrl && !key.alt;
        match key.code {
            Code::Enter => return self.commit(),
            Code::Esc => return self.give_up(),
            Code::Char('c') if key.ctrl => return self.give_up(),
            Code::Tab | Code::BackTab => return self.complete(key.code == Code::Tab),
            Code::Up if plain => return self.recall(true),
            Code::Down if plain => return self.recall(false),
            _ => {}
        }
        let Some(typing) = &mut self.typing else { return Outcome::default() };
        // the keys of an edited line are the same here as in the filter of the list
        let edited = match (action(Place::Prompt, key), key.code) {
            (Some(Action::Edit(edit)), _) => typing.edit.edit(edit),
            (None, Code::Char(c)) if plain => typing.edit.insert(c.encode_utf8(&mut [0; 4])),
            _ => Edited::No,
        };
        if edited != Edited::No {
            typing.recalled = None;
            typing.completing = None;
        }
        self.edited(edited)
    }

    /// Takes pasted text; `None` when nothing is being typed.
    pub fn paste(&mut self, text: &str) -> Option<Outcome> {
        let typing = self.typing.as_mut()?;
        typing.recalled = None;
        typing.completing = None;
        let edited = typing.edit.insert(text);
        Some(self.edited(edited))
    }

    /// The text has changed: its lines are looked for while it is being typed.
    fn edited(&mut self, edited: Edited) -> Outcome {
        match edited {
            Edited::No => return Outcome::default(),
            Edited::Moved => return seen(),
            Edited::Changed => {}
        }
        let Some(typing) = &self.typing else { return Outcome::default() };
        let (what, text) = (typing.what, typing.edit.text().to_owned());
        let read = match what {
            Input::Search => pattern::compile(&text).map(|_| None),
            Input::Filter => logquery::parse(&text).map(Some),
            Input::Goto | Input::Write | Input::Name => {
                self.bad_pattern = None;
                return seen();
            }
        };
        let filter = match read {
            Ok(filter) => filter,
            Err(bad) => {
                self.bad_pattern = Some(bad);
                return self.ask_values();
            }
        };
        self.bad_pattern = None;
        let Some(pattern) = self.pattern(what) else { return seen() };
        if *pattern == text {
            return seen();
        }
        *pattern = text;
        if let Some(filter) = filter {
            if filter == self.query.filter {
                return self.ask_values();
            }
            self.query.filter = filter;
        }
        self.queried()
    }

    /// Values to complete by are asked for as soon as one begins to type some.
    fn ask_values(&mut self) -> Outcome {
        if self.wants_facets() && self.page.facets.is_none() && self.waiting.is_none() {
            let top = self.top_spot();
            return acts(self.ask_around(top, Goal::Stay));
        }
        seen()
    }

    /// Values are counted no longer than somebody looks at them.
    fn end_values(&mut self) -> Outcome {
        if self.counts_facets && !self.wants_facets() {
            let top = self.top_spot();
            return acts(self.ask_around(top, Goal::Stay));
        }
        seen()
    }

    /// Filters by `text`, which is known to be right, or says what is wrong with it.
    pub(super) fn filter_by(&mut self, text: String) -> Outcome {
        match logquery::parse(&text) {
            Ok(filter) => {
                self.query.filter = filter;
                self.filter = text;
                self.queried()
            }
            Err(bad) => {
                self.said = Some(bad);
                seen()
            }
        }
    }

    /// No filter any more.
    pub(super) fn unfilter(&mut self) -> Outcome {
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
        let text = typing.edit.text().to_owned();
        self.history.remember(typing.what, &text);
        match typing.what {
            Input::Search => self.commit_search(),
            Input::Filter => self.end_values(),
            Input::Goto => match goto::parse(&text) {
                Ok(place) => self.go_to(place),
                Err(bad) => {
                    self.bad_pattern = Some(bad);
                    self.typing = Some(typing);
                    seen()
                }
            },
            Input::Write => self.write_to(text.trim()),
            Input::Name => self.save_as(text.trim()),
        }
    }

    fn commit_search(&mut self) -> Outcome {
        if self.query.search.is_empty() {
            return seen();
        }
        // at the end the newest hit is the one in question, elsewhere the next one
        let (spot, forward) =
            if self.follow { (Spot::END, false) } else { (self.top_spot().unwrap_or_default(), true) };
        self.point = None;
        self.find(Landmark::Hit, spot, forward, if forward { "no hit below" } else { "no hit above" })
    }

    fn give_up(&mut self) -> Outcome {
        let Some(typing) = self.typing.take() else { return Outcome::default() };
        self.bad_pattern = None;
        let Some(pattern) = self.pattern(typing.what) else { return seen() };
        if *pattern == typing.before {
            return seen();
        }
        pattern.clone_from(&typing.before);
        // what stood there before was read once already
        if typing.what == Input::Filter {
            self.query.filter = logquery::parse(&typing.before).unwrap_or_default();
        }
        self.queried()
    }

    /// An earlier filter or search, or a later one.
    fn recall(&mut self, back: bool) -> Outcome {
        let Some(typing) = &mut self.typing else { return Outcome::default() };
        let Some(all) = self.history.of(typing.what) else { return Outcome::default() };
        let here = typing.recalled.as_ref().map_or(0, |(at, _)| *at);
        let there = if back { here + 1 } else { here.saturating_sub(1) };
        if there == here || there > all.len() {
            return Outcome::default();
        }
        let first = typing.recalled.take().map_or_else(|| typing.edit.text().to_owned(), |(_, first)| first);
        let text =
            if there == 0 { first.as_str() } else { all.get(all.len() - there).map_or("", String::as_str) };
        typing.edit = Line::new(text);
        typing.recalled = (there > 0).then_some((there, first));
        typing.completing = None;
        self.edited(Edited::Changed)
    }

    /// What may stand at the cursor, and which of it stands there by Tab.
    pub fn candidates(&self) -> Option<(Candidates, Option<usize>)> {
        let typing = self.typing.as_ref().filter(|typing| typing.what == Input::Filter)?;
        if let Some(completing) = &typing.completing {
            return Some((completing.candidates.clone(), Some(completing.chosen)));
        }
        let files: Vec<&str> = self.sources.iter().map(|source| &*source.name).collect();
        let found = candidates(typing.edit.parts().0, self.page.facets.as_deref(), &files);
        Some((found, None))
    }

    /// The next candidate, or the one before.
    fn complete(&mut self, forward: bool) -> Outcome {
        let Some((candidates, chosen)) = self.candidates() else { return Outcome::default() };
        let count = candidates.texts.len();
        let Some(typing) = self.typing.as_mut().filter(|_| count > 0) else { return Outcome::default() };
        let next = match chosen {
            None if forward => 0,
            None => count - 1,
            Some(at) if forward => (at + 1) % count,
            Some(at) => (at + count - 1) % count,
        };
        let (before, behind) = match typing.completing.take() {
            Some(completing) => (completing.before, completing.behind),
            None => {
                let (before, behind) = typing.edit.parts();
                (before.get(..candidates.from).unwrap_or_default().to_owned(), behind.to_owned())
            }
        };
        let text = candidates.texts.get(next).cloned().unwrap_or_default();
        typing.edit = Line::new(&format!("{before}{text}"));
        if !behind.is_empty() {
            typing.edit.insert(&behind);
            for _ in behind.chars() {
                typing.edit.edit(Edit::Left);
            }
        }
        // a single name is complete: what follows it is the next question
        typing.completing = (count > 1).then_some(Completing { candidates, chosen: next, before, behind });
        self.edited(Edited::Changed)
    }

    /// Other lines are wanted at the same place.
    pub(super) fn queried(&mut self) -> Outcome {
        self.owed = 0;
        self.mark = None;
        let top =
            self.point.map(|point| point.spot).filter(|_| self.point_is_seen()).or_else(|| self.top_spot());
        let above = self.point.map_or(0, |point| self.row_of(point.spot).saturating_sub(self.top_index()));
        match top {
            Some(spot) if self.point.is_some() && !self.follow => {
                acts(self.ask(Anchor::At { spot, above }, Goal::Stay))
            }
            top => acts(self.ask_around(top, Goal::Stay)),
        }
    }

    pub(super) fn point_is_seen(&self) -> bool {
        let top = self.top_index();
        self.point.is_some_and(|point| (top..top + self.rows.max(1)).contains(&self.row_of(point.spot)))
    }
}
