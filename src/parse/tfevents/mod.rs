//! The event files of `TensorBoard`: scalars as `PyTorch`, `tensorboardX` and `TensorFlow` 1 write them (a number) and as
//! `TensorFlow` 2 does (a tensor of one element).
//!
//! Sources: `tensorflow/core/lib/io/record_writer.h` for the frames, `event.proto`, `summary.proto` and `tensor.proto` for what is
//! in them. Images, histograms and texts are passed over.

mod event;
mod frames;

use smallvec::SmallVec;

use super::format::{Format, Head, Reading, Spec};
use crate::model::record::{At, Origin, Pair, Record, Row, RowKind, Sink};
use crate::model::run::SourceKind;

use self::event::Scalars;
use self::frames::Frames;

/// The format.
pub const SPEC: Spec =
    Spec { kind: SourceKind::EventFile, reading: Reading::Framed, sniff, new: || Box::<Events>::default() };

/// Tags of what is no figure but a place, and of what stands for a figure that nobody logged.
const PLACES: [&str; 4] = ["epoch", "step", "global_step", "hp_metric"];

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
    let Some(Scalars { time, step, values, tensors }) = event::scalars(data) else { return };
    let origin = Origin { time, ..*origin };
    let values: SmallVec<[_; 4]> = values.into_iter().filter(|(tag, _)| !PLACES.contains(tag)).collect();
    if !values.is_empty() {
        // Keras' callback counts epochs, from 0, where it sums up over them
        let of_epochs = tensors && values.iter().any(|(tag, _)| tag.starts_with("epoch_"));
        let at = if of_epochs {
            At { epoch: Some(step), epoch_base: Some(0), ..At::default() }
        } else {
            At { step: Some(step), ..At::default() }
        };
        let values: SmallVec<_> = values.iter().map(|(name, value)| Pair { name, value: *value }).collect();
        sink.record(&Record::Row(Row { at, split: None, kind: RowKind::Plain, values }), &origin);
    }
    sink.line(None, false, &origin);
}

#[cfg(test)]
mod tests;
