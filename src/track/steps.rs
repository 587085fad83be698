//! Steps that lines speak of: whether they count through the run or begin anew with each epoch is settled by what follows.

/// What a step counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Scope {
    /// Not settled.
    #[default]
    Unknown,
    /// Through the run.
    Global,
    /// Anew with each epoch.
    Epoch,
}

/// Steps of lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps {
    pub scope: Scope,
    /// Newest step, as written.
    pub now: Option<f64>,
    /// The total beside it.
    pub all: Option<f64>,
    /// The epoch it was seen in.
    epoch: Option<f64>,
    /// It grew within that epoch.
    moved: bool,
    /// Another epoch began, and still nothing settles what they count.
    pub doubted: bool,
    /// The format counts from 0.
    zero: bool,
    /// A total that was announced.
    pub told: Option<f64>,
    /// How often in a row the announced total was higher than before.
    rises: u32,
    /// The newest, once that showed that it is none.
    counted: Option<f64>,
    /// Steps that stood one by one in a row up to now.
    run: u32,
    /// How far the newest step was from the one before, and how often in a row it was as far.
    stride: (f64, u32),
}

impl Steps {
    /// Takes a step in; `epoch` is the label it stands beside or under. `sure` when the line itself calls it the run's.
    pub(super) fn see(
        &mut self,
        step: f64,
        all: Option<f64>,
        base: Option<u8>,
        epoch: Option<f64>,
        epochs: Option<f64>,
    ) {
        if step.is_nan() {
            self.now = None;
            return;
        }
        if base.is_some() {
            self.scope = Scope::Global;
            self.zero = base == Some(0);
        } else if self.scope != Scope::Epoch {
            match (self.epoch, epoch, self.now) {
                (_, None, _) => self.scope = Scope::Global,
                (Some(then), Some(at), Some(before)) if at > then => {
                    let again = step.to_bits() == before.to_bits();
                    // where one line stands for an epoch, or the epoch came to its end
                    let anew = !self.moved || self.are_over();
                    if step < before || (again && anew && all.is_some() && self.all == all) {
                        self.scope = Scope::Epoch;
                    } else if (step > before || (again && self.moved))
                        && self.scope == Scope::Unknown
                        && self.all.is_none_or(|all| step <= all)
                    {
                        self.scope = Scope::Global;
                    }
                }
                _ => {}
            }
            if epochs == Some(1.0) && self.scope == Scope::Unknown {
                self.scope = Scope::Global;
            }
        }
        self.doubted |=
            self.scope == Scope::Unknown && epoch.zip(self.epoch).is_some_and(|(at, then)| at > then);
        self.run = match self.now {
            Some(before) if step.to_bits() == (before + 1.0).to_bits() => self.run.saturating_add(1),
            Some(before) if step.to_bits() == before.to_bits() => self.run,
            _ => 0,
        };
        self.stride = match self.now {
            Some(before) if step > before => {
                let same = self.stride.0.to_bits() == (step - before).to_bits();
                (step - before, if same { self.stride.1.saturating_add(1) } else { 0 })
            }
            Some(before) if step < before => (0.0, 0),
            _ => self.stride,
        };
        let same_epoch = epoch.is_none() || epoch == self.epoch;
        self.moved = same_epoch
            && match self.now {
                Some(before) if step > before => true,
                Some(before) if step < before => false,
                _ => self.moved,
            };
        self.now = Some(step);
        self.all = all.or(self.all);
        if epoch.is_some() {
            self.epoch = epoch;
        }
    }

    /// The epoch under way and the total of its steps, while it is not settled whether they count through the run: figures stand
    /// within that epoch until then.
    pub(super) fn within_epoch(&self) -> Option<(f64, f64)> {
        self.epoch.zip(self.all).filter(|_| self.scope == Scope::Unknown)
    }

    /// Takes in what was called a total. One that rises again and again counts what is done.
    pub(super) fn tell(&mut self, value: f64) {
        self.rises = match self.told.or(self.counted) {
            Some(before) if value > before => self.rises.saturating_add(1),
            Some(before) if value < before => 0,
            _ => self.rises,
        };
        if self.rises >= 2 {
            self.counted = Some(value);
            self.told = None;
            self.see(value, None, Some(1), None, None);
        } else {
            self.told = Some(value);
        }
    }

    /// Whether the newest one is the last.
    pub(super) fn are_over(&self) -> bool {
        self.now.zip(self.all).is_some_and(|(now, all)| now >= all)
    }

    /// Whether the next line was due before the total beside the steps: they came in even strides, and there is room for one more,
    /// even if they count from 0.
    pub(super) fn are_short_of_next(&self) -> bool {
        let (stride, times) = self.stride;
        times >= 2 && self.now.zip(self.all).is_some_and(|(now, all)| now + stride < all)
    }

    /// Whether no other one was due before the total, as far as the newest ones were apart: `step 1000/1050`, told every hundredth.
    pub(super) fn are_as_good_as_over(&self) -> bool {
        let (stride, _) = self.stride;
        stride > 0.0 && self.now.zip(self.all).is_some_and(|(now, all)| now + stride >= all)
    }

    /// Something else was done behind the newest one: none was due.
    pub(super) fn leave(&mut self) {
        self.stride.1 = 0;
    }

    /// Whether every step is told, so that the newest one is no step behind.
    pub(super) fn are_all_told(&self) -> bool {
        self.run >= 3
    }

    /// The last global step.
    pub(super) fn global(&self) -> Option<f64> {
        (self.scope == Scope::Global).then_some(self.now?).map(|now| if self.zero { now + 1.0 } else { now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(rows: &[(f64, f64)]) -> Scope {
        let mut steps = Steps::default();
        for (epoch, step) in rows {
            steps.see(*step, Some(20.0), None, Some(*epoch), None);
        }
        steps.scope
    }

    #[test]
    fn a_total_that_rises_again_and_again_counts_what_is_done() {
        let after = |told: &[f64]| {
            let mut steps = Steps::default();
            for value in told {
                steps.tell(*value);
            }
            (steps.told, steps.global())
        };
        assert_eq!(after(&[500.0]), (Some(500.0), None));
        assert_eq!(after(&[500.0, 1000.0]), (Some(1000.0), None), "of the next run, say");
        assert_eq!(after(&[0.0, 208.0, 208.0, 416.0]), (None, Some(416.0)));
    }

    #[test]
    fn the_scope_is_settled_when_the_epoch_changes() {
        assert_eq!(after(&[(1.0, 5.0), (1.0, 10.0)]), Scope::Unknown);
        assert_eq!(after(&[(1.0, 10.0), (1.0, 20.0), (2.0, 5.0)]), Scope::Epoch);
        assert_eq!(after(&[(0.0, 8.0), (1.0, 12.0)]), Scope::Global);
        // one line for each epoch, at the same step of it
        assert_eq!(after(&[(1.0, 15.0), (2.0, 15.0)]), Scope::Epoch);
        assert_eq!(after(&[(1.0, 10.0), (1.0, 20.0), (2.0, 20.0)]), Scope::Epoch);
        assert_eq!(after(&[(1.0, 5.0), (1.0, 10.0), (1.0, 5.0), (2.0, 5.0)]), Scope::Epoch);
        // the last step of an epoch, told once more where the next one begins
        assert_eq!(after(&[(1.0, 5.0), (1.0, 10.0), (2.0, 10.0), (2.0, 15.0)]), Scope::Global);
    }
}
