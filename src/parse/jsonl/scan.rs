//! A pull reader of one JSON row that borrows everything and builds nothing.
//!
//! `serde_json` rejects the bare `NaN` and `Infinity` that Python's `json` writes, and building its `Value` for every row costs
//! more than the whole budget of a gigabyte. Members are asked for one by one; what is not wanted is skipped at the speed of
//! a scan. A row that is not well-formed to its closing brace gives `None` somewhere on the way: the caller then drops all of it.

use std::borrow::Cow;

use memchr::memchr2;

use crate::parse::number;
use crate::parse::number::word;

/// The value of a member, or where one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// A string as it stands between its quotes, escapes and all.
    Text(&'a str),
    /// A number, `NaN` and `-Infinity` included, as written.
    Number(&'a str),
    /// `true`, `false` or `null`.
    Word(&'a str),
    /// `{` was read: its members come next.
    Object,
    /// `[` was read.
    Array,
}

/// A cursor in a row.
#[derive(Debug, Clone)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.blanks();
        if self.peek()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Reads the row's opening brace.
    pub(crate) fn open(&mut self) -> Option<()> {
        self.take(b'{')
    }

    /// Whether nothing but blanks is left.
    pub(crate) fn is_over(&mut self) -> bool {
        self.blanks();
        self.at >= self.text.len()
    }

    /// Whether what follows the opening brace is a key or the closing one.
    pub(crate) fn begins_with_key(&mut self) -> bool {
        self.blanks();
        matches!(self.peek(), Some(b'"' | b'}'))
    }

    /// The next key of the object that the cursor is in: `Some(None)` at its closing brace, which is then read.
    #[expect(clippy::option_option, reason = "torn, over and a key are three different things")]
    pub(crate) fn key(&mut self) -> Option<Option<&'a str>> {
        self.blanks();
        match self.peek()? {
            b'}' => {
                self.at += 1;
                return Some(None);
            }
            b',' => {
                self.at += 1;
                self.blanks();
            }
            _ => {}
        }
        if self.peek()? != b'"' {
            return None;
        }
        let key = self.string()?;
        self.take(b':')?;
        Some(Some(key))
    }

    /// The next element of the array that the cursor is in: `Some(None)` at its closing bracket, which is then read.
    #[expect(clippy::option_option, reason = "torn, over and a value are three different things")]
    pub(crate) fn element(&mut self) -> Option<Option<Value<'a>>> {
        self.blanks();
        match self.peek()? {
            b']' => {
                self.at += 1;
                return Some(None);
            }
            b',' => self.at += 1,
            _ => {}
        }
        Some(Some(self.value()?))
    }

    /// The value at the cursor. Of an object or an array only the bracket is read.
    pub(crate) fn value(&mut self) -> Option<Value<'a>> {
        self.blanks();
        match self.peek()? {
            b'"' => self.string().map(Value::Text),
            b'{' => {
                self.at += 1;
                Some(Value::Object)
            }
            b'[' => {
                self.at += 1;
                Some(Value::Array)
            }
            b'0'..=b'9' | b'-' | b'N' | b'I' | b'+' => self.bare().map(Value::Number),
            b't' | b'f' | b'n' => self.bare().map(Value::Word),
            _ => None,
        }
    }

    /// Where the cursor is.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// Where the next byte that is no blank stands.
    pub(crate) fn place(&mut self) -> usize {
        self.blanks();
        self.at
    }

    /// Passes over the rest of the object or array whose bracket has been read.
    pub(crate) fn skip(&mut self) -> Option<()> {
        self.at = close(self.text.as_bytes(), self.at)?;
        Some(())
    }

    /// Passes over `value`, whatever it is.
    pub(crate) fn pass(&mut self, value: Value<'a>) -> Option<()> {
        match value {
            Value::Object | Value::Array => self.skip(),
            _ => Some(()),
        }
    }

    fn string(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let end = quote(self.text.as_bytes(), start)?;
        self.at = end + 1;
        self.text.get(start..end)
    }

    fn bare(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.at = bare(self.text.as_bytes(), start);
        // a number that touches the end of the bytes may have been cut
        self.peek()?;
        self.text.get(start..self.at)
    }
}

