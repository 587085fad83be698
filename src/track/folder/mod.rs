//! What a run's folder tells by the files that are in it: the tracker that needs no log.
//!
//! The layout is Pylon's: a trainer leaves `epoch_0/`, `epoch_1/`… with three files in each that is finished, an evaluator
//! leaves `evaluation_scores.json`. What is on disk is the truth; `progress.json`, which that program writes from time to time,
//! is only heard where the disk is silent. Checkpoints and samples of any framework are told by their names and never opened.
//!
//! It works on a listing and on the text of the few small files that [`wants`] names, and does no I/O itself.

mod early;
mod files;
mod scores;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::facts::Ended;
use crate::model::facts::Facts;
use crate::model::facts::Place;
use crate::model::record::Ending;
use crate::model::run::FoundFile;
use crate::model::state::RunnerType;
use crate::parse::json::settings::Setting;
use crate::parse::json::settings::settings;

use super::sound::is_count;

use early::Stopping;
use early::Verdict;

/// Under this name [`Folder::docs`] holds the configuration that stands outside of the run's folder, see [`config_beside`].
pub const CONFIG_BESIDE: &str = "../config.py";

/// Bytes that a file may have which [`wants`] names; larger ones are not read (scores of every single datapoint can be large).
pub const DOC_LIMIT: u64 = 8 << 20;

/// The three files of a finished epoch.
const EXPECTED: [&str; 3] = ["training_losses.pt", "optimizer_buffer.json", "validation_scores.json"];

/// A run's folder as it was found.
#[derive(Debug, Clone, Copy)]
pub struct Folder<'a> {
    /// All its files, sources and others.
    pub entries: &'a [FoundFile],
    /// The text of those that [`wants`] names, by path; what could not be read is not there.
    pub docs: &'a HashMap<Arc<str>, Arc<str>>,
    /// The file of weights that is known not to be whole: the newest one, if it is.
    pub torn: Option<&'a str>,
}

/// The file of weights that was written last: the one that is being written, or was when its writer died.
pub fn newest_weights(entries: &[FoundFile]) -> Option<&FoundFile> {
    let weights = entries.iter().filter(|file| file.bytes > 0 && files::is_weights(&file.path));
    weights.max_by_key(|file| file.modified)
}

/// Whether the tracker needs the text of the file at `path` (below the run).
pub fn wants(path: &str) -> bool {
    match path.rsplit_once('/') {
        None => matches!(path, "config.json" | "progress.json" | "evaluation_scores.json"),
        Some((folder, "validation_scores.json")) => epoch_of(folder).is_some(),
        Some((folder, "train_state.json")) => folder.ends_with("-state"),
        Some(_) => false,
    }
}

/// Where Pylon keeps the configuration of the run at `run`: `…/configs/a/b.py` for `…/logs/a/b`.
pub fn config_beside(run: &Path) -> Option<PathBuf> {
    let parts: Vec<Component<'_>> = run.components().collect();
    let logs = parts.iter().rposition(|part| part.as_os_str() == "logs")?;
    let mut path: PathBuf = parts.get(..logs)?.iter().collect();
    path.push("configs");
    let below: PathBuf = parts.get(logs + 1..)?.iter().collect();
    let name = below.file_name()?.to_str()?;
    path.push(below.with_file_name(format!("{name}.py")));
    Some(path)
}

/// What the folder tells; `None` when it tells nothing.
pub fn facts(folder: &Folder<'_>) -> Option<Facts> {
    let mut facts = Facts::default();
    files::gather(folder, &mut facts);
    let config = Config::of(folder);
    match kind(folder, &config) {
        Some(RunnerType::Evaluator) => evaluator(folder, &mut facts),
        Some(kind) => trainer(folder, kind, &config, &mut facts),
        None => explain(folder, &config, &mut facts),
    }
    let told = facts.framework.is_some() || !facts.checkpoints.is_empty() || !facts.samples.is_empty();
    (told || !facts.warnings.is_empty()).then_some(facts)
}

/// `3` for `epoch_3`; nothing for `epoch_03`, `epoch_final` and folders further down.
fn epoch_of(folder: &str) -> Option<u64> {
    let digits = folder.strip_prefix("epoch_")?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    if plain { digits.parse().ok() } else { None }
}

