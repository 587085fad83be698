//! A JSON row of a log as a person reads it: `HH:MM:SS LEVEL message  key=value`.
//!
//! Two spellings are known (`ts`/`level`/`msg`/`fields` and `timestamp`/`level`/`message`/`context`), as job logs and service
//! logs have them; a row with neither stays as it was written. All other keys follow the message, so that a search finds them.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::clean::clean;
use super::jsonl::time;
use crate::model::level::Level;
use crate::model::stamp::Stamp;

/// What a row says besides its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Where the message begins in the text.
    pub body: usize,
    /// Its time.
    pub time: Option<Stamp>,
    /// Its event.
    pub event: Option<String>,
    /// Its correlation id.
    pub correlation: Option<String>,
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

/// Whether a line of a log is a JSON row.
pub fn is_row(line: &str) -> bool {
    line.starts_with("{\"")
}

/// The level that a row gives: that of its first key for one, wherever it stands. What lies behind that key is not looked at, so that
/// a torn row has its level too, and counting a gigabyte of rows takes no second.
pub fn level(row: &str) -> Option<Level> {
    let mut rest = row.as_bytes().strip_prefix(b"{")?;
    loop {
        let (key, behind) = string(blanks(rest))?;
        let value = blanks(blanks(behind).strip_prefix(b":")?);
        let is_level = matches!(key, b"level" | b"levelname" | b"severity" | b"lvl");
        rest = match value.first()? {
            b'"' => {
                let (text, behind) = string(value)?;
                if is_level {
                    return std::str::from_utf8(text).ok().and_then(level_of);
                }
                behind
            }
            _ if is_level => return None,
            b'{' | b'[' => nested(value)?,
            _ => value.get(value.iter().position(|b| matches!(b, b',' | b'}'))?..)?,
        };
        rest = blanks(rest).strip_prefix(b",")?;
    }
}

fn blanks(text: &[u8]) -> &[u8] {
    match text {
        [b' ' | b'\t', ..] => text.trim_ascii_start(),
        _ => text,
    }
}

/// What stands between the quotes, as it is written, and what behind them.
fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = text.strip_prefix(b"\"")?;
    // most strings are short: their end is near, and no search is set up for it
    let mut end = 0;
    loop {
        match *inside.get(end)? {
            b'"' => return Some((inside.get(..end)?, inside.get(end + 1..)?)),
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

/// What stands behind an object or an array.
fn nested(text: &[u8]) -> Option<&[u8]> {
    let (mut depth, mut rest) = (0_u32, text);
    loop {
        match rest.first()? {
            b'"' => {
                rest = string(rest)?.1;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        rest = rest.get(1..)?;
        if depth == 0 {
            return Some(rest);
        }
    }
}

/// Writes the row to `out` as it is shown. `None`, with `out` empty, when it is none of ours.
pub fn show(row: &str, out: &mut String) -> Option<Shown> {
    out.clear();
    let quoted = quote_not_finite(row);
    let keys: Keys<'_> = serde_json::from_str(&quoted).ok()?;
    let level = keys.level.as_deref();
    let time = keys.ts.and_then(|ts| stamp(ts.get()));
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
    let correlation = keys.correlation_id.and_then(|raw| serde_json::from_str(raw.get()).ok());
    Some(Shown { body: body.min(out.len()), time, event: keys.event.map(Cow::into_owned), correlation })
}

/// A moment as a row gives it: a text, or seconds since 1970.
fn stamp(raw: &str) -> Option<Stamp> {
    match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(text) => time::iso(text),
        None => raw.parse().ok().and_then(time::number),
    }
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
    use super::level;
    use super::show;
    use crate::model::level::Level;

    fn shown(row: &str) -> Option<(String, super::Shown)> {
        let mut out = String::new();
        show(row, &mut out).map(|s| (out, s))
    }

    #[test]
    fn the_level_is_that_of_the_first_key_for_one() {
        for (row, meant) in [
            (r#"{"level":"ERROR"}"#, Some(Level::Error)),
            (r#"{"a":{"level":"ERROR","b":["}",{}]},"n":1.5e3, "severity" : "warn"}"#, Some(Level::Warning)),
            (r#"{"a":"x\"level\":","ok":true,"lvl":"info","level":"ERROR"}"#, Some(Level::Info)),
            (r#"{"level":3,"severity":"error"}"#, None),
            (r#"{"level":"loud"}"#, None),
            (r#"{"ts":"2026","level":"ERROR","msg":"torn"#, Some(Level::Error)),
            (r#"{"ts":"2026","level":"ERR"#, None),
            (r#"{"step":1}"#, None),
            ("{", None),
            (r#"{"a""#, None),
        ] {
            assert_eq!(level(row), meant, "{row}");
        }
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
        assert_eq!(said.body, 15);
        assert_eq!(said.event.as_deref(), Some("training.failed"));
        assert_eq!(said.time.unwrap().millis(), 1_767_607_201_250);
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
        assert_eq!(level(row), Some(Level::Info));
    }

    #[test]
    fn other_rows_stay_as_they_are() {
        for row in [r#"{"step":1,"loss":0.5}"#, "{", "[1]", r#"{"msg":"x"}"#, r#"{"level":3,"msg":"x"}"#] {
            assert_eq!(shown(row), None, "{row}");
        }
    }

    #[test]
    fn a_row_that_names_a_key_twice_is_shown_as_it_was_written() {
        for key in ["logger", "service", "job_id", "correlation_id", "exception", "fields", "level"] {
            let row = format!(r#"{{"ts":"10:00:01","level":"ERROR","msg":"x","{key}":"a","{key}":"b"}}"#);
            assert_eq!((shown(&row), level(&row)), (None, Some(Level::Error)), "{key}");
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
