//! Sections that fold: what is wished for, and what the pane and the reader show together.

use proptest::prelude::*;

use super::*;
use crate::model::log::FoldedLines;
use crate::model::log::Landmark;
use crate::model::log::Section;
use crate::model::log::SectionFolds;
use crate::parse::redact::Redactor;
use crate::source::logview::Logs;

/// The pane before a real reader.
struct Real {
    dir: tempfile::TempDir,
    pane: LogPane,
    logs: Logs,
    last: Option<LogAsk>,
    lines: u64,
}

/// A log of short lines: every 13th a title, and every 5th one a title below it.
fn text(from: u64, to: u64) -> String {
    let line = |n: u64| match (n % 13, n % 5) {
        (0, _) => format!("=== title {n:05} ===\n"),
        (_, 0) => format!("--- part {n:05} ----\n"),
        _ => format!("a line {n:05} of it.\n"),
    };
    (from..to).map(line).collect()
}

/// Bytes of a line.
const WIDE: u64 = 20;

fn rank(n: u64) -> Option<u8> {
    match (n % 13, n % 5) {
        (0, _) => Some(1),
        (_, 0) => Some(5),
        _ => None,
    }
}

impl Real {
    fn new(lines: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("training.log");
        std::fs::write(&path, text(0, lines)).unwrap();
        let mut run = run("a", &["training.log"]);
        run.path = dir.path().to_path_buf();
        let logs = Logs::new(vec![path], &Redactor::default());
        let mut real = Self { dir, pane: LogPane::default(), logs, last: None, lines };
        let effect = real.pane.show(Some(view(&run)));
        real.carry_out(effect.into_iter().collect());
        real
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Log(_, Some(ask)) = effect {
                self.last = Some(ask);
                self.answer();
            }
        }
    }

    fn answer(&mut self) {
        self.logs.look();
        let Some(ask) = self.last.clone() else { return };
        loop {
            let page = self.logs.page(&ask, &|| false);
            self.pane.page(page);
            if self.logs.left() == 0 {
                break;
            }
            self.logs.step(1 << 20, &|| false);
        }
        let page = self.logs.page(&ask, &|| false);
        self.pane.page(page);
    }

    fn press(&mut self, typed: &str) {
        for key in keys(typed) {
            let outcome = self.pane.key(key);
            self.carry_out(outcome.map(|outcome| outcome.effects).unwrap_or_default());
        }
    }

    fn grow(&mut self, by: u64) {
        let path = self.dir.path().join("training.log");
        let whole = text(0, self.lines + by);
        self.lines += by;
        std::fs::write(path, whole).unwrap();
        self.answer();
    }

    /// Numbers of the rows on screen, each with the lines that its section hides.
    fn rows(&self) -> Vec<(u64, Option<u64>)> {
        let row = |line: &LogLine| {
            let folded = line.section.as_ref().and_then(|section| section.folded);
            (line.spot.offset / WIDE, folded.map(|folded| folded.lines))
        };
        self.pane.from_top().take(usize::from(ROWS)).map(|(line, _)| row(line)).collect()
    }

    /// The rows of the whole log as it is folded.
    fn whole(&self) -> Vec<(u64, Option<u64>)> {
        let folds = self.pane.wished_sections(Goal::Stay);
        let mut rows: Vec<(u64, Option<u64>)> = Vec::new();
        let mut under: Option<u8> = None;
        for n in 0..self.lines {
            let own = rank(n);
            if let (Some(own), Some(of)) = (own, under)
                && (folds.all || own <= of)
            {
                under = None;
            }
            match rows.last_mut() {
                Some((_, Some(count))) if under.is_some() => *count += 1,
                _ => {
                    under = own.filter(|_| folds.has(Spot::at(n * WIDE)));
                    rows.push((n, under.map(|_| 0)));
                }
            }
        }
        rows
    }
}

#[test]
fn the_key_folds_the_section_of_the_topmost_title_and_opens_it_again() {
    let mut real = Real::new(1000);
    real.press("g");
    assert_eq!(real.rows()[..3], [(0, None), (1, None), (2, None)]);
    real.press("c");
    assert_eq!(real.rows()[..3], [(0, Some(12)), (13, None), (14, None)]);
    real.press("jc");
    assert_eq!(real.rows()[..2], [(13, Some(12)), (26, None)]);
    real.press("c");
    assert_eq!(real.rows()[..2], [(13, None), (14, None)]);
    // what is pointed at: the section of 0 is one row
    real.press("gvjj");
    assert_eq!(real.pane.point().map(|spot| spot.offset / WIDE), Some(14));
    real.press("⏎");
    assert!(real.pane.said().is_some_and(|said| said.starts_with("nothing to open")));
    real.press("j⏎");
    assert_eq!(real.rows()[..4], [(0, Some(12)), (13, None), (14, None), (15, Some(4))]);
    real.press("⏎kkk⏎");
    assert_eq!(real.rows()[..3], [(0, None), (1, None), (2, None)]);
}

#[test]
fn all_sections_fold_to_the_contents_while_the_end_is_followed() {
    let mut real = Real::new(1000);
    real.press("C");
    assert!(real.pane.follows() && real.pane.shows_contents());
    assert_eq!(real.rows().last(), Some(&(995, Some(4))));
    real.grow(3);
    assert_eq!(real.rows().last(), Some(&(1001, Some(1))), "the last section grows");
    assert_eq!(real.pane.said(), Some("all sections folded: C opens them"));
    real.press("C");
    assert_eq!(real.rows().last(), Some(&(1002, None)));
    assert!(real.pane.follows());
}

