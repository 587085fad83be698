//! What the fuzz targets share.

use std::path::PathBuf;
use std::sync::Arc;

use trainmon::model::facts::Facts;
use trainmon::model::rules::Rules;
use trainmon::model::run::Run;
use trainmon::model::run::RunKey;
use trainmon::model::run::Source;
use trainmon::model::run::SourceKind;
use trainmon::model::stamp::Stamp;
use trainmon::parse::clean::is_unsafe;
use trainmon::report::status;
use trainmon::report::status::Status;
use trainmon::track::judge::judge;

/// A moment: all runs were written to a minute before it.
const NOW: Stamp = Stamp::from_millis(1_790_000_000_000);

/// What a check returned, if it holds.
pub fn holds<T>(checked: Result<T, String>) -> T {
    match checked {
        Ok(value) => value,
        Err(what) => panic!("{what}"),
    }
}

/// The run is judged and told as JSON and as a table: valid, safe to print, the same figures.
pub fn told(facts: Facts, kind: SourceKind) {
    let source = Source {
        path: "training.log".into(),
        kind,
        bytes: 1,
        read: 1,
        records: 1,
        modified: Some(NOW),
        note: None,
    };
    let run = Run {
        key: RunKey { root: 0, id: "a/b".into() },
        path: PathBuf::from("/runs/a/b"),
        name: "b".into(),
        facts,
        sources: vec![source],
        last_write: Some(NOW),
        looked_at: true,
        problem: None,
        owners: trainmon::model::owner::Owners::Unknown,
    };
    let verdict = judge(&run, &Rules::default(), NOW);
    let metrics = run.facts.metrics.len();
    let runs = [(Arc::new(run), verdict)];
    let report = Status { runs: &runs, roots: &["/runs".to_owned()], now: NOW, host: "vm" };
    let json = status::json(&report);
    assert!(!json.contains(|c: char| is_unsafe(c) && c != '\n'), "JSON that a terminal acts upon: {json:?}");
    let value: serde_json::Value = serde_json::from_str(&json).expect("status tells JSON");
    let told = value.pointer("/runs/0/metrics").and_then(|all| all.as_object()).map_or(0, |all| all.len());
    assert_eq!(told, metrics, "metrics by name");
    let table = status::table(&report, Some(100));
    assert!(
        !table.contains(|c: char| is_unsafe(c) && c != '\n'),
        "a table that a terminal acts upon: {table:?}"
    );
    assert!(table.lines().count() == 2, "a row of more than one line: {table:?}");
}
