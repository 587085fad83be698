//! What a made-up program writes and when, as a pure sequence: the same script for the same moment, seed and zone.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::model::stamp::Stamp;

/// One write: after a silence, some text at the end of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beat {
    /// Silence before it.
    pub(super) after: Duration,
    /// Path below the run's folder.
    pub(super) file: &'static str,
    /// What is appended.
    pub(super) text: String,
}

/// A made-up training program. It advances by a step of its own work at a time.
pub(super) trait Program: Send {
    /// Does a step. `false` when the program is over, and has nothing more to write.
    fn advance(&mut self, pen: &mut Pen) -> bool;
}

/// What a program writes with: it knows the time of the script.
#[derive(Debug)]
pub(super) struct Pen {
    now: Stamp,
    start: Stamp,
    zone: TimeZone,
    silence: Duration,
    beats: VecDeque<Beat>,
}

impl Pen {
    /// Works on for `span` without a word.
    pub(super) fn wait(&mut self, span: Duration) {
        self.now = self.now.plus(span);
        self.silence += span;
    }

    /// Appends to `file`.
    pub(super) fn write(&mut self, file: &'static str, text: impl Into<String>) {
        let text = text.into();
        self.beats.push_back(Beat { after: std::mem::take(&mut self.silence), file, text });
    }

    /// The time of the script.
    pub(super) fn now(&self) -> Stamp {
        self.now
    }

    /// Time since the program began.
    pub(super) fn elapsed(&self) -> Duration {
        self.now.since(self.start)
    }

    /// The time in UTC as `format` of strftime has it.
    pub(super) fn utc(&self, format: &str) -> String {
        self.zoned(TimeZone::UTC, format)
    }

    /// The time in the machine's zone as `format` of strftime has it.
    pub(super) fn local(&self, format: &str) -> String {
        self.zoned(self.zone.clone(), format)
    }

    fn zoned(&self, zone: TimeZone, format: &str) -> String {
        let moment = Timestamp::from_millisecond(self.now.millis()).unwrap_or_default();
        Zoned::new(moment, zone).strftime(format).to_string()
    }
}

/// A program's whole life, write by write.
pub(super) struct Script {
    program: Box<dyn Program>,
    pen: Pen,
    over: bool,
}

impl Script {
    /// The life of a program that begins at `start` on a machine in `zone`.
    pub(super) fn new(program: Box<dyn Program>, start: Stamp, zone: TimeZone) -> Self {
        let pen = Pen { now: start, start, zone, silence: Duration::ZERO, beats: VecDeque::new() };
        Self { program, pen, over: false }
    }

    /// How long it lives from its first to its last write.
    pub(super) fn length(self) -> Duration {
        self.map(|beat| beat.after).sum()
    }
}

impl Iterator for Script {
    type Item = Beat;

    fn next(&mut self) -> Option<Beat> {
        while self.pen.beats.is_empty() && !self.over {
            self.over = !self.program.advance(&mut self.pen);
        }
        self.pen.beats.pop_front()
    }
}
