//! Jumps to steps: which bar's total is meant, and what was understood.

use super::LogPane;
use crate::model::facts::Progress;
use crate::model::log::Landmark;
use crate::model::log::LogLine;
use crate::model::log::StepAnswer;
use crate::parse::logplace;

/// Said while the log is looked through for a step.
pub(super) const LOOKING: &str = "looking for it";

/// The total of the bar that counts the run's steps: that of an epoch where they divide into epochs, else all of them.
pub(super) fn bar_total(progress: &Progress) -> Option<u64> {
    let whole = progress.total_steps?;
    let total = match progress.total_epochs {
        Some(epochs) if epochs >= 1.0 && (whole / epochs).fract() == 0.0 => whole / epochs,
        _ => whole,
    };
    figure(total)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
fn figure(total: f64) -> Option<u64> {
    (1.0..9e15).contains(&total).then_some(total as u64)
}

impl LogPane {
    /// What there is to say of the line that a jump to a step led to.
    pub(super) fn about_step(&self, line: &LogLine) -> Option<String> {
        let what = self.goes_to?;
        match self.page.step {
            Some(StepAnswer::At(found)) => {
                let within = match (found.epoch, found.round) {
                    (Some(epoch), _) => format!("step {} of epoch {epoch}", found.step),
                    (None, 1) => format!("step {}", found.step),
                    (None, round) => format!("step {} of round {round}", found.step),
                };
                let hidden = line.spot.offset != found.offset;
                Some(if found.later {
                    format!("not told there: the next is {within}")
                } else if hidden {
                    format!("{within} is hidden: the next line shown")
                } else {
                    within
                })
            }
            _ => match (what, logplace::step(&line.text)) {
                (Landmark::Step(wanted), Some(own)) if own != wanted => {
                    Some(format!("step {own} is the next one told"))
                }
                _ => None,
            },
        }
    }

    /// What there is to say where a jump to a step led nowhere.
    pub(super) fn no_step(&self, missing: &'static str) -> &'static str {
        match (self.goes_to, self.page.step) {
            (Some(_), Some(StepAnswer::Nothing)) => "no step is told in this log",
            (Some(_), Some(StepAnswer::Uneven)) => "epochs differ in steps: name one, as epoch 3 step 37",
            _ => missing,
        }
    }
}
