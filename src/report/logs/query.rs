//! The options of the command line as a filter of the log engine.

use crate::model::level::Level;
use crate::model::log::LogFilter;
use crate::model::log::LogQuery;
use crate::model::log::Term;
use crate::model::log::When;
use crate::parse::logquery;
use crate::parse::pattern;

/// A query as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// At least this level; exactly this one with `=` before it.
    pub level: Option<&'a str>,
    /// Event; with `*` at its end all that begin so.
    pub event: Option<&'a str>,
    /// Regex.
    pub grep: Option<&'a str>,
    /// Regex of what is not wanted.
    pub not: Option<&'a str>,
    /// Name of a category.
    pub category: Option<&'a str>,
    /// Correlation id.
    pub correlation_id: Option<&'a str>,
    /// Rank.
    pub rank: Option<u32>,
    /// Not before this time.
    pub since: Option<&'a str>,
    /// Before this time.
    pub until: Option<&'a str>,
}

/// Understands what was typed; the error says in one line what is wrong, and what would be right.
pub fn query(asked: &Asked<'_>) -> Result<LogQuery, String> {
    let mut filter = LogFilter::default();
    if let Some(typed) = asked.level {
        let level = level(typed)?;
        filter = filter.and(if typed.trim().starts_with('=') {
            Term::Level(vec![level])
        } else {
            Term::Least(level)
        });
    }
    if let Some(typed) = asked.category {
        let category =
            logquery::category(typed.trim()).map_err(|error| format!("--category {typed}: {error}"))?;
        filter = filter.and(Term::Category(vec![category]));
    }
    if let Some(event) = asked.event {
        filter = filter.and(Term::Event(vec![event.to_owned()]));
    }
    if let Some(id) = asked.correlation_id {
        filter = filter.and(Term::Correlation(vec![id.to_owned()]));
    }
    if let Some(rank) = asked.rank {
        filter = filter.and(Term::Rank(vec![rank]));
    }
    if let Some(since) = asked.since {
        filter = filter.and(Term::Since(when("--since", since)?));
    }
    if let Some(until) = asked.until {
        filter = filter.and(Term::Until(when("--until", until)?));
    }
    if let Some(grep) = asked.grep {
        filter = filter.and(Term::Text(regex("--grep", grep)?));
    }
    if let Some(not) = asked.not {
        filter = filter.and_not(Term::Text(regex("--not", not)?));
    }
    Ok(LogQuery { filter, ..LogQuery::default() })
}

fn level(typed: &str) -> Result<Level, String> {
    let name = typed.trim();
    logquery::level(name.strip_prefix('=').unwrap_or(name))
        .map_err(|error| format!("--level {typed}: {error}"))
}

fn when(name: &str, typed: &str) -> Result<When, String> {
    logquery::when(typed.trim()).map_err(|error| format!("{name} {typed}: {error}"))
}

fn regex(name: &str, typed: &str) -> Result<String, String> {
    match pattern::compile(typed) {
        Ok(Some(_)) => Ok(typed.to_owned()),
        Ok(None) => Err(format!("{name}: the pattern is empty")),
        Err(error) => {
            Err(format!("{name} {typed}: {error}; put \\ before a sign that is meant as it stands"))
        }
    }
}
