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
use ratatui::style::Color;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::Theme;
use crate::app::logs::LogPane;
use crate::app::logs::Mode;
use crate::app::logs::Shown;
use crate::app::logs::Times;
use crate::app::logs::fold::fold;
use crate::model::log::LogLine;
use crate::model::log::LogPage;
use crate::model::log::Marks;
use crate::model::stamp::Stamp;

mod facets;
mod head;
mod inside;
mod line;
mod panes;
mod roles;
mod saved;
mod syntax;

use head::Seat;
use line::Drawn;
use line::Look;
use roles::Roles;

pub use panes::panes;

/// From this width on the panel of facets stands beside the log, and else over it.
const BESIDE: u16 = 100;

/// A row, as it comes from the pane.
type Row<'a> = (&'a LogLine, Shown);

/// Draws a pane that is alone.
pub fn page(pane: &LogPane, theme: &Theme, now: Stamp, area: Rect, buffer: &mut Buffer) {
    draw(pane, &Roles::of(theme), now, Seat::Alone, area, buffer);
}

fn draw(pane: &LogPane, roles: &Roles, now: Stamp, seat: Seat, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let heads = LogPane::HEAD.min(area.height);
    head::draw(pane, roles, now, seat, Rect { height: heads, ..area }, buffer);
    let whole = Rect { y: area.y + heads, height: area.height - heads, ..area };
    if whole.is_empty() {
        return;
    }
    let mut body = whole;
    if pane.panel().is_some() {
        let beside = whole.width >= BESIDE;
        let panel = facets::area(whole, beside);
        if beside {
            body.width -= panel.width;
        }
        log(pane, roles, now, body, buffer);
        facets::draw(pane, roles, beside, panel, buffer);
    } else {
        log(pane, roles, now, body, buffer);
    }
    match pane.mode() {
        Mode::Inside => {
            let row = pane.from_top().position(|(line, _)| Some(line.spot) == pane.point());
            inside::draw(pane, roles, row.unwrap_or(0), body, buffer);
        }
        Mode::Saved => saved::draw(pane, roles, whole, buffer),
        _ => {}
    }
}

fn log(pane: &LogPane, roles: &Roles, now: Stamp, body: Rect, buffer: &mut Buffer) {
    if let Some(word) = empty_word(pane) {
        centred(&word, roles, body, buffer);
        return;
    }
    // the column of the scroll bar is kept free when there is nothing to scroll: lines break where they did
    let bar = u16::from(body.width >= 40);
    lines(pane, roles, now, Rect { width: body.width - bar, ..body }, buffer);
    if bar > 0 && scrolls(pane, body.height) {
        scroll_bar(pane, roles, Rect { x: body.right() - 1, width: 1, ..body }, buffer);
    }
}

/// What a preview of a log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preview {
    /// Its last lines.
    End,
    /// Its last lines, while it is being written: rows that differ in their figures alone are drawn as one.
    Live,
    /// The lines around the one that is pointed at.
    Point,
}

