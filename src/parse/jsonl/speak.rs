//! What a JSON row means for its run: records in the order in which they happened.

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::state::Stage;

use super::event;
use super::event::Meaning;
use super::row::Reader;
use super::said::Figure;
use super::said::Said;
use super::scan::plain;

/// Events that are remembered by name.
const EVENTS: usize = 64;

/// Reads rows one after the other and remembers what they had in common. Also for JSON rows inside a text log.
#[derive(Debug)]
pub struct Rows {
    reader: Reader,
    job: String,
    correlation: String,
    steps: Option<f64>,
    epochs: Option<f64>,
    steps_per_epoch: Option<f64>,
    /// The first whole epoch that a row named: what epochs count from, when it is 0 or 1.
    first_epoch: Option<f64>,
    /// Rows of this file give `iter` beside `step`: a `step` alone then counts something else.
    iterations: bool,
    last_step: Option<f64>,
    events: Vec<(Box<str>, Meaning)>,
    /// The message of the last row, when it had nothing else to say.
    message: Option<String>,
}

impl Default for Rows {
    fn default() -> Self {
        Self::new()
    }
}

impl Rows {
    /// A reader that has seen no row.
    pub fn new() -> Self {
        Self {
            reader: Reader::new(),
            job: String::new(),
            correlation: String::new(),
            steps: None,
            epochs: None,
            steps_per_epoch: None,
            first_epoch: None,
            iterations: false,
            last_step: None,
            events: Vec::new(),
            message: None,
        }
    }

    /// Reads one row and counts it as a line. `false`, with nothing said and nothing counted, when `text` is not one whole
    /// object. The time of `origin` is replaced by the row's own.
    pub fn line(&mut self, text: &str, origin: &Origin, sink: &mut dyn Sink) -> bool {
        let mut said = Said::default();
        if self.reader.read(text, &mut said).is_none() {
            return false;
        }
        let origin = Origin { time: said.time.or(origin.time), ..*origin };
        self.settle(&mut said);
        self.identity(&said, &origin, sink);
        let meaning = said.event.map_or(Meaning::Nothing, |event| self.meaning(event));
        self.begin(&said, meaning, &origin, sink);
        self.totals(&said, &origin, sink);
        self.figures(&said, meaning, &origin, sink);
        files(&said, &origin, sink);
        outcome(&said, meaning, &origin, sink);
        self.message = only_message(&said);
        sink.line(said.level, false, &origin);
        true
    }

    /// The message of the last row when that is all it had: no event, no figures, no error. Then the text may hold them.
    pub fn take_message(&mut self) -> Option<String> {
        self.message.take()
    }

    /// What an event means; a file has a handful of them, each settled once.
    fn meaning(&mut self, event: &str) -> Meaning {
        if let Some((_, meaning)) = self.events.iter().find(|(known, _)| &**known == event) {
            return *meaning;
        }
        let meaning = event::meaning(event);
        if self.events.len() < EVENTS && event.len() < 128 {
            self.events.push((event.into(), meaning));
        }
        meaning
    }

    /// Settles which of the row's numbers is its step.
    fn settle(&mut self, said: &mut Said<'_>) {
        if said.message.is_some() {
            // a string among a log row's fields is text, also when it looks like a number
            said.figures.retain(|figure| !figure.quoted);
        }
        if said.iteration {
            self.iterations |= said.step_rank > 1;
        } else if self.iterations && said.step_rank == 2 {
            // mmengine's validation rows have the epoch (or 0) for a step
            said.at.step = self.last_step;
        }
        self.last_step = said.at.step.or(self.last_step);
        if let Some(epoch) = said.at.epoch
            && self.first_epoch.is_none()
        {
            self.first_epoch = Some(epoch);
        }
        said.at.epoch_base = match self.first_epoch.filter(|_| said.at.epoch.is_some()) {
            Some(0.0) => Some(0),
            Some(1.0) => Some(1),
            _ => None,
        };
    }

    fn identity(&mut self, said: &Said<'_>, origin: &Origin, sink: &mut dyn Sink) {
        let job_id = said.job.filter(|id| *id != self.job);
        let correlation_id = said.correlation.filter(|id| *id != self.correlation);
        // a correlation id that is new on every row names a request and no run: once is enough
        let correlation_id = correlation_id.filter(|_| self.correlation.is_empty());
        if job_id.is_none() && correlation_id.is_none() {
            return;
        }
        job_id.unwrap_or(&self.job.clone()).clone_into(&mut self.job);
        correlation_id.unwrap_or(&self.correlation.clone()).clone_into(&mut self.correlation);
        sink.record(&Record::Identity { job_id, correlation_id }, origin);
    }

    fn begin(&mut self, said: &Said<'_>, meaning: Meaning, origin: &Origin, sink: &mut dyn Sink) {
        match meaning {
            Meaning::Start => {
                // the same file may hold an earlier run of the job: its totals are not this one's
                (self.steps, self.epochs, self.last_step) = (None, None, None);
                sink.record(&Record::Stage(Stage::Initializing), origin);
            }
            Meaning::Stage(stage) => sink.record(&Record::Stage(stage), origin),
            Meaning::EpochBegin if said.at.epoch.is_some() => {
                sink.record(&Record::Epoch { at: said.at, done: false }, origin);
            }
            _ => {}
        }
    }

