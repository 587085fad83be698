//! What `update` asks of the outside.

use std::path::PathBuf;

use crate::model::log::LogAsk;
use crate::model::log::Slot;
use crate::model::run::RunKey;

/// One thing to do. Effects are data: only `runtime` carries them out.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Leave with this exit code.
    Quit(u8),
    /// These runs are on screen: read them before all others, in this order. Answered by `Msg::Runs`.
    Attend(Vec<RunKey>),
    /// The log pane of this slot wants lines, or (`None`) no longer looks. Answered by `Msg::Log`.
    Log(Slot, Option<LogAsk>),
    /// Give the terminal back and stop, as Ctrl+Z does.
    Suspend,
    /// Draw every cell anew.
    Repaint,
    /// Put text on the clipboard. It holds no secret.
    Copy(String),
    /// Open a file in a program of the user's, which has the terminal meanwhile.
    Outside(Outside),
    /// Something that takes a while and is told of by `Msg::Notice` or `Msg::Filters`.
    Errand(Errand),
}

/// A file to be opened in another program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// In `$EDITOR`, and not in `$PAGER`.
    pub edit: bool,
    /// The file.
    pub path: PathBuf,
    /// The line to stand at, from 1, where it is known.
    pub line: Option<u64>,
    /// The byte that the line begins at.
    pub offset: u64,
}

/// Work on the user's own files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Write text, which holds no secret, to a new file.
    Write {
        /// The path as it was typed.
        path: String,
        /// The text.
        text: String,
        /// How many lines it has.
        lines: usize,
        /// The run's folder: a path that leads there must have been typed in full.
        run: PathBuf,
    },
    /// Something about saved filters.
    Filters(Deed),
}

/// What is done with saved filters. Each is answered by the whole list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Read them.
    List,
    /// Save one; one of this name is replaced.
    Keep(Named),
    /// Delete the one of this name.
    Drop(String),
}

/// A filter under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The filter as it was typed.
    pub text: String,
}

/// What a message led to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// What to do outside.
    pub effects: Vec<Effect>,
    /// Whether anything visible may have changed. `false` is a promise: the screen would be the same, cell by cell.
    pub redraw: bool,
}
