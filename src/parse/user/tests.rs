//! Formats as users write them, on lines as their programs print them.

use super::*;
use crate::model::level::Level;
use crate::model::record::Sink;
use crate::parse::format::Format;
use crate::parse::recorder::Recorder;
use crate::parse::text::TextLog;
use crate::track::tracker::Tracker;

const MINE: &str = r"^\[(?<time>[^\]]+)\] ep (?<epoch>\d+)/(?<epochs>\d+) it (?<step>\d+)/(?<steps>\d+) L=(?<loss>\S+) (?<name>\w+)=(?<value>\S+)";

fn format(patterns: &[&str]) -> UserFormat {
    UserFormat {
        name: Arc::from("mine"),
        patterns: patterns.iter().map(|text| Pattern::new(text).expect("a pattern")).collect(),
        means: None,
        split: None,
        epoch_base: None,
        step_base: 1,
        pair: None,
    }
}

fn feed(formats: Vec<UserFormat>, log: &[u8], chunk: usize, sink: &mut dyn Sink) {
    let mut text = TextLog::default();
    text.teach(&UserFormats::new(formats));
    log.chunks(chunk).for_each(|chunk| text.push(chunk, sink));
    text.rest(sink);
}

/// What is heard of a log, the same in chunks of any size.
fn heard(formats: &[UserFormat], log: &str) -> Vec<String> {
    let said = |chunk: usize| {
        let mut recorder = Recorder::default();
        feed(formats.to_vec(), log.as_bytes(), chunk, &mut recorder);
        recorder.said
    };
    let whole = said(log.len().max(1));
    assert_eq!(whole, said(1), "{log}");
    assert_eq!(whole, said(7), "{log}");
    whole
}

fn facts(formats: Vec<UserFormat>, log: &str) -> crate::model::facts::Facts {
    let mut tracker = Tracker::new("training.log".into());
    feed(formats, log.as_bytes(), log.len(), &mut tracker);
    tracker.facts()
}

#[test]
fn groups_say_what_stands_where() {
    let format = format(&[MINE]);
    let (pattern, reading) =
        format.read("[12:00:01] ep 3/10 it 120/4000 L=0.53 acc=81%", false).expect("a match");
    let at = &reading.at;
    assert_eq!(pattern, 0);
    assert_eq!(
        (at.epoch, at.epoch_total, at.step, at.step_total),
        (Some(3.0), Some(10.0), Some(120.0), Some(4000.0))
    );
    let values: Vec<_> = reading.values.iter().map(|pair| (pair.name, pair.value)).collect();
    assert_eq!(values, [("loss", 0.53), ("acc", 81.0)]);
    assert!(reading.time.is_some() && reading.unread.is_empty());
}

#[test]
fn what_a_group_cannot_be_is_left_out() {
    let format = format(&[
        r"e(?<epoch>\S+) s(?<step>\S+) of (?<steps>\S+) (?<level>\S+) at (?<time>\S+) l(?<loss>\S+)",
    ]);
    let (_, reading) = format.read("ex s1.5 of 0 LOUD at noon lN/A", false).expect("a match");
    assert_eq!(reading, Reading { unread: reading.unread.clone(), ..Reading::default() });
    let names: Vec<_> = reading.unread.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["epoch", "step", "steps", "level", "time", "loss"]);
    // a count that was rounded is known to have moved, and no more
    let (_, reading) = format.read("e1 s50K of 100 w at 12:00:00 lnan", false).expect("a match");
    assert!(reading.at.step.is_some_and(f64::is_nan) && reading.values[0].value.is_nan());
    assert_eq!(reading.level, Some(Level::Warning));
}

#[test]
fn a_line_becomes_the_same_records_as_any_other() {
    let mine = UserFormat { epoch_base: Some(0), ..format(&[MINE]) };
    let line = "[12:00:01] ep 3/10 it 120/4000 L=0.53 acc=0.81\n";
    // epochs from 0 are handed on from 1
    let row = "row epoch=4/10 (from 1) step=120/4000 (from 1) loss=0.53 acc=0.81";
    assert_eq!(heard(&[mine], line), ["user format mine", row]);

    let of = |means, split| UserFormat { means, split, ..format(&[r"^# (?<epoch>\d+) (?<loss>\S+)"]) };
    let end = Some(Meaning::EpochEnd);
    assert_eq!(heard(&[of(end, None)], "# 3 0.5\n")[1], "row EpochEnd epoch=3 loss=0.5");
    let aside = of(Some(Meaning::Summary), Some(Split::Validation));
    assert_eq!(heard(&[aside], "# 3 0.5\n")[1], "row Summary Validation epoch=3 loss=0.5");
    assert_eq!(heard(&[of(Some(Meaning::Nothing), None)], "# 3 0.5\n"), ["user format mine"]);

    let totals = format(&[r"^(?<epochs>\d+) epochs, (?<steps>\d+) steps, (?<batches>\d+) a turn"]);
    assert_eq!(
        heard(&[totals], "5 epochs, 50 steps, 10 a turn\n")[1..],
        ["total Epochs=5", "total Steps=50", "total StepsPerEpoch=10"]
    );
}

