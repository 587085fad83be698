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

/// A stretch up to this size is read whole.
const WHOLE: u64 = 4 * CELL;

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
            self.decode(bytes, stretch.start, row);
            return Ok(());
        }
        // Only the last line of a stretch can leave its cell: all others stand in the first part.
        let head = self.fill(stretch.start, 2 * CELL, buffer)?;
        let within = usize::try_from(CELL).unwrap_or(usize::MAX).min(head.len());
        let lines = memrchr(b'\n', head.get(..within).unwrap_or_default()).map_or(0, |at| at + 1);
        self.decode(head.get(..lines).unwrap_or_default(), stretch.start, row);
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

    fn fill<'b>(&self, offset: u64, size: u64, buffer: &'b mut Vec<u8>) -> io::Result<&'b [u8]> {
        buffer.resize(usize::try_from(size).unwrap_or(0), 0);
        let read = self.read_at(offset, buffer)?;
        Ok(buffer.get(..read).unwrap_or_default())
    }

    /// UTF-16 is decoded line by line, so that every row keeps the byte it begins at.
    fn decode(&self, bytes: &[u8], offset: u64, row: &mut dyn FnMut(&Row<'_>)) {
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
