//! What the parts of a message are, so that figures can be found in it by eye: calm, and by roles alone.

use std::ops::Range;
use std::sync::Arc;

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A figure that stands by itself.
    Number,
    /// The value of a key: a figure, or anything else. It stands out by its dim key.
    Value,
    /// What stands before `=`.
    Key,
    /// The name of one of the run's metrics.
    Metric,
    /// A text in quotes.
    Quote,
    /// A path or an address.
    Path,
}

/// Longer messages are not looked at behind this, in bytes.
const MOST: usize = 4096;

/// The parts of a message, from left to right, in bytes of `text`.
pub(super) fn parts(text: &str, metrics: &[Arc<str>]) -> Vec<(Range<usize>, Part)> {
    let mut parts = Vec::new();
    let mut at = 0;
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at).filter(|_| at < MOST) {
        if byte == b'"' || (byte == b'\'' && !before_is_word(bytes, at)) {
            if let Some(end) = quote(bytes, at) {
                parts.push((at..end, Part::Quote));
                at = end;
                continue;
            }
        }
        if !is_word(byte) {
            at += 1;
            continue;
        }
        let end = at + bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_word(**byte)).count();
        let word = text.get(at..end).unwrap_or_default();
        if let Some(equals) = word.find('=').filter(|equals| *equals > 0) {
            let key = word.get(..equals).unwrap_or_default();
            parts.push((at..at + equals, if is_metric(key, metrics) { Part::Metric } else { Part::Key }));
            let from = at + equals + 1;
            if from < end {
                parts.push((from..end, Part::Value));
            }
        } else {
            let named = word.strip_suffix(':').unwrap_or(word);
            if is_metric(named, metrics) {
                parts.push((at..at + named.len(), Part::Metric));
            } else {
                value(word, at, &mut parts);
            }
        }
        at = end;
    }
    parts
}

/// Words end at blanks and at signs that stand between words.
const fn is_word(byte: u8) -> bool {
    !byte.is_ascii_whitespace()
        && !matches!(byte, b',' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'|' | b'"' | b';')
}

fn before_is_word(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|byte| byte.is_ascii_alphanumeric())
}

fn value(word: &str, at: usize, parts: &mut Vec<(Range<usize>, Part)>) {
    let bare = word.trim_end_matches([':', '.', '\'']);
    let range = at..at + bare.len();
    if is_number(bare) {
        parts.push((range, Part::Number));
    } else if is_path(bare) {
        parts.push((range, Part::Path));
    }
}

/// A figure, also with a unit, a percent sign, or a total behind a stroke.
fn is_number(word: &str) -> bool {
    let word = word.trim_start_matches(['+', '-', '~', '$', '#']);
    let begins = word.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'.');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    matches!(word, "nan" | "inf" | "NaN" | "Infinity")
        || (begins && digits > 0 && letters <= 4 && digits + 6 >= letters * 2)
}

fn is_path(word: &str) -> bool {
    let inner = word.find('/').is_some_and(|at| word.get(at + 1..).is_some_and(|rest| !rest.is_empty()));
    (word.starts_with(['/', '~']) && inner)
        || word.starts_with("./")
        || word.contains("://")
        || (inner && word.contains('.'))
}

fn is_metric(word: &str, metrics: &[Arc<str>]) -> bool {
    !word.is_empty() && metrics.iter().any(|name| **name == *word)
}

fn quote(bytes: &[u8], from: usize) -> Option<usize> {
    let sign = *bytes.get(from)?;
    let rest = bytes.get(from + 1..)?;
    let rest = rest.get(..rest.len().min(MOST))?;
    let end = rest.iter().position(|byte| *byte == sign)?;
    Some(from + end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&str, Part)> {
        let metrics = ["loss".into(), "val_loss".into()];
        parts(text, &metrics).into_iter().map(|(range, part)| (&text[range], part)).collect()
    }

    #[test]
    fn figures_keys_metrics_paths_and_quotes() {
        assert_eq!(
            told("step 12/300: loss=0.25 lr=3e-4 val_loss: nan at 3.8it/s, 45%"),
            [
                ("12/300", Part::Number),
                ("loss", Part::Metric),
                ("0.25", Part::Value),
                ("lr", Part::Key),
                ("3e-4", Part::Value),
                ("val_loss", Part::Metric),
                ("nan", Part::Number),
                ("3.8it/s", Part::Number),
                ("45%", Part::Number),
            ]
        );
        assert_eq!(
            told("saved to /runs/a/ckpt-1.pt \"best so far\" as 'x y' don't"),
            [("/runs/a/ckpt-1.pt", Part::Path), ("\"best so far\"", Part::Quote), ("'x y'", Part::Quote)]
        );
        assert_eq!(told("open \" quote é中 = ="), []);
    }

    #[test]
    fn any_text_is_cut_at_its_characters() {
        for text in ["é=1", "=", "a=é", "'é'", "\"中\"中", "１２", "x=\u{301}"] {
            for (range, _) in parts(text, &[]) {
                assert!(text.get(range).is_some(), "{text}");
            }
        }
    }
}
