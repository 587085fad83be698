//! `trainmon logs RUN`: a log is looked through once.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use super::args::Logs;
use super::diagnostics;
use super::failure::Failure;
use super::print;
use super::roots;
use super::settings::Settings;
use super::stdin;
use super::target;
use crate::model::log::LogQuery;
use crate::model::run::SourceKind;
use crate::parse::clean::clean;
use crate::parse::format;
use crate::parse::format::Head;
use crate::parse::redact::Redactor;
use crate::report::follow::Tone;
use crate::report::logs;
use crate::report::logs::Asked;
use crate::report::logs::Page;
use crate::report::logs::Paging;
use crate::source::discover::FoundRun;
use crate::source::logfile::LogFile;
use crate::source::logfile::Seen;
use crate::source::logview;

/// Bytes that are handed to standard output at once.
const BATCH: usize = 64 << 10;

/// Prints what matches, and returns whether anything did as an exit code.
pub(super) fn print(asked: &Logs, settings: &Settings) -> Result<ExitCode, Failure> {
    let query = logs::query(&asked_of(asked)).map_err(Failure::Usage)?;
    let piped = asked.run.as_os_str() == "-";
    let spool = if piped { Some(stdin::start()?) } else { None };
    let target = match &spool {
        Some(spool) => target::in_root(spool.root())?,
        None => target::find(&asked.run)?,
    };
    let log = roots::log_file(settings.log_file.as_deref(), std::slice::from_ref(&target.root))?;
    diagnostics::start(log.as_deref(), settings.log_file.is_some())?;
    if let Some(spool) = &spool {
        stdin::wait(spool)?;
    }
    let (name, path) = choose(&target.run, asked.source.as_deref())?;
    let shown = if piped { "-".to_owned() } else { clean(&name).into_owned() };
    let mut file = LogFile::new(path);
    if let Seen::Failed(error) = file.look() {
        return Err(Failure::io(format_args!("{shown}: cannot be read"), &error));
    }
    let paging = Paging {
        offset: asked.offset,
        limit: Some(asked.limit).filter(|limit| *limit > 0),
        tail: asked.tail,
    };
    let mut out = Out {
        page: Page::new(paging),
        json: asked.json,
        colours: !asked.json && settings.colours(print::is_terminal()),
        first: true,
        text: String::new(),
    };
    if asked.json {
        let run = if piped { "-" } else { &*target.run.name };
        out.text.push_str(&logs::json_head(run, &shown));
    }
    search(&mut file, &name, &query, &settings.redactor, &mut out)?;
    let rest: Vec<String> = out.page.rest().collect();
    for text in &rest {
        out.write(text);
    }
    if asked.json {
        out.text.push_str(&logs::json_tail(&out.page));
        out.text.push('\n');
    }
    print::out(out.text.as_bytes())?;
    let summary = out.page.summary();
    let nothing = out.page.counts().matched == 0;
    if !asked.json || nothing {
        print::complain(&format!("{shown}: {summary}"));
    }
    Ok(if nothing { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn asked_of(asked: &Logs) -> Asked<'_> {
    Asked {
        level: asked.level.as_deref(),
        event: asked.event.as_deref(),
        grep: asked.grep.as_deref(),
        not: asked.not.as_deref(),
        category: asked.category.as_deref(),
        correlation_id: asked.correlation_id.as_deref(),
        rank: asked.rank,
        since: asked.since.as_deref(),
        until: asked.until.as_deref(),
    }
}

/// What is printed, in batches.
struct Out {
    page: Page,
    json: bool,
    colours: bool,
    first: bool,
    text: String,
}

impl Out {
    fn write(&mut self, text: &str) {
        if self.json {
            self.text.push_str(if self.first { "\n  " } else { ",\n  " });
            self.text.push_str(text);
        } else {
            self.text.push_str(text);
            self.text.push('\n');
        }
        self.first = false;
    }
}

/// Looks the whole file through.
fn search(
    file: &mut LogFile,
    name: &str,
    query: &LogQuery,
    redactor: &Redactor,
    out: &mut Out,
) -> Result<(), Failure> {
    let mut failed = None;
    let total = logview::once(file, name, query, redactor, &mut |row, line| {
        let (json, colours) = (out.json, out.colours);
        let write =
            || if json { logs::json_entry(row, line) } else { coloured(logs::text(row, line), colours) };
        if let Some(text) = out.page.matched(write) {
            out.write(&text);
        }
        if out.text.len() >= BATCH {
            failed = print::out(out.text.as_bytes()).err();
            out.text.clear();
        }
        failed.is_none()
    });
    if let Some(failure) = failed {
        return Err(failure);
    }
    let total =
        total.map_err(|error| Failure::io(format_args!("{}: cannot be read", clean(name)), &error))?;
    out.page.looked(total);
    Ok(())
}

fn coloured(said: crate::report::follow::Said, colours: bool) -> String {
    let colour = match said.tone {
        Tone::Error => "\x1b[31m",
        Tone::Warning => "\x1b[33m",
        Tone::Faint => "\x1b[2m",
        Tone::Plain | Tone::Title | Tone::Good => "",
    };
    if !colours || colour.is_empty() { said.text } else { format!("{colour}{}\x1b[0m", said.text) }
}

/// The file that is looked through: the one that was named, else the run's main log.
fn choose(run: &FoundRun, named: Option<&str>) -> Result<(String, PathBuf), Failure> {
    if let Some(named) = named {
        let wanted = named.trim_start_matches("./");
        if let Some(file) = run.files.iter().find(|file| &*file.path == wanted) {
            return Ok((file.path.to_string(), run.file(&file.path)));
        }
        let there: Vec<&str> = run.files.iter().map(|file| &*file.path).take(8).collect();
        return Err(Failure::Usage(format!(
            "--source {named}: no file of this run; there are {}",
            there.join(", ")
        )));
    }
    let mut rows = None;
    for file in &run.files {
        let path = run.file(&file.path);
        match kind(&file.path, &path) {
            Some(SourceKind::TextLog) => return Ok((file.path.to_string(), path)),
            Some(SourceKind::JsonLines) if rows.is_none() => rows = Some((file.path.to_string(), path)),
            _ => {}
        }
    }
    // a single file was named by the user: it is looked through whatever it is
    let single =
        run.files.first().filter(|_| run.single).map(|file| (file.path.to_string(), run.path.clone()));
    rows.or(single).ok_or_else(|| {
        Failure::Usage(format!("{}: no log among its files; --source names one of them", run.path.display()))
    })
}

fn kind(name: &str, path: &Path) -> Option<SourceKind> {
    let mut file = LogFile::new(path.to_path_buf());
    file.look();
    let head = file.head().ok()?;
    format::sniff(&Head { path: name, bytes: &head }).map(|spec| spec.kind)
}
