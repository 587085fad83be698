//! The Hugging Face Trainer: one bar over all steps, dicts of figures written through it, and an evaluation's bar inside.

use std::time::Duration;

use super::Fate;
use crate::cli::demo::bar::Bar;
use crate::cli::demo::bar::clock;
use crate::cli::demo::chance::Curve;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;
use crate::model::stamp::Stamp;

const LOG: &str = "training.log";
const LOG_EVERY: u64 = 5;
const EVAL_EVERY: u64 = 60;
const EVAL_BATCHES: u64 = 8;

/// A fine-tuning.
#[derive(Debug)]
pub(in crate::cli::demo) struct HfTrainer {
    epochs: u64,
    steps: u64,
    pace: Duration,
    fate: Fate,
    loss: Curve,
    step: u64,
    began: Option<Stamp>,
}

impl HfTrainer {
    pub(in crate::cli::demo) fn new(epochs: u64, steps: u64, pace: Duration, fate: Fate, seed: u64) -> Self {
        Self { epochs, steps, pace, fate, loss: Curve::new(3.4, 1.08, 0.2, 0.05, seed), step: 0, began: None }
    }

    fn bar(&self, pen: &Pen) -> String {
        let elapsed = self.began.map_or(Duration::ZERO, |began| pen.now().since(began));
        Bar { label: "", done: self.step, total: self.steps, elapsed, unit: "it", postfix: "" }.text()
    }

    fn epoch(&self) -> f64 {
        self.epochs as f64 * self.step as f64 / self.steps as f64
    }

    /// As `tqdm.write` does: the bar is wiped, the line is written, the bar is drawn again.
    fn through_the_bar(&self, pen: &mut Pen, line: &str) {
        let bar = self.bar(pen);
        pen.write(LOG, format!("\r{}\r{line}\n\r{bar}", " ".repeat(bar.chars().count())));
    }

    fn evaluate(&mut self, pen: &mut Pen) {
        let began = pen.now();
        let mut width = 0;
        for done in 0..=EVAL_BATCHES {
            let elapsed = pen.now().since(began);
            let bar = Bar { label: "", done, total: EVAL_BATCHES, elapsed, unit: "it", postfix: "" }.text();
            width = bar.chars().count();
            pen.write(LOG, format!("\n\r{bar}\x1b[A"));
            pen.wait(Duration::from_millis(160));
        }
        pen.write(LOG, format!("\n\r{}\r\x1b[A", " ".repeat(width)));
        let seconds = pen.now().since(began).as_secs_f64();
        let loss = self.loss.expected(self.step as f64 / self.steps as f64)
            * (1.05 + 0.01 * self.loss.chance().bell());
        let rate = EVAL_BATCHES as f64 / seconds;
        let line = format!(
            "{{'eval_loss': '{loss:.4}', 'eval_runtime': '{seconds:.3}', 'eval_samples_per_second': '{:.2}', 'eval_steps_per_second': '{rate:.3}', 'epoch': '{:.4}'}}",
            rate * 8.0,
            self.epoch()
        );
        self.through_the_bar(pen, &line);
    }

    fn head(&mut self, pen: &mut Pen) {
        let samples = self.steps * 16 / self.epochs;
        pen.write(
            LOG,
            format!(
                "[transformers] ***** Running training *****\n[transformers]   Num examples = {samples}\n[transformers]   Num Epochs = {}\n[transformers]   Instantaneous batch size per device = 4\n[transformers]   Total train batch size (w. parallel, distributed & accumulation) = 16\n[transformers]   Gradient Accumulation steps = 4\n[transformers]   Total optimization steps = {}\n",
                self.epochs, self.steps
            ),
        );
        self.began = Some(pen.now());
        let bar = self.bar(pen);
        pen.write(LOG, format!("\r{bar}"));
    }

    fn close(&self, pen: &mut Pen) {
        let began = self.began.unwrap_or(pen.now());
        let seconds = pen.now().since(began).as_secs_f64().max(1.0);
        let line = format!(
            "{{'train_runtime': '{seconds:.1}', 'train_samples_per_second': '{:.2}', 'train_steps_per_second': '{:.3}', 'train_loss': '{:.4}', 'epoch': '{}'}}",
            self.steps as f64 * 16.0 / seconds,
            self.steps as f64 / seconds,
            self.loss.smooth() * 1.2,
            self.epochs
        );
        self.through_the_bar(pen, &line);
        pen.write(LOG, "\n");
        let runtime = clock(Duration::from_secs_f64(seconds));
        pen.write(
            LOG,
            format!("***** train metrics *****\n  epoch                    =        {}.0\n  train_loss               = {:>10.4}\n  train_runtime            = {runtime:>10}\n", self.epochs, self.loss.smooth() * 1.2),
        );
    }
}

impl Program for HfTrainer {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        if self.began.is_none() {
            self.head(pen);
        }
        pen.wait(self.pace);
        self.step += 1;
        let share = self.step as f64 / self.steps as f64;
        let loss = self.loss.at(share);
        let bar = self.bar(pen);
        pen.write(LOG, format!("\r{bar}"));
        if self.fate.strikes(self.step, pen, LOG) {
            return false;
        }
        if self.step.is_multiple_of(LOG_EVERY) {
            let norm = 0.7 + 0.4 * self.loss.chance().unit();
            let rate = 2e-4 * (1.0 - share);
            let line = format!(
                "{{'loss': '{loss:.4}', 'grad_norm': '{norm:.4}', 'learning_rate': '{rate:.3e}', 'epoch': '{:.4}'}}",
                self.epoch()
            );
            self.through_the_bar(pen, &line);
        }
        if self.step.is_multiple_of(EVAL_EVERY) {
            self.evaluate(pen);
        }
        if self.step == self.steps {
            self.close(pen);
            return false;
        }
        true
    }
}
