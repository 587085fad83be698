//! Sections of a log: what stands from one title to the next one of its kind.
//!
//! A section may be a million lines long, so that folding one is a part of the wish: the reader leaves the lines out, and tells
//! at the title how many they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Spot;

/// What a line is the title of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// How high it stands, from 0: a section ends where one of the same or a lower number begins.
    pub rank: u8,
    /// The title without its rules, secrets hidden.
    pub title: Arc<str>,
    /// The lines that are folded away behind the title; `None` where it is open.
    pub folded: Option<FoldedLines>,
}

/// How many lines are folded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FoldedLines {
    /// Those that were counted, of the classes that are not hidden.
    pub lines: u64,
    /// Whether these are all.
    pub exact: bool,
}

/// Which sections are folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SectionFolds {
    /// Each title has its own lines folded, down to the next title of any rank: the log's contents.
    pub all: bool,
    /// Titles that are the other way, with their ranks. Those folded one by one hide all of their sections.
    pub others: Arc<BTreeMap<Spot, u8>>,
    /// A line that is not to be folded away: what hides it is opened.
    pub open: Option<Spot>,
}

impl SectionFolds {
    /// Whether nothing is folded.
    pub fn is_empty(&self) -> bool {
        !self.all && self.others.is_empty()
    }

    /// Whether the title at `spot` is folded.
    pub fn has(&self, spot: Spot) -> bool {
        self.all != self.others.contains_key(&spot)
    }
}
