//! A JSON row of a log as a person reads it: `HH:MM:SS LEVEL message  key=value`.
//!
//! Two spellings are known (`ts`/`level`/`msg`/`fields` and `timestamp`/`level`/`message`/`context`), as job logs and service
//! logs have them; a row with neither stays as it was written. All other keys follow the message, so that a search finds them.
//!
//! A search reads a hundred thousand rows, so a row is cut into keys and values as they stand there and put together anew; what
//! is no row to its end (torn, or with something behind it) is shown as it was written.

use std::borrow::Cow;

use memchr::memmem;

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

/// The values of the keys that have a place of their own, as they are written.
#[derive(Debug, Default)]
struct Keys<'a> {
    ts: Option<&'a str>,
    level: Option<&'a str>,
    msg: Option<&'a str>,
    event: Option<&'a str>,
    fields: Option<&'a str>,
    logger: Option<&'a str>,
    service: Option<&'a str>,
    job_id: Option<&'a str>,
    correlation_id: Option<&'a str>,
    exception: Option<&'a str>,
}

impl<'a> Keys<'a> {
    /// The keys of a row; `None` when it is torn, or names one of them twice.
    fn of(row: &'a str) -> Option<Self> {
        let mut keys = Self::default();
        let mut once = true;
        let behind = pairs_of(row, &mut |key, value| {
            let place = match key {
                "ts" | "timestamp" | "time" | "asctime" => &mut keys.ts,
                "level" | "levelname" | "severity" | "lvl" => &mut keys.level,
                "msg" | "message" => &mut keys.msg,
                "event" => &mut keys.event,
                "fields" | "context" | "extra" => &mut keys.fields,
                "logger" => &mut keys.logger,
                "service" => &mut keys.service,
                "job_id" => &mut keys.job_id,
                "correlation_id" => &mut keys.correlation_id,
                "exception" => &mut keys.exception,
                _ => return true,
            };
            once &= place.is_none();
            *place = Some(value);
            once
        })?;
        (once && behind.trim_ascii().is_empty()).then_some(keys)
    }
}

/// Hands out the keys of an object and their values, both as they are written, until `each` has enough. Returns what stands behind
/// the object; `None` when it does not end, or is none.
fn pairs_of<'a>(object: &'a str, each: &mut dyn FnMut(&'a str, &'a str) -> bool) -> Option<&'a str> {
    let mut rest = blanks(object.strip_prefix('{')?);
    if let Some(behind) = rest.strip_prefix('}') {
        return Some(behind);
    }
    loop {
        let (key, behind) = string(rest)?;
        let value = blanks(blanks(behind).strip_prefix(':')?);
        let behind = behind_value(value)?;
        let written = value.get(..value.len() - behind.len())?;
        if !each(key, written.trim_ascii_end()) {
            return None;
        }
        rest = match behind.as_bytes().first()? {
            b',' => blanks(behind.get(1..)?),
            b'}' => return behind.get(1..),
            _ => return None,
        };
    }
}

/// What stands behind a value: a comma, or the end of what it is in.
fn behind_value(value: &str) -> Option<&str> {
    let behind = match value.as_bytes().first()? {
        b'"' => string(value)?.1,
        b'{' | b'[' => nested(value)?,
        b',' | b'}' | b']' => return None,
        _ => value.get(value.bytes().position(|b| matches!(b, b',' | b'}' | b']' | b'"'))?..)?,
    };
    Some(blanks(behind))
}

/// Whether a line of a log is a JSON row.
pub fn is_row(line: &str) -> bool {
    line.starts_with("{\"")
}

/// The level that a row gives: that of its first key for one, wherever it stands. What lies behind that key is not looked at, so that
/// a torn row has its level too, and counting a gigabyte of rows takes no second.
pub fn level(row: &str) -> Option<Level> {
    let mut found = None;
    pairs_of(row, &mut |key, value| {
        let is_level = matches!(key, "level" | "levelname" | "severity" | "lvl");
        if is_level {
            found = string(value).and_then(|(word, _)| level_of(word));
        }
        !is_level
    });
    found
}

/// Where the level stood in the row before: rows of one writer have it in the same place, behind a text of the same length.
#[derive(Debug, Default)]
pub struct Hint {
    /// The row up to its first value, and that value's quote.
    head: String,
    /// Where the level's word begins.
    word: usize,
}

/// What stands before the word of a level that is the second key of its row.
const SECOND: &str = "\",\"level\":\"";

impl Hint {
    /// As [`level`].
    pub fn level(&mut self, row: &str) -> Option<Level> {
        if let Some(known) = self.same(row) {
            return known;
        }
        *self = Self::of(row).unwrap_or_default();
        level(row)
    }

    /// The level of a row that begins like the one before; `None` when it does not.
    fn same(&self, row: &str) -> Option<Option<Level>> {
        let behind = row.strip_prefix(&*self.head).filter(|_| self.word > 0)?;
        let value = behind.get(..self.word - self.head.len() - SECOND.len())?;
        let rest = behind.get(value.len()..)?.strip_prefix(SECOND)?;
        if value.bytes().any(|b| matches!(b, b'"' | b'\\')) {
            return None;
        }
        let end = rest.bytes().take(10).position(|b| b == b'"')?;
        Some(level_of(rest.get(..end)?))
    }

