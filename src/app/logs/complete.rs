//! What may follow at the cursor of a filter that is being typed.

use crate::model::log::Facets;
use crate::parse::logquery;

/// More than these are not offered at once.
const MOST: usize = 40;

/// What may stand in the place of the word, or the part of it, that the cursor is behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidates {
    /// Where the part begins, in bytes.
    pub(super) from: usize,
    /// What may stand there instead.
    pub texts: Vec<String>,
    /// What is wanted, where no list can be given.
    pub hint: Option<&'static str>,
}

/// Candidates for the text before the cursor. Values come from what the log is known to hold.
pub(super) fn candidates(before: &str, facets: Option<&Facets>, files: &[&str]) -> Candidates {
    let Some(word_at) = word(before) else { return Candidates::default() };
    let word = before.get(word_at..).unwrap_or_default();
    let bare = word.strip_prefix('!').unwrap_or(word);
    let bare_at = word_at + (word.len() - bare.len());
    let Some((name, values)) = logquery::NAMES.iter().find(|(name, _)| bare.starts_with(name)) else {
        let names = logquery::NAMES.iter().map(|(name, _)| *name);
        let texts = names.filter(|name| name.starts_with(bare)).map(str::to_owned).collect();
        return Candidates { from: bare_at, texts, hint: None };
    };
    let typed = bare.get(name.len()..).unwrap_or_default();
    let last = typed.rfind(',').map_or(0, |at| at + 1);
    let part = typed.get(last..).unwrap_or_default();
    let from = bare_at + name.len() + last;
    let fit = |all: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        all.filter(|value| value.starts_with(part) && !value.contains(char::is_whitespace))
            .take(MOST)
            .map(str::to_owned)
            .collect()
    };
    let texts = match *name {
        "level>=" | "level:" | "cat:" => fit(&mut values.split(' ')),
        "event:" => fit(&mut facets.iter().flat_map(|facets| facets.events.iter().map(|(name, _)| &**name))),
        "rank:" => fit(&mut facets.iter().flat_map(|facets| facets.ranks.iter().map(|(name, _)| &**name))),
        "file:" => fit(&mut files.iter().copied()),
        _ => Vec::new(),
    };
    let hint = texts.is_empty().then_some(*values);
    Candidates { from, texts, hint }
}

/// Where the word at the end of `text` begins; `None` within quotes.
fn word(text: &str) -> Option<usize> {
    let mut start = 0;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if quoted => quoted = false,
            '"' if matches!(text.get(start..at), Some("" | "!")) => quoted = true,
            c if c.is_whitespace() && !quoted => start = at + c.len_utf8(),
            _ => {}
        }
    }
    (!quoted).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facets() -> Facets {
        Facets {
            events: vec![("training.step".into(), 9), ("training.end".into(), 1), ("eval".into(), 2)],
            ranks: vec![("0".into(), 5), ("1".into(), 5)],
            ..Facets::default()
        }
    }

    #[test]
    fn names_and_values_are_offered_where_they_may_stand() {
        let facets = facets();
        let cases: [(&str, usize, &[&str]); 12] = [
            ("le", 0, &["level>=", "level:"]),
            ("!ca", 1, &["cat:"]),
            ("loss un", 5, &["until:"]),
            ("level>=w", 7, &["warn"]),
            ("level:debug,in", 12, &["info"]),
            ("x cat:s", 6, &["setup", "system"]),
            ("event:tr", 6, &["training.step", "training.end"]),
            ("!event:", 7, &["training.step", "training.end", "eval"]),
            ("rank:", 5, &["0", "1"]),
            ("file:std", 5, &["stderr.log"]),
            ("\"le", 0, &[]),
            ("nothing", 0, &[]),
        ];
        for (text, from, want) in cases {
            let found = candidates(text, Some(&facets), &["stderr.log", "training.log"]);
            assert_eq!(found.texts, want, "{text}");
            assert!(found.texts.is_empty() || found.from == from, "{text}: {}", found.from);
        }
        assert_eq!(candidates("since:", None, &[]).hint, Some("10m, 14:05, 2026-03-01T14:05"));
        assert_eq!(candidates("event:", None, &[]).hint, Some("a name, or the begin of one and *"));
        assert_eq!(candidates("a \"b c\" ra", None, &[]).texts, ["rank:"]);
    }
}
