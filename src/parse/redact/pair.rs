//! Names with their values in text: `hf_token=…`, `password: …`, `'api_key': '…'`, `--token …`, `Authorization: …`.

use std::ops::Range;

use super::edits::Edit;
use super::header;
use super::name::Head;
use super::name::Key;
use super::separator;
use super::separator::Join;
use super::separator::Separator;
use super::value;
use super::words;

mod extent;
mod hints;

use self::extent::Quotes;

/// Names are looked at so far from the word in them.
const LONGEST_NAME: usize = 64;

/// Longer expressions are none.
const LONGEST_CODE: usize = 160;

/// The end of a tag is looked for so far behind its begin.
const LONGEST_TAG: usize = 512;

/// Looks for pairs in one text, from its begin to its end.
pub(super) struct Pairs<'t> {
    text: &'t str,
    quotes: Quotes,
    /// Where the last name ended: it may hold several words.
    done: usize,
}

/// A name as it stands in the text.
struct Name {
    at: Range<usize>,
    /// Dashes before it: an option of a command.
    option: bool,
}

impl<'t> Pairs<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, quotes: Quotes::default(), done: 0 }
    }

    /// What stands under the name that has a word at `hit`.
    pub(super) fn find(&mut self, hit: Range<usize>, found: &mut Vec<Edit>) {
        if hit.start < self.done {
            return;
        }
        let Some(name) = self.name(&hit) else { return };
        let written = self.text.get(name.at.clone()).unwrap_or_default();
        let key = Key::of(written, None).or_else(|| hints::named_before(self.text, &name.at));
        self.done = name.at.end;
        let before = found.len();
        if let Some(key) = key {
            self.under(key, &name, found);
        }
        if found.len() == before {
            found.extend(hints::hex_key(self.text, &name.at, key));
            if written.eq_ignore_ascii_case("login") {
                found.extend(hints::login(self.text, name.at.end));
            }
        }
    }

    /// The whole name around a word of it.
    fn name(&self, hit: &Range<usize>) -> Option<Name> {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let before = self.text.get(..hit.start)?;
        let left = before.bytes().rev().take(LONGEST_NAME);
        let left = left.take_while(|byte| part(*byte) || matches!(byte, b'-' | b'.')).count();
        let mut start = hit.start - left;
        let lead = self.text.get(start..hit.start)?;
        let leading = lead.len() - lead.trim_start_matches(['-', '.', '_']).len();
        let option = lead.starts_with('-');
        start += leading;
        let escaped = self.text.get(..start).is_some_and(|before| before.ends_with('\\'));
        if escaped && lead.starts_with(['n', 't', 'r']) && start < hit.start {
            start += 1;
        }
        let behind = self.text.as_bytes().get(hit.end..)?;
        let mut right = 0;
        while right < LONGEST_NAME
            && let Some(byte) = behind.get(right)
            && (part(*byte)
                || matches!(byte, b'-' | b'.') && behind.get(right + 1).is_some_and(|next| part(*next)))
        {
            right += 1;
        }
        Some(Name { at: start..hit.end + right, option })
    }

    fn under(&mut self, key: Key, name: &Name, found: &mut Vec<Edit>) {
        let before = self.text.get(..name.at.start).unwrap_or_default();
        let rest = self.text.as_bytes().get(name.at.end..).unwrap_or_default();
        let near = rest.get(..LONGEST_TAG).unwrap_or(rest);
        let tag = before.ends_with('<') && memchr::memmem::find(near, b"</").is_some();
        let Some(mut separator) = separator::find(self.text, name.at.end, tag) else { return };
        if separator.join == Join::Colon
            && self.text.get(separator.end..).is_some_and(|rest| rest.starts_with("//"))
        {
            return;
        }
        let mut key = key;
        if matches!(separator.join, Join::Blank)
            || separator.join == Join::Table && self.is_wide(name, &separator)
        {
            let Some(end) = self.blank(key, name, separator.end) else { return };
            separator.end = end;
            key.loose &= !name.option;
        }
        self.values(key, name, &separator, found);
    }

    /// Whether nothing but blanks separates.
    fn is_wide(&self, name: &Name, separator: &Separator) -> bool {
        self.text.get(name.at.end..separator.end).is_some_and(|between| between.trim().is_empty())
    }

    /// Where the value begins when only a blank separates it from its name, if a value it is.
    fn blank(&self, key: Key, name: &Name, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let word = |rest: &'t str| rest.get(..rest.find(char::is_whitespace).unwrap_or(rest.len()));
        let first = word(rest)?;
        if name.option {
            // what stands farther off explains the option
            return (!first.starts_with('-') && at == name.at.end + 1).then_some(at);
        }
        if hints::is_set(self.text, name.at.start) {
            return Some(at);
        }
        // `password is X`
        let verb = ["is", "was", "set to", "="].into_iter().find_map(|verb| {
            let behind = rest.strip_prefix(verb)?.strip_prefix([' ', ':'])?;
            Some(at + (rest.len() - behind.trim_start().len()))
        });
        let from = verb.unwrap_or(at);
        let value = word(self.text.get(from..)?)?;
        let bare = value.trim_matches(|c: char| matches!(c, '"' | '\'' | '`' | ',' | '.' | ';' | ')' | '('));
        let digit = bare.bytes().any(|byte| byte.is_ascii_digit());
        let letter = bare.bytes().any(|byte| byte.is_ascii_alphabetic());
        let file = bare.contains('/') && words::is_wordy(bare) || bare.starts_with(['/', '~']);
        let short = (verb.is_some() || key.head == Head::Password)
            && bare.len() >= 6
            && digit
            && letter
            && !value::is_number(bare);
        let quoted = verb.is_some() && value.starts_with(['"', '\'', '`']) && bare.len() >= 4;
        (!file && !bare.contains('=') && (words::is_strong(bare) || short || quoted)).then_some(from)
    }

    /// The values behind a separator: one, or those of a list.
    fn values(&mut self, key: Key, name: &Name, separator: &Separator, found: &mut Vec<Edit>) {
        let mut at = extent::unwrap(self.text, separator.end);
        if self.quotes.open(self.text, at).closes(self.text, at) {
            return;
        }
        let list = self.text.get(at..).is_some_and(|rest| {
            rest.starts_with(['[', '('])
                && rest
                    .get(1..)
                    .is_some_and(|rest| rest.trim_start_matches(['\\', ' ']).starts_with(['"', '\'']))
        });
        at += usize::from(list);
        loop {
            let blanks =
                self.text.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches([' ', '\n']).len());
            at += if list { blanks } else { 0 };
            let (range, quoted, end) = match extent::quoted(self.text, at) {
                Some((range, end)) => (range, true, end),
                None if list => return,
                None => {
                    let range = self.unquoted(key, separator.join, at);
                    (range.clone(), false, range.end)
                }
            };
            found.extend(self.secret(key, name, separator, range, quoted));
            if !list || self.text.get(end..).is_none_or(|rest| !rest.starts_with(',')) {
                return;
            }
            at = end + 1;
        }
    }

    fn unquoted(&mut self, key: Key, join: Join, at: usize) -> Range<usize> {
        let open = self.quotes.open(self.text, at);
        let rest = self.text.get(at..).unwrap_or_default();
        let scheme = if key.head == Head::Auth { header::scheme(rest) } else { 0 };
        let signed = rest.starts_with("AWS4-")
            || rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("digest "));
        let len = if join == Join::Tag {
            rest.find('<').unwrap_or(rest.len())
        } else if (key.head == Head::Cookie && !key.loose || signed) && join != Join::Blank {
            extent::line(rest, open)
        } else {
            scheme + extent::word(rest.get(scheme..).unwrap_or_default(), open)
        };
        at..at + len
    }

    /// What of a value is secret.
    fn secret(
        &self,
        key: Key,
        name: &Name,
        separator: &Separator,
        range: Range<usize>,
        quoted: bool,
    ) -> Option<Edit> {
        let value = self.text.get(range.clone())?;
        if value.is_empty() || value::is_innocent(value, key, quoted) {
            return None;
        }
        let token = hints::is_of_text(self.text, name.at.start) && key.head == Head::Token;
        if token && !words::is_strong(value) {
            return None;
        }
        if !quoted
            && (self.is_code(value, name, range.end) || self.is_prose(key, value, separator, range.end))
        {
            return None;
        }
        let mut edit = key.whole(value)?;
        edit.shift(range.start);
        Some(edit)
    }

    /// `token=self.token`, `login(token=hf_token)`, `password=getpass()`: a line of a program, as tracebacks show them.
    fn is_code(&self, value: &str, name: &Name, end: usize) -> bool {
        if value.len() > LONGEST_CODE {
            return false;
        }
        let len = value
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
            .count();
        let (path, rest) = value.split_at_checked(len).unwrap_or((value, ""));
        let Some(root) = path.split(['.', '_']).next() else { return false };
        if hints::ROOTS.contains(&root) && (path.contains('.') || rest.starts_with(['(', '['])) {
            return true;
        }
        let before = self.text.get(..name.at.start).unwrap_or_default().trim_end();
        let behind = self.text.get(end..).unwrap_or_default();
        if [" or ", " and ", " if "].iter().any(|word| behind.starts_with(word))
            && Key::of(path, None).is_some()
        {
            return rest.is_empty() && words::is_wordy(path);
        }
        let call = before.ends_with(['(', ',']) && before.contains('(') && behind.starts_with([')', ',']);
        call && rest.is_empty() && words::is_wordy(path) && Key::of(path, None).is_some()
    }

    /// `token: the next word`: a sentence.
    fn is_prose(&self, key: Key, value: &str, separator: &Separator, end: usize) -> bool {
        let letters = value.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-'));
        if separator.join != Join::Colon || !separator.blank || !letters || !words::is_wordy(value) {
            return false;
        }
        let behind = self.text.get(end..).unwrap_or_default();
        let mut next = behind.strip_prefix(' ').unwrap_or_default().chars();
        let goes_on = next.next().is_some_and(char::is_lowercase)
            && next.next().is_some_and(|c| c.is_alphabetic() || c == ' ');
        let small = value.bytes().all(|byte| !byte.is_ascii_uppercase());
        match key.head {
            Head::Password => false,
            Head::Token => goes_on || small && value.len() < 8,
            _ => goes_on,
        }
    }
}
