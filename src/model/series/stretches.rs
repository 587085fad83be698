//! A history laid out over the columns of a chart: what falls into each of them, with nothing lost.

use std::sync::Arc;

use super::Over;
use super::Point;
use super::Series;
use super::chunk::{Chunk, Room};
use super::summary::{Ends, Summary};

/// A part of a history, cut into columns of the same width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// What it is laid out over.
    pub over: Over,
    /// Where the first column begins.
    pub from: f64,
    /// Where the last column ends; what stands right there belongs to it.
    pub to: f64,
    /// How many columns there are.
    pub columns: u16,
}

/// Where a stretch lies in a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Before the first column: the last point there, for a line that comes from it.
    Before,
    /// In this one.
    At(u16),
    /// Behind the last column: the first point there, for a line that goes to it.
    Behind,
}

/// Points that follow each other and fall into one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Which one.
    pub column: Column,
    /// Whether no line leads here from the stretch before: the run went back, for a second pass over the same places.
    pub anew: bool,
    /// What falls there.
    pub summary: Summary,
}

impl View {
    /// The column of `place`.
    pub fn column(&self, place: f64) -> Column {
        if place < self.from {
            return Column::Before;
        }
        if place > self.to {
            return Column::Behind;
        }
        let span = self.to - self.from;
        // in this order a whole number of columns comes out whole
        let exact = if span > 0.0 { (place - self.from) * f64::from(self.columns) / span } else { 0.0 };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "float to int casts saturate"
        )]
        let column = exact as u16;
        Column::At(column.min(self.columns.saturating_sub(1)))
    }
}

/// The walk over a history.
pub(super) struct Walk<'v, F> {
    view: &'v View,
    show: F,
    /// Not shown yet: more may fall into its column.
    open: Option<Stretch>,
    /// Where the last point was.
    last: f64,
    /// How many points were passed.
    passed: u64,
}

impl<'v, F: FnMut(&Stretch)> Walk<'v, F> {
    pub(super) const fn new(view: &'v View, show: F) -> Self {
        Self { view, show, open: None, last: f64::NEG_INFINITY, passed: 0 }
    }

    /// Shows what was not shown yet.
    pub(super) fn end(mut self) {
        if let Some(last) = self.open {
            (self.show)(&last);
        }
    }

    /// Takes points in that were not looked at one by one. Returns `false` when that must be done, for they fall apart.
    fn all(&mut self, summary: &Summary) -> bool {
        let ends = match self.view.over {
            Over::X => summary.x,
            Over::Time if summary.timed == 0 => {
                self.passed += summary.count;
                return true;
            }
            Over::Time if summary.timed < summary.count => return false,
            Over::Time => summary.time,
            Over::Order => {
                let (first, last) = (self.passed as f64, (self.passed + summary.count) as f64 - 1.0);
                Ends { first, last, least: first, most: last }
            }
        };
        let column = self.view.column(ends.least);
        if column != self.view.column(ends.most) {
            return false;
        }
        self.put(column, &ends, summary);
        self.passed += summary.count;
        true
    }

    #[inline]
    pub(super) fn point(&mut self, point: &Point) {
        let place = match self.view.over {
            Over::X => point.x,
            Over::Time => point.time,
            Over::Order => self.passed as f64,
        };
        self.passed += 1;
        if place.is_nan() {
            return;
        }
        let column = self.view.column(place);
        match &mut self.open {
            Some(open) if open.column == column && matches!(column, Column::At(_)) => {
                open.summary.add(point);
                self.last = place;
            }
            _ => self.put(column, &Ends::at(place), &Summary::of(point)),
        }
    }

    #[inline]
    fn put(&mut self, column: Column, ends: &Ends, summary: &Summary) {
        let anew = ends.first < self.last;
        self.last = ends.last;
        match &mut self.open {
            Some(open) if open.column == column => match column {
                Column::At(_) => open.summary.join(summary),
                Column::Before => open.summary = summary.end(),
                // the first one is there
                Column::Behind => {}
            },
            _ => {
                if let Some(done) = self.open.take() {
                    (self.show)(&done);
                }
                let summary = match column {
                    Column::At(_) => *summary,
                    Column::Before => summary.end(),
                    Column::Behind => summary.begin(),
                };
                self.open = Some(Stretch { column, anew, summary });
            }
        }
    }
}

impl Series {
    /// Shows what falls into each column of `view`, in order of arrival. A run that went over the same places again shows a
    /// column again.
    pub fn stretches(&self, view: &View, show: impl FnMut(&Stretch)) {
        let mut walk = Walk::new(view, show);
        let mut room = Room::default();
        let mut chunks = |walk: &mut Walk<'_, _>, chunks: &[Arc<Chunk>]| {
            for chunk in chunks {
                if !walk.all(&chunk.summary) {
                    chunk.points(&mut room).for_each(|point| walk.point(&point));
                }
            }
        };
        for block in &self.blocks {
            if !walk.all(&block.summary) {
                chunks(&mut walk, &block.chunks);
            }
        }
        chunks(&mut walk, &self.chunks);
        self.open.iter().for_each(|point| walk.point(point));
        walk.end();
    }
}
