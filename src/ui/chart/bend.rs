//! The y axis of a chart: even, by powers of ten, or by powers of ten to both sides of zero.

use super::axis::{Scale, whole};
use crate::app::lens::Upright;

/// How figures become heights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bend {
    Linear,
    Log,
    /// Even close to zero, up to about this far.
    Symlog(f64),
}

impl Bend {
    /// The one that can show `low..=high`.
    pub(super) fn of(upright: Upright, low: f64, high: f64) -> Self {
        match upright {
            Upright::Linear => Self::Linear,
            Upright::Log if low > 0.0 => Self::Log,
            Upright::Log | Upright::Symlog => {
                let most = low.abs().max(high.abs()).max(f64::MIN_POSITIVE);
                Self::Symlog(10_f64.powf(most.log10().floor() - DECADES))
            }
        }
    }

    /// The height of a figure.
    pub(super) fn height(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => value.max(f64::MIN_POSITIVE).log10(),
            Self::Symlog(near) => (value.abs() / near).ln_1p().copysign(value),
        }
    }
}

/// Powers of ten that symlog shows to either side of zero.
const DECADES: f64 = 4.0;

/// The y axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heights {
    pub(super) bend: Bend,
    /// Heights of the foot and of the top.
    pub(super) range: (f64, f64),
    /// Labels by their heights, lowest first.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Heights {
    /// An axis for figures between `low` and `high` on so many rows.
    pub(super) fn of(upright: Upright, low: f64, high: f64, rows: u16) -> Self {
        let bend = Bend::of(upright, low, high);
        match bend {
            Bend::Linear => Self::even(&Scale::of(low, high, rows)),
            Bend::Log => Self::decades(low, high, rows),
            Bend::Symlog(near) => {
                let mut values: Vec<f64> = Vec::new();
                for power in 1..=6 {
                    let value = near * 10_f64.powi(power);
                    values.extend([value, -value]);
                }
                values.push(0.0);
                let pad = if high > low { 0.0 } else { near };
                let (low, high) = (low - pad, high + pad);
                values.retain(|value| (low..=high).contains(value));
                values.sort_by(f64::total_cmp);
                Self { bend, range: (bend.height(low), bend.height(high)), ticks: ticks(bend, &values) }
                    .thinned(rows)
            }
        }
    }

    fn even(scale: &Scale) -> Self {
        Self { bend: Bend::Linear, range: (scale.low, scale.high), ticks: scale.labels().collect() }
    }

    fn decades(low: f64, high: f64, rows: u16) -> Self {
        let bend = Bend::Log;
        // a flat line is drawn in the middle of something
        let (low, high) = if high > low { (low, high) } else { (low / 2.0, high * 2.0) };
        if high / low < 3.0 {
            // too little for round figures of powers: even ones stand close to each other as well
            let scale = Scale::of(low, high, rows);
            let low = if scale.low > 0.0 { scale.low } else { low };
            let values = scale.labels().filter(|(value, _)| *value >= low);
            let ticks = values.map(|(value, text)| (bend.height(value), text)).collect();
            return Self { bend, range: (bend.height(low), bend.height(scale.high)), ticks }.thinned(rows);
        }
        let all = |parts: &[f64]| -> Vec<f64> {
            let (from, to) = (low.log10().floor() - 1.0, high.log10().ceil() + 1.0);
            let mut values = Vec::new();
            let mut power = from;
            while power <= to {
                values.extend(parts.iter().map(|part| part * 10_f64.powf(power)));
                power += 1.0;
            }
            values
        };
        // ends at round figures, so that a live point seldom moves the picture
        let ends = all(&[1.0, 2.0, 5.0]);
        let low = ends.iter().copied().filter(|end| *end <= low * (1.0 + 1e-9)).fold(low, f64::max).min(low);
        let foot =
            ends.iter().copied().filter(|end| *end <= low * (1.0 + 1e-9)).fold(f64::MIN_POSITIVE, f64::max);
        let top =
            ends.iter().copied().filter(|end| *end >= high * (1.0 - 1e-9)).fold(f64::INFINITY, f64::min);
        let within = |values: Vec<f64>| -> Vec<f64> {
            let ends = foot * (1.0 - 1e-9)..=top * (1.0 + 1e-9);
            values.into_iter().filter(|value| ends.contains(value)).collect()
        };
        let fine = within(ends.clone());
        let values =
            if fine.len() <= usize::from(rows.div_ceil(2)).max(2) { fine } else { within(all(&[1.0])) };
        Self { bend, range: (bend.height(foot), bend.height(top)), ticks: ticks(bend, &values) }.thinned(rows)
    }

    /// With no more labels than stand apart: every so-manieth, as many as there can be.
    fn thinned(mut self, rows: u16) -> Self {
        let most = usize::from(rows.div_ceil(2)).max(2);
        let count = self.ticks.len();
        let stride = count.div_ceil(most).max(1);
        if stride > 1 {
            let mut at = 0;
            self.ticks.retain(|_| {
                at += 1;
                (at - 1) % stride == 0
            });
        }
        // of a range that is narrow beside its figures
        self.ticks.dedup_by(|after, before| after.1 == before.1);
        // two may still fall into one row
        let (bend, range) = (self.bend, self.range);
        let axis = Self { bend, range, ticks: Vec::new() };
        self.ticks.dedup_by_key(|(height, _)| axis.row(*height, rows));
        self
    }

    /// The row of a height, from 0 at the foot, in a plot of so many rows.
    pub(super) fn row(&self, height: f64, rows: u16) -> u16 {
        let share = (height - self.range.0) / (self.range.1 - self.range.0);
        whole((share * f64::from(rows)).floor()).min(rows.saturating_sub(1))
    }
}

