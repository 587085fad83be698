use std::sync::Arc;

use super::*;
use crate::app::binding::Place;
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::msg::Msg;
use crate::model::facts::{Axis, Facts, Metric, Progress};
use crate::model::log::{Anchor, Landmark, LogAsk, LogLine, Slot, Spot};
use crate::model::run::{Run, Source, SourceKind};
use crate::model::series::Series;
use crate::model::state::State as RunState;
use crate::store::Update;
use crate::store::column::Column;
use crate::store::tests::{NOW, ago, key, metric, row, run};

/// Four runs: failed, stalled, running (loss 0.05), completed (loss 0.5), at 80x24.
fn four() -> State {
    let mut state = State { cols: 80, rows: 24, ..State::default() };
    let loss = |value| Facts { metrics: vec![metric("loss", &[1.0, value])], ..Facts::default() };
    for made in [
        row("failed", RunState::Failed, Some(ago(7200)), Facts::default()),
        row("stalled", RunState::Stalled, Some(ago(1800)), Facts::default()),
        row("running", RunState::Running, Some(ago(7300)), loss(0.05)),
        row("done", RunState::Completed, Some(ago(90_000)), loss(0.5)),
    ] {
        state.store.insert(made);
    }
    state.list.rebuild(&state.store, NOW);
    update(&mut state, Msg::Wake, NOW);
    state
}

/// Keys as typed, separated by blanks; `_` stands for one.
fn press(state: &mut State, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for word in keys.split_whitespace() {
        let keys: Vec<Key> = match word {
            "Enter" => vec![Key::plain(Code::Enter)],
            "Esc" => vec![Key::plain(Code::Esc)],
            "Down" => vec![Key::plain(Code::Down)],
            "Up" => vec![Key::plain(Code::Up)],
            "PgDn" => vec![Key::plain(Code::PageDown)],
            "End" => vec![Key::plain(Code::End)],
            "Left" => vec![Key::plain(Code::Left)],
            "Tab" => vec![Key::plain(Code::Tab)],
            "BSpace" => vec![Key::plain(Code::Backspace)],
            word if word.starts_with("C-") => vec![Key::ctrl(word.chars().last().unwrap())],
            word => word.chars().map(|c| Key::char(if c == '_' { ' ' } else { c })).collect(),
        };
        for key in keys {
            let outcome = update(state, Msg::Key(key), NOW);
            assert!(outcome.redraw);
            effects.extend(outcome.effects);
        }
    }
    effects
}

/// Page, selected run, listed runs, filter.
fn told(state: &State) -> String {
    let listed: Vec<&str> = state.list.window(0, 9).map(|key| &*key.id).collect();
    let current = state.current().map_or("-", |key| &*key.id);
    format!("{:?} {current} [{}] {}", state.screen, listed.join(" "), state.list.filter().text())
}

#[test]
fn keys() {
    let all = "[stalled failed running done]";
    for (keys, expected) in [
        ("", format!("Runs stalled {all} ")),
        ("j", format!("Runs failed {all} ")),
        ("j j Up", format!("Runs failed {all} ")),
        ("G", format!("Runs done {all} ")),
        ("G g", format!("Runs stalled {all} ")),
        ("PgDn", format!("Runs done {all} ")),
        ("j Enter", format!("Run failed {all} ")),
        ("j Enter Esc", format!("Runs failed {all} ")),
        ("j Enter Enter", format!("Logs failed {all} ")),
        ("j Enter Enter Esc", format!("Run failed {all} ")),
        ("3 Esc", format!("Runs stalled {all} ")),
        ("2 l l", format!("Run running {all} ")),
        ("2 l h h", format!("Run stalled {all} ")),
        ("3 2 1", format!("Runs stalled {all} ")),
        ("4 5", format!("Runs stalled {all} ")),
        ("s s", "Runs done [done failed running stalled] ".to_owned()),
        ("s s r", "Runs stalled [stalled running failed done] ".to_owned()),
        ("S S S", "Runs running [running done failed stalled] ".to_owned()),
        ("/ loss<0.1 Enter", "Runs running [running] loss<0.1".to_owned()),
        ("/ loss<0.1 Esc", format!("Runs stalled {all} ")),
        ("/ loss<0.1 Enter Esc", format!("Runs stalled {all} ")),
        ("/ state:f,st Enter / _name:st", "Runs stalled [stalled] state:f,st name:st".to_owned()),
        ("/ done C-u running Enter", "Runs running [running] running".to_owned()),
        ("/ run_done C-w Enter", "Runs running [running] run ".to_owned()),
        ("/ runx BSpace Enter", "Runs running [running] run".to_owned()),
        ("/ q Enter q", "Runs - [] q".to_owned()),
        ("/ j j Enter", "Runs - [] jj".to_owned()),
        ("j / running Enter", "Runs running [running] running".to_owned()),
        ("j / running Enter Esc", format!("Runs failed {all} ")),
        ("? j j Esc j", format!("Runs failed {all} ")),
    ] {
        let mut state = four();
        press(&mut state, keys);
        assert_eq!(told(&state), expected, "{keys}");
    }
}

