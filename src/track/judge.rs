//! A run's state at a moment, with what it rests on, as the contract's table has it.

use crate::model::rules::Rules;
use crate::model::run::{Run, Verdict};
use crate::model::stamp::Stamp;
use crate::model::state::State;

/// Judges `run` as of `now`. `owner` tells whether a live process owns it; `None` when that is not known.
pub fn judge(_run: &Run, _owner: Option<bool>, _rules: &Rules, _now: Stamp) -> Verdict {
    Verdict { state: State::Unknown, reason: String::new(), outdated: false, until: None }
}
