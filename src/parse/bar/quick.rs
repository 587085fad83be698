//! The layout that nearly every redraw has, read without looking twice at anything:
//! `4/16 [00:00<00:01, 31.92batch/s, loss=1.19, lr=0.00298]`.
//!
//! At the first thing out of the ordinary it gives up, and the reader that knows all layouts takes over. Whatever this one does
//! read, that one reads alike: a test holds them together.

use super::bracket;
use super::number;
use crate::model::record::Bar;
use crate::model::record::Pair;

/// Reads the counts and the bracket that begin at `at` into `bar`, up to the closing bracket. Returns where it stands behind that
/// one; `None`, with `bar` half-filled, when anything is unusual.
#[inline]
pub(super) fn read<'a>(text: &'a str, at: usize, bar: &mut Bar<'a>) -> Option<usize> {
    let bytes = text.as_bytes();
    let (current, at) = count(bytes, at)?;
    let at = expect(bytes, at, b'/')?;
    let (total, at) = count(bytes, at)?;
    let at = expect(bytes, at, b' ')?;
    let at = expect(bytes, at, b'[')?;
    let (elapsed, at) = time(bytes, at)?;
    let at = expect(bytes, at, b'<')?;
    let (remaining, at) = time(bytes, at)?;
    let at = expect(bytes, at, b',')?;
    let mut at = expect(bytes, at, b' ')?;
    // the rate is padded to five columns
    while bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    let (rate, at) = number::short(bytes, at)?;
    let (rate, unit, mut at) = unit(text, at, rate)?;
    bar.current = current as f64;
    bar.total = Some(total as f64);
    bar.elapsed = Some(elapsed as f64);
    bar.remaining = Some(remaining as f64);
    bar.rate = Some(rate);
    bar.unit = unit;
    loop {
        match bytes.get(at)? {
            b']' => return Some(at + 1),
            b',' => at = expect(bytes, at + 1, b' ')?,
            _ => return None,
        }
        let equals = name_end(bytes, at);
        if equals == at {
            return None;
        }
        let begin = expect(bytes, equals, b'=')?;
        let (value, end) = figure(bytes, begin)?;
        bar.values.push(Pair { name: text.get(at..equals)?, value });
        at = if bytes.get(end) == Some(&b'%') { end + 1 } else { end };
    }
}

/// The figure at `at`, and where it ends.
#[inline]
fn figure(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    let (value, len) = number::scan(bytes.get(at..)?)?;
    Some((value, at + len))
}

#[inline]
fn expect(bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
    (*bytes.get(at)? == byte).then_some(at + 1)
}

/// A whole number of less than eight digits.
#[inline]
fn count(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let (value, digits) = number::leading(number::word(bytes, at));
    number::is_short(digits).then_some((value, at + digits))
}

/// `MM:SS`, `H:MM:SS` or `HH:MM:SS`.
#[inline]
pub(super) fn time(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let word = number::word(bytes, at);
    match mm_ss(word).map(u64::from) {
        Some(seconds) if bytes.get(at + 5) != Some(&b':') => Some((seconds, at + 5)),
        // `HH:MM` was read as minutes and seconds
        Some(minutes) => {
            let (seconds, digits) = number::leading(word >> 48);
            (digits == 2).then_some((minutes * 60 + seconds, at + 8))
        }
        None => {
            let hours = (word & 0xFF).wrapping_sub(u64::from(b'0'));
            let is_long = hours <= 9 && word >> 8 & 0xFF == u64::from(b':');
            mm_ss(word >> 16).filter(|_| is_long).map(|seconds| (hours * 3600 + u64::from(seconds), at + 7))
        }
    }
}

/// `MM:SS` in the lowest five bytes of `word`, in seconds: all five are checked, and then summed, at once.
#[inline]
pub(super) fn mm_ss(word: u64) -> Option<u32> {
    let digits = (word & 0xFF_FFFF_FFFF) ^ 0x30_303A_3030;
    let others = ((digits + 0x76_767F_7676) | digits) & 0x80_8080_8080;
    let tens_and_ones = digits * 10 + (digits >> 8);
    #[expect(clippy::cast_possible_truncation, reason = "99:99 at most")]
    let seconds = ((tens_and_ones & 0xFF) * 60 + (tens_and_ones >> 24 & 0xFF)) as u32;
    (others == 0).then_some(seconds)
}

/// `it/s`, the unit that nobody has set.
const ITERATIONS: u64 = u32::from_le_bytes(*b"it/s") as u64;

/// What stands behind the figure of a rate: `it/s` or `s/it`, with a plain unit. Returns the rate in units per second.
#[inline]
fn unit(text: &str, at: usize, figure: f64) -> Option<(f64, &str, usize)> {
    let bytes = text.as_bytes();
    if number::word(bytes, at) & 0xFFFF_FFFF == ITERATIONS {
        return Some((figure, text.get(at..at + 2)?, at + 4));
    }
    let end = name_end(bytes, at);
    let name = text.get(at..end)?;
    match name.as_bytes() {
        [b's', b'/', b's'] => None,
        [b's', b'/', _, ..] => {
            (figure > 0.0).then(|| (figure.recip(), name.get(2..).unwrap_or_default(), end))
        }
        [first, .., b'/', b's'] if bracket::factor(*first).is_none() => {
            Some((figure, name.get(..name.len() - 2)?, end))
        }
        _ => None,
    }
}

/// Where the name at `at` ends: the letters, digits and signs that names are made of.
#[inline]
fn name_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while bytes.get(end).is_some_and(|b| NAME.get(usize::from(*b)) == Some(&true)) {
        end += 1;
    }
    end
}

/// Which bytes are part of a plain name or unit.
const NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, clippy::indexing_slicing, reason = "counts to 255")]
        {
            table[byte] = is_name(byte as u8);
        }
        byte += 1;
    }
    table
};

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'/' | b'-' | b'.' | b'@')
}
