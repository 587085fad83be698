//! `XGBoost`: a row of tab-separated figures for each round, no total anywhere, and no word at the end.

use std::time::Duration;

use super::Fate;
use crate::cli::demo::chance::Curve;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;

const LOG: &str = "train.log";

/// A boosting.
#[derive(Debug)]
pub(in crate::cli::demo) struct Boosting {
    rounds: u64,
    pace: Duration,
    fate: Fate,
    loss: Curve,
    round: u64,
}

impl Boosting {
    pub(in crate::cli::demo) fn new(rounds: u64, pace: Duration, fate: Fate, seed: u64) -> Self {
        Self { rounds, pace, fate, loss: Curve::new(0.66, 0.09, 0.3, 0.004, seed), round: 0 }
    }
}

impl Program for Boosting {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        pen.wait(self.pace);
        let share = self.round as f64 / self.rounds as f64;
        let train = self.loss.at(share);
        let held_out =
            self.loss.expected(share * 0.6) * 1.12 + share * 0.05 + 0.002 * self.loss.chance().bell();
        let auc = (1.0 - held_out * 0.32).clamp(0.5, 0.99);
        pen.write(
            LOG,
            format!(
                "[{}]\ttrain-logloss:{train:.5}\tvalidation-logloss:{held_out:.5}\tvalidation-auc:{auc:.5}\n",
                self.round
            ),
        );
        self.round += 1;
        if self.fate.strikes(self.round, pen, LOG) || self.fate.stops_after(self.round) {
            return false;
        }
        self.round < self.rounds
    }
}
