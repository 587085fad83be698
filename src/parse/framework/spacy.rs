//! `spaCy`: `spacy train` prints `E    #       LOSS TAGGER  TAG_ACC  SCORE` above rows of figures. `E` is the epoch, from 0, and `#` the
//! step (`spacy/training/loggers.py`); the line about the last model is printed when training is over (`training/loop.py`).

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Spacy {
    columns: Vec<String>,
}

const SAVED: &str = "✔ Saved pipeline to output directory";

/// The names of a header: two blanks or more part them.
fn columns(body: &str) -> Option<Vec<String>> {
    let names: Vec<String> =
        body.split("  ").map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    match names.as_slice() {
        [epoch, step, rest @ ..] if epoch == "E" && step == "#" && !rest.is_empty() => Some(names),
        _ => None,
    }
}

impl Shape for Spacy {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("E  ") || body.starts_with(SAVED)
    }

    fn is_busy(&self) -> bool {
        !self.columns.is_empty()
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if body.starts_with("E  ") {
            let Some(columns) = columns(body) else { return false };
            self.columns = columns;
            out.framework("spacy");
            return true;
        }
        if body.starts_with(SAVED) {
            self.columns.clear();
            out.ending(Ending::Completed);
            return true;
        }
        if self.columns.is_empty() || !body.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let cells: Vec<&str> = body.split_whitespace().collect();
        let [epoch, step, figures @ ..] = cells.as_slice() else { return false };
        let (Some(epoch), Some(step)) = (number::count(epoch), number::count(step)) else { return false };
        if cells.len() != self.columns.len() {
            return false;
        }
        let names = self.columns.iter().skip(2);
        let values = names
            .zip(figures)
            .filter_map(|(name, text)| Some(Pair { name, value: number::number(text)? }))
            .collect();
        let at = At {
            epoch: Some(epoch),
            epoch_base: Some(0),
            step: Some(step),
            step_base: Some(1),
            ..At::default()
        };
        out.row(at, None, RowKind::Plain, values);
        true
    }
}
