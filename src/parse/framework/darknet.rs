//! Darknet (`examples/detector.c`, and `src/detector.c` of its fork): ` 100: 1.234500, 1.280000 avg loss, 0.001000 rate, 2.41 seconds, 6400 images`.
//! The first number is the iteration; the original says `avg` where the fork says `avg loss`.

use crate::model::record::At;
use crate::model::record::Pair;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Darknet;

impl Shape for Darknet {
    fn may_want(&self, body: &str) -> bool {
        body.contains(" rate, ") && body.contains(" avg")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let Some((step, rest)) = line.body.trim_start().split_once(": ") else { return false };
        let Some(step) = number::count(step) else { return false };
        let mut parts = rest.split(", ");
        let (Some(loss), Some(mean), Some(rate)) = (parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        let mean = mean.split_once(" avg").filter(|(_, name)| matches!(*name, "" | " loss"));
        let rate = rate.strip_suffix(" rate").and_then(|rate| number::number(rate.trim()));
        let (Some(loss), Some((mean, _)), Some(rate)) = (number::number(loss.trim()), mean, rate) else {
            return false;
        };
        let Some(mean) = number::number(mean.trim()) else { return false };
        out.framework("darknet");
        let values = [("loss", loss), ("avg loss", mean), ("rate", rate)];
        let values = values.into_iter().map(|(name, value)| Pair { name, value }).collect();
        out.row(At { step: Some(step), step_base: Some(1), ..At::default() }, None, RowKind::Plain, values);
        true
    }
}
