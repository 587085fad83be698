//! The whole state of the screen.

use std::collections::HashSet;
use std::time::Duration;

use ratatui::layout::Rect;

use super::age;
use super::binding::{Place, Screen};
use super::cross::Cross;
use super::layout::{Areas, areas};
use super::lens::Lens;
use super::line::Line;
use super::logs::Panes;
use crate::model::log::BySlot;
use crate::model::log::LogPage;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::store::filter::{Filter, FilterError};
use crate::store::pick::Picks;
use crate::store::view::View;
use crate::store::{Row, Store};

pub use super::update::update;

/// A filter that is being typed. The list shows the last one that was understood.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What is typed.
    pub line: Line,
    /// What is wrong with it.
    pub error: Option<FilterError>,
    /// What was filtered before, for those who think better of it.
    pub before: Filter,
}

/// A view that is held still while the runs go on.
#[derive(Debug, Clone)]
pub struct Frozen {
    /// The runs as they were.
    pub store: Store,
    /// When that was.
    pub at: Stamp,
    /// Runs that have news since.
    pub behind: HashSet<RunKey>,
    /// The newest answer to each log pane's wish, to be shown afterwards.
    pub log: BySlot<Option<LogPage>>,
    /// The wishes that the log showed then: answers to later ones come from moving about in it.
    pub generation: BySlot<u64>,
}

/// Everything the screen shows.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// All runs.
    pub store: Store,
    /// Columns of the terminal.
    pub cols: u16,
    /// Rows of the terminal.
    pub rows: u16,
    /// What is watched, as the header names it (`~/experiments`, `3 roots`).
    pub place: String,
    /// The log panes, on their own page and as the end of a log below the others.
    pub logs: Panes,
    /// The page that is open.
    pub screen: Screen,
    /// Which runs are listed, in which order.
    pub list: View,
    /// The run that was chosen; the first of the list until then.
    pub selected: Option<RunKey>,
    /// First row of the list on screen.
    pub top: usize,
    /// First row of the run's page on screen.
    pub scroll: u16,
    /// The crosshair on the charts of the run's page.
    pub cross: Option<Cross>,
    /// How the charts of the run's page are looked at.
    pub lens: Lens,
    /// First line of the help on screen, while it is open.
    pub help: Option<u16>,
    /// The filter that is being typed.
    pub prompt: Option<Prompt>,
    /// Something to be told in the footer, until the next key.
    pub notice: Option<String>,
    /// The view that is held still.
    pub frozen: Option<Box<Frozen>>,
    /// What `update` remembers from one message to the next.
    pub memory: Memory,
}

/// What `update` remembers from one message to the next, and nobody else looks at.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The page from which the open one was opened.
    pub(super) came_from: Screen,
    /// Whether a key was ever pressed: until then the program chooses the page.
    pub(super) touched: bool,
    /// The newest wish of each log pane that was answered.
    pub(super) generation: BySlot<u64>,
    /// The step of the crosshair that the log was last brought to.
    pub(super) linked: Option<u64>,
    /// The runs that were last asked for.
    pub(super) attended: Vec<RunKey>,
    /// When the last message came.
    pub(super) now: Stamp,
}

impl State {
    /// The runs on screen: the live ones, or those that were there when the view was frozen.
    pub fn shown(&self) -> &Store {
        self.frozen.as_ref().map_or(&self.store, |frozen| &frozen.store)
    }

    /// The moment that the screen shows.
    pub fn moment(&self, now: Stamp) -> Stamp {
        self.frozen.as_ref().map_or(now, |frozen| frozen.at)
    }

    /// The panes.
    pub fn areas(&self) -> Areas {
        areas(Rect::new(0, 0, self.cols, self.rows), self)
    }

    /// Where a key is pressed.
    pub fn place_of_keys(&self) -> Place {
        if self.help.is_some() {
            Place::Help
        } else if self.prompt.is_some() {
            Place::Prompt
        } else if self.screen == Screen::Run && self.cross.is_some() {
            Place::Cross
        } else {
            Place::On(self.screen)
        }
    }

    /// Where a key is pressed, the text that the log pane takes included: its keys are those of the prompt.
    pub fn place_of_text(&self) -> Place {
        match self.place_of_keys() {
            Place::On(Screen::Logs) if self.logs.focused().typing() => Place::Prompt,
            place => place,
        }
    }

    /// The row of the list that is selected.
    pub fn cursor(&self) -> Option<usize> {
        let chosen = self.selected.as_ref().and_then(|key| self.list.position(key));
        chosen.or((!self.list.is_empty()).then_some(0))
    }

    /// The run that is selected: on the list as far as it shows it, else on its own page even when a filter hides it.
    pub fn current(&self) -> Option<&RunKey> {
        if self.screen != Screen::Runs
            && let Some(key) = self.selected.as_ref().filter(|key| self.shown().get(key).is_some())
        {
            return Some(key);
        }
        self.list.get(self.cursor()?)
    }

    /// What is known of the selected run.
    pub fn current_row(&self) -> Option<(&Row, &Picks)> {
        let key = self.current()?;
        self.shown().get(key).zip(self.shown().picks(key))
    }

    /// How much of the runs' files is understood, in percent, while that is worth telling: a few bytes of a line that is
    /// being written are always left.
    pub fn reading(&self) -> Option<u64> {
        const WORTH: u64 = 256 * 1024;
        let (done, total) = self.shown().reading();
        (total.saturating_sub(done) >= WORTH).then(|| {
            u64::try_from(u128::from(done.min(total)) * 100 / u128::from(total.max(1))).unwrap_or(99).min(99)
        })
    }

    /// When the text on screen changes by time alone (an age, a verdict), so that the loop wakes then and not before.
    /// `None` when it never does.
    pub fn next_wake(&self, now: Stamp) -> Option<Stamp> {
        let judged = self.store.next_judgement();
        if self.frozen.is_some() {
            return judged;
        }
        let areas = self.areas();
        if areas.too_small() {
            return None;
        }
        let alert = self.store.alert(now).map(|(_, until)| until);
        let listed = self.list.window(self.top, usize::from(areas.table.height));
        let log = if self.screen == Screen::Logs { self.logs.changes(now) } else { None };
        let open = (self.screen != Screen::Runs).then(|| self.current()).flatten();
        let ages = listed
            .chain(open)
            .filter_map(|key| self.store.get(key)?.run.last_write)
            .map(|written| age::changes(written, now))
            .min();
        [judged, self.list.until(), alert, ages, log]
            .into_iter()
            .flatten()
            .min()
            // what is overdue is done at once, not in the past
            .map(|due| due.max(now.plus(Duration::from_millis(1))))
    }
}

#[cfg(test)]
mod tests;
