//! The crosshair and the log point at each other: the log goes to the step that the crosshair stands at, and the crosshair to the
//! step that a line of the log names.

use crate::app::binding::Screen;
use crate::app::cross::Cross;
use crate::app::effect::Effect;
use crate::app::state::State;
use crate::model::facts::Axis;

/// Brings the log, where it is seen, to the step of the crosshair; back to its end when the crosshair is taken away.
pub(super) fn bring_log(state: &mut State, seen: bool) -> Option<Effect> {
    let step = state.cross.as_ref().and_then(Cross::step);
    if !seen || step == state.memory.linked {
        return None;
    }
    state.memory.linked = step;
    match step {
        Some(step) => state.logs.focused_mut().look_at_step(step),
        // on its own page the log stays where it is read
        None if state.screen == Screen::Logs => None,
        None => state.logs.focused_mut().look_at_end(),
    }
}

/// Puts the crosshair where the line that is looked at was written, and opens the charts. Where that cannot be, a word says why.
pub(super) fn to_chart(state: &mut State) {
    let Some(step) = state.logs.focused().step_of_line() else {
        state.notice = Some("neither this line nor one above it names a step".to_owned());
        return;
    };
    let Some((row, _)) = state.current_row() else { return };
    let (key, facts) = (row.run.key.clone(), &row.run.facts);
    #[expect(clippy::cast_precision_loss, reason = "steps are drawn, and those of runs are far below 2^53")]
    let Some(cross) = Cross::near(key, facts, Axis::Step, step as f64) else {
        state.notice = Some("no chart of this run counts steps".to_owned());
        return;
    };
    // the log is at the line already, and is not sent elsewhere
    state.memory.linked = cross.step();
    if cross.step() != Some(step) {
        let told = cross.step().unwrap_or_default();
        state.notice = Some(format!("the line is of step {step}, the nearest figures are of {told}"));
    }
    state.cross = Some(cross);
    super::keys::open(state, Screen::Run);
}
