//! What holds in the end: option over environment over settings file over default.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use directories::ProjectDirs;

use super::args::Color;
use super::args::Global;
use super::args::ThemeName;
use super::config;
use super::config::Config;
use super::failure::Failure;
use crate::model::rules::Rules;
use crate::parse::redact::Redactor;
use crate::parse::user::UserFormats;

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Settings {
    /// How runs are judged.
    pub(super) rules: Rules,
    /// Whether `--stall-after` (or its equal elsewhere) was set at all: the demo has a shorter default.
    pub(super) stall_after_is_set: bool,
    /// When to colour.
    pub(super) color: Color,
    /// For which background.
    pub(super) theme: ThemeName,
    /// Whether `NO_COLOR` is set.
    pub(super) no_color: bool,
    /// Where diagnostics go, when that was told.
    pub(super) log_file: Option<PathBuf>,
    /// Lines that the user teaches.
    pub(super) formats: UserFormats,
    /// What is taken out of text before anybody sees it.
    pub(super) redactor: Redactor,
}

impl Settings {
    /// Reads the settings file and puts the layers together. `global` holds options and environment already.
    pub(super) fn load(global: &Global) -> Result<Self, Failure> {
        let config = match &global.config {
            Some(path) => read(path)?.ok_or_else(|| {
                Failure::Usage(format!("{}: no such settings file (--config)", path.display()))
            })?,
            None => match config_path() {
                Some(path) => read(&path)?.unwrap_or_default(),
                None => Config::default(),
            },
        };
        Ok(Self::layer(global, config, Self::from_environment().no_color))
    }

    /// Defaults, and what the environment says without being asked.
    pub(super) fn from_environment() -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { no_color, ..Self::default() }
    }

    fn layer(global: &Global, config: Config, no_color: bool) -> Self {
        let default = Rules::default();
        let stall_after = global.stall_after.or(config.stall_after);
        Self {
            rules: Rules {
                stall_after: stall_after.unwrap_or(default.stall_after),
                running_window: global
                    .running_window
                    .or(config.running_window)
                    .unwrap_or(default.running_window),
                outdated_after: global
                    .outdated_after
                    .or(config.outdated_after)
                    .unwrap_or(default.outdated_after),
            },
            stall_after_is_set: stall_after.is_some(),
            color: global.color.or(config.color).unwrap_or_default(),
            theme: global.theme.or(config.theme).unwrap_or_default(),
            no_color,
            log_file: global.log_file.clone(),
            formats: config.formats,
            redactor: config.redactor,
        }
    }

    /// Whether to colour what goes to a place that is a terminal or not.
    pub(super) fn colours(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !self.no_color && !dumb(),
        }
    }
}

/// Whether the terminal says of itself that it can do nothing.
pub(super) fn dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

fn read(path: &Path) -> Result<Option<Config>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => config::parse(&text)
            .map(Some)
            .map_err(|error| Failure::Usage(format!("{}:{error}", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(Failure::Usage(format!("{}: cannot read the settings file: {error}", path.display())))
        }
    }
}

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "trainmon")
}

/// Where the settings file is looked for; `None` when there is no home folder.
pub(super) fn config_path() -> Option<PathBuf> {
    project().map(|dirs| dirs.config_dir().join("config.toml"))
}

/// The one folder that is written in besides; `None` when there is no home folder.
pub(super) fn state_folder() -> Option<PathBuf> {
    project().map(|dirs| dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_path_buf())
}

/// Where diagnostics go unless told otherwise; `None` when there is no home folder.
pub(super) fn log_path() -> Option<PathBuf> {
    project().map(|dirs| dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).join("trainmon.log"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn nothing() -> Global {
        Global {
            stall_after: None,
            running_window: None,
            outdated_after: None,
            color: None,
            theme: None,
            config: None,
            log_file: None,
        }
    }

    #[test]
    fn an_option_wins_over_the_file_and_that_over_the_default() {
        let minutes = |n: u64| Some(Duration::from_mins(n));
        let config = Config {
            stall_after: minutes(3),
            color: Some(Color::Never),
            theme: Some(ThemeName::Light),
            ..Config::default()
        };
        let settings =
            Settings::layer(&Global { stall_after: minutes(5), ..nothing() }, config.clone(), false);
        assert_eq!(settings.rules.stall_after, Duration::from_mins(5));
        assert_eq!(settings.color, Color::Never);
        assert_eq!(settings.theme, ThemeName::Light);
        assert_eq!(settings.rules.running_window, Rules::default().running_window);
        let settings = Settings::layer(&nothing(), config, false);
        assert_eq!(settings.rules.stall_after, Duration::from_mins(3));
        assert!(settings.stall_after_is_set);
        assert!(!Settings::layer(&nothing(), Config::default(), false).stall_after_is_set);
    }

    #[test]
    fn no_color_counts_only_where_nothing_asks_for_colour() {
        let with = |color, no_color| Settings { color, no_color, ..Settings::default() };
        assert!(with(Color::Always, true).colours(false));
        assert!(!with(Color::Never, false).colours(true));
        assert!(!with(Color::Auto, true).colours(true));
        assert!(!with(Color::Auto, false).colours(false));
    }
}
