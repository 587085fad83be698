//! Where the view stands among the rows at hand, and how it moves.

use super::Goal;
use super::LogPane;
use super::Mark;
use super::STRETCH_MAX;
use super::sections::folded;
use super::steps::LOOKING;
use crate::app::effect::Outcome;
use crate::model::log::Spot;

impl LogPane {
    /// Brings what was found into view and points at it, or says that there is none.
    pub(super) fn reach(&mut self, found: Option<Spot>, missing: &'static str, top: Option<Spot>) {
        self.said = self.said.take().filter(|said| said != LOOKING);
        let Some(at) = found else {
            self.said = Some(self.no_step(missing).to_owned());
            self.keep(top);
            return;
        };
        if let Some(line) = self.page.lines.iter().find(|line| line.spot == at)
            && let Some(about) = self.about_step(line)
        {
            self.said = Some(about);
        }
        let before = self.top_for(top);
        let visible = !self.follow && top.is_some();
        self.point_found(at);
        let place = self.row_of(at);
        let seen = visible && (before..before + self.rows).contains(&place);
        self.top = if seen { before } else { place.saturating_sub(self.rows / 3) };
        self.leave_end();
        self.top = self.top.min(self.last_top());
    }

    /// Keeps the line that stood on top there.
    pub(super) fn keep(&mut self, top: Option<Spot>) {
        self.top = self.top_for(top).min(self.last_top());
    }

    fn top_for(&self, top: Option<Spot>) -> usize {
        top.map_or_else(|| self.last_top(), |spot| self.row_of(spot))
    }

    /// The row of a line: its own, or the one into which it is folded; where it is no more (a filter took it away), where it
    /// would be.
    pub(super) fn row_of(&self, spot: Spot) -> usize {
        let lines = &self.page.lines;
        let line = lines.iter().position(|line| line.spot == spot);
        let line = line.unwrap_or_else(|| {
            if self.merged {
                // by time and not by place: what is gone has no place any more
                self.shown.get(self.top).map_or(0, |row| row.line)
            } else {
                let next = lines.partition_point(|line| line.spot < spot);
                // what a section hides is where its title is
                let title =
                    next.checked_sub(1).filter(|at| lines.get(*at).is_some_and(|l| folded(l).is_some()));
                title.unwrap_or(next)
            }
        });
        let next = self.shown.partition_point(|row| row.line <= line);
        let here = next.saturating_sub(1);
        // behind everything stays behind everything
        if line >= lines.len() { self.shown.len() } else { here }
    }

    /// Index of the topmost row when the last one is at the bottom.
    pub(super) fn last_top(&self) -> usize {
        self.shown.len().saturating_sub(self.rows)
    }

    pub(super) fn top_index(&self) -> usize {
        if self.follow { self.last_top() } else { self.top }
    }

    pub(super) fn spot_of(&self, row: usize) -> Option<Spot> {
        self.page.lines.get(self.shown.get(row)?.line).map(|line| line.spot)
    }

    pub(super) fn top_spot(&self) -> Option<Spot> {
        self.spot_of(self.top_index())
    }

    pub(super) fn leave_end(&mut self) {
        if self.follow {
            self.follow = false;
            self.mark = None;
            self.set_mark();
        }
    }

    /// Remembers how much there was when the view left the end.
    pub(super) fn set_mark(&mut self) {
        if self.follow {
            self.mark = None;
        } else if self.mark.is_none() && self.lines_of == self.generation {
            let matched = self.page.counted_all().then_some(self.page.counts.matched);
            self.mark = Some(Mark { matched, bytes: self.page.counted.1 });
        }
    }

    /// Whether the margin is wide enough for some more keys.
    pub(super) fn window_suffices(&self) -> bool {
        let top = self.top_index();
        let above = self.page.at_start || top >= self.rows;
        let below = self.page.at_end || top + 2 * self.rows <= self.shown.len();
        above && below
    }

    /// Whether so many lines are folded away that the pane cannot be filled, or its margin is used up. The next wish is then for
    /// twice as many.
    pub(super) fn lacks_rows(&mut self) -> bool {
        let folded = self.shown.len() < self.page.lines.len();
        let lacks = folded
            && self.waiting.is_none()
            && !self.page.looking
            && !self.window_suffices()
            && self.stretch < STRETCH_MAX;
        if lacks {
            self.stretch = (self.stretch * 2).max(self.rows * 4).min(STRETCH_MAX);
        }
        lacks
    }

    /// Moves the view; what cannot be done yet is owed. Returns whether the view moved.
    pub(super) fn move_by(&mut self, rows: isize) -> bool {
        let before = (self.follow, self.top_index());
        let wanted = before.1.saturating_add_signed(rows);
        let lacking = if rows < 0 && !self.page.at_start {
            rows.saturating_add_unsigned(before.1).min(0)
        } else if rows > 0 && !self.page.at_end {
            isize::try_from(wanted.saturating_sub(self.last_top())).unwrap_or(0)
        } else {
            0
        };
        self.owed = self.owed.saturating_add(lacking);
        let last = self.last_top();
        let top = wanted.min(last);
        if rows > 0 && wanted >= last && self.page.at_end && !self.frozen {
            self.follow = true;
            self.mark = None;
        } else if top != before.1 {
            self.leave_end();
            self.top = top;
        }
        (self.follow, self.top_index()) != before
    }

    /// Moves the view, or what is pointed at, and wishes for more where it comes near the edge of what is at hand.
    pub(super) fn scroll(&mut self, rows: isize) -> Outcome {
        if matches!(self.waiting, Some(Goal::Start | Goal::Last | Goal::Find { .. })) {
            // first the view goes where it was sent
            self.owed = self.owed.saturating_add(rows);
            return Outcome::default();
        }
        let redraw = if self.point.is_some() { self.move_point(rows) } else { self.move_by(rows) };
        if !self.window_suffices() && !self.page.looking {
            let top = self.top_spot();
            return Outcome { effects: vec![self.ask_around(top, Goal::Stay)], redraw };
        }
        Outcome { effects: Vec::new(), redraw }
    }
}
