use proptest::prelude::*;

use super::*;
use crate::model::log::Condition;
use crate::model::log::Term;
use crate::parse::logline::Reader;
use crate::parse::logrows;

const ROWS: &str = r#"{"ts":"2026-01-05T10:00:00.000Z","level":"INFO","service":"api","job_id":"j","msg":"go","correlation_id":"c-1","event":"training.start","fields":{"total_steps":3}}
{"ts":"2026-01-05T10:00:01.000Z","level":"DEBUG","job_id":"j","msg":"step","correlation_id":"c-1","event":"training.step","fields":{"step":1,"loss":NaN,"rank":1}}
[1, 2]
{"ts":"2026-01-05T10:00:02.000Z","level":"WARNING","job_id":"j","msg":"slow\u001b[31m","correlation_id":"c-2"}
{"ts":"2026-01-05T10:00:03.000Z","level":"ERROR","job_id":"j","msg":"no","event":"training.failed","fields":{"stack_trace":"A\nB"}}
  a word more
2026-01-05 10:00:04 CRITICAL [train] gone
[rank1]: step 2 loss 0.5
"#;

fn entries(log: &str) -> Vec<(String, String)> {
    let mut reader = Reader::default();
    let mut found = Vec::new();
    logrows::each(log.as_bytes(), 0, &mut |row| {
        let line = reader.read(row);
        found.push((text(row, &line).text, json_entry(row, &line)));
    });
    found
}

#[test]
fn options_are_terms_of_the_engine() {
    let all = Asked::default();
    assert!(query(&all).expect("a query").filter.is_empty());
    let terms = |asked: &Asked<'_>| query(asked).expect("a query").filter.conditions;
    let one = |term, not| vec![Condition { term, not }];
    assert_eq!(terms(&Asked { level: Some("Warn"), ..all.clone() }), one(Term::Least(Level::Warning), false));
    assert_eq!(
        terms(&Asked { level: Some("=WARNING"), ..all.clone() }),
        one(Term::Level(vec![Level::Warning]), false)
    );
    assert_eq!(terms(&Asked { not: Some("ping"), ..all.clone() }), one(Term::Text("ping".to_owned()), true));
    let several = Asked { event: Some("training.*"), rank: Some(1), since: Some("10m"), ..all };
    assert_eq!(terms(&several).len(), 3);
}

#[test]
fn what_is_wrong_is_explained_in_one_line() {
    let error = |asked: &Asked<'_>| query(asked).expect_err("wrong");
    let all = Asked::default();
    for (asked, part) in [
        (Asked { grep: Some("(a"), ..all.clone() }, "--grep (a: unclosed group"),
        (Asked { not: Some("*"), ..all.clone() }, "--not *: "),
        (Asked { level: Some("loud"), ..all.clone() }, "debug, info, warn, error, critical"),
        (Asked { category: Some("x"), ..all.clone() }, "setup, progress, metrics, debug, system, other"),
        (Asked { since: Some("noon"), ..all.clone() }, "`noon` is no time"),
    ] {
        let error = error(&asked);
        assert!(error.contains(part) && !error.contains('\n'), "{error}");
    }
}

#[test]
fn entries_have_one_shape() {
    let shown: Vec<String> = entries(ROWS).into_iter().map(|(_, json)| json).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    {"offset":0,"time":"2026-01-05T10:00:00Z","level":"INFO","category":"setup","event":"training.start","message":"go","correlation_id":"c-1","fields":{"total_steps":3,"service":"api","job_id":"j"}}
    {"offset":164,"time":"2026-01-05T10:00:01Z","level":"DEBUG","category":"progress","event":"training.step","message":"step","correlation_id":"c-1","fields":{"step":1,"loss":"NaN","rank":1,"job_id":"j"}}
    {"offset":327,"time":null,"level":null,"category":"other","event":null,"message":"[1, 2]","correlation_id":null,"fields":null}
    {"offset":334,"time":"2026-01-05T10:00:02Z","level":"WARNING","category":"system","event":null,"message":"slow","correlation_id":"c-2","fields":{"job_id":"j"}}
    {"offset":445,"time":"2026-01-05T10:00:03Z","level":"ERROR","category":"system","event":"training.failed","message":"no","correlation_id":null,"fields":{"stack_trace":"A\nB","job_id":"j"}}
    {"offset":577,"time":null,"level":"ERROR","category":"system","event":null,"message":"  a word more","correlation_id":null,"fields":null}
    {"offset":591,"time":"2026-01-05T10:00:04","level":"CRITICAL","category":"system","event":null,"message":"gone","correlation_id":null,"fields":null}
    {"offset":633,"time":null,"level":null,"category":"metrics","event":null,"message":"step 2 loss 0.5","correlation_id":null,"fields":null}
    "#);
}

#[test]
fn the_frame_around_them_is_json() {
    let mut page = Page::new(Paging { offset: 0, limit: Some(1), tail: false });
    let mut document = json_head("a\"b", "training.log");
    for number in 0..3 {
        page.looked(1);
        document.push_str(&page.matched(|| format!("{{\"offset\": {number}}}")).unwrap_or_default());
    }
    document.push_str(&json_tail(&page));
    let value: serde_json::Value = serde_json::from_str(&document).expect("JSON");
    assert_eq!(value["run"], "a\"b");
    assert_eq!(value["entries"].as_array().map(Vec::len), Some(1));
    assert_eq!((&value["matched"], &value["total_lines"]), (&3.into(), &3.into()));
    assert_eq!(value["has_more"], true);
    assert_eq!(page.summary(), "3 of 3 lines match; 1 are shown");
}

proptest! {
    #[test]
    fn a_page_is_a_slice_of_all_matches(
        matching in proptest::collection::vec(any::<bool>(), 0..60),
        offset in 0u64..70,
        limit in proptest::option::of(0u64..70),
        tail in any::<bool>(),
    ) {
        let all: Vec<usize> = (0..matching.len()).filter(|at| matching[*at]).collect();
        let (skip, most) = (usize::try_from(offset).unwrap(), limit.map_or(usize::MAX, |n| usize::try_from(n).unwrap()));
        let naive: Vec<usize> = if tail {
            let mut newest: Vec<usize> = all.iter().rev().skip(skip).take(most).copied().collect();
            newest.reverse();
            newest
        } else {
            all.iter().skip(skip).take(most).copied().collect()
        };
        let mut page = Page::new(Paging { offset, limit, tail });
        let mut printed = Vec::new();
        for (at, matches) in matching.iter().enumerate() {
            page.looked(1);
            if *matches {
                printed.extend(page.matched(|| at.to_string()));
            }
        }
        printed.extend(page.rest());
        let naive: Vec<String> = naive.iter().map(ToString::to_string).collect();
        prop_assert_eq!(&printed, &naive);
        let counts = page.counts();
        prop_assert_eq!((counts.total, counts.matched), (matching.len() as u64, all.len() as u64));
        prop_assert_eq!(counts.printed, naive.len() as u64);
        prop_assert_eq!(page.has_more(), all.len() > skip.saturating_add(naive.len()));
    }
}
