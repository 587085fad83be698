//! `trainmon follow`: a log told line by line to people who want to know how it goes, and to programs that read text.
//!
//! What is told at which verbosity:
//!
//! | | `-q` | | `-v` |
//! |---|---|---|---|
//! | errors with their tracebacks | yes | yes | yes |
//! | the run's outcome | yes | yes | yes |
//! | warnings, setup, headings, tables, milestones, progress | | yes | yes |
//! | all other lines, bars and figures among them | | | yes |
//!
//! What belongs to setup is told by [`crate::report::lines`]. Here lines become text; where it goes, and how a line is redrawn
//! in place, is for the runtime.

mod frame;
pub mod outcome;
mod progress;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::model::level::Level;
use crate::model::log::LineKind;
use crate::report::lines::Entry;
use crate::report::lines::Mark;
use crate::report::lines::Part;
use crate::report::lines::is_rule;
use crate::report::say::say;

use frame::Table;

pub use progress::Gate;
pub use progress::line as progress;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verbosity {
    /// Errors and the outcome.
    Quiet,
    /// What is worth reading.
    #[default]
    Normal,
    /// Everything.
    Verbose,
}

/// What a line is to the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Text.
    Plain,
    /// A heading.
    Title,
    /// A warning.
    Warning,
    /// An error.
    Error,
    /// Of little weight.
    Faint,
    /// All went well.
    Good,
}

/// A line that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// One line without its end; safe to print.
    pub text: String,
    /// What it is.
    pub tone: Tone,
}

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Columns, where there is an end to them.
    pub width: Option<usize>,
    /// Only ASCII may be drawn.
    pub ascii: bool,
}

/// Chooses among the lines of a log, and writes them.
#[derive(Debug)]
pub struct Teller {
    verbosity: Verbosity,
    /// Whether the message above was told, for what continues it.
    above: bool,
    /// Whether the line above is blank, or there is none.
    blank: bool,
    table: Option<Table>,
}

impl Teller {
    /// One that has told nothing yet.
    pub const fn new(verbosity: Verbosity) -> Self {
        Self { verbosity, above: false, blank: true, table: None }
    }

    /// Tells a line, if it is to be told at all.
    pub fn tell(&mut self, entry: &Entry<'_>, look: Look, told: &mut dyn FnMut(Said)) {
        if let Some(table) = &mut self.table {
            let goes_on =
                entry.mark != Mark::TableEnd && entry.level < Some(Level::Error) && table.has_room();
            if goes_on && entry.part != Part::Progress {
                table.add(entry.text);
                return;
            }
            if entry.mark == Mark::TableEnd || goes_on {
                if entry.mark == Mark::TableEnd {
                    self.close_table(look, told);
                }
                return;
            }
            self.close_table(look, told);
        }
        let shows = self.shows(entry);
        if entry.kind != LineKind::Continuation {
            self.above = shows;
        }
        if !shows {
            return;
        }
        match entry.mark {
            Mark::TableStart(title) => self.table = Some(Table::new(title)),
            Mark::TableEnd => {}
            Mark::Section(title) if entry.level < Some(Level::Warning) => {
                self.say(Tone::Title, &frame::section(title, look.ascii), told);
            }
            _ => self.text(entry, told),
        }
    }

    /// The log has come to its end: what is still held back is told.
    pub fn rest(&mut self, look: Look, told: &mut dyn FnMut(Said)) {
        self.close_table(look, told);
    }

    fn shows(&self, entry: &Entry<'_>) -> bool {
        if entry.kind == LineKind::Continuation {
            return self.above;
        }
        let grave = entry.level.unwrap_or(Level::Debug);
        match self.verbosity {
            Verbosity::Verbose => true,
            Verbosity::Quiet => grave >= Level::Error,
            Verbosity::Normal if grave >= Level::Warning => true,
            Verbosity::Normal => {
                entry.part == Part::Setup || entry.mark == Mark::Milestone && entry.kind != LineKind::Progress
            }
        }
    }

    fn text(&mut self, entry: &Entry<'_>, told: &mut dyn FnMut(Said)) {
        let text = entry.text;
        if text.is_empty() || self.verbosity < Verbosity::Verbose && self.blank && is_rule(text) {
            // the first blank line between two others is enough, and a rule above nothing is none
            if text.is_empty() && !self.blank {
                self.blank = true;
                told(Said { text: String::new(), tone: Tone::Plain });
            }
            return;
        }
        let tone = match entry.level {
            Some(Level::Error | Level::Critical) => Tone::Error,
            Some(Level::Warning) => Tone::Warning,
            Some(Level::Debug) => Tone::Faint,
            _ if matches!(entry.part, Part::Debug | Part::Progress) => Tone::Faint,
            _ => Tone::Plain,
        };
        let grave = entry.level >= Some(Level::Error) && entry.raw.starts_with('{');
        let trace = if grave { frame::trace(entry.raw) } else { None };
        let text = trace.as_ref().map_or(Cow::Borrowed(text), |trace| trace.taken_out_of(text));
        if entry.cut > 0 {
            self.say(tone, &format!("{text} … ({} bytes more)", entry.cut), told);
        } else {
            self.say(tone, &text, told);
        }
        for line in trace.iter().flat_map(|trace| &trace.lines) {
            self.say(tone, &format!("  {line}"), told);
        }
    }

    fn close_table(&mut self, look: Look, told: &mut dyn FnMut(Said)) {
        let Some(table) = self.table.take() else { return };
        for line in table.lines(look) {
            self.say(Tone::Plain, &line, told);
        }
    }

    fn say(&mut self, tone: Tone, text: &str, told: &mut dyn FnMut(Said)) {
        self.blank = false;
        told(Said { text: say(text).into_owned(), tone });
    }
}
