//! The end of a live log, without the flood of its own figures.
//!
//! A run that logs ten rows of figures a second would push every message out of a preview within a second, and send as much over
//! the link as all else together. What such rows say stands in the cards and charts above it; so of rows that differ in nothing
//! but their figures the newest stands for all, as a progress bar does. The log's own page shows every line.

use crate::model::log::LineKind;
use crate::model::log::LogLine;
use crate::parse::text::form;

/// The lines to show: of neighbours of one form the last.
pub fn fold(lines: &[LogLine]) -> Vec<&LogLine> {
    let mut out: Vec<&LogLine> = Vec::new();
    let mut last = None;
    let mut runs = form::Runs::new();
    for line in lines {
        let form = (line.kind != LineKind::Continuation && line.text.bytes().any(|b| b.is_ascii_digit()))
            .then(|| form::of(&line.text, &mut runs))
            .flatten();
        if form.is_some() && form == last {
            out.pop();
        }
        out.push(line);
        last = form;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, kind: LineKind) -> LogLine {
        LogLine { kind, ..LogLine::plain(crate::model::log::Spot::START, text) }
    }

    #[test]
    fn the_newest_of_a_kind_stands_for_all_and_messages_stay() {
        let lines = [
            line("step 1 loss=0.5", LineKind::Text),
            line("step 2 loss=0.4", LineKind::Text),
            line("saving checkpoint", LineKind::Text),
            line("saving checkpoint", LineKind::Text),
            line("step 3 loss=0.3", LineKind::Text),
            line("step 4 loss=nan", LineKind::Text),
            line("  File \"a.py\", line 1", LineKind::Continuation),
            line("  File \"a.py\", line 2", LineKind::Continuation),
        ];
        let shown: Vec<&str> = fold(&lines).into_iter().map(|line| &*line.text).collect();
        assert_eq!(
            shown,
            [
                "step 2 loss=0.4",
                "saving checkpoint",
                "saving checkpoint",
                "step 3 loss=0.3",
                "step 4 loss=nan",
                "  File \"a.py\", line 1",
                "  File \"a.py\", line 2",
            ]
        );
    }
}
