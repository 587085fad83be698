//! A run as the screen and `status` see it.

use std::path::PathBuf;
use std::sync::Arc;

use super::facts::Facts;
use super::owner::Owners;
use super::stamp::Stamp;
use super::state::State;

/// A run's identity while the program runs: its root and its path below it. Cheap to copy about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    /// Index of the root in the command line.
    pub root: u32,
    /// Path relative to the root, `/` separated; `.` for the root itself; with `#job` behind it for a job of a shared file.
    pub id: Arc<str>,
}

/// What kind of file a source is. The names appear in `status --json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// Lines of text.
    TextLog,
    /// One JSON object a line.
    JsonLines,
    /// Comma, semicolon or tab separated columns under a header.
    Csv,
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
    /// Records of W&B.
    Wandb,
    /// Events of `TensorBoard`.
    EventFile,
    /// The folder itself: `epoch_N/` and other files whose presence tells.
    Folder,
    /// A file that was seen and is not read.
    Other,
}

impl SourceKind {
    /// The name in `status --json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TextLog => "text_log",
            Self::JsonLines => "json_lines",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Wandb => "wandb",
            Self::EventFile => "event_file",
            Self::Folder => "folder",
            Self::Other => "other",
        }
    }
}

/// Something that keeps a path from being read, told where it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What cannot be read.
    pub path: PathBuf,
    /// What happened, and what to do about it, in one line.
    pub what: String,
}

/// A file that may belong to a run.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundFile {
    /// Path below the run, `/` separated.
    pub path: Arc<str>,
    /// Size in bytes.
    pub bytes: u64,
    /// Last modification.
    pub modified: Option<Stamp>,
}

/// What the note of a file begins with that cannot be read for now.
pub const UNREADABLE: &str = "cannot be read";

/// A file (or folder) that a run writes.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Path below the run; the file's name when the run is one file.
    pub path: Arc<str>,
    /// Kind, told by content.
    pub kind: SourceKind,
    /// Size in bytes.
    pub bytes: u64,
    /// Of these, how many are understood so far.
    pub read: u64,
    /// Lines or rows understood.
    pub records: u64,
    /// Last modification.
    pub modified: Option<Stamp>,
    /// Why it is not read, or what happened to it (`truncated at 14:03`, `replaced`, `gone`).
    pub note: Option<Arc<str>>,
}

impl Source {
    /// Whether it has lines that a person reads one after the other.
    pub const fn is_log(&self) -> bool {
        matches!(self.kind, SourceKind::TextLog | SourceKind::JsonLines)
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Identity.
    pub key: RunKey,
    /// Where it is.
    pub path: PathBuf,
    /// Last part of the path, or the job's id.
    pub name: Arc<str>,
    /// What it wrote.
    pub facts: Facts,
    /// What it writes; the main log first.
    pub sources: Vec<Source>,
    /// Newest modification of any source.
    pub last_write: Option<Stamp>,
    /// Whether all sources have been looked at at least once (until then the figures are not known, rather than absent).
    pub looked_at: bool,
    /// What keeps it from being read.
    pub problem: Option<Problem>,
    /// The processes that it belongs to.
    pub owners: Owners,
}

impl Run {
    /// Bytes of all sources, and how many of them are understood so far.
    pub fn bytes(&self) -> (u64, u64) {
        self.sources.iter().fold((0, 0), |(all, read), s| (all + s.bytes, read + s.read.min(s.bytes)))
    }

    /// Where the source called `source` lies; a run that is one file has itself as its source.
    pub fn path_of(&self, source: &str) -> PathBuf {
        if self.path.file_name().is_some_and(|name| name == source) {
            self.path.clone()
        } else {
            self.path.join(source)
        }
    }

    /// The log that a person would open: the first text log, else the first JSON-lines file.
    pub fn main_log(&self) -> Option<&Source> {
        let of = |kind| self.sources.iter().find(move |s| s.kind == kind);
        of(SourceKind::TextLog).or_else(|| of(SourceKind::JsonLines))
    }
}

/// What the rules make of a run at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The state.
    pub state: State,
    /// What it rests on, in plain words, naming file and line.
    pub reason: String,
    /// Finished, and older than `--outdated-after`.
    pub outdated: bool,
    /// When time alone would change the verdict, if ever.
    pub until: Option<Stamp>,
}
