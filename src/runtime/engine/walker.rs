//! One thread per root that walks it: at the start, when something in it was touched that belongs to no run, and now and then.

use std::collections::HashMap;
use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Shared;
use super::locked;
use crate::model::run::RunKey;
use crate::source::discover;
use crate::source::discover::Found;
use crate::source::discover::FoundRun;
use crate::source::mount;
use crate::store::Update;

/// A walk comes by itself after so many times what the last one took: a thousandth of one core at most.
const REST: u32 = 1000;
/// … but not sooner than this, and not later than the next.
const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(600);
/// A walk that was asked for comes after so many times what the last one took.
const ASKED_REST: u32 = 20;
const ASKED_SHORTEST: Duration = Duration::from_millis(100);

/// What is known of a run from the last walk.
struct Known {
    listing: u64,
    path: PathBuf,
}

/// Walks one root.
pub(super) struct Walker {
    index: usize,
    shared: Arc<Shared>,
    asked: Mutex<bool>,
    changed: Condvar,
}

impl Walker {
    pub(super) fn new(index: usize, shared: Arc<Shared>) -> Self {
        Self { index, shared, asked: Mutex::new(false), changed: Condvar::new() }
    }

    /// Something was touched: walk again soon.
    pub(super) fn wake(&self) {
        *locked(&self.asked) = true;
        self.changed.notify_one();
    }

    /// Walks until the engine stops.
    pub(super) fn run(&self) {
        let mut known = HashMap::new();
        let mut first = true;
        while !self.shared.stopped() {
            let began = self.shared.clock.now();
            self.walk(&mut known);
            let took = self.shared.clock.now().since(began);
            if first && self.shared.walks_left.fetch_sub(1, Ordering::Relaxed) == 1 {
                self.shared.post(Update::Walked);
            }
            first = false;
            self.shared.watch_folders();
            self.rest(took);
        }
    }

    fn walk(&self, known: &mut HashMap<RunKey, Known>) {
        let Some(root) = self.shared.roots.get(self.index) else { return };
        let mount = mount::of(&root.path);
        let index = u32::try_from(self.index).unwrap_or(u32::MAX);
        let mut seen = HashMap::new();
        let mut unread: Vec<PathBuf> = Vec::new();
        discover::walk(root, index, &|| self.shared.stopped(), &mut |found| match found {
            Found::Run(run) => {
                let now = Known { listing: listing(&run), path: run.path.clone() };
                let news = known.get(&run.key).is_none_or(|old| old.listing != now.listing);
                seen.insert(run.key.clone(), now);
                if news {
                    self.shared.route(run, &mount);
                }
            }
            Found::Problem(problem) => {
                unread.push(problem.path.clone());
                self.shared.post(Update::Problem(problem));
            }
        });
        if self.shared.stopped() {
            return;
        }
        for (key, old) in known.drain() {
            if seen.contains_key(&key) {
                continue;
            }
            // what could not be looked at is not gone for that
            if unread.iter().any(|path| old.path.starts_with(path)) {
                seen.insert(key, old);
            } else {
                self.shared.retire(&key);
            }
        }
        *known = seen;
    }

    /// Waits for the next walk's time, sooner when one is asked for.
    fn rest(&self, took: Duration) {
        let soon = (took * ASKED_REST).max(ASKED_SHORTEST);
        let late = (took * REST).clamp(SHORTEST, LONGEST);
        let idle = |asked: &mut bool| !*asked && !self.shared.stopped();
        let asked = locked(&self.asked);
        let (asked, _) =
            self.changed.wait_timeout_while(asked, late, idle).unwrap_or_else(PoisonError::into_inner);
        if *asked {
            // what comes in together is answered by one walk
            let stopped = |_: &mut bool| !self.shared.stopped();
            let (mut asked, _) =
                self.changed.wait_timeout_while(asked, soon, stopped).unwrap_or_else(PoisonError::into_inner);
            *asked = false;
        }
    }
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
