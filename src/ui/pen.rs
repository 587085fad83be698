//! The only way to a cell: text that is never wider than its place, and never anything but text.
//!
//! Names come from folders and logs that others write: control characters are left out here once more, so that whatever
//! slipped through cannot reach the terminal.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::theme::Theme;

/// Draws into a buffer with a theme.
pub struct Pen<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// Colours and glyphs.
    pub theme: &'a Theme,
}

/// Columns of `text`.
pub fn width(text: &str) -> u16 {
    let columns = if text.is_ascii() { text.len() } else { text.width() };
    u16::try_from(columns).unwrap_or(u16::MAX)
}

impl<'a> Pen<'a> {
    /// A pen.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Self {
        Self { buffer, theme }
    }

    /// One glyph of one column.
    pub fn glyph(&mut self, x: u16, y: u16, glyph: &str, style: Style) {
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            // what was there before leaves no trace
            cell.reset();
            cell.set_symbol(glyph).set_style(style);
        }
    }

    /// Text within `room` columns, its end cut off where it is too long. Returns the column behind it.
    pub fn put(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        if room == 0 || y >= self.buffer.area.bottom() {
            return x;
        }
        let end = x.saturating_add(room).min(self.buffer.area.right());
        if text.is_ascii() {
            return self.put_ascii(x, end, y, text, style);
        }
        let fits = width(text) <= end.saturating_sub(x);
        let limit = if fits { end } else { end.saturating_sub(1) };
        let mut at = x;
        for piece in text.graphemes(true) {
            let columns = width(piece);
            if columns == 0 || piece.contains(char::is_control) {
                continue;
            }
            if at + columns > limit {
                break;
            }
            self.glyph(at, y, piece, style);
            for hidden in at + 1..at + columns {
                if let Some(cell) = self.buffer.cell_mut((hidden, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
            at += columns;
        }
        if !fits && at < end {
            self.glyph(at, y, self.theme.glyphs.ellipsis, style);
            at += 1;
        }
        at
    }

    fn put_ascii(&mut self, x: u16, end: u16, y: u16, text: &str, style: Style) -> u16 {
        let fits = width(text) <= end.saturating_sub(x);
        let limit = if fits { end } else { end.saturating_sub(1) };
        let mut at = x;
        for byte in text.bytes().filter(|byte| !byte.is_ascii_control()) {
            if at >= limit {
                break;
            }
            if let Some(cell) = self.buffer.cell_mut((at, y)) {
                cell.reset();
                cell.set_char(char::from(byte)).set_style(style);
            }
            at += 1;
        }
        if !fits && at < end {
            self.glyph(at, y, self.theme.glyphs.ellipsis, style);
            at += 1;
        }
        at
    }

    /// Text that ends at the right edge of its place.
    pub fn right(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) {
        let columns = width(text).min(room);
        self.put(x + room - columns, y, columns, text, style);
    }

    /// Text within `room` columns, its beginning cut off where it is too long: the end of a path tells more.
    pub fn tail(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        if room == 0 {
            return x;
        }
        let (cut, kept) = tail(text, room);
        let from = if cut {
            self.glyph(x, y, self.theme.glyphs.ellipsis, style);
            x + 1
        } else {
            x
        };
        self.put(from, y, room.saturating_sub(from - x), kept, style)
    }

    /// The same glyph `count` times.
    pub fn line(&mut self, x: u16, y: u16, count: u16, glyph: &str, style: Style) {
        for at in x..x.saturating_add(count) {
            self.glyph(at, y, glyph, style);
        }
    }

    /// Lays a style over cells that are drawn.
    pub fn wash(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area, style);
    }

    /// Lays a background below text; what has one of its own keeps it, and so does text that has a colour.
    pub fn ground(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)).filter(|cell| cell.bg == Color::Reset) {
                    let plain = cell.fg == Color::Reset;
                    cell.set_style(if plain { style } else { Style { fg: None, ..style } });
                }
            }
        }
    }

    /// A rule with a title in it.
    pub fn rule(&mut self, area: Rect, title: &str, style: Style) -> u16 {
        if area.is_empty() {
            return area.x;
        }
        let (rule, faint) = (self.theme.glyphs.rule, self.theme.faint);
        self.line(area.x, area.y, area.width, rule, faint);
        if title.is_empty() {
            return area.x;
        }
        self.glyph(area.x + 2, area.y, " ", faint);
        let end = self.put(area.x + 3, area.y, area.width.saturating_sub(6), title, style);
        self.glyph(end, area.y, " ", faint);
        end + 1
    }
}

/// The end of `text` that fits, and whether something was cut off before it.
pub fn tail(text: &str, room: u16) -> (bool, &str) {
    if width(text) <= room {
        return (false, text);
    }
    let mut columns = 1;
    let mut from = text.len();
    for (at, piece) in text.grapheme_indices(true).rev() {
        columns += width(piece);
        if columns > room {
            break;
        }
        from = at;
    }
    (true, text.get(from..).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drawn(room: u16, act: impl FnOnce(&mut Pen<'_>)) -> String {
        let theme = Theme::default();
        let mut buffer = Buffer::empty(Rect::new(0, 0, room + 4, 1));
        act(&mut Pen::new(&mut buffer, &theme));
        let mut skip = 0;
        let mut text = String::new();
        for cell in buffer.content() {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = width(cell.symbol()).saturating_sub(1);
            text.push_str(cell.symbol());
        }
        text
    }

    #[test]
    fn text_keeps_to_its_place() {
        assert_eq!(
            drawn(4, |pen| {
                pen.put(0, 0, 4, "abcdef", Style::new());
            }),
            "abc…    "
        );
        assert_eq!(
            drawn(4, |pen| {
                pen.put(0, 0, 4, "学習実験", Style::new());
            }),
            "学…     "
        );
        assert_eq!(
            drawn(4, |pen| {
                pen.tail(0, 0, 4, "sweep/r1", Style::new());
            }),
            "…/r1    "
        );
        assert_eq!(drawn(4, |pen| pen.right(0, 0, 4, "ab", Style::new())), "  ab    ");
    }

    proptest! {
        #[test]
        fn whatever_the_text_it_stays_in_its_place_and_is_no_control(text in "\\PC{0,12}|.{0,12}|[\\x00-\\x7f]{0,12}", room in 0u16..9) {
            for way in 0..3 {
                let all = drawn(room, |pen| match way {
                    0 => { pen.put(0, 0, room, &text, Style::new()); }
                    1 => { pen.tail(0, 0, room, &text, Style::new()); }
                    _ => pen.right(0, 0, room, &text, Style::new()),
                });
                prop_assert!(!all.contains(char::is_control));
                prop_assert!(all.ends_with("    "), "{all:?}");
            }
        }
    }
}
