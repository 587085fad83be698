//! Turns of a loop around training: folds, seeds, tasks. What looks like the end of the run is that of a turn.

use super::Tracker;

/// A turn of a loop around training.
#[derive(Debug, Clone, Copy)]
pub(in crate::track) struct Turn {
    /// As written.
    pub(in crate::track) done: f64,
    /// How many there are.
    pub(in crate::track) all: f64,
    /// The lowest seen.
    first: f64,
}

impl Turn {
    /// Whether others follow.
    pub(in crate::track) fn has_more(self) -> bool {
        self.done + f64::from(u8::from(self.first == 0.0)) < self.all
    }
}

impl Tracker {
    /// What ends is a turn, and epochs count anew in the next.
    pub(super) fn on_turn(&mut self, done: f64, all: f64) {
        if self.turn.is_some_and(|turn| turn.done.to_bits() != done.to_bits()) {
            self.epochs.rows.count_anew();
            self.outcome.takes_back();
        }
        let first = self.turn.map_or(done, |turn| turn.first).min(done);
        self.turn = Some(Turn { done, all, first });
    }
}
