//! The bars of one source: which is which, how far each is, and which one is the run's own.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::model::facts::LiveBar;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Figures;
use crate::model::record::Redraw;
use crate::model::state::Stage;

use super::label;
use super::label::Counts;
use super::pace::Pace;

/// A bar.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was seen of it, in any combination")]
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub label: Arc<str>,
    /// The label with its numbers gone: the bar of every epoch is one bar.
    stem: String,
    pub counts: Counts,
    pub style: BarStyle,
    pub current: f64,
    pub total: Option<f64>,
    pub rate: Option<f64>,
    pub remaining: Option<f64>,
    pub elapsed: Option<f64>,
    /// Whether its unit is one that steps are counted in.
    pub steps: bool,
    /// What earlier passes add to x.
    pub offset: f64,
    /// Passes that came to their end before this one.
    pub cycles: u32,
    /// It went on while the epoch changed: it spans epochs.
    pub across: bool,
    /// Label of the epoch at its last draw, as lines have it.
    pub epoch: Option<f64>,
    /// It came to its end before any line spoke of epochs.
    pub alone: bool,
    /// It came to its end before any line told a step.
    pub ahead: bool,
    /// It was full before lines began to tell where training is: other work, unless it is drawn again.
    pub over: bool,
    /// Its passes had different totals.
    pub uneven: bool,
    /// How fast it goes.
    pub pace: Pace,
    /// Metrics of its figures, by place.
    pub pairs: SmallVec<[usize; 8]>,
    /// Number of the draw that was its last.
    used: u64,
    pub values: bool,
}

impl Slot {
    /// Whether it has come to its total.
    pub(super) fn is_full(&self) -> bool {
        self.total.is_some_and(|total| total > 0.0 && self.current >= total)
    }

    /// It stands at `current` now. `named`: its label is another one than before.
    #[inline]
    fn draw(
        &mut self,
        at: usize,
        current: f64,
        elapsed: Option<f64>,
        total: Option<f64>,
        named: bool,
    ) -> Drawn {
        let first = self.pace.is_new();
        if self.over && current < self.current {
            self.over = false;
        }
        let back = current < self.current || (named && !first);
        let mut advanced = current > self.current;
        let fresh = advanced || back || first;
        if back {
            self.begin_again(named);
            advanced = current > 0.0;
        }
        self.current = current;
        if fresh && let Some(elapsed) = elapsed {
            self.pace.at(current, elapsed, total);
        }
        Drawn { slot: at, fresh, advanced, back, named }
    }

    /// Another pass begins.
    fn begin_again(&mut self, named: bool) {
        let over = self.is_full();
        if over || named {
            // one more: 0 of this pass is no redraw of the last one's end
            self.offset += self.current + 1.0;
            self.cycles += u32::from(over);
        }
        self.pace.again();
    }

    /// Whether `bar`, drawn next, is this one with the rest of its label: Ignite sets it behind the first draw.
    fn is_told_more_of(&self, bar: &Bar<'_>) -> bool {
        bar.label.len() > self.label.len()
            && bar.label.starts_with(&*self.label)
            && self.cycles == 0
            && self.current.to_bits() == bar.current.to_bits()
            && self.total.is_some()
            && self.total.map(f64::to_bits) == bar.total.map(f64::to_bits)
            && self.elapsed == bar.elapsed
            && !self.values
    }

    /// As facts have it.
    pub(super) fn live(&self) -> LiveBar {
        LiveBar {
            label: Arc::clone(&self.label),
            current: self.current,
            total: self.total,
            rate: self.rate,
            eta: self.remaining,
        }
    }
}

/// What a draw changed.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a draw may be, in any combination")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn {
    /// Which bar.
    pub slot: usize,
    /// The count is another than at the last draw.
    pub fresh: bool,
    /// The count went up.
    pub advanced: bool,
    /// The count began anew.
    pub back: bool,
    /// It was drawn for the first time, or under another label.
    pub named: bool,
}

/// All bars of a source.
#[derive(Debug, Clone, Default)]
pub(super) struct Bars {
    pub slots: Vec<Slot>,
    last: usize,
    draws: u64,
    /// The slots of known redraws, by their numbers.
    known: SmallVec<[(u64, usize); 4]>,
}

/// More bars than this at a time are no bars.
const MOST: usize = 64;

fn stem(label: &str) -> String {
    label.chars().filter(|c| !c.is_ascii_digit()).collect()
}

