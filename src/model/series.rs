//! A metric's history: every point that was logged, exactly, in few bytes.
//!
//! The newest points lie open, for a bar that is redrawn says the last one anew. What is behind them is packed by the chunk
//! ([`packed`]), with a [`Summary`] of each chunk and of each block of chunks: a chart of any width over any part of a history
//! looks only at the points on the edges of its columns, and shows the true lowest and highest figure in each.

mod chunk;
mod packed;
mod reading;
mod smooth;
mod stretches;
mod summary;

use std::sync::Arc;

use self::chunk::{Block, Chunk, Room};
pub use self::reading::Reading;
pub use self::smooth::Smooth;
pub use self::stretches::{Column, Stretch, View};
pub use self::summary::{Ends, Summary};

/// Points that are packed together.
const CHUNK: usize = 128;
/// Chunks that are shared together.
const BLOCK: usize = 64;

/// What was logged at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Where, as the metric's axis counts.
    pub x: f64,
    /// The figure.
    pub y: f64,
    /// When, in milliseconds (see [`crate::model::stamp::Stamp::millis`]); NaN when nothing tells.
    pub time: f64,
}

/// What a history can be laid out over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Over {
    /// What the metric's axis counts.
    #[default]
    X,
    /// When it was logged. Points of which nothing tells are left out.
    Time,
    /// The first point, the second one and so on, from 0.
    Order,
}

/// One metric over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    blocks: Vec<Arc<Block>>,
    /// Of the block under way: fewer than [`BLOCK`].
    chunks: Vec<Arc<Chunk>>,
    /// The newest: [`CHUNK`] at most.
    open: Vec<Point>,
}

impl Series {
    /// Takes a point in of which nothing tells when it was logged. See [`Series::take`].
    #[inline]
    pub fn push(&mut self, x: f64, y: f64) -> bool {
        self.take(Point { x, y, time: f64::NAN })
    }

    /// Takes a point in. The same x again replaces what was said of it (a bar that is redrawn with new figures).
    /// Returns whether it was a new point. An x below the last one begins a second pass: it is kept in order of arrival.
    #[inline]
    pub fn take(&mut self, point: Point) -> bool {
        if let Some(last) = self.open.last_mut()
            && last.x.to_bits() == point.x.to_bits()
        {
            *last = point;
            return false;
        }
        if self.open.len() >= CHUNK {
            self.seal();
        }
        self.open.push(point);
        true
    }

    #[cold]
    fn seal(&mut self) {
        self.chunks.extend(Chunk::of(&self.open).map(Arc::new));
        self.open.clear();
        if self.chunks.len() >= BLOCK {
            self.blocks.extend(Block::of(std::mem::take(&mut self.chunks)).map(Arc::new));
        }
    }

    /// Gives each point another place; the order must stay.
    pub fn place_anew(&mut self, mut place: impl FnMut(f64) -> f64) {
        let mut placed = Self::default();
        self.each(|point| {
            placed.take(Point { x: place(point.x), ..point });
        });
        *self = placed;
    }

    /// Gives each point its number for its place, from 0.
    pub fn number(&mut self) {
        let mut next = 0.0;
        self.place_anew(|_| {
            let number = next;
            next += 1.0;
            number
        });
    }

    /// All packed chunks, in order.
    fn sealed(&self) -> impl DoubleEndedIterator<Item = &Chunk> {
        self.blocks.iter().flat_map(|block| block.chunks.iter()).chain(&self.chunks).map(|chunk| &**chunk)
    }

    /// Shows each point, in order of arrival.
    pub fn each(&self, mut show: impl FnMut(Point)) {
        let mut room = Room::default();
        for chunk in self.sealed() {
            chunk.points(&mut room).for_each(&mut show);
        }
        self.open.iter().copied().for_each(show);
    }

    /// How many points it has.
    pub fn len(&self) -> usize {
        (self.blocks.len() * BLOCK + self.chunks.len()) * CHUNK + self.open.len()
    }

    /// Whether nothing was logged.
    pub const fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether there is enough to draw a line.
    pub fn is_curve(&self) -> bool {
        self.len() > 1
    }

    /// x of the last point; `None` when there is none.
    pub fn last_x(&self) -> Option<f64> {
        self.open.last().map(|point| point.x)
    }

    /// All of it in short; `None` when there is nothing.
    pub fn summary(&self) -> Option<Summary> {
        let blocks = self.blocks.iter().map(|block| &block.summary);
        let sealed = Summary::all(blocks.chain(self.chunks.iter().map(|chunk| &chunk.summary)));
        match (sealed, Summary::of_all(&self.open)) {
            (Some(mut sealed), Some(open)) => {
                sealed.join(&open);
                Some(sealed)
            }
            (sealed, open) => sealed.or(open),
        }
    }

    /// Bytes held on the heap, shared ones among them.
    pub fn heap_bytes(&self) -> usize {
        let lists = self.blocks.capacity() * size_of::<Arc<Block>>()
            + self.chunks.capacity() * size_of::<Arc<Chunk>>()
            + self.open.capacity() * size_of::<Point>();
        let blocks: usize = self.blocks.iter().map(|block| block.bytes()).sum();
        lists + blocks + self.chunks.iter().map(|chunk| chunk.bytes()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests;
