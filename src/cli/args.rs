//! The command line as clap sees it.
//!
//! The names of commands and options are a contract with scripts: they may grow, and none may change its meaning. Options
//! that judge or diagnose are global, so that `trainmon --stall-after 5m status` and `trainmon status --stall-after 5m` are
//! the same.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use clap_complete::Shell;

use super::help;
use super::span;

/// `trainmon …`.
#[derive(Debug, Parser)]
#[command(
    name = "trainmon",
    version,
    about = help::ABOUT,
    long_about = help::LONG_ABOUT,
    after_help = help::AFTER,
    after_long_help = help::AFTER_LONG,
    max_term_width = 100,
    disable_help_subcommand = true,
    override_usage = help::USAGE,
)]
pub(super) struct Cli {
    /// What to watch: a folder of runs, a run, one log file, or - for standard input
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) global: Global,

    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options for every command")]
pub(super) struct Global {
    /// A run that has been silent for longer is no longer simply running [default: 10m]
    #[arg(long, global = true, value_name = "SPAN", value_parser = span::parse, env = "TRAINMON_STALL_AFTER", hide_env = true)]
    pub(super) stall_after: Option<Duration>,

    /// A run that has been silent for longer, and that nobody owns, is gone [default: 24h]
    #[arg(long, global = true, value_name = "SPAN", value_parser = span::parse, env = "TRAINMON_RUNNING_WINDOW", hide_env = true)]
    pub(super) running_window: Option<Duration>,

    /// A finished run that is older is outdated [default: 30d]
    #[arg(long, global = true, value_name = "SPAN", value_parser = span::parse, env = "TRAINMON_OUTDATED_AFTER", hide_env = true)]
    pub(super) outdated_after: Option<Duration>,

    #[arg(
        help = "Colours: auto (by the terminal and NO_COLOR), always or never [default: auto]",
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        env = "TRAINMON_COLOR",
        hide_env = true,
        hide_possible_values = true
    )]
    pub(super) color: Option<Color>,

    #[arg(
        help = "Colours for a dark or a light background: auto (by COLORFGBG), dark or light [default: auto]",
        long,
        global = true,
        value_name = "NAME",
        value_enum,
        env = "TRAINMON_THEME",
        hide_env = true,
        hide_possible_values = true
    )]
    pub(super) theme: Option<ThemeName>,

    /// Read settings from this file instead of the usual one
    #[arg(long, global = true, value_name = "FILE", env = "TRAINMON_CONFIG", hide_env = true)]
    pub(super) config: Option<PathBuf>,

    /// Write trainmon's own diagnostics to this file instead of the usual one
    #[arg(long, global = true, value_name = "FILE", env = "TRAINMON_LOG_FILE", hide_env = true)]
    pub(super) log_file: Option<PathBuf>,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Color {
    /// On a terminal that can, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// For which background the colours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ThemeName {
    /// What the terminal says, dark if it says nothing
    #[default]
    Auto,
    /// For a dark one
    Dark,
    /// For a light one
    Light,
}

/// What else than the monitor.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print all runs once, as a table or as JSON
    #[command(after_help = help::STATUS_AFTER)]
    Status {
        /// What to look at, as for the monitor
        #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
        paths: Vec<PathBuf>,
        /// Print JSON for other programs (schema 1)
        #[arg(long)]
        json: bool,
        /// Write a progress.json into the folder of each run that a tracker keeps
        #[arg(long)]
        write_progress: bool,
    },
    /// Print a run's log and progress as plain text, as they come, until the run ends
    #[command(after_help = help::FOLLOW_AFTER)]
    Follow(Follow),
    /// Search a run's log once, as text or as JSON
    #[command(after_help = help::LOGS_AFTER)]
    Logs(Box<Logs>),
    /// Open the monitor on a folder of live runs that are made up
    #[command(after_help = help::DEMO_AFTER)]
    Demo {
        /// Leave the folder behind, and say where it is
        #[arg(long)]
        keep: bool,
    },
    /// Tell what works here, and what each path was recognised as and why
    Doctor {
        /// What to look at, as for the monitor
        #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
        paths: Vec<PathBuf>,
    },
    /// Print a script that completes commands in your shell
    #[command(after_help = help::COMPLETIONS_AFTER)]
    Completions {
        /// Your shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = help::MAN_AFTER)]
    Man,
}