fn in_steps(unit: &str) -> bool {
    matches!(
        unit.trim(),
        "" | "it"
            | "step"
            | "steps"
            | "batch"
            | "batches"
            | "iter"
            | "iters"
            | "iteration"
            | "iterations"
            | "update"
            | "updates"
            | "trial"
            | "trials"
            | "round"
            | "rounds"
            | "generation"
            | "generations"
            | "candidate"
            | "candidates"
            | "pipeline"
            | "pipelines"
            | "episode"
            | "episodes"
            | "timestep"
            | "timesteps"
    )
}

impl Bars {
    /// The bar that was drawn last, if `bar` is the same.
    #[inline]
    fn same(&self, at: usize, bar: &Bar<'_>) -> bool {
        self.slots.get(at).is_some_and(|slot| {
            &*slot.label == bar.label
                && (!bar.label.is_empty() || slot.total.map(f64::to_bits) == bar.total.map(f64::to_bits))
        })
    }

    fn find(&mut self, bar: &Bar<'_>) -> (usize, bool) {
        if let Some(at) = (0..self.slots.len()).find(|at| self.same(*at, bar)) {
            return (at, false);
        }
        let counts = label::judge(bar.label, bar.unit);
        let stem = stem(bar.label);
        if !bar.label.is_empty()
            && let Some((at, slot)) = self.slots.iter_mut().enumerate().find(|(_, slot)| slot.stem == stem)
        {
            slot.label = Arc::from(bar.label);
            slot.counts = counts;
            return (at, true);
        }
        if let Some(slot) = self.slots.get_mut(self.last).filter(|slot| slot.is_told_more_of(bar)) {
            (slot.label, slot.stem, slot.counts) = (Arc::from(bar.label), stem, counts);
            return (self.last, true);
        }
        let slot = Slot {
            label: Arc::from(bar.label),
            stem,
            counts,
            style: bar.style,
            current: bar.current,
            total: bar.total,
            rate: None,
            remaining: None,
            elapsed: None,
            steps: in_steps(bar.unit),
            offset: 0.0,
            cycles: 0,
            across: false,
            epoch: None,
            alone: false,
            ahead: false,
            over: false,
            uneven: false,
            pace: Pace::default(),
            pairs: SmallVec::new(),
            used: self.draws,
            values: false,
        };
        if self.slots.len() >= MOST {
            let oldest =
                self.slots.iter().enumerate().min_by_key(|(_, slot)| slot.used).map_or(0, |(at, _)| at);
            if let Some(place) = self.slots.get_mut(oldest) {
                *place = slot;
            }
            return (oldest, true);
        }
        self.slots.push(slot);
        (self.slots.len() - 1, true)
    }

    /// Takes a draw in.
    #[inline]
    pub(super) fn draw(&mut self, bar: &Bar<'_>) -> Drawn {
        self.draws += 1;
        let (at, named) = if self.same(self.last, bar) { (self.last, false) } else { self.find(bar) };
        if named {
            self.known.clear();
        }
        self.last = at;
        let Some(slot) = self.slots.get_mut(at) else {
            return Drawn { slot: at, fresh: false, advanced: false, back: false, named };
        };
        let drawn = slot.draw(at, bar.current, bar.elapsed, bar.total, named);
        slot.used = self.draws;
        slot.uneven |=
            slot.total.zip(bar.total).is_some_and(|(before, now)| before.to_bits() != now.to_bits());
        slot.total = bar.total.or(slot.total);
        slot.rate = bar.rate.or(slot.rate);
        slot.remaining = bar.remaining;
        slot.elapsed = bar.elapsed.or(slot.elapsed);
        slot.values |= !bar.values.is_empty();
        drawn
    }

    /// Takes a draw in that is known to be of the bar at `at`, with the label and the names that it had.
    #[inline]
    pub(super) fn redraw(&mut self, at: usize, redraw: &Redraw<'_>) -> Option<Drawn> {
        self.draws += 1;
        self.last = at;
        let slot = self.slots.get_mut(at)?;
        slot.used = self.draws;
        slot.rate = Some(redraw.figures.rate.per_second());
        slot.remaining = Some(redraw.figures.remaining);
        slot.elapsed = Some(redraw.figures.elapsed);
        let drawn = slot.draw(
            at,
            redraw.figures.current,
            Some(redraw.figures.elapsed),
            Some(redraw.known.total),
            false,
        );
        // another bar of that label may have had another
        slot.uneven |= slot.total.is_some_and(|total| total.to_bits() != redraw.known.total.to_bits());
        slot.total = Some(redraw.known.total);
        Some(drawn)
    }

