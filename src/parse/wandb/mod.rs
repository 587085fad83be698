//! The file that W&B keeps of a run (`run-ID.wandb`): what was logged, in full, with the settings and how it ended.
//!
//! Sources: `wandb_internal.proto` of wandb for the records; [`blocks`] for how they lie in the file. What was printed
//! (`output_raw`), the machine's figures and artifacts are passed over: the run's own log has the first, the others are no
//! figures of training.

mod blocks;
mod records;

#[cfg(test)]
mod tests;

use crate::model::record::Origin;
use crate::model::record::Sink;
use crate::model::run::SourceKind;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;

use blocks::Blocks;
use records::Records;

/// The format.
pub const SPEC: Spec =
    Spec { kind: SourceKind::Wandb, reading: Reading::Framed, sniff, new: || Box::<File>::default() };

fn sniff(head: &Head<'_>) -> u8 {
    if head.bytes.starts_with(&blocks::HEAD) { 100 } else { 0 }
}

/// A file that is being read.
#[derive(Debug, Default)]
struct File {
    blocks: Blocks,
    records: Records,
}

impl Format for File {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let Self { blocks, records } = self;
        blocks.push(bytes, &mut |data, offset| {
            // there are no lines to point at
            let origin = Origin { line: 0, offset, time: None };
            let time = records.read(data, &origin, sink);
            sink.line(None, false, &Origin { time, ..origin });
        });
    }

    // a record is whole or waits for its rest; of what is summed up, the last word may be this
    fn rest(&mut self, sink: &mut dyn Sink) {
        self.records.sum_up(&Origin::default(), sink);
    }
}

/// Reads the data of one record.
pub(super) fn record(data: &[u8], sink: &mut dyn Sink) {
    let mut records = Records::default();
    records.read(data, &Origin::default(), sink);
    records.sum_up(&Origin::default(), sink);
}
