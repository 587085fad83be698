//! What every file format offers, and the table of all of them.

use std::borrow::Cow;

use crate::model::record::Sink;
use crate::model::run::SourceKind;
use crate::parse::csv;
use crate::parse::json;
use crate::parse::jsonl;
use crate::parse::mlflow;
use crate::parse::text;
use crate::parse::tfevents;
use crate::parse::user::UserFormats;
use crate::parse::wandb;
use crate::parse::yaml;

/// How a format wants its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// From where it stopped; the file only grows.
    Appended,
    /// The same, but never from anywhere in the middle: only its beginning tells where its records begin.
    Framed,
    /// The whole document each time it has changed (a JSON file that is rewritten). Larger ones than `limit` bytes are not read.
    Whole {
        /// Bytes.
        limit: u64,
    },
}

/// A stateful reader of one file. It never fails: what it does not understand it passes over.
pub trait Format: Send {
    /// Reads on. For [`Reading::Whole`] formats `bytes` is the document. Chunks may be cut anywhere, also inside a character.
    fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink);

    /// The file has been silent for a while (or has ended): an unfinished last line is taken as it stands, without trusting a
    /// number that touches the end. Called at most once until the next `push`.
    fn rest(&mut self, sink: &mut dyn Sink);

    /// Of a [`Reading::Whole`] format: the document last pushed does not close, so it is being rewritten. Nothing was said of
    /// it: what the last whole document said still holds, and a later look is worth it even if the file's times do not change.
    fn torn(&self) -> bool {
        false
    }

    /// Hands over the lines that the user taught, before the first `push`. Only formats that consist of lines of text care.
    fn teach(&mut self, _formats: &UserFormats) {}
}

/// The head of a file and its name: what a format is told by.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The file's path below its run, `/` separated.
    pub path: &'a str,
    /// Up to 4 KiB from the beginning.
    pub bytes: &'a [u8],
}

impl<'a> Head<'a> {
    /// The bytes as text; what is no UTF-8, as a head that ends inside a character is, becomes replacement characters.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        match simdutf8::basic::from_utf8(self.bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(self.bytes),
        }
    }
}

/// A file format.
#[derive(Clone, Copy)]
pub struct Spec {
    /// Kind of source.
    pub kind: SourceKind,
    /// How it is read.
    pub reading: Reading,
    /// How sure it is that the file is of this format: 0 not at all, 100 certain. By content, not by name alone.
    pub sniff: fn(&Head<'_>) -> u8,
    /// A reader that has read nothing yet.
    pub new: fn() -> Box<dyn Format>,
}

/// All formats. The surest one reads the file; at a tie the first.
pub const FORMATS: &[Spec] = &[
    csv::SPEC,
    csv::MLFLOW,
    mlflow::EPOCHS,
    mlflow::STEPS,
    json::TRAINER_STATE,
    json::FIGURES,
    json::HISTORY,
    json::CATBOOST,
    json::SETTINGS,
    jsonl::SPEC,
    yaml::MLFLOW,
    yaml::SETTINGS,
    tfevents::SPEC,
    wandb::SPEC,
    text::SPEC,
];

/// The format of a file; `None` when none of them is sure enough to claim it.
pub fn sniff(head: &Head<'_>) -> Option<&'static Spec> {
    FORMATS
        .iter()
        .map(|spec| ((spec.sniff)(head), spec))
        .filter(|(score, _)| *score > 0)
        .rev()
        .max_by_key(|(score, _)| *score)
        .map(|(_, spec)| spec)
}
