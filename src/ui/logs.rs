//! Draws the log pane: a line about the file, a line about what of it is shown, and the log itself.
//!
//! ```text
//!  training.log 1/2 · 81 MB                      following        file, what the view does, how far it was read
//!  +d 12  +i 340  +w 2  -e 1  +p 512  +o 10   / nan 3/17          classes shown (+) and hidden (-), filter, search
//!  2026-11-22 15:36:53,473 - trainer - INFO - step=5 loss=0.1 ▐   time and logger dim, level coloured
//!  ▸ Epoch 1:  67%|██████▋   | 2011/3000 [17:20<8:41]         ▐   the last state of a bar
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Theme;
use crate::app::logs::LogPane;
use crate::app::logs::fold::fold;
use crate::model::log::LogLine;

mod head;
mod line;
mod roles;

use roles::Roles;

/// Draws the whole pane.
pub fn page(pane: &LogPane, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let roles = Roles::of(theme);
    let heads = LogPane::HEAD.min(area.height);
    head::draw(pane, &roles, Rect { height: heads, ..area }, buffer);
    let body = Rect { y: area.y + heads, height: area.height - heads, ..area };
    if body.is_empty() {
        return;
    }
    if let Some(word) = empty_word(pane) {
        centred(&word, &roles, body, buffer);
        return;
    }
    // the column of the scroll bar is kept free when there is nothing to scroll: lines break where they did
    let bar = u16::from(body.width >= 40);
    let text = Rect { width: body.width - bar, ..body };
    lines(pane, &roles, inset(text), buffer);
    if bar > 0 && scrolls(pane, body.height) {
        scroll_bar(pane, &roles, Rect { x: text.right(), width: 1, ..body }, buffer);
    }
}

/// Draws the last lines that fit, and nothing else: a preview. Of a log that is being written (`live`), rows that differ in their
/// figures alone are drawn as one.
pub fn tail(pane: &LogPane, theme: &Theme, live: bool, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let area = inset(Rect { width: area.width.saturating_sub(1), ..area });
    if area.is_empty() {
        return;
    }
    let roles = Roles::of(theme);
    if let Some(word) = empty_word(pane) {
        line::put(buffer, area.x, area.y, area.width, &word, roles.dim);
        return;
    }
    let all = if pane.latest().at_end { pane.lines() } else { pane.from_top() };
    let shown = if live { fold(all) } else { all.iter().collect() };
    let from = shown.len().saturating_sub(usize::from(area.height));
    for (y, each) in (area.y..area.bottom()).zip(shown.get(from..).unwrap_or_default()) {
        line::draw(each, &line::Look { pan: 0, hit: None }, &roles, Rect { y, height: 1, ..area }, buffer);
    }
}

/// Lines begin where the text of all other panes does.
fn inset(area: Rect) -> Rect {
    let by = area.width.min(1);
    Rect { x: area.x + by, width: area.width - by, ..area }
}

/// What stands in the place of lines when there are none.
fn empty_word(pane: &LogPane) -> Option<String> {
    let latest = pane.latest();
    if pane.source().is_none() {
        return Some("this run has written no log".to_owned());
    }
    if !latest.lines.is_empty() {
        return None;
    }
    let (done, all) = latest.counted;
    Some(if !pane.answered() {
        "reading the log".to_owned()
    } else if latest.looking {
        format!("no such line yet, {} of the log looked through", head::percent(done, all))
    } else if all == 0 {
        latest.note.clone().unwrap_or_else(|| "the log is empty".to_owned())
    } else if !pane.filter().is_empty() {
        "no line matches the filter".to_owned()
    } else if pane.query().hidden.is_empty() {
        "the log has no line".to_owned()
    } else {
        "all lines are hidden: a shows them".to_owned()
    })
}

fn centred(word: &str, roles: &Roles, area: Rect, buffer: &mut Buffer) {
    let width = line::width(word).min(area.width);
    let x = area.x + (area.width - width) / 2;
    line::put(buffer, x, area.y + (area.height - 1) / 2, width, word, roles.dim);
}

fn lines(pane: &LogPane, roles: &Roles, area: Rect, buffer: &mut Buffer) {
    let look = line::Look { pan: pane.pan(), hit: pane.hit() };
    if !pane.wraps() {
        for (y, each) in (area.y..area.bottom()).zip(pane.from_top()) {
            line::draw(each, &look, roles, Rect { y, height: 1, ..area }, buffer);
        }
        return;
    }
    let shown = if pane.follows() { fitting_tail(pane.lines(), area) } else { pane.from_top() };
    let mut left = area;
    // the topmost of those at the end may begin above the pane
    let mut above = if pane.follows() { heights(shown, area.width).saturating_sub(area.height) } else { 0 };
    for each in shown {
        if left.is_empty() {
            break;
        }
        let height = line::height(each, area.width) - above;
        let height = height.min(left.height);
        line::draw_wrapped(each, &look, roles, Rect { height, ..left }, above, buffer);
        above = 0;
        left = Rect { y: left.y + height, height: left.height - height, ..left };
    }
}

/// The last lines that fill the area when they are wrapped.
fn fitting_tail(all: &[LogLine], area: Rect) -> &[LogLine] {
    let mut room = area.height;
    let mut from = all.len();
    for each in all.iter().rev() {
        if room == 0 {
            break;
        }
        from -= 1;
        room = room.saturating_sub(line::height(each, area.width));
    }
    all.get(from..).unwrap_or_default()
}

fn heights(lines: &[LogLine], width: u16) -> u16 {
    lines.iter().fold(0, |sum: u16, each| sum.saturating_add(line::height(each, width)))
}

fn scrolls(pane: &LogPane, height: u16) -> bool {
    let latest = pane.latest();
    !(latest.at_start && latest.at_end) || latest.lines.len() > usize::from(height)
}

/// Where in the file the visible lines stand, by bytes.
fn scroll_bar(pane: &LogPane, roles: &Roles, area: Rect, buffer: &mut Buffer) {
    let all = pane.latest().counted.1.max(1);
    let shown = pane.from_top();
    let last = shown.get(..usize::from(area.height).min(shown.len())).and_then(<[_]>::last);
    let from = shown.first().map_or(0, |line| line.spot.offset);
    let to = if pane.follows() { all } else { last.map_or(all, |line| line.spot.offset) };
    let row = |offset: u64| {
        let rows = u128::from(area.height);
        u16::try_from(u128::from(offset.min(all)) * rows / u128::from(all)).unwrap_or(area.height)
    };
    let bottom = if pane.follows() { area.height } else { row(to) + 1 }.clamp(1, area.height);
    let top = row(from).min(bottom - 1);
    for y in 0..area.height {
        let within = (top..bottom).contains(&y);
        let (glyph, style) = if within { (roles.thumb, roles.dim) } else { (roles.rail, roles.faint) };
        line::put(buffer, area.x, area.y + y, 1, glyph, style);
    }
}

#[cfg(test)]
mod tests;
