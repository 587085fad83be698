//! The filter language of the run list: `state:failed loss<0.1 age<2d name~lora -seed OR "final run"`.
//!
//! Words stand for a part of the name; terms side by side must all hold, `OR` (or `|`) separates alternatives, `-` or `!`
//! turns a term around, quotes keep blanks. A field that a run does not have matches nothing, whatever it is compared with:
//! an unknown loss is neither below 0.1 nor above it.

pub mod parse;

use std::time::Duration;

use regex::Regex;

use super::Row;
use super::pick::Picks;
use crate::model::run::Run;
use crate::model::stamp::Stamp;
use crate::model::state::State;

pub use parse::{FilterError, parse};

/// How a figure is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Which text of a run is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    Name,
    Framework,
    Stage,
    Error,
}

/// How a text is looked at.
#[derive(Debug, Clone)]
pub(crate) enum Look {
    /// It holds this part; case counts only when the part has a capital.
    Part(String),
    /// It is this.
    Whole(String),
    /// It matches.
    Pattern(Regex),
}

/// Which figure of a run is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Figure {
    Loss,
    Score,
    Epoch,
    Step,
    Percent,
    Rate,
    Eta,
    /// Newest figure of the metric of this very name.
    Metric(String),
}

/// One term, or several.
#[derive(Debug, Clone)]
pub(crate) enum Term {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Words(Text, Look),
    In(Vec<State>),
    Outdated,
    Number(Figure, Compare, f64),
    Age(Compare, Duration),
}

/// A filter that was understood. The empty one lets everything pass.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    text: String,
    term: Option<Term>,
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Filter {
    pub(crate) fn new(text: &str, term: Option<Term>) -> Self {
        Self { text: text.to_owned(), term }
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        self.term.is_none()
    }

    /// Whether a row passes, and when time alone may change that.
    pub fn matches(&self, row: &Row, picks: &Picks, now: Stamp) -> (bool, Option<Stamp>) {
        let Some(term) = &self.term else { return (true, None) };
        let mut until = None;
        let holds = holds(term, &Subject { row, picks, now }, &mut until);
        (holds, until)
    }
}

struct Subject<'a> {
    row: &'a Row,
    picks: &'a Picks,
    now: Stamp,
}

fn holds(term: &Term, subject: &Subject<'_>, until: &mut Option<Stamp>) -> bool {
    match term {
        // no short cut past a term of time: its moment must be known
        Term::All(terms) => terms.iter().filter(|term| !holds(term, subject, until)).count() == 0,
        Term::Any(terms) => terms.iter().filter(|term| holds(term, subject, until)).count() > 0,
        Term::Not(term) => !holds(term, subject, until),
        Term::Words(text, look) => sees(look, text_of(*text, &subject.row.run)),
        Term::In(states) => states.contains(&subject.row.verdict.state),
        Term::Outdated => subject.row.verdict.outdated,
        Term::Number(figure, compare, value) => {
            figure_of(figure, subject).is_some_and(|found| compares(found, *compare, *value))
        }
        Term::Age(compare, span) => {
            let Some(written) = subject.row.run.last_write else { return false };
            for flip in [written.plus(*span), written.plus(*span).plus(Duration::from_millis(1))] {
                if flip > subject.now && until.is_none_or(|until| flip < until) {
                    *until = Some(flip);
                }
            }
            let age = subject.now.since(written).as_millis() as f64;
            compares(age, *compare, span.as_millis() as f64)
        }
    }
}

fn text_of(text: Text, run: &Run) -> &str {
    match text {
        Text::Name if &*run.key.id == "." => &run.name,
        Text::Name => &run.key.id,
        Text::Framework => run.facts.written_by().unwrap_or(""),
        Text::Stage => run.facts.stage.map_or("", crate::model::state::Stage::name),
        Text::Error => run.facts.error.as_ref().map_or("", |error| &error.message),
    }
}

fn sees(look: &Look, text: &str) -> bool {
    match look {
        Look::Part(part) if part.chars().any(char::is_uppercase) => text.contains(part.as_str()),
        Look::Part(part) => text.to_lowercase().contains(part.as_str()),
        Look::Whole(whole) => text.eq_ignore_ascii_case(whole),
        Look::Pattern(pattern) => pattern.is_match(text),
    }
}

fn figure_of(figure: &Figure, subject: &Subject<'_>) -> Option<f64> {
    let facts = &subject.row.run.facts;
    let progress = &facts.progress;
    match figure {
        Figure::Loss => subject.picks.loss_of(facts).map(|loss| loss.last),
        Figure::Score => subject.picks.score.as_ref().map(|score| score.best),
        Figure::Epoch => progress.completed_epochs,
        Figure::Step => progress.step,
        Figure::Percent => progress.percent,
        Figure::Rate => progress.rate,
        Figure::Eta => progress.eta,
        Figure::Metric(name) => facts.metric(name).map(|metric| metric.last),
    }
}

#[expect(clippy::float_cmp, reason = "a figure that was typed is compared with one that was written")]
fn compares(found: f64, compare: Compare, value: f64) -> bool {
    if value.is_nan() {
        return match compare {
            Compare::Equal => found.is_nan(),
            Compare::Unequal => !found.is_nan(),
            _ => false,
        };
    }
    match compare {
        Compare::Equal => found == value,
        Compare::Unequal => found != value,
        Compare::Less => found < value,
        Compare::AtMost => found <= value,
        Compare::More => found > value,
        Compare::AtLeast => found >= value,
    }
}

#[cfg(test)]
mod tests;
