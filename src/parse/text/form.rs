//! The form of a line: what it looks like apart from its figures, as a number.
//!
//! A training log repeats a few dozen forms millions of times. What a form has once turned out to be (figures after a known
//! prefix, or nothing that anyone understands) it is again, so that the many readers which had no use for it need not look at
//! each of its lines anew. Only that is remembered: the figures of every line are read from the line itself.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::hash::Hasher;

/// Forms that are remembered; a log that has more of them begins anew.
const LIMIT: usize = 4096;

/// What lines of a form turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Figures or places that the generic engine reads.
    Figures,
    /// Nothing, save perhaps a row of a table.
    Nothing,
    /// Nothing, and no table is asked.
    Quiet,
}

/// The forms seen so far.
#[derive(Debug, Default)]
pub(super) struct Forms {
    known: HashMap<u64, Known, BuildHasherDefault<Plain>>,
}

impl Forms {
    /// What lines of this form are.
    pub(super) fn get(&self, form: u64) -> Option<Known> {
        self.known.get(&form).copied()
    }

    /// Remembers what a line of this form was.
    pub(super) fn learn(&mut self, form: u64, known: Known) {
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

fn mix(hash: u64, byte: u8) -> u64 {
    (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// The form of `text`: every run of digits counts as one digit, whatever its length.
pub fn of(text: &str) -> u64 {
    let mut hash = 0x9e37_79b9_7f4a_7c15;
    let mut digits = false;
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            if !digits {
                hash = mix(hash, b'0');
            }
            digits = true;
        } else {
            digits = false;
            hash = mix(hash, byte);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

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
            forms.learn(n, Known::Nothing);
        }
        assert!(forms.known.len() <= LIMIT);
        assert_eq!(forms.get(LIMIT as u64 * 3 - 1), Some(Known::Nothing));
    }
}
