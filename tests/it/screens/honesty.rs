//! `redraw: false` is a promise: the screen would be the same, cell by cell.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use trainmon::app::key::{Code, Key};
use trainmon::app::msg::Msg;
use trainmon::app::state::{State, update};
use trainmon::model::facts::{Facts, Progress};
use trainmon::model::log::{LogPage, Slot};
use trainmon::model::run::RunKey;
use trainmon::model::stamp::Stamp;
use trainmon::model::state::State as RunState;
use trainmon::store::Update;
use trainmon::ui::{Theme, render};

use super::samples::{NOW, fleet, metric, row, sample, state};
use super::unreadable;

#[derive(Debug, Clone)]
enum Step {
    Key(Key),
    News(Vec<News>),
    Wait(u64),
    Resize(u16, u16),
    Notice,
    Log(u64, bool),
}

#[derive(Debug, Clone)]
enum News {
    Run { id: u8, percent: Option<u8>, loss: Option<i8>, age: u32 },
    Gone(u8),
    Problem,
    Walked,
    Reading(u64, u64),
}

fn news() -> impl Strategy<Value = News> {
    prop_oneof![
        6 => (any::<u8>(), any::<Option<u8>>(), any::<Option<i8>>(), 0u32..300_000)
            .prop_map(|(id, percent, loss, age)| News::Run { id, percent, loss, age }),
        1 => any::<u8>().prop_map(News::Gone),
        1 => Just(News::Problem),
        1 => Just(News::Walked),
        1 => (0u64..1_000_000, 0u64..1_000_000).prop_map(|(a, b)| News::Reading(a, b)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let keys = "jkgGsSr/123?zqlhaf:<|=".chars().map(Key::char).chain(
        [Code::Enter, Code::Esc, Code::Backspace, Code::PageDown, Code::End, Code::Tab]
            .into_iter()
            .map(Key::plain),
    );
    prop_oneof![
        3 => prop::sample::select(keys.collect::<Vec<_>>()).prop_map(Step::Key),
        5 => prop::collection::vec(news(), 1..4).prop_map(Step::News),
        3 => prop_oneof![0u64..1500, 0u64..100_000, 0u64..40_000_000].prop_map(Step::Wait),
        1 => (30u16..130, 5u16..45).prop_map(|(cols, rows)| Step::Resize(cols, rows)),
        1 => Just(Step::Notice),
        1 => (0u64..3, any::<bool>()).prop_map(|(generation, second)| Step::Log(generation, second)),
    ]
}

fn id(id: u8) -> String {
    format!("sweep-00/run-{id:05}")
}

fn message(step: Step, now: Stamp) -> Msg {
    match step {
        Step::Key(key) => Msg::Key(key),
        Step::Wait(_) => Msg::Wake,
        Step::Resize(cols, rows) => Msg::Resize { cols, rows },
        Step::Notice => Msg::Notice("a notice".to_owned()),
        Step::Log(generation, second) => {
            let slot = if second { Slot::Second } else { Slot::First };
            Msg::Log(slot, LogPage { generation, ..super::samples::log() })
        }
        Step::News(all) => Msg::Runs(all.into_iter().map(|news| update_of(&news, now)).collect()),
    }
}

fn update_of(news: &News, now: Stamp) -> Update {
    match news {
        News::Gone(n) => Update::Gone(RunKey { root: 0, id: id(*n).into() }),
        News::Problem => Update::Problem(unreadable()),
        News::Walked => Update::Walked,
        News::Reading(a, b) => Update::Reading { total: (*a).max(*b), done: (*a).min(*b) },
        News::Run { id: n, percent, loss, age } => {
            let progress = Progress { percent: percent.map(f64::from), ..Progress::default() };
            let metrics = loss.iter().map(|loss| metric("loss", 1.0, [1.0, f64::from(*loss)])).collect();
            let mut row =
                row(&id(*n), RunState::Running, "", Some(0), Facts { progress, metrics, ..Facts::default() });
            Arc::make_mut(&mut row.run).last_write = Some(now.minus(Duration::from_secs(u64::from(*age))));
            Update::Run(row.run)
        }
    }
}

fn drawn(state: &State, theme: &Theme, now: Stamp) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, state.cols, state.rows));
    render(state, theme, now, &mut buffer);
    buffer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_asks_for_no_redraw_changes_no_cell(many: bool, steps in prop::collection::vec(step(), 1..30)) {
        let theme = Theme::default();
        let mut state = if many { state(fleet(200), 80, 24) } else { sample(100, 30) };
        let mut now = NOW;
        let mut before = drawn(&state, &theme, now);
        for step in steps {
            if let Step::Wait(millis) = step {
                now = now.plus(Duration::from_millis(millis));
            }
            let what = format!("{step:?}");
            let redraw = update(&mut state, message(step, now), now).redraw;
            let after = drawn(&state, &theme, now);
            if !redraw {
                prop_assert!(before == after, "{what} changed cells: {:?}", before.diff(&after).iter().map(|(x, y, cell)| (*x, *y, cell.symbol().to_owned())).take(12).collect::<Vec<_>>());
            }
            before = after;
        }
    }

    #[test]
    fn nothing_changes_before_the_moment_it_says(waits in prop::collection::vec(0u64..200_000, 1..12), keys in "[jzs2G]{0,3}") {
        let theme = Theme::default();
        let mut state = sample(100, 30);
        for c in keys.chars() {
            update(&mut state, Msg::Key(Key::char(c)), NOW);
        }
        let mut now = NOW;
        for wait in waits {
            let until = state.next_wake(now);
            let asked = now.plus(Duration::from_millis(wait));
            let moment = until.map_or(asked, |until| asked.min(until.minus(Duration::from_millis(1))));
            prop_assert!(drawn(&state, &theme, now) == drawn(&state, &theme, moment));
            now = asked.max(now);
            update(&mut state, Msg::Wake, now);
        }
    }
}
