//! A look through a whole log for a step that no line names: its bars are followed from the first line to the last.

use std::io;

use super::Stop;
use crate::model::log::Anchor;
use crate::model::log::Landmark;
use crate::model::log::LogAsk;
use crate::model::log::StepAnswer;
use crate::parse::logline::Above;
use crate::parse::logline::Reader;
use crate::parse::logrounds::Rounds;
use crate::parse::logrounds::Target;
use crate::source::logfile::LogFile;

/// One search. A newer wish makes another one.
#[derive(Debug)]
pub(super) struct Hunt {
    /// The wish that it is for.
    generation: u64,
    rounds: Rounds,
    /// Bytes that are looked through.
    end: u64,
    above: Above,
    over: bool,
}

/// The step that a wish is for.
pub(super) const fn target(ask: &LogAsk) -> Option<Target> {
    match ask.anchor {
        Anchor::Find { what: Landmark::Step(step), .. } => Some(Target::Run(step)),
        Anchor::Find { what: Landmark::Epoch(epoch, step), .. } => Some(Target::Epoch(epoch, step)),
        _ => None,
    }
}

impl Hunt {
    pub(super) const fn new(ask: &LogAsk, target: Target) -> Self {
        let rounds = Rounds::new(target, ask.bar_total);
        Self { generation: ask.generation, rounds, end: 0, above: Above::NOTHING, over: false }
    }

    /// Whether it is for this wish.
    pub(super) const fn is_for(&self, ask: &LogAsk) -> bool {
        self.generation == ask.generation
    }

    /// What came of it; `None` while it goes on.
    pub(super) fn answer(&self) -> Option<StepAnswer> {
        self.over.then(|| self.rounds.found())
    }

    /// Bytes that are left to look through.
    pub(super) const fn left(&self, len: u64) -> u64 {
        if self.over { 0 } else { len.saturating_sub(self.end) }
    }

    /// Looks through about `budget` bytes more.
    pub(super) fn step(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        budget: u64,
        stop: Stop<'_>,
    ) -> io::Result<()> {
        let mut left = budget;
        let mut rows = Vec::new();
        let (from, to) = (self.end, file.len());
        file.sweep(from, to, buffer, &mut |file, stretch, bytes| {
            if left == 0 || stop() {
                return Ok(false);
            }
            left = left.saturating_sub(stretch.end - stretch.start);
            let mut reader = Reader::brief(self.above);
            let rounds = &mut self.rounds;
            let mut each = |row: &crate::parse::logrows::Row<'_>| rounds.line(row.offset, &reader.read(row));
            match bytes {
                Some(bytes) => file.rows_of(bytes, stretch.start, &mut each),
                None => file.rows(stretch, &mut rows, &mut each)?,
            }
            (self.end, self.above) = (stretch.end, reader.left());
            self.over = self.rounds.is_sure();
            Ok(!self.over)
        })?;
        // what is appended meanwhile is not looked for
        self.over |= self.end >= to;
        Ok(())
    }
}