    fn totals(&mut self, said: &Said<'_>, origin: &Origin, sink: &mut dyn Sink) {
        for (of, value, known) in [
            (Count::Steps, said.at.step_total, &mut self.steps),
            (Count::Epochs, said.at.epoch_total, &mut self.epochs),
            (Count::StepsPerEpoch, said.steps_per_epoch, &mut self.steps_per_epoch),
        ] {
            if let Some(value) = value.filter(|value| *value > 0.0)
                && *known != Some(value)
            {
                *known = Some(value);
                sink.record(&Record::Total { of, value }, origin);
            }
        }
    }

    fn figures(&self, said: &Said<'_>, meaning: Meaning, origin: &Origin, sink: &mut dyn Sink) {
        if meaning == Meaning::Start
            || (said.figures.is_empty() && said.at.step.is_none() && said.at.epoch.is_none())
        {
            return;
        }
        let name = |figure: &Figure| self.reader.name(figure.name);
        if said.figures.is_empty() && meaning == Meaning::EpochEnd {
            sink.record(&Record::Epoch { at: said.at, done: true }, origin);
            return;
        }
        let whole = said.at.epoch.is_some_and(|epoch| epoch.fract() == 0.0);
        let of_epoch = whole && !said.figures.is_empty() && said.at.step.is_none() && said.at.batch.is_none();
        let kind = match meaning {
            Meaning::EpochEnd => RowKind::EpochEnd,
            Meaning::Complete | Meaning::Failed | Meaning::Cancelled => RowKind::Summary,
            Meaning::Nothing if of_epoch && said.event.is_none() => RowKind::EpochEnd,
            _ => RowKind::Plain,
        };
        let called = said.called.map(plain);
        // the row is large: its figures are put into it where it lies
        let mut record = Record::Row(Row { at: said.at, split: said.split, kind, values: Pairs::new() });
        let Record::Row(row) = &mut record else { return };
        for figure in &said.figures {
            if let Some(name) = name(figure) {
                let called = called.as_deref().filter(|_| matches!(name, "value" | "val" | "scalar"));
                let name = called.unwrap_or(name);
                row.values.push(Pair { name, value: figure.value });
            }
        }
        if meaning == Meaning::Complete {
            // `final_loss` is the run's last word on `loss`
            for figure in &said.figures {
                let last = name(figure).and_then(|name| name.strip_prefix("final_"));
                let last = last.filter(|name| !name.is_empty());
                row.values.extend(last.map(|name| Pair { name, value: figure.value }));
            }
        }
        sink.record(&record, origin);
    }
}

fn only_message(said: &Said<'_>) -> Option<String> {
    let grave = said.level.is_some_and(|level| level >= Level::Warning);
    let more = said.event.is_some() || !said.figures.is_empty() || said.at != At::default() || grave;
    let message = said.message.filter(|message| !more && message.len() < 4096)?;
    Some(first_line(&plain(message)).to_owned()).filter(|message| !message.is_empty())
}

fn files(said: &Said<'_>, origin: &Origin, sink: &mut dyn Sink) {
    if let Some(path) = said.checkpoint {
        sink.record(
            &Record::Checkpoint { path: &plain(path), step: said.at.step, epoch: said.at.epoch },
            origin,
        );
    }
    if let Some(path) = said.sample {
        sink.record(&Record::Sample { path: &plain(path), step: said.at.step }, origin);
    }
}

/// The first line of a text.
fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").trim()
}

fn outcome(said: &Said<'_>, meaning: Meaning, origin: &Origin, sink: &mut dyn Sink) {
    let grave = said.level.is_some_and(|level| level >= Level::Error);
    if meaning == Meaning::Nothing && !grave {
        return;
    }
    let status = said.status.map(str::to_ascii_lowercase).unwrap_or_default();
    let bad = matches!(status.as_str(), "failed" | "failure" | "error" | "crashed" | "false");
    let ending = match meaning {
        Meaning::Complete if bad => Some(Ending::Failed),
        Meaning::Complete if status.starts_with("cancel") => Some(Ending::Cancelled),
        Meaning::Complete if said.stopped_early => Some(Ending::EarlyStopped),
        Meaning::Complete => Some(Ending::Completed),
        Meaning::Failed => Some(Ending::Failed),
        Meaning::Cancelled => Some(Ending::Cancelled),
        Meaning::EarlyStopped => Some(Ending::EarlyStopped),
        Meaning::Exit => said.exit_code.filter(|code| *code != 0.0).map(|_| Ending::Failed),
        _ => None,
    };
    let error = plain(said.error.unwrap_or_default());
    let message = plain(said.message.unwrap_or_default());
    let ending = match ending {
        Some(Ending::Failed)
            if event::says_cancelled(&error) || (error.is_empty() && event::says_cancelled(&message)) =>
        {
            Some(Ending::Cancelled)
        }
        other => other,
    };
    if ending == Some(Ending::Failed) || (ending.is_none() && grave) {
        let trace = plain(said.exception.unwrap_or_default());
        let (class, last) = event::exception(&trace).or_else(|| event::exception(&error)).unwrap_or(("", ""));
        let class = said.error_type.unwrap_or(class);
        let told = [&*error, last, &*message]
            .into_iter()
            .map(first_line)
            .find(|text| !text.is_empty())
            .unwrap_or("");
        let told = told.strip_prefix(class).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(told);
        sink.record(&Record::Error { type_name: class, message: told, fatal: ending.is_some() }, origin);
    }
    if let Some(ending) = ending {
        sink.record(&Record::Ending(ending), origin);
    }
}
