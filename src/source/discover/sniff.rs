//! Tells by the first bytes of a file whether a training wrote it, where its name alone does not tell.
//!
//! Names lie in both directions: `train.txt` is a list of images as often as a log, `train.csv` is a table of data, and a
//! `*.jsonl` holds a dataset more often than not. A folder of data must not become a run, so these are opened.

use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::parse::role;
use crate::parse::role::Role;
use crate::parse::series;

/// A figure that only training prints: `epoch 3`, `loss: 0.4`, `step=20`, `lr 1e-4`, `45%|███`, `20.5s/it`.
static FIGURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
        \b (?: epoch | step | global_?step | iter (?:ation)? s? | \w*loss \w* | \w*acc (?:uracy)? | lr | learning[_\ ]rate | eta )
            (?: \b|_ ) [\s:=,\[(\x22'|/]* [-+]? (?: \d | nan\b | inf\b )
        | \d %\| | \d \s* (?: it/s | s/it )",
    )
    .ok()
});

/// Python source: what a `*_log.py` holds when it is no log.
static SOURCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^(?:import \w|from [\w.]+ import|def \w+\(|class \w+[(:])").ok());

/// Lines of text with the figures of training in them.
pub(super) fn text(head: &[u8]) -> bool {
    figures(head) >= 1 || series::is_likely_training(head)
}

/// Text of a name that tells nothing.
pub(super) fn unnamed(head: &[u8]) -> bool {
    !is_source(head) && series::is_training(head)
}

fn is_source(head: &[u8]) -> bool {
    SOURCE.as_ref().is_some_and(|re| re.is_match(head))
}

/// The same for a kind of file that is rarely a log (`*.md`, `*.py`): more is asked.
pub(super) fn unlikely_text(head: &[u8]) -> bool {
    let stamped = head
        .split(|b| *b == b'\n')
        .filter(|line| line.starts_with(b"[") && line.get(1).is_some_and(u8::is_ascii_digit));
    !is_source(head) && (figures(head) >= 3 || stamped.count() >= 1 || series::is_training(head))
}

/// Lines that hold a figure of training.
fn figures(head: &[u8]) -> usize {
    let Some(figure) = FIGURE.as_ref() else { return 0 };
    head.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| figure.is_match(line)).count()
}

/// The header of a table: one of its columns counts epochs or steps, or is a loss.
pub(super) fn table(head: &[u8]) -> bool {
    let line = head.split(|b| matches!(b, b'\n' | b'\r')).find(|line| !line.is_empty()).unwrap_or_default();
    let line = String::from_utf8_lossy(line).to_ascii_lowercase();
    let cell =
        |cell: &str| cell.trim_matches(|c: char| c.is_whitespace() || "\"'#\u{feff}".contains(c)).to_owned();
    let cells: Vec<String> = line.split([',', ';', '\t']).map(cell).collect();
    let counts = |c: &String| {
        let last = c.rsplit(['/', '_', '.', ' ']).next().unwrap_or_default();
        matches!(
            last,
            "epoch"
                | "epochs"
                | "step"
                | "steps"
                | "iter"
                | "iters"
                | "iteration"
                | "iterations"
                | "timesteps"
        ) || c.contains("loss")
            || c.contains("train/")
    };
    // a number as its own header: there is none
    let header = cells.iter().all(|c| c.parse::<f64>().is_err());
    header && cells.len() > 1 && cells.iter().any(counts)
}

/// A table whose first column counts epochs or steps one after the other, and another of which is a measure.
pub(super) fn unnamed_table(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty());
    let Some(header) = lines.next() else { return false };
    let Some(sep) = [',', ';', '\t'].into_iter().find(|sep| header.contains(*sep)) else { return false };
    let bare = |cell: &str| {
        cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '#')).to_owned()
    };
    let mut names = header.split(sep).map(bare);
    let counts = names.next().is_some_and(|name| {
        matches!(role::role(&name), Role::Epoch | Role::Step(_)) || name.eq_ignore_ascii_case("epoche")
    });
    let measures =
        names.any(|name| role::is_training_word(&name) || name.to_ascii_lowercase().contains("loss"));
    let places: Vec<f64> =
        lines.take(5).map_while(|line| bare(line.split(sep).next().unwrap_or("")).parse().ok()).collect();
    counts && measures && places.len() > 1 && places.is_sorted_by(|before, now| before < now)
}

