//! Redraws of a bar that was read before, by what differs between them.
//!
//! A long run redraws one bar millions of times, and only its figures change. So the texts between the figures of the newest
//! redraws are remembered, and the next one is read straight from the bytes of the file: each text is compared, each figure is
//! read, and its end is found on the way. Bytes that are equal to those of a clean text are clean themselves: neither their
//! encoding nor what a terminal would do with them has to be looked at again.
//!
//! Whatever is read here, [`super::tqdm_into`] reads alike; at the first byte that does not fit, it is left to that one.

use smallvec::SmallVec;

use self::layout::Layout;
use self::layout::Places;
use self::window::Literal;
use self::window::SPAN;
use self::window::WINDOW;
use self::window::Window;
use super::label;
use super::number_before;
use super::quick;
use super::skip_blanks;
use crate::model::record::Figures;
use crate::model::record::Known;
use crate::model::record::Rate;
use crate::model::record::Redraw;
use crate::parse::number;
use crate::parse::split::End;
use crate::parse::split::Taken;

mod layout;
mod window;

/// Bars that are remembered at a time: one inside another, and a third that comes and goes.
const BARS: usize = 4;

/// Redraws in a row that may be of no known bar before they are no longer expected.
const PATIENCE: u32 = 1024;

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
    /// Label of the bar that was last asked for in vain: one that is drawn twice is worth learning.
    asked: Vec<u8>,
}

impl Memory {
    /// Whether more redraws of known bars are likely enough to be looked for.
    #[inline]
    pub(crate) fn is_expecting(&self) -> bool {
        self.missed < PATIENCE && !self.templates.is_empty()
    }

