//! Secrets, taken out of whatever leaves the reader: screen, clipboard, command line.
//!
//! Logs hold tokens, passwords and keys by accident, and what a monitor shows is read over shoulders and pasted into issues. Each
//! line is looked through once by an automaton that knows the words and prefixes near which secrets stand; only where it finds one,
//! the rules look closer. Most lines hold none and pass unchanged and uncopied.
//!
//! A JSON row is taken apart: its string values are redacted one by one, keys and everything else stay byte for byte as they were, so
//! that a row stays a row. Nothing is written anew but the secrets themselves. Rules and limits: `docs/REDACTION.md`.

mod edits;
mod header;
mod home;
mod json;
mod name;
mod own;
mod pair;
mod pem;
mod prefix;
mod scan;
mod separator;
mod unescape;
mod url;
mod value;
mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use self::edits::Edit;
use self::scan::Scan;

pub use self::edits::Redacted;
pub use self::own::Own;
pub use self::pem::Block;

/// How often a text is looked through again after something was found in it. The second look finds nothing but in made-up text.
const ROUNDS: usize = 8;

/// How deep JSON in strings of JSON is followed; deeper it is text.
const DEEPEST: usize = 6;

/// Takes secrets out of text. Cheap to clone; the default knows the built-in rules and leaves home directories alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Redactor {
    own: Option<Arc<[Own]>>,
    home: bool,
}

impl Redactor {
    /// The built-in rules, these patterns beside them, and with `home` also the names in home directories.
    pub fn new(own: Vec<Own>, home: bool) -> Self {
        Self { own: (!own.is_empty()).then(|| own.into()), home }
    }

    /// `text` (one line, or a whole text with line ends) without its secrets. Borrowed when there are none.
    pub fn redact<'t>(&self, text: &'t str) -> Redacted<'t> {
        self.redact_in(&mut Block::default(), text)
    }

    /// As [`Redactor::redact`], for lines that follow each other: `block` carries a key in PEM form from line to line.
    pub fn redact_in<'t>(&self, block: &mut Block, text: &'t str) -> Redacted<'t> {
        let before = *block;
        let mut found = Vec::new();
        self.once(block, text, &mut found);
        let mut redacted = Redacted::of(text, found);
        if redacted.count() == 0 {
            return redacted;
        }
        for _ in 0..ROUNDS {
            let mut again = Vec::new();
            self.once(&mut before.clone(), redacted.text(), &mut again);
            if again.is_empty() {
                break;
            }
            redacted = redacted.and_then(text, again);
        }
        redacted
    }

    /// As [`Redactor::redact`], for text that is shared: it stays shared when there is no secret in it.
    pub fn redact_shared(&self, text: &mut Arc<str>) {
        let redacted = match self.redact(text).into_text() {
            Cow::Borrowed(_) => return,
            Cow::Owned(redacted) => redacted,
        };
        *text = redacted.into();
    }

    /// Looks through `text` once.
    fn once(&self, block: &mut Block, text: &str, found: &mut Vec<Edit>) {
        let from = if block.is_open() { pem::go_on(block, text, found) } else { 0 };
        let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) else { return };
        let before = found.len();
        self.value(block, rest, 0, found);
        for edit in found.iter_mut().skip(before) {
            edit.shift(from);
        }
    }

    /// A line, or a string value of a row.
    fn value(&self, block: &mut Block, text: &str, depth: usize, found: &mut Vec<Edit>) {
        if !self.suspects(text) {
            return;
        }
        let first = text.bytes().find(|byte| !byte.is_ascii_whitespace());
        if depth < DEEPEST && matches!(first, Some(b'{' | b'[')) {
            let before = found.len();
            let mut each = |value: &json::Value<'_>| self.json_value(value, depth, found);
            if json::values(text, &mut each) {
                return;
            }
            // torn, or no JSON at all
            found.truncate(before);
        }
        Scan::new(text, self.home, found).run(block);
        for own in self.own.iter().flat_map(|own| own.iter()) {
            own.find(text, found);
        }
    }

    /// Whether a closer look is worth it.
    fn suspects(&self, text: &str) -> bool {
        self.own.is_some() || scan::suspects(text, self.home)
    }

    /// One string of a row: as a whole under the key of a secret, else what of it is one.
    fn json_value(&self, value: &json::Value<'_>, depth: usize, found: &mut Vec<Edit>) {
        let decoded = unescape::decode(value.raw);
        let text = decoded.text();
        let mut own = Vec::new();
        match value.key.and_then(|key| key.whole(text)) {
            Some(edit) => own.push(edit),
            None => self.value(&mut Block::default(), text, depth + 1, &mut own),
        }
        for mut edit in own {
            edit.from = decoded.raw(edit.from);
            edit.shift(value.at);
            found.push(edit);
        }
    }
}
