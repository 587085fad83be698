//! Sections that are folded: one by one, or all of them to the log's contents.
//!
//! The pane only remembers which; the engine leaves their lines out of the window, since a section may be longer than any window.
//! Whatever leads into a folded section opens it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Goal;
use super::LogPane;
use super::OWED_MAX;
use super::keys::acts;
use super::keys::seen;
use crate::app::effect::Outcome;
use crate::model::log::LogLine;
use crate::model::log::LogPage;
use crate::model::log::Section;
use crate::model::log::SectionFolds;
use crate::model::log::Spot;

/// What is folded.
#[derive(Debug, Clone, Default)]
pub(super) struct Sections {
    all: bool,
    /// Titles that are the other way, with their ranks.
    others: Arc<BTreeMap<Spot, u8>>,
    /// The ranks of all titles that were seen, each a bit.
    ranks: u8,
}

impl Sections {
    /// Remembers how high titles stand.
    pub(super) fn see(&mut self, lines: &[LogLine]) {
        for section in lines.iter().filter_map(|line| line.section.as_ref()) {
            self.ranks |= 1 << section.rank;
        }
    }

    /// Places in another file mean nothing.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Titles that the reader opened for a line that was wished for.
    pub(super) fn opened(&mut self, titles: &[Spot]) {
        for title in titles {
            let others = Arc::make_mut(&mut self.others);
            if self.all {
                others.insert(*title, 0);
            } else {
                others.remove(title);
            }
        }
    }

    fn toggle(&mut self, title: Spot, rank: u8) {
        let others = Arc::make_mut(&mut self.others);
        if others.remove(&title).is_none() {
            others.insert(title, rank);
        }
    }
}

impl LogPane {
    /// What of sections is wished for.
    pub(super) fn wished_sections(&self, goal: Goal) -> Arc<SectionFolds> {
        if self.no_sections().is_some() {
            return Arc::default();
        }
        let open = if let Goal::Mark { spot } = goal { Some(spot) } else { None };
        Arc::new(SectionFolds { all: self.sections.all, others: Arc::clone(&self.sections.others), open })
    }

    /// Why no section folds, where none does.
    fn no_sections(&self) -> Option<&'static str> {
        if self.merged {
            Some("sections fold in one file alone: M leads back to it")
        } else if !self.query.filter.conditions.is_empty() {
            Some("no section folds while lines are filtered")
        } else {
            None
        }
    }

    /// Folds or opens the section whose title is at `spot`; `None` where none is.
    pub(super) fn fold_section_at(&mut self, spot: Spot) -> Option<Outcome> {
        let line = self.page.lines.iter().find(|line| line.spot == spot)?;
        let section = line.section.clone()?;
        if let Some(why) = self.no_sections() {
            self.said = Some(why.to_owned());
            return Some(seen());
        }
        if self.sections.others.len() >= OWED_MAX && !self.sections.others.contains_key(&spot) {
            self.said = Some("too many sections are folded by themselves: C folds all".to_owned());
            return Some(seen());
        }
        self.sections.toggle(spot, section.rank);
        let top = self.top_spot();
        // what was the end may be folded away: who follows goes on following
        Some(acts(self.ask_around(top, Goal::Stay)))
    }

    /// The same at the line that is pointed at, or at the topmost one.
    pub(super) fn fold_section(&mut self) -> Option<Outcome> {
        let spot = self.point.map_or_else(|| self.top_spot(), |point| Some(point.spot));
        spot.and_then(|spot| self.fold_section_at(spot))
    }

    /// Folds all sections to the log's contents, or opens them all.
    pub(super) fn fold_sections(&mut self) -> Outcome {
        if let Some(why) = self.no_sections() {
            self.said = Some(why.to_owned());
            return seen();
        }
        let top = self.top_spot();
        let all = !self.sections.all;
        self.sections = Sections { all, others: Arc::default(), ..self.sections };
        self.said =
            Some(if all { "all sections folded: C opens them" } else { "all sections opened" }.to_owned());
        acts(self.ask_around(top, Goal::Stay))
    }

    /// Whether an answer brings no line yet, because it is not known which sections hide what: the lines at hand stay until it is.
    pub(super) fn awaits_titles(&self, page: &LogPage) -> bool {
        let folds = self.sections.all || !self.sections.others.is_empty();
        folds
            && self.no_sections().is_none()
            && page.looking
            && page.lines.is_empty()
            && !self.page.lines.is_empty()
    }

    /// Says so where there is nothing to fold: the last title would be among the last lines.
    pub(super) fn tell_no_titles(&mut self) {
        let page = &self.page;
        let none = page.at_end && !page.looking && page.lines.iter().all(|line| line.section.is_none());
        if self.shows_contents() && none && self.sections.others.is_empty() {
            self.said = Some("no line of this log is a title of a section".to_owned());
        }
    }

    /// How many kinds of titles stand above that of a line, in the log's contents.
    pub fn depth(&self, line: &LogLine) -> u16 {
        let Some(section) = line.section.as_ref().filter(|_| self.shows_contents()) else { return 0 };
        let above = self.sections.ranks & ((1 << section.rank) - 1);
        u16::try_from(above.count_ones()).unwrap_or(0)
    }

    /// Whether the pane shows the log's contents.
    pub fn shows_contents(&self) -> bool {
        self.sections.all && self.no_sections().is_none()
    }
}

/// What a line is the folded title of.
pub(super) fn folded(line: &LogLine) -> Option<&Section> {
    line.section.as_deref().filter(|section| section.folded.is_some())
}

/// How many lines are folded away, in words; `None` where there are none, or nobody knows.
pub fn told(section: &Section) -> Option<String> {
    let folded = section.folded?;
    match (folded.lines, folded.exact) {
        (0, _) => None,
        (1, true) => Some("1 line".to_owned()),
        (n, true) => Some(format!("{n} lines")),
        (n, false) => Some(format!("{n}+ lines")),
    }
}