/// Draws as many lines as fit, and nothing else.
pub fn preview(pane: &LogPane, theme: &Theme, what: Preview, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let area = inset(Rect { width: area.width.saturating_sub(1), ..area });
    if area.is_empty() {
        return;
    }
    let roles = Roles::of(theme);
    // what was shown to one's own eyes in the log itself is not for a preview, until the lines come without it
    let hidden = pane.reveals().then(|| "reading the log".to_owned());
    if let Some(word) = hidden.or_else(|| empty_word(pane)) {
        line::put(buffer, area.x, area.y, area.width, &word, roles.dim);
        return;
    }
    if what == Preview::Point && pane.point().is_some() {
        let look = Look { pan: 0, metrics: pane.metrics() };
        for (y, (line, _)) in (area.y..area.bottom()).zip(pane.from_top()) {
            let pointed = Some(line.spot) == pane.point();
            let place = Rect { y, height: 1, ..area };
            line::draw(Drawn { line, folded: (0, true), pointed }, &look, &roles, place, buffer);
            if pointed {
                wash(buffer, place, roles.pointed);
            }
        }
        return;
    }
    let top = pane.from_top().next().map_or(0, |(_, row)| row.line);
    let all = if pane.latest().at_end { pane.lines() } else { pane.lines().get(top..).unwrap_or_default() };
    let shown = if what == Preview::Live { fold(all) } else { all.iter().collect() };
    let from = shown.len().saturating_sub(usize::from(area.height));
    let look = Look { pan: 0, metrics: pane.metrics() };
    for (y, each) in (area.y..area.bottom()).zip(shown.get(from..).unwrap_or_default()) {
        let drawn = Drawn { line: each, folded: (0, true), pointed: false };
        line::draw(drawn, &look, &roles, Rect { y, height: 1, ..area }, buffer);
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

/// What stands before the text of a line, column by column.
struct Gutter<'a> {
    files: Option<Vec<&'a str>>,
    /// Columns of the tag of its file.
    tag: u16,
    /// Columns of its number.
    number: u16,
    /// Columns of its time.
    time: u16,
    now: Stamp,
}

impl<'a> Gutter<'a> {
    fn of(pane: &'a LogPane, now: Stamp, width: u16) -> Self {
        let files = pane.merged().filter(|_| width >= 20);
        let longest = files.iter().flatten().map(|name| line::width(tag(name))).max().unwrap_or(0);
        let tag = if files.is_some() { longest.min(width / 6).max(3) + 1 } else { 0 };
        // in a narrow pane the text is what counts
        let number = if pane.numbers() && width >= 40 { 8 } else { 0 };
        let time = if pane.times() == Times::Written || width < 40 { 0 } else { Times::WIDTH + 1 };
        Self { files, tag, number, time, now }
    }

    const fn width(&self) -> u16 {
        self.tag + self.number + self.time
    }

    /// Draws it in the row at `y`, and what stands left of it.
    fn draw(&self, pane: &LogPane, roles: &Roles, row: Row<'_>, area: Rect, buffer: &mut Buffer) {
        let (each, shown) = row;
        let (sign, style) = if pane.led() == Some(each.spot) {
            ("=", roles.accent)
        } else if pane.point() == Some(each.spot) {
            (roles.mark, roles.accent)
        } else if pane.is_bookmarked(each.spot) {
            (roles.bookmark, roles.accent)
        } else {
            (" ", roles.text)
        };
        line::put(buffer, area.x, area.y, 1, sign, style);
        let mut x = area.x + 1;
        if let Some(files) = &self.files {
            let file = usize::from(each.spot.file);
            let name = files.get(file).map_or("", |name| tag(name));
            line::put(buffer, x, area.y, self.tag.saturating_sub(1), name, roles.ink(file));
            x += self.tag;
        }
        if self.number > 0 {
            let number = each.number.map(|n| n.to_string()).unwrap_or_default();
            right(buffer, x, area.y, self.number - 1, &number, roles.faint);
            x += self.number;
        }
        if self.time > 0
            && let Some(time) = each.time
        {
            let above = shown.line.checked_sub(1).and_then(|above| pane.lines().get(above));
            let before = above.and_then(|line| line.moment);
            let text = pane.times().text(time, pane.latest().began, before, self.now);
            right(buffer, x, area.y, self.time - 1, &text, roles.dim);
        }
    }
}

/// A short name for a file.
fn tag(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let end = stem.grapheme_indices(true).nth(10).map_or(stem.len(), |(at, _)| at);
    stem.get(..end).unwrap_or(stem)
}

fn right(buffer: &mut Buffer, x: u16, y: u16, room: u16, text: &str, style: Style) {
    let wide = line::width(text).min(room);
    line::put(buffer, x + (room - wide), y, wide, text, style);
}

fn lines(pane: &LogPane, roles: &Roles, now: Stamp, area: Rect, buffer: &mut Buffer) {
    let look = Look { pan: pane.pan(), metrics: pane.metrics() };
    let gutter = Gutter::of(pane, now, area.width);
    let used = (gutter.width() + 1).min(area.width);
    let text = Rect { x: area.x + used, width: area.width - used, ..area };
    let selected = pane.selected_range();
    let mut left = area;
    let (rows, mut above) = visible(pane, roles, text);
    for row in rows {
        if left.is_empty() {
            break;
        }
        let (each, shown) = row;
        let pointed = pane.point() == Some(each.spot);
        let each = Drawn { line: each, folded: (shown.folded, shown.whole), pointed };
        let depth = depth(pane, row, text.width);
        let full = if pane.wraps() { line::height(each, text.width - depth, roles) } else { 1 };
        let height = full.saturating_sub(above).min(left.height);
        let place = Rect { height, ..left };
        if above == 0 {
            gutter.draw(pane, roles, row, place, buffer);
        }
        let room = Rect { x: text.x + depth, width: text.width - depth, ..place };
        if pane.wraps() {
            line::draw_wrapped(each, &look, roles, room, above, buffer);
        } else {
            line::draw(each, &look, roles, room, buffer);
        }
        let chosen = selected.is_some_and(|(first, last)| (first..=last).contains(&row.1.line));
        if chosen || pointed {
            wash(buffer, place, if chosen { roles.selection } else { roles.pointed });
        }
        above = 0;
        left = Rect { y: left.y + height, height: left.height - height, ..left };
    }
}

/// Columns by which a title of the log's contents is set in.
fn depth(pane: &LogPane, row: Row<'_>, width: u16) -> u16 {
    if width < 40 { 0 } else { 2 * pane.depth(row.0) }
}

/// The rows that are seen, and how many rows of the first one's text lie above the pane.
fn visible<'a>(pane: &'a LogPane, roles: &Roles, area: Rect) -> (Vec<Row<'a>>, u16) {
    let height = |row: &Row<'_>| {
        let drawn = Drawn { line: row.0, folded: (row.1.folded, row.1.whole), pointed: false };
        line::height(drawn, area.width - depth(pane, *row, area.width), roles)
    };
    let rows = usize::from(area.height);
    if !pane.wraps() {
        return (pane.from_top().take(rows).collect(), 0);
    }
    let mut shown: Vec<Row<'a>> = pane.from_top().take(rows).collect();
    if pane.follows() {
        // as many as fill the area from its end; the topmost of them may begin above it
        let mut room = area.height;
        let fits = shown.iter().rev().take_while(|row| {
            let goes = room > 0;
            room = room.saturating_sub(height(row));
            goes
        });
        let count = fits.count();
        shown.drain(..shown.len() - count);
        let all: u16 = shown.iter().map(height).fold(0, u16::saturating_add);
        return (shown, all.saturating_sub(area.height));
    }
    // what is pointed at must be seen, however many rows stand above it
    if let Some(at) = shown.iter().position(|(line, _)| Some(line.spot) == pane.point()) {
        let mut first = at;
        let mut room = area.height.saturating_sub(shown.get(at).map_or(1, height));
        while let Some(tall) = first.checked_sub(1).and_then(|above| shown.get(above)).map(height) {
            let Some(rest) = room.checked_sub(tall) else { break };
            room = rest;
            first -= 1;
        }
        shown.drain(..first);
    }
    (shown, 0)
}

