//! Decimal numbers as logs print them, read from the start of a text.
//!
//! Every figure on screen passes through here, many million times for a long log: a short decimal is exact by one division, and
//! whatever that cannot prove exact goes to the standard library. Both give the same bits.

/// 10^0 to 10^22: the powers of ten that an `f64` holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// 10^0 to 10^8.
const INTEGER_POWERS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// A one in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Integers up to here are exact in an `f64`.
const EXACT: u64 = 1 << 53;

/// Digits that a `u64` holds whatever they are.
const MANTISSA_DIGITS: usize = 19;

/// Reads the number that `text` begins with: a sign, digits with or without a point, an exponent; or `nan`, `inf`, `infinity` in
/// any case. Returns it with what follows. A thousands separator ends the number: see [`ends`].
///
/// `None` when `text` does not begin with a number (also for a blank: nothing is trimmed).
pub fn number(text: &str) -> Option<(f64, &str)> {
    let (value, len) = scan(text.as_bytes())?;
    Some((value, text.get(len..)?))
}

/// The number that `text` is as a whole, blanks around it aside.
pub fn whole(text: &str) -> Option<f64> {
    match number(text.trim())? {
        (value, "") => Some(value),
        _ => None,
    }
}

/// Whether a number may end before `rest`: it is not the beginning of a word (`3rd`, `0x1f`), a version (`1.2.3`), a time
/// (`12:30`) or a grouped number (`1,234`, `1_000`), whose first part alone would be a wrong figure.
pub fn ends(rest: &str) -> bool {
    let mut bytes = rest.bytes();
    match bytes.next() {
        None => true,
        Some(b'.' | b',' | b':') => !bytes.next().is_some_and(|b| b.is_ascii_digit()),
        Some(_) => !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'),
    }
}

/// [`number`] on bytes: the value, and how many bytes it takes.
#[inline]
pub fn scan(bytes: &[u8]) -> Option<(f64, usize)> {
    match short(bytes, 0) {
        Some(found) => Some(found),
        None => long(bytes),
    }
}

/// Up to eight bytes at `at`, the first one lowest; zeros behind the end of the text.
#[inline(always)]
#[expect(clippy::inline_always, reason = "one load")]
pub(super) fn word(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => last_word(bytes, at),
    }
}

