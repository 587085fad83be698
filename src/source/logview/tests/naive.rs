//! The quick answers are those of reading each line: any filter, over a log that comes in any pieces.

use proptest::prelude::*;

use super::*;
use crate::model::level::Level;
use crate::parse::logline::Above;
use crate::parse::logline::Reader;
use crate::parse::logrows;

/// Lines of all kinds; `#` is a number that counts up.
const LINES: &[&str] = &[
    "2026-03-01 08:00:#,000 - trainer - INFO - step=# loss=1.2#\n",
    "2026-03-01 08:00:01,000 - trainer - ERROR - it broke at #\n",
    "2026-03-01 08:00:01,000 - trainer - WARNING - loss=1.2 is odd\n",
    "2026-03-01 08:00:01,000 - trainer - DEBUG - heartbeat #\n",
    "Traceback (most recent call last):\n  File \"a.py\", line #, in f\n    loss=1.2\nValueError: ERROR #\n",
    "\rEpoch 1:  10%|█         | #/400 [00:01<00:09,  4.0it/s, loss=1.2]\rEpoch 1:  20%|██        | #/400 [00:02<00:08,  4.0it/s, loss=1.3]\n",
    "\rEpoch 1:  10%|█         | a longer draw with an ERROR at its end\rshort #\n",
    "\x1b[31m[2026-03-01 08:00:01] ERROR   \x1b[0m \x1b[1mt.py\x1b[0m:# coloured\n",
    "ER\x1b[1mROR in pieces #\n",
    "ER\u{200b}ROR with nothing in it #\n",
    "windows line ERROR #\r\n",
    "\n",
    "  indented loss=1.2 #\n",
    "plain ERROR #\n",
    "plain #\n",
    "[rank3]: INFO told #\n",
    "| metric | # |\n+--------+---+\n| loss   | 1.2 |\n",
    r#"{"ts":"2026-03-01T08:00:01.5Z","level":"ERROR","msg":"it broke","event":"training.failed","fields":{"step":#,"loss":1.2}}"#,
    r#"{"ts":"2026-03-01T08:00:#Z","level":"INFO","msg":"said \"ERROR\"","event":"training.step","correlation_id":"c-#"}"#,
    r#"{"ts":"2026-03-01T08:00:01Z","level":"DEBUG","msg":"\u0045RROR \u006coss=1.2 #"}"#,
    r#"{"step": #, "loss": 1.2}"#,
    r#"{"level":"WARN","msg":"torn ERROR #"#,
];

fn queries() -> impl Strategy<Value = LogQuery> {
    let text = prop::sample::select(vec![
        "ERROR",
        "error",
        r"loss=1\.2",
        r"ERROR|loss=1\.2",
        "^plain",
        "#$",
        r"\d+$",
        "heart.*7",
        "step=1",
        "INFO  said",
        "x{0}",
        "a",
    ]);
    let term = prop_oneof![
        text.clone().prop_map(|text| Term::Text(text.to_owned())),
        Just(Term::Least(Level::Warning)),
        Just(Term::Level(vec![Level::Error, Level::Debug])),
        Just(Term::Category(vec![Category::Metrics, Category::Progress])),
        Just(Term::Event(vec!["training.*".to_owned()])),
        Just(Term::Event(vec!["training.failed".to_owned()])),
        Just(Term::Correlation(vec!["c-17".to_owned()])),
        Just(Term::Rank(vec![3])),
        Just(Term::Since(When::Clock(((8 * 60) * 60 + 30) * 1000))),
        Just(Term::Until(When::Clock(((8 * 60) * 60 + 2) * 1000))),
        Just(Term::File(vec!["training".to_owned()])),
    ];
    let conditions = prop::collection::vec((term, any::<bool>()), 0..3);
    (conditions, prop_oneof![Just(String::new()), text.prop_map(str::to_owned)]).prop_map(
        |(conditions, search)| {
            let conditions = conditions.into_iter().map(|(term, not)| Condition { term, not }).collect();
            LogQuery { filter: LogFilter { conditions }, search, ..LogQuery::default() }
        },
    )
}

/// A log of some cells, of lines in an order that is told by numbers.
fn log(order: &[usize]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut n = 0;
    while bytes.len() < 140 << 10 {
        for which in order {
            let line = LINES[which % LINES.len()].replace('#', &(n % 60).to_string());
            bytes.extend_from_slice(line.as_bytes());
            if !line.ends_with('\n') {
                bytes.push(b'\n');
            }
            n += 1;
        }
        // somebody speaks in every cell
        bytes.extend_from_slice(b"2026-03-01 08:00:05 INFO go on\n");
    }
    bytes
}

