//! How the times of lines are told, beside what the lines themselves say.

use std::time::Duration;

use super::LogPane;
use crate::app::age;
use crate::model::stamp::Stamp;

/// How times are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    /// As the lines say them.
    #[default]
    Written,
    /// Since the log began.
    Start,
    /// Since the line before.
    Gap,
    /// How long ago. Not for times without a zone: nobody can tell what moment they mean.
    Ago,
}

impl Times {
    /// Columns of what [`Times::text`] makes.
    pub const WIDTH: u16 = 8;

    /// The time of a line, given the first time of the log and that of the line before; at most [`Times::WIDTH`] columns.
    pub fn text(self, time: Stamp, began: Option<Stamp>, before: Option<Stamp>, now: Stamp) -> String {
        match self {
            Self::Written => String::new(),
            Self::Start => began.map_or_else(String::new, |began| apart(began, time, false)),
            Self::Gap => before.map_or_else(String::new, |before| apart(before, time, true)),
            Self::Ago if time.is_local() => String::new(),
            Self::Ago => format!("-{}", age::text(now.since(time))),
        }
    }

    /// What the head calls it.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Written => None,
            Self::Start => Some("since start"),
            Self::Gap => Some("gaps"),
            Self::Ago => Some("ago"),
        }
    }
}

/// From one time to another of the same kind.
fn apart(from: Stamp, to: Stamp, gap: bool) -> String {
    if from.is_local() != to.is_local() {
        return String::new();
    }
    let millis = to.millis().saturating_sub(from.millis());
    let sign = if millis < 0 {
        "-"
    } else if gap {
        "+"
    } else {
        ""
    };
    let span = Duration::from_millis(millis.unsigned_abs());
    if gap && span < Duration::from_millis(1) {
        return String::new();
    }
    format!("{sign}{}", told(span))
}

/// `0.412s` `59.1s` `8m41s` `4h12m` `2d03h`.
fn told(span: Duration) -> String {
    let millis = span.as_millis();
    match millis {
        0..10_000 => format!("{}.{:03}s", millis / 1000, millis % 1000),
        10_000..60_000 => format!("{}.{}s", millis / 1000, millis % 1000 / 100),
        _ => age::span(span.as_secs_f64()).unwrap_or_default(),
    }
}

/// A live log that has been still for less than this is not called silent.
const SILENT: Duration = Duration::from_secs(120);
/// Times so many as its usual pause, a pause is unusual.
const UNUSUAL: u32 = 10;

impl LogPane {
    /// The next way of telling times that this log can be told by.
    pub(super) fn next_times(&mut self) {
        let began = self.page.began;
        let can = |times| match times {
            Times::Start => began.is_some(),
            Times::Ago => began.is_some_and(|began| !began.is_local()),
            Times::Written | Times::Gap => true,
        };
        let order = [Times::Written, Times::Start, Times::Gap, Times::Ago];
        let here = order.iter().position(|times| *times == self.times).unwrap_or(0);
        let next = order.iter().cycle().skip(here + 1).take(order.len()).find(|times| can(**times));
        self.times = next.copied().unwrap_or_default();
    }

    /// How long the file has said nothing, where that is longer than is usual and the run is believed to go on.
    pub fn silence(&self, now: Stamp) -> Option<Duration> {
        let silent = now.since(self.watched_since()?);
        (silent >= self.usual()).then_some(silent)
    }

    fn watched_since(&self) -> Option<Stamp> {
        if !self.alive || self.merged {
            return None;
        }
        self.sources.get(self.chosen)?.written
    }

    /// The longest silence that is not worth a word: ten times the pauses between its last lines.
    fn usual(&self) -> Duration {
        let times: Vec<Stamp> = self.page.lines.iter().rev().filter_map(|line| line.time).take(20).collect();
        let longest = times.windows(2).map(|pair| match pair {
            [later, earlier] => later.since(*earlier),
            _ => Duration::ZERO,
        });
        let longest = longest.max().unwrap_or_default().min(Duration::from_hours(24));
        (longest * UNUSUAL).max(SILENT)
    }

    /// When the passing of time alone changes what the pane shows.
    pub fn changes(&self, now: Stamp) -> Option<Stamp> {
        let silence = self.watched_since().map(|since| {
            if self.silence(now).is_some() { age::changes(since, now) } else { since.plus(self.usual()) }
        });
        let ages = (self.times == Times::Ago).then(|| {
            let times = self.from_top().take(self.rows).filter_map(|(line, _)| line.time);
            times.filter(|time| !time.is_local()).map(|time| age::changes(time, now)).min()
        });
        [silence, ages.flatten()].into_iter().flatten().filter(|at| *at > now).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Stamp {
        Stamp::from_millis(millis)
    }

    #[test]
    fn times_are_told_in_few_columns() {
        let now = at(10_000_000);
        let cases = [
            (Times::Start, at(412), "0.412s"),
            (Times::Start, at(59_120), "59.1s"),
            (Times::Start, at(521_000), "8m41s"),
            (Times::Gap, at(1_500), "+0.500s"),
            (Times::Gap, at(500), "-0.500s"),
            (Times::Gap, at(1_000), ""),
            (Times::Ago, at(9_940_000), "-1m"),
            (Times::Ago, Stamp::local(9_940_000), ""),
            (Times::Start, Stamp::local(5), ""),
            (Times::Written, at(5), ""),
        ];
        for (times, time, want) in cases {
            let text = times.text(time, Some(at(0)), Some(at(1_000)), now);
            assert_eq!(text, want, "{times:?} {time:?}");
            assert!(text.len() <= usize::from(Times::WIDTH));
        }
        let far = Times::Gap.text(at(0), None, Some(at(86_400_000 * 999)), now);
        assert_eq!(far, "-999d00h");
    }
}
