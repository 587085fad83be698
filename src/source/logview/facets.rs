//! Lines by category, event and rank, counted from the beginning on while somebody looks at them.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::Stop;
use super::cache::is_message;
use crate::model::log::Category;
use crate::model::log::Facets;
use crate::model::log::Tally;
use crate::parse::logkind;
use crate::parse::logline::Above;
use crate::parse::logline::Reader;
use crate::source::logfile::LogFile;

/// Values kept apart; further ones are not told: a list of a thousand events helps nobody.
const MOST: usize = 400;
/// The longest value that is told.
const LONGEST: usize = 200;

#[derive(Debug, Clone, Default)]
struct Sums {
    categories: [u64; Category::COUNT],
    events: HashMap<Arc<str>, u64>,
    ranks: HashMap<u32, u64>,
}

/// Counts so far.
#[derive(Debug, Default)]
pub(super) struct Counting {
    sums: Sums,
    /// Bytes that are counted for good.
    end: u64,
    above: Above,
    /// The last lines, which may still grow: where they end, and everything with them.
    open: Option<(u64, Sums)>,
}

impl Counting {
    /// Bytes that are counted.
    pub(super) fn counted(&self) -> u64 {
        self.open.as_ref().map_or(self.end, |(end, _)| *end)
    }

    /// Counts about `budget` bytes more.
    pub(super) fn step(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        budget: u64,
        stop: Stop<'_>,
    ) -> io::Result<()> {
        let (from, to) = (self.end, file.len());
        if from >= to || self.open.as_ref().is_some_and(|(end, _)| *end == to) {
            return Ok(());
        }
        let mut left = budget;
        let mut rows = Vec::new();
        file.sweep(from, to, buffer, &mut |file, stretch, bytes| {
            if left == 0 || stop() {
                return Ok(false);
            }
            left = left.saturating_sub(stretch.end - stretch.start);
            let mut sums = if stretch.closed { std::mem::take(&mut self.sums) } else { self.sums.clone() };
            let mut reader = Reader::below(self.above);
            let mut count = |row: &crate::parse::logrows::Row<'_>| {
                let line = reader.read(row);
                if is_message(line.kind) {
                    sums.add(logkind::category(&line), line.event, line.rank);
                }
            };
            match bytes {
                Some(bytes) => file.rows_of(bytes, stretch.start, &mut count),
                None => file.rows(stretch, &mut rows, &mut count)?,
            }
            if stretch.closed {
                (self.sums, self.end, self.above, self.open) = (sums, stretch.end, reader.left(), None);
            } else {
                self.open = Some((stretch.end, sums));
            }
            Ok(stretch.closed)
        })
    }

    /// The counts so far.
    pub(super) fn facets(&self) -> Facets {
        let sums = self.open.as_ref().map_or(&self.sums, |(_, sums)| sums);
        let events = sums.events.iter().map(|(name, n)| (Arc::clone(name), *n)).collect();
        let ranks = sums.ranks.iter().map(|(rank, n)| (Arc::from(rank.to_string()), *n)).collect();
        Facets {
            categories: sums.categories,
            events: most_first(events),
            ranks: most_first(ranks),
            counted: self.counted(),
        }
    }
}

impl Sums {
    fn add(&mut self, category: Category, event: Option<&str>, rank: Option<u32>) {
        if let Some(count) = self.categories.get_mut(category as usize) {
            *count += 1;
        }
        if let Some(event) = event.filter(|event| event.len() <= LONGEST) {
            if let Some(count) = self.events.get_mut(event) {
                *count += 1;
            } else if self.events.len() < MOST {
                self.events.insert(Arc::from(event), 1);
            }
        }
        if let Some(rank) = rank
            && (self.ranks.len() < MOST || self.ranks.contains_key(&rank))
        {
            *self.ranks.entry(rank).or_default() += 1;
        }
    }
}

fn most_first(mut tally: Tally) -> Tally {
    tally.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    tally
}
