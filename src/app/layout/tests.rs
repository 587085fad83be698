use super::*;
use crate::model::facts::Facts;
use crate::model::state::State as RunState;
use crate::store::tests::{NOW, ago, metric, row};

fn states() -> Vec<State> {
    let mut states = Vec::new();
    for runs in [0, 1, 7, 300] {
        let mut state = State::default();
        for at in 0..runs {
            let metrics = (0..at % 30).map(|n| metric(&format!("m{n}"), &[1.0, 2.0, 0.5])).collect();
            let facts = Facts { metrics, ..Facts::default() };
            state.store.insert(row(&format!("run-{at}"), RunState::Running, Some(ago(5)), facts));
        }
        state.list.rebuild(&state.store, NOW);
        state.selected = state.list.get(state.list.len() / 2).cloned();
        for screen in [Screen::Runs, Screen::Run, Screen::Logs] {
            states.push(State { screen, ..state.clone() });
        }
    }
    states
}

#[test]
fn at_every_size_the_panes_are_inside_and_disjoint() {
    for state in states() {
        for cols in 1..=220 {
            for rows in 1..=70 {
                let screen = Rect::new(0, 0, cols, rows);
                let areas = areas(screen, &state);
                assert_eq!(areas.too_small(), cols < LEAST_COLS || rows < LEAST_ROWS);
                let panes: Vec<Rect> = areas.all().into_iter().filter(|pane| !pane.is_empty()).collect();
                for (at, pane) in panes.iter().enumerate() {
                    assert_eq!(pane.intersection(screen), *pane, "{cols}x{rows}: {areas:?}");
                    for other in &panes[..at] {
                        assert!(!pane.intersects(*other), "{cols}x{rows}: {areas:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_matters_is_there_at_every_size() {
    for state in states() {
        for cols in LEAST_COLS..=220 {
            for rows in LEAST_ROWS..=70 {
                let areas = areas(Rect::new(0, 0, cols, rows), &state);
                let body = if state.screen == Screen::Runs && !state.list.is_empty() {
                    areas.table
                } else {
                    areas.page
                };
                let least = if state.screen == Screen::Run { 2 } else { 3 };
                assert!(
                    body.height >= least && body.width == cols,
                    "{cols}x{rows} {:?}: {areas:?}",
                    state.screen
                );
                assert!(!areas.footer.is_empty());
            }
        }
    }
}
