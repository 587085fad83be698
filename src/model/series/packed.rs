//! A column of figures in as few bytes as hold each of them exactly.
//!
//! What training writes is short: steps that rise evenly, losses with four decimals, figures that were `f32`. Decimals become
//! whole numbers and a power of ten, and whole numbers their distance to the least of them or to the one before. What is none
//! of that stays as it is. Reading gives back the very same bits.

/// A column. How many figures it holds is for its owner to know.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Packed {
    /// All figures have the same bits.
    Same(f64),
    /// Each is so much more than the one before.
    Even { first: i64, by: i64, scale: u8 },
    /// Distances to the least one.
    Offsets { least: i64, scale: u8, bytes: Bytes },
    /// Distances to the one before, less the least of these distances.
    Differences { first: i64, least: i64, scale: u8, bytes: Bytes },
    /// Figures that were `f32`.
    Single(Box<[f32]>),
    /// As they are.
    Double(Box<[f64]>),
}

/// Whole numbers of 1 to 8 bytes each, the lowest byte first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bytes {
    width: u8,
    all: Box<[u8]>,
}

/// Decimals that are looked for. A power of ten up to here is exact as a double, and so is a quotient by it the nearest one to
/// what was written.
const SCALES: [f64; 13] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

/// Whole numbers up to here are exact as doubles.
const WHOLE: f64 = 9_007_199_254_740_992.0;

impl Packed {
    /// Packs `values`.
    pub(super) fn of(values: &[f64]) -> Self {
        let Some(first) = values.first() else { return Self::Double(Box::default()) };
        if values.iter().all(|value| value.to_bits() == first.to_bits()) {
            return Self::Same(*first);
        }
        if let Some((whole, scale)) = scaled(values) {
            let packed = Self::whole(&whole, scale);
            let wide = packed.heap_bytes() > size_of_val(values) / 2;
            if !wide || !values.iter().all(|value| is_single(*value)) {
                return packed;
            }
        }
        if values.iter().all(|value| is_single(*value)) {
            #[expect(clippy::cast_possible_truncation, reason = "each is the very same as an f32")]
            return Self::Single(values.iter().map(|value| *value as f32).collect());
        }
        Self::Double(values.into())
    }

    fn whole(whole: &[i64], scale: u8) -> Self {
        let first = whole.first().copied().unwrap_or(0);
        let (mut least, mut most) = (first, first);
        let (mut smallest, mut largest) = (i64::MAX, i64::MIN);
        let mut before = first;
        for value in whole.get(1..).unwrap_or_default() {
            let step = value - before;
            (least, most) = (least.min(*value), most.max(*value));
            (smallest, largest) = (smallest.min(step), largest.max(step));
            before = *value;
        }
        if smallest == largest {
            return Self::Even { first, by: smallest, scale };
        }
        let (offset, difference) = (bytes_for(most.abs_diff(least)), bytes_for(largest.abs_diff(smallest)));
        if difference < offset {
            let steps = whole.windows(2).map(|pair| match pair {
                [before, after] => (after - before).abs_diff(smallest),
                _ => 0,
            });
            let bytes = Bytes::of(difference, steps);
            Self::Differences { first, least: smallest, scale, bytes }
        } else {
            let bytes = Bytes::of(offset, whole.iter().map(|value| value.abs_diff(least)));
            Self::Offsets { least, scale, bytes }
        }
    }

