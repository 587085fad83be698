//! A line of a log as the screen shows it, and the wish that asks for lines.
//!
//! A line is known by the byte it begins at, never by its number: a file of any size can then be opened in the middle, and a
//! line keeps its name while others are filtered away around it.

use std::path::PathBuf;
use std::sync::Arc;

use smallvec::SmallVec;

use super::level::Level;
use super::stamp::Stamp;

/// What a log line is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// A message of its own.
    Text,
    /// Belongs to the message above (a traceback's body, a wrapped line).
    Continuation,
    /// The last state of a progress bar.
    Progress,
}

/// The classes of lines that can be hidden one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Debug.
    Debug,
    /// Info.
    Info,
    /// Warning.
    Warning,
    /// Error and critical.
    Error,
    /// Progress bars.
    Progress,
    /// Lines of no level.
    Plain,
}

impl Class {
    /// How many there are.
    pub const COUNT: usize = 6;
    /// All, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Debug, Self::Info, Self::Warning, Self::Error, Self::Progress, Self::Plain];

    /// The class of a line.
    pub const fn of(level: Option<Level>, kind: LineKind) -> Self {
        match (kind, level) {
            (LineKind::Progress, _) => Self::Progress,
            (_, Some(Level::Debug)) => Self::Debug,
            (_, Some(Level::Info)) => Self::Info,
            (_, Some(Level::Warning)) => Self::Warning,
            (_, Some(Level::Error | Level::Critical)) => Self::Error,
            (_, None) => Self::Plain,
        }
    }
}

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Classes(u8);

impl Classes {
    /// Whether `class` is in it.
    pub const fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u8) != 0
    }

    /// Puts `class` in, or takes it out when it is there.
    pub const fn toggle(&mut self, class: Class) {
        self.0 ^= 1 << class as u8;
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// How many lines there are of each class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByClass(pub [u64; Class::COUNT]);

impl ByClass {
    /// Lines of `class`.
    pub fn get(&self, class: Class) -> u64 {
        self.0.get(class as usize).copied().unwrap_or(0)
    }

    /// Counts one line.
    pub fn add(&mut self, class: Class) {
        if let Some(count) = self.0.get_mut(class as usize) {
            *count += 1;
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// Lines of all classes but the hidden ones.
    pub fn visible(&self, hidden: Classes) -> u64 {
        Class::ALL.iter().filter(|&&class| !hidden.has(class)).map(|&class| self.get(class)).sum()
    }
}

/// A stretch of a line's text, in bytes from its beginning.
pub type Span = (u32, u32);

/// One line after terminal replay. `text` holds no control character but the tabulator: it is safe to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Where the line begins in its file, in bytes: the line's identity.
    pub offset: u64,
    /// What was written, carriage returns and cursor moves applied, colours gone; a JSON row as `HH:MM:SS LEVEL message key=value`.
    pub text: Arc<str>,
    /// Where in `text` the message begins, behind time, level and logger; 0 when there is no such prefix.
    pub body: u32,
    /// Its level, or that of the message it continues.
    pub level: Option<Level>,
    /// Message, continuation or bar.
    pub kind: LineKind,
    /// The time that the line itself gives.
    pub time: Option<Stamp>,
    /// What the search found in `text`, from left to right.
    pub hits: SmallVec<[Span; 2]>,
    /// Bytes of the line that are left out of `text`, because it is very long.
    pub cut: u64,
}

impl LogLine {
    /// Its class.
    pub const fn class(&self) -> Class {
        Class::of(self.level, self.kind)
    }
}

/// Which lines of a log are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogQuery {
    /// Classes that are hidden.
    pub hidden: Classes,
    /// Only lines that match this regex (smart case); empty for all.
    pub filter: String,
    /// Lines that match this regex (smart case) are hits; empty for none.
    pub search: String,
}

/// Which part of the log is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The end, and whatever comes after it.
    End,
    /// Lines around the one that begins at this byte, which stands `above` lines below the window's top.
    At {
        /// Byte offset of a line.
        offset: u64,
        /// Lines above it.
        above: usize,
    },
    /// The first hit at or behind this byte, or the last one before it.
    Hit {
        /// Byte offset of a line.
        offset: u64,
        /// Towards the end of the file.
        forward: bool,
    },
}

/// A wish for lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogAsk {
    /// Counts up with every wish: answers to older ones are dropped.
    pub generation: u64,
    /// The file.
    pub path: PathBuf,
    /// Which lines.
    pub query: LogQuery,
    /// Which part.
    pub anchor: Anchor,
    /// How many rows the pane has; some more than that on both sides are sent along.
    pub rows: usize,
}

/// What is known of a log's lines, as far as it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogCounts {
    /// Messages by class; what continues a message does not count again.
    pub messages: ByClass,
    /// Lines seen so far.
    pub seen: u64,
    /// Lines that pass filter and classes, of those seen so far by this query.
    pub matched: u64,
    /// Lines that the search hits, of those that pass.
    pub hits: u64,
}

/// What the log pane shows: a window of matching lines, and counts as far as they are known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogPage {
    /// Of the wish that it answers.
    pub generation: u64,
    /// Matching lines, oldest first.
    pub lines: Vec<LogLine>,
    /// The line that the wish named (a hit that was found), by its offset.
    pub at: Option<u64>,
    /// The how manieth hit of the file it is, from 1, when all before it are counted.
    pub at_number: Option<u64>,
    /// Whether nothing comes before the first line.
    pub at_start: bool,
    /// Whether nothing comes after the last line.
    pub at_end: bool,
    /// Whether more lines, or the hit, are still being looked for.
    pub looking: bool,
    /// How many lines of which sort.
    pub counts: LogCounts,
    /// Bytes counted so far, and bytes in the file: `counts` is exact once they are equal.
    pub counted: (u64, u64),
    /// What happened to the file, when it is not simply growing (`truncated`, `replaced`, `gone`, an error).
    pub note: Option<String>,
    /// A regex that does not compile, with what is wrong.
    pub bad_pattern: Option<String>,
}

impl LogPage {
    /// Whether the counts are those of the whole file.
    pub const fn counted_all(&self) -> bool {
        self.counted.0 >= self.counted.1
    }
}
