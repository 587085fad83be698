//! Rows that come at the end of each epoch and tell the run's steps: `epoch: 7 | nupdates: 7140`.

use crate::model::record::At;

/// Rows in line before it is believed.
const ENOUGH: u32 = 3;

/// Steps of one epoch, as rows have them that stand at a whole number of epochs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stride {
    each: f64,
    epoch: f64,
    rows: u32,
}

impl Stride {
    /// Takes a row's place in. Returns whether its epoch is over by that: all before it were as long, to the step.
    pub(super) fn see(&mut self, at: &At) -> bool {
        let (Some(epoch), Some(step), None, None) = (at.epoch, at.step, at.batch, at.step_total) else {
            return false;
        };
        let each = step / epoch;
        if epoch < 1.0 || each < 1.0 || each.fract() != 0.0 {
            *self = Self::default();
            return false;
        }
        let goes_on = each.to_bits() == self.each.to_bits() && epoch > self.epoch;
        *self = Self { each, epoch, rows: if goes_on { self.rows + 1 } else { 1 } };
        self.rows >= ENOUGH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(places: &[(f64, f64)]) -> bool {
        let mut stride = Stride::default();
        let seen = |(epoch, step): &(f64, f64)| {
            stride.see(&At { epoch: Some(*epoch), step: Some(*step), ..At::default() })
        };
        places.iter().map(seen).fold(false, |_, over| over)
    }

    #[test]
    fn rows_at_whole_epochs_end_them() {
        assert!(over(&[(1.0, 1020.0), (2.0, 2040.0), (3.0, 3060.0)]));
        assert!(!over(&[(1.0, 1020.0), (2.0, 2040.0)]));
        assert!(!over(&[(1.0, 100.0), (1.0, 200.0), (2.0, 300.0), (2.0, 400.0)]));
        // at the beginning of each
        assert!(!over(&[(1.0, 0.0), (2.0, 1020.0), (3.0, 2040.0)]));
        assert!(!over(&[(1.0, 1000.0), (2.0, 2100.0), (3.0, 3000.0)]));
    }
}
