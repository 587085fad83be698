//! A filter and a search, with what was counted for them.

use std::io;
use std::sync::Arc;

use super::Stop;
use super::scan;
use super::scan::Left;
use super::scan::Levels;
use super::scan::Passed;
use super::sieve::Sieve;
use super::table::Table;
use crate::model::log::LogQuery;
use crate::source::logfile::LogFile;

/// Lines by level: the same for every filter.
#[derive(Debug, Default)]
pub(super) struct ByLevel {
    pub(super) table: Table<Levels>,
    left: Left,
    rows: Vec<u8>,
}

impl ByLevel {
    /// Counts about `budget` bytes more.
    pub(super) fn step(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        budget: u64,
        stop: Stop<'_>,
    ) -> io::Result<()> {
        let Self { table, left, rows } = self;
        table.step(file, buffer, budget, stop, &mut |piece| scan::levels(piece, left, rows))
    }
}

/// One filter and search.
#[derive(Debug)]
pub(super) struct Asked {
    query: LogQuery,
    pub(super) sieve: Arc<Sieve>,
    pub(super) table: Table<Passed>,
    left: Left,
    rows: Vec<u8>,
}

impl Asked {
    pub(super) fn new(query: &LogQuery, sieve: Sieve) -> Self {
        let query = LogQuery { hidden: crate::model::log::Classes::default(), ..query.clone() };
        let (table, left, rows) = (Table::default(), Left::default(), Vec::new());
        Self { query, sieve: Arc::new(sieve), table, left, rows }
    }

    /// Whether its counts are those of `query`; hidden classes do not matter.
    pub(super) fn answers(&self, query: &LogQuery) -> bool {
        self.query.filter == query.filter && self.query.search == query.search
    }

    /// Counts about `budget` bytes more. A sieve that asks nothing counts nothing.
    pub(super) fn step(
        &mut self,
        file: &mut LogFile,
        buffer: &mut Vec<u8>,
        budget: u64,
        stop: Stop<'_>,
    ) -> io::Result<()> {
        if self.sieve.is_empty() {
            return Ok(());
        }
        let Self { sieve, table, left, rows, .. } = self;
        table.step(file, buffer, budget, stop, &mut |piece| scan::passed(piece, sieve, left, rows))
    }
}
