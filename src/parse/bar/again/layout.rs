//! Where everything of a redraw stood: the next one of its bar nearly always has it all in the same places.
//!
//! Then nothing has to be looked for. All bytes that are to be equal are compared in one sweep, and each figure is read from
//! where it must be, none of them waiting for the one before. A redraw with a digit more does not fit, is read the slower way,
//! and lends its places to those that follow.

use smallvec::SmallVec;

use super::window::Window;
use crate::model::record::Figures;
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
    values: SmallVec<[Figure; 8]>,
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
    current: Digits,
    elapsed: Time,
    remaining: Time,
    rate: Figure,
    /// Bytes in all, without what ends it.
    len: usize,
}

impl Layout {
    /// Reads a redraw that is laid out like this. Returns its figures (the rate as written: the unit tells what of), how many bytes
    /// it takes with what ends it, and what that is; `None`, with values that mean nothing, for any other.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the heart of the hottest loop: its results stay in registers")]
    pub(super) fn read(&mut self, window: Window<'_>, values: &mut [f64]) -> Option<(Figures, usize, End)> {
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
        let rate = spots.rate.read(window, &mut others)?;
        for (value, figure) in values.iter_mut().zip(&self.values) {
            *value = figure.read(window, &mut others)?;
        }
        if others != 0 {
            return None;
        }
        self.is_used = true;
        self.is_proven = true;
        let figures =
            Figures { current: current as f64, elapsed: elapsed as f64, remaining: remaining as f64, rate };
        Some((figures, len, end))
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
        self.lanes.set(window, len);
        self.spots = Spots::of(bytes, places, &mut self.lanes);
        self.values.clear();
        let values = places.values.iter().map(|place| Figure::of(bytes, *place, &mut self.lanes));
        self.values.extend(values);
        for at in places.blocks.0..places.blocks.1 {
            // which block element it is, its last byte tells
            if bytes.get(at) == Some(&0xE2) {
                self.lanes.free((at + 2, at + 3), 0x3F);
            }
        }
    }
}

impl Spots {
    fn of(bytes: &[u8], places: &Places, lanes: &mut Lanes) -> Option<Self> {
        Some(Self {
            percentage: Digits::of(bytes, places.percentage, lanes)?.0,
            current: Digits::of(bytes, places.current, lanes)?.0,
            elapsed: Time::of(bytes, places.elapsed, lanes)?,
            remaining: Time::of(bytes, places.remaining, lanes)?,
            rate: Figure::of(bytes, places.rate, lanes),
            len: bytes.len(),
        })
    }
}

/// The bits that are the same in each redraw.
#[derive(Debug, Default)]
struct Lanes(Vec<Lane>);

/// Sixteen bytes of it, in two words.
#[derive(Debug, Clone, Copy)]
struct Lane {
    text: [u64; 2],
    same: [u64; 2],
}

impl Lanes {
    /// The first `len` bytes of the window, all bits of them.
    fn set(&mut self, window: Window<'_>, len: usize) {
        let held = |from: usize| match len.saturating_sub(from) {
            bytes @ 0..8 => (1 << (8 * bytes)) - 1,
            _ => u64::MAX,
        };
        self.0.clear();
        self.0.extend(window.pairs().zip((0..len).step_by(16)).map(|([low, high], at)| {
            let same = [held(at), held(at + 8)];
            Lane { text: [low, high], same }
        }));
    }

    /// Leaves those bits of the bytes at a place out.
    fn free(&mut self, (begin, end): Place, bits: u8) {
        for at in begin..end {
            let Some(lane) = self.0.get_mut(at / 16) else { return };
            let [low, high] = &mut lane.same;
            let word = if at % 16 < 8 { low } else { high };
            *word &= !(u64::from(bits) << (at % 8 * 8));
        }
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
    fn of(bytes: &[u8], place: Place, lanes: &mut Lanes) -> Option<(Self, usize)> {
        let (begin, end) = place;
        let text = bytes.get(begin..end).filter(|text| text.len() <= 8)?;
        let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
        let (digits, whole) = match text.iter().position(|b| *b == b'.') {
            Some(point) if is_number(text.get(..point)?) && is_number(text.get(point + 1..)?) => {
                lanes.free((begin, begin + point), 0xFF);
                lanes.free((begin + point + 1, end), 0xFF);
                (text.len() - 1, (1 << (8 * point)) - 1)
            }
            None if is_number(text) => {
                lanes.free(place, 0xFF);
                (text.len(), u64::MAX)
            }
            _ => return None,
        };
        let fraction = if whole == u64::MAX { 0 } else { digits - (whole.count_ones() / 8) as usize };
        Some((Self { at: begin, whole, shift: u32::try_from(64 - 8 * digits).ok()? }, fraction))
    }

    /// The value without the point. What is no digit leaves a bit in `others`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "five to a redraw")]
    fn read(self, window: Window<'_>, others: &mut u64) -> u64 {
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
    fn of(bytes: &[u8], place: Place, lanes: &mut Lanes) -> Option<Self> {
        let (begin, end) = place;
        let at = end.checked_sub(5)?;
        let hours = if at > begin { Some(Digits::of(bytes, (begin, at - 1), lanes)?.0) } else { None };
        lanes.free((at, at + 2), 0xFF);
        lanes.free((at + 3, end), 0xFF);
        Some(Self { hours, at })
    }

    /// In seconds.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "two to a redraw")]
    fn read(self, window: Window<'_>, others: &mut u64) -> Option<u64> {
        let seconds = quick::mm_ss(window.word(self.at))?;
        match self.hours {
            None => Some(seconds),
            Some(hours) => Some(hours.read(window, others) * 3600 + seconds),
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
    fn of(bytes: &[u8], place: Place, lanes: &mut Lanes) -> Self {
        /// Powers of ten.
        const TENS: [f64; 8] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
        if let Some((digits, fraction)) = Digits::of(bytes, place, lanes) {
            return Self::Short(digits, TENS.get(fraction).copied().unwrap_or(1.0));
        }
        lanes.free(place, 0xFF);
        Self::Long(place)
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "its results stay in registers")]
    fn read(self, window: Window<'_>, others: &mut u64) -> Option<f64> {
        match self {
            Self::Short(digits, ten) => Some(digits.read(window, others) as f64 / ten),
            Self::Long((begin, end)) => {
                let (value, behind) = window.long_figure(begin)?;
                (behind == end).then_some(value)
            }
        }
    }
}
