//! The log page: one pane, or two of them, of which one has the keys.
//!
//! Each pane is whole: its file, its filter, its folds, its place. What the rest of the program asks of the log it asks of the
//! pane that has the keys. A pane keeps its slot for as long as it lives, also when the other one is closed, so that what the
//! service knows of its file stays good.

use ratatui::layout::Rect;

use super::LogPane;
use super::Mode;
use super::View;
use super::lock::Lock;
use crate::app::effect::Effect;
use crate::app::effect::Named;
use crate::app::effect::Outcome;
use crate::app::key::Code;
use crate::app::key::Key;
use crate::model::log::LogPage;
use crate::model::log::Slot;
use crate::model::stamp::Stamp;

/// From so many columns on the panes stand side by side, and else one above the other.
const SIDE_BY_SIDE: u16 = 100;
/// A pane with fewer rows than this shows nothing worth its room: then the one with the keys is seen alone.
const LEAST_ROWS: u16 = 5;

/// Where the panes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    /// The pane that has the keys.
    pub focused: Rect,
    /// The other one; empty where there is none, or no room for it.
    pub other: Rect,
    /// The column between them, where they stand side by side.
    pub rule: Rect,
}

/// The panes of the log page.
#[derive(Debug, Clone, Default)]
pub struct Panes {
    left: LogPane,
    right: Option<LogPane>,
    /// The right one has the keys.
    on_right: bool,
    pub(super) lock: Lock,
    /// Wishes of panes that were closed had numbers up to this: an answer to one of them is for nobody.
    spent: u64,
}

impl Panes {
    /// One pane.
    #[cfg(test)]
    pub(super) fn of(pane: LogPane) -> Self {
        Self { left: pane, ..Self::default() }
    }

    /// The pane that has the keys.
    pub const fn focused(&self) -> &LogPane {
        match &self.right {
            Some(right) if self.on_right => right,
            _ => &self.left,
        }
    }

    /// The other one, where the page is split.
    pub fn other(&self) -> Option<&LogPane> {
        let right = self.right.as_ref()?;
        Some(if self.on_right { &self.left } else { right })
    }

    /// The pane that has the keys, to be sent somewhere.
    pub(in crate::app) const fn focused_mut(&mut self) -> &mut LogPane {
        match &mut self.right {
            Some(right) if self.on_right => right,
            _ => &mut self.left,
        }
    }

    pub(super) const fn both_mut(&mut self) -> (&mut LogPane, Option<&mut LogPane>) {
        let Some(right) = &mut self.right else { return (&mut self.left, None) };
        if self.on_right { (right, Some(&mut self.left)) } else { (&mut self.left, Some(right)) }
    }

    /// Where they stand on a page of this size.
    pub fn places(&self, page: Rect) -> Places {
        let alone = Places { focused: page, ..Places::default() };
        if self.right.is_none() {
            return alone;
        }
        let (left, right, rule) = if page.width >= SIDE_BY_SIDE {
            let width = (page.width - 1) / 2;
            let rule = Rect { x: page.x + width, width: 1, ..page };
            let right = Rect { x: rule.right(), width: page.width - width - 1, ..page };
            (Rect { width, ..page }, right, rule)
        } else if page.height >= 2 * LEAST_ROWS {
            let height = page.height.div_ceil(2);
            let below = Rect { y: page.y + height, height: page.height - height, ..page };
            (Rect { height, ..page }, below, Rect::default())
        } else {
            return alone;
        };
        let (focused, other) = if self.on_right { (right, left) } else { (left, right) };
        Places { focused, other, rule }
    }

    /// Shows the log of a run in the pane that has the keys, and beside it in the other one, which has so many rows for lines; see
    /// [`LogPane::show`].
    pub fn show(&mut self, view: Option<View<'_>>, beside: u16) -> Outcome {
        let mut effects = Vec::new();
        let another = |view: &View<'_>| self.focused().run() != Some(&view.run.key);
        if self.right.is_some() && view.as_ref().is_some_and(another) {
            // what stood beside it was of the run before
            effects.extend(self.close());
        }
        let (focused, other) = self.both_mut();
        effects.extend(focused.show(view));
        if let Some(other) = other {
            let seen = view.filter(|view| view.open && beside > 0);
            if seen.is_none() && other.reveals() {
                // nobody looks: it does not wait with secrets in it
                other.open_chosen();
            }
            effects.extend(other.show(seen.map(|view| View { rows: beside, ..view })));
        }
        let (more, redraw) = self.keep_together();
        effects.extend(more);
        Outcome { effects, redraw }
    }

