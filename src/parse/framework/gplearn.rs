//! gplearn: a table of generations under a header of two lines, with the time that is left in its last column.
//!
//! ```text
//!     |   Population Average    |             Best Individual              |
//! ---- ------------------------- ------------------------------------------ ----------
//!  Gen   Length          Fitness   Length          Fitness      OOB Fitness  Time Left
//!    0    37.62          590.254        7         0.610708              N/A      6.58s
//! ```
//!
//! The figures get the names that gplearn itself has for them, those of `run_details_`. No time is left after the last generation only.

use crate::model::record::At;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Gplearn {
    /// Whether its header was seen, and the time that was left in the row before.
    left: Option<f64>,
}

const HEADER: [&str; 9] = ["Gen", "Length", "Fitness", "Length", "Fitness", "OOB", "Fitness", "Time", "Left"];
const NAMES: [&str; 5] =
    ["average_length", "average_fitness", "best_length", "best_fitness", "best_oob_fitness"];

/// `6.58s`, `1.20m`, `0.5h`: seconds.
fn span(word: &str) -> Option<f64> {
    let (value, unit) = word.split_at_checked(word.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Some(number::number(value)? * unit)
}

impl Shape for Gplearn {
    fn may_want(&self, body: &str) -> bool {
        body.split_whitespace().eq(HEADER)
    }

    fn is_busy(&self) -> bool {
        self.left.is_some()
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if body.split_whitespace().eq(HEADER) {
            self.left = Some(f64::INFINITY);
            return true;
        }
        let Some(before) = self.left else { return false };
        let words: smallvec::SmallVec<[&str; 8]> = body.split_whitespace().take(8).collect();
        let [generation, figures @ .., left] = words.as_slice() else { return false };
        let read = number::count(generation).zip(span(left)).filter(|_| figures.len() == NAMES.len());
        let Some((generation, left)) = read else {
            // one line behind the table is the program found
            self.left = None;
            return false;
        };
        out.framework("gplearn");
        let values: Pairs<'_> = NAMES
            .into_iter()
            .zip(figures)
            .filter_map(|(name, text)| Some(Pair { name, value: number::number(text)? }))
            .collect();
        let over = left == 0.0 && before > 0.0 && generation > 0.0;
        let at = At {
            step: Some(generation),
            step_total: over.then_some(generation + 1.0),
            step_base: Some(0),
            ..At::default()
        };
        self.left = Some(left);
        out.row(at, None, RowKind::Plain, values);
        true
    }
}
