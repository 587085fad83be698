//! One thread that reads a share of the runs: appended bytes first, then first looks, then histories, in fair slices.
//!
//! Runs are shared out by mount: a dead network file system holds up its own shard and no other. A wake means "look", never
//! "so many bytes": the sweep comes by itself, and a lost or doubled wake does no harm.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use super::Shared;
use super::core::RunCore;
use crate::model::owner::Owners;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::source::discover::FoundRun;
use crate::source::sweep::Sweep;
use crate::store::Update;

/// Bytes of history read in one turn, so that appended bytes of other runs wait a few milliseconds at most.
const SLICE: u64 = 1 << 20;
/// Bytes of one read: the buffer stays in the processor's second-level cache.
const BUFFER: usize = 128 << 10;
/// How often a run whose history is being read is shown anew.
const SHOW_EVERY: Duration = Duration::from_millis(200);
/// Files of runs that changed within this time are kept open.
const KEEP_OPEN: Duration = Duration::from_mins(10);

/// What others want of a shard.
#[derive(Default)]
pub(super) struct Inbox {
    pub(super) found: Vec<FoundRun>,
    pub(super) gone: Vec<RunKey>,
    pub(super) woken: HashSet<RunKey>,
    pub(super) attend: Option<Vec<RunKey>>,
    /// Runs that have other owners now; the last word counts.
    pub(super) owned: Vec<(RunKey, Owners)>,
    pub(super) look_at_all: bool,
    pub(super) stop: bool,
}

impl Inbox {
    fn is_empty(&self) -> bool {
        self.found.is_empty()
            && self.gone.is_empty()
            && self.woken.is_empty()
            && self.attend.is_none()
            && self.owned.is_empty()
            && !self.look_at_all
            && !self.stop
    }
}

/// A shard's letter box: never blocks whoever drops something in.
#[derive(Default)]
pub(super) struct Mailbox {
    inbox: Mutex<Inbox>,
    filled: Condvar,
}

impl Mailbox {
    /// Drops something in.
    pub(super) fn put(&self, put: impl FnOnce(&mut Inbox)) {
        put(&mut self.inbox.lock().unwrap_or_else(PoisonError::into_inner));
        self.filled.notify_one();
    }

    /// Takes everything; waits up to `wait` for something to come (for ever without).
    fn take(&self, wait: Option<Duration>) -> Inbox {
        let inbox = self.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        let mut inbox = match wait {
            Some(wait) => {
                let waited = self.filled.wait_timeout_while(inbox, wait, |inbox| inbox.is_empty());
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self
                .filled
                .wait_while(inbox, |inbox| inbox.is_empty())
                .unwrap_or_else(PoisonError::into_inner),
        };
        std::mem::take(&mut inbox)
    }
}

/// How much of a run has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing.
    New,
    /// Its newest end; the history is to come.
    Behind,
    /// Everything.
    Level,
}

struct Slot {
    core: RunCore,
    phase: Phase,
    shown: Stamp,
    bytes: (u64, u64),
    /// Whether it waits in `settling`.
    settles: bool,
    /// What the sweep knows it by.
    sweep: u32,
}

impl Slot {
    fn new(core: RunCore, sweep: u32) -> Self {
        Self { core, phase: Phase::New, shown: Stamp::default(), bytes: (0, 0), settles: false, sweep }
    }
}

/// A thread's worth of runs.
pub(super) struct Shard {
    number: usize,
    shared: Arc<Shared>,
    mailbox: Arc<Mailbox>,
    slots: HashMap<RunKey, Slot>,
    sweep: Sweep<u32>,
    /// Runs by the number that the sweep knows them by.
    numbers: HashMap<u32, RunKey>,
    next_number: u32,
    woken: HashSet<RunKey>,
    attended: Vec<RunKey>,
    /// Runs to be looked at first, and to be read in full, newest last.
    new: BTreeSet<(Stamp, RunKey)>,
    behind: BTreeSet<(Stamp, RunKey)>,
    settling: BTreeMap<Stamp, Vec<RunKey>>,
    buffer: Vec<u8>,
    totals: (u64, u64),
    told: Stamp,
}

impl Shard {
    pub(super) fn new(number: usize, shared: Arc<Shared>, mailbox: Arc<Mailbox>) -> Self {
        Self {
            number,
            shared,
            mailbox,
            slots: HashMap::new(),
            sweep: Sweep::new(),
            numbers: HashMap::new(),
            next_number: 0,
            woken: HashSet::new(),
            attended: Vec::new(),
            new: BTreeSet::new(),
            behind: BTreeSet::new(),
            settling: BTreeMap::new(),
            buffer: vec![0; BUFFER],
            totals: (0, 0),
            told: Stamp::default(),
        }
    }

