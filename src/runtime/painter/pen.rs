//! The colours that the terminal writes in, and the shortest SGR sequence to others.

use ratatui::style::Color;
use ratatui::style::Modifier;
use smallvec::SmallVec;

use super::cursor::csi;
use super::glyph::Glyph;
use super::glyph::Look;

type Params = SmallVec<[u16; 16]>;

/// Attributes with the codes that set them and take them back.
const ATTRIBUTES: [(Modifier, u16, u16); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// What is set; at the start of a frame nothing is taken for granted.
#[derive(Debug, Default)]
pub(super) struct Pen(Option<Look>);

impl Pen {
    /// Whether a blank that is to look so may be written, or erased, as things stand: a blank shows less of them than a letter.
    pub(super) fn suits_blank(&self, look: Look) -> bool {
        self.0.is_some_and(|now| now.on_blank() == look)
    }

    /// Whether a glyph may be written as things stand.
    pub(super) fn suits(&self, glyph: Glyph<'_>) -> bool {
        self.0 == Some(glyph.look) || glyph.text == " " && self.suits_blank(glyph.look)
    }

    /// Makes the terminal write in `look`.
    pub(super) fn set(&mut self, look: Look, out: &mut Vec<u8>) {
        if self.0 == Some(look) {
            return;
        }
        let full = anew(look);
        match self.0 {
            Some(now) => {
                let step = change(now, look);
                csi(out, if length(&step) <= length(&full) { &step } else { &full }, b'm');
            }
            None => csi(out, &full, b'm'),
        }
        self.0 = Some(look);
    }
}

/// Bytes that parameters take, separators included.
fn length(params: &[u16]) -> usize {
    params
        .iter()
        .map(|n| {
            if *n < 10 {
                2
            } else if *n < 100 {
                3
            } else {
                4
            }
        })
        .sum()
}

/// From whatever is set.
fn anew(look: Look) -> Params {
    let mut params = Params::new();
    if look == Look::PLAIN {
        return params;
    }
    params.push(0);
    for (attribute, on, _) in ATTRIBUTES {
        if look.modifier.contains(attribute) {
            params.push(on);
        }
    }
    if look.fg != Color::Reset {
        colour(look.fg, 30, &mut params);
    }
    if look.bg != Color::Reset {
        colour(look.bg, 40, &mut params);
    }
    params
}

/// From what is set now, by naming what differs.
fn change(now: Look, look: Look) -> Params {
    let mut params = Params::new();
    let gone = now.modifier.difference(look.modifier);
    let mut on = look.modifier.difference(now.modifier);
    for (attribute, _, off) in ATTRIBUTES {
        if gone.contains(attribute) && !params.contains(&off) {
            params.push(off);
        }
    }
    // one code takes back both of a pair: what stays of it is set again
    for pair in [Modifier::BOLD.union(Modifier::DIM), Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK)] {
        if gone.intersects(pair) {
            on.insert(look.modifier.intersection(pair));
        }
    }
    for (attribute, code, _) in ATTRIBUTES {
        if on.contains(attribute) {
            params.push(code);
        }
    }
    if now.fg != look.fg {
        colour(look.fg, 30, &mut params);
    }
    if now.bg != look.bg {
        colour(look.bg, 40, &mut params);
    }
    params
}

/// `base` is 30 for the foreground and 40 for the background.
fn colour(colour: Color, base: u16, params: &mut Params) {
    let plain = match colour {
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(index) => {
            params.extend_from_slice(&[base + 8, 5, u16::from(index)]);
            return;
        }
        Color::Rgb(r, g, b) => {
            params.extend_from_slice(&[base + 8, 2, u16::from(r), u16::from(g), u16::from(b)]);
            return;
        }
    };
    params.push(base + plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(fg: Color, bg: Color, modifier: Modifier) -> Look {
        Look { fg, bg, modifier }
    }

    fn bytes(looks: &[Look]) -> String {
        let mut pen = Pen::default();
        let mut out = Vec::new();
        for look in looks {
            out.push(b'|');
            pen.set(*look, &mut out);
        }
        String::from_utf8(out).unwrap().replace('\x1b', "^")
    }

    #[test]
    fn says_only_what_differs() {
        let red = look(Color::Red, Color::Reset, Modifier::empty());
        let bold = look(Color::Red, Color::Reset, Modifier::BOLD);
        let dim = look(Color::Red, Color::Reset, Modifier::DIM);
        assert_eq!(bytes(&[red, red, bold, dim, red]), "|^[0;31m||^[1m|^[22;2m|^[22m");
    }

    #[test]
    fn bold_and_dim_go_together() {
        let both = look(Color::Rgb(1, 2, 3), Color::Indexed(7), Modifier::BOLD | Modifier::DIM);
        let bold = look(Color::Rgb(1, 2, 3), Color::Indexed(7), Modifier::BOLD);
        assert_eq!(bytes(&[both, bold]), "|^[0;1;2;38;2;1;2;3;48;5;7m|^[22;1m");
    }

    #[test]
    fn back_to_plain_is_the_shortest() {
        let loud = look(Color::White, Color::DarkGray, Modifier::BOLD | Modifier::UNDERLINED);
        assert_eq!(bytes(&[Look::PLAIN, loud, Look::PLAIN]), "|^[m|^[1;4;97;100m|^[m");
        let fg = look(Color::LightRed, Color::Reset, Modifier::empty());
        assert_eq!(bytes(&[fg, Look::PLAIN]), "|^[0;91m|^[m");
    }
}
