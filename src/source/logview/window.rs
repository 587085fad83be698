//! The lines around a place: as many matching ones as a pane needs on both sides.

use std::io;
use std::sync::Arc;

use memchr::memmem;

use super::Stop;
use super::asked::Asked;
use super::cache::Cache;
use super::cache::Kept;
use super::cache::Passing;
use super::scan;
use super::scan::Left;
use super::scan::Levels;
use super::scan::Passed;
use super::scan::Piece;
use super::sieve::civil;
use super::table::Table;
use super::table::any;
use crate::model::level::Level;
use crate::model::log::Anchor;
use crate::model::log::Class;
use crate::model::log::Classes;
use crate::model::log::Landmark;
use crate::model::log::LineKind;
use crate::model::log::LogAsk;
use crate::model::log::LogLine;
use crate::model::log::Spot;
use crate::model::stamp::Stamp;
use crate::parse::logplace;
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

mod folded;
mod seek;

/// Bytes that are looked through for a window where nothing is counted yet. What is not found by then is found when the count
/// has come by.
const BUDGET: u64 = 4 << 20;

/// What lines are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sought {
    /// Those that pass filter and classes.
    Matches,
    /// Of these, those that the search hits.
    Hits,
    /// Of these, messages of this level or a graver one.
    Grave(Level),
    /// Of these, the first lines of tracebacks.
    Traceback,
    /// Of these, those at or after a time.
    From(i64),
    /// Of these, those at or after a step.
    Step(u64),
    /// Of these, those of this number and higher ones.
    Line(u64),
    /// Of these, titles of these ranks, each a bit.
    Title(u8),
    /// Those that pass the classes, and titles whatever their class.
    Shown,
}

/// Matching lines around a place.
#[derive(Debug, Default, Clone)]
pub(super) struct Window {
    pub(super) lines: Vec<LogLine>,
    pub(super) at: Option<u64>,
    pub(super) at_number: Option<u64>,
    pub(super) at_start: bool,
    pub(super) at_end: bool,
    pub(super) looking: bool,
    /// Titles that were opened for the line `at`.
    pub(super) unfolded: Vec<Spot>,
}

/// Collects a window.
pub(super) struct Gather<'a> {
    pub(super) file: &'a mut LogFile,
    pub(super) cache: &'a mut Cache,
    pub(super) asked: &'a Asked,
    pub(super) levels: &'a Table<Levels>,
    pub(super) hidden: Classes,
    /// Whether secrets are seen.
    pub(super) reveal: bool,
    pub(super) newest: Option<Stamp>,
    pub(super) stop: Stop<'a>,
    budget: u64,
    most: u64,
}

/// What a walk in one direction came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walk {
    /// It has what it came for.
    Enough,
    /// There is no more.
    Edge,
    /// It gave up.
    TooFar,
}

impl<'a> Gather<'a> {
    pub(super) fn new(
        file: &'a mut LogFile,
        cache: &'a mut Cache,
        (asked, levels): (&'a Asked, &'a Table<Levels>),
        ask: &LogAsk,
        newest: Option<Stamp>,
        stop: Stop<'a>,
    ) -> Self {
        let (hidden, reveal) = (ask.query.hidden, ask.reveal);
        let (budget, most) = (BUDGET, BUDGET);
        Self { file, cache, asked, levels, hidden, reveal, newest, stop, budget, most }
    }

    /// What was not found at once is found by counting.
    pub(super) const fn reads_nothing_twice(&mut self) {
        (self.budget, self.most) = (0, 0);
    }

