//! One metric: its figures as they come, where each stands, and what callbacks told of it before a row did.

use std::sync::Arc;

use crate::model::facts::Axis;
use crate::model::facts::Metric;
use crate::model::series::Series;

/// Who writes a metric: a bar's postfix and a line of the same name are one, but figures of validation are not those of
/// training, though both may be called `loss`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Data {
    Train,
    Validation,
    Test,
}

/// One metric under way.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was seen of it, in any combination")]
#[derive(Debug, Clone)]
/// One metric under way.
pub(super) struct Entry {
    /// Its history is empty while that is [`Entry::live`].
    pub(super) metric: Metric,
    /// The history under way: shared with nobody, so that a point costs no more than its bucket.
    pub(super) live: Option<Series>,
    /// As written, before anything was put before it.
    pub(super) base: Arc<str>,
    pub(super) data: Data,
    /// Fed by a bar: redraws seen with a new count, and those that brought a new figure.
    pub(super) seen: u32,
    pub(super) changed: u32,
    pub(super) from_bar: bool,
    /// Ends of passes at which it was drawn: what is sure to have been logged of a figure that a bar only shows.
    pub(super) passes: u64,
    pub(super) passed: Option<f64>,
    /// x of the newest point.
    pub(super) last_x: f64,
    /// Its x are steps of which it is not settled whether they count through the run.
    pub(super) guessed: bool,
    /// A figure that a callback told of an epoch of which no row has told it yet.
    pub(super) improved: Option<(f64, Spot)>,
    /// The epoch in which it was logged last.
    pub(super) epoch: Option<f64>,
    /// Callbacks alone have told it: what it is where it did not improve, nobody knows.
    pub(super) told: bool,
    /// It was said not to have improved since.
    pub(super) stale: bool,
}

/// Where a figure was taken.
#[derive(Debug, Clone, Copy)]
pub(in crate::track) struct Spot {
    /// What x counts.
    pub axis: Axis,
    /// x; `None` when nothing tells: the next index.
    pub x: Option<f64>,
    /// Global step, when known.
    pub step: Option<f64>,
    /// The newest global step, whether or not the figure was taken there.
    pub now: Option<f64>,
    /// The epoch under way.
    pub epoch: Option<f64>,
    /// x is a step, and it is not settled whether those count through the run.
    pub guessed: bool,
}

impl Spot {
    /// A place of which only that is known.
    pub(in crate::track) fn new(axis: Axis, x: Option<f64>, step: Option<f64>) -> Self {
        Self { axis, x, step, now: None, epoch: None, guessed: false }
    }
}

impl Entry {
    /// Of which nothing was told yet. `base` is its name as written.
    pub(super) fn new(metric: Metric, base: Arc<str>, data: Data) -> Self {
        Self {
            metric,
            live: None,
            base,
            data,
            seen: 0,
            changed: 0,
            from_bar: false,
            passes: 0,
            passed: None,
            last_x: f64::NAN,
            guessed: false,
            improved: None,
            epoch: None,
            told: false,
            stale: false,
        }
    }

    /// The history, to be written on.
    pub(super) fn history(&mut self) -> &mut Series {
        let shared = &mut self.metric.series;
        self.live.get_or_insert_with(|| {
            Arc::try_unwrap(std::mem::take(shared)).unwrap_or_else(|shared| Series::clone(&shared))
        })
    }

    /// Ends the writing for now: the history can be shared.
    pub(super) fn share(&mut self) {
        if let Some(live) = self.live.take() {
            self.metric.series = Arc::new(live);
        }
    }

    /// Whether a figure is the lowest or the highest so far.
    #[inline]
    pub(super) fn extremes(&mut self, value: f64, x: Option<f64>) {
        let Metric { min: Some(min), max: Some(max), .. } = self.metric else {
            return self.extreme(value, x);
        };
        if !(min..=max).contains(&value) {
            self.extreme(value, x);
        }
    }

    /// Of a value that is no more between those before.
    #[inline(never)]
    fn extreme(&mut self, value: f64, x: Option<f64>) {
        let metric = &mut self.metric;
        if !value.is_finite() {
            metric.non_finite += 1;
            return;
        }
        if metric.min.is_none_or(|min| value < min) {
            (metric.min, metric.min_at) = (Some(value), x);
        }
        if metric.max.is_none_or(|max| value > max) {
            (metric.max, metric.max_at) = (Some(value), x);
        }
    }

