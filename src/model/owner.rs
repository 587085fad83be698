//! Live processes, and whose runs are theirs.

use std::fmt;
use std::sync::Arc;

use super::stamp::Stamp;

/// What binds a process to a run, the strongest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// It holds this file of the run open for writing.
    Writes(Arc<str>),
    /// What it prints goes through a pipe to a process that writes this file of the run.
    Prints(Arc<str>),
    /// Its arguments name the run's folder or a file in it.
    Names,
    /// It works in the run's folder or below.
    Folder,
    /// A process that is bound to the run has started it.
    Child,
}

impl fmt::Display for Tie {
    /// What a process does that binds it: `has training.log open for writing`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Writes(file) => write!(f, "has {file} open for writing"),
            Self::Prints(file) => write!(f, "prints into {file}"),
            Self::Names => f.write_str("names it in its arguments"),
            Self::Folder => f.write_str("works in its folder"),
            Self::Child => f.write_str("was started by an owner"),
        }
    }
}

/// A live process that owns a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Process id.
    pub pid: u32,
    /// Name of its program, safe to draw.
    pub program: Arc<str>,
    /// When it began; `None` where the system does not tell.
    pub since: Option<Stamp>,
    /// What binds it to the run.
    pub tie: Tie,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {} {}", self.pid, self.program)
    }
}

/// A process that owned a run and is known to be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Process id.
    pub pid: u32,
    /// What tells that it was the run's.
    pub told: Told,
}

/// What tells of a process that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It was seen while it lived.
    Seen {
        /// Name of its program, safe to draw.
        program: Arc<str>,
        /// When it began.
        since: Option<Stamp>,
        /// When it was found gone.
        at: Stamp,
    },
    /// A file of the run names it and this machine; it was not seen.
    Recorded {
        /// The file's path below the run.
        file: Arc<str>,
    },
}

/// What is known of the processes that own a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Owners {
    /// None was found. That proves nothing: it may be another user's, or run on another machine.
    #[default]
    Unknown,
    /// These live, the one that best tells of the run first.
    Live(Arc<[Owner]>),
    /// All that were seen to own it are gone.
    Gone(Gone),
}

impl Owners {
    /// The live processes.
    pub fn live(&self) -> &[Owner] {
        match self {
            Self::Live(owners) => owners,
            Self::Unknown | Self::Gone(_) => &[],
        }
    }
}
