//! The figures of one source: each name once, with its extremes and its curve.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::facts::Axis;
use crate::model::facts::Metric;
use crate::model::record::Split;
use crate::model::series::Series;

/// Names a source may log before further ones are left out: a hostile log must not fill memory with names.
const LIMIT: usize = 2000;

/// A history that is written in place while nobody else holds it, and handed out without being copied.
#[derive(Debug, Clone)]
enum Curve {
    Own(Series),
    Shared(Arc<Series>),
}

impl Curve {
    fn write(&mut self) -> &mut Series {
        if let Self::Shared(shared) = self {
            *self = Self::Own(Arc::unwrap_or_clone(std::mem::take(shared)));
        }
        match self {
            Self::Own(series) => series,
            // replaced just above
            Self::Shared(shared) => Arc::make_mut(shared),
        }
    }

    fn share(&mut self) -> Arc<Series> {
        if let Self::Own(series) = self {
            *self = Self::Shared(Arc::new(std::mem::take(series)));
        }
        match self {
            Self::Shared(shared) => Arc::clone(shared),
            Self::Own(series) => Arc::new(series.clone()),
        }
    }
}

/// One metric while it grows.
#[derive(Debug, Clone)]
pub(super) struct Growing {
    name: Arc<str>,
    /// As the source wrote it, without what tells it from its namesake on other data.
    written: Arc<str>,
    split: Option<Split>,
    last: f64,
    min: Option<(f64, f64)>,
    max: Option<(f64, f64)>,
    step: Option<f64>,
    points: u64,
    non_finite: u64,
    axis: Option<Axis>,
    curve: Curve,
}

impl Growing {
    /// Takes a point of the curve in.
    pub(super) fn push(&mut self, axis: Axis, x: f64, value: f64) {
        self.last = value;
        let x = match self.axis {
            None => {
                self.axis = Some(axis);
                x
            }
            Some(own) if own == axis => x,
            // it is logged by something else than before: the curve goes on where it was
            Some(_) => self.next_x(),
        };
        let new = self.curve.write().push(x, value);
        self.points += u64::from(new);
        if axis == Axis::Step && self.axis == Some(Axis::Step) {
            self.step = Some(x);
        }
        if !value.is_finite() {
            self.non_finite += u64::from(new);
            return;
        }
        if self.min.is_none_or(|(min, _)| value < min) {
            self.min = Some((value, x));
        }
        if self.max.is_none_or(|(max, _)| value > max) {
            self.max = Some((value, x));
        }
    }

    /// Takes a point in whose place is not known: the next one.
    pub(super) fn push_next(&mut self, value: f64) {
        let axis = self.axis.unwrap_or_default();
        let x = self.next_x();
        self.push(axis, x, value);
    }

    fn next_x(&mut self) -> f64 {
        self.curve.write().last_x().map_or(0.0, |x| x + 1.0)
    }

    /// Takes a sum in that is no point of the curve.
    pub(super) fn sum(&mut self, value: f64) {
        self.last = value;
    }

    fn metric(&mut self, source: &Arc<str>) -> Metric {
        Metric {
            name: Arc::clone(&self.name),
            last: self.last,
            min: self.min.map(|(value, _)| value),
            min_at: self.min.map(|(_, x)| x),
            max: self.max.map(|(value, _)| value),
            max_at: self.max.map(|(_, x)| x),
            step: self.step,
            points: self.points,
            non_finite: self.non_finite,
            axis: self.axis.unwrap_or_default(),
            series: self.curve.share(),
            source: Arc::clone(source),
        }
    }
}

/// All metrics of a source.
#[derive(Debug, Clone, Default)]
pub(super) struct Metrics {
    list: Vec<Growing>,
    by_name: HashMap<Arc<str>, Vec<usize>>,
}

impl Metrics {
    /// The place of the metric called `name` on the data `split`; `None` when there are too many names already.
    pub(super) fn place(&mut self, name: &str, split: Option<Split>) -> Option<usize> {
        // the name itself says on which data: the row's word adds nothing
        let split = split.filter(|split| *split != Split::Train && !names_split(name));
        if let Some(found) = self.by_name.get(name).and_then(|all| self.of_split(all, split)) {
            return Some(found);
        }
        if self.list.len() >= LIMIT {
            return None;
        }
        let written: Arc<str> = name.into();
        let place = self.list.len();
        self.list.push(Growing {
            name: Arc::clone(&written),
            written: Arc::clone(&written),
            split,
            last: f64::NAN,
            min: None,
            max: None,
            step: None,
            points: 0,
            non_finite: 0,
            axis: None,
            curve: Curve::Own(Series::default()),
        });
        self.by_name.entry(written).or_default().push(place);
        self.tell_apart(name);
        Some(place)
    }

    fn of_split(&self, places: &[usize], split: Option<Split>) -> Option<usize> {
        places.iter().copied().find(|place| self.list.get(*place).is_some_and(|metric| metric.split == split))
    }

    /// Training and validation rows that use one name get two metrics, and the second a name of its own.
    fn tell_apart(&mut self, name: &str) {
        let Some(places) = self.by_name.get(name).filter(|places| places.len() > 1) else { return };
        for place in places {
            let Some(metric) = self.list.get_mut(*place) else { continue };
            let prefix = match metric.split {
                Some(Split::Validation) => "val_",
                Some(Split::Test) => "test_",
                _ => continue,
            };
            metric.name = format!("{prefix}{}", metric.written).into();
        }
    }

    /// The metric at a place.
    pub(super) fn at(&mut self, place: usize) -> Option<&mut Growing> {
        self.list.get_mut(place)
    }

    /// Whether the metric at a place was written as `name` for all data alike.
    pub(super) fn is(&self, place: usize, name: &str) -> bool {
        self.list.get(place).is_some_and(|metric| *metric.written == *name && metric.split.is_none())
    }

    /// All of them, in the order they first appeared.
    pub(super) fn all(&mut self, source: &Arc<str>) -> Vec<Metric> {
        self.list.iter_mut().map(|metric| metric.metric(source)).collect()
    }
}

/// Whether a metric's own name tells which data it was measured on.
fn names_split(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        word.starts_with("val") || word.starts_with("eval") || word.starts_with("test") || word == "dev"
    })
}
