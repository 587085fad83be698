//! PyTorch-Ignite: bars with the figures before the time (`Epoch [1/4]: [2/30]   7%|▋         , loss=0.783 [00:00<00:01]`),
//! engines of which only the trainer's tells of the run, and the averages of its metrics as its examples print them
//! (`Validation Results - Epoch: 1  Avg accuracy: 0.83 Avg loss: 0.50`).

use crate::model::record::At;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;
use crate::parse::text::row;

#[derive(Default)]
pub(super) struct Ignite;

/// The figures behind `Avg NAME: `, by the names that the metrics have.
fn averages(text: &str) -> Option<Pairs<'_>> {
    let mut values = Pairs::new();
    for part in text.split("Avg ").skip(1) {
        let (name, value) = part.split_once(':')?;
        let value = number::number(value.trim().trim_end_matches([',', ';', '|']).trim())?;
        values.push(Pair { name: name.trim(), value });
    }
    (!values.is_empty()).then_some(values)
}

/// `Validation Results - Epoch: 3  Avg …`
fn results<'a>(body: &'a str, out: &mut Out<'_>) -> Option<()> {
    let (what, rest) = body.split_once(" Results - Epoch")?;
    let rest = rest.trim_start_matches([':', '[', ' ']);
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (epoch, rest) = rest.split_at_checked(digits)?;
    let epoch = number::count(epoch)?;
    let split = row::split_of(what.rsplit(' ').next()?)?;
    let values: Pairs<'a> = averages(rest)?;
    out.framework("ignite");
    out.row(
        At { epoch: Some(epoch), epoch_base: Some(1), ..At::default() },
        Some(split),
        RowKind::EpochEnd,
        values,
    );
    Some(())
}

impl Shape for Ignite {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("Engine run ") || body.starts_with("Epoch[") || body.contains(" Results - Epoch")
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
        results(body, out).is_some()
    }
}
