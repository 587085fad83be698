//! How a run ended by its own words, and whether what came after takes the words back.

use std::sync::Arc;

use crate::model::facts::Ended;
use crate::model::facts::Place;
use crate::model::facts::RunError;
use crate::model::record::Ending;

/// Signs of life that take an ending back.
const ALIVE: u32 = 3;

/// Lines that the stack of an exception takes, and what a runtime says below it.
const STACK: u64 = 16;

/// Lines behind an error in which a retry may be announced.
const RETRY: u64 = 5;

/// The outcome so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    pub ended: Option<Ended>,
    pub error: Option<RunError>,
    signs: u32,
    /// It ended by a last word alone: whatever follows takes that back.
    soft: bool,
    /// It was said before, by the way.
    closed: bool,
    /// A closing line was taken back by the epoch that followed it.
    of_epochs: bool,
}

/// A line's text, as a reason shows it.
pub(super) fn shortened(text: &str) -> String {
    let mut out: String = text.chars().take(120).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

impl Outcome {
    /// An exception or a grave message.
    pub(super) fn error(&mut self, type_name: &str, message: &str, fatal: bool, place: Place) {
        if !fatal && self.error.as_ref().is_some_and(|error| error.fatal) {
            return;
        }
        // a runtime's last line says nothing of the exception that stands above it
        let above = self.error.take_if(|above| {
            let near = above
                .place
                .line
                .zip(place.line)
                .is_some_and(|(then, now)| (then..=then + STACK).contains(&now));
            type_name.is_empty()
                && fatal
                && near
                && !above.type_name.is_empty()
                && above.place.source == place.source
        });
        let (named, said);
        let (type_name, message, place) = match above {
            Some(above) => {
                (named, said) = (above.type_name, above.message);
                (&*named, &*said, above.place)
            }
            None => (type_name, message, place),
        };
        let because = match (type_name, message) {
            ("", message) => shortened(message),
            (name, "") => name.to_owned(),
            (name, message) => shortened(&format!("{name}: {message}")),
        };
        self.error = Some(RunError {
            type_name: Arc::from(type_name),
            message: Arc::from(message),
            place: place.clone(),
            fatal,
        });
        if fatal {
            (self.signs, self.soft) = (0, false);
            self.ended = Some(Ended { how: Ending::Failed, because: Arc::from(because), place });
        }
    }

    /// The file ends in an exception that nobody may have caught.
    pub(super) fn last_word(&mut self, type_name: &str, message: &str, place: Place) {
        if self.ended.is_none() {
            self.error(type_name, message, true, place);
            self.soft = true;
        }
    }

    /// Something is said of training.
    #[inline]
    pub(super) fn goes_on(&mut self) {
        if self.soft {
            self.begins_anew();
        }
    }

    /// What failed is tried once more, right after it was told.
    pub(super) fn retried(&mut self, line: Option<u64>) {
        let near = |ended: &Ended| {
            ended.place.line.zip(line).is_some_and(|(then, now)| (then..=then + RETRY).contains(&now))
        };
        if self.ended.as_ref().is_some_and(|ended| ended.how == Ending::Failed && near(ended)) {
            self.begins_anew();
        }
    }

    /// Whatever ended is not the end: another session began.
    pub(super) fn begins_anew(&mut self) {
        self.ended = None;
        (self.signs, self.soft) = (0, false);
        if let Some(error) = &mut self.error {
            error.fatal = false;
        }
    }

    /// The run says how it ended.
    pub(super) fn ending(&mut self, how: Ending, place: Place) {
        let before = self.ended.as_ref().map(|ended| ended.how);
        let keeps = match (before, how) {
            (None, _) | (_, Ending::Cancelled) => false,
            (Some(Ending::Completed), _) => how == Ending::Completed,
            (Some(Ending::EarlyStopped), _) => how != Ending::Failed,
            (Some(Ending::Failed | Ending::Cancelled), _) => true,
        };
        if keeps {
            return;
        }
        (self.signs, self.soft) = (0, false);
        let because = match how {
            Ending::Completed => "it says that it is done",
            Ending::EarlyStopped => "it says that it stopped early",
            Ending::Failed => "it ended with an exit code that tells of failure",
            Ending::Cancelled => "it was interrupted",
        };
        self.ended = Some(Ended { how, because: Arc::from(because), place });
    }

    /// What was told so far is said to be over, by the way: the first sign of life takes it back, and it is believed no more.
    pub(super) fn closes(&mut self, place: Place) {
        let open = self.ended.is_none();
        if open && self.closed {
            return;
        }
        self.ending(Ending::Completed, place);
        if open && self.is_orderly() {
            (self.signs, self.closed) = (ALIVE - 1, true);
        }
    }

    /// Whether it said that it ended in order: what is printed behind that was done behind it.
    pub(super) fn is_orderly(&self) -> bool {
        let orderly = |ended: &Ended| matches!(ended.how, Ending::Completed | Ending::EarlyStopped);
        self.ended.as_ref().is_some_and(orderly)
    }

    /// Whether it failed, as far as is known.
    pub(super) fn has_failed(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.how == Ending::Failed)
    }

    /// Another epoch of several begins: what said that all was done said it of an epoch.
    pub(super) fn was_of_an_epoch(&mut self) {
        if self.is_orderly() {
            self.of_epochs = true;
            self.begins_anew();
        }
    }

    /// What ended in order was a turn of several.
    pub(super) fn takes_back(&mut self) {
        if self.is_orderly() {
            self.begins_anew();
        }
    }

    /// What it said of its end was not of the run.
    pub(super) fn is_not_completed(&mut self) {
        if self.ended.as_ref().is_some_and(|ended| ended.how == Ending::Completed) {
            self.begins_anew();
        }
    }

    /// Whether closing lines were seen to close epochs.
    pub(super) fn is_said_of_epochs(&self) -> bool {
        self.of_epochs
    }

    /// Work went on after all.
    #[inline]
    pub(super) fn sign(&mut self) {
        if self.ended.is_none() {
            return;
        }
        self.signs += 1;
        if self.signs >= ALIVE {
            self.begins_anew();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(endings: &[Ending]) -> Option<Ending> {
        let mut outcome = Outcome::default();
        for ending in endings {
            outcome.ending(*ending, Place::default());
        }
        outcome.ended.map(|ended| ended.how)
    }

    #[test]
    fn what_says_more_stays() {
        assert_eq!(how(&[Ending::EarlyStopped, Ending::Completed]), Some(Ending::EarlyStopped));
        assert_eq!(how(&[Ending::Cancelled, Ending::Failed]), Some(Ending::Cancelled));
        assert_eq!(how(&[Ending::Failed, Ending::Completed]), Some(Ending::Failed));
        assert_eq!(how(&[Ending::Completed, Ending::Failed]), Some(Ending::Failed));
        assert_eq!(how(&[Ending::Failed, Ending::Cancelled]), Some(Ending::Cancelled));
    }

    #[test]
    fn an_error_that_is_tried_again_and_a_last_word_end_nothing() {
        let at = |line| Place { line: Some(line), ..Place::default() };
        let mut outcome = Outcome::default();
        outcome.error("ConnectionError", "upload failed", true, at(7));
        outcome.retried(Some(90));
        assert!(outcome.ended.is_some());
        outcome.retried(Some(8));
        assert!(outcome.ended.is_none());
        outcome.last_word("RuntimeError", "CUDA error", at(20));
        assert!(outcome.ended.is_some());
        outcome.goes_on();
        assert!(outcome.ended.is_none());
    }

    #[test]
    fn what_stands_below_an_exception_tells_of_it() {
        let at = |line| Place { line: Some(line), ..Place::default() };
        let mut outcome = Outcome::default();
        outcome.error("TypeError", "x is undefined", false, at(7));
        assert!(outcome.ended.is_none());
        outcome.error("", "Node.js v20.1.0", true, at(17));
        assert_eq!(outcome.ended.map(|ended| ended.how), Some(Ending::Failed));
        assert_eq!(outcome.error.map(|error| error.type_name.to_string()), Some("TypeError".to_owned()));
        let mut far = Outcome::default();
        far.error("TypeError", "x is undefined", false, at(7));
        far.error("", "Killed", true, at(700));
        assert_eq!(far.error.map(|error| error.message.to_string()), Some("Killed".to_owned()));
    }

    #[test]
    fn what_was_said_by_the_way_is_believed_once() {
        let mut outcome = Outcome::default();
        outcome.closes(Place::default());
        assert!(outcome.ended.is_some());
        outcome.sign();
        assert!(outcome.ended.is_none());
        outcome.closes(Place::default());
        assert!(outcome.ended.is_none());
    }

    #[test]
    fn an_error_that_training_survived_ends_nothing() {
        let mut outcome = Outcome::default();
        outcome.error("ValueError", "bad", true, Place::default());
        outcome.sign();
        assert!(outcome.ended.is_some());
        outcome.sign();
        outcome.sign();
        assert!(outcome.ended.is_none());
        assert!(outcome.error.is_some_and(|error| !error.fatal));
    }
}
