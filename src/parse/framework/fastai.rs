//! fastai (fastprogress): `Epoch 1/6 : |████------| 13.33% [2/15 00:00<00:00... 0.6520]`; its table is read as any other.

use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Pairs;
use crate::model::record::Record;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Fastai;

impl Shape for Fastai {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with(['█', ' ']) || body.contains(": |")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if body.chars().all(|c| matches!(c, '█' | ' ')) && !body.is_empty() {
            return true;
        }
        if !body.starts_with("Epoch ") {
            return false;
        }
        let Some((label, rest)) = body.split_once(": |") else { return false };
        let Some((_, rest)) = rest
            .split_once("| ")
            .filter(|(cells, _)| !cells.is_empty() && cells.chars().all(|c| matches!(c, '█' | '-')))
        else {
            return false;
        };
        let Some((_, inside)) = rest.split_once("% [") else { return false };
        let mut words = inside.trim_end_matches(']').split(' ');
        let Some((done, all)) = words.next().and_then(number::ratio) else { return false };
        let times = words.next().unwrap_or("");
        let (elapsed, remaining) = times.split_once('<').unwrap_or((times, ""));
        out.framework("fastai");
        out.drew();
        out.put(&Record::Bar(Bar {
            label: label.trim(),
            current: done,
            total: Some(all),
            rate: None,
            elapsed: number::clock(elapsed),
            remaining: number::clock(remaining.trim_end_matches('.')),
            unit: "",
            style: BarStyle::Other,
            values: Pairs::new(),
        }));
        true
    }
}
