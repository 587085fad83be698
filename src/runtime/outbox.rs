//! What the threads have to tell the screen.
//!
//! A channel would either grow without bound or make a reader wait for a screen. Here news of one thing replace older news of
//! it: the outbox holds at most one update for each run, one log page for each pane and a few notices, however fast they come and however
//! slow the terminal is, and posting never waits for the one who reads.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use tokio::sync::Notify;

use crate::app::effect::Named;
use crate::model::log::BySlot;
use crate::model::log::LogPage;
use crate::model::log::Slot;
use crate::model::run::Problem;
use crate::model::run::RunKey;
use crate::store::Update;

/// Places that cannot be read which are kept until they are taken; a tree that is unreadable throughout shows itself by these.
const PROBLEMS: usize = 256;
/// Notices that are kept until they are taken.
const NOTICES: usize = 16;

/// Where threads leave their news, and the loop finds them.
#[derive(Debug, Default)]
pub struct Outbox {
    pending: Mutex<Pending>,
    wake: Notify,
}

/// News, as they are taken out.
#[derive(Debug, Default)]
pub struct News {
    /// Of runs, in the order in which they were first posted, and of the search for them.
    pub updates: Vec<Update>,
    /// The newest log page of each pane.
    pub log: BySlot<Option<LogPage>>,
    /// The saved filters.
    pub filters: Option<Vec<Named>>,
    /// Notices for the footer.
    pub notices: Vec<String>,
    /// How often something was posted since the last time: more than is handed out when news replaced older ones.
    pub posted: u64,
}

#[derive(Debug, Default)]
struct Pending {
    /// Runs with news, in order of their first posting since they were last taken. Each stands here once.
    order: VecDeque<RunKey>,
    runs: HashMap<RunKey, Update>,
    problems: Vec<Problem>,
    /// Problems that are none any more.
    solved: Vec<Problem>,
    reading: Option<(u64, u64)>,
    walked: bool,
    log: BySlot<Option<LogPage>>,
    filters: Option<Vec<Named>>,
    notices: VecDeque<String>,
    posted: u64,
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.order.is_empty()
            && self.problems.is_empty()
            && self.solved.is_empty()
            && self.reading.is_none()
            && !self.walked
            && Slot::ALL.iter().all(|slot| self.log.of(*slot).is_none())
            && self.filters.is_none()
            && self.notices.is_empty()
    }

    fn put(&mut self, update: Update) {
        let key = match &update {
            Update::Run(run) => run.key.clone(),
            Update::Gone(key) => key.clone(),
            Update::Problem(problem) => {
                self.solved.retain(|solved| solved != problem);
                if self.problems.len() < PROBLEMS && !self.problems.contains(problem) {
                    self.problems.push(problem.clone());
                }
                return;
            }
            Update::Solved(problem) => {
                self.problems.retain(|known| known != problem);
                if !self.solved.contains(problem) {
                    self.solved.push(problem.clone());
                }
                return;
            }
            Update::Walked => {
                self.walked = true;
                return;
            }
            Update::Reading { total, done } => {
                self.reading = Some((*total, *done));
                return;
            }
        };
        if self.runs.insert(key.clone(), update).is_none() {
            self.order.push_back(key);
        }
    }

    fn take(&mut self, limit: usize) -> News {
        let count = self.order.len().min(limit);
        let mut updates: Vec<Update> =
            self.order.drain(..count).filter_map(|key| self.runs.remove(&key)).collect();
        if self.order.is_empty() {
            // what is said of the whole comes behind the runs that it speaks of
            updates.extend(self.problems.drain(..).map(Update::Problem));
            updates.extend(self.solved.drain(..).map(Update::Solved));
            updates.extend(self.reading.take().map(|(total, done)| Update::Reading { total, done }));
            updates.extend(std::mem::take(&mut self.walked).then_some(Update::Walked));
        }
        News {
            updates,
            log: std::mem::take(&mut self.log),
            filters: self.filters.take(),
            notices: self.notices.drain(..).collect(),
            posted: std::mem::take(&mut self.posted),
        }
    }
}

impl Outbox {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves news of a run, or of the search for runs; older news of the same are dropped.
    pub fn post(&self, update: Update) {
        self.leave(|pending| pending.put(update));
    }

    /// Leaves a log page; an older one for the same pane is dropped.
    pub fn post_log(&self, slot: Slot, page: LogPage) {
        self.leave(|pending| *pending.log.of_mut(slot) = Some(page));
    }

    /// Leaves the saved filters; older ones are dropped.
    pub fn post_filters(&self, filters: Vec<Named>) {
        self.leave(|pending| pending.filters = Some(filters));
    }

