//! One log under one pair of eyes: windows of matching lines, at once, and counts that grow behind them.
//!
//! A window is read where it lies. Counts are made stretch by stretch, the newest end first, and they are kept by cell, so that
//! they also tell where there is nothing to be found: a filter that matches three lines of ten gigabytes then leads straight to
//! them. What was counted stays true while the file only grows; another filter or search counts anew, other levels do not.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::log::Anchor;
use crate::model::log::LogAsk;
use crate::model::log::LogPage;
use crate::model::log::LogQuery;
use crate::parse::pattern;
use crate::source::logfile::LogFile;
use crate::source::logfile::Seen;
use crate::source::tail::Restart;

mod cache;
mod table;
mod window;

use cache::Cache;
use table::Table;
use window::Window;

/// As many filters and searches are kept with what was counted for them.
const TABLES: usize = 4;

/// Asked now and then whether to give up.
pub type Stop<'a> = &'a dyn Fn() -> bool;

/// The patterns of a query, compiled.
#[derive(Debug, Default)]
struct Patterns {
    filter: Option<regex::Regex>,
    search: Option<regex::Regex>,
}

/// A log that is looked at.
#[derive(Debug)]
pub struct LogView {
    file: LogFile,
    cache: Cache,
    tables: Vec<Table>,
    bad_pattern: Option<String>,
    note: Option<String>,
    buffer: Vec<u8>,
    /// The hit that answered a wish, so that it is not looked for again whenever the file grows.
    found: Option<(u64, u64)>,
}

impl LogView {
    /// A view of the file at `path`; nothing is opened before the first look.
    pub fn new(path: PathBuf) -> Self {
        Self {
            file: LogFile::new(path),
            cache: Cache::default(),
            tables: Vec::new(),
            bad_pattern: None,
            note: None,
            buffer: Vec::new(),
            found: None,
        }
    }

    /// The file.
    pub fn path(&self) -> &std::path::Path {
        self.file.path()
    }

    /// Looks whether the file has changed. Returns whether it has, or whether there is something else to tell of it.
    pub fn look(&mut self) -> bool {
        let before = self.note.take();
        let changed = match self.file.look() {
            Seen::Same => {
                self.note = before.clone().filter(|note| RESTARTS.contains(&note.as_str()));
                false
            }
            Seen::Grown => {
                self.note = before.clone().filter(|note| RESTARTS.contains(&note.as_str()));
                self.cache.forget_open();
                true
            }
            Seen::Restarted(how) => {
                self.forget();
                self.note = Some(told(how).to_owned());
                true
            }
            Seen::Gone => {
                self.note = Some("gone: no file at this path any more".to_owned());
                false
            }
            Seen::Failed(error) => {
                self.note = Some(format!("{UNREADABLE}: {error}"));
                false
            }
        };
        changed || before != self.note
    }

    fn forget(&mut self) {
        self.cache = Cache::default();
        self.tables.clear();
        self.found = None;
    }

    /// The lines that `ask` wants, as far as they can be told without reading much, and the counts made so far.
    pub fn page(&mut self, ask: &LogAsk, stop: Stop<'_>) -> LogPage {
        self.choose_table(&ask.query);
        let window = match self.window(ask, stop) {
            Ok(window) => window,
            Err(error) => {
                self.failed(&error);
                Window { looking: false, ..Window::default() }
            }
        };
        let mut page = LogPage {
            generation: ask.generation,
            lines: window.lines,
            at: window.at,
            at_number: window.at_number,
            at_start: window.at_start,
            at_end: window.at_end,
            looking: window.looking,
            note: self.note.clone(),
            bad_pattern: self.bad_pattern.clone(),
            ..LogPage::default()
        };
        if let Some(table) = self.tables.first() {
            page.counts = table.counts(ask.query.hidden);
            page.counted = (table.counted(), self.file.len());
            // of levels, a table of another query may know more
            if let Some(best) = self.tables.iter().max_by_key(|table| table.counted()) {
                page.counts.messages = best.counts(ask.query.hidden).messages;
            }
        }
        page
    }

    /// Bytes that are left to count for the query of the last page.
    pub fn left(&self) -> u64 {
        if self.note.as_deref().is_some_and(|note| note.starts_with(UNREADABLE)) {
            return 0;
        }
        self.tables.first().map_or(0, |table| self.file.len().saturating_sub(table.counted()))
    }

    /// Counts about `budget` bytes more for the query of the last page.
    pub fn step(&mut self, budget: u64, stop: Stop<'_>) {
        let Some(table) = self.tables.first_mut() else { return };
        if let Err(error) = table.step(&mut self.file, &mut self.buffer, budget, stop) {
            self.failed(&error);
        }
    }

    fn failed(&mut self, error: &io::Error) {
        self.file.let_go();
        self.note = Some(format!("{UNREADABLE}: {error}"));
    }

    /// Brings the table of `query` to the front.
    fn choose_table(&mut self, query: &LogQuery) {
        self.bad_pattern = None;
        if self.tables.first().is_some_and(|table| table.answers(query)) {
            return;
        }
        if let Some(at) = self.tables.iter().position(|table| table.answers(query)) {
            if let Some(found) = self.tables.get_mut(..=at) {
                found.rotate_right(1);
            }
            return;
        }
        let mut compile = |name: &str, text: &str| match pattern::compile(text) {
            Ok(regex) => regex,
            Err(what) => {
                self.bad_pattern = Some(format!("{name}: {what}"));
                None
            }
        };
        let patterns =
            Patterns { filter: compile("filter", &query.filter), search: compile("search", &query.search) };
        if self.bad_pattern.is_some() && !self.tables.is_empty() {
            return;
        }
        self.tables.insert(0, Table::new(query, Arc::new(patterns)));
        if self.tables.len() > TABLES {
            // the one without patterns is worth the most: its counts are those of every level
            let oldest = self.tables.iter().rposition(|table| !table.answers(&LogQuery::default()));
            self.tables.remove(oldest.unwrap_or(TABLES));
        }
    }

    fn window(&mut self, ask: &LogAsk, stop: Stop<'_>) -> io::Result<Window> {
        let mut ask = ask.clone();
        let known = self.found.filter(|(generation, _)| *generation == ask.generation).map(|(_, at)| at);
        if let Some(offset) = known {
            ask.anchor = Anchor::At { offset, above: ask.rows / 3 };
        }
        let Some(table) = self.tables.first() else { return Ok(Window::default()) };
        let mut gather = window::Gather::new(&mut self.file, &mut self.cache, table, ask.query.hidden, stop);
        let mut window = gather.window(&ask)?;
        window.at = window.at.or(known);
        if let Some(at) = window.at {
            window.at_number = gather.number(at)?;
            self.found = Some((ask.generation, at));
        }
        Ok(window)
    }
}

const UNREADABLE: &str = "cannot be read";

const RESTARTS: [&str; 3] = [told(Restart::Truncated), told(Restart::Rewritten), told(Restart::Replaced)];

const fn told(how: Restart) -> &'static str {
    match how {
        Restart::Truncated => "truncated: read again from its start",
        Restart::Rewritten => "rewritten: read again from its start",
        Restart::Replaced => "replaced by another file: read from its start",
    }
}

#[cfg(test)]
mod tests;
