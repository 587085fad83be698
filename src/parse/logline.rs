//! What a row of a log is to a reader: its level, its time, and whether it goes on with the message above.
//!
//! Levels are inherited: the body of a traceback is part of its error, and hiding errors must hide it. What stands above is all
//! the context there is, and it is forgotten wherever a row speaks for itself, so that a reader can begin in the middle of a
//! file and know after a few rows what it would have known from the start.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::model::level::Level;
use crate::model::log::Block;
use crate::model::log::LineKind;
use crate::model::stamp::Stamp;

use super::bar;
use super::logjson;
use super::logjson::Hint;
use super::logjson::Shown;
use super::logkind;
use super::logrows::Row;
use super::sections;
use super::text::prefix;

mod table;

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
    /// The time that it gives, or that of the last row above that gave one.
    pub moment: Option<Stamp>,
    /// The rank that wrote it, where its prefix names one.
    pub rank: Option<u32>,
    /// What it goes on with.
    pub block: Block,
    /// Whether it is a JSON row.
    pub json: bool,
    /// The event that a JSON row names.
    pub event: Option<&'a str>,
    /// The correlation id that a JSON row names.
    pub correlation: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// A message without level and time.
    pub fn plain(text: &'a str) -> Self {
        Self {
            text,
            body: 0,
            level: None,
            kind: LineKind::Text,
            time: None,
            moment: None,
            rank: None,
            block: Block::None,
            json: false,
            event: None,
            correlation: None,
        }
    }

    fn prefixed(text: &'a str, found: &Prefix) -> Self {
        Self { body: found.body, level: found.level, time: found.time, rank: found.rank, ..Self::plain(text) }
    }

    fn continuing(self, level: Option<Level>) -> Self {
        Self { level, kind: LineKind::Continuation, time: None, block: Block::Message, ..self }
    }
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
    /// Whether a table is under way.
    table: bool,
    /// The last time that was told.
    time: Option<Stamp>,
}

impl Above {
    /// What the first row of a log has above it.
    pub const NOTHING: Self = Self { level: None, open: false, traceback: false, table: false, time: None };

    /// The last time that was told above.
    pub const fn time(&self) -> Option<Stamp> {
        self.time
    }

    /// The same without its time, which a brief reader does not look for in JSON rows.
    #[must_use]
    pub const fn untimed(self) -> Self {
        Self { time: None, ..self }
    }
}