    /// Runs until it is told to stop.
    pub(super) fn run(mut self) {
        loop {
            let now = self.shared.clock.now();
            let inbox = self.mailbox.take(self.patience(now));
            if inbox.stop {
                return;
            }
            self.take_in(inbox, self.shared.clock.now());
            let now = self.shared.clock.now();
            self.sweep_due(now);
            self.settle_due(now);
            if !self.work(now) {
                self.tell_reading(now, true);
            }
        }
    }

    /// How long there is nothing to do by itself.
    fn patience(&self, now: Stamp) -> Option<Duration> {
        if !self.woken.is_empty() || !self.new.is_empty() || !self.behind.is_empty() {
            return Some(Duration::ZERO);
        }
        let settle = self.settling.keys().next().copied();
        let next = [self.sweep.next(), settle].into_iter().flatten().min();
        next.map(|next| next.since(now).max(Duration::from_millis(1)))
    }

    fn take_in(&mut self, inbox: Inbox, now: Stamp) {
        for found in inbox.found {
            let key = found.key.clone();
            if let Some(slot) = self.slots.get_mut(&key) {
                slot.core.refound(found);
                self.woken.insert(key);
                continue;
            }
            let mut core = RunCore::new(found, self.shared.taught.clone(), self.shared.redactor.clone());
            let number = self.next_number;
            self.next_number = number.wrapping_add(1);
            self.numbers.insert(number, key.clone());
            let order = core.last_write().unwrap_or_default();
            self.shared.post(Update::Run(Arc::new(core.picture())));
            self.slots.insert(key.clone(), Slot::new(core, number));
            self.new.insert((order, key));
        }
        for key in inbox.gone {
            self.drop_run(&key);
        }
        for (key, owners) in inbox.owned {
            let Some(slot) = self.slots.get_mut(&key) else { continue };
            slot.core.set_owners(owners);
            // until its first look nothing can be judged anyway
            if slot.phase != Phase::New {
                self.shared.post(Update::Run(Arc::new(slot.core.picture())));
            }
        }
        self.woken.extend(inbox.woken);
        if inbox.look_at_all {
            self.woken.extend(self.slots.keys().cloned());
        }
        if let Some(attend) = inbox.attend {
            self.show(now, false);
            self.attended = attend;
            self.show(now, true);
        }
    }

    fn show(&mut self, now: Stamp, visible: bool) {
        for slot in self.attended.iter().filter_map(|key| self.slots.get(key)) {
            self.sweep.show(slot.sweep, visible, now);
        }
    }

    fn drop_run(&mut self, key: &RunKey) {
        if let Some(slot) = self.slots.remove(key) {
            self.sweep.forget(slot.sweep);
            self.numbers.remove(&slot.sweep);
            self.totals.0 -= slot.bytes.0;
            self.totals.1 -= slot.bytes.1;
        }
        self.woken.remove(key);
        self.new.retain(|(_, k)| k != key);
        self.behind.retain(|(_, k)| k != key);
        self.shared.post(Update::Gone(key.clone()));
    }

    fn sweep_due(&mut self, now: Stamp) {
        let mut due = Vec::new();
        self.sweep.due(now, &mut due);
        for number in due {
            let Some(key) = self.numbers.get(&number) else { continue };
            let Some(slot) = self.slots.get_mut(key).filter(|slot| slot.phase != Phase::New) else {
                continue;
            };
            let shared = &self.shared;
            let mut grown = |path: &Path| {
                shared.grown(path);
                shared.swept(path, key.root, now);
            };
            if slot.core.look(&mut grown) {
                self.woken.insert(key.clone());
            }
            self.sweep.track(number, slot.core.last_write(), self.attended.contains(key), now);
        }
    }

    fn settle_due(&mut self, now: Stamp) {
        while let Some(entry) = self.settling.first_entry().filter(|entry| *entry.key() <= now) {
            for key in entry.remove() {
                if let Some(slot) = self.slots.get_mut(&key) {
                    slot.settles = false;
                    self.woken.insert(key);
                }
            }
        }
    }

