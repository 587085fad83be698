//! Follows one file that another program writes, through everything that can happen to it.
//!
//! A file is its device, its inode, its length and the prints of the bytes that were read (`prints.rs`); what two looks mean
//! together is decided on plain values (`decide.rs`). A file is read with `pread` alone, never mapped: a log that shrinks under
//! a mapping ends the program.
//!
//! What cannot be seen, and why it does not matter or cannot be helped:
//! - a file that is rewritten in place to the same length is noticed when its times move, and known as another by its first 256
//!   bytes or the 64 before the cursor. A change between these is not noticed. Documents that are rewritten whole are read
//!   again whenever [`Tailer::version`] moves, so this concerns logs only, which nobody edits in the middle;
//! - two changes within one tick of the file system's clock (1 to 4 ms, seconds on some network file systems), with a look
//!   between them and the length the same: the second is noticed with the next change;
//! - what was appended to a file between the last look and its renaming is read to the end when it is held open; when it was
//!   closed to save descriptors, it is lost to us, as its new name is nobody's.

mod decide;
mod prints;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::fs::Metadata;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::model::stamp::Stamp;

use decide::Known;
use decide::Path as Standing;
use decide::Stat;
use decide::Step;
use prints::Prints;

/// Why reading begins again at the first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// It is shorter than it was.
    Truncated,
    /// Same file, other beginning: truncated and grown past the old length, or rewritten in place.
    Rewritten,
    /// Another file stands at the path.
    Replaced,
}

/// What a look at a file showed.
#[derive(Debug)]
pub enum Look {
    /// Nothing new.
    Same,
    /// There are bytes to read. They may be the last ones of a file whose name is gone or another's already: these come
    /// first, and the look after they are read tells of the rest.
    Grown,
    /// All that was read is void: what follows is read from the first byte.
    Restarted(Restart),
    /// No file at the path.
    Gone,
    /// It cannot be looked at or read (permission, I/O error, stale handle); it is tried again at the next look.
    Failed(io::Error),
}

/// A cursor in a file.
#[derive(Debug)]
pub struct Tailer {
    path: PathBuf,
    offset: u64,
    len: u64,
    version: u64,
    stat: Option<Stat>,
    file: Option<File>,
    prints: Prints,
    /// Another file stands at the path: the old one is read up to here. A writer that still holds it may go on for ever.
    drain_to: Option<u64>,
}

