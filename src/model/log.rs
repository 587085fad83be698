//! A line of a log as the screen shows it, and the wish that asks for lines.
//!
//! A line is known by its file and the byte it begins at, never by its number: a file of any size can then be opened in the
//! middle, and a line keeps its name while others are filtered away around it.

use std::path::PathBuf;
use std::sync::Arc;

use smallvec::SmallVec;

use super::level::Level;
use super::stamp::Stamp;

mod extent;
mod filter;
mod section;
mod slot;
mod steps;

pub use extent::Extent;
pub use filter::Category;
pub use filter::Condition;
pub use filter::LogFilter;
pub use filter::Term;
pub use filter::When;
pub use section::FoldedLines;
pub use section::Section;
pub use section::SectionFolds;
pub use slot::BySlot;
pub use slot::Slot;
pub use steps::StepAnswer;
pub use steps::StepFound;

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

/// Rows that belong together and can be folded into their first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Block {
    /// A line by itself, or the first one of a block: a new block begins wherever `Inside` follows.
    #[default]
    None,
    /// Goes on with the message above: the body of a traceback, a wrapped line.
    Message,
    /// Goes on with the table above.
    Table,
}

/// A stretch of a line's text, in bytes from its beginning.
pub type Span = (u32, u32);

/// A line's identity: its file, and the byte it begins at there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Spot {
    /// The number of its file in the wish's `paths`.
    pub file: u16,
    /// Where it begins, in bytes.
    pub offset: u64,
}

impl Spot {
    /// Before everything.
    pub const START: Self = Self { file: 0, offset: 0 };
    /// Behind everything.
    pub const END: Self = Self { file: u16::MAX, offset: u64::MAX };

    /// A place of a log that is one file.
    pub const fn at(offset: u64) -> Self {
        Self { file: 0, offset }
    }

    /// The next place in the same file.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { offset: self.offset.saturating_add(1), ..self }
    }
}

/// One line after terminal replay. `text` holds no control character but the tabulator: it is safe to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its identity.
    pub spot: Spot,
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
    /// The same, or the last time above it.
    pub moment: Option<Stamp>,
    /// The how manieth line of its file it is, from 1; `None` until all lines before it are counted.
    pub number: Option<u64>,
    /// What the search found in `text`, from left to right.
    pub hits: SmallVec<[Span; 2]>,
    /// Bytes of the line that are left out of `text`, because it is very long.
    pub cut: u64,
    /// What it goes on with.
    pub block: Block,
    /// What it is the title of.
    pub section: Option<Arc<Section>>,
    /// What it is about.
    pub category: Category,
    /// The rank that wrote it, where it says so.
    pub rank: Option<u32>,
    /// Whether it is a bar's or another line that was drawn several times: the earlier draws can be opened.
    pub redrawn: bool,
    /// Whether it is a JSON row, which can be opened.
    pub json: bool,
    /// Secrets that are hidden in `text`.
    pub secrets: u32,
}

impl LogLine {
    /// A message without level and time.
    pub fn plain(spot: Spot, text: &str) -> Self {
        Self {
            spot,
            text: text.into(),
            body: 0,
            level: None,
            kind: LineKind::Text,
            time: None,
            moment: None,
            number: None,
            hits: SmallVec::new(),
            cut: 0,
            block: Block::None,
            section: None,
            category: Category::Other,
            rank: None,
            redrawn: false,
            json: false,
            secrets: 0,
        }
    }

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
    /// Only lines that pass.
    pub filter: LogFilter,
    /// Lines that match this regex (smart case) are hits; empty for none.
    pub search: String,
}

/// A place that can be jumped to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Landmark {
    /// A line that the search hits.
    Hit,
    /// A message of level error or critical.
    Error,
    /// A message of level warning or above.
    Warning,
    /// The first line of a traceback.
    Traceback,
    /// The title of a section.
    Section,
    /// The first line at or after this time, wherever the wish's offset is.
    Time(When),
    /// The first line at or after this step, wherever the wish's offset is.
    Step(u64),
    /// The first line of this epoch, or the one at or after a step of it, wherever the wish's offset is.
    Epoch(u64, Option<u64>),
    /// So much of the file, from 0 to 1, wherever the wish's offset is.
    Part(f64),
    /// The line of this number, from 1, or the next one that passes; nothing is found until all lines before it are counted.
    Line(u64),
}