/// Reads rows one after the other.
#[derive(Debug, Default)]
pub struct Reader {
    above: Above,
    told: bool,
    timed: bool,
    /// Whether texts are not asked for.
    brief: bool,
    text: String,
    shown: Shown,
    hint: Hint,
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
        let time = self.above.time.filter(|_| self.timed);
        if self.told { Above { time, ..self.above } } else { Above { time, ..Above::default() } }
    }

    /// Whether the rows read so far leave something in every respect: rows above them would change nothing.
    pub const fn is_settled(&self) -> bool {
        self.told && self.timed
    }

    /// Reads a row of which nobody knows what stands above it; `None` when that matters.
    pub fn alone<'a>(&'a mut self, row: &Row<'a>) -> Option<Line<'a>> {
        self.above = Above::default();
        let line = self.read(row);
        let speaks = line.level.is_some() || line.time.is_some();
        let told = speaks && !row.text.starts_with([' ', '\t', '|']) && !starts_traceback(row.text);
        (line.json || line.kind == LineKind::Progress || told).then_some(line)
    }

    /// Reads one row.
    pub fn read<'a>(&'a mut self, row: &Row<'a>) -> Line<'a> {
        let before = self.above.time;
        let line = self.read_below(row);
        Line { moment: line.time.or(before), ..line }
    }

    fn read_below<'a>(&'a mut self, row: &Row<'a>) -> Line<'a> {
        let text = row.text;
        if text.is_empty() {
            return self.blank(text);
        }
        if logjson::is_row(text) {
            return self.json(text);
        }
        if let Some(end) = bar_end(text, row.redrawn) {
            return self.bar(text, end);
        }
        let indented = text.starts_with([' ', '\t', '|']);
        let found = if indented && self.above.traceback { Prefix::default() } else { Prefix::of(text) };
        let body = text.get(found.body..).unwrap_or(text);
        let line = Line::prefixed(text, &found);
        if starts_traceback(body) {
            return self.traceback(line);
        }
        if found.level.is_some() || found.time.is_some() {
            self.speaks(found.level, found.time);
            return line;
        }
        if self.above.traceback {
            // the row at the left margin names the exception, and ends it
            self.above.traceback =
                indented || found.indented || body.starts_with(['|', '+']) || body.is_empty();
            return line.continuing(self.above.level);
        }
        if self.above.table && table::goes_on(body) && sections::title(body).is_none() {
            return Line { level: self.above.level, block: Block::Table, ..line };
        }
        let goes_on = self.above.open && (indented || found.indented);
        if goes_on || links_tracebacks(body) && self.above.level >= Some(Level::Error) {
            return line.continuing(self.above.level);
        }
        self.speaks(None, None);
        self.above.table = table::begins(body) && sections::title(body).is_none();
        line
    }

    fn speaks(&mut self, level: Option<Level>, time: Option<Stamp>) {
        self.above =
            Above { level, open: true, traceback: false, table: false, time: time.or(self.above.time) };
        self.told = true;
        self.timed |= time.is_some();
    }

    /// Reads a JSON row of which only the level is asked.
    pub fn level_of_json(&mut self, row: &str) -> Option<Level> {
        let level = self.hint.level(row);
        self.speaks(level, None);
        level
    }

    fn json<'a>(&'a mut self, row: &'a str) -> Line<'a> {
        let level = logjson::level(row);
        let shown = if self.brief { None } else { logjson::show(row, &mut self.text) };
        self.speaks(level, shown.as_ref().and_then(|shown| shown.time));
        let Some(shown) = shown else { return Line { level, json: true, ..Line::plain(row) } };
        self.shown = shown;
        Line {
            body: self.shown.body,
            level,
            time: self.shown.time,
            json: true,
            event: self.shown.event.as_deref(),
            correlation: self.shown.correlation.as_deref(),
            ..Line::plain(&self.text)
        }
    }

    fn blank<'a>(&mut self, text: &'a str) -> Line<'a> {
        let within = self.above.traceback || self.above.open && self.above.level >= Some(Level::Error);
        self.above.table = false;
        if within { Line::plain(text).continuing(self.above.level) } else { Line::plain(text) }
    }

    /// A bar; what is glued behind it by another writer may be a message.
    fn bar<'a>(&mut self, text: &'a str, glued: usize) -> Line<'a> {
        let behind = text.get(glued..).unwrap_or_default();
        let found = Prefix::of(behind);
        if starts_traceback(behind) {
            self.speaks(Some(Level::Error), None);
            self.above.traceback = true;
            return Line { level: Some(Level::Error), ..Line::plain(text) };
        }
        if found.level.is_some() {
            self.speaks(found.level, found.time);
            return Line { level: found.level, time: found.time, rank: found.rank, ..Line::plain(text) };
        }
        self.above = Above { time: self.above.time, ..Above::default() };
        self.told = true;
        Line { kind: LineKind::Progress, ..Line::plain(text) }
    }

    fn traceback<'a>(&mut self, line: Line<'a>) -> Line<'a> {
        let goes_on = self.above.open && self.above.level >= Some(Level::Error) && line.level.is_none();
        let level = line.level.filter(|level| *level >= Level::Error).or(Some(Level::Error));
        self.speaks(level, line.time);
        self.above.traceback = true;
        if goes_on {
            let time = line.time;
            return Line { time, ..line.continuing(level) };
        }
        Line { level, ..line }
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
    rank: Option<u32>,
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
        Self { level: message.level, time: message.time, body, indented, rank: logkind::rank(message.rank) }
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
