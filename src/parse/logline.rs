//! What a row of a log is to a reader: its level, its time, and whether it goes on with the message above.
//!
//! Levels are inherited: the body of a traceback is part of its error, and hiding errors must hide it. What stands above is all
//! the context there is, and it is forgotten wherever a row speaks for itself, so that a reader can begin in the middle of a
//! file and know after a few rows what it would have known from the start.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::model::level::Level;
use crate::model::log::LineKind;
use crate::model::stamp::Stamp;

use super::bar;
use super::logjson;
use super::logrows::Row;
use super::text::prefix;

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
    /// Whether texts are not asked for.
    brief: bool,
    shown: String,
}

impl Reader {
    /// A reader below rows that left `above`.
    pub fn below(above: Above) -> Self {
        Self { above, ..Self::default() }
    }

    /// The same for who wants no texts: a JSON row is then not written out, and its text is the row itself.
    pub fn brief(above: Above) -> Self {
        Self { above, brief: true, ..Self::default() }
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
        if self.brief
            && text.starts_with('{')
            && let Some(level) = logjson::level(text)
        {
            self.speaks(level);
            return Line { text, body: 0, level, kind: LineKind::Text, time: None };
        }
        if text.starts_with('{')
            && !self.brief
            && let Some(shown) = logjson::show(text, &mut self.shown)
        {
            self.speaks(shown.level);
            let kind = LineKind::Text;
            return Line { text: &self.shown, body: shown.body, level: shown.level, kind, time: None };
        }
        if let Some(end) = bar_end(text, row.redrawn) {
            return self.bar(text, end);
        }
        let indented = text.starts_with([' ', '\t', '|']);
        let found = if indented && self.above.traceback { Prefix::default() } else { Prefix::of(text) };
        let body = text.get(found.body..).unwrap_or(text);
        if starts_traceback(body) {
            return self.traceback(text, &found);
        }
        if found.level.is_some() || found.time.is_some() {
            self.speaks(found.level);
            let Prefix { body, level, time, .. } = found;
            return Line { text, body, level, kind: LineKind::Text, time };
        }
        if self.above.traceback {
            // the row at the left margin names the exception, and ends it
            self.above.traceback =
                indented || found.indented || body.starts_with(['|', '+']) || body.is_empty();
            return Line {
                text,
                body: found.body,
                level: self.above.level,
                kind: LineKind::Continuation,
                time: None,
            };
        }
        let goes_on = self.above.open && (indented || found.indented);
        if goes_on || links_tracebacks(body) && self.above.level >= Some(Level::Error) {
            let level = self.above.level;
            return Line { text, body: found.body, level, kind: LineKind::Continuation, time: None };
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
        let (level, kind) =
            if within { (self.above.level, LineKind::Continuation) } else { (None, LineKind::Text) };
        Line { text, body: 0, level, kind, time: None }
    }

    /// A bar; what is glued behind it by another writer may be a message.
    fn bar<'a>(&mut self, text: &'a str, glued: usize) -> Line<'a> {
        let behind = text.get(glued..).unwrap_or_default();
        let found = Prefix::of(behind);
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

    fn traceback<'a>(&mut self, text: &'a str, found: &Prefix) -> Line<'a> {
        let goes_on = self.above.open && self.above.level >= Some(Level::Error) && found.level.is_none();
        let kind = if goes_on { LineKind::Continuation } else { LineKind::Text };
        let level = found.level.filter(|level| *level >= Level::Error).or(Some(Level::Error));
        self.above = Above { level, open: true, traceback: true };
        self.told = true;
        Line { text, body: found.body, level, kind, time: found.time }
    }
}

/// What a logger or launcher put before the message.
#[derive(Debug, Clone, Copy, Default)]
struct Prefix {
    level: Option<Level>,
    time: Option<Stamp>,
    /// Where the message begins.
    body: usize,
    /// Whether the message is indented behind the prefix (`[rank0]:   File "x.py"`).
    indented: bool,
}

impl Prefix {
    fn of(text: &str) -> Self {
        let message = prefix::strip(text);
        if !message.is_logged() && message.rank.is_empty() {
            return Self::default();
        }
        let body = text.len() - message.body.len();
        let indented =
            text.get(..body).is_some_and(|before| before.ends_with("  ") || before.ends_with('\t'));
        Self { level: message.level, time: message.time, body, indented }
    }
}

/// Where a bar ends. Bars of other families than tqdm's are told by having been redrawn and by what they are made of.
fn bar_end(text: &str, redrawn: bool) -> Option<usize> {
    if let Some(found) = bar::tqdm(text) {
        return Some(text.len() - found.after.len());
    }
    (redrawn && (text.contains(['━', '█', '╸', '─', '▏']) || text.contains("===") || text.contains("ETA")))
        .then_some(text.len())
}

fn starts_traceback(body: &str) -> bool {
    /// Made once: making it costs more than a look at a row.
    static HEADING: LazyLock<Finder<'static>> =
        LazyLock::new(|| Finder::new("Traceback (most recent call last)"));
    HEADING.find(body.as_bytes()).is_some()
}

fn links_tracebacks(body: &str) -> bool {
    body.starts_with("During handling of the above exception")
        || body.starts_with("The above exception was the direct cause")
}

#[cfg(test)]
mod tests;
