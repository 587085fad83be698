//! One thread per root that walks it: at the start, when something in it was touched that belongs to no run, and now and then.

use std::collections::HashMap;
use std::collections::HashSet;
use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Shared;
use super::ear::Listening;
use super::locked;
use super::routes::Mount;
use crate::model::run::Problem;
use crate::model::run::RunKey;
use crate::source::discover;
use crate::source::discover::Found;
use crate::source::discover::FoundRun;
use crate::source::discover::Root;
use crate::source::discover::SeenFolder;
use crate::source::mount;
use crate::store::Update;

/// A walk comes by itself after so many times what the last one took: a thousandth of one core at most.
const REST: u32 = 1000;
/// … but not sooner than this, and not later than the next.
const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(10);
/// A walk that was asked for comes after so many times what the last one took.
const ASKED_REST: u32 = 20;
const ASKED_SHORTEST: Duration = Duration::from_millis(100);

/// What is known of a run from the last walk.
struct Known {
    listing: u64,
    path: PathBuf,
}

/// What a walker is asked to do.
#[derive(Default)]
struct Asked {
    /// Walk the whole root.
    walk: bool,
    /// Look at the entries of these runs.
    runs: HashSet<RunKey>,
}

/// Walks one root.
pub(super) struct Walker {
    index: usize,
    shared: Arc<Shared>,
    asked: Mutex<Asked>,
    changed: Condvar,
}

impl Walker {
    pub(super) fn new(index: usize, shared: Arc<Shared>) -> Self {
        Self { index, shared, asked: Mutex::default(), changed: Condvar::new() }
    }

    /// Something was touched: walk again soon.
    pub(super) fn wake(&self) {
        locked(&self.asked).walk = true;
        self.changed.notify_one();
    }

    /// Entries of a run's folder were touched: look at them again soon.
    pub(super) fn look_again(&self, key: RunKey) {
        locked(&self.asked).runs.insert(key);
        self.changed.notify_one();
    }

    /// Walks until the engine stops.
    pub(super) fn run(&self, _: Listening) {
        let Some(root) = self.shared.roots.get(self.index) else { return };
        let mount = Mount {
            device: std::fs::metadata(&root.path).map_or(0, |meta| meta.dev()),
            remote: mount::kind(&root.path) == mount::Kind::Remote,
        };
        self.shared.set_mount(self.index, mount);
        let mut known = HashMap::new();
        let mut folders: Vec<SeenFolder> = Vec::new();
        let mut unread: Vec<Problem> = Vec::new();
        let mut took = Duration::ZERO;
        let mut first = true;
        while !self.shared.stopped() {
            let began = self.shared.clock.now();
            let asked = if first { Asked { walk: true, ..Asked::default() } } else { self.rest(took) };
            if self.shared.stopped() {
                return;
            }
            for key in asked.runs {
                self.look_again_at(root, &key, &mut known, mount);
            }
            // a right that is given back changes no folder's time: what could not be read is tried at every turn
            if asked.walk || !unread.is_empty() || folders.iter().any(SeenFolder::has_changed) {
                let began = if first { began } else { self.shared.clock.now() };
                folders = self.walk(root, &mut known, &mut unread, mount);
                took = self.shared.clock.now().since(began);
                if first && self.shared.walks_left.fetch_sub(1, Ordering::Relaxed) == 1 {
                    self.shared.post(Update::Walked);
                }
                first = false;
                self.shared
                    .watch_folders(self.index, folders.iter().map(|folder| folder.path.clone()).collect());
            }
        }
    }

    fn walk(
        &self,
        root: &Root,
        known: &mut HashMap<RunKey, Known>,
        unread: &mut Vec<Problem>,
        mount: Mount,
    ) -> Vec<SeenFolder> {
        let index = u32::try_from(self.index).unwrap_or(u32::MAX);
        let mut seen = HashMap::new();
        let mut before = std::mem::take(unread);
        let walked = discover::walk(root, index, &|| self.shared.stopped(), &mut |found| match found {
            Found::Run(run) => {
                let now = Known { listing: listing(&run), path: run.path.clone() };
                let news = known.get(&run.key).is_none_or(|old| old.listing != now.listing);
                seen.insert(run.key.clone(), now);
                if news {
                    self.shared.route(run, mount);
                }
            }
            Found::Problem(problem) => {
                before.retain(|known| *known != problem);
                unread.push(problem.clone());
                self.shared.post(Update::Problem(problem));
            }
        });
        if !walked.complete {
            return walked.folders;
        }
        for problem in before {
            self.shared.post(Update::Solved(problem));
        }
        for (key, old) in known.drain() {
            if seen.contains_key(&key) {
                continue;
            }
            // what could not be looked at is not gone for that
            if unread.iter().any(|problem| old.path.starts_with(&problem.path)) {
                seen.insert(key, old);
            } else {
                self.shared.retire(&key);
            }
        }
        *known = seen;
        walked.folders
    }

    fn look_again_at(&self, root: &Root, key: &RunKey, known: &mut HashMap<RunKey, Known>, mount: Mount) {
        let Some(old) = locked(&self.shared.routes).found(key) else { return };
        let Some(run) = discover::look_again(root, &old) else {
            if hidden(&old.path) {
                // it is there, but may not be looked at: the walk tells so, and keeps what is known of it
                self.wake();
                return;
            }
            known.remove(key);
            self.shared.retire(key);
            return;
        };
        let now = Known { listing: listing(&run), path: run.path.clone() };
        let news = known.get(key).is_none_or(|old| old.listing != now.listing);
        known.insert(key.clone(), now);
        if news {
            self.shared.route(run, mount);
        }
    }

    /// Waits for the next look's time, sooner when one is asked for.
    fn rest(&self, took: Duration) -> Asked {
        let soon = (took * ASKED_REST).max(ASKED_SHORTEST);
        let late = (took * REST).clamp(SHORTEST, LONGEST);
        let idle = |asked: &mut Asked| !asked.walk && asked.runs.is_empty() && !self.shared.stopped();
        let asked = locked(&self.asked);
        let (mut asked, _) =
            self.changed.wait_timeout_while(asked, late, idle).unwrap_or_else(PoisonError::into_inner);
        if asked.walk || !asked.runs.is_empty() {
            // what comes in together is answered by one look; a run's own folder is cheap to look at
            let soon = if asked.walk { soon } else { ASKED_SHORTEST };
            let going = |_: &mut Asked| !self.shared.stopped();
            asked =
                self.changed.wait_timeout_while(asked, soon, going).unwrap_or_else(PoisonError::into_inner).0;
        }
        std::mem::take(&mut asked)
    }
}

/// Whether a folder is there and yet cannot be listed.
fn hidden(folder: &Path) -> bool {
    let gone = [ErrorKind::NotFound, ErrorKind::NotADirectory];
    std::fs::read_dir(folder).is_err_and(|error| !gone.contains(&error.kind()))
}

/// A run's entries in one number: files by name (they are followed by themselves), all others with their sizes.
fn listing(run: &FoundRun) -> u64 {
    let mut hasher = DefaultHasher::new();
    for file in &run.files {
        file.path.hash(&mut hasher);
    }
    for file in &run.others {
        (&file.path, file.bytes, file.modified).hash(&mut hasher);
    }
    hasher.finish()
}
