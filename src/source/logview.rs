//! One log under one pair of eyes: windows of matching lines, at once, and counts that grow behind them.
//!
//! A window is read where it lies. Counts are made stretch by stretch, the newest end first, and they are kept by cell, so that
//! they also tell where there is nothing to be found: a filter that matches three lines of ten gigabytes then leads straight to
//! them. What was counted stays true while the file only grows; another filter or search counts anew, other levels do not.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::log::Anchor;
use crate::model::log::Class;
use crate::model::log::LogAsk;
use crate::model::log::LogCounts;
use crate::model::log::LogLine;
use crate::model::log::LogPage;
use crate::model::log::LogQuery;
use crate::model::log::Marks;
use crate::model::log::StepAnswer;
use crate::model::stamp::Stamp;
use crate::parse::logplace;
use crate::parse::logrounds::Target;
use crate::parse::redact::Redactor;
use crate::source::logfile::LogFile;
use crate::source::logfile::Seen;
use crate::source::tail::Restart;

mod asked;
mod cache;
mod facets;
mod heads;
mod hunt;
mod inside;
mod merged;
mod once;
mod scan;
mod sieve;
mod table;
mod window;

use asked::Asked;
use asked::ByLevel;
use cache::Cache;
use facets::Counting;
use hunt::Hunt;
use sieve::Sieve;
use window::Window;

pub use merged::Logs;
pub use once::Each;
pub use once::once;

/// As many filters and searches are kept with what was counted for them.
const KEPT: usize = 4;

/// Asked now and then whether to give up.
pub type Stop<'a> = &'a dyn Fn() -> bool;

/// A log that is looked at.
#[derive(Debug)]
pub struct LogView {
    file: LogFile,
    cache: Cache,
    levels: ByLevel,
    /// The one that is answered, first.
    asked: Vec<Asked>,
    /// Filters that were asked, so that each has a number.
    numbers: u64,
    facets: Option<Counting>,
    bad_pattern: Option<String>,
    note: Option<String>,
    buffer: Vec<u8>,
    /// The hit that answered a wish, so that it is not looked for again whenever the file grows.
    found: Option<(u64, u64)>,
    /// A search for a step that only bars tell.
    hunt: Option<Hunt>,
    /// The last window, with what it is of: wish, length, and whether lines by level and lines that pass were all counted.
    made: Option<((u64, u64, bool, bool), Window)>,
    /// The wish that was answered last.
    answered: Option<u64>,
    /// The first time of the log, if its first lines tell one.
    began: Option<Stamp>,
    /// Whether it was looked for.
    looked_back: bool,
    /// The newest time that the last lines told.
    newest: Option<Stamp>,
    marks: Arc<[Marks]>,
    /// What the marks were made of: bytes counted of levels and of the filter, and length.
    marked: (u64, u64, u64),
}

