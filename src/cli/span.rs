//! Spans of time as people type them: `90s`, `10m`, `24h`, `30d`, `1h30m`.

use std::fmt::Write;
use std::time::Duration;

use crate::parse::clean::clean;

const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

/// Reads a span. The error says what is wrong with it and how one is written.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong("is empty"));
    }
    let mut seconds: u64 = 0;
    let mut seen: Vec<char> = Vec::new();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at_checked(digits).unwrap_or((rest, ""));
        if number.is_empty() {
            return Err(wrong(&format!("has no number before `{rest}`")));
        }
        let tail = tail.trim_start();
        let letters = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(letters).unwrap_or((tail, ""));
        let factor = factor(number, unit)?;
        if let Some(letter) = unit.chars().next() {
            if seen.contains(&letter) {
                return Err(wrong(&format!("names `{letter}` twice")));
            }
            seen.push(letter);
        }
        seconds = number
            .parse::<u64>()
            .ok()
            .and_then(|n| n.checked_mul(factor))
            .and_then(|n| n.checked_add(seconds))
            .filter(|n| *n <= LONGEST)
            .ok_or_else(|| wrong("is longer than a hundred years"))?;
        rest = tail.trim_start();
    }
    if seconds == 0 {
        return Err(wrong("is no time at all"));
    }
    Ok(Duration::from_secs(seconds))
}

const LONGEST: u64 = 100 * 366 * 86_400;

fn factor(number: &str, unit: &str) -> Result<u64, String> {
    if unit.is_empty() {
        return Err(wrong(&format!("has no unit behind {number}")));
    }
    UNITS
        .iter()
        .find(|(letter, _)| unit.chars().eq(std::iter::once(*letter)))
        .map(|(_, factor)| *factor)
        .ok_or_else(|| wrong(&format!("has an unknown unit `{unit}`")))
}

fn wrong(what: &str) -> String {
    // what was written is told as it can be shown
    let what = clean(what);
    format!("it {what}; write numbers with s, m, h, d or w behind them, such as 90s, 10m, 1h30m or 30d")
}

/// Writes a whole number of seconds as [`parse`] reads it, largest units first.
pub(super) fn show(span: Duration) -> String {
    let mut rest = span.as_secs();
    let mut text = String::new();
    for (letter, factor) in UNITS.into_iter().skip(1) {
        let count = rest / factor;
        if count > 0 {
            // writing to a string does not fail
            let _ = write!(text, "{count}{letter}");
            rest %= factor;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        for (text, seconds) in [
            ("90s", 90),
            ("10m", 600),
            ("24h", 86_400),
            ("30d", 2_592_000),
            ("1h30m", 5400),
            ("2w", 1_209_600),
            (" 1h 30 m ", 5400),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong_and_how_to_write_it() {
        for (text, part) in [
            ("", "is empty"),
            ("10", "no unit behind 10"),
            ("10 minutes", "unknown unit `minutes`"),
            ("10M", "unknown unit `M`"),
            ("m", "no number before `m`"),
            ("-5m", "no number before `-5m`"),
            ("1.5h", "no unit behind 1"),
            ("5m5m", "names `m` twice"),
            ("0s", "no time at all"),
            ("99999999999999999999d", "hundred years"),
            ("9999999d", "hundred years"),
            ("10µ", "unknown unit `µ`"),
            ("x\ty\u{1b}[2Jz", "no number before `x yz`"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
            assert!(error.contains("such as 90s"), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_shown_can_be_read_again() {
        for seconds in [1, 59, 60, 90, 3600, 5400, 86_399, 86_400, 90_061, 2_592_000] {
            let span = Duration::from_secs(seconds);
            assert_eq!(parse(&show(span)), Ok(span));
        }
        assert_eq!(show(Duration::from_mins(90)), "1h30m");
    }
}
