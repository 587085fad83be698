//! `[[format]]` of the settings file: lines that the user teaches, each proven by samples before a log is read with them.

mod draft;
mod samples;
#[cfg(test)]
mod tests;

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::at;
use crate::cli::nearest::nearest;
use crate::parse::clean::clean;
use crate::parse::user::UserFormat;
use crate::parse::user::UserFormats;
use draft::Draft;

/// Patterns of all formats together: each costs a little for every line.
const MOST_PATTERNS: usize = 200;

/// Reads the value of `format` in the settings file `text`. The error is as that of [`super::parse`].
pub(super) fn read(text: &str, value: &Spanned<DeValue<'_>>) -> Result<UserFormats, String> {
    let whole = || value.span();
    let tables = value.get_ref().as_array().ok_or_else(|| {
        at(text, Some(whole()), "format: must be a list of tables, each under a line `[[format]]`")
    })?;
    let drafts =
        tables.iter().map(|table| Draft::read(text, table)).collect::<Result<Vec<Draft<'_>>, String>>()?;
    let patterns: usize = drafts.iter().map(|draft| draft.format.patterns.len()).sum();
    if patterns > MOST_PATTERNS {
        let what = format!("format: {patterns} patterns are more than the {MOST_PATTERNS} that there may be");
        return Err(at(text, Some(whole()), &what));
    }
    let (formats, proofs): (Vec<UserFormat>, Vec<_>) =
        drafts.into_iter().map(|draft| (draft.format, draft.proof)).unzip();
    let formats = UserFormats::new(formats);
    samples::check(text, &formats, &proofs)?;
    Ok(formats)
}

/// Where the parts of a format stand, and its samples.
struct Proof<'t> {
    /// The format's own place.
    place: Range<usize>,
    /// Of each pattern.
    patterns: Vec<Range<usize>>,
    samples: Vec<Sample<'t>>,
}

/// A line with what is to be read of it.
struct Sample<'t> {
    line: &'t str,
    place: Range<usize>,
    expect: Vec<Expected<'t>>,
}

/// What is to be read under a name.
struct Expected<'t> {
    name: &'t str,
    place: Range<usize>,
    value: Value<'t>,
}

/// A figure or a text.
#[derive(Debug, Clone, Copy)]
enum Value<'t> {
    Figure(f64),
    Text(&'t str),
}

/// What to say of a key that is not among `known`.
pub(super) fn unknown(name: &str, known: &[&str]) -> String {
    // a key in quotes may hold anything
    let name = &*clean(name);
    match nearest(name, known) {
        Some(near) => format!("unknown key `{name}`; did you mean `{near}`?"),
        None => format!("unknown key `{name}`; known are {}", known.join(", ")),
    }
}

/// The number of the line in which a place of the settings file is.
fn line_of(text: &str, place: &Range<usize>) -> usize {
    text.get(..place.start).unwrap_or("").matches('\n').count() + 1
}
