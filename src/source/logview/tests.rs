use std::fs;
use std::fs::OpenOptions;
use std::io::Write;

use super::*;
use crate::model::log::Category;
use crate::model::log::Class;
use crate::model::log::Classes;
use crate::model::log::Condition;
use crate::model::log::Landmark;
use crate::model::log::LogFilter;
use crate::model::log::Opened;
use crate::model::log::Spot;
use crate::model::log::Term;
use crate::model::log::When;

mod folded;
mod hunt;
mod naive;

struct Log {
    dir: tempfile::TempDir,
    view: LogView,
    generation: u64,
}

fn never() -> bool {
    false
}

impl Log {
    fn of(bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("training.log");
        fs::write(&path, bytes).unwrap();
        let mut view = LogView::new(path, Redactor::default());
        assert!(view.look());
        Self { dir, view, generation: 0 }
    }

    fn append(&self, bytes: &[u8]) {
        let path = self.dir.path().join("training.log");
        OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
    }

    fn ask(&mut self, query: &LogQuery, anchor: Anchor) -> LogPage {
        self.ask_rows(query, anchor, 10)
    }

    fn ask_rows(&mut self, query: &LogQuery, anchor: Anchor, rows: usize) -> LogPage {
        self.generation += 1;
        let path = self.view.path().to_path_buf();
        let ask = LogAsk::of(self.generation, path, query.clone(), anchor, rows);
        self.view.page(&ask, &never)
    }

    /// The answer once everything is counted, and how many steps that took.
    fn settled(&mut self, query: &LogQuery, anchor: Anchor) -> (LogPage, usize) {
        self.ask(query, anchor);
        let mut steps = 0;
        while self.view.left() > 0 {
            self.view.step(1 << 20, &never);
            steps += 1;
            assert!(steps < 10_000, "counting comes to an end");
        }
        (self.ask(query, anchor), steps)
    }
}

/// 200,000 lines, every 1000th an error, every 50,000th a rare word.
fn big() -> Vec<u8> {
    let mut bytes = Vec::new();
    for n in 0..200_000 {
        let level = if n % 1000 == 0 { "ERROR" } else { "INFO" };
        let rare = if n % 50_000 == 7 { " rarity" } else { "" };
        writeln!(bytes, "2026-03-01 08:00:00,000 - trainer - {level} - step {n}{rare}").unwrap();
    }
    bytes
}

fn steps(page: &LogPage) -> Vec<u64> {
    let step = |line: &LogLine| line.text.split(' ').skip_while(|word| *word != "step").nth(1)?.parse().ok();
    page.lines.iter().filter_map(step).collect()
}

fn hiding(classes: &[Class]) -> LogQuery {
    let mut hidden = Classes::default();
    for class in classes {
        hidden.toggle(*class);
    }
    LogQuery { hidden, ..LogQuery::default() }
}

fn searching(search: &str) -> LogQuery {
    LogQuery { search: search.to_owned(), ..LogQuery::default() }
}

fn hit(spot: Spot, forward: bool) -> Anchor {
    Anchor::Find { what: Landmark::Hit, spot, forward }
}

fn filtering(filter: &str) -> LogQuery {
    LogQuery { filter: LogFilter::default().and(Term::Text(filter.to_owned())), ..LogQuery::default() }
}

#[test]
fn the_end_comes_before_anything_is_counted() {
    let mut log = Log::of(&big());
    let page = log.ask(&LogQuery::default(), Anchor::End);
    assert_eq!(steps(&page), (199_970..200_000).collect::<Vec<_>>());
    assert!(page.at_end && !page.at_start && !page.looking);
    assert_eq!(page.counted.0, 0);
}

#[test]
fn counts_are_exact_in_the_end_and_rise_on_the_way() {
    let mut log = Log::of(&big());
    log.ask(&LogQuery::default(), Anchor::End);
    log.view.step(1, &never);
    let early = log.ask(&LogQuery::default(), Anchor::End);
    assert!(early.counted.0 > 0 && !early.counted_all());
    let (page, _) = log.settled(&LogQuery::default(), Anchor::End);
    assert!(page.counted_all());
    assert_eq!(page.counts.seen, 200_000);
    assert_eq!(page.counts.messages.get(Class::Error), 200);
    assert_eq!(page.counts.messages.get(Class::Info), 199_800);
    assert_eq!(page.counts.matched, 200_000);
}

