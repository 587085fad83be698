//! Points that nothing will change any more: packed, with what is known of them in front.

use std::sync::Arc;

use super::packed::Packed;
use super::summary::Summary;
use super::{CHUNK, Point};

/// Up to [`CHUNK`] points.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chunk {
    pub(super) summary: Summary,
    x: Packed,
    y: Packed,
    time: Packed,
}

/// Chunks that follow each other, so many that a long series is copied by a handful of them.
#[derive(Debug, PartialEq)]
pub(super) struct Block {
    pub(super) summary: Summary,
    pub(super) chunks: Box<[Arc<Chunk>]>,
}

/// Room to unpack a chunk into, kept from one to the next.
#[derive(Debug, Default)]
pub(super) struct Room {
    x: Vec<f64>,
    y: Vec<f64>,
    time: Vec<f64>,
}

impl Chunk {
    /// Packs up to [`CHUNK`] points; `None` when there are none.
    pub(super) fn of(points: &[Point]) -> Option<Self> {
        let points = points.get(..points.len().min(CHUNK)).unwrap_or_default();
        let summary = Summary::of_all(points)?;
        let (x, y, time) = (column(points, |p| p.x), column(points, |p| p.y), column(points, |p| p.time));
        Some(Self { summary, x, y, time })
    }

    /// Its points, in order.
    pub(super) fn points<'a>(&self, room: &'a mut Room) -> impl DoubleEndedIterator<Item = Point> + use<'a> {
        let count = usize::try_from(self.summary.count).unwrap_or(CHUNK).min(CHUNK);
        for (column, packed) in [(&mut room.x, &self.x), (&mut room.y, &self.y), (&mut room.time, &self.time)]
        {
            column.resize(count, 0.0);
            packed.read(column);
        }
        let Room { x, y, time } = room;
        x.iter().zip(y.iter()).zip(time.iter()).map(|((x, y), time)| Point { x: *x, y: *y, time: *time })
    }

    /// Bytes on the heap, its own among them, which lie behind a count of its owners.
    pub(super) fn bytes(&self) -> usize {
        let own = size_of::<Self>() + 2 * size_of::<usize>();
        own + self.x.heap_bytes() + self.y.heap_bytes() + self.time.heap_bytes()
    }
}

/// One figure of each point.
#[inline]
fn column(points: &[Point], figure: impl Fn(&Point) -> f64) -> Packed {
    let mut room = [0.0; CHUNK];
    let column = room.get_mut(..points.len()).unwrap_or_default();
    for (value, point) in column.iter_mut().zip(points) {
        *value = figure(point);
    }
    Packed::of(column)
}

impl Block {
    pub(super) fn of(chunks: Vec<Arc<Chunk>>) -> Option<Self> {
        let summary = Summary::all(chunks.iter().map(|chunk| &chunk.summary))?;
        Some(Self { summary, chunks: chunks.into() })
    }

    pub(super) fn bytes(&self) -> usize {
        let own = size_of::<Self>() + 2 * size_of::<usize>() + size_of_val(&*self.chunks);
        own + self.chunks.iter().map(|chunk| chunk.bytes()).sum::<usize>()
    }
}
