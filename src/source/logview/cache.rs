//! The stretches read last, with their lines: scrolling by a line reads nothing.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use regex::Regex;
use smallvec::SmallVec;

use super::heads::Heads;
use super::heads::Named;
use super::heads::name;
use super::sieve::Sieve;
use crate::model::log::LineKind;
use crate::model::log::LogLine;
use crate::model::log::Span;
use crate::model::log::Spot;
use crate::parse::logjson;
use crate::parse::logkind;
use crate::parse::logline::Above;
use crate::parse::logline::Line;
use crate::parse::logline::Reader;
use crate::parse::logrows::Row;
use crate::parse::logsafe::Safe;
use crate::parse::logsafe::may_hold_key;
use crate::parse::redact::Block;
use crate::parse::redact::Redactor;
use crate::parse::sections::{CONTEXT, Titles};
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

/// Spans of one line that are told: enough for any screen.
const SPANS: usize = 64;

/// Bytes at the end of a stretch that are read first for what it leaves for those below.
const TAIL: u64 = 6 << 10;

/// As many stretches are kept.
const KEPT: usize = 12;

/// Bytes behind a stretch that are looked at for the rest of a frame around a title.
const BEHIND: u64 = 2 << 10;

/// A line, and what a filter may ask of it besides.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) line: LogLine,
    event: Option<Box<str>>,
    correlation: Option<Box<str>>,
    /// What leaves the reader in its place, when it holds secrets.
    safe: Option<(Arc<str>, Safe)>,
}

impl Kept {
    fn new(row: &Row<'_>, line: &Line<'_>, safe: Option<Safe>) -> Self {
        Self {
            safe: safe.map(|safe| (Arc::from(&*safe.text), safe)),
            event: line.event.map(Into::into),
            correlation: line.correlation.map(Into::into),
            line: LogLine {
                spot: Spot::at(row.offset),
                text: line.text.into(),
                body: u32::try_from(line.body).unwrap_or(0),
                level: line.level,
                kind: line.kind,
                time: line.time,
                moment: line.moment,
                number: None,
                hits: SmallVec::new(),
                cut: row.cut,
                block: line.block,
                section: None,
                category: logkind::category(line),
                rank: line.rank,
                redrawn: row.redrawn,
                json: line.json,
                secrets: 0,
            },
        }
    }

    /// The line as it leaves the reader: without its secrets, unless they are to be seen. What `search` hits in the text as it was
    /// written is told.
    pub(super) fn shown(&self, search: Option<&Regex>, reveal: bool) -> LogLine {
        let mut line = self.line.clone();
        line.hits = search.map_or_else(SmallVec::new, |search| spans(search, &line.text));
        let Some((text, safe)) = self.safe.as_ref().filter(|_| !reveal) else { return line };
        let hit = !line.hits.is_empty();
        line.hits = if safe.maps() {
            line.hits.iter().filter_map(|hit| safe.map(*hit)).collect()
        } else {
            search.map_or_else(SmallVec::new, |search| spans(search, &safe.text))
        };
        if hit && line.hits.is_empty() {
            // what was found is hidden; that it was found is not
            line.hits.push((0, 0));
        }
        line.text = Arc::clone(text);
        line.body = u32::try_from(safe.body).unwrap_or(0);
        line.secrets = safe.secrets;
        line
    }

    /// The message without its secrets.
    pub(super) fn message(&self) -> &str {
        let (text, body): (&str, usize) = match &self.safe {
            Some((text, safe)) => (text, safe.body),
            None => (&self.line.text, usize::try_from(self.line.body).unwrap_or(0)),
        };
        text.get(body..).unwrap_or(text)
    }

    /// The line as it was read.
    pub(super) fn read(&self) -> Line<'_> {
        Line {
            body: usize::try_from(self.line.body).unwrap_or(0),
            level: self.line.level,
            kind: self.line.kind,
            time: self.line.time,
            moment: self.line.moment,
            rank: self.line.rank,
            block: self.line.block,
            json: self.line.json,
            event: self.event.as_deref(),
            correlation: self.correlation.as_deref(),
            ..Line::plain(&self.line.text)
        }
    }
}

fn spans(search: &Regex, text: &str) -> SmallVec<[Span; 2]> {
    search
        .find_iter(text)
        .take(SPANS)
        .filter_map(|found| Some((u32::try_from(found.start()).ok()?, u32::try_from(found.end()).ok()?)))
        .collect()
}

#[derive(Debug)]
struct Known {
    stretch: Stretch,
    lines: Arc<[Kept]>,
    left: Above,
    /// Whether a key in PEM form goes on behind it.
    block: Block,
    /// What of a title stands at its end.
    titles: Titles,
    /// Whether it stays as it is when the file grows: a frame at its end may get its other rule.
    settled: bool,
}

