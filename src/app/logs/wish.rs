//! Wishes and answers: when the pane asks for lines, and what it does with those that come.

use std::path::Path;
use std::sync::Arc;

use super::Goal;
use super::LogPane;
use super::OWED_MAX;
use super::files::LogSource;
use super::files::main_source;
use super::files::sources;
use super::steps;
use super::typing::Typing;
use crate::app::effect::Effect;
use crate::model::log::Anchor;
use crate::model::log::Landmark;
use crate::model::log::LogAsk;
use crate::model::log::LogPage;
use crate::model::log::Spot;
use crate::model::run::Run;

/// What is looked at, and how much of it has room.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The run.
    pub run: &'a Run,
    /// Whether it is believed to be going on.
    pub alive: bool,
    /// Rows for lines.
    pub rows: u16,
    /// Whether the log has the screen to itself, and keys.
    pub open: bool,
}

impl LogPane {
    /// Shows a log; `None` when none is to be seen. Called whenever one of them may have changed; what comes back is to be done.
    pub fn show(&mut self, view: Option<View<'_>>) -> Option<Effect> {
        let Some(View { run, alive, rows, open }) = view else {
            return self.rest();
        };
        let sources = sources(run);
        if self.run.as_ref() != Some(&run.key) {
            self.another_run(run, sources, rows);
            self.alive = alive;
            return if self.sources.is_empty() {
                self.rest()
            } else {
                Some(self.ask(Anchor::End, Goal::Stay))
            };
        }
        self.alive = alive;
        self.know_metrics(run);
        let known = self.path().map(Path::to_path_buf);
        let others = sources.len() != self.sources.len()
            || sources.iter().zip(&self.sources).any(|(new, old)| new.path != old.path);
        if others {
            let same = sources.iter().position(|source| Some(&source.path) == known.as_ref());
            self.chosen = same.unwrap_or_else(|| main_source(run, &sources));
        }
        self.sources = sources;
        if self.sources.is_empty() {
            return self.rest();
        }
        let other = self.path() != known.as_deref() || (others && self.merged);
        if other {
            self.open_chosen();
        }
        // a preview beside other things is no place for what was shown to one's own eyes
        let hide = self.reveal && !open;
        self.reveal &= open;
        let grown = usize::from(rows) > self.rows;
        let top = self.top_spot();
        self.rows = usize::from(rows);
        self.top = self.top.min(self.last_top());
        let grown = grown || self.rows > self.rows_asked;
        // what was looked for before the pane grew is found first, and filled up then
        let short = (grown && self.rests() && !self.window_suffices()) || self.lacks_rows();
        if other || !self.active || short || hide {
            return Some(self.ask_around(top, Goal::Stay));
        }
        None
    }

    fn another_run(&mut self, run: &Run, sources: Vec<LogSource>, rows: u16) {
        let chosen = main_source(run, &sources);
        *self = Self {
            slot: self.slot,
            run: Some(run.key.clone()),
            folder: run.path.clone(),
            generation: self.generation,
            active: self.active,
            wrap: self.wrap,
            numbers: self.numbers,
            history: std::mem::take(&mut self.history),
            chosen,
            sources,
            rows: usize::from(rows),
            ..Self::default()
        };
        self.know_metrics(run);
    }

    fn know_metrics(&mut self, run: &Run) {
        self.bar_total = steps::bar_total(&run.facts.progress);
        let metrics = &run.facts.metrics;
        let same = metrics.len() == self.metrics.len()
            && metrics.iter().zip(self.metrics.iter()).all(|(new, old)| new.name == *old);
        if !same {
            self.metrics = metrics.iter().map(|metric| Arc::clone(&metric.name)).collect();
        }
    }