    /// Hands out the redraws that `bytes`, which begin a segment, begin with: as many as are of known bars, each with where it
    /// begins. The end of a line is the last thing that is taken.
    #[inline]
    pub(crate) fn redraws(&mut self, bytes: &[u8], mut each: impl FnMut(usize, &Redraw<'_>)) -> Taken {
        let mut taken = self.take(bytes, 0, usize::MAX, &mut each);
        if taken.end == End::Redraw
            && let Some(rest) = bytes.get(taken.bytes..).filter(|rest| rest.len() < WINDOW)
        {
            // the last few, with room behind them
            let mut tail = [0; 2 * WINDOW];
            if let Some(place) = tail.get_mut(..rest.len()) {
                place.copy_from_slice(rest);
            }
            let last = self.take(&tail, taken.bytes, rest.len(), &mut each);
            taken = Taken { bytes: taken.bytes + last.bytes, end: last.end };
        }
        self.missed = if taken.bytes > 0 { 0 } else { self.missed.saturating_add(1) };
        taken
    }

    /// Takes redraws from `bytes`, which stand at `base` and of which `len` are the file's.
    #[inline]
    fn take(
        &mut self,
        bytes: &[u8],
        base: usize,
        len: usize,
        each: &mut impl FnMut(usize, &Redraw<'_>),
    ) -> Taken {
        let mut at = 0;
        let mut found = None;
        while let Some(template) = self.templates.get_mut(self.newest) {
            while let Some((count, end)) =
                found.take().or_else(|| Window::at(bytes, at).and_then(|window| template.read(window)))
            {
                // what a `\r` is, the byte behind it tells
                if at + count + usize::from(end == End::Redraw) > len {
                    return Taken { bytes: at, end: End::Redraw };
                }
                each(base + at, &template.redraw());
                at += count;
                if end == End::Line {
                    return Taken { bytes: at, end };
                }
            }
            found = Window::at(bytes, at).and_then(|window| self.other(window));
            if found.is_none() {
                break;
            }
        }
        Taken { bytes: at, end: End::Redraw }
    }

    /// Reads a redraw of another bar than the newest, which becomes the newest.
    #[inline(never)]
    fn other(&mut self, window: Window<'_>) -> Option<(usize, End)> {
        let newest = self.newest;
        let found = self.templates.iter_mut().enumerate().find_map(|(i, template)| {
            if i == newest || template.head.behind(window, 0).is_none() {
                return None;
            }
            Some((i, template.read(window)?))
        });
        let (newest, read) = found?;
        self.newest = newest;
        Some(read)
    }

    /// Takes note of a redraw that was read the long way.
    pub(crate) fn note(&mut self, text: &str) {
        let Some(front) = Front::of(text) else { return };
        let bytes = text.as_bytes();
        let Some(label) = bytes.get(..front.label) else { return };
        let same = self.templates.iter().position(|known| known.is_of(label));
        if let Some(place) = same
            && let Some(known) = self.templates.get_mut(place)
            && Window::of(text, |window| known.figures(window, known.head.behind(window, 0)?))
                == Some(bytes.trim_ascii_end().len())
        {
            // it stood at the end of its chunk, say
            self.newest = place;
            self.missed = 0;
            return;
        }
        if text.get(..front.label).is_some_and(|label| label.contains(" [")) {
            // ignite's, of which more is to be told
            return;
        }
        // the bar of the next epoch, of a form that is well known
        let before = self.templates.get_mut(self.newest).filter(|newest| newest.layout.is_proven());
        let next = before.and_then(|before| before.renamed(text, &front, self.learnt));
        if next.is_none() && self.asked != label {
            // a label that changes with each redraw is not worth it
            self.asked.clear();
            self.asked.extend_from_slice(label);
            return;
        }
        let Some(template) = next.or_else(|| Template::of(text, &front, self.learnt)) else { return };
        self.learnt += 1;
        self.missed = 0;
        let place = same.or((self.templates.len() >= BARS).then_some((self.newest + 1) % BARS));
        if let Some(place) = place
            && let Some(slot) = self.templates.get_mut(place)
        {
            *slot = template;
            self.newest = place;
        } else {
            self.templates.push(template);
            self.newest = self.templates.len() - 1;
        }
    }
}

/// Where the parts of a front end: `Epoch 17:  45%|████▌     | ` of `Epoch 17:  45%|████▌     | 180/400 [00:45<`.
#[derive(Debug, Clone, Copy)]
struct Front {
    /// Behind the label and what ends it, blanks not included.
    label: usize,
    /// The percent sign.
    percent: usize,
    /// Behind the blanks behind the blocks: where the counts begin.
    counts: usize,
}

impl Front {
    #[inline]
    fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let pipe = memchr::memchr(b'|', bytes.get(..bytes.len().min(SPAN))?)?;
        let percent = pipe.checked_sub(1).filter(|at| bytes.get(*at) == Some(&b'%'))?;
        let digits = number_before(bytes, percent)?;
        let label = bytes.get(..digits)?.trim_ascii_end().len();
        Self::behind(bytes, label)
    }

    /// The front of a bar whose label takes `label` bytes: a percentage without a point, and blocks of which nothing but what
    /// bars are made of is taken.
    fn behind(bytes: &[u8], label: usize) -> Option<Self> {
        let digits = skip_blanks(bytes, label);
        if digits == label && ends_in_figure(bytes.get(..label)?) {
            return None;
        }
        let (_, count) = number::leading(number::word(bytes, digits));
        let percent = digits + count;
        if !number::is_short(count) || bytes.get(percent..percent + 2) != Some(b"%|") {
            return None;
        }
        Some(Self { label, percent, counts: skip_blanks(bytes, behind_blocks(bytes, percent + 2)?) })
    }
}

/// Behind the `|` that ends the blocks at `at`, if they are nothing but printable ASCII, box drawing or block elements (U+2500 to
/// U+25BF).
#[inline]
fn behind_blocks(bytes: &[u8], at: usize) -> Option<usize> {
    const BLANKS: u64 = 0x2020_2020_2020_2020;
    let mut at = at;
    let end = bytes.len().min(at + SPAN);
    while at < end {
        let word = number::word(bytes, at);
        at += match word & 0xFF {
            0x7C => return Some(at + 1),
            0x20 if word == BLANKS => 8,
            0x5B => return None,
            0x20..=0x7E => 1,
            0xE2 if word >> 8 & 0xFC == 0x94 && word >> 8 & 3 != 3 && word >> 16 & 0xC0 == 0x80 => 3,
            _ => return None,
        };
    }
    None
}

/// A bar whose figures are read off.
#[derive(Debug)]
struct Template {
    known: Known,
    /// What the newest redraw had before its counts.
    front: Front,
    /// The label with what ends it.
    head: Literal,
    /// The percentage with the blanks before it, as a word.
    percentage: u64,
    /// From the percent sign to the counts.
    blocks: Vec<u8>,
    /// The label ends in a figure: without a blank, the percentage's digits would be part of that.
    spaced: bool,
    /// ` 400 [`, with the sign before it.
    behind_current: Literal,
    /// The rate is given in seconds per unit.
    inverse: bool,
    /// `it/s, loss=`.
    behind_rate: Literal,
    /// Behind each figure: `, acc=`, and at last `]`.
    behind_values: SmallVec<[Literal; 8]>,
    figures: Figures,
    values: Vec<f64>,
    /// Where all of that stood.
    places: Places,
    layout: Layout,
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
            known: Known {
                id,
                label: label.into(),
                unit: bar.unit.into(),
                names: bar.values.iter().map(|pair| pair.name.into()).collect(),
                total: bar.total?,
            },
            front: *front,
            head: Literal::of(bytes.get(..front.label)?),
            percentage: percentage(number::word(bytes, front.label), front)?,
            blocks: bytes.get(front.percent..front.counts)?.to_vec(),
            spaced: ends_in_figure(bytes.get(..front.label)?),
            behind_current: Literal::of(bytes.get(slash..elapsed)?),
            inverse,
            behind_rate,
            behind_values: literals,
            figures: Figures {
                current: bar.current,
                elapsed: bar.elapsed?,
                remaining: bar.remaining?,
                rate: Rate { digits: bar.rate?, scale: 1.0, inverse: false },
            },
            values: bar.values.iter().map(|pair| pair.value).collect(),
            places: Places::default(),
            layout: Layout::default(),
        })
    }

    /// The bar that `text` is, when it differs from this one in its label and its figures alone. This one is over then: its layout
    /// goes to the next.
    fn renamed(&mut self, text: &str, front: &Front, id: u64) -> Option<Self> {
        let head = text.get(..front.label)?;
        let (before, label) = label::split(head);
        let bytes = text.as_bytes();
        let is_alike = Window::of(text, |window| {
            let (_, at) = window.count(front.counts)?;
            self.behind_current.behind(window, at)
        });
        is_alike.filter(|_| before.is_empty())?;
        let mut other = Self {
            known: Known { id, label: label.into(), ..self.known.clone() },
            front: *front,
            head: Literal::of(head.as_bytes()),
            percentage: percentage(number::word(bytes, front.label), front)?,
            blocks: bytes.get(front.percent..front.counts)?.to_vec(),
            spaced: ends_in_figure(head.as_bytes()),
            behind_current: self.behind_current.clone(),
            behind_rate: self.behind_rate.clone(),
            behind_values: self.behind_values.clone(),
            values: self.values.clone(),
            places: Places::default(),
            layout: Layout::default(),
            ..*self
        };
        let end = Window::of(text, |window| other.figures(window, other.head.behind(window, 0)?));
        if end != Some(bytes.trim_ascii_end().len()) {
            return None;
        }
        other.layout = std::mem::take(&mut self.layout);
        other.layout.forget_front();
        Some(other)
    }

    /// Whether its label (with what ends it) is `label`.
    fn is_of(&self, label: &[u8]) -> bool {
        self.head.is(label)
    }

    fn redraw(&self) -> Redraw<'_> {
        Redraw { known: &self.known, figures: &self.figures, values: &self.values }
    }

    /// Reads a redraw. Returns how many bytes it takes with what ends it, and what that is; `None` when it is not of this bar or
    /// not whole.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the heart of the hottest loop")]
    fn read(&mut self, window: Window<'_>) -> Option<(usize, End)> {
        if let Some((figures, len, end)) = self.layout.read(window, self.inverse, &mut self.values) {
            self.figures = figures;
            return Some((len, end));
        }
        self.read_anew(window)
    }

    /// Reads a redraw that is laid out in another way than the last one.
    #[inline(never)]
    fn read_anew(&mut self, window: Window<'_>) -> Option<(usize, End)> {
        let label = self.head.behind(window, 0)?;
        if self.begins_anew(window, label)
            && let Some((figures, len, end)) = self.layout.read(window, self.inverse, &mut self.values)
        {
            self.figures = figures;
            return Some((len, end));
        }
        let closed = self.figures(window, label)?;
        // tqdm blots the end of a longer redraw out
        let text = window.behind_blanks(closed);
        let (len, end) = window.end(text)?;
        if !Window::holds(len) {
            return None;
        }
        if self.layout.is_wanting() {
            self.layout.learn(window, text, &self.places);
        }
        Some((len, end))
    }

    /// Whether a redraw begins in another way than the last one, with a block more, say: then its layout is expected to be the
    /// same but for that.
    fn begins_anew(&mut self, window: Window<'_>, label: usize) -> bool {
        let blocks = window.rest(self.front.percent).get(..self.blocks.len());
        let same = blocks == Some(&*self.blocks);
        if (same && self.layout.has_front()) || !self.layout.is_proven() || self.draw_front(window).is_none()
        {
            return false;
        }
        let front = &self.front;
        let percentage = (window.behind_blanks(label), front.percent);
        self.layout.move_to(window, percentage, (front.percent, front.counts))
    }

    /// Takes the figures of a redraw whose label ends at `label`. Returns where its bracket is closed; `None`, with figures that
    /// mean nothing, when it is not of this bar.
    fn figures(&mut self, window: Window<'_>, label: usize) -> Option<usize> {
        let percentage = percentage(window.word(label), &self.front)?;
        let same = window.rest(self.front.percent).get(..self.blocks.len()) == Some(&*self.blocks);
        if !same || (percentage != self.percentage && !self.fits(percentage)) {
            self.draw_front(window)?;
        } else {
            self.percentage = percentage;
        }
        let places = &mut self.places;
        places.percentage = (window.behind_blanks(label), self.front.percent);
        places.blocks = (self.front.percent, self.front.counts);
        let (current, at) = window.count(self.front.counts)?;
        places.current = (self.front.counts, at);
        let begin = self.behind_current.behind(window, at)?;
        let (elapsed, at) = window.time(begin, b'<')?;
        places.elapsed = (begin, at - 1);
        let (remaining, end) = window.time(at, b',')?;
        places.remaining = (at, end - 1);
        if window.byte(end) != b' ' {
            return None;
        }
        let begin = window.behind_blanks(end);
        let (rate, at) = window.figure(begin)?;
        places.rate = (begin, at);
        let mut at = self.behind_rate.behind(window, at)?;
        places.values.clear();
        for (value, literal) in self.values.iter_mut().zip(&self.behind_values) {
            let (figure, end) = window.figure(at)?;
            *value = figure;
            places.values.push((at, end));
            at = literal.behind(window, end)?;
        }
        self.figures = Figures {
            current: current as f64,
            elapsed: elapsed as f64,
            remaining: remaining as f64,
            rate: self.rated(rate)?,
        };
        Some(at)
    }

    /// A rate as it is printed; `None` where no time is none.
    fn rated(&self, printed: f64) -> Option<Rate> {
        (!self.inverse || printed > 0.0).then_some(Rate {
            digits: printed,
            scale: 1.0,
            inverse: self.inverse,
        })
    }

    /// Whether a word is a percentage with the blanks before it.
    #[inline]
    fn fits(&self, percentage: u64) -> bool {
        is_percentage(percentage) && (!self.spaced || percentage & 0xFF == u64::from(b' '))
    }

    /// The same label with other blocks.
    #[inline(never)]
    fn draw_front(&mut self, window: Window<'_>) -> Option<()> {
        let bytes = window.rest(0);
        let front = Front::behind(bytes, self.front.label)?;
        self.percentage = percentage(window.word(front.label), &front)?;
        self.blocks.clear();
        self.blocks.extend_from_slice(bytes.get(front.percent..front.counts)?);
        self.front = front;
        Some(())
    }
}

/// Of the word behind the label, what stands before the percent sign; `None` when that is further away than it reaches.
#[inline]
fn percentage(word: u64, front: &Front) -> Option<u64> {
    let len = front.percent - front.label;
    (len < 8).then(|| word & ((1 << (8 * len)) - 1))
}

/// Whether digits behind that would be taken for more of it.
fn ends_in_figure(label: &[u8]) -> bool {
    label.last().is_some_and(|b| b.is_ascii_digit() || *b == b'.')
}

/// Whether a word is blanks and then digits, and nothing else.
#[inline]
fn is_percentage(word: u64) -> bool {
    let blanks = (word ^ 0x2020_2020_2020_2020).trailing_zeros() / 8;
    let digits = word.checked_shr(8 * blanks).unwrap_or(0);
    let len = 8 - digits.leading_zeros() / 8;
    len > 0 && number::digits(digits) == len as usize
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
