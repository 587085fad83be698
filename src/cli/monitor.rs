//! `trainmon [PATH…]`: opens the full-screen monitor.

use std::io;
use std::io::IsTerminal;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::Color;
use super::args::ThemeName;
use super::diagnostics;
use super::failure::Failure;
use super::print;
use super::roots;
use super::roots::Roots;
use super::settings;
use super::settings::Settings;
use crate::app::state::State;
use crate::clock::SystemClock;
use crate::model::log::LogAsk;
use crate::model::log::Slot;
use crate::model::run::RunKey;
use crate::parse::clean::clean;
use crate::runtime::engine::Engine;
use crate::runtime::errands::Errands;
use crate::runtime::errands::Work;
use crate::runtime::log_service::LogService;
use crate::runtime::outbox::Outbox;
use crate::runtime::run::Hands;
use crate::runtime::run::run;
use crate::source::limits;
use crate::store::Store;
use crate::ui::Theme;

/// Watches `paths` until the user quits.
pub(super) fn open(paths: &[PathBuf], settings: &Settings) -> Result<ExitCode, Failure> {
    let mut roots = Roots::resolve(paths)?;
    need_terminal(roots.has_input())?;
    let log = roots::log_file(settings.log_file.as_deref(), &roots.list)?;
    diagnostics::start(log.as_deref(), settings.log_file.is_some())?;
    roots.start_input()?;
    watch(&roots, settings)
}

/// Runs the screen on `roots`.
pub(super) fn watch(roots: &Roots, settings: &Settings) -> Result<ExitCode, Failure> {
    tracing::info!(version = env!("CARGO_PKG_VERSION"), roots = roots.list.len(), "monitor");
    if let Some(limit) = limits::raise_open_files() {
        tracing::info!(limit, "open files");
    }
    let outbox = Arc::new(Outbox::new());
    let log = {
        let outbox = Arc::clone(&outbox);
        LogService::start(Arc::new(move |slot, page| outbox.post_log(slot, page)), settings.redactor.clone())
            .map_err(|error| Failure::io("cannot start a thread", &error))?
    };
    let engine = {
        let (outbox, poker) = (Arc::clone(&outbox), log.poker());
        Engine::start(
            roots.list.clone(),
            settings.formats.clone(),
            settings.redactor.clone(),
            Arc::new(SystemClock),
            Arc::new(move |update| outbox.post(update)),
            Arc::new(move |path: &Path| poker.poke(path)),
        )
    };
    let state = State { store: Store::new(settings.rules), place: place(roots), ..State::default() };
    let errands = Errands::start(Arc::clone(&outbox), settings::state_folder());
    let errands = errands.map_err(|error| Failure::io("cannot start a thread", &error))?;
    let mut hands = Reach { engine, log, errands };
    match run(state, theme(settings), outbox, &mut hands) {
        Ok(code) => Ok(ExitCode::from(code)),
        Err(error) => Err(Failure::Fatal(error.to_string())),
    }
}

/// What the screen asks of the threads that read.
struct Reach {
    engine: Engine,
    log: LogService,
    errands: Errands,
}

impl Hands for Reach {
    fn attend(&mut self, runs: Vec<RunKey>) {
        self.engine.attend(&runs);
    }

    fn log(&mut self, slot: Slot, ask: Option<LogAsk>) {
        self.log.ask(slot, ask);
    }

    fn errand(&mut self, work: Work) {
        self.errands.take(work);
    }
}

/// What is watched, for the header.
fn place(roots: &Roots) -> String {
    match roots.list.as_slice() {
        [one] if one.given == "-" => "standard input".to_owned(),
        [one] => clean(&one.given).into_owned(),
        many => format!("{} roots", many.len()),
    }
}

/// How this terminal is drawn on: what it can, as far as the settings want it.
pub(super) fn theme(settings: &Settings) -> Theme {
    Theme::detect(&|name| match (name, settings.color) {
        ("NO_COLOR", Color::Always) => None,
        ("NO_COLOR", Color::Never) => Some("by --color".to_owned()),
        ("COLORFGBG", _) => match settings.theme {
            ThemeName::Auto => std::env::var(name).ok(),
            ThemeName::Dark => Some("15;0".to_owned()),
            ThemeName::Light => Some("0;15".to_owned()),
        },
        _ => std::env::var(name).ok(),
    })
}

/// Tells why there can be no full-screen monitor here, if so. With `piped`, standard input is a log, and keys come from
/// the terminal itself.
pub(super) fn need_terminal(piped: bool) -> Result<(), Failure> {
    let fatal =
        |what: &str| Err(Failure::Fatal(format!("{what}; trainmon status prints the runs as plain text")));
    if !print::is_terminal() {
        return fatal("standard output is not a terminal");
    }
    if !piped && !io::stdin().is_terminal() {
        return fatal("standard input is not a terminal (trainmon - reads a log from it)");
    }
    if settings::dumb() {
        return fatal(&match std::env::var("TERM") {
            Ok(term) if !term.is_empty() => format!("TERM={term}: the terminal cannot show a full screen"),
            _ => "TERM is not set: it is not known what the terminal can do".to_owned(),
        });
    }
    Ok(())
}
