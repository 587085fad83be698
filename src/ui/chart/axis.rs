//! Round figures for axes.

/// A range that begins and ends at round figures, or lies between them, and the ticks in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// Lowest figure of the range.
    pub(super) low: f64,
    /// Highest.
    pub(super) high: f64,
    first: f64,
    step: f64,
    count: u16,
    /// What two figures at round places differ by at least: it sets the decimals.
    grain: f64,
}

/// 1, 2 or 5 times a power of ten: the smallest such step that needs at most `most` of them for `span`.
fn nice_step(span: f64, most: u16) -> f64 {
    let rough = (span / f64::from(most.max(1))).max(f64::MIN_POSITIVE);
    let power = 10_f64.powf(rough.log10().floor());
    let found = [1.0, 2.0, 5.0, 10.0].into_iter().find(|times| times * power >= rough * (1.0 - 1e-9));
    found.unwrap_or(10.0) * power
}

impl Scale {
    /// A scale around `low..=high` for a plot of so many rows. Where that costs little room its ticks stand in the middle of
    /// their rows, equally far apart.
    pub(super) fn of(low: f64, high: f64, rows: u16) -> Self {
        // a flat line is drawn in the middle of something
        let pad = if high > low { 0.0 } else { (high.abs() * 0.1).max(1e-6) };
        let (low, high) = (low - pad, high + pad);
        Self::even(low, high, rows).unwrap_or_else(|| Self::filling(low, high, rows))
    }

    /// Of the scales whose rows are round parts of a round step the narrowest, unless it wastes room.
    fn even(low: f64, high: f64, rows: u16) -> Option<Self> {
        let gaps = rows.saturating_sub(1);
        // rows from one tick to the next: in a high plot as many as leave eight ticks at most
        let least = (gaps / 8 + 1).max(2);
        let mut best: Option<Self> = None;
        for stride in least..=least + 2 {
            let power = 10_f64.powf(((high - low) / f64::from(gaps)).log10().floor());
            for times in [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0] {
                let step = times * power;
                let row = step / f64::from(stride);
                let bottom = (low / row + 1e-9).floor() * row;
                let top = bottom + row * f64::from(gaps);
                let first = (bottom / step - 1e-9).ceil() * step;
                let count = ((top - first) / step + 1e-9).floor();
                if top < high - row * 1e-9 || !count.is_finite() {
                    continue;
                }
                let edges = (bottom - row / 2.0, top + row / 2.0);
                let scale =
                    Self { low: edges.0, high: edges.1, first, step, count: whole(count), grain: step };
                let narrower =
                    best.is_none_or(|best| scale.high - scale.low < (best.high - best.low) * (1.0 - 1e-9));
                if count >= 1.0 && narrower {
                    best = Some(scale);
                }
                break;
            }
        }
        best.filter(|best| best.high - best.low <= (high - low) * 1.6)
    }

    /// A scale whose ends are round however low the plot is; of the round figures between them as many are ticks as have a
    /// row of air.
    fn filling(low: f64, high: f64, rows: u16) -> Self {
        let step = nice_step(high - low, (rows / 2).clamp(4, 8));
        let from = (low / step + 1e-9).floor() * step;
        let to = (high / step - 1e-9).ceil() * step;
        let steps = whole(((to - from) / step).round()).max(1);
        let most = (rows / 2).max(1);
        // every so-manieth, so that one stands at either end where that can be
        let fits = |stride: &u16| steps / stride <= most;
        let stride = (1..=steps)
            .filter(fits)
            .find(|stride| steps.is_multiple_of(*stride) && steps / stride >= most.min(3))
            .or_else(|| (1..=steps).find(fits))
            .unwrap_or(steps);
        Self {
            low: from,
            high: to,
            first: from,
            step: step * f64::from(stride),
            count: steps / stride,
            grain: step,
        }
    }

    /// Ticks at round figures within `low..=high`, which stays as it is.
    pub(super) fn within(low: f64, high: f64, ticks: u16) -> Self {
        let step = nice_step((high - low).max(f64::MIN_POSITIVE), ticks);
        let first = (low / step - 1e-9).ceil() * step;
        let count = ((high - first) / step + 1e-9).floor().max(0.0);
        Self { low, high, first, step, count: whole(count), grain: step }
    }

