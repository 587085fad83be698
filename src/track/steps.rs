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
    /// The format counts from 0.
    zero: bool,
    /// A total that was announced.
    pub told: Option<f64>,
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
                    if step < before || (all.is_some() && self.all == all && Some(step) == self.now) {
                        self.scope = Scope::Epoch;
                    } else if step > before
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
        self.now = Some(step);
        self.all = all.or(self.all);
        if epoch.is_some() {
            self.epoch = epoch;
        }
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
    fn the_scope_is_settled_when_the_epoch_changes() {
        assert_eq!(after(&[(1.0, 5.0), (1.0, 10.0)]), Scope::Unknown);
        assert_eq!(after(&[(1.0, 10.0), (1.0, 20.0), (2.0, 5.0)]), Scope::Epoch);
        assert_eq!(after(&[(0.0, 8.0), (1.0, 12.0)]), Scope::Global);
    }
}
