//! From what was typed to a filter, or to what is wrong with it and where.

use std::iter::Peekable;
use std::time::Duration;
use std::vec::IntoIter;

use regex::RegexBuilder;

use super::{Compare, Figure, Filter, Look, Term, Text};
use crate::model::state::State;

/// Why a filter is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// Byte offset of the term in what was typed.
    pub at: usize,
    /// What is wrong, in one short line.
    pub what: String,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    Or,
    Not,
    /// A word and whether it began with a quote.
    Word(String, bool),
}

struct Placed {
    at: usize,
    token: Token,
}

type Tokens = Peekable<IntoIter<Placed>>;

/// Understands `text`.
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    let mut tokens = tokenise(text)?.into_iter().peekable();
    if tokens.peek().is_none() {
        return Ok(Filter::new(text, None));
    }
    let term = any(&mut tokens, text.len())?;
    match tokens.next() {
        Some(extra) => Err(FilterError { at: extra.at, what: "no ( for this )".to_owned() }),
        None => Ok(Filter::new(text, Some(term))),
    }
}

fn tokenise(text: &str) -> Result<Vec<Placed>, FilterError> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let token = match c {
            c if c.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '|' => Token::Or,
            '-' | '!' if chars.peek().is_some_and(|(_, next)| !next.is_whitespace()) => Token::Not,
            first => {
                let (word, quoted) = word(first, at, &mut chars)?;
                if !quoted && word == "OR" { Token::Or } else { Token::Word(word, quoted) }
            }
        };
        tokens.push(Placed { at, token });
    }
    Ok(tokens)
}

/// Reads on from the first character of a word; tells whether it began with a quote.
fn word(
    first: char,
    at: usize,
    chars: &mut Peekable<std::str::CharIndices<'_>>,
) -> Result<(String, bool), FilterError> {
    let quoted = first == '"';
    let mut word = if quoted { String::new() } else { first.to_string() };
    let mut quote = quoted.then_some(at);
    let mut depth = 0_usize;
    while let Some((place, c)) = chars.next_if(|(_, c)| match c {
        _ if quote.is_some() => true,
        // brackets belong to a regular expression once one has begun: name~(a|b)
        '(' => word.contains('~'),
        ')' | '|' => depth > 0,
        c => !c.is_whitespace(),
    }) {
        match c {
            '"' if quote.is_some() => quote = None,
            '"' => quote = Some(place),
            c => {
                depth = match c {
                    '(' => depth + 1,
                    ')' => depth.saturating_sub(1),
                    _ => depth,
                };
                word.push(c);
            }
        }
    }
    match quote {
        Some(at) => Err(FilterError { at, what: "the quote is not closed".to_owned() }),
        None => Ok((word, quoted)),
    }
}

fn any(tokens: &mut Tokens, end: usize) -> Result<Term, FilterError> {
    let mut terms = vec![all(tokens, end)?];
    while tokens.next_if(|placed| placed.token == Token::Or).is_some() {
        terms.push(all(tokens, end)?);
    }
    Ok(Term::Any(terms))
}

fn all(tokens: &mut Tokens, end: usize) -> Result<Term, FilterError> {
    let mut terms = Vec::new();
    while let Some(placed) = tokens.peek() {
        if matches!(placed.token, Token::Or | Token::Close) {
            break;
        }
        terms.push(one(tokens, end)?);
    }
    if terms.is_empty() {
        let at = tokens.peek().map_or(end, |placed| placed.at);
        return Err(FilterError { at, what: "a term is missing here".to_owned() });
    }
    Ok(Term::All(terms))
}

fn one(tokens: &mut Tokens, end: usize) -> Result<Term, FilterError> {
    let Some(placed) = tokens.next() else {
        return Err(FilterError { at: end, what: "a term is missing here".to_owned() });
    };
    match placed.token {
        Token::Not => Ok(Term::Not(Box::new(one(tokens, end)?))),
        Token::Open => {
            let term = any(tokens, end)?;
            match tokens.next() {
                Some(Placed { token: Token::Close, .. }) => Ok(term),
                _ => Err(FilterError { at: placed.at, what: "no ) for this (".to_owned() }),
            }
        }
        Token::Word(word, true) => Ok(name_holds(&word)),
        Token::Word(word, false) => term(&word).map_err(|what| FilterError { at: placed.at, what }),
        Token::Close | Token::Or => {
            Err(FilterError { at: placed.at, what: "a term is missing here".to_owned() })
        }
    }
}

fn name_holds(word: &str) -> Term {
    Term::Words(Text::Name, part(word))
}

fn part(word: &str) -> Look {
    Look::Part(word.to_owned())
}

/// Operators, the longer ones first.
const OPERATORS: &[&str] = &["!=", "!~", "<=", ">=", ":", "=", "~", "<", ">"];

