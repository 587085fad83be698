//! Blocks of 32 KiB that records are cut into: those of `LevelDB`'s log, with another checksum and a head of their own.
//!
//! Source: <https://github.com/google/leveldb/blob/main/doc/log_format.md>, and `datastore.py` of wandb, whose checksum is
//! zlib's CRC-32 of the type and the data. A chunk never reaches beyond its block, so what is broken costs a block at most.

use crc32fast::Hasher;

use crate::parse::held::Held;

/// What every file begins with: a name, a magic number and a version.
pub(super) const HEAD: [u8; 7] = *b":W&B\xe1\xbe\x00";

/// Bytes of a block. The file's head is a part of the first.
pub(super) const BLOCK: usize = 32 << 10;
/// Before the data of a chunk: checksum, length, type.
pub(super) const CHUNK: usize = 7;

/// Larger records are no figures: they are passed over without being held.
const LARGEST: usize = 4 << 20;

// of a chunk
pub(super) const FULL: u8 = 1;
pub(super) const FIRST: u8 = 2;
pub(super) const MIDDLE: u8 = 3;
pub(super) const LAST: u8 = 4;

/// Puts records together from a stream of bytes.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// The beginning of a chunk that is not whole yet: a block at most.
    held: Held,
    /// Bytes of the file before what is held.
    offset: u64,
    /// Bytes to pass over.
    skip: usize,
    /// The record under way, and where it begins.
    record: Vec<u8>,
    begun: Option<u64>,
    /// The file has another head.
    foreign: bool,
}

/// The head of a chunk.
struct Chunk {
    sum: u32,
    length: usize,
    kind: u8,
}

impl Chunk {
    fn of(bytes: &[u8]) -> Option<Self> {
        let [a, b, c, d, low, high, kind] = *bytes.first_chunk::<CHUNK>()?;
        let length = usize::from(u16::from_le_bytes([low, high]));
        Some(Self { sum: u32::from_le_bytes([a, b, c, d]), length, kind })
    }
}

/// The checksum of a chunk.
pub(super) fn sum(kind: u8, data: &[u8]) -> u32 {
    let mut hasher = Hasher::new();
    hasher.update(&[kind]);
    hasher.update(data);
    hasher.finalize()
}

impl Blocks {
    /// Takes the next bytes in and hands out each record that ends in them, with where it begins.
    pub(super) fn push(&mut self, bytes: &[u8], each: &mut impl FnMut(&[u8], u64)) {
        let mut held = std::mem::take(&mut self.held);
        held.push(bytes, |bytes| self.take(bytes, each));
        self.held = held;
    }

    /// Takes whole chunks. Returns what is left.
    fn take<'a>(&mut self, bytes: &'a [u8], each: &mut impl FnMut(&[u8], u64)) -> &'a [u8] {
        let mut rest = bytes;
        loop {
            if self.foreign {
                return self.behind(rest, rest.len());
            }
            if self.skip > 0 {
                let skipped = self.skip.min(rest.len());
                self.skip -= skipped;
                rest = self.behind(rest, skipped);
            }
            if self.offset == 0 {
                let Some(head) = rest.first_chunk() else { return rest };
                self.foreign = *head != HEAD;
                rest = self.behind(rest, HEAD.len());
                continue;
            }
            let left = self.left();
            if left < CHUNK {
                if rest.is_empty() {
                    return rest;
                }
                // no chunk begins there
                self.skip = left;
                continue;
            }
            let Some(chunk) = Chunk::of(rest) else { return rest };
            if chunk.kind == 0 || chunk.length > left - CHUNK {
                // filled up, or nothing that was written as a chunk
                self.give_up();
                continue;
            }
            let Some(data) = rest.get(CHUNK..CHUNK + chunk.length) else { return rest };
            if chunk.sum != sum(chunk.kind, data) {
                self.give_up();
                continue;
            }
            self.chunk(chunk.kind, data, each);
            rest = self.behind(rest, CHUNK + chunk.length);
        }
    }

    /// Bytes to the end of the block.
    fn left(&self) -> usize {
        BLOCK - usize::try_from(self.offset % BLOCK as u64).unwrap_or(0)
    }

    /// The rest of the block is not read, nor the record that was under way.
    fn give_up(&mut self) {
        self.begun = None;
        self.skip = self.left();
    }

    fn chunk(&mut self, kind: u8, data: &[u8], each: &mut impl FnMut(&[u8], u64)) {
        match kind {
            FULL => {
                self.begun = None;
                each(data, self.offset);
            }
            FIRST => {
                self.begun = Some(self.offset);
                self.record.clear();
                self.record.extend_from_slice(data);
            }
            MIDDLE | LAST => {
                let Some(begun) = self.begun else { return };
                if self.record.len() + data.len() > LARGEST {
                    self.begun = None;
                    self.record = Vec::new();
                    return;
                }
                self.record.extend_from_slice(data);
                if kind == LAST {
                    self.begun = None;
                    each(&self.record, begun);
                }
            }
            _ => {}
        }
    }

    fn behind<'a>(&mut self, bytes: &'a [u8], count: usize) -> &'a [u8] {
        self.offset += count as u64;
        bytes.get(count..).unwrap_or_default()
    }
}
