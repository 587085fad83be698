//! How far a source has come: epochs and steps, their totals, and when it will be done.

use crate::model::facts::Axis;
use crate::model::facts::Progress;
use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Count;
use crate::model::record::RowKind;
use crate::model::record::Split;
use crate::model::stamp::Stamp;

use super::bars::Bars;
use super::bars::Slot;
use super::counter::Counter;
use super::counter::Moved;
use super::pace::Pace;

/// What is known of epochs and steps.
#[derive(Debug, Clone, Default)]
pub(super) struct Course {
    epoch: Counter,
    /// The epoch that `epoch` stands at is over.
    epoch_done: bool,
    /// Epochs in all, as printed beside an epoch (`3/10`).
    epoch_of: Option<f64>,
    /// Epochs in all, as announced.
    epochs_told: Option<f64>,
    /// Where epochs are known to count from.
    epoch_base: Option<u8>,
    /// The highest number is the last epoch's own (`6/29` of thirty).
    of_last: bool,
    step: Counter,
    step_base: Option<u8>,
    step_of: Option<f64>,
    steps_told: Option<f64>,
    steps_per_epoch: Option<f64>,
    /// Steps were seen to begin again with each epoch: they are batches.
    steps_are_batches: bool,
    /// A step was seen to go on into the next epoch: it is global.
    steps_are_global: bool,
    /// Epoch and step of the last row that gave both.
    together: Option<(f64, f64)>,
    batch: Option<(f64, f64)>,
    fraction: Option<f64>,
    pace: Pace,
}

/// Where a row was put.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    /// Its place on a curve, when it has one.
    pub(super) x: Option<(Axis, f64)>,
    /// The run got further by it.
    pub(super) advanced: bool,
}

impl Course {
    /// Begins anew.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Takes a row's place in.
    pub(super) fn place(&mut self, at: &At, split: Option<Split>, kind: RowKind) -> Placed {
        let mut advanced = false;
        self.bases(at);
        if let (Some(epoch), Some(step)) = (at.epoch, at.step) {
            self.compare(epoch, step);
        }
        if let Some(epoch) = at.epoch {
            advanced |= self.see_epoch(epoch, at, split, kind);
        }
        if let Some(step) = at.step {
            match self.step.see(step) {
                Moved::On => advanced = true,
                Moved::Back => {
                    advanced = true;
                    self.pace.reset();
                }
                Moved::Still | Moved::Mentioned => {}
            }
            self.step_of = at.step_total.or(self.step_of);
        }
        if let (Some(batch), Some(total)) = (at.batch, at.batch_total) {
            advanced |= self.batch != Some((batch, total));
            self.batch = Some((batch, total));
            if split.is_none_or(|split| split == Split::Train) {
                self.steps_per_epoch = self.steps_per_epoch.or(Some(total));
                // counting from 1 the last batch is `total`, from 0 it is one less
                self.epoch_done |= at.epoch.is_some() && batch >= total && total > 0.0;
            }
        }
        Placed { x: self.x(at), advanced }
    }

    fn bases(&mut self, at: &At) {
        self.epoch_base = at.epoch_base.or(self.epoch_base);
        self.step_base = at.step_base.or(self.step_base);
    }

    /// Whether steps go on over epochs or begin again with each.
    fn compare(&mut self, epoch: f64, step: f64) {
        if let Some((last_epoch, last_step)) = self.together
            && epoch.floor() > last_epoch.floor()
        {
            if step > last_step {
                self.steps_are_global = true;
                self.steps_are_batches = false;
            } else if step < last_step {
                self.steps_are_batches = true;
                self.steps_are_global = false;
                self.step.reset();
            }
        }
        self.together = Some((epoch, step));
    }

    fn see_epoch(&mut self, epoch: f64, at: &At, split: Option<Split>, kind: RowKind) -> bool {
        self.epoch_of = at.epoch_total.or(self.epoch_of);
        if epoch.fract().abs() > f64::EPSILON || self.fraction.is_some_and(|fraction| epoch >= fraction) {
            // `epoch: 1.33` counts what is done, and so does `epoch: 2` among such
            let on = self.fraction.is_none_or(|fraction| epoch > fraction);
            self.fraction = Some(epoch);
            return on;
        }
        let moved = self.epoch.see(epoch);
        if matches!(moved, Moved::On | Moved::Back) {
            self.epoch_done = false;
            self.batch = None;
        }
        let summed = kind == RowKind::EpochEnd && split.is_none_or(|split| split != Split::Test);
        let current = self.epoch.now().is_some_and(|now| now.to_bits() == epoch.to_bits());
        if summed && current {
            self.epoch_done = true;
        }
        matches!(moved, Moved::On | Moved::Back)
    }

