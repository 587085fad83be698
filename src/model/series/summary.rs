//! What is known of a stretch of points without looking at each: what a chart needs of it, exactly.

use super::Point;

/// Where a stretch begins, ends and reaches, by one coordinate. All are NaN when none of its points has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// Of the first point that has it.
    pub first: f64,
    /// Of the last point that has it.
    pub last: f64,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

/// A stretch of points, in the order in which they were logged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// How many points it has.
    pub count: u64,
    /// How many of their figures are neither NaN nor infinite.
    pub finite: u64,
    /// Those together.
    pub sum: f64,
    /// The first figure.
    pub first: f64,
    /// The last figure.
    pub last: f64,
    /// The lowest finite figure; NaN when there is none.
    pub min: f64,
    /// The highest finite figure; NaN when there is none.
    pub max: f64,
    /// x.
    pub x: Ends,
    /// Of how many is known when they were logged.
    pub timed: u64,
    /// When they were logged, in milliseconds (see [`crate::model::stamp::Stamp`]).
    pub time: Ends,
}

impl Ends {
    pub(super) const fn at(value: f64) -> Self {
        Self { first: value, last: value, least: value, most: value }
    }

    /// With one that is no NaN.
    #[inline]
    const fn add(&mut self, place: f64) {
        if self.first.is_nan() {
            self.first = place;
        }
        self.last = place;
        self.least = if self.least < place { self.least } else { place };
        self.most = if self.most > place { self.most } else { place };
    }

    /// `min` and `max` of floats take the other one of a NaN.
    const fn join(&mut self, later: &Self) {
        if self.first.is_nan() {
            self.first = later.first;
        }
        if !later.last.is_nan() {
            self.last = later.last;
        }
        self.least = self.least.min(later.least);
        self.most = self.most.max(later.most);
    }
}

impl Summary {
    /// Of one point.
    #[inline]
    pub fn of(point: &Point) -> Self {
        let is_finite = point.y.is_finite();
        let value = if is_finite { point.y } else { f64::NAN };
        Self {
            count: 1,
            finite: u64::from(is_finite),
            sum: if is_finite { point.y } else { 0.0 },
            first: point.y,
            last: point.y,
            min: value,
            max: value,
            x: Ends::at(point.x),
            timed: u64::from(!point.time.is_nan()),
            time: Ends::at(point.time),
        }
    }

    /// With what follows it.
    #[inline]
    pub const fn join(&mut self, later: &Self) {
        self.count += later.count;
        self.finite += later.finite;
        self.sum += later.sum;
        self.last = later.last;
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.x.join(&later.x);
        self.timed += later.timed;
        self.time.join(&later.time);
    }

    /// Of several, in order; `None` of none.
    pub(super) fn all<'a>(mut all: impl Iterator<Item = &'a Self>) -> Option<Self> {
        let mut sum = *all.next()?;
        all.for_each(|next| sum.join(next));
        Some(sum)
    }

    /// Of several points, in order; `None` of none.
    pub(super) fn of_all(points: &[Point]) -> Option<Self> {
        let (first, rest) = points.split_first()?;
        let mut sum = Self::of(first);
        for point in rest {
            sum.add(point);
        }
        Some(sum)
    }

    /// With the point that follows: [`Summary::join`] for one.
    #[inline]
    pub(super) const fn add(&mut self, point: &Point) {
        self.count += 1;
        self.last = point.y;
        if point.y.is_finite() {
            self.finite += 1;
            self.sum += point.y;
            // a NaN is below and above nothing
            self.min = if self.min < point.y { self.min } else { point.y };
            self.max = if self.max > point.y { self.max } else { point.y };
        }
        self.x.add(point.x);
        if !point.time.is_nan() {
            self.timed += 1;
            self.time.add(point.time);
        }
    }

    /// The mean of the finite figures; NaN when there is none.
    pub fn mean(&self) -> f64 {
        self.sum / self.finite as f64
    }

    /// Its first point alone.
    #[must_use]
    pub(super) fn begin(&self) -> Self {
        Self::of(&Point { x: self.x.first, y: self.first, time: self.time.first })
    }

    /// Its last point alone.
    #[must_use]
    pub(super) fn end(&self) -> Self {
        Self::of(&Point { x: self.x.last, y: self.last, time: self.time.last })
    }
}