#[test]
fn a_filter_that_is_not_understood_keeps_the_list_and_says_why() {
    let mut state = four();
    press(&mut state, "/ run_age");
    assert_eq!(told(&state), "Runs - [] run age", "a word of the name, so far");
    press(&mut state, "C-w loss<");
    let prompt = state.prompt.clone().expect("still typing");
    assert_eq!(prompt.error.map(|error| error.at), Some(4));
    assert_eq!(told(&state), "Runs - [] run loss", "the last one that was understood");
    press(&mut state, "Enter");
    assert!(state.prompt.is_some(), "it is not accepted");
    press(&mut state, "0.1 Enter");
    assert!(state.prompt.is_none());
    update(&mut state, Msg::Paste("x\n".to_owned()), NOW);
    assert_eq!(state.list.filter().text(), "run loss<0.1", "a paste outside the prompt is nothing");
}

#[test]
fn ctrl_c_quits_in_every_mode_and_q_where_no_text_is_typed() {
    for keys in ["", "Enter", "3", "/", "/ loss<", "?", "z"] {
        let mut state = four();
        press(&mut state, keys);
        assert!(press(&mut state, "C-c").contains(&Effect::Quit(0)), "{keys}");
    }
    assert!(press(&mut four(), "q").contains(&Effect::Quit(0)));
    assert!(!press(&mut four(), "/ q").contains(&Effect::Quit(0)));
    assert!(press(&mut four(), "/ C-z").contains(&Effect::Suspend));
    assert!(press(&mut four(), "/ C-l").contains(&Effect::Repaint));
}

#[test]
fn the_selection_stays_with_its_run() {
    let mut state = four();
    press(&mut state, "j j");
    assert_eq!(state.current(), Some(&key("running")));
    for id in ["new-1", "new-2"] {
        state.store.insert(row(id, RunState::Failed, Some(ago(1)), Facts::default()));
        state.list.refresh(&state.store, &[key(id)], NOW);
    }
    update(&mut state, Msg::Wake, NOW);
    assert_eq!(state.current(), Some(&key("running")));
    assert_eq!(state.cursor(), Some(4));
    update(&mut state, Msg::Runs(vec![Update::Gone(key("running"))]), NOW);
    assert_eq!(state.current(), Some(&key("done")), "the one that takes its row");
}

#[test]
fn until_something_is_chosen_the_first_row_is_selected() {
    let mut state = four();
    state.store.insert(row("newer", RunState::Failed, Some(ago(1)), Facts::default()));
    state.list.refresh(&state.store, &[key("newer")], NOW);
    assert_eq!(state.current(), Some(&key("newer")));
}