/// The lines of a stretch that pass a filter, each with its place among all lines of the stretch.
pub(super) type Passing = Arc<[(u32, LogLine)]>;

/// Lines that passed filters are kept up to this number: a screenful of rare lines comes from hundreds of stretches, which are not
/// read anew for each answer.
const PASSING: usize = 20_000;

/// Stretches with their lines.
#[derive(Debug, Default)]
pub(super) struct Cache {
    pub(super) redactor: Redactor,
    /// Used last, last.
    known: Vec<Known>,
    buffer: Vec<u8>,
    /// By filter and first byte of the stretch.
    passing: HashMap<(u64, u64), Passing>,
    passed: usize,
    /// The titles of stretches, by their first bytes, and how many they are.
    heads: HashMap<u64, Arc<Heads>>,
    headed: usize,
    /// Lent to who sweeps over stretches that are not kept.
    pub(super) piece: Vec<u8>,
}

impl Cache {
    /// An empty one, whose lines are shown without what `redactor` knows.
    pub(super) fn new(redactor: Redactor) -> Self {
        Self { redactor, ..Self::default() }
    }

    /// The lines of `stretch`, of all classes.
    pub(super) fn lines(&mut self, file: &mut LogFile, stretch: &Stretch) -> io::Result<Arc<[Kept]>> {
        if let Some(at) = self.known.iter().position(|known| known.stretch == *stretch) {
            let known = self.known.remove(at);
            let lines = Arc::clone(&known.lines);
            self.known.push(known);
            return Ok(lines);
        }
        let redactor = &self.redactor;
        let (above, mut block, mut titles) =
            match self.known.iter().find(|known| known.stretch.end == stretch.start) {
                Some(known) => (known.left, known.block, known.titles),
                None => above_and_block(file, stretch.start, redactor, &mut self.buffer)?,
            };
        let mut reader = Reader::below(above);
        let (mut lines, mut named) = (Vec::new(), Vec::new());
        file.rows(stretch, &mut self.buffer, &mut |row| {
            let line = reader.read(row);
            let safe = Safe::new(row, &line, redactor, &mut block);
            let seen = titles.row(&line).into_iter().flatten();
            named.extend(seen.filter_map(|seen| Named::of(seen, lines.len())));
            lines.push(Kept::new(row, &line, safe));
        })?;
        let (left, open, under_way) = (reader.left(), block, titles);
        let mut settled = true;
        let rows = lines.len();
        if titles.pending().is_some() {
            let behind = file.stretch_after(stretch)?;
            settled = behind.is_some_and(|behind| behind.end - behind.start > BEHIND);
            let mut more = Vec::new();
            if let Some(behind) = &behind {
                file.first_rows(behind, BEHIND, &mut self.buffer, &mut |row| {
                    if titles.pending().is_none() || more.len() == 2 {
                        return;
                    }
                    let line = reader.read(row);
                    let safe = Safe::new(row, &line, redactor, &mut block);
                    let seen = titles.row(&line).into_iter().flatten();
                    named.extend(seen.filter_map(|seen| Named::of(seen, rows + more.len())));
                    more.push(Kept::new(row, &line, safe));
                })?;
            }
            lines.extend(more);
        }
        name(&mut lines, &named);
        lines.truncate(rows);
        let lines: Arc<[Kept]> = lines.into();
        if self.known.len() >= KEPT {
            self.known.remove(0);
        }
        let known = Arc::clone(&lines);
        let titles = under_way;
        self.known.push(Known { stretch: *stretch, lines: known, left, block: open, titles, settled });
        Ok(lines)
    }

    /// The titles of `stretch`.
    pub(super) fn heads(&mut self, file: &mut LogFile, stretch: &Stretch) -> io::Result<Arc<Heads>> {
        if let Some(heads) = self.heads.get(&stretch.start) {
            return Ok(Arc::clone(heads));
        }
        let lines = self.lines(file, stretch)?;
        let heads = Arc::new(Heads::of(&lines));
        let settled = self.known.iter().any(|known| known.stretch == *stretch && known.settled);
        if stretch.closed && settled {
            if self.headed + heads.len() > PASSING {
                self.heads.clear();
                self.headed = 0;
            }
            self.headed += heads.len() + 1;
            self.heads.insert(stretch.start, Arc::clone(&heads));
        }
        Ok(heads)
    }

