//! One file of a run, from its bytes to what they amount to.
//!
//! A long file is read from two sides. Its newest end (and its first lines, which name totals) are understood at once by a
//! reader that runs ahead; the history is read behind it in slices by a second one, which takes over when it has caught up.
//! Nothing that was read ahead is counted twice: the first reader's figures are thrown away then.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::model::facts::Facts;
use crate::model::run::{Source, SourceKind, UNREADABLE};
use crate::model::stamp::Stamp;
use crate::parse::format::{self, Format, Head, Reading, Spec};
use crate::parse::user::UserFormats;
use crate::source::tail::{Look, Restart, Tailer};
use crate::track::ahead;
use crate::track::tracker::Tracker;

/// What a file is told by.
const HEAD: usize = 4096;
/// A file up to this size is read whole at the first look.
const SMALL: u64 = 256 << 10;
/// Bytes of the newest end that the first look reads.
const AHEAD_TAIL: u64 = 128 << 10;
/// Bytes of the beginning that it reads before them.
const AHEAD_HEAD: u64 = 32 << 10;
/// An unfinished last line is taken as it stands after this much silence.
const SILENCE: Duration = Duration::from_secs(2);

/// A format with the tracker that listens to it.
struct Reader {
    format: Box<dyn Format>,
    tracker: Tracker,
}

impl Reader {
    fn new(spec: &Spec, source: &Arc<str>, taught: &UserFormats) -> Self {
        let mut format = (spec.new)();
        format.teach(taught);
        Self { format, tracker: Tracker::new(Arc::clone(source)) }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.format.push(bytes, &mut self.tracker);
    }

    fn rest(&mut self) {
        self.format.rest(&mut self.tracker);
    }
}

struct Ahead {
    reader: Reader,
    offset: u64,
}

/// What a pump did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pumped {
    /// Bytes read.
    pub(super) bytes: u64,
    /// Whether there is more to read.
    pub(super) more: bool,
    /// Whether the file's figures may be others than before.
    pub(super) changed: bool,
}

/// One file of a run.
pub(super) struct SourceReader {
    path: Arc<str>,
    tailer: Tailer,
    taught: UserFormats,
    /// Whether the newest end of a long file is read first.
    ends_first: bool,
    spec: Option<&'static Spec>,
    /// Length of the file when its format was last asked for.
    sniffed_at: Option<u64>,
    full: Option<Reader>,
    ahead: Option<Ahead>,
    rested: bool,
    /// Whole documents: the length and modification that `full` was read from.
    document: Option<(u64, Option<Stamp>)>,
    note: Option<Arc<str>>,
    gone: bool,
}

impl SourceReader {
    /// The file `path` below its run, at `absolute`.
    pub(super) fn new(path: Arc<str>, absolute: PathBuf, ends_first: bool, taught: UserFormats) -> Self {
        Self {
            path,
            tailer: Tailer::new(absolute),
            taught,
            ends_first,
            spec: None,
            sniffed_at: None,
            full: None,
            ahead: None,
            rested: false,
            document: None,
            note: None,
            gone: false,
        }
    }

    pub(super) fn path(&self) -> &Arc<str> {
        &self.path
    }

    pub(super) fn absolute(&self) -> &std::path::Path {
        self.tailer.path()
    }

    pub(super) fn modified(&self) -> Option<Stamp> {
        self.tailer.modified()
    }

    /// Looks at the file; true when its content or condition has changed since the last look.
    pub(super) fn look(&mut self) -> bool {
        match self.tailer.look() {
            Look::Same => {
                let back = self.gone;
                self.gone = false;
                back
            }
            Look::Grown => {
                self.gone = false;
                self.rested = false;
                if self.note.as_deref().is_some_and(|note| note.starts_with(UNREADABLE)) {
                    self.note = None;
                }
                true
            }
            Look::Restarted(why) => {
                self.begin_again(why);
                true
            }
            Look::Gone => {
                let news = !self.gone;
                self.gone = true;
                if news {
                    self.note = Some("gone: the file is no longer there".into());
                }
                news
            }
            Look::Failed(error) => self.failed(&error),
        }
    }

    fn failed(&mut self, error: &io::Error) -> bool {
        let note: Arc<str> = format!("{UNREADABLE}: {error}").into();
        let news = self.note.as_ref() != Some(&note);
        self.note = Some(note);
        news
    }

    fn begin_again(&mut self, why: Restart) {
        self.full = None;
        self.ahead = None;
        self.spec = None;
        self.sniffed_at = None;
        self.document = None;
        self.rested = false;
        self.gone = false;
        self.note = Some(
            match why {
                Restart::Truncated => "truncated: read again from its first byte",
                Restart::Rewritten => "rewritten: read again from its first byte",
                Restart::Replaced => "replaced by another file: read from its first byte",
            }
            .into(),
        );
    }

