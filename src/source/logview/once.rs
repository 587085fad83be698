//! One look through a whole log, from its first line to its last: what the command line asks.
//!
//! Filters are those of the pane, line for line. What the sieve proves to hold nothing is not read.

use std::io;

use memchr::memchr_iter;
use memchr::memmem;

use super::cache::left_above;
use super::sieve::Sieve;
use crate::model::log::LogQuery;
use crate::model::stamp::Stamp;
use crate::parse::logline::Above;
use crate::parse::logline::Line;
use crate::parse::logline::Reader;
use crate::parse::logrows;
use crate::parse::logrows::Row;
use crate::parse::logsafe::Safe;
use crate::parse::logsafe::may_hold_key;
use crate::parse::redact::Block;
use crate::parse::redact::Redactor;
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

/// Takes a line that matches; answers whether to go on.
pub type Each<'a> = &'a mut dyn FnMut(&Row<'_>, &Line<'_>) -> bool;

/// Hands out the lines of the file `name` that pass `query`, as it was at its last look, and returns how many lines there are. A
/// pattern that does not compile is an error of the kind `InvalidInput`.
///
/// What is handed out holds no secret that `redactor` knows; filters are asked of the lines as they were written.
pub fn once(
    file: &mut LogFile,
    name: &str,
    query: &LogQuery,
    redactor: &Redactor,
    each: Each<'_>,
) -> io::Result<u64> {
    let newest = newest(file)?;
    let sieve =
        Sieve::new(query, name, newest).map_err(|what| io::Error::new(io::ErrorKind::InvalidInput, what))?;
    let (redactor, block, buffer) = (redactor.clone(), Block::default(), Vec::new());
    let mut looking = Looking { sieve, redactor, block, left: (0, Above::default()), rows: 0, buffer };
    let mut pieces = Vec::new();
    let len = file.len();
    file.sweep(0, len, &mut pieces, &mut |file, stretch, bytes| looking.stretch(file, stretch, bytes, each))?;
    Ok(looking.rows)
}

/// The newest time that the last lines tell.
fn newest(file: &mut LogFile) -> io::Result<Option<Stamp>> {
    let len = file.len();
    Ok(if len == 0 { None } else { left_above(file, len, &mut Vec::new())?.time() })
}

struct Looking {
    sieve: Sieve,
    redactor: Redactor,
    /// Whether a key in PEM form goes on.
    block: Block,
    /// What stands above the stretch that begins at this byte.
    left: (u64, Above),
    rows: u64,
    buffer: Vec<u8>,
}

impl Looking {
    fn stretch(
        &mut self,
        file: &mut LogFile,
        stretch: &Stretch,
        bytes: Option<&[u8]>,
        each: Each<'_>,
    ) -> io::Result<bool> {
        if let (Some(raw), Some(bytes)) = (self.sieve.raw(), bytes)
            && file.is_bytes()
            && logrows::is_even(bytes)
            && !self.block.is_open()
            && !raw.is_match(bytes)
            && memmem::find(bytes, b"PRIVATE KEY-----").is_none()
        {
            let open = !bytes.ends_with(b"\n") && !bytes.is_empty();
            self.rows += memchr_iter(b'\n', bytes).count() as u64 + u64::from(open);
            return Ok(true);
        }
        let above = if self.left.0 == stretch.start {
            self.left.1
        } else {
            left_above(file, stretch.start, &mut self.buffer)?
        };
        let Self { sieve, rows, buffer, redactor, block, .. } = self;
        // a level costs less to know than a text
        if sieve.asks_for_levels_alone() {
            let mut brief = Reader::brief(above);
            let (mut seen, mut passing) = (0, false);
            rows_of(file, stretch, bytes, buffer, &mut |row| {
                seen += 1;
                passing |= sieve.passes(&brief.read(row));
            })?;
            if !passing {
                *rows += seen;
                self.left = (stretch.end, brief.left());
                return Ok(true);
            }
        }
        let mut reader = Reader::below(above);
        let mut goes_on = true;
        rows_of(file, stretch, bytes, buffer, &mut |row| {
            *rows += 1;
            let line = reader.read(row);
            let passes = goes_on && sieve.passes(&line);
            if !passes {
                if block.is_open() || may_hold_key(row.text) {
                    redactor.redact_in(block, row.text);
                }
                return;
            }
            goes_on = match Safe::new(row, &line, redactor, block) {
                None => each(row, &line),
                Some(safe) => {
                    let row = Row { text: &safe.row, ..*row };
                    each(&row, &Line { text: &safe.text, body: safe.body, ..line })
                }
            };
        })?;
        self.left = (stretch.end, reader.left());
        Ok(goes_on)
    }
}

fn rows_of(
    file: &LogFile,
    stretch: &Stretch,
    bytes: Option<&[u8]>,
    buffer: &mut Vec<u8>,
    row: &mut dyn FnMut(&Row<'_>),
) -> io::Result<()> {
    match bytes {
        Some(bytes) => file.rows_of(bytes, stretch.start, row),
        None => file.rows(stretch, buffer, row)?,
    }
    Ok(())
}
