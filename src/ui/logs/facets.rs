//! The panel of facets.
//!
//! ```text
//! ── levels ──────────────────
//!   + error              12
//! ▌ - debug          82 113     what is pointed at; + shown, - hidden, = it alone
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::first_of;
use super::head::count;
use super::line::put;
use super::right;
use super::roles::Roles;
use super::wash;
use crate::app::logs::LogPane;

/// Columns of the panel.
const WIDTH: u16 = 32;
/// With fewer there is no panel.
const LEAST: u16 = 16;

/// Where it stands in the pane.
pub(super) fn area(pane: Rect, beside: bool) -> Rect {
    let width = if beside { WIDTH } else { WIDTH.min(pane.width) };
    Rect { x: pane.right() - width, width, ..pane }
}

/// A row of the panel: a heading, a value by its number, or a word.
enum Line {
    Title(&'static str),
    Value(usize),
    Word(&'static str),
}

/// Draws it. Beside the log the scroll bar parts the two.
pub(super) fn draw(pane: &LogPane, roles: &Roles, beside: bool, area: Rect, buffer: &mut Buffer) {
    let Some(panel) = pane.panel().filter(|_| area.width >= LEAST) else { return };
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.reset();
            }
        }
        if !beside {
            put(buffer, area.x, y, 1, roles.upright, roles.faint);
        }
    }
    let rows = pane.facet_rows();
    let chosen = panel.row.min(rows.len().saturating_sub(1));
    let mut all = Vec::new();
    let mut facet = None;
    for (at, row) in rows.iter().enumerate() {
        if facet != Some(row.facet) {
            facet = Some(row.facet);
            all.push(Line::Title(row.facet.title()));
        }
        all.push(Line::Value(at));
    }
    let latest = pane.latest();
    let known = latest.facets.as_ref();
    if known.is_none() {
        all.push(Line::Word("counting"));
    }
    let at = all.iter().position(|line| matches!(line, Line::Value(at) if *at == chosen)).unwrap_or(0);
    let first = first_of(all.len(), usize::from(area.height), at);
    let counted = known.is_some_and(|facets| facets.counted >= latest.counted.1);
    let x = area.x + 1;
    let room = area.width.saturating_sub(2);
    for (y, line) in (area.top()..area.bottom()).zip(all.get(first..).unwrap_or_default()) {
        match line {
            Line::Title(title) => {
                put(buffer, x + 1, y, room, title, roles.strong);
            }
            Line::Word(word) => {
                put(buffer, x + 2, y, room, word, roles.dim);
            }
            Line::Value(at) => {
                let Some(row) = rows.get(*at) else { continue };
                let sign = if row.only {
                    "="
                } else if row.shown {
                    "+"
                } else {
                    "-"
                };
                let style = match (row.shown, row.count) {
                    (false, _) | (_, 0) => roles.dim,
                    _ => roles.text,
                };
                let unsure = if counted || (known.is_none() && latest.counted_all()) { "" } else { "+" };
                let figure = format!("{}{unsure}", count(row.count));
                let wide = super::line::width(&figure);
                if *at == chosen {
                    put(buffer, x, y, 1, roles.mark, roles.accent);
                }
                put(buffer, x + 2, y, 1, sign, if row.shown { roles.accent } else { roles.dim });
                put(buffer, x + 4, y, room.saturating_sub(wide + 5), &row.name, style);
                right(buffer, x + 3, y, room.saturating_sub(3), &figure, roles.dim);
                if *at == chosen {
                    wash(buffer, Rect { x, y, width: area.width - 1, height: 1 }, roles.pointed);
                }
            }
        }
    }
}
