//! How the charts of a run are looked at: the part of x that they show, smoothing, the y axis, one chart alone.

use crate::model::facts::Axis;
use crate::model::facts::Facts;
use crate::model::run::RunKey;
use crate::model::series::Smooth;

/// What rows of a chart count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Upright {
    /// Figures.
    #[default]
    Linear,
    /// Their powers of ten. Where some are not above zero, as [`Upright::Symlog`].
    Log,
    /// Powers of ten to both sides of zero, and figures close to it.
    Symlog,
}

impl Upright {
    /// The next kind, round and round.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Linear => Self::Log,
            Self::Log => Self::Symlog,
            Self::Symlog => Self::Linear,
        }
    }
}

/// The ways of smoothing on offer, weakest first.
const WAYS: [Option<Smooth>; 6] = [
    None,
    Some(Smooth::Exponential(0.6)),
    Some(Smooth::Exponential(0.9)),
    Some(Smooth::Exponential(0.99)),
    Some(Smooth::Mean(10)),
    Some(Smooth::Mean(100)),
];

/// The part of the charts over one axis that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Of this run.
    pub run: RunKey,
    /// What x counts there.
    pub axis: Axis,
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// It goes along with the newest figures: it ended there when it was chosen.
    pub follows: bool,
}

/// How charts are looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lens {
    /// What is shown of the charts over some axis; all of the others.
    pub windows: Vec<Window>,
    /// Which of [`WAYS`].
    way: usize,
    /// The y axis.
    pub upright: Upright,
    /// Figures far off from nearly all others do not stretch the y axis.
    pub cut: bool,
    /// The chart that fills the page, by the family of its metrics.
    pub alone: Option<String>,
}

/// A way to change what part of x is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zoom {
    /// Half of it.
    In,
    /// Twice as much.
    Out,
    /// Half of what is shown further on.
    On,
    /// Half of what is shown back.
    Back,
    /// All of it.
    Whole,
}

/// Parts of the whole below which it is not zoomed.
const FINEST: f64 = 1e-6;
/// As much of x is always shown, where it counts steps or points.
const LEAST_STEPS: f64 = 4.0;

/// What the charts over an axis span: all that was logged.
pub fn whole(facts: &Facts, axis: Axis) -> Option<(f64, f64)> {
    let curves = facts.metrics.iter().filter(|metric| metric.axis == axis && metric.series.is_curve());
    let ends = curves.filter_map(|metric| metric.series.summary()).map(|all| (all.x.least, all.x.most));
    let (from, to) = ends.reduce(|sum, next| (sum.0.min(next.0), sum.1.max(next.1)))?;
    (to > from).then_some((from, to))
}

impl Lens {
    /// How curves are smoothed.
    pub fn smooth(&self) -> Option<Smooth> {
        WAYS.get(self.way).copied().flatten()
    }

    /// To the next way of smoothing, or back to the one before.
    pub const fn turn_smooth(&mut self, back: bool) {
        let by = if back { WAYS.len() - 1 } else { 1 };
        self.way = (self.way + by) % WAYS.len();
    }

    /// What it does, in a few words for the title of a chart; nothing when it does nothing.
    pub fn words(&self) -> String {
        let smooth = self.smooth().map(|smooth| match smooth {
            Smooth::Exponential(keep) => format!("ema {keep}").replace("0.", "."),
            Smooth::Mean(count) => format!("mean {count}"),
        });
        let upright = match self.upright {
            Upright::Linear => None,
            Upright::Log => Some("log".to_owned()),
            Upright::Symlog => Some("symlog".to_owned()),
        };
        let cut = self.cut.then(|| "cut".to_owned());
        [smooth, upright, cut].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// What is shown of the charts over `axis`, as it is now; `None` for all of it.
    pub fn window(&self, run: &RunKey, facts: &Facts, axis: Axis) -> Option<(f64, f64)> {
        let window = self.windows.iter().find(|window| window.run == *run && window.axis == axis)?;
        let newest = whole(facts, axis).map(|(_, to)| to).filter(|to| window.follows && *to > window.to);
        let by = newest.map_or(0.0, |to| to - window.to);
        Some((window.from + by, window.to + by))
    }

    /// Changes what is shown of the charts over `axis`. It closes in on `near`, or else on the newest figures. Returns whether
    /// there was anything to change.
    pub fn zoom(&mut self, run: &RunKey, facts: &Facts, axis: Axis, near: Option<f64>, zoom: Zoom) -> bool {
        let Some(whole) = whole(facts, axis) else { return false };
        let (from, to) = self.window(run, facts, axis).unwrap_or(whole);
        let near = near.map_or(to, |near| near.clamp(from, to));
        let span = to - from;
        let (from, to) = match zoom {
            Zoom::In => {
                let least = if axis == Axis::Epoch { 0.0 } else { LEAST_STEPS };
                let half = (span / 2.0).max(least).max((whole.1 - whole.0) * FINEST).min(span);
                // what is looked at stays where it is on the chart
                let from = (near - (near - from) * (half / span)).max(from);
                (from, from + half)
            }
            Zoom::Out => (near - (near - from) * 2.0, near + (to - near) * 2.0),
            Zoom::On => (from + span / 2.0, to + span / 2.0),
            Zoom::Back => (from - span / 2.0, to - span / 2.0),
            Zoom::Whole => whole,
        };
        self.show(run, axis, whole, from, to)
    }

    /// Moves what is shown so far that `at` is part of it.
    pub fn bring(&mut self, run: &RunKey, facts: &Facts, axis: Axis, at: f64) {
        let Some((whole, (from, to))) = whole(facts, axis).zip(self.window(run, facts, axis)) else { return };
        if !(from..=to).contains(&at) {
            let half = (to - from) / 2.0;
            self.show(run, axis, whole, at - half, at + half);
        }
    }

    /// Shows from `from` to `to`, moved so that it lies within the whole. Returns whether that is anything new.
    fn show(&mut self, run: &RunKey, axis: Axis, whole: (f64, f64), from: f64, to: f64) -> bool {
        let span = to - from;
        let from = from.min(whole.1 - span).max(whole.0);
        let to = (from + span).min(whole.1);
        let at = self.windows.iter().position(|window| window.run == *run && window.axis == axis);
        let before = at.map(|at| self.windows.swap_remove(at));
        if from <= whole.0 && to >= whole.1 {
            return before.is_some();
        }
        let window = Window { run: run.clone(), axis, from, to, follows: to >= whole.1 };
        let is_new = before.is_none_or(|before| before != window);
        // of runs that were looked at long ago nobody remembers where
        if self.windows.len() >= WINDOWS {
            self.windows.remove(0);
        }
        self.windows.push(window);
        is_new
    }
}

/// Windows that are remembered.
const WINDOWS: usize = 64;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::facts::Metric;
    use crate::model::series::Series;
    use crate::store::tests::{key, metric};