    /// Puts the figures into `values`, which is as long as the column.
    pub(super) fn read(&self, values: &mut [f64]) {
        match self {
            Self::Same(value) => values.fill(*value),
            Self::Even { first, by, scale } => {
                let mut next = *first;
                for value in &mut *values {
                    *value = next as f64;
                    next = next.saturating_add(*by);
                }
                unscale(values, *scale);
            }
            Self::Offsets { least, scale, bytes } => {
                bytes.read(values, |distance| least.saturating_add_unsigned(distance));
                unscale(values, *scale);
            }
            Self::Differences { first, least, scale, bytes } => {
                let Some((head, rest)) = values.split_first_mut() else { return };
                let mut now = *first;
                *head = now as f64;
                bytes.read(rest, |more| {
                    now = now.saturating_add(*least).saturating_add_unsigned(more);
                    now
                });
                unscale(values, *scale);
            }
            Self::Single(all) => {
                for (value, one) in values.iter_mut().zip(all) {
                    *value = f64::from(*one);
                }
            }
            Self::Double(all) => {
                for (value, one) in values.iter_mut().zip(all) {
                    *value = *one;
                }
            }
        }
    }

    /// Bytes held on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        match self {
            Self::Same(_) | Self::Even { .. } => 0,
            Self::Offsets { bytes, .. } | Self::Differences { bytes, .. } => bytes.all.len(),
            Self::Single(all) => size_of_val(&**all),
            Self::Double(all) => size_of_val(&**all),
        }
    }
}

impl Bytes {
    fn of(width: u8, values: impl ExactSizeIterator<Item = u64>) -> Self {
        let all = match width {
            1 => values.map(|value| value.to_le_bytes()[0]).collect(),
            2 => laid::<2>(values),
            3 => laid::<3>(values),
            width => {
                let taken = usize::from(width);
                let mut all = Vec::with_capacity(values.len() * taken);
                for value in values {
                    all.extend_from_slice(value.to_le_bytes().get(..taken).unwrap_or_default());
                }
                all.into()
            }
        };
        Self { width, all }
    }

    #[inline]
    fn read(&self, values: &mut [f64], mut whole: impl FnMut(u64) -> i64) {
        match self.width {
            1 => {
                for (value, byte) in values.iter_mut().zip(&self.all) {
                    *value = whole(u64::from(*byte)) as f64;
                }
            }
            2 => {
                for (value, two) in values.iter_mut().zip(self.all.as_chunks::<2>().0) {
                    *value = whole(u64::from(u16::from_le_bytes(*two))) as f64;
                }
            }
            width => {
                for (value, some) in values.iter_mut().zip(self.all.chunks_exact(usize::from(width.max(1)))) {
                    let mut eight = [0; 8];
                    for (to, from) in eight.iter_mut().zip(some) {
                        *to = *from;
                    }
                    *value = whole(u64::from_le_bytes(eight)) as f64;
                }
            }
        }
    }
}

/// The lowest `N` bytes of each.
fn laid<const N: usize>(values: impl ExactSizeIterator<Item = u64>) -> Box<[u8]> {
    let mut all = vec![0; values.len() * N].into_boxed_slice();
    for (slot, value) in all.as_chunks_mut::<N>().0.iter_mut().zip(values) {
        if let Some(low) = value.to_le_bytes().first_chunk::<N>() {
            *slot = *low;
        }
    }
    all
}

const fn bytes_for(most: u64) -> u8 {
    let bits = u64::BITS - most.leading_zeros();
    #[expect(clippy::cast_possible_truncation, reason = "8 at most")]
    let bytes = bits.div_ceil(8) as u8;
    if bytes == 0 { 1 } else { bytes }
}

fn is_single(value: f64) -> bool {
    #[expect(clippy::cast_possible_truncation, reason = "whether it does is what is asked")]
    let single = value as f32;
    f64::from(single).to_bits() == value.to_bits()
}

fn unscale(values: &mut [f64], scale: u8) {
    if let Some(by) = SCALES.get(usize::from(scale)).filter(|_| scale > 0) {
        for value in values {
            *value /= by;
        }
    }
}

/// The whole number that is `value` at such a scale.
#[inline]
fn at_scale(value: f64, by: f64) -> Option<i64> {
    let scaled = value * by;
    // NaN is on neither side
    if !(-WHOLE..=WHOLE).contains(&scaled) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is not beyond 2^53")]
    let whole = (scaled + 0.5f64.copysign(scaled)) as i64;
    // a negative zero, too, is none of the whole numbers
    (((whole as f64) / by).to_bits() == value.to_bits()).then_some(whole)
}

