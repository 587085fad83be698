//! What the charts ask of the log: to go to a step, and the step that a line was written at.

use super::Goal;
use super::LogPane;
use super::goto::Place;
use crate::app::effect::Effect;
use crate::model::log::Anchor;
use crate::model::log::Landmark;
use crate::parse::logplace;

impl LogPane {
    /// Brings the first line at or after this step into view.
    pub fn look_at_step(&mut self, step: u64) -> Option<Effect> {
        self.path()?;
        self.said = None;
        let place = Place::Mark(Landmark::Step(step), "no line of this log is at or after that step");
        self.go_to(place).effects.pop()
    }

    /// Back to the end, pointing at nothing.
    pub fn look_at_end(&mut self) -> Option<Effect> {
        self.path()?;
        self.said = None;
        self.point = None;
        self.owed = 0;
        self.follow = true;
        self.mark = None;
        Some(self.ask(Anchor::End, Goal::Stay))
    }

    /// The step that the line that is pointed at names, or else the nearest line above it that is at hand; of the last line on
    /// screen where none is pointed at.
    pub fn step_of_line(&self) -> Option<u64> {
        let last = self.top_index() + self.rows.saturating_sub(1);
        let row = self.point.map_or(last, |point| self.row_of(point.spot));
        let line = self.shown.get(row.min(self.shown.len().checked_sub(1)?))?.line;
        self.page.lines.get(..=line)?.iter().rev().find_map(|line| logplace::step(&line.text))
    }
}