/// `trainmon follow …`.
#[derive(Debug, Args)]
pub(super) struct Follow {
    /// A run's folder, a run's id below the current folder, a log file, or - for standard input
    #[arg(value_name = "RUN")]
    pub(super) run: PathBuf,
    /// Only errors, with their tracebacks, and the outcome
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Every line of the log
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// Begin with so many of the last lines that this verbosity shows
    #[arg(short = 'n', long, value_name = "N", default_value_t = 100)]
    pub(super) lines: usize,
    /// End with exit code 11 when the run stalls, instead of waiting for it to go on
    #[arg(long)]
    pub(super) end_on_stall: bool,
}

/// `trainmon logs …`.
#[derive(Debug, Args)]
pub(super) struct Logs {
    /// A run's folder, a run's id below the current folder, a log file, or - for standard input
    #[arg(value_name = "RUN")]
    pub(super) run: PathBuf,
    /// Lines at this level or above: debug, info, warning, error, critical; with = before it, at exactly this one
    #[arg(long, value_name = "LEVEL")]
    pub(super) level: Option<String>,
    /// Rows of this event, such as training.step; training.* takes all that begin so
    #[arg(long, value_name = "EVENT")]
    pub(super) event: Option<String>,
    /// Lines that match this regular expression; case counts when it holds a capital letter
    #[arg(long, value_name = "REGEX")]
    pub(super) grep: Option<String>,
    /// Lines that do not match this regular expression
    #[arg(long, value_name = "REGEX")]
    pub(super) not: Option<String>,
    /// Lines of this category: setup, progress, metrics, debug, system, other
    #[arg(long, value_name = "NAME")]
    pub(super) category: Option<String>,
    /// Rows with this correlation id
    #[arg(long, value_name = "ID")]
    pub(super) correlation_id: Option<String>,
    /// Lines of this rank
    #[arg(long, value_name = "N")]
    pub(super) rank: Option<u32>,
    /// Lines of this time or later: 2026-01-05T10:00, 10:00, or 10m before the newest line
    #[arg(long, value_name = "TIME")]
    pub(super) since: Option<String>,
    /// Lines before this time
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<String>,
    /// Print at most so many of the lines that match; 0 for all
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(super) limit: u64,
    /// Leave out so many of the lines that match first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) offset: u64,
    /// Count --offset and --limit from the newest line that matches
    #[arg(long)]
    pub(super) tail: bool,
    /// This file of the run instead of its main log
    #[arg(long, value_name = "NAME")]
    pub(super) source: Option<String>,
    /// Print JSON for other programs (schema 1)
    #[arg(long)]
    pub(super) json: bool,
}

/// Names of all commands, to tell a mistyped one from a missing path.
pub(super) const COMMANDS: [&str; 7] = ["status", "follow", "logs", "demo", "doctor", "completions", "man"];

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Cli {
        Cli::try_parse_from(line.split(' ')).expect(line)
    }

    #[test]
    fn clap_finds_no_fault() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_list_of_commands_is_whole() {
        let command = Cli::command();
        assert_eq!(command.get_subcommands().map(clap::Command::get_name).collect::<Vec<_>>(), COMMANDS);
    }

    #[test]
    fn global_options_stand_on_either_side() {
        for line in ["trainmon --stall-after 5m status --json x", "trainmon status x --json --stall-after 5m"]
        {
            let cli = parse(line);
            assert_eq!(cli.global.stall_after, Some(Duration::from_mins(5)));
            let Some(Command::Status { paths, json: true, write_progress: false }) = cli.command else {
                panic!("{line}")
            };
            assert_eq!(paths, [PathBuf::from("x")]);
        }
    }

    #[test]
    fn a_path_named_like_a_command_is_reached() {
        let cli = parse("trainmon ./status");
        assert!(cli.command.is_none());
        assert_eq!(cli.paths, [PathBuf::from("./status")]);
        let cli = parse("trainmon a status");
        assert!(cli.command.is_none(), "after a path, everything is a path");
        assert_eq!(cli.paths.len(), 2);
        let cli = parse("trainmon -- status");
        assert!(cli.command.is_none());
    }

    #[test]
    fn the_default_is_here() {
        assert_eq!(parse("trainmon --color never").paths, [PathBuf::from(".")]);
        assert_eq!(parse("trainmon -").paths, [PathBuf::from("-")]);
    }
}
