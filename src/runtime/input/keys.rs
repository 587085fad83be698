//! Which key a byte or a finished sequence stands for.

use crate::app::key::Code;
use crate::app::key::Key;

/// A byte below 128 that is no escape.
pub(super) fn byte(byte: u8) -> Key {
    match byte {
        b'\t' => Key::plain(Code::Tab),
        // a line feed is what Enter sends where something on the way translates it
        b'\r' | b'\n' => Key::plain(Code::Enter),
        0x08 | 0x7f => Key::plain(Code::Backspace),
        0 => Key::ctrl(' '),
        1..=26 => Key::ctrl(char::from(byte - 1 + b'a')),
        27..=31 => Key::ctrl(char::from(byte - 27 + b'[')),
        _ => Key::char(char::from(byte)),
    }
}

/// `ESC [ [ X` of the Linux console.
pub(super) fn console(end: u8) -> Option<Key> {
    matches!(end, b'A'..=b'E').then(|| Key::plain(Code::F(end - b'A' + 1)))
}

/// `ESC O X`: arrows and the keypad in application mode.
pub(super) fn single(end: u8) -> Option<Key> {
    let code = match end {
        b'P'..=b'S' => Code::F(end - b'P' + 1),
        b'M' => Code::Enter,
        b'X' => Code::Char('='),
        // the keypad lies 64 above its characters
        b'j'..=b'y' => Code::Char(char::from(end - 64)),
        b'a'..=b'd' => {
            return arrow(end.to_ascii_uppercase()).map(|code| Key { ctrl: true, ..Key::plain(code) });
        }
        _ => arrow(end)?,
    };
    Some(Key::plain(code))
}

/// `ESC [ params end`.
pub(super) fn control(params: &[u8], end: u8) -> Option<Key> {
    if params.iter().any(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':')) {
        // a private marker or an intermediate: an answer, not a key
        return None;
    }
    let text = std::str::from_utf8(params).ok()?;
    let fields: Vec<Vec<Option<u32>>> =
        text.split(';').map(|field| field.split(':').map(|number| number.parse().ok()).collect()).collect();
    let field = |n: usize, part: usize| fields.get(n).and_then(|parts| parts.get(part)).copied().flatten();
    let modifiers = field(1, 0).unwrap_or(1).saturating_sub(1);
    // the third kind of event is a release
    if field(1, 1) == Some(3) {
        return None;
    }
    match end {
        b'~' => match field(0, 0)? {
            // CSI 27 ; modifiers ; character ~
            27 => character(field(2, 0)?, None, modifiers),
            number => Some(with(modifiers, numbered(number)?)),
        },
        b'^' => Some(with(4, numbered(field(0, 0)?)?)),
        b'@' => Some(with(5, numbered(field(0, 0)?)?)),
        b'u' => character(field(0, 0)?, field(0, 1), modifiers),
        b'a'..=b'd' => arrow(end.to_ascii_uppercase()).map(Key::plain),
        b'Z' => Some(with(modifiers & !1, Code::BackTab)),
        // CSI row ; column R tells where the cursor stands
        b'P'..=b'S' if field(0, 0).unwrap_or(1) == 1 => Some(with(modifiers, Code::F(end - b'P' + 1))),
        _ => arrow(end).map(|code| with(modifiers, code)),
    }
}

fn arrow(end: u8) -> Option<Code> {
    Some(match end {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        _ => return None,
    })
}

/// `ESC [ number ~`
fn numbered(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => function(number - 10)?,
        17..=21 => function(number - 11)?,
        23..=26 => function(number - 12)?,
        28 | 29 => function(number - 13)?,
        31..=34 => function(number - 14)?,
        _ => return None,
    })
}

fn function(number: u32) -> Option<Code> {
    u8::try_from(number).ok().map(Code::F)
}

/// A key told by its character's code, and by the one that shift makes of it if that is told.
fn character(code: u32, shifted: Option<u32>, modifiers: u32) -> Option<Key> {
    let shift = modifiers & 1 != 0;
    let code = match code {
        9 if shift => Code::BackTab,
        9 => Code::Tab,
        13 | 57414 => Code::Enter,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        57399..=57408 => Code::Char(char::from_digit(code - 57399, 10)?),
        57417 => Code::Left,
        57418 => Code::Right,
        57419 => Code::Up,
        57420 => Code::Down,
        57421 => Code::PageUp,
        57422 => Code::PageDown,
        57423 => Code::Home,
        57424 => Code::End,
        57426 => Code::Delete,
        // the rest of the private range is lock, media and modifier keys
        57344..=63743 => return None,
        _ => {
            let c = char::from_u32(code).filter(|c| !c.is_control())?;
            let upper = || c.to_uppercase().next().unwrap_or(c);
            Code::Char(if shift { shifted.and_then(char::from_u32).unwrap_or_else(upper) } else { c })
        }
    };
    Some(with(modifiers, code))
}

/// Modifiers as xterm counts them: 1 shift, 2 alt, 4 ctrl, 8 meta.
fn with(modifiers: u32, code: Code) -> Key {
    Key { code, ctrl: modifiers & 0b100 != 0, alt: modifiers & 0b1010 != 0 }
}
