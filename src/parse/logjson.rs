//! A JSON row of a log as a person reads it: `HH:MM:SS LEVEL message  key=value`.
//!
//! Two spellings are known (`ts`/`level`/`msg`/`fields` and `timestamp`/`level`/`message`/`context`), as job logs and service
//! logs have them; a row with neither stays as it was written. All other keys follow the message, so that a search finds them.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::clean::clean;
use crate::model::level::Level;

/// What a row says besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Its level.
    pub level: Option<Level>,
    /// Where the message begins in the text.
    pub body: usize,
}

#[derive(Deserialize)]
struct Keys<'a> {
    #[serde(borrow, alias = "timestamp", alias = "time", alias = "asctime")]
    ts: Option<&'a RawValue>,
    #[serde(borrow, alias = "levelname", alias = "severity", alias = "lvl")]
    level: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "message")]
    msg: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "context", alias = "extra")]
    fields: Option<&'a RawValue>,
    #[serde(borrow)]
    logger: Option<&'a RawValue>,
    #[serde(borrow)]
    service: Option<&'a RawValue>,
    #[serde(borrow)]
    job_id: Option<&'a RawValue>,
    #[serde(borrow)]
    correlation_id: Option<&'a RawValue>,
    #[serde(borrow)]
    exception: Option<&'a RawValue>,
}

/// The level of a row that [`show`] would show, without writing anything: counting needs no more.
pub fn level(row: &str) -> Option<Option<Level>> {
    let quoted = quote_not_finite(row);
    let keys: Brief<'_> = serde_json::from_str(&quoted).ok()?;
    let shown = (keys.msg.is_some() || keys.event.is_some()) && (keys.level.is_some() || keys.ts.is_some());
    shown.then(|| keys.level.as_deref().and_then(level_of))
}

/// The keys that decide whether a row is shown, and its level.
#[derive(Deserialize)]
struct Brief<'a> {
    #[serde(borrow, alias = "timestamp", alias = "time", alias = "asctime")]
    ts: Option<&'a RawValue>,
    #[serde(borrow, alias = "levelname", alias = "severity", alias = "lvl")]
    level: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "message")]
    msg: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event: Option<Cow<'a, str>>,
    // a row that names one of these twice is shown as it was written
    #[serde(rename = "fields", alias = "context", alias = "extra")]
    _fields: Option<IgnoredAny>,
    #[serde(rename = "logger")]
    _logger: Option<IgnoredAny>,
    #[serde(rename = "service")]
    _service: Option<IgnoredAny>,
    #[serde(rename = "job_id")]
    _job_id: Option<IgnoredAny>,
    #[serde(rename = "correlation_id")]
    _correlation_id: Option<IgnoredAny>,
    #[serde(rename = "exception")]
    _exception: Option<IgnoredAny>,
}

/// Writes the row to `out` as it is shown. `None`, with `out` empty, when it is none of ours.
pub fn show(row: &str, out: &mut String) -> Option<Shown> {
    out.clear();
    let quoted = quote_not_finite(row);
    let keys: Keys<'_> = serde_json::from_str(&quoted).ok()?;
    let level = keys.level.as_deref();
    if keys.msg.is_none() && keys.event.is_none() || level.is_none() && keys.ts.is_none() {
        return None;
    }
    if let Some(clock) = keys.ts.and_then(|ts| clock(ts.get())) {
        out.push_str(clock);
        out.push(' ');
    }
    if let Some(level) = level {
        push_clean(level, out);
        for _ in level.chars().count()..5 {
            out.push(' ');
        }
        out.push(' ');
    }
    let body = out.len();
    if let Some(msg) = &keys.msg {
        push_clean(msg, out);
    }
    if let Some(event) = &keys.event {
        pair("event", event, out);
    }
    if let Some(fields) = keys.fields {
        pairs(fields, out);
    }
    for (name, value) in [
        ("logger", keys.logger),
        ("service", keys.service),
        ("job_id", keys.job_id),
        ("correlation_id", keys.correlation_id),
        ("exception", keys.exception),
    ] {
        if let Some(value) = value {
            raw_pair(name, value, out);
        }
    }
    Some(Shown { level: level.and_then(level_of), body: body.min(out.len()) })
}

/// Python writes `NaN` and `Infinity` into JSON, which has neither: outside of strings they are put in quotes.
pub(crate) fn quote_not_finite(row: &str) -> Cow<'_, str> {
    static NAN: LazyLock<memmem::Finder<'_>> = LazyLock::new(|| memmem::Finder::new("NaN"));
    static INFINITY: LazyLock<memmem::Finder<'_>> = LazyLock::new(|| memmem::Finder::new("Infinity"));
    if NAN.find(row.as_bytes()).is_none() && INFINITY.find(row.as_bytes()).is_none() {
        return Cow::Borrowed(row);
    }
    let mut out = String::with_capacity(row.len() + 16);
    let (mut within, mut escaped) = (false, false);
    let mut rest = row;
    while let Some(c) = rest.chars().next() {
        let word =
            ["NaN", "-Infinity", "Infinity"].into_iter().find(|word| !within && rest.starts_with(word));
        if let Some(word) = word {
            out.extend(["\"", word, "\""]);
            rest = rest.strip_prefix(word).unwrap_or_default();
            continue;
        }
        within ^= c == '"' && !escaped;
        escaped = within && c == '\\' && !escaped;
        out.push(c);
        rest = rest.strip_prefix(c).unwrap_or_default();
    }
    Cow::Owned(out)
}

