//! Stand-in for `parse::text`.

use crate::model::level::Level;
use crate::model::stamp::Stamp;

pub(super) struct Prefix {
    pub(super) level: Option<Level>,
    pub(super) time: Option<Stamp>,
    pub(super) body: usize,
}

impl Prefix {
    pub(super) fn none() -> Self {
        Self { level: None, time: None, body: 0 }
    }
}

pub(super) fn level(word: &str) -> Option<Level> {
    Some(match word.to_ascii_uppercase().as_str() {
        "DEBUG" | "D" | "TRACE" => Level::Debug,
        "INFO" | "I" | "SUCCESS" | "NOTICE" => Level::Info,
        "WARNING" | "WARN" | "W" => Level::Warning,
        "ERROR" | "E" => Level::Error,
        "CRITICAL" | "FATAL" => Level::Critical,
        _ => return None,
    })
}

pub(super) fn read(text: &str) -> Prefix {
    let head = text.get(..text.floor_char_boundary(60)).unwrap_or(text);
    let mut found = Prefix::none();
    if !head.starts_with(|c: char| c.is_ascii_digit() || c == '[' || c.is_ascii_uppercase()) {
        return found;
    }
    for (at, word) in words(head) {
        if word.len() > 3
            && word.bytes().all(|b| b.is_ascii_uppercase())
            && let Some(level) = level(word)
        {
            found.level = Some(level);
            let end = at + word.len();
            let rest = text.get(end..).unwrap_or_default();
            found.body = end + (rest.len() - rest.trim_start_matches([' ', '-', ']', ':', '|']).len());
            return found;
        }
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| c.is_ascii_alphanumeric())?;
        let rest = text.get(start..)?;
        let len = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        at = start + len;
        Some((start, rest.get(..len)?))
    })
}

/// Where a bar ends.
pub(super) fn bar(text: &str, _redrawn: bool) -> Option<usize> {
    let found = crate::parse::bar::tqdm(text)?;
    Some(text.len() - found.after.len())
}
