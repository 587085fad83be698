//! Windows of folded logs show what folding all of the log, read line by line, would show.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::log::SectionFolds;
use crate::parse::logline::Reader;
use crate::parse::logrows;
use crate::parse::sections::Titles;

/// Lines of all kinds; `#` is a number that counts up.
const LINES: &[&str] = &[
    "=== Epoch # ===\n",
    "2026-03-01 08:00:00 INFO ==== Phase # ====\n",
    "----- part # -----\n",
    "========\nRun #\n========\n",
    "2026-03-01 08:00:00 DEBUG ***** quiet # *****\n",
    "2026-03-01 08:00:00 INFO step=#\n",
    "plain #\n",
    "2026-03-01 08:00:00 DEBUG heartbeat #\n",
    "========\n",
    "\rEpoch 1: 100%|██████████| #/400 [01:45<00:00,  3.8it/s, loss=2.2871]\n",
    "{\"level\":\"INFO\",\"msg\":\"=== none # ===\"}\n",
    "2026-03-01 08:00:01 ERROR it broke at #\nTraceback (most recent call last):\n  File \"a.py\", line #\nValueError: #\n",
];

/// A log of so many bytes at least, of lines in an order that is told by numbers.
fn log_of(order: &[usize], bytes_at_least: usize, padding: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut n = 0;
    while bytes.len() < bytes_at_least {
        for which in order {
            bytes
                .extend_from_slice(LINES[which % LINES.len()].replace('#', &(n % 97).to_string()).as_bytes());
            n += 1;
        }
        for _ in 0..padding {
            bytes.extend_from_slice(
                format!("2026-03-01 08:00:05 INFO go on {}\n", "x".repeat(n % 150)).as_bytes(),
            );
        }
    }
    bytes
}

/// A row that is shown: its place, and how many are folded away behind it.
type Row = (u64, Option<u64>);

/// The rows of a folded log by reading each line of it.
fn naively(bytes: &[u8], folds: &SectionFolds, hidden: Classes) -> Vec<Row> {
    let mut reader = Reader::default();
    let mut titles = Titles::default();
    let mut lines: Vec<(u64, Class, Option<u8>)> = Vec::new();
    logrows::each(bytes, 0, &mut |row| {
        let line = reader.read(row);
        let seen = titles.row(&line);
        lines.push((row.offset, Class::of(line.level, line.kind), None));
        for seen in seen.into_iter().flatten() {
            let at = lines.len() - 1 - seen.back;
            lines[at].2 = Some(seen.rank);
        }
    });
    let mut rows: Vec<Row> = Vec::new();
    // the rank of the section that is folded
    let mut under: Option<u8> = None;
    for (offset, class, title) in lines {
        if let (Some(rank), Some(own)) = (title, under)
            && (folds.all || rank <= own)
        {
            under = None;
        }
        let shows = !hidden.has(class);
        if under.is_some() {
            if let Some((_, Some(count))) = rows.last_mut() {
                *count += u64::from(shows);
            }
            continue;
        }
        if !shows {
            continue;
        }
        let folded = title.filter(|_| folds.has(Spot::at(offset)));
        under = folded;
        rows.push((offset, folded.map(|_| 0)));
    }
    rows
}

/// Some of the titles of a log.
fn some_titles(bytes: &[u8], every: usize) -> BTreeMap<Spot, u8> {
    let mut reader = Reader::default();
    let mut titles = Titles::default();
    let (mut offsets, mut found) = (Vec::new(), Vec::new());
    logrows::each(bytes, 0, &mut |row| {
        offsets.push(row.offset);
        for seen in titles.row(&reader.read(row)).into_iter().flatten() {
            found.push((Spot::at(offsets[offsets.len() - 1 - seen.back]), seen.rank));
        }
    });
    found.into_iter().step_by(every).collect()
}

fn rows_of(page: &LogPage) -> Vec<Row> {
    let row = |line: &LogLine| {
        let folded = line.section.as_ref().and_then(|section| section.folded);
        if let Some(folded) = folded {
            assert!(folded.exact, "all is counted");
        }
        (line.spot.offset, folded.map(|folded| folded.lines))
    };
    page.lines.iter().map(row).collect()
}

