//! Tells the runs which processes own them.
//!
//! A look at all processes costs some hundredths of a second where there are hundreds, so looks keep their distance by what the
//! last one took: less than 0.2 % of one core. In between only those are asked for that are known to own something, which is how the
//! end of one is told within seconds. Nothing here is waited for by anybody: what is found goes to the shards as news.

use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Shared;
use super::locked;
use crate::model::owner::Owners;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::source::discover::FoundRun;
use crate::source::processes::Scanner;
use crate::source::processes::ledger::Ledger;
use crate::source::processes::recorded;
use crate::source::processes::recorded::Recorded;
use crate::source::processes::ties::Bound;
use crate::source::processes::ties::Places;

/// The next look at all processes comes after so many times what the last one took …
const REST: u32 = 600;
/// … but not sooner than this while runs are written or owned …
const LIVELY: Duration = Duration::from_secs(3);
/// … or this while none is, and not later than the last.
const IDLE: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_mins(1);
/// The same for a look because runs have appeared or an owner has died.
const ASKED_REST: u32 = 100;
const ASKED_SHORTEST: Duration = Duration::from_millis(300);
/// How often known owners are asked for.
const PULSE: Duration = Duration::from_secs(2);
/// A machine where a run was written within this time is not idle.
const WRITTEN: Duration = Duration::from_mins(10);

/// What wakes the warden, and what tells it how lively the runs are.
#[derive(Default)]
pub(super) struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
    /// The newest write of any run, in milliseconds since 1970.
    written: AtomicI64,
}

impl Bell {
    /// Runs have appeared, or everything ends.
    pub(super) fn ring(&self) {
        *locked(&self.rung) = true;
        self.changed.notify_one();
    }

    /// A run was written at `at`.
    pub(super) fn written(&self, at: Stamp) {
        self.written.fetch_max(at.millis(), Ordering::Relaxed);
    }

