//! Data that a line of its own names, for the figures that stand below it and further in.

use crate::model::record::Split;
use crate::parse::text::row;
use crate::parse::text::row::Weighed;

use super::Reader;

/// How many blanks a line begins with.
pub(super) fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The data that a line of its own names, if it says nothing else: `valid:` above `    loss = 0.5`.
pub(super) fn data_named(text: &str, body: &str) -> Option<Split> {
    let word = body.trim_matches(|c: char| !c.is_alphanumeric());
    (text.trim() == body && word.len() < body.len()).then(|| row::split_of(word)).flatten()
}

impl Reader {
    /// Tells the figures of a line below such a heading on which data they were taken.
    #[inline]
    pub(super) fn is_below(&mut self, text: &str, found: &mut Weighed<'_>) {
        let Some((split, inside)) = self.below else { return };
        if found.placed || indent(text) <= inside {
            self.below = None;
        } else if found.split.is_none() {
            found.split = Some(split);
        }
    }
}
