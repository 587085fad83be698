//! The thread that answers the log pane.
//!
//! The pane never reads: it wishes, and the newest wish is the only one that counts. A newer one stops whatever is under way
//! within a stretch of 64 KiB. Answers come at once with what is near, and again as counting goes on behind.
//!
//! Two things wake the thread besides a wish: the engine's word that the open file has grown, and its own calm look at the
//! file, which alone must do where nothing watches. While no log is open it sleeps without a timer.

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

use crate::model::log::LogAsk;
use crate::model::log::LogPage;
use crate::source::logview::LogView;

/// Takes the answers. Called on the service's thread; it must not block.
pub type Post = Arc<dyn Fn(LogPage) + Send + Sync>;

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
#[derive(Debug)]
pub struct LogService {
    shared: Arc<Shared>,
}

/// Tells the service that files have grown. Cheap to clone and to call for every file.
#[derive(Debug, Clone)]
pub struct LogPoke {
    shared: Arc<Shared>,
}

impl LogPoke {
    /// The file at `path` has changed: the service looks at it if it is the open one.
    pub fn poke(&self, path: &Path) {
        let mut inbox = self.shared.inbox();
        if !inbox.poked && inbox.wish.as_ref().is_some_and(|ask| ask.paths.iter().any(|own| own == path)) {
            inbox.poked = true;
            self.shared.bell.notify_one();
        }
    }
}

impl LogService {
    /// Starts the thread.
    pub fn start(post: Post) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        thread::Builder::new().name("log".to_owned()).spawn(move || serve(&theirs, &post))?;
        Ok(Self { shared })
    }

    /// Wishes for lines, or (`None`) for nothing more. What was wished before is forgotten.
    pub fn ask(&self, wish: Option<LogAsk>) {
        let mut inbox = self.shared.inbox();
        inbox.wish = wish;
        inbox.new = true;
        self.shared.wishes.fetch_add(1, Ordering::Relaxed);
        self.shared.bell.notify_one();
    }

    /// A handle for whoever notices that files grow.
    pub fn poker(&self) -> LogPoke {
        LogPoke { shared: Arc::clone(&self.shared) }
    }
}

impl Drop for LogService {
    /// The thread is not waited for: it may hang in a read of a mount that is gone.
    fn drop(&mut self) {
        self.shared.inbox().closed = true;
        self.shared.wishes.fetch_add(1, Ordering::Relaxed);
        self.shared.bell.notify_one();
    }
}

/// Why the thread woke.
enum Woken {
    Wish(LogAsk),
    /// The file may have changed.
    Look,
    Closed,
}

fn serve(shared: &Shared, post: &Post) {
    let mut session: Option<Session> = None;
    loop {
        let pause = session.as_ref().map(Session::pause);
        match wait(shared, pause) {
            Woken::Closed => return,
            Woken::Wish(ask)
                if session
                    .as_ref()
                    .is_some_and(|open| ask.paths.first().is_some_and(|path| open.view.path() == path)) =>
            {
                if let Some(open) = &mut session {
                    open.ask = ask;
                    open.due = true;
                }
            }
            Woken::Wish(ask) => session = Some(Session::new(ask)),
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
    view: LogView,
    ask: LogAsk,
    /// The wish has not been answered yet.
    due: bool,
    posted: Option<LogPage>,
    /// Looks in a row that showed nothing new.
    still: u32,
}

impl Session {
    fn new(ask: LogAsk) -> Self {
        Self {
            view: LogView::new(ask.paths.first().cloned().unwrap_or_default()),
            ask,
            due: true,
            posted: None,
            still: 0,
        }
    }

    fn pause(&self) -> Duration {
        if self.still < STILL_AFTER { LIVELY } else { CALM }
    }

    /// Answers, and counts until nothing is left to count or something else is wished.
    fn serve(&mut self, shared: &Shared, post: &Post) {
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
