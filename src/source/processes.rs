//! Which live processes own which runs, by `/proc`. It is only read: nobody is traced, and no signal is sent.
//!
//! A process owns a run when it
//!
//! 1. holds a file of the run open for writing (whatever program it is), or prints into a pipe whose reader does;
//! 2. else, if it looks like one that trains ([`program`]), names the run's folder or a file in it in its arguments;
//! 3. else, if it looks like one that trains, works in the run's folder or below;
//! 4. was started by such a process, may train itself, and is bound to no other run.
//!
//! What a run is worth to somebody who has to decide whether to start it again: an owner that is claimed and is none keeps a dead
//! run `stalled`, and one that is missed leaves the decision to the age of the files, as if there were no `/proc`. So only the
//! first tie counts for everybody, and nothing is ever claimed of a process that cannot be looked into: those of other users (`EACCES`),
//! those that `hidepid` hides, and those in another mount namespace (a container) whose folders are not the ones that are called
//! so here. That none was found proves nothing; [`ledger`] tells when an owner is known to be gone.

pub mod ledger;
pub mod parse;
pub mod program;
pub mod recorded;
pub mod ties;

use std::collections::HashMap;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::owner::Gone;
use crate::model::owner::Told;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::parse::clean::clean;

use self::program::Role;
use self::recorded::Recorded;
use self::ties::Bound;
use self::ties::Places;
use self::ties::Process;
use self::ties::ProcessId;

/// Bytes of a command line that are read; what comes behind them names no run.
const ARGUMENTS: u64 = 64 << 10;
/// Open files of one process that are looked at.
const MOST_FILES: usize = 8192;
/// Characters of a program's name that are told.
const NAME: usize = 32;
/// Clock ticks in a second, as `/proc` counts them: `USER_HZ` of the kernel, which is the same on all machines that it matters on.
const TICKS: u64 = 100;
/// The namespace of pids that the machine itself has (`PROC_PID_INIT_INO` of the kernel).
const FIRST_NAMESPACE: &str = "pid:[4026531836]";
/// Seconds by which the start of a process may be off, since the machine's start is told in whole seconds.
const SLACK: i64 = 2;

/// How much of the processes of this machine can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// There is no `/proc`, as outside of Linux.
    None,
    /// Each process can be looked into.
    All {
        /// How many there are.
        seen: usize,
    },
    /// Some cannot be looked into.
    Part {
        /// Those that can.
        seen: usize,
        /// Those that are listed and cannot.
        closed: usize,
        /// Whether processes of others are not even listed (`hidepid`).
        hidden: bool,
        /// Whether only those of this user are asked.
        own: bool,
    },
}

/// Looks at `/proc`.
#[derive(Debug)]
pub struct Scanner {
    root: PathBuf,
    own: u32,
    /// When the machine started, in seconds since 1970.
    boot: Option<i64>,
    /// Whose processes can be looked into; `None` for everybody's.
    user: Option<u32>,
    mounts: Option<PathBuf>,
}

/// What one look at all processes has found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Those that could be looked into.
    pub processes: Vec<Process>,
    /// Those that could not.
    pub closed: usize,
}

