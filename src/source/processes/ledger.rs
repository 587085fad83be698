//! What is known of each run's owners from one look to the next.
//!
//! A single look can only find owners: when it finds none, the run may belong to somebody else, or to another machine. That an
//! owner is gone is known of those alone that were seen before, all of which must be dead: a process that merely has let go of the
//! run (it closed the log between two lines, or trains the next model of a series) proves nothing.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::ties::Bound;
use super::ties::ProcessId;
use crate::model::owner::Gone;
use crate::model::owner::Owner;
use crate::model::owner::Owners;
use crate::model::owner::Tie;
use crate::model::owner::Told;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;

/// What a process wrote last may not be read yet when it is found dead: for so long that is not told.
pub const SETTLE: Duration = Duration::from_secs(2);

/// The owners of all runs.
#[derive(Debug, Default)]
pub struct Ledger {
    runs: HashMap<RunKey, Seen>,
}

#[derive(Debug)]
struct Seen {
    /// Processes that were seen to belong to the run, dead ones taken out.
    alive: HashSet<ProcessId>,
    /// Those that are told, as of the last look that found any.
    bound: Vec<Bound>,
    /// When all of them were found dead.
    dead: Option<Stamp>,
    told: Owners,
}

impl Ledger {
    /// Takes in whom a look has found, and returns which runs have other owners than before. `is_alive` is asked of processes that
    /// were seen earlier.
    pub fn take(
        &mut self,
        mut found: HashMap<RunKey, Vec<Bound>>,
        is_alive: &dyn Fn(ProcessId) -> bool,
        now: Stamp,
    ) -> Vec<(RunKey, Owners)> {
        let elsewhere = writers(&found);
        let mut news = Vec::new();
        for (key, seen) in &mut self.runs {
            let bound = found.remove(key).unwrap_or_default();
            if let Some(owners) = seen.look(key, bound, &elsewhere, is_alive, now) {
                news.push((key.clone(), owners));
            }
        }
        for (key, bound) in found {
            let mut seen =
                Seen { alive: HashSet::new(), bound: Vec::new(), dead: None, told: Owners::Unknown };
            if let Some(owners) = seen.look(&key, bound, &elsewhere, is_alive, now) {
                news.push((key.clone(), owners));
            }
            self.runs.insert(key, seen);
        }
        news
    }

    /// Forgets the runs that `stays` does not hold to be there.
    pub fn retain(&mut self, stays: impl Fn(&RunKey) -> bool) {
        self.runs.retain(|key, _| stays(key));
    }

    /// Whether any run has a live owner, or one of which it is still to be told that it is gone.
    pub fn is_busy(&self) -> bool {
        self.runs.values().any(Seen::is_busy)
    }

    /// Whether a look has something to tell by what happened to known owners alone. Costs a question for each of the first ones.
    pub fn is_stale(&self, is_alive: &dyn Fn(ProcessId) -> bool) -> bool {
        let mut asked = HashSet::new();
        self.runs.values().filter(|seen| seen.is_busy()).any(|seen| {
            let first = seen.bound.first().map(|bound| bound.id).filter(|id| seen.alive.contains(id));
            seen.dead.is_some() || first.is_some_and(|id| asked.insert(id) && !is_alive(id))
        })
    }

    /// Whether something is known of a run's owners.
    pub fn knows(&self, key: &RunKey) -> bool {
        self.runs.get(key).is_some_and(|seen| seen.told != Owners::Unknown)
    }
}

/// Which runs each process writes by itself.
fn writers(found: &HashMap<RunKey, Vec<Bound>>) -> HashMap<ProcessId, Vec<RunKey>> {
    let mut writers: HashMap<ProcessId, Vec<RunKey>> = HashMap::new();
    for (key, bound) in found {
        for one in bound.iter().filter(|one| matches!(one.owner.tie, Tie::Writes(_))) {
            writers.entry(one.id).or_default().push(key.clone());
        }
    }
    writers
}

impl Seen {
    fn is_busy(&self) -> bool {
        !matches!(self.told, Owners::Gone(_)) && !self.bound.is_empty()
    }

    fn look(
        &mut self,
        key: &RunKey,
        mut bound: Vec<Bound>,
        elsewhere: &HashMap<ProcessId, Vec<RunKey>>,
        is_alive: &dyn Fn(ProcessId) -> bool,
        now: Stamp,
    ) -> Option<Owners> {
        if bound.is_empty() {
            // a program that opens its log for each line is seen to hold it now and then: it stays the owner until it writes another
            // run's
            let holds = |one: &&Bound| {
                matches!(one.owner.tie, Tie::Writes(_))
                    && is_alive(one.id)
                    && elsewhere.get(&one.id).is_none_or(|runs| runs.contains(key))
            };
            bound = self.bound.iter().filter(holds).cloned().collect();
        }
        let owners = if bound.is_empty() {
            self.alive.retain(|id| is_alive(*id));
            self.without(now)
        } else {
            // of those seen before, the ones that live on count for the end as well
            self.alive.retain(|id| is_alive(*id));
            self.alive.extend(bound.iter().map(|one| one.id));
            self.dead = None;
            let live: Arc<[Owner]> = bound.iter().map(|one| one.owner.clone()).collect();
            self.bound = bound;
            Owners::Live(live)
        };
        if owners == self.told {
            return None;
        }
        self.told = owners.clone();
        Some(owners)
    }

