//! Where a time or a step is, found by halving: of ten gigabytes some thirty stretches are read.
//!
//! Times and steps rise along a log, but for restarts and several writers. What halving finds is therefore only where to begin to
//! look, line by line.

use std::io;

use super::Gather;
use super::civil;
use crate::parse::logplace;
use crate::source::logfile::CELL;

/// As many stretches in a row are read for one that tells something.
const PATIENCE: u32 = 8;

impl Gather<'_> {
    /// A place before the first line at or after `time`.
    pub(super) fn before_time(&mut self, time: i64) -> io::Result<u64> {
        self.halve(&|kept| kept.line.time.map(|own| civil(own) >= time))
    }

    /// A place before the first line at or after `step`.
    pub(super) fn before_step(&mut self, step: u64) -> io::Result<u64> {
        self.halve(&|kept| logplace::step(&kept.line.text).map(|own| own >= step))
    }

    /// Where lines of which `is_past` denies it give way to those of which it does not; `None` is a line that tells nothing.
    fn halve(&mut self, is_past: &dyn Fn(&super::Kept) -> Option<bool>) -> io::Result<u64> {
        let (mut low, mut high) = (0, self.file.len());
        while high - low > CELL && !(self.stop)() {
            let middle = low + (high - low) / 2;
            match self.told(middle, high, is_past)? {
                Some(false) => low = middle,
                Some(true) | None => high = middle,
            }
        }
        Ok(low.saturating_sub(CELL))
    }

    /// What the first line from `offset` on says that says anything.
    fn told(
        &mut self,
        offset: u64,
        end: u64,
        is_past: &dyn Fn(&super::Kept) -> Option<bool>,
    ) -> io::Result<Option<bool>> {
        let mut next = self.file.stretch_at(offset)?;
        for _ in 0..PATIENCE {
            let Some(stretch) = next.filter(|stretch| stretch.start < end) else { return Ok(None) };
            let lines = self.cache.lines(self.file, &stretch)?;
            let from = lines.iter().filter(|kept| kept.line.spot.offset >= offset);
            if let Some(told) = from.clone().find_map(is_past) {
                return Ok(Some(told));
            }
            next = self.file.stretch_after(&stretch)?;
        }
        Ok(None)
    }
}
