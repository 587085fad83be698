use std::fs;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::sync_channel;

use super::*;
use crate::model::log::Anchor;
use crate::model::log::LogQuery;

/// Longer than anything here can take: a test that waits so long has failed.
const LONG: Duration = Duration::from_mins(1);

struct Desk {
    dir: tempfile::TempDir,
    service: LogService,
    pages: Receiver<(Slot, LogPage)>,
}

impl Desk {
    fn new() -> Self {
        let (sender, pages) = sync_channel(10_000);
        let service = LogService::start(
            Arc::new(move |slot, page| drop(sender.try_send((slot, page)))),
            Redactor::default(),
        )
        .unwrap();
        Self { dir: tempfile::tempdir().unwrap(), service, pages }
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join("training.log");
        fs::write(&path, bytes).unwrap();
        path
    }

    fn ask(&mut self, generation: u64, path: &Path, search: &str) {
        self.ask_in(Slot::First, generation, path, search);
    }

    fn ask_in(&mut self, slot: Slot, generation: u64, path: &Path, search: &str) {
        let query = LogQuery { search: search.to_owned(), ..LogQuery::default() };
        let path = path.to_path_buf();
        self.service.ask(slot, Some(LogAsk::of(generation, path, query, Anchor::End, 10)));
    }

    fn until(&self, fact: impl Fn(&LogPage) -> bool) -> LogPage {
        self.until_in(Slot::First, fact)
    }

    fn until_in(&self, slot: Slot, fact: impl Fn(&LogPage) -> bool) -> LogPage {
        loop {
            let (of, page) = self.pages.recv_timeout(LONG).expect("an answer");
            if of == slot && fact(&page) {
                return page;
            }
        }
    }
}

fn last(page: &LogPage) -> &str {
    page.lines.last().map_or("", |line| &line.text)
}

fn append(path: &Path, text: &str) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

#[test]
fn a_wish_is_answered_and_then_what_is_appended() {
    let mut desk = Desk::new();
    let path = desk.file(b"one\ntwo\n");
    desk.ask(1, &path, "");
    let page = desk.until(LogPage::counted_all);
    assert_eq!((page.generation, last(&page), page.counts.seen), (1, "two", 2));
    append(&path, "three\n");
    desk.service.poker().poke(&path);
    let page = desk.until(|page| last(page) == "three" && page.counted_all());
    assert_eq!(page.counts.seen, 3);
}

#[test]
fn without_a_poke_it_looks_by_itself() {
    let mut desk = Desk::new();
    let path = desk.file(b"one\n");
    desk.ask(1, &path, "");
    desk.until(LogPage::counted_all);
    append(&path, "two\n");
    desk.until(|page| last(page) == "two");
    fs::write(&path, "new\n").unwrap();
    let page = desk.until(|page| last(page) == "new");
    assert!(page.note.is_some());
}

#[test]
fn a_newer_wish_takes_the_place_of_an_older_one() {
    let mut desk = Desk::new();
    let path = desk.file("some line of a log that is not short\n".repeat(300_000).as_bytes());
    for generation in 1..200 {
        desk.ask(generation, &path, &format!("n.{generation}"));
    }
    desk.ask(200, &path, "short");
    let page = desk.until(|page| page.generation == 200 && page.counted_all());
    assert_eq!(page.counts.hits, 300_000);
    let newer = desk.pages.try_iter().all(|(_, page)| page.generation == 200);
    assert!(newer);
}

#[test]
fn another_file_and_one_that_is_not_there() {
    let mut desk = Desk::new();
    let path = desk.file(b"one\n");
    desk.ask(1, &path, "");
    desk.until(|page| last(page) == "one");
    let other = desk.dir.path().join("other.log");
    desk.ask(2, &other, "");
    let page = desk.until(|page| page.generation == 2);
    assert!(page.note.unwrap().starts_with("gone"));
    fs::write(&other, "here\n").unwrap();
    desk.until(|page| last(page) == "here");
}

#[test]
fn when_no_log_is_open_a_poke_wakes_nobody() {
    let mut desk = Desk::new();
    let path = desk.file(b"one\n");
    desk.ask(1, &path, "");
    desk.until(LogPage::counted_all);
    desk.service.ask(Slot::First, None);
    append(&path, "two\n");
    desk.service.poker().poke(&path);
    assert!(!desk.service.shared.of(Slot::First).inbox().poked);
    // the next wish sees it all the same, and nothing was answered in between
    desk.ask(2, &path, "");
    let page = desk.until(|page| last(page) == "two");
    assert_eq!(page.generation, 2);
}

#[test]
fn a_pane_is_answered_while_the_other_one_searches() {
    let mut desk = Desk::new();
    let path = desk.file("some line of a log that is not short\n".repeat(300_000).as_bytes());
    let other = desk.dir.path().join("other.log");
    fs::write(&other, "one\n").unwrap();
    assert!(!*desk.service.begun.of(Slot::Second), "not before it is needed");
    desk.service.ask(Slot::Second, None);
    assert!(!*desk.service.begun.of(Slot::Second), "nothing was wished for");
    desk.ask(1, &path, "n.t");
    desk.ask_in(Slot::Second, 1, &other, "");
    assert_eq!(last(&desk.until_in(Slot::Second, |page| page.generation == 1)), "one");
    append(&other, "two\n");
    desk.service.poker().poke(&other);
    desk.until_in(Slot::Second, |page| last(page) == "two");
    // the file of one pane is nothing to the other
    desk.service.ask(Slot::Second, None);
    append(&other, "three\n");
    desk.service.poker().poke(&other);
    assert!(!desk.service.shared.of(Slot::Second).inbox().poked);
    desk.ask(2, &path, "");
    desk.until(|page| page.generation == 2);
    assert!(desk.pages.try_iter().all(|(slot, _)| slot == Slot::First));
}

#[test]
fn a_dropped_service_ends_its_thread() {
    let (sender, pages) = sync_channel::<(Slot, LogPage)>(1);
    let service = LogService::start(
        Arc::new(move |slot, page| drop(sender.try_send((slot, page)))),
        Redactor::default(),
    )
    .unwrap();
    drop(service);
    // the sender is gone when the thread is
    assert!(pages.recv_timeout(LONG).is_err());
}