fn ticks(bend: Bend, values: &[f64]) -> Vec<(f64, String)> {
    values.iter().map(|value| (bend.height(*value), text(*value))).collect()
}

/// A figure of one digit.
fn text(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e5).contains(&size) {
        let decimals = usize::from(whole(-(size * (1.0 + 1e-9)).log10().floor()));
        format!("{value:.decimals$}")
    } else {
        format!("{value:.0e}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(upright: Upright, low: f64, high: f64, rows: u16) -> Vec<String> {
        Heights::of(upright, low, high, rows).ticks.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn powers_of_ten_have_round_labels() {
        assert_eq!(labels(Upright::Log, 1.3e-5, 0.9, 20), ["1e-5", "1e-4", "0.001", "0.01", "0.1", "1"]);
        assert_eq!(labels(Upright::Log, 0.3, 7.0, 12), ["0.2", "0.5", "1", "2", "5", "10"]);
        assert_eq!(
            labels(Upright::Log, 1.0, 1e12, 8),
            ["1", "1e4", "1e8", "1e12"].map(|s| s.replace("1e4", "10000"))
        );
        assert_eq!(
            labels(Upright::Symlog, -30.0, 400.0, 24),
            ["-10", "-1", "-0.1", "0", "0.1", "1", "10", "100"]
        );
    }

    #[test]
    fn what_is_not_above_zero_needs_both_sides() {
        assert_eq!(
            Heights::of(Upright::Log, -1.0, 5.0, 9).bend,
            Heights::of(Upright::Symlog, -1.0, 5.0, 9).bend
        );
        assert_eq!(Heights::of(Upright::Log, 1.0, 5.0, 9).bend, Bend::Log);
    }

    proptest! {
        #[test]
        fn an_axis_holds_its_data_and_its_labels_stand_apart_and_differ(
            low in prop_oneof![-1e6f64..1e6, 1e-9f64..1.0], more in prop_oneof![0f64..1e7, 0f64..1e-3, Just(0.0)],
            rows in 2u16..60, log in any::<bool>(),
        ) {
            let upright = if log { Upright::Log } else { Upright::Symlog };
            let (low, high) = (low, low + more);
            let heights = Heights::of(upright, low, high, rows);
            let (foot, top) = heights.range;
            prop_assert!(foot < top && foot.is_finite() && top.is_finite());
            let slack = 1e-9 * (1.0 + foot.abs().max(top.abs()));
            prop_assert!(foot <= heights.bend.height(low) + slack && heights.bend.height(high) <= top + slack);
            let placed: Vec<u16> = heights.ticks.iter().map(|(height, _)| heights.row(*height, rows)).collect();
            prop_assert!(placed.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", heights);
            prop_assert!(heights.ticks.windows(2).all(|pair| pair[0].1 != pair[1].1), "{:?}", heights);
        }
    }
}
