//! The line protocol of programs that relay a training to another machine: `NAME::payload`, one message a line.
//!
//! Two families: the documented one (`LOG::{level}::{text}`, `PROGRESS::{json}`, `TABLE_START::`, `SECTION::{name}`) and the
//! one that sleap-rtc really speaks (`CR::`, `JOB_LOG::`, `JOB_PROGRESS::`, `JOB_COMPLETE::`…). [`strip_relay`] takes off what only
//! wraps a line of somebody else; [`line()`] reads the messages that are complete in themselves. Only the first `::` separates:
//! a payload may hold more of them. JSON that was cut says nothing, and neither does any other reader get to see its halves.

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::state::Stage;
use crate::parse::jsonl::level_of;
use crate::parse::jsonl::says_cancelled;
use crate::parse::jsonl::scan::Scanner;
use crate::parse::jsonl::scan::Value;
use crate::parse::jsonl::scan::figure;
use crate::parse::jsonl::scan::plain;
use crate::parse::jsonl::stage;

/// A line without what others put around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relayed<'a> {
    /// The line itself.
    pub text: &'a str,
    /// The level that a `LOG::` gave it.
    pub level: Option<Level>,
    /// It is a redraw of the line before (`CR::`).
    pub redraw: bool,
}

/// Words before a relayed line that say who received it.
const RELAYS: [&str; 3] = ["Client received: ", "Worker received: ", "Received message: "];

/// Bytes that a logger's prefix takes with the relay words behind it.
const MOST_HEAD: usize = 80;

/// Takes relay words and wrappers off: `INFO:root:Client received: JOB_LOG::CR::x` is `x`, redrawn.
pub fn strip_relay(body: &str) -> Relayed<'_> {
    let mut line = Relayed { text: body, level: None, redraw: false };
    // each turn takes one wrapper off; nobody wraps deeper than a few
    for _ in 0..6 {
        let text = relayed(line.text);
        let Some((name, payload)) = message(text) else {
            line.text =
                text.strip_prefix("[stderr] ").or_else(|| text.strip_prefix("[stdout] ")).unwrap_or(text);
            if line.text.len() == text.len() {
                return line;
            }
            continue;
        };
        match name {
            "CR" => line.redraw = true,
            "JOB_LOG" | "INFERENCE_LOG" => {}
            "LOG" => {
                let Some((level, rest)) = payload.split_once("::") else { return Relayed { text, ..line } };
                let Some(level) = level_of(level.trim()) else { return Relayed { text, ..line } };
                line.level = Some(level);
                line.text = rest;
                continue;
            }
            _ => return Relayed { text, ..line },
        }
        line.text = payload;
    }
    line
}

/// The line without a logger's `LEVEL:name:` and the relay words behind it; as it is when there are no such words.
fn relayed(text: &str) -> &str {
    // no head is longer
    let near = text.get(..text.floor_char_boundary(MOST_HEAD)).unwrap_or(text);
    if !near.contains("eceived") {
        return text;
    }
    for relay in RELAYS {
        if let Some(rest) = text.strip_prefix(relay) {
            return rest;
        }
        if let Some((head, rest)) = text.split_once(relay)
            && head.len() < MOST_HEAD - 20
            && head.ends_with(':')
            && head.split(':').next().is_some_and(|level| level_of(level).is_some())
        {
            return rest;
        }
    }
    text
}

/// The parts of `NAME::payload`.
fn message(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take(32).position(|b| !(b.is_ascii_uppercase() || b == b'_'))?;
    let (name, rest) = text.split_at_checked(end)?;
    let payload = rest.strip_prefix("::")?;
    (name.len() > 1).then_some((name, payload))
}

