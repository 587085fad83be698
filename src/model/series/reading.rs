//! What a series says at one place, for the crosshair, and where it says something.

use super::Point;
use super::Series;
use super::chunk::Room;

/// What a series says at some x, or last said before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Where that was logged.
    pub from: f64,
    /// The figure.
    pub value: f64,
    /// Whether nothing was logged at the x that was asked for: this is older.
    pub older: bool,
}

impl Series {
    /// What it says at `x`. Where a run went over the same x several times, the last time counts. `None` before its first point.
    pub fn at(&self, x: f64) -> Option<Reading> {
        let point = self.nearest(|point| (point.x <= x).then_some(point.x))?;
        #[expect(clippy::float_cmp, reason = "the very same x, not one near it")]
        let older = point.x != x;
        Some(Reading { from: point.x, value: point.y, older })
    }

    /// The last place before `x` at which something was logged.
    pub fn place_before(&self, x: f64) -> Option<f64> {
        self.nearest(|point| (point.x < x).then_some(point.x)).map(|point| point.x)
    }

    /// The first place behind `x` at which something was logged.
    pub fn place_behind(&self, x: f64) -> Option<f64> {
        self.nearest(|point| (point.x > x).then_some(-point.x)).map(|point| point.x)
    }

    /// The point of which `rank` is highest, of equal ones the last. `rank` goes one way over x, as far as it says anything.
    fn nearest(&self, rank: impl Fn(&Point) -> Option<f64>) -> Option<Point> {
        let mut best: Option<(f64, Point)> = None;
        let mut offer = |point: Point| {
            if let Some(rank) = rank(&point)
                && best.is_none_or(|(high, _)| rank > high)
            {
                best = Some((rank, point));
            }
            best.map(|(rank, _)| rank)
        };
        // from the end: of equal ones the first that is met
        let mut high = None;
        for point in self.open.iter().rev() {
            high = offer(*point);
        }
        let mut room = Room::default();
        for chunk in self.sealed().rev() {
            let at = |x: f64| rank(&Point { x, y: 0.0, time: 0.0 });
            let (least, most) = (chunk.summary.x.least, chunk.summary.x.most);
            // what the ends do not say may lie between them
            let bound = match (at(least), at(most)) {
                (Some(one), Some(other)) => one.max(other),
                (None, None) => continue,
                _ => f64::INFINITY,
            };
            if high.is_some_and(|high| high >= bound) {
                continue;
            }
            for point in chunk.points(&mut room).rev() {
                high = offer(point);
            }
        }
        best.map(|(_, point)| point)
    }
}

#[cfg(test)]
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
    fn each_point_is_read_exactly() {
        let series = series(&[(10.0, 1.5), (20.0, 0.5), (30.0, 0.1)]);
        let at = series.at(20.0).unwrap();
        assert_eq!((at.from, at.value, at.older), (20.0, 0.5, false));
        let between = series.at(25.0).unwrap();
        assert_eq!((between.from, between.value, between.older), (20.0, 0.5, true));
        assert_eq!(series.at(99.0).map(|at| (at.from, at.value, at.older)), Some((30.0, 0.1, true)));
        assert_eq!(series.at(9.0), None);
        assert_eq!(Series::default().at(1.0), None);
    }

    #[test]
    fn the_last_of_several_passes_counts() {
        let series = series(&[(1.0, 5.0), (2.0, 4.0), (3.0, 3.0), (1.0, 2.0), (2.0, 1.0)]);
        assert_eq!(series.at(2.0).map(|at| at.value), Some(1.0));
        assert_eq!(series.at(3.0).map(|at| at.value), Some(3.0), "only the first pass went so far");
    }

    #[test]
    fn what_is_no_number_is_read_as_such() {
        let series = series(&[(1.0, 5.0), (2.0, f64::NAN)]);
        assert!(series.at(2.0).unwrap().value.is_nan());
    }

    proptest! {
        #[test]
        fn any_place_is_read_as_a_search_through_all_points_would(
            passes in prop::collection::vec((0i32..500, 1usize..400), 1..5),
            asked in prop::collection::vec(-10i32..1000, 1..20),
        ) {
            let mut points = Vec::new();
            for (from, count) in passes {
                let told = points.len();
                points.extend((0..count).map(|at| (f64::from(from) + at as f64, (told + at) as f64 / 7.0)));
            }
            points.dedup_by_key(|(x, _)| *x);
            let series = series(&points);
            for x in asked.into_iter().map(f64::from) {
                let low = points.iter().map(|(at, _)| *at).filter(|at| *at < x).max_by(f64::total_cmp);
                let high = points.iter().map(|(at, _)| *at).filter(|at| *at > x).min_by(f64::total_cmp);
                prop_assert_eq!((series.place_before(x), series.place_behind(x)), (low, high));
                let meant = points.iter().filter(|(at, _)| *at <= x).max_by(|(one, _), (other, _)| one.total_cmp(other));
                prop_assert_eq!(series.at(x).map(|at| (at.from, at.value)), meant.copied());
            }
        }
    }
}
