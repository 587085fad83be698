//! Where lines are written: standard output, with one line at the bottom that is redrawn in place where it is a terminal.
//!
//! The cursor is never hidden and no mode is changed, so that there is nothing to restore whatever ends the program. Nothing but
//! our own sequences is written: the texts have been cleaned where they were read.

use std::io;
use std::io::Write;

use crate::report::follow::Look;
use crate::report::follow::Said;
use crate::report::follow::Tone;

/// How to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ink {
    /// Whether the line at the bottom is redrawn in place.
    pub in_place: bool,
    /// Whether to colour.
    pub colours: bool,
    /// Whether only ASCII may be drawn.
    pub ascii: bool,
}

/// The paper.
pub(super) struct Paper {
    ink: Ink,
    /// The line at the bottom, as it stands there.
    bottom: Option<String>,
    buffer: Vec<u8>,
}

impl Paper {
    pub(super) const fn new(ink: Ink) -> Self {
        Self { ink, bottom: None, buffer: Vec::new() }
    }

    pub(super) const fn in_place(&self) -> bool {
        self.ink.in_place
    }

    /// How lines are to be written as of now.
    pub(super) fn look(&self) -> Look {
        let width = self.ink.in_place.then(width).flatten();
        Look { width, ascii: self.ink.ascii }
    }

    /// Writes a line.
    pub(super) fn line(&mut self, said: &Said) {
        self.wipe();
        let colour = match said.tone {
            _ if !self.ink.colours => "",
            Tone::Plain => "",
            Tone::Title => "\x1b[1m",
            Tone::Warning => "\x1b[33m",
            Tone::Error => "\x1b[31m",
            Tone::Faint => "\x1b[2m",
            Tone::Good => "\x1b[32m",
        };
        self.buffer.extend_from_slice(colour.as_bytes());
        self.buffer.extend_from_slice(said.text.as_bytes());
        if !colour.is_empty() {
            self.buffer.extend_from_slice(b"\x1b[0m");
        }
        self.buffer.push(b'\n');
    }

    /// Draws `text` at the bottom in place of what stands there.
    pub(super) fn bottom(&mut self, text: &str) {
        if self.bottom.as_deref() == Some(text) {
            return;
        }
        self.wipe();
        self.buffer.extend_from_slice(text.as_bytes());
        self.bottom = Some(text.to_owned());
    }

    /// Whether a line stands at the bottom.
    pub(super) const fn has_bottom(&self) -> bool {
        self.bottom.is_some()
    }

    /// The line at the bottom stays where it is.
    pub(super) fn keep_bottom(&mut self) {
        if self.bottom.take().is_some() {
            self.buffer.push(b'\n');
        }
    }

    /// Takes the line at the bottom away.
    pub(super) fn wipe(&mut self) {
        if self.bottom.take().is_some() {
            self.buffer.extend_from_slice(b"\r\x1b[K");
        }
    }

    /// Whether much is waiting to be written.
    pub(super) fn is_full(&self) -> bool {
        self.buffer.len() >= 64 << 10
    }

    /// Hands over what was written.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(&self.buffer)?;
        self.buffer.clear();
        stdout.flush()
    }
}

/// Columns that can be written to without the terminal going to a new line.
fn width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (size.ws_col > 1).then(|| usize::from(size.ws_col) - 1)
}
