//! The one place that reads a clock.
//!
//! Everything else is handed a [`Stamp`], so that a state, an age or an ETA can be tested at any moment of our choosing.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::stamp::Stamp;

/// Tells the time of day.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Stamp;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that may read the clock")]
    fn now(&self) -> Stamp {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => Stamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Err(before) => {
                Stamp::from_millis(-i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX))
            }
        }
    }
}

/// A clock that stands still until it is moved, for tests.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: Stamp) -> Self {
        Self(AtomicI64::new(now.millis()))
    }

    /// Moves the hands to `now`.
    pub fn set(&self, now: Stamp) {
        self.0.store(now.millis(), Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Stamp {
        Stamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}
