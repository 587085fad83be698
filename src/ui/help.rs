//! The keys of the place, out of the one table, over whatever is on screen.

use ratatui::layout::Rect;

use super::pen::{Pen, width};
use crate::app::binding::{Binding, Place, Screen, here, label};
use crate::app::logs::KEYS;
use crate::app::state::State;

/// Draws the help over `screen`.
pub(super) fn help(pen: &mut Pen<'_>, screen: Rect, state: &State, top: u16) {
    let theme = pen.theme;
    let ascii = theme.glyphs.ascii;
    let mut lines: Vec<(String, &str)> = Vec::new();
    if state.screen == Screen::Logs {
        lines.extend(KEYS.iter().map(|(keys, what, _)| (plain(keys, ascii), *what)));
        lines.push((String::new(), ""));
    }
    lines.extend(here(Place::On(state.screen)).map(|binding| line(binding, ascii)));
    if state.screen == Screen::Runs {
        lines.push((String::new(), ""));
        lines.push(("filter".to_owned(), "words match names; terms side by side must all hold"));
        lines.push(("state:failed".to_owned(), "several: state:failed,stalled"));
        lines.push(("loss<0.1".to_owned(), "also val epoch step percent rate, or any metric's name"));
        lines.push(("age<2d".to_owned(), "last sign of life: s m h d w; also eta"));
        lines.push(("name~r\\d+".to_owned(), "a regular expression; : for a part, = for the whole"));
        lines.push(("-word  a OR b".to_owned(), "not; alternatives; \"quotes\" and (brackets) work"));
        lines.push((String::new(), ""));
        lines.extend(here(Place::Prompt).map(|binding| line(binding, ascii)));
    }
    let keys = lines.iter().map(|(keys, _)| width(keys)).max().unwrap_or(0).min(screen.width / 3);
    let texts = lines.iter().map(|(_, what)| width(what)).max().unwrap_or(0);
    let wide = (keys + texts + 7).min(screen.width.saturating_sub(2));
    let all = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let high = (all + 2).min(screen.height.saturating_sub(2));
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
    let rows = high.saturating_sub(2);
    let top = top.min(all.saturating_sub(rows));
    for ((keys_text, what), y) in
        lines.iter().skip(usize::from(top)).take(usize::from(rows)).zip(area.y + 1..)
    {
        pen.put(area.x + 2, y, keys, keys_text, theme.accent);
        pen.put(area.x + 4 + keys, y, wide.saturating_sub(keys + 6), what, theme.text);
    }
    if all > rows {
        let text = format!(" {}-{} of {all} ", top + 1, top + rows);
        pen.right(area.x, area.bottom() - 1, wide.saturating_sub(2), &text, theme.dim);
    }
}

fn line(binding: &Binding, ascii: bool) -> (String, &'static str) {
    let keys: Vec<String> = binding.keys.iter().map(|key| label(*key, ascii)).collect();
    (keys.join(" "), binding.what)
}

/// The arrows by name where glyphs are to keep to ASCII.
fn plain(keys: &str, ascii: bool) -> String {
    let mut keys = keys.to_owned();
    if ascii {
        for (arrow, name) in [("↑", "Up"), ("↓", "Down"), ("←", "Left"), ("→", "Right")] {
            keys = keys.replace(arrow, name);
        }
    }
    keys
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
    pen.put(area.x + 2, area.y, area.width.saturating_sub(4), " keys ", theme.strong);
}
