//! PyTorch-Ignite: bars with the figures before the time (`Epoch [1/4]: [2/30]   7%|▋         , loss=0.783 [00:00<00:01]`),
//! and engines of which only the trainer's tells of the run.

use crate::model::record::At;
use crate::model::record::Ending;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Ignite;

impl Shape for Ignite {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("Engine run ") || body.starts_with("Epoch[")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        // its bars are of the tqdm family; its engines' lines are not
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
        false
    }
}
