//! The log pane's state.

use super::effect::{Effect, Outcome};
use super::key::Key;
use crate::model::log::LogPage;
use crate::model::run::Run;

/// The lines of one log and how they are looked at.
#[derive(Debug, Clone, Default)]
pub struct LogPane {
    page: LogPage,
}

/// The keys of the pane, as the help shows them: the keys, what they do, and whether the footer names them.
pub const KEYS: &[(&str, &str, bool)] = &[];

impl LogPane {
    /// Rows for lines in a pane of this height.
    pub const fn rows_in(height: u16) -> u16 {
        height
    }

    /// Whether text is being typed.
    pub const fn typing(&self) -> bool {
        false
    }

    /// Takes pasted text; `None` when nothing is being typed.
    pub fn paste(&mut self, _text: &str) -> Option<Outcome> {
        None
    }

    /// Looks at the log of `run` in a pane of so many rows; `None`, or no rows, when no pane shows it.
    pub fn show(&mut self, _run: Option<&Run>, _rows: u16) -> Option<Effect> {
        None
    }

    /// Takes a key; `None` when it means nothing here.
    pub fn key(&mut self, _key: Key) -> Option<Outcome> {
        None
    }

    /// Takes lines that were asked for. Returns whether they are shown otherwise than before.
    pub fn page(&mut self, page: LogPage) -> bool {
        let changed = self.page != page;
        self.page = page;
        changed
    }

    /// The lines.
    pub fn lines(&self) -> &LogPage {
        &self.page
    }
}
