//! Metrics of one source: figures with their histories, found again without hashing when a bar is redrawn.

mod entry;
mod name;

use std::sync::Arc;

use crate::model::facts::Axis;
use crate::model::facts::Metric;
use crate::model::record::Split;

pub(super) use self::entry::Spot;
use self::entry::{Data, Entry};
use self::name::{qualified, shown};

/// All metrics of a source.
#[derive(Debug, Clone, Default)]
pub(super) struct Metrics {
    entries: Vec<Entry>,
}

/// More names than this are no metrics but data.
const MOST: usize = 512;
/// What Lightning's bars call the number of the logger's folder: the one figure beside a bar that is none.
const LOGGER_VERSION: &str = "v_num";

impl Metrics {
    /// The place of `name`, made if need be.
    pub(super) fn slot(&mut self, name: &str, split: Option<Split>, source: &Arc<str>) -> Option<usize> {
        let data = match split {
            // where in training it was is no measure of either
            _ if matches!(name, "epoch" | "step") => Data::Train,
            Some(Split::Validation) if !qualified(name) => Data::Validation,
            Some(Split::Test) if !qualified(name) => Data::Test,
            _ => Data::Train,
        };
        if let Some(found) = self.entries.iter().position(|e| e.data == data && &*e.base == name) {
            return Some(found);
        }
        if self.entries.len() >= MOST || name.is_empty() || name.len() > 128 || name == LOGGER_VERSION {
            return None;
        }
        let name: Arc<str> = Arc::from(name);
        let shown = shown(&name);
        if shown.trim().is_empty() {
            return None;
        }
        let metric = Metric::new(shown, Axis::Index, Arc::clone(source));
        self.entries.push(Entry::new(metric, name, data));
        self.tell_apart();
        let at = self.entries.len() - 1;
        if let Some(name) = self.entries.get(at).map(|entry| self.free(&entry.metric.name, at))
            && let Some(entry) = self.entries.get_mut(at)
        {
            entry.metric.name = name;
        }
        Some(at)
    }

    /// The name for the metric at `own`, with a number behind it where another one is called so: `loss` and `[loss` are shown alike.
    fn free(&self, name: &Arc<str>, own: usize) -> Arc<str> {
        let taken = |name: &str| {
            self.entries.iter().enumerate().any(|(at, entry)| at != own && &*entry.metric.name == name)
        };
        if !taken(name) {
            return Arc::clone(name);
        }
        let numbered = (2..=MOST).map(|number| format!("{name} ({number})")).find(|name| !taken(name));
        numbered.map_or_else(|| Arc::clone(name), Arc::from)
    }

    /// Two metrics of one written name get told apart: the one of validation or test bears it in its name.
    fn tell_apart(&mut self) {
        for i in 0..self.entries.len() {
            let Some(entry) = self.entries.get(i) else { return };
            let shared = self.entries.iter().filter(|other| other.base == entry.base).count() > 1;
            let before = match entry.data {
                Data::Train => continue,
                Data::Validation => "val_",
                Data::Test => "test_",
            };
            if shared && entry.metric.name == entry.base {
                let name = self.free(&Arc::from(format!("{before}{}", entry.base)), i);
                if let Some(twin) = self.entries.get_mut(i) {
                    twin.metric.name = name;
                }
            }
        }
    }

    /// Whether the metric at `slot` is called `name`.
    #[inline]
    pub(super) fn is(&self, slot: usize, name: &str) -> bool {
        self.entries.get(slot).is_some_and(|entry| &*entry.base == name)
    }

