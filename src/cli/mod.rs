//! The command line: what was asked, the settings that hold, and who carries it out.

mod args;
pub mod check;
mod config;
mod demo;
mod diagnostics;
mod doctor;
mod failure;
mod follow;
mod help;
mod logs;
mod manual;
mod monitor;
mod nearest;
mod print;
mod progress_file;
mod roots;
mod scratch;
mod settings;
mod span;
mod status;
mod stdin;
mod target;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::CommandFactory;
use clap::FromArgMatches;

use args::Cli;
use args::Color;
use args::Command;
use failure::Failure;
use settings::Settings;

/// The program.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match parse(&arguments).and_then(carry_out) {
        Ok(code) => code,
        Err(failure) => {
            if let Some(line) = failure.line() {
                print::complain(line);
            }
            failure.code()
        }
    }
}

/// What the command line asks for; `None` when all was said already (`--help`).
fn parse(arguments: &[OsString]) -> Result<Option<Cli>, Failure> {
    let color = asked_color(arguments);
    let command = Cli::command().color(match color {
        Some(Color::Always) => clap::ColorChoice::Always,
        Some(Color::Never) => clap::ColorChoice::Never,
        Some(Color::Auto) | None => clap::ColorChoice::Auto,
    });
    let answer = command.try_get_matches_from(arguments).and_then(|found| Cli::from_arg_matches(&found));
    match answer {
        Ok(cli) => Ok(Some(cli)),
        Err(error) if error.use_stderr() => {
            // when standard error is gone, there is nobody left to tell
            let _ = error.print();
            Err(Failure::Told)
        }
        Err(help) => {
            let colours = Settings { color: color.unwrap_or_default(), ..Settings::from_environment() }
                .colours(print::is_terminal());
            let text = help.render();
            let text = if colours { text.ansi().to_string() } else { text.to_string() };
            print::out(text.as_bytes()).map(|()| None)
        }
    }
}

/// `--color` as it stands on the command line: help and errors of usage are coloured before anything is understood.
fn asked_color(arguments: &[OsString]) -> Option<Color> {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    let mut found = None;
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        found = value.and_then(|value| clap::ValueEnum::from_str(value, false).ok()).or(found);
    }
    found
}

fn carry_out(cli: Option<Cli>) -> Result<ExitCode, Failure> {
    let Some(cli) = cli else { return Ok(ExitCode::SUCCESS) };
    let done = |()| ExitCode::SUCCESS;
    match cli.command {
        Some(Command::Completions { shell }) => manual::completions(shell).map(done),
        Some(Command::Man) => manual::page().map(done),
        None => monitor::open(&cli.paths, &Settings::load(&cli.global)?),
        Some(Command::Status { paths, json, write_progress }) => {
            status::print(&paths, status::How { json, write_progress }, &Settings::load(&cli.global)?)
        }
        Some(Command::Follow(asked)) => follow::run(&asked, &Settings::load(&cli.global)?),
        Some(Command::Logs(asked)) => logs::print(&asked, &Settings::load(&cli.global)?),
        Some(Command::Demo { keep }) => demo::open(keep, Settings::load(&cli.global)?),
        Some(Command::Doctor { paths }) => {
            doctor::print(&paths, &Settings::load(&cli.global)?, cli.global.config.as_deref()).map(done)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_color_holds() {
        let asked = |line: &str| asked_color(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(asked("trainmon --color never --help"), Some(Color::Never));
        assert_eq!(asked("trainmon --color=always --color=never"), Some(Color::Never));
        assert_eq!(asked("trainmon --color pink"), None);
        assert_eq!(asked("trainmon --colors never"), None);
    }
}
