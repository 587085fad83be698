//! How a pane is led by the other one to the line of the same moment, and where it leads the other itself.
//!
//! What lies in the window at hand is gone to at once, without a wish: whoever holds a key down asks the engine for a new window
//! as often as scrolling would, and not for a place with each line.

use super::Goal;
use super::LogPane;
use crate::app::effect::Effect;
use crate::model::log::Anchor;
use crate::model::log::Landmark;
use crate::model::log::LogLine;
use crate::model::log::Spot;
use crate::model::log::When;

/// Where a pane stands, for the other to be led there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// At the end, which it follows.
    End,
    /// At a line: the one that is pointed at, else the topmost.
    At {
        /// The line.
        spot: Spot,
        /// Rows above it.
        row: usize,
        /// What its clock showed, in milliseconds ([`crate::model::stamp::Stamp::civil`]).
        moment: Option<i64>,
    },
}

/// What leading a pane came to.
#[derive(Debug, Default)]
pub(super) struct Led {
    /// What is to be done.
    pub(super) effect: Option<Effect>,
    /// Whether it moved.
    pub(super) moved: bool,
    /// Whether its log ends before the moment in question.
    pub(super) ends: bool,
}

/// The line of a moment, among those at hand.
enum Near {
    /// The first one at or after it.
    Line(Spot),
    /// None: the log ends before.
    End,
}

impl LogPane {
    /// Whether the file tells times; `None` until it has been looked at.
    pub fn tells_times(&self) -> Option<bool> {
        self.answered().then_some(self.page.newest.is_some())
    }

    /// The line of the moment that the other pane stands at.
    pub const fn led(&self) -> Option<Spot> {
        self.led
    }

    /// Where it stands; `None` while it is on its way.
    pub(super) fn stand(&self) -> Option<Stand> {
        if !self.rests() {
            return None;
        }
        if self.follow {
            return Some(Stand::End);
        }
        let top = self.top_index();
        let row = match self.point {
            Some(point) if self.point_is_seen() => self.row_of(point.spot),
            _ => top,
        };
        let line = self.page.lines.get(self.shown.get(row)?.line)?;
        let moment = line.moment.map(crate::model::stamp::Stamp::civil);
        Some(Stand::At { spot: line.spot, row: row - top, moment })
    }

    /// Whether it is on its way to where the other one led it.
    pub(super) const fn is_led(&self) -> bool {
        matches!(self.waiting, Some(Goal::Align { .. }))
    }

    /// The same, and nothing has been answered yet: another wish would only be one more.
    pub(super) const fn awaits_lead(&self) -> bool {
        self.is_led() && self.lines_of != self.generation
    }

    /// There was no line at or after the moment that it was led to. Told once.
    pub(super) const fn take_missed(&mut self) -> bool {
        std::mem::replace(&mut self.missed, false)
    }

    /// Whether it may be moved by another: not while it stands still on purpose, or holds something that moving would lose.
    pub(super) fn can_be_led(&self) -> bool {
        let holds = self.frozen || self.opened.is_some() || self.saved.is_some() || self.typing.is_some();
        !holds && self.point.is_none_or(|point| point.anchor.is_none())
    }

    /// Goes where the other one stands.
    pub(super) fn lead(&mut self, to: Stand) -> Led {
        if !self.can_be_led() {
            return Led::default();
        }
        let (moment, row) = match to {
            Stand::End if self.follow => {
                let moved = self.led.take().is_some();
                return Led { moved, ..Led::default() };
            }
            Stand::End => {
                self.led = None;
                let outcome = self.go_to_end();
                return Led { effect: outcome.effects.into_iter().next(), moved: true, ends: false };
            }
            Stand::At { moment: None, .. } => return Led::default(),
            Stand::At { moment: Some(moment), row, .. } => (moment, row),
        };
        match self.near(moment) {
            Some(Near::Line(spot)) => {
                let moved = self.align(spot, row);
                self.settled(moved)
            }
            Some(Near::End) => {
                let moved = self.stand_at_end();
                Led { ends: true, ..self.settled(moved) }
            }
            None => {
                self.owed = 0;
                let what = Landmark::Time(When::Civil(moment));
                let anchor = Anchor::Find { what, spot: Spot::START, forward: true };
                Led { effect: Some(self.ask(anchor, Goal::Align { row })), ..Led::default() }
            }
        }
    }

    /// The lines that it was led to have come, or it is known that there are none.
    pub(super) fn take_lead(&mut self, found: Option<Spot>, row: usize, top: Option<Spot>) {
        if let Some(at) = found {
            self.align(at, row);
        } else {
            self.led = None;
            self.missed = true;
            self.keep(top);
        }
    }

    /// The last lines, when the log ends before the moment in question. It does not follow: nobody said that this is the end.
    pub(super) fn go_to_tail(&mut self) -> Effect {
        self.leave_end();
        self.ask(Anchor::End, Goal::Tail)
    }

    /// Its own way again, from where it is.
    pub(super) fn end_lead(&mut self) -> Option<Effect> {
        let top = self.top_spot();
        self.is_led().then(|| self.ask_around(top, Goal::Stay))
    }

    /// The line of a moment, where the window at hand holds it and the line above it.
    fn near(&self, moment: i64) -> Option<Near> {
        let lines = &self.page.lines;
        let past = |line: &LogLine| line.moment.is_some_and(|own| own.civil() >= moment);
        let Some(first) = lines.first() else {
            return (self.answered() && self.page.at_start && self.page.at_end).then_some(Near::End);
        };
        if past(first) {
            return self.page.at_start.then_some(Near::Line(first.spot));
        }
        // before the first time of a window nothing is known, but for the head of the log
        if first.moment.is_none() && !self.page.at_start {
            return None;
        }
        match lines.iter().find(|line| past(line)) {
            Some(line) => Some(Near::Line(line.spot)),
            None => self.page.at_end.then_some(Near::End),
        }
    }

    /// Brings a line to a row. Returns whether anything moved.
    fn align(&mut self, spot: Spot, row: usize) -> bool {
        let before = (self.led, self.top_index(), self.follow, self.point);
        self.led = Some(spot);
        self.leave_end();
        if let Some(point) = &mut self.point {
            point.spot = spot;
        }
        let row = row.min(self.rows.saturating_sub(1));
        self.top = self.row_of(spot).saturating_sub(row).min(self.last_top());
        before != (self.led, self.top_index(), self.follow, self.point)
    }

    pub(super) fn stand_at_end(&mut self) -> bool {
        let before = (self.led, self.top_index(), self.follow);
        self.led = None;
        self.leave_end();
        self.top = self.last_top();
        before != (self.led, self.top_index(), self.follow)
    }

    /// What is wished for once the view has moved by itself.
    fn settled(&mut self, moved: bool) -> Led {
        self.owed = 0;
        let thin = !self.window_suffices() && !self.page.looking && self.waiting.is_none();
        let top = self.top_spot();
        let effect = (thin || self.is_led()).then(|| self.ask_around(top, Goal::Stay));
        Led { effect, moved, ends: false }
    }
}
