//! What a named value says: where training is, a total, a setting, or a figure by that name.

use crate::model::record::Split;
use crate::parse::text::number;
use crate::parse::text::row;
use crate::parse::text::words::Counter;

use super::Item;
use super::Walk;
use super::places::is_turn;

impl<'a> Walk<'a, '_> {
    /// A counter without a total stands at `done`.
    fn count(&mut self, what: Counter, done: f64, from: &'a str) {
        self.out.items.push(Item::At { what, done, all: None, from, beside: "" });
    }

    /// Takes in `name` with a value. Returns whether the value is one.
    pub(super) fn value(&mut self, name: &'a str, value: &'a str, blank: bool) -> bool {
        // `eval epoch=1`: the counter's name tells of what the line is
        if self.aside {
            return number::ratio(value).is_some() || number::figure(value).is_some();
        }
        let known = self.words.look(name);
        if known.led
            && let Some((before, _)) = name.split_once(' ')
        {
            self.out.loose.push(before);
        }
        // of a sentence of which the counter was a part: `each epoch = 10`
        let turn = self.is_turn_of_epochs(name);
        let counter = known.counter.filter(|_| !self.torn && !turn);
        if let Some((done, all)) = number::ratio(value) {
            if let Some(what) = counter {
                self.out.items.push(Item::At { what, done, all: Some(all), from: value, beside: "" });
            } else if let Some(split) = row::split_of(name) {
                if matches!(self.out.items.as_slice(), [Item::At { what: Counter::Epoch, .. }]) {
                    // `epoch 3/10 [train] 50/100 loss 0.7`
                    let what = Counter::Batch;
                    self.out.items.push(Item::At { what, done, all: Some(all), from: value, beside: "" });
                } else if split == Split::Train {
                    self.counts(value);
                }
                self.out.loose.push(name);
            } else if (turn || is_turn(name)) && done <= all {
                let what = Counter::Turn;
                self.out.items.push(Item::At { what, done, all: Some(all), from: value, beside: "" });
            } else {
                self.out.numbers += 1;
            }
            return true;
        }
        if counter == Some(Counter::Epoch) && self.amount(value) {
            return true;
        }
        let Some(figure) = number::figure(value) else { return false };
        if turn && figure.unit.is_empty() && figure.value >= 0.0 && figure.value.fract() == 0.0 {
            self.count(Counter::Turn, figure.value, value);
            return true;
        }
        if figure.unit == "%" && known.share {
            self.count(Counter::Percent, figure.value, value);
            return true;
        }
        if known.config {
            self.out.config += 1;
        }
        if let Some(of) = known.total {
            if figure.value >= 1.0 && figure.value.fract() == 0.0 && !figure.rounded {
                self.out.items.push(Item::Total { of, value: figure.value, from: value });
            } else {
                self.out.wavers = true;
            }
            return true;
        }
        if let Some(what) = counter {
            let whole = figure.value.fract() == 0.0 || what == Counter::Epoch;
            if what == Counter::Step && name == "step" {
                self.passes_over_iter(figure.value, name);
            }
            if figure.value >= 0.0 && whole && !figure.rounded && figure.unit.is_empty() {
                self.count(what, figure.value, value);
            } else {
                self.out.wavers = true;
                if figure.rounded {
                    self.count(what, f64::NAN, value);
                }
            }
            return true;
        }
        if name.strip_suffix("py").is_some_and(|head| head.ends_with('.')) {
            // a line of the program: `(main.py 231): INFO`
            return true;
        }
        if self.is_epoch_before_batches(name, value) {
            let what = Counter::Epoch;
            self.out.items.push(Item::At { what, done: figure.value, all: None, from: value, beside: "" });
            return true;
        }
        let named = name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.len() <= 64;
        if named && !figure.rounded && !(blank && known.prose) {
            let phase = self.phase;
            self.out.items.push(Item::Pair { name, value: figure.value, from: value, phase });
        }
        true
    }
}
