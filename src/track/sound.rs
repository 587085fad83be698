//! What a record may say of places: a file can hold any number, and a count that is none would be carried into all figures that
//! rest on it.

use std::borrow::Cow;

use crate::model::record::At;
use crate::model::record::Record;

/// No run has more steps, and products of two such counts are still numbers.
const MOST: f64 = 1e15;

/// Bytes that a path may have.
const PATH: usize = 4096;

/// Whether a number can be a count of steps or epochs.
#[inline]
pub(super) fn is_count(value: f64) -> bool {
    (0.0..=MOST).contains(&value)
}

#[inline]
fn may_be_count(value: Option<f64>) -> bool {
    value.is_none_or(is_count)
}

/// As [`At::step`] has it: NaN tells that the step is known no more.
fn may_be_step(value: Option<f64>) -> bool {
    value.is_none_or(|step| is_count(step) || step.is_nan())
}

fn is_place(at: &At) -> bool {
    may_be_step(at.step)
        && [at.epoch, at.epoch_total, at.step_total, at.batch, at.batch_total, at.part]
            .into_iter()
            .all(may_be_count)
}

/// The place without what is no count.
fn place(at: &At) -> At {
    let count = |value: Option<f64>| value.filter(|value| is_count(*value));
    At {
        epoch: count(at.epoch),
        epoch_total: count(at.epoch_total),
        step: at.step.filter(|step| may_be_step(Some(*step))),
        step_total: count(at.step_total),
        batch: count(at.batch),
        batch_total: count(at.batch_total),
        part: count(at.part),
        ..*at
    }
}

/// The record without counts that are none; `None` when nothing is left of it.
pub(super) fn sound<'r, 'a>(record: &'r Record<'a>) -> Option<Cow<'r, Record<'a>>> {
    match record {
        Record::Row(row) if !is_place(&row.at) => {
            let mut row = row.clone();
            row.at = place(&row.at);
            Some(Cow::Owned(Record::Row(row)))
        }
        Record::Epoch { at, done } if !is_place(at) => {
            let at = place(at);
            at.epoch.is_some().then_some(Cow::Owned(Record::Epoch { at, done: *done }))
        }
        Record::Total { value, .. } if !is_count(*value) => None,
        Record::Bar(bar) if !is_count(bar.current) => None,
        Record::Bar(bar)
            if ![bar.total, bar.rate, bar.elapsed, bar.remaining].into_iter().all(may_be_count) =>
        {
            let mut bar = bar.clone();
            for count in [&mut bar.total, &mut bar.rate, &mut bar.elapsed, &mut bar.remaining] {
                *count = count.filter(|count| is_count(*count));
            }
            Some(Cow::Owned(Record::Bar(bar)))
        }
        Record::Checkpoint { path, .. } | Record::Sample { path, .. } if path.len() > PATH => None,
        Record::Checkpoint { path, step, epoch } if !may_be_count(*step) || !may_be_count(*epoch) => {
            let (step, epoch) = (step.filter(|step| is_count(*step)), epoch.filter(|epoch| is_count(*epoch)));
            Some(Cow::Owned(Record::Checkpoint { path, step, epoch }))
        }
        Record::Sample { path, step } if !may_be_count(*step) => {
            Some(Cow::Owned(Record::Sample { path, step: None }))
        }
        _ => Some(Cow::Borrowed(record)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_counted_is_not_told() {
        for value in [f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300] {
            let at = At { epoch: Some(2.0), step: Some(value), epoch_total: Some(value), ..At::default() };
            let told = Record::Epoch { at, done: true };
            let kept = At { epoch: Some(2.0), ..At::default() };
            assert_eq!(sound(&told).as_deref(), Some(&Record::Epoch { at: kept, done: true }), "{value}");
            let nothing = Record::Epoch { at: At { epoch: Some(value), ..At::default() }, done: true };
            assert_eq!(sound(&nothing), None, "{value}");
        }
        let rough =
            Record::Epoch { at: At { epoch: Some(2.0), step: Some(f64::NAN), ..At::default() }, done: true };
        assert!(matches!(sound(&rough), Some(Cow::Borrowed(_))));
        let path = "a/".repeat(3000);
        assert_eq!(sound(&Record::Sample { path: &path, step: None }), None);
    }
}