/// A byte in all places of a word.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte of `word` that is `byte`, exact for the lowest of them (a carry reaches later bytes only).
#[inline]
const fn hits(word: u64, byte: u8) -> u64 {
    let zero = word ^ all(byte);
    zero.wrapping_sub(all(1)) & !zero & all(0x80)
}

/// Bytes of a string that are looked at by words before a search is called: most strings of a row are short.
const NEAR: usize = 64;

/// The quote that ends the string whose first byte is at `at`.
#[inline]
pub(super) fn quote(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    let far = at + NEAR;
    while at < far {
        let word = word(bytes, at);
        let found = hits(word, b'"') | hits(word, b'\\');
        if found == 0 {
            at += 8;
            continue;
        }
        at += (found.trailing_zeros() / 8) as usize;
        if bytes.get(at)? == &b'"' {
            return Some(at);
        }
        at += 2;
    }
    far_quote(bytes, at)
}

fn far_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The high bit of each byte of `word` that is not `byte`.
#[inline]
const fn others(word: u64, byte: u8) -> u64 {
    let odd = word ^ all(byte);
    (odd & all(0x7f)).wrapping_add(all(0x7f)) | odd
}

/// Where the object or array ends whose bracket stands before `at`. Its inside is not looked into: a bracket of the other kind
/// closes it as well.
pub(super) fn close(bytes: &[u8], at: usize) -> Option<usize> {
    let inside = bytes.get(at..)?;
    let end = memchr2(b'}', b']', inside)?;
    if is_flat(inside.get(..end)?) { Some(at + end + 1) } else { close_deep(bytes, at) }
}

/// Whether all strings that begin in `inside` end in it, without escapes, and no bracket is opened. It holds no closing one.
#[inline]
fn is_flat(inside: &[u8]) -> bool {
    // quotes are counted modulo 2 in each place of a word: what is none is counted, which is as odd in eight places
    let (mut odd, mut deep) = (0, 0);
    let mut at = 0;
    while at < inside.len() {
        let word = word(inside, at);
        odd ^= others(word, b'"');
        deep |= hits(word | all(0x20), b'{') | hits(word, b'\\');
        at += 8;
    }
    deep == 0 && (odd & all(0x80)).count_ones().is_multiple_of(2)
}

fn close_deep(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    let mut depth = 1usize;
    while at < bytes.len() {
        let word = word(bytes, at);
        // `[` and `{`, `]` and `}` differ in one bit
        let brackets = word | all(0x20);
        let found = hits(word, b'"') | hits(brackets, b'{') | hits(brackets, b'}');
        if found == 0 {
            at += 8;
            continue;
        }
        at += (found.trailing_zeros() / 8) as usize;
        match bytes.get(at)? {
            b'"' => at = quote(bytes, at + 1)?,
            b'{' | b'[' => depth += 1,
            _ => depth -= 1,
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// For each byte whether it is one of a number or of a word like `null`.
#[expect(clippy::indexing_slicing, reason = "the compiler reads it")]
static BARE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+');
        byte += 1;
    }
    table
};

/// Whether `byte` is one of a number or of a word like `null`.
#[inline]
pub(super) fn is_bare(byte: u8) -> bool {
    BARE.get(usize::from(byte)).is_some_and(|is| *is)
}

/// Where the number or word at `at` ends.
#[inline]
pub(super) fn bare(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while bytes.get(at).is_some_and(|byte| is_bare(*byte)) {
        at += 1;
    }
    at
}

/// A figure as JSON or Python writes it.
pub(crate) fn figure(token: &str) -> Option<f64> {
    if token.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return finite(token);
    }
    match token {
        "NaN" => return Some(f64::NAN),
        "Infinity" => return Some(f64::INFINITY),
        "-Infinity" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    token.as_bytes().iter().find(|b| b.is_ascii_digit())?;
    finite(token)
}

/// The number that `token` is as a whole, as the standard library reads it.
fn finite(token: &str) -> Option<f64> {
    number::scan(token.as_bytes()).filter(|(_, end)| *end == token.len()).map(|(value, _)| value)
}

/// A JSON string's text: escapes decoded, control characters turned into blanks so that it is safe to show.
pub(crate) fn plain(raw: &str) -> Cow<'_, str> {
    let odd = |b: &u8| *b == b'\\' || *b < 0x20 || *b == 0x7f;
    if !raw.as_bytes().iter().any(odd) && !raw.contains('\u{9b}') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(char) = chars.next() {
        let char = match char {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('u') => unicode(&mut chars),
                Some(same @ ('"' | '\\' | '/')) => same,
                _ => ' ',
            },
            other => other,
        };
        text.push(if char.is_control() && char != '\n' { ' ' } else { char });
    }
    Cow::Owned(text)
}