    /// An epoch began or ended; true when the run got further by it.
    pub(super) fn epoch(&mut self, at: &At, done: bool) -> bool {
        self.bases(at);
        let Some(epoch) = at.epoch else { return false };
        let kind = if done { RowKind::EpochEnd } else { RowKind::Plain };
        let was = (self.epoch.now(), self.epoch_done);
        self.see_epoch(epoch, at, None, kind);
        was != (self.epoch.now(), self.epoch_done)
    }

    /// A bar over the batches of an epoch was drawn for the first time.
    pub(super) fn epoch_of_bar(&mut self, at: &At, bar: &Bar<'_>, framework: Option<&'static str>) {
        let lightning = framework == Some("lightning") || bar.values.iter().any(|pair| pair.name == "v_num");
        if lightning {
            self.epoch_base = Some(0);
        }
        self.of_last |= bar.style == BarStyle::Rich && lightning;
        self.epoch(at, false);
    }

    /// A total was announced.
    pub(super) fn total(&mut self, of: Count, value: f64) {
        if !value.is_finite() || value <= 0.0 {
            return;
        }
        match of {
            Count::Epochs => self.epochs_told = Some(value),
            Count::Steps => self.steps_told = Some(value),
            Count::StepsPerEpoch => self.steps_per_epoch = Some(value),
        }
    }

    /// The run stood at `step` at `time`.
    pub(super) fn pace(&mut self, time: Stamp, step: f64) {
        self.pace.see(time, step);
    }

    /// The step as written, global or not.
    pub(super) fn raw_step(&self) -> Option<f64> {
        self.step.now()
    }

    fn x(&self, at: &At) -> Option<(Axis, f64)> {
        if let Some(step) = at.step
            && !self.steps_are_batches
        {
            return Some((Axis::Step, step));
        }
        let epoch = at.epoch?;
        let within = match (at.batch, at.batch_total) {
            (Some(batch), Some(total)) if total > 0.0 => batch / total,
            (None, _) => match (at.step, at.step_total) {
                (Some(step), Some(total)) if total > 0.0 => step / total,
                (Some(_), _) => return None,
                (None, _) => 0.0,
            },
            (Some(_), _) => return None,
        };
        Some((Axis::Epoch, epoch + within))
    }

    fn base(&self) -> Option<f64> {
        if let Some(base) = self.epoch_base {
            return Some(f64::from(base));
        }
        if self.epoch.saw_zero() {
            return Some(0.0);
        }
        let first = self.epoch.first()?;
        // a log that begins in the middle: with a total beside it the usual count is from 1
        (first <= 1.0 || self.epoch_of.is_some()).then_some(1.0)
    }

    fn epochs_total(&self, bars: &Bars) -> Option<f64> {
        let base = self.base();
        if let Some(of) = self.epoch_of {
            let counts_last =
                self.of_last || (base == Some(0.0) && self.epoch.now().is_some_and(|now| now >= of));
            return Some(if counts_last { of + 1.0 } else { of });
        }
        self.epochs_told.or_else(|| bars.epochs().and_then(|slot| slot.total))
    }

    /// Epochs that are over.
    pub(super) fn completed_epochs(&self, bars: &Bars) -> Option<f64> {
        let by_bar = bars.epochs().map(|slot| slot.current);
        let by_fraction = self.fraction.map(|fraction| (fraction + 1e-6).floor());
        let by_number = self.epoch.now().zip(self.base()).map(|(now, base)| {
            let full = bars.batches().is_some_and(Slot::is_full) || self.epoch_done;
            now - base + if full { 1.0 } else { 0.0 }
        });
        [by_number, by_fraction, by_bar].into_iter().flatten().reduce(f64::max)
    }

    /// The run's own step and its total.
    fn steps(&self, bars: &Bars) -> (Option<f64>, Option<f64>) {
        let inside = self.together.is_some() && !self.steps_are_global && self.one_of_many_epochs(bars);
        if let Some(step) = self.step.now().filter(|_| !self.steps_are_batches && !inside) {
            let done = if self.step_base == Some(0) { step + 1.0 } else { step };
            let total =
                self.step_of.or(self.steps_told).or_else(|| self.main(bars).and_then(|slot| slot.total));
            return (Some(done), total);
        }
        match self.main(bars) {
            Some(slot) => (Some(slot.current), slot.total.or(self.steps_told)),
            None => (None, self.steps_told),
        }
    }