    /// Waits until it is rung, for `wait` at most; for ever without. True when it was.
    fn wait(&self, wait: Option<Duration>) -> bool {
        let rung = locked(&self.rung);
        let mut rung = match wait {
            Some(wait) => {
                let waited = self.changed.wait_timeout_while(rung, wait, |rung| !*rung);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.changed.wait_while(rung, |rung| !*rung).unwrap_or_else(PoisonError::into_inner),
        };
        std::mem::take(&mut rung)
    }

    /// Waits for so long though it is rung, unless `stopped`, and takes all ringing for heard.
    fn hush(&self, wait: Duration, stopped: &dyn Fn() -> bool) {
        let rung = locked(&self.rung);
        let waited = self.changed.wait_timeout_while(rung, wait, |_| !stopped());
        *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}

/// A run, as far as its owners are concerned.
pub(super) struct Watched {
    pub(super) key: RunKey,
    /// Another one for each time that a run of this key appears.
    pub(super) serial: u64,
    pub(super) path: PathBuf,
    pub(super) single: bool,
    pub(super) recorded: Vec<Recorded>,
}

impl Watched {
    pub(super) fn new(found: &FoundRun, serial: u64, host: &str) -> Self {
        Self {
            key: found.key.clone(),
            serial,
            path: found.path.clone(),
            single: is_file(found),
            recorded: recorded::writers(found.files.iter().map(|file| &file.path), host),
        }
    }
}

/// Whether a run is one file: given as such, or one of a folder of jobs.
fn is_file(found: &FoundRun) -> bool {
    found.single || found.files.first().is_some_and(|file| found.path.ends_with(&*file.path))
}

/// This machine's name, as programs write it into their files.
pub(super) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Looks once, for those who do not stay: who is found owns, and who is recorded and dead is gone.
pub(super) fn look_once(runs: &[FoundRun]) -> HashMap<RunKey, Owners> {
    let Some(scanner) = Scanner::system() else { return HashMap::new() };
    let host = host();
    let watched: Vec<Watched> = runs.iter().map(|run| Watched::new(run, 0, &host)).collect();
    let mut real = HashMap::new();
    let bound = scanner.owners(&places(&watched, &mut real));
    let recorded =
        watched.into_iter().filter(|run| !run.recorded.is_empty() && !bound.contains_key(&run.key));
    let recorded: Vec<(RunKey, Vec<Recorded>)> = recorded.map(|run| (run.key, run.recorded)).collect();
    let gone = scanner.dead(&recorded).into_iter().map(|(key, gone)| (key, Owners::Gone(gone)));
    let live = |bound: Vec<Bound>| Owners::Live(bound.into_iter().map(|one| one.owner).collect());
    bound.into_iter().map(|(key, bound)| (key, live(bound))).chain(gone).collect()
}

/// Where runs are, by the paths that they were given by and by those that the kernel tells, which has followed all links. `real`
/// remembers where folders lead.
fn places(runs: &[Watched], real: &mut HashMap<PathBuf, Option<PathBuf>>) -> Places {
    let mut places = Places::default();
    for run in runs {
        places.add(&run.key, &run.path, run.single);
        if let Some(path) = real_path(&run.path, real) {
            places.add(&run.key, &path, run.single);
        }
    }
    places
}

/// Where `path` leads. What lies above it is asked for once.
fn real_path(path: &Path, real: &mut HashMap<PathBuf, Option<PathBuf>>) -> Option<PathBuf> {
    if path.symlink_metadata().ok()?.is_symlink() {
        return path.canonicalize().ok();
    }
    let (parent, name) = (path.parent()?, path.file_name()?);
    if !real.contains_key(parent) {
        real.insert(parent.to_path_buf(), parent.canonicalize().ok());
    }
    Some(real.get(parent)?.as_ref()?.join(name))
}

/// The thread that looks.
pub(super) struct Warden {
    shared: Arc<Shared>,
    scanner: Scanner,
    ledger: Ledger,
    places: Places,
    /// The serial of each run that is known.
    serials: HashMap<RunKey, u64>,
    /// Runs that name their processes, as long as nothing else is known of those.
    recorded: Vec<(RunKey, Vec<Recorded>)>,
    /// The newest of the processes of each run that were told to be dead: they do not come back.
    buried: HashMap<RunKey, Recorded>,
    /// Which state of the routes that is.
    version: Option<u64>,
}

impl Warden {
    /// Looks until the engine stops.
    pub(super) fn run(shared: Arc<Shared>) {
        let Some(scanner) = Scanner::system() else { return };
        let warden = Self {
            shared,
            scanner,
            ledger: Ledger::default(),
            places: Places::default(),
            serials: HashMap::new(),
            recorded: Vec::new(),
            buried: HashMap::new(),
            version: None,
        };
        warden.watch();
    }

    fn watch(mut self) {
        let mut took = Duration::ZERO;
        let mut looked = Stamp::default();
        loop {
            let now = self.shared.clock.now();
            let mut due = looked.plus(self.pause(took, now)).since(now);
            if self.ledger.is_busy() {
                due = due.min(PULSE);
            }
            let wait = (!self.places.is_empty() || self.version.is_none()).then_some(due);
            let mut asked = self.shared.bell.wait(wait);
            if self.shared.stopped() {
                return;
            }
            asked |= self.ledger.is_stale(&|id| self.scanner.is_alive(id));
            let began = self.shared.clock.now();
            let soonest = looked.plus((took * ASKED_REST).max(ASKED_SHORTEST)).since(began);
            if asked {
                // what comes in together is answered by one look
                self.shared.bell.hush(soonest, &|| self.shared.stopped());
                if self.shared.stopped() {
                    return;
                }
            } else if !asked && looked.plus(self.pause(took, began)) > began {
                continue;
            }
            let began = self.shared.clock.now();
            self.look(began);
            looked = self.shared.clock.now();
            took = looked.since(began);
        }
    }

    /// How long all processes are left alone after a look that took so long.
    fn pause(&self, took: Duration, now: Stamp) -> Duration {
        let written = Stamp::from_millis(self.shared.bell.written.load(Ordering::Relaxed));
        let lively = self.ledger.is_busy() || now.since(written) < WRITTEN;
        (took * REST).max(if lively { LIVELY } else { IDLE }).min(LONGEST)
    }

    fn look(&mut self, now: Stamp) {
        self.refresh();
        if self.places.is_empty() {
            return;
        }
        let found = self.scanner.owners(&self.places);
        let scanner = &self.scanner;
        let mut news = self.ledger.take(found, &|id| scanner.is_alive(id), now);
        self.recorded.retain(|(key, _)| !self.ledger.knows(key));
        let dead = self.scanner.dead(&self.recorded);
        let keys: HashSet<&RunKey> = dead.iter().map(|(key, _)| key).collect();
        let buried = &mut self.buried;
        self.recorded.retain(|(key, recorded)| {
            let Some(newest) = recorded.first().filter(|_| keys.contains(key)) else { return true };
            buried.insert(key.clone(), newest.clone());
            false
        });
        news.extend(dead.into_iter().map(|(key, gone)| (key, Owners::Gone(gone))));
        if !news.is_empty() {
            locked(&self.shared.routes).owned(news);
        }
    }

    /// Takes in which runs there are.
    fn refresh(&mut self) {
        let (version, runs) = {
            let routes = locked(&self.shared.routes);
            if self.version == Some(routes.version()) {
                return;
            }
            (routes.version(), routes.watched(&host()))
        };
        self.places = places(&runs, &mut HashMap::new());
        let serials: HashMap<RunKey, u64> = runs.iter().map(|run| (run.key.clone(), run.serial)).collect();
        let known = std::mem::take(&mut self.serials);
        self.ledger.retain(|key| known.get(key) == serials.get(key));
        self.buried.retain(|key, _| known.get(key) == serials.get(key));
        let open = |run: &Watched| {
            let newest = run.recorded.first();
            newest.is_some() && newest != self.buried.get(&run.key) && !self.ledger.knows(&run.key)
        };
        self.recorded = runs.into_iter().filter(open).map(|run| (run.key, run.recorded)).collect();
        self.serials = serials;
        self.version = Some(version);
    }
}
