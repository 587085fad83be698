//! What is understood of a log that a test makes up.

use trainmon::model::facts::Facts;
use trainmon::parse::format::Format;
use trainmon::parse::text::TextLog;
use trainmon::track::tracker::Tracker;

/// Of a log that is read at once.
pub(crate) fn facts(log: &str) -> Facts {
    in_chunks(log, log.len())
}

/// The same, which reading it byte by byte does not change.
pub(crate) fn facts_either_way(log: &str) -> Facts {
    let (whole, bytes) = (facts(log), in_chunks(log, 1));
    assert_eq!(format!("{whole:?}"), format!("{bytes:?}"));
    whole
}

fn in_chunks(log: &str, bytes: usize) -> Facts {
    let mut text = TextLog::default();
    let mut tracker = Tracker::new("training.log".into());
    for chunk in log.as_bytes().chunks(bytes.max(1)) {
        text.push(chunk, &mut tracker);
    }
    text.rest(&mut tracker);
    tracker.facts()
}
