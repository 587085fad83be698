//! When to look at which file: the stat sweep, which is the truth. Watching only shortens the wait.
//!
//! A `stat` costs about 4 µs, an idle program may cost 0.2 % of a core, and there may be ten thousand old runs: so files are
//! looked at the more rarely the longer ago they changed, those on screen more often, and each ring has a budget of looks a
//! second that no number of files can exceed; with more of them, each waits longer. Pure: the moments are handed in.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::hash::Hash;
use std::time::Duration;

use crate::model::stamp::Stamp;

/// How often the files of one age are looked at.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Time from one look at a file to the next, while the budget allows.
    period: Duration,
    /// Time between two wake-ups, at least.
    tick: Duration,
    /// Looks a second, at most.
    budget: u32,
}

/// Rings by age: changed in the last minute; on screen; changed in the last hour; older.
const PACES: [Pace; 4] = [
    Pace { period: Duration::from_millis(250), tick: Duration::from_millis(250), budget: 1000 },
    Pace { period: Duration::from_secs(1), tick: Duration::from_secs(1), budget: 200 },
    Pace { period: Duration::from_secs(2), tick: Duration::from_secs(2), budget: 150 },
    Pace { period: Duration::from_mins(1), tick: Duration::from_secs(2), budget: 150 },
];

const HOT: usize = 0;
const SHOWN: usize = 1;
const WARM: usize = 2;
const COLD: usize = 3;

/// A file that changed this lately may change at any moment.
const HOT_FOR: Duration = Duration::from_mins(1);

/// A run that was silent for longer has most likely ended.
const WARM_FOR: Duration = Duration::from_hours(1);

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Its last modification as told, to know a new one by.
    modified: Option<Stamp>,
    /// When that was, as far as we believe it: a file from the future changed when we first saw it so.
    changed: Option<Stamp>,
    visible: bool,
    ring: usize,
    /// Which of the places in the rings is the valid one.
    turn: u32,
}

#[derive(Debug, Clone)]
struct Ring<Id> {
    queue: VecDeque<(Id, u32)>,
    count: usize,
    next: Option<Stamp>,
}

/// The schedule. `Id` is whatever names a file or folder.
#[derive(Debug, Clone)]
pub struct Sweep<Id> {
    entries: HashMap<Id, Entry>,
    rings: [Ring<Id>; PACES.len()],
    turn: u32,
}

impl<Id> Default for Sweep<Id> {
    fn default() -> Self {
        let ring = || Ring { queue: VecDeque::new(), count: 0, next: None };
        Self { entries: HashMap::new(), rings: [ring(), ring(), ring(), ring()], turn: 0 }
    }
}

impl<Id: Copy + Eq + Hash> Sweep<Id> {
    /// An empty schedule.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file in, or tells what is new of it: its last modification, and whether it is on screen. Cheap when nothing is.
    pub fn track(&mut self, id: Id, modified: Option<Stamp>, visible: bool, now: Stamp) {
        let before = self.entries.get(&id).copied();
        if before.is_some_and(|e| e.modified == modified && e.visible == visible) {
            return;
        }
        let changed = match before {
            Some(before) if before.modified == modified => before.changed,
            _ => modified.map(|moment| moment.min(now)),
        };
        let ring = ring_of(changed, visible, now);
        if let Some(before) = before.filter(|before| before.ring == ring) {
            self.entries.insert(id, Entry { modified, changed, visible, ..before });
            return;
        }
        if let Some(before) = before {
            self.leave(before.ring);
        }
        self.turn = self.turn.wrapping_add(1);
        let turn = self.turn;
        self.entries.insert(id, Entry { modified, changed, visible, ring, turn });
        self.enter(id, ring, turn, now);
    }

    /// Whether the file is on screen.
    pub fn show(&mut self, id: Id, visible: bool, now: Stamp) {
        if let Some(entry) = self.entries.get(&id).copied() {
            self.track(id, entry.modified, visible, now);
        }
    }

