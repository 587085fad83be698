//! Which runs are listed, and in which order.
//!
//! The order is kept, not made: news of one run among ten thousand moves one entry. Ranks are worked out when a run changes
//! and when the sort does, never for a frame.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Store;
use super::column::{Rank, Sort, rank};
use super::filter::Filter;
use super::natural;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;

/// News of more runs than this at once sorts everything anew: cheaper than that many moves in a long list.
const FEW: usize = 64;

#[derive(Debug, Clone)]
struct Entry {
    rank: Rank,
    key: RunKey,
}

/// The listed runs in order.
#[derive(Debug, Clone, Default)]
pub struct View {
    sort: Sort,
    filter: Filter,
    entries: Vec<Entry>,
    ranks: HashMap<RunKey, Rank>,
    until: Option<Stamp>,
}

impl View {
    /// Lists the runs of `store` from nothing.
    pub fn rebuild(&mut self, store: &Store, now: Stamp) {
        self.until = None;
        self.entries.clear();
        self.ranks.clear();
        self.ranks.reserve(store.len());
        for (key, row, picks) in store.held() {
            let (matches, flips) = self.filter.matches(row, picks, now);
            self.wake_at(flips);
            if matches {
                let (rank, until) = rank(row, picks, self.sort, now);
                self.wake_at(until);
                self.entries.push(Entry { rank, key: key.clone() });
                self.ranks.insert(key.clone(), rank);
            }
        }
        let sort = self.sort;
        self.entries.sort_unstable_by(|a, b| order(sort, a, b));
    }

    /// Takes in that `changed` runs are other than they were, or gone.
    pub fn refresh(&mut self, store: &Store, changed: &[RunKey], now: Stamp) {
        if changed.len() > FEW || self.until.is_some_and(|until| until <= now) {
            self.rebuild(store, now);
            return;
        }
        for key in changed {
            let place = store.get(key).zip(store.picks(key)).and_then(|(row, picks)| {
                let (matches, flips) = self.filter.matches(row, picks, now);
                self.wake_at(flips);
                matches.then(|| rank(row, picks, self.sort, now))
            });
            if let Some((_, until)) = place {
                self.wake_at(until);
            }
            self.place(key, place.map(|(rank, _)| rank));
        }
    }

    fn place(&mut self, key: &RunKey, rank: Option<Rank>) {
        let before = self.ranks.get(key).copied();
        if before == rank {
            return;
        }
        if let Some(at) = self.position(key) {
            self.entries.remove(at);
        }
        match rank {
            Some(rank) => {
                let entry = Entry { rank, key: key.clone() };
                let at = self.search(&entry).unwrap_or_else(|at| at);
                self.entries.insert(at, entry);
                self.ranks.insert(key.clone(), rank);
            }
            None => {
                self.ranks.remove(key);
            }
        }
    }

    fn search(&self, entry: &Entry) -> Result<usize, usize> {
        self.entries.binary_search_by(|other| order(self.sort, other, entry))
    }

    fn wake_at(&mut self, moment: Option<Stamp>) {
        self.until = match (self.until, moment) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// When time alone lists other runs or in another order.
    pub fn until(&self) -> Option<Stamp> {
        self.until
    }

    /// Sorts otherwise; [`View::rebuild`] is to follow.
    pub fn set_sort(&mut self, sort: Sort) {
        self.sort = sort;
    }

    /// By what it is sorted.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// Filters otherwise; [`View::rebuild`] is to follow.
    pub fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
    }

    /// What is listed.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// How many runs are listed.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The run in row `at`.
    pub fn get(&self, at: usize) -> Option<&RunKey> {
        self.entries.get(at).map(|entry| &entry.key)
    }

    /// The row of a run.
    pub fn position(&self, key: &RunKey) -> Option<usize> {
        let rank = *self.ranks.get(key)?;
        self.search(&Entry { rank, key: key.clone() }).ok()
    }

    /// The runs in rows `from..from + count`.
    pub fn window(&self, from: usize, count: usize) -> impl Iterator<Item = &RunKey> {
        self.entries.iter().skip(from).take(count).map(|entry| &entry.key)
    }
}

fn order(sort: Sort, a: &Entry, b: &Entry) -> Ordering {
    a.rank.compare(&b.rank).then_with(|| {
        let names = natural::compare(&a.key.id, &b.key.id).then_with(|| a.key.root.cmp(&b.key.root));
        if sort.reversed && sort.column == super::column::Column::Name { names.reverse() } else { names }
    })
}

#[cfg(test)]
mod tests;
