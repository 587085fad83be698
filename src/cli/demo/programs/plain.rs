//! A script that logs through Python's `logging`, with no bar at all.

use std::time::Duration;

use super::Fate;
use crate::cli::demo::chance::Curve;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;

const LOG: &str = "train.log";

/// The script.
#[derive(Debug)]
pub(in crate::cli::demo) struct Plain {
    steps: u64,
    each: u64,
    pace: Duration,
    fate: Fate,
    loss: Curve,
    step: u64,
}

impl Plain {
    /// `steps` in all, one line for every `each` of them.
    pub(in crate::cli::demo) fn new(steps: u64, each: u64, pace: Duration, fate: Fate, seed: u64) -> Self {
        Self { steps, each, pace, fate, loss: Curve::new(6.1, 1.4, 0.2, 0.04, seed), step: 0 }
    }
}

fn say(pen: &mut Pen, level: &str, message: &str) {
    let now = pen.local("%Y-%m-%d %H:%M:%S,%3f");
    pen.write(LOG, format!("{now} - speech.train - {level} - {message}\n"));
}

impl Program for Plain {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        if self.step == 0 {
            say(pen, "INFO", "loading manifest: 28539 utterances");
            say(pen, "INFO", &format!("training for {} steps", self.steps));
        }
        pen.wait(self.pace);
        self.step += self.each;
        let share = self.step as f64 / self.steps as f64;
        let loss = self.loss.at(share);
        let norm = 1.4 + 0.8 * self.loss.chance().unit();
        let lr = 5e-4 * (1.0 - share);
        let step = self.step;
        say(
            pen,
            "INFO",
            &format!("step {step}/{} loss={loss:.4} lr={lr:.3e} grad_norm={norm:.3}", self.steps),
        );
        if step.is_multiple_of(self.each * 25) {
            say(pen, "WARNING", "gradient overflow, loss scale 65536 -> 32768");
        }
        if step.is_multiple_of(self.each * 40) {
            let value = self.loss.expected(share) * 1.07;
            say(
                pen,
                "INFO",
                &format!("validation at step {step}: val_loss={value:.4} wer={:.4}", value * 0.11),
            );
        }
        if self.fate.strikes(step, pen, LOG) {
            return false;
        }
        if step >= self.steps {
            say(pen, "INFO", "Training finished");
            return false;
        }
        true
    }
}
