//! Which shard reads which run, and which run a touched path belongs to.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::Shared;
use super::locked;
use super::shard::Mailbox;
use super::shard::Shard;
use super::spawn;
use super::warden::Watched;
use crate::model::owner::Owners;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::source::discover::FoundRun;
use crate::source::processes::recorded;

/// Shards for runs on local disks.
const LOCAL_SHARDS: usize = 2;

/// Where a root is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mount {
    /// Device number.
    pub(super) device: u64,
    /// Others may write there unheard, and a read may hang.
    pub(super) remote: bool,
}

/// What a touched path is.
pub(super) enum Touched {
    /// A file that a run is read from.
    File(RunKey),
    /// Something else in a run's folder: its entries may have changed.
    Inside(RunKey),
    /// In no run.
    Outside,
}

#[derive(Default)]
pub(super) struct Routes {
    shards: Vec<Arc<Mailbox>>,
    remote: HashMap<u64, usize>,
    local: Vec<usize>,
    next_local: usize,
    runs: HashMap<RunKey, Route>,
    files: HashMap<PathBuf, RunKey>,
    folders: HashMap<PathBuf, RunKey>,
    /// Counts what changes the runs or their files.
    version: u64,
}

struct Route {
    shard: usize,
    /// Counts how often runs have appeared: one that comes back is another one.
    serial: u64,
    found: FoundRun,
}

impl Routes {
    /// These runs are on screen.
    pub(super) fn attend(&self, runs: &[RunKey]) {
        for (number, mailbox) in self.shards.iter().enumerate() {
            let here = |key: &&RunKey| self.runs.get(*key).is_some_and(|route| route.shard == number);
            let own = runs.iter().filter(here).cloned().collect();
            mailbox.put(|inbox| inbox.attend = Some(own));
        }
    }

    /// Everything ends.
    pub(super) fn stop(&self) {
        for mailbox in &self.shards {
            mailbox.put(|inbox| inbox.stop = true);
        }
    }

    /// Events were lost: everything is looked at.
    pub(super) fn look_at_all(&self) {
        for mailbox in &self.shards {
            mailbox.put(|inbox| inbox.look_at_all = true);
        }
    }

    /// A run is to be looked at.
    pub(super) fn wake(&self, key: &RunKey) {
        if let Some(mailbox) = self.runs.get(key).and_then(|route| self.shards.get(route.shard)) {
            mailbox.put(|inbox| {
                inbox.woken.insert(key.clone());
            });
        }
    }

    /// What a path is to the runs that are known.
    pub(super) fn touched(&self, path: &Path) -> Touched {
        if let Some(key) = self.files.get(path) {
            return Touched::File(key.clone());
        }
        match path.ancestors().find_map(|folder| self.folders.get(folder)) {
            Some(key) => Touched::Inside(key.clone()),
            None => Touched::Outside,
        }
    }

    /// A run as it was found last.
    pub(super) fn found(&self, key: &RunKey) -> Option<FoundRun> {
        self.runs.get(key).map(|route| route.found.clone())
    }

    /// What the warden is to know of the runs; `host` is this machine.
    pub(super) fn watched(&self, host: &str) -> Vec<Watched> {
        self.runs.values().map(|route| Watched::new(&route.found, route.serial, host)).collect()
    }

    /// Another number whenever [`Routes::watched`] has another answer.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Runs have other owners than before.
    pub(super) fn owned(&self, news: Vec<(RunKey, Owners)>) {
        for (key, owners) in news {
            if let Some(mailbox) = self.runs.get(&key).and_then(|route| self.shards.get(route.shard)) {
                mailbox.put(|inbox| inbox.owned.push((key, owners)));
            }
        }
    }

    /// Folders of runs, those that were written to last first.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        let newest = |found: &FoundRun| found.files.iter().filter_map(|file| file.modified).max();
        let mut runs: Vec<(Option<Stamp>, &FoundRun)> =
            self.runs.values().map(|route| (newest(&route.found), &route.found)).collect();
        runs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.path.cmp(&b.1.path)));
        let mut folders = Vec::new();
        for (_, found) in runs {
            let mut own: Vec<PathBuf> = found
                .files
                .iter()
                .filter_map(|file| Some(found.file(&file.path).parent()?.to_path_buf()))
                .collect();
            own.dedup();
            folders.extend(own);
        }
        folders
    }

    /// Notes where a run is and who reads it. True when it is another one to the warden.
    fn book(&mut self, found: FoundRun, shard: usize) -> bool {
        let named =
            |run: &FoundRun| run.files.iter().filter(|file| recorded::writer(&file.path).is_some()).count();
        let old = self.runs.get(&found.key);
        let news = old.is_none_or(|old| old.found.path != found.path || named(&old.found) != named(&found));
        let known = old.map(|old| old.serial);
        let version = self.version;
        self.unbook(&found.key);
        self.version = if news { version + 1 } else { version };
        let serial = known.unwrap_or(self.version);
        let key = found.key.clone();
        for file in &found.files {
            self.files.insert(found.file(&file.path), key.clone());
        }
        self.folders.insert(found.path.clone(), key.clone());
        self.runs.insert(key, Route { shard, serial, found });
        news
    }

    fn unbook(&mut self, key: &RunKey) -> Option<usize> {
        let route = self.runs.remove(key)?;
        self.version += 1;
        for file in &route.found.files {
            self.files.remove(&route.found.file(&file.path));
        }
        self.folders.remove(&route.found.path);
        Some(route.shard)
    }
}

impl Shared {
    /// Hands a run to the shard that reads its mount, making the shard when there is none yet.
    pub(super) fn route(self: &Arc<Self>, run: FoundRun, mount: Mount) {
        let mut routes = locked(&self.routes);
        let number = match routes.runs.get(&run.key) {
            Some(route) => route.shard,
            None => self.choose(&mut routes, mount),
        };
        let news = routes.book(run.clone(), number);
        if let Some(mailbox) = routes.shards.get(number) {
            mailbox.put(|inbox| inbox.found.push(run));
        }
        drop(routes);
        if news {
            self.bell.ring();
        }
    }

    fn choose(self: &Arc<Self>, routes: &mut Routes, mount: Mount) -> usize {
        if mount.remote {
            if let Some(number) = routes.remote.get(&mount.device) {
                return *number;
            }
            let number = self.open_shard(routes);
            routes.remote.insert(mount.device, number);
            return number;
        }
        routes.next_local += 1;
        if let Some(number) = routes.local.get(routes.next_local % LOCAL_SHARDS) {
            return *number;
        }
        let number = self.open_shard(routes);
        routes.local.push(number);
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

    /// A run is no more.
    pub(super) fn retire(&self, key: &RunKey) {
        let mut routes = locked(&self.routes);
        let number = routes.unbook(key);
        if let Some(mailbox) = number.and_then(|number| routes.shards.get(number)) {
            mailbox.put(|inbox| inbox.gone.push(key.clone()));
        }
    }
}
