//! The whole state of the screen.

use super::effect::Outcome;
use super::msg::Msg;
use crate::model::stamp::Stamp;
use crate::store::Store;

/// Everything the screen shows.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// All runs.
    pub store: Store,
    /// Columns of the terminal.
    pub cols: u16,
    /// Rows of the terminal.
    pub rows: u16,
}

impl State {
    /// When the text on screen changes by time alone (an age, a verdict), so that the loop wakes then and not before.
    pub fn next_wake(&self, _now: Stamp) -> Option<Stamp> {
        None
    }
}

/// Takes one message in.
pub fn update(_state: &mut State, _msg: Msg, _now: Stamp) -> Outcome {
    Outcome::default()
}