impl Log {
    fn ask_folded(&mut self, query: &LogQuery, folds: &SectionFolds, anchor: Anchor, rows: usize) -> LogPage {
        self.generation += 1;
        let path = self.view.path().to_path_buf();
        let ask = LogAsk::of(self.generation, path, query.clone(), anchor, rows);
        let page = self.view.page(&LogAsk { sections: Arc::new(folds.clone()), ..ask }, &never);
        assert!(page.lines.len() <= rows * 8, "a window is bounded");
        page
    }

    /// All rows, window by window.
    fn walk_folded(
        &mut self,
        query: &LogQuery,
        folds: &SectionFolds,
        forward: bool,
        rows: usize,
    ) -> Vec<Row> {
        let mut seen: Vec<Row> = Vec::new();
        let mut anchor = if forward { Anchor::At { spot: Spot::START, above: 0 } } else { Anchor::End };
        loop {
            let page = self.ask_folded(query, folds, anchor, rows);
            assert!(!page.looking, "all is counted");
            let all = rows_of(&page).into_iter();
            let fresh: Vec<Row> = if forward {
                all.filter(|row| seen.last().is_none_or(|last| row.0 > last.0)).collect()
            } else {
                all.rev().filter(|row| seen.last().is_none_or(|last| row.0 < last.0)).collect()
            };
            seen.extend(&fresh);
            let over = if forward { page.at_end } else { page.at_start };
            let (Some(last), false) = (fresh.last(), over) else { break };
            anchor = Anchor::At { spot: Spot::at(last.0), above: 0 };
        }
        if !forward {
            seen.reverse();
        }
        seen
    }
}

fn folds(bytes: &[u8], all: bool, every: usize) -> SectionFolds {
    SectionFolds { all, others: Arc::new(some_titles(bytes, every)), open: None }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn walking_through_a_folded_log_shows_each_line_once_or_counts_it(
        order in prop::collection::vec(0..LINES.len(), 1..30),
        padding in prop_oneof![0_usize..4, 300_usize..3000],
        all in any::<bool>(),
        every in 1_usize..7,
        forward in any::<bool>(),
        hides in prop::sample::subsequence(vec![Class::Debug, Class::Plain, Class::Progress], 0..3),
    ) {
        let bytes = log_of(&order, 140 << 10, padding);
        let query = hiding(&hides);
        let folds = folds(&bytes, all, every);
        let mut log = Log::of(&bytes);
        log.settled(&query, Anchor::End);
        let seen = log.walk_folded(&query, &folds, forward, 150);
        prop_assert_eq!(seen, naively(&bytes, &folds, query.hidden));
    }

    #[test]
    fn any_window_of_a_folded_log_is_a_part_of_the_whole(
        order in prop::collection::vec(0..LINES.len(), 1..30),
        padding in 0_usize..400,
        all in any::<bool>(),
        every in 1_usize..7,
        places in prop::collection::vec(0_u64..200_000, 1..12),
    ) {
        let bytes = log_of(&order, 140 << 10, padding);
        let query = LogQuery::default();
        let folds = folds(&bytes, all, every);
        let whole = naively(&bytes, &folds, query.hidden);
        let mut log = Log::of(&bytes);
        log.settled(&query, Anchor::End);
        for place in places {
            let place = Spot::at(place.min(bytes.len() as u64 - 1));
            let page = log.ask_folded(&query, &folds, Anchor::At { spot: place, above: 3 }, 10);
            let rows = rows_of(&page);
            let at = whole.iter().position(|row| Some(row) == rows.first()).expect("a row of the whole");
            prop_assert_eq!(&whole[at..at + rows.len()], &rows[..]);
            // a full window that happens to reach an end does not know of it
            prop_assert!(!page.at_start || at == 0);
            prop_assert!(!page.at_end || at + rows.len() == whole.len());
            // what was wished for is opened
            let wished = SectionFolds { open: Some(place), ..folds.clone() };
            let page = log.ask_folded(&query, &wished, Anchor::At { spot: place, above: 3 }, 10);
            let shown = page.lines.iter().any(|line| line.spot == place);
            let before = usize::try_from(place.offset).unwrap() - 1;
            let is_line = bytes.get(before).is_none_or(|byte| *byte == b'\n');
            prop_assert!(shown || !is_line || place.offset == 0, "{:?}", place);
            let mut left = folds.clone();
            let others = Arc::make_mut(&mut left.others);
            for title in &page.unfolded {
                if all { others.insert(*title, 0); } else { others.remove(title); }
            }
            let whole = naively(&bytes, &left, query.hidden);
            let rows = rows_of(&page);
            let at = whole.iter().position(|row| Some(row) == rows.first()).expect("a row of the whole");
            prop_assert_eq!(&whole[at..at + rows.len()], &rows[..]);
        }
    }

    #[test]
    fn a_folded_file_that_grows_shrinks_and_rotates_counts_what_it_hides(
        turns in prop::collection::vec((0_u8..5, 1_usize..400), 1..10),
        order in prop::collection::vec(0..LINES.len(), 1..20),
        all in any::<bool>(),
        every in 1_usize..5,
    ) {
        let query = LogQuery::default();
        let mut log = Log::of(b"2026-03-01 08:00:00 INFO begin\n");
        let path = log.view.path().to_path_buf();
        log.settled(&query, Anchor::End);
        for (n, (turn, size)) in turns.into_iter().enumerate() {
            let fresh = [format!("2026-03-01 08:00:05 INFO {n}\n").into_bytes(), log_of(&order, size * 300, size % 50)].concat();
            let held = folds(&fs::read(&path).unwrap(), all, every);
            match turn {
                0 | 1 => log.append(&fresh),
                // a line, and a frame, that come in two parts
                2 => {
                    log.append(&fresh[..fresh.len() - 5]);
                    log.view.look();
                    log.settled(&query, Anchor::End);
                    log.ask_folded(&query, &held, Anchor::End, 50);
                    log.append(&fresh[fresh.len() - 5..]);
                }
                3 => {
                    let keep = fs::read(&path).unwrap().len() * 2 / 3;
                    OpenOptions::new().write(true).open(&path).unwrap().set_len(keep as u64).unwrap();
                }
                _ => {
                    fs::rename(&path, path.with_extension("log.1")).unwrap();
                    fs::write(&path, &fresh).unwrap();
                }
            }
            log.view.look();
            log.settled(&query, Anchor::End);
            let bytes = fs::read(&path).unwrap();
            // what was folded before may be gone, or something else
            prop_assert_eq!(log.walk_folded(&query, &held, n % 2 == 0, 150), naively(&bytes, &held, query.hidden));
            let anew = folds(&bytes, all, every);
            prop_assert_eq!(log.walk_folded(&query, &anew, n % 2 == 1, 150), naively(&bytes, &anew, query.hidden));
        }
    }
}

