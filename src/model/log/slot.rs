//! Which of the two log panes a wish comes from, and its answer goes to.

/// One of the two panes. It is no place on screen: a pane keeps its slot for as long as it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Slot {
    /// The one that is always there at first.
    #[default]
    First,
    /// The one that comes with a split.
    Second,
}

impl Slot {
    /// Both.
    pub const ALL: [Self; 2] = [Self::First, Self::Second];

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// Something for each slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BySlot<T> {
    first: T,
    second: T,
}

impl<T> BySlot<T> {
    /// That of `slot`.
    pub const fn of(&self, slot: Slot) -> &T {
        match slot {
            Slot::First => &self.first,
            Slot::Second => &self.second,
        }
    }

    /// That of `slot`, to be changed.
    pub const fn of_mut(&mut self, slot: Slot) -> &mut T {
        match slot {
            Slot::First => &mut self.first,
            Slot::Second => &mut self.second,
        }
    }
}