#[test]
fn hiding_classes_counts_nothing_anew() {
    let mut log = Log::of(&big());
    log.settled(&LogQuery::default(), Anchor::End);
    let page = log.ask(&hiding(&[Class::Info]), Anchor::End);
    assert_eq!(log.view.left(), 0);
    assert_eq!(page.counts.matched, 200);
    assert_eq!(steps(&page).last(), Some(&199_000));
    assert_eq!(page.lines.len(), 30);
    assert!(page.lines.iter().all(|line| line.class() == Class::Error));
}

#[test]
fn a_filter_that_matches_rarely_finds_its_lines_and_knows_that_there_are_no_more() {
    let mut log = Log::of(&big());
    let first = log.ask(&filtering("rarity"), Anchor::End);
    assert!(first.looking);
    assert_eq!(steps(&first), [150_007]);
    let (page, _) = log.settled(&filtering("rarity"), Anchor::End);
    assert_eq!(steps(&page), [7, 50_007, 100_007, 150_007]);
    assert!(page.at_start && page.at_end && !page.looking);
    assert_eq!((page.counts.matched, page.counts.seen), (4, 200_000));
}

#[test]
fn a_window_around_a_line_has_a_margin_on_both_sides() {
    let mut log = Log::of(&big());
    let line = "2026-03-01 08:00:00,000 - trainer - ERROR - step 0\n".len() as u64;
    let (all, _) = log.settled(&LogQuery::default(), Anchor::At { spot: Spot::START, above: 0 });
    assert!(all.at_start && !all.at_end);
    assert_eq!(all.lines.get(1).map(|second| second.spot.offset), Some(line));
    let middle = all.lines.last().unwrap().spot;
    let page = log.ask(&LogQuery::default(), Anchor::At { spot: middle, above: 3 });
    assert_eq!(steps(&page), (29 - 23..29 + 30).collect::<Vec<_>>());
}

#[test]
fn hits_are_found_both_ways_and_numbered() {
    let mut log = Log::of(&big());
    let query = searching("RARITY");
    let (page, _) = log.settled(&query, Anchor::End);
    assert_eq!(page.counts.hits, 0, "a capital makes case count");
    let query = searching("rarity");
    let (page, _) = log.settled(&query, hit(Spot::END, false));
    assert_eq!((page.counts.hits, page.at_number), (4, Some(4)));
    let last = page.at.unwrap();
    let line = page.lines.iter().find(|line| line.spot == last).unwrap();
    assert_eq!(line.hits.len(), 1);
    let (a, b) = line.hits[0];
    assert_eq!(line.text.get(a as usize..b as usize), Some("rarity"));
    let page = log.ask(&query, hit(last, false));
    assert_eq!(page.at_number, Some(3));
    let page = log.ask(&query, hit(page.at.unwrap().next(), true));
    assert_eq!(page.at, Some(last));
    let page = log.ask(&query, hit(last.next(), true));
    assert_eq!((page.at, page.looking), (None, false));
}

#[test]
fn appended_lines_are_counted_alone() {
    let mut log = Log::of(&big());
    log.settled(&LogQuery::default(), Anchor::End);
    log.append(b"2026-03-01 08:00:00,000 - trainer - ERROR - step 200000\nhalf a li");
    assert!(log.view.look());
    assert!(log.view.left() > 0 && log.view.left() < 200_000);
    let (page, steps) = log.settled(&LogQuery::default(), Anchor::End);
    assert_eq!(steps, 1);
    assert_eq!((page.counts.seen, page.counts.messages.get(Class::Error)), (200_002, 201));
    log.append(b"ne\n");
    log.view.look();
    let (page, _) = log.settled(&LogQuery::default(), Anchor::End);
    assert_eq!(page.counts.seen, 200_002);
    assert_eq!(page.lines.last().map(|line| &*line.text), Some("half a line"));
}

#[test]
fn a_live_bar_is_one_line_that_changes() {
    let mut log = Log::of(b"start\n");
    for n in 0..500 {
        log.append(format!("\rEpoch 1:  {:>2}%|#  | {n}/500 [00:01<00:09, 10.00it/s]", n / 5).as_bytes());
        log.view.look();
    }
    let (page, _) = log.settled(&LogQuery::default(), Anchor::End);
    assert_eq!(page.lines.len(), 2);
    assert!(page.lines[1].text.contains("499/500"));
    assert_eq!((page.counts.messages.get(Class::Progress), page.counts.seen), (1, 2));
}