/// A JSON document or JSON lines with a key of training in it. Keys are looked for as text: the head may be cut anywhere, and
/// may hold what only Python calls JSON.
pub(super) fn json(head: &[u8]) -> bool {
    let keys = keys(head);
    let counts = |k: &str| {
        matches!(
            k.rsplit(['/', '.']).next().unwrap_or_default(),
            "epoch"
                | "step"
                | "global_step"
                | "current_step"
                | "current_steps"
                | "iteration"
                | "iter"
                | "completed_epochs"
                | "total_steps"
                | "log_history"
                | "trainer/global_step"
                | "current_epoch"
                | "_step"
        ) || k.contains("loss")
    };
    keys.iter().any(|k| counts(k))
}

/// Rows of a log or of events in JSON lines, as against rows of data.
pub(super) fn json_rows(head: &[u8]) -> bool {
    let keys = keys(first_line(head));
    let has = |names: &[&str]| keys.iter().any(|k| names.contains(&k.as_str()));
    let time = has(&["ts", "timestamp", "time", "asctime", "@timestamp", "datetime", "created", "date"]);
    let says = has(&["level", "levelname", "msg", "message", "event", "severity", "status", "stage"]);
    json(first_line(head))
        || (time && says)
        || (has(&["level", "levelname", "severity"]) && says)
        || has(&["job_id", "levelno"])
}

/// A row of a job's own log, which names the job.
pub(super) fn job_rows(head: &[u8]) -> bool {
    let keys = keys(first_line(head));
    keys.iter().any(|k| k == "job_id") && json_rows(head)
}

/// A configuration that speaks of a training to come, JSON or the text of Python objects.
pub(super) fn config(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    [
        "epochs",
        "max_epochs",
        "num_train_epochs",
        "num_epochs",
        "max_steps",
        "total_steps",
        "runner",
        "train_epochs",
    ]
    .iter()
    .any(|key| {
        [format!("\"{key}\""), format!("'{key}'"), format!("\n{key}:")]
            .iter()
            .any(|k| text.contains(k.as_str()))
    })
}

/// Rows of one metric of `MLflow`: milliseconds, a value, a step.
pub(super) fn mlflow_metric(head: &[u8]) -> bool {
    let line = String::from_utf8_lossy(first_line(head)).into_owned();
    let cells: Vec<&str> = line.trim_end().split(' ').collect();
    matches!(cells.as_slice(), [time, value, step]
        if time.len() == 13 && time.bytes().all(|b| b.is_ascii_digit()) && value.parse::<f64>().is_ok() && step.parse::<i64>().is_ok())
}

/// What `MLflow` keeps of a run, as against an experiment or a model.
pub(super) fn mlflow_run(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    (has("run_id:") || has("run_uuid:")) && has("status:") && has("experiment_id:")
}

fn first_line(head: &[u8]) -> &[u8] {
    head.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default()
}

/// Strings that stand before a colon, lower case.
fn keys(head: &[u8]) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = head;
    while let Some(open) = memchr::memchr(b'"', rest) {
        let Some(after) = rest.get(open + 1..) else { break };
        let Some(close) = string_end(after) else { break };
        let (Some(body), Some(tail)) = (after.get(..close), after.get(close + 1..)) else { break };
        if tail.trim_ascii_start().first() == Some(&b':') {
            keys.push(String::from_utf8_lossy(body).to_ascii_lowercase());
        }
        rest = tail;
    }
    keys
}

