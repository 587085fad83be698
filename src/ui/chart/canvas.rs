//! Dots in cells: 2 by 4 to a cell in braille, 1 by 3 in ASCII.

use std::cmp::Ordering;

use ratatui::layout::Rect;

use super::axis::whole;
use crate::model::series::{Bucket, Series};
use crate::ui::pen::Pen;

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    dots: u8,
    /// 0 for none, else the curve on top, from 1.
    curve: u8,
    /// Whether a line passes, and not only a band.
    line: bool,
}

/// Figures that fall into one column. Its line goes through their mean: joined one by one, those of a noisy series would fill
/// the chart and hide which way it goes.
struct Stretch {
    column: u16,
    low: f64,
    high: f64,
    sum: f64,
    count: f64,
}

impl Stretch {
    const fn at(column: u16) -> Self {
        Self { column, low: f64::INFINITY, high: f64::NEG_INFINITY, sum: 0.0, count: 0.0 }
    }

    fn take(&mut self, value: f64) {
        self.low = self.low.min(value);
        self.high = self.high.max(value);
        self.sum += value;
        self.count += 1.0;
    }
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
}

/// Which columns of cells the lines are drawn in where colour does not tell them apart, as a mask of four: the first one is
/// solid.
const DASHES: [u8; 4] = [0b1111, 0b0101, 0b0001, 0b0111];

/// The dots of braille by row and column, from the foot up.
const BRAILLE: [[u8; 2]; 4] = [[0x40, 0x80], [0x04, 0x20], [0x02, 0x10], [0x01, 0x08]];
const ASCII: [&str; 8] = [" ", ".", "-", ":", "'", "|", "\"", "|"];

/// The column of `value` in a range, of so many.
pub(super) fn place(value: f64, range: (f64, f64), columns: u16) -> u16 {
    let span = range.1 - range.0;
    let share = if span > 0.0 { (value - range.0) / span } else { 0.0 };
    whole((share * f64::from(columns)).floor()).min(columns.saturating_sub(1))
}

impl Canvas {
    pub(super) fn new(columns: u16, rows: u16, ascii: bool, dashed: bool) -> Self {
        let fine = if ascii { (1, 3) } else { (2, 4) };
        let cells = vec![Cell::default(); usize::from(columns) * usize::from(rows)];
        Self { cells, columns, fine, size: (columns * fine.0, rows * fine.1), dashed }
    }

    /// Draws a series: its band, then its line over it.
    pub(super) fn curve(&mut self, series: &Series, at: usize, x: (f64, f64), y: (f64, f64)) {
        let curve = u8::try_from(at + 1).unwrap_or(u8::MAX);
        let buckets = series.buckets();
        let end = series.last_x().unwrap_or(x.1);
        for (at, bucket) in buckets.iter().enumerate() {
            let until = buckets.get(at + 1).map_or(end, |next| next.x).max(bucket.x);
            self.band(bucket, until, curve, x, y);
        }
        let mut before: Option<(u16, u16)> = None;
        let mut stretch: Option<Stretch> = None;
        let mut last_x = f64::NEG_INFINITY;
        for bucket in buckets {
            let value = f64::from(bucket.last);
            let column = place(bucket.x, x, self.size.0);
            // a second pass over the same x begins a line of its own, and so does what follows something that is no number
            let breaks = bucket.x < last_x || !value.is_finite();
            last_x = bucket.x;
            if let Some(done) = stretch.take_if(|stretch| breaks || stretch.column != column) {
                before = Some(self.stretch(&done, before, curve, y));
            }
            if breaks {
                before = None;
            }
            if value.is_finite() {
                stretch.get_or_insert_with(|| Stretch::at(column)).take(value);
            }
        }
        if let Some(done) = stretch {
            self.stretch(&done, before, curve, y);
        }
    }

    /// Draws what falls into one column: what it spans, and the line from the column before it to its mean. Returns where.
    fn stretch(
        &mut self,
        stretch: &Stretch,
        before: Option<(u16, u16)>,
        curve: u8,
        y: (f64, f64),
    ) -> (u16, u16) {
        let row = |value: f64| place(value, y, self.size.1);
        let (low, high) = (row(stretch.low), row(stretch.high));
        let to = (stretch.column, row(stretch.sum / stretch.count));
        if low < high {
            for row in low..=high {
                self.dot(stretch.column, row, curve, false);
            }
        }
        self.segment(before.unwrap_or(to), to, curve);
        to
    }

    fn band(&mut self, bucket: &Bucket, until: f64, curve: u8, x: (f64, f64), y: (f64, f64)) {
        let (low, high) = (f64::from(bucket.min), f64::from(bucket.max));
        // a bucket of one point is on the line and spans nothing
        if !(low.is_finite() && high.is_finite() && low < high) {
            return;
        }
        let rows = (place(low, y, self.size.1), place(high, y, self.size.1));
        let from = place(bucket.x, x, self.size.0);
        let to = place(until, x, self.size.0).max(from + 1);
        for column in from..to {
            for row in rows.0..=rows.1 {
                self.dot(column, row, curve, false);
            }
        }
    }

    /// A line from one dot to another: in each column it crosses, all the dots that it passes.
    fn segment(&mut self, from: (u16, u16), to: (u16, u16), curve: u8) {
        let columns = to.0.abs_diff(from.0);
        if columns == 0 {
            for row in from.1.min(to.1)..=from.1.max(to.1) {
                self.dot(to.0, row, curve, true);
            }
            return;
        }
        let slope = (f64::from(to.1) - f64::from(from.1)) / f64::from(columns);
        let mut row = from.1;
        for step in 0..=columns {
            let next = whole((f64::from(from.1) + slope * f64::from(step)).round());
            // steep lines have no holes: each column goes on from the row next to where the last one ended
            let start = match next.cmp(&row) {
                Ordering::Greater => row + 1,
                Ordering::Less => row.saturating_sub(1),
                Ordering::Equal => next,
            };
            for dot in start.min(next)..=start.max(next) {
                self.dot(from.0 + step, dot, curve, true);
            }
            row = next;
        }
    }

    fn dot(&mut self, x: u16, y: u16, curve: u8, line: bool) {
        let (wide, high) = self.fine;
        let rows = self.size.1 / high;
        let (column, row) = (x / wide, y / high);
        if column >= self.columns || row >= rows {
            return;
        }
        let mask =
            DASHES.get(usize::from(curve.saturating_sub(1)) % DASHES.len()).copied().unwrap_or(u8::MAX);
        if self.dashed && mask >> (column % 4) & 1 == 0 {
            return;
        }
        let at = usize::from(rows - 1 - row) * usize::from(self.columns) + usize::from(column);
        let Some(cell) = self.cells.get_mut(at) else { return };
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
            if ascii {
                let glyph = ASCII.get(usize::from(cell.dots)).copied().unwrap_or("|");
                pen.glyph(x, y, glyph, style);
            } else if let Some(dots) = char::from_u32(0x2800 + u32::from(cell.dots)) {
                pen.glyph(x, y, dots.encode_utf8(&mut [0; 4]), style);
            }
        }
    }
}
