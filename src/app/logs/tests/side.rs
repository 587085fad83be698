//! Two panes: which has the keys, which file stands beside which.

use ratatui::layout::Rect;

use super::*;
use crate::model::log::BySlot;
use crate::model::log::Landmark;
use crate::model::log::When;
use crate::model::stamp::Stamp;

pub(super) const PAGE: Rect = Rect { x: 0, y: 3, width: 120, height: ROWS + LogPane::HEAD };

/// Two panes, and a service that answers when it is told to.
pub(super) struct Twin {
    pub(super) panes: Panes,
    pub(super) run: Run,
    pub(super) page: Rect,
    /// Each file's times, line by line, in seconds.
    pub(super) files: Vec<(&'static str, Vec<Option<i64>>)>,
    /// Wishes that are not answered.
    pub(super) open: BySlot<Option<LogAsk>>,
    /// The wishes that were answered last: they are answered again when a file grows.
    answered: BySlot<Option<LogAsk>>,
    /// Wishes so far.
    pub(super) asked: BySlot<usize>,
    pub(super) rests: Vec<Slot>,
}

/// A line every `every` seconds from `from` on.
pub(super) fn times(from: i64, every: i64, count: i64) -> Vec<Option<i64>> {
    (0..count).map(|n| Some(from + n * every)).collect()
}

impl Twin {
    pub(super) fn new(files: Vec<(&'static str, Vec<Option<i64>>)>) -> Self {
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
    pub(super) fn usual() -> Self {
        Self::new(vec![("run.out", times(0, 1, 1000)), ("run.err", times(3, 10, 100))])
    }

    pub(super) fn carry_out(&mut self, effects: Vec<Effect>) {
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

    pub(super) fn show(&mut self) {
        let places = self.panes.places(self.page);
        let rows = LogPane::rows_in(places.focused.height);
        let view = View { run: &self.run, alive: true, rows, open: true };
        let outcome = self.panes.show(Some(view), LogPane::rows_in(places.other.height));
        self.carry_out(outcome.effects);
    }

    pub(super) fn key(&mut self, key: Key) {
        if let Some(outcome) = self.panes.key(key) {
            self.carry_out(outcome.effects);
        }
        self.show();
    }

    /// Keys that come faster than answers.
    pub(super) fn type_keys(&mut self, text: &str) {
        for key in keys(text) {
            self.key(key);
        }
    }

    /// Keys, each answered before the next one.
    pub(super) fn press(&mut self, text: &str) {
        for key in keys(text) {
            self.key(key);
            self.answer_all();
        }
    }

    pub(super) fn answer(&mut self, slot: Slot) -> bool {
        let Some(ask) = self.open.of_mut(slot).take() else { return false };
        let page = self.page_for(&ask);
        *self.answered.of_mut(slot) = Some(ask);
        self.panes.page(slot, page);
        self.show();
        true
    }

    /// Files have grown.
    pub(super) fn answer_again(&mut self, slot: Slot) {
        let Some(ask) = self.answered.of(slot).clone().filter(|_| self.open.of(slot).is_none()) else {
            return;
        };
        let page = self.page_for(&ask);
        self.panes.page(slot, page);
        self.show();
    }

    pub(super) fn answer_all(&mut self) {
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
    pub(super) fn seen(&self) -> (String, String) {
        (told(self.panes.focused()), self.panes.other().map_or_else(String::new, told))
    }

    pub(super) fn said(&self) -> &str {
        self.panes.focused().said().unwrap_or_default()
    }
}

/// The topmost line, the line of the other's moment, and whether it follows.
pub(super) fn told(pane: &LogPane) -> String {
    let top = pane.from_top().next().map_or("-", |(line, _)| &*line.text);
    let led = pane.led().map(|spot| format!(" ={}", spot.offset / 10)).unwrap_or_default();
    format!("{top}{led}{}", if pane.follows() { " follows" } else { "" })
}

pub(super) fn pair(one: &str, other: &str) -> (String, String) {
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
