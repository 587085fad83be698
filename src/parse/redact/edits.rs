//! What was replaced, and where a place of the original is in the redacted text.

use std::borrow::Cow;
use std::ops::Range;

/// What stands for a secret, behind the prefix that tells its kind where it has one (`hf_***`).
pub(super) const MASK: &str = "***";

/// One replacement: the prefix of the secret stays, the rest becomes [`MASK`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// Where, in bytes.
    pub(super) from: Range<usize>,
    /// What stands there now, before the mask.
    pub(super) prefix: Cow<'static, str>,
}

impl Edit {
    pub(super) fn whole(from: Range<usize>) -> Self {
        Self { from, prefix: Cow::Borrowed("") }
    }

    pub(super) fn with(from: Range<usize>, prefix: &'static str) -> Self {
        Self { from, prefix: Cow::Borrowed(prefix) }
    }

    pub(super) fn shift(&mut self, by: usize) {
        self.from = self.from.start + by..self.from.end + by;
    }

    fn len(&self) -> usize {
        self.prefix.len() + MASK.len()
    }
}

/// A text without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted<'t> {
    text: Cow<'t, str>,
    edits: Vec<Edit>,
}

impl<'t> Redacted<'t> {
    /// Makes the edits, which may come in any order and overlap.
    pub(super) fn of(text: &'t str, mut edits: Vec<Edit>) -> Self {
        if edits.is_empty() {
            return Self { text: Cow::Borrowed(text), edits };
        }
        edits.sort_by_key(|edit| (edit.from.start, std::cmp::Reverse(edit.from.end)));
        let mut apart: Vec<Edit> = Vec::with_capacity(edits.len());
        for edit in edits {
            match apart.last_mut() {
                Some(last) if edit.from.start < last.from.end => {
                    last.from.end = last.from.end.max(edit.from.end);
                }
                _ => apart.push(edit),
            }
        }
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for edit in &apart {
            out.push_str(text.get(at..edit.from.start).unwrap_or_default());
            out.push_str(&edit.prefix);
            out.push_str(MASK);
            at = edit.from.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        Self { text: Cow::Owned(out), edits: apart }
    }

    /// Further edits, made to the redacted text of `original`, as edits of the original.
    pub(super) fn and_then(self, original: &'t str, again: Vec<Edit>) -> Self {
        let spans: Vec<_> = self.replaced().collect();
        // one that takes others in comes before them, and so its prefix is the one that stays
        let mut all: Vec<Edit> = again
            .into_iter()
            .map(|edit| {
                let from = unmap(&spans, edit.from.start, false)..unmap(&spans, edit.from.end, true);
                Edit { from, ..edit }
            })
            .collect();
        all.extend(self.edits);
        Self::of(original, all)
    }

    /// The text as it may be shown.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it may be shown; borrowed when it is the original.
    pub fn into_text(self) -> Cow<'t, str> {
        self.text
    }

    /// How many secrets were replaced.
    pub fn count(&self) -> u32 {
        u32::try_from(self.edits.len()).unwrap_or(u32::MAX)
    }

    /// Each replacement: where it is in the original, and where in the redacted text, in bytes and in order.
    pub fn replaced(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let (mut original, mut new) = (0, 0);
        self.edits.iter().map(move |edit| {
            let start = new + (edit.from.start - original);
            (original, new) = (edit.from.end, start + edit.len());
            (edit.from.clone(), start..new)
        })
    }

    /// Where a span of the original (in bytes) is in the redacted text. What touches a secret becomes the whole of what stands for
    /// it.
    pub fn map(&self, span: Range<usize>) -> Range<usize> {
        let start = self.place(span.start, false);
        let end = if span.is_empty() { start } else { self.place(span.end, true) };
        start..end.max(start)
    }

    fn place(&self, place: usize, end: bool) -> usize {
        let (mut original, mut new) = (0, 0);
        for (from, to) in self.replaced() {
            if place < from.start || (end && place == from.start) {
                break;
            }
            if place < from.end || (end && place == from.end) {
                return if end { to.end } else { to.start };
            }
            (original, new) = (from.end, to.end);
        }
        (new + place.saturating_sub(original)).min(self.text.len())
    }
}

/// Where a place of the redacted text is in the original; inside of a replacement, its start or its end. `spans` are those of
/// [`Redacted::replaced`].
fn unmap(spans: &[(Range<usize>, Range<usize>)], place: usize, end: bool) -> usize {
    let after = spans.partition_point(|(_, to)| if end { to.start < place } else { to.start <= place });
    let Some((from, to)) = after.checked_sub(1).and_then(|last| spans.get(last)) else { return place };
    if place < to.end || place == to.end && end {
        return if end { from.end } else { from.start };
    }
    from.end + (place - to.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str, spans: &[Range<usize>]) -> Redacted<'static> {
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        Redacted::of(text, spans.iter().cloned().map(Edit::whole).collect())
    }

    #[test]
    fn spans_of_the_original_are_found_again() {
        let redacted = masked("key abcdefgh and ij end", &[17..19, 4..12]);
        assert_eq!(redacted.text(), "key *** and *** end");
        assert_eq!(redacted.count(), 2);
        assert_eq!(redacted.map(0..3), 0..3);
        assert_eq!(redacted.map(4..5), 4..7, "a part of a secret is the whole of it");
        assert_eq!(redacted.map(0..6), 0..7);
        assert_eq!(redacted.map(10..14), 4..9);
        assert_eq!(redacted.map(13..16), 8..11);
        assert_eq!(redacted.map(20..23), 16..19);
        assert_eq!(redacted.map(0..99), 0..19);
    }

    #[test]
    fn what_overlaps_is_one() {
        let redacted = masked("0123456789", &[2..5, 4..7, 3..4]);
        assert_eq!((redacted.text(), redacted.count()), ("01***789", 1));
    }

    #[test]
    fn a_second_look_is_told_in_places_of_the_original() {
        let text = "aa SECRET bb MORE cc";
        let first = Redacted::of(text, vec![Edit::with(3..9, "S")]);
        assert_eq!(first.text(), "aa S*** bb MORE cc");
        let second = first.and_then(text, vec![Edit::whole(11..15)]);
        assert_eq!((second.text(), second.map(13..17)), ("aa S*** bb *** cc", 11..14));
        let third = second.and_then(text, vec![Edit::whole(5..10)]);
        assert_eq!((third.text(), third.count()), ("aa *** *** cc", 2));
    }
}
