//! Redraws of a bar that was read before, by what differs between them.
//!
//! A long run redraws one bar millions of times, and only its figures change. So the texts between the figures of the newest
//! redraws are remembered, and the next one is read straight from the bytes of the file: each text is compared, each figure is
//! read, and its end is found on the way. Bytes that are equal to those of a clean text are clean themselves: neither their
//! encoding nor what a terminal would do with them has to be looked at again.
//!
//! Whatever is read here, [`super::tqdm_into`] reads alike; at the first byte that does not fit, it is left to that one.

use memchr::memchr2;
use smallvec::SmallVec;

use super::label;
use super::number_before;
use super::quick;
use super::skip_blanks;
use crate::model::record::Redraw;
use crate::parse::number;

/// Bars that are remembered at a time: one inside another, and a third that comes and goes.
const BARS: usize = 4;

/// Redraws in a row that may be of no known bar before they are no longer expected.
const PATIENCE: u32 = 1024;

/// A front (label, percentage, blocks) longer than this is not remembered, nor one with longer blocks.
const FRONT: usize = 512;

/// The bars that were drawn lately.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    templates: Vec<Template>,
    /// The one that was drawn last.
    newest: usize,
    /// How many were learnt: each has a number of its own.
    learnt: u64,
    /// Segments since the last redraw of a known bar.
    missed: u32,
    /// Label and total of the bar that was last asked for in vain: one that is drawn twice is worth learning.
    asked: Vec<u8>,
}

impl Memory {
    /// Whether more redraws of known bars are likely enough to be looked for.
    #[inline]
    pub(crate) fn is_expecting(&self) -> bool {
        self.missed < PATIENCE && !self.templates.is_empty()
    }

    /// Hands out the redraws that `bytes`, which begin a segment, begin with: as many as are of known bars, each with where it
    /// begins. Returns how many bytes they take, their `\r` included.
    #[inline]
    pub(crate) fn redraws(&mut self, bytes: &[u8], mut each: impl FnMut(usize, &Redraw<'_>)) -> usize {
        let mut at = 0;
        loop {
            let Some(behind) = self.one(bytes, at) else { break };
            let Some(template) = self.templates.get(self.newest) else { break };
            each(at, &template.redraw());
            at = behind;
        }
        self.missed = if at > 0 { 0 } else { self.missed.saturating_add(1) };
        at
    }

    #[inline]
    fn one(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        if let Some(behind) = self.templates.get_mut(self.newest)?.read(bytes, at) {
            return Some(behind);
        }
        if self.templates.len() == 1 {
            return None;
        }
        self.other(bytes, at)
    }

    #[inline(never)]
    fn other(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let found = self.templates.iter_mut().enumerate().find_map(|(i, template)| {
            let behind = template.read(bytes, at)?;
            Some((i, behind))
        });
        let (newest, behind) = found?;
        self.newest = newest;
        Some(behind)
    }

    /// Takes note of a redraw that was read the long way.
    pub(crate) fn note(&mut self, text: &str) {
        let Some(front) = Front::of(text) else { return };
        let bytes = text.as_bytes();
        let Some(label) = bytes.get(..front.label) else { return };
        let same = self.templates.iter().position(|known| known.is_of(label));
        if let Some(place) = same
            && let Some(known) = self.templates.get_mut(place)
            && known.figures(bytes, 0).is_some()
        {
            // it stood at the end of its chunk, say
            self.newest = place;
            self.missed = 0;
            return;
        }
        if self.asked != label {
            // a label that changes with each redraw is not worth it
            self.asked.clear();
            self.asked.extend_from_slice(label);
            return;
        }
        let Some(template) = Template::of(text, &front, self.learnt) else { return };
        self.learnt += 1;
        self.missed = 0;
        let place = same.or((self.templates.len() >= BARS).then_some((self.newest + 1) % BARS));
        match place.and_then(|place| Some((place, self.templates.get_mut(place)?))) {
            Some((place, slot)) => {
                *slot = template;
                self.newest = place;
            }
            None => {
                self.templates.push(template);
                self.newest = self.templates.len() - 1;
            }
        }
    }
}

/// Where the parts of a front end: `Epoch 17:  45%|████▌     | ` of `Epoch 17:  45%|████▌     | 180/400 [00:45<`.
#[derive(Debug, Clone, Copy)]
struct Front {
    /// Behind the label and what ends it, blanks not included.
    label: usize,
    /// Behind the blanks behind the blocks: where the counts begin.
    counts: usize,
}

impl Front {
    #[inline]
    fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let pipe = memchr::memchr(b'|', bytes.get(..bytes.len().min(FRONT))?)?;
        let percent = pipe.checked_sub(1).filter(|at| bytes.get(*at) == Some(&b'%'))?;
        let digits = number_before(bytes, percent)?;
        let label = bytes.get(..digits)?.trim_ascii_end().len();
        let counts = behind_front(bytes, 0, label)?;
        Some(Self { label, counts })
    }
}

