//! Times as JSON rows give them.

use crate::model::stamp::Stamp;

/// A moment written as `2026-01-05T10:00:00.123Z`, with a blank for the `T`, a comma for the dot, an offset for the `Z`. A time
/// with neither `Z` nor offset is a local one.
pub(crate) fn iso(text: &str) -> Option<Stamp> {
    let bytes = text.as_bytes();
    let two = |at: usize| -> Option<i64> {
        let (a, b) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        (a.is_ascii_digit() && b.is_ascii_digit()).then(|| i64::from(a - b'0') * 10 + i64::from(b - b'0'))
    };
    let is = |at: usize, any: &[u8]| bytes.get(at).is_some_and(|b| any.contains(b));
    let [
        y0,
        y1,
        y2,
        y3,
        b'-' | b'/',
        m0,
        m1,
        b'-' | b'/',
        d0,
        d1,
        behind,
        h0,
        h1,
        b':',
        n0,
        n1,
        b':',
        s0,
        s1,
    ] = *bytes.first_chunk()?
    else {
        return None;
    };
    // all digits are looked at before it is asked whether one of them is none
    let mut odd = !matches!(behind, b'T' | b' ' | b't' | b'_');
    let mut pair = |a: u8, b: u8| {
        let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
        odd |= a > 9 || b > 9;
        i64::from(a) * 10 + i64::from(b)
    };
    let (year, month, day) = (pair(y0, y1) * 100 + pair(y2, y3), pair(m0, m1), pair(d0, d1));
    let (hour, minute, second) = (pair(h0, h1), pair(n0, n1), pair(s0, s1));
    odd |= !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60;
    if odd {
        return None;
    }
    let mut at = 19;
    let mut millis = 0;
    if is(at, b".,") {
        at += 1;
        let mut weight = 100;
        while let Some(digit) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
            millis += i64::from(digit - b'0') * weight;
            weight /= 10;
            at += 1;
        }
    }
    let offset = match bytes.get(at) {
        Some(sign @ (b'+' | b'-')) => {
            let hours = two(at + 1)?;
            let minutes = if is(at + 3, b":") { two(at + 4)? } else { two(at + 3).unwrap_or(0) };
            let span = hours * 60 + minutes;
            if *sign == b'-' { -span } else { span }
        }
        Some(b'Z' | b'z') => 0,
        _ => {
            let days = days_since_1970(year, month, day);
            let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
            return Some(Stamp::local(seconds * 1000 + millis));
        }
    };
    let days = days_since_1970(year, month, day);
    let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
    Some(Stamp::from_millis(seconds * 1000 + millis))
}

/// A moment as a number: seconds, or milliseconds, microseconds, nanoseconds told by their size. Small numbers are no moment.
pub(crate) fn number(value: f64) -> Option<Stamp> {
    // 1e9 seconds is 2001, 1e11 is the year 5138
    let seconds = match value {
        v if (1e9..1e11).contains(&v) => v,
        v if (1e12..1e14).contains(&v) => v / 1e3,
        v if (1e15..1e17).contains(&v) => v / 1e6,
        v if (1e18..1e20).contains(&v) => v / 1e9,
        _ => return None,
    };
    Some(Stamp::from_secs_f64(seconds))
}

/// Days from 1970-01-01 to a day of the Gregorian calendar in a year from 0 on.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // years begin in March, so that the leap day comes last; 400 years are added so that nothing is below 0
    let year = (if month <= 2 { year + 399 } else { year + 400 }).unsigned_abs();
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month.unsigned_abs() + 9) % 12) + 2) / 5 + day.unsigned_abs() - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    days.cast_signed() - 719_468 - 146_097
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_rows() {
        let zero = 1_767_607_200_000;
        for (text, millis) in [
            ("2026-01-05T10:00:00Z", zero),
            ("2026-01-05T10:00:00.123Z", zero + 123),
            ("2026-01-05 10:00:00,5Z", zero + 500),
            ("2026-01-05T10:00:00.123456+02:00", zero + 123 - 7_200_000),
            ("2026-01-05T10:00:00-0130", zero + 5_400_000),
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] {
            assert_eq!(iso(text), Some(Stamp::from_millis(millis)), "{text}");
        }
        assert_eq!(iso("2026-01-05 10:00:00,123"), Some(Stamp::local(zero + 123)));
        for text in ["", "10:00:00", "2026-13-05T10:00:00Z", "2026-01-05", "yesterday at noon, no T"] {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_by_size() {
        assert_eq!(number(1_795_360_410.927), Some(Stamp::from_millis(1_795_360_410_927)));
        assert_eq!(number(1_795_360_410_927.0), Some(Stamp::from_millis(1_795_360_410_927)));
        assert_eq!(number(0.02), None);
        assert_eq!(number(f64::NAN), None);
    }
}
