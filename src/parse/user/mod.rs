//! Lines that the user taught: the formats of the settings file.
//!
//! A format is a few regular expressions whose named groups say what stands where. It comes before everything else that reads
//! lines of text, and what it matches nobody else reads. Where no format is configured nothing of this is ever asked.
//!
//! What is read here are names and figures of one line; that a pattern is worth having is proven by samples when the settings
//! are read (`cli`), and what the figures mean for the run is decided in `track`, as for all other lines.

mod groups;
mod pattern;
mod read;
mod teller;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::model::record::Ending;
use crate::model::record::Split;

pub use self::groups::RESERVED;
pub use self::pattern::Fit;
pub use self::pattern::Pattern;
pub use self::pattern::Unfit;
pub use self::read::Reading;
pub use self::read::level;
pub use self::read::moment;
pub(crate) use self::teller::Teller;

/// Longer lines are dumps: no format is tried on them.
pub const LONGEST: usize = 4096;

/// What a line of a format says by being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The run is over, in this way.
    Ending(Ending),
    /// The epoch that the line names is over.
    EpochEnd,
    /// Its figures sum the whole run up: no points of a curve.
    Summary,
    /// Nothing: the line is noise.
    Nothing,
}

impl Meaning {
    /// Every meaning by the word that the settings file has for it.
    pub const WORDS: [(&str, Self); 7] = [
        ("completed", Self::Ending(Ending::Completed)),
        ("early_stopped", Self::Ending(Ending::EarlyStopped)),
        ("failed", Self::Ending(Ending::Failed)),
        ("cancelled", Self::Ending(Ending::Cancelled)),
        ("epoch_end", Self::EpochEnd),
        ("summary", Self::Summary),
        ("nothing", Self::Nothing),
    ];
}

/// A format of the user's.
#[derive(Debug, Clone, PartialEq)]
pub struct UserFormat {
    /// What a run's framework is called whose lines it matches.
    pub name: Arc<str>,
    /// Tried in this order; the first that matches reads the line.
    pub patterns: Vec<Pattern>,
    /// What each line says by being there.
    pub means: Option<Meaning>,
    /// The data that its figures were taken on.
    pub split: Option<Split>,
    /// From where `epoch` counts: 0 or 1. `None` leaves it to the evidence.
    pub epoch_base: Option<u8>,
    /// From where `step` counts: 0 or 1.
    pub step_base: u8,
    /// One pair of those in the group `pairs`.
    pub pair: Option<Pattern>,
}

/// A line that a format matched.
#[derive(Debug, Clone, PartialEq)]
pub struct Match<'a> {
    /// The format.
    pub format: &'a UserFormat,
    /// Its number among all formats.
    pub index: usize,
    /// The number of its pattern.
    pub pattern: usize,
    /// What was read.
    pub reading: Reading<'a>,
}

/// All formats of the user's, in the order of the settings file. Cheap to copy about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserFormats(Option<Arc<[UserFormat]>>);

impl UserFormats {
    /// These formats.
    pub fn new(formats: Vec<UserFormat>) -> Self {
        Self((!formats.is_empty()).then(|| formats.into()))
    }

    /// Whether there is none, so that no line need be shown to them.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &UserFormat> {
        self.0.iter().flat_map(|formats| formats.iter())
    }

    /// What the first format that matches makes of a line. `torn`: the line may go on, so that no figure that touches its end is
    /// trusted.
    pub fn read<'a>(&'a self, line: &'a str, torn: bool) -> Option<Match<'a>> {
        if line.is_empty() || line.len() > LONGEST {
            return None;
        }
        self.iter().enumerate().find_map(|(index, format)| {
            let (pattern, reading) = format.read(line, torn)?;
            Some(Match { format, index, pattern, reading })
        })
    }
}

impl UserFormat {
    /// What its first pattern that matches makes of a line, and the number of that pattern.
    pub fn read<'a>(&'a self, line: &'a str, torn: bool) -> Option<(usize, Reading<'a>)> {
        self.patterns
            .iter()
            .enumerate()
            .find_map(|(number, pattern)| Some((number, pattern.read(line, torn, self.pair.as_ref())?)))
    }
}
