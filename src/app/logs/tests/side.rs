//! Two panes: which has the keys, which file stands beside which, and how both move by time.

use proptest::prelude::*;
use ratatui::layout::Rect;

use super::*;
use crate::model::log::BySlot;
use crate::model::log::Landmark;
use crate::model::log::When;
use crate::model::stamp::Stamp;

const PAGE: Rect = Rect { x: 0, y: 3, width: 120, height: ROWS + LogPane::HEAD };

/// Two panes, and a service that answers when it is told to.
struct Twin {
    panes: Panes,
    run: Run,
    page: Rect,
    /// Each file's times, line by line, in seconds.
    files: Vec<(&'static str, Vec<Option<i64>>)>,
    /// Wishes that are not answered.
    open: BySlot<Option<LogAsk>>,
    /// The wishes that were answered last: they are answered again when a file grows.
    answered: BySlot<Option<LogAsk>>,
    /// Wishes so far.
    asked: BySlot<usize>,
    rests: Vec<Slot>,
}

/// A line every `every` seconds from `from` on.
fn times(from: i64, every: i64, count: i64) -> Vec<Option<i64>> {
    (0..count).map(|n| Some(from + n * every)).collect()
}

impl Twin {
    fn new(files: Vec<(&'static str, Vec<Option<i64>>)>) -> Self {
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let run = run("a", &names);
        let mut twin = Self {
            panes: Panes::default(),
            run,
            page: PAGE,
            files,
            open: BySlot::default(),
            answered: BySlot::default(),
            asked: BySlot::default(),
            rests: Vec::new(),
        };
        twin.show();
        twin.answer_all();
        twin
    }

    /// A log with a line a second and one with a line in ten, both of the same hour.
    fn usual() -> Self {
        Self::new(vec![("run.out", times(0, 1, 1000)), ("run.err", times(3, 10, 100))])
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Log(slot, Some(ask)) => {
                    *self.open.of_mut(slot) = Some(ask);
                    *self.asked.of_mut(slot) += 1;
                }
                Effect::Log(slot, None) => {
                    *self.open.of_mut(slot) = None;
                    *self.answered.of_mut(slot) = None;
                    self.rests.push(slot);
                }
                _ => {}
            }
        }
    }

    fn show(&mut self) {
        let places = self.panes.places(self.page);
        let rows = LogPane::rows_in(places.focused.height);
        let view = View { run: &self.run, alive: true, rows, open: true };
        let outcome = self.panes.show(Some(view), LogPane::rows_in(places.other.height));
        self.carry_out(outcome.effects);
    }

    fn key(&mut self, key: Key) {
        if let Some(outcome) = self.panes.key(key) {
            self.carry_out(outcome.effects);
        }
        self.show();
    }

    /// Keys that come faster than answers.
    fn type_keys(&mut self, text: &str) {
        for key in keys(text) {
            self.key(key);
        }
    }

    /// Keys, each answered before the next one.
    fn press(&mut self, text: &str) {
        for key in keys(text) {
            self.key(key);
            self.answer_all();
        }
    }

    fn answer(&mut self, slot: Slot) -> bool {
        let Some(ask) = self.open.of_mut(slot).take() else { return false };
        let page = self.page_for(&ask);
        *self.answered.of_mut(slot) = Some(ask);
        self.panes.page(slot, page);
        self.show();
        true
    }

    /// Files have grown.
    fn answer_again(&mut self, slot: Slot) {
        let Some(ask) = self.answered.of(slot).clone().filter(|_| self.open.of(slot).is_none()) else {
            return;
        };
        let page = self.page_for(&ask);
        self.panes.page(slot, page);
        self.show();
    }

    fn answer_all(&mut self) {
        let mut turns = 0;
        while self.answer(Slot::First) | self.answer(Slot::Second) {
            turns += 1;
            assert!(turns < 20, "they never come to rest");
        }
    }

