//! `trainmon doctor`: what works here, and what each path was recognised as and why.
//!
//! The answer to "why is my run not shown, or shown like this?": nothing is judged here that the monitor does not judge.

mod formats;
mod machine;
mod mounts;
mod page;

use std::fmt::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::diagnostics;
use super::failure::Failure;
use super::print;
use super::roots;
use super::roots::Roots;
use super::settings::Settings;
use super::status;
use crate::clock::Clock;
use crate::clock::SystemClock;
use crate::model::run::Problem;
use crate::model::run::Run;
use crate::model::run::Source;
use crate::model::run::SourceKind;
use crate::model::run::Verdict;
use crate::runtime::engine;
use crate::source::discover::Root;
use crate::source::discover::RootKind;
use crate::source::mount;
use page::Mood;
use page::Page;

/// Looks at this machine and at `paths`, and prints what was found.
pub(super) fn print(paths: &[PathBuf], settings: &Settings, config: Option<&Path>) -> Result<(), Failure> {
    let mut roots = Roots::resolve(paths)?;
    let log = roots::log_file(settings.log_file.as_deref(), &roots.list)?;
    diagnostics::start(log.as_deref(), settings.log_file.is_some())?;
    let mut page = Page::default();
    page.section(format!("trainmon {} on {}", env!("CARGO_PKG_VERSION"), system()));
    machine::terminal(&mut page, settings);
    machine::limits(&mut page);
    machine::processes(&mut page);
    machine::own_files(&mut page, settings, config);

    roots.start_input()?;
    roots.wait_for_input()?;
    let (runs, problems) =
        engine::read_once(&roots.list, &settings.formats, &settings.redactor, &SystemClock);
    let judged = status::verdicts(runs, &settings.rules, SystemClock.now());
    formats::list(&mut page, &settings.formats, &judged);
    for (index, root) in roots.list.iter().enumerate() {
        let own = |run: &&(Arc<Run>, Verdict)| usize::try_from(run.0.key.root) == Ok(index);
        path(&mut page, root, &judged.iter().filter(own).collect::<Vec<_>>(), &problems);
    }
    print::out(page.text(settings.colours(print::is_terminal())).as_bytes())
}

fn system() -> String {
    let name = rustix::system::uname();
    let part = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    format!("{} {} {}", part(name.sysname()), part(name.release()), part(name.machine()))
}

fn path(page: &mut Page, root: &Root, runs: &[&(Arc<Run>, Verdict)], problems: &[Problem]) {
    page.section(format!("Path {}", root.given));
    page.entry(
        "is",
        match root.kind {
            RootKind::Folder => "a folder",
            RootKind::File => "one file",
        },
        Mood::Fine,
    );
    if root.given != "-" {
        page.entry("at", root.path.display().to_string(), Mood::Fine);
        let name =
            mounts::name(&root.path).unwrap_or_else(|| "a file system that cannot be asked".to_owned());
        match mount::kind(&root.path) {
            mount::Kind::Local => page.entry("mount", format!("{name}, local"), Mood::Fine),
            mount::Kind::Remote => page.entry(
                "mount",
                format!("{name}: others may write to it unheard, so it is looked at again and again"),
                Mood::Mind,
            ),
        }
    }
    if runs.is_empty() {
        page.entry(
            "runs",
            "none: a run is a folder with a log, an event file or a tracker's files, at any depth",
            Mood::Mind,
        );
    } else {
        page.entry("runs", runs.len().to_string(), Mood::Fine);
    }
    for problem in problems.iter().filter(|problem| problem.path.starts_with(&root.path)) {
        page.entry("cannot read", format!("{}: {}", problem.path.display(), problem.what), Mood::Mind);
    }
    for (found, verdict) in runs {
        run(page, found, verdict);
    }
}

fn run(page: &mut Page, run: &Run, verdict: &Verdict) {
    let title = if &*run.key.id == "." { &run.name } else { &run.key.id };
    let outdated = if verdict.outdated { ", outdated" } else { "" };
    page.section(format!("Run {title}: {}{outdated}", verdict.state));
    page.entry("because", verdict.reason.as_str(), Mood::Fine);
    let facts = &run.facts;
    let kind = facts.runner_type.map_or("of a kind that nothing tells", |kind| kind.name());
    match facts.written_by() {
        Some(framework) => page.entry("recognised as", format!("{framework}, {kind}"), Mood::Fine),
        None => page.entry("recognised as", format!("no framework that is known; {kind}"), Mood::Fine),
    }
    formats::of_run(page, run);
    if let Some(stage) = facts.stage {
        page.entry("stage", stage.name(), Mood::Fine);
    }
    if let Some(ended) = &facts.ended {
        page.entry("its end", format!("{} ({})", ended.because, place(&ended.place)), Mood::Fine);
    }
    if let Some(because) = &facts.work_left_because {
        page.entry("its work", &**because, Mood::Fine);
    }
    for owner in run.owners.live().iter().take(OWNERS) {
        page.entry("owned by", format!("{owner}, which {}", owner.tie), Mood::Fine);
    }
    let more = run.owners.live().len().saturating_sub(OWNERS);
    if more > 0 {
        page.entry("owned by", format!("{more} more processes"), Mood::Fine);
    }
    if let Some(error) = &facts.error {
        let name = if error.type_name.is_empty() { String::new() } else { format!("{}: ", error.type_name) };
        page.entry(
            "its last error",
            format!("{name}{} ({})", error.message, place(&error.place)),
            Mood::Fine,
        );
    }
    let names: Vec<&str> = facts.metrics.iter().take(METRICS).map(|metric| &*metric.name).collect();
    if !names.is_empty() {
        let more = facts.metrics.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        page.entry("metrics", format!("{}{more}", names.join(", ")), Mood::Fine);
    }
    if run.sources.is_empty() {
        page.entry("sources", "none", Mood::Mind);
    }
    for source in &run.sources {
        let (text, mood) = describe(source);
        page.entry(&source.path, text, mood);
    }
    for warning in &facts.warnings {
        page.entry("warning", &**warning, Mood::Mind);
    }
    if let Some(problem) = &run.problem {
        page.entry("cannot read", format!("{}: {}", problem.path.display(), problem.what), Mood::Mind);
    }
}

/// Processes of a run that are listed; a launcher can have hundreds.
const OWNERS: usize = 4;

/// Names of metrics that are listed; a run can have hundreds.
const METRICS: usize = 12;

fn place(place: &crate::model::facts::Place) -> String {
    match place.line {
        Some(line) => format!("{}:{line}", place.source),
        None => place.source.to_string(),
    }
}

fn describe(source: &Source) -> (String, Mood) {
    let size = bytes(source.bytes);
    let mut text = match source.kind {
        SourceKind::Other => format!("{size}, not read"),
        SourceKind::Folder => "files that tell by being there".to_owned(),
        kind => format!("{}, {size}, {} records", kind.name().replace('_', " "), source.records),
    };
    if source.read < source.bytes && !matches!(source.kind, SourceKind::Other | SourceKind::Folder) {
        // writing to a string does not fail
        let _ = write!(text, ", {} of it understood", bytes(source.read));
    }
    match &source.note {
        Some(note) => (format!("{text}: {note}"), Mood::Mind),
        None => (text, Mood::Fine),
    }
}

fn bytes(count: u64) -> String {
    let mut value = count as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 {
            return if unit == "B" { format!("{count} B") } else { format!("{value:.1} {unit}") };
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

#[cfg(test)]
mod tests;
