//! What a draw of a bar says of the run: how far it is, what it does, where the bar's figures stand. A bar that merely goes on
//! costs next to nothing.

use smallvec::SmallVec;

use crate::model::facts::Axis;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Figures;
use crate::model::record::Redraw;
use crate::model::record::Split;
use crate::model::state::Stage;
use crate::track::bars::Drawn;
use crate::track::label::Counts;
use crate::track::metrics::Spot;

use super::Tracker;
use super::place::epochs_in;

/// The place of a figure that is no metric.
const NO_METRIC: usize = usize::MAX;

/// A bar that goes on, and has said before all that it says of the run by going on. What is new of the bar itself is kept here
/// until anybody asks: see [`Tracker::tell_bar`].
#[derive(Debug, Clone)]
pub(super) struct Steady {
    /// Of its redraws.
    id: u64,
    slot: usize,
    /// Of its figures.
    axis: Axis,
    /// Its count is the run's step.
    step: bool,
    /// What its count lacks to x.
    offset: f64,
    /// The places of its metrics.
    pairs: SmallVec<[usize; 8]>,
    /// Of the newest redraw.
    figures: Figures,
    /// How many of them the bar's slot was not told of.
    draws: u64,
}

impl Tracker {
    #[inline]
    pub(super) fn on_bar(&mut self, bar: &Bar<'_>) {
        let drawn = self.bars.draw(bar);
        let Some((stand, full)) = self.drawn(&drawn) else {
            self.validated(bar, &drawn);
            return;
        };
        let Some(slot) = self.bars.slots.get_mut(drawn.slot) else { return };
        let mut same = slot.pairs.len() == bar.values.len();
        for (i, pair) in bar.values.iter().enumerate() {
            let known = slot.pairs.get(i).copied().filter(|at| self.metrics.is(*at, pair.name));
            let at = known.or_else(|| self.metrics.slot(pair.name, None, &self.source)).unwrap_or(NO_METRIC);
            match slot.pairs.get_mut(i) {
                Some(place) => {
                    same &= *place == at;
                    *place = at;
                }
                None => slot.pairs.push(at),
            }
            self.metrics.drawn(at, pair.value, &stand, drawn.fresh, full);
        }
        if !same {
            self.bars.forget();
        }
    }

    /// The figures of a bar of validation, once it has come to its end: those before are of a part of the data.
    fn validated(&mut self, bar: &Bar<'_>, drawn: &Drawn) {
        let full = self.bars.slots.get(drawn.slot).is_some_and(|slot| {
            slot.counts == Counts::Aside(Stage::Validating) && slot.is_full() && drawn.fresh
        });
        if !full {
            return;
        }
        let (now, epoch) = (self.steps.global(), self.epochs.rows.now().or(self.epochs.bars.now()));
        let spot = Spot { now, epoch, ..Spot::new(Axis::Index, None, None) };
        for pair in &bar.values {
            if let Some(at) = self.metrics.slot(pair.name, Some(Split::Validation), &self.source) {
                self.metrics.logged(at, pair.value, &spot);
            }
        }
    }

    /// As [`Tracker::on_bar`], for a bar whose name and figures' names are known.
    #[inline]
    pub(super) fn on_redraw(&mut self, redraw: &Redraw<'_>) {
        self.tell_bar();
        self.outcome.goes_on();
        let Some(drawn) = self.bars.known(redraw.known.id).and_then(|slot| self.bars.redraw(slot, redraw))
        else {
            self.on_bar(&redraw.bar());
            self.bars.know(redraw.known.id);
            return;
        };
        let Some((stand, full)) = self.drawn(&drawn) else {
            self.validated(&redraw.bar(), &drawn);
            return;
        };
        let Some(slot) = self.bars.slots.get(drawn.slot) else { return };
        for (at, value) in slot.pairs.iter().zip(redraw.values) {
            self.metrics.drawn(*at, *value, &stand, drawn.fresh, full);
        }
        let goes_on = drawn.advanced && !drawn.back && !full && slot.counts != Counts::Epochs;
        if goes_on && self.outcome.ended.is_none() && slot.pace.is_under_way() {
            self.steady = Some(Steady {
                id: redraw.known.id,
                slot: drawn.slot,
                axis: stand.axis,
                step: stand.step.is_some(),
                offset: slot.offset,
                pairs: slot.pairs.clone(),
                figures: *redraw.figures,
                draws: 0,
            });
        }
    }