    fn page_for(&self, ask: &LogAsk) -> LogPage {
        let path = ask.paths[0].to_str().unwrap();
        let (name, times) = self.files.iter().find(|(name, _)| path.ends_with(name)).expect("a file");
        let mut moment = None;
        let mut all = Vec::new();
        for (n, time) in (0..).zip(times) {
            let time = time.map(|seconds| Stamp::from_millis(seconds * 1000));
            moment = time.or(moment);
            let text = format!("{name} {n}");
            all.push(LogLine { time, moment, ..LogLine::plain(Spot::at(n * 10), &text) });
        }
        let count = all.len();
        // a filter that lets every seventh line pass
        if !ask.query.filter.is_empty() {
            all.retain(|line| line.spot.offset % 70 == 0);
        }
        let margin = ask.rows * 2;
        let place = |spot: Spot| all.partition_point(|line| line.spot < spot);
        let mut at = None;
        let (from, to) = match ask.anchor {
            Anchor::End => (all.len().saturating_sub(ask.rows + margin), all.len()),
            Anchor::At { spot, above } => {
                (place(spot).saturating_sub(above + margin), place(spot) + ask.rows + margin)
            }
            Anchor::Find { what, .. } => {
                let Landmark::Time(When::Civil(time)) = what else { panic!("{what:?}") };
                let found = all.iter().position(|line| line.moment.is_some_and(|own| own.civil() >= time));
                at = found.map(|found| all[found].spot);
                let around = found.unwrap_or(0);
                (around.saturating_sub(ask.rows / 3 + margin), around + ask.rows + margin)
            }
        };
        let to = to.min(all.len());
        let from = from.min(to);
        LogPage {
            generation: ask.generation,
            lines: all[from..to].to_vec(),
            at,
            at_start: from == 0,
            at_end: to == all.len(),
            counts: LogCounts { matched: all.len() as u64, seen: count as u64, ..LogCounts::default() },
            counted: (count as u64 * 10, count as u64 * 10),
            newest: moment,
            ..LogPage::default()
        }
    }

    /// What is seen: the pane with the keys, and the other one.
    fn seen(&self) -> (String, String) {
        (told(self.panes.focused()), self.panes.other().map_or_else(String::new, told))
    }

    fn said(&self) -> &str {
        self.panes.focused().said().unwrap_or_default()
    }
}

/// The topmost line, the line of the other's moment, and whether it follows.
fn told(pane: &LogPane) -> String {
    let top = pane.from_top().next().map_or("-", |(line, _)| &*line.text);
    let led = pane.led().map(|spot| format!(" ={}", spot.offset / 10)).unwrap_or_default();
    format!("{top}{led}{}", if pane.follows() { " follows" } else { "" })
}

fn pair(one: &str, other: &str) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

#[test]
fn a_second_pane_opens_beside_the_first_and_goes_again() {
    let mut twin = Twin::usual();
    let before = twin.panes.focused().latest().clone();
    twin.press("|");
    assert_eq!(twin.seen(), pair("run.out 990 follows", "run.err 90 follows"));
    twin.press("|");
    assert_eq!(twin.seen(), pair("run.out 990 follows", ""));
    assert_eq!(twin.rests, [Slot::Second]);
    assert_eq!(*twin.panes.focused().latest(), before, "the first pane was not touched");
    assert_eq!(*twin.asked.of(Slot::First), 1);
    // the one that has the keys stays, and keeps its slot
    twin.press("|⇥|");
    assert_eq!(twin.seen(), pair("run.err 90 follows", ""));
    assert_eq!(twin.rests, [Slot::Second, Slot::First]);
    twin.press("k");
    assert_eq!(twin.seen().0, "run.err 89");
    twin.press("G|");
    assert_eq!(twin.seen(), pair("run.err 90 follows", "run.out 990 follows"));
}

#[test]
fn an_answer_to_a_pane_that_was_closed_is_for_nobody() {
    let mut twin = Twin::usual();
    twin.type_keys("|");
    let ask = twin.open.of(Slot::Second).clone().expect("a wish");
    let late = twin.page_for(&ask);
    twin.type_keys("||");
    assert!(!twin.panes.page(Slot::Second, late));
    assert!(!twin.panes.other().unwrap().answered());
    twin.answer_all();
    assert!(twin.panes.other().unwrap().answered());
}

