//! `trainmon follow RUN`: one run as plain text, as it goes on.

use std::io;
use std::process::ExitCode;

use super::args::Follow;
use super::diagnostics;
use super::failure::Failure;
use super::monitor;
use super::print;
use super::roots;
use super::settings;
use super::settings::Settings;
use super::stdin;
use super::target;
use super::target::Target;
use crate::report::follow::Verbosity;
use crate::runtime::engine;
use crate::runtime::follow;
use crate::runtime::follow::Ink;
use crate::runtime::follow::Plan;
use crate::source::stdin::Spool;

/// Follows the run until it has ended.
pub(super) fn run(asked: &Follow, settings: &Settings) -> Result<ExitCode, Failure> {
    let piped = asked.run.as_os_str() == "-";
    let (target, spool) = if piped { input()? } else { (target::find(&asked.run)?, None) };
    let log = roots::log_file(settings.log_file.as_deref(), std::slice::from_ref(&target.root))?;
    diagnostics::start(log.as_deref(), settings.log_file.is_some())?;
    let owners = if piped { crate::model::owner::Owners::Unknown } else { engine::owners_of(&target.run) };
    let terminal = print::is_terminal();
    let plan = Plan {
        key: target.run.key,
        root: target.root,
        owners,
        formats: settings.formats.clone(),
        redactor: settings.redactor.clone(),
        rules: settings.rules,
        verbosity: match (asked.quiet, asked.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        },
        lines: asked.lines,
        ends_on_stall: asked.end_on_stall,
        ink: Ink {
            in_place: terminal && !settings::dumb(),
            colours: settings.colours(terminal),
            ascii: monitor::theme(settings).glyphs.ascii,
        },
        input_ended: spool.as_ref().map(Spool::watch_end),
        complain: print::complain,
    };
    match follow::follow(plan) {
        Ok(code) => {
            // what could not be kept of standard input is told
            spool.as_ref().filter(|spool| spool.ended()).map_or(Ok(()), stdin::wait)?;
            Ok(ExitCode::from(code))
        }
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Enough),
        Err(error) => Err(Failure::io("cannot write to standard output", &error)),
    }
}

/// Standard input as a run. It is kept in a file, which goes when the spool is dropped.
fn input() -> Result<(Target, Option<Spool>), Failure> {
    let spool = stdin::start()?;
    let target = target::in_root(spool.root())?;
    Ok((target, Some(spool)))
}
