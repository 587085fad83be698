//! What must hold for any settings file and any span of time, for the fuzzers of `fuzz/`.

use super::config;
use super::span;
use crate::parse::check::Broken;

/// Settings are read or refused in one line that begins with the line's number; a span that is read can be written and read again.
pub fn settings(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = config::parse(&text) {
        let line = error.split_once(": ").and_then(|(line, _)| line.parse().ok());
        let lines = text.matches('\n').count() + 1;
        if !line.is_some_and(|line| (1..=lines).contains(&line)) {
            return Err(format!("no line is told: {error:?}"));
        }
        if error.contains(|c: char| c.is_control()) {
            return Err(format!("not one line, or not clean: {error:?}"));
        }
    }
    for word in text.lines() {
        match span::parse(word) {
            Ok(span) if span::parse(&span::show(span)) != Ok(span) => {
                return Err(format!("{word:?} is {span:?}"));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn hold_for_any_text(text in "([a-z_]{1,14} ?= ?|['\"\n#\\[\\]{}]|[0-9]{1,20}[smhdw]?|stall_after = |color = |auto|.){0,20}") {
            prop_assert_eq!(settings(text.as_bytes()), Ok(()));
        }
    }
}
