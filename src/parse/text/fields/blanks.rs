//! Figures with nothing but a blank before them: what stands there may be a name, a counter or the end of a sentence.

use crate::parse::text::number;
use crate::parse::text::words::Counter;

use super::Item;
use super::Walk;
use super::places;
use super::places::is_tag;
use super::places::is_turn;

impl<'a> Walk<'a, '_> {
    /// A number; `valued`: one stood before it.
    pub(super) fn numbered(&mut self, word: &'a str, valued: bool) {
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

    /// `End of epoch` at the front of a message.
    fn is_edge(&self) -> bool {
        let [edge, of, _] = self.pending.as_slice() else { return false };
        let first = self.out.items.is_empty() && self.out.loose.is_empty();
        let edges = ["end", "start", "beginning"].iter().any(|word| edge.text.eq_ignore_ascii_case(word));
        first && edges && of.text == "of"
    }

    /// A figure behind words, with nothing but a blank between.
    fn blank(&mut self, word: &'a str) {
        let Some(last) = self.pending.last() else { return };
        let known = self.words.look(last.text);
        if let Some((done, all)) = number::ratio(word)
            && known.counter.is_none()
            && !is_turn(last.text)
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
            && places::is_epoch_unit(unit.text)
            && let Some((epoch, all)) = number::ratio(word)
                .map(|(done, all)| (done, Some(all)))
                .or_else(|| number::count(word).map(|done| (done, None)))
        {
            // `第 3 轮`, `第 3/10 轮`
            self.drop_pending();
            let what = Counter::Epoch;
            self.out.items.push(Item::At { what, done: epoch, all, from: word, beside: "" });
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
            && !self.is_edge()
            && self
                .pending
                .iter()
                .rev()
                .nth(1)
                .filter(|t| t.text.contains(char::is_alphanumeric) && !is_tag(t.text))
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
        // `tree 3 of 120`, `ep 3 (of 120)`
        let mut of = None;
        if number::count(word).is_some()
            && let Some((i, t)) = self.next_word()
            && matches!(t.text, "of" | "OF" | "(of" | "/" | "von" | "из" | "sur" | "de" | "di" | "z")
            && let Some(beside) = self.tokens.get(i + 1).map(|t| number::bare(t.text))
            && let Some(all) = number::count(beside)
        {
            of = Some((i + 2, all, beside));
        }
        if let Some((next, all, beside)) = of {
            let turn = self.is_turn_of_epochs(name) || is_turn(name);
            let counter = self.words.look(name).counter;
            let what = if turn { Some(Counter::Turn) } else { counter };
            if let (Some(what), Some(done)) = (what, number::count(word)) {
                self.out.items.push(Item::At { what, done, all: Some(all), from: word, beside });
            }
            self.at = next;
        } else {
            self.value(name, word, true);
        }
        self.valued = true;
    }
}
