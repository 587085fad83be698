//! The log: a page of its own, and its end below the others.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::pen::Pen;
use super::theme::Theme;
use crate::app::logs::LogPane;

/// The whole page.
pub fn page(pane: &LogPane, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    tail(pane, theme, area, buffer);
}

/// The last lines.
pub fn tail(pane: &LogPane, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut pen = Pen::new(buffer, theme);
    let lines = &pane.lines().lines;
    let skip = lines.len().saturating_sub(usize::from(area.height));
    for (line, y) in lines.iter().skip(skip).zip(area.y..) {
        pen.put(area.x, y, area.width, &line.text, theme.text);
    }
}
