//! A hyper-parameter search over several models, position by position.

use std::time::Duration;

use crate::cli::demo::chance::Chance;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;

const LOG: &str = "search.log";
const MODELS: [&str; 3] = ["XGBoost", "LightGBM", "CatBoost"];

/// A search.
#[derive(Debug)]
pub(in crate::cli::demo) struct Search {
    positions: u64,
    trials: u64,
    pace: Duration,
    chance: Chance,
    position: u64,
    trial: u64,
    best: f64,
}

impl Search {
    pub(in crate::cli::demo) fn new(positions: u64, trials: u64, pace: Duration, seed: u64) -> Self {
        Self { positions, trials, pace, chance: Chance::new(seed), position: 1, trial: 0, best: 0.0 }
    }

    fn model(&self) -> &'static str {
        let index = usize::try_from(self.position - 1).unwrap_or(0) % MODELS.len();
        MODELS.get(index).copied().unwrap_or("XGBoost")
    }
}

impl Program for Search {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        if self.trial == 0 {
            pen.write(
                LOG,
                format!(
                    "Position {}/{}\n=== {} Position {} ===\n",
                    self.position,
                    self.positions,
                    self.model(),
                    self.position
                ),
            );
        }
        pen.wait(self.pace);
        self.trial += 1;
        let reached = self.trial as f64 / self.trials as f64;
        let score = 0.18 + 0.3 * (1.0 - (-2.5 * reached).exp()) + 0.06 * self.chance.bell();
        pen.write(LOG, format!("  Trial {}/{}: Score={score:.4}\n", self.trial, self.trials));
        if score > self.best {
            self.best = score;
            pen.write(LOG, format!("    [BEST] NEW BEST! Score: {score:.4}\n"));
        }
        if self.trial < self.trials {
            return true;
        }
        pen.write(
            LOG,
            format!("Training {} model complete. Test Score: {:.4}\n", self.model(), self.best * 0.97),
        );
        (self.position, self.trial, self.best) = (self.position + 1, 0, 0.0);
        self.position <= self.positions
    }
}
