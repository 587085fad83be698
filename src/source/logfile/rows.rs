//! The rows of a stretch. Memory is bounded: of a huge line only its first and its last bytes are read.

use std::io;

use memchr::memchr;
use memchr::memrchr;

use super::Encoding;
use super::LogFile;
use super::Stretch;
use super::breaks::CELL;
use crate::parse::logrows;
use crate::parse::logrows::Row;

/// Bytes that a sweep reads at once: enough to make the reading cheap, and little enough to stay near the processor.
const PIECE: u64 = 4 * CELL;

/// A stretch up to this size is read whole.
const WHOLE: u64 = 4 * CELL;

/// Takes a stretch with its bytes; answers whether to go on.
pub type EachStretch<'a> = &'a mut dyn FnMut(&mut LogFile, &Stretch, Option<&[u8]>) -> io::Result<bool>;

impl LogFile {
    /// Hands out the rows of `stretch`. `buffer` is lent so that a scan allocates nothing.
    pub fn rows(
        &self,
        stretch: &Stretch,
        buffer: &mut Vec<u8>,
        row: &mut dyn FnMut(&Row<'_>),
    ) -> io::Result<()> {
        let size = stretch.end - stretch.start;
        if size <= WHOLE {
            let bytes = self.fill(stretch.start, size, buffer)?;
            self.rows_of(bytes, stretch.start, row);
            return Ok(());
        }
        // Only the last line of a stretch can leave its cell: all others stand in the first part.
        let head = self.fill(stretch.start, 2 * CELL, buffer)?;
        let within = usize::try_from(CELL).unwrap_or(usize::MAX).min(head.len());
        let lines = memrchr(b'\n', head.get(..within).unwrap_or_default()).map_or(0, |at| at + 1);
        self.rows_of(head.get(..lines).unwrap_or_default(), stretch.start, row);
        let offset = stretch.start + lines as u64;
        let begin = head.get(lines..).unwrap_or_default().to_vec();
        let tail_at = stretch.end - CELL;
        let tail = self.fill(tail_at, CELL, buffer)?;
        if memchr(b'\r', tail).is_some_and(|at| at + 2 < tail.len()) || memchr(8, tail).is_some() {
            let from = memchr(b'\r', tail).or_else(|| memchr(8, tail)).unwrap_or(0);
            let tail = tail.get(from..).unwrap_or_default();
            logrows::line(tail.strip_suffix(b"\n").unwrap_or(tail), offset, row);
        } else {
            let end = stretch.end - u64::from(tail.ends_with(b"\n"));
            let left_out = (end - offset).saturating_sub(begin.len() as u64);
            let begin = decoded(self.encoding(), &begin);
            logrows::line(&begin, offset, &mut |r| row(&Row { cut: r.cut + left_out, ..*r }));
        }
        Ok(())
    }

    /// The line that begins at `offset`, without its end: all of it, or its last bytes with the number of those left out before.
    pub fn line(&self, offset: u64) -> io::Result<(Vec<u8>, u64)> {
        let mut line = Vec::new();
        let mut place = offset;
        let mut buffer = Vec::new();
        while place < self.len() {
            let bytes = self.fill(place, PIECE.min(self.len() - place), &mut buffer)?;
            if bytes.is_empty() {
                break;
            }
            let end = memchr(b'\n', bytes);
            line.extend_from_slice(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default());
            place += bytes.len() as u64;
            // a bar's oldest draws are worth the least
            if line.len() > 2 * usize::try_from(PIECE).unwrap_or(usize::MAX) {
                let surplus = line.len() - usize::try_from(PIECE).unwrap_or(0);
                line.drain(..surplus);
            }
            if let Some(end) = end {
                place = place - bytes.len() as u64 + end as u64;
                break;
            }
        }
        let left_out = (place.saturating_sub(offset)).saturating_sub(line.len() as u64);
        Ok((decoded(self.encoding(), &line), left_out))
    }

    fn fill<'b>(&self, offset: u64, size: u64, buffer: &'b mut Vec<u8>) -> io::Result<&'b [u8]> {
        buffer.resize(usize::try_from(size).unwrap_or(0), 0);
        let read = self.read_at(offset, buffer)?;
        Ok(buffer.get(..read).unwrap_or_default())
    }

    /// Hands out the rows that begin in the last `size` bytes of `stretch`, but for one that may begin before.
    pub fn last_rows(
        &self,
        stretch: &Stretch,
        size: u64,
        buffer: &mut Vec<u8>,
        row: &mut dyn FnMut(&Row<'_>),
    ) -> io::Result<()> {
        let from = stretch.end.saturating_sub(size).max(stretch.start);
        if self.encoding() != Encoding::Utf8 {
            return Ok(());
        }
        let bytes = self.fill(from, stretch.end - from, buffer)?;
        let Some(newline) = memchr(b'\n', bytes) else { return Ok(()) };
        let rest = bytes.get(newline + 1..).unwrap_or_default();
        self.rows_of(rest, from + newline as u64 + 1, row);
        Ok(())
    }

    /// Hands out the rows that end in the first `size` bytes of `stretch`.
    pub fn first_rows(
        &self,
        stretch: &Stretch,
        size: u64,
        buffer: &mut Vec<u8>,
        row: &mut dyn FnMut(&Row<'_>),
    ) -> io::Result<()> {
        if self.encoding() != Encoding::Utf8 {
            return Ok(());
        }
        let whole = stretch.end - stretch.start <= size;
        let bytes = self.fill(stretch.start, size.min(stretch.end - stretch.start), buffer)?;
        let end = if whole { Some(bytes.len()) } else { memrchr(b'\n', bytes).map(|at| at + 1) };
        self.rows_of(end.and_then(|end| bytes.get(..end)).unwrap_or_default(), stretch.start, row);
        Ok(())
    }

    /// Hands out the stretches from `from`, which one of them begins at, until one begins at `to` or behind it, or `each` has enough:
    /// each with its bytes, or without them when it is too large for that. The file is read in large pieces.
    pub fn sweep(
        &mut self,
        from: u64,
        to: u64,
        buffer: &mut Vec<u8>,
        each: EachStretch<'_>,
    ) -> io::Result<()> {
        let mut place = from;
        while place < to && place < self.len() {
            let read = self.fill(place, PIECE.min(self.len() - place), buffer)?.len();
            let ends = place + read as u64 >= self.len();
            let mut done = 0;
            while place + (done as u64) < to && done < read {
                let start = place + done as u64;
                let border = (start / CELL + 1) * CELL;
                let from = usize::try_from(border - 1 - place).unwrap_or(usize::MAX).min(read);
                let newline = if self.encoding() == Encoding::Utf8 {
                    memchr(b'\n', buffer.get(from..read).unwrap_or_default())
                } else {
                    None
                };
                let Some(bytes) = newline.map(|at| from + at + 1) else { break };
                let stretch = Stretch { start, end: place + bytes as u64, closed: true };
                let text = buffer.get(done..bytes).filter(|text| text.len() as u64 <= WHOLE);
                if !each(self, &stretch, text)? {
                    return Ok(());
                }
                done = bytes;
            }
            if done > 0 && !ends {
                place += done as u64;
                continue;
            }
            // one line that fills the piece, the last lines of the file, or no single bytes: the long way
            let start = place + done as u64;
            if start >= to || start >= self.len() {
                return Ok(());
            }
            let stretch = self.stretch_from(start)?;
            let text = (stretch.end <= place + read as u64 && stretch.end - start <= WHOLE)
                .then(|| buffer.get(done..usize::try_from(stretch.end - place).unwrap_or(0)))
                .flatten();
            if !each(self, &stretch, text)? {
                return Ok(());
            }
            place = stretch.end;
        }
        Ok(())
    }

    /// Whether the bytes of a line are its text, and not another encoding of it.
    pub(crate) fn is_bytes(&self) -> bool {
        self.encoding() == Encoding::Utf8
    }

    /// Hands out the rows of the bytes of a stretch, or of some of its lines, which begin at `offset`. UTF-16 is decoded line by
    /// line, so that every row keeps the byte it begins at.
    pub fn rows_of(&self, bytes: &[u8], offset: u64, row: &mut dyn FnMut(&Row<'_>)) {
        let encoding = self.encoding();
        if encoding == Encoding::Utf8 {
            let bom = if offset == 0 && bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
            let skip = |r: &Row<'_>, row: &mut dyn FnMut(&Row<'_>)| {
                row(&Row { offset: if r.offset == bom { 0 } else { r.offset }, ..*r });
            };
            let rest = bytes.get(usize::try_from(bom).unwrap_or(0)..).unwrap_or_default();
            logrows::each(rest, offset + bom, &mut |r| skip(r, row));
            return;
        }
        let mut start = 0;
        while start < bytes.len() {
            let rest = bytes.get(start..).unwrap_or_default();
            let len =
                rest.chunks(2).position(|unit| is_newline(encoding, unit)).map_or(rest.len(), |n| n * 2);
            let text = decoded(encoding, rest.get(..len).unwrap_or_default());
            logrows::line(&text, offset + start as u64, row);
            start += len + 2;
        }
    }
}

fn is_newline(encoding: Encoding, unit: &[u8]) -> bool {
    match encoding {
        Encoding::Utf16Le => unit == [b'\n', 0],
        Encoding::Utf16Be => unit == [0, b'\n'],
        Encoding::Utf8 => unit.first() == Some(&b'\n'),
    }
}

fn decoded(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
    let unit = match encoding {
        Encoding::Utf8 => return bytes.to_vec(),
        Encoding::Utf16Le => u16::from_le_bytes,
        Encoding::Utf16Be => u16::from_be_bytes,
    };
    let units = bytes.chunks(2).filter_map(|pair| Some(unit(pair.try_into().ok()?)));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|&c| c != '\u{feff}')
        .collect::<String>()
        .into_bytes()
}
