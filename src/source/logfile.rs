//! A log read by byte offset, at any place of a file of any size.
//!
//! A log pane looks at the end of a file, then in its middle, then at its beginning, and the file may be larger than memory. So
//! nothing is indexed: the file is laid out in cells of [`CELL`] bytes, and the lines that begin in a cell form its stretch.
//! A stretch is the unit of reading: its rows are always replayed from its first byte to its last, so that a window and a count
//! see the same rows wherever they came from. Where a stretch begins is found by looking for a newline, which costs a few
//! kilobytes of reading except in a gigantic line, and there it is bounded too (`breaks`).
//!
//! The file is opened read-only and kept open; another program may append to it, truncate it, or put another one in its place.

use std::fs::File;
use std::io;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;

use crate::source::tail::Restart;

mod breaks;
mod ending;
mod rows;

pub use breaks::CELL;
pub use breaks::Stretch;

/// As many bytes from the beginning of a file tell it from another one with the same inode.
const FINGERPRINT: usize = 256;

/// What a look at the file showed.
#[derive(Debug)]
pub enum Seen {
    /// Nothing new.
    Same,
    /// It is longer.
    Grown,
    /// All that was read of it is void.
    Restarted(Restart),
    /// No file at the path; what was open before can still be read.
    Gone,
    /// It cannot be looked at.
    Failed(io::Error),
}

/// How the bytes of a file stand for characters, as its byte-order mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Encoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
}

#[derive(Debug)]
struct Open {
    /// `None` after an error: a stale handle is of no use any more.
    file: Option<File>,
    dev: u64,
    ino: u64,
    /// Seconds and nanoseconds of the last modification.
    modified: (i64, i64),
    /// Its first bytes, as far as they were there at the last look.
    head: Vec<u8>,
    encoding: Encoding,
}

/// A log file.
#[derive(Debug)]
pub struct LogFile {
    path: PathBuf,
    open: Option<Open>,
    len: u64,
    /// Where no newline is, from a byte to a byte: spares looking for the beginning of one huge line again and again.
    bare: (u64, u64),
    chunk: Vec<u8>,
}

impl LogFile {
    /// The file at `path`; nothing is opened before the first [`LogFile::look`].
    pub fn new(path: PathBuf) -> Self {
        Self { path, open: None, len: 0, bare: (0, 0), chunk: Vec::new() }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes at the last look.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether it had no bytes at the last look.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Looks at what stands at the path now: a `stat`, and a read of the first bytes when something changed.
    pub fn look(&mut self) -> Seen {
        match self.try_look() {
            Ok(seen) => seen,
            Err(error) if error.kind() == ErrorKind::NotFound => Seen::Gone,
            Err(error) => {
                self.let_go();
                Seen::Failed(error)
            }
        }
    }

    fn try_look(&mut self) -> io::Result<Seen> {
        let meta = std::fs::metadata(&self.path)?;
        if !meta.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file"));
        }
        let modified = (meta.mtime(), meta.mtime_nsec());
        let Some(open) = &mut self.open else {
            self.reopen()?;
            return Ok(Seen::Grown);
        };
        if (open.dev, open.ino) != (meta.dev(), meta.ino()) {
            self.reopen()?;
            return Ok(Seen::Restarted(Restart::Replaced));
        }
        if open.file.is_none() {
            open.file = Some(File::open(&self.path)?);
        }
        if meta.len() == self.len && modified == open.modified {
            return Ok(Seen::Same);
        }
        if meta.len() < self.len {
            self.reopen()?;
            return Ok(Seen::Restarted(Restart::Truncated));
        }
        let head = read_head(open.file.as_ref())?;
        if !head.starts_with(&open.head) {
            self.reopen()?;
            return Ok(Seen::Restarted(Restart::Rewritten));
        }
        open.encoding = encoding(&head);
        open.head = head;
        open.modified = modified;
        if meta.len() == self.len {
            return Ok(Seen::Same);
        }
        self.len = meta.len();
        Ok(Seen::Grown)
    }

    fn reopen(&mut self) -> io::Result<()> {
        let file = File::open(&self.path)?;
        let meta = file.metadata()?;
        let file = Some(file);
        let head = read_head(file.as_ref())?;
        self.bare = (0, 0);
        self.len = meta.len();
        self.open = Some(Open {
            dev: meta.dev(),
            ino: meta.ino(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            encoding: encoding(&head),
            head,
            file,
        });
        Ok(())
    }

    fn encoding(&self) -> Encoding {
        self.open.as_ref().map_or(Encoding::Utf8, |open| open.encoding)
    }

    /// Reads at `offset`; shorter than the buffer only at the end of the file.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self.open.as_ref().and_then(|open| open.file.as_ref()) {
            Some(file) => read_full(file, offset, buffer),
            None => Ok(0),
        }
    }

    /// Closes the file after an error; the next look opens it again and knows it by its identity.
    pub fn let_go(&mut self) {
        if let Some(open) = &mut self.open {
            open.file = None;
        }
    }
}

fn read_head(file: Option<&File>) -> io::Result<Vec<u8>> {
    let mut head = vec![0; FINGERPRINT];
    let read = file.map_or(Ok(0), |file| read_full(file, 0, &mut head))?;
    head.truncate(read);
    Ok(head)
}

fn encoding(head: &[u8]) -> Encoding {
    match head {
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        _ => Encoding::Utf8,
    }
}

fn read_full(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..)
        && !rest.is_empty()
    {
        match file.read_at(rest, offset + done as u64) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests;
