//! Secrets: the corpus, rows that stay rows, and no way out through any report or screen.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use proptest::prelude::*;
use serde_json::Value;
use trainmon::parse::check;
use trainmon::parse::redact::Redactor;

use crate::support::pty::Start;
use crate::support::runs::Place;

fn corpus(name: &str) -> Vec<(String, Vec<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/redact").join(name);
    let text = fs::read_to_string(path).expect("a file of the corpus");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let mut parts = row.split('\t').skip(1);
        let line = parts.next().expect("a line").replace("\\t", "\t");
        (line, parts.map(ToOwned::to_owned).collect())
    })
    .collect()
}

/// What Python writes is JSON to us: `NaN` outside of strings is put in quotes for the reader here.
fn json(text: &str) -> Option<Value> {
    serde_json::from_str(&text.replace(": NaN", ": \"NaN\"")).ok().filter(|value: &Value| !value.is_string())
}

fn shape(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let inside: Vec<String> =
                map.iter().map(|(key, value)| format!("{key:?}:{}", shape(value))).collect();
            format!("{{{}}}", inside.join(","))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(shape).collect::<Vec<_>>().join(",")),
        Value::String(_) => "text".to_owned(),
        other => other.to_string(),
    }
}

#[test]
fn every_secret_of_the_corpus_is_gone() {
    let rows = corpus("secrets.txt");
    assert!(rows.len() >= 400, "{}", rows.len());
    let redactor = Redactor::default();
    let mut left = Vec::new();
    for (line, secrets) in &rows {
        assert!(!secrets.is_empty() && secrets.iter().all(|secret| line.contains(secret)), "{line}");
        let redacted = redactor.redact(line);
        if redacted.count() == 0 || secrets.iter().any(|secret| redacted.text().contains(secret)) {
            left.push(format!("{line}\n    {}", redacted.text()));
        }
        if let Some(value) = json(line) {
            let told =
                json(redacted.text()).unwrap_or_else(|| panic!("no row any more: {}", redacted.text()));
            assert_eq!(shape(&value), shape(&told), "{line}");
        }
        assert_eq!(check::redacted(line.as_bytes()), Ok(()), "{line}");
    }
    assert!(left.is_empty(), "{} of {} are left:\n{}", left.len(), rows.len(), left.join("\n"));
}

#[test]
fn innocent_lines_stay_as_they_are() {
    let rows = corpus("innocent.txt");
    assert!(rows.len() >= 300, "{}", rows.len());
    let redactor = Redactor::default();
    let changed: Vec<String> = rows
        .iter()
        .map(|(line, _)| (line, redactor.redact(line)))
        .filter(|(_, redacted)| redacted.count() > 0)
        .map(|(line, redacted)| format!("{line}\n    {}", redacted.text()))
        .collect();
    let rate = changed.len() * 1000 / rows.len();
    assert!(rate <= 5, "{rate} per mille of {}:\n{}", rows.len(), changed.join("\n"));
}

/// The recording of a redactor whose output kept some secrets, broke rows and hid half of others (`tests/corpus/redact/rows`).
#[test]
fn a_recording_full_of_secrets_is_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/redact/rows");
    let redactor = Redactor::new(Vec::new(), true);
    let mut rows = 0;
    for name in ["as-logged.jsonl", "as-redacted-before.jsonl"] {
        for line in fs::read_to_string(folder.join(name)).expect("a recording").lines() {
            rows += 1;
            let redacted = redactor.redact(line);
            let told = redacted.text();
            for part in [
                "EXAMPLE",
                "example0000",
                "AMPLE\"",
                "0123456789abcdef",
                "abc123",
                "underscore99",
                "exampleuser",
            ] {
                assert!(!told.contains(part), "{part}: {told}");
            }
            for innocent in [
                "task-12 of 40, disk-usage ok, risk-free, mask-rcnn",
                "using hf_hub_download",
                "loss 0.05 at step",
            ] {
                assert_eq!(line.contains(innocent), told.contains(innocent), "{line}");
            }
            if let Some(value) = json(line) {
                assert_eq!(json(redacted.text()).as_ref().map(shape), Some(shape(&value)), "{line}");
            }
        }
    }
    assert!(rows > 50, "{rows}");
}