    /// Takes in that the bar at `at` went on for a number of draws, of which the last one said `figures`.
    pub(super) fn went_on(&mut self, at: usize, figures: &Figures, draws: u64) {
        let Some(slot) = self.slots.get_mut(at) else { return };
        self.draws += draws;
        self.last = at;
        slot.used = self.draws;
        slot.rate = Some(figures.rate.per_second());
        slot.remaining = Some(figures.remaining);
        slot.elapsed = Some(figures.elapsed);
        slot.current = figures.current;
        slot.pace.goes_on(figures.current, figures.elapsed);
    }

    /// The slot of the redraws with the number `id`, once they were seen.
    #[inline]
    pub(super) fn known(&self, id: u64) -> Option<usize> {
        self.known.iter().find(|(known, _)| *known == id).map(|(_, slot)| *slot)
    }

    /// Remembers that redraws with the number `id` are of the bar drawn last.
    pub(super) fn know(&mut self, id: u64) {
        if self.known.len() == self.known.inline_size() {
            self.known.remove(0);
        }
        self.known.push((id, self.last));
    }

    /// Forgets which redraws are of which bar: a bar's figures are others than they were.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// The bar that counts the run's own work, if it is not one of an epoch: the one with the most to do.
    pub(super) fn main(&self) -> Option<&Slot> {
        let own = self.slots.iter().filter(|slot| slot.counts == Counts::Main && !slot.over);
        own.max_by(|a, b| {
            let key = |slot: &Slot| slot.total.unwrap_or(0.0);
            let none = a.total.is_none() && b.total.is_none();
            let far = if none { a.current.total_cmp(&b.current) } else { std::cmp::Ordering::Equal };
            key(a).total_cmp(&key(b)).then(far).then(a.used.cmp(&b.used))
        })
    }

    /// Lines begin to tell where training is.
    pub(super) fn lines_begin(&mut self) {
        for slot in self.slots.iter_mut().filter(|slot| slot.counts == Counts::Main) {
            slot.over |= slot.is_full() && !slot.values;
        }
    }

    /// Whether a bar of validation was drawn behind the run's own: that may be one of an epoch.
    pub(super) fn is_validated(&self, main: &Slot) -> bool {
        let aside = |slot: &&Slot| slot.counts == Counts::Aside(Stage::Validating) && slot.used > main.used;
        main.is_full() && main.cycles == 0 && self.slots.iter().any(|slot| aside(&slot))
    }

    /// Whether a bar that counts epochs was drawn behind `main`, the bar of each of them.
    pub(super) fn is_counted_behind(&self, main: &Slot) -> bool {
        self.slots.iter().any(|slot| slot.counts == Counts::Epochs && slot.used > main.used)
    }

    /// Turns of a loop around training that are over, and all.
    pub(super) fn turns(&self) -> Option<(f64, f64)> {
        let slot = self.slots.iter().find(|slot| slot.counts == Counts::Turns)?;
        Some((slot.current, slot.total?))
    }

    /// The most that any bar of the run's own work has to do, besides that at `slot`.
    #[inline]
    pub(super) fn most(&self, slot: usize) -> Option<f64> {
        if self.slots.len() < 2 {
            return None;
        }
        let others =
            self.slots.iter().enumerate().filter(|(at, other)| *at != slot && other.counts == Counts::Main);
        others.filter_map(|(_, other)| other.total).reduce(f64::max)
    }

    /// The newest bar of an epoch's steps.
    pub(super) fn inside(&self) -> Option<&Slot> {
        self.slots
            .iter()
            .filter(|slot| matches!(slot.counts, Counts::Inside { .. }))
            .max_by_key(|slot| slot.used)
    }

    /// The bar that counts the steps of each epoch, if there is one such bar, and all epochs have as many.
    pub(super) fn even(&self) -> Option<&Slot> {
        let mut inside = self.slots.iter().filter(|slot| matches!(slot.counts, Counts::Inside { .. }));
        let slot = inside.next().filter(|_| inside.next().is_none())?;
        (slot.steps && !slot.uneven && label::is_of_whole_epoch(&slot.label)).then_some(slot)
    }

    /// Bars that are under way, outermost first.
    pub(super) fn live(&self) -> Vec<LiveBar> {
        let mut open: Vec<&Slot> =
            self.slots.iter().filter(|slot| !slot.is_full() && self.draws - slot.used < 2_000).collect();
        open.sort_by_key(|slot| match slot.counts {
            Counts::Turns | Counts::Epochs => 0,
            Counts::Main => 1,
            Counts::Inside { .. } => 2,
            Counts::Aside(_) => 3,
        });
        open.into_iter().take(8).map(Slot::live).collect()
    }

    /// The bar drawn last.
    pub(super) fn newest(&self) -> Option<&Slot> {
        self.slots.get(self.last)
    }
}
