//! What `update` asks of the outside.

use crate::model::log::LogAsk;
use crate::model::run::RunKey;

/// One thing to do. Effects are data: only `runtime` carries them out.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Leave with this exit code.
    Quit(u8),
    /// These runs are on screen: read them before all others, in this order. Answered by `Msg::Runs`.
    Attend(Vec<RunKey>),
    /// The log pane wants lines, or (`None`) no longer looks. Answered by `Msg::Log`.
    Log(Option<LogAsk>),
    /// Give the terminal back and stop, as Ctrl+Z does.
    Suspend,
    /// Draw every cell anew.
    Repaint,
}

/// What a message led to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// What to do outside.
    pub effects: Vec<Effect>,
    /// Whether anything visible may have changed. `false` is a promise: the screen would be the same, cell by cell.
    pub redraw: bool,
}
