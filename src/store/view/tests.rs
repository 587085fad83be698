use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::model::facts::{Facts, Progress};
use crate::model::state::State;
use crate::store::Update;
use crate::store::column::Column;
use crate::store::filter::parse;
use crate::store::tests::{NOW, ago, key, metric, row};

fn ids(view: &View) -> Vec<&str> {
    view.window(0, usize::MAX).map(|key| &*key.id).collect()
}

#[test]
fn attention_puts_recent_trouble_first_then_live_runs_then_the_newest() {
    let mut store = Store::default();
    let day = 86_400;
    for (id, state, age) in [
        ("done-new", State::Completed, 60),
        ("done-old", State::Completed, 9 * day),
        ("failed-old", State::Failed, 3 * day),
        ("failed", State::Failed, 7200),
        ("stalled", State::Stalled, 1800),
        ("run-10", State::Running, 0),
        ("run-9", State::Running, 5),
        ("queued", State::Queued, 100),
    ] {
        store.insert(row(id, state, Some(ago(age)), Facts::default()));
    }
    store.insert(row("timeless", State::Unknown, None, Facts::default()));
    let mut view = View::default();
    view.rebuild(&store, NOW);
    assert_eq!(
        ids(&view),
        ["stalled", "failed", "run-9", "run-10", "queued", "done-new", "failed-old", "done-old", "timeless"]
    );
    assert_eq!(view.until(), Some(ago(7200).plus(Duration::from_secs(day))), "then the failure is old");
    view.refresh(&store, &[], view.until().unwrap());
    assert_eq!(ids(&view)[..3], ["stalled", "run-9", "run-10"]);
}

#[test]
fn figures_sort_both_ways_and_the_unknown_come_last() {
    let mut store = Store::default();
    for (id, losses) in [("a", &[0.5][..]), ("b", &[0.1]), ("nan", &[f64::NAN]), ("c", &[0.3])] {
        let facts = Facts { metrics: vec![metric("loss", losses)], ..Facts::default() };
        store.insert(row(id, State::Completed, Some(ago(5)), facts));
    }
    store.insert(row("none", State::Completed, Some(ago(1)), Facts::default()));
    let mut view = View::default();
    view.set_sort(Sort { column: Column::Loss, reversed: false });
    view.rebuild(&store, NOW);
    assert_eq!(ids(&view), ["b", "c", "a", "nan", "none"]);
    view.set_sort(Sort { column: Column::Loss, reversed: true });
    view.rebuild(&store, NOW);
    assert_eq!(ids(&view), ["a", "c", "b", "nan", "none"]);
    view.set_sort(Sort { column: Column::Name, reversed: true });
    view.rebuild(&store, NOW);
    assert_eq!(ids(&view), ["none", "nan", "c", "b", "a"]);
}

#[test]
fn columns_turn_around_the_end() {
    assert_eq!(Column::Age.turned(1), Column::Attention);
    assert_eq!(Column::Attention.turned(-1), Column::Age);
    let mut column = Column::default();
    for _ in Column::ALL {
        column = column.turned(1);
    }
    assert_eq!(column, Column::default());
}

proptest! {
    #[test]
    fn moving_single_runs_gives_the_same_list_as_making_it_anew(
        news in prop::collection::vec((0u8..30, 0usize..9, 0u64..200_000, 0u8..101, any::<bool>()), 1..80),
        column in 0usize..11, reversed: bool, filtered: bool,
    ) {
        let mut store = Store::default();
        let mut view = View::default();
        view.set_sort(Sort { column: Column::ALL[column], reversed });
        if filtered {
            view.set_filter(parse("state:r,f,s percent<50 OR age<10h").unwrap());
        }
        view.rebuild(&store, NOW);
        for (id, state, age, percent, gone) in news {
            let id = format!("run-{id}");
            if gone {
                store.apply(Update::Gone(key(&id)), NOW);
            } else {
                let progress = Progress { percent: Some(f64::from(percent)), ..Progress::default() };
                let facts = Facts { progress, ..Facts::default() };
                store.insert(row(&id, State::ALL[state], Some(ago(age)), facts));
            }
            view.refresh(&store, &[key(&id)], NOW);
        }
        let mut anew = view.clone();
        anew.rebuild(&store, NOW);
        prop_assert_eq!(ids(&view), ids(&anew));
        for (at, key) in view.window(0, usize::MAX).enumerate() {
            prop_assert_eq!(view.position(key), Some(at));
        }
    }
}
