//! The log that is followed: its last lines first, then each line once, when it is whole.
//!
//! Memory is bounded whatever is in the file: it is read stretch by stretch, and of what is told only the last lines are kept
//! until the end has been reached for the first time.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::parse::format::Head;
use crate::parse::logrows::Row;
use crate::parse::redact::Block;
use crate::parse::redact::Redactor;
use crate::report::follow::Look;
use crate::report::follow::Said;
use crate::report::follow::Teller;
use crate::report::follow::Verbosity;
use crate::report::lines::Reader;
use crate::source::logfile::LogFile;
use crate::source::logfile::Seen;
use crate::source::logfile::Stretch;
use crate::source::tail::Restart;

/// So far back the last lines are looked for, each time when the time before was not enough.
const BACK: [u64; 3] = [256 << 10, 4 << 20, 64 << 20];
/// So many bytes of the beginning are looked through for the setup, where the end had too little to tell.
const SETUP: u64 = 1 << 20;

/// What a look at the file gave.
pub(super) enum Looked {
    /// Nothing to say.
    Quiet,
    /// It begins anew.
    Restarted(&'static str),
    /// It is not there.
    Gone,
    /// It cannot be read.
    Failed(io::Error),
}

/// A file that is followed.
pub(super) struct Log {
    file: LogFile,
    /// As its run calls it.
    name: String,
    verbosity: Verbosity,
    redactor: Redactor,
    /// Whether a key in PEM form goes on.
    block: Block,
    reader: Option<Reader>,
    teller: Teller,
    /// Rows before this byte have been told.
    next: u64,
    buffer: Vec<u8>,
}

impl Log {
    pub(super) fn new(path: PathBuf, name: String, verbosity: Verbosity, redactor: Redactor) -> Self {
        Self {
            file: LogFile::new(path),
            name,
            verbosity,
            redactor,
            block: Block::default(),
            reader: None,
            teller: Teller::new(verbosity),
            next: 0,
            buffer: Vec::new(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Looks whether the file has changed.
    pub(super) fn look(&mut self) -> Looked {
        match self.file.look() {
            Seen::Same | Seen::Grown => Looked::Quiet,
            Seen::Restarted(how) => {
                self.next = 0;
                self.reader = None;
                self.teller = Teller::new(self.verbosity);
                Looked::Restarted(match how {
                    Restart::Truncated => "truncated",
                    Restart::Rewritten => "rewritten",
                    Restart::Replaced => "replaced by another file",
                })
            }
            Seen::Gone => Looked::Gone,
            Seen::Failed(error) => Looked::Failed(error),
        }
    }

    /// The last `count` lines that are told, oldest first. What comes later goes on behind them.
    pub(super) fn last(&mut self, count: usize, look: Look) -> io::Result<Vec<Said>> {
        let mut kept: VecDeque<Said> = VecDeque::new();
        for back in BACK {
            let from = self.file.len().saturating_sub(back);
            let start = match self.file.stretch_at(from)? {
                Some(stretch) if from > 0 => stretch.start,
                _ => 0,
            };
            kept.clear();
            self.begin_at(start)?;
            self.on(false, look, &mut |said| {
                if kept.len() >= count {
                    kept.pop_front();
                }
                if count > 0 {
                    kept.push_back(said);
                }
                true
            })?;
            if start == 0 || kept.len() >= count {
                break;
            }
            if BACK.last() == Some(&back) {
                let mut setup = self.setup(count - kept.len(), start, look)?;
                setup.extend(kept);
                kept = setup;
            }
        }
        Ok(kept.into())
    }

    /// The last `count` lines of the setup, which stands before byte `end`.
    fn setup(&mut self, count: usize, end: u64, look: Look) -> io::Result<VecDeque<Said>> {
        let mut kept = VecDeque::new();
        let head = self.file.head()?;
        let mut reader = Reader::new(&Head { path: &self.name, bytes: &head });
        let mut teller = Teller::new(self.verbosity);
        let (redactor, mut block) = (&self.redactor, Block::default());
        let mut next = self.file.stretch_at(0)?;
        while let Some(stretch) = next.filter(|stretch| stretch.end <= SETUP.min(end)) {
            self.file.rows(&stretch, &mut self.buffer, &mut |row| {
                if reader.has_begun() {
                    return;
                }
                let safe = redactor.redact_in(&mut block, row.text);
                let entry = reader.read(&Row { text: safe.text(), ..*row });
                teller.tell(&entry, look, &mut |said| {
                    if kept.len() >= count {
                        kept.pop_front();
                    }
                    kept.push_back(said);
                });
            })?;
            if reader.has_begun() {
                break;
            }
            next = self.file.stretch_after(&stretch)?;
        }
        Ok(kept)
    }

    fn begin_at(&mut self, start: u64) -> io::Result<()> {
        let head = self.file.head()?;
        let head = Head { path: &self.name, bytes: &head };
        self.reader = Some(if start == 0 { Reader::new(&head) } else { Reader::in_the_middle(&head) });
        self.teller = Teller::new(self.verbosity);
        self.block = Block::default();
        self.next = start;
        Ok(())
    }

    /// Tells the lines that have become whole; with `all`, the unfinished last one as well. `told` answers whether to go on.
    pub(super) fn on(&mut self, all: bool, look: Look, told: &mut dyn FnMut(Said) -> bool) -> io::Result<()> {
        if self.reader.is_none() {
            self.begin_at(0)?;
        }
        let whole = all || self.file.is_line_ended()?;
        let len = self.file.len();
        let mut next = self.file.stretch_at(self.next)?;
        let mut goes_on = true;
        while let Some(stretch) = next.filter(|_| goes_on) {
            let last = stretch.end >= len;
            let without_last = last && !whole;
            goes_on = self.stretch(&stretch, without_last, look, told)?;
            next = if last { None } else { self.file.stretch_after(&stretch)? };
        }
        if all && goes_on {
            self.teller.rest(look, &mut |said| {
                told(said);
            });
        }
        Ok(())
    }

    /// Tells the rows of a stretch, without its last one where that is to be held back.
    fn stretch(
        &mut self,
        stretch: &Stretch,
        without_last: bool,
        look: Look,
        told: &mut dyn FnMut(Said) -> bool,
    ) -> io::Result<bool> {
        let Self { file, reader, teller, next, buffer, redactor, block, .. } = self;
        let Some(reader) = reader else { return Ok(true) };
        let mut goes_on = true;
        let mut hand_on = |row: &Row<'_>| {
            if row.offset < *next {
                return;
            }
            *next = row.offset + 1;
            let safe = redactor.redact_in(block, row.text);
            let entry = reader.read(&Row { text: safe.text(), ..*row });
            teller.tell(&entry, look, &mut |said| goes_on = goes_on && told(said));
        };
        if !without_last {
            file.rows(stretch, buffer, &mut hand_on)?;
            return Ok(goes_on);
        }
        let mut held: Option<(u64, String, bool, u64)> = None;
        file.rows(stretch, buffer, &mut |row| {
            if let Some((offset, text, redrawn, cut)) = held.take() {
                hand_on(&Row { offset, text: &text, redrawn, cut });
            }
            held = Some((row.offset, row.text.to_owned(), row.redrawn, row.cut));
        })?;
        Ok(goes_on)
    }
}