/// Reads a message; the line must have gone through [`strip_relay`]. Returns whether it was one: nothing else is in it then, even
/// when it said nothing.
pub fn line(body: &str, origin: &Origin, sink: &mut dyn Sink) -> bool {
    let body = body.trim();
    let Some((name, payload)) = message(body) else {
        return matches!(body, "KEEP_ALIVE" | "END_OF_FILE" | "TRAINING_JOBS_DONE")
            && bare(body, origin, sink);
    };
    match name {
        "PROGRESS" => progress("", payload, origin, sink),
        "INFERENCE_PROGRESS" => progress("inference", payload, origin, sink),
        "SECTION" => {
            let name = payload.trim().replace([' ', '-'], "_");
            if let Some(stage) = stage(&name) {
                sink.record(&Record::Stage(stage), origin);
            }
        }
        "JOB_PROGRESS" | "PROGRESS_REPORT" => report(payload, origin, sink),
        "JOB_COMPLETE" | "JOB_FAILED" | "JOB_REJECTED" => job(name, payload, origin, sink),
        "JOB_ACCEPTED" => {
            sink.record(&Record::Framework("sleap-rtc"), origin);
            let job_id = payload.split("::").next().map(str::trim).filter(|id| !id.is_empty());
            sink.record(&Record::Identity { job_id, correlation_id: None }, origin);
        }
        "INFERENCE_FAILED" => {
            let said = Object::of(payload).unwrap_or_default();
            let message = plain(said.text("error").unwrap_or("inference failed"));
            sink.record(
                &Record::Error { type_name: "", message: first_line(&message), fatal: false },
                origin,
            );
        }
        "TRAIN_JOB_START" => sink.record(&Record::Stage(Stage::Training), origin),
        "TRAIN_JOB_ERROR" => {
            let (job, code) = payload.rsplit_once("::").unwrap_or((payload, "?"));
            let message = format!("job {job} ended with code {code}");
            sink.record(&Record::Error { type_name: "", message: &message, fatal: true }, origin);
            sink.record(&Record::Ending(Ending::Failed), origin);
        }
        _ => return is_known(name),
    }
    true
}

/// Messages that are part of a protocol and say nothing of a run.
fn is_known(name: &str) -> bool {
    matches!(
        name,
        "LOG"
            | "CR"
            | "JOB_LOG"
            | "TABLE_START"
            | "TABLE_END"
            | "MODEL_TYPE"
            | "INFERENCE_BEGIN"
            | "INFERENCE_COMPLETE"
            | "INFERENCE_SKIPPED"
            | "TRAIN_JOB_END"
            | "JOB_SUBMIT"
            | "JOB_STOP"
            | "JOB_CANCEL"
            | "CONTROL_COMMAND"
            | "FILE_META"
    ) || ["FILE_UPLOAD_", "FS_", "AUTH_"].iter().any(|family| name.starts_with(family))
}

fn bare(body: &str, origin: &Origin, sink: &mut dyn Sink) -> bool {
    if body == "TRAINING_JOBS_DONE" {
        sink.record(&Record::Ending(Ending::Completed), origin);
    }
    true
}

fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").trim()
}

/// A payload's members, those of `metrics` and `logs` among them.
#[derive(Debug, Default)]
struct Object<'a> {
    figures: Vec<(&'a str, f64)>,
    texts: Vec<(&'a str, &'a str)>,
}

impl<'a> Object<'a> {
    /// `None` when the payload is not one whole object.
    fn of(payload: &'a str) -> Option<Self> {
        let mut object = Self::default();
        let mut scan = Scanner::new(payload);
        scan.open()?;
        object.members(&mut scan, 0)?;
        scan.is_over().then_some(object)
    }

    fn members(&mut self, scan: &mut Scanner<'a>, depth: usize) -> Option<()> {
        while let Some(key) = scan.key()? {
            match scan.value()? {
                Value::Number(token) => self.figures.extend(figure(token).map(|value| (key, value))),
                Value::Text(text) => self.texts.push((key, text)),
                Value::Word(word) => self.texts.push((key, word)),
                Value::Object if depth < 2 && matches!(key, "metrics" | "logs") => {
                    self.members(scan, depth + 1)?;
                }
                other => scan.pass(other)?,
            }
        }
        Some(())
    }

