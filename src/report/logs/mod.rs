//! `trainmon logs`: which lines of a log are asked for, and the page of them that is printed.
//!
//! Filters hold before anything is counted or left out: a page of errors has as many errors as there are, wherever they stand.

mod json;
mod query;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use crate::model::level::Level;
use crate::parse::logline::Line;
use crate::parse::logrows::Row;
use crate::report::follow::Said;
use crate::report::follow::Tone;
use crate::report::lines::unrelayed;
use crate::report::say::say;

pub use json::entry as json_entry;
pub use json::head as json_head;
pub use json::tail as json_tail;
pub use query::Asked;
pub use query::query;

/// Which of the matching lines are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// So many are left out first.
    pub offset: u64,
    /// So many are printed at most.
    pub limit: Option<u64>,
    /// Both count from the newest line.
    pub tail: bool,
}

/// What came of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Lines looked at.
    pub total: u64,
    /// Lines that match.
    pub matched: u64,
    /// Lines printed.
    pub printed: u64,
}

/// Lets one page of the matches through.
#[derive(Debug)]
pub struct Page {
    paging: Paging,
    counts: Counts,
    /// Of a page that counts from the end: what may be on it.
    kept: VecDeque<String>,
}

impl Page {
    /// An empty page.
    pub const fn new(paging: Paging) -> Self {
        Self { paging, counts: Counts { total: 0, matched: 0, printed: 0 }, kept: VecDeque::new() }
    }

    /// So many lines were looked at.
    pub const fn looked(&mut self, lines: u64) {
        self.counts.total += lines;
    }

    /// One more line matches, which `write` would write. Returns it when it is to be printed now.
    pub fn matched(&mut self, write: impl FnOnce() -> String) -> Option<String> {
        let at = self.counts.matched;
        self.counts.matched += 1;
        let Paging { offset, limit, tail } = self.paging;
        if tail {
            let most = limit.and_then(|limit| usize::try_from(offset.saturating_add(limit)).ok());
            if most != Some(0) {
                if most.is_some_and(|most| self.kept.len() >= most) {
                    self.kept.pop_front();
                }
                self.kept.push_back(write());
            }
            return None;
        }
        let on_page = at >= offset && limit.is_none_or(|limit| at - offset < limit);
        self.counts.printed += u64::from(on_page);
        on_page.then(write)
    }

    /// The log is over: what is left of the page.
    pub fn rest(&mut self) -> impl Iterator<Item = String> {
        let leave = usize::try_from(self.paging.offset).unwrap_or(usize::MAX);
        let keep = self.kept.len().saturating_sub(leave);
        self.kept.truncate(keep);
        self.counts.printed += keep as u64;
        std::mem::take(&mut self.kept).into_iter()
    }

    /// What was counted.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether lines match that are further on than the page: newer ones, or older ones when it counts from the end.
    pub const fn has_more(&self) -> bool {
        self.counts.matched > self.paging.offset.saturating_add(self.counts.printed)
    }

    /// `12 of 560 lines match; 10 are shown`.
    pub fn summary(&self) -> String {
        let Counts { total, matched, printed } = self.counts;
        let verb = if matched == 1 { "matches" } else { "match" };
        let shown = if printed == matched { String::new() } else { format!("; {printed} are shown") };
        match matched {
            0 => format!("none of {total} lines matches"),
            _ => format!("{matched} of {total} lines {verb}{shown}"),
        }
    }
}

/// A line as text, without what a relay put before it.
pub fn text(row: &Row<'_>, line: &Line<'_>) -> Said {
    let tone = match line.level {
        Some(Level::Error | Level::Critical) => Tone::Error,
        Some(Level::Warning) => Tone::Warning,
        Some(Level::Debug) => Tone::Faint,
        _ => Tone::Plain,
    };
    let text = say(unrelayed(line.text));
    let text = if row.cut > 0 { format!("{text} … ({} bytes more)", row.cut) } else { text.into_owned() };
    Said { text, tone }
}
