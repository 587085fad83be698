//! What the thread that writes is to hear of: the newest word on each thing, and never a queue.

use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::model::run::Run;

/// What has happened since the last time.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that may have happened")]
pub(super) struct News {
    /// The run, as it is now.
    pub(super) run: Option<Arc<Run>>,
    /// The run is no more.
    pub(super) gone: bool,
    /// Files may have grown.
    pub(super) grown: bool,
    /// All that could be found has been found.
    pub(super) walked: bool,
    /// The terminal has another size.
    pub(super) resized: bool,
    /// What cannot be read.
    pub(super) problem: Option<String>,
}

impl News {
    const fn is_empty(&self) -> bool {
        self.run.is_none()
            && !self.gone
            && !self.grown
            && !self.walked
            && !self.resized
            && self.problem.is_none()
    }
}

/// The box that news are left in.
#[derive(Debug, Default)]
pub(super) struct Mail {
    news: Mutex<News>,
    bell: Condvar,
}

impl Mail {
    /// Leaves news.
    pub(super) fn leave(&self, put: impl FnOnce(&mut News)) {
        put(&mut self.news.lock().unwrap_or_else(PoisonError::into_inner));
        self.bell.notify_one();
    }

    /// Takes all news; waits for some up to `wait`, or for ever.
    pub(super) fn take(&self, wait: Option<Duration>) -> News {
        let news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        let mut news = match wait {
            Some(wait) => {
                let waited = self.bell.wait_timeout_while(news, wait, |news| news.is_empty());
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => {
                self.bell.wait_while(news, |news| news.is_empty()).unwrap_or_else(PoisonError::into_inner)
            }
        };
        std::mem::take(&mut news)
    }
}