#[test]
fn a_single_run_opens_on_its_own_page() {
    let mut state = State { cols: 80, rows: 24, ..State::default() };
    let one: Arc<Run> = Arc::new(run(".", Some(ago(1)), Facts::default()));
    update(&mut state, Msg::Runs(vec![Update::Run(one.clone())]), NOW);
    assert_eq!(state.screen, Screen::Runs, "more may be found");
    assert!(update(&mut state, Msg::Runs(vec![Update::Walked]), NOW).redraw);
    assert_eq!(state.screen, Screen::Run);
    let other = Arc::new(run("b", Some(ago(1)), Facts::default()));
    update(&mut state, Msg::Runs(vec![Update::Run(other)]), NOW);
    assert_eq!(state.screen, Screen::Runs, "there is a choice now");
    press(&mut state, "Enter");
    update(&mut state, Msg::Runs(vec![Update::Gone(key("b"))]), NOW);
    assert_eq!(state.screen, Screen::Run, "whoever pressed a key is not moved about");
}

#[test]
fn ten_thousand_rows_scroll_like_ten() {
    let mut state = State { cols: 80, rows: 24, ..State::default() };
    for at in 0..10_000 {
        state.store.insert(row(&format!("run-{at}"), RunState::Completed, Some(ago(at)), Facts::default()));
    }
    state.list.rebuild(&state.store, NOW);
    press(&mut state, "End");
    assert_eq!(state.cursor(), Some(9999));
    let rows = usize::from(state.areas().table.height);
    assert_eq!(state.top, 10_000 - rows);
    press(&mut state, "Up");
    assert_eq!(state.top, 10_000 - rows, "the view follows only when it must");
    let effects = press(&mut state, "g");
    let Some(Effect::Attend(wanted)) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(wanted.first(), Some(&key("run-0")));
    assert!(wanted.len() <= rows + 9, "what is on screen and a few below");
}

#[test]
fn what_is_on_screen_is_attended_to_once() {
    let mut state = four();
    let outcome = update(&mut state, Msg::Resize { cols: 100, rows: 30 }, NOW);
    assert_eq!(outcome.effects, [], "the same runs");
    let effects = press(&mut state, "Enter");
    assert_eq!(effects, [Effect::Attend(vec![key("stalled")])]);
}

#[test]
fn a_frozen_view_stands_still_and_says_how_much_is_behind() {
    let mut state = four();
    press(&mut state, "z");
    let news = |id: &str, percent| {
        let progress = Progress { percent: Some(percent), ..Progress::default() };
        Update::Run(Arc::new(run(id, Some(NOW), Facts { progress, ..Facts::default() })))
    };
    let later = NOW.plus(Duration::from_secs(100));
    assert!(
        update(&mut state, Msg::Runs(vec![news("running", 50.0)]), later).redraw,
        "the count of runs behind"
    );
    assert!(!update(&mut state, Msg::Runs(vec![news("running", 51.0)]), later).redraw);
    assert_eq!(state.frozen.as_ref().map(|frozen| frozen.behind.len()), Some(1));
    let shown =
        |state: &State| state.shown().get(&key("running")).and_then(|row| row.run.facts.progress.percent);
    assert_eq!(shown(&state), None);
    assert_eq!(state.next_wake(later), state.store.next_judgement(), "no age moves");
    press(&mut state, "z");
    assert_eq!(shown(&state), Some(51.0));
}

#[test]
fn a_screen_of_old_runs_sleeps_for_long() {
    let mut state = four();
    assert_eq!(state.next_wake(NOW), Some(ago(1800).plus(Duration::from_mins(35))), "the stalled run's 30m");
    update(&mut state, Msg::Runs(vec![Update::Gone(key("stalled"))]), NOW);
    let wake = state.next_wake(NOW).unwrap();
    assert!(wake >= NOW.plus(Duration::from_mins(50)), "ages of hours change by the hour: {wake:?}");
    let mut empty = State { cols: 80, rows: 24, ..State::default() };
    update(&mut empty, Msg::Runs(vec![Update::Walked]), NOW);
    assert_eq!(empty.next_wake(NOW), None);
}

#[test]
fn sorting_by_every_column_keeps_all_runs() {
    let mut state = four();
    for _ in Column::ALL {
        press(&mut state, "s r");
        assert_eq!(state.list.len(), 4);
    }
    assert_eq!(state.list.sort().column, Column::Attention);
}

