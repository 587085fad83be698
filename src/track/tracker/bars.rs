//! The progress bars of one source: which is the run's own, which counts the batches of an epoch, which is a chore.
//!
//! This is the hottest path of the program: a log of a gigabyte holds eleven million redraws. A redraw of the bar that was
//! drawn last, with the same names beside it, costs a few comparisons and no look-up.

use smallvec::SmallVec;

use crate::model::facts::Axis;
use crate::model::facts::LiveBar;
use crate::model::record::Bar;
use crate::model::record::BarStyle;

use super::label;
use super::label::Role;
use super::metrics::Metrics;

/// Bars that are kept apart; a log that makes up more of them reuses the oldest.
const LIMIT: usize = 32;
/// How quickly the smoothed rate follows the printed one.
const FOLLOW: f64 = 0.1;

/// One bar, over all its redraws.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    label: String,
    key: String,
    pub(super) role: Role,
    pub(super) style: BarStyle,
    pub(super) current: f64,
    pub(super) total: Option<f64>,
    first: f64,
    /// Times it began again after having come to its end.
    pub(super) again: u32,
    /// What earlier passes counted.
    offset: f64,
    pub(super) rate: Option<f64>,
    pub(super) smooth: Option<f64>,
    pub(super) elapsed: Option<f64>,
    pub(super) remaining: Option<f64>,
    /// Places of the metrics drawn beside it, in order.
    places: SmallVec<[usize; 8]>,
    /// When it was last drawn, counting all redraws of all bars.
    drawn: u64,
    /// When it was first drawn.
    began: u64,
}

impl Slot {
    /// Whether it stands at its end.
    pub(super) fn is_full(&self) -> bool {
        self.total.is_some_and(|total| self.current >= total)
    }

    /// What it counted over all its passes.
    fn position(&self) -> f64 {
        self.offset + self.current
    }

    /// Whether its rate is worth more than a guess: some units and some seconds into it.
    pub(super) fn is_warm(&self) -> bool {
        self.current - self.first >= 3.0 && self.elapsed.is_none_or(|elapsed| elapsed >= 3.0)
    }

    fn live(&self) -> LiveBar {
        LiveBar {
            label: self.label.as_str().into(),
            current: self.current,
            total: self.total,
            rate: self.rate,
            eta: if self.is_full() { None } else { self.remaining },
        }
    }
}

/// What a redraw amounted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Drawn {
    /// Index of its slot.
    pub(super) slot: usize,
    /// Its count went up, or began again.
    pub(super) moved: bool,
    /// Its label or its pass is another than at the last redraw of this slot.
    pub(super) new_pass: bool,
}

/// All bars of a source.
#[derive(Debug, Clone, Default)]
pub(super) struct Bars {
    slots: Vec<Slot>,
    last: usize,
    count: u64,
}

impl Bars {
    /// Takes a redraw in.
    pub(super) fn draw(&mut self, bar: &Bar<'_>, metrics: &mut Metrics) -> Drawn {
        self.count += 1;
        let same = |slot: &Slot| slot.label == bar.label && same_total(slot.total, bar.total);
        let mut new_pass = false;
        let index = if self.slots.get(self.last).is_some_and(same) {
            self.last
        } else if let Some(index) = self.slots.iter().position(same) {
            index
        } else {
            new_pass = true;
            self.find_or_make(bar)
        };
        self.last = index;
        let count = self.count;
        let Some(slot) = self.slots.get_mut(index) else {
            return Drawn { slot: index, moved: false, new_pass };
        };
        let moved = bar.current > slot.current || new_pass;
        if bar.current < slot.current {
            new_pass = true;
            if slot.is_full() {
                slot.again += 1;
            }
            slot.begin(bar);
        }
        slot.current = bar.current;
        slot.drawn = count;
        slot.elapsed = bar.elapsed.or(slot.elapsed);
        slot.remaining = bar.remaining;
        if let Some(rate) = bar.rate {
            slot.rate = Some(rate);
            slot.smooth = Some(match slot.smooth {
                Some(smooth) if smooth.is_finite() => smooth + FOLLOW * (rate - smooth),
                _ => rate,
            });
        }
        slot.figures(bar, metrics);
        Drawn { slot: index, moved, new_pass }
    }