#[cold]
fn last_word(bytes: &[u8], at: usize) -> u64 {
    if let Some(chunk) = bytes.last_chunk() {
        return u64::from_le_bytes(*chunk)
            .checked_shr(8 * u32::try_from(at + 8 - bytes.len()).unwrap_or(8))
            .unwrap_or(0);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The digits that `word` begins with: their value, and how many they are (8 may mean more). Eight bytes are looked at and
/// multiplied at once.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a few instructions of the hottest loop")]
pub(super) fn leading(word: u64) -> (u64, usize) {
    let digits = from_zero(word);
    let bits = others(digits).trailing_zeros() & !7;
    if bits == 0 {
        return (0, 0);
    }
    (u64::from(eight(digits << (64 - bits))), (bits / 8) as usize)
}

/// Each byte of `word` with `0` to `9` become 0 to 9.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a few instructions of the hottest loop")]
pub(super) fn from_zero(word: u64) -> u64 {
    word ^ (0x30 * ONES)
}

/// The high bits of the bytes that are more than 9; a carry sets them of later bytes only.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a few instructions of the hottest loop")]
pub(super) fn others(digits: u64) -> u64 {
    (digits.wrapping_add(0x76 * ONES) | digits) & (0x80 * ONES)
}

/// What eight digits make, given as 0 to 9 with the first one lowest.
#[inline(always)]
pub(super) fn eight(digits: u64) -> u32 {
    const PAIRS: u64 = 0x0000_00FF_0000_00FF;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let high = (pairs & PAIRS).wrapping_mul(100 + (1_000_000 << 32));
    let low = (pairs >> 16 & PAIRS).wrapping_mul(1 + (10_000 << 32));
    (high.wrapping_add(low) >> 32) as u32
}

/// How many digits `word` begins with (8 may mean more).
#[inline]
pub(super) fn digits(word: u64) -> usize {
    (others(from_zero(word)).trailing_zeros() / 8) as usize
}

/// How many bytes of `word` stand before its first digit: 8 when there is none.
#[inline]
pub(super) fn before_digit(word: u64) -> usize {
    let digits = word ^ (0x30 * ONES);
    // without a carry from byte to byte: each is told by itself
    let others = (((digits & (0x7F * ONES)) + 0x76 * ONES) | digits) & (0x80 * ONES);
    ((others ^ (0x80 * ONES)).trailing_zeros() / 8) as usize
}

/// The number at `at` if it has less than eight digits on each side of its point and neither sign nor exponent, as nearly all
/// have; and where it ends. `None` says nothing.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the heart of the hottest loop: its results stay in registers")]
pub(super) fn short(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    let (whole, count) = leading(word(bytes, at));
    if !is_short(count) {
        return None;
    }
    let point = at + count;
    let (value, end) = if bytes.get(point) == Some(&b'.') {
        let (fraction, digits) = leading(word(bytes, point + 1));
        if !is_short(digits) {
            return None;
        }
        // below 2^53, so that nothing is rounded before the division
        let mantissa = whole * INTEGER_POWERS.get(digits)? + fraction;
        (mantissa as f64 / POWERS.get(digits)?, point + 1 + digits)
    } else {
        (whole as f64, point)
    };
    (!matches!(bytes.get(end), Some(b'e' | b'E'))).then_some((value, end))
}

/// Whether [`leading`] has found digits, and all of them.
#[inline]
pub(super) fn is_short(digits: usize) -> bool {
    digits.wrapping_sub(1) < 7
}

/// [`scan`] of a number that is not [`short`].
pub(super) fn long(bytes: &[u8]) -> Option<(f64, usize)> {
    let (negative, begin) = match bytes.first()? {
        b'-' => (true, 1),
        b'+' => (false, 1),
        _ => (false, 0),
    };
    let mut mantissa = 0;
    let mut at = append_digits(bytes, begin, &mut mantissa);
    let mut count = at - begin;
    let mut scale = 0;
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1) != Some(&b'.') {
        let fraction = append_digits(bytes, at + 1, &mut mantissa) - (at + 1);
        if count + fraction > 0 {
            at += 1 + fraction;
            count += fraction;
            scale = -i64::try_from(fraction).ok()?;
        }
    }
    if count == 0 {
        return spelled(bytes, begin, negative);
    }
    if let Some(b'e' | b'E') = bytes.get(at)
        && let Some((exponent, behind)) = exponent(bytes, at + 1)
    {
        scale += exponent;
        at = behind;
    }
    if count > MANTISSA_DIGITS {
        let behind = zeros(bytes, begin);
        count -= behind - begin;
        if bytes.get(behind) == Some(&b'.') {
            count -= zeros(bytes, behind + 1) - (behind + 1);
        }
    }
    let value = if count > MANTISSA_DIGITS {
        None
    } else if mantissa <= EXACT {
        exact(mantissa, scale)
    } else {
        quotient(mantissa, scale)
    };
    match value {
        Some(value) => Some((if negative { -value } else { value }, at)),
        None => Some((slowly(bytes.get(..at)?)?, at)),
    }
}

/// Appends the digits at `at` to `mantissa` (which wraps when there are too many) and returns where they end.
#[inline]
fn append_digits(bytes: &[u8], at: usize, mantissa: &mut u64) -> usize {
    let mut end = at;
    loop {
        let (value, count) = leading(word(bytes, end));
        let Some(power) = INTEGER_POWERS.get(count) else { return end };
        *mantissa = mantissa.wrapping_mul(*power).wrapping_add(value);
        end += count;
        if count < 8 {
            return end;
        }
    }
}

/// Where the zeros end that stand at `at`.
#[inline]
fn zeros(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        let others = word(bytes, end) ^ (0x30 * ONES);
        end += (others.trailing_zeros() / 8) as usize;
        if others != 0 {
            return end;
        }
    }
}

/// The exponent that stands behind an `e`, and where it ends. It is capped far beyond what an `f64` can tell.
fn exponent(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let (negative, begin) = match bytes.get(at)? {
        b'-' => (true, at + 1),
        b'+' => (false, at + 1),
        _ => (false, at),
    };
    let mut value: i64 = 0;
    let mut end = begin;
    while let Some(digit) = bytes.get(end).map(|b| b.wrapping_sub(b'0')).filter(|d| *d <= 9) {
        value = value.saturating_mul(10).saturating_add(i64::from(digit)).min(1_000_000);
        end += 1;
    }
    (end > begin).then_some((if negative { -value } else { value }, end))
}

/// `mantissa * 10^scale` when one correctly rounded operation gives it.
#[inline]
fn exact(mantissa: u64, scale: i64) -> Option<f64> {
    let power = POWERS.get(usize::try_from(scale.unsigned_abs()).ok()?)?;
    let mantissa = mantissa as f64;
    Some(if scale < 0 { mantissa / power } else { mantissa * power })
}

/// `mantissa * 10^scale` for figures below 1 and not far from it, as Python prints them with all their digits: divided as integers,
/// to more bits than an `f64` has, and rounded once.
fn quotient(mantissa: u64, scale: i64) -> Option<f64> {
    if mantissa == 0 || !(-27..=0).contains(&scale) {
        return None;
    }
    // 10^n is 5^n * 2^n, and 5^27 is below 2^63
    let five = 5u64.pow(u32::try_from(-scale).ok()?);
    let (zeros, five_zeros) = (mantissa.leading_zeros(), five.leading_zeros());
    // between 2^126 and 2^127 by between 2^63 and 2^64: 63 or 64 bits
    let dividend = u128::from(mantissa << zeros) << 63;
    let divisor = u128::from(five << five_zeros);
    let quotient = u64::try_from(dividend / divisor).ok()?;
    // what is left over decides only between two halves: any bit far below the last one that is kept tells of it
    let left = u64::from(u128::from(quotient) * divisor != dividend);
    let exponent = scale - 63 + i64::from(five_zeros) - i64::from(zeros);
    let power = f64::from_bits(u64::try_from(1023 + exponent).ok()? << 52);
    Some((quotient | left) as f64 * power)
}

