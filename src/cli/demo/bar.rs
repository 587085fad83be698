//! Progress bars as tqdm draws them.

use std::fmt::Write;
use std::time::Duration;

/// A bar under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bar<'a> {
    /// Text before it, with its colon; empty for none.
    pub(super) label: &'a str,
    pub(super) done: u64,
    pub(super) total: u64,
    /// Since it began.
    pub(super) elapsed: Duration,
    /// What is counted.
    pub(super) unit: &'a str,
    /// `name=value` pairs behind the rate; empty for none.
    pub(super) postfix: &'a str,
}

impl Bar<'_> {
    /// `label:  45%|████▌     | 9/20 [03:04<03:45, 20.50s/it, loss=0.1]`
    pub(super) fn text(&self) -> String {
        let Self { label, done, total, unit, .. } = *self;
        let share = done as f64 / total.max(1) as f64;
        let mut text = String::new();
        if !label.is_empty() {
            text.push_str(label);
            text.push(' ');
        }
        // writing to a string does not fail
        let _ = write!(
            text,
            "{:3.0}%|{}| {done}/{total} [{}<",
            (share * 100.0).floor(),
            cells(share),
            clock(self.elapsed)
        );
        let seconds = self.elapsed.as_secs_f64();
        if done == 0 || seconds <= 0.0 {
            let _ = write!(text, "?, ?{unit}/s");
        } else {
            let rate = done as f64 / seconds;
            let left = Duration::from_secs_f64((total.saturating_sub(done)) as f64 / rate);
            let _ = write!(text, "{}, ", clock(left));
            if rate >= 1.0 {
                let _ = write!(text, "{rate:5.2}{unit}/s");
            } else {
                let _ = write!(text, "{:5.2}s/{unit}", 1.0 / rate);
            }
        }
        if !self.postfix.is_empty() {
            let _ = write!(text, ", {}", self.postfix);
        }
        text.push(']');
        text
    }
}

/// Ten cells, the last one in eighths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 80")]
fn cells(share: f64) -> String {
    let eighths = (share.clamp(0.0, 1.0) * 80.0).floor() as usize;
    let mut text = "█".repeat(eighths / 8);
    if let Some(part) = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'].get(eighths % 8)
        && eighths < 80
    {
        text.push(*part);
        text.push_str(&" ".repeat(9 - eighths / 8));
    }
    text
}

/// `mm:ss`, or `h:mm:ss` from an hour on.
pub(super) fn clock(span: Duration) -> String {
    let seconds = span.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_drawn_as_tqdm_draws_it() {
        let bar = Bar {
            label: "steps:",
            done: 9,
            total: 20,
            elapsed: Duration::from_secs(184),
            unit: "it",
            postfix: "avr_loss=0.0234",
        };
        assert_eq!(bar.text(), "steps:  45%|████▌     | 9/20 [03:04<03:44, 20.44s/it, avr_loss=0.0234]");
        let bar = Bar { label: "", done: 0, total: 90, elapsed: Duration::ZERO, unit: "it", postfix: "" };
        assert_eq!(bar.text(), "  0%|          | 0/90 [00:00<?, ?it/s]");
        let bar = Bar {
            label: "",
            done: 90,
            total: 90,
            elapsed: Duration::from_secs(10),
            unit: "batch",
            postfix: "",
        };
        assert_eq!(bar.text(), "100%|██████████| 90/90 [00:10<00:00,  9.00batch/s]");
        assert_eq!(clock(Duration::from_secs(3661)), "1:01:01");
    }
}
