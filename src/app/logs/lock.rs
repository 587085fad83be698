//! The time lock: when the pane with the keys moves, the other one goes to the line of the same moment.
//!
//! Only the pane with the keys leads, and it leads when it stands elsewhere than when it led last. What the other one does is
//! never looked at, so that nothing comes back from there.

use super::LogPane;
use super::lead::Led;
use super::lead::Stand;
use super::panes::Panes;
use crate::app::effect::Effect;
use crate::app::effect::Outcome;
use crate::model::stamp::Stamp;

/// Whether the pane with the keys shows another file than before, and comes to where the other one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Come {
    /// It does not: it leads.
    #[default]
    No,
    /// As soon as the file is known.
    Due,
    /// It is on its way. Where it arrives it has not gone by itself, so that nobody is led there.
    OnWay,
}

/// What two panes have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Lock {
    /// What was chosen by its key.
    choice: Option<bool>,
    /// Where the leading pane stood when it led last, or when it got the keys.
    from: Option<Stand>,
    /// The log of the other one ended before that, with this as its newest time: once it has gone on, it is led again.
    ended: Option<Stamp>,
    come: Come,
}

impl Lock {
    /// The keys go to this pane: it leads once it moves.
    pub(super) fn focused(&mut self, pane: &LogPane) {
        self.from = pane.stand();
        self.ended = None;
        self.come = if pane.is_led() { Come::OnWay } else { Come::No };
    }

    /// Whether the pane with the keys is to come to where the other one stands.
    #[cfg(test)]
    pub(super) fn comes(&self) -> bool {
        self.come != Come::No
    }

    /// Another file is in the pane with the keys.
    pub(super) const fn another_file(&mut self) {
        self.come = Come::Due;
    }
}

impl Panes {
    /// Whether the panes move together.
    pub fn are_locked(&self) -> bool {
        self.untimed().is_none() && self.wants_lock() && self.are_known()
    }

    /// Whether they would, if their files told times.
    pub fn wants_lock(&self) -> bool {
        let same = |other: &LogPane| other.paths() == self.focused().paths();
        // of one file in both panes nobody wants to see the same lines twice
        self.other().is_some_and(|other| self.lock.choice.unwrap_or_else(|| !same(other)))
    }

    fn are_known(&self) -> bool {
        let known = |pane: &LogPane| pane.tells_times().is_some();
        known(self.focused()) && self.other().is_some_and(known)
    }

    /// The name of a file that tells no times, where one of the two does not.
    fn untimed(&self) -> Option<String> {
        let none = |pane: &LogPane| {
            let name = pane.source().filter(|_| pane.tells_times() == Some(false));
            name.map(|(source, ..)| source.name.to_string())
        };
        none(self.focused()).or_else(|| none(self.other()?))
    }

    pub(super) fn toggle_lock(&mut self) -> Outcome {
        let said = if self.other().is_none() {
            "= is for two panes: | opens a second".to_owned()
        } else if let Some(name) = self.untimed() {
            format!("{name} tells no times")
        } else {
            let on = !self.wants_lock();
            self.lock = Lock { choice: Some(on), ..Lock::default() };
            if on { "both move by time" } else { "each moves by itself" }.to_owned()
        };
        self.focused_mut().said = Some(said);
        Outcome { effects: Vec::new(), redraw: true }
    }

    /// No line is that of the other's moment any more. Returns whether one was.
    fn forget_leads(&mut self) -> bool {
        let (focused, other) = self.both_mut();
        let there = other.is_some_and(|other| other.led.take().is_some());
        focused.led.take().is_some() || there
    }

    /// Leads where there is something to lead. Returns what is to be done, and whether anything visible moved.
    pub(super) fn keep_together(&mut self) -> (Vec<Effect>, bool) {
        let seen = self.other().is_some_and(|other| other.active) && self.focused().active;
        if !seen || !self.are_locked() {
            self.lock.from = None;
            return (Vec::new(), self.forget_leads());
        }
        let mut lock = self.lock;
        let (focused, other) = self.both_mut();
        let Some(other) = other else { return (Vec::new(), false) };
        let Led { effect, moved, .. } = match lock.come {
            Come::No => lock.go(focused, other),
            Come::Due | Come::OnWay => lock.come(focused, other),
        };
        self.lock = lock;
        (effect.into_iter().collect(), moved)
    }
}

impl Lock {
    /// The other pane goes to where the leading one stands.
    fn go(&mut self, leading: &mut LogPane, other: &mut LogPane) -> Led {
        leading.take_missed();
        let newest = other.page.newest;
        if other.take_missed() {
            self.ended = newest;
            return Led { effect: Some(other.go_to_tail()), ..Led::default() };
        }
        let anew = self.ended.is_some_and(|ended| Some(ended) != newest);
        let Some(stand) = leading.stand().filter(|stand| anew || self.from != Some(*stand)) else {
            return Led::default();
        };
        if other.awaits_lead() {
            // one at a time: by its answer the newest place is gone to
            return Led::default();
        }
        self.from = Some(stand);
        let mut led = other.lead(stand);
        self.ended = newest.filter(|_| led.ends);
        led.moved |= leading.led.take().is_some();
        led
    }

    /// The pane with the keys comes to where the other one stands.
    fn come(&mut self, leading: &mut LogPane, other: &LogPane) -> Led {
        if leading.take_missed() {
            return Led { effect: Some(leading.go_to_tail()), ..Led::default() };
        }
        let mut led = Led::default();
        if self.come == Come::Due {
            let Some(stand) = other.stand() else { return led };
            led = leading.lead(stand);
            self.come = Come::OnWay;
        }
        if let Some(stand) = leading.stand() {
            self.from = Some(stand);
            self.come = Come::No;
        }
        led
    }
}
