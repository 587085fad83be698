//! The stretches read last, with their lines: scrolling by a line reads nothing.

use std::io;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::model::log::LineKind;
use crate::model::log::LogLine;
use crate::model::log::Spot;
use crate::model::stamp::Stamp;
use crate::parse::logkind;
use crate::parse::logline::Above;
use crate::parse::logline::Line;
use crate::parse::logline::Reader;
use crate::parse::logrows::Row;
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

/// As many stretches are kept.
const KEPT: usize = 12;

/// A line, and what a filter may ask of it besides.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) line: LogLine,
    pub(super) moment: Option<Stamp>,
    event: Option<Box<str>>,
    correlation: Option<Box<str>>,
}

impl Kept {
    fn new(row: &Row<'_>, line: &Line<'_>) -> Self {
        Self {
            moment: line.moment,
            event: line.event.map(Into::into),
            correlation: line.correlation.map(Into::into),
            line: LogLine {
                spot: Spot::at(row.offset),
                text: line.text.into(),
                body: u32::try_from(line.body).unwrap_or(0),
                level: line.level,
                kind: line.kind,
                time: line.time,
                hits: SmallVec::new(),
                cut: row.cut,
                block: line.block,
                category: logkind::category(line),
                rank: line.rank,
                redrawn: row.redrawn,
                json: line.json,
                secrets: 0,
            },
        }
    }

    /// The line as it was read.
    pub(super) fn read(&self) -> Line<'_> {
        Line {
            body: usize::try_from(self.line.body).unwrap_or(0),
            level: self.line.level,
            kind: self.line.kind,
            time: self.line.time,
            moment: self.moment,
            rank: self.line.rank,
            block: self.line.block,
            json: self.line.json,
            event: self.event.as_deref(),
            correlation: self.correlation.as_deref(),
            ..Line::plain(&self.line.text)
        }
    }
}

#[derive(Debug)]
struct Known {
    stretch: Stretch,
    lines: Arc<[Kept]>,
    left: Above,
}

/// Stretches with their lines.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// Used last, last.
    known: Vec<Known>,
    buffer: Vec<u8>,
}

impl Cache {
    /// The lines of `stretch`, of all classes.
    pub(super) fn lines(&mut self, file: &mut LogFile, stretch: &Stretch) -> io::Result<Arc<[Kept]>> {
        if let Some(at) = self.known.iter().position(|known| known.stretch == *stretch) {
            let known = self.known.remove(at);
            let lines = Arc::clone(&known.lines);
            self.known.push(known);
            return Ok(lines);
        }
        let above = match self.known.iter().find(|known| known.stretch.end == stretch.start) {
            Some(known) => known.left,
            None => left_above(file, stretch.start, &mut self.buffer)?,
        };
        let mut reader = Reader::below(above);
        let mut lines = Vec::new();
        file.rows(stretch, &mut self.buffer, &mut |row| lines.push(Kept::new(row, &reader.read(row))))?;
        let lines: Arc<[Kept]> = lines.into();
        if self.known.len() >= KEPT {
            self.known.remove(0);
        }
        self.known.push(Known { stretch: *stretch, lines: Arc::clone(&lines), left: reader.left() });
        Ok(lines)
    }

    /// The last stretch may have got more rows, or another end.
    pub(super) fn forget_open(&mut self) {
        self.known.retain(|known| known.stretch.closed);
    }
}

/// What the stretch above the one that begins at `start` leaves for its rows.
pub(super) fn left_above(file: &mut LogFile, start: u64, buffer: &mut Vec<u8>) -> io::Result<Above> {
    let Some(stretch) = file.stretch_before(start)? else { return Ok(Above::default()) };
    let mut reader = Reader::below(Above::default());
    file.rows(&stretch, buffer, &mut |row| {
        reader.read(row);
    })?;
    Ok(reader.left())
}

/// Whether a line is counted among the messages: what continues one is not a message of its own.
pub(super) const fn is_message(kind: LineKind) -> bool {
    !matches!(kind, LineKind::Continuation)
}