/// Where the counts begin of a bar that begins at `at` and whose label takes `label` bytes: a percentage without a point, and
/// blocks of which nothing but what bars are made of is taken.
#[inline]
fn behind_front(bytes: &[u8], at: usize, label: usize) -> Option<usize> {
    let digits = skip_blanks(bytes, at + label);
    let (_, count) = number::leading(number::word(bytes, digits));
    let percent = digits + count;
    if !number::is_short(count) || bytes.get(percent) != Some(&b'%') || bytes.get(percent + 1) != Some(&b'|')
    {
        return None;
    }
    let begin = percent + 2;
    let blocks = bytes.get(begin..bytes.len().min(begin + FRONT))?;
    let stop = begin + memchr2(b'|', b'[', blocks)?;
    let is_plain = bytes.get(stop) == Some(&b'|') && are_plain(bytes.get(begin..stop)?);
    is_plain.then(|| skip_blanks(bytes, stop + 1))
}

/// Whether all of that is printable ASCII, box drawing or block elements (U+2500 to U+25BF).
#[inline]
fn are_plain(blocks: &[u8]) -> bool {
    let mut rest = blocks;
    loop {
        rest = match rest {
            [] => return true,
            [0xE2, 0x94..=0x96, 0x80..=0xBF, behind @ ..] | [b' '..=b'~', behind @ ..] => behind,
            _ => return false,
        };
    }
}

/// A text that stands between two figures.
#[derive(Debug, Default)]
struct Literal {
    /// Eight bytes at a time, with a mask for those of the last that count.
    words: SmallVec<[(u64, u64); 3]>,
    len: usize,
}

impl Literal {
    fn of(bytes: &[u8]) -> Self {
        let words = bytes.chunks(8).map(|chunk| {
            let fold = |byte: fn(u8) -> u8| {
                chunk.iter().rev().fold(0, |word: u64, b| word << 8 | u64::from(byte(*b)))
            };
            (fold(|b| b), fold(|_| 0xFF))
        });
        Self { words: words.collect(), len: bytes.len() }
    }

    /// Where it ends if it stands at `at`.
    #[inline]
    fn behind(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let mut from = at;
        for (word, mask) in &self.words {
            if (number::word(bytes, from) ^ word) & mask != 0 {
                return None;
            }
            from += 8;
        }
        Some(at + self.len)
    }
}

/// A bar whose figures are read off.
#[derive(Debug)]
struct Template {
    id: u64,
    /// All before the counts, as it stood last.
    front: Vec<u8>,
    /// How much of it is the label with what ends it.
    label_len: usize,
    label: Box<str>,
    total: f64,
    /// ` 400 [`, with the sign before it.
    behind_current: Literal,
    unit: Box<str>,
    /// The rate is given in seconds per unit.
    inverse: bool,
    /// `it/s, loss=`.
    behind_rate: Literal,
    /// Behind each figure: `, acc=`, and at last `]`.
    behind_values: SmallVec<[Literal; 8]>,
    names: Vec<Box<str>>,
    current: f64,
    elapsed: f64,
    remaining: f64,
    rate: f64,
    values: SmallVec<[f64; 8]>,
}