/// Which part of the log is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Anchor {
    /// The end, and whatever comes after it.
    End,
    /// Lines around this one, which stands `above` lines below the window's top.
    At {
        /// A line.
        spot: Spot,
        /// Lines above it.
        above: usize,
    },
    /// The first such place at or behind this line, or the last one before it.
    Find {
        /// What is looked for.
        what: Landmark,
        /// A line.
        spot: Spot,
        /// Towards the end of the file.
        forward: bool,
    },
}

/// A wish for lines.
#[derive(Debug, Clone, PartialEq)]
pub struct LogAsk {
    /// Counts up with every wish: answers to older ones are dropped.
    pub generation: u64,
    /// The files: one, or several that are merged by the times of their lines.
    pub paths: Vec<PathBuf>,
    /// Which lines.
    pub query: LogQuery,
    /// Which part.
    pub anchor: Anchor,
    /// Which sections are folded: of one file alone, and while no condition filters.
    pub sections: Arc<SectionFolds>,
    /// The total of the run's own bar, for a step that only bars tell.
    pub bar_total: Option<u64>,
    /// How many rows the pane has; some more than that on both sides are sent along.
    pub rows: usize,
    /// A line that is to be opened: its draws, or its JSON.
    pub open: Option<Spot>,
    /// Whether secrets are shown as they were written: for the screen of the one who asked for it, and nothing else.
    pub reveal: bool,
    /// Whether lines are also counted by category, event and rank, which takes longer.
    pub facets: bool,
}

impl LogAsk {
    /// A wish for the lines of one file, and nothing besides.
    pub fn of(generation: u64, path: PathBuf, query: LogQuery, anchor: Anchor, rows: usize) -> Self {
        Self {
            generation,
            paths: vec![path],
            query,
            anchor,
            sections: Arc::default(),
            bar_total: None,
            rows,
            open: None,
            reveal: false,
            facets: false,
        }
    }
}

/// What is inside a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// What was drawn over one another on it, oldest first, and how many older draws are left out.
    Draws {
        /// The draws.
        draws: Vec<Arc<str>>,
        /// How many are left out before the first of them.
        left_out: u64,
    },
    /// A JSON row, clean and redacted, and still JSON.
    Json(Arc<str>),
}

/// Values of a facet, each with the number of its lines, most first.
pub type Tally = Vec<(Arc<str>, u64)>;

/// Lines by what they say of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    /// By category.
    pub categories: [u64; Category::COUNT],
    /// By event.
    pub events: Tally,
    /// By rank.
    pub ranks: Tally,
    /// Bytes that these counts are of.
    pub counted: u64,
}

/// The file in equal parts, from its beginning to its end: where hits and grave lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Whether the part holds a hit.
    pub hit: bool,
    /// Whether it holds an error.
    pub error: bool,
    /// Whether it holds a warning.
    pub warning: bool,
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
    /// The line that the wish named (a hit that was found).
    pub at: Option<Spot>,
    /// The how manieth hit of the file it is, from 1, when all before it are counted.
    pub at_number: Option<u64>,
    /// Of several files, where the window stands in each; empty of one.
    pub extents: Arc<[Extent]>,
    /// What is told of a step that was wished for, where bars tell it.
    pub step: Option<StepAnswer>,
    /// Titles whose sections were to be folded and are not, since the line that was wished for stands in them.
    pub unfolded: Vec<Spot>,
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
    /// The line that was to be opened, with what is inside; `None` when there is nothing to open.
    pub opened: Option<(Spot, Opened)>,
    /// Counts by category, event and rank, when they were wished for.
    pub facets: Option<Arc<Facets>>,
    /// The file in [`LogPage::MARKS`] parts; empty until something is counted.
    pub marks: Arc<[Marks]>,
    /// The first time of the log, where its first lines tell one.
    pub began: Option<Stamp>,
    /// The newest time of the log, where its last lines tell one.
    pub newest: Option<Stamp>,
}

impl LogPage {
    /// Parts of the file that are marked apart.
    pub const MARKS: usize = 256;

    /// Whether the counts are those of the whole file.
    pub const fn counted_all(&self) -> bool {
        self.counted.0 >= self.counted.1
    }
}
