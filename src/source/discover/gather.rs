//! The walk itself: from folders to runs.
//!
//! A folder is read once, and what it holds is settled on the way back up. A log of its own makes a folder a run at once. Where
//! there is none, it depends on what is around it:
//!
//! - a folder that a framework makes (`checkpoint-500/`, `tb/`, `epoch_3/`) belongs to the folder it is in;
//! - event files below a run that has tracker files itself are more of the same run;
//! - tracker files in one place below a run are that run's (`out/`, `runs/train/`); in several places they are the runs of a
//!   sweep, or earlier launches, and each is a run by itself: taken together their figures would be wrong;
//! - with no run above, a folder with tracker files is a run.
//!
//! Links to folders are followed once each, after everything else, a few levels deep, and never to where the root lies in: a
//! link inside the root is then known already by its device and inode, and a link to `/` leads nowhere.

use std::collections::HashSet;
use std::ffi::CStr;
use std::ffi::CString;
use std::ffi::OsStr;
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::run::Problem;
use crate::model::run::RunKey;

use super::Found;
use super::FoundFile;
use super::FoundRun;
use super::SeenFolder;
use super::contents;
use super::fault;
use super::list;
use super::list::Identity;
use super::list::Listing;
use super::names;
use super::names::Folder;
use super::unit::Log;
use super::unit::MOST_OTHERS;
use super::unit::Place;
use super::unit::Unit;

/// Levels below a root.
const DEEPEST: usize = 12;

/// Levels below a link.
const BELOW_LINK: usize = 4;

/// Folders below one run that are looked into when only that run is looked at again.
const MOST_AGAIN: usize = 64;

/// A walk under way.
pub(super) struct Walk<'a> {
    root: u32,
    stop: &'a dyn Fn() -> bool,
    found: &'a mut dyn FnMut(Found),
    folders: Vec<SeenFolder>,
    seen: HashSet<Identity>,
    links: Vec<Place>,
    stopped: bool,
    /// Entries of one folder that are read.
    most: usize,
    /// Only one run is of interest: these of its folders are known to hold files of it.
    again: Option<HashSet<String>>,
}

/// A folder that a framework makes, and whether a link leads to it.
type Part = (CString, Folder, bool);

/// Any other folder.
type Plain = (CString, Folder);

/// What a folder hands to the one above it.
#[derive(Default)]
struct Below {
    /// Folders that show training and have no log of their own.
    units: Vec<Unit>,
    /// Checkpoints and samples in folders that are nothing by themselves, with the id of their folder.
    strays: Vec<(String, FoundFile)>,
}

/// How the folder above looks at a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Above {
    /// Nothing above is a run.
    Nothing,
    /// A run, which may take what is found.
    Run,
}

impl<'a> Walk<'a> {
    pub(super) fn new(root: u32, stop: &'a dyn Fn() -> bool, found: &'a mut dyn FnMut(Found)) -> Self {
        Self {
            root,
            stop,
            found,
            folders: Vec::new(),
            seen: HashSet::new(),
            links: Vec::new(),
            stopped: false,
            most: list::MOST_ENTRIES,
            again: None,
        }
    }

    /// Looks only at what may belong to the run of the folder that is walked.
    pub(super) fn only_run(mut self, known: HashSet<String>) -> Self {
        self.again = Some(known);
        self
    }

    /// Reads so many entries of a folder and no more.
    #[cfg(test)]
    pub(super) fn at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// Walks the folder at `place`, which may be reached through a link, and then the links below it.
    pub(super) fn run(mut self, place: &Place, depth: usize) -> (Vec<SeenFolder>, bool) {
        let around = place.path.clone();
        self.start(place, depth);
        let mut links = std::mem::take(&mut self.links);
        while let Some(link) = links.pop() {
            if self.stopped || !leads_out(&link.path, &around) {
                continue;
            }
            self.start(&link, DEEPEST.saturating_sub(BELOW_LINK).max(depth));
            links.append(&mut self.links);
        }
        (self.folders, !self.stopped)
    }

    fn start(&mut self, place: &Place, depth: usize) {
        let Ok(name) = CString::new(place.path.as_os_str().as_bytes()) else { return };
        match list::list(rustix::fs::CWD, &name, true, self.most) {
            Ok(listing) => {
                let below = self.folder(&listing, place, depth, Above::Nothing);
                debug_assert!(below.units.is_empty(), "without a run above, every unit is handed out");
            }
            Err(error) => self.problem(&place.path, &error),
        }
    }

    pub(super) fn problem(&mut self, path: &Path, error: &io::Error) {
        // what has gone in the meantime, or has become a link, is no problem
        let gone = matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
        if !gone && error.raw_os_error() != Some(rustix::io::Errno::LOOP.raw_os_error()) {
            (self.found)(Found::Problem(fault(path, error)));
        }
    }

