//! Which lines of a log are wanted, term by term. A filter is plain data: the pane makes it from what is typed, the command line
//! from its options, and one engine answers both.

use crate::model::level::Level;
use crate::model::stamp::Stamp;

/// What a line is about, as far as the line itself tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// What is loaded, configured and prepared before training.
    Setup,
    /// Bars, and events that tell how far the run is.
    Progress,
    /// Lines that carry a measure by its name.
    Metrics,
    /// Debug messages, keep-alives and other chatter.
    Debug,
    /// Warnings, errors, tracebacks, and what devices, network and schedulers say.
    System,
    /// Anything else.
    Other,
}

impl Category {
    /// How many there are.
    pub const COUNT: usize = 6;
    /// All, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Setup, Self::Progress, Self::Metrics, Self::Debug, Self::System, Self::Other];

    /// Its name, as it is typed and printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Progress => "progress",
            Self::Metrics => "metrics",
            Self::Debug => "debug",
            Self::System => "system",
            Self::Other => "other",
        }
    }

    /// The one of this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name().eq_ignore_ascii_case(name))
    }
}

/// A time as a user writes it, of which a log gives the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// So many milliseconds before the newest time of the log.
    Ago(i64),
    /// A time of day, in milliseconds since midnight: the newest such moment of the log.
    Clock(i64),
    /// A date and time as the log writes it, in milliseconds since 1970 and without a zone.
    Civil(i64),
}

impl When {
    /// The moment that is meant in a log whose newest time is `newest`; of the same kind (with a zone or without) as that.
    pub fn resolve(self, newest: Stamp) -> Stamp {
        const DAY: i64 = 86_400_000;
        let civil = if newest.is_local() {
            newest.millis().saturating_sub(Stamp::local(0).millis())
        } else {
            newest.millis()
        };
        let meant = match self {
            Self::Ago(millis) => civil.saturating_sub(millis),
            Self::Civil(millis) => millis,
            Self::Clock(millis) => {
                let day = civil.div_euclid(DAY).saturating_mul(DAY);
                let moment = day.saturating_add(millis);
                if moment > civil { moment.saturating_sub(DAY) } else { moment }
            }
        };
        if newest.is_local() { Stamp::local(meant) } else { Stamp::from_millis(meant) }
    }
}

/// One condition on a line: as it was given, or made ready for the lines of one file. Then `Text` is a compiled pattern, `File` says
/// whether that file is meant, and `Time` is the moment that is meant in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Term<Text = String, File = Vec<String>, Time = When> {
    /// The text matches this regex (smart case).
    Text(Text),
    /// It is of this level or a graver one; what continues a message has the message's level.
    Least(Level),
    /// It is of exactly one of these levels.
    Level(Vec<Level>),
    /// It is of one of these categories.
    Category(Vec<Category>),
    /// Its event is one of these; a name that ends in `*` stands for all that begin so.
    Event(Vec<String>),
    /// Its correlation id is one of these.
    Correlation(Vec<String>),
    /// One of these ranks wrote it.
    Rank(Vec<u32>),
    /// It stands in a file whose name holds one of these.
    File(File),
    /// Its time, or that of the line above that has one, is this or a later one.
    Since(Time),
    /// Its time, or that of the line above that has one, is before this.
    Until(Time),
}

/// A condition, or its opposite.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// What must hold.
    pub term: Term,
    /// Whether it must not.
    pub not: bool,
}

/// Conditions that must all hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct LogFilter {
    /// The conditions, as they were given.
    pub conditions: Vec<Condition>,
}

impl LogFilter {
    /// Whether every line passes.
    pub const fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// The same with one more condition.
    #[must_use]
    pub fn and(mut self, term: Term) -> Self {
        self.conditions.push(Condition { term, not: false });
        self
    }

    /// The same with one more condition that must not hold.
    #[must_use]
    pub fn and_not(mut self, term: Term) -> Self {
        self.conditions.push(Condition { term, not: true });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::When;
    use crate::model::stamp::Stamp;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_time_of_day_is_the_newest_one_that_the_log_has_seen() {
        let newest = Stamp::from_millis(10 * 24 * HOUR + 9 * HOUR);
        assert_eq!(When::Clock(8 * HOUR).resolve(newest).millis(), 10 * 24 * HOUR + 8 * HOUR);
        assert_eq!(When::Clock(10 * HOUR).resolve(newest).millis(), 9 * 24 * HOUR + 10 * HOUR);
        assert_eq!(When::Ago(2 * HOUR).resolve(newest).millis(), 10 * 24 * HOUR + 7 * HOUR);
    }

    #[test]
    fn a_log_without_zones_is_asked_without_zones() {
        let newest = Stamp::local(9 * HOUR);
        let meant = When::Clock(8 * HOUR).resolve(newest);
        assert!(meant.is_local());
        assert_eq!(meant, Stamp::local(8 * HOUR));
        assert_eq!(When::Civil(5).resolve(newest), Stamp::local(5));
    }
}