impl Template {
    /// Learns the bar that `text` is, as far as it is of the usual layout and nothing stands around it.
    fn of(text: &str, front: &Front, id: u64) -> Option<Self> {
        let mut bar = super::blank();
        let end = quick::read(text, front.counts, &mut bar)?;
        let (before, label) = label::split(text.get(..front.label)?);
        if !before.is_empty() || !text.get(end..)?.trim_ascii().is_empty() {
            return None;
        }
        let bytes = text.as_bytes();
        let slash = digits_end(bytes, front.counts);
        let elapsed = memchr::memchr(b'[', bytes.get(slash..end)?)? + slash + 1;
        let comma = memchr::memchr(b',', bytes.get(elapsed..end)?)? + elapsed;
        let rate_at = skip_blanks(bytes, comma + 1);
        let unit_at = figure_end(bytes, rate_at)?;
        let inverse = bytes.get(unit_at..unit_at + 2) == Some(b"s/");
        let mut literals: SmallVec<[Literal; 8]> = SmallVec::new();
        let mut from = unit_at;
        for _ in &bar.values {
            let value = memchr::memchr(b'=', bytes.get(from..end)?)? + from + 1;
            literals.push(Literal::of(bytes.get(from..value)?));
            from = figure_end(bytes, value)?;
        }
        literals.push(Literal::of(bytes.get(from..end)?));
        let behind_rate = literals.remove(0);
        Some(Self {
            id,
            front: bytes.get(..front.counts)?.to_vec(),
            label_len: front.label,
            label: label.into(),
            total: bar.total?,
            behind_current: Literal::of(bytes.get(slash..elapsed)?),
            unit: bar.unit.into(),
            inverse,
            behind_rate,
            behind_values: literals,
            names: bar.values.iter().map(|pair| pair.name.into()).collect(),
            current: bar.current,
            elapsed: bar.elapsed?,
            remaining: bar.remaining?,
            rate: bar.rate?,
            values: bar.values.iter().map(|pair| pair.value).collect(),
        })
    }

    /// Whether its label (with what ends it) is `label`.
    fn is_of(&self, label: &[u8]) -> bool {
        self.front.get(..self.label_len) == Some(label)
    }

    fn redraw(&self) -> Redraw<'_> {
        Redraw {
            id: self.id,
            label: &self.label,
            unit: &self.unit,
            names: &self.names,
            total: self.total,
            current: self.current,
            elapsed: self.elapsed,
            remaining: self.remaining,
            rate: self.rate,
            values: &self.values,
        }
    }

    /// Reads the redraw at `at`. Returns what is behind it and its `\r`; `None` when it is not of this bar or not whole.
    #[inline]
    fn read(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let at = self.figures(bytes, at)?;
        // tqdm blots the end of a longer redraw out
        let at = quick::expect(bytes, skip_blanks(bytes, at), b'\r')?;
        // at the end of the chunk nothing tells yet what the `\r` is
        (!matches!(bytes.get(at)?, b'\r' | b'\n')).then_some(at)
    }

    /// Takes the figures of the redraw at `at`. Returns where its bracket is closed; `None`, with figures that mean nothing, when
    /// it is not of this bar.
    #[inline]
    fn figures(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let counts = at + self.front.len();
        let counts =
            if bytes.get(at..counts) == Some(&*self.front) { counts } else { self.draw_front(bytes, at)? };
        let (current, at) = quick::count(bytes, counts)?;
        let at = self.behind_current.behind(bytes, at)?;
        let (elapsed, at) = quick::time(bytes, at)?;
        let at = quick::expect(bytes, at, b'<')?;
        let (remaining, at) = quick::time(bytes, at)?;
        let at = quick::expect(bytes, at, b',')?;
        let at = skip_blanks(bytes, quick::expect(bytes, at, b' ')?);
        let (rate, at) = number::short(bytes, at)?;
        let mut at = self.behind_rate.behind(bytes, at)?;
        for (value, literal) in self.values.iter_mut().zip(&self.behind_values) {
            let (figure, end) = quick::figure(bytes, at)?;
            *value = figure;
            at = literal.behind(bytes, end)?;
        }
        self.current = current as f64;
        self.elapsed = elapsed as f64;
        self.remaining = remaining as f64;
        self.rate = if self.inverse { (rate > 0.0).then(|| rate.recip())? } else { rate };
        Some(at)
    }

    /// The same label with another percentage or other blocks. Returns where the counts begin.
    #[inline(never)]
    fn draw_front(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let label = self.front.get(..self.label_len)?;
        if bytes.get(at..at + self.label_len)? != label {
            return None;
        }
        let counts = behind_front(bytes, at, self.label_len)?;
        self.front.clear();
        self.front.extend_from_slice(bytes.get(at..counts)?);
        Some(counts)
    }
}

fn digits_end(bytes: &[u8], at: usize) -> usize {
    at + bytes.iter().skip(at).take_while(|b| b.is_ascii_digit()).count()
}

/// Where the figure at `at` ends, a percent sign not included.
fn figure_end(bytes: &[u8], at: usize) -> Option<usize> {
    let (_, len) = number::scan(bytes.get(at..)?)?;
    Some(at + len)
}

#[cfg(test)]
mod tests;
