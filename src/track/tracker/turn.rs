//! Turns of a loop around training: folds, seeds, tasks. What looks like the end of the run is that of a turn.

use super::Tracker;

/// A turn of a loop around training.
#[derive(Debug, Clone, Copy)]
pub(in crate::track) struct Turn {
    /// As written.
    pub(in crate::track) done: f64,
    /// How many there are, if anything tells.
    pub(in crate::track) all: Option<f64>,
    /// The lowest seen.
    first: f64,
    /// A closing line stood before another turn began: such lines close turns.
    closes: bool,
}

impl Turn {
    /// Whether others are known to follow.
    pub(in crate::track) fn has_more(self) -> bool {
        self.all.is_some_and(|all| self.done + f64::from(u8::from(self.first == 0.0)) < all)
    }

    /// Whether nobody knows how many follow.
    pub(in crate::track) fn is_open(self) -> bool {
        self.all.is_none()
    }

    /// Whether a closing line says nothing of the run.
    pub(super) fn is_closed_alone(self) -> bool {
        self.has_more() || (self.is_open() && self.closes)
    }

    /// Whether it is the only one.
    pub(in crate::track) fn is_alone(self) -> bool {
        self.all.is_some_and(|all| all <= 1.0)
    }
}

impl Tracker {
    /// What ends is a turn, and epochs count anew in the next.
    pub(super) fn on_turn(&mut self, done: f64, all: Option<f64>) {
        let before = self.turn;
        let mut closes = before.is_some_and(|turn| turn.closes);
        if before.is_some_and(|turn| turn.done.to_bits() != done.to_bits()) {
            self.epochs.rows.count_anew();
            closes |= self.outcome.is_orderly();
            self.outcome.takes_back();
        }
        let first = before.map_or(done, |turn| turn.first).min(done);
        let all = all.or_else(|| before.and_then(|turn| turn.all)).filter(|all| done <= *all);
        self.turn = Some(Turn { done, all, first, closes });
    }

    /// The turns were summed up, behind the last epoch of one of them.
    pub(super) fn on_turns_end(&mut self) {
        let over = self.is_over();
        if let Some(turn) = self.turn.as_mut().filter(|turn| over && turn.is_open()) {
            turn.all = Some(turn.done + f64::from(u8::from(turn.first == 0.0)));
            self.opened = false;
        }
    }
}
