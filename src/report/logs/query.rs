//! Which lines are asked for. All parts hold together; what continues a message (a traceback) shares its level and category.

use regex::Regex;

use super::row;
use super::when::When;
use crate::model::level::Level;
use crate::model::log::LineKind;
use crate::model::stamp::Stamp;
use crate::parse::jsonl::level_of;
use crate::parse::pattern;
use crate::parse::text::prefix;
use crate::report::lines::Category;
use crate::report::lines::Entry;

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

/// A query that can be asked of lines.
#[derive(Debug, Default)]
pub struct Query {
    least: Option<Level>,
    exact: bool,
    event: Option<String>,
    grep: Option<Regex>,
    not: Option<Regex>,
    category: Option<Category>,
    correlation_id: Option<String>,
    rank: Option<u32>,
    since: Option<When>,
    until: Option<When>,
    /// What the message above gave, for the lines that give nothing of their own.
    above: Above,
}

#[derive(Debug, Default)]
struct Above {
    time: Option<Stamp>,
    event: bool,
    correlation_id: bool,
    rank: bool,
}

impl Query {
    /// Understands what was typed; the error says in one line what is wrong, and what would be right.
    pub fn parse(asked: &Asked<'_>) -> Result<Self, String> {
        let regex = |name: &str, text: Option<&str>| match text.map(pattern::compile) {
            None => Ok(None),
            Some(Ok(regex)) => Ok(regex),
            Some(Err(error)) => Err(format!(
                "{name} {}: {error}; put \\ before what is meant as it stands",
                text.unwrap_or("")
            )),
        };
        let time = |name: &str, text: Option<&str>| {
            text.map(When::parse).transpose().map_err(|error| format!("{name} {error}"))
        };
        let (least, exact) = match asked.level {
            None => (None, false),
            Some(typed) => {
                let name = typed.strip_prefix('=').unwrap_or(typed).trim();
                let level =
                    level_of(&name.to_ascii_lowercase()).or_else(|| level_of(&name.to_ascii_uppercase()));
                let level = level.ok_or_else(|| {
                    format!("--level {typed}: no level; there are debug, info, warning, error and critical")
                })?;
                (Some(level), typed.starts_with('='))
            }
        };
        let category = match asked.category {
            None => None,
            Some(typed) => Some(
                Category::ALL
                    .into_iter()
                    .find(|category| category.name().eq_ignore_ascii_case(typed.trim()))
                    .ok_or_else(|| {
                        let names = Category::ALL.map(Category::name).join(", ");
                        format!("--category {typed}: no category; there are {names}")
                    })?,
            ),
        };
        Ok(Self {
            least,
            exact,
            event: asked.event.map(str::to_owned),
            grep: regex("--grep", asked.grep)?,
            not: regex("--not", asked.not)?,
            category,
            correlation_id: asked.correlation_id.map(str::to_owned),
            rank: asked.rank,
            since: time("--since", asked.since)?,
            until: time("--until", asked.until)?,
            above: Above::default(),
        })
    }

    /// Whether a line of this level may match.
    pub fn takes_level(&self, level: Option<Level>) -> bool {
        self.least.is_none_or(|least| if self.exact { level == Some(least) } else { level >= Some(least) })
    }

    /// Whether lines can be told by their level alone not to match, so that nothing else need be known of them.
    pub const fn sifts_by_level(&self) -> bool {
        self.least.is_some()
            && self.category.is_none()
            && self.event.is_none()
            && self.correlation_id.is_none()
            && self.rank.is_none()
            && self.since.is_none()
            && self.until.is_none()
    }

    /// Whether categories have to be known.
    pub const fn asks_for_category(&self) -> bool {
        self.category.is_some()
    }

    /// Whether a line matches. Lines are to be asked for in their order.
    pub fn matches(&mut self, entry: &Entry<'_>) -> bool {
        self.above(entry)
            && self.takes_level(entry.level)
            && self.category.is_none_or(|category| category == entry.category)
            && self.grep.as_ref().is_none_or(|regex| regex.is_match(entry.text))
            && self.not.as_ref().is_none_or(|regex| !regex.is_match(entry.text))
    }

    /// What the line, or the message that it continues, gives by name and time.
    fn above(&mut self, entry: &Entry<'_>) -> bool {
        let named = self.event.is_some() || self.correlation_id.is_some() || self.rank.is_some();
        let timed = self.since.is_some() || self.until.is_some();
        if !named && !timed {
            return true;
        }
        if entry.kind != LineKind::Continuation {
            let said = row::read(entry.raw);
            self.above.time = entry.time.or(said.time).or(self.above.time);
            self.above.event = self.event.as_deref().is_none_or(|wanted| {
                let event = said.event.as_deref();
                match wanted.strip_suffix('*') {
                    Some(begin) => event.is_some_and(|event| event.starts_with(begin)),
                    None => event == Some(wanted),
                }
            });
            self.above.correlation_id =
                self.correlation_id.is_none() || said.correlation_id == self.correlation_id;
            self.above.rank = self.rank.is_none() || said.rank.or_else(|| rank_of(entry.raw)) == self.rank;
        }
        let above = &self.above;
        let in_time = match (above.time, timed) {
            (_, false) => true,
            (None, true) => false,
            (Some(time), true) => {
                self.since.is_none_or(|since| !since.is_after(time))
                    && self.until.is_none_or(|until| until.is_after(time))
            }
        };
        in_time && above.event && above.correlation_id && above.rank
    }
}

/// The rank that a launcher or a logger put before a line.
fn rank_of(text: &str) -> Option<u32> {
    let rank = prefix::strip(text).rank;
    let digits = rank.trim_end_matches(|c: char| !c.is_ascii_digit());
    let start = digits.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    digits.get(start..)?.parse().ok()
}
