//! A training loop written by hand: a tqdm bar for each epoch, and a line of sums behind it.

use std::time::Duration;

use super::Fate;
use crate::cli::demo::bar::Bar;
use crate::cli::demo::chance::Curve;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;
use crate::model::stamp::Stamp;

const LOG: &str = "train.log";

/// The loop.
#[derive(Debug)]
pub(in crate::cli::demo) struct Torch {
    epochs: u64,
    batches: u64,
    pace: Duration,
    fate: Fate,
    loss: Curve,
    step: u64,
    epoch_began: Option<Stamp>,
}

impl Torch {
    pub(in crate::cli::demo) fn new(
        epochs: u64,
        batches: u64,
        pace: Duration,
        fate: Fate,
        seed: u64,
    ) -> Self {
        let loss = Curve::new(2.31, 0.34, 0.25, 0.07, seed);
        Self { epochs, batches, pace, fate, loss, step: 0, epoch_began: None }
    }

    fn share(&self) -> f64 {
        self.step as f64 / (self.epochs * self.batches) as f64
    }

    fn draw(&mut self, pen: &mut Pen, batch: u64) {
        let epoch = self.step.saturating_sub(1) / self.batches + 1;
        let began = *self.epoch_began.get_or_insert(pen.now());
        let postfix = if batch == 0 {
            String::new()
        } else {
            let loss = self.loss.at(self.share());
            let lr = 3e-3 * (1.0 + (std::f64::consts::PI * self.share()).cos()) / 2.0;
            format!("loss={loss:.4}, lr={lr:.2e}")
        };
        let label = format!("Epoch {epoch}/{}:", self.epochs);
        let bar = Bar {
            label: &label,
            done: batch,
            total: self.batches,
            elapsed: pen.now().since(began),
            unit: "batch",
            postfix: &postfix,
        };
        pen.write(LOG, format!("\r{}", bar.text()));
    }
}

impl Program for Torch {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        if self.step == 0 {
            let now = pen.local("%Y-%m-%d %H:%M:%S");
            pen.write(LOG, format!("{now} INFO device: cuda:0, 11.2M parameters\n"));
            pen.write(LOG, format!("{now} INFO 50000 training images, 10000 validation images\n"));
        }
        if self.step.is_multiple_of(self.batches) {
            self.epoch_began = None;
            self.step += 1;
            self.draw(pen, 0);
            self.step -= 1;
        }
        pen.wait(self.pace);
        self.step += 1;
        let batch = (self.step - 1) % self.batches + 1;
        self.draw(pen, batch);
        if self.fate.strikes(self.step, pen, LOG) {
            return false;
        }
        if batch < self.batches {
            return true;
        }
        let epoch = self.step / self.batches;
        pen.wait(self.pace * 4);
        let train = self.loss.smooth();
        let held_out = self.loss.expected(self.share()) * (1.06 + 0.02 * self.loss.chance().bell());
        let accuracy = (1.0 - held_out / 2.6).clamp(0.1, 0.99);
        pen.write(
            LOG,
            format!("\nEpoch {epoch}/{} - train_loss: {train:.4} - val_loss: {held_out:.4} - val_acc: {accuracy:.4}\n", self.epochs),
        );
        if epoch == self.epochs {
            pen.write(LOG, "Training complete\n");
            return false;
        }
        true
    }
}