    /// A figure beside a bar that stands at `x`. `fresh`: the count is another than at the last redraw.
    #[inline]
    pub(super) fn drawn(&mut self, at: usize, value: f64, spot: &Spot, fresh: bool, full: bool) {
        let Some(entry) = self.entries.get_mut(at) else { return };
        if entry.told || entry.improved.is_some() {
            entry.leave_to_bar();
        }
        if entry.metric.points > 0 && !entry.from_bar {
            // lines tell this metric; the bar only repeats it
            return;
        }
        // before its first point a metric's last figure is no number, which may be what is drawn
        let same = !entry.last_x.is_nan() && entry.metric.last.to_bits() == value.to_bits();
        entry.from_bar = true;
        if fresh {
            entry.seen = entry.seen.saturating_add(1);
        }
        // the same figure at another place is a point of its own (an epoch that ends as the one before did)
        if same && !fresh && spot.x.is_none_or(|x| x.to_bits() == entry.last_x.to_bits()) {
            return;
        }
        if !same {
            entry.changed = entry.changed.saturating_add(1);
        } else if entry.changed.saturating_mul(2) <= entry.seen {
            // carried over from an earlier redraw
            return;
        }
        entry.push(value, spot);
        if full {
            let again = entry.passed.is_some_and(|x| x.to_bits() == entry.last_x.to_bits());
            entry.passes += u64::from(!again);
            entry.passed = Some(entry.last_x);
        }
    }

    /// A figure of a line.
    pub(super) fn logged(&mut self, at: usize, value: f64, spot: &Spot) {
        let Some(entry) = self.entries.get_mut(at) else { return };
        if entry.improved.is_some() {
            entry.settle(spot.epoch);
        }
        (entry.epoch, entry.told, entry.stale) = (spot.epoch, false, false);
        if entry.from_bar && spot.axis != entry.metric.axis {
            // the bar's own metric: its sum at the end of an epoch is no point of its own
            let x = entry.last_x;
            entry.push(value, &Spot { axis: entry.metric.axis, x: Some(x), ..*spot });
            return;
        }
        let here = spot.x.is_some_and(|x| (x..x + 0.5).contains(&entry.last_x));
        if spot.guessed
            && here
            && entry.metric.axis == spot.axis
            && entry.metric.last.to_bits() != value.to_bits()
        {
            // another figure of that step: how often it was told must not hang on what the steps turn out to be
            entry.push(value, &Spot { x: Some(entry.last_x.next_up()), ..*spot });
        } else {
            entry.push(value, spot);
        }
        entry.guessed |= spot.guessed;
    }

    /// A figure that a callback told of the epoch at hand (`val_loss improved from 0.40 to 0.33`): a point where no row tells it. NaN
    /// when it is said to be no better than before.
    pub(super) fn improved(&mut self, at: usize, value: f64, spot: &Spot) {
        let Some(entry) = self.entries.get_mut(at) else { return };
        if value.is_nan() {
            entry.stale = true;
            return;
        }
        if entry.from_bar || spot.epoch.is_none() {
            return;
        }
        entry.settle(spot.epoch);
        // a row may round, or come behind the next epoch's beginning
        let again = (entry.metric.last - value).abs() <= 1e-3 * value.abs();
        if entry.metric.points > 0 && (entry.epoch == spot.epoch || (again && !entry.told)) {
            return;
        }
        entry.improved = Some((value, *spot));
        entry.stale = false;
    }

    /// Steps count within epochs: what was placed by those of the first one stands nowhere but behind what came before it.
    pub(super) fn settle_steps(&mut self, global: bool) {
        for entry in &mut self.entries {
            if !std::mem::take(&mut entry.guessed) || global || entry.metric.axis != Axis::Step {
                continue;
            }
            entry.history().number();
            let last = entry.history().last_x();
            let metric = &mut entry.metric;
            metric.axis = Axis::Index;
            (metric.min_at, metric.max_at, metric.step) = (None, None, None);
            entry.last_x = last.unwrap_or(f64::NAN);
        }
    }

    /// A figure of a line that tells no more than the epoch at `spot`: another figure is another point, not the same anew.
    pub(super) fn logged_within(&mut self, at: usize, value: f64, spot: &Spot) {
        let last = self.entries.get(at).filter(|entry| entry.metric.points > 0).map(|entry| entry.last_x);
        let mut spot = *spot;
        let same = self.entries.get(at).is_some_and(|entry| entry.metric.last.to_bits() == value.to_bits());
        let by_epoch = self.entries.get(at).is_some_and(|entry| entry.metric.axis == Axis::Epoch);
        if let (Axis::Epoch, Some(x), Some(last)) = (spot.axis, spot.x, last)
            && by_epoch
            && (x..x + 0.5).contains(&last)
            && !same
        {
            spot.x = Some(last.next_up());
        }
        self.logged(at, value, &spot);
    }