/// The level that a word of any case means.
fn level_of(word: &str) -> Option<Level> {
    let is = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    if is(&["debug", "trace"]) {
        Some(Level::Debug)
    } else if is(&["info", "success", "notice"]) {
        Some(Level::Info)
    } else if is(&["warning", "warn"]) {
        Some(Level::Warning)
    } else if is(&["error", "exception", "severe"]) {
        Some(Level::Error)
    } else if is(&["critical", "fatal", "panic"]) {
        Some(Level::Critical)
    } else {
        None
    }
}

/// `HH:MM:SS` out of a time as it was written, whatever stands around it.
pub fn clock(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let at = bytes.windows(8).position(|w| {
        w.iter().enumerate().all(|(i, b)| if i == 2 || i == 5 { *b == b':' } else { b.is_ascii_digit() })
    })?;
    text.get(at..at + 8)
}

fn pairs(fields: &RawValue, out: &mut String) {
    struct Each<'o>(&'o mut String);
    impl<'de> serde::de::Visitor<'de> for Each<'_> {
        type Value = ();
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                raw_pair(&name, value, self.0);
            }
            Ok(())
        }
    }
    let before = out.len();
    let mut reader = serde_json::Deserializer::from_str(fields.get());
    if serde::Deserializer::deserialize_map(&mut reader, Each(out)).is_err() {
        out.truncate(before);
        raw_pair("fields", fields, out);
    }
}

fn raw_pair(name: &str, value: &RawValue, out: &mut String) {
    let raw = value.get();
    if raw == "null" {
        return;
    }
    let quoted = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match quoted {
        Some(text) if !text.contains('\\') => pair(name, text, out),
        Some(_) => pair(name, &serde_json::from_str::<Cow<'_, str>>(raw).unwrap_or(Cow::Borrowed(raw)), out),
        None => pair(name, raw, out),
    }
}

fn pair(name: &str, value: &str, out: &mut String) {
    if !out.is_empty() {
        out.push_str(if out.ends_with(' ') { "" } else { "  " });
    }
    push_clean(name, out);
    out.push('=');
    push_clean(value, out);
}

/// What a string of a row may do to a terminal is taken out of it: `\u001b` is as hostile in JSON as it is outside.
fn push_clean(text: &str, out: &mut String) {
    out.push_str(&clean(text));
}

#[cfg(test)]
mod tests {
    use super::Shown;
    use super::show;
    use crate::model::level::Level;

    fn shown(row: &str) -> Option<(String, Shown)> {
        let mut out = String::new();
        show(row, &mut out).map(|s| (out, s))
    }

    #[test]
    fn both_spellings_read_as_one() {
        let (text, said) = shown(
            r#"{"ts":"2026-01-05T10:00:01.250Z","level":"ERROR","service":"worker","job_id":"train-1","msg":"it broke","event":"training.failed","fields":{"step":12,"error":"no \"x\""}}"#,
        )
        .unwrap();
        assert_eq!(
            text,
            "10:00:01 ERROR it broke  event=training.failed  step=12  error=no \"x\"  service=worker  job_id=train-1"
        );
        assert_eq!(said, Shown { level: Some(Level::Error), body: 15 });
        let (text, _) = shown(
            r#"{"timestamp":"2026-01-05T10:00:01+00:00","level":"INFO","logger":"api","message":"up","context":{"port":1}}"#,
        )
        .unwrap();
        assert_eq!(text, "10:00:01 INFO  up  port=1  logger=api");
    }

    #[test]
    fn figures_that_are_none_are_shown_as_written() {
        let row =
            r#"{"ts":"10:00:01","level":"INFO","msg":"NaN \"NaN\" \\","fields":{"loss":NaN,"a":-Infinity}}"#;
        assert_eq!(shown(row).unwrap().0, r#"10:00:01 INFO  NaN "NaN" \  loss=NaN  a=-Infinity"#);
        assert_eq!(super::level(row), Some(Some(Level::Info)));
    }

    #[test]
    fn other_rows_stay_as_they_are() {
        for row in [r#"{"step":1,"loss":0.5}"#, "{", "[1]", r#"{"msg":"x"}"#, r#"{"level":3,"msg":"x"}"#] {
            assert_eq!(shown(row), None, "{row}");
        }
    }

    #[test]
    fn a_row_that_names_a_key_twice_is_shown_and_counted_as_it_was_written() {
        for key in ["logger", "service", "job_id", "correlation_id", "exception", "fields", "level"] {
            let row = format!(r#"{{"ts":"10:00:01","level":"ERROR","msg":"x","{key}":"a","{key}":"b"}}"#);
            assert_eq!((shown(&row), super::level(&row)), (None, None), "{key}");
        }
    }

    #[test]
    fn an_escape_inside_a_string_does_not_get_out() {
        let (text, _) = shown(
            r#"{"ts":"10:00:01","level":"INFO","msg":"a\u001b]0;x\u0007b\u009bc","fields":{"k\u0000":"\u202ev\n"}}"#,
        )
        .unwrap();
        assert!(!text.chars().any(char::is_control), "{text:?}");
        assert!(!text.contains('\u{202e}'), "{text:?}");
    }
}
