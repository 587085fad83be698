//! How fast a run goes, measured where the log does not print it: by the times of its lines, or by their arrival.

use std::collections::VecDeque;

use crate::model::stamp::Stamp;

/// Readings that a rate is drawn from.
const WINDOW: usize = 12;
/// … and how many there must be.
const ENOUGH: usize = 3;

/// Steps over time.
#[derive(Debug, Clone, Default)]
pub(super) struct Pace {
    readings: VecDeque<(Stamp, f64)>,
}

impl Pace {
    /// The run stood at `step` at `time`.
    pub(super) fn see(&mut self, time: Stamp, step: f64) {
        if let Some((last, at)) = self.readings.back().copied() {
            if step < at || time < last {
                self.readings.clear();
            } else if step <= at || time == last {
                // several lines of one step, or of one tick of the clock, are one reading: the last
                if let Some(back) = self.readings.back_mut() {
                    back.1 = step;
                }
                return;
            }
        }
        if self.readings.len() >= WINDOW {
            self.readings.pop_front();
        }
        self.readings.push_back((time, step));
    }

    /// Begins anew.
    pub(super) fn reset(&mut self) {
        self.readings.clear();
    }

    /// Steps per second over the readings at hand; `None` while there are too few.
    pub(super) fn rate(&self) -> Option<f64> {
        if self.readings.len() < ENOUGH {
            return None;
        }
        let (from, low) = self.readings.front()?;
        let (to, high) = self.readings.back()?;
        let seconds = to.since(*from).as_secs_f64();
        (seconds > 0.0).then(|| (high - low) / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_waits_for_three_readings_and_forgets_what_lies_before_a_restart() {
        let mut pace = Pace::default();
        pace.see(Stamp::from_millis(0), 0.0);
        pace.see(Stamp::from_millis(1000), 5.0);
        assert_eq!(pace.rate(), None);
        pace.see(Stamp::from_millis(2000), 10.0);
        assert_eq!(pace.rate(), Some(5.0));
        pace.see(Stamp::from_millis(3000), 1.0);
        assert_eq!(pace.rate(), None);
    }
}