#[test]
fn an_escape_and_the_key_behind_it_are_two_keys_unless_together_they_mean_something() {
    let alt = |code| Key { code, ctrl: false, alt: true };
    let mut state = four();
    // Esc closes the help, j goes down
    press(&mut state, "?");
    update(&mut state, Msg::Key(alt(Code::Char('j'))), NOW);
    assert_eq!((state.help, state.cursor()), (None, Some(1)));
    // Esc takes back what was typed, and the next filter begins
    press(&mut state, "/ done");
    update(&mut state, Msg::Key(alt(Code::Char('/'))), NOW);
    press(&mut state, "x");
    assert_eq!(state.prompt.as_ref().map(|prompt| prompt.line.text()), Some("x"));
    // Esc leaves the page, q the program
    press(&mut state, "Esc Enter");
    assert_eq!(state.screen, Screen::Run);
    let quit = update(&mut state, Msg::Key(alt(Code::Char('q'))), NOW);
    assert_eq!((state.screen, quit.effects.contains(&Effect::Quit(0))), (Screen::Runs, true));
    // a word is rubbed out by Alt and Backspace, where there is one
    press(&mut state, "/ a_bc");
    update(&mut state, Msg::Key(alt(Code::Backspace)), NOW);
    assert_eq!(state.prompt.as_ref().map(|prompt| prompt.line.text()), Some("a "));
    update(&mut state, Msg::Key(alt(Code::Left)), NOW);
    assert_eq!(state.prompt.as_ref().map(|prompt| prompt.line.parts()), Some(("", "a ")));
}

/// One running run with a loss over steps 10 to 50 and a score over epochs, open on its page at 120x36.
fn charted() -> State {
    let over = |name: &str, axis, xs: &[f64]| {
        let mut series = Series::default();
        for x in xs {
            series.push(*x, 1.0 / x);
        }
        Metric { axis, series: Arc::new(series), ..metric(name, &[1.0]) }
    };
    let metrics = vec![
        over("loss", Axis::Step, &[10.0, 20.0, 30.0, 40.0, 50.0]),
        over("score", Axis::Epoch, &[1.0, 2.0]),
    ];
    let mut state = State { cols: 120, rows: 36, ..State::default() };
    let mut made = row("a", RunState::Running, Some(ago(10)), Facts { metrics, ..Facts::default() });
    Arc::make_mut(&mut made.run).sources = vec![text_log("train.log")];
    state.store.insert(made);
    state.list.rebuild(&state.store, NOW);
    update(&mut state, Msg::Wake, NOW);
    press(&mut state, "Enter");
    state
}

fn text_log(path: &str) -> Source {
    let kind = SourceKind::TextLog;
    Source { path: path.into(), kind, bytes: 0, read: 0, records: 0, modified: None, note: None }
}

/// The last wish for lines among these effects.
fn wish(effects: &[Effect]) -> Option<&LogAsk> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Log(_, ask) => ask.as_ref(),
        _ => None,
    })
}

fn sought(effects: &[Effect]) -> Option<Landmark> {
    match wish(effects)?.anchor {
        Anchor::Find { what, .. } => Some(what),
        _ => None,
    }
}

#[test]
fn the_crosshair_brings_the_log_along() {
    let mut state = charted();
    let at = |state: &State| state.cross.as_ref().map(|cross| cross.x);
    let effects = press(&mut state, "x");
    assert_eq!((at(&state), sought(&effects)), (Some(50.0), Some(Landmark::Step(50))));
    let effects = press(&mut state, "h Left");
    assert_eq!((at(&state), sought(&effects)), (Some(30.0), Some(Landmark::Step(30))));
    assert_eq!(state.current(), Some(&key("a")), "it is no other run that these keys choose now");
    let effects = press(&mut state, "g h");
    assert_eq!((at(&state), sought(&effects)), (Some(10.0), Some(Landmark::Step(10))));
    assert_eq!(wish(&press(&mut state, "h")), None, "where it stands already");
    // over epochs no step is known: the log goes back to its end
    let effects = press(&mut state, "Tab");
    assert_eq!((at(&state), wish(&effects).map(|ask| ask.anchor)), (Some(2.0), Some(Anchor::End)));
    assert_eq!(sought(&press(&mut state, "Tab")), Some(Landmark::Step(50)));
    let effects = press(&mut state, "x");
    assert_eq!((at(&state), wish(&effects).map(|ask| ask.anchor)), (None, Some(Anchor::End)));
    assert_eq!(wish(&press(&mut state, "j")), None, "once");
}

