//! The shapes of a file's rows: what stands between their values, byte for byte.
//!
//! The rows of a file nearly always have the same keys in the same order with the same blanks, or alternate between a few such
//! shapes (steps, evaluations, heartbeats). So what stands between the values of a row is kept: for the next row it is compared
//! and not read, and what each value means is known without looking at its name. Shapes that begin alike share their beginning,
//! so that the row is not begun again where they part. A row that fits none of them is not read here.

use crate::parse::number::long;
use crate::parse::number::short;
use crate::parse::number::word;

use super::names::Member;
use super::names::Names;
use super::said::Said;
use super::scan::bare;
use super::scan::close;
use super::scan::figure;
use super::scan::is_bare;
use super::scan::quote;

/// Steps that are kept in all: rows of a thousand figures have as many, and there may be a few shapes of them.
pub(super) const STEPS: usize = 8192;

/// Bytes between values that are kept in all.
const BYTES: usize = 1 << 20;

/// Ways that part at one place.
const WAYS: usize = 16;

/// Rows that may fit nothing once no more can be kept; then all is learnt anew, as the file may have changed its ways.
const PATIENCE: u32 = 4096;

/// The place of no step.
const NONE: u32 = u32::MAX;

/// What is known of a value before it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// Whose value it is; `None` when it says nothing, whatever it is.
    pub(super) member: Option<Member>,
    /// An object here is passed over. Otherwise one may have to be looked into, which is not done here.
    pub(super) skips: bool,
}

/// A value in a row that was read otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// Its first byte.
    pub(super) begin: usize,
    /// The byte behind it.
    pub(super) end: usize,
    pub(super) slot: Slot,
}

/// Bytes that stand between two values, ready to be compared by words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Literal {
    len: usize,
    first: u64,
    mask: u64,
    /// The last eight bytes, when there are more than eight.
    last: u64,
    /// All from the ninth byte on, as far as words are needed before the last one.
    middle: Box<[u64]>,
}

impl Literal {
    fn new(bytes: &[u8]) -> Self {
        let len = bytes.len();
        let middle = (8..len.saturating_sub(8)).step_by(8).map(|at| word(bytes, at)).collect();
        let mask = if len < 8 { (1 << (8 * len)) - 1 } else { u64::MAX };
        Self { len, first: word(bytes, 0), mask, last: word(bytes, len.saturating_sub(8)), middle }
    }

    /// Whether the row goes on with it at `at`. Bytes behind the end of the row count as NULs: the caller sees to it that the
    /// row is long enough.
    #[inline]
    fn fits(&self, row: &[u8], at: usize) -> bool {
        (word(row, at) ^ self.first) & self.mask == 0
            && (self.len <= 8
                || word(row, at + self.len - 8) == self.last
                    && (self.len <= 16
                        || self
                            .middle
                            .iter()
                            .enumerate()
                            .all(|(i, part)| word(row, at + 8 + 8 * i) == *part)))
    }
}

/// What stands before a value (or before the end of the row), and the value.
#[derive(Debug)]
struct Step {
    literal: Literal,
    /// `None`: the row is over.
    slot: Option<Slot>,
    /// The step behind this one.
    next: u32,
    /// Another step that may stand here instead.
    other: u32,
}

impl Step {
    /// Whether what stands behind the literal is what the step has there.
    #[inline]
    fn goes_on(&self, row: &[u8], behind: usize) -> bool {
        match (self.slot, row.get(behind)) {
            // where one shape has the first key of an object another one may have a value, and where it has a value a blank
            (Some(slot), Some(b'{')) => slot.skips,
            (Some(_), Some(byte)) => !byte.is_ascii_whitespace(),
            (Some(_), None) => false,
            (None, _) => behind == row.len(),
        }
    }
}

/// The shapes that the rows of one file had.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    /// The first one begins every row.
    steps: Vec<Step>,
    /// Bytes of all literals.
    bytes: usize,
    /// Rows that fitted nothing since there was no room for one.
    strange: u32,
}

