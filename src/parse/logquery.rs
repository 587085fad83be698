//! The filter language of a log, as it is typed: `level>=warn cat:metrics !heartbeat loss is nan`.
//!
//! | written | means |
//! |---|---|
//! | `loss=\d+` | the text matches this regex; words beside one another are one regex with a blank between them |
//! | `"step: 3"` | a regex that holds blanks at its ends, or looks like a condition |
//! | `!pattern`, `!cat:debug` | the opposite |
//! | `level>=warn`, `level:error,debug` | this level or a graver one; one of these levels |
//! | `cat:setup,progress,metrics,debug,system,other` | what a line is about |
//! | `event:training.step`, `event:training.*` | the event of a JSON row |
//! | `cid:1f2e` | the correlation id of a JSON row |
//! | `rank:0,3` | the rank that wrote it |
//! | `file:stderr` | the file it stands in, by a part of its name |
//! | `since:10m`, `until:14:05`, `since:2026-03-01T08:00` | times as the log writes them; a span counts from the log's newest time |

use crate::model::level::Level;
use crate::model::log::Category;
use crate::model::log::Condition;
use crate::model::log::LogFilter;
use crate::model::log::Term;
use crate::model::log::When;

use super::pattern;
use super::text::prefix;
use super::text::time;

/// The names of conditions, for completion, each with what may follow.
pub const NAMES: &[(&str, &str)] = &[
    ("level>=", "debug info warn error critical"),
    ("level:", "debug info warn error critical"),
    ("cat:", "setup progress metrics debug system other"),
    ("event:", "a name, or the begin of one and *"),
    ("cid:", "a correlation id"),
    ("rank:", "a number"),
    ("file:", "a part of a file's name"),
    ("since:", "10m, 14:05, 2026-03-01T14:05"),
    ("until:", "10m, 14:05, 2026-03-01T14:05"),
];

/// Reads a filter. The error says in one line which part is wrong, and what would be right.
pub fn parse(text: &str) -> Result<LogFilter, String> {
    let mut filter = LogFilter::default();
    let mut loose = String::new();
    for word in words(text)? {
        let (not, bare) = match word.text.strip_prefix('!') {
            Some(rest) if !rest.is_empty() && !word.quoted => (true, rest),
            _ => (false, word.text.as_str()),
        };
        let bare = bare.to_owned();
        if !word.quoted
            && let Some(term) = condition(&bare)?
        {
            end(&mut loose, &mut filter)?;
            filter.conditions.push(Condition { term, not });
        } else if word.quoted || not {
            end(&mut loose, &mut filter)?;
            filter.conditions.push(Condition { term: pattern_term(bare)?, not: not || word.not });
        } else {
            if !loose.is_empty() {
                loose.push(' ');
            }
            loose.push_str(&bare);
        }
    }
    end(&mut loose, &mut filter)?;
    Ok(filter)
}

/// Words beside one another are one pattern.
fn end(loose: &mut String, filter: &mut LogFilter) -> Result<(), String> {
    if !loose.is_empty() {
        let term = pattern_term(std::mem::take(loose))?;
        filter.conditions.push(Condition { term, not: false });
    }
    Ok(())
}

fn pattern_term(pattern: String) -> Result<Term, String> {
    pattern::compile(&pattern)?;
    Ok(Term::Text(pattern))
}

struct Word {
    text: String,
    quoted: bool,
    /// Whether `!` stood before the quote.
    not: bool,
}

/// Cuts the text at blanks that are not in quotes. Quotes inside of a word are part of it.
fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (not, quoted) = match rest.strip_prefix('!').unwrap_or(rest).strip_prefix('"') {
            Some(inside) => (rest.starts_with('!'), Some(inside)),
            None => (false, None),
        };
        if let Some(inside) = quoted {
            let Some((text, after)) = until_quote(inside) else {
                return Err("a \" is open: close it, or write \\x22 for the sign itself".to_owned());
            };
            words.push(Word { text, quoted: true, not });
            rest = after.trim_start();
        } else {
            let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            words.push(Word { text: word.to_owned(), quoted: false, not: false });
            rest = after.trim_start();
        }
    }
    Ok(words)
}

/// What stands before the closing quote, and what behind it. `\"` is a quote of the pattern.
fn until_quote(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, text.get(at + 1..)?)),
            '\\' => match chars.next()?.1 {
                '"' => out.push('"'),
                other => out.extend(['\\', other]),
            },
            _ => out.push(c),
        }
    }
    None
}

