//! Keras 3 with `verbose=1`: a coloured bar that is redrawn by backspaces, also in a file.

use std::fmt::Write;
use std::time::Duration;

use super::Fate;
use crate::cli::demo::chance::Curve;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;
use crate::model::stamp::Stamp;

const LOG: &str = "train.log";
const CELLS: u64 = 20;

/// A `model.fit`.
#[derive(Debug)]
pub(in crate::cli::demo) struct Keras {
    epochs: u64,
    batches: u64,
    pace: Duration,
    fate: Fate,
    loss: Curve,
    step: u64,
    epoch_began: Stamp,
    /// Visible width of the last redraw.
    width: usize,
}

impl Keras {
    pub(in crate::cli::demo) fn new(
        epochs: u64,
        batches: u64,
        pace: Duration,
        fate: Fate,
        seed: u64,
    ) -> Self {
        let loss = Curve::new(0.69, 0.24, 0.2, 0.06, seed);
        Self { epochs, batches, pace, fate, loss, step: 0, epoch_began: Stamp::default(), width: 0 }
    }

    /// One redraw; `held_out` is there when the epoch is over.
    fn draw(&mut self, pen: &mut Pen, batch: u64, loss: f64, held_out: Option<f64>) {
        let total = self.batches;
        let digits = total.to_string().len();
        let filled = usize::try_from(CELLS * batch / total).unwrap_or(0);
        let (full, rest) = ("━".repeat(filled), "━".repeat(usize::try_from(CELLS).unwrap_or(0) - filled));
        let elapsed = pen.now().since(self.epoch_began);
        let each = elapsed.as_millis() / u128::from(batch);
        let left = Duration::from_millis(u64::try_from(each).unwrap_or(0) * (total - batch));
        let time = if batch < total { short(left) } else { short(elapsed) };
        let accuracy = (1.0 - loss * 0.62).clamp(0.4, 0.99);
        let mut figures = format!("{each}ms/step - accuracy: {accuracy:.4} - loss: {loss:.4}");
        if let Some(value) = held_out {
            let accuracy = (1.0 - value * 0.66).clamp(0.4, 0.99);
            // writing to a string does not fail
            let _ = write!(figures, " - val_accuracy: {accuracy:.4} - val_loss: {value:.4}");
        }
        let back = "\x08".repeat(self.width);
        let count = format!("{batch:digits$}/{total}");
        self.width = count.len() + 1 + 20 + 1 + time.len() + 1 + figures.len();
        pen.write(
            LOG,
            format!("{back}\r\x1b[1m{count}\x1b[0m \x1b[32m{full}\x1b[0m\x1b[37m{rest}\x1b[0m \x1b[1m{time}\x1b[0m {figures}"),
        );
    }
}

/// `9s`, or `2:09` from a minute on.
fn short(span: Duration) -> String {
    let seconds = span.as_secs();
    if seconds < 60 { format!("{seconds}s") } else { format!("{}:{:02}", seconds / 60, seconds % 60) }
}

impl Program for Keras {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        let epoch = self.step / self.batches + 1;
        if self.step.is_multiple_of(self.batches) {
            pen.write(LOG, format!("Epoch {epoch}/{}\n", self.epochs));
            self.epoch_began = pen.now();
            self.width = 0;
        }
        pen.wait(self.pace);
        self.step += 1;
        let batch = (self.step - 1) % self.batches + 1;
        let share = self.step as f64 / (self.epochs * self.batches) as f64;
        let loss = self.loss.at(share);
        self.draw(pen, batch, loss, None);
        if self.fate.strikes(self.step, pen, LOG) {
            return false;
        }
        if batch < self.batches {
            return true;
        }
        pen.wait(self.pace * 3);
        // past its best it gets slowly worse, as an overfitting model does
        let value = self.loss.expected(share.min(0.4)) * (1.04 + 0.015 * self.loss.chance().bell())
            + (share - 0.4).max(0.0) * 0.2;
        self.draw(pen, batch, self.loss.smooth(), Some(value));
        pen.write(LOG, "\n");
        if self.fate.stops_after(epoch) {
            pen.write(LOG, format!("Epoch {epoch}: early stopping\nRestoring model weights from the end of the best epoch: {}.\n", epoch.saturating_sub(5)));
            return false;
        }
        epoch < self.epochs
    }
}
