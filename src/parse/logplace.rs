//! The step or epoch that a line of a log names, for jumping to one.

use memchr::memmem;

/// Words that stand before a step, in small letters.
const NAMES: [&str; 3] = ["step", "iter", "iteration"];

/// Signs between the name and its figure.
const MOST_SIGNS: usize = 6;

/// The step that a line names: `step=120`, `"global_step": 120`, `Iter 120/400`, `iteration: 120`. The first one counts.
pub fn step(text: &str) -> Option<u64> {
    named(text, &NAMES, u8::is_ascii_alphanumeric)
}

/// The epoch that a line names: `Epoch 3/10`, `epoch=3`, `==== Epoch 3 ====`; `max_epoch=10` names none.
pub fn epoch(text: &str) -> Option<u64> {
    named(text, &["epoch"], |before| before.is_ascii_alphanumeric() || *before == b'_')
}

/// Whether a line may name an epoch, as most lines deny at first sight.
pub fn may_name_epoch(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"poch").is_some() || memmem::find(text.as_bytes(), b"POCH").is_some()
}

/// The figure behind the first of these names that has one, and does not go on with what `joins`.
fn named(text: &str, names: &[&str], joins: fn(&u8) -> bool) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let mut best: Option<(usize, u64)> = None;
    for name in names {
        for at in memmem::find_iter(bytes, name) {
            if best.is_some_and(|(place, _)| place < at) {
                break;
            }
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            if before.is_some_and(joins) {
                continue;
            }
            if let Some(figure) = figure(bytes.get(at + name.len()..).unwrap_or_default()) {
                best = Some((at, figure));
                break;
            }
        }
    }
    best.map(|(_, step)| step)
}

fn figure(rest: &[u8]) -> Option<u64> {
    // `step_time: 0.5` and `steps_total: 9` are no steps
    let sign = |b: &&u8| matches!(b, b' ' | b'=' | b':' | b'"' | b'\'' | b'[' | b'#' | b'|');
    let signs = rest.iter().take_while(sign).count();
    if !(1..=MOST_SIGNS).contains(&signs) {
        return None;
    }
    let figure = rest.get(signs..)?;
    let digits = figure.iter().take_while(|b| b.is_ascii_digit()).count();
    if figure.get(digits) == Some(&b'.') && figure.get(digits + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(figure.get(..digits)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::epoch;
    use super::may_name_epoch;
    use super::step;

    #[test]
    fn epochs_of_lines() {
        for (text, meant) in [
            ("Epoch 3/10", Some(3)),
            ("==== Epoch 3 ====", Some(3)),
            ("EPOCH: [12/90] loss 1", Some(12)),
            (r#"{"epoch": 7, "loss": 1}"#, Some(7)),
            ("epoch=0 step=3", Some(0)),
            ("{'loss': 0.5, 'epoch': 0.25}", None),
            ("max_epoch=10", None),
            ("epochs: 10", None),
            ("Num Epochs = 3", None),
        ] {
            assert_eq!(epoch(text), meant, "{text}");
            assert!(meant.is_none() || may_name_epoch(text), "{text}");
        }
    }

    #[test]
    fn steps_of_lines() {
        for (text, meant) in [
            ("step=120 loss=0.5", Some(120)),
            (r#"{"global_step": 7, "loss": 1}"#, Some(7)),
            ("[Iter 12/400] loss 1", Some(12)),
            ("iteration: 3 | step: 9", Some(3)),
            ("step_time: 0.5 step 4", Some(4)),
            ("steps_total=9", None),
            ("step 0.5", None),
            ("misstep 4", None),
            ("step", None),
            ("step=99999999999999999999999", None),
        ] {
            assert_eq!(step(text), meant, "{text}");
        }
    }
}
