//! A JSON string's content as it means, with the way back to how it was written.

use std::borrow::Cow;
use std::ops::Range;

/// What a string means.
pub(super) struct Decoded<'t> {
    text: Cow<'t, str>,
    /// Where the text and its writing part ways: from this byte of the text on, this byte of the writing. Empty: nowhere.
    steps: Vec<(usize, usize)>,
}

impl Decoded<'_> {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a span of the text is in the writing.
    pub(super) fn raw(&self, span: Range<usize>) -> Range<usize> {
        self.place(span.start)..self.place(span.end)
    }

    fn place(&self, at: usize) -> usize {
        let after = self.steps.partition_point(|(text, _)| *text <= at);
        match after.checked_sub(1).and_then(|last| self.steps.get(last)) {
            Some((text, raw)) => raw + (at - text),
            None => at,
        }
    }
}

/// Takes the escapes out of what stands between the quotes.
pub(super) fn decode(raw: &str) -> Decoded<'_> {
    if !raw.contains('\\') {
        return Decoded { text: Cow::Borrowed(raw), steps: Vec::new() };
    }
    let mut text = String::with_capacity(raw.len());
    let mut steps = Vec::new();
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (plain, escape) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.push_str(plain);
        let (c, len) = one(escape);
        text.push(c);
        rest = escape.get(len..).unwrap_or_default();
        steps.push((text.len(), raw.len() - rest.len()));
    }
    text.push_str(rest);
    Decoded { text: Cow::Owned(text), steps }
}

/// The character that an escape means, and the length of its writing.
fn one(escape: &str) -> (char, usize) {
    let c = match escape.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode(escape),
        Some(other) if other.is_ascii() => char::from(*other),
        _ => return ('\\', 1),
    };
    (c, 2)
}

fn unicode(escape: &str) -> (char, usize) {
    let unit = |from: usize| {
        let digits = escape.get(from..from + 4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let Some(high) = unit(2) else { return ('u', 2) };
    if let Some(c) = char::from_u32(high) {
        return (c, 6);
    }
    let low = if escape.get(6..8) == Some("\\u") { unit(8) } else { None };
    let both = low.filter(|low| (0xDC00..0xE000).contains(low) && high < 0xDC00);
    match both.and_then(|low| char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))) {
        Some(c) => (c, 12),
        None => (char::REPLACEMENT_CHARACTER, 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_mean_what_json_says_and_lead_back() {
        let raw = r#"a\n\"b\" \u0041\ud83d\ude00 c\ud800x\\"#;
        let decoded = decode(raw);
        assert_eq!(decoded.text(), "a\n\"b\" A😀 c\u{fffd}x\\");
        let at = |part: &str| decoded.text().find(part).map(|at| at..at + part.len()).expect("a part");
        assert_eq!(raw.get(decoded.raw(at("b"))), Some("b"));
        assert_eq!(raw.get(decoded.raw(at("A"))), Some(r"\u0041"));
        assert_eq!(raw.get(decoded.raw(at("\"b\""))), Some(r#"\"b\""#));
        assert_eq!(raw.get(decoded.raw(at("😀 c"))), Some(r"\ud83d\ude00 c"));
        assert_eq!(raw.get(decoded.raw(at("\\"))), Some(r"\\"));
        assert_eq!(decoded.raw(0..decoded.text().len()), 0..raw.len());
    }
}
