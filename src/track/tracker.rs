//! The generic tracker: takes the records of one source and keeps what they amount to.

use std::sync::Arc;

use crate::model::facts::Facts;
use crate::model::level::Level;
use crate::model::record::{Origin, Record, Sink};
use crate::model::stamp::Stamp;

/// Keeps what one source has said so far.
#[derive(Debug, Clone)]
pub struct Tracker {
    source: Arc<str>,
    arrival: Option<Stamp>,
    facts: Facts,
}

impl Tracker {
    /// A tracker for the source at `path` below its run.
    pub fn new(source: Arc<str>) -> Self {
        Self { source, arrival: None, facts: Facts::default() }
    }

    /// When the bytes that follow were seen to arrive: `Some` for what is appended while we watch, `None` for history.
    /// Rates are measured by it where the lines give no time of their own.
    pub fn set_arrival(&mut self, arrival: Option<Stamp>) {
        self.arrival = arrival;
    }

    /// What the source amounts to so far. Cheap enough for every batch: histories are shared, not copied.
    pub fn facts(&self) -> Facts {
        self.facts.clone()
    }

    /// The source's path below its run.
    pub fn source(&self) -> &Arc<str> {
        &self.source
    }
}

impl Sink for Tracker {
    fn record(&mut self, _record: &Record<'_>, _origin: &Origin) {}

    fn line(&mut self, level: Option<Level>, progress: bool, _origin: &Origin) {
        self.facts.log_lines.add(level, progress);
    }
}
