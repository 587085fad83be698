//! What is redacted and what is not, rule by rule; the corpus of `tests/corpus/redact` holds many more.

use super::*;

fn redacted(text: &str) -> String {
    Redactor::default().redact(text).into_text().into_owned()
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(redacted(text), expected);
    assert_eq!(redacted(expected), expected, "a second time");
}

#[track_caller]
fn stays(text: &str) {
    assert_eq!(redacted(text), text);
}

#[test]
fn tokens_by_prefix() {
    becomes("Logging in with hf_EXAMPLEexample123", "Logging in with hf_***");
    becomes("key sk-proj-EXAMPLE-abc123", "key sk-proj-***");
    becomes("key sk-EXAMPLE_with_underscore99", "key sk-***");
    becomes("runpod rpa_EXAMPLEEXAMPLE", "runpod rpa_***");
    becomes("github_pat_EXAMPLE11_EXAMPLE", "github_pat_***");
    becomes("AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12", "AWS_ACCESS_KEY_ID=AKIA***");
    stays("Starting task-12 of 40, disk-usage ok, risk-free, mask-rcnn, sk-learn");
    stays("using hf_hub_download and hf_AutoModelForCausalLM, --hf_token is not set");
}

#[test]
fn a_row_stays_the_row_that_it_was() {
    becomes(
        r#"{"msg": "trailing token=EXAMPLEabc", "event": "x", "fields": {"step": 3, "loss": NaN, "lr": 1.50}}"#,
        r#"{"msg": "trailing token=***", "event": "x", "fields": {"step": 3, "loss": NaN, "lr": 1.50}}"#,
    );
    becomes(r#"{"password": "EX\"AMPLE", "user": "bob"}"#, r#"{"password": "***", "user": "bob"}"#);
    becomes(
        r#"{"password": "", "hf_token": "EXAMPLE", "n": [1, "a"]}"#,
        r#"{"password": "", "hf_token": "***", "n": [1, "a"]}"#,
    );
    becomes(
        r#"{"m": "{\"api_key\": \"x9\", \"n\": 1}", "tokens": ["The"], "max_token": 225}"#,
        r#"{"m": "{\"api_key\": \"***\", \"n\": 1}", "tokens": ["The"], "max_token": 225}"#,
    );
    stays(r#"{"loss": -Infinity, "a": "\u00e9\n", "keyframes": [1], "monkey": "x", "token": 5}"#);
}

#[test]
fn what_was_cut_off_is_no_mask() {
    becomes("failed, api_key='n0tRealPw3…", "failed, api_key='***");
    becomes("failed, token=n0tRealPw…", "failed, token=***");
    stays("token=abcd...wxyz and token=hf_ab...yz and password=ab****yz");
}

#[test]
fn a_torn_row_is_text() {
    becomes(
        r#"{"event": "x", "fields": {"token": "abcdef", "ste"#,
        r#"{"event": "x", "fields": {"token": "***", "ste"#,
    );
    becomes(r#"{"event": "x", "fields": {"token": "abcd"#, r#"{"event": "x", "fields": {"token": "***"#);
}

#[test]
fn a_key_over_many_lines() {
    let mut block = Block::default();
    let redactor = Redactor::default();
    let lines = [
        ("saving -----BEGIN RSA PRIVATE KEY-----", "saving -----BEGIN RSA PRIVATE KEY-----"),
        ("MIIFAKEfakeFAKE0123456789abcdefghijklmnopqrstuvwxyz0123456789abcd", "***"),
        ("INFO: MIIFAKEfakeFAKE0123456789abcdefghijklmnopqrstuvwxyz0123456789", "INFO: ***"),
        ("FAKE9876==", "***"),
        ("-----END RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"),
        ("Training started", "Training started"),
    ];
    for (line, expected) in lines {
        assert_eq!(redactor.redact_in(&mut block, line).text(), expected);
    }
    let whole: Vec<&str> = lines.iter().map(|(line, _)| *line).collect();
    let expected = format!("{}\n***\n{}\n{}", lines[0].1, lines[4].1, lines[5].1);
    assert_eq!(redacted(&whole.join("\n")), expected);
    // a key that was cut off takes nothing else with it
    let mut block = Block::default();
    redactor.redact_in(&mut block, "-----BEGIN PRIVATE KEY-----");
    assert_eq!(redactor.redact_in(&mut block, "epoch 1/3 loss 0.5").text(), "epoch 1/3 loss 0.5");
    assert!(!block.is_open());
}

#[test]
fn homes_are_hidden_on_request() {
    let home = Redactor::new(Vec::new(), true);
    for (text, expected) in [
        ("loading /home/exampleuser/models/flux.sft", "loading /home/***/models/flux.sft"),
        ("two /home/exampleuser and a/b", "two /home/*** and a/b"),
        (r#"{"cwd": "/home/exampleuser", "n": "a/b"}"#, r#"{"cwd": "/home/***", "n": "a/b"}"#),
        (r#"{"cwd": "C:\\Users\\Jo Doe\\runs"}"#, r#"{"cwd": "C:\\Users\\***\\runs"}"#),
        ("/Users/exampleuser, /root/x, ~/y", "/Users/***, /root/x, ~/y"),
        ("https://example.invalid/home/page", "https://example.invalid/home/page"),
    ] {
        assert_eq!(home.redact(text).text(), expected);
    }
    stays("loading /home/exampleuser/models");
}

#[test]
fn hostile_lines_take_no_longer_than_others() {
    for piece in [
        "token=",
        "://a:",
        "password: '",
        "Bearer ",
        "key ",
        "{\"a\":",
        "-----BEGIN PRIVATE KEY-----",
        "[",
        "\\\"",
        "hf_",
        "eyJ",
        "<token>",
        "a@",
    ] {
        let text = piece.repeat((64 << 10) / piece.len());
        let redacted = Redactor::default().redact(&text);
        assert!(redacted.text().len() <= text.len() * 2, "{piece}");
    }
}