    /// Takes an answer in. Returns whether anything visible may have changed.
    pub fn page(&mut self, slot: Slot, page: LogPage) -> bool {
        if self.left.slot == slot {
            return self.left.page(page);
        }
        self.right.as_mut().is_some_and(|right| right.page(page))
    }

    /// Takes the saved filters in. Returns whether they are seen.
    pub fn know_filters(&mut self, filters: Vec<Named>) -> bool {
        let (focused, other) = self.both_mut();
        let seen = other.is_some_and(|other| other.know_filters(filters.clone()));
        focused.know_filters(filters) || seen
    }

    /// Takes a key; `None` when it means nothing here.
    pub fn key(&mut self, key: Key) -> Option<Outcome> {
        if let Some(outcome) = self.own_key(key) {
            return Some(outcome);
        }
        let split = self.right.is_some();
        let file = split.then(|| self.focused().paths());
        let pane = self.focused_mut();
        let mut outcome = pane.key(key)?;
        if split {
            // whoever presses a key goes where it leads, and not where the other pane was on the way to
            outcome.effects.extend(pane.end_lead());
            if Some(pane.paths()) != file {
                self.lock.another_file();
            }
        }
        Some(outcome)
    }

    /// Takes pasted text; `None` when nothing is being typed.
    pub fn paste(&mut self, text: &str) -> Option<Outcome> {
        self.focused_mut().paste(text)
    }

    /// Keys of the page as a whole.
    fn own_key(&mut self, key: Key) -> Option<Outcome> {
        let pane = self.focused();
        if pane.mode() == Mode::Typing || pane.source().is_none() {
            return None;
        }
        let split = self.right.is_some();
        match (key.code, key.ctrl, key.alt) {
            (Code::Tab | Code::BackTab, false, false) | (Code::Char('w'), true, false) if split => {
                Some(self.turn())
            }
            // there letters and signs are for the list
            _ if pane.mode() == Mode::Saved => None,
            (Code::Char('|'), false, false) if split => Some(Outcome { effects: self.close(), redraw: true }),
            (Code::Char('|'), false, false) => Some(self.split()),
            (Code::Char('='), false, false) => Some(self.toggle_lock()),
            _ => None,
        }
    }

    /// Opens a second pane. The keys stay where they are, so that the same key twice changes nothing.
    fn split(&mut self) -> Outcome {
        let slot = self.left.slot.other();
        self.left.said = None;
        self.right = Some(self.left.beside(slot, self.spent));
        self.on_right = false;
        self.lock = Lock::default();
        Outcome { effects: Vec::new(), redraw: true }
    }

    /// The pane that has the keys is alone again. What comes back is to be done.
    fn close(&mut self) -> Vec<Effect> {
        let Some(right) = self.right.take() else { return Vec::new() };
        let mut closed =
            if std::mem::take(&mut self.on_right) { std::mem::replace(&mut self.left, right) } else { right };
        self.left.led = None;
        self.left.said = None;
        self.lock = Lock::default();
        self.spent = self.spent.max(closed.generation);
        closed.show(None).into_iter().chain(self.left.end_lead()).collect()
    }

    /// The other pane gets the keys.
    fn turn(&mut self) -> Outcome {
        self.focused_mut().said = None;
        self.on_right = !self.on_right;
        let pane = self.focused_mut();
        if pane.led == pane.point() {
            // from here on it is pointed at by this pane's own keys
            pane.led = None;
        }
        let mut lock = self.lock;
        lock.focused(self.focused());
        self.lock = lock;
        Outcome { effects: Vec::new(), redraw: true }
    }

    /// When the passing of time alone changes what the panes show.
    pub fn changes(&self, now: Stamp) -> Option<Stamp> {
        let other = self.other().filter(|other| other.active);
        [self.focused().changes(now), other.and_then(|other| other.changes(now))].into_iter().flatten().min()
    }
}