#[test]
fn the_log_opens_at_the_crosshair_and_leads_back_to_it() {
    let mut state = charted();
    let generation = wish(&press(&mut state, "x h")).map(|ask| ask.generation).unwrap();
    let lines: Vec<LogLine> = ["step=30 loss=1", "saved", "step=40 loss=2", "careful"]
        .iter()
        .enumerate()
        .map(|(at, text)| LogLine::plain(Spot::at(at as u64 * 20), text))
        .collect();
    let page = LogPage {
        generation,
        at: lines.get(2).map(|line| line.spot),
        lines,
        at_start: true,
        at_end: true,
        ..LogPage::default()
    };
    update(&mut state, Msg::Log(Slot::First, page.clone()), NOW);
    assert_eq!(state.logs.focused().point(), Some(Spot::at(40)));
    // the page of the log asks for more rows, and stays where it is
    let effects = press(&mut state, "Enter");
    assert_eq!((state.screen, sought(&effects)), (Screen::Logs, None));
    if let Some(ask) = wish(&effects) {
        update(&mut state, Msg::Log(Slot::First, LogPage { generation: ask.generation, ..page }), NOW);
    }
    assert_eq!(state.logs.focused().point(), Some(Spot::at(40)));
    // what names no step is of the last one above it
    let effects = press(&mut state, "k x");
    assert_eq!((state.screen, state.cross.as_ref().map(|cross| cross.x)), (Screen::Run, Some(30.0)));
    assert_eq!(sought(&effects), None, "the log is where it leads from");
    assert_eq!(state.place_of_keys(), Place::Cross);
    press(&mut state, "Esc Esc");
    assert_eq!((state.screen, state.cross.clone()), (Screen::Runs, None));
}

#[test]
fn charts_are_zoomed_together_or_where_the_crosshair_stands() {
    let mut state = charted();
    let shown = |state: &State, axis| {
        let (row, _) = state.current_row().unwrap();
        state.lens.window(&row.run.key, &row.run.facts, axis)
    };
    press(&mut state, "+");
    assert_eq!(shown(&state, Axis::Step), Some((30.0, 50.0)), "the newest half");
    assert_eq!(shown(&state, Axis::Epoch), Some((1.5, 2.0)));
    press(&mut state, "<");
    assert_eq!(shown(&state, Axis::Step), Some((20.0, 40.0)));
    // it comes to what is shown, and brings along what it leaves
    press(&mut state, "x");
    assert_eq!(state.cross.as_ref().map(|cross| cross.x), Some(40.0));
    press(&mut state, "h h h");
    assert_eq!(state.cross.as_ref().map(|cross| cross.x), Some(10.0));
    assert_eq!(shown(&state, Axis::Step), Some((10.0, 30.0)));
    press(&mut state, "- -");
    assert_eq!((shown(&state, Axis::Step), shown(&state, Axis::Epoch)), (None, Some((1.25, 1.75))));
    assert_eq!(state.notice.as_deref(), Some("all of it is shown"));
    press(&mut state, "Esc 0");
    assert_eq!((shown(&state, Axis::Epoch), state.notice.as_deref()), (None, None));
    press(&mut state, "0");
    assert_eq!(state.notice.as_deref(), Some("all of it is shown"));
    press(&mut state, ">");
    assert_eq!(state.notice.as_deref(), Some("there is no more on this side"));
}

