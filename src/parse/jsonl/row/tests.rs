use proptest::prelude::*;
use proptest::sample::select;

use super::*;

impl Reader {
    /// Whether the next row like `text` is read along a shape.
    fn knows(&self, text: &str) -> bool {
        self.shapes.read(&self.names, text, &mut Said::default()).is_some()
    }

    fn learns(&mut self, text: &str) {
        assert!(self.read(text, &mut Said::default()).is_some(), "{text}");
    }
}

/// Reads the rows along their shapes and member by member, and compares what they said. Returns how many had a known shape.
fn compare<'a>(rows: impl IntoIterator<Item = &'a str>) -> usize {
    let mut along = Reader::new();
    let mut apart = Reader::new();
    let mut known = 0;
    for row in rows {
        known += usize::from(along.knows(row));
        let (mut said, mut expected) = (Said::default(), Said::default());
        let is = along.read(row, &mut said).is_some();
        assert_eq!(is, apart.by_member(row, &mut expected).is_some(), "{row}");
        if is {
            assert_eq!(format!("{said:?}"), format!("{expected:?}"), "{row}");
        }
    }
    // where the last row that was read member by member has ended does not matter
    along.names.begin();
    apart.names.begin();
    assert_eq!(format!("{:?}", along.names), format!("{:?}", apart.names));
    known
}

#[test]
fn a_row_like_the_one_before_is_read_along_its_shape() {
    let mut reader = Reader::new();
    reader.learns(
        r#"{"ts": "2026-01-05T10:00:00Z", "level": "INFO", "fields": {"step": 1, "loss": 0.5, "gpu": {"id": 1}}}"#,
    );
    for row in [
        r#"{"ts": "2026-01-05T10:00:01Z", "level": "INFO", "fields": {"step": 2, "loss": 0.25, "gpu": {"id": 1}}}"#,
        r#"{"ts": 1795360410.9, "level": null, "fields": {"step": "3", "loss": NaN, "gpu": {"of": ["{", {}]}}}"#,
        r#"{"ts": "\"\\", "level": true, "fields": {"step": -1e-5, "loss": [1, "]"], "gpu": null}}"#,
    ] {
        assert!(reader.knows(row), "{row}");
    }
    for row in [
        r#"{"ts": "2026-01-05T10:00:01Z","level": "INFO", "fields": {"step": 2, "loss": 0.25, "gpu": {}}}"#,
        r#"{"ts": "2026-01-05T10:00:01Z", "level": "INFO", "fields": {"step": 2, "loss": 0.25, "gpu": {}}} "#,
        r#"{"ts": "2026-01-05T10:00:01Z", "level": "INFO", "fields": {"step": 2, "loss": 0.25, "gpu": {}}"#,
        r#"{"ts": "2026-01-05T10:00:01Z", "level": "INFO", "fields": {"step": 2, "loss": {}, "gpu": {}}}"#,
        r#"{"ts": "2026-01-05T10:00:01Z", "level": "INFO", "fields": {"step": x, "loss": 1, "gpu": {}}}"#,
        "",
        "{",
    ] {
        assert!(!reader.knows(row), "{row}");
    }
}

#[test]
fn shapes_that_take_turns_are_all_known() {
    let mut reader = Reader::new();
    let rows = [
        r#"{"event": "step", "fields": {"step": 1, "loss": 0.5}}"#,
        r#"{"event": "eval", "fields": {"step": 1, "val": {"acc": 0.5}}}"#,
        r#"{"event": "eval", "fields": {"step": 1, "val": null}}"#,
        r#"{"event": "eval", "fields": {"step": 1, "val":  {}}}"#,
        r#"{"event": "heartbeat"}"#,
        r#"{"event": "heartbeat"} "#,
        "{}",
    ];
    for row in rows {
        assert!(!reader.knows(row), "{row}");
        reader.learns(row);
    }
    for row in rows {
        assert!(reader.knows(row), "{row}");
    }
    assert_eq!(compare(rows.into_iter().cycle().take(70)), 63);
}