    /// Steps that were thought to count to `all` within `epoch` count through the run: what stood within the epoch stands at them.
    pub(super) fn count_in_steps(&mut self, epoch: f64, all: f64) {
        // a step of a run is whole
        let step = |x: f64| ((x - epoch) * all).round();
        for entry in &mut self.entries {
            let metric = &entry.metric;
            // what belongs to the epoch as a whole has no part of it
            let within = (epoch + 1e-9..=epoch + 1.0).contains(&entry.last_x);
            if metric.axis != Axis::Epoch || entry.from_bar || metric.points == 0 || !within {
                continue;
            }
            entry.history().place_anew(step);
            let metric = &mut entry.metric;
            metric.axis = Axis::Step;
            (metric.min_at, metric.max_at) = (metric.min_at.map(step), metric.max_at.map(step));
            entry.last_x = step(entry.last_x);
            metric.step = Some(entry.last_x);
        }
    }

    /// A figure of the whole run: no point of a curve.
    pub(super) fn summed(&mut self, slot: usize, value: f64) {
        let Some(entry) = self.entries.get_mut(slot) else { return };
        entry.metric.last = value;
        if entry.metric.points == 0 {
            entry.extremes(value, None);
        }
    }

    /// `final val_loss` where there is a `val_loss`: its last word, and no metric of its own. Returns whether it was that.
    pub(super) fn sums_up(&mut self, name: &str, value: f64) -> bool {
        if !name.as_bytes().first_chunk().is_some_and(|head: &[u8; 5]| head.eq_ignore_ascii_case(b"final")) {
            return false;
        }
        let Some((first, rest)) = name.split_once([' ', '_']) else { return false };
        if first.len() > 5 {
            return false;
        }
        let known = self.entries.iter().position(|entry| *entry.metric.name == *rest);
        known.is_some_and(|at| {
            self.summed(at, value);
            true
        })
    }

    /// Whether there is a metric of such a name.
    pub(super) fn any(&self, is: fn(&str) -> bool) -> bool {
        self.entries.iter().any(|entry| is(&entry.base))
    }

