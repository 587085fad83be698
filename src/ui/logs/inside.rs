//! What is inside a line: its JSON as a tree, or the draws of a bar as a list; over the lines, but never over the one it is of.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::first_of;
use super::framed;
use super::head::count;
use super::line::put;
use super::line::width;
use super::roles::Roles;
use super::wash;
use crate::app::logs::Content;
use crate::app::logs::Inside;
use crate::app::logs::LogPane;

/// Draws it over a part of the pane; `row` is where the line stands that is open.
pub(super) fn draw(pane: &LogPane, roles: &Roles, row: usize, area: Rect, buffer: &mut Buffer) {
    let Some(inside) = pane.inside() else { return };
    let rows = inside.len().max(1);
    let most = (area.height * 2 / 3).max(area.height.min(4));
    let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(most);
    let row = u16::try_from(row).unwrap_or(0);
    // above a line that stands low, below one that stands high
    let y = if row < area.height - height { area.bottom() - height } else { area.y };
    let place = Rect { y, height, ..area };
    let title = match &inside.content {
        None => "looking inside".to_owned(),
        Some(Content::Draws(draws, 0)) => format!("{} draws of this line", draws.len()),
        Some(Content::Draws(draws, left_out)) => {
            format!("the last {} draws of this line, {}+ before", draws.len(), count(*left_out))
        }
        Some(Content::Tree(nodes)) => format!("JSON, {} values", nodes.len()),
    };
    let below = if rows > usize::from(height.saturating_sub(2)) {
        format!("{}/{}", inside.row + 1, rows)
    } else {
        String::new()
    };
    let room = framed(place, &title, &below, roles, buffer);
    if room.is_empty() {
        return;
    }
    let first = first_of(rows, usize::from(room.height), inside.row);
    match &inside.content {
        None => {}
        Some(Content::Draws(draws, _)) => {
            for (y, (at, draw)) in (room.top()..room.bottom()).zip(draws.iter().enumerate().skip(first)) {
                put(buffer, room.x + 1, y, room.width - 1, &shown(draw), roles.text);
                point(at == inside.row, roles, Rect { y, height: 1, ..room }, buffer);
            }
        }
        Some(Content::Tree(_)) => tree(inside, first, roles, room, buffer),
    }
}

fn tree(inside: &Inside, first: usize, roles: &Roles, room: Rect, buffer: &mut Buffer) {
    let rows = inside.rows();
    for (y, (at, (_, node))) in (room.top()..room.bottom()).zip(rows.iter().enumerate().skip(first)) {
        let end = room.right();
        let depth = u16::try_from(node.depth).unwrap_or(u16::MAX).min(room.width / 4) * 2;
        let mut x = room.x + 1 + depth;
        let sign = match node.closed {
            Some(true) => roles.closed,
            Some(false) => roles.open,
            None => "  ",
        };
        x += put(buffer, x, y, end.saturating_sub(x), sign, roles.dim);
        let name = if node.closed.is_some() || node.name.is_empty() { roles.strong } else { roles.dim };
        x += put(buffer, x, y, end.saturating_sub(x), &shown(&node.name), name);
        if !node.name.is_empty() {
            x += put(buffer, x, y, end.saturating_sub(x), "  ", roles.text);
        }
        let style = match (node.closed, node.is_text) {
            (Some(_), _) => roles.dim,
            (None, true) => roles.text,
            (None, false) => roles.ink(1),
        };
        let text = shown(&node.text);
        let left = end.saturating_sub(x);
        put(buffer, x, y, left, &text, style);
        if width(&text) > left && left > 0 {
            put(buffer, end - 1, y, 1, roles.ellipsis, roles.dim);
        }
        point(at == inside.row, roles, Rect { y, height: 1, ..room }, buffer);
    }
}

fn point(is: bool, roles: &Roles, row: Rect, buffer: &mut Buffer) {
    if is {
        put(buffer, row.x, row.y, 1, roles.mark, roles.accent);
        wash(buffer, row, roles.pointed);
    }
}

/// In one row, and without a sign that is no character.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(2000).collect()
}