#[test]
fn endings_and_errors() {
    let closing = |how| UserFormat {
        means: Some(Meaning::Ending(how)),
        ..format(&[r"^BYE(?: because (?<message>.*))?"])
    };
    assert_eq!(heard(&[closing(Ending::Completed)], "BYE\n"), ["user format mine", "ending Completed"]);
    assert_eq!(
        heard(&[closing(Ending::Failed)], "BYE because of it\n")[1..],
        ["error : of it (fatal)", "ending Failed"]
    );
    let levels = format(&[r"^<(?<level>\w)> (?<message>.*)"]);
    assert_eq!(heard(std::slice::from_ref(&levels), "<E> lost it\n<W> careful\n")[1], "error : lost it");
    let mut recorder = Recorder::default();
    feed(vec![levels], b"<E> lost it\n<w> careful\nplain\n", 64, &mut recorder);
    assert_eq!(recorder.lines, [Some(Level::Error), Some(Level::Warning), None]);
}

#[test]
fn any_number_of_pairs() {
    let pairs = UserFormat {
        pair: Pattern::pair(r"(?<name>[\w/]+) is (?<value>\S+)").ok(),
        ..format(&[r"^@(?<step>\d+): (?<pairs>.*)"])
    };
    assert_eq!(
        heard(&[pairs], "@5: val/loss is 0.5 lr is 1e-4 note is none\n")[1],
        "row step=5 (from 1) val/loss=0.5 lr=0.0001"
    );
    let two = format(&[r"(?<name>\w+)>(?<value>\S+) (?<name2>\w+)>(?<value2>\S+)"]);
    assert_eq!(heard(&[two], "a>1 b>2\n")[1], "row a=1 b=2");
}

#[test]
fn a_line_that_is_taken_is_read_once_and_others_as_ever() {
    let log = "step=1 loss=0.5\nstep=2 loss=0.25\nEpoch 1/3\n 50%|█████     | 1/2 [00:01<00:01, 1.00it/s]\n";
    let before = heard(&[], log);
    assert!(before.iter().all(|said| !said.starts_with("user")), "{before:?}");
    let own = format(&[r"^step=(?<batch>\d+) loss=(?<my_loss>\S+)"]);
    let after = heard(&[own], log);
    assert_eq!(
        after[..4],
        ["user format mine", "row batch=1 my_loss=0.5", "user format mine", "row batch=2 my_loss=0.25"]
    );
    assert_eq!(after[4..], before[2..]);
}

#[test]
fn redraws_are_told_apart_by_their_digits() {
    let full = format(&[r"^100%\|.*\| (?<step>\d+)/(?<steps>\d+)"]);
    let draw = |n: u32| format!("\r{:3}%|{}| {n}/4 [00:0{n}<00:0{}, 1.00it/s]", n * 25, "█".repeat(4), 4 - n);
    let log = (1..=4).fold(String::new(), |log, n| log + &draw(n)) + "\n";
    let said = heard(&[full], &log);
    assert_eq!(said.iter().filter(|said| said.starts_with("bar")).count(), 3, "{said:?}");
    assert!(said.contains(&"row step=4/4 (from 1)".to_owned()), "{said:?}");
}

#[test]
fn a_figure_that_may_go_on_is_not_trusted() {
    let own = || format(&[r"^s (?<step>\d+) loss (?<loss>[\d.]+)"]);
    assert_eq!(heard(&[own()], "s 1 loss 0.25")[1], "row step=1 (from 1)");
    let mut recorder = Recorder::default();
    let mut log = TextLog::default();
    log.teach(&UserFormats::new(vec![own()]));
    log.push(b"s 1 loss 0.2", &mut recorder);
    log.rest(&mut recorder);
    log.push(b"\n", &mut recorder);
    assert_eq!(recorder.said.last().map(String::as_str), Some("row step=1 (from 1) loss=0.2"));
    assert_eq!(recorder.lines.len(), 1);
}

#[test]
fn the_first_format_that_matches_takes_the_line_and_names_the_run() {
    let named = |name: &str, pattern: &str| UserFormat { name: Arc::from(name), ..format(&[pattern]) };
    let formats = vec![named("narrow", r"^x (?<a>1)"), named("wide", r"^x (?<b>\d)")];
    let facts = facts(formats, "Engine run starting with max_epochs=3.\nx 1\nx 2\nx 3\n");
    let counts: Vec<_> = facts.user_formats.iter().map(|(name, lines)| (&**name, *lines)).collect();
    assert_eq!(counts, [("narrow", 1), ("wide", 2)]);
    assert_eq!((facts.written_by(), facts.framework), (Some("wide"), Some("ignite")));
}

