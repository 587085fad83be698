//! Scores as trackers save them: `{"aggregated": {metric: number}, "per_datapoint": {…}}`, a level of tasks above that, or
//! plain numbers by name.

use std::sync::Arc;

use crate::model::facts::Axis;
use crate::model::facts::Facts;
use crate::model::facts::Metric;
use crate::model::facts::Scores;
use crate::parse::jsonl::scan::Scanner;
use crate::parse::jsonl::scan::Value;
use crate::parse::jsonl::scan::figure;
use crate::parse::jsonl::scan::plain;

use super::Folder;
use super::early::lower_is_better;

/// Scores that one file may have.
const MOST: usize = 512;

/// The scores of a file, NaN included; lists (a figure for each class) and single datapoints are left out. `None` when the
/// file is no whole JSON.
pub(super) fn of(text: &str) -> Option<Scores> {
    let mut found = Scores::new();
    let mut scan = Scanner::new(text);
    match scan.value()? {
        Value::Object => gather(&mut scan, "", &mut found, 0)?,
        other => scan.pass(other)?,
    }
    scan.is_over().then_some(found)
}

fn gather(scan: &mut Scanner<'_>, prefix: &str, found: &mut Scores, depth: usize) -> Option<()> {
    while let Some(key) = scan.key()? {
        let name =
            || if prefix.is_empty() { plain(key).into_owned() } else { format!("{prefix}/{}", plain(key)) };
        match scan.value()? {
            Value::Number(token) => {
                if let Some(value) = figure(token).filter(|_| found.len() < MOST) {
                    found.push((name().into(), value));
                }
            }
            Value::Object if key == "per_datapoint" || depth > 5 => scan.skip()?,
            Value::Object if key == "aggregated" => gather(scan, prefix, found, depth + 1)?,
            Value::Object => gather(scan, &name(), found, depth + 1)?,
            other => scan.pass(other)?,
        }
    }
    Some(())
}

/// The scores of each finished epoch; what cannot be read is `None` and told among the warnings.
pub(super) fn epochs(folder: &Folder<'_>, done: u64, facts: &mut Facts) -> Vec<Option<Scores>> {
    (0..done)
        .map(|epoch| {
            let path = format!("epoch_{epoch}/validation_scores.json");
            let text = folder.docs.get(path.as_str())?;
            let scores = of(text);
            if scores.is_none() {
                facts.warnings.push(format!("{path} is not whole JSON").into());
            }
            scores
        })
        .collect()
}

/// Puts the scores into `facts`: the latest, the best of those whose better side is known, and a curve for each.
pub(super) fn tell(epochs: &[Option<Scores>], lower: bool, facts: &mut Facts) {
    for (epoch, scores) in epochs.iter().enumerate() {
        for (name, value) in scores.iter().flatten() {
            point(&mut facts.metrics, name, epoch, *value);
        }
    }
    if let Some(latest) = epochs.last().and_then(Option::as_ref) {
        facts.latest_scores.clone_from(latest);
    }
    for metric in &facts.metrics {
        let lower = lower_is_better(&metric.name).or(lower.then_some(true));
        let best = match lower {
            Some(true) => metric.min,
            Some(false) => metric.max,
            None => None,
        };
        if let Some(best) = best {
            facts.best_scores.push((metric.name.clone(), best));
        }
    }
}

fn point(metrics: &mut Vec<Metric>, name: &Arc<str>, epoch: usize, value: f64) {
    let x = epoch as f64;
    let index = metrics.iter().position(|metric| metric.name == *name).unwrap_or(metrics.len());
    if index == metrics.len() {
        metrics.push(Metric::new(name.clone(), Axis::Epoch, "epoch_*/validation_scores.json".into()));
    }
    let Some(metric) = metrics.get_mut(index) else { return };
    metric.last = value;
    metric.points += 1;
    Arc::make_mut(&mut metric.series).push(x, value);
    if !value.is_finite() {
        metric.non_finite += 1;
        return;
    }
    if metric.min.is_none_or(|min| value < min) {
        (metric.min, metric.min_at) = (Some(value), Some(x));
    }
    if metric.max.is_none_or(|max| value > max) {
        (metric.max, metric.max_at) = (Some(value), Some(x));
    }
}
