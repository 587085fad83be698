//! Dots in cells: 2 by 4 to a cell in braille, 1 by 3 in ASCII.

use std::cmp::Ordering;

use ratatui::layout::Rect;

use super::axis::whole;
use super::bend::Heights;
use crate::model::series::{Column, Series, Smooth, Stretch, Summary, View};
use crate::ui::pen::Pen;

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    dots: u8,
    /// Those of a smoothed line.
    smooth: u8,
    /// 0 for none, else the curve on top, from 1.
    curve: u8,
    /// Whether a line passes, and not only a band.
    line: bool,
}

/// Dots of all curves of one chart.
pub(super) struct Canvas {
    cells: Vec<Cell>,
    columns: u16,
    /// Dots to a cell across and down.
    fine: (u16, u16),
    size: (u16, u16),
    /// Whether lines differ by their dashes, for want of colours.
    dashed: bool,
    /// Columns of cells in which something was no number.
    pub(super) broken: Vec<u16>,
    /// Those in which something lies above the range.
    pub(super) above: Vec<u16>,
    /// Those in which something lies below it.
    pub(super) below: Vec<u16>,
}

/// A line under way.
struct Line<'a> {
    view: &'a View,
    y: &'a Heights,
    curve: u8,
    /// In the colour of the curve itself.
    strong: bool,
    /// Among figures as they are: a cell in which it passes shows nothing else, or it would seem as wide as they are.
    smooth: bool,
    /// Where it stands, and goes on from.
    before: Option<(f64, f64)>,
}

/// Which columns of cells the lines are drawn in where colour does not tell them apart, as a mask of four: the first one is
/// solid.
const DASHES: [u8; 4] = [0b1111, 0b0101, 0b0001, 0b0111];

/// The dots of braille by row and column, from the foot up.
const BRAILLE: [[u8; 2]; 4] = [[0x40, 0x80], [0x04, 0x20], [0x02, 0x10], [0x01, 0x08]];
const ASCII: [&str; 8] = [" ", ".", "-", ":", "'", "|", "\"", "|"];

/// The column of `value` in a range, of so many.
pub(super) fn place(value: f64, range: (f64, f64), columns: u16) -> u16 {
    whole(exact(value, range, columns).floor()).min(columns.saturating_sub(1))
}

/// The same, also beside the range, and between two of them.
fn exact(value: f64, range: (f64, f64), columns: u16) -> f64 {
    let span = range.1 - range.0;
    if span > 0.0 { (value - range.0) * f64::from(columns) / span } else { 0.0 }
}

impl Canvas {
    pub(super) fn new(columns: u16, rows: u16, ascii: bool, dashed: bool) -> Self {
        let fine = if ascii { (1, 3) } else { (2, 4) };
        let cells = vec![Cell::default(); usize::from(columns) * usize::from(rows)];
        let size = (columns * fine.0, rows * fine.1);
        let (broken, above, below) = (Vec::new(), Vec::new(), Vec::new());
        Self { cells, columns, fine, size, dashed, broken, above, below }
    }

    /// How many columns of dots there are.
    pub(super) const fn columns(&self) -> u16 {
        self.size.0
    }

    /// Draws a series: in each column what it spans there, and a line through the means. Joined one by one, the points of a noisy
    /// series would fill the chart and hide which way it goes. Smoothed, it stands behind in the quieter colour.
    pub(super) fn curve(
        &mut self,
        series: &Series,
        at: usize,
        view: &View,
        y: &Heights,
        smooth: Option<Smooth>,
    ) {
        let curve = u8::try_from(at + 1).unwrap_or(u8::MAX);
        let mut line = Line { view, y, curve, strong: smooth.is_none(), smooth: false, before: None };
        series.stretches(view, |stretch| {
            if let Column::At(column) = stretch.column {
                self.span(&line, column, &stretch.summary);
            }
            self.go(&mut line, stretch);
        });
        if let Some(how) = smooth {
            line = Line { strong: true, smooth: true, before: None, ..line };
            series.smoothed(view, how, |stretch| self.go(&mut line, stretch));
        }
    }

    /// All that a series spans in one column.
    fn span(&mut self, line: &Line<'_>, column: u16, summary: &Summary) {
        let cell = column / self.fine.0;
        if summary.finite < summary.count {
            self.broken.push(cell);
        }
        if summary.finite == 0 {
            return;
        }
        let (foot, top) = line.y.range;
        let (low, high) = (line.y.bend.height(summary.min), line.y.bend.height(summary.max));
        // more than rounding
        let slack = (top - foot) * 1e-9;
        if high > top + slack {
            self.above.push(cell);
        }
        if low < foot - slack {
            self.below.push(cell);
        }
        if low < high {
            for row in place(low, line.y.range, self.size.1)..=place(high, line.y.range, self.size.1) {
                self.dot(column, row, line.curve, false);
            }
        }
    }

