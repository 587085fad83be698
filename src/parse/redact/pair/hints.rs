//! What stands around a name and tells what it means.

use std::ops::Range;

use crate::parse::redact::edits::Edit;
use crate::parse::redact::name::Head;
use crate::parse::redact::name::Key;
use crate::parse::redact::value;

/// What expressions of programs begin with.
pub(super) const ROOTS: [&str; 30] = [
    "self", "args", "arg", "cfg", "config", "os", "kwargs", "opts", "options", "opt", "settings", "params",
    "request", "cls", "getpass", "get", "load", "read", "fetch", "input", "getenv", "environ", "hparams",
    "conf", "flags", "FLAGS", "parser", "userdata", "training", "script",
];

/// How far before a name a word that explains it is looked for.
const NEAR: usize = 200;

/// The part of `text` before `at` that is near.
fn near(text: &str, at: usize) -> &str {
    let mut from = at.saturating_sub(NEAR);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..at).unwrap_or_default()
}

/// The word before `at`, when a blank separates them.
fn word_before(text: &str, at: usize) -> Option<&str> {
    let before = near(text, at);
    let trimmed = before.trim_end_matches(' ');
    if trimmed.len() == before.len() {
        return None;
    }
    let start = trimmed.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    let start = start.map_or(0, |at| {
        at + trimmed.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    trimmed.get(start..).filter(|word| !word.is_empty())
}

/// A key that is one by the word before it (`API key`, `secret access key`), or by standing in an address (`?key=`).
pub(super) fn named_before(text: &str, name: &Range<usize>) -> Option<Key> {
    let written = text.get(name.clone())?;
    if !(written.eq_ignore_ascii_case("key") || written.eq_ignore_ascii_case("keys")) {
        return None;
    }
    if text.get(..name.start)?.ends_with(['?', '&']) {
        return Key::of("api_key", None).map(|key| Key { loose: true, ..key });
    }
    let before = word_before(text, name.start)?;
    Key::of(&format!("{before}_key"), None)
}

/// Whether the word before the name says that a token is a piece of text: `next token: …`.
pub(super) fn is_of_text(text: &str, at: usize) -> bool {
    word_before(text, at)
        .is_some_and(|word| word.len() < 20 && Key::of(&format!("{word}_token"), None).is_none())
}

/// Whether the name before which this stands is set by it: `setenv X`, `ENV X`, `set -gx X`, `login user password X`.
pub(super) fn is_set(text: &str, at: usize) -> bool {
    let before = near(text, at).trim_end();
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    matches!(last, "setenv" | "ENV" | "-x" | "-gx" | "-xg" | "-Ux" | "-Ugx" | "ARG")
        || before.contains("login ") && before.contains("machine ")
}

/// Forty hexadecimal digits behind a word that says that they are a key: `wandb: logged in, key …`. A commit is no key.
pub(super) fn hex_key(text: &str, name: &Range<usize>, key: Option<Key>) -> Option<Edit> {
    let near = near(text, name.start);
    let written = text.get(name.clone())?;
    let wandb = || near.as_bytes().windows(5).any(|five| five.eq_ignore_ascii_case(b"wandb"));
    let is_key = key.is_some_and(|key| key.head == Head::Key);
    let may = written.eq_ignore_ascii_case("key") || written.eq_ignore_ascii_case("login");
    if !(is_key || may && wandb()) {
        return None;
    }
    let rest = text.get(name.end..)?;
    let mut at = 0;
    for run in rest.as_bytes().get(..rest.len().min(140))?.chunk_by(|a, b| is_word(*a) == is_word(*b)) {
        if run.len() == 40 && run.iter().all(u8::is_ascii_hexdigit) {
            return Some(Edit::whole(name.end + at..name.end + at + 40));
        }
        if at > 96
            || [&b"commit"[..], b"sha", b"sha1", b"hash", b"rev", b"revision", b"checksum"].contains(&run)
        {
            return None;
        }
        at += run.len();
    }
    None
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// `docker login -p X`, `wandb login X`.
pub(super) fn login(text: &str, end: usize) -> Option<Edit> {
    let rest = text.get(end..)?;
    let mut limit = rest.len().min(256);
    while !rest.is_char_boundary(limit) {
        limit -= 1;
    }
    let rest = rest.get(..limit)?;
    let option = rest.find(" -p ")? + 4;
    let word = rest.get(option..)?.split(char::is_whitespace).next()?;
    let bare = word.trim_matches(['"', '\'']);
    let start = end + option + word.find(bare)?;
    (bare.len() > 2 && !value::is_placeholder(bare)).then(|| Edit::whole(start..start + bare.len()))
}