    fn figure(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    fn first(&self, names: &[&str]) -> Option<f64> {
        names.iter().find_map(|name| self.figure(name))
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.texts.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    fn without(&self, names: &[&str]) -> Pairs<'a> {
        let others = self.figures.iter().filter(|(key, _)| !names.contains(key));
        others.map(|(name, value)| Pair { name, value: *value }).collect()
    }
}

fn progress(label: &str, payload: &str, origin: &Origin, sink: &mut dyn Sink) {
    const CURRENT: [&str; 3] = ["current", "n", "n_processed"];
    const TOTAL: [&str; 2] = ["total", "n_total"];
    const ETA: [&str; 3] = ["eta", "eta_seconds", "remaining"];
    let Some(said) = Object::of(payload) else { return };
    let Some(current) = said.first(&CURRENT) else { return };
    let names: Vec<&str> = [
        CURRENT.as_slice(),
        &TOTAL,
        &ETA,
        &["rate", "elapsed", "percent", "percentage", "epoch", "timestamp"],
    ]
    .concat();
    let titled = ["desc", "description", "label"].iter().find_map(|name| said.text(name)).map(plain);
    let bar = Bar {
        label: titled.as_deref().unwrap_or(label),
        current,
        total: said.first(&TOTAL).filter(|total| *total > 0.0),
        rate: said.figure("rate").filter(|rate| *rate > 0.0),
        elapsed: said.figure("elapsed"),
        remaining: said.first(&ETA),
        unit: said.text("unit").unwrap_or(""),
        style: BarStyle::Other,
        values: said.without(&names),
    };
    sink.record(&Record::Bar(bar), origin);
}

/// `{"epoch": 2, "loss": 0.5}` of a job, and the trainer's own `{"event": "epoch_end", "epoch": 2, "logs": {…}}`, whose epochs
/// count from 0.
fn report(payload: &str, origin: &Origin, sink: &mut dyn Sink) {
    let Some(said) = Object::of(payload) else { return };
    let at = At { epoch: said.figure("epoch"), epoch_base: Some(0), ..At::default() };
    let values = said.without(&["epoch", "step", "timestamp"]);
    let event = said.text("event").unwrap_or("");
    match event {
        "train_begin" => sink.record(&Record::Stage(Stage::Training), origin),
        "epoch_begin" if at.epoch.is_some() => sink.record(&Record::Epoch { at, done: false }, origin),
        "epoch_end" if values.is_empty() && at.epoch.is_some() => {
            sink.record(&Record::Epoch { at, done: true }, origin);
        }
        // the end of one model of several is not the end of the job
        "train_end" => {}
        _ if at.epoch.is_some() || !values.is_empty() => {
            let kind = if event == "epoch_end" { RowKind::EpochEnd } else { RowKind::Plain };
            sink.record(&Record::Row(Row { at, split: None, kind, values }), origin);
        }
        _ => {}
    }
}

fn job(name: &str, payload: &str, origin: &Origin, sink: &mut dyn Sink) {
    sink.record(&Record::Framework("sleap-rtc"), origin);
    // a rejection has the id before the JSON
    let json = payload.find('{').and_then(|at| payload.get(at..)).unwrap_or(payload);
    let said = Object::of(json).unwrap_or_default();
    if let Some(job_id) = said.text("job_id") {
        sink.record(&Record::Identity { job_id: Some(job_id), correlation_id: None }, origin);
    }
    let message = plain(said.text("message").unwrap_or_default());
    let ending = match name {
        "JOB_COMPLETE" if said.text("success") == Some("false") => Ending::Failed,
        "JOB_COMPLETE" if said.text("stopped_early") == Some("true") => Ending::EarlyStopped,
        "JOB_COMPLETE" => Ending::Completed,
        _ if says_cancelled(&message) => Ending::Cancelled,
        _ => Ending::Failed,
    };
    let told = first_line(&message);
    // the exit code alone is no news where the process's own error stands above
    if ending == Ending::Failed && !told.is_empty() && !told.starts_with("Process exited with code") {
        sink.record(&Record::Error { type_name: "", message: told, fatal: true }, origin);
    }
    sink.record(&Record::Ending(ending), origin);
}

#[cfg(test)]
mod tests {
    use crate::parse::recorder::Recorder;

