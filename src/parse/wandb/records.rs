//! What the records of a run say: its name and settings, rows of figures, alerts, and the code that it ended with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::stamp::Stamp;
use crate::parse::clean::clean;
use crate::parse::config;
use crate::parse::json::settings::settings;
use crate::parse::jsonl::scan::figure;
use crate::parse::jsonl::scan::plain;
use crate::parse::role::Role;
use crate::parse::role::role;
use crate::parse::wire::Fields;
use crate::parse::wire::Value;

/// Names of figures that one file may have.
const NAMES: usize = 2048;
/// Figures of one row.
const ROW: usize = 4096;
/// Bytes of a name.
const NAME: usize = 256;
/// Characters of what is shown to people.
const SHOWN: usize = 200;
/// How often settings are looked through again: they change a few times in a run, if at all.
const CHANGES: u32 = 64;

/// What the records so far leave for those to come.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Names of rows, with their order: the items of a row are in any.
    names: HashMap<Box<str>, usize>,
    /// Figures that were set and never logged in a row.
    sums: BTreeMap<String, f64>,
    /// Some of them are new.
    summed: bool,
    settings: BTreeMap<String, String>,
    changes: u32,
}

/// A name with what it is set to, as JSON.
struct Item<'a> {
    name: Cow<'a, str>,
    json: &'a str,
}

impl<'a> Item<'a> {
    /// Of a message with a key, or the parts of one, and a value.
    fn of(message: &'a [u8]) -> Option<Self> {
        let (mut key, mut json) = (None, None);
        let mut parts: Vec<&str> = Vec::new();
        for field in Fields::new(message) {
            let (number, Value::Bytes(bytes)) = field else { continue };
            let text = std::str::from_utf8(bytes).ok()?;
            match number {
                1 => key = Some(text),
                2 if parts.len() < 16 => parts.push(text),
                16 => json = Some(text),
                _ => {}
            }
        }
        let name = match (parts.as_slice(), key) {
            ([], key) => Cow::Borrowed(key?),
            ([one], _) => Cow::Borrowed(*one),
            (parts, _) => Cow::Owned(parts.join(".")),
        };
        let known = !name.is_empty() && name.len() <= NAME;
        known.then_some(Self { name, json: json?.trim() })
    }

    /// Its figure, if it is one. What is not finite some versions put in quotes.
    fn figure(&self) -> Option<f64> {
        match self.json {
            r#""NaN""# => Some(f64::NAN),
            r#""Infinity""# => Some(f64::INFINITY),
            r#""-Infinity""# => Some(f64::NEG_INFINITY),
            json if json.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | 'N' | 'I')) => {
                figure(json)
            }
            _ => None,
        }
    }
}

/// The items of a message: those of its fields called `number`.
fn items(message: &[u8], number: u64) -> impl Iterator<Item = Item<'_>> {
    Fields::new(message).filter_map(move |field| match field {
        (other, Value::Bytes(bytes)) if other == number => Item::of(bytes),
        _ => None,
    })
}

/// Seconds since 1970 as a moment; `None` when they are no time at which anything was trained.
fn moment(seconds: f64) -> Option<Stamp> {
    (1e8..1e11).contains(&seconds).then(|| Stamp::from_secs_f64(seconds))
}

/// A text as it may be shown: one line, and not without end.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = clean(&line).chars().take(SHOWN).collect();
    if short.len() < line.len() && short.chars().count() == SHOWN {
        short.push('…');
    }
    short
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

impl Records {
    /// Reads one record. Returns the time that it tells.
    pub(super) fn read(&mut self, record: &[u8], origin: &Origin, sink: &mut dyn Sink) -> Option<Stamp> {
        let mut time = None;
        for field in Fields::new(record) {
            let (number, Value::Bytes(message)) = field else { continue };
            match number {
                2 => time = self.history(message, origin, sink),
                3 => self.summary(message),
                5 => self.config(message, sink),
                10 => alert(message, origin, sink),
                17 => time = self.run(message, origin, sink),
                18 => {
                    self.sum_up(origin, sink);
                    exit(message, origin, sink);
                }
                _ => {}
            }
        }
        time
    }

