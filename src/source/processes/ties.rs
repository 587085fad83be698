//! Which process belongs to which run, as a function of what was seen of both.
//!
//! A process is bound to runs by the strongest tie that it has, and weaker ones do not count beside it: one that works in a
//! project's folder and writes `outputs/b/train.log` trains `outputs/b`, also when the project holds an old log and is a run itself.
//! Of folders that lie in each other the innermost counts. What a bound process has started belongs to the run with it, unless it
//! is bound to another one by itself: a sweep that starts trainings is not each of them.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::HashSet;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::program::Role;
use crate::model::owner::Owner;
use crate::model::owner::Tie;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::parse::clean::clean;

/// Processes of one run beyond these are not listed.
pub const MOST: usize = 256;
/// Generations that are followed from a process to those that it has started, directly or not.
const GENERATIONS: usize = 64;

/// A process for good: pids are used again, and not with the same start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId {
    /// Process id.
    pub pid: u32,
    /// When it began, in ticks since the machine started.
    pub start: u64,
}

/// What was seen of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Which.
    pub id: ProcessId,
    /// Process id of its parent.
    pub parent: u32,
    /// Name of its program, safe to draw.
    pub program: Arc<str>,
    /// When it began.
    pub since: Option<Stamp>,
    /// What it may be by its looks.
    pub role: Role,
    /// Paths that its arguments name, if it may train.
    pub names: Vec<PathBuf>,
    /// Where it works.
    pub cwd: Option<PathBuf>,
    /// Files of runs that it holds open for writing.
    pub writes: Vec<PathBuf>,
    /// The pipe that it reads as its standard input.
    pub hears: Option<u64>,
    /// The pipes that it writes as its standard output and standard error.
    pub prints: Vec<u64>,
}

/// Where runs are.
#[derive(Debug, Clone, Default)]
pub struct Places {
    at: HashMap<Vec<u8>, Vec<Place>>,
}

#[derive(Debug, Clone)]
struct Place {
    key: RunKey,
    /// The run is one file, and what lies beside it is not its.
    single: bool,
}

/// A path that is in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct In<'a> {
    /// The run.
    pub key: &'a RunKey,
    /// The path below the run, safe to draw; the file's name when the run is one file.
    pub below: Arc<str>,
}

impl Places {
    /// Notes a run at `path`, which is absolute. A run may be at several paths, as links lead to it.
    pub fn add(&mut self, key: &RunKey, path: &Path, single: bool) {
        let bytes = trimmed(path);
        let here = self.at.entry(bytes.to_vec()).or_default();
        if !here.iter().any(|place| place.key == *key) {
            here.push(Place { key: key.clone(), single });
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Whether `path` is in a run.
    pub fn holds(&self, path: &Path) -> bool {
        !self.of(path).is_empty()
    }

    /// The runs that `path` is in: the one that it is itself, and that of the innermost folder.
    pub fn of(&self, path: &Path) -> Vec<In<'_>> {
        let whole = trimmed(path);
        let mut found = Vec::new();
        let mut folder = whole;
        loop {
            let here = self.at.get(folder).map(Vec::as_slice).unwrap_or_default();
            let exact = folder.len() == whole.len();
            for place in here.iter().filter(|place| exact || !place.single) {
                let from = if exact { name_start(whole) } else { folder.len() + 1 };
                let below = whole.get(from..).unwrap_or_default();
                let below = if exact && !place.single { &b""[..] } else { below };
                let below = clean(&String::from_utf8_lossy(below)).into();
                found.push(In { key: &place.key, below });
            }
            if here.iter().any(|place| !place.single) {
                return found;
            }
            match memchr::memrchr(b'/', folder) {
                Some(at) => folder = folder.get(..at).unwrap_or_default(),
                None => return found,
            }
        }
    }
}

fn trimmed(path: &Path) -> &[u8] {
    let bytes = path.as_os_str().as_bytes();
    let end = bytes.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}

fn name_start(path: &[u8]) -> usize {
    memchr::memrchr(b'/', path).map_or(0, |at| at + 1)
}

/// A process that belongs to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Which.
    pub id: ProcessId,
    /// As it is told.
    pub owner: Owner,
}

/// The processes of each run, the one that best tells of it first: it has the strongest tie and may train, and it has not been
/// started by another such.
pub fn bind(processes: &[Process], places: &Places) -> HashMap<RunKey, Vec<Bound>> {
    let family = Family::new(processes);
    let mut known: HashMap<u32, Vec<(RunKey, Tie)>> = HashMap::new();
    for process in processes {
        let ties = ties(process, places, &family);
        if !ties.is_empty() {
            known.insert(process.id.pid, ties);
        }
    }
    let printers = printers(processes, &known, &family);
    known.extend(printers);
    let mut runs: HashMap<RunKey, Vec<(&Process, Tie)>> = HashMap::new();
    for process in processes {
        let own = known.get(&process.id.pid).cloned();
        for (key, tie) in own.unwrap_or_else(|| inherited(process, &known, &family)) {
            runs.entry(key).or_default().push((process, tie));
        }
    }
    runs.into_iter().map(|(key, bound)| (key, in_order(bound, &family))).collect()
}