/// Anything that JSON can hold, with words of secrets among it.
fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~]{0,12}",
        "[a-zé\\\\\"'\n\t/:=@ ]{0,16}",
        prop::sample::select(vec![
            "token=abc9",
            "hf_kQ7xRt2LmNpWsXcVhJ",
            "{\"password\": \"a\\\"b\"}",
            "https://a:b9c@d",
            "Bearer aB3.dE9fG",
            "-----BEGIN PRIVATE KEY-----\nMIIx9\n",
            "password: 'it''s'",
            "None",
        ])
        .prop_map(ToOwned::to_owned),
    ];
    let key = prop_oneof![
        "[a-z]{0,4}",
        prop::sample::select(vec![
            "password",
            "hf_token",
            "max_token",
            "name",
            "value",
            "key",
            "cookies",
            "api_keys"
        ])
        .prop_map(ToOwned::to_owned),
    ];
    let leaf = prop_oneof![
        3 => text.prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn line() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "token", "password", "api_key", "=", ": ", "\"", "'", "\\", " ", ",", "hf_", "sk-", "Bearer ", "://", "@", "{", "}", "[", "]",
            "(", ")", "***", "None", "n0tReal9", "kQ7xRt2LmNpWsXcVhJ", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "\n",
            "eyJhbGciOi", ".", "Authorization", "cookie", "--", "/home/", "cust-1", "id x", "wandb login ", "é", "<", ">", "|", "is ",
            "0123456789abcdef0123456789abcdef01234567", "***REDACTED***", "…",
        ])
        .prop_map(ToOwned::to_owned),
        1 => "[ -~]{0,6}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_row_stays_a_row_of_the_same_keys(value in value()) {
        prop_assert_eq!(check::redacted(value.to_string().as_bytes()), Ok(()));
    }

    #[test]
    fn any_line_is_redacted_once_and_for_all(line in line()) {
        prop_assert_eq!(check::redacted(line.as_bytes()), Ok(()), "{:?}", line);
    }

    /// Tokens as services make them: nothing of such a body is ever left, wherever it stands.
    #[test]
    fn no_token_of_a_known_kind_is_left(
        (prefix, body) in prop_oneof![
            ("hf_", "[A-Za-z]{34}"), ("ghp_", "[A-Za-z0-9]{36}"), ("sk-proj-", "[A-Za-z0-9_-]{40}[A-Za-z0-9]"), ("sk-", "[A-Za-z0-9]{48}"),
            ("rpa_", "[A-Z0-9]{40}"), ("glpat-", "[A-Za-z0-9]{20}"), ("AKIA", "[A-Z2-7]{16}"), ("AIza", "[A-Za-z0-9]{35}"),
            ("github_pat_", "[A-Z0-9]{22}_[A-Za-z0-9]{59}"), ("xoxb-", "[0-9]{12}-[A-Za-z0-9]{24}"), ("token=", "[A-Za-z][A-Za-z0-9]{15}"),
            ("WANDB_API_KEY=", "[0-9a-f]{40}"), ("'password': '", "[A-Za-z][A-Za-z0-9]{11}"),
        ],
        around in prop::sample::select(vec![("", ""), ("key ", " ok"), ("{\"msg\": \"", "\", \"n\": 1}"), (" 5%|#|1/2]", ""), ("(", ")")]),
    ) {
        let line = format!("{}{prefix}{body}{}", around.0, around.1);
        let redacted = Redactor::default().redact(&line).into_text();
        let tail = body.get(body.len() - 6..).unwrap_or_default();
        prop_assert!(!redacted.contains(tail), "{} -> {}", line, redacted);
    }
}

/// A run that fails while it logs in, with secrets in the line that ends it, in warnings and in what its bar is called.
fn leaking() -> Place {
    let rows: Vec<String> = (1..=40)
        .map(|step| {
            format!(
                "hf_NotRealXq7Zk9Vb2Wm: {step}%|##  | {step}/100 [00:{step:02}<00:50,  1.00it/s, loss=0.5]\n"
            )
        })
        .collect();
    let log = format!(
        "{}WARNING: password=n0tRealPw1 is weak\nTraceback (most recent call last):\n  File \"train.py\", line 3, in <module>\n    \
         login()\nRuntimeError: login with hf_NotRealXq7Zk9Vb2Wm4Rt6 at https://bob:n0tRealPw2@example.invalid failed, \
         api_key='n0tRealPw3' Authorization: Bearer fakeXq7Zk9Vb2Wm\n",
        rows.concat()
    );
    let place = Place::with("leaking", &log);
    let row = "{\"ts\": \"2026-11-22T15:27:02Z\", \"level\": \"ERROR\", \"service\": \"worker\", \"job_id\": \"train-1\", \"msg\": \"x\", \
        \"event\": \"training.failed\", \"fields\": {\"error\": \"bad token=n0tRealPw4\", \"step\": 1, \"total_steps\": 2}}\n";
    let folder = place.root().join("rows");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("events.jsonl"), row).expect("rows");
    place
}

