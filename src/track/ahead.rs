//! Joins what was read ahead at the newest end of a file with what its history has given so far.
//!
//! The newest truth wins: state, progress and last figures come from the end; what only the history can tell (extremes, the
//! curve) is added to it. All of it is provisional and replaced when the history has been read.

use crate::model::facts::Facts;
use crate::model::facts::Metric;

/// `newest` with what `history` adds.
#[must_use]
pub fn join(mut newest: Facts, history: Facts) -> Facts {
    // line numbers of the end are not known before all lines above it have been counted
    if let Some(error) = &mut newest.error {
        error.place.line = None;
    }
    if let Some(ended) = &mut newest.ended {
        ended.place.line = None;
    }
    for old in history.metrics {
        match newest.metrics.iter_mut().find(|metric| metric.name == old.name) {
            Some(metric) => widen(metric, &old),
            None => newest.metrics.push(old),
        }
    }
    newest.log_lines = history.log_lines;
    newest.framework = newest.framework.or(history.framework);
    if !history.user_formats.is_empty() {
        newest.user_formats = history.user_formats;
    }
    newest.started_at = history.started_at.or(newest.started_at);
    if newest.checkpoints.len() < history.checkpoints.len() {
        newest.checkpoints = history.checkpoints;
    }
    if newest.samples.len() < history.samples.len() {
        newest.samples = history.samples;
    }
    newest
}

fn widen(metric: &mut Metric, old: &Metric) {
    if let Some(min) = old.min
        && metric.min.is_none_or(|known| min < known)
    {
        metric.min = old.min;
        metric.min_at = old.min_at;
    }
    if let Some(max) = old.max
        && metric.max.is_none_or(|known| max > known)
    {
        metric.max = old.max;
        metric.max_at = old.max_at;
    }
    // of the two curves the longer one is the better picture until there is one of everything
    if old.points > metric.points {
        metric.points = old.points;
        metric.non_finite = old.non_finite;
        metric.series = old.series.clone();
        metric.axis = old.axis;
    }
}
