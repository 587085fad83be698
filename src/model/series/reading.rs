//! What a series says at one place, for the crosshair: the figure there where it is known by itself, and else what it lay between.

use super::Bucket;
use super::Series;

/// What a series says at some x, or last said before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// x of the first point that it is of.
    pub from: f64,
    /// How many points it is of.
    pub points: u32,
    /// Lowest finite value; NaN when there is none.
    pub low: f32,
    /// Highest finite value; NaN when there is none.
    pub high: f32,
    /// The last value.
    pub last: f32,
    /// Whether nothing was logged at the x that was asked for: this is older.
    pub older: bool,
}

impl Series {
    /// What it says at `x`. Where a run went over the same x several times, the last time counts. `None` before its first point.
    pub fn at(&self, x: f64) -> Option<Reading> {
        let begun = self.buckets.iter().enumerate().filter(|(_, bucket)| bucket.x <= x);
        // of equal ones the last
        let (at, bucket) = begun.max_by(|(_, one), (_, other)| one.x.total_cmp(&other.x))?;
        let is_last = at + 1 == self.buckets.len();
        let points = if is_last { self.fill } else { self.stride };
        let until = if is_last { Some(self.last_x) } else { self.buckets.get(at + 1).map(|next| next.x) };
        let within = points > 1 && until.is_some_and(|until| x < until || (is_last && x <= until));
        #[expect(clippy::float_cmp, reason = "the very same x, not one near it")]
        let older = !within && x != bucket.x;
        let Bucket { x: from, min: low, max: high, last, .. } = *bucket;
        Some(Reading { from, points, low, high, last, older })
    }

    /// Where the crosshair can stand: x of each stretch, and of the last point.
    pub fn stops(&self) -> impl Iterator<Item = f64> {
        self.buckets.iter().map(|bucket| bucket.x).chain(self.last_x())
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, clippy::cast_possible_truncation, reason = "the very same values are meant")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn series(points: &[(f64, f64)]) -> Series {
        let mut series = Series::default();
        for (x, y) in points {
            series.push(*x, *y);
        }
        series
    }

    #[test]
    fn each_point_of_a_short_history_is_read_exactly() {
        let series = series(&[(10.0, 1.5), (20.0, 0.5), (30.0, 0.75)]);
        let at = series.at(20.0).unwrap();
        assert_eq!((at.from, at.points, at.last, at.older), (20.0, 1, 0.5, false));
        let between = series.at(25.0).unwrap();
        assert_eq!((between.from, between.last, between.older), (20.0, 0.5, true));
        assert_eq!(series.at(99.0).map(|at| (at.from, at.older)), Some((30.0, true)));
        assert_eq!(series.at(9.0), None);
        assert_eq!(Series::default().at(1.0), None);
    }

    #[test]
    fn the_last_of_several_passes_counts() {
        let series = series(&[(1.0, 5.0), (2.0, 4.0), (3.0, 3.0), (1.0, 2.0), (2.0, 1.0)]);
        assert_eq!(series.at(2.0).map(|at| at.last), Some(1.0));
        assert_eq!(series.at(3.0).map(|at| at.last), Some(3.0), "only the first pass went so far");
    }

    #[test]
    fn what_is_no_number_is_read_as_such() {
        let series = series(&[(1.0, 5.0), (2.0, f64::NAN)]);
        let at = series.at(2.0).unwrap();
        assert!(at.last.is_nan() && at.low.is_nan());
    }

    proptest! {
        #[test]
        fn a_long_history_is_read_within_what_was_logged(count in 1usize..3000, at in 0usize..3000) {
            let value = |at: usize| ((at * 7919) % 1013) as f64;
            let points: Vec<(f64, f64)> = (0..count).map(|at| (at as f64, value(at))).collect();
            let series = series(&points);
            let at = at % count;
            let reading = series.at(at as f64).unwrap();
            prop_assert!(!reading.older);
            prop_assert!(reading.from <= at as f64 && (at as f64) < reading.from + f64::from(reading.points));
            let value = value(at) as f32;
            prop_assert!(reading.low <= value && value <= reading.high);
            if reading.points == 1 {
                prop_assert_eq!(reading.last, value);
            }
            prop_assert!(series.stops().all(|x| series.at(x).is_some_and(|at| !at.older)));
        }
    }
}
