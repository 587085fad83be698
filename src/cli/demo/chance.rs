//! Figures that look like real ones and are the same each time.

/// Deterministic pseudo-random numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Between 0 and 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Around 0, mostly between -1 and 1 (the sum of four is bell-shaped enough).
    pub(super) fn bell(&mut self) -> f64 {
        (0..4).map(|_| self.unit()).sum::<f64>() - 2.0
    }
}

/// A loss as it falls: fast first, slower later, never smoothly.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    first: f64,
    floor: f64,
    /// Share of the work after which it has fallen by about two thirds.
    knee: f64,
    /// Spread of a single batch, relative to the value.
    noise: f64,
    chance: Chance,
    smooth: f64,
}

impl Curve {
    pub(super) fn new(first: f64, floor: f64, knee: f64, noise: f64, seed: u64) -> Self {
        Self { first, floor, knee, noise, chance: Chance::new(seed), smooth: first }
    }

    /// The value of a batch when `share` (0 to 1) of the work is done.
    pub(super) fn at(&mut self, share: f64) -> f64 {
        let value = self.expected(share) * (1.0 + self.noise * self.chance.bell());
        self.smooth += 0.05 * (value - self.smooth);
        value
    }

    /// Without noise.
    pub(super) fn expected(&self, share: f64) -> f64 {
        self.floor + (self.first - self.floor) * (1.0 + 2.0 * share / self.knee).powf(-1.6)
    }

    /// The running mean of what [`Curve::at`] gave.
    pub(super) fn smooth(&self) -> f64 {
        self.smooth
    }

    /// Another number from the same source.
    pub(super) fn chance(&mut self) -> &mut Chance {
        &mut self.chance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_falls_and_is_the_same_each_time() {
        let mut curve = Curve::new(2.3, 0.3, 0.2, 0.1, 7);
        let mut again = curve.clone();
        let values: Vec<f64> = (0..1000).map(|n| curve.at(f64::from(n) / 1000.0)).collect();
        assert!(
            values
                .iter()
                .zip((0..1000).map(|n| again.at(f64::from(n) / 1000.0)))
                .all(|(a, b)| a.total_cmp(&b).is_eq())
        );
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        assert!(mean(&values[..50]) > 1.5 && mean(&values[900..]) < 0.5);
        assert!(values.iter().all(|value| *value > 0.0));
    }

    #[test]
    fn units_lie_between_nought_and_one() {
        let mut chance = Chance::new(1);
        let values: Vec<f64> = (0..10_000).map(|_| chance.unit()).collect();
        assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
        assert!((values.iter().sum::<f64>() / 10_000.0 - 0.5).abs() < 0.02);
    }
}