    /// Reads the folder called `name`; `None` when there is nothing to look for in it.
    fn enter(&mut self, parent: BorrowedFd<'_>, name: &CStr, place: &Place, link: bool) -> Option<Listing> {
        self.stopped = self.stopped || (self.stop)();
        if self.stopped {
            return None;
        }
        match list::list(parent, name, link, self.most) {
            Ok(listing) => Some(listing),
            Err(error) => {
                self.problem(&place.path, &error);
                None
            }
        }
    }

    /// Whether a folder that has been read is of interest: not walked before, no installed software, no cache.
    fn fresh(&mut self, listing: &Listing, place: &Place, depth: usize) -> bool {
        if !self.seen.insert(listing.meta.identity) {
            return false;
        }
        let foreign = |name: &CString| matches!(name.to_bytes(), b"pyvenv.cfg" | b"CACHEDIR.TAG");
        if depth > 0
            && (listing.files.iter().any(foreign)
                || listing.folders.iter().any(|n| n.to_bytes() == b"conda-meta"))
        {
            return false;
        }
        if listing.cut {
            let what = format!(
                "holds more than {} entries: the rest is not looked at; point at a folder inside it to see its runs",
                self.most
            );
            (self.found)(Found::Problem(Problem { path: place.path.clone(), what }));
        }
        true
    }

    /// A folder that no framework is known to make.
    fn folder(&mut self, listing: &Listing, place: &Place, depth: usize, above: Above) -> Below {
        if !self.fresh(listing, place, depth) {
            return Below::default();
        }
        let mut own = self.files_of(listing, place, true);
        self.folders.push(SeenFolder { path: place.path.clone(), modified: listing.meta.modified });
        let (parts, plain) = self.split(listing, place, depth);
        for (name, kind, link) in parts {
            let inside = place.child(list::os(&name));
            if let Some(part) = self.enter(listing.fd(), &name, &inside, link) {
                let part = self.part(&part, inside, depth + 1, kind);
                own.absorb(part);
            }
        }
        contents::ask(listing, &mut own);
        let mut gathering = Gathering { below: Below::default(), scattered: false };
        for (name, kind) in plain {
            let inside = place.child(list::os(&name));
            let Some(child) = self.enter(listing.fd(), &name, &inside, false) else { continue };
            let under = if own.shows() || kind == Folder::Split { Above::Run } else { above };
            let id = inside.id.clone();
            let mut below = self.folder(&child, &inside, depth + 1, under);
            if kind == Folder::Split {
                // curves of training and validation side by side are one run's
                let (curves, rest) =
                    below.units.into_iter().partition(|unit| unit.only_events() && unit.place.id == id);
                below.units = rest;
                Vec::into_iter(curves).for_each(|unit| own.absorb(unit));
            }
            self.settle(&mut own, &mut gathering, below, above);
        }
        if self.stopped {
            return Below::default();
        }
        if own.shows() || above == Above::Run {
            let all = own.shows();
            contents::see(listing, &mut own, all);
        }
        self.close(own, gathering, above)
    }

    /// What a child of `own` handed up: `own` takes it, or it goes its own way.
    fn settle(&mut self, own: &mut Unit, gathering: &mut Gathering, below: Below, above: Above) {
        gathering.below.strays.extend(below.strays);
        gathering.below.strays.truncate(MOST_OTHERS);
        for unit in below.units {
            if own.shows() && !own.only_logs() && unit.only_events() {
                own.absorb(unit);
            } else {
                gathering.below.units.push(unit);
            }
        }
        let alone = if own.shows() { gathering.below.units.len() > 1 } else { above == Above::Nothing };
        if gathering.scattered || alone {
            gathering.scattered = own.shows();
            for unit in std::mem::take(&mut gathering.below.units) {
                self.hand_out(unit);
            }
        }
    }

    /// All below `own` is read.
    fn close(&mut self, mut own: Unit, gathering: Gathering, above: Above) -> Below {
        let Below { units, strays } = gathering.below;
        if !own.shows() {
            if above == Above::Nothing {
                return Below::default();
            }
            let mut strays = strays;
            strays.extend(own.others.drain(..).map(|file| (own.place.id.clone(), file)));
            strays.truncate(MOST_OTHERS);
            return Below { units, strays };
        }
        own.take_strays(strays);
        for unit in units {
            own.absorb(unit);
        }
        if own.log == Log::Own || above == Above::Nothing {
            self.hand_out(own);
            return Below::default();
        }
        Below { units: vec![own], strays: Vec::new() }
    }