/// Where the string that begins here ends, past its escapes.
fn string_end(bytes: &[u8]) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_told_from_data() {
        for log in [
            "epoch 1, phase train, step 10, loss_train, 0.833\n",
            "Epoch [2/10] loss: nan\n",
            "  45%|████▌     | 9/20 [03:04<03:45, 20.50s/it]",
            "[01:02] lr=1e-4 train_loss 0.5",
        ] {
            assert!(text(log.as_bytes()), "{log}");
        }
        for data in
            ["images/000012.jpg\nimages/000013.jpg\n", "the loss of a friend, step by step\n", "", "a\nb\n"]
        {
            assert!(!text(data.as_bytes()), "{data}");
        }
    }

    #[test]
    fn source_code_is_no_log_even_when_it_prints_one() {
        let code =
            b"import torch\n\ndef main():\n    print('epoch 1 loss 2')\n# step 3\n# step 4\n# lr 1e-3\n";
        assert!(!unlikely_text(code));
        assert!(unlikely_text(b"[09/02 02:36:56 d2.engine.defaults]: Model:\nGeneralizedRCNN(\n"));
        assert!(unlikely_text(b"```\nstep 0, loss: 10.8\nstep 1, loss: 10.7\nstep 2, loss: 9.9\n"));
        assert!(!unlikely_text(b"# My project\n\nTrain for epoch 3.\n"));
    }

    #[test]
    fn tables_of_training_have_its_columns() {
        assert!(table(b"epoch,step,train_loss\n0,1,2\n"));
        assert!(table(b"                  epoch,         train/box_loss\n"));
        assert!(table(b"time/iterations,rollout/ep_len_mean\n"));
        assert!(table(b"\xef\xbb\xbfEpoch;Val Loss\n"));
        assert!(!table(b"id,name,price\n1,a,2\n"));
        assert!(!table(b"1,2,3\n"));
        assert!(!table(b"epoch\n"));
    }

    #[test]
    fn tables_of_no_name_climb_and_measure() {
        assert!(unnamed_table(b"epoch,train_loss,top1\n0,7.1,0.9\n1,6.4,5.5\n"));
        assert!(unnamed_table(b"step;val_acc\n100;0.3\n200;0.4\n"));
        for data in [
            &b"epoch,train_loss\n3,7.1\n1,6.4\n"[..],
            b"epoch,train_loss\n3,7.1\n",
            b"id,loss\n1,2\n2,3\n",
            b"step,x,y\n1,2,3\n2,3,4\n",
            b"seed,epoch,val_loss\n1,3,0.5\n2,4,0.4\n",
            b"",
        ] {
            assert!(!unnamed_table(data), "{}", String::from_utf8_lossy(data));
        }
    }

    #[test]
    fn json_lines_of_logs_are_told_from_datasets() {
        assert!(json_rows(b"{\"ts\": \"2026-11-22T15:27:02Z\", \"level\": \"INFO\", \"msg\": \"x\"}\n"));
        assert!(json_rows(b"{\"step\": 1, \"loss\": NaN}\n"));
        assert!(json_rows(b"{\"current_steps\": 5, \"total_steps\": 10}\n"));
        assert!(job_rows(b"{\"ts\": \"x\", \"job_id\": \"train-1\", \"msg\": \"step\"}\n"));
        assert!(!json_rows(
            b"{\"messages\": [{\"role\": \"user\", \"content\": \"hello: \\\"step\\\": 1\"}]}\n"
        ));
        assert!(!json_rows(b"{\"text\": \"the loss\", \"label\": 3}\n"));
        assert!(!json_rows(b""));
    }

    #[test]
    fn a_configuration_speaks_of_epochs() {
        assert!(config(b"{\n    'runner': < class 'runners.A' > ,\n    'epochs': 8\n}"));
        assert!(config(b"{\"num_train_epochs\": 3}"));
        assert!(!config(b"{\"architectures\": [\"LlamaForCausalLM\"], \"hidden_size\": 4096}"));
    }
}