fn unicode(chars: &mut std::str::Chars<'_>) -> char {
    let mut four = || {
        let mut value = 0u32;
        for _ in 0..4 {
            value = value * 16 + chars.next()?.to_digit(16)?;
        }
        Some(value)
    };
    let Some(first) = four() else { return char::REPLACEMENT_CHARACTER };
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    let mut ahead = chars.clone();
    if ahead.next() != Some('\\') || ahead.next() != Some('u') {
        return char::REPLACEMENT_CHARACTER;
    }
    chars.nth(1);
    let mut second = 0u32;
    for _ in 0..4 {
        second = second * 16 + chars.next().and_then(|c| c.to_digit(16)).unwrap_or(0);
    }
    let joined = 0x10000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff);
    char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_member_by_member() {
        let mut scan =
            Scanner::new(r#" {"a": 1.5e-3, "b" : "x\"y", "c": {"d": [1, "}"]}, "e": NaN, "f": null} "#);
        scan.open().unwrap();
        assert_eq!(scan.key(), Some(Some("a")));
        assert_eq!(scan.value(), Some(Value::Number("1.5e-3")));
        assert_eq!(scan.key(), Some(Some("b")));
        assert_eq!(scan.value(), Some(Value::Text(r#"x\"y"#)));
        assert_eq!(scan.key(), Some(Some("c")));
        assert_eq!(scan.value(), Some(Value::Object));
        scan.skip().unwrap();
        assert_eq!(scan.key(), Some(Some("e")));
        assert_eq!(scan.value(), Some(Value::Number("NaN")));
        assert_eq!(scan.key(), Some(Some("f")));
        assert_eq!(scan.value(), Some(Value::Word("null")));
        assert_eq!(scan.key(), Some(None));
        assert!(scan.is_over());
    }

    #[test]
    fn a_number_at_the_cut_is_not_trusted() {
        let mut scan = Scanner::new(r#"{"loss": 0.12"#);
        scan.open().unwrap();
        scan.key().unwrap();
        assert_eq!(scan.value(), None);
    }

    #[test]
    fn figures() {
        assert_eq!(figure("1e-05"), Some(1e-5));
        assert!(figure("NaN").is_some_and(f64::is_nan));
        assert_eq!(figure("-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(figure("Nope"), None);
        assert_eq!(figure("-"), None);
    }

    #[test]
    fn text_is_safe_to_show() {
        assert_eq!(plain(r"a\u001b[31mb\tc\nd\ud83d\ude00e\\"), "a [31mb c\nd😀e\\");
        assert_eq!(plain("plain"), "plain");
        assert_eq!(plain(r"\ud83d"), "\u{fffd}");
    }
}
