//! A `LoRA` in the manner of kohya's scripts: one bar called `steps` over all epochs, with plain lines in between.

use std::time::Duration;

use super::Fate;
use crate::cli::demo::bar::Bar;
use crate::cli::demo::chance::Curve;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;
use crate::model::stamp::Stamp;

const LOG: &str = "training.log";

/// A `LoRA` training.
#[derive(Debug)]
pub(in crate::cli::demo) struct Kohya {
    epochs: u64,
    each: u64,
    pace: Duration,
    fate: Fate,
    loss: Curve,
    step: u64,
    began: Option<Stamp>,
}

impl Kohya {
    pub(in crate::cli::demo) fn new(epochs: u64, each: u64, pace: Duration, fate: Fate, seed: u64) -> Self {
        Self { epochs, each, pace, fate, loss: Curve::new(0.48, 0.2, 0.2, 0.25, seed), step: 0, began: None }
    }

    fn total(&self) -> u64 {
        self.epochs * self.each
    }

    fn draw(&self, pen: &mut Pen) {
        let elapsed = self.began.map_or(Duration::ZERO, |began| pen.now().since(began));
        let postfix =
            if self.step == 0 { String::new() } else { format!("avr_loss={:.4}", self.loss.smooth()) };
        let bar = Bar {
            label: "steps:",
            done: self.step,
            total: self.total(),
            elapsed,
            unit: "it",
            postfix: &postfix,
        };
        pen.write(LOG, format!("\r{}", bar.text()));
    }

    fn head(&mut self, pen: &mut Pen) {
        let now = pen.local("%Y-%m-%d %H:%M:%S");
        pen.write(
            LOG,
            format!("{now} INFO     prepare optimizer, data loader etc.                     train.py:117\n"),
        );
        pen.write(
            LOG,
            format!(
                "running training / 学習開始\n  num train images * repeats / 学習画像の数×繰り返し回数: {each}\n  num batches per epoch / 1epochのバッチ数: {each}\n  num epochs / epoch数: {}\n  batch size per device / バッチサイズ: 1\n  gradient accumulation steps / 勾配を合計するステップ数 = 1\n  total optimization steps / 学習ステップ数: {}\n",
                self.epochs,
                self.total(),
                each = self.each,
            ),
        );
        self.began = Some(pen.now());
        self.draw(pen);
    }
}

impl Program for Kohya {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        if self.began.is_none() {
            self.head(pen);
        }
        if self.step.is_multiple_of(self.each) {
            pen.write(LOG, format!("\nepoch {}/{}\n", self.step / self.each + 1, self.epochs));
        }
        pen.wait(self.pace);
        self.step += 1;
        self.loss.at(self.step as f64 / self.total() as f64);
        self.draw(pen);
        if self.fate.strikes(self.step, pen, LOG) {
            return false;
        }
        let epoch = self.step / self.each;
        if self.step < self.total() && self.step.is_multiple_of(self.each * 2) {
            pen.write(LOG, format!("\nsaving checkpoint: ./output/lora-{epoch:06}.safetensors\n"));
        }
        if self.step == self.total() {
            let now = pen.local("%Y-%m-%d %H:%M:%S");
            pen.write(LOG, format!("\nsaving checkpoint: ./output/lora.safetensors\n{now} INFO     model saved.                                            train.py:684\n"));
            return false;
        }
        true
    }
}
