//! Bars and sparklines: one row high, half a column or an eighth of a row fine.
//!
//! Neither fills its row to the top: in a list of forty rows full blocks would run together into one wall.

use ratatui::style::Style;

use super::pen::Pen;
use crate::model::series::{Column, Over, Series, View};

/// A bar that is full to `share` (0 to 1) of its width. An unknown share leaves it empty.
pub fn bar(pen: &mut Pen<'_>, x: u16, y: u16, width: u16, share: Option<f64>, style: Style) {
    let theme = pen.theme;
    let glyphs = theme.glyphs;
    let parts = u32::try_from(glyphs.bar.len()).unwrap_or(1);
    let share = share.filter(|share| share.is_finite()).unwrap_or(0.0).clamp(0.0, 1.0);
    // rounded down: a bar is full when all is done
    let filled = floor(share * f64::from(width) * f64::from(parts));
    for at in 0..width {
        let here = filled.saturating_sub(u32::from(at) * parts).min(parts);
        match here.checked_sub(1).and_then(|part| glyphs.bar.get(usize::try_from(part).ok()?)) {
            Some(glyph) => pen.glyph(x + at, y, glyph, style),
            // thinner, so that no colour is needed to tell it from the full part
            None => pen.glyph(x + at, y, glyphs.track, theme.track),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of some hundred parts; casts saturate"
)]
fn floor(value: f64) -> u32 {
    // a share that was divided and multiplied again may miss a whole by the last bit
    (value + 1e-9).floor() as u32
}

/// The course of a series in `width` columns: each shows the mean of its stretch, the whole height is the range of those.
pub fn spark(pen: &mut Pen<'_>, x: u16, y: u16, width: u16, series: &Series, style: Style) {
    let columns = columns(series, usize::from(width));
    let glyphs = pen.theme.glyphs.spark;
    let finite = || columns.iter().flatten().copied().filter(|value| value.is_finite());
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    let steps = f64::from(u32::try_from(glyphs.len()).unwrap_or(1)) - 1.0;
    for (at, value) in columns.iter().enumerate() {
        let Some(value) = value else { continue };
        let column = x + u16::try_from(at).unwrap_or(0);
        if value.is_finite() {
            let share = if high > low { (value - low) / (high - low) } else { 0.5 };
            let height = usize::try_from(floor(share * steps + 0.5)).unwrap_or(0);
            if let Some(glyph) = glyphs.get(height) {
                pen.glyph(column, y, glyph, style);
            }
        } else {
            pen.glyph(column, y, pen.theme.glyphs.nan, pen.theme.bad);
        }
    }
}

fn columns(series: &Series, width: usize) -> Vec<Option<f64>> {
    let points = series.len();
    if points < 2 || width == 0 {
        return Vec::new();
    }
    let width = width.min(points);
    let mut columns = vec![None; width];
    // what is drawn ends behind the last point and not on it: each column gets as many
    let view = View {
        over: Over::Order,
        from: 0.0,
        to: points as f64,
        columns: u16::try_from(width).unwrap_or(u16::MAX),
    };
    series.stretches(&view, |stretch| {
        let Column::At(at) = stretch.column else { return };
        let summary = &stretch.summary;
        if let Some(column) = columns.get_mut(usize::from(at)) {
            *column = Some(if summary.last.is_finite() { summary.mean() } else { f64::NAN });
        }
    });
    columns
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;
    use crate::store::tests::metric;
    use crate::ui::theme::{Colours, Theme};

    fn drawn(theme: &Theme, act: impl FnOnce(&mut Pen<'_>)) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        act(&mut Pen::new(&mut buffer, theme));
        buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn a_bar_is_full_only_at_the_end() {
        let theme = Theme::default();
        let of = |share| drawn(&theme, |pen| bar(pen, 0, 0, 8, share, theme.accent));
        assert_eq!(of(Some(0.5)), "━━━━────");
        assert_eq!(of(Some(0.999)), "━━━━━━━╸");
        assert_eq!(of(Some(1.0)), "━━━━━━━━");
        assert_eq!(of(Some(1.0 / 16.0)), "╸───────");
        assert_eq!(of(Some(1.0 / 17.0)), "────────");
        assert_eq!(of(None), "────────");
        assert_eq!(of(Some(f64::NAN)), "────────");
        let ascii = Theme::new(Colours::None, true);
        assert_eq!(drawn(&ascii, |pen| bar(pen, 0, 0, 8, Some(0.6), ascii.text)), "####....");
    }

    #[test]
    fn a_sparkline_shows_the_course_and_marks_what_is_no_number() {
        let theme = Theme::default();
        let of = |values: &[f64]| {
            drawn(&theme, |pen| spark(pen, 0, 0, 4, &metric("loss", values).series, theme.text))
        };
        assert_eq!(of(&[8.0, 6.0, 4.0, 1.0]), "▇▅▄▁    ");
        assert_eq!(of(&[1.0, 1.0, 1.0, 1.0]), "▄▄▄▄    ");
        assert_eq!(of(&[2.0, 1.0, f64::NAN]), "▇▁×     ");
        assert_eq!(of(&[1.0]), "        ");
        assert_eq!(of(&[f64::NAN, f64::NAN]), "××      ");
    }
}
