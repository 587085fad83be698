//! A filter and a search, ready to be asked of lines.
//!
//! Most lines of a gigabyte pass neither. So besides the exact answer for a line that was read there is a quick one for raw bytes:
//! a pattern that finds a place in every row that could match, made of the texts that a match must hold. What it does not find
//! need not be read.

use regex::Regex;
use regex::bytes;

use crate::model::log::Condition;
use crate::model::log::LogQuery;
use crate::model::log::Term;
use crate::model::stamp::Stamp;
use crate::parse::logkind;
use crate::parse::logline::Line;
use crate::parse::pattern;

mod raw;

/// A condition, ready to be asked of the lines of one file.
type Test = Term<Regex, bool, Option<i64>>;

/// What is asked of lines.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    tests: Vec<(Test, bool)>,
    pub(super) search: Option<Regex>,
    /// Finds a place in each row that could pass, and be a hit if there is a search and nothing else.
    raw: Option<bytes::Regex>,
    /// The pattern whose texts `raw` is made of: rows that are no JSON are asked for it alone.
    key: Option<Regex>,
}

impl Sieve {
    /// What `query` asks of the lines of the file `name`, the newest of which tells the time `newest`. The error names the pattern.
    pub(super) fn new(query: &LogQuery, name: &str, newest: Option<Stamp>) -> Result<Self, String> {
        let search = pattern::compile(&query.search).map_err(|what| format!("search: {what}"))?;
        let mut tests = Vec::new();
        for Condition { term, not } in &query.filter.conditions {
            tests.push((test(term, name, newest)?, *not));
        }
        let needed = query.filter.conditions.iter().filter(|condition| !condition.not);
        let mut key = needed.clone().find_map(|condition| match &condition.term {
            Term::Text(text) => raw::of_pattern(text).map(|raw| (raw, Some(text.clone()))),
            _ => None,
        });
        if key.is_none() {
            key = needed.clone().find_map(|condition| match &condition.term {
                Term::Event(names) | Term::Correlation(names) => raw::of_texts(names).map(|raw| (raw, None)),
                _ => None,
            });
        }
        if query.filter.is_empty() {
            key = raw::of_pattern(&query.search).map(|raw| (raw, Some(query.search.clone())));
        }
        let (raw, key) = key.map_or((None, None), |(raw, text)| (Some(raw), text));
        let key = key.and_then(|text| pattern::compile(&text).ok().flatten());
        Ok(Self { tests, search, raw, key })
    }

    /// Whether it asks nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.tests.is_empty() && self.search.is_none()
    }

    /// Whether all lines pass, and it is only asked which of them are hits.
    pub(super) const fn passes_all(&self) -> bool {
        self.tests.is_empty()
    }

    /// The quick answer for raw bytes.
    pub(super) const fn raw(&self) -> Option<&bytes::Regex> {
        self.raw.as_ref()
    }

    /// The quick answer for a row: `false` proves that it need not be read.
    pub(super) fn may(&self, text: &str, json: bool) -> bool {
        match (&self.raw, &self.key) {
            (Some(_), Some(key)) if !json => key.is_match(text),
            (Some(raw), _) => raw.is_match(text.as_bytes()),
            _ => true,
        }
    }

    /// Whether a line passes.
    pub(super) fn passes(&self, line: &Line<'_>) -> bool {
        self.tests.iter().all(|(test, not)| holds(test, line) != *not)
    }

    /// Whether times decide.
    pub(super) fn asks_for_times(&self) -> bool {
        self.tests.iter().any(|(test, _)| matches!(test, Test::Since(_) | Test::Until(_)))
    }

    /// Whether levels decide, and nothing else.
    pub(super) fn asks_for_levels_alone(&self) -> bool {
        let of_levels = |test: &Test| matches!(test, Test::Least(_) | Test::Level(_) | Test::File(_));
        self.search.is_none() && self.tests.iter().all(|(test, _)| of_levels(test))
    }

    /// Whether the search hits a text.
    pub(super) fn hits(&self, text: &str) -> bool {
        self.search.as_ref().is_some_and(|search| search.is_match(text))
    }
}

fn test(term: &Term, name: &str, newest: Option<Stamp>) -> Result<Test, String> {
    Ok(match term {
        Term::Text(text) => match pattern::compile(text).map_err(|what| format!("filter: {what}"))? {
            Some(regex) => Test::Text(regex),
            None => Test::File(true),
        },
        Term::Least(level) => Test::Least(*level),
        Term::Level(levels) => Test::Level(levels.clone()),
        Term::Category(categories) => Test::Category(categories.clone()),
        Term::Event(names) => Test::Event(names.clone()),
        Term::Correlation(ids) => Test::Correlation(ids.clone()),
        Term::Rank(ranks) => Test::Rank(ranks.clone()),
        Term::File(parts) => Test::File(parts.iter().any(|part| name.contains(part.as_str()))),
        Term::Since(when) => Test::Since(newest.map(|newest| civil(when.resolve(newest)))),
        Term::Until(when) => Test::Until(newest.map(|newest| civil(when.resolve(newest)))),
    })
}

fn holds(test: &Test, line: &Line<'_>) -> bool {
    let time = line.moment;
    match test {
        Test::Text(regex) => regex.is_match(line.text),
        Test::Least(level) => line.level >= Some(*level),
        Test::Level(levels) => line.level.is_some_and(|level| levels.contains(&level)),
        Test::Category(categories) => categories.contains(&logkind::category(line)),
        Test::Event(names) => line.event.is_some_and(|event| names.iter().any(|name| is_named(event, name))),
        Test::Correlation(ids) => line.correlation.is_some_and(|id| ids.iter().any(|wanted| wanted == id)),
        Test::Rank(ranks) => line.rank.is_some_and(|rank| ranks.contains(&rank)),
        Test::Since(from) => from.zip(time).is_some_and(|(from, time)| civil(time) >= from),
        Test::Until(to) => to.zip(time).is_some_and(|(to, time)| civil(time) < to),
        Test::File(holds) => *holds,
    }
}

/// Whether an event is of a name; `training.*` stands for all that begin so.
fn is_named(event: &str, name: &str) -> bool {
    match name.strip_suffix('*') {
        Some(start) => event.starts_with(start),
        None => event == name,
    }
}

/// What a clock showed: lines with a zone and lines without one can stand in one log.
pub(super) fn civil(time: Stamp) -> i64 {
    time.civil()
}