#[test]
fn what_leads_into_a_folded_section_opens_it() {
    for (typed, line) in [("C/line 00304⏎", 304), ("C:#305⏎", 304), ("C:50.2%⏎", 502)] {
        let mut real = Real::new(1000);
        real.press(typed);
        assert_eq!(real.pane.point().map(|spot| spot.offset / WIDE), Some(line), "{typed}");
        assert!(real.rows().contains(&(line, None)), "{typed}: {:?}", real.rows());
        // and it stays open
        real.press("jk");
        assert!(real.rows().contains(&(line, None)), "{typed}");
    }
    let mut real = Real::new(1000);
    real.press("gvjjmgC");
    assert_eq!(real.rows()[0], (0, Some(4)));
    real.press("'");
    assert_eq!(real.pane.point().map(|spot| spot.offset / WIDE), Some(2));
}

#[test]
fn the_lines_at_hand_stay_until_it_is_known_what_is_folded() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("gjjjj"));
    let outcome = desk.pane.key(Key::char('C')).unwrap();
    desk.carry_out(outcome.effects);
    let early = LogPage { lines: Vec::new(), looking: true, counted: (10, 10_000), ..desk.page() };
    assert!(desk.pane.page(early));
    assert_eq!((desk.top(), desk.pane.latest().counted.0), (4, 10), "and how far the reader is can be seen");
    desk.answer();
    assert_eq!(desk.top(), 4);
    assert!(!desk.pane.latest().looking);
    desk.press(&keys("CGC"));
    assert_eq!(desk.pane.said(), Some("no line of this log is a title of a section"));
}

#[test]
fn sections_are_jumped_to() {
    let mut real = Real::new(1000);
    let point = |real: &Real| real.pane.point().map(|spot| spot.offset / WIDE);
    real.press("gj)");
    assert_eq!(point(&real), Some(5));
    real.press("))");
    assert_eq!(point(&real), Some(13));
    real.press("(");
    assert_eq!(point(&real), Some(10));
    real.press("(((");
    assert_eq!((point(&real), real.pane.said()), (Some(0), Some("no section above")));
    real.press("c)");
    assert_eq!(point(&real), Some(13), "what is folded away is passed over");
    let ask = real.last.unwrap();
    assert!(matches!(ask.anchor, Anchor::Find { what: Landmark::Section, forward: true, .. }));
}

#[test]
fn nothing_folds_among_picked_or_merged_lines() {
    let mut real = Real::new(1000);
    real.press("C&line⏎");
    assert_eq!(real.last.as_ref().map(|ask| ask.sections.clone()), Some(Arc::new(SectionFolds::default())));
    real.press("C");
    assert_eq!(real.pane.said(), Some("no section folds while lines are filtered"));
    real.press("⎋");
    assert!(real.pane.shows_contents(), "the filter is gone, and the folds are there again");
    let mut desk = Desk::new(1000);
    desk.press(&keys("MC"));
    assert_eq!(desk.pane.said(), Some("sections fold in one file alone: M leads back to it"));
}

#[test]
fn a_folded_section_is_copied_as_what_it_is() {
    let mut real = Real::new(1000);
    real.press("gvcV");
    real.press("j");
    let outcome = real.pane.key(Key::char('y')).unwrap();
    let text = match outcome.effects.first() {
        Some(Effect::Copy(text)) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(text, "=== title 00000 === [title 00000: 12 lines folded away]\n=== title 00013 ===\n");
}

#[test]
fn a_count_is_told_as_far_as_it_is_known() {
    let of = |lines, exact| {
        let section = Section { rank: 0, title: "a".into(), folded: Some(FoldedLines { lines, exact }) };
        told(&section)
    };
    assert_eq!(of(214, true).as_deref(), Some("214 lines"));
    assert_eq!(of(214, false).as_deref(), Some("214+ lines"));
    assert_eq!(of(1, true).as_deref(), Some("1 line"));
    assert_eq!(of(0, true), None);
    assert_eq!(of(0, false), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However one scrolls, folds and jumps: the rows on screen are neighbours in the folded log, and the pane is full.
    #[test]
    fn scrolling_over_folds_never_loses_or_doubles_a_line(typed in "[jkgGcCv⏎⇞⇟⎋()m' ]{0,40}", grows in 0..2_u64) {
        let mut real = Real::new(700);
        for key in typed.chars() {
            real.press(&key.to_string());
            if grows > 0 {
                real.grow(grows * 3);
            }
            let (rows, whole) = (real.rows(), real.whole());
            if real.pane.is_frozen() {
                continue;
            }
            let at = whole.iter().position(|row| Some(row) == rows.first());
            prop_assert!(at.is_some(), "{}: {:?} is no row", &typed, rows.first());
            let at = at.unwrap();
            prop_assert_eq!(&whole[at..at + rows.len()], &rows[..], "{}", &typed);
            prop_assert!(rows.len() == usize::from(ROWS).min(whole.len()), "{}: {:?}", &typed, &rows);
            if let Some(point) = real.pane.point() {
                let point = point.offset / WIDE;
                prop_assert!(rows.iter().any(|row| row.0 == point), "{}: {} is not in {:?}", &typed, point, &rows);
            }
        }
    }
}

#[test]
fn the_pane_is_full_where_a_bookmark_near_the_end_leads() {
    let mut real = Real::new(700);
    real.press("⇞)⇞mCG⇞'");
    assert_eq!(real.rows().len(), usize::from(ROWS));
}
