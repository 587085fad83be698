//! What keys do on the charts of a run's page.

use crate::app::binding::Action;
use crate::app::cross::Cross;
use crate::app::lens::Zoom;
use crate::app::page::{axes, curves};
use crate::app::state::State;

/// Does what a key asks of the charts.
pub(super) fn act(state: &mut State, act: Action) {
    match act {
        Action::Cross => cross(state),
        Action::Walk(_) | Action::Turn => walk(state, act),
        Action::Zoom(how) => zoom(state, how),
        Action::Smooth(back) => state.lens.turn_smooth(back),
        Action::Upright => state.lens.upright = state.lens.upright.next(),
        Action::Cut => state.lens.cut = !state.lens.cut,
        Action::Alone => alone(state),
        _ => {}
    }
}

/// The crosshair comes, or goes.
fn cross(state: &mut State) {
    if state.cross.take().is_some() {
        return;
    }
    let Some((row, picks)) = state.current_row() else { return };
    let facts = &row.run.facts;
    let mut cross = Cross::new(&row.run.key, facts, axes(facts, picks));
    // where only a part is shown it comes to the end of that
    if let Some(cross) = &mut cross
        && let Some((from, to)) = state.lens.window(&cross.run, facts, cross.axis)
        && let Some(near) =
            Cross::near(cross.run.clone(), facts, cross.axis, to).filter(|near| near.x >= from)
    {
        *cross = near;
    }
    state.cross = cross;
    if state.cross.is_none() {
        state.notice = Some("there is no chart to put a crosshair on".to_owned());
    }
}

fn walk(state: &mut State, act: Action) {
    let (Some(mut cross), mut lens) = (state.cross.clone(), state.lens.clone()) else { return };
    if let Some((row, picks)) = state.current_row() {
        let (run, facts) = (&row.run.key, &row.run.facts);
        match act {
            Action::Walk(walk) => cross.walk(facts, walk, lens.window(run, facts, cross.axis)),
            _ => cross.turn(facts, &axes(facts, picks)),
        }
        lens.bring(run, facts, cross.axis, cross.x);
    }
    (state.cross, state.lens) = (Some(cross), lens);
}

/// All charts over the axis of the crosshair; without one all charts.
fn zoom(state: &mut State, how: Zoom) {
    let Some((row, picks)) = state.current_row() else { return };
    let mut lens = state.lens.clone();
    let (run, facts) = (&row.run.key, &row.run.facts);
    let changed = if let Some(cross) = &state.cross {
        lens.zoom(run, facts, cross.axis, Some(cross.x), how)
    } else {
        let all = axes(facts, picks).into_iter().map(|axis| lens.zoom(run, facts, axis, None, how));
        all.filter(|changed| *changed).count() > 0
    };
    state.lens = lens;
    if !changed {
        let why = match how {
            Zoom::In => "this is as close as it gets",
            Zoom::Out | Zoom::Whole => "all of it is shown",
            Zoom::On | Zoom::Back => "there is no more on this side",
        };
        state.notice = Some(why.to_owned());
    }
}

/// One chart alone, or all of them.
fn alone(state: &mut State) {
    if state.lens.alone.take().is_some() {
        return;
    }
    let Some((row, picks)) = state.current_row() else { return };
    let first = curves(&row.run.facts, picks).into_iter().next();
    state.lens.alone = first.map(|group| group.family);
    if state.lens.alone.is_none() {
        state.notice = Some("there is no chart yet".to_owned());
    }
}

/// While one chart stands alone, keys that go down or up go to the next or the one before. Returns whether that was so.
pub(super) fn turn_alone(state: &mut State, act: Action) -> bool {
    let Some(alone) = &state.lens.alone else { return false };
    let Some((row, picks)) = state.current_row() else { return false };
    let all = curves(&row.run.facts, picks);
    let Some(here) = all.iter().position(|group| group.family == *alone) else { return false };
    let last = all.len().saturating_sub(1);
    let to = match act {
        Action::Down | Action::PageDown => (here + 1).min(last),
        Action::Up | Action::PageUp => here.saturating_sub(1),
        Action::First => 0,
        _ => last,
    };
    state.lens.alone = all.into_iter().nth(to).map(|group| group.family);
    true
}