    /// A figure that was taken at `spot`.
    #[inline]
    pub(super) fn push(&mut self, value: f64, spot: &Spot) {
        match (spot.x, &mut self.live) {
            // a history under way has a point and an axis
            (Some(x), Some(live)) if spot.axis == self.metric.axis && value.is_finite() => {
                let metric = &mut self.metric;
                metric.points += u64::from(live.push(x, value));
                metric.last = value;
                self.last_x = x;
                metric.step = spot.step;
                self.extremes(value, Some(x));
            }
            _ => self.push_other(value, spot),
        }
    }

    /// What a callback told becomes a point, unless a row of its own epoch has come: that is told by `epoch`.
    pub(super) fn settle(&mut self, epoch: Option<f64>) {
        let Some((value, spot)) = self.improved.take() else { return };
        if spot.epoch != epoch {
            self.told |= self.metric.points == 0;
            self.push(value, &spot);
            self.epoch = spot.epoch;
        }
    }

    /// A bar tells the metric: what callbacks said of it was said by the bar as well.
    pub(super) fn leave_to_bar(&mut self) {
        self.improved = None;
        if std::mem::take(&mut self.told) {
            let metric = &self.metric;
            self.metric = Metric::new(Arc::clone(&metric.name), Axis::Index, Arc::clone(&metric.source));
            (self.live, self.last_x) = (None, f64::NAN);
        }
    }

    /// Where on the metric's axis a figure stands that was taken at `spot`; `None` when nothing tells. A chart has one axis, and a
    /// figure at a place where it was not taken would be a wrong one.
    fn place(&mut self, value: f64, spot: &Spot) -> Option<f64> {
        // the next one in a row of numbers
        let next = if self.last_x.is_nan() { 0.0 } else { self.last_x + 1.0 };
        if self.metric.points == 0 {
            self.metric.axis = spot.axis;
            return spot.x.or((spot.axis == Axis::Index).then_some(next));
        }
        match (self.metric.axis, spot.axis) {
            (Axis::Index, Axis::Index) => Some(spot.x.unwrap_or(next)),
            (axis, other) if axis == other => spot.x,
            (Axis::Index | Axis::Epoch, Axis::Step) if spot.x.is_some() && !self.from_bar => {
                // steps are the finer measure, and what stood at epochs or at no place cannot be mapped to them: the curve begins
                // anew where its places are known. It is counted on, and its lowest and highest figures stay
                self.metric.axis = Axis::Step;
                self.metric.series = Arc::default();
                self.live = None;
                (self.metric.min_at, self.metric.max_at) = (None, None);
                spot.x
            }
            // each is the next one: that is all that such an axis says
            (Axis::Index, _) => Some(next),
            // an epoch's sums, below its steps: they stand where the run stands
            (Axis::Step, Axis::Epoch) => spot.now.map(|now| {
                let here = (now..now + 0.5).contains(&self.last_x);
                let same = self.metric.last.to_bits() == value.to_bits();
                match here {
                    true if same => self.last_x,
                    true => self.last_x.next_up(),
                    false => now,
                }
            }),
            (Axis::Step, Axis::Index) if self.from_bar && spot.x >= Some(self.last_x) => {
                // the bar is drawn anew for each epoch: it counts on, but no steps of the run
                self.metric.axis = Axis::Index;
                spot.x
            }
            _ => None,
        }
    }

    #[inline(never)]
    fn push_other(&mut self, value: f64, spot: &Spot) {
        let x = self.place(value, spot);
        let before = self.metric.non_finite;
        let new = match x {
            Some(x) => {
                self.last_x = x;
                self.history().push(x, value)
            }
            None => true,
        };
        self.metric.last = value;
        self.extremes(value, x);
        if new {
            self.metric.points += 1;
        } else {
            self.metric.non_finite = before.max(u64::from(!value.is_finite()));
        }
        let mapped = spot.now.filter(|_| self.metric.axis == Axis::Step && x.is_some());
        self.metric.step = spot.step.or(mapped);
    }
}
