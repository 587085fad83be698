//! From the bytes of a terminal to keys.
//!
//! Bytes may be cut anywhere. Whatever a terminal sends that is no key (answers to questions, mouse reports, sequences of other
//! makes) is taken whole and dropped, so that no part of it is ever mistaken for something typed. Understood are xterm and its
//! relatives, the Linux console, rxvt, and the `CSI u` forms that another program may have left switched on.

use std::time::Duration;

use super::Input;
use super::keys;
use crate::app::key::Code;
use crate::app::key::Key;

/// An escape by itself is the Escape key; within a sequence the rest comes with it, or as soon as the link allows.
const AFTER_ESCAPE: Duration = Duration::from_millis(30);
/// The rest of a sequence that has begun is worth waiting for longer.
const WITHIN_SEQUENCE: Duration = Duration::from_millis(250);
/// Silence within a paste: its end was lost.
const WITHIN_PASTE: Duration = Duration::from_secs(1);
/// A longer sequence is none of ours.
const LONGEST_SEQUENCE: usize = 64;
/// Bytes of a paste that are kept: it goes into a line for a filter.
const LONGEST_PASTE: usize = 16 * 1024;
/// Ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// Where in a sequence it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum At {
    #[default]
    Ground,
    /// Within a character of more than one byte, of which so many are to come.
    Character {
        left: u8,
    },
    Escape,
    /// `ESC [`
    Control,
    /// `ESC [ [` of the Linux console.
    Console,
    /// `ESC O`
    Single,
    /// An answer that ends with BEL or `ESC \`; whether the last byte was an escape.
    Answer {
        escape: bool,
    },
    /// Bytes of an old mouse report that are to come.
    Mouse {
        left: u8,
    },
    Paste,
}

/// Takes bytes in and gives keys out.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    at: At,
    /// Bytes of the sequence so far, without what introduces it.
    held: Vec<u8>,
}

