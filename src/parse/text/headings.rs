//! The headings of loops that bear no number: `Model: cnn`, `### mlp ###`, `---- lr: 0.1, hidden: 64 ----`.
//!
//! What stood above a counter's beginning more than once, in one and the same shape, opens another round of whatever it is when it
//! comes again: that the counter before it is at its end says nothing of the run.

use smallvec::SmallVec;

/// Longer lines head nothing.
const LONGEST: usize = 80;
/// Shapes that are remembered.
const MOST: usize = 8;

/// What stood above counters that began.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// The newest line that nobody had use for.
    last: Option<u64>,
    /// Shapes, with how often a counter began below them.
    known: SmallVec<[(u64, u32); 2]>,
}

/// A line's shape: its first word, and the signs between the others.
fn shape(body: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let (mut first, mut word) = (body.starts_with(char::is_alphabetic), false);
    for c in body.chars() {
        if c.is_alphanumeric() || c == '_' || c == '.' && word {
            if first && c.is_ascii_digit() {
                // lines of one form have one shape
            } else if first {
                c.to_string().bytes().for_each(&mut mix);
            } else if !word {
                mix(b'w');
            }
            word = true;
            continue;
        }
        (first, word) = (first && c == '-', word && c == ' ');
        if c.is_ascii() && c != ' ' {
            mix(c as u8);
        }
    }
    hash
}

/// The shape of a line that may head a loop.
pub(super) fn shape_of(body: &str) -> Option<u64> {
    (body.len() <= LONGEST && body.contains(char::is_alphabetic)).then(|| shape(body))
}

impl Headings {
    /// A line of such a shape, that says nothing. Whether its like has headed loops before.
    #[inline]
    pub(super) fn line(&mut self, shape: Option<u64>) -> bool {
        let Some(shape) = shape else { return false };
        self.last = Some(shape);
        self.known.iter().any(|(known, times)| *known == shape && *times > 1)
    }

    /// A line that says something else.
    pub(super) fn other(&mut self) {
        self.last = None;
    }

    /// A counter begins.
    pub(super) fn begins(&mut self) {
        let Some(shape) = self.last.take() else { return };
        if let Some((_, times)) = self.known.iter_mut().find(|(known, _)| *known == shape) {
            *times = times.saturating_add(1);
        } else if self.known.len() < MOST {
            self.known.push((shape, 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the third of three lines is known as a heading once two loops began below the others.
    fn heads(lines: [&str; 3]) -> bool {
        let mut headings = Headings::default();
        for line in lines.iter().take(2) {
            assert!(!headings.line(shape_of(line)));
            headings.begins();
        }
        headings.line(shape_of(lines[2]))
    }

    #[test]
    fn what_stood_above_two_loops_heads_the_third() {
        for lines in [
            ["Model: mlp", "Model: cnn", "Model: rnn"],
            ["### mlp ###", "### cnn ###", "### big rnn ###"],
            [
                "---- lr: 0.1, hidden: 64 ----",
                "---- lr: 0.01, hidden: 64 ----",
                "---- lr: 0.001, hidden: 8 ----",
            ],
            ["Fitting mlp...", "Fitting cnn...", "Fitting rnn..."],
            ["Leave-one-out: subject 1", "Leave-one-out: subject 2", "Leave-one-out: subject 3"],
            [
                "Curriculum level 1 (max_len 10)",
                "Curriculum level 2 (max_len 20)",
                "Curriculum level 3 (max_len 30)",
            ],
        ] {
            assert!(heads(lines), "{lines:?}");
        }
        for lines in [
            ["Model: mlp", "Model: cnn", "Best: cnn"],
            ["Fitting mlp...", "Fitting cnn...", "Writing the report..."],
            ["### mlp ###", "### cnn ###", "mlp won"],
        ] {
            assert!(!heads(lines), "{lines:?}");
        }
    }
}
