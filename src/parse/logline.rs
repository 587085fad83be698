//! What a row of a log is to a reader: its level, its time, and whether it goes on with the message above.
//!
//! Levels are inherited: the body of a traceback is part of its error, and hiding errors must hide it. What stands above is all
//! the context there is, and it is forgotten wherever a row speaks for itself, so that a reader can begin in the middle of a
//! file and know after a few rows what it would have known from the start.

use crate::model::level::Level;
use crate::model::log::LineKind;
use crate::model::stamp::Stamp;

use super::logjson;
use super::logrows::Row;

mod prefix;

/// A row with its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The text to show.
    pub text: &'a str,
    /// Where the message begins in it.
    pub body: usize,
    /// Its level, or that of the message it continues.
    pub level: Option<Level>,
    /// Message, continuation or bar.
    pub kind: LineKind,
    /// The time that it gives.
    pub time: Option<Stamp>,
}

/// What the rows above leave for those below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Above {
    /// Level of the message above.
    level: Option<Level>,
    /// Whether there is a message that indented rows continue.
    open: bool,
    /// Whether a traceback is under way.
    traceback: bool,
}

/// Reads rows one after the other.
#[derive(Debug, Default)]
pub struct Reader {
    above: Above,
    told: bool,
    shown: String,
}

impl Reader {
    /// A reader below rows that left `above`.
    pub fn below(above: Above) -> Self {
        Self { above, told: false, shown: String::new() }
    }

    /// What the rows read so far leave for those below: nothing when none of them spoke for itself, so that the answer depends
    /// on these rows alone and not on where the reading began.
    pub fn left(&self) -> Above {
        if self.told { self.above } else { Above::default() }
    }

    /// Reads one row.
    pub fn read<'a>(&'a mut self, row: &Row<'a>) -> Line<'a> {
        let text = row.text;
        if text.is_empty() {
            return self.blank(text);
        }
        if text.starts_with('{')
            && let Some(shown) = logjson::show(text, prefix::level, &mut self.shown)
        {
            self.speaks(shown.level);
            let kind = LineKind::Text;
            return Line { text: &self.shown, body: shown.body, level: shown.level, kind, time: None };
        }
        if let Some(glued) = prefix::bar(text, row.redrawn) {
            return self.bar(text, glued);
        }
        let indented = text.starts_with([' ', '\t', '|']);
        let found = if indented && self.above.traceback { prefix::Prefix::none() } else { prefix::read(text) };
        let body = text.get(found.body..).unwrap_or(text);
        if starts_traceback(body) {
            return self.traceback(text, &found);
        }
        if found.level.is_some() || found.time.is_some() {
            self.speaks(found.level);
            let kind = LineKind::Text;
            return Line { text, body: found.body, level: found.level, kind, time: found.time };
        }
        if self.above.traceback {
            // the row at the left margin names the exception, and ends it
            self.above.traceback = body.starts_with([' ', '\t', '|', '+']);
            return Line { text, body: found.body, level: self.above.level, kind: LineKind::Continuation, time: None };
        }
        if self.above.open && indented || links_tracebacks(body) && self.above.level >= Some(Level::Error) {
            let level = self.above.level;
            return Line { text, body: 0, level, kind: LineKind::Continuation, time: None };
        }
        self.speaks(None);
        Line { text, body: found.body, level: None, kind: LineKind::Text, time: None }
    }

    fn speaks(&mut self, level: Option<Level>) {
        self.above = Above { level, open: true, traceback: false };
        self.told = true;
    }

    fn blank<'a>(&self, text: &'a str) -> Line<'a> {
        let within = self.above.traceback || self.above.open && self.above.level >= Some(Level::Error);
        let (level, kind) = if within {
            (self.above.level, LineKind::Continuation)
        } else {
            (None, LineKind::Text)
        };
        Line { text, body: 0, level, kind, time: None }
    }

    /// A bar; what is glued behind it by another writer may be a message.
    fn bar<'a>(&mut self, text: &'a str, glued: usize) -> Line<'a> {
        let behind = text.get(glued..).unwrap_or_default();
        let found = prefix::read(behind);
        if starts_traceback(behind) {
            self.above = Above { level: Some(Level::Error), open: true, traceback: true };
            self.told = true;
            return Line { text, body: 0, level: Some(Level::Error), kind: LineKind::Text, time: None };
        }
        if found.level.is_some() {
            self.speaks(found.level);
            return Line { text, body: 0, level: found.level, kind: LineKind::Text, time: found.time };
        }
        self.above = Above::default();
        self.told = true;
        Line { text, body: 0, level: None, kind: LineKind::Progress, time: None }
    }

    fn traceback<'a>(&mut self, text: &'a str, found: &prefix::Prefix) -> Line<'a> {
        let goes_on = self.above.open && self.above.level >= Some(Level::Error) && found.level.is_none();
        let kind = if goes_on { LineKind::Continuation } else { LineKind::Text };
        let level = found.level.filter(|level| *level >= Level::Error).or(Some(Level::Error));
        self.above = Above { level, open: true, traceback: true };
        self.told = true;
        Line { text, body: found.body, level, kind, time: found.time }
    }
}

fn starts_traceback(body: &str) -> bool {
    body.contains("Traceback (most recent call last)")
}

fn links_tracebacks(body: &str) -> bool {
    body.starts_with("During handling of the above exception")
        || body.starts_with("The above exception was the direct cause")
}

#[cfg(test)]
mod tests;