impl Shapes {
    /// Reads a row of a known shape into `said`. `None` says nothing about the row, and what `said` then holds is void.
    pub(super) fn read<'a>(&self, names: &Names, text: &'a str, said: &mut Said<'a>) -> Option<()> {
        let row = text.as_bytes();
        let mut at = 0;
        let mut next = 0;
        loop {
            let step = self.way(next, row, at)?;
            at += step.literal.len;
            let Some(slot) = &step.slot else { return Some(()) };
            at = take(names, said, slot, text, at)?;
            next = step.next;
        }
    }

    /// The step at `next`, or one instead of it, that the row goes on with.
    #[inline]
    fn way(&self, next: u32, row: &[u8], at: usize) -> Option<&Step> {
        let mut next = next;
        loop {
            let step = self.steps.get(next as usize)?;
            if step.literal.fits(row, at) && step.goes_on(row, at + step.literal.len) {
                return Some(step);
            }
            next = step.other;
        }
    }

    /// Learns the shape of a whole row from its values. Rows of very many values are never learnt.
    pub(super) fn learn(&mut self, text: &str, spans: &[Span]) {
        if spans.len() >= STEPS {
            return;
        }
        if self.strange > PATIENCE {
            *self = Self::default();
        }
        if self.strange > 0 || self.add(text.as_bytes(), spans).is_none() {
            self.strange += 1;
        }
    }

    /// `None` when there is no room for it.
    fn add(&mut self, row: &[u8], spans: &[Span]) -> Option<()> {
        let mut from = 0;
        let mut before = NONE;
        for span in spans {
            before = self.step(before, row.get(from..span.begin)?, Some(span.slot))?;
            from = span.end;
        }
        self.step(before, row.get(from..)?, None)?;
        Some(())
    }

    /// The place of a step behind the one at `before`, made if need be.
    fn step(&mut self, before: u32, literal: &[u8], slot: Option<Slot>) -> Option<u32> {
        let bytes = self.bytes + literal.len();
        let literal = Literal::new(literal);
        let new = u32::try_from(self.steps.len()).ok()?;
        let mut last = NONE;
        let mut at = match self.steps.get(before as usize) {
            Some(step) => step.next,
            None if new == 0 => NONE,
            None => 0,
        };
        let mut ways = 0;
        while let Some(step) = self.steps.get_mut(at as usize) {
            if step.literal == literal && step.slot.is_some() == slot.is_some() {
                if let (Some(known), Some(slot)) = (&mut step.slot, slot) {
                    known.skips |= slot.skips;
                }
                return Some(at);
            }
            (last, at) = (at, step.other);
            ways += 1;
        }
        if self.steps.len() >= STEPS || bytes > BYTES || ways >= WAYS {
            return None;
        }
        self.bytes = bytes;
        self.steps.push(Step { literal, slot, next: NONE, other: NONE });
        if let Some(step) = self.steps.get_mut(last as usize) {
            step.other = new;
        } else if let Some(step) = self.steps.get_mut(before as usize) {
            step.next = new;
        }
        Some(new)
    }
}

/// Reads the value at `at` and returns where it ends.
#[inline]
fn take<'a>(names: &Names, said: &mut Said<'a>, slot: &Slot, text: &'a str, at: usize) -> Option<usize> {
    let row = text.as_bytes();
    match (row.get(at)?, &slot.member) {
        (b'"', None) => Some(quote(row, at + 1)? + 1),
        (b'"', Some(member)) => {
            let end = quote(row, at + 1)?;
            said.text(names, member, text.get(at + 1..end)?);
            Some(end + 1)
        }
        (b'0'..=b'9' | b'-' | b'+' | b'N' | b'I' | b't' | b'f' | b'n', None) => Some(bare(row, at)),
        (b'0'..=b'9', Some(member)) => {
            let (value, end) = match short(row, at) {
                Some((value, end)) if !row.get(end).is_some_and(|byte| is_bare(*byte)) => (Some(value), end),
                _ => number(text, at),
            };
            said.number(names, member, text.get(at..end)?, value);
            Some(end)
        }
        (b'-' | b'+' | b'N' | b'I', Some(member)) => {
            let (value, end) = number(text, at);
            said.number(names, member, text.get(at..end)?, value);
            Some(end)
        }
        (b't' | b'f' | b'n', Some(member)) => {
            let end = bare(row, at);
            said.word(*member, text.get(at..end)?);
            Some(end)
        }
        (b'[' | b'{', _) => close(row, at + 1),
        _ => None,
    }
}

/// The number at `at`, whatever it looks like, and where it ends.
fn number(text: &str, at: usize) -> (Option<f64>, usize) {
    let row = text.as_bytes();
    let digit = |at: usize| row.get(at).is_some_and(u8::is_ascii_digit);
    if digit(at) || row.get(at) == Some(&b'-') && digit(at + 1) {
        let found = row.get(at..).and_then(long);
        if let Some((value, len)) = found
            && !row.get(at + len).is_some_and(|byte| is_bare(*byte))
        {
            return (Some(value), at + len);
        }
    }
    let end = bare(row, at);
    (text.get(at..end).and_then(figure), end)
}
