//! A recording that is cut off is a run that is under way, or one that was killed: whatever it says of its end, the whole says too.

use std::path::Path;
use std::path::PathBuf;

use trainmon::model::facts::Facts;
use trainmon::model::record::Ending;
use trainmon::parse::format::Format;
use trainmon::parse::text::TextLog;
use trainmon::track::tracker::Tracker;

fn logs(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            logs(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "log") {
            found.push(path);
        }
    }
}

fn read(bytes: &[u8]) -> Facts {
    let mut text = TextLog::default();
    let mut tracker = Tracker::new("training.log".into());
    text.push(bytes, &mut tracker);
    text.rest(&mut tracker);
    tracker.facts()
}

fn end(facts: &Facts) -> Option<Ending> {
    facts.ended.as_ref().map(|ended| ended.how)
}

/// Recordings that end more than once: another session follows the one that ended.
const SESSIONS: [&str; 1] = ["logging-resume-append"];

#[test]
fn a_recording_cut_anywhere_claims_no_end_that_the_whole_denies() {
    let mut found = Vec::new();
    logs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"), &mut found);
    assert!(found.len() > 60, "{} recordings", found.len());
    let mut denied = Vec::new();
    for path in found {
        let name = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("a recording");
        if SESSIONS.contains(&&*name) {
            continue;
        }
        let whole = end(&read(&bytes));
        // as it grows, line by line
        let mut text = TextLog::default();
        let mut tracker = Tracker::new("training.log".into());
        let mut line = 0;
        for chunk in bytes.split_inclusive(|b| *b == b'\n' || *b == b'\r') {
            line += 1;
            text.push(chunk, &mut tracker);
            let now = end(&tracker.facts());
            if now.is_some() && now != whole {
                denied.push(format!("{name}: {now:?} after piece {line}, {whole:?} in the end"));
                break;
            }
        }
        // and left at some byte for good
        let mut seed = bytes.len() as u64;
        for _ in 0..40 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let cut = usize::try_from(seed >> 33).unwrap_or(0) % bytes.len().max(1);
            let now = end(&read(bytes.get(..cut).unwrap_or_default()));
            if now.is_some() && now != whole {
                denied.push(format!("{name}: {now:?} when cut at {cut}, {whole:?} in the end"));
                break;
            }
        }
    }
    assert!(denied.is_empty(), "{}", denied.join("\n"));
}