#[test]
fn each_pane_is_a_whole_one() {
    let mut twin = Twin::usual();
    twin.press("|=");
    assert_eq!(twin.said(), "each moves by itself");
    twin.press("ggd&x⏎⇥kkW");
    let other = twin.panes.other().unwrap();
    assert_eq!((other.filter(), other.wraps()), ("x", false));
    assert!(other.query().hidden.has(Class::Debug));
    let pane = twin.panes.focused();
    assert_eq!((pane.filter(), pane.wraps(), pane.follows()), ("", true, false));
    assert!(pane.query().hidden.is_empty());
    twin.press("]");
    assert_eq!(twin.panes.focused().source().map(|(source, ..)| &*source.name), Some("run.out"));
    // with one pane alone Tab chooses a file, as it always did
    twin.press("|⇥");
    assert_eq!(twin.panes.focused().source().map(|(source, ..)| &*source.name), Some("run.err"));
}

#[test]
fn the_keys_go_over_and_back() {
    for key in [Key::plain(Code::Tab), Key::plain(Code::BackTab), Key::ctrl('w')] {
        let mut twin = Twin::usual();
        twin.press("|");
        twin.key(key);
        assert_eq!(twin.seen().0, "run.err 90 follows");
        twin.key(key);
        assert_eq!(twin.seen().0, "run.out 990 follows");
        // what is typed is text
        twin.press("&a");
        twin.key(key);
        twin.press("|=");
        assert_eq!(twin.seen().1, "run.err 90 follows");
        assert!(twin.panes.focused().typing());
    }
    let mut twin = Twin::usual();
    assert_eq!(twin.panes.key(Key::ctrl('w')), None);
    twin.press("=");
    assert_eq!(twin.said(), "= is for two panes: | opens a second");
}

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

#[test]
fn panes_stand_beside_one_another_where_there_is_room() {
    let mut twin = Twin::usual();
    twin.press("|");
    for width in 40..220 {
        for height in 3..70 {
            let page = Rect { x: 0, y: 3, width, height };
            let Places { focused, other, rule } = twin.panes.places(page);
            assert_eq!(other.is_empty(), width < 100 && height < 10, "{width}x{height}");
            assert_eq!(rule.is_empty(), width < 100);
            let cells = |area: Rect| u32::from(area.width) * u32::from(area.height);
            assert_eq!(cells(focused) + cells(other) + cells(rule), cells(page), "{width}x{height}");
            assert!(!focused.intersects(other) && !rule.intersects(focused) && !rule.intersects(other));
            assert!(other.is_empty() || focused.width.abs_diff(other.width) <= 1);
            assert!(other.is_empty() || focused.height.abs_diff(other.height) <= 1);
        }
    }
    // where only one is seen the other asks for nothing, and comes back where it was
    twin.page = Rect { width: 60, height: 8, ..PAGE };
    twin.show();
    assert_eq!(twin.rests, [Slot::Second]);
    let before = *twin.asked.of(Slot::Second);
    twin.press("gjj");
    assert_eq!(*twin.asked.of(Slot::Second), before);
    twin.page = PAGE;
    twin.show();
    twin.answer_all();
    assert_eq!(twin.seen(), pair("run.out 2", "run.err 0 =0"));
}

#[test]
fn another_run_has_one_pane() {
    let mut twin = Twin::usual();
    twin.press("|⇥");
    twin.run = run("b", &["run.out"]);
    twin.show();
    twin.answer_all();
    assert_eq!(twin.seen(), pair("run.out 990 follows", ""));
    assert!(twin.rests.contains(&Slot::First), "{:?}", twin.rests);
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
                    let own = twin.panes.focused().slot == slot;
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
        let Some(other) = twin.panes.other() else { return Ok(()) };
        let focused = twin.panes.focused();
        let Some(lead::Stand::At { moment: Some(moment), .. }) = focused.stand() else { return Ok(()) };
        let lines = &twin.files.iter().find(|(name, _)| other.paths()[0].ends_with(name)).unwrap().1;
        let first = lines.iter().position(|time| time.is_some_and(|time| time * 1000 >= moment));
        prop_assert_eq!(other.led().map(|spot| spot.offset / 10), first.map(|n| n as u64));
    }
}
