//! A history smoothed: which way a noisy figure goes.
//!
//! What is no number is left out and spoils nothing behind it. A second pass over the same places begins anew.

use std::collections::VecDeque;

use super::Point;
use super::Series;
use super::stretches::{Stretch, View, Walk};

/// How a history is smoothed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Smooth {
    /// Each figure counts so much less than the one behind it, from 0 to 1; the first ones are weighed as if there were no
    /// others, so that the line begins where the figures do (the debiased mean that dashboards draw).
    Exponential(f64),
    /// The mean of so many figures, the last ones each time; of fewer at the beginning.
    Mean(usize),
}

/// What is remembered from one figure to the next.
struct Smoother {
    how: Smooth,
    /// Sum of the figures with their weights, or of those in the window.
    sum: f64,
    /// Sum of the weights.
    weight: f64,
    window: VecDeque<f64>,
}

impl Smoother {
    const fn new(how: Smooth) -> Self {
        Self { how, sum: 0.0, weight: 0.0, window: VecDeque::new() }
    }

    fn next(&mut self, value: f64) -> f64 {
        if !value.is_finite() {
            return value;
        }
        match self.how {
            Smooth::Exponential(keep) => {
                self.sum = self.sum.mul_add(keep, value);
                self.weight = self.weight.mul_add(keep, 1.0);
                self.sum / self.weight
            }
            Smooth::Mean(count) => {
                self.window.push_back(value);
                self.sum += value;
                if self.window.len() > count.max(1) {
                    self.window.pop_front();
                    // what was lost to rounding beside a large figure comes back with the figures themselves
                    self.sum = self.window.iter().sum();
                }
                self.sum / self.window.len() as f64
            }
        }
    }
}

impl Series {
    /// [`Series::stretches`] of the smoothed history.
    pub fn smoothed(&self, view: &View, how: Smooth, show: impl FnMut(&Stretch)) {
        let mut walk = Walk::new(view, show);
        let mut smoother = Smoother::new(how);
        let mut last = f64::NEG_INFINITY;
        self.each(|point| {
            if point.x < last {
                smoother = Smoother::new(how);
            }
            last = point.x;
            walk.point(&Point { y: smoother.next(point.y), ..point });
        });
        walk.end();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Column, Over};
    use super::*;

    fn smoothed(values: &[f64], how: Smooth) -> Vec<f64> {
        let mut series = Series::default();
        for (x, y) in values.iter().enumerate() {
            series.push(x as f64, *y);
        }
        let columns = u16::try_from(values.len()).unwrap();
        let view = View { over: Over::Order, from: 0.0, to: values.len() as f64, columns };
        let mut all = Vec::new();
        series.smoothed(&view, how, |stretch| {
            assert_eq!(stretch.column, Column::At(u16::try_from(all.len()).unwrap()));
            all.push(stretch.summary.last);
        });
        all
    }

    /// The same said plainly: each figure from the beginning.
    fn plainly(values: &[f64], how: Smooth) -> Vec<f64> {
        let at = |end: usize| {
            let value = values[end];
            let finite: Vec<f64> = values[..=end].iter().copied().filter(|value| value.is_finite()).collect();
            if !value.is_finite() {
                return value;
            }
            match how {
                Smooth::Exponential(keep) => {
                    let weights = (0..finite.len()).rev().map(|age| keep.powi(i32::try_from(age).unwrap()));
                    let (sum, all) = finite
                        .iter()
                        .zip(weights)
                        .fold((0.0, 0.0), |(sum, all), (value, weight)| (sum + value * weight, all + weight));
                    sum / all
                }
                Smooth::Mean(count) => {
                    let last = &finite[finite.len().saturating_sub(count)..];
                    last.iter().sum::<f64>() / last.len() as f64
                }
            }
        };
        (0..values.len()).map(at).collect()
    }

    #[test]
    fn one_figure_that_is_no_number_spoils_no_other() {
        let all = smoothed(&[1.0, f64::NAN, 1.0, f64::INFINITY, 1.0], Smooth::Exponential(0.9));
        let near = |value: f64| (value - 1.0).abs() < 1e-12;
        assert!(
            near(all[0]) && all[1].is_nan() && near(all[2]) && all[3].is_infinite() && near(all[4]),
            "{all:?}"
        );
        assert_eq!(smoothed(&[4.0, f64::NAN, 2.0], Smooth::Mean(2))[2].to_bits(), 3f64.to_bits());
    }

    #[test]
    fn a_second_pass_begins_anew() {
        let mut series = Series::default();
        for pass in [5.0, 1.0] {
            for x in 0..10 {
                series.push(f64::from(x), pass);
            }
        }
        let view = View { over: Over::X, from: 0.0, to: 10.0, columns: 10 };
        let mut all = Vec::new();
        series.smoothed(&view, Smooth::Exponential(0.99), |stretch| all.push(stretch.summary.mean()));
        assert!((all[9] - 5.0).abs() < 1e-9 && (all[10] - 1.0).abs() < 1e-9, "{all:?}");
    }

    proptest! {
        #[test]
        fn it_is_what_a_plain_reading_of_the_formula_says(
            values in prop::collection::vec(prop_oneof![9 => -100f64..100.0, 1 => Just(f64::NAN)], 1..400),
            how in prop_oneof![(0f64..0.999).prop_map(Smooth::Exponential), (1usize..50).prop_map(Smooth::Mean)],
        ) {
            let (ours, plain) = (smoothed(&values, how), plainly(&values, how));
            prop_assert_eq!(ours.len(), plain.len());
            for (ours, plain) in ours.iter().zip(&plain) {
                prop_assert!(ours.is_nan() && plain.is_nan() || (ours - plain).abs() <= 1e-9 * (1.0 + plain.abs()), "{} {}", ours, plain);
            }
        }
    }
}