/// What the configuration says, as far as it can be read.
#[derive(Debug, Default)]
struct Config<'a> {
    all: Vec<Setting<'a>>,
    /// It is a Python `dict`, or stands in a Python module.
    python: bool,
}

impl<'a> Config<'a> {
    fn of(folder: &Folder<'a>) -> Self {
        for path in ["config.json", CONFIG_BESIDE] {
            if let Some(text) = folder.docs.get(path)
                && let Some(all) = settings(text)
                && !all.is_empty()
            {
                let python = path == CONFIG_BESIDE
                    || text.contains("< class")
                    || text.contains("<class")
                    || text.contains("'runner'");
                return Self { all, python: python || !text.contains('"') };
            }
        }
        Self::default()
    }

    fn get(&self, path: &str) -> Option<&'a str> {
        self.all.iter().find(|setting| setting.path == path).map(|setting| setting.value)
    }

    fn number(&self, path: &str) -> Option<f64> {
        self.get(path)?.parse().ok().filter(|value| is_count(*value))
    }

    fn epochs(&self) -> Option<f64> {
        self.number("epochs").filter(|epochs| *epochs >= 1.0)
    }

    /// What kind of runner its class is, by name.
    fn runner(&self) -> Option<RunnerType> {
        let class = self.get("runner").filter(|_| self.python)?;
        let name = class.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_').rsplit('.').next()?;
        if name.contains("MultiStage") {
            Some(RunnerType::MultiStage)
        } else if name.contains("Evaluator") {
            Some(RunnerType::Evaluator)
        } else if name.contains("Trainer") {
            Some(RunnerType::Trainer)
        } else {
            None
        }
    }
}

fn entry<'a>(folder: &Folder<'a>, path: &str) -> Option<&'a FoundFile> {
    folder.entries.iter().find(|file| &*file.path == path)
}

/// Which kind of run the folder is, in the order that Pylon looks: an evaluator's scores, a trainer's first epoch, the class.
fn kind(folder: &Folder<'_>, config: &Config<'_>) -> Option<RunnerType> {
    if entry(folder, "evaluation_scores.json").is_some() {
        return Some(RunnerType::Evaluator);
    }
    let class = config.runner();
    if EXPECTED.iter().any(|name| entry(folder, &format!("epoch_0/{name}")).is_some()) {
        return Some(if class == Some(RunnerType::MultiStage) {
            RunnerType::MultiStage
        } else {
            RunnerType::Trainer
        });
    }
    class
}

/// Says what was looked for where the folder looks like one of Pylon's and nothing fits.
fn explain(folder: &Folder<'_>, config: &Config<'_>, facts: &mut Facts) {
    let git_log =
        folder.entries.iter().any(|file| file.path.starts_with("git_") && file.path.ends_with(".log"));
    let pythons = config.python && config.get("epochs").is_some();
    if !git_log && !pythons {
        return;
    }
    let keys: Vec<&str> =
        config.all.iter().map(|s| s.path.as_str()).filter(|path| !path.contains('.')).take(8).collect();
    let class = if keys.is_empty() {
        "no configuration was found".to_owned()
    } else {
        format!("the configuration names no runner class (it has: {})", keys.join(", "))
    };
    facts
        .warnings
        .push(format!("no epoch_0/validation_scores.json, no evaluation_scores.json, and {class}").into());
}

fn place(path: &str) -> Place {
    Place { source: path.into(), line: None }
}

fn evaluator(folder: &Folder<'_>, facts: &mut Facts) {
    const SCORES: &str = "evaluation_scores.json";
    let done = entry(folder, SCORES).is_some_and(|file| file.bytes > 0);
    facts.framework = Some("pylon");
    facts.runner_type = Some(RunnerType::Evaluator);
    facts.progress.total_epochs = Some(1.0);
    facts.progress.completed_epochs = Some(if done { 1.0 } else { 0.0 });
    facts.progress.percent = Some(if done { 100.0 } else { 0.0 });
    facts.work_left = Some(!done);
    if !done {
        facts.work_left_because = Some(format!("{SCORES} is not there yet or empty").into());
        return;
    }
    if let Some(text) = folder.docs.get(SCORES) {
        match scores::of(text) {
            Some(all) => {
                facts.best_scores.clone_from(&all);
                facts.latest_scores = all;
            }
            None => facts.warnings.push(format!("{SCORES} is not whole JSON").into()),
        }
    }
    facts.ended = Some(Ended {
        how: Ending::Completed,
        because: format!("{SCORES} is there").into(),
        place: place(SCORES),
    });
}