impl Tailer {
    /// A cursor at the first byte of `path`; nothing is opened yet.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            offset: 0,
            len: 0,
            version: 0,
            stat: None,
            file: None,
            prints: Prints::new(),
            drain_to: None,
        }
    }

    /// Looks at the file: costs a `stat`, and a read of its first bytes and of the last ones before the cursor when it changed.
    pub fn look(&mut self) -> Look {
        let meta = match std::fs::metadata(&self.path) {
            // the server has another file under the name that the kernel remembers: ask again, without what we hold
            Err(error) if error.kind() == io::ErrorKind::StaleNetworkFileHandle => {
                self.close();
                std::fs::metadata(&self.path)
            }
            other => other,
        };
        let now = match meta {
            Ok(meta) if meta.is_file() => Standing::File(stat_of(&meta)),
            Ok(meta) if !self.rests() => return Look::Failed(no_plain_file(&meta)),
            Ok(_) => Standing::Missing,
            Err(error) if missing(&error) => Standing::Missing,
            Err(error) => return Look::Failed(error),
        };
        match self.weigh(now) {
            Ok(look) => look,
            Err(error) if missing(&error) => Look::Gone,
            Err(error) => Look::Failed(error),
        }
    }

    fn weigh(&mut self, now: Standing) -> io::Result<Look> {
        let step = decide::decide(&self.known(now), now);
        let Standing::File(stat) = now else {
            if step == Step::Drain {
                self.len = self.held().map_or(self.len, |held| held.len);
                return Ok(Look::Grown);
            }
            return Ok(Look::Gone);
        };
        Ok(match step {
            Step::Same | Step::Grown | Step::First => self.carry_on(stat),
            Step::Compare if self.opened()?.is_some_and(|same| same) => self.carry_on(stat),
            Step::Compare => self.restart(stat, Restart::Rewritten),
            Step::CompareDevice => {
                self.file = None;
                let before = self.stat.replace(stat);
                match self.opened() {
                    Ok(Some(true)) => {
                        self.version += 1;
                        self.carry_on(stat)
                    }
                    Ok(_) => self.restart(stat, Restart::Replaced),
                    Err(error) => {
                        self.stat = before;
                        return Err(error);
                    }
                }
            }
            Step::Truncated => self.restart(stat, Restart::Truncated),
            Step::Replaced | Step::Gone => self.restart(stat, Restart::Replaced),
            Step::Drain => {
                let len = self.held().map_or(self.len, |held| held.len);
                self.drain_to.get_or_insert(len);
                self.len = len;
                Look::Grown
            }
        })
    }

    /// What is known before a look. What the descriptor says is asked only where it can matter.
    fn known(&self, now: Standing) -> Known {
        let same = match (now, self.stat) {
            (Standing::File(now), Some(before)) => now.ino == before.ino && now.dev == before.dev,
            _ => false,
        };
        let mut held = if same { None } else { self.held() };
        if let (Some(held), Some(to)) = (held.as_mut(), self.drain_to) {
            held.len = held.len.min(to);
        }
        Known { stat: self.stat, offset: self.offset, held }
    }

    fn held(&self) -> Option<Stat> {
        self.file.as_ref().and_then(|file| file.metadata().ok()).map(|meta| stat_of(&meta))
    }

    /// Whether the file that is held has bytes that were not read.
    fn rests(&self) -> bool {
        self.held().is_some_and(|held| held.len > self.offset)
    }

    /// The same file as before.
    fn carry_on(&mut self, stat: Stat) -> Look {
        if self.stat != Some(stat) {
            self.version += 1;
        }
        self.stat = Some(stat);
        self.len = stat.len;
        self.drain_to = None;
        if stat.len > self.offset { Look::Grown } else { Look::Same }
    }

    /// What was read is void.
    fn restart(&mut self, stat: Stat, why: Restart) -> Look {
        if why == Restart::Replaced {
            self.file = None;
        }
        self.version += 1;
        self.stat = Some(stat);
        self.len = stat.len;
        self.offset = 0;
        self.prints = Prints::new();
        self.drain_to = None;
        Look::Restarted(why)
    }

    /// Whether the file holds what was read of it; `None` when another one stands at the path.
    fn opened(&mut self) -> io::Result<Option<bool>> {
        let (offset, prints) = (self.offset, self.prints);
        let Some(file) = self.open()? else { return Ok(None) };
        match prints.hold(file, offset) {
            Err(error) if error.kind() == io::ErrorKind::StaleNetworkFileHandle => {
                self.close();
                let Some(file) = self.open()? else { return Ok(None) };
                prints.hold(file, offset).map(Some)
            }
            other => other.map(Some),
        }
    }

    /// The open file; `None` when another one than was looked at stands at the path.
    fn open(&mut self) -> io::Result<Option<&File>> {
        if self.file.is_none() {
            // a pipe that has taken the file's place must not hold us up
            let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
            let file =
                OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(&self.path)?;
            let meta = file.metadata()?;
            if !meta.is_file() {
                return Err(no_plain_file(&meta));
            }
            let stat = stat_of(&meta);
            let known = self.stat.get_or_insert(stat);
            if (known.dev, known.ino) != (stat.dev, stat.ino) {
                return Ok(None);
            }
            self.file = Some(file);
        }
        Ok(self.file.as_ref())
    }

    /// Reads on from the cursor. 0 at the end of the file.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.read_at(self.offset, buffer)?;
        if let Some(bytes) = buffer.get(..read) {
            self.prints.feed(self.offset, bytes);
        }
        self.offset = self.offset.saturating_add(read as u64);
        self.len = self.len.max(self.offset);
        Ok(read)
    }

    /// Reads at `offset` without moving the cursor (the newest end before the history).
    pub fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut reopened = false;
        loop {
            let read = match self.open() {
                Ok(Some(file)) => file.read_at(buffer, offset),
                Ok(None) => return Ok(0),
                // the next look tells
                Err(error) if missing(&error) => return Ok(0),
                Err(error) => Err(error),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::StaleNetworkFileHandle && !reopened => {
                    self.close();
                    reopened = true;
                }
                other => return other,
            }
        }
    }

    /// Closes the file to save a descriptor; the next look or read opens it again and knows it by its identity.
    pub fn close(&mut self) {
        self.file = None;
    }

    /// Whether it holds a descriptor.
    pub fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How far it has read.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Size at the last look.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the file was empty at the last look.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Last modification at the last look.
    pub fn modified(&self) -> Option<Stamp> {
        self.stat.map(|stat| stat.stamp())
    }

    /// Counts the looks that found the file other than the look before, in whatever way: a document that is rewritten whole is
    /// read again when this has moved, also where its length has not.
    pub fn version(&self) -> u64 {
        self.version
    }
}

fn stat_of(meta: &Metadata) -> Stat {
    Stat {
        dev: meta.dev(),
        ino: meta.ino(),
        len: meta.len(),
        modified: (meta.mtime(), meta.mtime_nsec()),
        changed: (meta.ctime(), meta.ctime_nsec()),
    }
}

fn missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn no_plain_file(meta: &Metadata) -> io::Error {
    if meta.is_dir() {
        io::Error::from(io::ErrorKind::IsADirectory)
    } else {
        io::Error::new(io::ErrorKind::InvalidInput, "is no plain file any more")
    }
}
