//! `OLMo`: `[step=1316/2500,epoch=1]` above lines of figures. The step is the run's, although an epoch stands beside it.

use crate::model::record::At;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Olmo;

impl Shape for Olmo {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("[step=")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let inside = line.body.strip_prefix("[step=").and_then(|rest| rest.strip_suffix(']'));
        let Some((steps, epoch)) = inside.and_then(|inside| inside.split_once(",epoch=")) else {
            return false;
        };
        let (Some((step, all)), Some(epoch)) = (number::ratio(steps), number::count(epoch)) else {
            return false;
        };
        out.framework("olmo");
        let at = At {
            step: Some(step),
            step_total: Some(all),
            step_base: Some(1),
            epoch: Some(epoch),
            ..At::default()
        };
        out.row(at, None, RowKind::Plain, Pairs::new());
        true
    }
}