#[test]
fn epochs_are_over_as_far_as_the_lines_tell() {
    let of = |base: u8, means| UserFormat {
        epoch_base: Some(base),
        means,
        ..format(&[r"^E(?<epoch>\d+)/(?<epochs>\d+)(?: s(?<step>\d+))? (?<loss>\S+)"])
    };
    let done = |format: UserFormat, log: &str| {
        let facts = facts(vec![format], log);
        (facts.progress.completed_epochs, facts.progress.total_epochs, facts.ended.map(|ended| ended.how))
    };
    let over = Some(Ending::Completed);
    // a row an epoch: each ends its own, unless they turn out to come more often
    assert_eq!(done(of(0, None), "E0/3 .5\nE1/3 .4\n"), (Some(2.0), Some(3.0), None));
    assert_eq!(done(of(0, None), "E0/3 .5\nE1/3 .4\nE2/3 .3\n"), (Some(3.0), Some(3.0), over));
    assert_eq!(done(of(1, None), "E1/3 .5\nE2/3 .4\n"), (Some(2.0), Some(3.0), None));
    assert_eq!(done(of(1, None), "E1/3 .5\nE1/3 .4\nE2/3 .4\n"), (Some(1.0), Some(3.0), None));
    assert_eq!(done(of(1, Some(Meaning::EpochEnd)), "E1/3 .5\nE2/3 .4\n"), (Some(2.0), Some(3.0), None));
    // rows by step: the epoch under way is not over
    assert_eq!(done(of(0, None), "E0/3 s5 .5\nE1/3 s20 .4\n"), (Some(1.0), Some(3.0), None));
    assert_eq!(done(of(1, None), "E1/3 s5 .5\nE2/3 s20 .4\n"), (Some(1.0), Some(3.0), None));
}

#[test]
fn a_pattern_that_cannot_do_what_it_says_is_refused() {
    for (text, at, part) in [
        (r"(?<a>x", Some(0), "unclosed group"),
        (r"a{2,1}", Some(1), "invalid repetition count range"),
        (r"\p{nope}(?<a>x)", Some(0), "Unicode property not found"),
        (r"(?:(?<a>\w+) )+", Some(3), "inside of a repetition"),
        (r"(?<name>\w+)=", None, "needs a group `value`"),
        (r"(?<value2>\w+)=", None, "needs a group `name2`"),
        (r"(?<a>\w{1000}){50}", Some(0), "inside of a repetition"),
        (r"(?<a>\w{50000})", None, "too large"),
    ] {
        let unfit = Pattern::new(text).expect_err(text);
        assert!(unfit.what.contains(part) && unfit.at == at, "{text}: {unfit:?}");
    }
    assert!(Pattern::new(r"(?:(?<a>\w+) )?(?<b>x){1}").is_ok());
    assert!(
        Pattern::pair(r"(?<name>\w+)").is_err() && Pattern::pair(r"(?<name>\w)(?<value>\d)(?<x>\d)").is_err()
    );
}

#[test]
fn a_pattern_tells_how_far_it_fits() {
    let fit = |pattern: &str, line: &str| {
        let fit = Pattern::new(pattern).expect("a pattern").fit(line)?;
        Some((line.get(..fit.line)?.to_owned(), fit.wants))
    };
    let told = |line: &str, wants: &str| Some((line.to_owned(), wants.to_owned()));
    assert_eq!(fit(r"^ep (?<epoch>\d+) iter (?<step>\d+)", "ep 3 it 5"), told("ep 3 it", "er "));
    assert_eq!(fit(r"^ep (?<epoch>\d+) (?<step>\d+)", "ep 3 it 5"), told("ep 3 ", r"(?<step>\d+)"));
    assert_eq!(fit(r"^ep (?<epoch>\d+)", "nothing of it"), None);
    assert_eq!(fit(r"(?<a>x)|(?<b>y)", "z"), None);
}

#[test]
fn long_lines_and_wild_bytes_are_borne() {
    let own = || vec![format(&[r"(?<loss>\S+) (?<name>\S+)=(?<value>\S*)", r"(?<pairs>.*)"])];
    let long = format!("1 {}=2\n", "x".repeat(LONGEST));
    assert!(!heard(&own(), &long).iter().any(|said| said.starts_with("user")));
    for bytes in [&b"\xff\xfe\x00"[..], b"\x1b[31m1 a=\xff 2\r\r\n\n", b"= = = \n1e999 -=nan", b"\r"] {
        let mut recorder = Recorder::default();
        feed(own(), bytes, 1, &mut recorder);
        assert!(recorder.lines.len() <= 3);
    }
}
