//! How a run came out, as a line and as an exit code.

use super::Said;
use super::Tone;
use crate::model::run::Verdict;
use crate::model::state::State;
use crate::parse::clean::clean;
use crate::report::say::say;

/// The exit code of a run in `state`: what scripts rely on.
///
/// | code | state |
/// |---|---|
/// | 0 | completed, `early_stopped` |
/// | 10 | failed, cancelled, interrupted |
/// | 11 | stalled |
/// | 12 | everything else: nobody can tell how it came out |
pub const fn code(state: State) -> u8 {
    match state {
        State::Completed | State::EarlyStopped => 0,
        State::Failed | State::Cancelled | State::Interrupted => 10,
        State::Stalled => 11,
        State::Queued | State::Running | State::Unknown => 12,
    }
}

/// Whether nothing is to come any more of a run in `state`, by itself.
pub const fn is_over(state: State) -> bool {
    state.is_finished() || matches!(state, State::Interrupted | State::Unknown)
}

/// The last line: `failed: training.log:812: RuntimeError: CUDA out of memory`.
pub fn line(verdict: &Verdict) -> Said {
    let tone = match code(verdict.state) {
        0 => Tone::Good,
        10 => Tone::Error,
        _ => Tone::Warning,
    };
    let state = verdict.state.name().replace('_', " ");
    Said { text: say(&format!("{state}: {}", clean(&verdict.reason))).into_owned(), tone }
}
