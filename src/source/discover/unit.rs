//! What one folder has to offer while it is not settled yet whether it is a run, or a part of one.

use std::ffi::CString;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::run::RunKey;

use super::FoundFile;
use super::FoundRun;
use super::names;
use super::names::Rank;
use super::names::Tracker;

/// Files of one run beyond which the rest is left alone.
const MOST_FILES: usize = 512;

/// Presences of one run (checkpoints, samples) beyond which the rest is left alone.
pub(super) const MOST_OTHERS: usize = 4096;

/// Where a folder is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Below the root, `/` separated; empty for the root.
    pub(super) id: String,
    /// On disk.
    pub(super) path: PathBuf,
    /// Its own name, for naming the run and for what its files are.
    pub(super) name: String,
}

impl Place {
    /// The place of an entry.
    pub(super) fn child(&self, name: &std::ffi::OsStr) -> Self {
        let text = name.to_string_lossy().into_owned();
        let id = if self.id.is_empty() { text.clone() } else { format!("{}/{text}", self.id) };
        Self { id, path: self.path.join(name), name: text }
    }
}

impl Place {
    /// Whether it lies in a folder called `name`, at any depth.
    pub(super) fn is_below(&self, name: &str) -> bool {
        self.id.split('/').any(|part| part == name)
    }
}

/// Which logs a folder holds, the weightiest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Log {
    /// None.
    None,
    /// One that a framework keeps beside what was printed.
    Side,
    /// Its own.
    Own,
}

/// A folder's findings.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) place: Place,
    /// Which logs it holds.
    pub(super) log: Log,
    /// It holds event files.
    pub(super) events: bool,
    /// It holds another tracker's files.
    pub(super) table: bool,
    pub(super) files: Vec<(Rank, FoundFile)>,
    pub(super) others: Vec<FoundFile>,
    /// Names of files that tell by their presence, not looked at yet: a folder of data holds thousands that tell nothing.
    pub(super) presences: Vec<(names::Presence, CString)>,
    /// Files whose content is still to be asked, with their names.
    pub(super) unsure: Vec<(Rank, names::Content, CString, FoundFile)>,
}

impl Unit {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            log: Log::None,
            events: false,
            table: false,
            files: Vec::new(),
            others: Vec::new(),
            presences: Vec::new(),
            unsure: Vec::new(),
        }
    }

    /// Something in it shows that training wrote here.
    pub(super) fn shows(&self) -> bool {
        self.log != Log::None || self.events || self.table
    }

    /// It shows event files and nothing else.
    pub(super) fn only_events(&self) -> bool {
        self.events && self.log == Log::None && !self.table
    }

    /// It shows logs and no tracker's files.
    pub(super) fn only_logs(&self) -> bool {
        !self.events && !self.table
    }

    /// Notes a tracker's file.
    pub(super) fn tracked(&mut self, tracker: Tracker) {
        match tracker {
            Tracker::Events => self.events = true,
            Tracker::Table => self.table = true,
        }
    }

    /// Takes the findings of a folder below over as its own.
    pub(super) fn absorb(&mut self, part: Self) {
        let Some(below) = below(&self.place.id, &part.place.id) else { return };
        let moved = |mut file: FoundFile| {
            file.path = Arc::from(format!("{below}/{}", file.path));
            file
        };
        self.events |= part.events;
        self.table |= part.table;
        if part.log == Log::Side {
            self.log = self.log.max(Log::Side);
        }
        self.files.extend(part.files.into_iter().map(|(rank, file)| (rank, moved(file))));
        self.others.extend(part.others.into_iter().map(moved));
        self.others.truncate(MOST_OTHERS);
    }

    /// Takes presences over that lie in folders below which are nothing by themselves.
    pub(super) fn take_strays(&mut self, strays: Vec<(String, FoundFile)>) {
        for (id, mut file) in strays {
            if self.others.len() >= MOST_OTHERS {
                return;
            }
            if let Some(below) = below(&self.place.id, &id) {
                file.path = Arc::from(format!("{below}/{}", file.path));
                self.others.push(file);
            }
        }
    }

    /// The run that it is.
    pub(super) fn into_run(self, root: u32) -> FoundRun {
        let Self { place, mut files, mut others, .. } = self;
        files.sort_by_cached_key(|(rank, file)| (*rank, names::order(&file.path)));
        let printed = files.iter().any(|(rank, _)| names::is_log(*rank) && *rank != names::COPY);
        let mut state_seen = false;
        let mut kept = Vec::with_capacity(files.len());
        for (rank, file) in files {
            // every checkpoint of the HF trainer holds the history up to it: the one on top, else the newest, says it all
            let state = file.path.rsplit('/').next() == Some("trainer_state.json");
            let twice = (rank == names::COPY && printed) || (state && state_seen) || kept.len() >= MOST_FILES;
            state_seen |= state;
            if twice { others.push(file) } else { kept.push(file) }
        }
        others.truncate(MOST_OTHERS);
        others.sort_by(|a, b| a.path.cmp(&b.path));
        let id = if place.id.is_empty() { "." } else { place.id.as_str() };
        FoundRun {
            key: RunKey { root, id: Arc::from(id) },
            path: place.path,
            single: false,
            name: Arc::from(place.name.as_str()),
            files: kept,
            others,
        }
    }
}

/// The path from one place below the root to another below it; `None` when it does not lie there.
fn below<'a>(upper: &str, lower: &'a str) -> Option<&'a str> {
    if upper.is_empty() { Some(lower) } else { lower.strip_prefix(upper)?.strip_prefix('/') }
}