    /// The ticks with their texts, lowest first, all with the same number of decimals.
    pub(super) fn labels(&self) -> impl Iterator<Item = (f64, String)> {
        let Self { first, step, count, grain, .. } = *self;
        let most = first.abs().max((first + step * f64::from(count)).abs());
        (0..=count).map(move |at| {
            let value = first + step * f64::from(at);
            // the sum of many steps misses zero by a little
            let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
            (value, text(value, grain, most))
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float to int casts saturate")]
pub(super) fn whole(value: f64) -> u16 {
    value.max(0.0) as u16
}

fn text(value: f64, step: f64, most: f64) -> String {
    if most >= 1e5 {
        let (unit, factor) = match most {
            most if most < 1e6 => ("k", 1e3),
            most if most < 1e9 => ("M", 1e6),
            most if most < 1e12 => ("G", 1e9),
            _ => return if value == 0.0 { "0".to_owned() } else { format!("{value:.1e}") },
        };
        if value == 0.0 {
            return "0".to_owned();
        }
        return format!("{}{unit}", fixed(value / factor, step / factor));
    }
    if most < 1e-3 && most > 0.0 {
        let digits = (step / 10_f64.powf(most.log10().floor())).log10();
        let decimals = usize::from(whole(-(digits + 1e-9).floor())).min(6);
        return if value == 0.0 { "0".to_owned() } else { format!("{value:.decimals$e}") };
    }
    fixed(value, step)
}

/// With as many decimals as tell one step from the next.
fn fixed(value: f64, step: f64) -> String {
    let decimals = usize::from(whole(-(step.log10() + 1e-9).floor())).min(6);
    format!("{value:.decimals$}")
}

/// Where the x axis ends: a figure that the data have not reached, so that it moves seldom, and for a `young` history twice as
/// seldom; the end of the work when that comes before it.
pub(super) fn nice_end(from: f64, to: f64, end: Option<f64>, young: bool) -> f64 {
    let span = (to - from).max(f64::MIN_POSITIVE);
    let round = if young {
        2_f64.powf((span.log2() - 1e-9).ceil())
    } else {
        let power = 10_f64.powf(span.log10().floor());
        [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
            .into_iter()
            .map(|times| times * power)
            .find(|end| *end >= span * (1.0 - 1e-9))
            .unwrap_or(span)
    };
    let round = from + round;
    match end {
        Some(end) if end >= to && end > from && (end - from) <= (round - from) * 1.5 => end,
        _ => round,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::bend::Heights;
    use super::*;
    use crate::app::lens::Upright;

    #[test]
    fn ticks_are_round() {
        type Case = (f64, f64, u16, &'static [&'static str], &'static [u16]);
        let cases: &[Case] = &[
            (0.2, 2.31, 8, &["0", "1", "2"], &[0, 3, 6]),
            (1.5, 6.0, 6, &["2", "4", "6"], &[1, 3, 5]),
            (0.1, 2.0, 15, &["0.0", "0.5", "1.0", "1.5", "2.0"], &[0, 3, 6, 9, 12]),
            (1e-5, 3e-5, 8, &["1e-5", "2e-5", "3e-5"], &[0, 3, 6]),
            (-1.0, 1.0, 8, &["-1", "0", "1"], &[0, 3, 6]),
            (0.0, 2.5e6, 6, &["0", "1M", "2M"], &[0, 2, 4]),
            (5.0, 5.0, 8, &["4.5", "5.0", "5.5"], &[0, 3, 6]),
            (0.01, 0.013, 9, &["0.010", "0.011", "0.012", "0.013", "0.014"], &[0, 2, 4, 6, 8]),
            // where even gaps would waste room the ends are round
            (1.1, 2.4, 2, &["1.0", "2.5"], &[0, 1]),
            (1.4, 2.2, 4, &["1.4", "1.8", "2.2"], &[0, 2, 3]),
        ];
        for (low, high, rows, expected, places) in cases {
            let scale = Scale::of(*low, *high, *rows);
            let texts: Vec<String> = scale.labels().map(|(_, text)| text).collect();
            assert_eq!(texts, *expected, "{low} {high} {rows}");
            let heights = Heights::of(Upright::Linear, *low, *high, *rows);
            let at: Vec<u16> = heights.ticks.iter().map(|(value, _)| heights.row(*value, *rows)).collect();
            assert_eq!(at, *places, "{low} {high} {rows}");
        }
    }

    #[test]
    fn the_end_of_x_moves_seldom() {
        let old = |x: f64, end| nice_end(0.0, x, end, false);
        let mut ends: Vec<f64> = (1..=1000_u32).map(|x| nice_end(0.0, f64::from(x), None, x < 256)).collect();
        ends.dedup();
        assert_eq!(
            ends,
            [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 300.0, 400.0, 500.0, 600.0, 800.0, 1000.0]
        );
        assert_eq!(Some(old(2900.0, Some(3000.0))), Some(3000.0));
        assert_eq!(Some(old(100.0, Some(3000.0))), Some(100.0), "the end of the work is far off");
        assert_eq!(Some(old(3100.0, Some(3000.0))), Some(4000.0), "it went on past its end");
    }

    proptest! {
        #[test]
        fn a_scale_holds_its_data(low in -1e9f64..1e9, span in 0f64..1e9, rows in 1u16..40) {
            let scale = Scale::of(low, low + span, rows);
            let slack = 1e-6 * (low.abs() + span + 1.0);
            prop_assert!(scale.low <= low + slack && scale.high >= low + span - slack, "{scale:?}");
            prop_assert!(scale.labels().count() <= usize::from(rows / 2).max(1) + 1);
        }

        #[test]
        fn no_two_labels_are_alike(low in -1e4f64..1e4, span in 1e-4f64..1e6, rows in 1u16..40) {
            let mut texts: Vec<String> = Scale::of(low, low + span, rows).labels().map(|(_, text)| text).collect();
            let count = texts.len();
            texts.dedup();
            prop_assert_eq!(count, texts.len());
        }
    }
}
