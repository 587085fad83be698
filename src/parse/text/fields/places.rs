//! Places in training that stand in brackets, in a sentence, behind a gap or in a word of their own.

use super::Item;
use super::Walk;
use super::tokens::Kind;
use super::tokens::Token;
use crate::model::record::Split;
use crate::parse::text::number;
use crate::parse::text::row;
use crate::parse::text::words::Counter;

/// What is numbered in front of epochs when they are counted once for each: one of nobody knows how many.
const LOOPS: [&str; 15] = [
    "fold",
    "folds",
    "seed",
    "trial",
    "run",
    "task",
    "split",
    "member",
    "subject",
    "repeat",
    "repetition",
    "replicate",
    "cycle",
    "phase",
    "stage",
];

impl<'a> Walk<'a, '_> {
    /// `Score at iteration 200 is 0.59`, `val loss at step 40: 0.25`: a measure, where it was taken, and what it was.
    pub(super) fn sentence(&mut self, place: &'a str) -> bool {
        let [named @ .., at, counter] = self.pending.as_slice() else { return false };
        let (Some(first), Some(last)) = (named.first(), named.last()) else { return false };
        let name = self.body.get(first.start..last.start + last.text.len()).unwrap_or("");
        let bare = number::bare(place);
        let (counter, at) = (counter.text, at.text);
        if first.start > 0
            || named.len() > 3
            || !matches!(at, "at" | "At" | "after")
            || !self.words.look(name).metric
        {
            return false;
        }
        let (Some(what), Some(done)) = (self.words.look(counter).counter, number::count(bare)) else {
            return false;
        };
        let Some((next, word)) = self.next_word() else { return false };
        let (next, word) = match word.text {
            "is" | "was" | "=" | ":" => match self.tokens.get(next + 1) {
                Some(word) => (next + 1, *word),
                None => return false,
            },
            _ if bare.len() < place.len() => (next, word),
            _ => return false,
        };
        if number::figure(word.text).is_none() {
            return false;
        }
        self.out.items.push(Item::At { what, done, all: None, from: bare, beside: "" });
        self.pending.clear();
        self.value(name, word.text, false);
        self.at = next + 1;
        self.valued = true;
        true
    }

    /// `Epoch #3: test_reward: 12.5`: the sign before a counter's number is no part of it.
    pub(super) fn without_sign(&mut self, token: Token<'a>) -> Token<'a> {
        let bare = token.text.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let Some(text) = bare else { return token };
        let counts = self
            .pending
            .last()
            .is_some_and(|last| is_turn(last.text) || self.words.look(last.text).counter.is_some());
        if counts { Token { text, start: token.start + 1, ..token } } else { token }
    }

    /// Whether `name`, at the front of a line, numbers a turn of a loop in which the epochs behind it are counted: `[trial 4] Epoch
    /// 10/10`, `seed=1 epoch 3/3`.
    pub(super) fn is_turn_of_epochs(&self, name: &str) -> bool {
        if !self.out.items.is_empty() {
            return false;
        }
        let last = name.rsplit(' ').next().unwrap_or(name);
        let last = last.trim_matches(|c: char| !c.is_alphanumeric());
        LOOPS.iter().any(|word| last.eq_ignore_ascii_case(word)) && self.is_before_epoch()
    }

    /// Whether a counter of epochs stands further on.
    fn is_before_epoch(&self) -> bool {
        self.tokens.iter().skip(self.at).any(|token| {
            let word = token.text.trim_start_matches(|c: char| !c.is_alphanumeric());
            let Some(head) = word.get(..5).filter(|head| head.eq_ignore_ascii_case("epoch")) else {
                return false;
            };
            !word.get(head.len()..).unwrap_or("").starts_with(|c: char| c.is_alphabetic() || c == '_')
        })
    }

    /// `fold1`, `[fold_1]`, `seed-3:` in front of an epoch. Returns whether `word` is such a turn.
    pub(super) fn numbered_turn(&mut self, word: &'a str) -> bool {
        if !self.out.items.is_empty() || !word.bytes().any(|b| b.is_ascii_digit()) {
            return false;
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let Some(at) = bare.find(|c: char| c.is_ascii_digit()) else { return false };
        let Some((name, from)) = bare.split_at_checked(at) else { return false };
        let name = name.trim_end_matches(['_', '-', '#']);
        let Some(done) = number::count(from).filter(|_| from.bytes().all(|b| b.is_ascii_digit())) else {
            return false;
        };
        if name.is_empty() || !self.is_turn_of_epochs(name) {
            return false;
        }
        self.drop_pending();
        self.out.items.push(Item::At { what: Counter::Turn, done, all: None, from, beside: "" });
        self.valued = true;
        true
    }

    /// Whether `value` is timm's number of an epoch: `Train: 4 [  50/196 ( 26%)]`.
    pub(super) fn is_epoch_before_batches(&self, name: &str, value: &str) -> bool {
        if !matches!(name, "Train" | "train" | "Training") || number::count(value).is_none() {
            return false;
        }
        self.is_before_batches(value)
    }

    /// Whether a share of something in brackets stands right behind `value`.
    pub(super) fn is_before_batches(&self, value: &str) -> bool {
        let Some(at) = value.as_ptr().addr().checked_sub(self.body.as_ptr().addr()) else { return false };
        let next = self.tokens.iter().find(|token| token.start > at && token.kind != Kind::Gap);
        next.is_some_and(|next| next.kind == Kind::Bracket && next.text.contains('/'))
    }

    /// `E01/10 B100/200`: an epoch and its batch, each by its first letter. Returns whether `word` is the first of them.
    pub(super) fn abbreviated(&mut self, word: &'a str) -> bool {
        let Some((epoch, epochs)) = word.strip_prefix(['E', 'e']).and_then(number::ratio) else {
            return false;
        };
        let Some((next, inner)) = self.next_word().filter(|_| self.out.items.is_empty()) else {
            return false;
        };
        let Some((batch, batches)) = inner.text.strip_prefix(['B', 'b']).and_then(number::ratio) else {
            return false;
        };
        self.drop_pending();
        let mut push = |what, done, all, word: &'a str| {
            let from = word.get(1..).unwrap_or(word);
            self.out.items.push(Item::At { what, done, all: Some(all), from, beside: "" });
        };
        push(Counter::Epoch, epoch, epochs, word);
        push(Counter::Batch, batch, batches, inner.text);
        (self.at, self.valued) = (next + 1, true);
        true
    }

    /// `iter 16 step 4`: of `LitGPT`'s two counts, the second is of the optimizer's steps, and the first of what they are made of.
    pub(super) fn passes_over_iter(&mut self, step: f64, name: &str) {
        let Some(Item::At { what: Counter::Step, done, all: None, from, .. }) = self.out.items.last() else {
            return;
        };
        let gap = name.as_ptr().addr().checked_sub(from.as_ptr().addr() + from.len());
        if gap == Some(1) && step <= *done {
            self.out.items.pop();
        }
    }

    /// `epoch 0.25/5.00`
    pub(super) fn amount(&mut self, value: &'a str) -> bool {
        let Some((done, all, from, beside)) = share(value) else { return false };
        self.out.items.push(Item::At { what: Counter::Epoch, done, all: Some(all), from, beside });
        true
    }

    /// Whether what waits is a measure, of which `is` and a figure behind it tell: `MindSpore`'s `epoch: 1 step: 300, loss is 0.51`.
    pub(super) fn measures_is(&mut self) -> bool {
        let [qualifiers @ .., measure] = self.pending.as_slice() else { return false };
        self.words.look(measure.text).metric
            && qualifiers.iter().all(|token| self.words.look(token.text).qualifier)
            && self.next_word().is_some_and(|(_, next)| {
                next.text.contains(|c: char| c.is_ascii_digit()) && number::figure(next.text).is_some()
            })
    }

    /// `Train Metrics (step 50) - Loss: 0.5`: a step in parentheses, before all figures. Returns whether `word` ends such.
    pub(super) fn parenthesised(&mut self, word: &'a str) -> bool {
        let Some(from) = word.strip_suffix(')').filter(|_| self.out.items.is_empty()) else { return false };
        let Some(done) = number::count(from) else { return false };
        let counter = self.pending.last().and_then(|last| last.text.strip_prefix('('));
        let what = counter.and_then(|counter| self.words.look(counter).counter);
        let Some(what @ (Counter::Step | Counter::GlobalStep)) = what else { return false };
        self.pending.pop();
        self.drop_pending();
        self.out.items.push(Item::At { what, done, all: None, from, beside: "" });
        self.valued = true;
        true
    }

    /// A ratio that no name stands before, at the front of a message. Returns whether `word` is that.
    pub(super) fn counts(&mut self, word: &'a str) -> bool {
        let from = word.trim_matches(['(', ')', '#']);
        let front = self.out.items.is_empty() && self.out.loose.len() <= 1;
        let Some((done, all)) = number::ratio(from).filter(|(done, all)| front && done <= all) else {
            return false;
        };
        let what = Counter::Nameless;
        self.out.items.push(Item::At { what, done, all: Some(all), from, beside: "" });
        self.valued = true;
        true
    }

    /// `[2,  4000]` at the front of a message.
    fn pair(&mut self, inside: &'a str) {
        let Some((from, beside)) = inside.split_once(',').filter(|_| self.out.items.is_empty()) else {
            return;
        };
        let beside = beside.trim();
        if let (Some(done), Some(all)) = (number::count(from), number::count(beside)) {
            self.out.items.push(Item::At { what: Counter::Outer, done, all: Some(all), from, beside });
            self.valued = true;
        }
    }

    /// `[3/10]` or `[9]` behind `name`, or behind a counter of epochs.
    pub(super) fn bracket(&mut self, name: &'a str, inside: &'a str) {
        if let Some((samples, _)) = inside.split_once(" (") {
            if let Some((done, all)) = number::ratio(samples).filter(|_| name.is_empty()) {
                let what = Counter::Sample;
                self.out.items.push(Item::At { what, done, all: Some(all), from: samples, beside: "" });
            }
            self.valued = true;
            return;
        }
        if row::split_of(name).is_some_and(|split| split != Split::Train) {
            // `Validation [50/50] loss 1.5`: its batches are no places of the run
            self.out.loose.push(name);
            self.valued = true;
            return;
        }
        // `Epoch[10 of 12]`
        if let Some((from, beside)) = inside.split_once(" of ")
            && let (Some(done), Some(all)) = (number::count(from.trim()), number::count(beside.trim()))
        {
            match self.words.look(name).counter {
                Some(what) => {
                    let (from, beside) = (from.trim(), beside.trim());
                    self.out.items.push(Item::At { what, done, all: Some(all), from, beside });
                }
                None => self.out.numbers += 1,
            }
            self.valued = true;
            return;
        }
        let (done, all) = if let Some((done, all)) = number::ratio(inside) {
            (done, Some(all))
        } else {
            let Some(done) = number::count(inside) else {
                if !name.is_empty() {
                    self.out.others += 1;
                } else if self.out.loose.is_empty() {
                    self.pair(inside);
                }
                return;
            };
            (done, None)
        };
        // `Train: [0/300][10/1251]`, as Swin and its relatives print it
        let trains = all.is_some()
            && self.out.items.is_empty()
            && row::split_of(name) == Some(Split::Train)
            && self.is_before_batches(inside);
        let what = if trains {
            Some(Counter::Epoch)
        } else if name.is_empty() {
            let after_epoch = matches!(self.out.items.last(), Some(Item::At { what: Counter::Epoch, .. }));
            // `[1/5][50/1583]` at the front
            let twice = self.out.items.is_empty()
                && all.is_some()
                && self.out.loose.is_empty()
                && self
                    .tokens
                    .get(self.at)
                    .is_some_and(|next| next.kind == Kind::Bracket && number::ratio(next.text).is_some());
            if twice { Some(Counter::Epoch) } else { after_epoch.then_some(Counter::Batch) }
        } else if all.is_some() && matches!(name, "Training" | "training") {
            // of a logger whose header names no epoch, as DINOv2's
            Some(Counter::Step)
        } else {
            self.words.look(name).counter
        };
        if what.is_none() && name.is_empty() && self.counts(inside) {
            return;
        }
        if let Some(what) = what {
            self.out.items.push(Item::At { what, done, all, from: inside, beside: "" });
        } else if all.is_none() && !name.is_empty() {
            self.value(name, inside, false);
        }
        self.valued = true;
    }

    /// `loss  5.90`, `valid ppl   400.00`: a measure's name and, behind a gap, its figure, as `{:8.2f}` prints it.
    pub(super) fn measures_next(&mut self) -> bool {
        let measure = self.pending.last().is_some_and(|t| self.words.look(t.text).metric);
        measure
            && self.next_word().is_some_and(|(_, t)| t.kind == Kind::Word && number::figure(t.text).is_some())
    }

    /// The figure behind an index: `Train loss 4 0.812345`, `Validation loss 4: 0.81`.
    pub(super) fn indexed(&mut self, name: &str, word: &str) -> Option<(usize, &'a str)> {
        let index = word.trim_end_matches(':');
        let token = self.tokens.get(self.at).copied()?;
        let figure = number::figure(token.text)?;
        (token.kind == Kind::Word
            && index.bytes().all(|b| b.is_ascii_digit())
            && figure.unit.is_empty()
            && token.text.contains('.')
            && self.words.look(name).metric)
            .then_some((self.at + 1, token.text))
    }

    /// `step  5/20`: a counter's name and, behind a gap, its figure.
    pub(super) fn counts_next(&mut self) -> bool {
        self.pending.len() == 1
            && self.pending.last().is_some_and(|t| {
                self.words.look(t.text).counter.is_some() || t.text.eq_ignore_ascii_case("training")
            })
            && self.next_word().is_some_and(|(_, t)| {
                t.kind == Kind::Bracket
                    || number::ratio(t.text).is_some()
                    || number::count(number::bare(t.text)).is_some()
            })
    }
}

