//! The one run that a command is about: by its folder, its id below the current folder, a log file, or standard input.

use std::path::Path;
use std::path::PathBuf;

use super::failure::Failure;
use super::nearest::nearest;
use super::print;
use super::roots::Roots;
use crate::source::discover;
use crate::source::discover::Found;
use crate::source::discover::FoundRun;
use crate::source::discover::Root;
use crate::source::discover::RootKind;

/// As many runs are named where one has to be chosen.
const NAMED: usize = 8;

/// A run, and where it was found.
#[derive(Debug)]
pub(super) struct Target {
    /// What the engine is to walk: no more than the run, where that can be done.
    pub(super) root: Root,
    /// The run below it.
    pub(super) run: FoundRun,
}

/// Finds the run that `given` means. Of standard input see [`Roots::start_input`].
pub(super) fn find(given: &Path) -> Result<Target, Failure> {
    let text = given.to_string_lossy();
    if given.symlink_metadata().is_err()
        && let Some(target) = by_id(&text)?
    {
        return Ok(target);
    }
    let roots = Roots::resolve(&[given.to_path_buf()])?;
    let root = roots.list.into_iter().next().ok_or_else(|| Failure::Usage(format!("{text}: no run")))?;
    in_root(root)
}

/// The run that `root` is, or the only one in it.
pub(super) fn in_root(root: Root) -> Result<Target, Failure> {
    let mut runs = walk(&root);
    if let Some(at) = runs.iter().position(|run| &*run.key.id == ".") {
        return Ok(Target { run: runs.swap_remove(at), root });
    }
    if runs.len() > 1 {
        let mut ids: Vec<&str> = runs.iter().map(|run| &*run.key.id).collect();
        ids.sort_unstable();
        let more = if ids.len() > NAMED { format!(" and {} more", ids.len() - NAMED) } else { String::new() };
        let ids = ids.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        return Err(Failure::Usage(format!(
            "{}: holds several runs; name one of them: {ids}{more}",
            root.given
        )));
    }
    match runs.pop() {
        Some(run) => Ok(narrowed(root, run)),
        None => Err(Failure::Usage(format!(
            "{}: no run there; trainmon doctor tells what was looked for",
            root.given
        ))),
    }
}

/// The run below the current folder that is called `id`: by its id, else by its name where no other has it.
fn by_id(id: &str) -> Result<Option<Target>, Failure> {
    let root = Root { given: ".".to_owned(), path: PathBuf::from("."), kind: RootKind::Folder };
    let mut runs = walk(&root);
    let wanted = id.trim_end_matches('/');
    if let Some(at) = runs.iter().position(|run| &*run.key.id == wanted) {
        return Ok(Some(narrowed(root, runs.swap_remove(at))));
    }
    let named: Vec<usize> =
        runs.iter().enumerate().filter(|(_, run)| &*run.name == wanted).map(|(at, _)| at).collect();
    match named.as_slice() {
        [one] => Ok(Some(narrowed(root, runs.swap_remove(*one)))),
        [] => {
            let ids: Vec<&str> = runs.iter().map(|run| &*run.key.id).collect();
            match nearest(wanted, &ids) {
                Some(near) => {
                    Err(Failure::Usage(format!("{id}: no such file, folder or run; did you mean {near}?")))
                }
                None => Ok(None),
            }
        }
        many => {
            let ids: Vec<&str> =
                many.iter().take(NAMED).filter_map(|at| Some(&*runs.get(*at)?.key.id)).collect();
            Err(Failure::Usage(format!(
                "{id}: several runs are called so; name one of them: {}",
                ids.join(", ")
            )))
        }
    }
}

fn walk(root: &Root) -> Vec<FoundRun> {
    let mut runs = Vec::new();
    discover::walk(root, 0, &|| false, &mut |found| match found {
        Found::Run(run) => runs.push(run),
        Found::Problem(problem) => {
            print::complain(&format!("{}: {}", problem.path.display(), problem.what));
        }
    });
    runs
}

/// The same run seen from itself, so that nothing beside it is read. A job of a file that it shares with others stays where it is.
fn narrowed(root: Root, run: FoundRun) -> Target {
    let kind = if run.single { RootKind::File } else { RootKind::Folder };
    let own = Root { given: root.given.clone(), path: run.path.clone(), kind };
    match walk(&own).into_iter().find(|own| &*own.key.id == "." || own.single && own.path == run.path) {
        Some(run) => Target { root: own, run },
        None => Target { root, run },
    }
}
