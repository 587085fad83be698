//! Everything that can happen to the program while its screen is up.

use super::effect::Named;
use super::key::Key;
use crate::model::log::LogPage;
use crate::model::log::Slot;
use crate::store::Update;

/// One thing that happened.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a message lives for one call, and there is one at a time")]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size, in cells.
    Resize {
        /// Columns.
        cols: u16,
        /// Rows.
        rows: u16,
    },
    /// The terminal got or lost the focus.
    Focus(bool),
    /// News of runs.
    Runs(Vec<Update>),
    /// The answer to the log pane of this slot.
    Log(Slot, LogPage),
    /// The saved filters.
    Filters(Vec<Named>),
    /// The moment has come that the state asked to be woken at.
    Wake,
    /// A worker failed or something is to be told in the footer.
    Notice(String),
}
