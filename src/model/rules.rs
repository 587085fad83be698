//! The user's own thresholds for judging a run.

use std::time::Duration;

/// What `--stall-after`, `--running-window` and `--outdated-after` set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// A run that has been silent for longer is no longer simply running.
    pub stall_after: Duration,
    /// A run that has been silent for longer, with nobody owning it, is no longer stalled but gone.
    pub running_window: Duration,
    /// A finished run that is older is outdated.
    pub outdated_after: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            stall_after: Duration::from_mins(10),
            running_window: Duration::from_hours(24),
            outdated_after: Duration::from_hours(30 * 24),
        }
    }
}