    /// Takes a file out.
    pub fn forget(&mut self, id: Id) {
        if let Some(entry) = self.entries.remove(&id) {
            self.leave(entry.ring);
        }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Appends the files to look at now. Each is given once; call again at [`Sweep::next`].
    pub fn due(&mut self, now: Stamp, due: &mut Vec<Id>) {
        for (ring, pace) in PACES.iter().enumerate() {
            if let Some(count) = self.take_turn(ring, pace, now) {
                self.serve(ring, count, now, due);
            }
        }
    }

    /// When there is something to look at next; `None` when nothing is tracked.
    pub fn next(&self) -> Option<Stamp> {
        self.rings.iter().filter(|ring| ring.count > 0).filter_map(|ring| ring.next).min()
    }

    /// How many of a ring's files are due, and sets its next turn.
    fn take_turn(&mut self, ring: usize, pace: &Pace, now: Stamp) -> Option<usize> {
        let ring = self.rings.get_mut(ring).filter(|ring| ring.count > 0)?;
        let (wait, batch) = pace.turn(ring.count);
        // a clock that was set back must not put the sweep to sleep
        let due = ring.next.is_none_or(|next| next <= now || next > now.plus(wait));
        if !due {
            return None;
        }
        ring.next = Some(now.plus(wait));
        Some(batch)
    }

    /// Hands out the next `count` files of a ring and puts each to where it belongs by now.
    fn serve(&mut self, ring: usize, count: usize, now: Stamp, due: &mut Vec<Id>) {
        let mut left = count;
        while left > 0 {
            let Some((id, turn)) = self.rings.get_mut(ring).and_then(|ring| ring.queue.pop_front()) else {
                return;
            };
            let Some(entry) = self.entries.get_mut(&id).filter(|entry| entry.turn == turn) else { continue };
            left -= 1;
            due.push(id);
            let to = ring_of(entry.changed, entry.visible, now);
            entry.ring = to;
            self.leave(ring);
            self.enter(id, to, turn, now);
        }
    }

    fn enter(&mut self, id: Id, ring: usize, turn: u32, now: Stamp) {
        let (Some(ring), Some(pace)) = (self.rings.get_mut(ring), PACES.get(ring)) else { return };
        ring.queue.push_back((id, turn));
        ring.count += 1;
        if ring.count == 1 {
            ring.next = Some(now.plus(pace.turn(1).0));
        }
    }

    /// One file less in a ring. Its place in the queue stays and is passed over, unless there are too many of these.
    fn leave(&mut self, ring: usize) {
        let entries = &self.entries;
        if let Some(ring) = self.rings.get_mut(ring) {
            ring.count = ring.count.saturating_sub(1);
            if ring.queue.len() > 2 * ring.count + 64 {
                ring.queue.retain(|(id, turn)| entries.get(id).is_some_and(|entry| entry.turn == *turn));
            }
        }
    }
}

impl Pace {
    /// With `count` files: the time from one wake-up to the next, and how many files each looks at.
    fn turn(&self, count: usize) -> (Duration, usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX).max(1);
        // all of them in one go, if the budget of one period allows; else as many a tick as the budget gives
        let whole = self.period.as_secs_f64() * f64::from(self.budget);
        if f64::from(count) <= whole.min(f64::from(MOST_AT_ONCE)) {
            return (self.period, count as usize);
        }
        let ticks = (self.period.as_secs_f64() / self.tick.as_secs_f64()).max(1.0);
        let paced = (f64::from(count) / ticks).ceil();
        let allowed = (self.tick.as_secs_f64() * f64::from(self.budget)).max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small positive number"
        )]
        let batch = paced.min(allowed) as usize;
        (self.tick, batch)
    }
}

/// Looks at one wake-up, so that a round over many files never holds anything up.
const MOST_AT_ONCE: u32 = 300;

