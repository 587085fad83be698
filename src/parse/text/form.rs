//! The form of a line: what it looks like apart from its figures, as a number.
//!
//! A training log repeats a few dozen forms millions of times. What a form has once turned out to be (figures after a known
//! prefix, or nothing that anyone understands) it is again, so that the many readers which had no use for it need not look at
//! each of its lines anew. Only that is remembered: the figures of every line are read from the line itself.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::hash::Hasher;
use std::sync::Arc;

use super::plan::Head;
use super::plan::Part;
use super::plan::Plan;
use crate::model::record::Split;
use crate::parse::number;

/// Forms that are remembered; a log that has more of them begins anew.
const LIMIT: usize = 4096;

/// Longer lines have no form.
const LONGEST: usize = 1024;

/// What lines of a form turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Figures or places that the generic engine reads.
    Figures,
    /// Nothing, save perhaps a row of a table.
    Nothing,
    /// Nothing, and no row: a table counts it as a line between its rows.
    Between,
    /// Nothing, and no table is asked.
    Quiet,
    /// An error of which its logger says so.
    Error,
    /// A sentence that tells of a checkpoint.
    Saved,
    /// What a table is asked first of all: a header.
    Header,
}

/// All that is known of a form.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// What its lines are.
    pub known: Known,
    /// The shapes of frameworks that want to see them, one bit for each.
    pub shapes: u32,
    /// Where the logger's prefix ends.
    pub head: Option<Head>,
    /// Where the figures stand.
    pub plan: Option<Arc<Plan>>,
    /// Where the checkpoint's path stands.
    pub path: Option<Part>,
    /// Whether a plan was tried for.
    pub tried: bool,
    /// The data that its lines name, if they say nothing else.
    pub data: Option<Split>,
    /// What they look like as headings, if nobody had use for them.
    pub shape: Option<u64>,
}

impl Form {
    /// A form of which nothing but that is known.
    pub(super) fn new(known: Known, shapes: u32) -> Self {
        Self { known, shapes, head: None, plan: None, path: None, tried: false, data: None, shape: None }
    }
}

/// The forms seen so far.
#[derive(Debug, Default)]
pub(super) struct Forms {
    known: HashMap<u64, Form, BuildHasherDefault<Plain>>,
}

impl Forms {
    /// What lines of this form are.
    pub(super) fn get(&self, form: u64) -> Option<&Form> {
        self.known.get(&form)
    }

    /// Remembers what a line of this form was.
    pub(super) fn learn(&mut self, form: u64, known: Form) {
        if self.known.len() >= LIMIT {
            self.known.clear();
        }
        self.known.insert(form, known);
    }
}

/// Keys are hashes already.
#[derive(Debug, Default)]
struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = mix(self.0, *byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

fn mix_word(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}

fn mix(hash: u64, byte: u8) -> u64 {
    mix_word(hash, u64::from(byte))
}

/// Where the runs of digits of a line begin and end.
pub type Runs = Vec<(usize, usize)>;

/// The form of `text`: every run of digits counts as one digit, whatever its length. Fills `runs` with them. `None` for a line
/// that is too long to be remembered.
pub fn of(text: &str, runs: &mut Runs) -> Option<u64> {
    runs.clear();
    let bytes = text.as_bytes();
    if bytes.len() > LONGEST {
        return None;
    }
    let mut hash = 0x9e37_79b9_7f4a_7c15;
    let mut at = 0;
    let mut digits = 0;
    while at < bytes.len() {
        // eight bytes at a time, up to the next digit
        let word = number::word(bytes, at);
        let plain = number::before_digit(word).min(bytes.len() - at);
        hash = mix_word(hash, if plain < 8 { word & !(u64::MAX << (8 * plain)) } else { word });
        at += plain;
        if plain == 8 || at >= bytes.len() {
            continue;
        }
        hash = mix_word(hash, plain as u64 + 1);
        let start = at;
        at += number::digits(word >> (8 * plain));
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        runs.push((start, at));
        digits += at - start;
    }
    hash = mix_word(hash, (bytes.len() - digits) as u64);
    // the low bits choose the place in the table
    Some(hash ^ hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> u64 {
        super::of(text, &mut Runs::new()).expect("short enough")
    }

    #[test]
    fn figures_do_not_change_a_form_and_words_do() {
        assert_eq!(of("step=8 loss=0.5"), of("step=1234 loss=17.25"));
        assert_ne!(of("step=8 loss=0.5"), of("step=8 loss=nan"));
        assert_ne!(of("step=8 loss=0.5"), of("step=8 loss=-0.5"));
        assert_ne!(of("epoch 1"), of("epoch 1/5"));
    }

    #[test]
    fn memory_is_bounded() {
        let mut forms = Forms::default();
        for n in 0..LIMIT as u64 * 3 {
            forms.learn(n, Form::new(Known::Nothing, 0));
        }
        assert!(forms.known.len() <= LIMIT);
        assert_eq!(forms.get(LIMIT as u64 * 3 - 1).map(|form| form.known), Some(Known::Nothing));
    }
}
