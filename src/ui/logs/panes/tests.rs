use super::*;
use crate::app::effect::Effect;
use crate::app::key::Code;
use crate::app::key::Key;
use crate::app::logs::View;
use crate::model::log::Anchor;
use crate::model::log::LogLine;
use crate::model::log::Slot;
use crate::ui::logs::tests::NOW;
use crate::ui::logs::tests::full_page;
use crate::ui::logs::tests::page_of;
use crate::ui::logs::tests::run;
use crate::ui::logs::tests::text;
use crate::ui::theme::Colours;

/// Two files of which each pane shows one, and a service for both.
struct Desk {
    panes: Panes,
    area: Rect,
    /// Whether the second file tells times.
    timed: bool,
}

impl Desk {
    fn new(width: u16, height: u16, timed: bool, keys: &str) -> Self {
        let mut desk = Self { panes: Panes::default(), area: Rect::new(0, 0, width, height), timed };
        desk.show();
        for c in keys.chars() {
            let key = match c {
                '⇥' => Key::plain(Code::Tab),
                '⏎' => Key::plain(Code::Enter),
                c => Key::char(c),
            };
            let effects = desk.panes.key(key).map(|outcome| outcome.effects).unwrap_or_default();
            desk.answer(effects);
            desk.show();
        }
        desk
    }

    fn show(&mut self) {
        // an answer may lead to another wish
        for _ in 0..4 {
            let places = self.panes.places(self.area);
            let run = run();
            let rows = LogPane::rows_in(places.focused.height);
            let view = View { run: &run, alive: true, rows, open: true };
            let effects = self.panes.show(Some(view), LogPane::rows_in(places.other.height)).effects;
            self.answer(effects);
        }
    }

    fn answer(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let Effect::Log(slot, Some(ask)) = effect else { continue };
            let mut page = page_of(ask.generation);
            full_page(&mut page);
            for line in &mut page.lines {
                line.spot.file = 0;
            }
            page.newest = page.lines.last().and_then(|line| line.moment);
            if ask.paths[0].ends_with("eval.log") {
                page.lines = page.lines.into_iter().filter(|line| line.body > 0).map(other).collect();
                page.newest = page.newest.filter(|_| self.timed);
                page.marks = [].into();
            }
            if let Anchor::Find { .. } = ask.anchor {
                page.at = page.lines.get(2).map(|line| line.spot);
            }
            self.panes.page(slot, page);
        }
    }

    fn drawn(&self, theme: &Theme) -> Buffer {
        let mut buffer = Buffer::empty(self.area);
        panes(&self.panes, theme, NOW, self.area, &mut buffer);
        buffer
    }
}

fn other(line: LogLine) -> LogLine {
    let text = line.text.replace("trainer", "eval").into();
    LogLine { text, body: if line.body > 40 { line.body - 3 } else { line.body }, ..line }
}

#[test]
fn two_panes_at_the_usual_sizes() {
    for (width, height) in [(60, 15), (80, 24), (120, 36), (200, 60), (38, 8)] {
        for (name, keys) in [("left", "|vkkkkkk"), ("right", "|⇥vk"), ("follow", "|")] {
            let desk = Desk::new(width, height, true, keys);
            let drawn = text(&desk.drawn(&Theme::default()));
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), drawn);
        }
    }
}

#[test]
fn a_file_without_times_is_named_as_such() {
    for (width, height) in [(80, 14), (120, 12)] {
        let desk = Desk::new(width, height, false, "|v=");
        let drawn = text(&desk.drawn(&Theme::default()));
        assert!(drawn.contains("eval/eval.log tells no times"), "{drawn}");
        insta::assert_snapshot!(format!("untimed_{width}x{height}"), drawn);
    }
}

#[test]
fn the_pane_with_the_keys_is_told_without_colours() {
    let theme = Theme::new(Colours::None, true);
    for (width, height) in [(80, 16), (120, 12)] {
        let [left, right] = ["|", "|⇥"].map(|keys| text(&Desk::new(width, height, true, keys).drawn(&theme)));
        for (drawn, has, has_not) in
            [(&left, "*training.log", " eval/eval.log"), (&right, "*eval/eval.log", " training.log")]
        {
            assert!(drawn.contains(has) && drawn.contains(has_not), "{drawn}");
            let foreign: String = drawn.chars().filter(|c| !c.is_ascii() && !"█中文".contains(*c)).collect();
            assert_eq!(foreign, "", "{drawn}");
        }
        insta::assert_snapshot!(format!("ascii_left_{width}x{height}"), left);
        insta::assert_snapshot!(format!("ascii_right_{width}x{height}"), right);
    }
}

#[test]
fn one_pane_is_drawn_as_it_always_was() {
    let theme = Theme::default();
    for (width, height) in [(60, 15), (120, 36)] {
        let desk = Desk::new(width, height, true, "||");
        let mut alone = Buffer::empty(desk.area);
        crate::ui::logs::page(desk.panes.focused(), &theme, NOW, desk.area, &mut alone);
        assert_eq!(desk.drawn(&theme), alone);
    }
}

#[test]
fn two_panes_leave_every_other_cell() {
    for keys in ["|", "|⇥F", "|v⏎", "|⇥S"] {
        for (width, height) in [(1, 1), (3, 12), (20, 11), (99, 10), (100, 3), (101, 9)] {
            let desk = Desk::new(width, height, true, keys);
            let mut buffer = Buffer::empty(Rect::new(0, 0, 110, 16));
            panes(&desk.panes, &Theme::default(), NOW, Rect::new(3, 2, width, height), &mut buffer);
            for y in 0..16 {
                for x in 0..110 {
                    let within = (3..3 + width).contains(&x) && (2..2 + height).contains(&y);
                    assert!(within || buffer[(x, y)].symbol() == " ", "{keys} {width}x{height} at {x},{y}");
                }
            }
        }
    }
}

#[test]
fn a_slot_without_a_pane_is_nobodys() {
    let mut desk = Desk::new(120, 20, true, "");
    assert!(!desk.panes.page(Slot::Second, page_of(1)));
}
