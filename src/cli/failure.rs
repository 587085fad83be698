//! How the program ends: the exit codes that scripts rely on, and what a user is told.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// Why the program ends before its work is done. Each is a message for standard error, of one line but for what needs to be shown.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line or the settings have to be changed: exit code 2.
    Usage(String),
    /// It cannot go on: exit code 1.
    Fatal(String),
    /// The command line was wrong, and that has been told: exit code 2.
    Told,
    /// Whoever read our output has seen enough: success, without a word.
    Enough,
}

impl Failure {
    /// An I/O error while doing `what`.
    pub(super) fn io(what: impl fmt::Display, error: &io::Error) -> Self {
        Self::Fatal(format!("{what}: {error}"))
    }

    /// The exit code.
    pub(super) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) | Self::Told => ExitCode::from(2),
            Self::Fatal(_) => ExitCode::from(1),
            Self::Enough => ExitCode::SUCCESS,
        }
    }

    /// The message for standard error.
    pub(super) fn line(&self) -> Option<&str> {
        match self {
            Self::Usage(line) | Self::Fatal(line) => Some(line),
            Self::Told | Self::Enough => None,
        }
    }
}
