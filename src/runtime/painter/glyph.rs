//! What a cell puts on the screen, as terminals agree on it.
//!
//! The buffer thinks in grapheme clusters, most terminals in single characters, and they disagree about the width of emoji,
//! joiners and variation selectors. A row must not fall apart over that: clusters on whose width they could differ are cut to
//! their first character, and after a character that a terminal may not know the cursor is placed anew.

use ratatui::buffer::Cell;
use ratatui::buffer::CellWidth;
use ratatui::style::Color;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthChar;

/// Colours and attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) fg: Color,
    pub(super) bg: Color,
    pub(super) modifier: Modifier,
}

/// Attributes that are seen on a blank.
const SEEN_ON_BLANK: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK);

impl Look {
    /// The terminal's own colours.
    pub(super) const PLAIN: Self = Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// What of it is seen where nothing is written.
    pub(super) fn on_blank(self) -> Self {
        if self.modifier.intersects(SEEN_ON_BLANK) {
            self
        } else {
            Self { fg: Color::Reset, bg: self.bg, modifier: Modifier::empty() }
        }
    }
}

/// What stands in a cell and, when it is wide, in those behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph<'a> {
    pub(super) text: &'a str,
    /// Cells it takes, 1 or more.
    pub(super) width: u16,
    /// How many of them are blanks behind the text.
    pub(super) pad: u16,
    pub(super) look: Look,
    /// Whether every terminal moves its cursor by `width`.
    pub(super) sure: bool,
}

impl Glyph<'static> {
    const BLANK: Self = Self { text: " ", width: 1, pad: 0, look: Look::PLAIN, sure: true };
}

/// One column: a glyph, and which of its columns this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot<'a> {
    pub(super) glyph: Glyph<'a>,
    pub(super) part: u16,
}

impl Slot<'static> {
    /// A blank in the terminal's own colours, as erasing leaves it.
    pub(super) const BLANK: Self = Self { glyph: Glyph::BLANK, part: 0 };
}

/// What a row of cells puts on the screen, column by column.
pub(super) fn slots<'a>(cells: &'a [Cell], slots: &mut Vec<Slot<'a>>) {
    slots.clear();
    let mut rest = cells;
    while let Some((cell, behind)) = rest.split_first() {
        let glyph = glyph(cell, u16::try_from(rest.len()).unwrap_or(u16::MAX));
        for part in 0..glyph.width {
            slots.push(Slot { glyph, part });
        }
        rest = behind.get(usize::from(glyph.width) - 1..).unwrap_or_default();
    }
}

/// What a cell with `room` columns up to the end of its row puts on the screen.
fn glyph(cell: &Cell, room: u16) -> Glyph<'_> {
    let symbol = cell.symbol();
    let look = Look::of(cell);
    let blank = Glyph { look: look.on_blank(), ..Glyph::BLANK };
    if symbol == " " {
        return blank;
    }
    if let [byte] = symbol.as_bytes()
        && byte.is_ascii_graphic()
    {
        return Glyph { text: symbol, width: 1, pad: 0, look, sure: true };
    }
    if symbol.chars().any(is_refused) {
        return Glyph { text: "\u{fffd}", width: 1, pad: 0, look, sure: false };
    }
    let width = cell.cell_width();
    if width == 0 || width > room {
        return blank;
    }
    let mut characters = symbol.chars();
    let Some(first) = characters.next() else { return blank };
    if characters.next().is_none() {
        return Glyph {
            text: symbol,
            width,
            pad: width - columns(first).min(width),
            look,
            sure: is_sure(first),
        };
    }
    if symbol.chars().map(columns).sum::<u16>() == width {
        return Glyph { text: symbol, width, pad: 0, look, sure: false };
    }
    let own = columns(first);
    if own == 0 || own > width {
        return blank;
    }
    let text = symbol.get(..first.len_utf8()).unwrap_or_default();
    Glyph { text, width, pad: width - own, look, sure: false }
}

/// Columns that one character takes by itself.
fn columns(c: char) -> u16 {
    match c {
        // half-width sound marks: the buffer gives them a cell, as terminals do
        '\u{ff9e}' | '\u{ff9f}' => 1,
        _ => c.width().and_then(|width| u16::try_from(width).ok()).unwrap_or(0),
    }
}

/// Characters that would steer a terminal, or turn the order of the text around, rather than be drawn.
fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether terminals agree on the width of a character: scripts of one or two columns since ever, and what charts are made of.
fn is_sure(c: char) -> bool {
    matches!(c,
        '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2190}'..='\u{2319}' | '\u{2500}'..='\u{25fc}'
        | '\u{2701}'..='\u{2704}' | '\u{2714}'..='\u{2727}' | '\u{2800}'..='\u{28ff}'
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}')
}