    /// One turn of the most urgent work; false when there is none.
    fn work(&mut self, now: Stamp) -> bool {
        if !self.woken.is_empty() {
            let mut woken: Vec<RunKey> = self.woken.drain().collect();
            // what is on screen first
            woken.sort_by_key(|key| self.attended.iter().position(|seen| seen == key).unwrap_or(usize::MAX));
            for key in woken {
                self.read_live(&key, now);
            }
            return true;
        }
        if let Some(key) = self.next_of(&self.new) {
            self.first_look(&key, now);
            return true;
        }
        if let Some(key) = self.next_of(&self.behind) {
            self.read_history(&key, now);
            return true;
        }
        false
    }

    /// The next run of a queue: one that is on screen, else the newest.
    fn next_of(&self, queue: &BTreeSet<(Stamp, RunKey)>) -> Option<RunKey> {
        let newest = &queue.last()?.1;
        let waits = |key: &&RunKey| {
            let order = self.slots.get(*key).map(|slot| slot.core.last_write().unwrap_or_default());
            order.is_some_and(|order| queue.contains(&(order, (*key).clone())))
        };
        Some(self.attended.iter().find(waits).unwrap_or(newest).clone())
    }

    fn unqueue(queue: &mut BTreeSet<(Stamp, RunKey)>, key: &RunKey, order: Stamp) {
        if !queue.remove(&(order, key.clone())) {
            queue.retain(|(_, other)| other != key);
        }
    }

    fn first_look(&mut self, key: &RunKey, now: Stamp) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        Self::unqueue(&mut self.new, key, slot.core.last_write().unwrap_or_default());
        slot.core.look(&mut |_| ());
        // one small turn reads a short file whole, and of a long one its newest end
        let pumped = slot.core.pump(&mut self.buffer, SLICE, now);
        slot.core.set_looked_at();
        slot.phase = if pumped.more { Phase::Behind } else { Phase::Level };
        self.after(key, now, pumped.more, true);
    }

    fn read_history(&mut self, key: &RunKey, now: Stamp) {
        let Some(slot) = self.slots.get_mut(key) else {
            self.behind.retain(|(_, other)| other != key);
            return;
        };
        Self::unqueue(&mut self.behind, key, slot.core.last_write().unwrap_or_default());
        let pumped = slot.core.pump(&mut self.buffer, SLICE, now);
        slot.phase = if pumped.more { Phase::Behind } else { Phase::Level };
        let due = now.since(slot.shown) >= SHOW_EVERY && self.attended.contains(key);
        self.after(key, now, pumped.more, due || !pumped.more);
    }

    fn read_live(&mut self, key: &RunKey, now: Stamp) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        if slot.phase == Phase::New {
            return;
        }
        Self::unqueue(&mut self.behind, key, slot.core.last_write().unwrap_or_default());
        let shared = &self.shared;
        let mut changed = slot.core.look(&mut |path| shared.grown(path));
        let pumped = slot.core.pump(&mut self.buffer, SLICE, now);
        changed |= pumped.changed;
        slot.phase = if pumped.more { Phase::Behind } else { Phase::Level };
        self.after(key, now, pumped.more, changed);
    }

    /// Books what a turn did: queues, sweep, descriptors, and the picture for the screen.
    fn after(&mut self, key: &RunKey, now: Stamp, more: bool, show: bool) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        let last_write = slot.core.last_write();
        if let Some(at) = last_write {
            self.shared.bell.written(at.min(now));
        }
        if more {
            self.behind.insert((last_write.unwrap_or_default(), key.clone()));
        }
        if let Some(at) = slot.core.settles_at().filter(|_| !more && !slot.settles) {
            slot.settles = true;
            self.settling.entry(at.plus(Duration::from_millis(1))).or_default().push(key.clone());
        }
        if !more && last_write.is_none_or(|at| now.since(at) > KEEP_OPEN) {
            slot.core.close();
        }
        self.sweep.track(slot.sweep, last_write, self.attended.contains(key), now);
        if show {
            let run = slot.core.picture();
            let bytes = run.bytes();
            self.totals.0 = self.totals.0 - slot.bytes.0 + bytes.0;
            self.totals.1 = self.totals.1 - slot.bytes.1 + bytes.1;
            slot.bytes = bytes;
            slot.shown = now;
            self.shared.post(Update::Run(Arc::new(run)));
        }
        self.tell_reading(now, false);
    }

    fn tell_reading(&mut self, now: Stamp, idle: bool) {
        if idle || now.since(self.told) >= SHOW_EVERY {
            self.told = now;
            self.shared.reading(self.number, self.totals);
        }
    }
}