    /// Takes an answer in. Returns whether anything visible may have changed.
    pub fn page(&mut self, page: LogPage) -> bool {
        if page.generation != self.generation || !self.active {
            return false;
        }
        let fresh = page.generation != self.lines_of;
        let top = self.top_spot();
        if page == self.page && !fresh {
            return false;
        }
        let goal = self.waiting.unwrap_or_default();
        if self.awaits_titles(&page) {
            // the place would be lost with the lines
            let lines = std::mem::take(&mut self.page.lines);
            let (at_start, at_end) = (self.page.at_start, self.page.at_end);
            self.page = LogPage { lines, at_start, at_end, ..page };
            return true;
        }
        let pointed = self.point_is_seen();
        let found = page.at;
        let seeks = matches!(goal, Goal::Find { .. } | Goal::Align { .. });
        let undecided = seeks && found.is_none() && page.looking;
        if self.frozen && !fresh {
            // what is on screen stands still; only what is said about the rest moves on
            let lines = std::mem::take(&mut self.page.lines);
            let (at_start, at_end) = (self.page.at_start, self.page.at_end);
            self.page = LogPage { lines, at_start, at_end, ..page };
        } else {
            self.page = page;
            self.lines_of = self.generation;
            self.revealed = self.reveal;
        }
        self.sections.opened(&self.page.unfolded);
        self.sections.see(&self.page.lines);
        if fresh {
            self.tell_no_titles();
        }
        self.take_inside();
        if !undecided {
            self.waiting = None;
        }
        let meant = if let Goal::Mark { spot } = goal { Some(spot) } else { found };
        if let Some(at) = meant.filter(|_| matches!(goal, Goal::Find { .. } | Goal::Mark { .. })) {
            self.unfold_around(at);
        }
        self.refold();
        match goal {
            Goal::Start => {
                self.top = 0;
                self.point_at_row(0);
            }
            Goal::Last => {
                self.top = self.last_top();
                self.point_at_row(usize::MAX);
            }
            Goal::Find { missing } if !undecided => self.reach(found, missing, top),
            Goal::Mark { spot } => self.reach(Some(spot), "", None),
            Goal::Align { row } if !undecided => self.take_lead(found, row, top),
            Goal::Tail => {
                self.stand_at_end();
            }
            Goal::Stay | Goal::Find { .. } | Goal::Align { .. } => self.keep(top),
        }
        self.settle_point();
        if pointed {
            self.bring_point();
        }
        self.set_mark();
        let owed = std::mem::take(&mut self.owed);
        if owed != 0 && self.waiting.is_none() {
            if self.point.is_some() {
                self.move_point(owed);
            } else {
                self.move_by(owed);
            }
        } else {
            self.owed = owed;
        }
        true
    }

    fn rest(&mut self) -> Option<Effect> {
        self.typing = None;
        self.reveal = false;
        std::mem::take(&mut self.active).then_some(Effect::Log(self.slot, None))
    }

    /// Whether it stands where it was sent.
    pub(super) const fn rests(&self) -> bool {
        matches!(self.waiting, None | Some(Goal::Stay))
    }

    pub(super) fn ask(&mut self, anchor: Anchor, goal: Goal) -> Effect {
        self.generation += 1;
        self.rows_asked = self.rows;
        self.waiting = Some(goal);
        self.goes_to = match anchor {
            Anchor::Find { what: what @ (Landmark::Step(_) | Landmark::Epoch(..)), .. } => Some(what),
            _ => None,
        };
        self.active = true;
        self.counts_facets = self.wants_facets();
        let ask = LogAsk {
            generation: self.generation,
            paths: self.paths(),
            query: self.query.clone(),
            anchor,
            sections: self.wished_sections(goal),
            bar_total: self.bar_total,
            // what is owed, folded or selected must lie within the window
            rows: self.rows
                + self.stretch
                + self.owed.unsigned_abs().min(OWED_MAX)
                + self.selected_rows().min(OWED_MAX),
            open: self.opened.as_ref().map(|inside| inside.spot),
            reveal: self.reveal,
            facets: self.counts_facets,
        };
        Effect::Log(self.slot, Some(ask))
    }

    /// Wishes for the lines around the present place.
    pub(super) fn ask_around(&mut self, top: Option<Spot>, goal: Goal) -> Effect {
        let anchor = match top {
            Some(spot) if !self.follow => Anchor::At { spot, above: 0 },
            _ => Anchor::End,
        };
        self.ask(anchor, goal)
    }

    pub(super) fn refold(&mut self) {
        self.shown = self.folds.rows(&self.page, self.can_fold());
    }

    pub(super) fn wants_facets(&self) -> bool {
        self.panel.is_some() || self.typing.as_ref().is_some_and(Typing::wants_facets)
    }
}