/// All of them as whole numbers at the least scale that holds them.
fn scaled(values: &[f64]) -> Option<(Vec<i64>, u8)> {
    let mut scales = SCALES.iter().enumerate();
    let (mut scale, mut by) = scales.next()?;
    let mut all: Vec<i64> = Vec::with_capacity(values.len());
    for value in values {
        let whole = loop {
            if let Some(whole) = at_scale(*value, *by) {
                break whole;
            }
            (scale, by) = scales.next()?;
            for before in &mut all {
                *before = before.checked_mul(10).filter(|whole| (*whole as f64).abs() <= WHOLE)?;
            }
        };
        all.push(whole);
    }
    Some((all, u8::try_from(scale).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(packed: &Packed, count: usize) -> Vec<u64> {
        let mut values = vec![0.25; count];
        packed.read(&mut values);
        values.into_iter().map(f64::to_bits).collect()
    }

    fn there_and_back(values: &[f64]) -> Packed {
        let packed = Packed::of(values);
        assert_eq!(
            read(&packed, values.len()),
            values.iter().copied().map(f64::to_bits).collect::<Vec<_>>(),
            "{packed:?}"
        );
        packed
    }

    #[test]
    fn what_training_writes_takes_few_bytes() {
        let steps: Vec<f64> = (0..128).map(|n| f64::from(n) * 50.0).collect();
        assert!(matches!(there_and_back(&steps), Packed::Even { by: 50, scale: 0, .. }));
        let losses: Vec<f64> = (0..128).map(|n| f64::from(20_000 - n * 97) / 10_000.0).collect();
        let redraws: Vec<f64> = (0..128).map(|n| f64::from(n * 3 + n % 5 + 70_000)).collect();
        let fraction: Vec<f64> = (0..128).map(|n| f64::from(n) / 100.0).collect();
        let jagged: Vec<f64> = (0..128).map(|n| f64::from(20_000 - n * 97 + n * n % 77) / 10_000.0).collect();
        assert!(matches!(there_and_back(&losses), Packed::Even { scale: 4, .. }));
        assert_eq!(there_and_back(&redraws).heap_bytes(), 127, "a byte each");
        assert!(matches!(there_and_back(&fraction), Packed::Even { by: 1, scale: 2, .. }));
        assert!(there_and_back(&jagged).heap_bytes() <= 256);
        assert_eq!(there_and_back(&[3e-5; 128]), Packed::Same(3e-5));
        let single: Vec<f64> = (1..129).map(|n| f64::from(1.0 / (n as f32))).collect();
        assert_eq!(there_and_back(&single).heap_bytes(), 512, "of event files");
        let double: Vec<f64> = (1..129).map(|n| 1.0 / f64::from(n)).collect();
        assert_eq!(there_and_back(&double).heap_bytes(), 1024);
    }

    #[test]
    fn the_odd_ones_come_back_as_well() {
        for odd in [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            -0.0,
            f64::MIN_POSITIVE,
            f64::MAX,
            5e-324,
            1e15,
            9e18,
        ] {
            there_and_back(&[odd]);
            there_and_back(&[odd, odd, odd]);
            there_and_back(&[1.5, odd, 2.5, -odd]);
        }
        assert_eq!(there_and_back(&[]).heap_bytes(), 0);
    }

    proptest! {
        #[test]
        fn all_bits_come_back(values in prop::collection::vec(prop::num::f64::ANY, 0..130)) {
            there_and_back(&values);
        }

        #[test]
        fn all_decimals_come_back(values in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 1..130), scale in 0i32..14) {
            let values: Vec<f64> = values.into_iter().map(|whole| whole as f64 / 10f64.powi(scale)).collect();
            there_and_back(&values);
        }
    }
}
