//! A row of a log without its secrets, in both its shapes: as it stands in the file, and as it is shown.
//!
//! A JSON row is redacted as a row, where names tell which values are secrets, and is then put into words; any other is redacted as
//! the text it is.

use std::ops::Range;

use super::logjson;
use super::logline::Line;
use super::logrows::Row;
use super::redact::Block;
use super::redact::Redactor;
use crate::model::log::Span;

/// What takes the place of a row that holds secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safe {
    /// The row; still JSON, where it was.
    pub row: String,
    /// As it is shown.
    pub text: String,
    /// Where the message begins in `text`.
    pub body: usize,
    /// How many secrets are hidden.
    pub secrets: u32,
    /// Which stretches of the text became which; `None` of a JSON row, which is put into words anew.
    replaced: Option<Vec<(Range<usize>, Range<usize>)>>,
}

impl Safe {
    /// What takes the place of `row`, which reads as `line`; `None` when it holds no secret. `block` goes from row to row.
    pub fn new(row: &Row<'_>, line: &Line<'_>, redactor: &Redactor, block: &mut Block) -> Option<Self> {
        let redacted = redactor.redact_in(block, row.text);
        let secrets = redacted.count();
        if secrets == 0 {
            return None;
        }
        let masked = redacted.text().to_owned();
        if !line.json {
            let replaced = Some(redacted.replaced().collect());
            let body = redacted.map(line.body..line.body).start;
            return Some(Self { row: masked.clone(), text: masked, body, secrets, replaced });
        }
        let mut text = String::new();
        let shown = logjson::show(&masked, &mut text);
        let body = shown.map_or(0, |shown| shown.body);
        let text = if text.is_empty() { masked.clone() } else { text };
        Some(Self { row: masked, text, body, secrets, replaced: None })
    }

    /// Whether places of the text as it was written have places in this one.
    pub const fn maps(&self) -> bool {
        self.replaced.is_some()
    }

    /// Where a stretch of the text as it was written is in this one; what touches a secret becomes the whole of its mask.
    pub fn map(&self, (from, to): Span) -> Option<Span> {
        let replaced = self.replaced.as_ref()?;
        let place = |at: u32, end: bool| -> Option<u32> {
            let at = usize::try_from(at).ok()?;
            let (mut was, mut is) = (0, 0);
            for (old, new) in replaced {
                if at < old.start || end && at == old.start {
                    break;
                }
                if at < old.end || end && at == old.end {
                    return u32::try_from(if end { new.end } else { new.start }).ok();
                }
                (was, is) = (old.end, new.end);
            }
            u32::try_from(is + (at - was)).ok()
        };
        Some((place(from, false)?, place(to, true)?))
    }
}

/// Rows that stand between those that are looked at may begin a key in PEM form: they are looked at as well.
pub fn may_hold_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::logline::Reader;

    fn safe(text: &str) -> Option<Safe> {
        let row = Row { offset: 0, text, redrawn: false, cut: 0 };
        let mut reader = Reader::default();
        let line = reader.read(&row);
        Safe::new(&row, &line, &Redactor::default(), &mut Block::default())
    }

    #[test]
    fn a_json_row_is_redacted_as_a_row_and_shown_in_words() {
        let row =
            r#"{"ts":"2026-03-01T08:00:00Z","level":"INFO","msg":"up","fields":{"password":"two words"}}"#;
        let safe = safe(row).unwrap();
        assert_eq!(safe.text, "08:00:00 INFO  up  password=***");
        assert!(safe.row.contains(r#""password":"***"}"#));
        assert_eq!((safe.body, safe.secrets, safe.map((0, 1))), (15, 1, None));
    }

    #[test]
    fn places_of_a_text_go_with_it() {
        let text = "2026-03-01 08:00:00 INFO login password=abc-12345 done";
        let safe = safe(text).unwrap();
        assert_eq!(safe.text, "2026-03-01 08:00:00 INFO login password=*** done");
        let place = |word: &str, text: &str| {
            let at = u32::try_from(text.find(word).unwrap()).unwrap();
            (at, at + u32::try_from(word.len()).unwrap())
        };
        assert_eq!(safe.map(place("done", text)), Some(place("done", &safe.text)));
        assert_eq!(safe.map(place("login", text)), Some(place("login", text)));
        assert_eq!(
            safe.map(place("12345", text)),
            Some(place("***", &safe.text)),
            "a part is the whole mask"
        );
        assert_eq!(safe.body, text.find("login").unwrap());
    }

    #[test]
    fn innocent_rows_are_left_alone() {
        assert_eq!(safe("loss=0.5 tokens=225"), None);
    }
}
