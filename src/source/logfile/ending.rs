//! Whether the last line of a file is whole: who reads a growing file line by line must not take half of one.

use std::io;

use super::Encoding;
use super::LogFile;

impl LogFile {
    /// Whether the bytes seen at the last look end with a line's end; so does a file without bytes.
    pub fn is_line_ended(&self) -> io::Result<bool> {
        let newline: &[u8] = match self.encoding() {
            Encoding::Utf8 => b"\n",
            Encoding::Utf16Le => &[b'\n', 0],
            Encoding::Utf16Be => &[0, b'\n'],
        };
        let size = newline.len() as u64;
        if self.len == 0 {
            return Ok(true);
        }
        let mut last = [0; 2];
        let Some(last) = last.get_mut(..newline.len()) else { return Ok(false) };
        let read = self.read_at(self.len.saturating_sub(size), last)?;
        Ok(last.get(..read) == Some(newline))
    }

    /// The first bytes, as many as tell what format the file is of.
    pub fn head(&self) -> io::Result<Vec<u8>> {
        let mut head = vec![0; 4 << 10];
        let read = self.read_at(0, &mut head)?;
        head.truncate(read);
        Ok(head)
    }
}
