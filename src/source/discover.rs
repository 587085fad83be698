//! Finds the runs below a root.
//!
//! What a run is stands in the contract; how folders are weighed against each other stands in `gather.rs`, what names tell in
//! `names.rs`, what contents tell in `sniff.rs`.

mod contents;
mod gather;
mod list;
mod names;
mod sniff;
mod unit;

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::run::{Problem, RunKey};
use crate::model::stamp::Stamp;

use gather::Walk;
use unit::Place;

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

/// A folder that a walk has read. Its modification changes when entries come or go, so a `stat` tells whether it is worth
/// another look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenFolder {
    /// Where it is.
    pub path: PathBuf,
    /// When its entries last changed, as of just before they were read.
    pub modified: Option<Stamp>,
}

/// What a walk leaves behind beside what it found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walked {
    /// Every folder that was read, those of runs and those in between, in the order of the walk.
    pub folders: Vec<SeenFolder>,
    /// `false` when it was told to stop.
    pub complete: bool,
}

/// Walks below `root` and hands out what it finds as it goes. `stop` is asked at every folder whether to give up.
pub fn walk(root: &Root, index: u32, stop: &dyn Fn() -> bool, found: &mut dyn FnMut(Found)) -> Walked {
    match root.kind {
        RootKind::Folder => {
            let place = Place { id: String::new(), path: root.path.clone(), name: name_of(root) };
            let (folders, complete) = Walk::new(index, stop, found).run(&place, 0);
            Walked { folders, complete }
        }
        RootKind::File => {
            match file_run(root, index) {
                Ok(run) => found(Found::Run(run)),
                Err(error) => found(Found::Problem(fault(&root.path, &error))),
            }
            Walked { folders: Vec::new(), complete: true }
        }
    }
}

/// Walks below `folder` only, which lies in `root` and in no run: what a new folder brings. A folder that is a part of a run
/// says nothing by itself; for those see [`look_again`].
pub fn walk_below(
    root: &Root,
    index: u32,
    folder: &Path,
    stop: &dyn Fn() -> bool,
    found: &mut dyn FnMut(Found),
) -> Walked {
    let Ok(below) = folder.strip_prefix(&root.path) else { return Walked::default() };
    let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let Some(name) = parts.last().cloned() else { return walk(root, index, stop, found) };
    let place = Place { id: parts.join("/"), path: folder.to_path_buf(), name };
    let (folders, complete) = Walk::new(index, stop, found).run(&place, parts.len());
    Walked { folders, complete }
}

/// Looks again at one run's folder (its entries may have changed). `None` when it is no run any more. Below a run that lies
/// above many other folders only those are looked into that held files of it.
pub fn look_again(root: &Root, run: &FoundRun) -> Option<FoundRun> {
    if root.kind == RootKind::File {
        return file_run(root, run.key.root).ok();
    }
    if run.files.len() == 1 && run.files.first().is_some_and(|f| run.path.ends_with(&*f.path)) {
        let meta = list::look_path(&run.path).ok().filter(|meta| meta.kind.is_file());
        if let Some(meta) = meta {
            let path = run.files.first().map(|f| f.path.clone())?;
            let file = FoundFile { path, bytes: meta.bytes, modified: meta.modified };
            return Some(FoundRun { files: vec![file], ..run.clone() });
        }
        return None;
    }
    let known =
        run.files.iter().filter_map(|f| f.path.split_once('/')).map(|(first, _)| first.to_owned()).collect();
    let id = if &*run.key.id == "." { String::new() } else { run.key.id.to_string() };
    let depth = id.split('/').filter(|part| !part.is_empty()).count();
    let place = Place { id, path: run.path.clone(), name: run.name.to_string() };
    let mut again = None;
    let mut found = |found| match found {
        Found::Run(found) if found.key == run.key => again = Some(found),
        _ => {}
    };
    Walk::new(run.key.root, &|| false, &mut found).only_run(known).run(&place, depth);
    again
}

/// Tells what a path from the command line is; the error is one line for the user, with the path and what to do.
pub fn root(given: &str, path: &Path) -> Result<Root, String> {
    let say = |what: &str| Err(format!("{given}: {what}"));
    let meta = match list::look_path(path) {
        Ok(meta) => meta,
        Err(error) => return Err(format!("{given}: {}", cannot(&error))),
    };
    let path =
        path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf());
    let kind = if meta.kind.is_dir() {
        if let Err(error) = std::fs::read_dir(&path) {
            return Err(format!("{given}: {}", cannot(&error)));
        }
        RootKind::Folder
    } else if meta.kind.is_file() {
        if let Err(error) = std::fs::File::open(&path) {
            return Err(format!("{given}: {}", cannot(&error)));
        }
        RootKind::File
    } else if meta.kind.is_fifo() {
        return say("is a pipe, which can be read only once; give `-` and redirect it to standard input");
    } else if meta.kind.is_socket() {
        return say("is a socket; give a folder of runs or a log file");
    } else {
        return say("is a device; give a folder of runs or a log file");
    };
    Ok(Root { given: given.to_owned(), path, kind })
}

/// The run that a single file is.
fn file_run(root: &Root, index: u32) -> io::Result<FoundRun> {
    let meta = list::look_path(&root.path)?;
    let file_name = root.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = if root.given == "-" { "standard input" } else { file_name.as_str() };
    Ok(FoundRun {
        key: RunKey { root: index, id: Arc::from(".") },
        path: root.path.clone(),
        name: Arc::from(name),
        files: vec![FoundFile {
            path: Arc::from(file_name.as_str()),
            bytes: meta.bytes,
            modified: meta.modified,
        }],
        others: Vec::new(),
    })
}

/// The last part of a root's path, for naming its run.
fn name_of(root: &Root) -> String {
    root.path.file_name().map_or_else(|| root.given.clone(), |name| name.to_string_lossy().into_owned())
}

/// What keeps a path from being read, and what to do about it.
fn fault(path: &Path, error: &io::Error) -> Problem {
    Problem { path: path.to_path_buf(), what: cannot(error) }
}

fn cannot(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder; check the spelling".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "permission denied; ask its owner for read access (chmod o+rX)".to_owned()
        }
        io::ErrorKind::NotADirectory => {
            "a part of the path is a file, not a folder; check the spelling".to_owned()
        }
        io::ErrorKind::StaleNetworkFileHandle => {
            "the server has replaced it (stale file handle); it is tried again".to_owned()
        }
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default().to_lowercase();
            format!("cannot be read ({text}); check the disk or the mount")
        }
    }
}
