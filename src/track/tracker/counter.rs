//! A number that climbs: the run's epoch, or its global step.
//!
//! It may go back: a run that resumes counts from its checkpoint on, a log may be appended to by the next run. But a line may
//! also merely mention an older epoch (`Best epoch: 3`). A number below the highest is therefore taken only when the count goes
//! on from there.

/// Where a climbing number stands.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Counter {
    /// The first value seen.
    first: Option<f64>,
    now: Option<f64>,
    /// A lower value that may be a new beginning.
    lower: Option<f64>,
    /// Whether 0 was seen.
    zero: bool,
}

/// What a new value did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    /// Up.
    On,
    /// It is where it was.
    Still,
    /// Below what is known, perhaps only mentioned.
    Mentioned,
    /// The count has begun again at a lower value.
    Back,
}

impl Counter {
    /// Takes a value in.
    pub(super) fn see(&mut self, value: f64) -> Moved {
        if !value.is_finite() || value < 0.0 {
            return Moved::Mentioned;
        }
        self.zero |= value < 0.5;
        self.first.get_or_insert(value);
        match self.now {
            None => {
                self.now = Some(value);
                Moved::On
            }
            Some(now) if value > now => {
                self.now = Some(value);
                self.lower = None;
                Moved::On
            }
            Some(now) if value >= now => {
                self.lower = None;
                Moved::Still
            }
            Some(_) => match self.lower {
                Some(lower) if value > lower => {
                    self.now = Some(value);
                    self.lower = None;
                    Moved::Back
                }
                _ => {
                    self.lower = Some(value);
                    Moved::Mentioned
                }
            },
        }
    }

    /// Begins anew.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// The value it stands at.
    pub(super) fn now(&self) -> Option<f64> {
        self.now
    }

    /// The first value that was seen.
    pub(super) fn first(&self) -> Option<f64> {
        self.first
    }

    /// Whether 0 was among the values.
    pub(super) fn saw_zero(&self) -> bool {
        self.zero
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_number_is_only_mentioned_until_the_count_goes_on_from_it() {
        let mut counter = Counter::default();
        for value in [1.0, 2.0, 5.0] {
            assert_eq!(counter.see(value), Moved::On);
        }
        assert_eq!(counter.see(3.0), Moved::Mentioned);
        assert_eq!(counter.now(), Some(5.0));
        assert_eq!(counter.see(5.0), Moved::Still);
        assert_eq!(counter.see(2.0), Moved::Mentioned);
        assert_eq!(counter.see(3.0), Moved::Back);
        assert_eq!(counter.now(), Some(3.0));
    }
}
