//! The threads that answer the log panes: one for each of the two, so that a search through ten gigabytes in one never keeps a key
//! in the other waiting. The second one begins with the first wish for it.
//!
//! A pane never reads: it wishes, and the newest wish is the only one that counts. A newer one stops whatever is under way
//! within a stretch of 64 KiB. Answers come at once with what is near, and again as counting goes on behind.
//!
//! Two things wake the thread besides a wish: the engine's word that the open file has grown, and its own calm look at the
//! file, which alone must do where nothing watches. While no log is open in its pane it sleeps without a timer.

use std::fmt;
use std::io;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use crate::model::log::BySlot;
use crate::model::log::LogAsk;
use crate::model::log::LogPage;
use crate::model::log::Slot;
use crate::parse::redact::Redactor;
use crate::source::logview::Logs;

/// Takes the answers for the pane of a slot. Called on the service's threads; it must not block.
pub type Post = Arc<dyn Fn(Slot, LogPage) + Send + Sync>;

/// The pause between two own looks at a file that has changed lately.
const LIVELY: Duration = Duration::from_millis(250);
/// The same for a file that has been still for [`STILL_AFTER`] looks.
const CALM: Duration = Duration::from_secs(2);
/// A minute of lively looks.
const STILL_AFTER: u32 = 240;
/// Two answers of a growing file are at least this far apart: one frame.
const FRAME: Duration = Duration::from_millis(33);
/// Bytes counted between two answers.
const STEP: u64 = 16 << 20;

#[derive(Debug, Default)]
struct Inbox {
    /// The newest wish; `None` when no log is open.
    wish: Option<LogAsk>,
    /// The wish has not been taken up yet.
    new: bool,
    /// The open file has grown.
    poked: bool,
    closed: bool,
}

#[derive(Debug, Default)]
struct Shared {
    inbox: Mutex<Inbox>,
    bell: Condvar,
    /// Counts wishes, so that a scan can tell cheaply that it is out of date.
    wishes: AtomicU64,
}

impl Shared {
    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wishes go in here; answers come out at the [`Post`].
pub struct LogService {
    shared: BySlot<Arc<Shared>>,
    /// Whether the thread of a slot was started.
    begun: BySlot<bool>,
    post: Post,
    redactor: Redactor,
}

impl fmt::Debug for LogService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogService")
            .field("shared", &self.shared)
            .field("begun", &self.begun)
            .finish_non_exhaustive()
    }
}

/// Tells the service that files have grown. Cheap to clone and to call for every file.
#[derive(Debug, Clone)]
pub struct LogPoke {
    shared: BySlot<Arc<Shared>>,
}

impl LogPoke {
    /// The file at `path` has changed: the service looks at it where it is open.
    pub fn poke(&self, path: &Path) {
        for shared in Slot::ALL.map(|slot| self.shared.of(slot)) {
            let mut inbox = shared.inbox();
            if !inbox.poked && inbox.wish.as_ref().is_some_and(|ask| ask.paths.iter().any(|own| own == path))
            {
                inbox.poked = true;
                shared.bell.notify_one();
            }
        }
    }
}

impl LogService {
    /// Starts the thread of the first pane.
    pub fn start(post: Post, redactor: Redactor) -> io::Result<Self> {
        let mut service = Self { shared: BySlot::default(), begun: BySlot::default(), post, redactor };
        service.begin(Slot::First)?;
        Ok(service)
    }

    /// Starts the thread of a pane, unless it goes already.
    fn begin(&mut self, slot: Slot) -> io::Result<()> {
        if *self.begun.of(slot) {
            return Ok(());
        }
        let shared = Arc::clone(self.shared.of(slot));
        let (post, redactor) = (Arc::clone(&self.post), self.redactor.clone());
        let name = if slot == Slot::First { "log" } else { "log-2" };
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || serve(&shared, &|page| post(slot, page), &redactor))?;
        *self.begun.of_mut(slot) = true;
        Ok(())
    }

    /// Wishes for lines in a pane, or (`None`) for nothing more. What was wished for it before is forgotten.
    pub fn ask(&mut self, slot: Slot, wish: Option<LogAsk>) {
        if let Some(ask) = &wish
            && let Err(error) = self.begin(slot)
        {
            let note = Some(format!("cannot be shown: no thread can be started for it ({error})"));
            (self.post)(slot, LogPage { generation: ask.generation, note, ..LogPage::default() });
            return;
        }
        let shared = self.shared.of(slot);
        let mut inbox = shared.inbox();
        inbox.wish = wish;
        inbox.new = true;
        shared.wishes.fetch_add(1, Ordering::Relaxed);
        shared.bell.notify_one();
    }

    /// A handle for whoever notices that files grow.
    pub fn poker(&self) -> LogPoke {
        LogPoke { shared: self.shared.clone() }
    }
}