    /// The line on to the next stretch.
    fn go(&mut self, line: &mut Line<'_>, stretch: &Stretch) {
        let summary = &stretch.summary;
        if stretch.anew || !summary.first.is_finite() {
            line.before = None;
        }
        if summary.finite > 0 {
            let x = match stretch.column {
                Column::At(column) => f64::from(column),
                _ => exact(summary.x.first, (line.view.from, line.view.to), self.size.0),
            };
            let to = (x, exact(line.y.bend.height(summary.mean()), line.y.range, self.size.1).floor());
            // the highest figure of the range belongs to the highest row
            let to = if to.1.total_cmp(&f64::from(self.size.1)).is_eq() { (to.0, to.1 - 1.0) } else { to };
            self.segment(line.before.unwrap_or(to), to, line);
            line.before = Some(to);
        }
        if !summary.last.is_finite() {
            line.before = None;
        }
    }

    /// A line from one dot to another: in each column it crosses, all the dots that it passes. What of it lies beside the
    /// canvas is not drawn.
    fn segment(&mut self, from: (f64, f64), to: (f64, f64), line: &Line<'_>) {
        let (columns, rows) = (f64::from(self.size.0), f64::from(self.size.1));
        let (first, last) = (from.0.max(0.0), to.0.min(columns - 1.0));
        let slope = if to.0 > from.0 { (to.1 - from.1) / (to.0 - from.0) } else { 0.0 };
        let inside = |row: f64| row.clamp(-1.0, rows);
        let mut row = inside((first - from.0).mul_add(slope, from.1).round());
        let mut column = first;
        while column <= last {
            let next =
                inside(if to.0 > from.0 { (column - from.0).mul_add(slope, from.1).round() } else { to.1 });
            // steep lines have no holes: each column goes on from the row next to where the last one ended
            let start = match next.total_cmp(&row) {
                Ordering::Greater if column > first => row + 1.0,
                Ordering::Less if column > first => row - 1.0,
                _ => row,
            };
            let (low, high) = (start.min(next).max(0.0), start.max(next).min(rows - 1.0));
            if low <= high {
                for dot in whole(low)..=whole(high) {
                    if let Some((cell, bit)) = self.dot(whole(column), dot, line.curve, line.strong)
                        && line.smooth
                    {
                        cell.smooth |= bit;
                    }
                }
            }
            row = next;
            column += 1.0;
        }
    }

    fn dot(&mut self, x: u16, y: u16, curve: u8, line: bool) -> Option<(&mut Cell, u8)> {
        let (wide, high) = self.fine;
        let rows = self.size.1 / high;
        let (column, row) = (x / wide, y / high);
        if column >= self.columns || row >= rows {
            return None;
        }
        let mask =
            DASHES.get(usize::from(curve.saturating_sub(1)) % DASHES.len()).copied().unwrap_or(u8::MAX);
        if self.dashed && mask >> (column % 4) & 1 == 0 {
            return None;
        }
        let at = usize::from(rows - 1 - row) * usize::from(self.columns) + usize::from(column);
        let cell = self.cells.get_mut(at)?;
        let bit = if wide == 2 {
            BRAILLE.get(usize::from(y % 4)).and_then(|row| row.get(usize::from(x % 2))).copied().unwrap_or(0)
        } else {
            1 << (y % 3)
        };
        cell.dots |= bit;
        // later curves lie on top; a line lies on top of any band
        if line || !cell.line {
            cell.curve = curve;
            cell.line |= line;
        }
        Some((cell, bit))
    }

    /// Puts the dots into the cells of `area`. `ink` names the ink of a curve.
    pub(super) fn draw(&self, pen: &mut Pen<'_>, area: Rect, ink: impl Fn(usize, bool) -> (usize, bool)) {
        let ascii = self.fine.0 == 1;
        for (at, cell) in self.cells.iter().enumerate().filter(|(_, cell)| cell.dots != 0) {
            let columns = usize::from(self.columns);
            let x = area.x + u16::try_from(at % columns).unwrap_or(0);
            let y = area.y + u16::try_from(at / columns).unwrap_or(0);
            let (ink, band) = ink(usize::from(cell.curve).saturating_sub(1), !cell.line);
            let style = super::style_of(pen, ink, band);
            let dots = if cell.smooth == 0 { cell.dots } else { cell.smooth };
            if ascii {
                let glyph = ASCII.get(usize::from(dots)).copied().unwrap_or("|");
                pen.glyph(x, y, glyph, style);
            } else if let Some(dots) = char::from_u32(0x2800 + u32::from(dots)) {
                pen.glyph(x, y, dots.encode_utf8(&mut [0; 4]), style);
            }
        }
    }
}
