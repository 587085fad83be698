//! Bytes of a file to text: UTF-8 as it is, UTF-16 when a byte-order mark says so, U+FFFD for what is neither.

use std::str;

use simdutf8::compat::from_utf8;

/// What some bytes of the file decode to.
pub(super) enum Piece<'a> {
    /// As many bytes of text.
    Text(&'a str),
    /// A character that took so many bytes of the file.
    Char(char, u64),
    /// So many bytes that are no text (a byte-order mark).
    Skip(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Encoding {
    /// The first bytes are still to come.
    #[default]
    Undecided,
    Utf8,
    Utf16Little,
    Utf16Big,
}

/// A decoder for one file.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// Bytes that wait for the rest of their character.
    held: [u8; 4],
    held_len: usize,
    /// The first half of a UTF-16 surrogate pair.
    high: Option<u16>,
}

const BOM_UTF8: &[u8] = &[0xEF, 0xBB, 0xBF];
const BOM_LITTLE: &[u8] = &[0xFF, 0xFE];
const BOM_BIG: &[u8] = &[0xFE, 0xFF];

/// How many bytes at the end of `bytes` begin a character that goes on behind them.
fn torn(bytes: &[u8]) -> usize {
    for (before, byte) in bytes.iter().rev().take(3).enumerate() {
        let len = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0.. => 4,
            _ => return 0,
        };
        return if len > before + 1 { before + 1 } else { 0 };
    }
    0
}

impl Decoder {
    /// A decoder for UTF-8 that looks for no byte-order mark.
    pub(super) fn utf8() -> Self {
        Self { encoding: Encoding::Utf8, ..Self::default() }
    }

    /// Whether the next byte is UTF-8 and begins a character.
    #[inline]
    pub(super) fn is_between(&self) -> bool {
        self.encoding == Encoding::Utf8 && self.held_len == 0
    }

    /// Decodes `bytes`; the pieces cover each byte of the file once, in order.
    pub(super) fn decode(&mut self, bytes: &[u8], out: &mut impl FnMut(Piece<'_>)) {
        let mut rest = bytes;
        while self.encoding == Encoding::Undecided {
            let Some((byte, behind)) = rest.split_first() else { return };
            rest = behind;
            self.first_byte(*byte, out);
        }
        match self.encoding {
            Encoding::Utf16Little | Encoding::Utf16Big => rest.iter().for_each(|byte| self.utf16(*byte, out)),
            Encoding::Utf8 | Encoding::Undecided => self.utf8_chunk(rest, out),
        }
    }

    fn held(&self) -> &[u8] {
        self.held.get(..self.held_len).unwrap_or_default()
    }

    fn hold(&mut self, byte: u8) {
        if let Some(slot) = self.held.get_mut(self.held_len) {
            *slot = byte;
            self.held_len += 1;
        }
    }

    /// One of the first bytes of the file: they are held as long as they may be a byte-order mark.
    fn first_byte(&mut self, byte: u8, out: &mut impl FnMut(Piece<'_>)) {
        self.hold(byte);
        let head = self.held();
        let encoding = match head {
            _ if head == BOM_UTF8 => Encoding::Utf8,
            _ if head == BOM_LITTLE => Encoding::Utf16Little,
            _ if head == BOM_BIG => Encoding::Utf16Big,
            _ if [BOM_UTF8, BOM_LITTLE, BOM_BIG].iter().any(|bom| bom.starts_with(head)) => return,
            _ => {
                // no mark: these bytes are text
                self.encoding = Encoding::Utf8;
                let (bytes, len) = (self.held, self.held_len);
                self.held_len = 0;
                self.utf8_chunk(bytes.get(..len).unwrap_or_default(), out);
                return;
            }
        };
        out(Piece::Skip(head.len() as u64));
        self.held_len = 0;
        self.encoding = encoding;
    }

    fn utf8_chunk(&mut self, bytes: &[u8], out: &mut impl FnMut(Piece<'_>)) {
        let rest = self.behind_held(bytes, out);
        // a character that the chunk cuts is looked at by itself, so that what stands before it is checked once
        let (whole, torn) = rest.split_at_checked(rest.len() - torn(rest)).unwrap_or((rest, &[]));
        self.utf8_run(whole, out);
        // bytes that are no UTF-8 may have left the beginning of a character right before it
        let torn = self.behind_held(torn, out);
        self.utf8_run(torn, out);
    }

    /// Completes the character that is held, if there is one. Returns the bytes behind it.
    fn behind_held<'b>(&mut self, bytes: &'b [u8], out: &mut impl FnMut(Piece<'_>)) -> &'b [u8] {
        let mut rest = bytes;
        while self.held_len > 0 {
            let Some((byte, behind)) = rest.split_first() else { break };
            if self.continues(*byte, out) {
                rest = behind;
            }
        }
        rest
    }

    fn utf8_run(&mut self, bytes: &[u8], out: &mut impl FnMut(Piece<'_>)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let error = match from_utf8(rest) {
                Ok(text) => return out(Piece::Text(text)),
                Err(error) => error,
            };
            let (valid, bad) = rest.split_at_checked(error.valid_up_to()).unwrap_or((&[], rest));
            if let Ok(text) = from_utf8(valid)
                && !text.is_empty()
            {
                out(Piece::Text(text));
            }
            let Some(len) = error.error_len() else {
                for byte in bad {
                    self.hold(*byte);
                }
                return;
            };
            out(Piece::Char(char::REPLACEMENT_CHARACTER, len as u64));
            rest = bad.get(len..).unwrap_or_default();
        }
    }

    /// Tries whether `byte` goes on with the held bytes. `false`: it does not, the held ones are done, and it is to be read anew.
    fn continues(&mut self, byte: u8, out: &mut impl FnMut(Piece<'_>)) -> bool {
        let before = self.held_len;
        self.hold(byte);
        match str::from_utf8(self.held()) {
            Ok(text) => out(Piece::Text(text)),
            Err(error) if error.error_len().is_none() => return true,
            Err(_) => {
                self.held_len = 0;
                out(Piece::Char(char::REPLACEMENT_CHARACTER, before as u64));
                return false;
            }
        }
        self.held_len = 0;
        true
    }

    fn utf16(&mut self, byte: u8, out: &mut impl FnMut(Piece<'_>)) {
        self.hold(byte);
        let &[one, two] = self.held() else { return };
        self.held_len = 0;
        let unit = match self.encoding {
            Encoding::Utf16Big => u16::from_be_bytes([one, two]),
            _ => u16::from_le_bytes([one, two]),
        };
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => {
                let code = 0x1_0000 + ((u32::from(high) - 0xD800) << 10) + (u32::from(unit) - 0xDC00);
                out(Piece::Char(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 4));
            }
            (high, _) => {
                if high.is_some() {
                    out(Piece::Char(char::REPLACEMENT_CHARACTER, 2));
                }
                match unit {
                    0xD800..=0xDBFF => self.high = Some(unit),
                    _ => out(Piece::Char(
                        char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER),
                        2,
                    )),
                }
            }
        }
    }
}
