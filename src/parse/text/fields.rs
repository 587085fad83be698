//! Takes a message apart into named figures and counters: the generic engine behind every `name=0.1`, `name: 0.1`, `name 0.1`,
//! `Epoch 3/10`, `Epoch: [0][4/16]`, `step=8/160`, whatever program wrote it.
//!
//! It only takes apart. Whether a line is a row of figures or prose with a number in it is weighed in `row`.

mod blanks;
mod name;
mod places;
mod signs;
mod tokens;
mod value;

use smallvec::SmallVec;

use crate::model::record::Split;

use self::places::share;
use self::places::turn;
use self::tokens::Kind;
use self::tokens::Token;
use self::tokens::Tokens;
use self::tokens::tokens;
use super::number;
use super::words::Counter;
use super::words::Lexicon;

/// One thing that a message says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Item<'a> {
    /// A named figure.
    Pair {
        /// As written.
        name: &'a str,
        /// The figure.
        value: f64,
        /// The word that it was read from.
        from: &'a str,
        /// On which data, when a heading before it says so: `Val: loss 1.9`.
        phase: Option<Split>,
    },
    /// Where in training it was.
    At {
        /// What is counted.
        what: Counter,
        /// How many.
        done: f64,
        /// Of how many.
        all: Option<f64>,
        /// The word that they were read from.
        from: &'a str,
        /// The word that `all` was read from, when it is another one.
        beside: &'a str,
    },
    /// A total that was configured or announced.
    Total {
        /// What it counts.
        of: crate::model::record::Count,
        /// How many.
        value: f64,
        /// The word that it was read from.
        from: &'a str,
    },
}

impl Item<'_> {
    /// Whether both say the same, to the bit; from which words does not matter.
    pub(crate) fn is_same(&self, other: &Item<'_>) -> bool {
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
        match (*self, *other) {
            (Item::Pair { name, value, .. }, Item::Pair { name: called, value: figure, .. }) => {
                name == called && same(value, figure)
            }
            (Item::At { what, done, all, .. }, Item::At { what: count, done: now, all: total, .. }) => {
                what == count && same(done, now) && all.map(f64::to_bits) == total.map(f64::to_bits)
            }
            (Item::Total { of, value, .. }, Item::Total { of: count, value: figure, .. }) => {
                of == count && same(value, figure)
            }
            _ => false,
        }
    }
}

