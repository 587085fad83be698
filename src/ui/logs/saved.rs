//! The list of saved filters, over the log.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::first_of;
use super::framed;
use super::line::put;
use super::line::width;
use super::roles::Roles;
use super::wash;
use crate::app::logs::LogPane;

pub(super) fn draw(pane: &LogPane, roles: &Roles, area: Rect, buffer: &mut Buffer) {
    let Some(saved) = pane.saved() else { return };
    let filters = saved.filters.as_deref().unwrap_or_default();
    let rows = filters.len().max(1);
    let wide = area.width.min(76);
    let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(area.height);
    let x = area.x + (area.width - wide) / 2;
    let place = Rect { x, y: area.y + (area.height - height) / 2, width: wide, height };
    let room = framed(place, "saved filters", "", roles, buffer);
    if room.is_empty() {
        return;
    }
    if filters.is_empty() {
        let word = if saved.filters.is_some() { "none yet: s saves the present filter" } else { "reading" };
        put(buffer, room.x + 1, room.y, room.width - 1, word, roles.dim);
        return;
    }
    let names = filters.iter().map(|named| width(&named.name)).max().unwrap_or(0).min(room.width / 2);
    let first = first_of(rows, usize::from(room.height), saved.row);
    for (y, (at, named)) in (room.top()..room.bottom()).zip(filters.iter().enumerate().skip(first)) {
        put(buffer, room.x + 1, y, names, &named.name, roles.text);
        let left = room.width.saturating_sub(names + 3);
        put(buffer, room.x + names + 3, y, left, &named.text, roles.dim);
        if at == saved.row {
            put(buffer, room.x, y, 1, roles.mark, roles.accent);
            wash(buffer, Rect { y, height: 1, ..room }, roles.pointed);
        }
    }
}
