//! A metric's history in bounded memory, with no spike ever lost.
//!
//! Points fall into buckets of equal count. When all buckets are in use, neighbours merge two by two and each bucket holds
//! twice as many points from then on: any length of history keeps its first, last, lowest and highest value per bucket.

mod reading;

pub use reading::Reading;

/// What one bucket of a series holds. Values are `f32`: a bucket is drawn, exact figures stand in the metric itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// x of the first point.
    pub x: f64,
    /// First value.
    pub first: f32,
    /// Last value.
    pub last: f32,
    /// Lowest finite value; NaN when there is none.
    pub min: f32,
    /// Highest finite value; NaN when there is none.
    pub max: f32,
}

impl Bucket {
    fn of(x: f64, y: f32) -> Self {
        let finite = if y.is_finite() { y } else { f32::NAN };
        Self { x, first: y, last: y, min: finite, max: finite }
    }

    #[inline]
    fn add(&mut self, y: f32) {
        self.last = y;
        if y.is_finite() {
            // a NaN is below and above nothing: `y` takes its place
            self.min = if self.min < y { self.min } else { y };
            self.max = if self.max > y { self.max } else { y };
        }
    }

    fn absorb(&mut self, later: &Self) {
        self.last = later.last;
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
    }
}

/// Buckets that a series may use before it merges them: enough for two to a column on a 120-column chart, and small enough
/// that a thousand runs with fifteen metrics each stay below 100 MB.
pub const BUCKETS: usize = 256;

/// Where a NaN or an infinity was logged; only the first few are kept, all are counted.
const MARKS: usize = 16;

/// One metric over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    buckets: Vec<Bucket>,
    /// Points a full bucket holds.
    stride: u32,
    /// Points the last bucket holds so far.
    fill: u32,
    last_x: f64,
    /// x of the first non-finite points.
    marks: Vec<f64>,
}

impl Series {
    /// Takes a point in. The same x again replaces what was said of it (a bar that is redrawn with new figures).
    /// Returns whether it was a new point. An x below the last one begins a second pass: it is kept in order of arrival.
    #[expect(clippy::cast_possible_truncation, reason = "drawn, not told: see Bucket")]
    #[inline]
    pub fn push(&mut self, x: f64, y: f64) -> bool {
        let value = y as f32;
        if !y.is_finite() {
            self.mark(x);
        }
        #[expect(clippy::float_cmp, reason = "the very same x, not one near it")]
        let again = x == self.last_x;
        match self.buckets.last_mut() {
            Some(last) if again => {
                if self.fill == 1 {
                    *last = Bucket::of(x, value);
                } else {
                    last.add(value);
                }
                return false;
            }
            Some(last) if self.fill < self.stride => {
                last.add(value);
                self.fill += 1;
            }
            _ => self.begin(x, value),
        }
        self.last_x = x;
        true
    }

    #[cold]
    fn mark(&mut self, x: f64) {
        if self.marks.len() < MARKS && self.marks.last() != Some(&x) {
            self.marks.push(x);
        }
    }

    /// A new bucket.
    #[inline(never)]
    fn begin(&mut self, x: f64, value: f32) {
        self.stride = self.stride.max(1);
        if self.buckets.len() >= BUCKETS {
            self.halve();
        }
        self.buckets.push(Bucket::of(x, value));
        self.fill = 1;
    }

    fn halve(&mut self) {
        let mut kept = 0;
        for pair in 0..self.buckets.len().div_ceil(2) {
            let Some(mut first) = self.buckets.get(pair * 2).copied() else { break };
            if let Some(second) = self.buckets.get(pair * 2 + 1) {
                first.absorb(second);
            }
            if let Some(slot) = self.buckets.get_mut(pair) {
                *slot = first;
            }
            kept = pair + 1;
        }
        self.buckets.truncate(kept);
        self.stride = self.stride.saturating_mul(2);
    }

    /// Gives each point another place; the order must stay.
    pub fn place_anew(&mut self, place: impl Fn(f64) -> f64) {
        for bucket in &mut self.buckets {
            bucket.x = place(bucket.x);
        }
        for mark in &mut self.marks {
            *mark = place(*mark);
        }
        self.last_x = place(self.last_x);
    }

    /// Gives each point its number for its place, from 0.
    pub fn number(&mut self) {
        let stride = f64::from(self.stride.max(1));
        let numbers = |at: usize| at as f64 * stride;
        for mark in &mut self.marks {
            let behind = self.buckets.iter().take_while(|bucket| bucket.x <= *mark).count();
            *mark = numbers(behind.saturating_sub(1));
        }
        for (at, bucket) in self.buckets.iter_mut().enumerate() {
            bucket.x = numbers(at);
        }
        self.last_x = self.points().saturating_sub(1) as f64;
    }

    /// The buckets in order of arrival.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// How many points were taken in.
    pub fn points(&self) -> u64 {
        let full = self.buckets.len().saturating_sub(1) as u64;
        full * u64::from(self.stride) + u64::from(self.fill)
    }

    /// x of the last point; `None` when there is none.
    pub fn last_x(&self) -> Option<f64> {
        (!self.buckets.is_empty()).then_some(self.last_x)
    }

    /// x of the first points that were NaN or infinite.
    pub fn marks(&self) -> &[f64] {
        &self.marks
    }

    /// Bytes held on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.buckets.capacity() * size_of::<Bucket>() + self.marks.capacity() * size_of::<f64>()
    }
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "buckets hold f32, and the very same values are meant"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_spike_is_lost_and_memory_is_bounded(values in prop::collection::vec(-1e6f64..1e6, 1..4000)) {
            let mut series = Series::default();
            for (x, y) in values.iter().enumerate() {
                prop_assert!(series.push(x as f64, *y));
            }
            let low = values.iter().copied().fold(f64::INFINITY, f64::min) as f32;
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max) as f32;
            prop_assert!(series.buckets().len() <= BUCKETS);
            prop_assert_eq!(series.points(), values.len() as u64);
            prop_assert!(series.buckets().iter().any(|b| b.min == low));
            prop_assert!(series.buckets().iter().any(|b| b.max == high));
            prop_assert_eq!(series.buckets().first().map(|b| b.first), values.first().map(|v| *v as f32));
            prop_assert_eq!(series.buckets().last().map(|b| b.last), values.last().map(|v| *v as f32));
            prop_assert!(series.buckets().windows(2).all(|w| w[0].x < w[1].x));
        }
    }

    #[test]
    fn a_redraw_replaces_the_point() {
        let mut series = Series::default();
        assert!(series.push(1.0, 5.0));
        assert!(!series.push(1.0, 4.0));
        assert_eq!(series.buckets().len(), 1);
        assert_eq!(series.buckets()[0].max, 4.0);
    }

    #[test]
    fn points_are_numbered_in_order() {
        let mut series = Series::default();
        for n in 0..1000 {
            series.push(f64::from(n) * 10.0, 1.0);
        }
        series.number();
        assert_eq!(series.last_x(), Some(999.0));
        let last = series.buckets().len() - 1;
        assert_eq!((series.buckets()[1].x, series.buckets()[last].x), (4.0, 4.0 * last as f64));
        assert!(series.push(1000.0, 1.0));
    }

    #[test]
    fn nan_is_a_mark_and_not_a_value() {
        let mut series = Series::default();
        series.push(1.0, 0.5);
        series.push(2.0, f64::NAN);
        series.push(3.0, f64::INFINITY);
        assert_eq!(series.marks(), [2.0, 3.0]);
        assert!(series.buckets()[1].min.is_nan());
        assert!(series.buckets()[2].max.is_nan());
    }
}
