//! Log levels and how many lines stand at each.

/// How grave a log line is, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Detail for the author of the program.
    Debug,
    /// The normal course of things.
    Info,
    /// Worth a look.
    Warning,
    /// Something failed.
    Error,
    /// The program cannot go on.
    Critical,
}

/// Lines of a log by level. A line counts once, where it ends; lines without a level of their own count in `total` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LevelCounts {
    /// Lines at debug.
    pub debug: u64,
    /// Lines at info.
    pub info: u64,
    /// Lines at warning.
    pub warning: u64,
    /// Lines at error and above.
    pub error: u64,
    /// Lines that are the last state of a progress bar.
    pub progress: u64,
    /// All lines.
    pub total: u64,
}

impl LevelCounts {
    /// Counts one line.
    pub fn add(&mut self, level: Option<Level>, progress: bool) {
        self.total += 1;
        if progress {
            self.progress += 1;
        }
        match level {
            Some(Level::Debug) => self.debug += 1,
            Some(Level::Info) => self.info += 1,
            Some(Level::Warning) => self.warning += 1,
            Some(Level::Error | Level::Critical) => self.error += 1,
            None => {}
        }
    }

    /// Adds what another source counted.
    pub fn merge(&mut self, other: &Self) {
        self.debug += other.debug;
        self.info += other.info;
        self.warning += other.warning;
        self.error += other.error;
        self.progress += other.progress;
        self.total += other.total;
    }
}
