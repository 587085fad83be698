//! Lines that an epoch ends with, though they say so in no word: only what is over has a measure or took a time.

use crate::parse::text::fields::Item;
use crate::parse::text::number;
use crate::parse::text::words::Counter;

/// Whether something stands behind an epoch's number that only its end can tell, though nobody can name it: a measure in
/// whatever spelling, how long it took, a tick.
pub(super) fn is_closed(body: &str, items: &[Item<'_>]) -> bool {
    let [Item::At { what: Counter::Epoch, from, beside, .. }, rest @ ..] = items else { return false };
    if rest.iter().any(|item| matches!(item, Item::At { .. } | Item::Total { .. })) || body.contains("%|") {
        return false;
    }
    let last = if beside.is_empty() { from } else { beside };
    let behind = (last.as_ptr().addr() + last.len()).checked_sub(body.as_ptr().addr());
    let Some(behind) = behind.and_then(|at| body.get(at..)) else { return false };
    let mut words =
        behind.split([' ', '\t', ',', '|', ';', '/', '=', '+']).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.is_empty() {
            let tick = word.chars().all(|c| matches!(c, '✓' | '✔' | '✅' | '☑' | '\u{fe0f}'));
            if tick && words.peek().is_none() {
                return true;
            }
            continue;
        }
        if !bare.bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        if bare.contains(':') {
            // how long, and not at what time: `0:00:12`, `00:12`
            let hours = bare.split(':').next().unwrap_or("");
            let parts = bare.split(':').count();
            if number::clock(bare).is_some() && (parts == 2 || hours.len() == 1 || hours == "00") {
                return true;
            }
            continue;
        }
        let decimal = bare
            .as_bytes()
            .windows(3)
            .any(|w| matches!(w, [a, b'.', b] if a.is_ascii_digit() && b.is_ascii_digit()));
        // a date, a version, an address and a file's name are no measures
        let other =
            bare.matches('.').count() > 1 || bare.matches('-').count() > 1 || bare.starts_with(['v', 'V']);
        let setting = rest.iter().any(|item| matches!(item, Item::Pair { from, .. } if from.contains(bare)));
        if decimal && !other && !setting {
            return true;
        }
    }
    false
}
