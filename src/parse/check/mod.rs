//! What must hold for any bytes whatever, as functions that the fuzzers of `fuzz/` and the property tests share.

use super::bar;
use super::escape;
use super::replay;
use super::split::End;
use super::split::Segment;
use super::split::Splitter;
use super::tfevents;
use crate::model::level::Level;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;

/// What does not hold.
pub type Broken = &'static str;

/// Segments are clean, in order, one line end for each `\n`, and the same whether the bytes come at once or one by one.
pub fn splitter(bytes: &[u8]) -> Result<(), Broken> {
    let whole = segments(bytes, bytes.len().max(1));
    if whole != segments(bytes, 1) || whole != segments(bytes, 7) {
        return Err("chunks make a difference");
    }
    let mut last = 0;
    for (text, offset, _) in &whole {
        if !is_clean(text, true) {
            return Err("a segment is not clean");
        }
        if *offset < last || *offset > bytes.len() as u64 {
            return Err("offsets are out of order");
        }
        last = *offset;
    }
    let is_utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let lines = whole.iter().filter(|(_, _, end)| *end == End::Line).count();
    if !is_utf16 && lines != memchr::memchr_iter(b'\n', bytes).count() {
        return Err("lines are not counted right");
    }
    Ok(())
}

fn segments(bytes: &[u8], chunk: usize) -> Vec<(String, u64, End)> {
    let mut found = Vec::new();
    let mut splitter = Splitter::new();
    let mut each = |segment: &Segment<'_>| found.push((segment.text.to_owned(), segment.offset, segment.end));
    for chunk in bytes.chunks(chunk) {
        splitter.push(chunk, &mut each);
    }
    splitter.rest(&mut each);
    found
}

/// Frames that no checksum ends, and data that no program wrote.
pub fn events(bytes: &[u8]) -> Result<(), Broken> {
    struct Heard(u64);
    impl Sink for Heard {
        fn record(&mut self, record: &Record<'_>, _origin: &Origin) {
            if let Record::Row(row) = record {
                self.0 += row.values.len() as u64;
            }
        }
        fn line(&mut self, _level: Option<Level>, _progress: bool, _origin: &Origin) {}
    }
    let read = |chunk: usize| {
        let mut heard = Heard(0);
        let mut events = (tfevents::SPEC.new)();
        bytes.chunks(chunk).for_each(|chunk| events.push(chunk, &mut heard));
        heard.0
    };
    let mut alone = Heard(0);
    tfevents::event(bytes, &Origin::default(), &mut alone);
    // a value takes a tag of a byte, a number and what tells of them
    if alone.0 > bytes.len() as u64 / 4 {
        return Err("more figures than there is room for");
    }
    if read(bytes.len().max(1)) == read(1) { Ok(()) } else { Err("chunks make a difference") }
}

/// Bars are read without end, and their counts and times are figures.
pub fn bars(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let mut rest = &*text;
    while let Some(found) = bar::tqdm(rest) {
        if found.after.len() >= rest.len() {
            return Err("a bar takes nothing of the text");
        }
        let bar = &found.bar;
        if !bar.current.is_finite() || bar.current < 0.0 || bar.total.is_some_and(|total| !total.is_finite())
        {
            return Err("counts are no counts");
        }
        if [bar.rate, bar.elapsed, bar.remaining].into_iter().flatten().any(|x| !x.is_finite() || x < 0.0) {
            return Err("a rate or time is none");
        }
        if bar.values.iter().any(|pair| pair.name.is_empty()) {
            return Err("a figure has no name");
        }
        rest = found.after;
    }
    Ok(())
}

/// Rows are safe to draw, and the same whether the bytes come at once or one by one.
pub fn replays(bytes: &[u8]) -> Result<(), Broken> {
    let whole = replay::replay(bytes, 0);
    if whole.iter().any(|row| !is_clean(&row.text, false)) {
        return Err("a row is not clean");
    }
    let mut rows = Vec::new();
    let mut one_by_one = replay::Replay::at(0);
    for chunk in bytes.chunks(1) {
        one_by_one.push(chunk, &mut |row| rows.push(row));
    }
    one_by_one.finish(&mut |row| rows.push(row));
    if rows == whole { Ok(()) } else { Err("chunks make a difference") }
}

fn is_clean(text: &str, tabs: bool) -> bool {
    !text.chars().any(|c| (c.is_control() && !(tabs && c == '\t')) || escape::is_hidden(c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::split::tests::terminal_bytes;
    use super::*;

    #[test]
    fn figures_beyond_all_bounds() {
        for text in [
            "5%|#|1e999/1e999 [00:01<00:02]",
            "1e999it [00:01, 3it/s]",
            "5%|#|1/2 [00:01<00:02, 0it/s]",
            "5%|#|1/2 [00:01<00:02, 0s/it]",
        ] {
            assert_eq!(bars(text.as_bytes()), Ok(()), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn hold_for_what_terminals_are_sent(bytes in terminal_bytes()) {
            prop_assert_eq!(splitter(&bytes), Ok(()));
            prop_assert_eq!(bars(&bytes), Ok(()));
            prop_assert_eq!(replays(&bytes), Ok(()));
        }

        #[test]
        fn hold_for_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(splitter(&bytes), Ok(()));
            prop_assert_eq!(bars(&bytes), Ok(()));
            prop_assert_eq!(replays(&bytes), Ok(()));
        }

        #[test]
        fn hold_for_bars(text in "([0-9]{1,3}%\\|[█ #]{0,4}|\\| ?|[0-9]{1,9}[kMG]?/[0-9?]{0,9}|it| \\[|[0-9]{2}:[0-9]{2}|<|, |[a-z]{1,4}=|[0-9.e-]{1,5}|/s|s/|\\]|[é中 ]|days?|1e999){0,24}") {
            prop_assert_eq!(bars(text.as_bytes()), Ok(()));
        }
    }
}
