//! Two panes that move by time: each goes where the other leads it, and nothing comes back.

use proptest::prelude::*;
use ratatui::layout::Rect;

use super::side::PAGE;
use super::side::Twin;
use super::side::pair;
use super::side::times;
use super::side::told;
use super::*;

#[test]
fn the_other_pane_goes_to_the_line_of_the_same_moment() {
    // keys after the split, what is seen then
    let cases = [
        ("k", "run.out 989", "run.err 90 =99"),
        ("kk", "run.out 988", "run.err 90 =99"),
        ("⇞⇞⇞⇞⇞⇞⇞⇞⇞⇞", "run.out 900", "run.err 90 =90"),
        ("g", "run.out 0", "run.err 0 =0"),
        ("g⇟⇟", "run.out 18", "run.err 2 =2"),
        ("g⇟⇟G", "run.out 990 follows", "run.err 90 follows"),
        // a line that is pointed at has its counterpart in the same row
        ("g⇟⇟v", "run.out 18", "run.err 2 =2"),
        ("g⇟⇟vjjjjjj", "run.out 18", "run.err 0 =3"),
        // the other way: the sparse one leads
        ("g⇥jj", "run.err 2", "run.out 23 =23"),
        ("g⇥jj⇥", "run.out 23 =23", "run.err 2"),
        ("g⇥jj⇥j", "run.out 24", "run.err 3 =3"),
    ];
    for (typed, one, other) in cases {
        let mut twin = Twin::usual();
        twin.press("|");
        twin.press(typed);
        assert_eq!(twin.seen(), pair(one, other), "{typed}");
        // however the answers come
        let mut twin = Twin::usual();
        twin.press("|");
        twin.type_keys(typed);
        twin.answer_all();
        if !typed.contains(['⇥', 'v']) {
            assert_eq!(twin.seen(), pair(one, other), "{typed}, typed at once");
        }
    }
}

#[test]
fn a_pane_that_opens_while_the_first_stands_elsewhere_comes_to_it() {
    let mut twin = Twin::usual();
    twin.press("g⇟⇟|");
    assert_eq!(twin.seen(), pair("run.out 18", "run.err 2 =2"));
}

#[test]
fn another_file_comes_to_where_the_other_pane_stands() {
    let files = vec![("a.out", times(0, 1, 1000)), ("a.err", times(3, 10, 100)), ("c.log", times(0, 2, 30))];
    let mut twin = Twin::new(files);
    twin.press("|g⇟⇟⇥");
    assert_eq!(twin.seen(), pair("a.err 2 =2", "a.out 18"));
    twin.press("]");
    assert_eq!(twin.seen(), pair("c.log 9 =9", "a.out 18"), "the first one stays");
    twin.press("j");
    assert_eq!(twin.seen(), pair("c.log 10", "a.out 20 =20"));
    // a log that ended before is shown at its end, and leads nobody there
    twin.press("⇥⇟⇟⇟⇟⇟⇟⇟⇟");
    assert_eq!(twin.seen(), pair("a.out 92", "c.log 20"));
    twin.press("⇥[]");
    assert_eq!(twin.seen(), pair("c.log 20", "a.out 92"));
}

#[test]
fn one_file_in_both_panes_is_not_locked_unless_one_wants_it() {
    let mut twin = Twin::new(vec![("a.log", times(0, 1, 1000))]);
    twin.press("|g");
    assert_eq!(twin.seen(), pair("a.log 0", "a.log 990 follows"), "the head beside the tail");
    twin.press("=");
    assert_eq!(twin.said(), "both move by time");
    assert_eq!(twin.seen(), pair("a.log 0", "a.log 0 =0"));
    twin.press("j");
    assert_eq!(twin.seen(), pair("a.log 1", "a.log 1 =1"));
    twin.press("=j");
    assert_eq!(twin.seen(), pair("a.log 2", "a.log 1"));
}

#[test]
fn a_file_without_times_is_told_and_not_moved() {
    let mut twin = Twin::new(vec![("run.out", times(0, 1, 1000)), ("monitor.log", vec![None; 200])]);
    twin.press("|g⇟");
    assert!(!twin.panes.are_locked());
    assert_eq!(twin.seen(), pair("run.out 9", "monitor.log 190 follows"));
    twin.press("=");
    assert_eq!(twin.said(), "monitor.log tells no times");
    twin.press("⇥g=");
    assert_eq!(twin.said(), "monitor.log tells no times");
    assert_eq!(twin.seen(), pair("monitor.log 0", "run.out 9"));
    // where the one beside it tells times again, both move
    twin.press("]");
    twin.press("⇥j");
    assert!(!twin.panes.are_locked(), "one file in both");
}