    /// Leaves a notice for the footer. The oldest is dropped when there are too many, and what is told already is not told twice.
    pub fn notice(&self, text: String) {
        self.leave(|pending| {
            if pending.notices.contains(&text) {
                return;
            }
            if pending.notices.len() >= NOTICES {
                pending.notices.pop_front();
            }
            pending.notices.push_back(text);
        });
    }

    /// Takes what was left, but of no more than `limit` runs, so that a key never waits behind ten thousand of them. What
    /// remains makes [`Outbox::wait`] return at once.
    pub fn take(&self, limit: usize) -> News {
        let mut pending = self.lock();
        let news = pending.take(limit);
        if !pending.is_empty() {
            self.wake.notify_one();
        }
        news
    }

    /// Waits until something was left since the last call.
    pub async fn wait(&self) {
        self.wake.notified().await;
    }

    fn leave(&self, put: impl FnOnce(&mut Pending)) {
        let mut pending = self.lock();
        put(&mut pending);
        pending.posted += 1;
        drop(pending);
        self.wake.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        // a thread that failed while it posted left whole news or none
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;

    fn gone(id: &str) -> Update {
        Update::Gone(key(id))
    }

    fn key(id: &str) -> RunKey {
        RunKey { root: 0, id: Arc::from(id) }
    }

    fn ids(news: &News) -> Vec<String> {
        let id = |update: &Update| match update {
            Update::Gone(key) => key.id.to_string(),
            Update::Problem(problem) | Update::Solved(problem) => problem.what.clone(),
            Update::Reading { done, total } => format!("{done}/{total}"),
            Update::Walked => "walked".to_owned(),
            Update::Run(run) => run.key.id.to_string(),
        };
        news.updates.iter().map(id).collect()
    }

    #[test]
    fn the_newest_of_each_in_the_order_of_the_first() {
        let outbox = Outbox::new();
        for id in ["b", "a", "b", "c", "b"] {
            outbox.post(gone(id));
        }
        outbox.post(Update::Reading { total: 10, done: 1 });
        outbox.post(Update::Walked);
        outbox.post(Update::Reading { total: 10, done: 5 });
        let news = outbox.take(100);
        assert_eq!(ids(&news), ["b", "a", "c", "5/10", "walked"]);
        assert_eq!(news.posted, 8);
        assert!(outbox.take(100).updates.is_empty());
    }

    #[test]
    fn of_a_problem_the_last_word_counts() {
        let problem = Problem { path: PathBuf::from("/runs/a"), what: "denied".to_owned() };
        let outbox = Outbox::new();
        outbox.post(Update::Problem(problem.clone()));
        outbox.post(Update::Solved(problem.clone()));
        assert!(matches!(outbox.take(9).updates.as_slice(), [Update::Solved(solved)] if *solved == problem));
        outbox.post(Update::Solved(problem.clone()));
        outbox.post(Update::Problem(problem.clone()));
        assert!(matches!(outbox.take(9).updates.as_slice(), [Update::Problem(known)] if *known == problem));
    }

    #[test]
    fn what_is_said_of_the_whole_waits_for_the_runs_before_it() {
        let outbox = Outbox::new();
        outbox.post(Update::Walked);
        for id in ["a", "b", "c"] {
            outbox.post(gone(id));
        }
        assert_eq!(ids(&outbox.take(2)), ["a", "b"]);
        outbox.post(gone("a"));
        assert_eq!(ids(&outbox.take(2)), ["c", "a", "walked"]);
    }

    #[test]
    fn it_is_bounded() {
        let outbox = Outbox::new();
        for n in 0..10_000 {
            outbox.post(gone("a"));
            outbox.notice(format!("notice {n}"));
            for slot in Slot::ALL {
                outbox.post_log(slot, LogPage { generation: n, ..LogPage::default() });
            }
            let (path, what) = (PathBuf::from(n.to_string()), n.to_string());
            outbox.post(Update::Problem(Problem { path, what }));
        }
        let news = outbox.take(100);
        assert_eq!(news.updates.len(), 1 + PROBLEMS);
        assert_eq!(news.notices.len(), NOTICES);
        assert_eq!(news.notices.last().map(String::as_str), Some("notice 9999"));
        for slot in Slot::ALL {
            assert_eq!(news.log.of(slot).as_ref().map(|page| page.generation), Some(9_999));
        }
    }

    #[tokio::test]
    async fn waiting_ends_when_something_was_left_or_remains() {
        let outbox = Arc::new(Outbox::new());
        let other = Arc::clone(&outbox);
        let thread = std::thread::spawn(move || {
            other.post(gone("a"));
            other.post(gone("b"));
        });
        outbox.wait().await;
        thread.join().unwrap();
        assert_eq!(ids(&outbox.take(1)), ["a"]);
        outbox.wait().await;
        assert_eq!(ids(&outbox.take(1)), ["b"]);
    }
}