/// A word that no quote began: `field operator value`, or a part of the name.
fn term(word: &str) -> Result<Term, String> {
    let found = word
        .char_indices()
        .find_map(|(at, _)| {
            let rest = word.get(at..)?;
            OPERATORS.iter().find(|operator| rest.starts_with(**operator)).map(|operator| (at, *operator))
        })
        .filter(|(at, _)| *at > 0);
    let Some((at, operator)) = found else { return Ok(name_holds(word)) };
    let (field, rest) = word.split_at_checked(at).unwrap_or((word, ""));
    let value = rest.strip_prefix(operator).unwrap_or("");
    match field {
        "name" => words(Text::Name, operator, value),
        "framework" => words(Text::Framework, operator, value),
        "stage" => words(Text::Stage, operator, value),
        "error" => words(Text::Error, operator, value),
        "state" => states(operator, value),
        "age" => Ok(Term::Age(comparison(operator, "age")?, duration(value)?)),
        "loss" => number(Figure::Loss, field, operator, value),
        "val" => number(Figure::Score, field, operator, value),
        "epoch" => number(Figure::Epoch, field, operator, value),
        "step" => number(Figure::Step, field, operator, value),
        "percent" | "progress" => number(Figure::Percent, field, operator, value),
        "rate" => number(Figure::Rate, field, operator, value),
        "eta" => {
            let seconds = duration(value)?.as_secs_f64();
            Ok(Term::Number(Figure::Eta, comparison(operator, field)?, seconds))
        }
        metric if operator != ":" && !operator.ends_with('~') => {
            number(Figure::Metric(metric.to_owned()), metric, operator, value)
        }
        other => Err(format!(
            "no field “{other}”: name state age loss val epoch step percent rate eta stage framework error"
        )),
    }
}

fn words(text: Text, operator: &str, value: &str) -> Result<Term, String> {
    if value.is_empty() {
        return Err(format!("text is missing after {operator}"));
    }
    let term = |look| Term::Words(text, look);
    let turned = |look| Term::Not(Box::new(Term::Words(text, look)));
    match operator {
        ":" => Ok(term(part(value))),
        "=" => Ok(term(Look::Whole(value.to_owned()))),
        "!=" => Ok(turned(Look::Whole(value.to_owned()))),
        "~" => Ok(term(pattern(value)?)),
        "!~" => Ok(turned(pattern(value)?)),
        _ => Err(format!("{operator} compares figures; use : = or ~ with text")),
    }
}

fn pattern(value: &str) -> Result<Look, String> {
    RegexBuilder::new(value)
        .case_insensitive(!value.chars().any(char::is_uppercase))
        .size_limit(1 << 20)
        .build()
        .map(Look::Pattern)
        .map_err(|_| format!("“{value}” is not a regular expression"))
}

fn states(operator: &str, value: &str) -> Result<Term, String> {
    let mut list = Vec::new();
    for name in value.split(',') {
        if name == "outdated" {
            list.push(Term::Outdated);
            continue;
        }
        let before = list.len();
        let known: Vec<State> =
            State::ALL.into_iter().filter(|s| !name.is_empty() && s.name().starts_with(name)).collect();
        if !known.is_empty() {
            list.push(Term::In(known));
        }
        if list.len() == before {
            let all: Vec<&str> = State::ALL.iter().map(|state| state.name()).collect();
            return Err(format!("which state? {} outdated", all.join(" ")));
        }
    }
    match operator {
        ":" | "=" => Ok(Term::Any(list)),
        "!=" => Ok(Term::Not(Box::new(Term::Any(list)))),
        _ => Err(format!("{operator} does not go with state; use : or !=")),
    }
}

fn comparison(operator: &str, field: &str) -> Result<Compare, String> {
    match operator {
        ":" | "=" => Ok(Compare::Equal),
        "!=" => Ok(Compare::Unequal),
        "<" => Ok(Compare::Less),
        "<=" => Ok(Compare::AtMost),
        ">" => Ok(Compare::More),
        ">=" => Ok(Compare::AtLeast),
        _ => Err(format!("{operator} does not go with {field}, which is a figure")),
    }
}

fn number(figure: Figure, field: &str, operator: &str, value: &str) -> Result<Term, String> {
    let compare = comparison(operator, field)?;
    let text = value.strip_suffix('%').unwrap_or(value);
    let (digits, factor) = match text.chars().last() {
        Some('k') => (text.strip_suffix('k'), 1e3),
        Some('M') => (text.strip_suffix('M'), 1e6),
        _ => (Some(text), 1.0),
    };
    digits
        .and_then(|digits| digits.parse::<f64>().ok())
        .map(|value| Term::Number(figure, compare, value * factor))
        .ok_or_else(|| format!("a number is missing after {field}{operator}"))
}

/// `30s`, `10m`, `2h`, `1.5d`, `1w`; seconds when there is no unit.
fn duration(value: &str) -> Result<Duration, String> {
    let wrong = || "how long? 30s 10m 2h 3d 1w".to_owned();
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match value.strip_prefix(digits) {
        Some("" | "s") => 1.0,
        Some("m") => 60.0,
        Some("h") => 3600.0,
        Some("d") => 86_400.0,
        Some("w") => 604_800.0,
        _ => return Err(wrong()),
    };
    let seconds = digits.parse::<f64>().map_err(|_| wrong())? * factor;
    // a century is enough, and keeps moments within what a stamp holds
    if (0.0..=3.2e9).contains(&seconds) { Ok(Duration::from_secs_f64(seconds)) } else { Err(wrong()) }
}