/// A word that is a condition; `None` when it is text.
fn condition(word: &str) -> Result<Option<Term>, String> {
    if let Some(name) = word.strip_prefix("level>=") {
        return level(name).map(|level| Some(Term::Least(level)));
    }
    let Some((name, values)) = word.split_once(':') else { return Ok(None) };
    let list = || values.split(',').map(str::trim).filter(|value| !value.is_empty());
    let texts = |what: &str| -> Result<Vec<String>, String> {
        let found: Vec<String> = list().map(str::to_owned).collect();
        if found.is_empty() { Err(format!("`{name}:` wants {what} behind it")) } else { Ok(found) }
    };
    Ok(Some(match name {
        "level" => Term::Level(all(list().map(level)).and_then(|found| some(found, &level_names()))?),
        "cat" | "category" => {
            Term::Category(all(list().map(category)).and_then(|found| some(found, &category_names()))?)
        }
        "event" => Term::Event(texts("the name of an event")?),
        "cid" | "correlation" => Term::Correlation(texts("a correlation id")?),
        "rank" => Term::Rank(all(list().map(rank)).and_then(|found| some(found, "a number"))?),
        "file" => Term::File(texts("a part of a file's name")?),
        "since" => Term::Since(when(values)?),
        "until" => Term::Until(when(values)?),
        _ => return Ok(None),
    }))
}

fn all<T>(found: impl Iterator<Item = Result<T, String>>) -> Result<Vec<T>, String> {
    found.collect()
}

fn some<T>(found: Vec<T>, wanted: &str) -> Result<Vec<T>, String> {
    if found.is_empty() { Err(format!("wanted is one of {wanted}")) } else { Ok(found) }
}

fn level_names() -> String {
    "debug, info, warn, error, critical".to_owned()
}

fn category_names() -> String {
    Category::ALL.map(Category::name).join(", ")
}

/// A level by its name, in any case.
pub fn level(name: &str) -> Result<Level, String> {
    prefix::level(&name.to_ascii_uppercase())
        .ok_or_else(|| format!("no level is called `{name}`: {}", level_names()))
}

/// A category by its name, in any case.
pub fn category(name: &str) -> Result<Category, String> {
    Category::named(name).ok_or_else(|| format!("no category is called `{name}`: {}", category_names()))
}

fn rank(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("`{text}` is no rank: a number is wanted"))
}

/// A time: a span before the newest time of the log, a time of day, or a date with or without a time.
pub fn when(text: &str) -> Result<When, String> {
    let wrong = || format!("`{text}` is no time: 10m, 14:05, 14:05:30, 2026-03-01 or 2026-03-01T14:05");
    if let Some(millis) = span(text) {
        return Ok(When::Ago(millis));
    }
    if let Some(millis) = clock(text) {
        return Ok(When::Clock(millis));
    }
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
    let millis = clock(time.trim_end_matches('Z')).ok_or_else(wrong)?;
    let noon = format!("{date} 00:00:00 ");
    let day = time::leading(&noon).filter(|timed| timed.dated && timed.rest.trim().is_empty());
    let day = day.ok_or_else(wrong)?.stamp;
    let civil = if day.is_local() {
        day.millis().saturating_sub(crate::model::stamp::Stamp::local(0).millis())
    } else {
        day.millis()
    };
    Ok(When::Civil(civil.saturating_add(millis)))
}

/// `90s`, `10m`, `2h`, `1d`, `1h30m` in milliseconds.
fn span(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut sum = 0_i64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit = match tail.bytes().next()? {
            b's' => 1000,
            b'm' => 60_000,
            b'h' => 3_600_000,
            b'd' => 86_400_000,
            b'w' => 604_800_000,
            _ => return None,
        };
        sum = sum.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        rest = tail.get(1..)?;
    }
    (!text.is_empty()).then_some(sum)
}

/// `14:05` and `14:05:30` in milliseconds since midnight.
fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let two = |part: Option<&str>, below: i64| {
        let part = part?;
        let is_number = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<i64>().ok().filter(|n| is_number && *n < below)
    };
    let hours = two(parts.next(), 24)?;
    let minutes = two(parts.next(), 60)?;
    let seconds = match parts.next() {
        Some(part) => two(Some(part), 60)?,
        None => 0,
    };
    parts.next().is_none().then_some(((hours * 60 + minutes) * 60 + seconds) * 1000)
}

#[cfg(test)]
mod tests;
