//! Lines that a program relays to another machine, as a person wants to read them: without the words of the protocol.
//!
//! What the messages mean is told by [`crate::parse::protocol`]; here is only how they look.

use serde_json::Value;

use crate::model::level::Level;
use crate::parse::clean::clean;
use crate::parse::protocol::strip_relay;

/// What a relayed line is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Relayed<'a> {
    /// A line of the program itself. Its level, where the wrapper gave one; whether it is a redraw of the line before.
    Line(&'a str, Option<Level>, bool),
    /// A part of the work begins.
    Section(&'a str),
    /// A table begins, with its title.
    TableStart(&'a str),
    /// A table is over.
    TableEnd,
    /// Figures for another program: they are in the progress already.
    Figures(&'a str),
    /// Keep-alives, files on their way, logins: of no use to who reads about a training.
    Chatter(&'a str),
    /// A word on the whole job, in words for people. The second is whether it ends the job.
    Job(String, Option<Level>, bool),
}

/// Takes a row apart; a row without any protocol is a line.
pub(super) fn read(text: &str) -> Relayed<'_> {
    let relayed = strip_relay(text);
    let line = Relayed::Line(relayed.text, relayed.level, relayed.redraw);
    let body = relayed.text.trim();
    if matches!(body, "KEEP_ALIVE" | "END_OF_FILE" | "TRAINING_JOBS_DONE") {
        return Relayed::Chatter(body);
    }
    let Some((name, payload)) = body.split_once("::") else { return line };
    if name.len() < 2 || !name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') {
        return line;
    }
    let payload = payload.trim();
    match name {
        "SECTION" | "MODEL_TYPE" => Relayed::Section(payload),
        "TABLE_START" => Relayed::TableStart(payload),
        "TABLE_END" => Relayed::TableEnd,
        "PROGRESS" | "JOB_PROGRESS" | "PROGRESS_REPORT" | "INFERENCE_PROGRESS" => Relayed::Figures(body),
        "INFERENCE_BEGIN" => Relayed::Section("inference"),
        "TRAIN_JOB_START" => Relayed::Job(format!("job {payload} has started"), None, false),
        "TRAIN_JOB_END" => Relayed::Job(format!("job {payload} is over"), None, true),
        "JOB_ACCEPTED" => Relayed::Job(format!("job {payload} was accepted"), None, false),
        "JOB_COMPLETE" | "INFERENCE_COMPLETE" | "INFERENCE_SKIPPED" => {
            Relayed::Job(job(name, payload), None, true)
        }
        "JOB_FAILED" | "JOB_REJECTED" | "INFERENCE_FAILED" | "TRAIN_JOB_ERROR" => {
            Relayed::Job(job(name, payload), Some(Level::Error), true)
        }
        "JOB_SUBMIT" | "JOB_STOP" | "JOB_CANCEL" | "CONTROL_COMMAND" | "FILE_META" => Relayed::Chatter(body),
        _ if ["FILE_UPLOAD_", "FS_", "AUTH_"].iter().any(|family| name.starts_with(family)) => {
            Relayed::Chatter(body)
        }
        _ => line,
    }
}

/// `job failed: Process exited with code 1  job_id=job-1  duration_seconds=12`.
fn job(name: &str, payload: &str) -> String {
    let mut text = name.to_ascii_lowercase().replace('_', " ");
    let json = payload.find('{').and_then(|at| payload.get(at..)).unwrap_or_default();
    let Ok(Value::Object(said)) = serde_json::from_str::<Value>(json) else {
        if !payload.is_empty() {
            text.push_str(": ");
            text.push_str(payload);
        }
        return text;
    };
    let plain = |value: &Value| match value {
        Value::String(text) => clean(text).into_owned(),
        other => clean(&other.to_string()).into_owned(),
    };
    for key in ["message", "error", "reason"] {
        if let Some(value) = said.get(key).filter(|value| !value.is_null()) {
            text.push_str(": ");
            text.push_str(&plain(value));
        }
    }
    for (key, value) in &said {
        if !matches!(key.as_str(), "message" | "error" | "reason") && !value.is_null() {
            text.push_str("  ");
            text.push_str(&clean(key));
            text.push('=');
            text.push_str(&plain(value));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_protocol_are_gone() {
        let line = |text, redraw| Relayed::Line(text, None, redraw);
        for (row, want) in [
            ("loss: 0.5", line("loss: 0.5", false)),
            ("JOB_LOG::loss: 0.5", line("loss: 0.5", false)),
            ("JOB_LOG::CR::Epoch 2:  25%|██", line("Epoch 2:  25%|██", true)),
            (
                "INFO:root:Client received: LOG::ERROR::no space",
                Relayed::Line("no space", Some(Level::Error), false),
            ),
            (
                "[stderr] Traceback (most recent call last):",
                line("Traceback (most recent call last):", false),
            ),
            ("SECTION::Loading model", Relayed::Section("Loading model")),
            ("TABLE_START::Model", Relayed::TableStart("Model")),
            ("TABLE_END::", Relayed::TableEnd),
            ("INFO:root:Client received: KEEP_ALIVE", Relayed::Chatter("KEEP_ALIVE")),
            ("FS_LIST::{}", Relayed::Chatter("FS_LIST::{}")),
            ("std::vector::push", line("std::vector::push", false)),
            ("ERROR::what", line("ERROR::what", false)),
        ] {
            assert_eq!(read(row), want, "{row}");
        }
    }

    #[test]
    fn a_job_s_end_is_told_in_words() {
        let Relayed::Job(text, level, ends) = read(
            r#"JOB_FAILED::{"job_id": "job-1", "exit_code": 1, "message": "Process exited with code 1\u001b[2J"}"#,
        ) else {
            panic!("a message of the protocol")
        };
        assert_eq!(text, "job failed: Process exited with code 1  job_id=job-1  exit_code=1");
        assert_eq!((level, ends), (Some(Level::Error), true));
        assert_eq!(read("JOB_COMPLETE::{torn"), Relayed::Job("job complete: {torn".to_owned(), None, true));
    }
}
