//! Times of a filter, and how they compare with those that lines give.
//!
//! Most logs give times without a zone. They are compared as they are written; a time with a zone is taken to UTC first.

use std::time::Duration;

use crate::model::stamp::Stamp;
use crate::parse::jsonl::time::iso;

const DAY: i64 = 86_400_000;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Milliseconds since 1970, as written.
    Moment(i64),
    /// Milliseconds since midnight, on any day.
    Clock(i64),
}

impl When {
    /// Reads `2026-01-05T10:00:00Z`, `2026-01-05 10:00`, `2026-01-05` or `10:00`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let whole = match text.len() {
            5 => format!("1970-01-01 {text}:00"),
            8 if text.contains(':') => format!("1970-01-01 {text}"),
            10 => format!("{text} 00:00:00"),
            16 => format!("{text}:00"),
            _ => text.to_owned(),
        };
        let millis = iso(&whole).map(written).ok_or_else(|| {
            format!("{text}: no time; write 2026-01-05T10:00:00, 2026-01-05 10:00, 2026-01-05 or 10:00")
        })?;
        Ok(if whole.starts_with("1970-01-01") && text.len() < 10 {
            Self::Clock(millis)
        } else {
            Self::Moment(millis)
        })
    }

    /// Whether `stamp` lies before it. A line without a date has only its time of day.
    pub(super) fn is_after(self, stamp: Stamp) -> bool {
        let at = written(stamp);
        match self {
            Self::Moment(moment) if at < DAY => at < moment.rem_euclid(DAY),
            Self::Moment(moment) => at < moment,
            Self::Clock(clock) => at.rem_euclid(DAY) < clock,
        }
    }
}

/// Milliseconds since 1970 as they are written, whatever the zone.
pub(super) fn written(stamp: Stamp) -> i64 {
    if !stamp.is_local() {
        return stamp.millis();
    }
    let since = stamp.since(Stamp::local(0));
    i64::try_from(since.max(Duration::ZERO).as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_compare_as_they_are_written() {
        let line = |text| iso(text).expect(text);
        let ten = When::parse("2026-01-05 10:00").expect("a time");
        assert!(ten.is_after(line("2026-01-05 09:59:59")));
        assert!(!ten.is_after(line("2026-01-05 10:00:00")));
        assert!(!ten.is_after(line("2026-01-05T10:00:00.5Z")));
        assert!(ten.is_after(line("2026-01-05T11:00:00+02:00")));
        let clock = When::parse("10:00").expect("a time");
        assert!(clock.is_after(line("2026-03-05 09:59:59")) && !clock.is_after(line("2026-03-05 10:00:01")));
        assert_eq!(When::parse("2026-01-05"), When::parse("2026-01-05T00:00:00"));
        for bad in ["", "noon", "10", "2026-13-01", "25:00"] {
            assert!(When::parse(bad).is_err_and(|error| error.contains("2026-01-05T10:00:00")), "{bad}");
        }
    }
}