    fn of(row: &str) -> Option<Self> {
        let (key, behind) = string(row.strip_prefix('{')?)?;
        if key.contains('\\') || matches!(key, "level" | "levelname" | "severity" | "lvl") {
            return None;
        }
        let (value, rest) = string(behind.strip_prefix(':')?)?;
        let head = row.len() - behind.len() + 2;
        let word = row.len() - rest.len() - 1 + SECOND.len();
        let fits = row.get(word - SECOND.len()..word)? == SECOND && !value.contains('\\');
        fits.then(|| row.get(..head).map(str::to_owned)).flatten().map(|head| Self { head, word })
    }
}

fn blanks(text: &str) -> &str {
    if text.starts_with([' ', '\t']) { text.trim_ascii_start() } else { text }
}

/// What stands between the quotes, as it is written, and what behind them.
fn string(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let bytes = inside.as_bytes();
    // most strings are short: their end is near, and no search is set up for it
    let mut end = 0;
    loop {
        match *bytes.get(end)? {
            b'"' => return Some((inside.get(..end)?, inside.get(end + 1..)?)),
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

/// What stands behind an object or an array.
fn nested(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_u32, 0);
    loop {
        match *bytes.get(at)? {
            b'"' => {
                let behind = string(text.get(at..)?)?.1;
                at = text.len() - behind.len();
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return text.get(at..);
        }
    }
}

/// Writes the row to `out` as it is shown. `None`, with `out` empty, when it is none of ours.
pub fn show(row: &str, out: &mut String) -> Option<Shown> {
    out.clear();
    let keys = Keys::of(row)?;
    let msg = keys.msg.and_then(text_of);
    let event = keys.event.and_then(text_of);
    let level = keys.level.and_then(text_of);
    let odd = |raw: Option<&str>, text: &Option<Cow<'_, str>>| {
        raw.is_some_and(|raw| raw != "null") && text.is_none()
    };
    if odd(keys.msg, &msg) || odd(keys.event, &event) || odd(keys.level, &level) {
        return None;
    }
    if msg.is_none() && event.is_none() || level.is_none() && keys.ts.is_none() {
        return None;
    }
    if let Some(clock) = keys.ts.and_then(clock) {
        out.push_str(clock);
        out.push(' ');
    }
    if let Some(level) = &level {
        out.push_str(level);
        for _ in level.chars().count()..5 {
            out.push(' ');
        }
        out.push(' ');
    }
    let body = out.len();
    if let Some(msg) = &msg {
        out.push_str(msg);
    }
    if let Some(event) = &event {
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
    let time = keys.ts.and_then(stamp);
    let correlation = keys.correlation_id.and_then(text_of).map(Cow::into_owned);
    Some(Shown { body: body.min(out.len()), time, event: event.map(Cow::into_owned), correlation })
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
    if memmem::find(row.as_bytes(), b"NaN").is_none() && memmem::find(row.as_bytes(), b"Infinity").is_none() {
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

/// The text that a string stands for, safe to show; `None` when the value is no string. The row is clean already, so that only what
/// was escaped in it can do anything to a terminal.
fn text_of(raw: &str) -> Option<Cow<'_, str>> {
    let inside = raw.strip_prefix('"')?.strip_suffix('"')?;
    if !inside.contains(['\\', '\t']) {
        return Some(Cow::Borrowed(inside));
    }
    let text = serde_json::from_str::<Cow<'_, str>>(raw).unwrap_or(Cow::Borrowed(inside));
    Some(Cow::Owned(clean(&text).into_owned()))
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

fn pairs(fields: &str, out: &mut String) {
    let before = out.len();
    let whole = pairs_of(fields, &mut |name, value| {
        raw_pair(name, value, out);
        true
    });
    if whole.is_none() {
        out.truncate(before);
        raw_pair("fields", fields, out);
    }
}

fn raw_pair(name: &str, value: &str, out: &mut String) {
    if value == "null" {
        return;
    }
    match text_of(value) {
        Some(text) => pair(name, &text, out),
        None => pair(name, value, out),
    }
}

fn pair(name: &str, value: &str, out: &mut String) {
    if !out.is_empty() {
        out.push_str(if out.ends_with(' ') { "" } else { "  " });
    }
    if name.contains(['\\', '\t']) {
        out.push_str(&clean(
            &serde_json::from_str::<Cow<'_, str>>(&format!("\"{name}\"")).unwrap_or(Cow::Borrowed(name)),
        ));
    } else {
        out.push_str(name);
    }
    out.push('=');
    out.push_str(value);
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

    proptest::proptest! {
        #[test]
        fn a_hint_changes_no_level(rows in proptest::collection::vec(
            proptest::prop_oneof![
                r#"\{"(ts|timestamp|level|a)":"[0-9a-z\\\\"]{0,3}","(level|lvl|x)":"(INFO|ERROR|warn|loud|x\\\\)","m":1\}"#,
                r#"\{"ts":"[0-9]{3}","level":"(INFO|ERROR|DEBUG|E)"(,"m":1)?\}?"#,
                r#"\{"ts":[0-9]{3},"level":"(INFO|ERROR)"\}"#,
            ], 1..12)) {
            let mut hint = super::Hint::default();
            for row in &rows {
                proptest::prop_assert_eq!(hint.level(row), level(row), "{}", row);
            }
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
