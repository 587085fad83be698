//! The bytes that one redraw may take, looked at without asking at each of them whether there are any more.

use crate::parse::bar::quick;
use crate::parse::number;
use crate::parse::split::End;

/// Bytes that a redraw may take to be read here: more than any terminal is wide.
pub(super) const SPAN: usize = 512;

/// Bytes that are looked at for one redraw: a word more, so that the last byte is one of a whole word.
pub(super) const WINDOW: usize = SPAN + 8;

/// Powers of ten that a short figure may be divided by.
const TENS: [f64; 8] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

/// Digits of a figure that one word shows with its point and what ends it.
const SHORT: usize = 6;

/// [`SPAN`] bytes and a word behind them. Places beyond the span show other bytes of it, so that whoever reads on asks
/// [`Window::holds`] before anything is believed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'a>(&'a [u8; WINDOW]);

impl<'a> Window<'a> {
    /// The bytes at `at`; `None` near the end of the chunk.
    #[inline]
    pub(super) fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        bytes.get(at..)?.first_chunk().map(Self)
    }

    /// What `read` says of a text with nothing behind it; `None` for one that is longer than the span.
    pub(super) fn of<T>(text: &str, read: impl FnOnce(Window<'_>) -> Option<T>) -> Option<T> {
        let mut bytes = [0; WINDOW];
        bytes.get_mut(..SPAN)?.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        read(Window(&bytes))
    }

    /// Whether all that was read up to `end` was there.
    #[inline]
    pub(super) fn holds(end: usize) -> bool {
        end < SPAN
    }

    /// Eight bytes, the first one lowest.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "one load")]
    pub(super) fn word(self, at: usize) -> u64 {
        let at = at % SPAN;
        let chunk = self.0.get(at..at + 8).and_then(<[u8]>::first_chunk);
        u64::from_le_bytes(chunk.copied().unwrap_or_default())
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "one load")]
    pub(super) fn byte(self, at: usize) -> u8 {
        self.0.get(at % SPAN).copied().unwrap_or_default()
    }

    /// The words of the span, two by two.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a loop over loads")]
    pub(super) fn pairs(self) -> impl Iterator<Item = [u64; 2]> {
        self.0.as_chunks::<16>().0.iter().map(|both| match both.as_chunks().0 {
            [low, high] => [u64::from_le_bytes(*low), u64::from_le_bytes(*high)],
            _ => [0; 2],
        })
    }

    /// All from `at` on.
    #[inline]
    pub(super) fn rest(self, at: usize) -> &'a [u8] {
        self.0.get(at..).unwrap_or_default()
    }

    /// Behind the blanks at `at`.
    #[inline]
    pub(super) fn behind_blanks(self, at: usize) -> usize {
        let mut end = at;
        while self.byte(end) == b' ' && end < SPAN {
            end += 1;
        }
        end
    }

    /// What ends a segment at `at`, and what is behind that; `None` when nothing does, or when only later bytes tell what does.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "two comparisons")]
    pub(super) fn end(self, at: usize) -> Option<(usize, End)> {
        let is_returned = self.byte(at) == b'\r';
        let behind = at + usize::from(is_returned);
        match self.byte(behind) {
            b'\n' => Some((behind + 1, End::Line)),
            b'\r' => None,
            _ if is_returned => Some((behind, End::Redraw)),
            _ => None,
        }
    }

    /// A whole number of less than eight digits, and where it ends.
    #[inline]
    pub(super) fn count(self, at: usize) -> Option<(u64, usize)> {
        let (value, digits) = number::leading(self.word(at));
        number::is_short(digits).then_some((value, at + digits))
    }

    /// A time in seconds that the byte `end` follows, and what is behind that.
    #[inline]
    pub(super) fn time(self, at: usize, end: u8) -> Option<(u64, usize)> {
        let word = self.word(at);
        if word >> 40 & 0xFF == u64::from(end)
            && let Some(seconds) = quick::mm_ss(word)
        {
            return Some((seconds.into(), at + 6));
        }
        self.long_time(at, end)
    }

    #[inline(never)]
    fn long_time(self, at: usize, end: u8) -> Option<(u64, usize)> {
        let (seconds, behind) = quick::time(self.rest(at), 0)?;
        (self.byte(at + behind) == end).then_some((seconds, at + behind + 1))
    }

    /// The figure at `at`, to the bit as [`number::scan`] reads it, and where it ends.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the heart of the hottest loop: its results stay in registers")]
    pub(super) fn figure(self, at: usize) -> Option<(f64, usize)> {
        let word = self.word(at);
        let whole = number::digits(word);
        if whole < 7 && word >> (8 * whole) & 0xFF == u64::from(b'.') {
            // the point is taken out, so that all digits are read at once
            let below = (1_u64 << (8 * whole)) - 1;
            let (value, digits) = number::leading(word & below | word >> 8 & !below);
            let end = at + digits + 1;
            if whole > 0 && digits > whole && digits <= SHORT && self.byte(end) | 0x20 != b'e' {
                let ten = TENS.get((digits - whole) % TENS.len())?;
                return Some((value as f64 / ten, end));
            }
        }
        self.long_figure(at)
    }

    /// As [`Window::figure`], however long it is.
    #[inline(never)]
    pub(super) fn long_figure(self, at: usize) -> Option<(f64, usize)> {
        let (value, len) = number::scan(self.rest(at))?;
        Some((value, at + len))
    }
}