    /// Nobody is bound to the run any more.
    fn without(&mut self, now: Stamp) -> Owners {
        if !self.alive.is_empty() {
            self.dead = None;
            return Owners::Unknown;
        }
        let Some(first) = self.bound.first() else { return Owners::Unknown };
        if matches!(self.told, Owners::Gone(_)) {
            return self.told.clone();
        }
        let at = *self.dead.get_or_insert(now);
        if now.since(at) < SETTLE {
            return self.told.clone();
        }
        let told = Told::Seen { program: Arc::clone(&first.owner.program), since: first.owner.since, at };
        Owners::Gone(Gone { pid: first.owner.pid, told })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Stamp {
        Stamp::from_millis(1_000_000 + millis)
    }

    fn key(id: &str) -> RunKey {
        RunKey { root: 0, id: id.into() }
    }

    fn bound(pid: u32, tie: Tie) -> Bound {
        let owner = Owner { pid, program: "python".into(), since: Some(at(0)), tie };
        Bound { id: ProcessId { pid, start: 7 }, owner }
    }

    fn writes(pid: u32) -> Bound {
        bound(pid, Tie::Writes("training.log".into()))
    }

    fn found(runs: &[(&str, &[Bound])]) -> HashMap<RunKey, Vec<Bound>> {
        runs.iter().map(|(id, bound)| (key(id), bound.to_vec())).collect()
    }

    /// What a look tells of each run: its pids, `?` for nothing known, `gone PID`.
    fn told(news: Vec<(RunKey, Owners)>) -> Vec<String> {
        let mut news: Vec<String> = news
            .into_iter()
            .map(|(key, owners)| match owners {
                Owners::Unknown => format!("{}: ?", key.id),
                Owners::Live(all) => {
                    let pids: Vec<String> = all.iter().map(|owner| owner.pid.to_string()).collect();
                    format!("{}: {}", key.id, pids.join(" "))
                }
                Owners::Gone(gone) => format!("{}: gone {}", key.id, gone.pid),
            })
            .collect();
        news.sort();
        news
    }

    #[test]
    fn an_owner_that_was_seen_and_is_dead_is_gone_and_no_other_is() {
        let mut ledger = Ledger::default();
        let all = |_: ProcessId| true;
        let none = |_: ProcessId| false;
        assert_eq!(told(ledger.take(found(&[("a", &[writes(1)])]), &all, at(0))), ["a: 1"]);
        assert!(ledger.take(found(&[("a", &[writes(1)])]), &all, at(1000)).is_empty(), "told once");
        assert!(ledger.is_busy() && !ledger.is_stale(&all) && ledger.is_stale(&none));
        assert!(ledger.take(found(&[]), &none, at(2000)).is_empty(), "its last words may still come");
        assert!(ledger.is_stale(&all), "there is something left to be told");
        assert_eq!(told(ledger.take(found(&[]), &none, at(4000))), ["a: gone 1"]);
        assert!(!ledger.is_busy() && !ledger.is_stale(&none));
        assert!(ledger.take(found(&[]), &none, at(60_000)).is_empty());
        assert_eq!(told(ledger.take(found(&[("a", &[writes(2)])]), &all, at(61_000))), ["a: 2"]);
    }

    #[test]
    fn who_lives_and_has_let_go_proves_nothing() {
        let mut ledger = Ledger::default();
        let all = |_: ProcessId| true;
        ledger.take(found(&[("a", &[bound(1, Tie::Folder)])]), &all, at(0));
        assert_eq!(told(ledger.take(found(&[]), &all, at(9000))), ["a: ?"]);
        assert!(ledger.take(found(&[]), &|_| false, at(10_000)).is_empty());
        assert_eq!(told(ledger.take(found(&[]), &|_| false, at(12_000))), ["a: gone 1"]);
    }

    #[test]
    fn a_child_that_lives_on_keeps_the_run() {
        let mut ledger = Ledger::default();
        ledger.take(found(&[("a", &[writes(1), bound(2, Tie::Child)])]), &|_| true, at(0));
        let child = |id: ProcessId| id.pid == 2;
        assert_eq!(told(ledger.take(found(&[]), &child, at(9000))), ["a: ?"]);
    }

    #[test]
    fn a_log_that_is_opened_for_each_line_is_its_writer_s_until_that_writes_another() {
        let mut ledger = Ledger::default();
        let all = |_: ProcessId| true;
        ledger.take(found(&[("a", &[writes(1)])]), &all, at(0));
        assert!(ledger.take(found(&[]), &all, at(3000)).is_empty());
        assert_eq!(told(ledger.take(found(&[("b", &[writes(1)])]), &all, at(6000))), ["a: ?", "b: 1"]);
    }

    #[test]
    fn a_run_that_is_forgotten_begins_anew() {
        let mut ledger = Ledger::default();
        ledger.take(found(&[("a", &[writes(1)])]), &|_| true, at(0));
        assert!(ledger.knows(&key("a")));
        ledger.retain(|_| false);
        assert!(ledger.take(found(&[]), &|_| false, at(9000)).is_empty());
    }
}
