//! Times at the start of log lines, in the formats that loggers use.
//!
//! Only a time with a zone is a moment ([`Stamp::from_millis`]); all others are [`Stamp::local`], good for differences.

use crate::model::stamp::Stamp;

/// A time and what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Timed<'a> {
    /// The time.
    pub stamp: Stamp,
    /// Whether it has a date (a bare `15:13:37` is a weaker sign of a log line).
    pub dated: bool,
    /// The text behind it.
    pub rest: &'a str,
}

/// Takes digits off the front: at least `min`, at most `max`.
#[inline]
fn digits(text: &str, min: usize, max: usize) -> Option<(i64, &str)> {
    let mut number = 0;
    let mut n = 0;
    for byte in text.bytes().take(max).take_while(u8::is_ascii_digit) {
        number = number * 10 + i64::from(byte - b'0');
        n += 1;
    }
    if n < min {
        return None;
    }
    Some((number, text.get(n..)?))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar (Howard Hinnant's `days_from_civil`).
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = if y >= 0 { y } else { y - 399 } / 400;
    let yoe = y - era * 400;
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// A date and how it was written: `2026-11-22`, `2026/11/22`, `11/22/2026`, `11/22`, `11-22`.
fn date(text: &str) -> Option<(i64, &str)> {
    if let Some((year, rest)) = digits(text, 4, 4) {
        let sep = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
        let (month, rest) = digits(rest.strip_prefix(sep)?, 1, 2)?;
        let (day, rest) = digits(rest.strip_prefix(sep)?, 1, 2)?;
        return valid(year, month, day).map(|days| (days, rest));
    }
    let (month, rest) = digits(text, 2, 2)?;
    let sep = rest.chars().next().filter(|c| matches!(c, '-' | '/'))?;
    let (day, rest) = digits(rest.strip_prefix(sep)?, 2, 2)?;
    // Spark's `26/01/05`
    if let Some((last, rest)) = rest.strip_prefix(sep).and_then(|rest| digits(rest, 2, 2))
        && rest.starts_with(' ')
    {
        let american = month <= 12 && last > 12;
        let (year, month, day) = if american { (last, month, day) } else { (month, day, last) };
        return valid(2000 + year, month, day).map(|days| (days, rest));
    }
    match rest.strip_prefix(sep).and_then(|rest| digits(rest, 4, 4)) {
        Some((year, rest)) => valid(year, month, day).map(|days| (days, rest)),
        None => valid(1972, month, day).map(|days| (days, rest)),
    }
}

fn valid(year: i64, month: i64, day: i64) -> Option<i64> {
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| days(year, month, day))
}

/// `15:36:53`, `15:36:53,473`, `15:36:53.473123`: milliseconds of the day.
fn time_of_day(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = digits(text, 2, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let (second, mut rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut millis = 0;
    if let Some(fraction) = rest.strip_prefix([',', '.'])
        && let Some((_, after)) = digits(fraction, 1, 9)
    {
        let digits = fraction.len() - after.len();
        let (shown, _) = self::digits(fraction, 1, 3)?;
        millis = shown * [0, 100, 10].get(digits).copied().unwrap_or(1);
        rest = after;
    }
    Some((((hour * 60 + minute) * 60 + second) * 1000 + millis, rest))
}

/// `Z`, `+00:00`, `+0200`, ` UTC`: milliseconds to take off.
fn zone(text: &str) -> Option<(i64, &str)> {
    if let Some(rest) = text.strip_prefix('Z').or_else(|| text.strip_prefix(" UTC")) {
        return Some((0, rest));
    }
    let sign = if text.starts_with('+') {
        1
    } else if text.starts_with('-') {
        -1
    } else {
        return None;
    };
    let (hours, rest) = digits(text.get(1..)?, 2, 2)?;
    let (minutes, rest) = digits(rest.strip_prefix(':').unwrap_or(rest), 2, 2)?;
    Some((sign * (hours * 60 + minutes) * 60_000, rest))
}

/// `03:04:16 PM`, behind a date.
fn halved(millis: i64, rest: &str) -> (i64, &str) {
    let noon = 12 * 3_600_000;
    match rest
        .strip_prefix(" AM")
        .map(|rest| (0, rest))
        .or_else(|| rest.strip_prefix(" PM").map(|rest| (noon, rest)))
    {
        Some((half, rest)) if rest.starts_with(' ') && millis < noon + 3_600_000 => {
            (millis % noon + half, rest)
        }
        _ => (millis, rest),
    }
}

/// A month by its name: `12 Dec 12:16`, `05-Jan-2026 10:00:00`, to the minute or the second.
fn named(text: &str) -> Option<Timed<'_>> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, rest) = digits(text, 1, 2)?;
    let sep = rest.chars().next().filter(|c| matches!(c, ' ' | '-' | '/'))?;
    let rest = rest.strip_prefix(sep)?;
    let (name, rest) = rest.split_at_checked(3)?;
    let month = MONTHS.iter().zip(1..).find_map(|(month, number)| (*month == name).then_some(number))?;
    let rest = rest.strip_prefix([sep, ' ', ':'])?;
    let (year, rest) =
        match digits(rest, 4, 4).and_then(|(year, rest)| Some((year, rest.strip_prefix([' ', ':', 'T'])?))) {
            Some(dated) => dated,
            None => (1972, rest),
        };
    let days = valid(year, month, day)?;
    let (millis, rest) = time_of_day(rest).or_else(|| {
        let (hour, rest) = digits(rest, 2, 2)?;
        let (minute, rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
        (hour < 24 && minute < 60 && rest.starts_with(' ')).then_some(((hour * 60 + minute) * 60_000, rest))
    })?;
    Some(Timed { stamp: Stamp::local(days * 86_400_000 + millis), dated: true, rest })
}

/// Reads a time at the very start of `text`.
pub(crate) fn leading(text: &str) -> Option<Timed<'_>> {
    if !text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    if text.as_bytes().get(..5).is_some_and(|head| head.iter().any(u8::is_ascii_alphabetic)) {
        return named(text);
    }
    if let Some((millis, rest)) = time_of_day(text) {
        return Some(Timed { stamp: Stamp::local(millis), dated: false, rest });
    }
    let (days, rest) = date(text)?;
    let rest = rest
        .strip_prefix('T')
        .or_else(|| rest.strip_prefix('_'))
        .unwrap_or_else(|| rest.trim_start_matches(' '));
    let (millis, rest) = time_of_day(rest)?;
    let (millis, rest) = halved(millis, rest);
    let millis = days * 86_400_000 + millis;
    match zone(rest) {
        Some((ahead, rest)) => Some(Timed { stamp: Stamp::from_millis(millis - ahead), dated: true, rest }),
        None => Some(Timed { stamp: Stamp::local(millis), dated: true, rest }),
    }
}

/// absl and glog: `1122 15:13:59.510737 139958738172800 train.py:23] ` behind the level's letter.
pub(crate) fn glog(text: &str) -> Option<Timed<'_>> {
    // absl writes the year only where a program asks for it
    let year = digits(text, 8, 8).is_some_and(|(date, _)| (19_900_101..21_000_101).contains(&date));
    let (month, rest) = digits(if year { text.get(4..)? } else { text }, 2, 2)?;
    let (day, rest) = digits(rest, 2, 2)?;
    let rest = rest.strip_prefix(' ')?;
    // TensorFlow before its logger is set up: `I0000 00:00:1795361013.952779   24473 port.cc:153] `
    let (millis, rest) = match time_of_day(rest) {
        Some(found) => found,
        None => (0, rest.get(rest.find(' ')?..)?),
    };
    let (place, rest) = rest.split_once("] ").or_else(|| rest.strip_suffix(']').map(|place| (place, "")))?;
    if !place.contains(':') || place.len() > 120 {
        return None;
    }
    let days = valid(1972, month.max(1), day.max(1))?;
    Some(Timed { stamp: Stamp::local(days * 86_400_000 + millis), dated: true, rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_makes_a_moment() {
        let at = |text| leading(text).map(|t| t.stamp);
        assert_eq!(at("1970-01-02T00:00:01.5Z x"), Some(Stamp::from_millis(86_401_500)));
        assert_eq!(at("1970-01-02T02:00:00+0200"), Some(Stamp::from_millis(86_400_000)));
        assert!(at("2026-11-22 15:36:53,473 - x").is_some_and(Stamp::is_local));
    }

    #[test]
    fn what_stands_behind_is_handed_on() {
        for (text, rest) in [
            ("2026-11-22 15:36:53,473 - name", " - name"),
            ("11/22/2026 15:29:33 - INFO", " - INFO"),
            ("11/22 15:30:16 - x", " - x"),
            ("11-22 15:13:02.705 [I] x", " [I] x"),
            ("2024-07-04 13:37:40.422463: Epoch 99", ": Epoch 99"),
            ("15:13:37] x", "] x"),
        ] {
            assert_eq!(leading(text).map(|t| t.rest), Some(rest), "{text}");
        }
    }

    #[test]
    fn numbers_are_no_times() {
        for text in
            ["12", "1/10 loss", "2026", "99:99:99", "0:00:16", "25/25 - 3s", "13/45/2026 10:00:00", "12/25"]
        {
            assert_eq!(leading(text), None, "{text}");
        }
        assert!(
            glog("1122 15:13:59.510737 139958738172800 train.py:23] epoch")
                .is_some_and(|t| t.rest == "epoch")
        );
        assert!(
            glog("0000 00:00:1795361013.952779   24473 port.cc:153] oneDNN")
                .is_some_and(|t| t.rest == "oneDNN")
        );
        assert_eq!(glog("123 apples"), None);
    }
}