const SECRETS: [&str; 3] = ["NotRealXq7", "n0tRealPw", "fakeXq7"];

fn told(place: &Place, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
    command.env_clear().env("HOME", place.home()).env("LANG", "C.UTF-8").stdin(Stdio::null());
    let output = command.args(arguments).arg(place.root()).output().expect("trainmon");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn no_report_tells_a_secret_of_a_log() {
    let place = leaking();
    for arguments in [&["status", "--json"][..], &["status"], &["doctor"]] {
        let text = told(&place, arguments);
        assert!(text.contains("leaking"), "{arguments:?}: {text}");
        for secret in SECRETS {
            assert!(!text.contains(secret), "{arguments:?} tells {secret}: {text}");
        }
    }
    let json: Value = serde_json::from_str(&told(&place, &["status", "--json"])).expect("JSON");
    let message = json.pointer("/runs/0/error/message").and_then(Value::as_str).unwrap_or_default();
    assert!(message.starts_with("login with hf_*** at https://bob:***@example.invalid"), "{json:#}");
    let message = json.pointer("/runs/1/error/message").and_then(Value::as_str).unwrap_or_default();
    assert_eq!(message, "bad token=***", "{json:#}");
}

#[test]
fn patterns_of_the_settings_reach_every_report() {
    let place = Place::with(
        "own",
        "Traceback (most recent call last):\nRuntimeError: customer cust-4711 in /home/exampleuser is gone\n",
    );
    let config = place.home().join("my.toml");
    fs::write(&config, "[redact]\npatterns = ['cust-\\d+']\nhome = true\n").expect("settings");
    let config = config.to_string_lossy().into_owned();
    for arguments in [&["status", "--json"][..], &["status"], &["doctor"]] {
        let text = told(&place, &[&["--config", config.as_str()], arguments].concat());
        assert!(!text.contains("4711") && !text.contains("exampleuser"), "{arguments:?}: {text}");
    }
    assert!(told(&place, &["status", "--json"]).contains("cust-4711 in /home/exampleuser"));
}

#[test]
fn neither_list_nor_page_on_screen_shows_a_secret_of_a_run() {
    let place = leaking();
    let screen = Start::trainmon(place.root()).size(200, 40).go();
    screen.until("the alert", |text| text.contains("login with hf_***") && text.contains("40/100"));
    clean(&screen.text());
    screen.send("\r");
    screen.until("the page", |text| text.contains("failed") && !text.contains("events.jsonl:1"));
    clean(&screen.text());
    screen.send("3");
    screen
        .until("the log", |text| text.contains("RuntimeError: login with hf_***") && text.contains("hidden"));
    clean(&screen.text());
    screen.send("R");
    screen.shows("NotRealXq7Zk9Vb2Wm4Rt6");
    screen.send("R");
    screen.hides("NotRealXq7");
    clean(&screen.text());
    screen.send("q");
}

#[test]
fn no_command_prints_a_secret_of_a_log() {
    let place = leaking();
    let run = place.root().join("leaking").to_string_lossy().into_owned();
    let rows = place.root().join("rows").to_string_lossy().into_owned();
    for (arguments, holds) in [
        (&["logs", &run][..], "login with hf_***"),
        (&["logs", &run, "--grep", "login", "--json"], "login with hf_***"),
        (&["logs", &run, "--grep", "n0tRealPw1"], "password=***"),
        (&["logs", &rows, "--json"], "bad token=***"),
        (&["logs", &rows], "bad token=***"),
        (&["follow", &run, "-v"], "login with hf_***"),
        (&["follow", &run, "-q"], "login with hf_***"),
        (&["follow", &rows, "-v"], "bad token=***"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
        command.env_clear().env("HOME", place.home()).env("LANG", "C.UTF-8").stdin(Stdio::null());
        let output = command.args(arguments).output().expect("trainmon");
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(text.contains(holds), "{arguments:?}: {text}");
        for secret in SECRETS {
            assert!(!text.contains(secret), "{arguments:?} prints {secret}: {text}");
        }
    }
}

fn clean(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} is shown:\n{text}");
    }
}
