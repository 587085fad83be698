//! The text before a bar: its label, and what a logger may have put before that.

/// Level words that stand between a logger's time and its message.
const LEVELS: [&str; 6] = ["DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL"];

/// Splits the text before a bar into what a logger wrote and the bar's label, which is trimmed of blanks and of its colon.
///
/// A label names its bar for as long as it lives, so a time in it would make a new bar of each redraw: that, and the logger's
/// words behind it, go to the first part.
#[inline]
pub(super) fn split(head: &str) -> (&str, &str) {
    let bare = bare(head);
    // the shortest head with a time in it is `12:34:56 x`
    if bare.len() < 10 { ("", bare) } else { split_logger(bare) }
}

/// `label` without blanks around it and without its colon.
#[inline]
fn bare(label: &str) -> &str {
    let bytes = label.as_bytes();
    let is_blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    let mut end = bytes.len();
    while end > 0 && is_blank(end - 1) {
        end -= 1;
    }
    if end > 0 && bytes.get(end - 1) == Some(&b':') {
        end -= 1;
        while end > 0 && is_blank(end - 1) {
            end -= 1;
        }
    }
    let mut start = 0;
    while start < end && is_blank(start) {
        start += 1;
    }
    label.get(start..end).unwrap_or_default()
}

fn split_logger(head: &str) -> (&str, &str) {
    let Some(end) = last_time(head.as_bytes()) else { return ("", head) };
    let mut rest = head.get(end..).unwrap_or_default();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '-', '|', ']', ':', ',', '>', 'Z']);
        let shorter = LEVELS.iter().find_map(|level| {
            let behind = rest.strip_prefix(level)?;
            (!behind.starts_with(|c: char| c.is_alphanumeric() || c == '_')).then_some(behind)
        });
        let shorter = shorter.or_else(|| {
            let (word, behind) = rest.split_once(" - ")?;
            (!word.contains(' ')).then_some(behind)
        });
        let shorter = shorter.or_else(|| {
            let (word, behind) = rest.strip_prefix('[')?.split_once(']')?;
            word.trim().chars().all(char::is_alphabetic).then_some(behind)
        });
        match shorter {
            Some(shorter) => rest = shorter,
            None => break,
        }
    }
    let before = head.get(..head.len() - rest.len()).unwrap_or_default();
    (before, bare(rest))
}

/// Where the last `12:34:56` (with any fraction) in `bytes` ends.
fn last_time(bytes: &[u8]) -> Option<usize> {
    let shape = |window: &[u8]| {
        window.iter().enumerate().all(|(at, b)| if at % 3 == 2 { *b == b':' } else { b.is_ascii_digit() })
    };
    let start = bytes.windows(8).rposition(shape)?;
    let mut end = start + 8;
    if matches!(bytes.get(end), Some(b'.' | b',')) && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1;
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (head, label) in [
            ("", ""),
            ("   ", ""),
            ("Epoch 1/5:  ", "Epoch 1/5"),
            ("Epoch 1/10 [train]:  ", "Epoch 1/10 [train]"),
            ("\t steps :", "steps"),
            ("Sanity Checking DataLoader 0:   ", "Sanity Checking DataLoader 0"),
            ("[rank0] epoch 0:", "[rank0] epoch 0"),
        ] {
            assert_eq!(split(head), ("", label), "{head:?}");
        }
    }

    #[test]
    fn loggers_before_labels() {
        for (head, before, label) in [
            ("2026-11-22 15:30:26 INFO     steps:  ", "2026-11-22 15:30:26 INFO     ", "steps"),
            (
                "[2026-11-22 15:25:24,915][INFO][train] - Epoch 3:",
                "[2026-11-22 15:25:24,915][INFO][train] - ",
                "Epoch 3",
            ),
            (
                "11/22/2026 15:33:09 - INFO - __main__ - Epoch 3: ",
                "11/22/2026 15:33:09 - INFO - __main__ - ",
                "Epoch 3",
            ),
            ("2026-11-22T15:33:09.123Z [rank 1] epoch 0:", "2026-11-22T15:33:09.123Z ", "[rank 1] epoch 0"),
            ("2026-11-22 15:30:26", "2026-11-22 15:30:26", ""),
        ] {
            assert_eq!(split(head), (before, label), "{head:?}");
        }
    }
}
