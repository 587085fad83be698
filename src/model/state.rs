//! The states and stages of the contract, in its own words.

use std::fmt;

/// A run's state. The names are fixed: other programs read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Waits for its turn.
    Queued,
    /// Alive.
    Running,
    /// Unfinished and silent for longer than it should be.
    Stalled,
    /// All work done.
    Completed,
    /// Ended on purpose before all epochs.
    EarlyStopped,
    /// Ended by an error.
    Failed,
    /// Ended by somebody.
    Cancelled,
    /// Killed, or the machine died: work was left and nobody does it.
    Interrupted,
    /// Nothing tells.
    Unknown,
}

impl State {
    /// Every state, in the order of the contract.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Running,
        Self::Stalled,
        Self::Completed,
        Self::EarlyStopped,
        Self::Failed,
        Self::Cancelled,
        Self::Interrupted,
        Self::Unknown,
    ];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Stalled => "stalled",
            Self::Completed => "completed",
            Self::EarlyStopped => "early_stopped",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the run has come to an end that it, or its outcome, tells of.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::EarlyStopped | Self::Failed | Self::Cancelled)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a run is doing. The names are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Waits for its turn.
    Queued,
    /// Starting up.
    Initializing,
    /// Loading the model.
    LoadingModel,
    /// Preparing, caching or tokenising data.
    PreparingDataset,
    /// Captioning images.
    Captioning,
    /// Training.
    Training,
    /// Validating.
    Validating,
    /// Drawing samples.
    Sampling,
    /// Writing a checkpoint.
    SavingCheckpoint,
    /// Writing the final model.
    Exporting,
    /// Over, well.
    Completed,
    /// Over, failed.
    Failed,
    /// Over, cancelled.
    Cancelled,
}

impl Stage {
    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Initializing => "initializing",
            Self::LoadingModel => "loading_model",
            Self::PreparingDataset => "preparing_dataset",
            Self::Captioning => "captioning",
            Self::Training => "training",
            Self::Validating => "validating",
            Self::Sampling => "sampling",
            Self::SavingCheckpoint => "saving_checkpoint",
            Self::Exporting => "exporting",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What kind of work a run does. The names are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunnerType {
    /// Trains a model.
    Trainer,
    /// Only evaluates one.
    Evaluator,
    /// Searches hyper-parameters.
    Search,
    /// Several stages one after the other.
    MultiStage,
}

impl RunnerType {
    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trainer => "trainer",
            Self::Evaluator => "evaluator",
            Self::Search => "search",
            Self::MultiStage => "multi_stage",
        }
    }
}
