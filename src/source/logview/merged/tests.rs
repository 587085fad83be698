use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;

use super::*;
use crate::model::log::LogFilter;
use crate::model::log::LogQuery;
use crate::model::log::Term;

struct Desk {
    dir: tempfile::TempDir,
    logs: Logs,
    generation: u64,
}

impl Desk {
    fn of(files: &[String]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = (0..files.len()).map(|n| dir.path().join(format!("rank{n}.log"))).collect();
        for (path, text) in paths.iter().zip(files) {
            fs::write(path, text).unwrap();
        }
        let mut logs = Logs::new(paths, &Redactor::default());
        assert!(logs.look());
        Self { dir, logs, generation: 0 }
    }

    fn ask(&mut self, query: &LogQuery, anchor: Anchor, rows: usize) -> LogPage {
        self.generation += 1;
        let paths = self.logs.paths().to_vec();
        let path = PathBuf::new();
        let ask = LogAsk { paths, ..LogAsk::of(self.generation, path, query.clone(), anchor, rows) };
        self.logs.page(&ask, &|| false)
    }

    fn settle(&mut self, query: &LogQuery) {
        self.ask(query, Anchor::End, 10);
        while self.logs.left() > 0 {
            self.logs.step(1 << 20, &|| false);
        }
    }
}

fn texts(page: &LogPage) -> Vec<&str> {
    page.lines.iter().map(|line| line.text.get(line.text.len() - 2..).unwrap()).collect()
}

fn three() -> Vec<String> {
    vec![
        "2026-03-01 08:00:01 INFO a1\n2026-03-01 08:00:04 ERROR a2\n  goes on a3\n2026-03-01 08:00:09 INFO a4\n".to_owned(),
        "b0 \n2026-03-01 08:00:02 INFO b1\n2026-03-01 08:00:04 INFO b2\n".to_owned(),
        "{\"ts\":\"2026-03-01T08:00:03Z\",\"level\":\"ERROR\",\"msg\":\"c1\"}\n".to_owned(),
    ]
}

#[test]
fn lines_stand_by_time_and_what_goes_on_stays_below_its_message() {
    let mut desk = Desk::of(&three());
    desk.settle(&LogQuery::default());
    let page = desk.ask(&LogQuery::default(), Anchor::End, 10);
    assert_eq!(texts(&page), ["b0", "a1", "b1", "c1", "a2", "a3", "b2", "a4"]);
    assert!(page.at_start && page.at_end);
    assert_eq!(page.counts.matched, 8);
    assert_eq!(page.lines.iter().map(|line| line.spot.file).collect::<Vec<_>>(), [1, 0, 1, 2, 0, 0, 1, 0]);
    assert_eq!(page.newest.unwrap(), Stamp::local(1_772_352_009_000));
}

#[test]
fn the_next_error_is_that_of_any_file() {
    let mut desk = Desk::of(&three());
    desk.settle(&LogQuery::default());
    let find = |spot, forward| Anchor::Find { what: Landmark::Error, spot, forward };
    let page = desk.ask(&LogQuery::default(), find(Spot::START, true), 10);
    assert_eq!(page.at.unwrap().file, 2);
    let page = desk.ask(&LogQuery::default(), find(page.at.unwrap().next(), true), 10);
    assert_eq!(page.at.unwrap(), Spot { file: 0, offset: 28 });
    let page = desk.ask(&LogQuery::default(), find(page.at.unwrap().next(), true), 10);
    assert_eq!(page.at, None);
    let page = desk.ask(&LogQuery::default(), find(Spot::END, false), 10);
    assert_eq!(page.at.unwrap(), Spot { file: 0, offset: 28 });
    let page = desk.ask(&LogQuery::default(), find(page.at.unwrap(), false), 10);
    assert_eq!(page.at.unwrap().file, 2);
}

#[test]
fn a_file_can_be_filtered_away_and_what_happens_to_one_is_told() {
    let mut desk = Desk::of(&three());
    let filter = LogFilter::default().and_not(Term::File(vec!["rank0".to_owned()]));
    let query = LogQuery { filter, ..LogQuery::default() };
    desk.settle(&query);
    let page = desk.ask(&query, Anchor::End, 10);
    assert_eq!(texts(&page), ["b0", "b1", "c1", "b2"]);
    fs::write(desk.dir.path().join("rank1.log"), "b9\n").unwrap();
    assert!(desk.logs.look());
    desk.settle(&query);
    let page = desk.ask(&query, Anchor::End, 10);
    assert_eq!(texts(&page), ["b9", "c1"]);
    assert!(page.note.unwrap().starts_with("rank1.log: truncated"));
}

