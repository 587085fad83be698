//! A moment in time, as a plain number that can be made up in a test.

use std::time::Duration;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp(i64);

/// How far local times are moved away from moments, in milliseconds (about 127,000 years).
const LOCAL: i64 = 4_000_000_000_000_000;

impl Stamp {
    /// The moment `millis` milliseconds after 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The moment `seconds` after 1970, as file times and Python's `time.time()` give it.
    #[expect(clippy::cast_possible_truncation, reason = "float to int casts saturate")]
    pub fn from_secs_f64(seconds: f64) -> Self {
        Self((seconds * 1000.0).round() as i64)
    }

    /// A time that gives no zone (`2026-11-22 15:36:53`) or no date: good for differences to others of its kind and for
    /// nothing else. Such stamps lie far before 1970, so that none is ever taken for a moment.
    pub const fn local(millis: i64) -> Self {
        Self(millis.saturating_sub(LOCAL))
    }

    /// Whether this is a [`Stamp::local`] time.
    pub const fn is_local(self) -> bool {
        self.0 < -LOCAL / 2
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970 by the clock that showed it: what compares a time without a zone with one that has one.
    pub const fn civil(self) -> i64 {
        if self.is_local() { self.0.saturating_add(LOCAL) } else { self.0 }
    }

    /// Time that has passed since `earlier`; zero when that lies ahead (a clock was set back, a file is from the future).
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The moment `span` later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The moment `span` earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}