fn ring_of(changed: Option<Stamp>, visible: bool, now: Stamp) -> usize {
    let age = changed.map(|changed| now.since(changed));
    match age {
        Some(age) if age < HOT_FOR => HOT,
        _ if visible => SHOWN,
        Some(age) if age < WARM_FOR => WARM,
        _ => COLD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Stamp = Stamp::from_millis(1_000_000_000_000);

    fn after(millis: i64) -> Stamp {
        Stamp::from_millis(START.millis() + millis)
    }

    #[expect(clippy::unnecessary_wraps, reason = "as files tell it")]
    fn ago(seconds: u64) -> Option<Stamp> {
        Some(START.minus(Duration::from_secs(seconds)))
    }

    /// Lets the sweep run for so many seconds: wake-ups, and looks at each id.
    fn run(sweep: &mut Sweep<u32>, from: Stamp, seconds: u64) -> (u32, HashMap<u32, u32>) {
        let end = from.plus(Duration::from_secs(seconds));
        let (mut wakes, mut looks) = (0, HashMap::new());
        let mut due = Vec::new();
        while let Some(next) = sweep.next().filter(|next| *next < end) {
            wakes += 1;
            sweep.due(next, &mut due);
            for id in due.drain(..) {
                *looks.entry(id).or_default() += 1;
            }
        }
        (wakes, looks)
    }

    #[test]
    fn files_are_looked_at_by_age() {
        let mut sweep = Sweep::new();
        sweep.track(1, ago(0), false, START);
        sweep.track(2, ago(600), false, START);
        sweep.track(3, ago(90_000), false, START);
        sweep.track(4, ago(90_000), true, START);
        sweep.track(5, None, false, START);
        let (_, looks) = run(&mut sweep, START, 59);
        assert_eq!(looks.get(&1), Some(&235));
        assert_eq!(looks.get(&2), Some(&29));
        assert_eq!(looks.get(&4), Some(&58));
        assert_eq!((looks.get(&3), looks.get(&5)), (None, None));
        let (_, looks) = run(&mut sweep, after(59_000), 61);
        assert_eq!((looks.get(&3), looks.get(&5)), (Some(&1), Some(&1)));
        assert!(looks[&1] < 40, "it has become silent: {}", looks[&1]);
    }

    #[test]
    fn ten_thousand_old_files_and_folders_stay_within_the_budget() {
        let mut sweep = Sweep::new();
        for id in 0..20_000 {
            sweep.track(id, ago(90_000 + u64::from(id)), false, START);
        }
        let (wakes, looks) = run(&mut sweep, START, 120);
        let total: u32 = looks.values().sum();
        assert!(total <= 150 * 120, "{total} looks in 120 s");
        assert!(wakes <= 60, "{wakes} wake-ups in 120 s");
        let (_, looks) = run(&mut sweep, after(120_000), 140);
        assert_eq!(looks.len(), 20_000, "all have had their turn");
        assert!(looks.values().all(|n| *n <= 2));
    }

    #[test]
    fn nothing_hot_wakes_at_most_once_a_second() {
        let mut sweep = Sweep::new();
        for id in 0..3000 {
            sweep.track(id, ago(600 + u64::from(id)), id < 50, START);
        }
        let (wakes, looks) = run(&mut sweep, START, 60);
        assert!(wakes <= 120, "{wakes}");
        assert!(looks.values().sum::<u32>() <= 60 * (150 + 150 + 50), "{}", looks.values().sum::<u32>());
        assert_eq!(looks[&0], 59, "those on screen first");
    }

    #[test]
    fn few_old_files_wake_once_a_minute() {
        let mut sweep = Sweep::new();
        for id in 0..100 {
            sweep.track(id, ago(90_000), false, START);
        }
        assert_eq!(run(&mut sweep, START, 600).0, 9);
    }

    #[test]
    fn a_thousand_live_files_share_a_budget() {
        let mut sweep = Sweep::new();
        for id in 0..4000 {
            sweep.track(id, ago(0), false, START);
        }
        let (_, looks) = run(&mut sweep, START, 20);
        let total: u32 = looks.values().sum();
        assert!(total <= 20_000, "{total}");
        assert_eq!(looks.len(), 4000, "and none is left out");
    }

    #[test]
    fn a_change_makes_it_hot_and_silence_cold() {
        let mut sweep = Sweep::new();
        sweep.track(7, ago(90_000), false, START);
        assert_eq!(sweep.next(), Some(after(60_000)));
        sweep.track(7, Some(after(1000)), false, after(1000));
        assert_eq!(sweep.next(), Some(after(1250)), "the old place in the rotation is passed over");
        let (_, looks) = run(&mut sweep, after(1000), 4000);
        assert!((250..2100).contains(&looks[&7]), "{}", looks[&7]);
        let (_, looks) = run(&mut sweep, after(4_001_000), 600);
        assert_eq!(looks[&7], 10, "once a minute");
        assert_eq!(sweep.len(), 1);
    }

    #[test]
    fn what_is_on_screen_is_looked_at_each_second() {
        let mut sweep = Sweep::new();
        sweep.track(1, ago(90_000), false, START);
        sweep.show(1, true, START);
        assert_eq!(sweep.next(), Some(after(1000)));
        sweep.show(1, false, after(500));
        assert_eq!(sweep.next(), Some(after(60_500)));
    }

    #[test]
    fn a_file_from_the_future_cools_down_like_others() {
        let mut sweep = Sweep::new();
        let future = Some(START.plus(Duration::from_secs(1_000_000)));
        sweep.track(1, future, false, START);
        let (_, looks) = run(&mut sweep, START, 120);
        assert!(looks[&1] < 300, "{}", looks[&1]);
        sweep.track(1, future, false, after(120_000));
        assert!(sweep.next().unwrap() >= after(120_000));
        let (_, looks) = run(&mut sweep, after(120_000), 60);
        assert!(looks[&1] <= 30, "the same file again is no change: {}", looks[&1]);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_stop_it() {
        let mut sweep = Sweep::new();
        sweep.track(1, ago(600), false, START);
        let mut due = Vec::new();
        sweep.due(after(-86_400_000), &mut due);
        assert_eq!(due, [1]);
    }

    #[test]
    fn what_is_forgotten_is_not_looked_at() {
        let mut sweep = Sweep::new();
        sweep.track(1, ago(0), false, START);
        sweep.track(2, ago(0), false, START);
        sweep.forget(1);
        sweep.forget(1);
        let mut due = Vec::new();
        sweep.due(after(250), &mut due);
        assert_eq!(due, [2]);
        sweep.forget(2);
        assert_eq!((sweep.next(), sweep.is_empty()), (None, true));
    }

    #[test]
    fn coming_and_going_leaves_nothing_behind() {
        let mut sweep = Sweep::new();
        for round in 0..10_000 {
            sweep.show(1, round % 2 == 0, START);
            sweep.track(1, ago(90_000), round % 2 == 0, START);
        }
        assert!(sweep.rings.iter().all(|ring| ring.queue.len() < 100));
        let mut due = Vec::new();
        sweep.due(after(61_000), &mut due);
        assert_eq!(due, [1]);
    }
}