    /// Reads on for at most about `budget` bytes. `live` marks bytes that have just been appended.
    pub(super) fn pump(&mut self, buffer: &mut [u8], budget: u64, now: Stamp, live: bool) -> Pumped {
        match self.pump_inner(buffer, budget, now, live) {
            Ok(pumped) => pumped,
            Err(error) => Pumped { changed: self.failed(&error), ..Pumped::default() },
        }
    }

    fn pump_inner(&mut self, buffer: &mut [u8], budget: u64, now: Stamp, live: bool) -> io::Result<Pumped> {
        let Some(spec) = self.recognise(buffer)? else { return Ok(Pumped::default()) };
        if let Reading::Whole { limit } = spec.reading {
            return self.document(spec, limit, now);
        }
        let mut done = Pumped::default();
        if self.full.is_none() {
            self.full = Some(Reader::new(spec, &self.path, &self.taught));
            if self.ends_first && spec.reading == Reading::Appended && self.tailer.len() > SMALL {
                done.bytes += self.start_ahead(spec, buffer)?;
                done.changed = true;
                done.more = true;
                return Ok(done);
            }
        }
        done.bytes += self.follow_ahead(buffer, now)?;
        done.changed = done.bytes > 0;
        done.bytes += self.history(buffer, budget, now, live && self.ahead.is_none())?;
        done.more = self.tailer.offset() < self.tailer.len();
        if done.more {
            return Ok(done);
        }
        done.changed |= done.bytes > 0;
        done.changed |= self.ahead.take().is_some();
        done.changed |= self.settle(now);
        Ok(done)
    }

