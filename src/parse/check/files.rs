//! What must hold for any bytes as a file of each format: the same records whatever the chunks, and no more than there is room for.

use super::Broken;
use super::chunks;
use super::holds;
use crate::model::level::Level;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;
use crate::parse::csv;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Spec;
use crate::parse::json;
use crate::parse::jsonl;
use crate::parse::text;
use crate::parse::tfevents;

/// All that a reader says, in words: NaN is then the same as NaN.
#[derive(Default)]
struct Heard {
    said: Vec<String>,
    figures: usize,
}

impl Sink for Heard {
    fn record(&mut self, record: &Record<'_>, origin: &Origin) {
        self.figures += match record {
            Record::Row(row) => row.values.len(),
            Record::Bar(bar) => bar.values.len(),
            _ => 0,
        };
        self.said.push(format!("{record:?} {origin:?}"));
    }

    fn line(&mut self, level: Option<Level>, progress: bool, origin: &Origin) {
        self.said.push(format!("line {level:?} {progress} {origin:?}"));
    }
}

fn read<'a>(format: &mut dyn Format, chunks: impl Iterator<Item = &'a [u8]>) -> Heard {
    let mut heard = Heard::default();
    chunks.for_each(|chunk| format.push(chunk, &mut heard));
    format.rest(&mut heard);
    heard
}

/// A file that grows. In words, where the first difference is.
fn appended(spec: &Spec, bytes: &[u8]) -> Result<(), Broken> {
    let whole = read(&mut *(spec.new)(), std::iter::once(bytes));
    holds(whole.figures <= bytes.len(), "more figures than bytes")?;
    for (how, other) in [
        ("one by one", read(&mut *(spec.new)(), bytes.chunks(1))),
        ("in chunks", read(&mut *(spec.new)(), chunks(bytes))),
    ] {
        if let Some(at) =
            (0..whole.said.len().max(other.said.len())).find(|at| whole.said.get(*at) != other.said.get(*at))
        {
            let (one, two) = (whole.said.get(at), other.said.get(at));
            return Err(format!("{how}, number {at} is\n{two:?}\nand not\n{one:?}"));
        }
    }
    // in a silence an unfinished line is taken as it stands: other records, but no more of them than pieces
    let (mut format, mut heard) = ((spec.new)(), Heard::default());
    for chunk in chunks(bytes) {
        format.push(chunk, &mut heard);
        format.rest(&mut heard);
    }
    Ok(())
}

/// A text log.
pub fn text_log(bytes: &[u8]) -> Result<(), Broken> {
    sniffed(bytes);
    appended(&text::SPEC, bytes)
}

/// JSON lines.
pub fn json_lines(bytes: &[u8]) -> Result<(), Broken> {
    appended(&jsonl::SPEC, bytes)
}

/// Tables, and metric files of `MLflow`.
pub fn tables(bytes: &[u8]) -> Result<(), Broken> {
    appended(&csv::SPEC, bytes)?;
    appended(&csv::MLFLOW, bytes)
}

/// Every format looks at the head of every file.
fn sniffed(bytes: &[u8]) {
    for path in
        ["train.log", "a.jsonl", "metrics.csv", "config.json", "metrics/loss", "a/b/trainer_state.json"]
    {
        let head = Head { path, bytes: bytes.get(..4096).unwrap_or(bytes) };
        crate::parse::format::sniff(&head);
    }
}

/// Whole documents: one that closes is read, and of one that does not nothing is said.
pub fn documents(bytes: &[u8]) -> Result<(), Broken> {
    sniffed(bytes);
    let is_object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes).is_ok();
    for spec in [json::TRAINER_STATE, json::FIGURES, json::HISTORY, json::SETTINGS] {
        let mut format = (spec.new)();
        let heard = read(&mut *format, std::iter::once(bytes));
        holds(heard.figures <= bytes.len(), "more figures than bytes")?;
        holds(!format.torn() || heard.said.is_empty(), "something is said of a torn document")?;
        holds(!format.torn() || !is_object, "a whole document is torn")?;
        let again = read(&mut *format, std::iter::once(bytes));
        holds(heard.said == again.said, "the same document says something else")?;
    }
    Ok(())
}

fn frame(data: &[u8], file: &mut Vec<u8>) {
    let sum = |data: &[u8]| crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes();
    let length = (data.len() as u64).to_le_bytes();
    for part in [&length[..], &sum(&length), data, &sum(data)] {
        file.extend_from_slice(part);
    }
}

/// Event files: the bytes as a file, as one event, and as the data of frames whose checksums are right.
pub fn events(bytes: &[u8]) -> Result<(), Broken> {
    let mut alone = Heard::default();
    tfevents::event(bytes, &Origin::default(), &mut alone);
    // a value takes a tag of a byte, a number and what tells of them
    holds(alone.figures <= bytes.len() / 4, "more figures than there is room for")?;
    appended(&tfevents::SPEC, bytes)?;
    let mut file = Vec::new();
    for data in [bytes, bytes.get(bytes.len() / 2..).unwrap_or_default(), bytes] {
        frame(data, &mut file);
    }
    appended(&tfevents::SPEC, &file)
}
