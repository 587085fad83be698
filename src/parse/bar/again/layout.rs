//! Where everything of a redraw stood: the next one of its bar nearly always has it all in the same places.
//!
//! Then nothing has to be looked for. All bytes that are to be equal are compared in one sweep, and each figure is read from
//! where it must be, none of them waiting for the one before. One that has a block more is the same from its counts on, so that
//! only its front is learnt. One with a digit more does not fit, is read the slower way, and lends its places to those that follow.

use smallvec::SmallVec;

use super::window::Window;
use crate::model::record::Figures;
use crate::model::record::Rate;
use crate::parse::bar::quick;
use crate::parse::number;
use crate::parse::split::End;

/// From where to where something stands.
pub(super) type Place = (usize, usize);

/// Where the parts of one redraw stood.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The percentage's digits.
    pub percentage: Place,
    pub blocks: Place,
    pub current: Place,
    pub elapsed: Place,
    pub remaining: Place,
    pub rate: Place,
    pub values: SmallVec<[Place; 8]>,
}

/// The layout that is expected.
#[derive(Debug, Default)]
pub(super) struct Layout {
    lanes: Lanes,
    spots: Option<Spots>,
    values: Vec<Figure>,
    /// From the counts on.
    tail: Bits,
    /// As a whole, while it is put together.
    whole: Bits,
    /// Spots of a bar that was another one, of which only the front is to be learnt.
    kept: Option<Spots>,
    /// A redraw did fit since the layout was learnt.
    is_used: bool,
    /// One did fit any layout so far.
    is_proven: bool,
    /// How many were learnt since one did.
    missed: u8,
}

#[derive(Debug, Clone, Copy)]
struct Spots {
    percentage: Digits,
    /// Where the counts stand.
    counts: usize,
    current: Digits,
    elapsed: Time,
    remaining: Time,
    rate: Figure,
    /// Bytes in all, without what ends it.
    len: usize,
}

impl Layout {
    /// Reads a redraw that is laid out like this. Returns its figures, how many bytes it takes with what ends it, and
    /// what that is; `None`, with values that mean nothing, for any other. `inverse`: its rate is in seconds per unit.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the heart of the hottest loop: its results stay in registers")]
    pub(super) fn read(
        &mut self,
        window: Window<'_>,
        inverse: bool,
        values: &mut [f64],
    ) -> Option<(Figures, usize, End)> {
        let spots = self.spots.as_ref()?;
        if !self.lanes.fit(window) {
            return None;
        }
        let (len, end) = window.end(spots.len)?;
        let mut others = 0;
        let _ = spots.percentage.read(window, &mut others);
        let current = spots.current.read(window, &mut others);
        let elapsed = spots.elapsed.read(window, &mut others)?;
        let remaining = spots.remaining.read(window, &mut others)?;
        let (digits, scale) = spots.rate.read(window, &mut others)?;
        for (value, figure) in values.iter_mut().zip(&self.values) {
            let (digits, scale) = figure.read(window, &mut others)?;
            *value = digits / scale;
        }
        // where no time is none
        if others != 0 || (inverse && digits <= 0.0) {
            return None;
        }
        let rate = Rate { digits, scale, inverse };
        self.is_used = true;
        self.is_proven = true;
        let figures = Figures { current: current.into(), elapsed, remaining, rate };
        Some((figures, len, end))
    }

    /// It is another bar's from now on, which begins in another way.
    pub(super) fn forget_front(&mut self) {
        self.kept = self.spots.take();
    }

    /// Whether it begins as this bar was seen to begin.
    pub(super) fn has_front(&self) -> bool {
        self.kept.is_none()
    }

    /// Whether redraws did fit, now or earlier.
    pub(super) fn is_proven(&self) -> bool {
        self.is_proven
    }

    /// Whether the redraw at hand, which did not fit, is worth learning: one in four is where none fits the one before.
    pub(super) fn is_wanting(&mut self) -> bool {
        self.missed = if self.is_used { 0 } else { (self.missed + 1) % 4 };
        self.is_used = false;
        self.missed == 0
    }

    /// Learns where everything stands in the `len` bytes of a redraw, what ends it not included.
    pub(super) fn learn(&mut self, window: Window<'_>, len: usize, places: &Places) {
        let bytes = window.rest(0).get(..len).unwrap_or_default();
        self.kept = None;
        let whole = &mut self.whole;
        whole.begin(bytes);
        whole.free_blocks(places.blocks);
        self.spots = Spots::of(bytes, places, whole);
        self.values.clear();
        let values = places.values.iter().map(|place| Figure::of(bytes, *place, whole));
        self.values.extend(values);
        self.tail.copy(whole, places.blocks.1);
        self.lanes.set(whole);
    }