#[test]
fn a_file_whose_rows_are_never_alike_is_read_all_the_same() {
    let rows: Vec<String> = (0..20_000)
        .map(|i| match i {
            0..6_000 => format!(r#"{{"step": {i}, "k{i}": 1.5, "m": {{"k{}": 2}}}}"#, i % 37),
            // and then it settles
            _ => format!(r#"{{"step": {i}, "loss": 0.5}}"#),
        })
        .collect();
    assert!(compare(rows.iter().map(String::as_str)) > 9_000);
}

#[test]
fn rows_of_more_figures_than_are_kept() {
    let row = |value: f64, figures: usize| {
        let members: Vec<String> = (0..figures).map(|i| format!(r#""metric/{i}": {value}"#)).collect();
        format!("{{{}}}", members.join(", "))
    };
    assert_eq!(compare([&*row(0.5, 4000), &*row(1.5, 4000), &*row(0.25, 4000)]), 2);
    assert_eq!(compare([&*row(0.5, 9000), &*row(1.5, 9000), &*row(0.25, 9000)]), 0);
}

#[test]
fn endless_keys_are_not_kept() {
    let rows: Vec<String> =
        (0..200).map(|i| format!(r#"{{"{}{i}": {{"a": 1}}, "step": {i}}}"#, "k".repeat(50_000))).collect();
    compare(rows.iter().map(String::as_str));
    let mut reader = Reader::new();
    for row in &rows {
        reader.learns(row);
    }
    assert!(format!("{reader:?}").len() < 8 << 20);
}

#[test]
fn keys_that_end_where_the_row_ends() {
    // a word that reaches behind the end of the row holds NULs there, as the key does
    compare(["{\"a\0\0\": 1}", "{\"a", "{\"a\0", "{\"a\0\0\": 2}", "{\"a\0\0\": 2}\0"]);
}

const KEYS: [&str; 30] = [
    "step",
    "iter",
    "epoch",
    "loss",
    "train/loss",
    "time",
    "ts",
    "level",
    "msg",
    "event",
    "fields",
    "extra",
    "record",
    "name",
    "type",
    "value",
    "timestamp",
    "exception",
    "gpu",
    "config",
    "steps",
    "total_steps",
    "status",
    "stopped_early",
    "mode",
    "checkpoint_path",
    "a\\\"b",
    "ä",
    "",
    "a long name that is no word of ours, with a comma",
];

const VALUES: [&str; 56] = [
    "1",
    "0.25",
    "-3",
    "1e-5",
    "1.5E+3",
    "1.",
    "12abc",
    "1e",
    "-",
    "+5",
    "+",
    "-.5",
    "-e",
    "1-2",
    "1795360410.9",
    "12345678901234567890",
    "0.00029999940000029993",
    "12345678",
    "1234567.1234567",
    "NaN",
    "Nan",
    "-NaN",
    "Infinity",
    "-Infinity",
    "-inf",
    "inf",
    "+inf1",
    "null",
    "true",
    "false",
    "nothing",
    "x",
    "\"INFO\"",
    "\"error\"",
    "\"\"",
    "\"a\\\"b\"",
    "\"\\\\\"",
    "\"\\\\\\\"\"",
    "\"ü\\ü\"",
    "\"17\"",
    "\"-0.5\"",
    "\"nan\"",
    "\"train\"",
    "\"2026-01-05T10:00:00.5Z\"",
    "\"a text that is longer than a few words of eight bytes, and longer than that: \\\" \"",
    "\"{[\"",
    "[]",
    "[1, {\"a\": \"}\"}]",
    "[1,2}",
    "[\"",
    "{}",
    "{\"id\": 1, \"of\": 8}",
    "{\"s\":\"}\"}",
    "{\"s\": [\"{\"], \"t\": \"\\\"}\"}",
    "{]",
    "{",
];

/// A row with a `#` for each value that changes.
fn shape() -> impl Strategy<Value = String> {
    let hole = prop_oneof![30 => Just("#"), 1 => Just("1"), 1 => Just("\"x\"")].prop_map(str::to_owned);
    let blank = || prop_oneof![20 => Just(""), 20 => Just(" "), 1 => Just("\t "), 1 => Just("\u{c}")];
    hole.prop_recursive(3, 24, 6, move |inner| {
        let member =
            (select(&KEYS[..]), blank(), blank(), inner, prop_oneof![20 => Just(","), 1 => Just("")]);
        (prop::collection::vec(member, 0..6), blank()).prop_map(|(members, end)| {
            let last = members.len().saturating_sub(1);
            let mut text = "{".to_owned();
            for (i, (key, before, behind, value, comma)) in members.iter().enumerate() {
                let comma = if i == last { "" } else { comma };
                text.extend([before, "\"", key, "\":", behind, value, comma]);
            }
            text + end + "}"
        })
    })
}

/// Rows of a few shapes, some of them damaged.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let row = (any::<prop::sample::Index>(), prop::collection::vec(select(&VALUES[..]), 24), damage());
    (prop::collection::vec(shape(), 1..4), prop::collection::vec(row, 1..24)).prop_map(|(shapes, rows)| {
        let each = rows.into_iter().map(|(shape, values, damage)| {
            let mut values = values.into_iter().cycle();
            let parts: Vec<&str> = shape.get(&shapes).split('#').collect();
            let mut row = String::new();
            for (i, part) in parts.iter().enumerate() {
                row += if i == 0 { "" } else { values.next().unwrap_or("1") };
                row += part;
            }
            damaged(row, damage)
        });
        each.collect()
    })
}

/// Where, how, and with which byte a row is damaged.
type Damage = Option<(prop::sample::Index, u8, u8)>;

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![3 => select(&b"{}[]\",:\\ 01.-eNn\0\t"[..]), 1 => any::<u8>()];
    prop_oneof![3 => Just(None), 1 => (any::<prop::sample::Index>(), 0..4u8, byte).prop_map(Some)]
}

fn damaged(row: String, damage: Damage) -> String {
    let Some((at, how, byte)) = damage.filter(|_| !row.is_empty()) else { return row };
    let mut bytes = row.into_bytes();
    let at = at.index(bytes.len());
    match how {
        0 => bytes[at] = byte,
        1 => bytes.insert(at, byte),
        2 => drop(bytes.remove(at)),
        _ => bytes.truncate(at),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_ways_say_the_same(rows in rows()) {
        compare(rows.iter().map(String::as_str));
    }

    #[test]
    fn groups_end_where_their_brackets_do(inside in "[\\[\\]{}\"\\\\a:, é]{0,60}") {
        let mut depth = 1;
        let mut text = false;
        let mut bytes = inside.bytes().enumerate();
        let mut end = None;
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\\' if text => drop(bytes.next()),
                b'"' => text = !text,
                b'{' | b'[' if !text => depth += 1,
                b'}' | b']' if !text => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end = Some(at + 1);
                break;
            }
        }
        prop_assert_eq!(crate::parse::jsonl::scan::close(inside.as_bytes(), 0), end);
    }
}