#[test]
fn what_happened_to_the_file_is_told_and_everything_is_counted_anew() {
    let mut log = Log::of(&big());
    log.settled(&LogQuery::default(), Anchor::End);
    fs::write(log.view.path(), "new\n").unwrap();
    assert!(log.view.look());
    let (page, _) = log.settled(&LogQuery::default(), Anchor::End);
    assert!(page.note.as_deref().unwrap().starts_with("truncated"));
    assert_eq!((page.lines.len(), page.counts.seen), (1, 1));
    fs::remove_file(log.view.path()).unwrap();
    assert!(log.view.look());
    let (page, _) = log.settled(&LogQuery::default(), Anchor::End);
    assert!(page.note.as_deref().unwrap().starts_with("gone"));
    assert_eq!(page.lines.len(), 1, "what was read can still be seen");
}

#[test]
fn a_bad_pattern_is_told_and_what_was_shown_stays() {
    let mut log = Log::of(b"one\ntwo\n");
    log.settled(&LogQuery::default(), Anchor::End);
    let page = log.ask(&filtering("("), Anchor::End);
    assert!(page.bad_pattern.unwrap().starts_with("filter: "));
    assert_eq!(page.lines.len(), 2);
}

#[test]
fn levels_are_inherited_across_the_borders_of_stretches() {
    let mut bytes = Vec::new();
    for _ in 0..3000 {
        bytes.extend(b"2026-03-01 08:00:00,000 - t - ERROR - broke\nTraceback (most recent call last):\n");
        bytes.extend(b"  File \"x.py\", line 1, in f\n    raise ValueError\nValueError: x\n");
    }
    let mut log = Log::of(&bytes);
    let (page, _) = log.settled(&hiding(&[Class::Error]), Anchor::End);
    assert_eq!((page.counts.matched, page.counts.seen), (0, 15_000));
    assert_eq!(page.counts.messages.get(Class::Error), 3000);
    assert!(page.lines.is_empty() && page.at_start);
}

#[test]
fn a_scan_gives_up_when_it_is_told_to() {
    let mut log = Log::of(&big());
    log.ask(&LogQuery::default(), Anchor::End);
    let before = log.view.left();
    log.view.step(u64::MAX, &|| true);
    assert_eq!(log.view.left(), before);
}

