//! YAML documents that stand beside a run: settings (Lightning's `hparams.yaml`, ultralytics' `args.yaml`, `config.yaml`,
//! hydra's own and its overrides, `DVCLive`'s `params.yaml`, W&B's `config.yaml`), and the `meta.yaml` of a run of `MLflow`.
//!
//! Nothing closes a YAML document: half of one is one too. So a last line without its end is left out while the file may still
//! be written.

mod read;

use std::borrow::Cow;

use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;
use crate::model::run::SourceKind;
use crate::model::stamp::Stamp;
use crate::parse::clean::clean;
use crate::parse::config;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;

use read::Pair;

/// Larger documents are no settings.
const LARGEST: u64 = 1 << 20;

/// Bytes that the name of a run may have.
const LONGEST_NAME: usize = 256;

/// Writers hand a buffer on when it is full: a file of so many bytes, or a multiple, may have been cut there.
const BUFFER: usize = 4096;

/// Settings.
pub const SETTINGS: Spec = Spec {
    kind: SourceKind::Yaml,
    reading: Reading::Whole { limit: LARGEST },
    sniff: sniff_settings,
    new: || Box::new(Document { tell: settings, cut: Vec::new() }),
};

/// What `MLflow` keeps of a run: its name, when it began, and how it ended.
pub const MLFLOW: Spec = Spec {
    kind: SourceKind::Yaml,
    reading: Reading::Whole { limit: LARGEST },
    sniff: sniff_mlflow,
    new: || Box::new(Document { tell: mlflow, cut: Vec::new() }),
};

/// Whether the file's name is that of a YAML document, and not of figures.
fn is_named(head: &Head<'_>) -> bool {
    let name = head.path.rsplit('/').next().unwrap_or(head.path);
    let Some(stem) = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")) else { return false };
    !stem.ends_with("metrics") && !stem.ends_with("results")
}

fn sniff_settings(head: &Head<'_>) -> u8 {
    let text = head.text();
    let told = |line: &str| {
        let line = line.trim_end();
        let key = line.split_once(':').is_some_and(|(key, value)| {
            let value = value.is_empty() || value.starts_with([' ', '\t']);
            value && !key.is_empty() && key.len() < 128 && !key.starts_with([' ', '\t', '[', '{'])
        });
        key || line.starts_with("- ") || line == "---" || line.starts_with('{') || line.starts_with("%YAML")
    };
    let mut lines = text.lines().map(|line| line.trim_start_matches('\u{feff}'));
    let first = lines.find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    if is_named(head) && first.is_some_and(told) { 60 } else { 0 }
}

fn sniff_mlflow(head: &Head<'_>) -> u8 {
    let text = head.text();
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    let run = has("run_id:") || has("run_uuid:");
    if is_named(head) && run && has("experiment_id:") && has("status:") { 90 } else { 0 }
}

/// A reader of whole documents.
struct Document {
    tell: fn(&[Pair], &mut dyn Sink),
    /// The document, where its last line has no end.
    cut: Vec<u8>,
}

impl Document {
    fn read(&self, bytes: &[u8], sink: &mut dyn Sink) {
        let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        if let Some(all) = read::pairs(text.trim_start_matches('\u{feff}')) {
            (self.tell)(&all, sink);
            sink.line(None, false, &Origin::default());
        }
    }
}

impl Format for Document {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        self.cut.clear();
        let end = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
        if end == bytes.len() {
            return self.read(bytes, sink);
        }
        let flow = bytes.trim_ascii_end();
        if flow.starts_with(b"{") && flow.ends_with(b"}") {
            // closed after all
            return self.read(bytes, sink);
        }
        if !bytes.len().is_multiple_of(BUFFER) {
            self.cut.extend_from_slice(bytes);
        }
        self.read(bytes.get(..end).unwrap_or_default(), sink);
    }

    fn rest(&mut self, sink: &mut dyn Sink) {
        // written by hand, and long enough ago
        let whole = std::mem::take(&mut self.cut);
        if !whole.is_empty() {
            self.read(&whole, sink);
        }
    }
}

fn borrowed(all: &[Pair]) -> Vec<(&str, &str)> {
    all.iter().map(|(path, value)| (path.as_str(), value.as_str())).collect()
}

fn settings(all: &[Pair], sink: &mut dyn Sink) {
    let ours = |(path, _): &Pair| path == "wandb_version" || path.starts_with("_wandb.");
    if !all.iter().any(ours) {
        return config::tell(&borrowed(all), sink);
    }
    // W&B keeps each setting as `name: {desc: …, value: …}`
    let unwrapped: Vec<Pair> = all
        .iter()
        .filter_map(|(path, value)| {
            let (name, rest) = path.split_once('.')?;
            let rest = rest.strip_prefix("value")?;
            (rest.is_empty() || rest.starts_with('.')).then(|| (format!("{name}{rest}"), value.clone()))
        })
        .collect();
    config::tell(&borrowed(&unwrapped), sink);
}

fn mlflow(all: &[Pair], sink: &mut dyn Sink) {
    let get = |name: &str| all.iter().find(|(path, _)| path == name).map(|(_, value)| value.as_str());
    let time = |name: &str| {
        let millis: i64 = get(name)?.parse().ok()?;
        (100_000_000_000..100_000_000_000_000).contains(&millis).then(|| Stamp::from_millis(millis))
    };
    sink.record(&Record::Framework("mlflow"), &Origin { time: time("start_time"), ..Origin::default() });
    let name = clean(get("run_name").unwrap_or_default());
    if !name.trim().is_empty() && name.len() < LONGEST_NAME {
        sink.record(&Record::Title(name.trim()), &Origin::default());
    }
    // RunStatus of MLflow's service.proto
    let how = match get("status") {
        Some("3" | "FINISHED") => Ending::Completed,
        Some("4" | "FAILED") => Ending::Failed,
        Some("5" | "KILLED") => Ending::Cancelled,
        _ => return,
    };
    sink.record(&Record::Ending(how), &Origin { time: time("end_time"), ..Origin::default() });
}

#[cfg(test)]
mod tests;