#[test]
fn a_line_before_the_first_time_moves_nobody() {
    let mut head = vec![None; 50];
    head.extend(times(100, 1, 100));
    let mut twin = Twin::new(vec![("a.out", head), ("a.err", times(0, 1, 200))]);
    twin.press("|g");
    assert_eq!(twin.seen().1, "a.err 190 follows");
    twin.press("⇟⇟⇟⇟⇟⇟");
    assert_eq!(twin.seen(), pair("a.out 54", "a.err 104 =104"));
    // and a head without times lies before them all
    twin.press("⇥g");
    assert_eq!(twin.seen(), pair("a.err 0", "a.out 50 =50"));
}

#[test]
fn what_a_pane_holds_is_not_moved_away() {
    for holds in ["v", " ", "vVk"] {
        let mut twin = Twin::usual();
        twin.press("|⇥");
        twin.press(holds);
        let point = twin.panes.focused().point();
        let before = twin.panes.focused().clone();
        twin.press("⇥gj");
        let other = twin.panes.other().unwrap();
        let moved = told(other) != told(&before);
        assert_eq!(moved, holds == "v", "{holds}");
        assert_eq!(other.selected_lines(), before.selected_lines());
        if holds == "v" {
            assert_ne!(other.point(), point, "it points at the same moment");
        }
    }
}

#[test]
fn a_key_that_is_held_asks_for_one_place_at_a_time() {
    let mut twin = Twin::usual();
    twin.press("|g");
    let before = *twin.asked.of(Slot::Second);
    // nobody answers meanwhile
    twin.type_keys(&"⇟".repeat(100));
    assert!(*twin.asked.of(Slot::Second) - before <= 1, "{}", twin.asked.of(Slot::Second) - before);
    twin.answer_all();
    assert_eq!(twin.seen(), pair("run.out 900", "run.err 90 =90"));
    // each answered at once: what is at hand is not asked for
    let mut twin = Twin::usual();
    twin.press("|g");
    let before = *twin.asked.of(Slot::Second);
    twin.press(&"j".repeat(500));
    assert_eq!(twin.seen(), pair("run.out 500", "run.err 50 =50"));
    assert!(*twin.asked.of(Slot::Second) - before < 10, "{}", twin.asked.of(Slot::Second) - before);
}

#[test]
fn a_filter_that_leaves_nothing_after_the_moment_leads_to_its_last_line() {
    let mut twin = Twin::new(vec![("a.out", times(0, 1, 1000)), ("a.err", times(0, 1, 600))]);
    twin.press("|⇥&x⏎⇥g⇟");
    assert_eq!(twin.seen(), pair("a.out 9", "a.err 14 =14"));
    twin.type_keys(&"⇟".repeat(90));
    twin.answer_all();
    assert_eq!(twin.seen(), pair("a.out 819", "a.err 532"), "the last of 86 lines is the tenth row");
    twin.type_keys("g");
    twin.answer_all();
    assert_eq!(twin.seen(), pair("a.out 0", "a.err 0 =0"));
}

#[test]
fn a_log_that_ended_before_is_led_on_once_it_goes_on() {
    let mut twin = Twin::new(vec![("a.out", times(0, 1, 1000)), ("a.err", times(0, 10, 50))]);
    twin.press("|k");
    assert_eq!(twin.seen(), pair("a.out 989", "a.err 40"));
    twin.files[1].1.extend(times(500, 10, 30));
    twin.answer_again(Slot::Second);
    assert_eq!(twin.seen(), pair("a.out 989", "a.err 70"), "still not there, and at its end");
    twin.files[1].1.extend(times(800, 10, 40));
    twin.answer_again(Slot::Second);
    twin.answer_all();
    assert_eq!(twin.seen(), pair("a.out 989", "a.err 99 =99"));
    // and then it stays there
    twin.files[1].1.extend(times(1200, 10, 40));
    twin.answer_again(Slot::Second);
    assert_eq!(twin.seen(), pair("a.out 989", "a.err 99 =99"));
    assert!(!twin.open.of(Slot::Second).is_some());
}

#[test]
fn the_keys_that_go_over_while_a_pane_is_led_move_nothing_back() {
    let mut twin = Twin::usual();
    twin.press("|g");
    twin.type_keys(&"⇟".repeat(60));
    twin.answer(Slot::First);
    twin.answer(Slot::First);
    assert!(twin.open.of(Slot::Second).is_some());
    let before = twin.seen().0;
    twin.type_keys("⇥");
    twin.answer_all();
    assert_eq!(twin.seen().1, before);
}