    fn facts(steps: u32) -> Facts {
        let mut series = Series::default();
        for step in 0..=steps {
            series.push(f64::from(step), 1.0);
        }
        let loss = Metric { axis: Axis::Step, series: Arc::new(series), ..metric("loss", &[1.0]) };
        Facts { metrics: vec![loss], ..Facts::default() }
    }

    #[test]
    fn it_closes_in_on_what_is_looked_at_and_comes_back_to_all() {
        let (run, facts) = (key("a"), facts(1000));
        let mut lens = Lens::default();
        assert_eq!(lens.window(&run, &facts, Axis::Step), None);
        assert!(lens.zoom(&run, &facts, Axis::Step, Some(250.0), Zoom::In));
        assert_eq!(lens.window(&run, &facts, Axis::Step), Some((125.0, 625.0)));
        assert!(lens.zoom(&run, &facts, Axis::Step, Some(250.0), Zoom::In));
        assert_eq!(lens.window(&run, &facts, Axis::Step), Some((187.5, 437.5)));
        assert!(lens.zoom(&run, &facts, Axis::Step, Some(250.0), Zoom::Out));
        assert_eq!(lens.window(&run, &facts, Axis::Step), Some((125.0, 625.0)), "out again is what it was");
        assert!(lens.zoom(&run, &facts, Axis::Step, None, Zoom::Whole));
        assert_eq!(lens.window(&run, &facts, Axis::Step), None);
        assert!(!lens.zoom(&run, &facts, Axis::Step, None, Zoom::Out), "there is no more than all");
        assert!(!lens.zoom(&run, &facts, Axis::Epoch, None, Zoom::In), "there is no such chart");
        assert_eq!(lens.window(&key("b"), &facts, Axis::Step), None, "of another run all is shown");
    }

    #[test]
    fn it_moves_within_what_there_is_and_finds_an_end() {
        let (run, facts) = (key("a"), facts(1000));
        let mut lens = Lens::default();
        for _ in 0..40 {
            lens.zoom(&run, &facts, Axis::Step, Some(500.0), Zoom::In);
        }
        let (from, to) = lens.window(&run, &facts, Axis::Step).unwrap();
        assert!((to - from - LEAST_STEPS).abs() < 1e-9 && from < 500.0 && 500.0 < to);
        for _ in 0..4 {
            lens.zoom(&run, &facts, Axis::Step, Some(500.0), Zoom::Out);
        }
        for _ in 0..100 {
            lens.zoom(&run, &facts, Axis::Step, None, Zoom::Back);
        }
        assert_eq!(lens.window(&run, &facts, Axis::Step).map(|(from, _)| from), Some(0.0));
        assert!(!lens.zoom(&run, &facts, Axis::Step, None, Zoom::Back));
        lens.bring(&run, &facts, Axis::Step, 900.0);
        let (from, to) = lens.window(&run, &facts, Axis::Step).unwrap();
        assert!(from < 900.0 && 900.0 < to);
    }

    #[test]
    fn what_ends_at_the_newest_figures_goes_along_with_them() {
        let run = key("a");
        let mut lens = Lens::default();
        lens.zoom(&run, &facts(1000), Axis::Step, None, Zoom::In);
        assert_eq!(lens.window(&run, &facts(1000), Axis::Step), Some((500.0, 1000.0)));
        assert_eq!(lens.window(&run, &facts(1200), Axis::Step), Some((700.0, 1200.0)));
        lens.zoom(&run, &facts(1200), Axis::Step, None, Zoom::Back);
        assert_eq!(lens.window(&run, &facts(1200), Axis::Step), Some((450.0, 950.0)));
        assert_eq!(lens.window(&run, &facts(1400), Axis::Step), Some((450.0, 950.0)), "and else it stays");
    }

    #[test]
    fn ways_of_smoothing_go_round_and_are_named() {
        let mut lens = Lens::default();
        assert_eq!((lens.smooth(), lens.words()), (None, String::new()));
        lens.turn_smooth(false);
        lens.upright = Upright::Log;
        assert_eq!(lens.words(), "ema .6 log");
        lens.turn_smooth(true);
        lens.turn_smooth(true);
        assert_eq!((lens.smooth(), lens.words().as_str()), (Some(Smooth::Mean(100)), "mean 100 log"));
    }
}