#[cold]
fn slowly(bytes: &[u8]) -> Option<f64> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

/// `nan`, `inf` and `infinity` that do not go on as another word (`info`, `nano`).
fn spelled(bytes: &[u8], at: usize, negative: bool) -> Option<(f64, usize)> {
    if !matches!(bytes.get(at)?, b'n' | b'N' | b'i' | b'I') {
        return None;
    }
    let rest = bytes.get(at..)?;
    [("infinity", f64::INFINITY), ("inf", f64::INFINITY), ("nan", f64::NAN)].into_iter().find_map(
        |(name, value)| {
            let is = rest.get(..name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()));
            let goes_on =
                rest.get(name.len()).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
            (is && !goes_on).then_some((if negative { -value } else { value }, at + name.len()))
        },
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What must come out for a text that is one number and nothing else.
    fn same_as_std(text: &str) {
        let (value, rest) = number(text).unwrap_or_else(|| panic!("{text:?} is a number"));
        let expected: f64 = text.parse().unwrap();
        assert_eq!((value.to_bits(), rest), (expected.to_bits(), ""), "{text}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn decimals_equal_the_standard_library(text in "[-+]?[0-9]{1,24}(\\.[0-9]{0,24})?([eE][-+]?[0-9]{1,3})?") {
            same_as_std(&text);
        }

        #[test]
        fn short_decimals_equal_the_standard_library(text in "[-+]?[0-9]{0,4}\\.[0-9]{1,6}(e-0[0-9])?") {
            same_as_std(&text);
        }

        #[test]
        fn long_decimals_equal_the_standard_library(text in "-?[0-9]{0,2}\\.0{0,8}[0-9]{14,19}(e-[0-9])?") {
            same_as_std(&text);
        }

        #[test]
        fn every_float_survives_printing(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            same_as_std(&format!("{value}"));
            same_as_std(&format!("{value:e}"));
        }

        #[test]
        fn never_panics_and_never_reads_more_than_there_is(text in ".{0,40}") {
            if let Some((_, rest)) = number(&text) {
                prop_assert!(rest.len() < text.len());
                prop_assert!(text.ends_with(rest));
            }
        }
    }

    #[test]
    fn borders_of_the_fast_path() {
        for text in [
            "9007199254740992",
            "9007199254740993",
            "9007199254740994",
            "9007199254740993e-1",
            "9007199254740993e-27",
            "9007199254740993e-28",
            "9999999999999999999e-27",
            "9999999999999999999",
            "0.00029999940000029993",
            "0.000000000000000000000000000",
            "4503599627370496.5",
            "4503599627370497.5",
            "4503599627370497.500000000000",
            "4503599627370497.500000000001",
            "1e22",
            "1e23",
            "1e-22",
            "1e-23",
            "5e-324",
            "1.7976931348623157e308",
            "1e999",
            "1e-999",
            "-0",
            "-0.0",
            "0e9999999999999999999",
            ".5",
            "5.",
            "5.e3",
            "00000000000000000000000000001",
            "+7",
        ] {
            same_as_std(text);
        }
    }

    #[test]
    fn words_that_are_figures() {
        for (text, rest) in [("nan", ""), ("NaN, x", ", x"), ("-nan", ""), ("NAN]", "]")] {
            let (value, behind) = number(text).unwrap();
            assert!(value.is_nan());
            assert_eq!(behind, rest);
        }
        for (text, value) in
            [("inf", f64::INFINITY), ("-inf", f64::NEG_INFINITY), ("Infinity", f64::INFINITY)]
        {
            assert_eq!(number(text), Some((value, "")));
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in
            ["", " 1", "-", "+", ".", "..5", "-.", "e5", "info", "nano", "infinite", "nan_count", "--1", "x1"]
        {
            assert_eq!(number(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_rest_is_told() {
        for (text, value, rest) in [
            ("1,234", 1.0, ",234"),
            ("0.5%", 0.5, "%"),
            ("3e", 3.0, "e"),
            ("3e+", 3.0, "e+"),
            ("1.2.3", 1.2, ".3"),
            ("1..5", 1.0, "..5"),
            ("12it/s", 12.0, "it/s"),
            ("1e-5, lr", 1e-5, ", lr"),
        ] {
            assert_eq!(number(text), Some((value, rest)), "{text}");
        }
    }

    #[test]
    fn where_a_number_may_end() {
        for rest in ["", " ", ", x", "]", "%", ".", ". Next", ")", "/s"] {
            assert!(ends(rest), "{rest:?}");
        }
        for rest in [",234", ".3", ":30", "_000", "rd", "x1f", "é"] {
            assert!(!ends(rest), "{rest:?}");
        }
        assert_eq!(whole(" 0.25 "), Some(0.25));
        assert_eq!(whole("0.25 s"), None);
    }
}