    fn one_of_many_epochs(&self, bars: &Bars) -> bool {
        self.epochs_total(bars).is_none_or(|total| total > 1.0)
    }

    /// The bar over the run's steps, unless epochs show that it counts the batches of one.
    fn main<'a>(&self, bars: &'a Bars) -> Option<&'a Slot> {
        let main = bars.main()?;
        let inner = main.role != super::label::Role::Steps
            && self.epoch.now().is_some()
            && self.one_of_many_epochs(bars)
            && self.steps_told != main.total;
        (!inner).then_some(main)
    }

    /// The picture.
    pub(super) fn progress(&self, bars: &Bars, finished: bool) -> Progress {
        let (step, total_steps) = self.steps(bars);
        let completed_epochs = self.completed_epochs(bars);
        let total_epochs =
            self.epochs_total(bars).filter(|total| completed_epochs.is_none_or(|done| done <= *total));
        let main = self.main(bars);
        let batches = bars.batches();
        let share = |done: Option<f64>, of: Option<f64>| {
            done.zip(of).filter(|(_, of)| *of > 0.0).map(|(done, of)| (done / of * 100.0).clamp(0.0, 100.0))
        };
        let within = batches
            .filter(|slot| !slot.is_full())
            .and_then(|slot| slot.total.map(|total| slot.current / total));
        let of_epochs = completed_epochs.map(|done| done + within.unwrap_or(0.0).clamp(0.0, 1.0));
        let percent = share(step, total_steps).or_else(|| share(of_epochs, total_epochs));
        let rate = main.or(batches).and_then(|slot| slot.rate).or_else(|| self.pace.rate());
        let eta =
            (!finished).then(|| self.eta(bars, step.zip(total_steps), of_epochs.zip(total_epochs))).flatten();
        Progress {
            percent,
            completed_epochs,
            total_epochs,
            step,
            total_steps,
            rate,
            eta,
            elapsed: main.and_then(|slot| slot.elapsed),
            bars: if finished { Vec::new() } else { bars.live() },
        }
    }

    /// Seconds left, from the smoothed rate, once there is enough of it.
    fn eta(&self, bars: &Bars, steps: Option<(f64, f64)>, epochs: Option<(f64, f64)>) -> Option<f64> {
        if let Some((step, total)) = steps {
            let left = total - step;
            if left <= 0.0 {
                return None;
            }
            let own = self.main(bars).filter(|slot| slot.is_warm()).and_then(|slot| slot.smooth);
            return own.or_else(|| self.pace.rate()).filter(|rate| *rate > 0.0).map(|rate| left / rate);
        }
        let (done, total) = epochs.filter(|(done, total)| done < total)?;
        let bar = bars.batches()?;
        // the first epoch's beginning is no measure for the rest of a run
        let warm = bar.is_warm() && (bar.again > 0 || done >= 0.05);
        let rate = bar.smooth.filter(|rate| warm && *rate > 0.0)?;
        Some((total - done) * bar.total? / rate)
    }

    /// Whether work was left, and by which figures.
    pub(super) fn work_left(&self, bars: &Bars, progress: &Progress) -> Option<(bool, String)> {
        let pair = |done: Option<f64>, of: Option<f64>| done.zip(of).filter(|(_, of)| *of > 0.0);
        let steps = pair(progress.step, progress.total_steps);
        let epochs = pair(progress.completed_epochs, progress.total_epochs);
        let told = |done: f64, of: f64, what: &str| format!("{done} of {of} {what}");
        if let Some((done, of)) = steps.filter(|(done, of)| done >= of) {
            return Some((false, told(done, of, "steps")));
        }
        if let Some((done, of)) = epochs.filter(|(done, of)| done >= of) {
            return Some((false, told(done, of, "epochs")));
        }
        if let Some((done, of)) = steps {
            return Some((true, told(done, of, "steps")));
        }
        if let Some((done, of)) = epochs {
            return Some((true, told(done, of, "epochs")));
        }
        // a bar that was the last thing to be drawn and stands short of its end
        let last = bars.newest().filter(|slot| !slot.is_full())?;
        let total = last.total?;
        Some((true, format!("its last bar stands at {} of {total}", last.current)))
    }
}
