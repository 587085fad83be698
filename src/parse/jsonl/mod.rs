//! JSON lines: one object a line, whoever wrote it.
//!
//! Two spellings of job and service logs (`ts`/`msg`/`fields` and `timestamp`/`message`/`context`), loguru's and structlog's
//! rows, and plain metrics of any shape (detectron2, mmengine, LLaMA-Factory, stable-baselines3, DETR). A row ends at `\n` and
//! nowhere else; one that is not a whole object says nothing; a line longer than [`ROW_LIMIT`] is passed over as it streams by.

mod event;
mod row;
pub(crate) mod scan;
mod speak;
mod time;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use memchr::memchr;

use crate::model::record::Origin;
use crate::model::record::Sink;
use crate::model::run::SourceKind;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;

pub use speak::Rows;

pub(crate) use event::level as level_of;
pub(crate) use event::says_cancelled;
pub(crate) use event::stage;

/// Bytes that a row may have; what is longer cannot be a log row and is not kept.
pub const ROW_LIMIT: usize = 4 << 20;

/// The format.
pub const SPEC: Spec =
    Spec { kind: SourceKind::JsonLines, reading: Reading::Appended, sniff, new: || Box::new(Lines::new()) };

/// Whether the first line is an object that a line of its own holds.
fn sniff(head: &Head<'_>) -> u8 {
    let text = String::from_utf8_lossy(head.bytes);
    let text = text.trim_start_matches(['\u{feff}', '\0', ' ', '\t', '\r', '\n']);
    if !text.starts_with('{') {
        return 0;
    }
    let named = [".jsonl", ".ndjson", ".jsonlines"].iter().any(|end| head.path.ends_with(end));
    let document = head.path.ends_with(".json");
    let whole = |line: &str| {
        let mut scan = scan::Scanner::new(line);
        scan.open().is_some() && scan.begins_with_key() && scan.skip().is_some() && scan.is_over()
    };
    match text.split_once('\n') {
        Some((first, _)) if named => {
            if whole(first) {
                95
            } else {
                20
            }
        }
        Some((first, rest)) if whole(first) => {
            if document && rest.trim().is_empty() {
                60
            } else {
                90
            }
        }
        Some(_) => 0,
        // one line that does not end in the head: a long row, or a document on one line
        None if named => 80,
        None if document => 0,
        None if whole(text) || head.bytes.len() >= 4096 => 50,
        None => 0,
    }
}

/// The reader of a file.
#[derive(Debug)]
pub struct Lines {
    rows: Rows,
    /// The beginning of a row whose end has not come.
    rest: Vec<u8>,
    /// Bytes of that row, whether they were kept or not.
    held: u64,
    /// The row is over the limit: all up to its end is passed over.
    over: bool,
    /// The row was taken as it stood in a silence: what is to come is its newline.
    taken: bool,
    line: u64,
    offset: u64,
}

impl Default for Lines {
    fn default() -> Self {
        Self::new()
    }
}

impl Lines {
    /// A reader that has read nothing yet.
    pub fn new() -> Self {
        Self { rows: Rows::new(), rest: Vec::new(), held: 0, over: false, taken: false, line: 0, offset: 0 }
    }

    fn row(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let taken = std::mem::take(&mut self.taken);
        if taken && bytes.trim_ascii().is_empty() {
            return;
        }
        self.line += 1;
        let origin = Origin { line: self.line, offset: self.offset, time: None };
        let text = clean(bytes);
        if self.over || (!text.trim_ascii().is_empty() && !self.rows.line(&text, &origin, sink)) {
            sink.line(None, false, &origin);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.held += bytes.len() as u64;
        if self.over || self.rest.len() + bytes.len() > ROW_LIMIT {
            self.over = true;
            self.rest = Vec::new();
        } else {
            self.rest.extend_from_slice(bytes);
        }
    }
}

/// A row's text: no byte-order mark, none of the NULs that a sparse file begins with.
fn clean(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let nulls = bytes.iter().take_while(|b| **b == 0).count();
    let bytes = bytes.get(nulls..).unwrap_or_default();
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

impl Format for Lines {
    fn push(&mut self, mut bytes: &[u8], sink: &mut dyn Sink) {
        while let Some(end) = memchr(b'\n', bytes) {
            let (head, tail) = bytes.split_at(end);
            bytes = tail.get(1..).unwrap_or_default();
            if self.held == 0 && head.len() <= ROW_LIMIT {
                self.row(head, sink);
                self.offset += head.len() as u64 + 1;
            } else {
                self.keep(head);
                let whole = std::mem::take(&mut self.rest);
                self.row(&whole, sink);
                self.offset += std::mem::take(&mut self.held) + 1;
                self.over = false;
            }
        }
        self.keep(bytes);
    }

    fn rest(&mut self, sink: &mut dyn Sink) {
        // a row that was written without its newline is as good as any other once its brace is closed; an open one is not
        let origin = Origin { line: self.line + 1, offset: self.offset, time: None };
        if !self.over && self.rows.line(&clean(&self.rest), &origin, sink) {
            self.line += 1;
            self.offset += std::mem::take(&mut self.held);
            self.rest = Vec::new();
            self.taken = true;
        }
    }
}
