//! Prints of what was read of a file, by which it is known again: its first bytes, and the last ones before the cursor.
//!
//! The first bytes alone would do for most: but logs of one program begin alike, sometimes for longer than anybody wants to
//! compare, and there the bytes just before the cursor tell a new log from the old one.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Bytes of the beginning that are compared.
pub(super) const HEAD: usize = 256;

/// Bytes before the cursor that are compared.
const TAIL: usize = 64;

/// What is remembered of the bytes that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prints {
    head: u64,
    head_len: usize,
    tail: [u8; TAIL],
    tail_len: usize,
}

impl Prints {
    /// Of nothing.
    pub(super) const fn new() -> Self {
        Self { head: FNV_BASIS, head_len: 0, tail: [0; TAIL], tail_len: 0 }
    }

    /// Takes in what was read at `offset`, which is where the last reading ended.
    pub(super) fn feed(&mut self, offset: u64, bytes: &[u8]) {
        if offset == self.head_len as u64 && self.head_len < HEAD {
            let (head, _) = bytes.split_at(bytes.len().min(HEAD - self.head_len));
            self.head = fnv(self.head, head);
            self.head_len += head.len();
        }
        let keep = TAIL.saturating_sub(bytes.len()).min(self.tail_len);
        let new = bytes.len().min(TAIL);
        let mut tail = [0; TAIL];
        let kept = self.tail.get(self.tail_len - keep..self.tail_len).unwrap_or_default();
        let fresh = bytes.get(bytes.len() - new..).unwrap_or_default();
        for (to, from) in tail.iter_mut().zip(kept.iter().chain(fresh)) {
            *to = *from;
        }
        self.tail = tail;
        self.tail_len = keep + new;
    }

    /// Whether `file`, of which `offset` bytes were read, still holds these bytes.
    pub(super) fn hold(&self, file: &File, offset: u64) -> io::Result<bool> {
        let mut head = [0; HEAD];
        let Some(head) = head.get_mut(..self.head_len) else { return Ok(false) };
        if !fill(file, head, 0)? || fnv(FNV_BASIS, head) != self.head {
            return Ok(false);
        }
        let mut tail = [0; TAIL];
        let Some(tail) = tail.get_mut(..self.tail_len) else { return Ok(false) };
        let Some(at) = offset.checked_sub(self.tail_len as u64) else { return Ok(false) };
        Ok(fill(file, tail, at)? && self.tail.get(..self.tail_len) == Some(&*tail))
    }
}

/// Reads all of `buffer`; `false` when the file is too short.
fn fill(file: &File, buffer: &mut [u8], at: u64) -> io::Result<bool> {
    match file.read_exact_at(buffer, at) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, which can be carried on: this tells accidents apart, nobody's malice.
fn fnv(state: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(state, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn prints_are_the_same_however_the_bytes_come() {
        let bytes: Vec<u8> = (0..=250).cycle().take(1000).collect();
        let mut whole = Prints::new();
        whole.feed(0, &bytes);
        for size in [1, 7, 63, 64, 65, 255, 256, 257, 999] {
            let mut parts = Prints::new();
            let mut at = 0;
            for chunk in bytes.chunks(size) {
                parts.feed(at, chunk);
                at += chunk.len() as u64;
            }
            assert_eq!(parts, whole, "{size}");
        }
    }

    #[test]
    fn a_change_at_either_end_is_seen_and_one_between_is_not() {
        let mut file = tempfile::tempfile().unwrap();
        let bytes: Vec<u8> = (0..=250).cycle().take(1000).collect();
        file.write_all(&bytes).unwrap();
        let mut prints = Prints::new();
        prints.feed(0, &bytes);
        for (at, held) in [(0_u16, false), (255, false), (256, true), (935, true), (936, false), (999, false)]
        {
            let (offset, at) = (u64::from(at), usize::from(at));
            assert!(prints.hold(&file, 1000).unwrap());
            file.write_all_at(b"\xff", offset).unwrap();
            assert_eq!(prints.hold(&file, 1000).unwrap(), held, "{at}");
            file.write_all_at(&bytes[at..=at], offset).unwrap();
        }
        file.set_len(999).unwrap();
        assert!(!prints.hold(&file, 1000).unwrap());
    }
}