    /// The file's format, asked for again while there is too little of it to tell.
    fn recognise(&mut self, buffer: &mut [u8]) -> io::Result<Option<&'static Spec>> {
        let len = self.tailer.len();
        let settled = self.sniffed_at.is_some_and(|at| at >= HEAD as u64 || at == len);
        // what has been read on is not given to another format any more
        if settled || (self.spec.is_some() && self.tailer.offset() > 0) || len == 0 {
            return Ok(self.spec);
        }
        let head = buffer.get_mut(..HEAD).unwrap_or_default();
        let count = self.tailer.read_at(0, head)?;
        let bytes = head.get(..count).unwrap_or_default();
        self.sniffed_at = Some(len);
        self.spec = format::sniff(&Head { path: &self.path, bytes });
        self.full = None;
        Ok(self.spec)
    }

    /// The first look at a long file: its first lines, then its newest end.
    fn start_ahead(&mut self, spec: &Spec, buffer: &mut [u8]) -> io::Result<u64> {
        let mut reader = Reader::new(spec, &self.path, &self.taught);
        let mut bytes = 0;
        let mut offset = 0;
        while offset < AHEAD_HEAD {
            let want = usize::try_from(AHEAD_HEAD - offset).unwrap_or(0).min(buffer.len());
            let count = self.tailer.read_at(offset, buffer.get_mut(..want).unwrap_or_default())?;
            if count == 0 {
                break;
            }
            let mut chunk = buffer.get(..count).unwrap_or_default();
            offset += count as u64;
            bytes += count as u64;
            if offset >= AHEAD_HEAD {
                chunk = chunk.get(..line_end(chunk)).unwrap_or(chunk);
            }
            reader.push(chunk);
        }
        let mut from = self.tailer.len().saturating_sub(AHEAD_TAIL);
        let mut first = true;
        while from < self.tailer.len() {
            let count = self.tailer.read_at(from, buffer)?;
            if count == 0 {
                break;
            }
            let chunk = buffer.get(..count).unwrap_or_default();
            let start = if first { piece_start(chunk) } else { 0 };
            first = false;
            reader.push(chunk.get(start..).unwrap_or_default());
            from += count as u64;
            bytes += count as u64;
        }
        self.ahead = Some(Ahead { reader, offset: from });
        Ok(bytes)
    }

    /// What was appended while the history is still being read.
    fn follow_ahead(&mut self, buffer: &mut [u8], now: Stamp) -> io::Result<u64> {
        let len = self.tailer.len();
        let Some(ahead) = &mut self.ahead else { return Ok(0) };
        let mut bytes = 0;
        while ahead.offset < len {
            let count = self.tailer.read_at(ahead.offset, buffer)?;
            if count == 0 {
                break;
            }
            ahead.reader.tracker.set_arrival(Some(now));
            ahead.reader.push(buffer.get(..count).unwrap_or_default());
            ahead.offset += count as u64;
            bytes += count as u64;
        }
        if bytes == 0 && silent(self.tailer.modified(), now) && !self.rested {
            ahead.reader.rest();
            self.rested = true;
        }
        Ok(bytes)
    }

    fn history(&mut self, buffer: &mut [u8], budget: u64, now: Stamp, live: bool) -> io::Result<u64> {
        let Some(full) = &mut self.full else { return Ok(0) };
        full.tracker.set_arrival(live.then_some(now));
        let mut bytes = 0;
        while bytes < budget && self.tailer.offset() < self.tailer.len() {
            let count = self.tailer.read(buffer)?;
            if count == 0 {
                break;
            }
            full.push(buffer.get(..count).unwrap_or_default());
            bytes += count as u64;
        }
        Ok(bytes)
    }

    /// Takes an unfinished last line as it stands once the file has been silent for a while.
    fn settle(&mut self, now: Stamp) -> bool {
        if self.rested || !silent(self.tailer.modified(), now) {
            return false;
        }
        self.rested = true;
        if let Some(full) = &mut self.full {
            full.rest();
        }
        true
    }

    /// When [`SourceReader::pump`] wants to be called again though nothing was appended.
    pub(super) fn settles_at(&self) -> Option<Stamp> {
        let readable = self.full.is_some() && !self.rested && !self.gone;
        let modified = self.tailer.modified()?;
        (readable && self.document.is_none()).then(|| modified.plus(SILENCE))
    }

    fn document(&mut self, spec: &Spec, limit: u64, now: Stamp) -> io::Result<Pumped> {
        let mark = (self.tailer.len(), self.tailer.modified());
        if self.document == Some(mark) {
            return Ok(Pumped::default());
        }
        if mark.0 > limit {
            self.document = Some(mark);
            let note =
                format!("not read: {} bytes are more than the {limit} that are read of such a file", mark.0);
            self.note = Some(note.into());
            return Ok(Pumped { changed: true, ..Pumped::default() });
        }
        let mut bytes = vec![0; usize::try_from(mark.0).unwrap_or(0)];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let count = self.tailer.read_at(filled as u64, rest)?;
            if count == 0 {
                break;
            }
            filled += count;
        }
        bytes.truncate(filled);
        self.document = Some(mark);
        let mut reader = Reader::new(spec, &self.path, &self.taught);
        reader.push(&bytes);
        if silent(mark.1, now) {
            reader.rest();
        }
        // a document that is just being rewritten says nothing: what it said before stands until it is whole again
        let torn = reader.format.torn();
        if torn {
            // looked at again even if its times do not change
            self.document = None;
        } else {
            self.full = Some(reader);
        }
        Ok(Pumped { bytes: filled as u64, more: false, changed: !torn })
    }

    /// What the file amounts to so far; `None` when it is of no known format.
    pub(super) fn facts(&mut self) -> Option<(SourceKind, Facts)> {
        let kind = self.spec?.kind;
        let full = self.full.as_mut()?.tracker.facts();
        match &mut self.ahead {
            Some(ahead) => Some((kind, ahead::join(ahead.reader.tracker.facts(), full))),
            None => Some((kind, full)),
        }
    }

    /// The file as the screen lists it.
    pub(super) fn describe(&self, facts: Option<&Facts>) -> Source {
        let read = match self.spec.map(|spec| spec.reading) {
            Some(Reading::Appended | Reading::Framed) => self.tailer.offset(),
            Some(Reading::Whole { .. }) if self.document.is_some() => self.tailer.len(),
            _ if self.sniffed_at.is_some() => self.tailer.len(),
            _ => 0,
        };
        Source {
            path: Arc::clone(&self.path),
            kind: self.spec.map_or(SourceKind::Other, |spec| spec.kind),
            bytes: self.tailer.len(),
            read,
            records: facts.map_or(0, |facts| facts.log_lines.total),
            modified: self.tailer.modified(),
            note: self.note.clone(),
        }
    }

    /// Gives the file descriptor back.
    pub(super) fn close(&mut self) {
        self.tailer.close();
    }
}

fn silent(modified: Option<Stamp>, now: Stamp) -> bool {
    modified.is_none_or(|modified| now.since(modified) >= SILENCE)
}

/// Past the last whole line (or redraw) of a chunk; its length when there is none.
fn line_end(chunk: &[u8]) -> usize {
    memchr::memrchr2(b'\n', b'\r', chunk).map_or(chunk.len(), |at| at + 1)
}

/// The first byte of a chunk that surely begins a line or a redraw; its length when none does.
fn piece_start(chunk: &[u8]) -> usize {
    memchr::memchr2(b'\n', b'\r', chunk).map_or(chunk.len(), |at| at + 1)
}