    /// `RunRecord`.
    fn run(&mut self, message: &[u8], origin: &Origin, sink: &mut dyn Sink) -> Option<Stamp> {
        let mut time = None;
        for field in Fields::new(message) {
            match field {
                (4, Value::Bytes(config)) => self.config(config, sink),
                (5, Value::Bytes(summary)) => self.summary(summary),
                (8, Value::Bytes(name)) => {
                    let name = shown(text(name));
                    if !name.is_empty() {
                        sink.record(&Record::Title(&name), origin);
                    }
                }
                (17, Value::Bytes(stamp)) => {
                    time = Fields::new(stamp).find_map(|field| match field {
                        (1, Value::Varint(seconds)) => moment(seconds as f64),
                        _ => None,
                    });
                }
                _ => {}
            }
        }
        time
    }

    /// `HistoryRecord`: one row.
    fn history(&mut self, message: &[u8], origin: &Origin, sink: &mut dyn Sink) -> Option<Stamp> {
        let mut at = At::default();
        let (mut rank, mut time, mut index) = (0, None, None);
        let mut found: Vec<(Cow<'_, str>, f64)> = Vec::new();
        for field in Fields::new(message) {
            if let (2, Value::Bytes(step)) = field {
                index = index.or_else(|| Fields::new(step).find_map(count));
            }
        }
        for item in items(message, 1) {
            let Some(value) = item.figure() else { continue };
            let place = value.is_finite() && value >= 0.0;
            match (&*item.name, role(&item.name)) {
                ("_step", _) => index = Some(value).filter(|_| place),
                ("_timestamp", _) => time = moment(value),
                (name, _) if name.starts_with('_') => {}
                (name, Role::Step(new)) if place => {
                    if new > rank {
                        (at.step, rank) = (Some(value), new);
                    }
                    framework(name, &mut at, origin, sink);
                }
                (_, Role::Epoch) if place => at.epoch = Some(value),
                _ if found.len() < ROW => found.push((item.name, value)),
                _ => {}
            }
        }
        if at.step.is_none() {
            at.index = index;
        }
        if at.step_base == Some(0) && at.epoch.is_some() {
            at.epoch_base = Some(0);
        }
        self.put_in_order(&mut found);
        let values: Pairs<'_> = found.iter().map(|(name, value)| Pair { name, value: *value }).collect();
        if !values.is_empty() || at.epoch.is_some() || at.step.is_some() {
            let origin = Origin { time, ..*origin };
            sink.record(&Record::Row(Row { at, split: None, kind: RowKind::Plain, values }), &origin);
        }
        time
    }

    /// The order of names is that in which they were met first; names that come too late have none and go.
    fn put_in_order(&mut self, found: &mut Vec<(Cow<'_, str>, f64)>) {
        let is_new = |(name, _): &&(Cow<'_, str>, f64)| !self.names.contains_key(&**name);
        let mut new: Vec<Box<str>> =
            found.iter().filter(is_new).map(|(name, _)| Box::from(&**name)).collect();
        new.sort_unstable();
        for name in new {
            let order = self.names.len();
            if order < NAMES {
                self.sums.remove(&*name);
                self.names.entry(name).or_insert(order);
            }
        }
        found.retain(|(name, _)| self.names.contains_key(&**name));
        found.sort_by_key(|(name, _)| self.names.get(&**name).copied());
    }

    /// `SummaryRecord`. It repeats each row, or what `define_metric` made of it: what was never logged is kept.
    fn summary(&mut self, message: &[u8]) {
        for item in items(message, 1) {
            let Some(value) = item.figure() else { continue };
            let ours = item.name.starts_with('_') || role(&item.name) != Role::Figure;
            if ours || self.names.contains_key(&*item.name) {
                continue;
            }
            if self.sums.len() < NAMES || self.sums.contains_key(&*item.name) {
                self.sums.insert(item.name.into_owned(), value);
                self.summed = true;
            }
        }
    }

    /// Says what was set and never logged.
    pub(super) fn sum_up(&mut self, origin: &Origin, sink: &mut dyn Sink) {
        if !std::mem::take(&mut self.summed) || self.sums.is_empty() {
            return;
        }
        let values = self.sums.iter().map(|(name, value)| Pair { name, value: *value }).collect();
        let row = Row { at: At::default(), split: None, kind: RowKind::Summary, values };
        sink.record(&Record::Row(row), origin);
    }

    /// `ConfigRecord`: settings that are new or others than before.
    fn config(&mut self, message: &[u8], sink: &mut dyn Sink) {
        let mut changed = false;
        for item in items(message, 1).filter(|item| item.name != "_wandb") {
            if item.json.starts_with('{') {
                for inner in settings(item.json).unwrap_or_default() {
                    changed |= self.set(format!("{}.{}", item.name, inner.path), inner.value);
                }
            } else {
                let value = item.json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                changed |= self.set(item.name.into_owned(), &plain(value.unwrap_or(item.json)));
            }
        }
        if changed && self.changes < CHANGES {
            self.changes += 1;
            let all: Vec<(&str, &str)> =
                self.settings.iter().map(|(path, value)| (&**path, &**value)).collect();
            config::tell(&all, sink);
        }
    }

    fn set(&mut self, path: String, value: &str) -> bool {
        let room = self.settings.len() < config::MOST || self.settings.contains_key(&path);
        if path.len() > NAME || value.len() > NAME || !room {
            return false;
        }
        self.settings.insert(path, value.to_owned()).is_none_or(|old| old != value)
    }
}

/// The framework that logs its steps by this name, and what is known of its counts.
fn framework(name: &str, at: &mut At, origin: &Origin, sink: &mut dyn Sink) {
    match name {
        "trainer/global_step" => {
            at.step_base = Some(0);
            sink.record(&Record::Framework("lightning"), origin);
        }
        "train/global_step" => sink.record(&Record::Framework("transformers"), origin),
        _ => {}
    }
}

fn count((number, value): (u64, Value<'_>)) -> Option<f64> {
    match (number, value) {
        (1, Value::Varint(count)) => Some(count.cast_signed() as f64).filter(|count| *count >= 0.0),
        _ => None,
    }
}

/// `AlertRecord`: a title, a text and a level.
fn alert(message: &[u8], origin: &Origin, sink: &mut dyn Sink) {
    let (mut title, mut body, mut level) = ("", "", "");
    for field in Fields::new(message) {
        match field {
            (1, Value::Bytes(bytes)) => title = text(bytes),
            (2, Value::Bytes(bytes)) => body = text(bytes),
            (3, Value::Bytes(bytes)) => level = text(bytes),
            _ => {}
        }
    }
    if matches!(level, "WARN" | "WARNING" | "ERROR") {
        let what = shown(&format!("{title}: {body}"));
        sink.record(&Record::Warning(&what), origin);
    }
}

/// `RunExitRecord`: the code that the program ended with; W&B's own one for Ctrl+C is 255.
fn exit(message: &[u8], origin: &Origin, sink: &mut dyn Sink) {
    let code = Fields::new(message).find_map(|field| match field {
        (1, Value::Varint(code)) => Some(code.cast_signed()),
        _ => None,
    });
    let how = match code.unwrap_or(0) {
        0 => Ending::Completed,
        // and those that a shell tells of SIGINT and SIGTERM
        255 | 130 | 143 => Ending::Cancelled,
        _ => Ending::Failed,
    };
    sink.record(&Record::Ending(how), origin);
}
