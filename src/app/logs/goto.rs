//! Where the prompt for a place leads: `14:05`, `step 1200`, `50%`, `#1234`, `error`.

use crate::model::log::Landmark;
use crate::model::log::When;
use crate::parse::logquery;

/// A place, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Something that the engine finds, and what is said where it finds none.
    Mark(Landmark, &'static str),
    /// The first one of these in the file.
    First(Landmark, &'static str),
    /// The first line.
    Start,
    /// The last line.
    End,
}

/// What can be typed, for the hint.
pub const HINT: &str = "14:05  10m  step 12  epoch 3  50%  #99  error";

/// Reads a place. The error says in one line what would be right.
pub(super) fn parse(text: &str) -> Result<Place, String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let wrong = || format!("`{text}` is no place: {HINT}");
    match lower.as_str() {
        "" => return Err(format!("a place is wanted: {HINT}")),
        "start" | "first" | "top" | "begin" => return Ok(Place::Start),
        "end" | "last" | "bottom" => return Ok(Place::End),
        "error" => return Ok(Place::First(Landmark::Error, "no error")),
        "warning" | "warn" => return Ok(Place::First(Landmark::Warning, "no warning")),
        "traceback" => return Ok(Place::First(Landmark::Traceback, "no traceback")),
        _ => {}
    }
    if let Some(number) = lower.strip_prefix('#').or_else(|| lower.strip_prefix("line ")) {
        let number = whole(number).filter(|n| *n > 0);
        return number
            .map(|n| Place::Mark(Landmark::Line(n), "there is no such line"))
            .ok_or_else(|| format!("`{text}` is no line number, such as #1234"));
    }
    if let Some(percent) = lower.strip_suffix('%') {
        let part = percent.trim().parse::<f64>().ok().filter(|part| (0.0..=100.0).contains(part));
        let part = part.ok_or_else(|| format!("`{text}` is no part of the log: 0% to 100%"))?;
        return Ok(Place::Mark(Landmark::Part(part / 100.0), "there is no such line"));
    }
    if let Some(rest) = lower.strip_prefix("epoch") {
        let (epoch, step) = match rest.split_once("step") {
            Some((epoch, step)) => (whole(unsigned(epoch)), Some(whole(unsigned(step)))),
            None => (whole(unsigned(rest)), None),
        };
        let wrong = || format!("`{text}` names no epoch, as `epoch 3` and `epoch 3 step 37` do");
        let epoch = epoch.ok_or_else(wrong)?;
        let step = step.map(|step| step.ok_or_else(wrong)).transpose()?;
        return Ok(Place::Mark(Landmark::Epoch(epoch, step), "no such epoch is told in this log"));
    }
    if let Some(step) = lower.strip_prefix("step") {
        let step = whole(unsigned(step));
        let step = step.ok_or_else(|| format!("`{text}` names no step, as `step 1200` does"))?;
        return Ok(Place::Mark(Landmark::Step(step), "no line at or after that step"));
    }
    if let Some(step) = whole(&lower) {
        // a bare number is a step: that is what a run counts
        return Ok(Place::Mark(Landmark::Step(step), "no line at or after that step"));
    }
    let when: When = logquery::when(text).map_err(|_| wrong())?;
    Ok(Place::Mark(Landmark::Time(when), "no line at or after that time"))
}

/// What stands behind a name and its sign.
fn unsigned(text: &str) -> &str {
    text.trim_matches([' ', '=', ':', ','])
}

/// A whole number, also as `12_000`, `12,000` and `12k`.
fn whole(text: &str) -> Option<u64> {
    let text = text.trim();
    let (digits, factor) = match text.strip_suffix('k') {
        Some(digits) => (digits, 1000),
        None => (text, 1),
    };
    let digits: String = digits.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let step = |n| Place::Mark(Landmark::Step(n), "no line at or after that step");
        let cases = [
            ("step 1200", step(1200)),
            ("Step=12k", step(12_000)),
            ("1_200", step(1200)),
            ("#1,234", Place::Mark(Landmark::Line(1234), "there is no such line")),
            ("line 7", Place::Mark(Landmark::Line(7), "there is no such line")),
            (" 50% ", Place::Mark(Landmark::Part(0.5), "there is no such line")),
            ("14:05", Place::Mark(Landmark::Time(When::Clock(50_700_000)), "no line at or after that time")),
            ("10m", Place::Mark(Landmark::Time(When::Ago(600_000)), "no line at or after that time")),
            ("error", Place::First(Landmark::Error, "no error")),
            ("epoch 3", Place::Mark(Landmark::Epoch(3, None), "no such epoch is told in this log")),
            (
                "Epoch=3, step 37",
                Place::Mark(Landmark::Epoch(3, Some(37)), "no such epoch is told in this log"),
            ),
            ("end", Place::End),
            ("Top", Place::Start),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn what_is_no_place_is_told_in_words() {
        for (text, part) in [
            ("", "a place is wanted"),
            ("#0", "line number"),
            ("#x", "line number"),
            ("101%", "0% to 100%"),
            ("nan%", "0% to 100%"),
            ("epoch", "names no epoch"),
            ("epoch 3 step", "names no epoch"),
            ("step", "names no step"),
            ("step x", "names no step"),
            ("25:00", "is no place"),
            ("99999999999999999999", "is no place"),
            ("over there", "is no place"),
        ] {
            let said = parse(text).expect_err(text);
            assert!(said.contains(part) && !said.contains('\n'), "{text}: {said}");
        }
    }
}