    /// The bar that differs in its numbers only, or a new one.
    fn find_or_make(&mut self, bar: &Bar<'_>) -> usize {
        let key = label::key(bar.label);
        let numbered = key.contains('#');
        let same = |slot: &Slot| slot.key == key && (numbered || slot.total.is_none() || bar.total.is_none());
        if let Some(index) = self.slots.iter().position(same) {
            if let Some(slot) = self.slots.get_mut(index) {
                let other = slot.label != bar.label;
                if other {
                    slot.label = bar.label.to_owned();
                    if slot.is_full() || bar.current < slot.current {
                        slot.again += u32::from(slot.is_full());
                        slot.begin(bar);
                    }
                }
                slot.total = bar.total;
            }
            return index;
        }
        let slot = Slot {
            label: bar.label.to_owned(),
            key,
            role: label::role(bar.label, bar.unit.trim()),
            style: bar.style,
            current: bar.current,
            total: bar.total,
            first: bar.current,
            again: 0,
            offset: 0.0,
            rate: None,
            smooth: None,
            elapsed: None,
            remaining: None,
            places: SmallVec::new(),
            drawn: 0,
            began: self.count,
        };
        if self.slots.len() < LIMIT {
            self.slots.push(slot);
            return self.slots.len() - 1;
        }
        let oldest =
            self.slots.iter().enumerate().min_by_key(|(_, slot)| slot.drawn).map_or(0, |(index, _)| index);
        if let Some(place) = self.slots.get_mut(oldest) {
            *place = slot;
        }
        oldest
    }

    /// The slot at an index.
    pub(super) fn at(&self, index: usize) -> Option<&Slot> {
        self.slots.get(index)
    }

    /// The bar that counts the run's own steps: one that says so, else the longest that was drawn once and belongs to no epoch.
    pub(super) fn main(&self) -> Option<&Slot> {
        let steps = self.slots.iter().filter(|slot| slot.role == Role::Steps && slot.again == 0);
        if let Some(slot) = steps.max_by_key(|slot| slot.drawn) {
            return Some(slot);
        }
        let inner = |slot: &Slot| matches!(slot.role, Role::Batches | Role::Epochs);
        if self.slots.iter().any(inner) {
            return None;
        }
        let open = self.slots.iter().filter(|slot| slot.role == Role::Open && slot.again == 0);
        let longest = open.max_by(|a, b| {
            let size = |slot: &Slot| slot.total.unwrap_or(slot.current);
            size(a).total_cmp(&size(b)).then(b.began.cmp(&a.began))
        })?;
        // a bar that is drawn again and again tells that there is an outer loop of which nothing is known
        let repeated = self
            .slots
            .iter()
            .any(|slot| slot.role == Role::Open && slot.again > 0 && slot.total > longest.total);
        (!repeated).then_some(longest)
    }

    /// The bar that counts epochs.
    pub(super) fn epochs(&self) -> Option<&Slot> {
        self.slots.iter().filter(|slot| slot.role == Role::Epochs).max_by_key(|slot| slot.drawn)
    }

    /// The newest bar over the batches of an epoch.
    pub(super) fn batches(&self) -> Option<&Slot> {
        let inner = |slot: &&Slot| slot.role == Role::Batches || (slot.role == Role::Open && slot.again > 0);
        self.slots.iter().filter(inner).max_by_key(|slot| slot.drawn)
    }

    /// The bar that was drawn last.
    pub(super) fn newest(&self) -> Option<&Slot> {
        self.slots.iter().max_by_key(|slot| slot.drawn)
    }

    /// Bars that are under way: short of their end, and drawn lately. Outermost (longest lived) first.
    pub(super) fn live(&self) -> Vec<LiveBar> {
        let recent = self.count.saturating_sub(64);
        let mut live: Vec<&Slot> = self
            .slots
            .iter()
            .filter(|slot| !slot.is_full() && slot.drawn >= recent && slot.drawn > 0)
            .collect();
        live.sort_by_key(|slot| slot.began);
        live.truncate(4);
        live.into_iter().map(Slot::live).collect()
    }
}

impl Slot {
    /// A new pass begins.
    fn begin(&mut self, bar: &Bar<'_>) {
        self.offset += self.current;
        self.first = bar.current;
        self.current = bar.current;
        self.smooth = None;
        self.elapsed = None;
    }

    fn figures(&mut self, bar: &Bar<'_>, metrics: &mut Metrics) {
        if matches!(self.role, Role::Chore) {
            return;
        }
        let axis = if self.role == Role::Steps && self.again == 0 { Axis::Step } else { Axis::Index };
        let x = self.position();
        for (nth, pair) in bar.values.iter().enumerate() {
            let known = self.places.get(nth).copied().filter(|place| metrics.is(*place, pair.name));
            let place = match known {
                Some(place) => place,
                None => {
                    let Some(place) = metrics.place(pair.name, None) else { continue };
                    if let Some(slot) = self.places.get_mut(nth) {
                        *slot = place;
                    } else if self.places.len() == nth {
                        self.places.push(place);
                    }
                    place
                }
            };
            if let Some(metric) = metrics.at(place) {
                metric.push(axis, x, pair.value);
            }
        }
    }
}

fn same_total(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.to_bits() == b.to_bits(),
        (None, None) => true,
        _ => false,
    }
}
