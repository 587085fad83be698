//! PyTorch-Ignite: bars with the figures before the time (`Epoch [1/4]: [2/30]   7%|▋         , loss=0.783 [00:00<00:01]`),
//! and engines of which only the trainer's tells of the run.

use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

pub(super) struct Ignite;

impl Shape for Ignite {
    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        let engine = body.starts_with("Engine run ")
            || (body.starts_with("Epoch[") && body.contains("] Complete. Time taken"));
        if engine {
            out.framework("ignite");
            if line.logger.contains("eval") || line.logger.contains("valid") {
                return true;
            }
            if body.starts_with("Engine run finished") {
                out.ending(Ending::Completed);
                return true;
            }
            if let Some(epoch) =
                body.strip_prefix("Epoch[").and_then(|rest| rest.split(']').next()).and_then(number::count)
            {
                out.epoch(At { epoch: Some(epoch), epoch_base: Some(1), ..At::default() }, true);
                return true;
            }
            return false;
        }
        let Some((head, rest)) = body.split_once("%|") else { return false };
        let Some((label, count)) = head.rsplit_once('[') else { return false };
        let Some((done, all)) = count.split(']').next().and_then(number::ratio) else { return false };
        let Some((middle, times)) = rest.rsplit_once('[') else { return false };
        let mut values = Pairs::new();
        for part in middle.split(", ").skip(1) {
            if let Some((name, value)) = part.split_once('=')
                && let Some(value) = number::number(value.trim())
            {
                values.push(Pair { name: name.trim(), value });
            }
        }
        let (elapsed, remaining) =
            times.trim_end().trim_end_matches(']').split_once('<').unwrap_or((times, ""));
        out.framework("ignite");
        out.put(&Record::Bar(Bar {
            label: label.trim().trim_end_matches(':').trim_end(),
            current: done,
            total: Some(all),
            rate: None,
            elapsed: number::clock(elapsed),
            remaining: number::clock(remaining),
            unit: "",
            style: BarStyle::Other,
            values,
        }));
        true
    }
}
