//! What the bytes of a row must hold for a pattern to match the text that is shown of it.
//!
//! The text of a plain line is its bytes. A JSON row is shown in other words: `"loss":0.5` as `loss=0.5`, its time shortened, its
//! keys in another order, escapes resolved. So a text that a match must hold is cut where the shown text may be joined from several
//! places, `=` may be a colon between quotes, and a row with `\u` may hold anything.

use std::fmt::Write as _;

use regex::bytes;
use regex_syntax::hir::literal::ExtractKind;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::literal::Seq;

/// Texts shorter than this are found everywhere.
const SHORTEST: usize = 3;
/// A pattern with more alternatives is asked of each line instead.
const MOST: usize = 24;

/// The quick pattern for a pattern of the user; `None` when it has no texts that every match must hold.
pub(super) fn of_pattern(pattern: &str) -> Option<bytes::Regex> {
    if pattern.is_empty() {
        return None;
    }
    let hir = regex_syntax::parse(pattern).ok()?;
    let texts = |kind| -> Option<Vec<String>> {
        let mut extractor = Extractor::new();
        extractor.kind(kind).limit_total(MOST);
        let found: Seq = extractor.extract(&hir);
        let literals = found.literals()?;
        literals
            .iter()
            .map(|literal| std::str::from_utf8(literal.as_bytes()).ok().map(str::to_owned))
            .collect()
    };
    let quick = |texts: Vec<String>| built(&texts);
    texts(ExtractKind::Prefix).and_then(quick).or_else(|| texts(ExtractKind::Suffix).and_then(quick))
}

/// The quick pattern for texts that JSON rows hold as values; `training.*` stands for all that begin so.
pub(super) fn of_texts(texts: &[String]) -> Option<bytes::Regex> {
    let texts: Vec<String> = texts.iter().map(|text| text.trim_end_matches('*').to_owned()).collect();
    built(&texts)
}

fn built(texts: &[String]) -> Option<bytes::Regex> {
    if texts.is_empty() || texts.len() > MOST {
        return None;
    }
    let mut pattern = String::from("(?i)");
    for text in texts {
        // what is no object below `context` is shown below `fields`
        let text = text.replace("fields=", " ");
        let piece = text.split(is_joint).max_by_key(|piece| piece.len())?;
        if piece.len() < SHORTEST {
            return None;
        }
        let parts: Vec<String> = piece.split('=').map(regex_syntax::escape).collect();
        pattern.push_str(&parts.join(r#"(?:=|"\s*:\s*"?)"#));
        pattern.push('|');
    }
    // what is escaped may be anything
    let _ = write!(pattern, r"\\u");
    bytes::RegexBuilder::new(&pattern).size_limit(1 << 20).dfa_size_limit(4 << 20).build().ok()
}

/// Whether the shown text may have been put together here, or be written in another way in the row.
fn is_joint(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | '/' | char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::of_pattern;
    use super::of_texts;

    fn finds(pattern: &str, row: &str) -> Option<bool> {
        of_pattern(pattern).map(|raw| raw.is_match(row.as_bytes()))
    }

    #[test]
    fn every_row_that_could_match_is_found() {
        for (pattern, row) in [
            ("ERROR", "an ERROR"),
            ("error", "an ERROR"),
            (r"ERROR|loss=1\.2", r#"{"loss":1.2}"#),
            (r"loss=1\.2", r#"{"loss" : "1.2"}"#),
            (r"loss=1\.2", "loss=1.2"),
            ("INFO  up", r#"{"level":"INFO","msg":"up"}"#),
            ("caf\u{e9} x", r#"{"msg":"caf\u00e9"}"#),
            (r"\d+ms", "took 5ms (or so)"),
            ("step=[0-9]+ .*", r#"{"step":12}"#),
            (r#"say "hello"#, r#"{"msg":"say \"hello\""}"#),
        ] {
            assert_ne!(finds(pattern, row), Some(false), "{pattern} {row}");
        }
    }

    #[test]
    fn a_row_without_the_texts_is_not_looked_at() {
        for (pattern, row) in
            [("ERROR", "fine"), (r"ERROR|loss=1\.2", r#"{"loss":1.3}"#), ("abc.*def", "ab def")]
        {
            assert_eq!(finds(pattern, row), Some(false), "{pattern} {row}");
        }
        for pattern in ["", ".", r"\d", "a|b", "(foo)?", "x*"] {
            assert_eq!(finds(pattern, "x"), None, "{pattern}");
        }
    }

    #[test]
    fn values_of_rows() {
        let raw = of_texts(&["training.*".to_owned(), "ev al".to_owned()]);
        assert!(raw.is_none(), "a piece is too short");
        let raw = of_texts(&["training.*".to_owned()]).unwrap();
        assert!(raw.is_match(b"{\"event\":\"training.step\"}") && !raw.is_match(b"{}"));
    }
}
