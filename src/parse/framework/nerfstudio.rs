//! `nerfstudio` (`utils/writer.py`): under `Step (% Done)       Train Iter (time)    ETA (time) …` rows as `1230 (4.10%)         41.2 ms  …`. The
//! columns are those that the run has; only the step and its share of all are told alike by every version.

use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::bar;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Nerfstudio {
    /// The header stood above.
    open: bool,
}

impl Shape for Nerfstudio {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("Step (% Done)")
    }

    fn is_busy(&self) -> bool {
        self.open
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if body.starts_with("Step (% Done)") {
            self.open = true;
            out.framework("nerfstudio");
            return true;
        }
        let Some((step, rest)) = body.split_once(" (").filter(|_| self.open) else { return false };
        let Some((share, _)) = rest.split_once("%)") else { return false };
        let (Some(step), Some(share)) = (number::count(step), number::number(share)) else { return false };
        out.row(
            At { step: Some(step), step_base: Some(1), ..At::default() },
            None,
            RowKind::Plain,
            Pairs::new(),
        );
        out.drew();
        out.put(&Record::Bar(Bar {
            current: share,
            total: Some(100.0),
            unit: "%",
            style: BarStyle::Other,
            ..bar::blank()
        }));
        true
    }
}