    pub(super) fn window(&mut self, ask: &LogAsk) -> io::Result<Window> {
        let margin = ask.rows.max(1) * 2;
        match ask.anchor {
            Anchor::End => self.lines(ask, u64::MAX, (ask.rows + margin, 0), None),
            Anchor::At { spot, above } => {
                let open = ask.sections.open.map(|open| open.offset);
                self.lines(ask, spot.offset, (above + margin, ask.rows + margin), open)
            }
            Anchor::Find { what, spot, forward } => {
                let (mut found, mut walk) = self.find(what, spot.offset, forward)?;
                if let (Landmark::Section, Some(at), true) = (what, found, self.folds(ask)) {
                    (found, walk) = self.next_title(&ask.sections, at, forward)?;
                }
                let place = found.unwrap_or(spot.offset);
                let mut window = self.lines(ask, place, (ask.rows / 3 + margin, ask.rows + margin), found)?;
                window.at = found;
                window.looking |= walk == Walk::TooFar;
                Ok(window)
            }
        }
    }

    /// The lines around the first one that passes at or behind `offset`.
    pub(super) fn window_at(&mut self, ask: &mut LogAsk, offset: u64) -> io::Result<Window> {
        let mut found = None;
        let walk = self.walk(offset, true, Sought::Matches, &mut |line| {
            found = Some(line.spot);
            false
        })?;
        self.budget = self.most;
        let spot = found.unwrap_or(Spot::at(offset));
        ask.anchor = Anchor::At { spot, above: ask.rows / 3 };
        Arc::make_mut(&mut ask.sections).open = found;
        let mut window = self.window(ask)?;
        window.at = found.map(|spot| spot.offset);
        window.looking |= walk == Walk::TooFar;
        Ok(window)
    }

    /// Whether sections are folded: not among lines that were picked out.
    fn folds(&self, ask: &LogAsk) -> bool {
        !ask.sections.is_empty() && self.asked.sieve.passes_all()
    }

    /// So many lines before `offset` and from it on; none of them hides the line at `open`.
    fn lines(
        &mut self,
        ask: &LogAsk,
        offset: u64,
        rows: (usize, usize),
        open: Option<u64>,
    ) -> io::Result<Window> {
        if self.folds(ask) {
            self.around_folded(offset, rows, &ask.sections, open)
        } else {
            self.around(offset, rows)
        }
    }

    fn around(&mut self, offset: u64, (before, after): (usize, usize)) -> io::Result<Window> {
        let mut lines = Vec::new();
        let up = self.walk(offset, false, Sought::Matches, &mut |line| {
            lines.push(line);
            lines.len() < before
        })?;
        lines.reverse();
        self.budget = self.most;
        let down = if offset == u64::MAX {
            Walk::Edge
        } else {
            let enough = lines.len() + after;
            self.walk(offset, true, Sought::Matches, &mut |line| {
                lines.push(line);
                lines.len() < enough
            })?
        };
        Ok(Window {
            lines,
            at: None,
            at_number: None,
            at_start: up == Walk::Edge,
            at_end: down == Walk::Edge,
            looking: up == Walk::TooFar || down == Walk::TooFar,
            unfolded: Vec::new(),
        })
    }

    fn find(&mut self, what: Landmark, offset: u64, forward: bool) -> io::Result<(Option<u64>, Walk)> {
        let (from, forward, sought) = match what {
            Landmark::Hit => (offset, forward, Sought::Hits),
            Landmark::Error => (offset, forward, Sought::Grave(Level::Error)),
            Landmark::Warning => (offset, forward, Sought::Grave(Level::Warning)),
            Landmark::Traceback => (offset, forward, Sought::Traceback),
            Landmark::Section => (offset, forward, Sought::Title(folded::ANY)),
            Landmark::Part(part) => (self.part(part), true, Sought::Matches),
            Landmark::Time(when) => {
                let Some(newest) = self.newest else { return Ok((None, Walk::Edge)) };
                let time = civil(when.resolve(newest));
                (self.before_time(time)?, true, Sought::From(time))
            }
            Landmark::Line(number) => match self.levels.before_row(number) {
                Some(offset) => (offset, true, Sought::Line(number)),
                None => return Ok((None, Walk::TooFar)),
            },
            Landmark::Epoch(..) => return Ok((None, Walk::Edge)),
            Landmark::Step(step) => (self.before_step(step)?, true, Sought::Step(step)),
        };
        let mut found = None;
        let walk = self.walk(from, forward, sought, &mut |line| {
            found = Some(line.spot.offset);
            false
        })?;
        self.budget = self.most;
        Ok((found, walk))
    }