impl Scanner {
    /// For the processes of this machine. `None` where there is no `/proc` of Linux.
    pub fn system() -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let user = rustix::process::geteuid();
        let user = (!user.is_root()).then(|| user.as_raw());
        Self::at(Path::new("/proc"), std::process::id(), user)
    }

    /// For the processes that the folder `root` tells of as `/proc` does; `own` is never an owner. With `user`, only
    /// the processes of that user are looked into.
    pub fn at(root: &Path, own: u32, user: Option<u32>) -> Option<Self> {
        let boot = parse::boot(&fs::read(root.join("stat")).ok()?);
        let mounts = fs::read_link(root.join("self/ns/mnt")).ok();
        Some(Self { root: root.to_path_buf(), own, boot, user, mounts })
    }

    /// Looks at all processes. Of their open files only those in `places` are told.
    pub fn look(&self, places: &Places) -> Look {
        let mut look = Look::default();
        for (pid, folder) in self.folders() {
            if pid == self.own {
                continue;
            }
            match self.process(pid, &folder, places) {
                Seen::Open(process) => look.processes.push(*process),
                Seen::Closed => look.closed += 1,
                Seen::Nobody => {}
            }
        }
        look
    }

    /// Looks at all processes, and tells those of each run.
    pub fn owners(&self, places: &Places) -> HashMap<RunKey, Vec<Bound>> {
        let look = self.look(places);
        let mut bound = ties::bind(&look.processes, places);
        let pids: HashSet<u32> = bound.values().flatten().map(|one| one.id.pid).collect();
        let strangers: HashSet<u32> =
            pids.into_iter().filter(|pid| self.is_elsewhere(*pid, &look.processes, places)).collect();
        if !strangers.is_empty() {
            for owners in bound.values_mut() {
                owners.retain(|one| !strangers.contains(&one.id.pid));
            }
            bound.retain(|_, owners| !owners.is_empty());
        }
        bound
    }

    /// Whether the process lives that was seen as `id`. What cannot be told apart from life is life.
    pub fn is_alive(&self, id: ProcessId) -> bool {
        match fs::read(self.root.join(id.pid.to_string()).join("stat")) {
            Ok(bytes) => parse::stat(&bytes).is_none_or(|stat| stat.lives && stat.start == id.start),
            Err(error) => !is_gone(&error),
        }
    }

    /// How much can be seen.
    pub fn sight(&self) -> Sight {
        let look = self.look(&Places::default());
        let hidden = !self.root.join("1").exists();
        let seen = look.processes.len();
        if look.closed == 0 && !hidden {
            Sight::All { seen }
        } else {
            Sight::Part { seen, closed: look.closed, hidden, own: self.user.is_some() }
        }
    }

    /// Of runs that name their own processes, those whose processes are all dead. `host` is this machine; the runs were written
    /// there. Nobody is claimed dead where not every process of the machine is listed.
    pub fn dead(&self, runs: &[(RunKey, Vec<Recorded>)]) -> Vec<(RunKey, Gone)> {
        let first =
            fs::read_link(self.root.join("self/ns/pid")).is_ok_and(|link| link == Path::new(FIRST_NAMESPACE));
        if runs.is_empty() || !first || !self.root.join("1/stat").exists() {
            return Vec::new();
        }
        let mut inner = None;
        let mut dead = Vec::new();
        for (key, recorded) in runs {
            let Some(newest) = recorded.first() else { continue };
            if recorded.iter().any(|one| self.may_live(one, &mut inner)) {
                continue;
            }
            let told = Told::Recorded { file: clean(&newest.file).into() };
            dead.push((key.clone(), Gone { pid: newest.pid, told }));
        }
        dead
    }

    /// Whether a process that a file names may be alive. Its pid may be the one that it has in a container, so that those are
    /// asked for as well, once.
    fn may_live(&self, recorded: &Recorded, inner: &mut Option<HashMap<u32, Vec<u32>>>) -> bool {
        if self.is_it(recorded.pid, recorded) {
            return true;
        }
        let inner = inner.get_or_insert_with(|| self.inner());
        let there = inner.get(&recorded.pid).map(Vec::as_slice).unwrap_or_default();
        there.iter().any(|pid| self.is_it(*pid, recorded))
    }

    /// Whether the process `pid` may have begun the file: it is not younger than that.
    fn is_it(&self, pid: u32, recorded: &Recorded) -> bool {
        let bytes = match fs::read(self.root.join(pid.to_string()).join("stat")) {
            Ok(bytes) => bytes,
            Err(error) => return !is_gone(&error),
        };
        let Some(stat) = parse::stat(&bytes) else { return true };
        let Some(began) = self.began(stat.start) else { return true };
        stat.lives && began <= recorded.begun.saturating_add(SLACK)
    }

    /// The processes of containers, by the pids that they have there.
    fn inner(&self) -> HashMap<u32, Vec<u32>> {
        let mut inner: HashMap<u32, Vec<u32>> = HashMap::new();
        for (pid, folder) in self.folders() {
            let Ok(status) = fs::read(folder.join("status")) else { continue };
            for other in parse::namespaced(&status).into_iter().skip(1) {
                inner.entry(other).or_default().push(pid);
            }
        }
        inner
    }

    fn folders(&self) -> impl Iterator<Item = (u32, PathBuf)> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        entries.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
    }

    fn began(&self, start: u64) -> Option<i64> {
        Some(self.boot? + i64::try_from(start / TICKS).ok()?)
    }

    fn process(&self, pid: u32, folder: &Path, places: &Places) -> Seen {
        if let Some(user) = self.user
            && fs::metadata(folder).is_ok_and(|meta| meta.uid() != user)
        {
            return Seen::Closed;
        }
        let Some(stat) = fs::read(folder.join("stat")).ok().and_then(|bytes| parse::stat(&bytes)) else {
            return Seen::Nobody;
        };
        if stat.kernel || !stat.lives {
            return Seen::Nobody;
        }
        let cwd = match fs::read_link(folder.join("cwd")) {
            Ok(cwd) => cwd,
            Err(error) if is_gone(&error) => return Seen::Nobody,
            Err(_) => return Seen::Closed,
        };
        let args = arguments(folder);
        let role = program::role(&args);
        let files = open_files(folder, places);
        let names = if role == Role::Other { Vec::new() } else { program::named(&args, Some(&cwd)) };
        let millis = |start: u64| {
            let millis = i64::try_from(start.saturating_mul(1000 / TICKS)).ok()?;
            Some(Stamp::from_millis(self.boot?.saturating_mul(1000).saturating_add(millis)))
        };
        Seen::Open(Box::new(Process {
            id: ProcessId { pid, start: stat.start },
            parent: stat.parent,
            program: name(&args, &stat.name),
            since: millis(stat.start),
            role,
            names,
            cwd: Some(cwd),
            writes: files.writes,
            hears: files.hears,
            prints: files.prints,
        }))
    }

    /// Whether paths mean something else to a process than to us: it is in another mount namespace, and what binds it is not the
    /// same file there.
    fn is_elsewhere(&self, pid: u32, processes: &[Process], places: &Places) -> bool {
        let folder = self.root.join(pid.to_string());
        let mounts = fs::read_link(folder.join("ns/mnt"));
        let (Some(own), Ok(mounts)) = (&self.mounts, mounts) else { return false };
        if *own == mounts {
            return false;
        }
        let Some(process) = processes.iter().find(|process| process.id.pid == pid) else { return true };
        let paths = process.writes.iter().chain(&process.names).chain(&process.cwd);
        let there = folder.join("root");
        !paths.filter(|path| places.holds(path)).all(|path| {
            let inside = there.join(path.strip_prefix("/").unwrap_or(path));
            identity(&inside) == identity(path)
        })
    }
}