/// Something that happens.
#[derive(Debug, Clone)]
enum Event {
    Key(char),
    Answer(Slot),
    Grow(usize, i64),
    Size(u16, u16),
}

fn event() -> impl Strategy<Value = Event> {
    let keys: Vec<char> = "jjjjkkkk⇟⇟⇞⇞gGv⎋⇥⇥]M=| W".chars().collect();
    prop_oneof![
        8 => prop::sample::select(keys).prop_map(Event::Key),
        6 => prop::bool::ANY.prop_map(|first| Event::Answer(if first { Slot::First } else { Slot::Second })),
        1 => (0_usize..3, 1_i64..40).prop_map(|(file, lines)| Event::Grow(file, lines)),
        1 => (40_u16..160, 4_u16..40).prop_map(|(width, height)| Event::Size(width, height)),
    ]
}

/// The topmost line, whether it follows, and the line that is pointed at.
fn stands(pane: &LogPane) -> (Option<Spot>, bool, Option<Spot>) {
    (pane.from_top().next().map(|(line, _)| line.spot), pane.follows(), pane.point())
}

/// Lines in a pane follow one upon another, without one lost or doubled.
fn lines_are_whole(pane: &LogPane) -> Result<(), TestCaseError> {
    let rows: Vec<u64> = pane.from_top().take(pane.rows).map(|(line, _)| line.spot.offset).collect();
    for two in rows.windows(2) {
        prop_assert_eq!(two[0] + 10, two[1], "{:?}", rows);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn neither_pane_loses_or_doubles_a_line(
        steps in (1_i64..5, 1_i64..70, 0_i64..300),
        events in prop::collection::vec(event(), 1..60),
    ) {
        let (one, other, later) = steps;
        let mut twin = Twin::new(vec![
            ("a.out", times(0, one, 300)),
            ("a.err", times(later, other, 120)),
            ("monitor.log", vec![None; 50]),
        ]);
        // of merged files there is another order: another test's business
        twin.press("|");
        for event in events {
            let before = stands(twin.panes.focused());
            match event {
                Event::Key('M') => {}
                Event::Key(c) => twin.key(keys(&c.to_string())[0]),
                Event::Answer(slot) => {
                    // a file that was just chosen comes to where the other pane arrives
                    let own = twin.panes.focused().slot == slot || twin.panes.lock.comes();
                    if !twin.answer(slot) {
                        twin.answer_again(slot);
                    }
                    if !own {
                        prop_assert_eq!(stands(twin.panes.focused()), before, "nothing comes back");
                    }
                }
                Event::Grow(file, lines) => {
                    let times = &mut twin.files[file].1;
                    let last = times.last().copied().flatten();
                    times.extend((1..=lines).map(|n| last.map(|last| last + n)));
                }
                Event::Size(width, height) => {
                    twin.page = Rect { width, height, ..PAGE };
                    twin.show();
                }
            }
            lines_are_whole(twin.panes.focused())?;
            if let Some(other) = twin.panes.other() {
                lines_are_whole(other)?;
            }
        }
        twin.answer_all();
        let count = |pane: &LogPane| pane.from_top().take(pane.rows).count();
        for pane in [Some(twin.panes.focused()), twin.panes.other()].into_iter().flatten() {
            if !pane.active { continue; }
            let all = twin.files.iter().find(|(name, _)| pane.paths()[0].ends_with(name)).unwrap().1.len();
            prop_assert!(count(pane) >= pane.rows.min(300) || count(pane) >= all.min(pane.rows), "{} of {}", count(pane), pane.rows);
        }
        // the other one stands at the moment of the one with the keys, once that has moved
        let leads = twin.panes.other().is_some_and(|other| other.active && other.can_be_led());
        if !leads || !twin.panes.are_locked() {
            return Ok(());
        }
        twin.press("gj");
        for slot in Slot::ALL {
            twin.answer_again(slot);
        }
        twin.answer_all();
        let Some(other) = twin.panes.other() else { return Ok(()) };
        let focused = twin.panes.focused();
        let Some(lead::Stand::At { moment: Some(moment), .. }) = focused.stand() else { return Ok(()) };
        let lines = &twin.files.iter().find(|(name, _)| other.paths()[0].ends_with(name)).unwrap().1;
        let first = lines.iter().position(|time| time.is_some_and(|time| time * 1000 >= moment));
        prop_assert_eq!(other.led().map(|spot| spot.offset / 10), first.map(|n| n as u64));
    }
}
