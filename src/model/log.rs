//! A line of a log as the screen shows it.

use std::sync::Arc;

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

/// One line after terminal replay. `text` holds no control character: it is safe to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Where the line begins in its file, in bytes: the line's identity.
    pub offset: u64,
    /// What was written, carriage returns and cursor moves applied, colours gone.
    pub text: Arc<str>,
    /// Its level, or that of the message it continues.
    pub level: Option<Level>,
    /// Message, continuation or bar.
    pub kind: LineKind,
    /// The time that the line itself gives.
    pub time: Option<Stamp>,
}

/// Which lines of a log are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogQuery {
    /// Levels that are hidden, as bits by `Level as u8`; lines without any level count as bit 7.
    pub hidden: u8,
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
    /// The next hit after (or before) the line at this byte.
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
    pub path: std::path::PathBuf,
    /// Which lines.
    pub query: LogQuery,
    /// Which part.
    pub anchor: Anchor,
    /// How many rows the pane has; some more than that on both sides are sent along.
    pub rows: usize,
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
    /// Whether nothing comes before the first line.
    pub at_start: bool,
    /// Whether nothing comes after the last line.
    pub at_end: bool,
    /// Lines seen so far: by level (`Level as usize`), without level, and all.
    pub levels: [u64; 6],
    /// Lines that pass the filter, of those seen so far.
    pub matched: u64,
    /// Lines that the search hits, of those that pass.
    pub hits: u64,
    /// Lines seen so far.
    pub seen: u64,
    /// Bytes counted so far, and bytes in the file: counts are exact once they are equal.
    pub counted: (u64, u64),
    /// What happened to the file, when it is not simply growing (`truncated`, `replaced`, `gone`, an error).
    pub note: Option<String>,
    /// A regex that does not compile, with what is wrong.
    pub bad_pattern: Option<String>,
}
