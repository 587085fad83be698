//! Finds runs, tails their files and tells what is new: the way from a byte to an [`Update`].
//!
//! ```text
//!  walker (one a root) ── runs found, changed, gone ──▶ shard 0 ─┐
//!  watch (notify) ─────── a path was touched ─────────▶ shard 1 ─┼─▶ updates ─▶ the screen
//!                                                       …        │
//!  the screen ─────────── these runs are visible ─────▶ shard n ─┘
//! ```
//!
//! Two shards read local runs; every remote mount has one of its own, which may hang without holding up the others.

mod core;
mod once;
mod reader;
mod shard;
mod walker;

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use self::shard::Mailbox;
use self::shard::Shard;
use self::walker::Walker;
use crate::clock::Clock;
use crate::model::run::RunKey;
use crate::source::discover::FoundRun;
use crate::source::discover::Root;
use crate::source::mount;
use crate::source::watch::Watch;
use crate::store::Update;

pub use self::once::read_once;

/// Shards for runs on local disks.
const LOCAL_SHARDS: usize = 2;

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
    roots: Vec<Root>,
}

/// Which shard reads which run, and which run a touched path belongs to.
#[derive(Default)]
struct Routes {
    shards: Vec<Arc<Mailbox>>,
    by_mount: HashMap<u64, usize>,
    runs: HashMap<RunKey, usize>,
    paths: HashMap<PathBuf, RunKey>,
    next_local: usize,
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
    _watch: Option<Watch>,
}

impl Engine {
    /// Begins to read everything below `roots`.
    pub fn start(roots: Vec<Root>, clock: Arc<dyn Clock>, tell: Tell, grown: Grown) -> Self {
        let shared = Arc::new(Shared {
            clock,
            tell,
            grown,
            stop: AtomicBool::new(false),
            walks_left: AtomicUsize::new(roots.len()),
            routes: Mutex::default(),
            totals: Mutex::default(),
            roots,
        });
        let walkers: Vec<Arc<Walker>> =
            (0..shared.roots.len()).map(|index| Arc::new(Walker::new(index, Arc::clone(&shared)))).collect();
        for walker in &walkers {
            let own = Arc::clone(walker);
            spawn("walk", move || own.run());
        }
        Self { shared, walkers, _watch: None }
    }

    /// These runs are on screen: they are read before all others.
    pub fn attend(&self, runs: &[RunKey]) {
        let routes = locked(&self.shared.routes);
        for (number, mailbox) in routes.shards.iter().enumerate() {
            let own = runs.iter().filter(|key| routes.runs.get(*key) == Some(&number)).cloned().collect();
            mailbox.put(|inbox| inbox.attend = Some(own));
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for walker in &self.walkers {
            walker.wake();
        }
        for mailbox in &locked(&self.shared.routes).shards {
            mailbox.put(|inbox| inbox.stop = true);
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    let spawned = thread::Builder::new().name(format!("trainmon-{name}")).spawn(work);
    if let Err(error) = spawned {
        tracing::error!(%error, name, "no thread could be started");
    }
}

impl Shared {
    /// Hands a run to the shard that reads its mount, making the shard when there is none yet.
    fn route(self: &Arc<Self>, run: FoundRun, device: u64, remote: bool) {
        let mut routes = locked(&self.routes);
        let number = match routes.runs.get(&run.key) {
            Some(number) => *number,
            None => self.choose(&mut routes, device, remote),
        };
        routes.runs.insert(run.key.clone(), number);
        routes.paths.insert(run.path.clone(), run.key.clone());
        if let Some(mailbox) = routes.shards.get(number) {
            mailbox.put(|inbox| inbox.found.push(run));
        }
    }

    fn choose(self: &Arc<Self>, routes: &mut Routes, device: u64, remote: bool) -> usize {
        if remote {
            if let Some(number) = routes.by_mount.get(&device) {
                return *number;
            }
            let number = self.open_shard(routes);
            routes.by_mount.insert(device, number);
            return number;
        }
        // local shards are number 0 and up only when no remote one came first, so they are booked under made-up devices
        let slot = u64::MAX - (routes.next_local % LOCAL_SHARDS) as u64;
        routes.next_local += 1;
        if let Some(number) = routes.by_mount.get(&slot) {
            return *number;
        }
        let number = self.open_shard(routes);
        routes.by_mount.insert(slot, number);
        number
    }

    fn open_shard(self: &Arc<Self>, routes: &mut Routes) -> usize {
        let mailbox = Arc::new(Mailbox::default());
        let number = routes.shards.len();
        routes.shards.push(Arc::clone(&mailbox));
        let shared = Arc::clone(self);
        spawn("read", move || Shard::new(number, shared, mailbox).run());
        number
    }

    fn retire(&self, key: &RunKey) {
        let mut routes = locked(&self.routes);
        let number = routes.runs.remove(key);
        routes.paths.retain(|_, other| other != key);
        if let Some(mailbox) = number.and_then(|number| routes.shards.get(number)) {
            mailbox.put(|inbox| inbox.gone.push(key.clone()));
        }
    }
}