/// Epochs that are finished: all three files in each, from 0 on, up to the first hole.
fn finished(folder: &Folder<'_>) -> u64 {
    let mut found: HashMap<u64, usize> = HashMap::new();
    for file in folder.entries.iter().filter(|file| file.bytes > 0) {
        if let Some((parent, name)) = file.path.rsplit_once('/')
            && let Some(epoch) = epoch_of(parent)
            && EXPECTED.contains(&name)
        {
            *found.entry(epoch).or_default() += 1;
        }
    }
    (0..=found.len() as u64)
        .take_while(|epoch| found.get(epoch) == Some(&EXPECTED.len()))
        .last()
        .map_or(0, |last| last + 1)
}

fn trainer(folder: &Folder<'_>, kind: RunnerType, config: &Config<'_>, facts: &mut Facts) {
    let done = finished(folder);
    let said = Said::of(folder);
    let total = config.epochs().or(said.total);
    facts.framework = Some("pylon");
    facts.runner_type = Some(kind);
    facts.progress.completed_epochs = Some(done as f64);
    facts.progress.total_epochs = total;
    if let Some(other) = said.completed.filter(|other| (other - done as f64).abs() > 0.5) {
        facts.warnings.push(format!("progress.json says {other} epochs, the folder holds {done}").into());
    }
    let epochs = scores::epochs(folder, done, facts);
    let lower = early::wrapped_loss(config.get("metric.class"));
    scores::tell(&epochs, lower, facts);
    let Some(total) = total else { return };
    let newest = format!("epoch_{}/validation_scores.json", done.saturating_sub(1));
    let stopping = Stopping::of(|path| config.get(path));
    let mut stopped = match stopping {
        Some(rule) if (done as f64) < total => early::verdict(rule, &epochs, done, lower),
        _ => Verdict::GoesOn,
    };
    if stopped == Verdict::Unknown && said.completed == Some(done as f64) && said.early_stopped {
        stopped = Verdict::Stopped;
    }
    let percent = (done as f64 / total * 100.0).min(100.0);
    facts.progress.percent = Some(if stopped == Verdict::Stopped { 100.0 } else { percent });
    if done as f64 >= total {
        let because = format!("all {total} epochs are there");
        facts.work_left = Some(false);
        facts.ended = Some(Ended { how: Ending::Completed, because: because.into(), place: place(&newest) });
    } else if stopped == Verdict::Stopped {
        let patience = stopping.map_or(0, |rule| rule.patience);
        let because = format!(
            "no better scores in the last {patience} of {done} epochs, which the configuration takes as the end"
        );
        facts.work_left = Some(false);
        facts.early_stopped_at = Some(done as f64);
        facts.ended =
            Some(Ended { how: Ending::EarlyStopped, because: because.into(), place: place(&newest) });
    } else if stopped == Verdict::GoesOn {
        facts.work_left = Some(true);
        facts.work_left_because = Some(format!("{done} of {total} epochs are finished").into());
    }
}

/// What `progress.json` says, in its old form (four fields) and its new one; broken or empty files say nothing.
#[derive(Debug, Default)]
struct Said {
    completed: Option<f64>,
    total: Option<f64>,
    early_stopped: bool,
}

impl Said {
    fn of(folder: &Folder<'_>) -> Self {
        let all = folder.docs.get("progress.json").and_then(|text| settings(text)).unwrap_or_default();
        let get = |name: &str| all.iter().find(|setting| setting.path == name).map(|setting| setting.value);
        let number = |name: &str| get(name)?.parse().ok().filter(|value| is_count(*value));
        Self {
            completed: number("completed_epochs"),
            total: number("total_epochs").filter(|total| *total >= 1.0),
            early_stopped: get("early_stopped") == Some("true"),
        }
    }
}
