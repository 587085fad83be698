//! What the drawing asks of the pane.

use std::sync::Arc;

use super::LogPane;
use super::folds::Shown;
use super::inside::Inside;
use super::saved::Saved;
use super::table::Mode;
use super::times::Times;
use super::typing::Input;
use crate::app::line::Line;
use crate::model::log::LogLine;
use crate::model::log::LogPage;
use crate::model::log::LogQuery;
use crate::model::log::Spot;
use crate::model::run::RunKey;

/// How much has come since the view left the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// So many matching lines.
    Lines(u64),
    /// So many bytes, where the lines are not counted yet.
    Bytes(u64),
}

impl LogPane {
    /// The run whose log it is.
    pub const fn run(&self) -> Option<&RunKey> {
        self.run.as_ref()
    }

    /// The newest answer.
    pub const fn latest(&self) -> &LogPage {
        &self.page
    }

    /// Whether an answer has come for this file at all.
    pub const fn answered(&self) -> bool {
        self.lines_of != 0
    }

    /// The rows from the topmost visible one on, each with the lines that are folded into it.
    pub fn from_top(&self) -> impl Iterator<Item = (&LogLine, Shown)> + Clone {
        self.rows_from(self.top_index())
    }

    /// All rows at hand, oldest first.
    pub fn all_rows(&self) -> impl Iterator<Item = (&LogLine, Shown)> + Clone {
        self.rows_from(0)
    }

    fn rows_from(&self, from: usize) -> impl Iterator<Item = (&LogLine, Shown)> + Clone {
        let rows = self.shown.get(from..).unwrap_or_default();
        rows.iter().filter_map(|row| Some((self.page.lines.get(row.line)?, *row)))
    }

    /// All lines at hand, oldest first.
    pub fn lines(&self) -> &[LogLine] {
        &self.page.lines
    }

    /// Whether the view follows the end.
    pub const fn follows(&self) -> bool {
        self.follow
    }

    /// Whether the view is frozen.
    pub const fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// How much has come below since the view left the end.
    pub fn behind(&self) -> Option<Behind> {
        let mark = self.mark.filter(|_| !self.follow)?;
        let page = &self.page;
        match mark.matched {
            Some(matched) if page.counted_all() => {
                Some(Behind::Lines(page.counts.matched.saturating_sub(matched)))
                    .filter(|b| *b != Behind::Lines(0))
            }
            _ => Some(page.counted.1.saturating_sub(mark.bytes)).filter(|&n| n > 0).map(Behind::Bytes),
        }
    }

    /// Which lines are wanted.
    pub const fn query(&self) -> &LogQuery {
        &self.query
    }

    /// The filter as it was typed.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Whether keys go into a text.
    pub const fn typing(&self) -> bool {
        self.typing.is_some()
    }

    /// What is being typed.
    pub fn input(&self) -> Option<(Input, &Line)> {
        self.typing.as_ref().map(|typing| (typing.what, &typing.edit))
    }

    /// What is wrong with what is being typed.
    pub fn bad_pattern(&self) -> Option<&str> {
        self.bad_pattern.as_deref().or(self.page.bad_pattern.as_deref())
    }

    /// A word about the last key.
    pub fn said(&self) -> Option<&str> {
        self.said.as_deref()
    }

    /// The line that is pointed at.
    pub fn point(&self) -> Option<Spot> {
        self.point.map(|point| point.spot)
    }

    /// Whether the line was marked to be found again.
    pub fn is_bookmarked(&self, spot: Spot) -> bool {
        self.bookmarks.contains(&spot)
    }

    /// What is open of a line.
    pub const fn inside(&self) -> Option<&Inside> {
        self.opened.as_ref()
    }

    /// The saved filters, while they are chosen from.
    pub const fn saved(&self) -> Option<&Saved> {
        self.saved.as_ref()
    }

    /// Whether secrets are shown as they were written, or still are.
    pub const fn reveals(&self) -> bool {
        self.reveal || self.revealed
    }

    /// Secrets that are hidden in the rows on screen.
    pub fn hidden_secrets(&self) -> u64 {
        self.from_top().take(self.rows).map(|(line, _)| u64::from(line.secrets)).sum()
    }

    /// The names of the run's metrics.
    pub fn metrics(&self) -> &[Arc<str>] {
        &self.metrics
    }

    /// How times are told.
    pub const fn times(&self) -> Times {
        self.times
    }

    /// Whether lines are numbered.
    pub const fn numbers(&self) -> bool {
        self.numbers
    }

    /// Columns that are scrolled out at the left.
    pub const fn pan(&self) -> usize {
        self.pan
    }

    /// Whether long lines are wrapped.
    pub const fn wraps(&self) -> bool {
        self.wrap
    }

    /// What keys mean.
    pub const fn mode(&self) -> Mode {
        if self.typing.is_some() {
            Mode::Typing
        } else if self.saved.is_some() {
            Mode::Saved
        } else if self.opened.is_some() {
            Mode::Inside
        } else if self.panel.is_some() {
            Mode::Panel
        } else if self.point.is_some() {
            Mode::Point
        } else {
            Mode::View
        }
    }
}