fn in_order(mut bound: Vec<(&Process, Tie)>, family: &Family<'_>) -> Vec<Bound> {
    let strength = |tie: &Tie| match tie {
        // through a pipe or not, the run's file is what it writes
        Tie::Writes(_) | Tie::Prints(_) => 0,
        Tie::Names => 1,
        Tie::Folder => 2,
        Tie::Child => 3,
    };
    bound.sort_by_cached_key(|(process, tie)| {
        let trains = process.role == Role::Trains;
        (strength(tie), Reverse(trains), family.depth(process), process.id.start, process.id.pid)
    });
    bound.truncate(MOST);
    let told = |(process, tie): (&Process, Tie)| Bound {
        id: process.id,
        owner: Owner {
            pid: process.id.pid,
            program: Arc::clone(&process.program),
            since: process.since,
            tie,
        },
    };
    bound.into_iter().map(told).collect()
}

/// What binds a process by itself: the strongest kind of tie that it has.
fn ties(process: &Process, places: &Places, family: &Family<'_>) -> Vec<(RunKey, Tie)> {
    let found = of_each(&process.writes, places, Tie::Writes);
    if !found.is_empty() || !family.counts(process) {
        return found;
    }
    let here = of_each(process.cwd.as_slice(), places, |_| Tie::Folder);
    // any word is the name of something in the folder where a process works
    let mut named = of_each(&process.names, places, |_| Tie::Names);
    named.retain(|(key, _)| !here.iter().any(|(here, _)| here == key));
    if named.is_empty() { here } else { named }
}

fn of_each(paths: &[PathBuf], places: &Places, tie: impl Fn(Arc<str>) -> Tie) -> Vec<(RunKey, Tie)> {
    let mut found: Vec<(RunKey, Tie)> = Vec::new();
    for place in paths.iter().flat_map(|path| places.of(path)) {
        if !found.iter().any(|(key, _)| key == place.key) {
            found.push((place.key.clone(), tie(place.below)));
        }
    }
    found
}

/// Who prints into a pipe at whose other end a process writes a run's file: `python train.py | tee training.log`.
fn printers(
    processes: &[Process],
    known: &HashMap<u32, Vec<(RunKey, Tie)>>,
    family: &Family<'_>,
) -> Vec<(u32, Vec<(RunKey, Tie)>)> {
    let mut pipes: HashMap<u64, Vec<(RunKey, Tie)>> = HashMap::new();
    for process in processes.iter().filter(|process| process.role != Role::Trains) {
        let (Some(pipe), Some(ties)) = (process.hears, known.get(&process.id.pid)) else { continue };
        let through = |(key, tie): &(RunKey, Tie)| match tie {
            Tie::Writes(file) => Some((key.clone(), Tie::Prints(Arc::clone(file)))),
            _ => None,
        };
        pipes.entry(pipe).or_default().extend(ties.iter().filter_map(through));
    }
    let mut printers = Vec::new();
    for process in processes {
        // what it writes itself says more than what goes through a pipe
        let writes = known.get(&process.id.pid).is_some_and(|ties| is_writing(ties));
        if writes || !family.counts(process) {
            continue;
        }
        let ties: Vec<_> =
            process.prints.iter().filter_map(|pipe| pipes.get(pipe)).flatten().cloned().collect();
        if !ties.is_empty() {
            printers.push((process.id.pid, ties));
        }
    }
    printers
}

fn is_writing(ties: &[(RunKey, Tie)]) -> bool {
    ties.iter().any(|(_, tie)| matches!(tie, Tie::Writes(_)))
}

/// The runs of the nearest bound process that has started this one, if it may train.
fn inherited(
    process: &Process,
    known: &HashMap<u32, Vec<(RunKey, Tie)>>,
    family: &Family<'_>,
) -> Vec<(RunKey, Tie)> {
    if process.role == Role::Other {
        return Vec::new();
    }
    let nearest = family.ancestors(process).find_map(|parent| known.get(&parent.id.pid));
    nearest.into_iter().flatten().map(|(key, _)| (key.clone(), Tie::Child)).collect()
}

/// Who has started whom.
struct Family<'a> {
    by_pid: HashMap<u32, &'a Process>,
    /// Processes below which one runs that may train.
    leaders: HashSet<u32>,
}

impl<'a> Family<'a> {
    fn new(processes: &'a [Process]) -> Self {
        let by_pid = processes.iter().map(|process| (process.id.pid, process)).collect();
        let mut family = Self { by_pid, leaders: HashSet::new() };
        let mut leaders = HashSet::new();
        for process in processes.iter().filter(|process| process.role == Role::Trains) {
            for parent in family.ancestors(process) {
                if !leaders.insert(parent.id.pid) {
                    break;
                }
            }
        }
        family.leaders = leaders;
        family
    }

    /// The processes that have started `process`, the nearest first. One that began after it took the pid of one that is gone.
    fn ancestors(&self, process: &'a Process) -> impl Iterator<Item = &'a Process> {
        let parent = |child: &&'a Process| {
            let parent = self.by_pid.get(&child.parent).copied()?;
            (parent.id.pid != child.id.pid && parent.id.start <= child.id.start).then_some(parent)
        };
        std::iter::successors(Some(process), parent).skip(1).take(GENERATIONS)
    }

    fn depth(&self, process: &'a Process) -> usize {
        self.ancestors(process).count()
    }

    /// Whether a process is one that trains by its looks, or a script that runs such.
    fn counts(&self, process: &Process) -> bool {
        match process.role {
            Role::Trains => true,
            Role::Script => self.leaders.contains(&process.id.pid),
            Role::Other => false,
        }
    }
}

#[cfg(test)]
mod tests;
