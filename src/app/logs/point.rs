//! The line that is pointed at, what is selected around it, and the lines that were marked to be found again.

use super::Goal;
use super::LogPane;
use super::OWED_MAX;
use crate::app::effect::Outcome;
use crate::model::log::Anchor;
use crate::model::log::LogLine;
use crate::model::log::Spot;

use super::keys::acts;
use super::keys::seen;

/// A line that is pointed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The line.
    pub spot: Spot,
    /// The other end of what is selected.
    pub(super) anchor: Option<Spot>,
    /// Whether a search led here.
    pub(super) found: bool,
    /// Whether the view followed the end before.
    followed: bool,
}

impl LogPane {
    /// Points at a line: the last one on screen while following, else the topmost.
    pub(super) fn begin_point(&mut self) -> Outcome {
        if self.shown.is_empty() {
            return Outcome::default();
        }
        let followed = self.follow;
        let row = if followed { self.shown.len() - 1 } else { self.top_index() };
        let Some(spot) = self.spot_of(row) else { return Outcome::default() };
        let top = self.top_index();
        self.leave_end();
        self.top = top;
        self.point = Some(Point { spot, anchor: None, found: false, followed });
        seen()
    }

    pub(super) fn point_found(&mut self, spot: Spot) {
        let (followed, anchor) =
            self.point.map_or((self.follow, None), |point| (point.followed, point.anchor));
        self.point = Some(Point { spot, anchor, found: true, followed });
    }

    pub(super) fn point_to(&mut self, spot: Spot) {
        if let Some(point) = &mut self.point {
            point.spot = spot;
        }
        self.bring_point();
    }

    pub(super) fn point_at_row(&mut self, row: usize) {
        let row = row.min(self.shown.len().saturating_sub(1));
        if let (Some(spot), Some(point)) = (self.spot_of(row), &mut self.point) {
            point.spot = spot;
        }
    }

    /// The line may be gone by a filter, or folded away: then its neighbour is meant.
    pub(super) fn settle_point(&mut self) {
        let Some(point) = self.point else { return };
        let row = self.row_of(point.spot).min(self.shown.len().saturating_sub(1));
        match self.spot_of(row) {
            Some(spot) => self.point = Some(Point { spot, ..point }),
            None if self.page.looking => {}
            None => self.point = None,
        }
        if let Some(anchor) = point.anchor
            && !self.page.lines.iter().any(|line| line.spot == anchor)
        {
            self.drop_selection();
            self.said = Some("the other end of the selection is out of reach: it is dropped".to_owned());
        }
    }

    /// The view follows what is pointed at.
    pub(super) fn bring_point(&mut self) {
        let Some(point) = self.point else { return };
        let row = self.row_of(point.spot);
        let top = self.top_index();
        let rows = self.rows.max(1);
        let wanted = if row < top {
            row
        } else if row >= top + rows {
            row + 1 - rows
        } else {
            top
        };
        self.leave_end();
        self.top = wanted.min(self.last_top());
    }

    /// Points so many rows further; what cannot be done yet is owed. Returns whether anything moved.
    pub(super) fn move_point(&mut self, rows: isize) -> bool {
        let Some(point) = self.point else { return false };
        let last = self.shown.len().saturating_sub(1);
        let here = self.row_of(point.spot).min(last);
        let wanted = here.saturating_add_signed(rows);
        let lacking = if rows < 0 && !self.page.at_start {
            rows.saturating_add_unsigned(here).min(0)
        } else if rows > 0 && !self.page.at_end {
            isize::try_from(wanted.saturating_sub(last)).unwrap_or(0)
        } else {
            0
        };
        self.owed = self.owed.saturating_add(lacking);
        let before = (self.point, self.top_index());
        self.point_at_row(wanted);
        self.bring_point();
        before != (self.point, self.top_index())
    }

    pub(super) fn end_point(&mut self) -> Outcome {
        let Some(point) = self.point.take() else { return Outcome::default() };
        let at_end = self.page.at_end && self.top_index() >= self.last_top();
        if point.followed && at_end && !self.frozen && self.waiting.is_none() {
            self.follow = true;
            self.mark = None;
        }
        seen()
    }

