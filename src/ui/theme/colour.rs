//! One colour at every level of what terminals can do.

use ratatui::style::Color;
use serde::Deserialize;

use super::Colours;

/// A colour of a theme file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shade {
    rgb: String,
    /// Its stand-in among the sixteen; none leaves the terminal's own.
    ansi: Option<String>,
}

impl Shade {
    /// As a terminal with so many colours has it.
    pub(super) fn at(&self, colours: Colours) -> Result<Option<Color>, String> {
        let (r, g, b) = parse(&self.rgb).ok_or_else(|| format!("{} is no colour: #rrggbb", self.rgb))?;
        let basic = self.ansi.as_deref().map(basic).transpose()?;
        Ok(match colours {
            Colours::True => Some(Color::Rgb(r, g, b)),
            Colours::Indexed => Some(Color::Indexed(nearest(r, g, b))),
            Colours::Basic => basic,
            Colours::None => None,
        })
    }
}

fn parse(text: &str) -> Option<(u8, u8, u8)> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, r, g, b] = value.to_be_bytes();
    Some((r, g, b))
}

fn basic(name: &str) -> Result<Color, String> {
    Ok(match name {
        "black" => Color::Black,
        "red" => Color::Red,
        "green" => Color::Green,
        "yellow" => Color::Yellow,
        "blue" => Color::Blue,
        "magenta" => Color::Magenta,
        "cyan" => Color::Cyan,
        "gray" => Color::Gray,
        "darkgray" => Color::DarkGray,
        "lightred" => Color::LightRed,
        "lightgreen" => Color::LightGreen,
        "lightyellow" => Color::LightYellow,
        "lightblue" => Color::LightBlue,
        "lightmagenta" => Color::LightMagenta,
        "lightcyan" => Color::LightCyan,
        "white" => Color::White,
        _ => return Err(format!("{name} is none of the sixteen colours")),
    })
}

/// The levels of the 6x6x6 cube that begins at 16; 24 greys from 8 in steps of 10 follow it at 232.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest colour that is the same on all terminals: the first sixteen differ from one to the next.
fn nearest(r: u8, g: u8, b: u8) -> u8 {
    let level = |value: u8| {
        (0_u8..6)
            .min_by_key(|at| CUBE.get(usize::from(*at)).map_or(u8::MAX, |l| l.abs_diff(value)))
            .unwrap_or(0)
    };
    let (lr, lg, lb) = (level(r), level(g), level(b));
    let of = |at: u8| CUBE.get(usize::from(at)).copied().unwrap_or(0);
    let cube = (16 + 36 * lr + 6 * lg + lb, [of(lr), of(lg), of(lb)]);
    let mean = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let grey = u8::try_from(mean.saturating_sub(3) / 10).unwrap_or(23).min(23);
    let shade = 8 + 10 * grey;
    let far =
        |to: [u8; 3]| -> u32 { [r, g, b].iter().zip(to).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
    if far([shade; 3]) < far(cube.1) { 232 + grey } else { cube.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_256() {
        assert_eq!(nearest(0, 0, 0), 16);
        assert_eq!(nearest(255, 255, 255), 231);
        assert_eq!(nearest(95, 175, 215), 74);
        assert_eq!(nearest(0x12, 0x12, 0x12), 233);
        assert_eq!(nearest(0x80, 0x80, 0x80), 244);
    }

    #[test]
    fn wrong_colours_are_told() {
        let shade =
            |rgb: &str, ansi: Option<&str>| Shade { rgb: rgb.to_owned(), ansi: ansi.map(str::to_owned) };
        assert!(shade("red", None).at(Colours::True).unwrap_err().contains("red"));
        assert!(shade("#ffffff", Some("pink")).at(Colours::Basic).unwrap_err().contains("pink"));
        assert_eq!(shade("#010203", None).at(Colours::True), Ok(Some(Color::Rgb(1, 2, 3))));
        assert_eq!(shade("#010203", None).at(Colours::Basic), Ok(None));
    }
}