    /// The byte that so much of the file stands before.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part from 0 to 1 of a length; casts saturate"
    )]
    fn part(&self, part: f64) -> u64 {
        let byte = self.file.len() as f64 * part.clamp(0.0, 1.0);
        (byte as u64).min(self.file.len().saturating_sub(1))
    }

    /// The how manieth hit the line at `offset` is, from 1.
    pub(super) fn number(&mut self, offset: u64) -> io::Result<Option<u64>> {
        if self.asked.sieve.search.is_none() {
            return Ok(None);
        }
        let Some(stretch) = self.file.stretch_at(offset)? else { return Ok(None) };
        let Some(before) = self.asked.table.sums_before(&stretch) else { return Ok(None) };
        let mut within = 0;
        self.hand_out(&stretch, stretch.start, true, Sought::Hits, &mut |line| {
            within += u64::from(line.spot.offset <= offset);
            line.spot.offset < offset
        })?;
        Ok(Some(before.hits.visible(self.hidden) + within))
    }

    /// Hands out the lines `sought`, from `offset` on to the end, or from before it back to the start, until `each` has enough.
    fn walk(
        &mut self,
        offset: u64,
        forward: bool,
        sought: Sought,
        each: &mut dyn FnMut(LogLine) -> bool,
    ) -> io::Result<Walk> {
        let len = self.file.len();
        let first = if forward { offset } else { offset.min(len).saturating_sub(1) };
        let mut next =
            if forward && offset >= len || !forward && offset == 0 || len == 0 { None } else { Some(first) };
        while let Some(place) = next {
            let Some(stretch) = self.stretch(place, forward, sought)? else { return Ok(Walk::Edge) };
            let Some(holds) = self.holds(&stretch, sought)? else { return Ok(Walk::TooFar) };
            if holds && !self.hand_out(&stretch, offset, forward, sought, each)? {
                return Ok(Walk::Enough);
            }
            next = if forward {
                Some(stretch.end).filter(|&end| end < len)
            } else {
                stretch.start.checked_sub(1)
            };
        }
        Ok(Walk::Edge)
    }

    /// Whether a stretch may hold what is sought; `None` when finding that out would take too long for now.
    fn holds(&mut self, stretch: &Stretch, sought: Sought) -> io::Result<Option<bool>> {
        let known = self.known(stretch, sought);
        if known.is_none() && self.budget == 0 || (self.stop)() {
            return Ok(None);
        }
        match known {
            Some(holds) => Ok(Some(holds)),
            None => self.probe(stretch, sought).map(Some),
        }
    }

    /// Whether a cell may hold what is sought, as far as levels tell.
    fn levels_allow(&self, cell: &Levels, sought: Sought) -> bool {
        let grave = |class: Class| {
            !self.hidden.has(class) && cell.messages.get(class as usize).is_some_and(|n| *n > 0)
        };
        match sought {
            Sought::Grave(Level::Warning) => grave(Class::Error) || grave(Class::Warning),
            Sought::Grave(_) => grave(Class::Error),
            Sought::Traceback => {
                any(&cell.rows, self.hidden) && cell.rows.get(Class::Error as usize) != Some(&0)
            }
            Sought::Title(ranks) => cell.titles & ranks != 0,
            Sought::Shown => any(&cell.rows, self.hidden) || cell.titles != 0,
            _ => any(&cell.rows, self.hidden),
        }
    }

    /// The same by filter and search.
    fn sieve_allows(&self, cell: &Passed, sought: Sought) -> bool {
        if sought == Sought::Hits { any(&cell.hits, self.hidden) } else { any(&cell.matched, self.hidden) }
    }

    /// Whether the sieve's counts tell anything about what is sought.
    fn sieve_tells(&self, sought: Sought) -> bool {
        !self.asked.sieve.is_empty() && (sought == Sought::Hits || !self.asked.sieve.passes_all())
    }

    /// Whether the stretch may hold what is sought, as far as it was counted; `None` when that tells nothing.
    fn known(&self, stretch: &Stretch, sought: Sought) -> Option<bool> {
        let by_level = self.levels.of(stretch).map(|cell| self.levels_allow(&cell, sought));
        if !self.sieve_tells(sought) {
            return by_level;
        }
        let by_sieve = self.asked.table.of(stretch).map(|cell| self.sieve_allows(&cell, sought));
        match (by_level, by_sieve) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (_, by_sieve) => by_sieve,
        }
    }

    /// The same by a quick look at a stretch that was not counted: most of them are not worth reading line by line.
    fn probe(&mut self, stretch: &Stretch, sought: Sought) -> io::Result<bool> {
        let by_sieve = self.sieve_tells(sought);
        let by_level = !self.hidden.is_empty()
            || matches!(sought, Sought::Grave(_) | Sought::Traceback | Sought::Title(_));
        if !by_sieve && !by_level {
            return Ok(true);
        }
        self.budget = self.budget.saturating_sub(stretch.end - stretch.start);
        let (mut holds, mut left, mut rows) = (true, Left::default(), Vec::new());
        let sieve = &self.asked.sieve;
        let (mut passed, mut levels) = (None, None);
        self.file.sweep(stretch.start, stretch.end, &mut self.cache.piece, &mut |file, stretch, bytes| {
            let mut piece = Piece { file, stretch, bytes };
            if by_sieve {
                passed = Some(scan::passed(&mut piece, sieve, &mut left, &mut rows)?);
            } else {
                levels = Some(scan::levels(&mut piece, &mut left, &mut rows)?);
            }
            Ok(false)
        })?;
        holds &= passed.is_none_or(|cell| self.sieve_allows(&cell, sought));
        holds &= levels.is_none_or(|cell| self.levels_allow(&cell, sought));
        Ok(holds)
    }

    /// The stretch to read next, beyond all that are known to hold nothing.
    fn stretch(&mut self, place: u64, forward: bool, sought: Sought) -> io::Result<Option<Stretch>> {
        let mut to = place;
        loop {
            let before = to;
            let by_level = self.levels.skip_to(to, forward, &|cell| self.levels_allow(cell, sought));
            let Some(next) = by_level else { return Ok(None) };
            to = next;
            if self.sieve_tells(sought) {
                let by_sieve = self.asked.table.skip_to(to, forward, &|cell| self.sieve_allows(cell, sought));
                let Some(next) = by_sieve else { return Ok(None) };
                to = next;
            }
            if to == before {
                break;
            }
        }
        if to == place {
            return self.file.stretch_at(place);
        }
        // a skip leads to a cell that may hold something, or to where nothing is counted yet
        if forward { self.file.stretch_of_cell(to) } else { self.file.stretch_of_cell_or_before(to) }
    }

    fn hand_out(
        &mut self,
        stretch: &Stretch,
        offset: u64,
        forward: bool,
        sought: Sought,
        each: &mut dyn FnMut(LogLine) -> bool,
    ) -> io::Result<bool> {
        let before = self.levels.sums_before(stretch).map(|sums| sums.rows.visible(Classes::default()));
        let filtered = !self.asked.sieve.passes_all();
        let passing = match sought {
            _ if !filtered => None,
            Sought::Title(_) => Some(self.passing_of(stretch)?),
            _ => Some(self.passing(stretch)?),
        };
        let hidden = self.hidden;
        let mut wanted = 0_u32;
        let mut take = |(index, line): (u32, LogLine)| -> bool {
            let beyond = if forward { line.spot.offset >= offset } else { line.spot.offset < offset };
            let shown = sought == Sought::Shown && line.section.is_some();
            if !beyond || hidden.has(line.class()) && !shown {
                return true;
            }
            let number = before.map(|before| before + u64::from(index) + 1);
            // among lines that were picked out there are no sections
            let section = line.section.clone().filter(|_| !filtered || matches!(sought, Sought::Title(_)));
            let line = LogLine { number, section, ..line };
            if !is_sought(&line, sought) {
                return true;
            }
            wanted += 1;
            each(line)
        };
        let sieve = &self.asked.sieve;
        let goes_on = match &passing {
            Some(passing) if forward => passing.iter().cloned().all(&mut take),
            Some(passing) => passing.iter().rev().cloned().all(&mut take),
            None => {
                let lines = self.cache.lines(self.file, stretch)?;
                let search = sieve.search.as_ref();
                let reveal = self.reveal;
                let mut marked = |(index, kept): (u32, &Kept)| {
                    let at = kept.line.spot.offset;
                    let beyond = if forward { at >= offset } else { at < offset };
                    !beyond || take((index, kept.shown(search, reveal)))
                };
                let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
                if forward {
                    (0..count).zip(lines.iter()).all(&mut marked)
                } else {
                    (0..count).rev().zip(lines.iter().rev()).all(&mut marked)
                }
            }
        };
        // what is counted, or gave a line, is read for a reason; the rest is searching
        if wanted == 0 {
            self.budget = self.budget.saturating_sub(stretch.end - stretch.start);
        }
        Ok(goes_on)
    }
}