#[test]
fn one_chart_fills_the_page_until_it_is_left() {
    let mut state = charted();
    press(&mut state, "f");
    let alone = |state: &State| state.lens.alone.clone();
    assert_eq!(alone(&state).as_deref(), Some("loss"));
    press(&mut state, "j");
    assert_eq!(alone(&state).as_deref(), Some("score"));
    press(&mut state, "j k");
    assert_eq!(alone(&state).as_deref(), Some("loss"));
    press(&mut state, "G g x j");
    assert_eq!((alone(&state).as_deref(), state.cross.is_some()), (Some("score"), true));
    press(&mut state, "Esc");
    assert_eq!((alone(&state).is_some(), state.cross.is_some()), (true, false), "first the crosshair");
    press(&mut state, "Esc");
    assert_eq!((alone(&state), state.screen), (None, Screen::Run), "then the chart");
    press(&mut state, "Esc");
    assert_eq!(state.screen, Screen::Runs);
    let mut state = four();
    press(&mut state, "Enter f");
    assert_eq!((state.lens.alone.clone(), state.notice.as_deref()), (None, Some("there is no chart yet")));
}

#[test]
fn the_way_charts_are_drawn_goes_round() {
    let mut state = charted();
    let mut seen = Vec::new();
    for _ in 0..6 {
        press(&mut state, "e");
        seen.push(state.lens.words());
    }
    assert_eq!(seen, ["ema .6", "ema .9", "ema .99", "mean 10", "mean 100", ""]);
    press(&mut state, "E y o");
    assert_eq!(state.lens.words(), "mean 100 log cut");
    press(&mut state, "y y o e");
    assert_eq!(state.lens.words(), "");
}

#[test]
fn without_a_chart_or_a_step_a_word_says_so() {
    let mut state = four();
    press(&mut state, "Enter x");
    assert_eq!((state.cross.clone(), state.notice.is_some()), (None, true));
    let mut state = charted();
    press(&mut state, "3 x");
    assert_eq!((state.screen, state.notice.is_some()), (Screen::Logs, true));
    let mut state = charted();
    press(&mut state, "x");
    update(&mut state, Msg::Runs(vec![Update::Gone(key("a"))]), NOW);
    assert_eq!(state.cross, None, "gone with its run");
}

/// The wishes of both log panes among these effects: the newest of each.
fn wishes(effects: &[Effect]) -> BySlot<Option<LogAsk>> {
    let mut wishes: BySlot<Option<LogAsk>> = BySlot::default();
    for effect in effects {
        if let Effect::Log(slot, ask) = effect {
            wishes.of_mut(*slot).clone_from(ask);
        }
    }
    wishes
}

#[test]
fn a_view_that_is_held_still_holds_both_log_panes() {
    let mut state = State { cols: 120, rows: 36, ..State::default() };
    let mut made = row("a", RunState::Running, Some(ago(10)), Facts::default());
    Arc::make_mut(&mut made.run).sources = vec![text_log("train.log"), text_log("gpu.log")];
    state.store.insert(made);
    state.list.rebuild(&state.store, NOW);
    update(&mut state, Msg::Wake, NOW);
    let wishes = wishes(&press(&mut state, "3 |"));
    let generation = |slot| wishes.of(slot).as_ref().expect("a wish").generation;
    let page = |slot, lines: u64| {
        let lines = (0..lines).map(|n| LogLine::plain(Spot::at(n * 9), &format!("line {n}"))).collect();
        LogPage { generation: generation(slot), lines, at_start: true, at_end: true, ..LogPage::default() }
    };
    let counts = |state: &State| {
        (state.logs.focused().lines().len(), state.logs.other().map_or(0, |other| other.lines().len()))
    };
    for slot in Slot::ALL {
        assert!(update(&mut state, Msg::Log(slot, page(slot, 3)), NOW).redraw);
    }
    press(&mut state, "z");
    for slot in Slot::ALL {
        assert!(!update(&mut state, Msg::Log(slot, page(slot, 5)), NOW).redraw);
    }
    assert_eq!(counts(&state), (3, 3));
    press(&mut state, "z");
    assert_eq!(counts(&state), (5, 5));
    // on other pages the one that had the keys is the end of the log, and the other one rests
    let effects = press(&mut state, "2");
    assert!(effects.contains(&Effect::Log(Slot::Second, None)), "{effects:?}");
    assert!(!effects.contains(&Effect::Log(Slot::First, None)), "{effects:?}");
    let effects = press(&mut state, "3");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Log(Slot::Second, Some(_)))), "{effects:?}");
}