/// A text that stands between two figures.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    /// The first eight bytes, with a mask for those of them that count: most texts have no more.
    first: Part,
    more: Box<[Part]>,
    len: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Part {
    word: u64,
    mask: u64,
}

impl Part {
    fn of(bytes: &[u8]) -> Self {
        let fold =
            |byte: fn(u8) -> u8| bytes.iter().rev().fold(0, |word: u64, b| word << 8 | u64::from(byte(*b)));
        Self { word: fold(|b| b), mask: fold(|_| 0xFF) }
    }

    #[inline]
    fn is(self, word: u64) -> bool {
        (word ^ self.word) & self.mask == 0
    }
}

impl Literal {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut parts = bytes.chunks(8).map(Part::of);
        Self { first: parts.next().unwrap_or_default(), more: parts.collect(), len: bytes.len() }
    }

    /// Whether it is `bytes`.
    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        let other = Self::of(bytes);
        self.len == other.len && self.first == other.first && self.more == other.more
    }

    /// Where it ends if it stands at `at`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "three to a redraw")]
    pub(super) fn behind(&self, window: Window<'_>, at: usize) -> Option<usize> {
        if !self.first.is(window.word(at)) {
            return None;
        }
        let mut from = at + 8;
        for part in &self.more {
            if !part.is(window.word(from)) {
                return None;
            }
            from += 8;
        }
        Some(at + self.len)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(text: &str) -> [u8; SPAN + 8] {
        let mut bytes = [b'x'; SPAN + 8];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        bytes
    }

    proptest! {
        #[test]
        fn figures_are_the_same_to_the_bit(text in "-?[0-9]{0,9}\\.?[0-9]{0,9}(e-?[0-9]{0,2}|[, %\\]E]|nan)?") {
            let bytes = window(&text);
            let read = Window(&bytes).figure(0).map(|(value, end)| (value.to_bits(), end));
            prop_assert_eq!(read, number::scan(&bytes).map(|(value, end)| (value.to_bits(), end)));
        }

        #[test]
        fn a_text_is_found_where_it_stands(text in "[ -~é█]{0,40}", other in "[ -~]{0,40}", at in 0usize..100) {
            let literal = Literal::of(text.as_bytes());
            let bytes = window(&format!("{}{text}", "y".repeat(at)));
            prop_assert_eq!(literal.behind(Window(&bytes), at), Some(at + text.len()));
            let bytes = window(&format!("{}{other}|", "y".repeat(at)));
            prop_assert_eq!(literal.behind(Window(&bytes), at).is_some(), format!("{other}|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx").starts_with(&text));
        }
    }
}
