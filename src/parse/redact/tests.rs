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
