//! Which lines are folded into the first one of their block.
//!
//! Tracebacks and tables are open unless told otherwise: whoever opens the log of a failed run came for its traceback. Folding is
//! a matter of the rows at hand; since a block may be longer than they are, one that is folded or opened by itself is remembered
//! with the last of its lines that was seen.

use std::collections::BTreeMap;

use crate::model::level::Level;
use crate::model::log::Block;
use crate::model::log::LogLine;
use crate::model::log::LogPage;
use crate::model::log::Spot;
use crate::model::log::Term;

use super::LogPane;

/// Fewer lines than this are not worth a fold.
const LEAST: usize = 2;

/// A row of the pane: a line, and how many are folded into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Index among the lines at hand.
    pub line: usize,
    /// Lines that are folded away behind it.
    pub folded: usize,
    /// Whether these are all: the window may end within the block.
    pub whole: bool,
    /// Whether lines could be folded into it.
    pub foldable: bool,
}

/// What is folded.
#[derive(Debug, Clone, Default)]
pub(super) struct Folds {
    all: bool,
    /// Blocks that are the other way, by their first line, with the last of their lines that was seen.
    others: BTreeMap<Spot, Spot>,
}

impl Folds {
    /// Places in another file mean nothing.
    pub(super) fn forget(&mut self) {
        self.others.clear();
    }

    fn is_folded(&self, head: Spot) -> bool {
        self.all != self.others.contains_key(&head)
    }

    /// Whether a line whose head is not at hand belongs to a folded block.
    fn hides(&self, spot: Spot) -> bool {
        let other = self.others.range(..=spot).next_back().is_some_and(|(_, last)| spot <= *last);
        self.all != other
    }

    /// The rows of a window of lines.
    pub(super) fn rows(&mut self, page: &LogPage, may: bool) -> Vec<Shown> {
        let lines = &page.lines;
        let mut rows: Vec<Shown> = Vec::with_capacity(lines.len());
        let mut at = 0;
        while let Some(head) = lines.get(at) {
            let body = lines.get(at + 1..).unwrap_or_default();
            let row = Shown { line: at, folded: 0, whole: true, foldable: false };
            if !may {
                rows.push(row);
                at += 1;
                continue;
            }
            if head.block != Block::None {
                // the rest of a block whose first line is above the window
                let orphan = rows.is_empty() && !page.at_start && worth(head);
                if !(orphan && self.hides(head.spot)) {
                    rows.push(row);
                    at += 1;
                    continue;
                }
                let rest = 1 + extent(head, body, head.block);
                at += rest;
                continue;
            }
            let kind = body.first().map_or(Block::None, |first| first.block);
            let count = extent(head, body, kind);
            let last = at + count + 1 >= lines.len();
            let foldable = count >= LEAST || (count > 0 && last && !page.at_end);
            let foldable = foldable && body.first().is_some_and(worth);
            if let (Some(seen), Some(end)) = (self.others.get_mut(&head.spot), lines.get(at + count)) {
                *seen = end.spot.max(*seen);
            }
            if foldable && self.is_folded(head.spot) {
                rows.push(Shown { folded: count, whole: !last || page.at_end, foldable, ..row });
                at += count + 1;
            } else {
                rows.push(Shown { foldable, ..row });
                at += 1;
            }
        }
        rows
    }
}

/// Lines of `body` that go on with `head`. In a log of several files those of another one stand between them.
fn extent(head: &LogLine, body: &[LogLine], kind: Block) -> usize {
    if kind == Block::None {
        return 0;
    }
    body.iter().take_while(|line| line.block == kind && line.spot.file == head.spot.file).count()
}

/// What goes on with a message of no gravity is a part of it that somebody wants to read.
fn worth(line: &LogLine) -> bool {
    match line.block {
        Block::None => false,
        Block::Table => true,
        Block::Message => matches!(line.level, Some(Level::Error | Level::Critical)),
    }
}

impl LogPane {
    /// A filter by text shows lines one by one: what stands below a line need not belong to it.
    pub(super) fn can_fold(&self) -> bool {
        !self.query.filter.conditions.iter().any(|condition| matches!(condition.term, Term::Text(_)))
    }

    /// Folds everything, or opens it.
    pub(super) fn fold_all(&mut self) {
        if !self.can_fold() {
            self.said = Some("nothing folds while text is filtered".to_owned());
            return;
        }
        let top = self.top_spot();
        self.folds.all = !self.folds.all;
        self.folds.others.clear();
        self.stretch = 0;
        self.refold();
        self.keep(top);
        self.settle_point();
        if self.point.is_some() {
            self.bring_point();
        }
        self.said =
            Some(if self.folds.all { "tracebacks and tables folded" } else { "all unfolded" }.to_owned());
    }

    /// Folds or opens the block of a line. Returns whether it is in one.
    pub(super) fn fold_at(&mut self, spot: Spot) -> bool {
        let Some(head) = self.head_of(spot).filter(|_| self.can_fold()) else { return false };
        let top = self.top_spot();
        if self.folds.others.remove(&head).is_none() {
            self.folds.others.insert(head, head);
        }
        self.refold();
        self.keep(top);
        self.point_to(head);
        true
    }

    /// Opens the block of a line that is folded away.
    pub(super) fn unfold_around(&mut self, spot: Spot) {
        if let Some(head) = self.head_of(spot).filter(|head| *head != spot && self.folds.is_folded(*head)) {
            if self.folds.others.remove(&head).is_none() {
                self.folds.others.insert(head, head);
            }
        }
    }

    /// The first line of the block that a line is in, where it can be folded.
    fn head_of(&self, spot: Spot) -> Option<Spot> {
        let lines = &self.page.lines;
        let at = lines.iter().position(|line| line.spot == spot)?;
        let kind = lines.get(at)?.block;
        let head = if kind == Block::None {
            at
        } else {
            let above = lines.get(..at)?;
            above.iter().rposition(|line| line.block != kind)?
        };
        let first = lines.get(head + 1).filter(|line| worth(line))?;
        let count = extent(lines.get(head)?, lines.get(head + 1..)?, first.block);
        (count >= LEAST).then(|| lines.get(head).map(|line| line.spot))?
    }
}
