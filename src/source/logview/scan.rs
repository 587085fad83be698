//! Counts the lines of one stretch: by level for everybody, or those that pass a sieve.
//!
//! The answer is always that of reading each row ([`slowly`]). The quick ways around it only prove that there is nothing to read.

use std::io;

use memchr::memchr;
use memchr::memchr_iter;
use memchr::memrchr;

use super::cache::is_message;
use super::cache::left_above;
use super::sieve::Sieve;
use crate::model::log::Class;
use crate::model::log::LineKind;
use crate::parse::logjson;
use crate::parse::logline::Above;
use crate::parse::logline::Line;
use crate::parse::logline::Reader;
use crate::parse::logrows;
use crate::parse::logrows::Row;
use crate::parse::sections::Titles;
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

/// Lines by class.
pub(super) type Few = [u32; Class::COUNT];

/// Lines of one stretch by level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Levels {
    pub(super) rows: Few,
    pub(super) messages: Few,
    /// The ranks of titles that it may hold, each a bit: a frame at its end may go on behind it.
    pub(super) titles: u8,
}

/// Lines of one stretch that pass, and those of them that are hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Passed {
    pub(super) rows: u32,
    pub(super) matched: Few,
    pub(super) hits: Few,
}

/// A stretch that is to be counted.
pub(super) struct Piece<'a> {
    pub(super) file: &'a mut LogFile,
    pub(super) stretch: &'a Stretch,
    /// Its bytes, unless it is too large.
    pub(super) bytes: Option<&'a [u8]>,
}

impl Piece<'_> {
    fn rows(&self, buffer: &mut Vec<u8>, row: &mut dyn FnMut(&Row<'_>)) -> io::Result<()> {
        match self.bytes {
            Some(bytes) => self.file.rows_of(bytes, self.stretch.start, row),
            None => self.file.rows(self.stretch, buffer, row)?,
        }
        Ok(())
    }
}

/// What stands above the stretch that is counted next, when the one before it was read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Left {
    /// Where the next stretch begins.
    end: u64,
    above: Above,
}

impl Left {
    fn above(self, file: &mut LogFile, start: u64, buffer: &mut Vec<u8>) -> io::Result<Above> {
        if self.end == start && start > 0 { Ok(self.above) } else { left_above(file, start, buffer) }
    }
}

/// Counts by level.
pub(super) fn levels(piece: &mut Piece<'_>, left: &mut Left, buffer: &mut Vec<u8>) -> io::Result<Levels> {
    let (start, end) = (piece.stretch.start, piece.stretch.end);
    let above = left.above(piece.file, start, buffer)?;
    let mut counted = Levels::default();
    let mut reader = Reader::brief(above);
    let mut titles = Titles::default();
    let mut read = |reader: &mut Reader, titles: &mut Titles, row: &Row<'_>| {
        let line = reader.read(row);
        for seen in titles.row(&line).into_iter().flatten() {
            counted.titles |= 1 << seen.rank;
        }
        let class = Class::of(line.level, line.kind);
        bump(&mut counted.rows, class);
        if is_message(line.kind) {
            bump(&mut counted.messages, class);
        }
    };
    match piece.bytes.filter(|bytes| begins_row(bytes) && piece.file.is_bytes() && logrows::is_even(bytes)) {
        Some(bytes) => {
            // JSON rows are many and long, and of each only the level is asked
            let mut json = Few::default();
            let mut passed = 0;
            let text = simdutf8::basic::from_utf8(bytes).ok();
            each_line(bytes, &mut |from, to| match text.and_then(|text| text.get(from..to)) {
                Some(row) if logjson::is_row(row) && row.len() <= logrows::ROW_MAX => {
                    passed |= titles.pass().map_or(0, |rank| 1 << rank);
                    bump(&mut json, Class::of(reader.level_of_json(row), LineKind::Text));
                }
                _ => {
                    logrows::line(bytes.get(from..to).unwrap_or_default(), start + from as u64, &mut |row| {
                        read(&mut reader, &mut titles, row);
                    });
                }
            });
            counted.titles |= passed;
            for (class, n) in json.into_iter().enumerate() {
                for few in [&mut counted.rows, &mut counted.messages] {
                    if let Some(count) = few.get_mut(class) {
                        *count += n;
                    }
                }
            }
        }
        None => piece.rows(buffer, &mut |row| read(&mut reader, &mut titles, row))?,
    }
    counted.titles |= titles.ranks_under_way();
    *left = Left { end, above: reader.left() };
    Ok(counted)
}