#[test]
fn a_window_knows_its_place_in_each_file() {
    // three files of the same length, whose lines take turns
    let file = |n: u64| -> String {
        let lines: Vec<String> = (0..2000_u64)
            .map(|at| {
                let second = at * 3 + n;
                format!(
                    "2026-03-01 {:02}:{:02}:{:02} INFO a line\n",
                    8 + second / 3600,
                    second / 60 % 60,
                    second % 60
                )
            })
            .collect();
        lines.concat()
    };
    let mut desk = Desk::of(&[file(0), file(1), file(2), "nothing\n".to_owned()]);
    let filter = LogFilter::default().and(Term::Text("line".to_owned()));
    let query = LogQuery { filter, ..LogQuery::default() };
    desk.settle(&query);
    let wide = 32;
    for at in [0_u64, 700, 1000, 1999] {
        let spot = Spot { file: 0, offset: at * wide };
        let page = desk.ask(&query, Anchor::At { spot, above: 0 }, 10);
        assert_eq!(page.extents.len(), 4);
        assert_eq!(page.extents[3], Extent::default(), "what has no line has no place");
        for (file, extent) in (0_u16..3).zip(page.extents.iter()) {
            let mut own =
                page.lines.iter().filter(|line| line.spot.file == file).map(|line| line.spot.offset);
            let first = own.next().unwrap();
            assert_eq!((extent.start, extent.len), (first, 2000 * wide));
            assert_eq!(extent.end, own.next_back().unwrap() + wide, "the next line, or the end");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn walking_through_all_windows_shows_each_line_of_each_file_once(
        steps in prop::collection::vec((0_usize..3, 0_i64..3, prop::bool::weighted(0.8)), 50..400),
        forward in any::<bool>(),
        rows in 5_usize..40,
    ) {
        let mut files = vec![String::new(); 3];
        let mut clock = 0;
        let mut all = Vec::new();
        let mut moments = [i64::MIN; 3];
        for (n, (file, later, timed)) in steps.iter().enumerate() {
            clock += later;
            let text = &mut files[*file];
            let offset = text.len() as u64;
            if *timed {
                let (minute, second) = (clock / 60 % 60, clock % 60);
                let _ = writeln!(text, "2026-03-01 {:02}:{minute:02}:{second:02} INFO line {n} {}", 8 + clock / 3600, "x".repeat(300));
                moments[*file] = clock;
            } else {
                let _ = writeln!(text, "untimed {n}");
            }
            all.push((moments[*file], u16::try_from(*file).unwrap(), offset));
        }
        all.sort_unstable();
        let mut desk = Desk::of(&files);
        let query = LogQuery::default();
        desk.settle(&query);
        let mut seen: Vec<Spot> = Vec::new();
        let mut anchor = if forward { Anchor::At { spot: Spot { file: all[0].1, offset: all[0].2 }, above: 0 } } else { Anchor::End };
        loop {
            let page = desk.ask(&query, anchor, rows);
            let spots: Vec<Spot> = page.lines.iter().map(|line| line.spot).collect();
            let fresh: Vec<Spot> = match seen.last() {
                None if forward => spots,
                None => spots.into_iter().rev().collect(),
                Some(last) => {
                    let at = spots.iter().position(|spot| spot == last).unwrap();
                    if forward { spots[at + 1..].to_vec() } else { spots[..at].iter().rev().copied().collect() }
                }
            };
            seen.extend(&fresh);
            let over = if forward { page.at_end } else { page.at_start };
            let (Some(last), false) = (fresh.last(), over) else { break };
            anchor = Anchor::At { spot: *last, above: 0 };
        }
        if !forward {
            seen.reverse();
        }
        let meant: Vec<Spot> = all.iter().map(|(_, file, offset)| Spot { file: *file, offset: *offset }).collect();
        prop_assert_eq!(seen, meant);
    }
}