/// Sections of 40,000 lines each, and a short one in the end.
fn long() -> Vec<u8> {
    let mut bytes = Vec::new();
    for epoch in 1..=4 {
        writeln!(bytes, "=== Epoch {epoch} ===").unwrap();
        for step in 0..40_000 {
            writeln!(bytes, "2026-03-01 08:00:00,000 - trainer - INFO - epoch {epoch} step {step}").unwrap();
        }
    }
    bytes
}

fn contents() -> SectionFolds {
    SectionFolds { all: true, ..SectionFolds::default() }
}

fn told(page: &LogPage) -> Vec<(String, u64, bool)> {
    let sections = page.lines.iter().filter_map(|line| line.section.as_ref());
    sections
        .filter_map(|section| Some((section.title.to_string(), section.folded?.lines, section.folded?.exact)))
        .collect()
}

#[test]
fn a_log_of_many_lines_folds_to_its_contents_and_the_last_section_grows() {
    let mut log = Log::of(&long());
    let query = LogQuery::default();
    log.settled(&query, Anchor::End);
    let page = log.ask_folded(&query, &contents(), Anchor::End, 10);
    let row = |n: u64, lines: u64| (format!("Epoch {n}"), lines, true);
    assert_eq!(told(&page), [row(1, 40_000), row(2, 40_000), row(3, 40_000), row(4, 40_000)]);
    assert!(page.at_start && page.at_end);
    log.append(b"2026-03-01 08:00:00,000 - trainer - INFO - one more\n");
    log.view.look();
    log.settled(&query, Anchor::End);
    let page = log.ask_folded(&query, &contents(), Anchor::End, 10);
    assert_eq!(told(&page).last(), Some(&row(4, 40_001)));
    log.append(b"=== Epoch 5 ===\n");
    log.view.look();
    log.settled(&query, Anchor::End);
    let page = log.ask_folded(&query, &contents(), Anchor::End, 10);
    assert_eq!(told(&page)[3..], [row(4, 40_001), row(5, 0)]);
}

