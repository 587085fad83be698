//! How a source says that its run ended, and whether that still holds.
//!
//! An error or a closing line is the end only while nothing comes after it. What comes after may be real (a study that goes on
//! after a failed trial, a job that is run again in the same file) or an echo: Python writes what its standard output had
//! buffered below the traceback, tqdm draws its bar once more, an executor logs its last step behind its closing row.

use std::sync::Arc;

use crate::model::facts::Ended;
use crate::model::facts::Place;
use crate::model::facts::RunError;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::state::Stage;

/// Signs of life after an ending before it is taken back.
const ECHOES: u32 = 3;
/// What Python's standard output holds back may come below a traceback without meaning anything.
const BUFFERED: u64 = 16 << 10;
/// Characters of a message that are kept.
const MESSAGE: usize = 500;

#[derive(Debug, Clone)]
struct Error {
    type_name: Arc<str>,
    message: Arc<str>,
    fatal: bool,
    line: u64,
}

#[derive(Debug, Clone, Copy)]
struct End {
    how: Ending,
    line: u64,
    offset: u64,
    echoes: u32,
    epoch: Option<f64>,
}

/// Errors and endings of a source.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    error: Option<Error>,
    end: Option<End>,
}

impl Outcome {
    /// An error was reported. The first fatal one of a crash is its cause: those that follow at once are its consequences.
    pub(super) fn failed(&mut self, type_name: &str, message: &str, fatal: bool, origin: &Origin) {
        let crashed = self.end.is_some_and(|end| end.how == Ending::Failed && end.echoes == 0);
        if crashed || (!fatal && self.error.as_ref().is_some_and(|error| error.fatal)) {
            return;
        }
        self.error = Some(Error {
            type_name: type_name.into(),
            message: message.chars().take(MESSAGE).collect::<String>().into(),
            fatal,
            line: origin.line,
        });
        if fatal {
            self.end = Some(End {
                how: Ending::Failed,
                line: origin.line,
                offset: origin.offset,
                echoes: 0,
                epoch: None,
            });
        }
    }

    /// The run says that it is over.
    pub(super) fn end(&mut self, how: Ending, origin: &Origin, epoch: Option<f64>) {
        if let Some(end) = &mut self.end {
            // a summary below an early stop or a failure does not turn it into a success
            let graver = matches!(end.how, Ending::Failed | Ending::Cancelled | Ending::EarlyStopped);
            if graver && how == Ending::Completed && end.echoes < ECHOES {
                return;
            }
        }
        self.end = Some(End { how, line: origin.line, offset: origin.offset, echoes: 0, epoch });
    }

    /// The run got further. `sure` when that cannot be an echo from a buffer.
    pub(super) fn went_on(&mut self, origin: &Origin, sure: bool) {
        let Some(end) = &mut self.end else { return };
        if sure || origin.offset.saturating_sub(end.offset) > BUFFERED {
            end.echoes += 1;
        }
        if end.echoes >= ECHOES {
            self.end = None;
            if let Some(error) = &mut self.error {
                error.fatal = false;
            }
        }
    }

    /// The program has begun anew.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    pub(super) fn error(&self, source: &Arc<str>) -> Option<RunError> {
        let error = self.error.as_ref()?;
        Some(RunError {
            type_name: Arc::clone(&error.type_name),
            message: Arc::clone(&error.message),
            place: Place { source: Arc::clone(source), line: line(error.line) },
            fatal: error.fatal,
        })
    }

    pub(super) fn ended(&self, source: &Arc<str>) -> Option<Ended> {
        let end = self.end?;
        let because: Arc<str> = match (end.how, &self.error) {
            (Ending::Failed, Some(error)) if error.message.is_empty() => Arc::clone(&error.type_name),
            (Ending::Failed, Some(error)) if error.type_name.is_empty() => Arc::clone(&error.message),
            (Ending::Failed, Some(error)) => format!("{}: {}", error.type_name, error.message).into(),
            (Ending::Failed, None) => "it says that it failed".into(),
            (Ending::Cancelled, _) => "it says that it was cancelled".into(),
            (Ending::EarlyStopped, _) => "it says that it stopped early".into(),
            (Ending::Completed, _) => "it says that it is done".into(),
        };
        Some(Ended {
            how: end.how,
            because,
            place: Place { source: Arc::clone(source), line: line(end.line) },
        })
    }

    /// Epochs that were over when it stopped early.
    pub(super) fn early_stopped_at(&self) -> Option<f64> {
        self.end.filter(|end| end.how == Ending::EarlyStopped).and_then(|end| end.epoch)
    }
}

fn line(number: u64) -> Option<u64> {
    (number > 0).then_some(number)
}

/// The stage that an ending puts a run in.
pub(super) fn stage(how: Ending) -> Option<Stage> {
    match how {
        Ending::Completed | Ending::EarlyStopped => Some(Stage::Completed),
        Ending::Failed => Some(Stage::Failed),
        Ending::Cancelled => Some(Stage::Cancelled),
    }
}