#[test]
fn no_secret_leaves_the_reader_unless_it_is_asked_to() {
    let token = format!("hf_{}", "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD1fG3h");
    let bytes = format!(
        "2026-03-01 08:00:01 INFO login with {token} done\n\
         {{\"ts\":\"2026-03-01T08:00:01Z\",\"level\":\"INFO\",\"msg\":\"up\",\"fields\":{{\"password\":\"two words\",\"n\":3}}}}\n\
         \r{token}  10%|█         | 1/10\r{token}  20%|██        | 2/10\n\
         nothing here\n"
    );
    let mut log = Log::of(bytes.as_bytes());
    let query = LogQuery { search: "login|words|done".to_owned(), ..LogQuery::default() };
    let (page, _) = log.settled(&query, Anchor::End);
    let texts: Vec<&str> = page.lines.iter().map(|line| &*line.text).collect();
    assert_eq!(
        texts,
        [
            "2026-03-01 08:00:01 INFO login with hf_*** done",
            "08:00:01 INFO  up  password=***  n=3",
            "hf_***  20%|██        | 2/10",
            "nothing here"
        ]
    );
    assert_eq!(page.lines.iter().map(|line| line.secrets).collect::<Vec<_>>(), [1, 1, 1, 0]);
    assert_eq!(page.counts.hits, 2, "what is hidden is searched all the same");
    let first = &page.lines[0];
    let marked: Vec<&str> =
        first.hits.iter().map(|(from, to)| first.text.get(*from as usize..*to as usize).unwrap()).collect();
    assert_eq!(marked, ["login", "done"]);

    let path = log.view.path().to_path_buf();
    let mut ask = LogAsk::of(100, path, query, Anchor::End, 10);
    ask.open = Some(page.lines[1].spot);
    let opened = log.view.page(&ask, &never).opened.unwrap().1;
    assert!(matches!(&opened, Opened::Json(row) if row.contains(r#""password":"***""#)), "{opened:?}");
    ask.open = Some(page.lines[2].spot);
    let opened = log.view.page(&ask, &never).opened.unwrap().1;
    let draws = vec![Arc::from("hf_***  10%|█         | 1/10"), Arc::from("hf_***  20%|██        | 2/10")];
    assert_eq!(opened, Opened::Draws { draws, left_out: 0 });
    ask.open = Some(page.lines[3].spot);
    assert_eq!(log.view.page(&ask, &never).opened, None);

    ask = LogAsk { generation: 101, reveal: true, open: None, ..ask };
    let shown = log.view.page(&ask, &never);
    assert!(shown.lines.iter().take(3).all(|line| line.secrets == 0), "seen, not hidden");
    assert!(shown.lines[0].text.contains(&token) && shown.lines[1].text.contains("two words"));
}

#[test]
fn a_key_in_pem_form_stays_hidden_across_the_border_of_a_stretch() {
    let mut bytes = Vec::new();
    while bytes.len() < 65_000 {
        bytes.extend_from_slice(b"filler of a line that says nothing at all\n");
    }
    bytes.extend_from_slice(b"-----BEGIN RSA PRIVATE KEY-----\n");
    let body = "MIIEowIBAAKCAQEAx0k3Zr7m2v9PqTnLwYb5sJhQe8dXcUfGaR4tVyKo1iMzWpN6";
    for _ in 0..40 {
        bytes.extend_from_slice(format!("{body}\n").as_bytes());
    }
    bytes.extend_from_slice(b"-----END RSA PRIVATE KEY-----\nafter\n");
    let mut log = Log::of(&bytes);
    let page = log.ask(&LogQuery::default(), Anchor::End);
    assert!(page.lines.iter().all(|line| !line.text.contains("MIIE")), "read from behind the border");
    assert_eq!(&*page.lines.last().unwrap().text, "after");
}

#[test]
fn places_are_jumped_to() {
    let mut bytes = Vec::new();
    for n in 0..20_000 {
        let (minute, second) = (n / 60 % 60, n % 60);
        bytes.extend_from_slice(
            format!("2026-03-01 {:02}:{minute:02}:{second:02} INFO step={} loss=0.5\n", 8 + n / 3600, n * 10)
                .as_bytes(),
        );
    }
    let mut log = Log::of(&bytes);
    let query = LogQuery::default();
    let find = |what| Anchor::Find { what, spot: Spot::END, forward: true };
    let text = |page: &LogPage| {
        let at = page.at.unwrap();
        page.lines.iter().find(|line| line.spot == at).unwrap().text.to_string()
    };
    let page = log.ask(&query, find(Landmark::Time(When::Clock((9 * 60 + 30) * 60_000))));
    assert!(text(&page).starts_with("2026-03-01 09:30:00"), "{}", text(&page));
    let page = log.ask(&query, find(Landmark::Step(123_456)));
    assert!(text(&page).contains("step=123460 "), "{}", text(&page));
    let page = log.ask(&query, find(Landmark::Step(10_000_000)));
    assert_eq!(page.at, None);
    let page = log.ask(&query, find(Landmark::Part(0.5)));
    let part = page.at.unwrap().offset as f64 / bytes.len() as f64;
    assert!((0.499..0.501).contains(&part), "{part}");
    assert_eq!(log.ask(&query, find(Landmark::Line(777))).at, None, "not counted yet");
    log.settled(&query, Anchor::End);
    let page = log.ask(&query, find(Landmark::Line(777)));
    assert!(text(&page).contains("step=7760 "));
    assert_eq!(page.lines.iter().find(|line| Some(line.spot) == page.at).unwrap().number, Some(777));
}

#[test]
fn facets_are_counted_only_while_somebody_looks() {
    let row = |event: &str| {
        format!(
            "{{\"ts\":\"2026-03-01T08:00:01Z\",\"level\":\"INFO\",\"msg\":\"x\",\"event\":\"{event}\"}}\n"
        )
    };
    let text = row("training.step").repeat(3) + &row("config.validate") + "[rank2]: INFO loss=0.5\n";
    let mut log = Log::of(text.as_bytes());
    let (page, _) = log.settled(&LogQuery::default(), Anchor::End);
    assert_eq!(page.facets, None);
    let path = log.view.path().to_path_buf();
    let ask =
        |n| LogAsk { facets: true, ..LogAsk::of(n, path.clone(), LogQuery::default(), Anchor::End, 10) };
    log.view.page(&ask(50), &never);
    assert!(log.view.left() > 0);
    log.view.step(1 << 20, &never);
    let facets = log.view.page(&ask(51), &never).facets.unwrap();
    assert_eq!(facets.events, [("training.step".into(), 3), ("config.validate".into(), 1)]);
    assert_eq!(facets.ranks, [("2".into(), 1)]);
    assert_eq!(facets.categories[Category::Progress as usize], 3);
    log.append(row("training.step").as_bytes());
    log.view.look();
    log.view.page(&ask(52), &never);
    log.view.step(1 << 20, &never);
    assert_eq!(log.view.page(&ask(53), &never).facets.unwrap().events[0].1, 4);
}