impl Decoder {
    /// Takes bytes in.
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        for byte in bytes {
            self.byte(*byte, out);
        }
    }

    /// How long to wait for more before [`Decoder::rest`] is called; `None` when nothing is pending.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.at {
            At::Ground => None,
            At::Escape => Some(AFTER_ESCAPE),
            At::Paste => Some(WITHIN_PASTE),
            _ => Some(WITHIN_SEQUENCE),
        }
    }

    /// Nothing more came: what is pending is taken as it stands.
    pub(super) fn rest(&mut self, out: &mut Vec<Input>) {
        match std::mem::take(&mut self.at) {
            At::Escape => key(Key::plain(Code::Esc), out),
            // these begin like Alt with a character, which is what they are if nothing follows
            At::Control if self.held.is_empty() => key(alt('['), out),
            At::Single => key(alt('O'), out),
            At::Answer { escape: false } => {
                if let [introducer] = self.held.as_slice() {
                    key(alt(char::from(*introducer)), out);
                }
            }
            At::Paste => self.paste(out),
            _ => {}
        }
        self.held.clear();
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Input>) {
        match self.at {
            At::Ground => self.ground(byte, false, out),
            At::Character { left } => self.character(byte, left, out),
            At::Escape => self.escape(byte, out),
            At::Control => self.control(byte, out),
            At::Console => {
                self.begin(At::Ground);
                send(keys::console(byte), out);
            }
            At::Single => {
                self.begin(At::Ground);
                match byte {
                    0x1b => self.at = At::Escape,
                    _ => send(keys::single(byte), out),
                }
            }
            At::Answer { escape } => self.answer(byte, escape),
            At::Mouse { left } => self.at = if left > 1 { At::Mouse { left: left - 1 } } else { At::Ground },
            At::Paste => {
                self.held.push(byte);
                if self.held.ends_with(PASTE_END) {
                    self.held.truncate(self.held.len() - PASTE_END.len());
                    self.paste(out);
                    self.begin(At::Ground);
                } else if self.held.len() >= LONGEST_PASTE + 2 * PASTE_END.len() {
                    // the end of what is kept makes room, so that the end of the paste is still seen
                    self.held.drain(LONGEST_PASTE..LONGEST_PASTE + PASTE_END.len());
                }
            }
        }
    }

    fn begin(&mut self, at: At) {
        self.at = at;
        self.held.clear();
    }

    fn ground(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        self.begin(At::Ground);
        match byte {
            0x1b => self.at = At::Escape,
            0..=0x7f => key(Key { alt, ..keys::byte(byte) }, out),
            _ => {
                let left = match byte {
                    0xc2..=0xdf => 1,
                    0xe0..=0xef => 2,
                    0xf0..=0xf4 => 3,
                    // no character begins so
                    _ => return,
                };
                // that Alt came before it is kept in front of its bytes
                self.held.extend([if alt { 0x1b } else { 0 }, byte]);
                self.at = At::Character { left };
            }
        }
    }

    fn character(&mut self, byte: u8, left: u8, out: &mut Vec<Input>) {
        if byte & 0xc0 != 0x80 {
            // cut off: what follows is not lost
            return self.ground(byte, false, out);
        }
        self.held.push(byte);
        if left > 1 {
            self.at = At::Character { left: left - 1 };
            return;
        }
        if let Some((mark, bytes)) = self.held.split_first()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            for c in text.chars().filter(|c| !c.is_control()) {
                key(Key { alt: *mark == 0x1b, ..Key::char(c) }, out);
            }
        }
        self.begin(At::Ground);
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            b'[' => self.begin(At::Control),
            b'O' => self.begin(At::Single),
            b']' | b'P' | b'X' | b'^' | b'_' => {
                self.begin(At::Answer { escape: false });
                self.held.push(byte);
            }
            0x1b => key(Key::plain(Code::Esc), out),
            // Alt with Ctrl means nothing to anybody here; an Escape with the next key close behind it, as a slow link
            // brings them, means both: Ctrl+C must end the program then too
            0..=0x1f => {
                key(Key::plain(Code::Esc), out);
                self.ground(byte, false, out);
            }
            _ => self.ground(byte, true, out),
        }
    }

    fn control(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            b'[' if self.held.is_empty() => self.begin(At::Console),
            b'M' if self.held.is_empty() => self.begin(At::Mouse { left: 3 }),
            0x1b => self.begin(At::Escape),
            // rxvt ends a shifted key with a byte that is no end for others
            b'$' if self.held.first().is_some_and(u8::is_ascii_digit) => self.finish(b'~', out),
            0x20..=0x3f => {
                if self.held.len() < LONGEST_SEQUENCE {
                    self.held.push(byte);
                }
            }
            0x40..=0x7e => self.finish(byte, out),
            // a control character within a sequence: it was none
            _ => self.ground(byte, false, out),
        }
    }

    fn finish(&mut self, end: u8, out: &mut Vec<Input>) {
        if end == b'~' && self.held == b"200" {
            return self.begin(At::Paste);
        }
        match (end, self.held.as_slice()) {
            (b'I', []) => out.push(Input::Focus(true)),
            (b'O', []) => out.push(Input::Focus(false)),
            (end, params) if params.len() < LONGEST_SEQUENCE => send(keys::control(params, end), out),
            _ => {}
        }
        self.begin(At::Ground);
    }

    fn answer(&mut self, byte: u8, escape: bool) {
        match byte {
            0x07 => self.begin(At::Ground),
            b'\\' if escape => self.begin(At::Ground),
            _ => {
                if self.held.len() < 2 {
                    self.held.push(byte);
                }
                self.at = At::Answer { escape: byte == 0x1b };
            }
        }
    }

    fn paste(&mut self, out: &mut Vec<Input>) {
        self.held.truncate(LONGEST_PASTE);
        let text = String::from_utf8_lossy(&self.held).replace("\r\n", "\n").replace('\r', "\n");
        out.push(Input::Paste(
            text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect(),
        ));
    }
}

fn alt(c: char) -> Key {
    Key { alt: true, ..Key::char(c) }
}

fn key(key: Key, out: &mut Vec<Input>) {
    out.push(Input::Key(key));
}

fn send(found: Option<Key>, out: &mut Vec<Input>) {
    out.extend(found.map(Input::Key));
}

#[cfg(test)]
mod tests;
