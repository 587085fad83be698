//! The event files of `TensorBoard`: scalars as `PyTorch`, `tensorboardX` and `TensorFlow` 1 write them (a number) and as
//! `TensorFlow` 2 does (a tensor of one element).
//!
//! Sources: `tensorflow/core/lib/io/record_writer.h` for the frames, `event.proto`, `summary.proto` and `tensor.proto` for what is
//! in them. Images, histograms and texts are passed over.

mod event;
mod frames;

use super::format::{Format, Head, Reading, Spec};
use crate::model::record::{At, Origin, Pairs, Record, Row, RowKind, Sink};
use crate::model::run::SourceKind;

use self::event::Stand;
use self::frames::Frames;

/// The format.
pub const SPEC: Spec =
    Spec { kind: SourceKind::EventFile, reading: Reading::Framed, sniff, new: || Box::<Events>::default() };

/// An event file that is being read.
#[derive(Debug, Default)]
struct Events {
    frames: Frames,
    /// Events so far.
    count: u64,
}

/// Whether the first frame is one: its length has the right sum.
fn sniff(head: &Head<'_>) -> u8 {
    if frames::length(head.bytes).is_some() { 100 } else { 0 }
}

impl Format for Events {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let Self { frames, count } = self;
        frames.push(bytes, &mut |data, offset| {
            *count += 1;
            event(data, &Origin { line: *count, offset, time: None }, sink);
        });
    }

    // a frame is whole or waits for its rest
    fn rest(&mut self, _sink: &mut dyn Sink) {}
}

/// Reads the data of one frame.
pub(super) fn event(data: &[u8], origin: &Origin, sink: &mut dyn Sink) {
    // filled in place: a row with its figures is too large to be copied about
    let mut record =
        Record::Row(Row { at: At::default(), split: None, kind: RowKind::Plain, values: Pairs::new() });
    let Record::Row(row) = &mut record else { return };
    let Some(Stand { time, step, tensors }) = event::scalars(data, &mut row.values) else { return };
    let origin = Origin { time, ..*origin };
    if !row.values.is_empty() {
        // Keras' callback counts epochs, from 0, where it sums up over them
        if tensors && row.values.iter().any(|pair| pair.name.starts_with("epoch_")) {
            (row.at.epoch, row.at.epoch_base) = (Some(step), Some(0));
        } else {
            row.at.step = Some(step);
        }
        sink.record(&record, &origin);
    }
    sink.line(None, false, &origin);
}

#[cfg(test)]
mod tests;
