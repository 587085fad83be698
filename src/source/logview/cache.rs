//! The stretches read last, with their lines: scrolling by a line reads nothing.

use std::io;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::model::log::LineKind;
use crate::model::log::LogLine;
use crate::parse::logline::Above;
use crate::parse::logline::Reader;
use crate::source::logfile::LogFile;
use crate::source::logfile::Stretch;

/// As many stretches are kept.
const KEPT: usize = 12;

#[derive(Debug)]
struct Known {
    stretch: Stretch,
    lines: Arc<[LogLine]>,
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
    pub(super) fn lines(&mut self, file: &mut LogFile, stretch: &Stretch) -> io::Result<Arc<[LogLine]>> {
        if let Some(at) = self.known.iter().position(|known| known.stretch == *stretch) {
            let known = self.known.remove(at);
            let lines = Arc::clone(&known.lines);
            self.known.push(known);
            return Ok(lines);
        }
        let above = match file.stretch_before(stretch.start)? {
            Some(before) => self.left(file, &before)?,
            None => Above::default(),
        };
        let mut reader = Reader::below(above);
        let mut lines = Vec::new();
        file.rows(stretch, &mut self.buffer, &mut |row| {
            let line = reader.read(row);
            lines.push(LogLine {
                offset: row.offset,
                text: line.text.into(),
                body: u32::try_from(line.body).unwrap_or(0),
                level: line.level,
                kind: line.kind,
                time: line.time,
                hits: SmallVec::new(),
                cut: row.cut,
            });
        })?;
        let lines: Arc<[LogLine]> = lines.into();
        if self.known.len() >= KEPT {
            self.known.remove(0);
        }
        self.known.push(Known { stretch: *stretch, lines: Arc::clone(&lines), left: reader.left() });
        Ok(lines)
    }

    fn left(&mut self, file: &LogFile, stretch: &Stretch) -> io::Result<Above> {
        match self.known.iter().find(|known| known.stretch == *stretch) {
            Some(known) => Ok(known.left),
            None => left_by(file, stretch, &mut self.buffer),
        }
    }

    /// The last stretch may have got more rows, or another end.
    pub(super) fn forget_open(&mut self) {
        self.known.retain(|known| known.stretch.closed);
    }
}

/// What the rows of `stretch` leave for those below it.
pub(super) fn left_by(file: &LogFile, stretch: &Stretch, buffer: &mut Vec<u8>) -> io::Result<Above> {
    let mut reader = Reader::brief(Above::default());
    file.rows(stretch, buffer, &mut |row| {
        reader.read(row);
    })?;
    Ok(reader.left())
}

/// Whether a line is counted among the messages: what continues one is not a message of its own.
pub(super) const fn is_message(kind: LineKind) -> bool {
    !matches!(kind, LineKind::Continuation)
}
