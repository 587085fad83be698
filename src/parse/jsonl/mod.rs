//! JSON lines: one object a line, whoever wrote it.
//!
//! Two spellings of job and service logs (`ts`/`msg`/`fields` and `timestamp`/`message`/`context`), loguru's and structlog's
//! rows, and plain metrics of any shape (detectron2, mmengine, LLaMA-Factory, stable-baselines3, DETR). A row ends at `\n` and
//! nowhere else; one that is not a whole object says nothing; a line longer than [`ROW_LIMIT`] is passed over as it streams by.

mod event;
mod names;
mod row;
mod said;
pub(crate) mod scan;
mod shape;
mod speak;
pub(crate) mod time;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use memchr::memchr;

use crate::model::level::Level;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;
use crate::model::run::SourceKind;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;
use crate::parse::text::TextLog;

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
    if !head.bytes.contains(&b'{') {
        return 0;
    }
    let text = head.text();
    let text = text.trim_start_matches(['\u{feff}', '\0', ' ', '\t', '\r', '\n']);
    if !text.starts_with('{') {
        return 0;
    }
    let ending = head.path.rsplit('.').next().unwrap_or_default();
    let named = matches!(ending, "jsonl" | "ndjson" | "jsonlines");
    let document = ending == "json";
    let whole = |line: &str| {
        let mut scan = scan::Scanner::new(line);
        scan.open().is_some() && scan.begins_with_key() && scan.skip().is_some() && scan.is_over()
    };
    match text.split_once('\n') {
        Some((first, _)) if named && whole(first) => 95,
        Some(_) if named => 20,
        Some((first, rest)) if whole(first) && document && rest.trim().is_empty() => 60,
        Some((first, _)) if whole(first) => 90,
        // one line that does not end in the head: a long row, or a document on one line
        None if named => 80,
        None if !document && (whole(text) || head.bytes.len() >= 4096) => 50,
        _ => 0,
    }
}

/// The reader of a file.
pub struct Lines {
    rows: Rows,
    /// Lines that are no rows (a traceback among structured rows), and messages that have nothing but their text.
    aside: Option<Box<TextLog>>,
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
        Self {
            rows: Rows::new(),
            aside: None,
            rest: Vec::new(),
            held: 0,
            over: false,
            taken: false,
            line: 0,
            offset: 0,
        }
    }

    fn row(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let taken = std::mem::take(&mut self.taken);
        if taken && bytes.trim_ascii().is_empty() {
            return;
        }
        self.line += 1;
        let origin = Origin { line: self.line, offset: self.offset, time: None };
        let text = clean(bytes);
        if text.trim_ascii().is_empty() && !self.over {
            return;
        }
        if self.over || text.len() > ROW_LIMIT {
            sink.line(None, false, &origin);
        } else if self.rows.line(&text, &origin, sink) {
            let message = self.rows.take_message();
            if let Some(message) = message {
                self.text(&message, false, &origin, sink);
            }
        } else if text.trim_ascii_start().starts_with('{') {
            // a row that was cut: half of it would be read as something else
            sink.line(None, false, &origin);
        } else {
            self.text(&text, true, &origin, sink);
        }
    }

    /// Reads text that stands among rows, as a line of its own or (not `counted`) as a part of the row that was just read.
    fn text(&mut self, text: &str, counted: bool, origin: &Origin, sink: &mut dyn Sink) {
        let aside = self.aside.get_or_insert_default();
        let mut at = At { origin: *origin, counted, sink };
        aside.push(text.as_bytes(), &mut at);
        aside.push(b"\n", &mut at);
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

/// Puts what the text's reader says at the row's place.
struct At<'a> {
    origin: Origin,
    counted: bool,
    sink: &'a mut dyn Sink,
}

impl Sink for At<'_> {
    fn record(&mut self, record: &Record<'_>, origin: &Origin) {
        self.sink.record(record, &Origin { time: self.origin.time.or(origin.time), ..self.origin });
    }

    fn line(&mut self, level: Option<Level>, progress: bool, _origin: &Origin) {
        if self.counted {
            self.sink.line(level, progress, &self.origin);
        }
    }
}

/// A row's text: no byte-order mark, none of the NULs that a sparse file begins with.
fn clean(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let nulls = bytes.iter().take_while(|b| **b == 0).count();
    let bytes = bytes.get(nulls..).unwrap_or_default();
    simdutf8::basic::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
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
