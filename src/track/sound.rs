//! What a record may say of places: a file can hold any number, and a count that is none would be carried into all figures that
//! rest on it.

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

/// Whether all that the record counts can be counted.
#[inline]
pub(super) fn is_sound(record: &Record<'_>) -> bool {
    match record {
        Record::Row(row) => is_place(&row.at),
        Record::Epoch { at, .. } => is_place(at),
        Record::Total { value, .. } | Record::Planned { value, .. } => is_count(*value),
        Record::Turn { done, all } => is_count(*done) && may_be_count(*all),
        Record::Bar(bar) => {
            is_count(bar.current)
                && [bar.total, bar.rate, bar.elapsed, bar.remaining].into_iter().all(may_be_count)
        }
        Record::Checkpoint { path, step, epoch } => {
            path.len() <= PATH && may_be_count(*step) && may_be_count(*epoch)
        }
        Record::Sample { path, step } => path.len() <= PATH && may_be_count(*step),
        _ => true,
    }
}

/// The record without counts that are none; `None` when nothing is left of it.
#[cold]
pub(super) fn corrected<'a>(record: &Record<'a>) -> Option<Record<'a>> {
    let count = |value: Option<f64>| value.filter(|value| is_count(*value));
    let mut record = record.clone();
    match &mut record {
        Record::Row(row) => row.at = place(&row.at),
        Record::Epoch { at, .. } => {
            *at = place(at);
            at.epoch?;
        }
        Record::Bar(bar) if is_count(bar.current) => {
            for value in [&mut bar.total, &mut bar.rate, &mut bar.elapsed, &mut bar.remaining] {
                *value = count(*value);
            }
        }
        Record::Checkpoint { path, step, epoch } if path.len() <= PATH => {
            (*step, *epoch) = (count(*step), count(*epoch));
        }
        Record::Sample { path, step } if path.len() <= PATH => *step = count(*step),
        _ => return None,
    }
    Some(record)
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
            assert_eq!(corrected(&told), Some(Record::Epoch { at: kept, done: true }), "{value}");
            let nothing = Record::Epoch { at: At { epoch: Some(value), ..At::default() }, done: true };
            assert!(!is_sound(&told) && !is_sound(&nothing), "{value}");
            assert_eq!(corrected(&nothing), None, "{value}");
        }
        let rough =
            Record::Epoch { at: At { epoch: Some(2.0), step: Some(f64::NAN), ..At::default() }, done: true };
        assert!(is_sound(&rough));
        let path = "a/".repeat(3000);
        assert_eq!(corrected(&Record::Sample { path: &path, step: None }), None);
    }
}