    /// All metrics, histories shared. `shown`: bars show more than is logged. So they do beside lines that log a loss.
    /// `over`: the newest epoch of which it is known that all its figures were told.
    pub(super) fn all(&mut self, shown: bool, over: Option<f64>) -> Vec<Metric> {
        self.entries.iter_mut().for_each(Entry::share);
        let settled = |e: &Entry| {
            let mut whole = e.clone();
            whole.settle(None);
            whole.share();
            whole
        };
        let loss = |e: &Entry| {
            !e.from_bar
                && e.data == Data::Train
                && e.metric.points > 1
                && e.base.to_lowercase().contains("loss")
        };
        let shown = shown || self.entries.iter().any(loss);
        let told = |e: &&Entry| {
            let any = e.metric.points > 0 || e.metric.min.is_some() || e.metric.non_finite > 0;
            if !(e.told || (e.improved.is_some() && !any)) {
                return any;
            }
            // where it was no better, its newest figure is not the one that was told
            let newest = e.improved.map_or(e.epoch, |(_, spot)| spot.epoch);
            !e.stale && newest >= over
        };
        let one = |e: &Entry| {
            let mut metric = if e.improved.is_some() { settled(e).metric } else { e.metric.clone() };
            if shown && e.from_bar {
                metric.points = e.passes.max(1);
            }
            metric
        };
        self.entries.iter().filter(told).map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_which_nothing_can_be_shown_is_none() {
        let mut metrics = Metrics::default();
        for name in ["", "\u{13}", "[", " \u{1b}[31m "] {
            assert_eq!(metrics.slot(name, None, &Arc::from("table.tsv")), None, "{name:?}");
        }
    }

    fn spot(x: f64) -> Spot {
        Spot::new(Axis::Step, Some(x), Some(x))
    }

    #[test]
    fn validation_is_not_training() {
        let mut metrics = Metrics::default();
        let source: Arc<str> = Arc::from("training.log");
        let train = metrics.slot("loss", None, &source).expect("a slot");
        let test = metrics.slot("loss", Some(Split::Test), &source).expect("a slot");
        metrics.logged(train, 0.5, &spot(1.0));
        metrics.logged(test, 0.7, &spot(1.0));
        let all = metrics.all(false, None);
        let names: Vec<_> = all.iter().map(|m| (&*m.name, m.last)).collect();
        assert_eq!(names, [("loss", 0.5), ("test_loss", 0.7)]);
    }

    /// A metric told at each of `spots` with falling figures.
    fn told(spots: &[Spot]) -> Metric {
        let mut metrics = Metrics::default();
        let source: Arc<str> = Arc::from("training.log");
        let loss = metrics.slot("loss", None, &source).expect("a slot");
        for (n, spot) in spots.iter().enumerate() {
            metrics.logged(loss, 1.0 / (n + 1) as f64, spot);
        }
        metrics.all(false, None).remove(0)
    }

    #[test]
    fn a_curve_has_one_axis_and_no_place_that_was_not_told() {
        let epoch = |x: f64, now| Spot { now, ..Spot::new(Axis::Epoch, Some(x), None) };
        let seen =
            |metric: &Metric| (metric.axis, metric.points, metric.series.len(), metric.series.last_x());
        // steps are finer than epochs
        let finer = told(&[epoch(1.0, None), epoch(2.0, None), spot(300.0), spot(400.0)]);
        assert_eq!(seen(&finer), (Axis::Step, 4, 2, Some(400.0)));
        assert_eq!((finer.max, finer.max_at, finer.step), (Some(1.0), None, Some(400.0)));
        // an epoch's sums below its steps
        let below = told(&[spot(100.0), epoch(1.0, Some(100.0)), epoch(1.0, Some(100.0)), spot(200.0)]);
        assert_eq!(seen(&below), (Axis::Step, 4, 4, Some(200.0)));
        // nobody knows at which step
        let nowhere = told(&[spot(100.0), epoch(1.0, None)]);
        assert_eq!(seen(&nowhere), (Axis::Step, 2, 1, Some(100.0)));
        assert_eq!((nowhere.last, nowhere.step, nowhere.min_at), (0.5, None, None));
        let index = Spot::new(Axis::Index, None, None);
        assert_eq!(seen(&told(&[epoch(1.0, None), index])), (Axis::Epoch, 2, 1, Some(1.0)));
        assert_eq!(seen(&told(&[index, index, epoch(1.0, None)])), (Axis::Index, 3, 3, Some(2.0)));
    }

    #[test]
    fn a_bar_that_begins_with_no_number_has_a_point_there() {
        let mut metrics = Metrics::default();
        let source: Arc<str> = Arc::from("training.log");
        let norm = metrics.slot("grad_norm", None, &source).expect("a slot");
        metrics.drawn(norm, f64::NAN, &spot(3.0), true, false);
        metrics.logged(norm, f64::NAN, &Spot::new(Axis::Epoch, Some(0.5), None));
        let all = metrics.all(false, None);
        assert_eq!(all[0].non_finite, 1);
        all[0].series.each(|point| assert!(point.x.is_finite()));
    }

    #[test]
    fn a_figure_that_a_bar_carries_along_is_no_new_point() {
        let mut metrics = Metrics::default();
        let source: Arc<str> = Arc::from("training.log");
        let carried = metrics.slot("val_loss", None, &source).expect("a slot");
        let live = metrics.slot("loss", None, &source).expect("a slot");
        for n in 0..100 {
            metrics.drawn(carried, 0.25, &spot(f64::from(n)), true, false);
            metrics.drawn(live, 1.0 / f64::from(n + 1), &spot(f64::from(n)), true, false);
            // tqdm draws once more with the new postfix
            metrics.drawn(live, 1.0 / f64::from(n + 2), &spot(f64::from(n)), false, false);
        }
        let all = metrics.all(false, None);
        assert_eq!((all[0].points, all[1].points), (1, 100));
        assert!((all[1].last - 1.0 / 101.0).abs() < 1e-12);
    }
}