/// How a process was found.
enum Seen {
    Open(Box<Process>),
    /// It is there, and may not be looked into.
    Closed,
    /// It is dead, or no program.
    Nobody,
}

/// The file or folder that a path leads to, whatever it is called.
fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

/// Whether an error says that there is no such process: its folder is not there, or went while it was read.
fn is_gone(error: &std::io::Error) -> bool {
    let srch = rustix::io::Errno::SRCH.raw_os_error();
    error.kind() == std::io::ErrorKind::NotFound || error.raw_os_error() == Some(srch)
}

fn arguments(folder: &Path) -> Vec<OsString> {
    let mut bytes = Vec::new();
    // what cannot be read has no arguments that could be told
    let read =
        File::open(folder.join("cmdline")).and_then(|file| file.take(ARGUMENTS).read_to_end(&mut bytes));
    if read.is_err() { Vec::new() } else { parse::cmdline(&bytes) }
}

/// The name of a program: of what was started, else what the kernel calls it.
fn name(args: &[OsString], known: &str) -> Arc<str> {
    let first = args.first().map(|arg| arg.to_string_lossy()).unwrap_or_default();
    let first = first.split_ascii_whitespace().next().unwrap_or_default();
    let base = first.rsplit('/').next().unwrap_or_default().trim_start_matches('-');
    let cleaned = clean(if base.is_empty() { known } else { base });
    let short: String = cleaned.trim().chars().take(NAME).collect();
    if short.is_empty() { "without a name".into() } else { short.into() }
}

#[derive(Default)]
struct Files {
    writes: Vec<PathBuf>,
    hears: Option<u64>,
    prints: Vec<u64>,
}

/// The open files of a process that matter: those in `places` that it may write, and the pipes of its standard streams.
fn open_files(folder: &Path, places: &Places) -> Files {
    let mut files = Files::default();
    let Ok(entries) = fs::read_dir(folder.join("fd")) else { return files };
    for entry in entries.flatten().take(MOST_FILES) {
        let Ok(target) = fs::read_link(entry.path()) else { continue };
        let number = entry.file_name();
        let bytes = target.as_os_str().as_bytes();
        if let Some(pipe) = pipe(bytes) {
            match number.as_bytes() {
                b"0" => files.hears = Some(pipe),
                b"1" | b"2" if !files.prints.contains(&pipe) => files.prints.push(pipe),
                _ => {}
            }
        } else if bytes.starts_with(b"/")
            && places.holds(&target)
            && !bytes.ends_with(b" (deleted)")
            && !files.writes.contains(&target)
        {
            let info = fs::read(folder.join("fdinfo").join(&number)).unwrap_or_default();
            if parse::writes(&info) == Some(true) {
                files.writes.push(target);
            }
        }
    }
    files
}

/// `pipe:[4711]`
fn pipe(target: &[u8]) -> Option<u64> {
    let number = target.strip_prefix(b"pipe:[")?.strip_suffix(b"]")?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