impl Drop for LogService {
    /// The threads are not waited for: they may hang in a read of a mount that is gone.
    fn drop(&mut self) {
        for shared in Slot::ALL.map(|slot| self.shared.of(slot)) {
            shared.inbox().closed = true;
            shared.wishes.fetch_add(1, Ordering::Relaxed);
            shared.bell.notify_one();
        }
    }
}

/// Why the thread woke.
enum Woken {
    Wish(LogAsk),
    /// The file may have changed.
    Look,
    Closed,
}

fn serve(shared: &Shared, post: &dyn Fn(LogPage), redactor: &Redactor) {
    let mut session: Option<Session> = None;
    loop {
        let pause = session.as_ref().map(Session::pause);
        match wait(shared, pause) {
            Woken::Closed => return,
            Woken::Wish(ask) if session.as_ref().is_some_and(|open| open.view.paths() == ask.paths) => {
                if let Some(open) = &mut session {
                    open.ask = ask;
                    open.due = true;
                }
            }
            Woken::Wish(ask) => session = Some(Session::new(ask, redactor)),
            Woken::Look if session.is_none() => continue,
            Woken::Look => {}
        }
        let Some(open) = &mut session else { continue };
        let served = catch_unwind(AssertUnwindSafe(|| open.serve(shared, post)));
        if served.is_err() {
            post(LogPage {
                generation: open.ask.generation,
                note: Some("cannot be shown: the log reader failed on it".to_owned()),
                ..LogPage::default()
            });
            session = None;
        }
    }
}

/// Waits for a wish, for a poke, or for the pause to be over.
fn wait(shared: &Shared, pause: Option<Duration>) -> Woken {
    let mut inbox = shared.inbox();
    loop {
        if inbox.closed {
            return Woken::Closed;
        }
        if std::mem::take(&mut inbox.new) {
            inbox.poked = false;
            if let Some(ask) = inbox.wish.clone() {
                return Woken::Wish(ask);
            }
        }
        if std::mem::take(&mut inbox.poked) {
            return Woken::Look;
        }
        inbox = match pause.filter(|_| inbox.wish.is_some()) {
            None => shared.bell.wait(inbox).unwrap_or_else(PoisonError::into_inner),
            Some(pause) => {
                let (inbox, waited) =
                    shared.bell.wait_timeout(inbox, pause).unwrap_or_else(PoisonError::into_inner);
                if waited.timed_out() && !inbox.new && !inbox.closed {
                    return Woken::Look;
                }
                inbox
            }
        };
    }
}

/// One open log.
struct Session {
    view: Logs,
    ask: LogAsk,
    /// The wish has not been answered yet.
    due: bool,
    posted: Option<LogPage>,
    /// Looks in a row that showed nothing new.
    still: u32,
}

impl Session {
    fn new(ask: LogAsk, redactor: &Redactor) -> Self {
        Self { view: Logs::new(ask.paths.clone(), redactor), ask, due: true, posted: None, still: 0 }
    }

    fn pause(&self) -> Duration {
        if self.still < STILL_AFTER { LIVELY } else { CALM }
    }

    /// Answers, and counts until nothing is left to count or something else is wished.
    fn serve(&mut self, shared: &Shared, post: &dyn Fn(LogPage)) {
        let wish = shared.wishes.load(Ordering::Relaxed);
        let stop = || shared.wishes.load(Ordering::Relaxed) != wish;
        if shared.inbox().new {
            return;
        }
        let changed = self.view.look();
        self.still = if changed { 0 } else { self.still.saturating_add(1) };
        if !changed && !self.due {
            return;
        }
        // what was appended is counted before it is shown, so that most answers come once
        if !self.due {
            self.view.step(1, &stop);
        }
        loop {
            let page = self.view.page(&self.ask, &stop);
            if stop() {
                return;
            }
            self.due = false;
            if self.posted.as_ref() != Some(&page) {
                self.posted = Some(page.clone());
                post(page);
            }
            if self.view.left() == 0 {
                break;
            }
            self.view.step(STEP, &stop);
            if stop() {
                return;
            }
            // a file that grows all the time must not keep the thread here without a rest
            if self.view.left() > STEP {
                self.view.look();
            }
        }
        rest(shared);
    }
}

/// A frame's pause after an answer, ended by a wish but not by a poke.
fn rest(shared: &Shared) {
    let inbox = shared.inbox();
    let quiet = |inbox: &mut Inbox| !inbox.new && !inbox.closed;
    drop(shared.bell.wait_timeout_while(inbox, FRAME, quiet));
}

#[cfg(test)]
mod tests;
