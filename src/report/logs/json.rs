//! `trainmon logs --json`, schema 1. One document, written as the log is read:
//!
//! ```json
//! {"schema": 1, "run": "sweep/run-3", "source": "training.log", "entries": [
//!   {"offset": 8123, "time": "2026-01-05T10:00:00Z", "level": "ERROR", "category": "system", "event": "training.failed",
//!    "message": "…", "correlation_id": null, "fields": {"step": 12}}
//! ], "matched": 1, "total_lines": 560, "has_more": false}
//! ```
//!
//! - `offset` is the byte that the line begins at; it names the line for as long as the file only grows.
//! - `time` is RFC 3339; a time that the log gives without a zone has none here, one without a date is `10:00:00`.
//! - `level` is `DEBUG`, `INFO`, `WARNING`, `ERROR`, `CRITICAL` or null; lines that continue a message have its level.
//! - `category` is one of those of `--category`.
//! - `fields` holds what a row of JSON has beside the other keys; null for a line of text.
//! - Figures that JSON cannot write are the strings "NaN", "Infinity" and "-Infinity".

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::Page;
use crate::model::level::Level;
use crate::model::stamp::Stamp;
use crate::parse::clean::clean;
use crate::parse::jsonl::time::iso;
use crate::parse::logjson::quote_not_finite;
use crate::parse::logkind;
use crate::parse::logline::Line;
use crate::parse::logrows::Row;
use crate::report::lines::unrelayed;
use crate::report::say::say;

/// Everything before the first entry.
pub fn head(run: &str, source: &str) -> String {
    let (run, source) = (Value::from(&*say(&clean(run))), Value::from(&*say(&clean(source))));
    format!("{{\"schema\": 1, \"run\": {run}, \"source\": {source}, \"entries\": [")
}

/// Everything behind the last one.
pub fn tail(page: &Page) -> String {
    let counts = page.counts();
    let (matched, total, more) = (counts.matched, counts.total, page.has_more());
    format!("], \"matched\": {matched}, \"total_lines\": {total}, \"has_more\": {more}}}")
}

/// One entry.
pub fn entry(found: &Row<'_>, line: &Line<'_>) -> String {
    let row = if found.text.starts_with('{') {
        serde_json::from_str::<Map<String, Value>>(&quote_not_finite(found.text)).ok()
    } else {
        None
    };
    let mut out = Map::new();
    out.insert("offset".to_owned(), found.offset.into());
    let mut row = row.map(|row| row.into_iter().map(|(key, value)| (said(&key), redacted(value))).collect());
    let time = match &mut row {
        Some(row) => take(row, &["ts", "timestamp", "time", "asctime"]).map(|time| match time {
            // as a moment, when it can be read as one
            Value::String(text) => iso(&text).map_or(Value::String(text), |stamp| shown(stamp).into()),
            other => other,
        }),
        None => line.time.map(|stamp| shown(stamp).into()),
    };
    out.insert("time".to_owned(), time.unwrap_or_default());
    out.insert("level".to_owned(), line.level.map(level).into());
    out.insert("category".to_owned(), logkind::category(line).name().into());
    let row: Option<Map<String, Value>> = row;
    let Some(mut row) = row else {
        let message = unrelayed(line.text.get(line.body..).unwrap_or(line.text));
        out.insert("event".to_owned(), Value::Null);
        out.insert("message".to_owned(), said(message).into());
        out.insert("correlation_id".to_owned(), Value::Null);
        out.insert("fields".to_owned(), Value::Null);
        return json!(out).to_string();
    };
    if line.level.is_some() {
        take(&mut row, &["level", "levelname", "severity", "lvl"]);
    }
    for (name, keys) in
        [("event", &["event"][..]), ("message", &["msg", "message"]), ("correlation_id", &["correlation_id"])]
    {
        out.insert(name.to_owned(), take(&mut row, keys).unwrap_or_default());
    }
    // what the program itself put under `fields` stands first, the keys around it behind
    let mut fields = match take(&mut row, &["fields", "context", "extra"]) {
        Some(Value::Object(inner)) => inner,
        Some(Value::Null) | None => Map::new(),
        Some(other) => Map::from_iter([("fields".to_owned(), other)]),
    };
    for (key, value) in row {
        fields.entry(key).or_insert(value);
    }
    out.insert("fields".to_owned(), fields.into());
    json!(out).to_string()
}

fn take(row: &mut Map<String, Value>, keys: &[&str]) -> Option<Value> {
    let key = keys.iter().find(|key| row.contains_key(**key))?;
    row.shift_remove(*key)
}

fn said(text: &str) -> String {
    say(text).into_owned()
}

/// Every string in it has passed the gate, and none holds what a terminal would act upon but line ends and tabs.
fn redacted(value: Value) -> Value {
    match value {
        Value::String(text) => said(&tidy(&text)).into(),
        Value::Array(values) => values.into_iter().map(redacted).collect::<Vec<_>>().into(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(key, value)| (said(&tidy(&key)), redacted(value)));
            Value::Object(members.collect())
        }
        other => other,
    }
}

/// `text` with its lines cleaned one by one: a trace stays a trace.
fn tidy(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Debug => "DEBUG",
        Level::Info => "INFO",
        Level::Warning => "WARNING",
        Level::Error => "ERROR",
        Level::Critical => "CRITICAL",
    }
}

/// Milliseconds since 1970 as they are written, whatever the zone.
fn written(stamp: Stamp) -> i64 {
    if !stamp.is_local() {
        return stamp.millis();
    }
    i64::try_from(stamp.since(Stamp::local(0)).as_millis()).unwrap_or(i64::MAX)
}

/// A time as far as it was told.
fn shown(stamp: Stamp) -> String {
    let Ok(moment) = jiff::Timestamp::from_millisecond(written(stamp)) else { return String::new() };
    let text = moment.to_string();
    if !stamp.is_local() {
        return text;
    }
    let text = text.trim_end_matches('Z');
    text.strip_prefix("1970-01-01T").unwrap_or(text).to_owned()
}
