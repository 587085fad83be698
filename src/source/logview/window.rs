//! The lines around a place: as many matching ones as a pane needs on both sides.

use std::io;

use regex::Regex;

use super::Stop;
use super::cache::Cache;
use super::table::Sought;
use super::table::Table;
use crate::model::log::Anchor;
use crate::model::log::Classes;
use crate::model::log::LogAsk;
use crate::model::log::LogLine;
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

/// Bytes that are looked through for a window where nothing is counted yet. What is not found by then is found when the count
/// has come by.
const BUDGET: u64 = 4 << 20;

/// Spans of one line that are told: enough for any screen.
const SPANS: usize = 64;

/// Matching lines around a place.
#[derive(Debug, Default)]
pub(super) struct Window {
    pub(super) lines: Vec<LogLine>,
    pub(super) at: Option<u64>,
    pub(super) at_number: Option<u64>,
    pub(super) at_start: bool,
    pub(super) at_end: bool,
    pub(super) looking: bool,
}

/// Collects a window.
pub(super) struct Gather<'a> {
    file: &'a mut LogFile,
    cache: &'a mut Cache,
    table: &'a Table,
    hidden: Classes,
    stop: Stop<'a>,
    budget: u64,
}

/// What a walk in one direction came to.
#[derive(PartialEq, Eq)]
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
        table: &'a Table,
        hidden: Classes,
        stop: Stop<'a>,
    ) -> Self {
        Self { file, cache, table, hidden, stop, budget: BUDGET }
    }

    pub(super) fn window(&mut self, ask: &LogAsk) -> io::Result<Window> {
        let margin = ask.rows.max(1) * 2;
        match ask.anchor {
            Anchor::End => self.around(u64::MAX, ask.rows + margin, 0),
            Anchor::At { offset, above } => self.around(offset, above + margin, ask.rows + margin),
            Anchor::Hit { offset, forward } => {
                let (hit, walk) = self.hit(offset, forward)?;
                let place = hit.unwrap_or(offset);
                let mut window = self.around(place, ask.rows / 3 + margin, ask.rows + margin)?;
                window.at = hit;
                window.looking |= walk == Walk::TooFar;
                Ok(window)
            }
        }
    }

    fn around(&mut self, offset: u64, before: usize, after: usize) -> io::Result<Window> {
        let mut lines = Vec::new();
        let up = self.walk(offset, false, Sought::Matches, &mut |line| {
            lines.push(line);
            lines.len() < before
        })?;
        lines.reverse();
        self.budget = BUDGET;
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
        })
    }

    fn hit(&mut self, offset: u64, forward: bool) -> io::Result<(Option<u64>, Walk)> {
        let mut hit = None;
        let walk = self.walk(offset, forward, Sought::Hits, &mut |line| {
            hit = Some(line.offset);
            false
        })?;
        self.budget = BUDGET;
        Ok((hit, walk))
    }

    /// The how manieth hit the line at `offset` is, from 1.
    pub(super) fn number(&mut self, offset: u64) -> io::Result<Option<u64>> {
        let Some(stretch) = self.file.stretch_at(offset)? else { return Ok(None) };
        let Some(before) = self.table.hits_before(&stretch, self.hidden) else { return Ok(None) };
        let mut within = 0;
        self.hand_out(&stretch, stretch.start, true, Sought::Hits, &mut |line| {
            within += u64::from(line.offset <= offset);
            line.offset < offset
        })?;
        Ok(Some(before + within))
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
            if !self.table.has_none(&stretch, sought, self.hidden) {
                if self.budget == 0 || (self.stop)() {
                    return Ok(Walk::TooFar);
                }
                if !self.hand_out(&stretch, offset, forward, sought, each)? {
                    return Ok(Walk::Enough);
                }
            }
            next = if forward {
                Some(stretch.end).filter(|&end| end < len)
            } else {
                stretch.start.checked_sub(1)
            };
        }
        Ok(Walk::Edge)
    }

    /// The stretch to read next, beyond all that are known to hold nothing.
    fn stretch(&mut self, place: u64, forward: bool, sought: Sought) -> io::Result<Option<Stretch>> {
        let Some(to) = self.table.skip_to(place, forward, sought, self.hidden) else { return Ok(None) };
        if to == place {
            return self.file.stretch_at(place);
        }
        // a skip leads to a cell known to hold something, or to where nothing is counted yet
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
        let lines = self.cache.lines(self.file, stretch)?;
        let mut wanted = 0;
        let mut take = |line: &LogLine| -> bool {
            let beyond = if forward { line.offset >= offset } else { line.offset < offset };
            if !beyond || self.hidden.has(line.class()) {
                return true;
            }
            let patterns = &self.table.patterns;
            if patterns.filter.as_ref().is_some_and(|filter| !filter.is_match(&line.text)) {
                return true;
            }
            let mut line = line.clone();
            if let Some(search) = &patterns.search {
                mark(search, &mut line);
            }
            if sought == Sought::Hits && line.hits.is_empty() {
                return true;
            }
            wanted += 1;
            each(line)
        };
        let goes_on = if forward { lines.iter().all(&mut take) } else { lines.iter().rev().all(&mut take) };
        // what is counted, or gave a line, is read for a reason; the rest is searching
        if wanted == 0 {
            self.budget = self.budget.saturating_sub(stretch.end - stretch.start);
        }
        Ok(goes_on)
    }
}

fn mark(search: &Regex, line: &mut LogLine) {
    let spans = search
        .find_iter(&line.text)
        .take(SPANS)
        .filter_map(|found| Some((u32::try_from(found.start()).ok()?, u32::try_from(found.end()).ok()?)));
    line.hits = spans.collect();
}