/// What a message says.
#[derive(Debug, Default)]
pub(crate) struct Scan<'a> {
    /// In order.
    pub items: SmallVec<[Item<'a>; 16]>,
    /// Words that belong to nothing.
    pub loose: SmallVec<[&'a str; 16]>,
    /// Numbers without a name.
    pub numbers: usize,
    /// Named values that are no figures (`amp=False`).
    pub others: usize,
    /// Names of a configuration among the figures.
    pub config: usize,
    /// A figure was passed over because of its value: another line of this form may well hold an item there.
    pub wavers: bool,
}

/// Walks over the tokens of one message.
struct Walk<'a, 'w> {
    body: &'a str,
    words: &'w mut Lexicon,
    tokens: Tokens<'a>,
    at: usize,
    /// Tokens that wait for a figure to name.
    pending: SmallVec<[Token<'a>; 8]>,
    /// The token before stood for a figure.
    valued: bool,
    /// The newest name is what a sentence ends in.
    torn: bool,
    /// What the newest heading says of the data.
    phase: Option<Split>,
    /// What follows was at another place: `loss 0.9 | best: epoch 7 loss 0.1`.
    aside: bool,
    out: Scan<'a>,
}

impl<'a> Walk<'a, '_> {
    fn drop_pending(&mut self) {
        for token in self.pending.drain(..) {
            self.out.loose.push(token.text);
        }
    }

    fn next_word(&self) -> Option<(usize, Token<'a>)> {
        let mut i = self.at;
        while self.tokens.get(i).is_some_and(|t| t.kind == Kind::Gap) {
            i += 1;
        }
        self.tokens.get(i).filter(|t| matches!(t.kind, Kind::Word | Kind::Bracket)).map(|t| (i, *t))
    }

    fn step(&mut self, token: Token<'a>) {
        let token = self.without_sign(token);
        let word = token.text;
        // `0.512 (0.001)`, `[eta: 1:02:03, time: 0.512 (0.001)]`
        let beside = word.starts_with('(') && number::figure(word.trim_end_matches(']')).is_some();
        if self.valued && (number::is_unit(word) || beside) {
            return;
        }
        let valued = std::mem::replace(&mut self.valued, false);
        if self.numbered_turn(word) {
            return;
        }
        if matches!(word, "=" | ":" | "is" | "of") && !self.pending.is_empty() && self.assigns(token) {
            return;
        }
        if let Some((head, value)) = word.split_once('=')
            && !head.is_empty()
            && !value.starts_with('=')
        {
            self.assigned(token, head, value);
            return;
        }
        if let Some(head) = word.strip_suffix(':').filter(|head| {
            !head.is_empty() && number::figure(head).is_none() && number::ratio(head).is_none()
        }) {
            self.labelled(token, head);
            return;
        }
        if let Some((head, value)) = word.rsplit_once(':')
            && self.glued(token, head, value)
        {
            return;
        }
        if let Some(epoch) = turn(word) {
            self.drop_pending();
            self.out.items.push(Item::At {
                what: Counter::Epoch,
                done: epoch,
                all: None,
                from: word,
                beside: "",
            });
            return;
        }
        if self.parenthesised(word) || self.abbreviated(word) {
            return;
        }
        let amount = || {
            let counts = self.pending.last().filter(|_| word.contains('/'));
            counts.is_some_and(|last| last.text.eq_ignore_ascii_case("epoch")) && share(word).is_some()
        };
        if number::ratio(word).is_some() || number::figure(word).is_some() || amount() {
            self.numbered(word, valued);
            return;
        }
        if matches!(word, "INFO" | "DEBUG") {
            // what is left of a logger's prefix is no part of a name
            self.out.loose.push(word);
            return;
        }
        if word.contains(':')
            && word.starts_with(|c: char| c.is_ascii_digit())
            && number::clock(word).is_some()
        {
            // `eta 0:01:00 lr 0.1`: a time ends what stands before it
            self.drop_pending();
            self.valued = true;
            return;
        }
        self.pending.push(token);
    }

    fn run(mut self) -> Scan<'a> {
        while let Some(token) = self.tokens.get(self.at).copied() {
            self.at += 1;
            match token.kind {
                Kind::Break => {
                    if let [word] = self.pending.as_slice() {
                        let word = word.text;
                        self.heads(word);
                    }
                    self.drop_pending();
                    self.valued = false;
                    let sign = self.body.as_bytes().get(token.start);
                    self.aside &= !matches!(sign, Some(b'|' | b';'));
                }
                Kind::Gap => {
                    let assigns = self.next_word().is_some_and(|(_, t)| matches!(t.text, "=" | ":"));
                    if !assigns && !self.counts_next() && !self.measures_next() {
                        self.drop_pending();
                    }
                }
                Kind::Bracket => {
                    let name = if self.pending.is_empty() { "" } else { self.name(None) };
                    self.bracket(name, token.text);
                }
                Kind::Word => self.step(token),
            }
        }
        self.drop_pending();
        self.out
    }
}

/// Takes `body` apart.
pub(crate) fn scan<'a>(body: &'a str, words: &mut Lexicon) -> Scan<'a> {
    let (tokens, pending) = (tokens(body), SmallVec::new());
    Walk {
        body,
        tokens,
        at: 0,
        pending,
        valued: false,
        torn: false,
        phase: None,
        aside: false,
        words,
        out: Scan::default(),
    }
    .run()
}

#[cfg(test)]
mod tests;
