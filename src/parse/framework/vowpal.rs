//! Vowpal Wabbit: a table of progress under a header of two lines, whose `example counter` tells how far it is, and a summary.
//!
//! ```text
//! average  since         example        example        current        current  current
//! loss     last          counter         weight          label        predict features
//! 0.693147 0.693147            1            1.0         1.0000         0.0000        7
//! ```
//!
//! Rows come ever more rarely (the counter doubles), labels and predictions may be no numbers at all.

use crate::model::record::At;
use crate::model::record::Pair;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Vowpal {
    /// How many lines of the header were seen.
    header: u8,
}

/// The first words of the header's lines.
const HEADER: [[&str; 3]; 2] = [["average", "since", "example"], ["loss", "last", "counter"]];

/// The words of the header at `line`.
fn is_header(body: &str, line: u8) -> bool {
    HEADER
        .get(usize::from(line))
        .is_some_and(|words| body.split_whitespace().take(3).eq(words.iter().copied()))
}

impl Shape for Vowpal {
    fn may_want(&self, body: &str) -> bool {
        is_header(body, 0) || body.starts_with("number of examples = ")
    }

    fn is_busy(&self) -> bool {
        self.header > 0
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if is_header(body, 0) {
            self.header = 1;
            return true;
        }
        if self.header == 1 {
            self.header = if is_header(body, 1) { 2 } else { 0 };
            return self.header == 2;
        }
        if self.header == 0 {
            return false;
        }
        let step = |step| At { step: Some(step), step_base: Some(1), ..At::default() };
        if let Some(examples) = body.strip_prefix("number of examples = ").and_then(number::count) {
            self.header = 0;
            out.row(step(examples), None, RowKind::Plain, std::iter::empty().collect());
            return true;
        }
        let mut words = body.split_whitespace();
        let mut next = || words.next().and_then(number::number);
        // with a holdout set, losses end in ` h`, which is a word of its own at the end of the row
        let (Some(average), Some(since), Some(counter)) = (next(), next(), next()) else { return false };
        if words.clone().count() < 3 || counter < 1.0 || counter.fract() != 0.0 {
            return false;
        }
        out.framework("vowpal wabbit");
        let values =
            [Pair { name: "average loss", value: average }, Pair { name: "since last", value: since }];
        out.row(step(counter), None, RowKind::Plain, values.into_iter().collect());
        true
    }
}