    /// Learns how a redraw begins that is thought to be like the last one from its counts on: where the digits of its percentage
    /// stand, and the blocks with all up to the counts. Returns whether there is anything to be the same.
    pub(super) fn move_to(&mut self, window: Window<'_>, percentage: Place, blocks: Place) -> bool {
        let counts = blocks.1;
        let spots = self.kept.take().or(self.spots.take());
        let (Some(mut spots), Some(front)) = (spots, window.rest(0).get(..counts)) else {
            return false;
        };
        if !Window::holds(counts + self.tail.text.len() + 1) {
            return false;
        }
        let whole = &mut self.whole;
        whole.begin(front);
        whole.free_blocks(blocks);
        let Some((digits, _)) = Digits::of(front, percentage, whole) else { return false };
        whole.text.extend_from_slice(&self.tail.text);
        whole.same.extend_from_slice(&self.tail.same);
        let from = spots.counts;
        spots.percentage = digits;
        spots.move_to(counts);
        for value in &mut self.values {
            value.move_by(from, counts);
        }
        self.spots = Some(spots);
        self.lanes.set(whole);
        true
    }
}

impl Spots {
    fn of(bytes: &[u8], places: &Places, bits: &mut Bits) -> Option<Self> {
        Some(Self {
            percentage: Digits::of(bytes, places.percentage, bits)?.0,
            counts: places.blocks.1,
            current: Digits::of(bytes, places.current, bits)?.0,
            elapsed: Time::of(bytes, places.elapsed, bits)?,
            remaining: Time::of(bytes, places.remaining, bits)?,
            rate: Figure::of(bytes, places.rate, bits),
            len: bytes.len(),
        })
    }

    /// All from the counts on stands where the counts are at `to`.
    fn move_to(&mut self, to: usize) {
        let from = self.counts;
        self.counts = to;
        self.current.move_by(from, to);
        for time in [&mut self.elapsed, &mut self.remaining] {
            time.at = moved(time.at, from, to);
            if let Some(hours) = &mut time.hours {
                hours.move_by(from, to);
            }
        }
        self.rate.move_by(from, to);
        self.len = moved(self.len, from, to);
    }
}

/// Where something stands that stood at `at`, when all from `from` on stands at `to`.
fn moved(at: usize, from: usize, to: usize) -> usize {
    (at + to).saturating_sub(from)
}

/// The bytes of a redraw, and which of their bits are the same in each.
#[derive(Debug, Default)]
struct Bits {
    text: Vec<u8>,
    same: Vec<u8>,
}

impl Bits {
    /// All bits of `text`.
    fn begin(&mut self, text: &[u8]) {
        self.text.clear();
        self.text.extend_from_slice(text);
        self.same.clear();
        self.same.resize(text.len(), 0xFF);
    }

    /// Those of another from a place on.
    fn copy(&mut self, other: &Self, from: usize) {
        self.text.clear();
        self.text.extend_from_slice(other.text.get(from..).unwrap_or_default());
        self.same.clear();
        self.same.extend_from_slice(other.same.get(from..).unwrap_or_default());
    }

    /// Leaves those bits of the bytes at a place out.
    fn free(&mut self, (begin, end): Place, bits: u8) {
        for byte in self.same.get_mut(begin..end).unwrap_or_default() {
            *byte &= !bits;
        }
    }

    /// Leaves out which block element each is, as its last byte tells.
    fn free_blocks(&mut self, (begin, end): Place) {
        let mut at = begin;
        while at < end {
            if self.text.get(at) == Some(&0xE2) {
                self.free((at + 2, at + 3), 0x3F);
                at += 3;
            } else {
                at += 1;
            }
        }
    }
}

/// The bits that are the same in each redraw, as they are compared.
#[derive(Debug, Default)]
struct Lanes(Vec<Lane>);

/// Sixteen bytes of it, in two words.
#[derive(Debug, Clone, Copy)]
struct Lane {
    text: [u64; 2],
    same: [u64; 2],
}

impl Lanes {
    fn set(&mut self, bits: &mut Bits) {
        let len = bits.text.len().next_multiple_of(16);
        bits.text.resize(len, 0);
        bits.same.resize(len, 0);
        let words = |bytes: &[u8; 16]| match bytes.as_chunks().0 {
            [low, high] => [u64::from_le_bytes(*low), u64::from_le_bytes(*high)],
            _ => [0; 2],
        };
        self.0.clear();
        let both = bits.text.as_chunks().0.iter().zip(bits.same.as_chunks().0);
        self.0.extend(both.map(|(text, same)| Lane { text: words(text), same: words(same) }));
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "one loop")]
    fn fit(&self, window: Window<'_>) -> bool {
        let mut other = [0; 2];
        for (lane, pair) in self.0.iter().zip(window.pairs()) {
            let ([low, high], [text_low, text_high], [same_low, same_high]) = (pair, lane.text, lane.same);
            let [other_low, other_high] = &mut other;
            *other_low |= (low ^ text_low) & same_low;
            *other_high |= (high ^ text_high) & same_high;
        }
        other == [0; 2]
    }
}

