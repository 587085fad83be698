//! `trainmon demo`: a folder of runs that are made up, some of them alive, and the monitor on it.
//!
//! The programs write what the real ones write, byte for byte in shape, so that the demo shows what the monitor does with
//! real logs and not a film of it.

mod bar;
mod cast;
mod chance;
mod programs;
mod script;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod understood;
mod writer;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::diagnostics;
use super::failure::Failure;
use super::monitor;
use super::print;
use super::roots;
use super::roots::Roots;
use super::scratch::Scratch;
use super::settings::Settings;
use crate::clock::Clock;
use crate::clock::SystemClock;

/// So that a stalled run can be seen within a minute.
const STALL_AFTER: Duration = Duration::from_secs(20);

/// Opens the monitor on made-up runs. Their folder goes at the end, unless it is to be kept.
pub(super) fn open(keep: bool, mut settings: Settings) -> Result<ExitCode, Failure> {
    monitor::need_terminal(false)?;
    if !settings.stall_after_is_set {
        settings.rules.stall_after = STALL_AFTER;
    }
    let mut folder =
        Scratch::new("demo").map_err(|error| Failure::io("cannot make a temporary folder", &error))?;
    if keep {
        folder.keep();
    }
    let place = folder.path().to_path_buf();
    let code = show(&place, &settings);
    // the runs are still now, and their folder goes before the last word is said
    drop(folder);
    if keep {
        print::out(format!("the demo's runs are in {}\n", place.display()).as_bytes())?;
    }
    code
}

fn show(folder: &Path, settings: &Settings) -> Result<ExitCode, Failure> {
    let broken = |error| Failure::io(folder.display(), &error);
    let zone = TimeZone::system();
    writer::write_past(folder, &cast::past(), &zone, SystemClock.now()).map_err(broken)?;
    let _live = writer::Live::start(folder, &cast::live(), &zone, SystemClock).map_err(broken)?;
    let roots = Roots::resolve(&[folder.to_path_buf()])?;
    let log = roots::log_file(settings.log_file.as_deref(), &roots.list)?;
    diagnostics::start(log.as_deref(), settings.log_file.is_some())?;
    monitor::watch(&roots, settings)
}