    /// A folder that a framework makes, with all below it. A log of its own makes it a run all the same.
    fn part(&mut self, listing: &Listing, place: Place, depth: usize, kind: Folder) -> Unit {
        if !self.fresh(listing, &place, depth) {
            return Unit::new(place);
        }
        let mut own = if kind == Folder::Epoch {
            contents::epoch(listing, &place)
        } else {
            self.files_of(listing, &place, false)
        };
        contents::ask(listing, &mut own);
        contents::see(listing, &mut own, true);
        if kind != Folder::Epoch && depth < DEEPEST {
            self.folders.push(SeenFolder { path: place.path.clone(), modified: listing.meta.modified });
            for name in &listing.folders {
                let inside = place.child(list::os(name));
                let kind = names::folder(&inside.name);
                if kind == Folder::Skip {
                    continue;
                }
                if let Some(child) = self.enter(listing.fd(), name, &inside, false) {
                    let kind = if kind == Folder::Epoch { Folder::Epoch } else { Folder::Part };
                    let part = self.part(&child, inside, depth + 1, kind);
                    own.absorb(part);
                }
            }
        }
        if own.log == Log::Own {
            let place = own.place.clone();
            self.hand_out(own);
            return Unit::new(place);
        }
        own
    }

    /// The folders below: those that frameworks make, and the others. Links to others are kept for later.
    fn split(&mut self, listing: &Listing, place: &Place, depth: usize) -> (Vec<Part>, Vec<Plain>) {
        let mut parts = Vec::new();
        let mut plain = Vec::new();
        if depth >= DEEPEST {
            return (parts, plain);
        }
        // `latest-run` is the name of a link to one
        let wandb =
            names::wandb_run(&place.name) || listing.files.iter().any(|n| names::wandb_file(n.to_bytes()));
        let mlflow = listing.files.iter().any(|n| n.to_bytes() == b"meta.yaml");
        let builds =
            listing.files.iter().any(|n| matches!(n.to_bytes(), b"Cargo.toml" | b"pom.xml" | b"build.sbt"));
        for name in &listing.folders {
            let text = name.to_string_lossy();
            let saved = names::saved_state(&text)
                .is_some_and(|of| listing.files.iter().any(|n| n.to_bytes().starts_with(of.as_bytes())));
            let made =
                saved || (wandb && text == "files") || (mlflow && matches!(&*text, "metrics" | "params"));
            match names::folder(&text) {
                // W&B's own diagnostics
                _ if wandb && text == "logs" => {}
                // not an experiment's models, whose metrics are those of its runs once more
                _ if mlflow && text == "models" && place.name.bytes().all(|b| b.is_ascii_digit()) => {}
                _ if builds && text == "target" => {}
                _ if place.id.is_empty() && pseudo(&place.path, &text) => {}
                Folder::Skip => {}
                kind @ (Folder::Part | Folder::Epoch) => parts.push((name.clone(), kind, false)),
                _ if made => parts.push((name.clone(), Folder::Part, false)),
                kind => plain.push((name.clone(), kind)),
            }
        }
        for name in &listing.links {
            let leads_to_folder = list::look(listing.fd(), name).is_ok_and(|meta| meta.kind.is_dir());
            match names::folder(&name.to_string_lossy()) {
                _ if !leads_to_folder => {}
                Folder::Skip => {}
                kind @ (Folder::Part | Folder::Epoch) => parts.push((name.clone(), kind, true)),
                _ => self.links.push(place.child(list::os(name))),
            }
        }
        if let Some(known) = self.again.as_ref() {
            self.links.clear();
            if plain.len() > MOST_AGAIN {
                plain.retain(|(name, _)| known.contains(name.to_string_lossy().as_ref()));
            }
        }
        (parts, plain)
    }

    /// What the files of a folder show; jobs' own logs are handed out at once.
    fn files_of(&mut self, listing: &Listing, place: &Place, jobs: bool) -> Unit {
        let read = contents::read(listing, place, jobs);
        for (name, file_name, file) in read.jobs {
            (self.found)(Found::Run(job(self.root, place, &name, &file_name, file)));
        }
        for problem in read.problems {
            (self.found)(Found::Problem(problem));
        }
        read.unit
    }

    fn hand_out(&mut self, unit: Unit) {
        (self.found)(Found::Run(unit.into_run(self.root)));
    }
}

/// The children of a folder, as they come in.
struct Gathering {
    below: Below,
    /// Several places below have been found to show training: each is a run by itself.
    scattered: bool,
}

/// A job's own log, which is a run. `name` tells it from all others of its folder.
fn job(root: u32, place: &Place, name: &str, file_name: &str, file: FoundFile) -> FoundRun {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    FoundRun {
        key: RunKey { root, id: Arc::from(place.child(OsStr::new(name)).id.as_str()) },
        path: place.path.join(file_name),
        single: true,
        name: Arc::from(stem),
        files: vec![file],
        others: Vec::new(),
    }
}

/// File systems that hold no files, below the root of all.
fn pseudo(path: &Path, name: &str) -> bool {
    path == Path::new("/") && matches!(name, "proc" | "sys" | "dev" | "run")
}

/// Whether a link leads to a place that does not hold the folder that is walked.
fn leads_out(link: &Path, around: &Path) -> bool {
    let target: PathBuf = match link.canonicalize() {
        Ok(target) => target,
        Err(_) => return false,
    };
    !around.canonicalize().is_ok_and(|around| around.starts_with(&target))
}
