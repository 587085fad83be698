//! What the event names of JSON rows mean. `training.complete`, `run_finished`, `train_end` and their like are one subject and
//! one verb in any spelling; anything else says nothing.

use crate::model::level::Level;
use crate::model::record::Split;
use crate::model::state::Stage;

/// What an event tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A run begins, perhaps anew in the same file.
    Start,
    /// It is in this stage.
    Stage(Stage),
    /// An epoch begins.
    EpochBegin,
    /// An epoch is over.
    EpochEnd,
    /// The run is over, well.
    Complete,
    /// It failed.
    Failed,
    /// Somebody cancelled it.
    Cancelled,
    /// It stopped early.
    EarlyStopped,
    /// A subprocess ended; its exit code tells how.
    Exit,
    /// Nothing that is known.
    Nothing,
}

/// Tells what `event` means.
pub(crate) fn meaning(event: &str) -> Meaning {
    let lower = event.to_ascii_lowercase();
    if let Some(name) = lower.strip_prefix("stage.").or_else(|| lower.strip_prefix("stage:")) {
        return stage(name).map_or(Meaning::Nothing, Meaning::Stage);
    }
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let (Some(subject), Some(verb), None) = (words.next(), words.next(), words.next()) else {
        return Meaning::Nothing;
    };
    match (subject, verb) {
        ("early", "stopping" | "stopped" | "stop") => return Meaning::EarlyStopped,
        ("epoch", "begin" | "start" | "started") => return Meaning::EpochBegin,
        ("epoch", "end" | "ended" | "complete" | "completed" | "done" | "finished") => {
            return Meaning::EpochEnd;
        }
        ("subprocess" | "process", "exit" | "exited") => return Meaning::Exit,
        ("training" | "train", "stage") => return Meaning::Nothing,
        _ => {}
    }
    if !matches!(subject, "training" | "train" | "job" | "run" | "fit" | "trainer" | "experiment") {
        return Meaning::Nothing;
    }
    match verb {
        "start" | "started" | "begin" | "began" => Meaning::Start,
        "complete" | "completed" | "finish" | "finished" | "end" | "ended" | "done" | "success"
        | "succeeded" => Meaning::Complete,
        "fail" | "failed" | "error" | "crashed" => Meaning::Failed,
        "cancel" | "cancelled" | "canceled" | "aborted" | "interrupted" => Meaning::Cancelled,
        "queued" | "pending" | "created" => Meaning::Stage(Stage::Queued),
        _ => Meaning::Nothing,
    }
}

/// A stage by the name that the contract and its relatives use.
pub(crate) fn stage(name: &str) -> Option<Stage> {
    Some(match name.to_ascii_lowercase().as_str() {
        "queued" | "pending" => Stage::Queued,
        "initializing" | "initialising" | "init" | "starting" => Stage::Initializing,
        "loading_model" => Stage::LoadingModel,
        "preparing_dataset" | "preparing" | "caching" => Stage::PreparingDataset,
        "captioning" => Stage::Captioning,
        "training" => Stage::Training,
        "validating" | "validation" | "evaluating" => Stage::Validating,
        "sampling" => Stage::Sampling,
        "saving_checkpoint" => Stage::SavingCheckpoint,
        "exporting" => Stage::Exporting,
        "completed" => Stage::Completed,
        "failed" => Stage::Failed,
        "cancelled" | "canceled" => Stage::Cancelled,
        _ => return None,
    })
}

/// A level by its name in any of the usual spellings.
pub(crate) fn level(name: &str) -> Option<Level> {
    let mut lower = [0; 12];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"info" | b"notice" | b"success" | b"i" => Level::Info,
        b"debug" | b"trace" | b"verbose" | b"d" => Level::Debug,
        b"warning" | b"warn" | b"w" => Level::Warning,
        b"error" | b"err" | b"e" => Level::Error,
        b"critical" | b"fatal" | b"panic" | b"alert" | b"emergency" | b"emerg" => Level::Critical,
        _ => return None,
    })
}

/// The level numbers of bunyan and pino; anything else is no level.
pub(crate) fn level_number(number: &str) -> Option<Level> {
    Some(match number {
        "10" | "20" => Level::Debug,
        "30" => Level::Info,
        "40" => Level::Warning,
        "50" => Level::Error,
        "60" => Level::Critical,
        _ => return None,
    })
}

/// Which data a `mode`, `phase` or `split` names.
pub(crate) fn split(name: &str) -> Option<Split> {
    Some(match name.to_ascii_lowercase().as_str() {
        "train" | "training" => Split::Train,
        "val" | "valid" | "validation" | "eval" | "evaluation" | "dev" => Split::Validation,
        "test" | "testing" => Split::Test,
        _ => return None,
    })
}

/// Whether an error's text says that somebody ended the run rather than that it failed.
pub(crate) fn says_cancelled(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "cancelled",
        "canceled",
        "keyboardinterrupt",
        "interrupted by user",
        "aborted by user",
        "stopped by user",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// The class and the message of `ValueError: too small`, and of the last such line of a traceback.
pub(crate) fn exception(text: &str) -> Option<(&str, &str)> {
    let line = text.lines().rev().find(|line| !line.trim().is_empty())?.trim();
    let (class, message) = line.split_once(':').unwrap_or((line, ""));
    let is_class = class.len() > 3
        && class.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        && class.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()));
    is_class.then(|| (class, message.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_in_any_spelling() {
        for (event, what) in [
            ("training.start", Meaning::Start),
            ("run_started", Meaning::Start),
            ("train_begin", Meaning::Start),
            ("training.complete", Meaning::Complete),
            ("run_finished", Meaning::Complete),
            ("job.failed", Meaning::Failed),
            ("job.cancelled", Meaning::Cancelled),
            ("job.queued", Meaning::Stage(Stage::Queued)),
            ("epoch_end", Meaning::EpochEnd),
            ("early_stopping", Meaning::EarlyStopped),
            ("stage.loading_model", Meaning::Stage(Stage::LoadingModel)),
            ("subprocess.exit", Meaning::Exit),
            ("training.step", Meaning::Nothing),
            ("train_step", Meaning::Nothing),
            ("checkpoint.failed", Meaning::Nothing),
            ("upload_failed", Meaning::Nothing),
            ("training run started again", Meaning::Nothing),
            ("", Meaning::Nothing),
        ] {
            assert_eq!(meaning(event), what, "{event}");
        }
    }

    #[test]
    fn levels_in_any_case() {
        for (name, what) in [
            ("INFO", Some(Level::Info)),
            ("Warn", Some(Level::Warning)),
            ("e", Some(Level::Error)),
            ("emergency", Some(Level::Critical)),
            ("DEBUG", Some(Level::Debug)),
            ("", None),
            ("information", None),
            ("a level of its own", None),
        ] {
            assert_eq!(level(name), what, "{name}");
        }
    }

    #[test]
    fn exceptions() {
        assert_eq!(
            exception("Traceback (most recent call last):\n  File \"a\", line 1\nKeyError: 'x'\n"),
            Some(("KeyError", "'x'"))
        );
        assert_eq!(
            exception("torch.OutOfMemoryError: CUDA out of memory"),
            Some(("torch.OutOfMemoryError", "CUDA out of memory"))
        );
        assert_eq!(exception("something went wrong: badly"), None);
        assert_eq!(exception(""), None);
    }
}