    /// The lines of `stretch` that pass `sieve`, of a stretch that was not read yet: of most rows nothing is made.
    pub(super) fn sift(
        &mut self,
        file: &mut LogFile,
        stretch: &Stretch,
        sieve: &Sieve,
        reveal: bool,
    ) -> io::Result<Passing> {
        let redactor = &self.redactor;
        let (above, mut block, _) = above_and_block(file, stretch.start, redactor, &mut self.buffer)?;
        let mut reader = Reader::below(above);
        let mut passing = Vec::new();
        let mut rows = 0_u32..;
        let every = sieve.asks_for_times();
        file.rows(stretch, &mut self.buffer, &mut |row| {
            let index = rows.next().unwrap_or(u32::MAX);
            let json = logjson::is_row(row.text);
            let reads = every || block.is_open() || may_hold_key(row.text) || sieve.may(row.text, json);
            if json && !reads {
                reader.level_of_json(row.text);
                return;
            }
            let line = reader.read(row);
            if reads {
                let safe = Safe::new(row, &line, redactor, &mut block);
                if sieve.passes(&line) {
                    passing.push((index, Kept::new(row, &line, safe).shown(sieve.search.as_ref(), reveal)));
                }
            }
        })?;
        Ok(passing.into())
    }

    /// Whether the lines of `stretch` are at hand.
    pub(super) fn holds(&self, stretch: &Stretch) -> bool {
        self.known.iter().any(|known| known.stretch == *stretch)
    }

    /// The lines of `stretch` that pass the filter of this number, when they were kept.
    pub(super) fn passing(&self, filter: u64, stretch: &Stretch) -> Option<Passing> {
        self.passing.get(&(filter, stretch.start)).filter(|_| stretch.closed).map(Arc::clone)
    }

    /// Keeps them.
    pub(super) fn keep_passing(&mut self, filter: u64, stretch: &Stretch, lines: &Passing) {
        if !stretch.closed {
            return;
        }
        if self.passed + lines.len() > PASSING {
            self.passing.clear();
            self.passed = 0;
        }
        self.passed += lines.len() + 1;
        self.passing.insert((filter, stretch.start), Arc::clone(lines));
    }

    /// The last stretch may have got more rows, or another end.
    pub(super) fn forget_open(&mut self) {
        self.known.retain(|known| known.stretch.closed && known.settled);
    }
}

/// What the stretch above the one that begins at `start` leaves for its rows.
pub(super) fn left_above(file: &mut LogFile, start: u64, buffer: &mut Vec<u8>) -> io::Result<Above> {
    let mut reader = Reader::below(Above::default());
    each_above(file, start, buffer, &mut |row, again| {
        if again {
            reader = Reader::below(Above::default());
        }
        reader.read(row);
        reader.is_settled()
    })?;
    Ok(reader.left())
}

/// The same, whether a key in PEM form goes on from there, and what of a title does.
fn above_and_block(
    file: &mut LogFile,
    start: u64,
    redactor: &Redactor,
    buffer: &mut Vec<u8>,
) -> io::Result<(Above, Block, Titles)> {
    let (mut reader, mut block) = (Reader::below(Above::default()), Block::default());
    let (mut titles, mut rows) = (Titles::default(), 0);
    each_above(file, start, buffer, &mut |row, again| {
        if again {
            (reader, block) = (Reader::below(Above::default()), Block::default());
            titles.pass();
        }
        titles.row(&reader.read(row));
        redactor.redact_in(&mut block, row.text);
        rows += 1;
        reader.is_settled() && rows >= CONTEXT
    })?;
    Ok((reader.left(), block, titles))
}

/// Hands out the last rows above `start`, from one on that says everything about itself: what stands before it leaves nothing for
/// those below. Only when there is none, or the rows do not settle the reader, are all rows of the stretch handed out, `again`
/// with the first of them.
fn each_above(
    file: &mut LogFile,
    start: u64,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(&Row<'_>, bool) -> bool,
) -> io::Result<()> {
    let Some(stretch) = file.stretch_before(start)? else { return Ok(()) };
    let mut settled = false;
    if stretch.end - stretch.start > TAIL {
        let (mut probe, mut speaks) = (Reader::default(), false);
        file.last_rows(&stretch, TAIL, buffer, &mut |row| {
            speaks |= probe.alone(row).is_some();
            if speaks {
                settled = each(row, false);
            }
        })?;
    }
    let mut again = true;
    if !settled {
        file.rows(&stretch, buffer, &mut |row| {
            each(row, std::mem::take(&mut again));
        })?;
    }
    Ok(())
}

/// Whether a line is counted among the messages: what continues one is not a message of its own.
pub(super) const fn is_message(kind: LineKind) -> bool {
    !matches!(kind, LineKind::Continuation)
}
