//! Turns what the watcher hears into looks: at a run's files, at a run's entries, or at a root.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Weak;

use super::Shared;
use super::locked;
use super::routes::Mount;
use super::routes::Touched;
use super::walker::Walker;
use crate::model::run::Problem;
use crate::model::stamp::Stamp;
use crate::source::mount::Hearing;
use crate::source::watch::Heard;
use crate::source::watch::Watch;
use crate::store::Update;

/// The watcher, and what has been learned of its hearing.
pub(super) struct Ear {
    watch: Option<Watch>,
    hearing: Hearing<u64>,
    /// Folders between the roots and their runs, by root: in them new runs appear.
    between: Vec<Vec<PathBuf>>,
    /// The mount of each root, once it has been asked for.
    mounts: Vec<Option<Mount>>,
}

impl Ear {
    pub(super) fn new(roots: usize) -> Self {
        Self {
            watch: None,
            hearing: Hearing::new(),
            between: vec![Vec::new(); roots],
            mounts: vec![None; roots],
        }
    }

    /// Whether changes in a folder are heard of, where its file system tells.
    pub(super) fn watches(&self, folder: &Path) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.watches(folder))
    }
}

/// Somebody listens. Nobody may walk without it: the first walk says which folders to listen at, there may be no second one for
/// long, and what it says while nobody listens is lost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listening(());

/// Begins to listen. Nothing rests on it: the sweep sees everything that it does not hear.
pub(super) fn listen(shared: &Arc<Shared>, walkers: &[Arc<Walker>]) -> Listening {
    let (weak, walkers) = (Arc::downgrade(shared), walkers.to_vec());
    let watch = Watch::new(move |heard| hear(&weak, &walkers, heard));
    locked(&shared.ear).watch = Some(watch);
    Listening(())
}

/// On the watcher's thread.
fn hear(shared: &Weak<Shared>, walkers: &[Arc<Walker>], heard: Heard) {
    let Some(shared) = shared.upgrade() else { return };
    let path = match heard {
        Heard::Changed(path) => path,
        Heard::Rescan => {
            locked(&shared.routes).look_at_all();
            for walker in walkers {
                walker.wake();
            }
            return;
        }
    };
    let routes = locked(&shared.routes);
    match routes.touched(&path) {
        Touched::File(key) => {
            routes.wake(&key);
            drop(routes);
            shared.heard(&path, key.root);
        }
        Touched::Inside(key) => {
            drop(routes);
            if let Some(walker) = walkers.get(key.root as usize) {
                walker.look_again(key);
            }
        }
        Touched::Outside => {
            drop(routes);
            for (walker, root) in walkers.iter().zip(&shared.roots) {
                if path.starts_with(&root.path) {
                    walker.wake();
                }
            }
        }
    }
}

impl Shared {
    /// Watches the folders of runs and those between them, as far as the system allows.
    pub(super) fn watch_folders(&self, root: usize, between: Vec<PathBuf>) {
        let mut wanted: Vec<PathBuf> = self.roots.iter().map(|root| root.path.clone()).collect();
        let runs = locked(&self.routes).folders();
        let mut ear = locked(&self.ear);
        if let Some(own) = ear.between.get_mut(root) {
            *own = between;
        }
        // half of the room is for runs, whatever the number of folders above them
        wanted.extend(runs.iter().take(2048).cloned());
        wanted.extend(ear.between.iter().flatten().cloned());
        wanted.extend(runs.into_iter().skip(2048));
        let Some(watch) = ear.watch.as_mut() else { return };
        while watch.want(&wanted) {}
        if let Some(trouble) = watch.trouble() {
            let path = self.roots.first().map(|root| root.path.clone()).unwrap_or_default();
            drop(ear);
            self.post(Update::Problem(Problem { path, what: trouble }));
        }
    }

    /// Notes where a root is mounted.
    pub(super) fn set_mount(&self, root: usize, mount: Mount) {
        if let Some(slot) = locked(&self.ear).mounts.get_mut(root) {
            *slot = Some(mount);
        }
    }

    fn heard(&self, path: &Path, root: u32) {
        let now = self.clock.now();
        let mut ear = locked(&self.ear);
        if let Some(mount) = ear.mounts.get(root as usize).copied().flatten() {
            ear.hearing.heard(path, mount.device, now);
        }
    }

    /// The sweep found a change in a folder that may be watched.
    pub(super) fn swept(&self, path: &Path, root: u32, now: Stamp) {
        let mut ear = locked(&self.ear);
        let watched = path.parent().is_some_and(|folder| ear.watches(folder));
        let Some(mount) = ear.mounts.get(root as usize).copied().flatten().filter(|_| watched) else {
            return;
        };
        ear.hearing.grew(path, mount.device, now);
        let learned = ear.hearing.learn(now);
        drop(ear);
        if !learned.is_empty() && !mount.remote {
            let what =
                "changes here come without events: they are seen by looking, up to 2 s later".to_owned();
            tracing::info!(path = %path.display(), what);
        }
    }
}
