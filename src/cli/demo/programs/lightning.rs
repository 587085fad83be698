//! Lightning with its tqdm bar, and the CSV logger beside the log.

use std::fmt::Write;
use std::time::Duration;

use super::Fate;
use crate::cli::demo::bar::Bar;
use crate::cli::demo::chance::Curve;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;
use crate::model::stamp::Stamp;

const LOG: &str = "train.log";
const CSV: &str = "lightning_logs/version_0/metrics.csv";
const LOG_EVERY: u64 = 10;
const VALIDATION_BATCHES: u64 = 6;

/// A `Trainer.fit`.
#[derive(Debug)]
pub(in crate::cli::demo) struct Lightning {
    epochs: u64,
    batches: u64,
    pace: Duration,
    fate: Fate,
    loss: Curve,
    step: u64,
    epoch_began: Stamp,
    held_out: Option<f64>,
    best: Option<f64>,
}

impl Lightning {
    pub(in crate::cli::demo) fn new(
        epochs: u64,
        batches: u64,
        pace: Duration,
        fate: Fate,
        seed: u64,
    ) -> Self {
        let loss = Curve::new(0.74, 0.11, 0.3, 0.09, seed);
        Self {
            epochs,
            batches,
            pace,
            fate,
            loss,
            step: 0,
            epoch_began: Stamp::default(),
            held_out: None,
            best: None,
        }
    }

    fn share(&self) -> f64 {
        self.step as f64 / (self.epochs * self.batches) as f64
    }

    fn draw(&self, pen: &mut Pen, epoch: u64, batch: u64, loss: f64) {
        let mut postfix = "v_num=0".to_owned();
        if batch > 0 {
            // writing to a string does not fail
            let _ = write!(postfix, ", train_loss={loss:.3}");
        }
        if let Some(value) = self.held_out {
            let _ = write!(postfix, ", val_loss={value:.3}");
        }
        let label = format!("Epoch {epoch}:");
        let elapsed = pen.now().since(self.epoch_began);
        let bar =
            Bar { label: &label, done: batch, total: self.batches, elapsed, unit: "it", postfix: &postfix };
        pen.write(LOG, format!("\r{}", bar.text()));
    }

    fn validate(&mut self, pen: &mut Pen, epoch: u64, loss: f64) {
        let began = pen.now();
        let mut width = 0;
        for done in 0..=VALIDATION_BATCHES {
            let elapsed = pen.now().since(began);
            let bar = Bar {
                label: "Validation DataLoader 0:",
                done,
                total: VALIDATION_BATCHES,
                elapsed,
                unit: "it",
                postfix: "",
            };
            let text = bar.text();
            width = text.chars().count();
            pen.write(LOG, format!("\n\r{text}\x1b[A"));
            pen.wait(Duration::from_millis(110));
        }
        pen.write(LOG, format!("\n\r{}\r\x1b[A", " ".repeat(width)));
        let value = self.loss.expected(self.share()) * (1.08 + 0.02 * self.loss.chance().bell());
        let dice = (1.0 - value * 0.8).clamp(0.0, 0.99);
        self.held_out = Some(value);
        self.draw(pen, epoch, self.batches, loss);
        pen.write(CSV, format!("{epoch},{},,{dice:.6},{value:.6}\n", self.step - 1));
        let step = self.step;
        let line = if self.best.is_none_or(|best| value < best) {
            self.best = Some(value);
            format!(
                "\nEpoch {epoch}, global step {step}: 'val_loss' reached {value:.5} (best {value:.5}), saving model to 'checkpoints/epoch={epoch}-step={step}.ckpt' as top 1\n"
            )
        } else {
            format!("\nEpoch {epoch}, global step {step}: 'val_loss' was not in top 1\n")
        };
        pen.write(LOG, line);
    }
}

impl Program for Lightning {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        if self.step == 0 {
            pen.write(
                LOG,
                "GPU available: True (cuda), used: True\nTPU available: False, using: 0 TPU cores\n",
            );
            pen.write(LOG, "\n  | Name  | Type     | Params | Mode \n-----------------------------------------\n0 | model | UNet     | 7.8 M  | train\n-----------------------------------------\n7.8 M     Trainable params\n0         Non-trainable params\n");
            pen.write(CSV, "epoch,step,train_loss,val_dice,val_loss\n");
        }
        let epoch = self.step / self.batches;
        if self.step.is_multiple_of(self.batches) {
            self.epoch_began = pen.now();
            self.draw(pen, epoch, 0, 0.0);
        }
        pen.wait(self.pace);
        self.step += 1;
        let batch = (self.step - 1) % self.batches + 1;
        let loss = self.loss.at(self.share());
        self.draw(pen, epoch, batch, loss);
        if self.fate.strikes(self.step, pen, LOG) {
            return false;
        }
        if self.step.is_multiple_of(LOG_EVERY) {
            pen.write(CSV, format!("{epoch},{},{loss:.6},,\n", self.step - 1));
        }
        if batch < self.batches {
            return true;
        }
        self.validate(pen, epoch, loss);
        if epoch + 1 == self.epochs {
            pen.write(LOG, format!("`Trainer.fit` stopped: `max_epochs={}` reached.\n", self.epochs));
            return false;
        }
        true
    }
}
