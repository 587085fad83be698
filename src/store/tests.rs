//! Made-up runs, for the tests of every floor that shows them, and the tests of the store itself.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::facts::{Axis, Facts, Metric};
use crate::model::series::Series;

/// The moment at which made-up things happen.
pub(crate) const NOW: Stamp = Stamp::from_millis(1_767_607_200_000);

pub(crate) fn key(id: &str) -> RunKey {
    RunKey { root: 0, id: id.into() }
}

pub(crate) fn ago(seconds: u64) -> Stamp {
    NOW.minus(Duration::from_secs(seconds))
}

/// A metric that took these values at steps 10, 20, …
pub(crate) fn metric(name: &str, values: &[f64]) -> Metric {
    let mut series = Series::default();
    let mut min: Option<(f64, f64)> = None;
    let mut max: Option<(f64, f64)> = None;
    for (at, value) in values.iter().enumerate() {
        let x = (at + 1) as f64 * 10.0;
        series.push(x, *value);
        if value.is_finite() {
            min = min.filter(|(low, _)| low <= value).or(Some((*value, x)));
            max = max.filter(|(high, _)| high >= value).or(Some((*value, x)));
        }
    }
    Metric {
        name: name.into(),
        last: values.last().copied().unwrap_or(f64::NAN),
        min: min.map(|(value, _)| value),
        min_at: min.map(|(_, x)| x),
        max: max.map(|(value, _)| value),
        max_at: max.map(|(_, x)| x),
        step: series.last_x(),
        points: values.len() as u64,
        non_finite: values.iter().filter(|value| !value.is_finite()).count() as u64,
        axis: Axis::Step,
        series: Arc::new(series),
        source: "training.log".into(),
    }
}

pub(crate) fn run(id: &str, last_write: Option<Stamp>, facts: Facts) -> Run {
    Run {
        key: key(id),
        path: PathBuf::from("/runs").join(id),
        name: id.rsplit('/').next().unwrap_or(id).into(),
        facts,
        sources: Vec::new(),
        last_write,
        looked_at: true,
        problem: None,
        owners: crate::model::owner::Owners::Unknown,
    }
}

pub(crate) fn row(id: &str, state: State, last_write: Option<Stamp>, facts: Facts) -> Row {
    let verdict = Verdict { state, reason: "made up".to_owned(), outdated: false, until: None };
    Row { run: Arc::new(run(id, last_write, facts)), verdict }
}

#[test]
fn the_alert_is_the_newest_failure_then_the_newest_stall() {
    let mut store = Store::default();
    assert!(store.alert(NOW).is_none());
    store.insert(row(
        "nan",
        State::Running,
        Some(ago(1)),
        Facts { metrics: vec![metric("loss", &[f64::NAN])], ..Facts::default() },
    ));
    assert_eq!(store.alert(NOW).map(|(row, _)| row.run.key.clone()), Some(key("nan")));
    store.insert(row("stall", State::Stalled, Some(ago(900)), Facts::default()));
    assert_eq!(store.alert(NOW).map(|(row, _)| row.run.key.clone()), Some(key("stall")));
    store.insert(row("old", State::Failed, Some(ago(7200)), Facts::default()));
    store.insert(row("new", State::Failed, Some(ago(3600)), Facts::default()));
    let (row, until) = store.alert(NOW).expect("a failure");
    assert_eq!((row.run.key.clone(), until), (key("new"), ago(3600).plus(RECENT)));
    assert_eq!(
        store.alert(until).map(|(row, _)| row.run.key.clone()),
        Some(key("stall")),
        "the failures are old by then"
    );
    store.apply(Update::Gone(key("new")), NOW);
    assert_eq!(store.alert(NOW).map(|(row, _)| row.run.key.clone()), Some(key("old")));
}

proptest! {
    #[test]
    fn counts_and_moments_are_those_of_the_rows(steps in prop::collection::vec((0u8..12, 0usize..9, 0u64..50, any::<bool>()), 0..60)) {
        let mut store = Store::default();
        let mut model = BTreeMap::new();
        for (id, state, until, gone) in steps {
            let id = format!("run-{id}");
            if gone {
                store.apply(Update::Gone(key(&id)), NOW);
                model.remove(&id);
            } else {
                let state = State::ALL[state];
                let mut row = row(&id, state, Some(ago(until)), Facts::default());
                row.verdict.until = (until > 0).then(|| NOW.plus(Duration::from_secs(until)));
                model.insert(id, (state, row.verdict.until));
                store.insert(row);
            }
        }
        prop_assert_eq!(store.len(), model.len());
        for state in State::ALL {
            prop_assert_eq!(store.counts().of(state), model.values().filter(|(s, _)| *s == state).count());
        }
        prop_assert_eq!(store.next_judgement(), model.values().filter_map(|(_, until)| *until).min());
        store.judged_anew(NOW.plus(Duration::from_secs(25)));
        prop_assert!(store.next_judgement().is_none_or(|next| next > NOW.plus(Duration::from_secs(25))));
    }
}
