//! Text logs: lines and redraws of any program to records.
//!
//! Each segment goes down one path: a bar of the tqdm family is handed on at once (the hot path); anything else loses its
//! logger's prefix and is shown to tracebacks, to the shapes of single frameworks, to phrases, dicts and tables, and at last to
//! the generic engine. What nobody is sure of is passed over.

mod caption;
pub(crate) mod dict;
mod fields;
pub mod form;
mod found;
mod headings;
pub(crate) mod improved;
mod movement;
pub(crate) mod number;
pub(crate) mod out;
mod phrase;
mod plan;
pub(crate) mod prefix;
mod reader;
pub(super) mod row;
mod rows;
mod spoken;
mod table;
pub(crate) mod time;
mod traceback;
pub(crate) mod words;

use crate::model::record::Sink;
use crate::model::run::SourceKind;

use super::format::Format;
use super::format::Head;
use super::format::Reading;
use super::format::Spec;
use super::split::Pieces;
use super::split::Segment;
use super::split::Splitter;
use super::split::Taken;
use super::user::UserFormats;

use self::reader::Reader;

/// Text logs, as the table of formats has them.
pub const SPEC: Spec =
    Spec { kind: SourceKind::TextLog, reading: Reading::Appended, sniff, new: || Box::<TextLog>::default() };

/// A text log that is being read.
pub struct TextLog {
    splitter: Splitter,
    reader: Reader,
}

impl Default for TextLog {
    fn default() -> Self {
        Self { splitter: Splitter::new(), reader: Reader::new() }
    }
}

impl Format for TextLog {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let Self { splitter, reader } = self;
        splitter.feed(bytes, &mut Listener { reader, sink });
    }

    fn rest(&mut self, sink: &mut dyn Sink) {
        let Self { splitter, reader } = self;
        splitter.rest(&mut |segment: &Segment<'_>| reader.segment(segment, &mut *sink));
        reader.rest(sink);
    }

    fn teach(&mut self, formats: &UserFormats) {
        self.reader.teach(formats);
    }
}

/// The reader, and who hears of what it reads.
struct Listener<'a> {
    reader: &'a mut Reader,
    sink: &'a mut dyn Sink,
}

impl Pieces for Listener<'_> {
    fn segment(&mut self, segment: &Segment<'_>) {
        self.reader.segment(segment, self.sink);
    }

    #[inline]
    fn is_expecting(&self) -> bool {
        self.reader.expects_redraws()
    }

    #[inline]
    fn redraws(&mut self, bytes: &[u8], offset: u64, line: u64) -> Taken {
        self.reader.redraws(bytes, offset, line, self.sink)
    }
}

/// How sure it is that a file is a text log: any text may be one, and every other format is surer of its own files.
fn sniff(head: &Head<'_>) -> u8 {
    let bytes = head.bytes;
    let ending = head.path.rsplit_once('.').map_or("", |(_, ending)| ending);
    if bytes.is_empty() || NO_LOGS.contains(&ending) {
        return 0;
    }
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if utf16 {
        return 5;
    }
    // nearly all logs have none of what is counted below
    let odd = |byte: u8| byte < 0x07 || (0x0e..0x20).contains(&byte) && byte != 0x1b;
    if !bytes.iter().fold(false, |any, byte| any | odd(*byte)) {
        return 5;
    }
    // a file that was truncated under its writer has long runs of NULs; binary data has short ones, and other control bytes.
    // What is named like a log may hold a few all the same: torn writes and C programs leave them
    let mut controls = 0;
    let mut strays = 0;
    let mut run = 0;
    for byte in bytes.iter().chain(b" ") {
        if *byte == 0 {
            run += 1;
            continue;
        }
        if run < HOLE && bytes.len() > run {
            strays += run;
        }
        run = 0;
        let usual = matches!(byte, b'\t' | b'\n' | b'\r' | 0x07 | 0x08 | 0x0b | 0x0c | 0x1b);
        controls += usize::from(*byte < 0x20 && !usual);
    }
    let few = if LOGS.contains(&ending) { bytes.len() / 10 } else { 0 };
    if controls * 200 > bytes.len() || strays > few { 0 } else { 5 }
}

/// Endings of logs: in these NULs are dirt, in others they are data.
const LOGS: [&str; 4] = ["log", "out", "err", "txt"];

/// Endings of texts that nobody logs to: if none of the other formats knows them, they are settings and notes.
const NO_LOGS: [&str; 14] =
    ["json", "yaml", "yml", "toml", "ini", "cfg", "conf", "xml", "html", "ipynb", "csv", "tsv", "lock", "sh"];

/// NULs in a row that a hole in a text file has at least.
const HOLE: usize = 16;

#[cfg(test)]
mod tests;