#[test]
fn a_figure_that_is_not_known_is_not_told() {
    let mut log = Log::of(&long());
    let query = LogQuery::default();
    // nothing is counted: the end of the section is out of sight
    let one =
        SectionFolds { others: Arc::new(BTreeMap::from([(Spot::START, 1)])), ..SectionFolds::default() };
    let page = log.ask_folded(&query, &one, Anchor::At { spot: Spot::START, above: 0 }, 10);
    for (_, lines, exact) in told(&page) {
        assert!(exact && lines == 40_000 || !exact && lines <= 40_000, "{lines}");
    }
    log.settled(&query, Anchor::End);
    let page = log.ask_folded(&query, &one, Anchor::At { spot: Spot::START, above: 0 }, 10);
    assert_eq!(told(&page), [("Epoch 1".to_owned(), 40_000, true)]);
    assert_eq!(
        page.lines.get(1).map(|line| &*line.text),
        Some("=== Epoch 2 ==="),
        "and the lines go on behind it"
    );
}

#[test]
fn a_hit_in_a_folded_section_opens_it_and_titles_are_jumped_to() {
    let mut log = Log::of(&long());
    let query = searching("epoch 3 step 31234$");
    log.settled(&query, Anchor::End);
    let page = log.ask_folded(&query, &contents(), hit(Spot::START, true), 10);
    let at = page.at.expect("a hit");
    assert!(page.lines.iter().any(|line| line.spot == at));
    assert_eq!(page.unfolded.len(), 1);
    let section = |spot, forward| Anchor::Find { what: Landmark::Section, spot, forward };
    let all = LogQuery::default();
    let mut titles = Vec::new();
    let mut from = Spot::START;
    while let Some(at) = log.ask_folded(&all, &SectionFolds::default(), section(from, true), 10).at {
        titles.push(at);
        from = at.next();
    }
    assert_eq!(titles.len(), 4);
    let back = log.ask_folded(&all, &SectionFolds::default(), section(titles[2], false), 10);
    assert_eq!(back.at, Some(titles[1]));
    // among filtered lines, titles that pass are found all the same
    let some = filtering("Epoch [24]");
    log.settled(&some, Anchor::End);
    let page = log.ask_folded(&some, &contents(), section(Spot::START, true), 10);
    assert_eq!(page.at, Some(titles[1]));
    assert!(page.lines.iter().all(|line| line.section.is_none()), "nothing folds among filtered lines");
}

#[test]
fn a_title_leaves_the_reader_without_its_secrets() {
    let mut log = Log::of(b"=== login with hf_abcdefghijklmnopqrstuvwxyzABCDEF12 ===\na\nb\n=======\nkey hf_abcdefghijklmnopqrstuvwxyzABCDEF12\n=======\n");
    let page = log.ask_folded(&LogQuery::default(), &contents(), Anchor::End, 10);
    let titles: Vec<&str> =
        page.lines.iter().filter_map(|line| Some(&*line.section.as_ref()?.title)).collect();
    assert_eq!(titles, ["login with hf_***", "key hf_***"]);
}

#[test]
fn a_folded_section_costs_next_to_nothing_whatever_its_length() {
    let mut log = Log::of(&long());
    let query = LogQuery::default();
    log.settled(&query, Anchor::End);
    let whole = std::cell::Cell::new(0);
    // asked before each stretch that is looked at
    let counting = || {
        whole.set(whole.get() + 1);
        false
    };
    for anchor in [Anchor::End, Anchor::At { spot: Spot::START, above: 0 }] {
        log.generation += 1;
        let path = log.view.path().to_path_buf();
        let ask = LogAsk::of(log.generation, path, query.clone(), anchor, 10);
        whole.set(0);
        let page = log.view.page(&LogAsk { sections: Arc::new(contents()), ..ask }, &counting);
        assert_eq!(told(&page).len(), 4);
        assert!(page.at_start && page.counted.0 > 140 << 16, "some 150 cells");
        assert!(whole.get() < 40, "{} stretches for {anchor:?}", whole.get());
    }
}

#[test]
fn titles_among_rules_by_turns_are_the_same_wherever_one_begins_to_read() {
    let query = LogQuery::default();
    let bytes = [b"2026-03-01 08:00:05 INFO 0\n".to_vec(), log_of(&[8, 4, 3, 0], 105_000, 0)].concat();
    let mut log = Log::of(&bytes);
    log.settled(&query, Anchor::End);
    let folds = folds(&bytes, true, 4);
    let whole = naively(&bytes, &folds, query.hidden);
    for forward in [true, false] {
        assert!(log.walk_folded(&query, &folds, forward, 150) == whole, "{forward}");
    }
}
