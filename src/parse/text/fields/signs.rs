//! Names and figures with a sign between them: `name=0.1`, `name: 0.1`, `name:0.1`, `name = 0.1`, `name is 0.1`.

use crate::parse::text::number;
use crate::parse::text::row;

use super::Walk;
use super::tokens::Kind;
use super::tokens::Token;

impl<'a> Walk<'a, '_> {
    /// A sign or a word that assigns, behind what waits. Returns whether it was one.
    pub(super) fn assigns(&mut self, token: Token<'a>) -> bool {
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

    /// `name=value`, `name= value`.
    pub(super) fn assigned(&mut self, token: Token<'a>, head: &'a str, value: &'a str) {
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
    pub(super) fn labelled(&mut self, token: Token<'a>, head: &'a str) {
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
    pub(super) fn heads(&mut self, word: &str) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        self.aside |= !self.out.items.is_empty() && row::is_of_elsewhere(word);
        if let Some(split) = row::split_of(word) {
            self.phase = Some(split);
        }
    }

    /// `name:value` in one word; a place (`train.py:10`), a time and an address are none.
    pub(super) fn glued(&mut self, token: Token<'a>, head: &'a str, value: &'a str) -> bool {
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
}
