//! `trainmon status`: all runs once, for people and for programs.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::diagnostics;
use super::failure::Failure;
use super::print;
use super::progress_file;
use super::roots;
use super::roots::Roots;
use super::settings::Settings;
use crate::clock::Clock;
use crate::clock::SystemClock;
use crate::model::rules::Rules;
use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;
use crate::report::status;
use crate::report::status::Status;
use crate::runtime::engine;
use crate::store::natural;
use crate::track::judge::judge;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// JSON instead of a table.
    pub(super) json: bool,
    /// A `progress.json` for each run that a tracker keeps.
    pub(super) write_progress: bool,
}

/// Prints the runs below `paths` and returns how they are, as an exit code.
pub(super) fn print(paths: &[PathBuf], how: How, settings: &Settings) -> Result<ExitCode, Failure> {
    let mut roots = Roots::resolve(paths)?;
    let log = roots::log_file(settings.log_file.as_deref(), &roots.list)?;
    diagnostics::start(log.as_deref(), settings.log_file.is_some())?;
    roots.start_input()?;
    roots.wait_for_input()?;

    let (runs, problems) =
        engine::read_once(&roots.list, &settings.formats, &settings.redactor, &SystemClock);
    for problem in &problems {
        print::complain(&format!("{}: {}", problem.path.display(), problem.what));
    }
    let now = SystemClock.now();
    let mut judged = verdicts(runs, &settings.rules, now);
    judged.sort_by(|(a, _), (b, _)| {
        a.key.root.cmp(&b.key.root).then_with(|| natural::compare(&a.key.id, &b.key.id))
    });
    let given: Vec<String> = roots.list.iter().map(|root| root.given.clone()).collect();
    let report = Status { runs: &judged, roots: &given, now, host: &host() };
    if how.json {
        print::out(format!("{}\n", status::json(&report)).as_bytes())?;
    } else if judged.is_empty() {
        print::complain(&format!(
            "no runs below {}; trainmon doctor tells what was looked for",
            given.join(", ")
        ));
    } else {
        print::out(status::table(&report, print::width()).as_bytes())?;
    }
    let unwritten = how.write_progress && !write_progress(&judged);
    match status::exit_code(&judged) {
        0 if unwritten => Ok(ExitCode::FAILURE),
        code => Ok(ExitCode::from(code)),
    }
}

/// Writes what was asked for; each file that cannot be written is told. Returns whether all were.
fn write_progress(runs: &[(Arc<Run>, Verdict)]) -> bool {
    let mut all = true;
    for (run, _) in runs {
        if let Err(error) = progress_file::write(run) {
            print::complain(&error);
            all = false;
        }
    }
    all
}

/// Each run with its state as of `now`.
pub(super) fn verdicts(runs: Vec<Arc<Run>>, rules: &Rules, now: Stamp) -> Vec<(Arc<Run>, Verdict)> {
    let judge = |run: Arc<Run>| {
        let verdict = judge(&run, rules, now);
        (run, verdict)
    };
    runs.into_iter().map(judge).collect()
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