/// Whether a word is a tag in front of a line, as `[A]` and `(A)`, or a lone capital: no word of a sentence.
pub(super) fn is_tag(word: &str) -> bool {
    let closed = [('[', ']'), ('(', ')'), ('<', '>')]
        .iter()
        .any(|(open, close)| word.starts_with(*open) && word.ends_with(*close));
    closed || word == "A"
}

/// Whether a name counts turns of a loop around training: folds, seeds, tasks, members of an ensemble.
pub(super) fn is_turn(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or(name);
    let last = last.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    matches!(
        last.as_str(),
        "fold"
            | "folds"
            | "seed"
            | "task"
            | "split"
            | "member"
            | "exp"
            | "experiment"
            | "run"
            | "model"
            | "stage"
            | "cycle"
            | "phase"
            | "subject"
            | "repeat"
            | "repetition"
            | "replicate"
            | "config"
            | "configuration"
            | "combination"
            | "domain"
    )
}

/// `第3轮`, `第3个epoch`, `第3エポック`: the third epoch.
pub(super) fn turn(word: &str) -> Option<f64> {
    let rest = word.strip_prefix('第')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (epoch, unit) = rest.split_at_checked(digits)?;
    let unit = unit.trim_end_matches([':', '：', ',', '，']);
    is_epoch_unit(unit).then(|| epoch.parse().ok()).flatten()
}

/// `0.25/5.00`: amounts of epochs, done and all, and the words that they were read from.
pub(super) fn share(word: &str) -> Option<(f64, f64, &str, &str)> {
    let (from, beside) = number::bare(word).split_once('/')?;
    let parted = |text: &str| text.contains('.') && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let (done, all) = (number::number(from)?, number::number(beside)?);
    (parted(from) && done <= all && all >= 1.0).then_some((done, all, from, beside))
}

/// What is counted between `第` and it is epochs.
pub(super) fn is_epoch_unit(unit: &str) -> bool {
    let unit = unit.trim_end_matches([':', '：', ',', '，']);
    matches!(unit, "轮" | "輪" | "轮训练" | "个epoch" | "エポック" | "エポック目")
}
