//! The crosshair: a place on x that all charts of a run's page share, and that the log is brought to.
//!
//! It moves from one logged place to the next, never to one of which nothing is known.

use crate::model::facts::Axis;
use crate::model::facts::Facts;
use crate::model::facts::Metric;
use crate::model::run::RunKey;

/// Parts of the whole that a step of the crosshair goes on at least: less would not be seen on a wide chart.
const SEEN: f64 = 256.0;

/// Where the crosshair stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Cross {
    /// On the charts of this run.
    pub run: RunKey,
    /// On those whose x counts this.
    pub axis: Axis,
    /// There.
    pub x: f64,
}

/// A way to move the crosshair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Walk {
    /// To the place before.
    Back,
    /// To the next place.
    On,
    /// A tenth of the whole back.
    FarBack,
    /// A tenth of the whole on.
    FarOn,
    /// To the first place.
    First,
    /// To the newest place.
    Last,
}

impl Cross {
    /// At the newest place of the first of these axes that has one.
    pub fn new(run: &RunKey, facts: &Facts, axes: impl IntoIterator<Item = Axis>) -> Option<Self> {
        axes.into_iter().find_map(|axis| {
            let x = before(facts, axis, f64::INFINITY)?;
            Some(Self { run: run.clone(), axis, x })
        })
    }

    /// At the place of a chart that is nearest to `x`.
    pub fn near(run: RunKey, facts: &Facts, axis: Axis, x: f64) -> Option<Self> {
        let nearer = |one: &f64, other: &f64| (one - x).abs().total_cmp(&(other - x).abs());
        let sides = [before(facts, axis, x.next_up()), behind(facts, axis, x)];
        let x = sides.into_iter().flatten().min_by(nearer)?;
        Some(Self { run, axis, x })
    }

    /// Moves it, as far as there is somewhere to go. `shown` is the part of x that is on screen, if that is not all.
    pub fn walk(&mut self, facts: &Facts, walk: Walk, shown: Option<(f64, f64)>) {
        let here = self.x;
        let below = |limit: f64| before(facts, self.axis, limit);
        let above = |limit: f64| behind(facts, self.axis, limit);
        let Some((last, first)) = below(f64::INFINITY).zip(above(f64::NEG_INFINITY)) else { return };
        let span = shown.map_or(last - first, |(from, to)| to - from);
        let (tenth, seen) = (span / 10.0, span / SEEN);
        let to = match walk {
            Walk::Back => below(here - seen).or(Some(first)),
            Walk::On => above(here + seen).or(Some(last)),
            Walk::FarBack => below(here - tenth).or(Some(first)),
            Walk::FarOn => above(here + tenth).or(Some(last)),
            Walk::First => Some(first),
            Walk::Last => Some(last),
        };
        self.x = to.unwrap_or(here);
    }

    /// To the charts whose x counts something else.
    pub fn turn(&mut self, facts: &Facts, axes: &[Axis]) {
        let here = axes.iter().position(|axis| *axis == self.axis).map_or(0, |at| at + 1);
        let others = axes.iter().cycle().skip(here).take(axes.len()).copied();
        if let Some(next) = Self::new(&self.run, facts, others) {
            *self = next;
        }
    }

    /// The step it stands at, where it stands at one.
    pub fn step(&self) -> Option<u64> {
        let whole = self.axis == Axis::Step && self.x >= 0.0 && self.x < 2f64.powi(63);
        // figures of one step stand as near to each other as two numbers can
        let near = self.x.round();
        let at = if (self.x - near).abs() < 1e-3 { near } else { self.x.ceil() };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just above")]
        let step = at as u64;
        whole.then_some(step)
    }
}

/// The curves over this axis.
fn curves(facts: &Facts, axis: Axis) -> impl Iterator<Item = &Metric> {
    facts.metrics.iter().filter(move |metric| metric.axis == axis && metric.series.is_curve())
}

/// The last place before `limit` of which a curve over this axis tells.
fn before(facts: &Facts, axis: Axis, limit: f64) -> Option<f64> {
    curves(facts, axis).filter_map(|metric| metric.series.place_before(limit)).max_by(f64::total_cmp)
}

/// The first place behind `limit` of which a curve over this axis tells.
fn behind(facts: &Facts, axis: Axis, limit: f64) -> Option<f64> {
    curves(facts, axis).filter_map(|metric| metric.series.place_behind(limit)).min_by(f64::total_cmp)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the very same places are meant")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::series::Series;
    use crate::store::tests::{key, metric};

    fn over(name: &str, axis: Axis, xs: &[f64]) -> Metric {
        let mut series = Series::default();
        for x in xs {
            series.push(*x, 1.0);
        }
        Metric { axis, series: Arc::new(series), ..metric(name, &[1.0]) }
    }

    fn facts() -> Facts {
        let metrics = vec![
            over("loss", Axis::Step, &[10.0, 20.0, 30.0, 40.0]),
            over("val_loss", Axis::Step, &[25.0, 45.0]),
            over("once", Axis::Step, &[99.0]),
            over("score", Axis::Epoch, &[1.0, 2.0]),
        ];
        Facts { metrics, ..Facts::default() }
    }

    #[test]
    fn it_goes_from_one_logged_place_to_the_next_over_all_charts() {
        let facts = facts();
        let mut cross = Cross::new(&key("a"), &facts, [Axis::Step]).unwrap();
        assert_eq!(cross.x, 45.0, "what is no curve has no chart");
        let mut seen = Vec::new();
        for walk in [Walk::On, Walk::Back, Walk::Back, Walk::Back, Walk::First, Walk::Back, Walk::On] {
            cross.walk(&facts, walk, None);
            seen.push(cross.x);
        }
        assert_eq!(seen, [45.0, 40.0, 30.0, 25.0, 10.0, 10.0, 20.0]);
        cross.walk(&facts, Walk::FarOn, None);
        assert_eq!(cross.x, 25.0, "a tenth of 35 on, and then the next place");
        for _ in 0..9 {
            cross.walk(&facts, Walk::FarOn, None);
        }
        assert_eq!((cross.x, cross.step()), (45.0, Some(45)));
        cross.walk(&facts, Walk::First, None);
        cross.walk(&facts, Walk::FarBack, None);
        assert_eq!(cross.x, 10.0);
    }

    #[test]
    fn it_turns_to_the_other_axes_and_names_no_step_there() {
        let facts = facts();
        let axes = [Axis::Step, Axis::Epoch];
        let mut cross = Cross::new(&key("a"), &facts, axes).unwrap();
        cross.turn(&facts, &axes);
        assert_eq!((cross.axis, cross.x, cross.step()), (Axis::Epoch, 2.0, None));
        cross.turn(&facts, &axes);
        assert_eq!(cross.axis, Axis::Step);
        cross.turn(&facts, &[Axis::Step]);
        assert_eq!(cross.axis, Axis::Step);
        assert_eq!(Cross::new(&key("a"), &Facts::default(), axes), None);
    }

    #[test]
    fn the_nearest_place_is_found() {
        let facts = facts();
        let near = |x| Cross::near(key("a"), &facts, Axis::Step, x).map(|cross| cross.x);
        assert_eq!((near(0.0), near(27.0), near(1e9)), (Some(10.0), Some(25.0), Some(45.0)));
        assert_eq!(Cross::near(key("a"), &facts, Axis::Index, 1.0), None);
        // of two figures of one step
        let beside = Cross { x: 45f64.next_up(), ..Cross::near(key("a"), &facts, Axis::Step, 45.0).unwrap() };
        assert_eq!(beside.step(), Some(45));
    }
}
