//! Draws the log page: one pane, or two of them with what tells which one has the keys.
//!
//! ```text
//! ▌stdout.log 1/3 · 81 MB   following │ stderr.log 2/3 · 2 kB   by time · at 12%
//!  +d 12  +i 340  +w 2                │ +d 0  +i 0  +w 2
//!  10:05:42 INFO  step 12 loss=0.31   │ 10:05:40 WARN  slow batch
//! ▌10:05:43 INFO  step 13 loss=0.30   │=10:05:44 ERROR CUDA error      the line of the same moment
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Theme;
use super::draw;
use super::head::Seat;
use super::line::put;
use super::roles::Roles;
use crate::app::logs::LogPane;
use crate::app::logs::Panes;
use crate::model::stamp::Stamp;

/// Draws the panes where they stand.
pub fn panes(panes: &Panes, theme: &Theme, now: Stamp, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    let places = panes.places(area);
    let roles = Roles::of(theme);
    let Some(other) = panes.other() else {
        draw(panes.focused(), &roles, now, Seat::Alone, area, buffer);
        return;
    };
    let ruled = !places.rule.is_empty();
    let drawn = |pane: &LogPane, seat: Seat, place: Rect, buffer: &mut Buffer| {
        // the line between the two is the rail of the left one as well
        let mut roles = Roles::of(theme);
        if ruled && place.x == area.x {
            roles.rail = " ";
        }
        draw(pane, &roles, now, seat, place, buffer);
    };
    let below = |place: Rect| !ruled && place.y > area.y;
    let untimed = |pane: &LogPane| pane.tells_times() == Some(false) && panes.wants_lock();
    let pane = panes.focused();
    let seat = Seat::Focused { below: below(places.focused), untimed: untimed(pane) };
    drawn(pane, seat, places.focused, buffer);
    let by_time = panes.are_locked();
    let seat = Seat::Beside { below: below(places.other), untimed: untimed(other), by_time };
    drawn(other, seat, places.other, buffer);
    for y in places.rule.top()..places.rule.bottom() {
        put(buffer, places.rule.x, y, 1, roles.upright, roles.faint);
    }
}

#[cfg(test)]
mod tests;
