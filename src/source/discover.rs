//! Finds the runs below a root.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::run::{Problem, RunKey};
use crate::model::stamp::Stamp;

/// What the user pointed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// As typed, for the header.
    pub given: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: RootKind,
}

/// What a root is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// A folder: a run, or one that holds runs at any depth.
    Folder,
    /// One file: a run by itself.
    File,
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

/// A run on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundRun {
    /// Identity.
    pub key: RunKey,
    /// The folder, or the file when the run is one file.
    pub path: PathBuf,
    /// Last part of the path, or the job's name.
    pub name: Arc<str>,
    /// Its files that may be sources, the main log first; the run's file alone when it is one.
    pub files: Vec<FoundFile>,
    /// Its other entries that trackers tell by presence (`epoch_0/validation_scores.json`, `*.safetensors`), files only.
    pub others: Vec<FoundFile>,
}

/// What a walk comes across, in the order it does.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A run.
    Run(FoundRun),
    /// A place that cannot be read.
    Problem(Problem),
}

/// Walks below `root` and hands out what it finds as it goes. `stop` is asked now and then whether to give up.
pub fn walk(_root: &Root, _index: u32, _stop: &dyn Fn() -> bool, _found: &mut dyn FnMut(Found)) {}

/// Looks again at one run's folder (its entries may have changed). `None` when it is no run any more.
pub fn look_again(_root: &Root, _run: &FoundRun) -> Option<FoundRun> {
    None
}

/// Tells what a path from the command line is; the error is one line for the user, with the path and what to do.
pub fn root(given: &str, path: &Path) -> Result<Root, String> {
    Ok(Root { given: given.to_owned(), path: path.to_path_buf(), kind: RootKind::Folder })
}