/// Offsets of the lines that pass, and of the hits among them, by reading each row.
fn naively(bytes: &[u8], sieve: &Sieve) -> (Vec<u64>, Vec<u64>) {
    let mut reader = Reader::below(Above::default());
    let (mut passed, mut hits) = (Vec::new(), Vec::new());
    logrows::each(bytes, 0, &mut |row| {
        let line = reader.read(row);
        if sieve.passes(&line) {
            passed.push(row.offset);
            if sieve.hits(line.text) {
                hits.push(row.offset);
            }
        }
    });
    (passed, hits)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_filter_counts_what_reading_each_line_counts(
        order in prop::collection::vec(0..LINES.len(), 1..40),
        query in queries(),
        cuts in prop::collection::vec(1_usize..140_000, 0..3),
    ) {
        let bytes = log(&order);
        let mut log = Log::of(&[]);
        let mut from = 0;
        let mut ends: Vec<usize> = cuts;
        ends.sort_unstable();
        ends.push(bytes.len());
        for end in ends {
            let end = end.min(bytes.len()).max(from);
            log.append(&bytes[from..end]);
            from = end;
            log.view.look();
            log.settled(&query, Anchor::End);
        }
        // a filter by time speaks of the newest one, which was another while the log grew
        log.view.asked.clear();
        let (page, _) = log.settled(&query, Anchor::End);
        let newest = log.view.newest_time().unwrap();
        let sieve = Sieve::new(&query, "training.log", newest).unwrap();
        let (passed, hits) = naively(&bytes, &sieve);
        prop_assert_eq!(page.counts.matched, passed.len() as u64);
        prop_assert_eq!(page.counts.hits, hits.len() as u64);
        prop_assert_eq!(page.counted, (bytes.len() as u64, bytes.len() as u64));
        let last: Vec<u64> = page.lines.iter().map(|line| line.spot.offset).collect();
        prop_assert_eq!(&last[..], &passed[passed.len() - last.len()..]);
        prop_assert!(last.len() == 30 || last.len() == passed.len(), "{}", last.len());
    }

    #[test]
    fn walking_through_all_windows_shows_each_line_once(
        order in prop::collection::vec(0..LINES.len(), 1..40),
        query in queries(),
        forward in any::<bool>(),
    ) {
        let bytes = log(&order);
        let mut log = Log::of(&bytes);
        log.settled(&query, Anchor::End);
        let newest = log.view.newest_time().unwrap();
        let sieve = Sieve::new(&query, "training.log", newest).unwrap();
        let (passed, _) = naively(&bytes, &sieve);
        let mut seen: Vec<u64> = Vec::new();
        let mut anchor = if forward { Anchor::At { spot: Spot::START, above: 0 } } else { Anchor::End };
        loop {
            let page = log.ask_rows(&query, anchor, 300);
            let spots = page.lines.iter().map(|line| line.spot);
            let fresh: Vec<Spot> = if forward {
                spots.filter(|spot| seen.last().is_none_or(|last| spot.offset > *last)).collect()
            } else {
                spots.rev().filter(|spot| seen.last().is_none_or(|last| spot.offset < *last)).collect()
            };
            seen.extend(fresh.iter().map(|spot| spot.offset));
            let over = if forward { page.at_end } else { page.at_start };
            let (Some(last), false) = (fresh.last(), over) else { break };
            anchor = Anchor::At { spot: *last, above: 0 };
        }
        if !forward {
            seen.reverse();
        }
        prop_assert_eq!(seen, passed);
    }
}

/// What another program does to the file between two looks of the reader.
#[derive(Debug, Clone)]
enum Turn {
    Append(usize),
    /// The last line comes in two parts.
    Tear(usize),
    Truncate(usize),
    Rewrite(usize),
    Rotate(usize),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        4 => (1_usize..300).prop_map(Turn::Append),
        2 => (1_usize..40).prop_map(Turn::Tear),
        1 => (0_usize..100).prop_map(Turn::Truncate),
        1 => (1_usize..300).prop_map(Turn::Rewrite),
        1 => (1_usize..300).prop_map(Turn::Rotate),
    ];
    prop::collection::vec(turn, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_file_that_grows_shrinks_and_rotates_shows_each_of_its_lines_once(turns in turns(), query in queries()) {
        let mut log = Log::of(b"2026-03-01 08:00:00 INFO begin\n");
        let path = log.view.path().to_path_buf();
        log.settled(&query, Anchor::End);
        let mut number = 0_usize;
        let mut lines = |count: usize| -> Vec<u8> {
            let mut text = Vec::new();
            for _ in 0..count {
                // no two heads are the same, so that a file that was written anew is known as one
                number += 1;
                let line = LINES[number % LINES.len()].replace('#', &number.to_string());
                text.extend_from_slice(format!("2026-03-01 08:00:05 INFO {number}\n").as_bytes());
                text.extend_from_slice(line.as_bytes());
                if !line.ends_with('\n') {
                    text.push(b'\n');
                }
            }
            text
        };
        for turn in turns {
            match turn {
                Turn::Append(count) => log.append(&lines(count)),
                Turn::Tear(count) => {
                    let text = lines(count);
                    log.append(&text[..text.len() - 7]);
                    log.view.look();
                    log.settled(&query, Anchor::End);
                    log.append(&text[text.len() - 7..]);
                }
                Turn::Truncate(count) => {
                    let old = fs::read(&path).unwrap();
                    let keep = old.len().saturating_sub(count * 20 + 1);
                    OpenOptions::new().write(true).open(&path).unwrap().set_len(keep as u64).unwrap();
                }
                Turn::Rewrite(count) => fs::write(&path, lines(count)).unwrap(),
                Turn::Rotate(count) => {
                    fs::rename(&path, path.with_extension("log.1")).unwrap();
                    fs::write(&path, lines(count)).unwrap();
                }
            }
            log.view.look();
            log.settled(&query, Anchor::End);
        }
        log.view.asked.clear();
        let (page, _) = log.settled(&query, Anchor::End);
        let newest = log.view.newest_time().unwrap();
        let bytes = fs::read(&path).unwrap();
        let sieve = Sieve::new(&query, "training.log", newest).unwrap();
        let (passed, hits) = naively(&bytes, &sieve);
        prop_assert_eq!((page.counts.matched, page.counts.hits), (passed.len() as u64, hits.len() as u64));
        let whole = log.ask_rows(&query, Anchor::At { spot: Spot::START, above: 0 }, 20_000);
        let seen: Vec<u64> = whole.lines.iter().map(|line| line.spot.offset).collect();
        prop_assert_eq!(seen, passed);
    }
}
