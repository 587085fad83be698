//! The keys of the place and what the signs mean, over whatever is on screen.

use ratatui::layout::Rect;

use super::pen::{Pen, width};
use crate::app::help::{Block, GUTTER, Sign, blocks, layout};
use crate::app::state::State;

/// Draws the help over `screen`.
pub(super) fn help(pen: &mut Pen<'_>, screen: Rect, state: &State, top: u16) {
    let theme = pen.theme;
    let layout = layout(state.screen, screen.width, screen.height);
    let blocks = blocks(state.screen, theme.glyphs.ascii);
    let [left, right] = layout.widths;
    let both = left + if right > 0 { GUTTER + right } else { 0 };
    let (wide, high) = (both + 4, layout.rows + 2);
    let area =
        Rect::new(screen.x + (screen.width - wide) / 2, screen.y + (screen.height - high) / 2, wide, high);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = pen.buffer.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
    frame(pen, area);
    let top = top.min(layout.lines - layout.rows);
    let (first, second) = blocks.split_at(layout.first.min(blocks.len()));
    let inner = Rect::new(area.x + 2, area.y + 1, left, layout.rows);
    column(pen, inner, first, top);
    column(pen, Rect { x: inner.x + left + GUTTER, width: right, ..inner }, second, top);
    if layout.lines > layout.rows {
        let text = format!(" {}-{} of {} ", top + 1, top + layout.rows, layout.lines);
        pen.right(area.x, area.bottom() - 1, wide.saturating_sub(2), &text, theme.dim);
    }
}

/// Blocks below each other, the first `top` lines left out.
fn column(pen: &mut Pen<'_>, area: Rect, blocks: &[Block], top: u16) {
    let theme = pen.theme;
    let mut at: u16 = 0;
    // the row of the next line, when it is on screen
    let mut row = |skip: u16| {
        at = at.saturating_add(skip);
        let y = at.checked_sub(top).filter(|y| *y < area.height).map(|y| area.y + y);
        at = at.saturating_add(1);
        y
    };
    for (number, block) in blocks.iter().enumerate() {
        let blank = u16::from(number > 0);
        if !block.title.is_empty()
            && let Some(y) = row(blank)
        {
            pen.put(area.x, y, area.width, block.title, theme.strong);
        }
        let signs = block.signs().min(area.width / 2);
        for (sign, text) in &block.lines {
            let Some(y) = row(0) else { continue };
            match sign {
                Sign::Text(keys) => pen.put(area.x, y, signs, keys, theme.accent),
                Sign::State(state) => {
                    let (glyph, style) = theme.state(*state);
                    pen.put(area.x, y, signs, glyph, style)
                }
            };
            pen.put(area.x + signs + 2, y, area.width.saturating_sub(signs + 2), text, theme.text);
        }
    }
}

fn frame(pen: &mut Pen<'_>, area: Rect) {
    let theme = pen.theme;
    let glyphs = theme.glyphs;
    let corners = if glyphs.ascii { ["+"; 4] } else { ["╭", "╮", "╰", "╯"] };
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    for y in area.y..=bottom {
        pen.glyph(area.x, y, glyphs.upright, theme.faint);
        pen.glyph(right, y, glyphs.upright, theme.faint);
    }
    for y in [area.y, bottom] {
        pen.line(area.x, y, area.width, glyphs.flat, theme.faint);
    }
    for (corner, (x, y)) in
        corners.into_iter().zip([(area.x, area.y), (right, area.y), (area.x, bottom), (right, bottom)])
    {
        pen.glyph(x, y, corner, theme.faint);
    }
    let title = " keys ";
    pen.put(area.x + 2, area.y, width(title).min(area.width.saturating_sub(4)), title, theme.strong);
}
