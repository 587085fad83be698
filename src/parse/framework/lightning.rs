//! Lightning: `Epoch 6, global step 140: 'val_loss' …`, `` `Trainer.fit` stopped: `max_epochs=3` reached. ``, and the box of test
//! metrics. Its bars are tqdm's and Rich's; its epochs count from 0.

use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Split;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::improved;
use crate::parse::text::improved::Improved;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Lightning {
    /// Inside the box under `Test metric` or `Validate metric`.
    split: Option<Split>,
    /// The checkpoint's lines tell what is watched.
    reaches: bool,
}

impl Lightning {
    fn boxed(&mut self, body: &str, out: &mut Out<'_>) -> bool {
        let cells: Vec<&str> =
            body.split(['│', '┃']).map(str::trim).filter(|cell| !cell.is_empty()).collect();
        match cells.as_slice() {
            ["Test metric", ..] => self.split = Some(Split::Test),
            ["Validate metric", ..] => self.split = Some(Split::Validation),
            [name, value] if self.split.is_some() => {
                if let Some(value) = number::number(value) {
                    let mut values = Pairs::new();
                    values.push(Pair { name, value });
                    out.row(At::default(), self.split, RowKind::Summary, values);
                }
            }
            _ => return self.split.is_some(),
        }
        true
    }

    fn stopped(body: &str, out: &mut Out<'_>) -> bool {
        let Some(why) = body.strip_prefix("`Trainer.fit` stopped: `") else { return false };
        out.framework("lightning");
        let value = why.split('`').next().and_then(|w| w.split_once('='));
        match value.and_then(|(name, value)| Some((name, number::count(value)?))) {
            Some(("max_epochs", all)) => {
                out.total(Count::Epochs, all);
                out.epoch(
                    At { epoch: Some(all), epoch_total: Some(all), epoch_base: Some(1), ..At::default() },
                    true,
                );
            }
            Some(("max_steps", all)) => {
                out.row(
                    At { step: Some(all), step_total: Some(all), step_base: Some(1), ..At::default() },
                    None,
                    RowKind::Plain,
                    Pairs::new(),
                );
            }
            _ => {}
        }
        out.ending(Ending::Completed);
        true
    }
}

impl Shape for Lightning {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with(['│', '┃', '└', '╰'])
            || ["GPU available: ", "Epoch ", "Metric "].iter().any(|start| body.starts_with(start))
            || body.contains("`Trainer.fit` stopped")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if body.starts_with(['│', '┃']) {
            return self.boxed(body, out);
        }
        if body.starts_with(['└', '╰']) {
            self.split = None;
            return false;
        }
        if body.starts_with("GPU available: ") && body.contains("used: ") {
            out.framework("lightning");
            return true;
        }
        if let Some((epoch, rest)) =
            body.strip_prefix("Epoch ").and_then(|rest| rest.split_once(", global step "))
            && let Some((step, rest)) = rest.split_once(':')
            && let (Some(epoch), Some(step)) = (number::count(epoch), number::count(step))
        {
            out.framework("lightning");
            out.row(
                At {
                    epoch: Some(epoch),
                    epoch_base: Some(0),
                    step: Some(step),
                    step_base: Some(1),
                    ..At::default()
                },
                None,
                RowKind::Plain,
                Pairs::new(),
            );
            if let Some((name, value)) = improved::reached(rest) {
                self.reaches = true;
                let at = At { epoch: Some(epoch), step: Some(step), step_base: Some(1), ..At::default() };
                let values = [Pair { name, value: value.unwrap_or(f64::NAN) }].into_iter().collect();
                out.row(at, None, RowKind::Told, values);
            }
            if let Some((_, path)) = rest.split_once("saving model to '") {
                let path = path.split('\'').next().unwrap_or(path);
                out.put(&Record::Checkpoint { path, step: Some(step), epoch: Some(epoch) });
            }
            return true;
        }
        if body.starts_with("Metric ") && body.contains(" improved") {
            // the checkpoint's line tells it with its place
            if let Some(Improved { name, value: Some(value), .. }) =
                improved::read(body).filter(|_| !self.reaches)
            {
                let values = [Pair { name, value }].into_iter().collect();
                out.row(At::default(), None, RowKind::Told, values);
            }
            return true;
        }
        Self::stopped(body, out)
    }
}
