//! Takes a message apart into named figures and counters: the generic engine behind every `name=0.1`, `name: 0.1`, `name 0.1`,
//! `Epoch 3/10`, `Epoch: [0][4/16]`, `step=8/160`, whatever program wrote it.
//!
//! It only takes apart. Whether a line is a row of figures or prose with a number in it is weighed in `row`.

mod places;
mod tokens;

use smallvec::SmallVec;

use crate::model::record::Split;

use self::places::is_turn;
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
    /// Whether all that waits says only on which data the figure was taken.
    fn qualified(&mut self) -> bool {
        self.pending.iter().all(|token| self.words.look(token.text).qualifier)
    }

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

    /// The name that the last `pending` tokens (and `head`, the one at hand) make up.
    fn name(&mut self, head: Option<(&'a str, usize)>) -> &'a str {
        // `====> Test set loss: 0.5`
        while let Some(sign) = self.pending.first().filter(|t| !t.text.contains(char::is_alphanumeric)) {
            self.out.loose.push(sign.text);
            self.pending.remove(0);
        }
        let waiting = self.pending.len() + usize::from(head.is_some());
        self.torn = false;
        let mut first = 0;
        for (i, token) in self.pending.iter().enumerate() {
            if self.words.look(token.text).link {
                first = i + 1;
            }
        }
        let twofold = self.pending.iter().any(|t| t.text == "/");
        // `Num batches each epoch = 10`
        let from = self.pending.get(first).map(|token| token.start);
        let until = head
            .map(|(text, start)| start + text.len())
            .or_else(|| self.pending.last().map(|token| token.start + token.text.len()));
        let whole = from.zip(until).and_then(|(from, until)| self.body.get(from..until));
        let twofold = twofold || whole.is_some_and(|whole| self.words.look(whole).total.is_some());
        // `elapsed time per iteration (ms): 12.3`
        let unit = head.is_some_and(|(text, _)| text.starts_with('('));
        if waiting - first > 3 && !twofold && !unit {
            // a sentence: only what surely belongs to the name stays with it
            self.torn = true;
            first = self.pending.len();
            while let Some(before) = first.checked_sub(1).and_then(|i| self.pending.get(i)) {
                let keep =
                    self.words.look(before.text).qualifier || (head.is_none() && first == self.pending.len());
                if !keep {
                    break;
                }
                first -= 1;
            }
        }
        if head.is_some_and(|(text, _)| text.starts_with('[')) {
            // `training [time: 1.23s, train loss: 0.5]`
            first = self.pending.len();
        }
        let start = self.pending.get(first).map(|t| t.start).or(head.map(|(_, start)| start));
        let end = head
            .map(|(text, start)| start + text.len())
            .or_else(|| self.pending.last().map(|t| t.start + t.text.len()));
        for token in self.pending.drain(..first) {
            self.out.loose.push(token.text);
        }
        self.pending.clear();
        let name = start.zip(end).and_then(|(s, e)| self.body.get(s..e)).unwrap_or("");
        // `Namespace(epochs=90, …`
        let name = match name.rsplit_once('(') {
            Some((call, inside)) if !inside.contains(')') && !inside.is_empty() && !call.contains(' ') => {
                inside
            }
            _ => name,
        };
        let name = name.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric());
        name.trim_matches(|c: char| {
            matches!(
                c,
                '\'' | '"'
                    | '`'
                    | '('
                    | '['
                    | '{'
                    | '<'
                    | ':'
                    | '='
                    | ' '
                    | '*'
                    | '#'
                    | '>'
                    | ']'
                    | '}'
                    | '.'
            )
        })
    }

    /// Takes in `name` with a value. Returns whether the value is one.
    fn value(&mut self, name: &'a str, value: &'a str, blank: bool) -> bool {
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
        let counter = known.counter.filter(|_| !self.torn);
        if let Some((done, all)) = number::ratio(value) {
            if let Some(what) = counter {
                self.out.items.push(Item::At { what, done, all: Some(all), from: value, beside: "" });
            } else if let Some(split) = super::row::split_of(name) {
                if matches!(self.out.items.as_slice(), [Item::At { what: Counter::Epoch, .. }]) {
                    // `epoch 3/10 [train] 50/100 loss 0.7`
                    let what = Counter::Batch;
                    self.out.items.push(Item::At { what, done, all: Some(all), from: value, beside: "" });
                } else if split == Split::Train {
                    self.counts(value);
                }
                self.out.loose.push(name);
            } else if is_turn(name) && done <= all {
                let what = Counter::Turn;
                self.out.items.push(Item::At { what, done, all: Some(all), from: value, beside: "" });
            } else {
                self.out.numbers += 1;
            }
            return true;
        }
        let Some(figure) = number::figure(value) else { return false };
        if figure.unit == "%" && known.share {
            let what = Counter::Percent;
            self.out.items.push(Item::At { what, done: figure.value, all: None, from: value, beside: "" });
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
                self.out.items.push(Item::At {
                    what,
                    done: figure.value,
                    all: None,
                    from: value,
                    beside: "",
                });
            } else {
                self.out.wavers = true;
                if figure.rounded {
                    self.out.items.push(Item::At {
                        what,
                        done: f64::NAN,
                        all: None,
                        from: value,
                        beside: "",
                    });
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

    fn step(&mut self, token: Token<'a>) {
        let token = self.without_sign(token);
        let word = token.text;
        // `0.512 (0.001)`, `[eta: 1:02:03, time: 0.512 (0.001)]`
        let beside = word.starts_with('(') && number::figure(word.trim_end_matches(']')).is_some();
        if self.valued && (number::is_unit(word) || beside) {
            return;
        }
        let valued = std::mem::replace(&mut self.valued, false);
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
        if number::ratio(word).is_some() || number::figure(word).is_some() {
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

    /// A sign or a word that assigns, behind what waits. Returns whether it was one.
    fn assigns(&mut self, token: Token<'a>) -> bool {
        let word = token.text;
        let assigns = word == "=" || word == ":" || (word == "is" && self.measures_is());
        if assigns
            && let Some((next, _)) = self.next_word()
            && self.tokens.get(next + 1).is_some_and(|unit| self.words.look(unit.text).counter.is_some())
            && self.pending.len() == 1
            && self.out.loose.last().is_some_and(|before| number::figure(before).is_some())
        {
            // `3 epochs = 300 steps`: each number stands before what it counts
            self.drop_pending();
            self.at = next + 2;
            return true;
        }
        if assigns
            && let Some((_, next)) = self.next_word()
            && next.text.len() > 1
            && next.text.ends_with(':')
            && next.text.starts_with(char::is_alphabetic)
        {
            // a heading before names of its own: `Cosine-Similarity :  Pearson: 0.8`
            self.drop_pending();
            return true;
        }
        if assigns && let Some((next, value)) = self.next_word() {
            let name = self.name(None);
            if self.value(name, value.text, false) {
                self.valued = true;
            } else {
                self.out.others += 1;
            }
            self.at = next + 1;
            return true;
        }
        if word == "of" {
            // `tree 3 of 120` is dealt with where the figure stands
            self.pending.push(token);
            return true;
        }
        false
    }

    /// A number; `valued`: one stood before it.
    fn numbered(&mut self, word: &'a str, valued: bool) {
        if self.pending.is_empty() {
            if let Some((done, all)) = number::ratio(word).filter(|(done, all)| done <= all)
                && matches!(self.out.items.as_slice(), [Item::At { what: Counter::Epoch, .. }])
            {
                // `epoch 001:    100 / 1600 loss=3.2`
                self.out.items.push(Item::At {
                    what: Counter::Batch,
                    done,
                    all: Some(all),
                    from: word,
                    beside: "",
                });
                self.valued = true;
            } else if !self.counts(word) {
                self.out.numbers += 1;
                // a unit may follow
                self.valued = true;
                if !valued {
                    self.out.loose.push(word);
                }
            }
        } else {
            self.blank(word);
        }
    }

    /// `name=value`, `name= value`.
    fn assigned(&mut self, token: Token<'a>, head: &'a str, value: &'a str) {
        let qualified = self.qualified();
        if !qualified {
            self.drop_pending();
        }
        let name = self.name(Some((head, token.start)));
        let mut value = value;
        if value.is_empty()
            && let Some((next, word)) = self.next_word()
        {
            value = word.text;
            self.at = next + 1;
        }
        if self.value(name, value, false) {
            self.valued = true;
        } else {
            self.out.others += 1;
        }
    }

    /// `name: value`; a name before something that is no figure is a heading (`Test:  loss 0.3`).
    fn labelled(&mut self, token: Token<'a>, head: &'a str) {
        if let Some((next, value)) = self.next_word()
            && (number::figure(value.text).is_some()
                || number::ratio(value.text).is_some()
                || value.kind == Kind::Bracket)
        {
            let name = self.name(Some((head, token.start)));
            self.at = next + 1;
            if value.kind == Kind::Bracket {
                self.bracket(name, value.text);
            } else {
                self.value(name, value.text, false);
                self.valued = true;
            }
            return;
        }
        // `val: n/a` is an empty value and no heading
        let none = self.next_word().filter(|(_, word)| {
            matches!(word.text, "n/a" | "N/A" | "NA" | "None" | "none" | "null" | "-" | "--")
        });
        if let Some((next, _)) = none {
            self.drop_pending();
            self.out.others += 1;
            self.at = next + 1;
            return;
        }
        self.drop_pending();
        self.heads(head);
        self.out.loose.push(head);
    }

    /// A word that figures follow may say on which data they were taken.
    fn heads(&mut self, word: &str) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        self.aside |= !self.out.items.is_empty() && super::row::is_of_elsewhere(word);
        if let Some(split) = super::row::split_of(word) {
            self.phase = Some(split);
        }
    }

    /// `name:value` in one word; a place (`train.py:10`), a time and an address are none.
    fn glued(&mut self, token: Token<'a>, head: &'a str, value: &'a str) -> bool {
        let starts = head.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let place = head
            .rsplit_once('.')
            .is_some_and(|(_, ext)| ext.len() <= 4 && ext.bytes().all(|b| b.is_ascii_alphabetic()));
        if !starts
            || place
            || head.contains("//")
            || (number::figure(value).is_none() && number::ratio(value).is_none())
        {
            return false;
        }
        if !self.qualified() {
            self.drop_pending();
        }
        let name = self.name(Some((head, token.start)));
        self.value(name, value, false);
        self.valued = true;
        true
    }

    /// A figure behind words, with nothing but a blank between.
    fn blank(&mut self, word: &'a str) {
        let Some(last) = self.pending.last() else { return };
        let known = self.words.look(last.text);
        if let Some((done, all)) = number::ratio(word)
            && known.counter.is_none()
            && let Some((next, unit)) = self.next_word()
            && let Some(what) = self.words.look(unit.text).counter
        {
            // `Completed 1/10 epochs`
            self.drop_pending();
            self.out.items.push(Item::At { what, done, all: Some(all), from: word, beside: "" });
            (self.at, self.valued) = (next + 1, true);
            return;
        }
        if last.text == "第"
            && let Some((next, unit)) = self.next_word()
            && let Some(epoch) = number::count(word).filter(|_| places::is_epoch_unit(unit.text))
        {
            // `第 3 轮`
            self.drop_pending();
            let what = Counter::Epoch;
            self.out.items.push(Item::At { what, done: epoch, all: None, from: word, beside: "" });
            (self.at, self.valued) = (next + 1, true);
            return;
        }
        if known.prose
            || !last
                .text
                .starts_with(|c: char| c.is_alphabetic() || matches!(c, '(' | '[' | '<' | '\'' | '"'))
        {
            self.drop_pending();
            self.out.loose.push(word);
            return;
        }
        let elsewhere = known.counter.is_some()
            && self
                .pending
                .iter()
                .rev()
                .nth(1)
                .filter(|t| t.text.contains(char::is_alphanumeric))
                .is_some_and(|t| self.words.look(t.text).prose || t.text.eq_ignore_ascii_case("best"));
        if elsewhere {
            // `at epoch 5`, `from epoch 0`: tells of another place than this line's, save that it is all of a sentence
            if !self.sentence(word) {
                self.drop_pending();
            }
            return;
        }
        let name = self.name(None);
        if let Some((next, value)) = self.indexed(name, word) {
            self.value(name, value, true);
            (self.at, self.valued) = (next, true);
            return;
        }
        // `tree 3 of 120`
        let mut of = None;
        if number::count(word).is_some()
            && let Some((i, t)) = self.next_word()
            && matches!(t.text, "of" | "/" | "von" | "из" | "sur" | "de" | "di" | "z")
            && let Some(beside) = self.tokens.get(i + 1).map(|t| number::bare(t.text))
            && let Some(all) = number::count(beside)
        {
            of = Some((i + 2, all, beside));
        }
        if let Some((next, all, beside)) = of {
            let what = self.words.look(name).counter.or(is_turn(name).then_some(Counter::Turn));
            if let (Some(what), Some(done)) = (what, number::count(word)) {
                self.out.items.push(Item::At { what, done, all: Some(all), from: word, beside });
            }
            self.at = next;
        } else {
            self.value(name, word, true);
        }
        self.valued = true;
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