impl Gather<'_> {
    /// The number under which lines are kept: those with their secrets are others.
    fn kind(&self) -> u64 {
        self.asked.number * 2 + u64::from(self.reveal)
    }

    /// The lines of the stretch that pass the filter.
    fn passing(&mut self, stretch: &Stretch) -> io::Result<Passing> {
        if let Some(known) = self.cache.passing(self.kind(), stretch) {
            return Ok(known);
        }
        let passing = if self.cache.holds(stretch) {
            self.passing_of(stretch)?
        } else {
            self.cache.sift(self.file, stretch, &self.asked.sieve, self.reveal)?
        };
        self.cache.keep_passing(self.kind(), stretch, &passing);
        Ok(passing)
    }

    /// The same, all lines of the stretch being read.
    fn passing_of(&mut self, stretch: &Stretch) -> io::Result<Passing> {
        let sieve = &self.asked.sieve;
        let lines = self.cache.lines(self.file, stretch)?;
        let passing = (0..).zip(lines.iter()).filter(|(_, kept)| sieve.passes(&kept.read()));
        Ok(passing.map(|(index, kept)| (index, kept.shown(sieve.search.as_ref(), self.reveal))).collect())
    }
}

fn is_sought(line: &LogLine, sought: Sought) -> bool {
    match sought {
        Sought::Matches | Sought::Shown => true,
        Sought::Title(ranks) => line.section.as_ref().is_some_and(|section| ranks & (1 << section.rank) != 0),
        Sought::Hits => !line.hits.is_empty(),
        Sought::Grave(level) => line.level >= Some(level) && line.kind == LineKind::Text,
        Sought::Traceback => {
            line.level >= Some(Level::Error)
                && memmem::find(line.text.as_bytes(), b"Traceback (most recent call last)").is_some()
        }
        Sought::From(time) => line.moment.is_some_and(|moment| civil(moment) >= time),
        Sought::Line(number) => line.number >= Some(number),
        Sought::Step(step) => logplace::step(&line.text).is_some_and(|own| own >= step),
    }
}

/// A place as others name it.
pub(super) fn spot(offset: Option<u64>) -> Option<Spot> {
    offset.map(Spot::at)
}
