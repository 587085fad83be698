//! Frames: length, its checksum, data, its checksum.

use crate::parse::held::Held;

/// Bytes before the data: the length and its checksum.
const HEAD: usize = 12;
/// Bytes behind them: their checksum.
const TAIL: usize = 4;
/// Frames with more data are images, sounds and the like: they are passed over without being held.
const LARGEST: usize = 1 << 20;

/// Cuts a stream of bytes into frames.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// The beginning of a frame that is not whole yet.
    held: Held,
    /// Bytes to pass over.
    skip: u64,
    /// Bytes of the file before what is held.
    offset: u64,
    /// A length was no length: nothing behind it can be told apart.
    broken: bool,
}

/// The masked checksum of `data`, as a frame holds it.
fn sum(data: &[u8]) -> u32 {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

fn word(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

/// The length of the data of the frame that `bytes` begin with; `None` when that is none, or not all of its head is there.
pub(super) fn length(bytes: &[u8]) -> Option<u64> {
    let length = bytes.first_chunk::<8>()?;
    (word(bytes.get(8..)?)? == sum(length)).then_some(u64::from_le_bytes(*length))
}

impl Frames {
    /// Takes the next bytes in and hands out the data of each frame that ends in them, with where the frame begins. Data whose
    /// checksum is wrong are passed over.
    pub(super) fn push(&mut self, bytes: &[u8], each: &mut impl FnMut(&[u8], u64)) {
        let mut held = std::mem::take(&mut self.held);
        held.push(bytes, |bytes| self.take(bytes, each));
        self.held = held;
    }

    /// Takes whole frames. Returns what is left.
    fn take<'a>(&mut self, bytes: &'a [u8], each: &mut impl FnMut(&[u8], u64)) -> &'a [u8] {
        let mut rest = bytes;
        while !self.broken {
            if self.skip > 0 {
                let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(rest.len());
                self.skip -= skipped as u64;
                rest = self.behind(rest, skipped);
            }
            if rest.len() < HEAD {
                return rest;
            }
            let Some(length) = length(rest) else {
                self.broken = true;
                break;
            };
            let Some(size) = usize::try_from(length).ok().filter(|size| *size <= LARGEST) else {
                self.skip = length.saturating_add((HEAD + TAIL) as u64);
                continue;
            };
            let Some(data) = rest.get(HEAD..HEAD + size) else { return rest };
            let Some(tail) = rest.get(HEAD + size..).and_then(word) else { return rest };
            if tail == sum(data) {
                each(data, self.offset);
            }
            rest = self.behind(rest, HEAD + size + TAIL);
        }
        self.behind(rest, rest.len())
    }

    fn behind<'a>(&mut self, bytes: &'a [u8], count: usize) -> &'a [u8] {
        self.offset += count as u64;
        bytes.get(count..).unwrap_or_default()
    }

    /// Whether a length was no length, so that the rest of the file cannot be read.
    #[cfg(test)]
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }
}