    /// The last line, pointed at: of a selection, which does not follow.
    pub(super) fn point_last(&mut self) -> Outcome {
        self.owed = 0;
        self.leave_end();
        acts(self.ask(Anchor::End, Goal::Last))
    }

    /// Begins to select, or ends it.
    pub(super) fn select(&mut self) -> Outcome {
        let Some(point) = &mut self.point else { return Outcome::default() };
        point.anchor = if point.anchor.is_some() { None } else { Some(point.spot) };
        seen()
    }

    pub(super) fn drop_selection(&mut self) {
        if let Some(point) = &mut self.point {
            point.anchor = None;
        }
    }

    /// Indices of the first and the last selected line, those that are folded into the last row among them.
    fn selection(&self) -> Option<(usize, usize)> {
        let point = self.point?;
        let one = self.row_of(point.spot);
        let other = point.anchor.map_or(one, |anchor| self.row_of(anchor));
        let first = self.shown.get(one.min(other))?.line;
        let last = self.shown.get(one.max(other))?;
        Some((first, last.line + last.folded))
    }

    /// How many rows lie between the ends of the selection.
    pub(super) fn selected_rows(&self) -> usize {
        let Some((point, anchor)) = self.point.and_then(|point| Some((point, point.anchor?))) else {
            return 0;
        };
        self.row_of(point.spot).abs_diff(self.row_of(anchor))
    }

    /// What is selected: the line that is pointed at, and all to the other end of the selection.
    pub(super) fn selected(&self) -> &[LogLine] {
        let Some((first, last)) = self.selection() else { return &[] };
        self.page.lines.get(first..=last).unwrap_or_default()
    }

    /// Numbers of the first and the last line of the selection ([`super::Shown::line`]), where there is one.
    pub fn selected_range(&self) -> Option<(usize, usize)> {
        self.point?.anchor?;
        self.selection()
    }

    /// How many lines are selected, where some are.
    pub fn selected_lines(&self) -> Option<usize> {
        self.point?.anchor?;
        Some(self.selected().len())
    }

    /// Marks the line that is pointed at, or takes its mark away.
    pub(super) fn bookmark(&mut self) -> Outcome {
        let spot = self.point.map(|point| point.spot).or_else(|| self.top_spot());
        let Some(spot) = spot else { return Outcome::default() };
        if !self.bookmarks.remove(&spot) {
            if self.bookmarks.len() >= OWED_MAX {
                self.said = Some("there are too many bookmarks".to_owned());
                return seen();
            }
            self.bookmarks.insert(spot);
        }
        seen()
    }

    /// To the next line that was marked, or the one before.
    pub(super) fn go_to_bookmark(&mut self, forward: bool) -> Outcome {
        let from = self.point.map(|point| point.spot).or_else(|| self.top_spot()).unwrap_or_default();
        let found = if forward {
            self.bookmarks.range(from.next()..).next().copied()
        } else {
            self.bookmarks.range(..from).next_back().copied()
        };
        let Some(spot) = found else {
            let none = self.bookmarks.is_empty();
            let side = if forward { "below" } else { "above" };
            self.said =
                Some(if none { "no bookmark: m sets one".to_owned() } else { format!("no bookmark {side}") });
            return seen();
        };
        self.point_found(spot);
        self.owed = 0;
        if self.page.lines.iter().any(|line| line.spot == spot) {
            self.unfold_around(spot);
            self.refold();
            let row = self.row_of(spot);
            let top = self.top_index();
            self.leave_end();
            let visible = (top..top + self.rows).contains(&row);
            self.top = if visible { top } else { row.saturating_sub(self.rows / 3) }.min(self.last_top());
            if self.window_suffices() {
                return seen();
            }
        } else {
            self.leave_end();
        }
        acts(self.ask(Anchor::At { spot, above: self.rows / 3 }, Goal::Mark { spot }))
    }
}
