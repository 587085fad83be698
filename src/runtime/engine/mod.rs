//! Finds runs, tails their files and tells what is new: the way from a byte to an [`Update`].
//!
//! ```text
//!  walker (one a root) ── runs found, changed, gone ──▶ shard 0 ─┐
//!  watch (notify) ─────── a path was touched ─────────▶ shard 1 ─┼─▶ updates ─▶ the screen
//!                                                       …        │
//!  the screen ─────────── these runs are visible ─────▶ shard n ─┘
//!  warden (one) ───────── processes own these runs ───▶
//! ```
//!
//! Two shards read local runs; every remote mount has one of its own, which may hang without holding up the others.

mod core;
mod ear;
mod folder;
mod once;
mod reader;
mod routes;
mod shard;
mod walker;
mod warden;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use self::ear::Ear;
use self::routes::Routes;
use self::walker::Walker;
use self::warden::Bell;
use self::warden::Warden;
use crate::clock::Clock;
use crate::model::run::RunKey;
use crate::parse::redact::Redactor;
use crate::parse::user::UserFormats;
use crate::source::discover::Root;
use crate::store::Update;

pub use self::once::owners_of;
pub use self::once::read_once;

/// Takes what the engine has to tell; called from its threads, must not block for long.
pub type Tell = Arc<dyn Fn(Update) + Send + Sync>;
/// Hears the path of every file that has grown or changed; called from its threads, must not block.
pub type Grown = Arc<dyn Fn(&Path) + Send + Sync>;

/// What all threads of the engine share.
pub(crate) struct Shared {
    clock: Arc<dyn Clock>,
    tell: Tell,
    grown: Grown,
    stop: AtomicBool,
    walks_left: AtomicUsize,
    routes: Mutex<Routes>,
    totals: Mutex<Totals>,
    ear: Mutex<Ear>,
    bell: Bell,
    roots: Vec<Root>,
    taught: UserFormats,
    redactor: Redactor,
}

#[derive(Default)]
struct Totals {
    of_shard: HashMap<usize, (u64, u64)>,
    told: (u64, u64),
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn post(&self, update: Update) {
        (self.tell)(update);
    }

    fn grown(&self, path: &Path) {
        (self.grown)(path);
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Books how much a shard has read, and tells the sum when it is another than before.
    fn reading(&self, shard: usize, totals: (u64, u64)) {
        let mut known = locked(&self.totals);
        known.of_shard.insert(shard, totals);
        let sum = known.of_shard.values().fold((0, 0), |(all, done), (a, d)| (all + a, done + d));
        if known.told != sum {
            known.told = sum;
            drop(known);
            self.post(Update::Reading { total: sum.0, done: sum.1 });
        }
    }
}

/// The threads that read. Dropping it tells them to stop and waits for none of them: one may hang on a dead mount.
pub struct Engine {
    shared: Arc<Shared>,
    walkers: Vec<Arc<Walker>>,
}

impl Engine {
    /// Begins to read everything below `roots`, with what the user taught of lines, and without the secrets that they hold.
    pub fn start(
        roots: Vec<Root>,
        taught: UserFormats,
        redactor: Redactor,
        clock: Arc<dyn Clock>,
        tell: Tell,
        grown: Grown,
    ) -> Self {
        let shared = Arc::new(Shared {
            clock,
            tell,
            grown,
            stop: AtomicBool::new(false),
            walks_left: AtomicUsize::new(roots.len()),
            routes: Mutex::default(),
            totals: Mutex::default(),
            ear: Mutex::new(Ear::new(roots.len())),
            bell: Bell::default(),
            roots,
            taught,
            redactor,
        });
        let walkers: Vec<Arc<Walker>> =
            (0..shared.roots.len()).map(|index| Arc::new(Walker::new(index, Arc::clone(&shared)))).collect();
        let listening = ear::listen(&shared, &walkers);
        for walker in &walkers {
            let own = Arc::clone(walker);
            spawn("walk", move || own.run(listening));
        }
        let wardens = Arc::clone(&shared);
        spawn("warden", move || Warden::run(wardens));
        Self { shared, walkers }
    }

    /// These runs are on screen: they are read before all others.
    pub fn attend(&self, runs: &[RunKey]) {
        locked(&self.shared.routes).attend(runs);
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for walker in &self.walkers {
            walker.wake();
        }
        self.shared.bell.ring();
        locked(&self.shared.routes).stop();
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    let spawned = thread::Builder::new().name(format!("trainmon-{name}")).spawn(work);
    if let Err(error) = spawned {
        tracing::error!(%error, name, "no thread could be started");
    }
}

#[cfg(test)]
mod tests;
