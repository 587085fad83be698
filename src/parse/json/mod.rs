//! JSON documents that are written anew each time: the Hugging Face trainer's state, flat figures, and settings for their totals.
//!
//! A document that does not close is being rewritten: nothing is said of it, and [`Format::torn`] tells the caller to keep what
//! the last whole one said.

mod catboost;
mod history;
pub mod settings;
mod trainer_state;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::run::SourceKind;
use crate::parse::config;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;
use crate::parse::jsonl::Lines;
use crate::parse::jsonl::scan::Scanner;
use crate::parse::jsonl::scan::Value;
use crate::parse::jsonl::scan::figure;
use crate::parse::jsonl::scan::plain;
use crate::parse::role::Role;
use crate::parse::role::role;

pub use catboost::CATBOOST;

/// `trainer_state.json` of the Hugging Face trainer.
pub const TRAINER_STATE: Spec = Spec {
    kind: SourceKind::Json,
    reading: Reading::Whole { limit: 64 << 20 },
    sniff: sniff_trainer_state,
    new: || Box::new(Document { read: trainer_state::read, torn: false }),
};

/// Figures by name: `metrics.json`, `all_results.json` and the like.
pub const FIGURES: Spec = Spec {
    kind: SourceKind::Json,
    reading: Reading::Whole { limit: 16 << 20 },
    sniff: sniff_figures,
    new: || Box::new(Document { read: figures, torn: false }),
};

/// Figures over time, a list to each name: `history.json`.
pub const HISTORY: Spec = Spec {
    kind: SourceKind::Json,
    reading: Reading::Whole { limit: 64 << 20 },
    sniff: sniff_history,
    new: || Box::new(Document { read: history::read, torn: false }),
};

/// Settings: totals, and the outcome that `ui_state.json` holds.
pub const SETTINGS: Spec = Spec {
    kind: SourceKind::Json,
    reading: Reading::Whole { limit: 4 << 20 },
    sniff: sniff_settings,
    new: || Box::new(Document { read: totals, torn: false }),
};

fn file_name<'a>(head: &Head<'a>) -> &'a str {
    head.path.rsplit('/').next().unwrap_or(head.path)
}

fn begins_object(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"{")
}

fn sniff_trainer_state(head: &Head<'_>) -> u8 {
    let named = file_name(head) == "trainer_state.json";
    let told = memchr::memmem::find(head.bytes, b"\"log_history\"").is_some();
    if begins_object(head.bytes) && (named || told) { 97 } else { 0 }
}

fn sniff_figures(head: &Head<'_>) -> u8 {
    let name = file_name(head);
    let Some(stem) = name.strip_suffix(".json") else { return 0 };
    let named = stem.ends_with("results")
        || stem.ends_with("metrics")
        || stem.ends_with("summary")
        || (stem.ends_with("scores") && !matches!(stem, "evaluation_scores" | "validation_scores"));
    if named && begins_object(head.bytes) { 70 } else { 0 }
}

fn sniff_history(head: &Head<'_>) -> u8 {
    let told = begins_object(head.bytes) && sniff_settings(head) == 0 && history::begins(&head.text());
    if told { 75 } else { 0 }
}

fn sniff_settings(head: &Head<'_>) -> u8 {
    let named = matches!(
        file_name(head),
        "config.json"
            | "training_config.json"
            | "train_config.json"
            | "args.json"
            | "hparams.json"
            | "params.json"
            | "training_args.json"
            | "ui_state.json"
    );
    if named && begins_object(head.bytes) { 70 } else { 0 }
}

/// A reader of whole documents.
struct Document {
    /// Says what the document says; `false` when it is not whole.
    read: fn(&str, &mut dyn Sink) -> bool,
    torn: bool,
}

impl Format for Document {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        self.torn = !(self.read)(text.trim_start_matches('\u{feff}'), sink);
    }

    fn rest(&mut self, _sink: &mut dyn Sink) {}

    fn torn(&self) -> bool {
        self.torn
    }
}

/// Whether `text` is one object from its first brace to its last.
fn is_whole(text: &str) -> bool {
    let mut scan = Scanner::new(text);
    scan.open().is_some() && scan.skip().is_some() && scan.is_over()
}

/// Pairs or lists that one document may have.
const PAIRS: usize = 2048;

/// Figures of a document, those of its objects under the objects' names.
fn figures(text: &str, sink: &mut dyn Sink) -> bool {
    if !is_whole(text) {
        // rows after all: a file of JSON lines that had one row when it was first looked at
        let mut lines = Lines::new();
        let rows = text.split_once('\n').is_some_and(|(first, _)| is_whole(first));
        if rows {
            lines.push(text.as_bytes(), sink);
            lines.rest(sink);
        }
        return rows;
    }
    let mut found = Vec::new();
    let mut at = At::default();
    let mut scan = Scanner::new(text);
    if scan.open().and_then(|()| gather(&mut scan, "", &mut found, &mut at, 0)).is_none() {
        // it closes and is no JSON all the same: nobody is about to write more of it
        return true;
    }
    let values: Pairs<'_> = found.iter().map(|(name, value)| Pair { name, value: *value }).collect();
    if !values.is_empty() {
        let row = Row { at, split: None, kind: RowKind::Summary, values };
        sink.record(&Record::Row(row), &Origin::default());
    }
    true
}

fn gather(
    scan: &mut Scanner<'_>,
    prefix: &str,
    found: &mut Vec<(String, f64)>,
    at: &mut At,
    depth: usize,
) -> Option<()> {
    while let Some(key) = scan.key()? {
        let what = role(key);
        match scan.value()? {
            Value::Number(token) => {
                let value = figure(token).filter(|_| found.len() < PAIRS);
                match (what, value) {
                    (Role::Step(_), Some(value)) => at.step = Some(value),
                    (Role::Epoch, Some(value)) => at.epoch = Some(value),
                    (Role::Figure | Role::Skip, Some(value))
                        if what == Role::Figure || key.ends_with("time") =>
                    {
                        let name = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}/{key}") };
                        found.push((name, value));
                    }
                    _ => {}
                }
            }
            Value::Object if what == Role::Figure && depth < 4 => {
                let name = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}/{key}") };
                gather(scan, &name, found, at, depth + 1)?;
            }
            other => scan.pass(other)?,
        }
    }
    Some(())
}

/// Totals that settings hold, and what they tell beside.
fn totals(text: &str, sink: &mut dyn Sink) -> bool {
    let Some(all) = settings::settings(text) else { return false };
    let pairs: Vec<(&str, &str)> = all.iter().map(|setting| (&*setting.path, setting.value)).collect();
    config::tell(&pairs, sink);
    let get = |path: &str| pairs.iter().find(|(other, _)| *other == path).map(|(_, value)| *value);
    if get("lora_name").is_some() && get("max_train_epochs").is_some() {
        fluxgym(get("status").unwrap_or_default(), get("error"), sink);
    }
    true
}

/// What `ui_state.json` says of the run that the settings are of: `starting`, `failed` or `completed`.
fn fluxgym(status: &str, error: Option<&str>, sink: &mut dyn Sink) {
    let origin = Origin::default();
    sink.record(&Record::Framework("kohya"), &origin);
    match status {
        "completed" => sink.record(&Record::Ending(Ending::Completed), &origin),
        "failed" => {
            let message = plain(error.unwrap_or_default());
            let first = message.lines().next().unwrap_or_default();
            sink.record(&Record::Error { type_name: "", message: first, fatal: true }, &origin);
            sink.record(&Record::Ending(Ending::Failed), &origin);
        }
        _ => {}
    }
}