fn begins_row(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{\"")
}

/// Hands out where each line begins and ends, its newline left out.
fn each_line(bytes: &[u8], line: &mut dyn FnMut(usize, usize)) {
    let mut start = 0;
    for newline in memchr_iter(b'\n', bytes) {
        line(start, newline);
        start = newline + 1;
    }
    if start < bytes.len() {
        line(start, bytes.len());
    }
}

/// Counts the lines that pass `sieve`.
pub(super) fn passed(
    piece: &mut Piece<'_>,
    sieve: &Sieve,
    left: &mut Left,
    buffer: &mut Vec<u8>,
) -> io::Result<Passed> {
    let quick = match (piece.bytes, sieve.raw()) {
        (_, None) => None,
        (Some(bytes), Some(raw)) if piece.file.is_bytes() && logrows::is_even(bytes) => {
            even(bytes, piece.stretch.start, raw, sieve)
        }
        _ => by_rows(piece, sieve, buffer)?,
    };
    match quick {
        Some(passed) => Ok(passed),
        None => slowly(piece, sieve, left, buffer),
    }
}

/// Where rows are what their bytes say: the bytes are searched. `None` when a row that may pass cannot be judged alone.
fn even(bytes: &[u8], start: u64, raw: &regex::bytes::Regex, sieve: &Sieve) -> Option<Passed> {
    let ends = u32::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX);
    let mut passed =
        Passed { rows: ends + u32::from(!bytes.ends_with(b"\n") && !bytes.is_empty()), ..Passed::default() };
    let mut reader = Reader::default();
    let mut from = 0;
    while let Some(found) = raw.find_at(bytes, from) {
        let begin = memrchr(b'\n', bytes.get(..found.start())?).map_or(0, |at| at + 1);
        let end = memchr(b'\n', bytes.get(found.start()..)?).map_or(bytes.len(), |at| found.start() + at);
        let mut judged = true;
        logrows::line(bytes.get(begin..end)?, start + begin as u64, &mut |row| {
            judged = judge(row, sieve, &mut reader, &mut passed);
        });
        if !judged {
            return None;
        }
        from = end + 1;
        if from >= bytes.len() {
            break;
        }
    }
    Some(passed)
}

/// Where rows are to be made first: each is asked whether it may pass.
fn by_rows(piece: &Piece<'_>, sieve: &Sieve, buffer: &mut Vec<u8>) -> io::Result<Option<Passed>> {
    let mut passed = Passed::default();
    let mut judged = true;
    let mut reader = Reader::default();
    piece.rows(buffer, &mut |row| {
        passed.rows += 1;
        if judged && sieve.may(row.text, logjson::is_row(row.text)) {
            judged = judge(row, sieve, &mut reader, &mut passed);
        }
    })?;
    Ok(judged.then_some(passed))
}

/// Counts a row that may pass. Returns whether it could be judged without those above it.
fn judge(row: &Row<'_>, sieve: &Sieve, reader: &mut Reader, passed: &mut Passed) -> bool {
    let Some(line) = reader.alone(row) else { return false };
    // a row without a time of its own has that of a row above
    if line.time.is_none() && sieve.asks_for_times() {
        return false;
    }
    count(&line, sieve, passed);
    true
}

fn count(line: &Line<'_>, sieve: &Sieve, passed: &mut Passed) {
    let class = Class::of(line.level, line.kind);
    if sieve.passes(line) {
        bump(&mut passed.matched, class);
        if sieve.hits(line.text) {
            bump(&mut passed.hits, class);
        }
    }
}

/// Reads each row.
fn slowly(piece: &mut Piece<'_>, sieve: &Sieve, left: &mut Left, buffer: &mut Vec<u8>) -> io::Result<Passed> {
    let (start, end) = (piece.stretch.start, piece.stretch.end);
    let above = left.above(piece.file, start, buffer)?;
    let mut passed = Passed::default();
    let mut reader = if sieve.asks_for_levels_alone() { Reader::brief(above) } else { Reader::below(above) };
    piece.rows(buffer, &mut |row| {
        passed.rows += 1;
        count(&reader.read(row), sieve, &mut passed);
    })?;
    *left = Left { end, above: reader.left() };
    Ok(passed)
}

/// Counts one line.
pub(super) fn bump(few: &mut Few, class: Class) {
    if let Some(count) = few.get_mut(class as usize) {
        *count += 1;
    }
}