impl LogView {
    /// A view of the file at `path`, without the secrets that `redactor` knows; nothing is opened before the first look.
    pub fn new(path: PathBuf, redactor: Redactor) -> Self {
        Self {
            file: LogFile::new(path),
            cache: Cache::new(redactor),
            levels: ByLevel::default(),
            asked: Vec::new(),
            numbers: 0,
            facets: None,
            bad_pattern: None,
            note: None,
            buffer: Vec::new(),
            found: None,
            hunt: None,
            made: None,
            answered: None,
            began: None,
            looked_back: false,
            newest: None,
            marks: Arc::default(),
            marked: (0, 0, 0),
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
        self.cache = Cache::new(self.cache.redactor.clone());
        self.levels = ByLevel::default();
        self.asked.clear();
        self.facets = self.facets.as_ref().map(|_| Counting::default());
        self.found = None;
        self.hunt = None;
        self.made = None;
        self.began = None;
        self.looked_back = false;
        self.newest = None;
    }

    /// The lines that `ask` wants, as far as they can be told without reading much, and the counts made so far.
    pub fn page(&mut self, ask: &LogAsk, stop: Stop<'_>) -> LogPage {
        let window = self.choose(&ask.query).and_then(|()| self.window(ask, stop));
        let window = window.unwrap_or_else(|error| {
            self.failed(&error);
            Window::default()
        });
        if ask.facets != self.facets.is_some() {
            self.facets = ask.facets.then(Counting::default);
        }
        let redactor = if ask.reveal { None } else { Some(self.cache.redactor.clone()) };
        let opened = ask.open.and_then(|spot| {
            let redactor = redactor.as_ref();
            let inside = inside::open(&self.file, spot.offset, redactor).unwrap_or_else(|error| {
                self.failed(&error);
                None
            });
            inside.map(|inside| (spot, inside))
        });
        self.mark();
        let (counts, counted) = self.counts(ask);
        LogPage {
            generation: ask.generation,
            lines: window.lines,
            at: window::spot(window.at),
            at_number: window.at_number,
            extents: Arc::default(),
            step: self.hunt.as_ref().filter(|hunt| hunt.is_for(ask)).and_then(Hunt::answer),
            unfolded: window.unfolded,
            at_start: window.at_start,
            at_end: window.at_end,
            looking: window.looking,
            counts,
            counted: (counted, self.file.len()),
            note: self.note.clone(),
            bad_pattern: self.bad_pattern.clone(),
            opened,
            facets: self.facets.as_ref().map(|facets| Arc::new(facets.facets(&self.cache.redactor))),
            marks: Arc::clone(&self.marks),
            began: self.began,
            newest: self.newest,
        }
    }

    /// The counts, and of how many bytes they are.
    fn counts(&self, ask: &LogAsk) -> (LogCounts, u64) {
        let hidden = ask.query.hidden;
        let levels = self.levels.table.sums();
        let all = LogCounts {
            messages: levels.messages,
            seen: levels.rows.visible(crate::model::log::Classes::default()),
            matched: levels.rows.visible(hidden),
            hits: 0,
        };
        let by_level = self.levels.table.counted();
        let Some(asked) = self.asked.first().filter(|asked| !asked.sieve.is_empty()) else {
            return (all, by_level);
        };
        let sums = asked.table.sums();
        let hits = sums.hits.visible(hidden);
        if asked.sieve.passes_all() {
            return (LogCounts { hits, ..all }, by_level.min(asked.table.counted()));
        }
        let matched = sums.matched.visible(hidden);
        (LogCounts { seen: sums.rows, matched, hits, ..all }, asked.table.counted())
    }

    /// Bytes that are left to count for the query of the last page.
    pub fn left(&self) -> u64 {
        if self.note.as_deref().is_some_and(|note| note.starts_with(UNREADABLE)) {
            return 0;
        }
        let left = |counted: u64| self.file.len().saturating_sub(counted);
        let asked = self.asked.first().filter(|asked| !asked.sieve.is_empty());
        left(self.levels.table.counted())
            + asked.map_or(0, |asked| left(asked.table.counted()))
            + self.facets.as_ref().map_or(0, |facets| left(facets.counted()))
            + self.hunt.as_ref().map_or(0, |hunt| hunt.left(self.file.len()))
    }

    /// Counts about `budget` bytes more for the query of the last page: first for filter and search, then by level, then by facet.
    pub fn step(&mut self, budget: u64, stop: Stop<'_>) {
        if let Err(error) = self.try_step(budget, stop) {
            self.failed(&error);
        }
    }

    fn try_step(&mut self, budget: u64, stop: Stop<'_>) -> io::Result<()> {
        let Self { file, buffer, .. } = self;
        let len = file.len();
        if let Some(hunt) = self.hunt.as_mut().filter(|hunt| hunt.left(len) > 0) {
            return hunt.step(file, buffer, budget, stop);
        }
        if let Some(asked) = self.asked.first_mut()
            && !asked.sieve.is_empty()
            && asked.table.counted() < len
        {
            asked.step(file, buffer, budget, stop)?;
            // what is appended is little: all of it is counted at once
            if asked.table.counted() < len {
                return Ok(());
            }
        }
        if self.levels.table.counted() < len {
            self.levels.step(file, buffer, budget, stop)?;
        }
        match &mut self.facets {
            Some(facets) if self.levels.table.counted() >= len => facets.step(file, buffer, budget, stop),
            _ => Ok(()),
        }
    }

    fn failed(&mut self, error: &io::Error) {
        self.file.let_go();
        self.note = Some(format!("{UNREADABLE}: {error}"));
    }

    /// Brings what was counted for `query` to the front.
    fn choose(&mut self, query: &LogQuery) -> io::Result<()> {
        self.bad_pattern = None;
        if let Some(at) = self.asked.iter().position(|asked| asked.answers(query)) {
            if let Some(found) = self.asked.get_mut(..=at) {
                found.rotate_right(1);
            }
            return Ok(());
        }
        self.numbers += 1;
        let name = self.file.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let newest = self.newest_time()?;
        match Sieve::new(query, &name, newest) {
            Ok(sieve) => {
                self.asked.insert(0, Asked::new(self.numbers, query, sieve));
                self.asked.truncate(KEPT);
            }
            Err(what) => {
                self.bad_pattern = Some(what);
                if self.asked.is_empty() {
                    self.asked.push(Asked::new(self.numbers, &LogQuery::default(), Sieve::default()));
                }
            }
        }
        Ok(())
    }

    /// The newest time that the last lines tell.
    fn newest_time(&mut self) -> io::Result<Option<Stamp>> {
        let Some(last) = self.file.stretch_at(self.file.len().saturating_sub(1))? else { return Ok(None) };
        let lines = self.cache.lines(&mut self.file, &last)?;
        // the last lines may tell none: what is known from before stays true
        self.newest = lines.iter().rev().find_map(|kept| kept.line.moment).or(self.newest);
        Ok(self.newest)
    }

    /// The first time that the first lines tell.
    fn look_back(&mut self) -> io::Result<()> {
        if self.looked_back {
            return Ok(());
        }
        let Some(first) = self.file.stretch_at(0)? else { return Ok(()) };
        let lines = self.cache.lines(&mut self.file, &first)?;
        self.began = lines.iter().find_map(|kept| kept.line.time);
        // a log that has just begun may tell one later
        self.looked_back = first.closed || self.began.is_some();
        Ok(())
    }

    /// The window of `ask`: the one that was made for it before, where nothing has changed that it shows.
    fn window(&mut self, ask: &LogAsk, stop: Stop<'_>) -> io::Result<Window> {
        let len = self.file.len();
        let asked = self.asked.first().is_none_or(|asked| asked.table.is_complete(len));
        let of = (ask.generation, len, self.levels.table.is_complete(len), asked);
        if let Some((known, window)) = &self.made
            && *known == of
            && !window.looking
        {
            return Ok(window.clone());
        }
        let window = self.make_window(ask, stop)?;
        self.made = Some((of, window.clone()));
        Ok(window)
    }

    fn make_window(&mut self, ask: &LogAsk, stop: Stop<'_>) -> io::Result<Window> {
        let mut ask = ask.clone();
        let known = self.found.filter(|(generation, _)| *generation == ask.generation).map(|(_, at)| at);
        if let Some(offset) = known {
            let spot = crate::model::log::Spot::at(offset);
            ask.anchor = Anchor::At { spot, above: ask.rows / 3 };
            Arc::make_mut(&mut ask.sections).open = Some(spot);
        }
        let target = hunt::target(&ask);
        // a search for another wish has lost its sense
        self.hunt = self.hunt.take().filter(|hunt| hunt.is_for(&ask));
        let hunted = self.hunt.as_ref().filter(|_| target.is_some()).map(Hunt::answer);
        if let (Some(None), Anchor::Find { spot, .. }) = (hunted, ask.anchor) {
            ask.anchor = Anchor::At { spot, above: 0 };
        }
        self.look_back()?;
        let newest = self.newest_time()?;
        let Some(asked) = self.asked.first() else { return Ok(Window::default()) };
        let tables = (asked, &self.levels.table);
        let again = self.answered == Some(ask.generation);
        let len = self.file.len();
        self.answered = Some(ask.generation);
        let mut gather = window::Gather::new(&mut self.file, &mut self.cache, tables, &ask, newest, stop);
        if again {
            gather.reads_nothing_twice();
        }
        let mut window = match hunted {
            Some(Some(StepAnswer::At(found))) => gather.window_at(&mut ask, found.offset)?,
            _ => gather.window(&ask)?,
        };
        let seen = gather.levels.sums().rows.get(Class::Progress) > 0 || !gather.levels.is_complete(len);
        window.looking |= hunted == Some(None);
        if let (Some(target), None) = (target, hunted)
            && !names(&window, target, seen)
        {
            self.hunt = Some(Hunt::new(&ask, target));
            (window.at, window.looking) = (None, true);
            return Ok(window);
        }
        window.at = window.at.or(known);
        if let Some(at) = window.at {
            window.at_number = gather.number(at)?;
            self.found = Some((ask.generation, at));
        }
        Ok(window)
    }

    /// Makes the marks anew when more was counted.
    fn mark(&mut self) {
        let len = self.file.len();
        let asked = self.asked.first().filter(|asked| asked.sieve.search.is_some());
        let of = (self.levels.table.counted(), asked.map_or(0, |asked| asked.table.counted()), len);
        if of == self.marked || len == 0 {
            return;
        }
        self.marked = of;
        let mut marks = vec![Marks::default(); LogPage::MARKS];
        let part = |offset: u64| -> usize {
            let part = u128::from(offset) * LogPage::MARKS as u128 / u128::from(len);
            usize::try_from(part).unwrap_or(usize::MAX)
        };
        self.levels.table.each(&mut |offset, cell| {
            let holds = |class: Class| cell.messages.get(class as usize).is_some_and(|n| *n > 0);
            if let Some(mark) = marks.get_mut(part(offset)) {
                mark.error |= holds(Class::Error);
                mark.warning |= holds(Class::Warning);
            }
        });
        if let Some(asked) = asked {
            asked.table.each(&mut |offset, cell| {
                if let Some(mark) = marks.get_mut(part(offset)) {
                    mark.hit |= cell.hits.iter().any(|n| *n > 0);
                }
            });
        }
        self.marks = marks.into();
    }
}

/// Lines of a window that name steps, from which on they are how the log tells them.
const TELLING: usize = 3;

/// Whether the line that was found is the one that was meant, or the next one where lines name steps all the time, so that the
/// log's bars need not be asked. Where there are none (`bars`), the next step that a line names is what there is.
fn names(window: &Window, target: Target, bars: bool) -> bool {
    let Target::Run(step) = target else { return false };
    let own = |line: &LogLine| logplace::step(&line.text);
    let line = window.at.and_then(|at| window.lines.iter().find(|line| line.spot.offset == at));
    let dense = || window.lines.iter().filter_map(own).take(TELLING).count() == TELLING;
    line.is_some_and(|line| !bars || own(line) == Some(step) || dense())
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