    use super::*;

    fn said(body: &str) -> Option<String> {
        let mut heard = Recorder::default();
        line(strip_relay(body).text, &Origin::default(), &mut heard).then(|| heard.said.join(" | "))
    }

    #[test]
    fn wrappers_come_off() {
        let plain = |text| Relayed { text, level: None, redraw: false };
        for (body, line) in [
            ("loss: 0.5", plain("loss: 0.5")),
            ("CR::Epoch 2:  25%|██", Relayed { redraw: true, ..plain("Epoch 2:  25%|██") }),
            ("JOB_LOG::CR::x", Relayed { redraw: true, ..plain("x") }),
            ("JOB_LOG::[stderr] RuntimeError: no", plain("RuntimeError: no")),
            (
                "INFO:root:Client received: LOG::WARNING::low::memory",
                Relayed { level: Some(Level::Warning), ..plain("low::memory") },
            ),
            ("Client received: PROGRESS::{}", plain("PROGRESS::{}")),
            ("LOG::nonsense::x", plain("LOG::nonsense::x")),
            ("std::vector::push", plain("std::vector::push")),
            ("RuntimeError: Client received: nothing", plain("RuntimeError: Client received: nothing")),
        ] {
            assert_eq!(strip_relay(body), line, "{body}");
        }
    }

    #[test]
    fn messages() {
        for (body, what) in [
            (
                r#"PROGRESS::{"current": 9, "total": 20, "rate": 4.5, "metrics": {"loss": 3.2e-05, "a::b": 1}}"#,
                "bar [] 9/20 rate=4.5 loss=0.000032 a::b=1",
            ),
            (
                r#"INFO:root:Client received: JOB_PROGRESS::{"epoch": 0, "loss": 0.5}"#,
                "row epoch=0 (from 0) loss=0.5",
            ),
            (
                r#"PROGRESS_REPORT::{"event": "epoch_end", "what": "centroid", "epoch": 2, "logs": {"train/loss": 0.1, "val/loss": NaN}}"#,
                "row EpochEnd epoch=2 (from 0) train/loss=0.1 val/loss=NaN",
            ),
            (r#"PROGRESS_REPORT::{"event": "train_begin", "what": "centroid"}"#, "stage training"),
            (r#"PROGRESS_REPORT::{"event": "train_end"}"#, ""),
            (
                r#"JOB_COMPLETE::{"job_id": "job-1", "success": true, "stopped_early": false}"#,
                r#"framework sleap-rtc | identity job=Some("job-1") correlation=None | ending Completed"#,
            ),
            (
                r#"JOB_FAILED::{"job_id": "job-1", "message": "Job cancelled by user"}"#,
                r#"framework sleap-rtc | identity job=Some("job-1") correlation=None | ending Cancelled"#,
            ),
            (
                r#"JOB_FAILED::{"exit_code": 1, "message": "Process exited with code 1"}"#,
                "framework sleap-rtc | ending Failed",
            ),
            (
                r#"JOB_FAILED::{"message": "no space::left"}"#,
                "framework sleap-rtc | error : no space::left (fatal) | ending Failed",
            ),
            (r#"PROGRESS::{"current": 9, "total": 2"#, ""),
            ("TABLE_START::", ""),
            ("SECTION::Loading model", "stage loading_model"),
            ("SECTION::anything else", ""),
            ("TRAINING_JOBS_DONE", "ending Completed"),
            ("KEEP_ALIVE", ""),
        ] {
            assert_eq!(said(body).as_deref(), Some(what), "{body}");
        }
    }

    #[test]
    fn what_is_no_message() {
        for body in ["loss: 0.5", "std::vector::x", "A::b", "ERROR::what", "PROGRESS: 5", "", "::"] {
            assert_eq!(said(body), None, "{body}");
        }
    }
}
