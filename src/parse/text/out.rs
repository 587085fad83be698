//! Where parsers put what they find.

use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::record::Split;

/// The sink, with the origin of the line at hand.
pub(crate) struct Out<'s> {
    sink: &'s mut dyn Sink,
    origin: Origin,
    drew: bool,
}

impl<'s> Out<'s> {
    /// For records of the line at `origin`.
    pub(crate) fn new(sink: &'s mut dyn Sink, origin: Origin) -> Self {
        Self { sink, origin, drew: false }
    }

    /// The sink itself, for readers that bring their own origin.
    pub(crate) fn sink(&mut self) -> &mut dyn Sink {
        self.sink
    }

    /// Where the line at hand stands.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// Hands on one record.
    pub(crate) fn put(&mut self, record: &Record<'_>) {
        self.sink.record(record, &self.origin);
    }

    /// The line at hand is a bar.
    pub(crate) fn drew(&mut self) {
        self.drew = true;
    }

    /// Whether the line at hand is a bar.
    pub(crate) fn is_drawn(&self) -> bool {
        self.drew
    }

    /// Figures of a place in training.
    pub(crate) fn row(&mut self, at: At, split: Option<Split>, kind: RowKind, values: Pairs<'_>) {
        self.put(&Record::Row(Row { at, split, kind, values }));
    }

    /// An epoch began or ended.
    pub(crate) fn epoch(&mut self, at: At, done: bool) {
        self.put(&Record::Epoch { at, done });
    }

    /// A total was announced.
    pub(crate) fn total(&mut self, of: Count, value: f64) {
        self.put(&Record::Total { of, value });
    }

    /// The run says how it ended.
    pub(crate) fn ending(&mut self, how: Ending) {
        self.put(&Record::Ending(how));
    }

    /// Whose log this is.
    pub(crate) fn framework(&mut self, name: &'static str) {
        self.put(&Record::Framework(name));
    }
}
