//! Follows one file that another program writes, through everything that can happen to it.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::stamp::Stamp;

/// Why reading begins again at the first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// It is shorter than what was read.
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
    /// There are bytes to read.
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
    modified: Option<Stamp>,
}

impl Tailer {
    /// A cursor at the first byte of `path`; nothing is opened yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path, offset: 0, len: 0, modified: None }
    }

    /// Looks at the file: costs a `stat`, and a read of its first bytes when it changed.
    pub fn look(&mut self) -> Look {
        Look::Same
    }

    /// Reads on from the cursor. 0 at the end of the file.
    pub fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }

    /// Reads at `offset` without moving the cursor (the newest end before the history).
    pub fn read_at(&mut self, _offset: u64, _buffer: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }

    /// Closes the file to save a descriptor; the next look or read opens it again and knows it by its identity.
    pub fn close(&mut self) {}

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
        self.modified
    }
}