fn scrolls(pane: &LogPane, height: u16) -> bool {
    let latest = pane.latest();
    !(latest.at_start && latest.at_end) || latest.lines.len() > usize::from(height)
}

/// Where in the file the visible lines stand, by bytes, and where hits and grave lines are.
fn scroll_bar(pane: &LogPane, roles: &Roles, area: Rect, buffer: &mut Buffer) {
    let latest = pane.latest();
    let part = pane.part(usize::from(area.height));
    let all = part.all.max(1);
    let row = |offset: u64| {
        let rows = u128::from(area.height);
        u16::try_from(u128::from(offset.min(all)) * rows / u128::from(all)).unwrap_or(area.height)
    };
    let bottom = if pane.follows() { area.height } else { row(part.bytes.end) + 1 }.clamp(1, area.height);
    let thumb = row(part.bytes.start).min(bottom - 1)..bottom;
    for y in 0..area.height {
        let within = thumb.contains(&y);
        let mark = marks(&latest.marks, y, area.height);
        let (glyph, style) = if mark.hit {
            (roles.hit, roles.accent)
        } else if mark.error {
            ("!", roles.bad)
        } else if within {
            (roles.thumb, roles.dim)
        } else if mark.warning {
            (roles.dot, roles.warn)
        } else {
            (roles.rail, roles.faint)
        };
        line::put(buffer, area.x, area.y + y, 1, glyph, style);
        if within && (mark.hit || mark.error) {
            buffer.set_style(Rect::new(area.x, area.y + y, 1, 1), roles.selection);
        }
    }
}

/// What the part of the file that row `y` of `rows` stands for holds.
fn marks(all: &[Marks], y: u16, rows: u16) -> Marks {
    let part = |y: u16| LogPage::MARKS * usize::from(y) / usize::from(rows.max(1));
    let here = all.get(part(y)..part(y + 1).max(part(y) + 1)).unwrap_or_default();
    here.iter().fold(Marks::default(), |sum, mark| Marks {
        hit: sum.hit || mark.hit,
        error: sum.error || mark.error,
        warning: sum.warning || mark.warning,
    })
}

/// Lays a background over cells; what has a colour of its own keeps it.
fn wash(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                let own = cell.fg;
                cell.set_style(style);
                if own != Color::Reset {
                    cell.set_fg(own);
                }
            }
        }
    }
}

/// An empty frame over what is below it, with a title; what is inside of it comes back.
fn framed(area: Rect, title: &str, below: &str, roles: &Roles, buffer: &mut Buffer) -> Rect {
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
    let bottom = area.bottom().saturating_sub(1);
    for y in area.top()..area.bottom() {
        let [left, middle, end] = match y {
            y if y == area.y => [roles.corners[0], roles.flat, roles.corners[1]],
            y if y == bottom => [roles.corners[2], roles.flat, roles.corners[3]],
            _ => [roles.upright, "", roles.upright],
        };
        for x in area.left()..area.right() {
            let sign = match x {
                x if x == area.x => left,
                x if x + 1 == area.right() => end,
                _ => middle,
            };
            line::put(buffer, x, y, 1, sign, roles.faint);
        }
    }
    if area.width < 5 {
        return Rect::default();
    }
    let room = area.width.saturating_sub(4);
    line::put(buffer, area.x + 1, area.y, room, &format!(" {title} "), Style::reset().patch(roles.strong));
    if !below.is_empty() {
        let below = format!(" {below} ");
        right(buffer, area.x + 1, area.bottom() - 1, area.width.saturating_sub(2), &below, roles.dim);
    }
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// The first of so many rows, of which `seen` fit, so that `row` is among them.
fn first_of(rows: usize, seen: usize, row: usize) -> usize {
    (row + 1).saturating_sub(seen).max(row.saturating_sub(seen / 2)).min(rows.saturating_sub(seen))
}

#[cfg(test)]
mod tests;