/// Up to eight digits, perhaps with a point among them.
#[derive(Debug, Clone, Copy)]
struct Digits {
    at: usize,
    /// The bytes before the point.
    whole: u64,
    /// By how many bits the digits move up to end where the word does.
    shift: u32,
}

impl Digits {
    /// The digits at a place, and how many of them stand behind a point; `None` when there is anything else.
    fn of(bytes: &[u8], place: Place, bits: &mut Bits) -> Option<(Self, usize)> {
        let (begin, end) = place;
        let text = bytes.get(begin..end).filter(|text| text.len() <= 8)?;
        let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
        let (digits, whole) = match text.iter().position(|b| *b == b'.') {
            Some(point) if is_number(text.get(..point)?) && is_number(text.get(point + 1..)?) => {
                bits.free((begin, begin + point), 0xFF);
                bits.free((begin + point + 1, end), 0xFF);
                (text.len() - 1, (1 << (8 * point)) - 1)
            }
            None if is_number(text) => {
                bits.free(place, 0xFF);
                (text.len(), u64::MAX)
            }
            _ => return None,
        };
        let fraction = if whole == u64::MAX { 0 } else { digits - (whole.count_ones() / 8) as usize };
        Some((Self { at: begin, whole, shift: u32::try_from(64 - 8 * digits).ok()? }, fraction))
    }

    fn move_by(&mut self, from: usize, to: usize) {
        self.at = moved(self.at, from, to);
    }

    /// The value without the point. What is no digit leaves a bit in `others`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "five to a redraw")]
    fn read(self, window: Window<'_>, others: &mut u64) -> u32 {
        let digits = number::from_zero(window.word(self.at));
        let digits = (digits & self.whole | digits >> 8 & !self.whole) << self.shift;
        *others |= number::others(digits);
        number::eight(digits)
    }
}

/// `MM:SS`, `H:MM:SS` or `HH:MM:SS`.
#[derive(Debug, Clone, Copy)]
struct Time {
    hours: Option<Digits>,
    /// Where the minutes stand.
    at: usize,
}

impl Time {
    fn of(bytes: &[u8], place: Place, bits: &mut Bits) -> Option<Self> {
        let (begin, end) = place;
        let at = end.checked_sub(5)?;
        let hours = if at > begin { Some(Digits::of(bytes, (begin, at - 1), bits)?.0) } else { None };
        bits.free((at, at + 2), 0xFF);
        bits.free((at + 3, end), 0xFF);
        Some(Self { hours, at })
    }

    /// In seconds.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "two to a redraw")]
    fn read(self, window: Window<'_>, others: &mut u64) -> Option<f64> {
        let seconds = f64::from(quick::mm_ss(window.word(self.at))?);
        match self.hours {
            None => Some(seconds),
            Some(hours) => Some(f64::from(hours.read(window, others)) * 3600.0 + seconds),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Figure {
    /// What its digits make, divided by a power of ten.
    Short(Digits, f64),
    Long(Place),
}

impl Figure {
    fn of(bytes: &[u8], place: Place, bits: &mut Bits) -> Self {
        /// Powers of ten.
        const TENS: [f64; 8] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
        if let Some((digits, fraction)) = Digits::of(bytes, place, bits) {
            return Self::Short(digits, TENS.get(fraction).copied().unwrap_or(1.0));
        }
        bits.free(place, 0xFF);
        Self::Long(place)
    }

    fn move_by(&mut self, from: usize, to: usize) {
        match self {
            Self::Short(digits, _) => digits.move_by(from, to),
            Self::Long((begin, end)) => (*begin, *end) = (moved(*begin, from, to), moved(*end, from, to)),
        }
    }

    /// What is to be divided, and by what.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "its results stay in registers")]
    fn read(self, window: Window<'_>, others: &mut u64) -> Option<(f64, f64)> {
        match self {
            Self::Short(digits, ten) => Some((digits.read(window, others).into(), ten)),
            Self::Long((begin, end)) => {
                let (value, behind) = window.long_figure(begin)?;
                (behind == end).then_some((value, 1.0))
            }
        }
    }
}
