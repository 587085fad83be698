use proptest::prelude::*;

use super::blocks::BLOCK;
use super::blocks::CHUNK;
use super::blocks::FIRST;
use super::blocks::FULL;
use super::blocks::HEAD;
use super::blocks::LAST;
use super::blocks::MIDDLE;
use super::blocks::sum;
use super::*;
use crate::model::record::Count;
use crate::model::stamp::Stamp;
use crate::parse::recorder::Recorder;
use crate::parse::recorder::pieces;
use crate::parse::wire::written::bytes;
use crate::parse::wire::written::varint;
use crate::track::combine::Said;
use crate::track::combine::combine;
use crate::track::tracker::Tracker;

fn whole(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

/// `{nested_key: [name…], value_json: json}`
fn item(name: &str, json: &str) -> Vec<u8> {
    let keys: Vec<u8> = name.split('>').flat_map(|part| bytes(2, part.as_bytes())).collect();
    bytes(1, &[keys, bytes(16, json.as_bytes())].concat())
}

fn history(items: &[(&str, &str)]) -> Vec<u8> {
    bytes(2, &items.iter().flat_map(|(name, json)| item(name, json)).collect::<Vec<u8>>())
}

fn summary(items: &[(&str, &str)]) -> Vec<u8> {
    bytes(3, &items.iter().flat_map(|(name, json)| item(name, json)).collect::<Vec<u8>>())
}

fn config(items: &[(&str, &str)]) -> Vec<u8> {
    items
        .iter()
        .flat_map(|(name, json)| bytes(1, &[bytes(1, name.as_bytes()), bytes(16, json.as_bytes())].concat()))
        .collect()
}

fn exit(code: u64) -> Vec<u8> {
    bytes(18, &if code == 0 { Vec::new() } else { whole(1, code) })
}

/// A file of these records, cut into blocks as W&B does.
fn file(records: &[Vec<u8>]) -> Vec<u8> {
    let mut out = HEAD.to_vec();
    for record in records {
        let mut rest = &record[..];
        let mut first = true;
        loop {
            let left = BLOCK - out.len() % BLOCK;
            if left < CHUNK {
                out.resize(out.len() + left, 0);
                continue;
            }
            let (data, later) = rest.split_at(rest.len().min(left - CHUNK));
            let kind = match (first, later.is_empty()) {
                (true, true) => FULL,
                (true, false) => FIRST,
                (false, false) => MIDDLE,
                (false, true) => LAST,
            };
            out.extend(sum(kind, data).to_le_bytes());
            out.extend(u16::try_from(data.len()).expect("short").to_le_bytes());
            out.push(kind);
            out.extend(data);
            (rest, first) = (later, false);
            if rest.is_empty() {
                break;
            }
        }
    }
    out
}

fn said(chunks: &[&[u8]]) -> Vec<String> {
    let mut sink = Recorder::default();
    let mut format = (SPEC.new)();
    for chunk in chunks {
        format.push(chunk, &mut sink);
    }
    format.rest(&mut sink);
    sink.said
}

fn one(record: &[u8]) -> String {
    let mut sink = Recorder::default();
    super::record(record, &mut sink);
    sink.said.join(" | ")
}

#[test]
fn rows_have_places_and_figures() {
    let row = history(&[
        ("_step", "7"),
        ("_timestamp", "1795410407.5"),
        ("_runtime", "1.5"),
        ("loss", "0.5"),
        ("epoch", "2"),
    ]);
    assert_eq!(one(&row), "row epoch=2 index=7 loss=0.5");
    assert_eq!(
        one(&history(&[
            ("val>acc", "0.5"),
            ("note", "\"x\""),
            ("hist", "{\"_type\":\"histogram\"}"),
            ("flag", "true")
        ])),
        "row val.acc=0.5"
    );
    assert_eq!(
        one(&history(&[("loss", "NaN"), ("a", "\"Infinity\""), ("b", "-Infinity")])),
        "row a=inf b=-inf loss=NaN"
    );
    // a step that the framework counts is one
    assert_eq!(
        one(&history(&[("_step", "7"), ("trainer/global_step", "49"), ("epoch", "1"), ("loss", "1")])),
        "framework lightning | row epoch=1 (from 0) step=49 (from 0) loss=1"
    );
    assert_eq!(
        one(&history(&[("train/global_step", "50"), ("train/epoch", "1.5"), ("train/loss", "1")])),
        "framework transformers | row epoch=1.5 step=50 train/loss=1"
    );
    // without the key, the record's own count
    let bare = bytes(2, &[item("loss", "1"), bytes(2, &whole(1, 12))].concat());
    assert_eq!(one(&bare), "row index=12 loss=1");
}

#[test]
fn the_order_of_items_makes_no_difference() {
    let rows =
        |second: &[(&str, &str)]| said(&[&file(&[history(&[("b", "1"), ("a", "2")]), history(second)])]);
    assert_eq!(rows(&[("a", "3"), ("b", "4"), ("c", "5")]), rows(&[("c", "5"), ("b", "4"), ("a", "3")]));
}

#[test]
fn settings_name_and_start() {
    let start = bytes(17, &whole(1, 1_795_410_407));
    let all = config(&[
        ("_wandb", "{}"),
        ("epochs", "3"),
        ("model", "{\"epochs\": 9}"),
        ("trainer", "{\"max_epochs\": 3}"),
    ]);
    let run = bytes(17, &[bytes(4, &all), bytes(8, b"brisk-\x1b[31mlake"), start].concat());
    assert_eq!(one(&run), "planned Epochs=3 | title brisk-lake");
    let mut sink = Recorder::default();
    let time = Records::default().read(&run, &Origin::default(), &mut sink);
    assert_eq!(time, Some(Stamp::from_millis(1_795_410_407_000)));
    // told anew when they change, and only then
    let update = |value| bytes(5, &config(&[("epochs", value)]));
    assert_eq!(
        said(&[&file(&[update("3"), update("3"), update("5")])]),
        ["planned Epochs=3", "planned Epochs=5"]
    );
}

#[test]
fn sums_are_what_no_row_had() {
    let records = [
        summary(&[("loss", "0.2"), ("_step", "1")]),
        history(&[("loss", "0.5")]),
        summary(&[("best", "0.9"), ("loss", "0.2")]),
        exit(0),
    ];
    assert_eq!(said(&[&file(&records)]), ["row loss=0.5", "row Summary best=0.9", "ending Completed"]);
    assert_eq!(said(&[&file(&records[..3])]), ["row loss=0.5", "row Summary best=0.9"]);
}

#[test]
fn how_it_ended() {
    for (code, wanted) in [(0, "Completed"), (1, "Failed"), (255, "Cancelled"), (u64::MAX, "Failed")] {
        assert_eq!(one(&exit(code)), format!("ending {wanted}"));
    }
}

#[test]
fn alerts_are_warnings() {
    let alert = |level: &[u8]| {
        bytes(10, &[bytes(1, b"loss"), bytes(2, b"is\nodd \x1b]0;x\x07"), bytes(3, level)].concat())
    };
    assert_eq!(one(&alert(b"WARN")), "warning loss: is odd ");
    assert_eq!(one(&alert(b"INFO")), "");
}

/// Rows that together take several blocks, one of which takes two of its own.
fn long() -> Vec<Vec<u8>> {
    let text = format!("\"{}\"", "x".repeat(300));
    let mut records: Vec<Vec<u8>> =
        (0..300).map(|n| history(&[("loss", &n.to_string()), ("text", &text)])).collect();
    records.push(history(&[("text", &format!("\"{}\"", "x".repeat(70_000))), ("loss", "0.25")]));
    records.push(exit(0));
    records
}

#[test]
fn records_lie_across_blocks() {
    let file = file(&long());
    let all = said(&[&file]);
    assert_eq!(all.len(), 302);
    assert_eq!(all[300..], ["row loss=0.25".to_owned(), "ending Completed".to_owned()]);
    for size in [1, 7, 1000, 32 << 10] {
        assert_eq!(said(&file.chunks(size).collect::<Vec<_>>()), all, "{size}");
    }
    for cut in (0..file.len()).step_by(997) {
        // a torn end says nothing that the whole would not say, and its rest is taken up where it was left
        let part = said(&[&file[..cut]]);
        assert_eq!(part[..], all[..part.len()]);
        assert_eq!(said(&[&file[..cut], &file[cut..]]), all);
    }
}

#[test]
fn what_is_broken_costs_its_block() {
    let whole = file(&long());
    let all = said(&[&whole]);
    // data, checksum, length and type of a chunk in the second block; its first chunk goes on from the first block
    for at in [BLOCK + 400, BLOCK + 1000] {
        let mut broken = whole.clone();
        broken[at] ^= 1;
        let left = said(&[&broken]);
        assert!(left.len() < all.len() && left.len() > 150, "{} of {}", left.len(), all.len());
        assert_eq!(left.last(), all.last());
    }
    let mut length = whole.clone();
    length[HEAD.len() + 4..HEAD.len() + 6].copy_from_slice(&u16::MAX.to_le_bytes());
    assert_eq!(said(&[&length]).last(), all.last());
    let mut zeros = whole.clone();
    zeros[BLOCK..2 * BLOCK].fill(0);
    assert_eq!(said(&[&zeros]).last(), all.last());
}

#[test]
fn a_record_without_end_is_not_held() {
    let mut endless = HEAD.to_vec();
    for n in 0..200 {
        let data = vec![7; BLOCK - CHUNK - if n == 0 { HEAD.len() } else { 0 }];
        let kind = if n == 0 { FIRST } else { MIDDLE };
        endless.extend(sum(kind, &data).to_le_bytes());
        endless.extend(u16::try_from(data.len()).expect("short").to_le_bytes());
        endless.push(kind);
        endless.extend(data);
    }
    assert!(endless.len().is_multiple_of(BLOCK));
    let tail = file(&[history(&[("loss", "1")])]);
    endless.extend(&tail[HEAD.len()..]);
    assert_eq!(said(&[&endless]), ["row loss=1"]);
}

#[test]
fn told_by_its_head() {
    let sniffed = |bytes: &[u8]| sniff(&Head { path: "wandb/run.wandb", bytes });
    assert_eq!(sniffed(&HEAD), 100);
    assert_eq!(sniffed(b":W&B"), 0);
    assert_eq!(said(&[b":W&Bxxx and so on"]), Vec::<String>::new());
}

fn recording(name: &str) -> crate::model::facts::Facts {
    let path = format!("{}/tests/corpus/wandb/{name}.wandb", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("a recording");
    for size in [1, 1000] {
        assert_eq!(said(&bytes.chunks(size).collect::<Vec<_>>()), said(&[&bytes]));
    }
    let mut tracker = Tracker::new("run.wandb".into());
    let mut format = (SPEC.new)();
    format.push(&bytes, &mut tracker);
    format.rest(&mut tracker);
    combine(&[Said::new(SourceKind::Wandb, tracker.facts())])
}

#[test]
fn recordings() {
    use crate::model::record::Ending;
    for (name, how, points, done) in [
        ("finished", Some(Ending::Completed), 15, 3.0),
        ("failed", Some(Ending::Failed), 10, 1.0),
        ("cancelled", Some(Ending::Cancelled), 10, 1.0),
        ("killed", None, 10, 1.0),
    ] {
        let facts = recording(name);
        assert_eq!(facts.ended.as_ref().map(|ended| ended.how), how, "{name}");
        assert_eq!(
            (facts.framework, facts.title.as_deref()),
            (Some("wandb"), Some("brisk-lake-1")),
            "{name}"
        );
        let progress = &facts.progress;
        assert_eq!((progress.completed_epochs, progress.total_epochs), (Some(done), Some(3.0)), "{name}");
        // what W&B counts are calls
        assert_eq!((progress.step, progress.total_steps), (None, None), "{name}");
        let loss = facts.metric("train/loss").expect("a loss");
        assert_eq!((loss.points, loss.last.to_bits()), (points, (1.0 / points as f64).to_bits()), "{name}");
        assert_eq!(facts.metric("grad_norm").map(|metric| metric.non_finite), Some(1), "{name}");
        assert!(facts.metric("val.loss").is_some() && facts.started_at.is_some(), "{name}");
        let finished = name == "finished";
        assert_eq!(facts.metric("best").map(|metric| metric.last), finished.then_some(0.08), "{name}");
        assert_eq!(
            facts.warnings.iter().map(|w| &**w).collect::<Vec<_>>(),
            if finished { vec!["Loss: is low"] } else { vec![] }
        );
    }
}

#[test]
fn a_plan_is_weaker_than_what_is_told() {
    let mut tracker = Tracker::new("run.wandb".into());
    let mut format = (SPEC.new)();
    let rows = [
        bytes(5, &config(&[("epochs", "2")])),
        history(&[("epoch", "0")]),
        history(&[("epoch", "1")]),
        history(&[("epoch", "2")]),
    ];
    format.push(&file(&rows), &mut tracker);
    // gone beyond what was planned
    let facts = combine(&[Said::new(SourceKind::Wandb, tracker.facts())]);
    assert_eq!((facts.progress.completed_epochs, facts.progress.total_epochs), (Some(2.0), Some(2.0)));
    let mut log = Tracker::new("training.log".into());
    log.record(&crate::model::record::Record::Total { of: Count::Epochs, value: 10.0 }, &Origin::default());
    let facts = combine(&[
        Said::new(SourceKind::TextLog, log.facts()),
        Said::new(SourceKind::Wandb, tracker.facts()),
    ]);
    assert_eq!((facts.progress.completed_epochs, facts.progress.total_epochs), (Some(2.0), Some(10.0)));
    assert_eq!(facts.work_left, Some(true));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>()) {
        prop_assert_eq!(crate::parse::check::wandb(&bytes), Ok(()));
        let framed = file(&[bytes]);
        prop_assert_eq!(crate::parse::check::wandb(&framed), Ok(()));
        let mut broken = framed.clone();
        let at = at.index(broken.len());
        broken[at] = broken[at].wrapping_add(1);
        prop_assert_eq!(crate::parse::check::wandb(&broken), Ok(()));
    }

    #[test]
    fn chunks_make_no_difference(cuts in prop::collection::vec(1usize..20_000, 1..12)) {
        let file = file(&long());
        prop_assert_eq!(said(&pieces(&file, &cuts)), said(&[&file]));
    }
}
