//! Samples: each is read as a log would be, and where that is not what its author expects it is explained.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::Expected;
use super::Proof;
use super::Sample;
use super::Value;
use super::draft::pointed;
use super::line_of;
use crate::cli::config::at;
use crate::cli::nearest::nearest;
use crate::parse::clean::clean;
use crate::parse::user;
use crate::parse::user::Match;
use crate::parse::user::Meaning;
use crate::parse::user::Pattern;
use crate::parse::user::RESERVED;
use crate::parse::user::Reading;
use crate::parse::user::UserFormat;
use crate::parse::user::UserFormats;

/// Reads every sample with all formats.
pub(super) fn check(text: &str, formats: &UserFormats, proofs: &[Proof<'_>]) -> Result<(), String> {
    for (index, (format, proof)) in formats.iter().zip(proofs).enumerate() {
        let mut proven = HashSet::new();
        for sample in &proof.samples {
            let one = One { text, format, proof, sample };
            match formats.read(sample.line, false) {
                Some(found) if found.index == index => {
                    one.compare(&found)?;
                    proven.insert(found.pattern);
                }
                Some(other) if format.read(sample.line, false).is_some() => {
                    return Err(one.taken_before(&other, proofs));
                }
                _ => return Err(one.unmatched()),
            }
        }
        let unproven = (0..).zip(&proof.patterns).find(|(number, _)| !proven.contains(number));
        if let Some((_, place)) = unproven {
            let what = format!("format `{}`: no sample is read by this pattern; add one", format.name);
            return Err(at(text, Some(place.clone()), &what));
        }
    }
    Ok(())
}

/// One sample with all that its error tells.
struct One<'t> {
    text: &'t str,
    format: &'t UserFormat,
    proof: &'t Proof<'t>,
    sample: &'t Sample<'t>,
}

