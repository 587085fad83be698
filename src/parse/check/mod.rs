//! What must hold for any bytes whatever, as functions that the fuzzers of `fuzz/` and the property tests share.

mod files;
mod others;
mod redact;
mod shown;

#[cfg(test)]
mod tests;

use super::bar;
use super::escape;
use super::json::settings;
use super::jsonl;
use super::replay;
use super::split::End;
use super::split::Segment;
use super::split::Splitter;
use super::text;

pub use files::documents;
pub use files::events;
pub use files::json_lines;
pub use files::tables;
pub use files::text_log;
pub use others::wandb;
pub use others::weights;
pub use others::yaml;
pub use redact::redacted;
pub use shown::shown;

/// What does not hold.
pub type Broken = String;

/// `Err(what)` unless it `holds`.
fn holds(holds: bool, what: &str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

/// Chunks that the bytes themselves choose, so that a fuzzer does and a finding is nothing but its bytes: some of one byte, most
/// short, none empty.
pub fn chunks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    let mut seed = bytes.iter().rev().take(8).fold(0x9E37_79B9_7F4A_7C15, |seed: u64, byte| {
        (seed ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
    });
    std::iter::from_fn(move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let bits = u32::try_from(seed >> 61).unwrap_or(0);
        let count = 1 + usize::try_from((seed >> 8) & ((1 << bits) - 1)).unwrap_or(0);
        let (chunk, later) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        rest = later;
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// Segments are clean, in order, one line end for each `\n`, and the same whether the bytes come at once or one by one.
pub fn splitter(bytes: &[u8]) -> Result<(), Broken> {
    let whole = segments(std::iter::once(bytes));
    holds(whole == segments(bytes.chunks(1)), "one by one makes a difference")?;
    holds(whole == segments(chunks(bytes)), "chunks make a difference")?;
    let mut last = 0;
    for (text, offset, _) in &whole {
        holds(is_clean(text, true), "a segment is not clean")?;
        holds((last..=bytes.len() as u64).contains(offset), "offsets are out of order")?;
        last = *offset;
    }
    let is_utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let lines = whole.iter().filter(|(_, _, end)| *end == End::Line).count();
    holds(is_utf16 || lines == memchr::memchr_iter(b'\n', bytes).count(), "lines are not counted right")
}

fn segments<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<(String, u64, End)> {
    let mut found = Vec::new();
    let mut splitter = Splitter::new();
    let mut each = |segment: &Segment<'_>| found.push((segment.text.to_owned(), segment.offset, segment.end));
    for chunk in chunks {
        splitter.push(chunk, &mut each);
    }
    splitter.rest(&mut each);
    found
}

/// Bars are read without end, and their counts and times are figures.
pub fn bars(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let mut rest = &*text;
    while let Some(found) = bar::tqdm(rest) {
        holds(found.after.len() < rest.len(), "a bar takes nothing of the text")?;
        let bar = &found.bar;
        let counts = [Some(bar.current), bar.total, bar.rate, bar.elapsed, bar.remaining];
        let is_count = |count: &f64| count.is_finite() && *count >= 0.0;
        holds(counts.iter().flatten().all(is_count), "a count, rate or time is none")?;
        holds(bar.values.iter().all(|pair| !pair.name.is_empty()), "a figure has no name")?;
        rest = found.after;
    }
    Ok(())
}

/// Rows are safe to draw, and the same whether the bytes come at once or in pieces.
pub fn replays(bytes: &[u8]) -> Result<(), Broken> {
    let whole = replay::replay(bytes, 0);
    holds(whole.iter().all(|row| is_clean(&row.text, false)), "a row is not clean")?;
    holds(whole == replayed(bytes.chunks(1)), "one by one makes a difference")?;
    holds(whole == replayed(chunks(bytes)), "chunks make a difference")
}

fn replayed<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<replay::Row> {
    let mut rows = Vec::new();
    let mut replay = replay::Replay::at(0);
    for chunk in chunks {
        replay.push(chunk, &mut |row| rows.push(row));
    }
    replay.finish(&mut |row| rows.push(row));
    rows
}

/// Settings are parts of the text, and no more than it has room for.
pub fn python(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    for setting in settings::settings(&text).unwrap_or_default() {
        holds(text.contains(setting.value), "a value that is not in the text")?;
        holds(setting.path.len() <= text.len(), "a path longer than the text")?;
    }
    let text = text.replace(['\n', '\r'], " ");
    let Some(dict) = text::dict::find(&text) else { return Ok(()) };
    holds(dict.before.len() + dict.after.len() + 2 <= text.len(), "a dict of no brackets")?;
    let names = dict.entries.iter().map(|(name, _)| *name).chain(dict.ratios.iter().map(|(name, ..)| *name));
    holds(names.into_iter().all(|name| !name.is_empty()), "a figure has no name")
}

/// Times are moments that a calendar has, or local ones; what stands behind them is the end of the text.
pub fn times(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    for (at, _) in text.char_indices().take(64) {
        let rest = text.get(at..).unwrap_or_default();
        let stamp = jsonl::time::iso(rest);
        // the years 0 to 9999
        let known = |millis: i64| (-62_200_000_000_000..=253_500_000_000_000).contains(&millis);
        holds(
            stamp.is_none_or(|stamp| stamp.is_local() || known(stamp.millis())),
            "a moment of no calendar",
        )?;
        for timed in [text::time::leading(rest), text::time::glog(rest)].into_iter().flatten() {
            holds(timed.stamp.is_local() || known(timed.stamp.millis()), "a time of no calendar")?;
            holds(timed.rest.len() < rest.len() && rest.ends_with(timed.rest), "what is behind is not")?;
        }
    }
    Ok(())
}

fn is_clean(text: &str, tabs: bool) -> bool {
    !text.chars().any(|c| (c.is_control() && !(tabs && c == '\t')) || escape::is_hidden(c))
}
