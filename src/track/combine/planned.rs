//! Totals that settings hold: what the run was to do, where nothing tells how much there is.
//!
//! A plan is weaker than whatever the run says. It fills in a total that nobody told unless the run has gone beyond it, and
//! where one total was told, only that one decides whether work is left.

use crate::model::facts::Facts;
use crate::model::facts::Planned;
use crate::model::facts::Progress;

use super::Said;

/// What all sources agree on.
pub(super) fn planned(said: &[Said]) -> Planned {
    let agreed = |pick: fn(&Planned) -> Option<f64>| {
        let mut all = said.iter().filter_map(|one| pick(&one.facts.planned));
        let first = all.next()?;
        all.all(|other| other.to_bits() == first.to_bits()).then_some(first)
    };
    Planned { epochs: agreed(|planned| planned.epochs), steps: agreed(|planned| planned.steps) }
}

/// Fills in the totals that nobody told. Returns the progress whose totals decide whether work is left: what was told, or the
/// plan when nothing was.
pub(super) fn fill(facts: &mut Facts) -> Progress {
    let told = facts.progress.clone();
    let Planned { epochs, steps } = facts.planned;
    let progress = &mut facts.progress;
    let fits =
        |plan: Option<f64>, done: Option<f64>| plan.filter(|plan| done.is_none_or(|done| done <= *plan));
    progress.total_epochs = progress.total_epochs.or(fits(epochs, progress.completed_epochs));
    progress.total_steps = progress.total_steps.or(fits(steps, progress.step));
    if told.total_epochs.is_some() || told.total_steps.is_some() { told } else { progress.clone() }
}
