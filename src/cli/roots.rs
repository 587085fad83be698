//! The paths of the command line, and what they turn out to be.

use std::path::Path;
use std::path::PathBuf;

use super::args::COMMANDS;
use super::failure::Failure;
use super::nearest::nearest;
use super::settings;
use super::stdin;
use crate::source::discover;
use crate::source::discover::Root;
use crate::source::stdin::Spool;

/// What to watch.
#[derive(Debug)]
pub(super) struct Roots {
    /// In the order of the command line, each place once.
    pub(super) list: Vec<Root>,
    /// Where standard input stands among them, when it was given.
    input: Option<usize>,
    spool: Option<Spool>,
}

impl Roots {
    /// Tells what each path is. Standard input is not touched yet.
    pub(super) fn resolve(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut list: Vec<Root> = Vec::new();
        let mut input = None;
        for path in paths {
            let given = path.to_string_lossy();
            if given == "-" {
                input.get_or_insert(list.len());
                continue;
            }
            let root = look(&given, path).map_err(Failure::Usage)?;
            if !list.iter().any(|other| same(&other.path, &root.path)) {
                list.push(root);
            }
        }
        Ok(Self { list, input, spool: None })
    }

    /// Whether standard input is to be read as a log.
    pub(super) fn has_input(&self) -> bool {
        self.input.is_some()
    }

    /// Begins to read standard input, if it is among the roots. To be called when all else is well: a pipe can be read but once.
    pub(super) fn start_input(&mut self) -> Result<(), Failure> {
        if let Some(place) = self.input.filter(|_| self.spool.is_none()) {
            let spool = stdin::start()?;
            self.list.insert(place, spool.root());
            self.spool = Some(spool);
        }
        Ok(())
    }

    /// Waits for the end of standard input, if it is read.
    pub(super) fn wait_for_input(&self) -> Result<(), Failure> {
        self.spool.as_ref().map_or(Ok(()), stdin::wait)
    }
}

fn look(given: &str, path: &Path) -> Result<Root, String> {
    if path.symlink_metadata().is_err() {
        if let Some(host) = remote(given) {
            return Err(format!(
                "{given}: runs on other hosts (over ssh) are not supported in this version; run trainmon on {host}, or give a mounted folder"
            ));
        }
        if let Some(command) = nearest(given, &COMMANDS) {
            return Err(format!(
                "{given}: no such file or folder; did you mean the command `trainmon {command}`?"
            ));
        }
    }
    discover::root(given, path)
}

/// The host of `host:path` and `user@host:path`.
fn remote(given: &str) -> Option<&str> {
    let (host, _) = given.split_once(':')?;
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    (!host.is_empty() && host.chars().all(name)).then_some(host)
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Where diagnostics go. A file below a root is refused: run folders are only read, and it would be taken for a run's log.
pub(super) fn log_file(asked: Option<&Path>, roots: &[Root]) -> Result<Option<PathBuf>, Failure> {
    let Some(path) = asked else {
        return Ok(settings::log_path().filter(|path| below(path, roots).is_none()));
    };
    match below(path, roots) {
        Some(root) => Err(Failure::Usage(format!(
            "--log-file {}: lies below {}, and run folders are only read; choose another place",
            path.display(),
            root.given
        ))),
        None => Ok(Some(path.to_path_buf())),
    }
}

fn below<'a>(path: &Path, roots: &'a [Root]) -> Option<&'a Root> {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    // the file need not be there yet, and neither need its folder
    let real = whole.ancestors().find_map(|folder| folder.canonicalize().ok())?;
    roots.iter().find(|root| {
        // a whole home folder may be watched: what is ours in it is hidden, and hidden folders are never entered
        let hidden = |below: &Path| {
            below.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
        };
        root.path.canonicalize().is_ok_and(|root| real.strip_prefix(&root).is_ok_and(|rest| !hidden(rest)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::discover::RootKind;

    #[test]
    fn hosts_are_told_from_paths() {
        assert_eq!(remote("gpu1:runs"), Some("gpu1"));
        assert_eq!(remote("me@gpu1.lab:/data/runs"), Some("me@gpu1.lab"));
        for path in ["./a:b", "/x:y", "runs", ":x", "a b:c"] {
            assert_eq!(remote(path), None, "{path}");
        }
    }

    #[test]
    fn a_mistyped_command_is_named() {
        let error = look("statsu", Path::new("statsu")).expect_err("no such thing");
        assert!(error.contains("`trainmon status`"), "{error}");
        let error = look("gpu1:runs", Path::new("gpu1:runs")).expect_err("remote");
        assert!(error.contains("not supported"), "{error}");
    }

    #[test]
    fn diagnostics_never_go_into_a_run_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let root =
            Root { given: "runs".to_owned(), path: folder.path().to_path_buf(), kind: RootKind::Folder };
        let inside = folder.path().join("not/yet/there/own.log");
        assert!(log_file(Some(&inside), std::slice::from_ref(&root)).is_err());
        let hidden = folder.path().join(".state");
        std::fs::create_dir(&hidden).expect("a folder");
        assert!(log_file(Some(&hidden.join("own.log")), std::slice::from_ref(&root)).is_ok());
        let outside = tempfile::tempdir().expect("a folder");
        let path = outside.path().join("own.log");
        assert_eq!(log_file(Some(&path), &[root]).expect("fine"), Some(path));
    }
}