impl One<'_> {
    fn wrong(&self, place: &std::ops::Range<usize>, what: &str) -> String {
        at(self.text, Some(place.clone()), &format!("format `{}`: {what}", self.format.name))
    }

    fn pattern_line(&self, number: usize) -> usize {
        line_of(self.text, self.proof.patterns.get(number).unwrap_or(&self.proof.place))
    }

    /// Another format matches the line, and comes first.
    fn taken_before(&self, other: &Match<'_>, proofs: &[Proof<'_>]) -> String {
        let line = proofs
            .get(other.index)
            .and_then(|proof| proof.patterns.get(other.pattern))
            .map_or(0, |place| line_of(self.text, place));
        let what = format!(
            "its sample is taken by format `{}`, which comes first; put this format before that one, or make \
             the pattern of line {line} narrower",
            other.format.name
        );
        self.wrong(&self.sample.place, &what)
    }

    /// No pattern matches: how far does the one that fits best go?
    fn unmatched(&self) -> String {
        let fits = self.format.patterns.iter().enumerate();
        let best = fits.filter_map(|(number, pattern)| Some((pattern.fit(self.sample.line)?, number))).max();
        let explained = match best {
            Some((fit, number)) => {
                let note = format!(
                    "up to here the pattern of line {} fits, and then it wants `{}`",
                    self.pattern_line(number),
                    clean(&fit.wants)
                );
                pointed(self.sample.line, fit.line, &note)
            }
            None => format!(
                "\n    {}\n  not even the first part of {} is in it",
                clean(self.sample.line),
                if self.format.patterns.len() == 1 { "its pattern" } else { "any of its patterns" }
            ),
        };
        let subject =
            if self.format.patterns.len() == 1 { "its pattern does not match" } else { "no pattern matches" };
        self.wrong(&self.sample.place, &format!("{subject} its sample{explained}"))
    }

    /// Whether what was read is what was expected.
    fn compare(&self, found: &Match<'_>) -> Result<(), String> {
        let reading = &found.reading;
        let silent = matches!(self.format.means, Some(Meaning::Nothing | Meaning::Ending(_)));
        if self.sample.expect.is_empty() && !silent {
            let what = format!(
                "the sample expects nothing; what is read of it is\n    expect = {{ {} }}",
                told(reading, " = ")
            );
            return Err(self.wrong(&self.sample.place, &what));
        }
        let faults: Vec<(&Expected<'_>, String)> = self
            .sample
            .expect
            .iter()
            .filter_map(|expected| Some((expected, self.fault(expected, found)?)))
            .collect();
        let Some((first, _)) = faults.first() else { return Ok(()) };
        let mut what = format!(
            "its sample is read otherwise than expected\n    {}\n  the pattern of line {} reads {}",
            clean(self.sample.line),
            self.pattern_line(found.pattern),
            match told(reading, " ") {
                read if read.is_empty() => "nothing of it".to_owned(),
                read => read,
            }
        );
        for (expected, fault) in &faults {
            // writing to a string does not fail
            let _ = write!(what, "\n  {}: {fault}", clean(expected.name));
        }
        Err(self.wrong(&first.place, &what))
    }

    /// What is wrong with one of the things that were expected.
    fn fault(&self, expected: &Expected<'_>, found: &Match<'_>) -> Option<String> {
        let reading = &found.reading;
        let name = expected.name;
        if let "level" | "message" | "time" = name {
            let Value::Text(wanted) = expected.value else {
                return Some("is a text: write it in quotes".to_owned());
            };
            return self.text_fault(name, wanted, found);
        }
        let Value::Figure(wanted) = expected.value else {
            return Some("is a figure: write it without quotes".to_owned());
        };
        let read = figure(reading, name);
        if read.is_some_and(|read| same(read, wanted)) {
            return None;
        }
        Some(match read {
            Some(read) => format!("expected {wanted}, read {read}"),
            None => format!("expected {wanted}, {}", self.why_nothing(name, Some(wanted), found)),
        })
    }

    fn text_fault(&self, name: &str, wanted: &str, found: &Match<'_>) -> Option<String> {
        let reading = &found.reading;
        let read = match name {
            "level" => {
                let Some(level) = user::level(wanted) else {
                    return Some(format!("`{wanted}` is no level: debug, info, warning, error or critical"));
                };
                if reading.level == Some(level) {
                    return None;
                }
                reading.level.map(|level| format!("{level:?}").to_lowercase())
            }
            "message" => reading.message.map(str::to_owned),
            _ => reading.time.map(|(text, _)| text.to_owned()),
        };
        match read {
            Some(read) if read == wanted => None,
            Some(read) => Some(format!("expected `{wanted}`, read `{read}`")),
            None => Some(format!("expected `{wanted}`, {}", self.why_nothing(name, None, found))),
        }
    }

    /// Why nothing was read under a name, and what was meant instead.
    fn why_nothing(&self, name: &str, wanted: Option<f64>, found: &Match<'_>) -> String {
        let reading = &found.reading;
        if let Some((_, text)) = reading.unread.iter().find(|(unread, _)| *unread == name) {
            return format!("but `{}` is no {}", clean(text), kind(name));
        }
        let pattern = self.format.patterns.get(found.pattern);
        let mut groups = pattern.into_iter().flat_map(Pattern::names);
        if groups.any(|group| group == name) {
            return "but its group took no part in the match".to_owned();
        }
        let names: Vec<&str> = figures(reading).map(|(name, _)| name).collect();
        let alike = || figures(reading).find(|(_, value)| wanted.is_some_and(|wanted| same(*value, wanted)));
        let near = nearest(name, &names).or_else(|| alike().map(|(name, _)| name));
        match near {
            Some(near) => format!("and nothing is called so; did you mean `{near}`?"),
            None if RESERVED.contains(&name) => format!("and the pattern has no group `{name}`"),
            None => "and nothing is called so".to_owned(),
        }
    }
}

/// What a group's text has to be.
fn kind(name: &str) -> &'static str {
    match name {
        "level" => "level",
        "time" => "time that is understood",
        "step" | "batch" => "whole number",
        "steps" | "epochs" | "batches" => "whole number above 0",
        _ => "figure",
    }
}

/// Figures that were read, by name.
fn figures<'a, 'b: 'a>(reading: &'a Reading<'b>) -> impl Iterator<Item = (&'a str, f64)> {
    let at = &reading.at;
    let placed = [
        ("epoch", at.epoch),
        ("epochs", at.epoch_total),
        ("step", at.step),
        ("steps", at.step_total),
        ("batch", at.batch),
        ("batches", at.batch_total),
    ];
    let placed = placed.into_iter().filter_map(|(name, value)| Some((name, value?)));
    placed.chain(reading.values.iter().map(|pair| (pair.name, pair.value)))
}

fn figure(reading: &Reading<'_>, name: &str) -> Option<f64> {
    figures(reading).find(|(known, _)| *known == name).map(|(_, value)| value)
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 0.0
}

/// All that was read.
fn told(reading: &Reading<'_>, between: &str) -> String {
    let quote = if between.contains('=') { "\"" } else { "" };
    let mut all: Vec<String> =
        figures(reading).map(|(name, value)| format!("{}{between}{value}", clean(name))).collect();
    if let Some(level) = reading.level {
        all.push(format!("level{between}{quote}{}{quote}", format!("{level:?}").to_lowercase()));
    }
    if let Some((time, _)) = reading.time {
        all.push(format!("time{between}{quote}{}{quote}", clean(time)));
    }
    if let Some(message) = reading.message {
        all.push(format!("message{between}{quote}{}{quote}", clean(message)));
    }
    all.join(", ")
}