    /// One more redraw of the bar that was the last to be heard of, further on and not at its end: nothing but its figures is new
    /// then. Returns whether it was that.
    #[inline]
    pub(super) fn goes_on(&mut self, redraw: &Redraw<'_>) -> bool {
        let Some(steady) = self.steady.as_mut().filter(|steady| steady.id == redraw.known.id) else {
            return false;
        };
        let (new, old) = (redraw.figures, &steady.figures);
        let current = new.current;
        if current <= old.current || current >= redraw.known.total || new.elapsed < old.elapsed {
            return false;
        }
        steady.figures = *new;
        steady.draws += 1;
        let step = steady.step.then_some(current);
        let stand = Spot::new(steady.axis, Some(steady.offset + current), step);
        for (at, value) in steady.pairs.iter().zip(redraw.values) {
            self.metrics.drawn(*at, *value, &stand, true, false);
        }
        true
    }

    /// Tells the bar that went on how far it came, which is another matter from now on.
    pub(super) fn tell_bar(&mut self) {
        if let Some(steady) = self.steady.take()
            && steady.draws > 0
        {
            self.bars.went_on(steady.slot, &steady.figures, steady.draws);
        }
    }

    /// What a draw says of the run. Returns where its figures stand, and whether the bar is full; `None` when they are not the
    /// run's.
    #[inline]
    fn drawn(&mut self, drawn: &Drawn) -> Option<(Spot, bool)> {
        let epoch_now = self.epochs.rows.now();
        let most = self.bars.most(drawn.slot);
        let slot = self.bars.slots.get_mut(drawn.slot)?;
        let full = slot.is_full();
        let mut sign = false;
        match slot.counts {
            Counts::Aside(stage) => {
                if drawn.fresh && !full {
                    self.stage = Some(stage);
                }
                return None;
            }
            Counts::Turns => {
                if drawn.advanced && !drawn.back {
                    self.epochs.rows.count_anew();
                }
                return None;
            }
            Counts::Epochs => {
                sign = drawn.advanced && !full;
                self.epochs.outer = Some((slot.current, slot.total));
                if self.stage.is_none() {
                    self.stage = Some(Stage::Training);
                }
            }
            Counts::Inside { epoch, all } => {
                if drawn.named {
                    let lightning = slot.style == BarStyle::Rich && self.facts.framework == Some("lightning");
                    let base = lightning.then_some(0);
                    let newer = self.epochs.bars.see(
                        epoch,
                        if lightning { all.map(|all| all + 1.0) } else { all },
                        base,
                    );
                    sign = newer && drawn.advanced;
                }
                if full {
                    self.epochs.bars.end(epoch);
                } else if drawn.advanced {
                    sign = true;
                    self.epochs.bars.reopen(epoch);
                }
                self.stage = Some(Stage::Training);
            }
            Counts::Main => {
                let own = slot.total >= most;
                if own {
                    if let (Some(epoch), Some(all)) = (self.amount.take(), slot.total)
                        && slot.current > 0.0
                    {
                        // the bar is drawn anew below a line that was written through it
                        let epochs = epochs_in(epoch, slot.current, all);
                        self.per_run = epochs.filter(|_| epochs == self.guessed);
                        self.guessed = epochs;
                    }
                    self.stage = Some(Stage::Training);
                    sign = drawn.advanced && !full;
                }
                if full && epoch_now.is_none() {
                    slot.alone = true;
                }
                slot.ahead |= full && self.steps.now.is_none();
                slot.across |=
                    drawn.advanced && !drawn.back && slot.epoch.is_some() && epoch_now > slot.epoch;
                slot.epoch = epoch_now;
            }
        }
        if sign {
            self.outcome.sign();
        }
        let stand = if slot.style == BarStyle::Keras {
            let epoch = self.epochs.bars.now();
            Spot { epoch, ..Spot::new(Axis::Epoch, epoch, None) }
        } else {
            let global = slot.counts == Counts::Main && slot.cycles == 0 && slot.steps;
            let axis = if global { Axis::Step } else { Axis::Index };
            let stand = Spot::new(axis, Some(slot.offset + slot.current), global.then_some(slot.current));
            Spot { epoch: epoch_now.or(self.epochs.bars.now()), ..stand }
        };
        Some((stand, full))
    }
}
