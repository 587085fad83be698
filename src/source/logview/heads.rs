//! The titles that stand in a stretch, kept apart from its lines: a log is folded at titles that lie megabytes apart, and how many
//! lines stand between two of them is told without reading those again.

use std::sync::Arc;

use super::cache::Kept;
use super::scan::Few;
use super::scan::bump;
use crate::model::log::Section;
use crate::parse::sections;
use crate::parse::sections::Seen;
use crate::parse::sections::Title;

/// A title among the rows of a stretch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    /// The row that the section begins with.
    head: usize,
    /// The row that its words stand in.
    words: usize,
    rank: u8,
}

impl Named {
    /// What became clear at the row `at`.
    pub(super) fn of(seen: Seen, at: usize) -> Option<Self> {
        let Seen { back, words, rank } = seen;
        Some(Self { head: at.checked_sub(back)?, words: at.checked_sub(words)?, rank })
    }
}

/// Tells the rows what they are titles of.
pub(super) fn name(rows: &mut [Kept], named: &[Named]) {
    for each in named {
        let Some(words) = rows.get(each.words) else { continue };
        let text = words.message();
        let sign = rows.get(each.head).and_then(|head| sections::rule(head.message()));
        let title = match sign {
            Some(sign) => sections::framed(text, sign),
            None => sections::title(text),
        };
        // where a secret was hidden, the rest may look like no title any more
        let title = title.map_or(text.trim(), |Title { text, .. }| text);
        let section = Section { rank: each.rank, title: title.into(), folded: None };
        if let Some(head) = rows.get_mut(each.head) {
            head.line.section = Some(Arc::new(section));
        }
    }
}

/// A title with its place.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// The how manieth line of the stretch it is, from 0.
    pub(super) index: u32,
    /// Lines of the stretch before it.
    pub(super) before: Few,
    pub(super) rank: u8,
    pub(super) kept: Kept,
}

impl Head {
    /// Where it begins.
    pub(super) const fn offset(&self) -> u64 {
        self.kept.line.spot.offset
    }
}

/// The titles of a stretch.
#[derive(Debug, Default)]
pub(super) struct Heads {
    pub(super) all: Vec<Head>,
    /// Lines of the stretch.
    pub(super) lines: Few,
}

impl Heads {
    pub(super) fn of(lines: &[Kept]) -> Self {
        let mut heads = Self::default();
        for (index, kept) in (0..).zip(lines) {
            if let Some(section) = &kept.line.section {
                heads.all.push(Head { index, before: heads.lines, rank: section.rank, kept: kept.clone() });
            }
            bump(&mut heads.lines, kept.line.class());
        }
        heads
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}
