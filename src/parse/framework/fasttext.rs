//! fastText: `Progress:  42.0% words/sec/thread: 2133614 lr:  0.05 avg.loss:  0.57 ETA:   0h 0m 3s`, and `P@1<tab>0.686`.

use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Split;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::bar;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Fasttext;

impl Shape for Fasttext {
    fn may_want(&self, body: &str) -> bool {
        body.contains('\t') || body.starts_with("Progress:")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        if line.body.starts_with(['P', 'R'])
            && let Some((name, value)) = line.body.split_once('\t')
            && matches!(name, "P@1" | "R@1" | "P@5" | "R@5")
            && let Some(value) = number::number(value.trim())
        {
            let mut values = Pairs::new();
            values.push(Pair { name, value });
            out.row(At::default(), Some(Split::Test), RowKind::Summary, values);
            return true;
        }
        let Some(rest) =
            line.body.strip_prefix("Progress:").filter(|rest| rest.contains("words/sec/thread:"))
        else {
            return false;
        };
        let mut words = rest.split_whitespace();
        let Some(done) = words.next().and_then(|w| w.strip_suffix('%')).and_then(number::number) else {
            return true;
        };
        let mut values = Pairs::new();
        while let Some(word) = words.next() {
            if let name @ ("lr" | "avg.loss" | "loss") = word.trim_end_matches(':')
                && let Some(value) = words.next().and_then(number::number)
            {
                values.push(Pair { name, value });
            }
        }
        out.framework("fasttext");
        out.drew();
        out.put(&Record::Bar(Bar {
            label: "Progress",
            current: done,
            total: Some(100.0),
            unit: "%",
            style: BarStyle::Other,
            values,
            ..bar::blank()
        }));
        true
    }
}
