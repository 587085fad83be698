//! Counters to a place in training: epoch, step and batch may stand on one line, in any order and under many names.

use crate::parse::text::fields::Item;
use crate::parse::text::words::Counter;

use super::Weighed;

pub(super) fn place(items: &[Item<'_>], out: &mut Weighed<'_>) {
    for item in items {
        match *item {
            Item::At { what: Counter::Epoch | Counter::Batch, done, .. } if done.is_nan() => {}
            Item::At {
                what: what @ (Counter::Nameless | Counter::Outer | Counter::Percent),
                done,
                all,
                ..
            } => {
                out.counted = Some((what, done, all.unwrap_or(100.0)));
            }
            Item::At { what: Counter::Turn, done, all, .. } => out.turn = Some((done, all)),
            Item::At { what, done, all, .. } => {
                let at = &mut out.at;
                match what {
                    Counter::Epoch if at.epoch.is_none() => (at.epoch, at.epoch_total) = (Some(done), all),
                    Counter::GlobalStep => {
                        if let (Some(step), Some(all), None) = (at.step, at.step_total, at.batch)
                            && (at.epoch.is_some() || step.to_bits() != done.to_bits())
                        {
                            // `Training epoch 0, iteration 20/99 | global_step: 20`
                            (at.batch, at.batch_total) = (Some(step), Some(all));
                        }
                        (at.step, at.step_total, at.step_base) = (Some(done), all, Some(1));
                    }
                    // timm calls its batches so, which count from 0
                    Counter::Sample => {
                        at.part =
                            all.map(|all| if done > 1.0 && done + 1.0 >= all { 1.0 } else { done / all });
                    }
                    Counter::Step if at.step.is_none() => (at.step, at.step_total) = (Some(done), all),
                    Counter::Batch if at.batch.is_none() => (at.batch, at.batch_total) = (Some(done), all),
                    _ => continue,
                }
                out.placed = true;
            }
            Item::Total { of, value, .. } => out.totals.push((of, value)),
            Item::Pair { .. } => {}
        }
    }
}
