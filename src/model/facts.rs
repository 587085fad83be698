//! What one source says of its run. `track` makes them from records, and one run's facts from those of its sources.

use std::sync::Arc;

use super::level::LevelCounts;
use super::record::Ending;
use super::series::Series;
use super::stamp::Stamp;
use super::state::{RunnerType, Stage};

/// What the x of a metric counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Axis {
    /// Global steps.
    Step,
    /// Epochs.
    Epoch,
    /// Nothing was told: the n-th time it was logged.
    #[default]
    Index,
}

/// One metric of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// As the framework wrote it.
    pub name: Arc<str>,
    /// The newest figure, NaN and infinities included.
    pub last: f64,
    /// The lowest finite figure.
    pub min: Option<f64>,
    /// x of the lowest.
    pub min_at: Option<f64>,
    /// The highest finite figure.
    pub max: Option<f64>,
    /// x of the highest.
    pub max_at: Option<f64>,
    /// The global step of the newest figure, when known.
    pub step: Option<f64>,
    /// How often it was logged; redraws of one step count once.
    pub points: u64,
    /// How many of them were NaN or infinite.
    pub non_finite: u64,
    /// What x counts.
    pub axis: Axis,
    /// The history.
    pub series: Arc<Series>,
    /// The source's path below the run.
    pub source: Arc<str>,
}

impl Metric {
    /// A metric of which no figure was logged yet.
    pub fn new(name: Arc<str>, axis: Axis, source: Arc<str>) -> Self {
        Self {
            name,
            last: f64::NAN,
            min: None,
            min_at: None,
            max: None,
            max_at: None,
            step: None,
            points: 0,
            non_finite: 0,
            axis,
            series: Arc::new(Series::default()),
            source,
        }
    }
}

/// A live or last-seen progress bar.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveBar {
    /// The text before the bar.
    pub label: Arc<str>,
    /// Units done.
    pub current: f64,
    /// Units in all.
    pub total: Option<f64>,
    /// Units per second.
    pub rate: Option<f64>,
    /// Seconds left.
    pub eta: Option<f64>,
}

/// How far a run is. Every field is `None` until something tells it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// 0 to 100.
    pub percent: Option<f64>,
    /// Epochs that are over.
    pub completed_epochs: Option<f64>,
    /// Epochs in all.
    pub total_epochs: Option<f64>,
    /// The last global step reached.
    pub step: Option<f64>,
    /// Global steps in all.
    pub total_steps: Option<f64>,
    /// Global steps per second; of the run's main bar when there are no steps.
    pub rate: Option<f64>,
    /// Seconds left; `None` until it can be trusted.
    pub eta: Option<f64>,
    /// Seconds that the run has worked, as far as it says.
    pub elapsed: Option<f64>,
    /// Bars that are under way, outermost first.
    pub bars: Vec<LiveBar>,
}

/// Totals that settings hold.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Planned {
    /// Epochs in all.
    pub epochs: Option<f64>,
    /// Global steps in all.
    pub steps: Option<f64>,
}

/// How far a search is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Search {
    /// Position, from 1.
    pub position: Option<u64>,
    /// Positions in all.
    pub total_positions: Option<u64>,
    /// The model under search.
    pub model: Option<Arc<str>>,
    /// Trial within the position.
    pub trial: Option<u64>,
    /// Trials of the position.
    pub total_trials: Option<u64>,
    /// Score of the newest trial.
    pub score: Option<f64>,
    /// Best score.
    pub best_score: Option<f64>,
}

/// Where something stands: the file below the run, and its line from 1 when the file has lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The source's path below the run.
    pub source: Arc<str>,
    /// Line, from 1.
    pub line: Option<u64>,
}

/// The error that ended a run, or the last one it reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunError {
    /// Class name; empty when there is none.
    pub type_name: Arc<str>,
    /// First line of its message.
    pub message: Arc<str>,
    /// Where it stands.
    pub place: Place,
    /// Whether the program cannot have gone on after it.
    pub fatal: bool,
}

/// How a source says that the run ended, and by which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub how: Ending,
    /// What it rests on, in plain words: the line itself (shortened), the event, the files.
    pub because: Arc<str>,
    /// Where it stands.
    pub place: Place,
}

/// A checkpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Path below the run, or as the log printed it.
    pub path: Arc<str>,
    /// Global step.
    pub step: Option<f64>,
    /// Epoch.
    pub epoch: Option<f64>,
    /// Whether it is whole.
    pub complete: bool,
}

/// A sample image or text.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Path below the run, or as the log printed it.
    pub path: Arc<str>,
    /// Global step.
    pub step: Option<f64>,
}

/// Scores by name, as trackers keep them.
pub type Scores = Vec<(Arc<str>, f64)>;

/// All that is known of a run from what it wrote.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Which of the frameworks that are known wrote it; see [`Facts::written_by`].
    pub framework: Option<&'static str>,
    /// The user's own formats that took lines of it, with how many.
    pub user_formats: Vec<(Arc<str>, u64)>,
    /// Kind of work.
    pub runner_type: Option<RunnerType>,
    /// What it does now.
    pub stage: Option<Stage>,
    /// Job id.
    pub job_id: Option<Arc<str>>,
    /// Correlation id.
    pub correlation_id: Option<Arc<str>>,
    /// What the run is called by whom it reports to.
    pub title: Option<Arc<str>>,
    /// How far.
    pub progress: Progress,
    /// How far it was to go by its settings.
    pub planned: Planned,
    /// Figures, in the order they first appeared.
    pub metrics: Vec<Metric>,
    /// Best scores of a tracker.
    pub best_scores: Scores,
    /// Latest scores of a tracker.
    pub latest_scores: Scores,
    /// Hyper-parameter search.
    pub search: Option<Search>,
    /// Whether and how it says that it ended.
    pub ended: Option<Ended>,
    /// Epoch of early stopping.
    pub early_stopped_at: Option<f64>,
    /// `Some(true)` when its own figures say that work was left, `Some(false)` when they say that none was.
    pub work_left: Option<bool>,
    /// What `work_left` rests on (`step 640 of 4200`).
    pub work_left_because: Option<Arc<str>>,
    /// Epochs and steps are those of one turn of a loop around training (folds, seeds, trials), and more turns follow.
    pub more_turns: bool,
    /// Its counters are no proof that work was left, nor that none was: the last epoch's bar is full, and no line closes it.
    pub undecided: bool,
    /// The last error.
    pub error: Option<RunError>,
    /// What is odd about the run or could not be read.
    pub warnings: Vec<Arc<str>>,
    /// Lines by level.
    pub log_lines: LevelCounts,
    /// Checkpoints seen.
    pub checkpoints: Vec<Checkpoint>,
    /// Samples seen.
    pub samples: Vec<Sample>,
    /// First time told by the source itself.
    pub started_at: Option<Stamp>,
    /// Newest time told by the source itself.
    pub updated_at: Option<Stamp>,
}

impl Facts {
    /// What wrote it: the user's own format that took the most lines, else the framework that is known.
    pub fn written_by(&self) -> Option<&str> {
        let most = self.user_formats.iter().rev().max_by_key(|(_, lines)| *lines);
        most.map(|(name, _)| &**name).or(self.framework)
    }

    /// Notes that the user's format `name` took so many lines more.
    pub fn count_user_format(&mut self, name: &str, lines: u64) {
        match self.user_formats.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, count)) => *count += lines,
            None => self.user_formats.push((Arc::from(name), lines)),
        }
    }

    /// The metric called `name`.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.metrics.iter().find(|metric| &*metric.name == name)
    }
}
