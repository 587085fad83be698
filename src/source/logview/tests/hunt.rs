//! Steps that no line names: found by the bars, with a word about what was found.

use super::*;
use crate::model::log::StepAnswer;

/// Epochs of a hundred steps, drawn on lines of their own, and a little beside them.
fn bars(epochs: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for epoch in 1..=epochs {
        writeln!(bytes, "2026-03-01 08:00:00 INFO begin").unwrap();
        for step in 1..=100 {
            writeln!(
                bytes,
                "\rEpoch {epoch}: {step:3}%|████      | {step}/100 [00:10<00:17,  3.6it/s, loss=0.5]"
            )
            .unwrap();
        }
    }
    bytes
}

fn step(step: u64) -> Anchor {
    Anchor::Find { what: Landmark::Step(step), spot: Spot::START, forward: true }
}

impl Log {
    /// The answer to one wish, once all is looked through; none but the last may have led anywhere.
    fn hunted(&mut self, query: &LogQuery, anchor: Anchor) -> LogPage {
        self.generation += 1;
        let path = self.view.path().to_path_buf();
        let ask = LogAsk::of(self.generation, path, query.clone(), anchor, 10);
        loop {
            let page = self.view.page(&ask, &never);
            if self.view.left() == 0 {
                assert!(!page.looking);
                return page;
            }
            assert!(page.at.is_none() || !page.looking);
            self.view.step(256 << 10, &never);
        }
    }
}

fn text_at(page: &LogPage) -> &str {
    let line = page.lines.iter().find(|line| Some(line.spot) == page.at);
    line.map_or("", |line| &*line.text)
}

#[test]
fn a_step_of_the_run_is_found_by_the_bars_of_its_epochs() {
    let mut log = Log::of(&bars(60));
    let all = LogQuery::default();
    let page = log.hunted(&all, step(3737));
    assert!(text_at(&page).starts_with("Epoch 38:  37%|"), "{}", text_at(&page));
    let Some(StepAnswer::At(found)) = page.step else { panic!("{:?}", page.step) };
    assert_eq!((found.step, found.epoch, found.done, found.of), (37, Some(38), 37, Some(100)));
    let page = log
        .hunted(&all, Anchor::Find { what: Landmark::Epoch(7, Some(12)), spot: Spot::START, forward: true });
    assert!(text_at(&page).starts_with("Epoch 7:  12%|"), "{}", text_at(&page));
    let page = log.hunted(&all, step(6001));
    assert_eq!((page.at, page.step), (None, Some(StepAnswer::TooFew)));
    // what is hidden is not landed on, and that is told
    let page = log.hunted(&hiding(&[Class::Progress]), step(150));
    let Some(StepAnswer::At(found)) = page.step else { panic!("{:?}", page.step) };
    assert!(page.at.unwrap().offset > found.offset);
    assert!(text_at(&page).ends_with("INFO begin"));
}

#[test]
fn lines_that_name_the_step_come_first_and_a_log_without_steps_says_so() {
    let mut log = Log::of(&big());
    let page = log.hunted(&LogQuery::default(), step(1234));
    assert!(text_at(&page).ends_with("step 1234"));
    assert_eq!(page.step, None, "nothing had to be looked through");
    let mut log = Log::of(b"a\nb\nc\n");
    let page = log.hunted(&LogQuery::default(), step(1));
    assert_eq!((page.at, page.step), (None, Some(StepAnswer::Nothing)));
    // a word about a far step is not what the bars tell
    let mut bytes = b"warm up until step 5000\n".to_vec();
    bytes.extend_from_slice(&bars(3));
    let page = Log::of(&bytes).hunted(&LogQuery::default(), step(150));
    assert!(text_at(&page).starts_with("Epoch 2:  50%|"), "{}", text_at(&page));
    // and where no bar is as far, it is what there is
    let page = Log::of(&bytes).hunted(&LogQuery::default(), step(4000));
    assert_eq!((text_at(&page), page.step), ("warm up until step 5000", Some(StepAnswer::TooFew)));
}

#[test]
fn where_lines_name_steps_all_the_time_no_bar_is_asked() {
    let mut bytes = bars(3);
    for step in (10..2000).step_by(10) {
        writeln!(bytes, "2026-03-01 08:00:00 INFO step={step} loss=0.5").unwrap();
    }
    let mut log = Log::of(&bytes);
    log.settled(&LogQuery::default(), Anchor::End);
    let page = log.ask(&LogQuery::default(), step(1234));
    assert!(text_at(&page).contains("step=1240"), "at once");
    // an epoch that bars name is found without going on to the end
    log.ask(
        &LogQuery::default(),
        Anchor::Find { what: Landmark::Epoch(2, Some(5)), spot: Spot::START, forward: true },
    );
    log.view.step(1, &never);
    assert_eq!(log.view.left(), 0);
}

#[test]
fn a_newer_wish_ends_the_search() {
    let mut log = Log::of(&bars(60));
    log.settled(&LogQuery::default(), Anchor::End);
    log.ask(&LogQuery::default(), step(3737));
    assert!(log.view.left() > 0);
    log.ask(&LogQuery::default(), Anchor::End);
    assert_eq!(log.view.left(), 0);
}
