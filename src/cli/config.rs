//! The settings file: text in, settings out, and an error that names the line.

mod formats;
mod redact;

use std::ops::Range;
use std::time::Duration;

use clap::ValueEnum;
use toml::de::DeTable;
use toml::de::DeValue;

use super::args::Color;
use super::args::ThemeName;
use super::span;
use crate::parse::redact::Redactor;
use crate::parse::user::UserFormats;

/// Every key that a settings file may hold.
pub(super) const KEYS: [&str; 7] =
    ["stall_after", "running_window", "outdated_after", "color", "theme", "format", "redact"];

/// What a settings file sets.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Config {
    /// As `--stall-after`.
    pub(super) stall_after: Option<Duration>,
    /// As `--running-window`.
    pub(super) running_window: Option<Duration>,
    /// As `--outdated-after`.
    pub(super) outdated_after: Option<Duration>,
    /// As `--color`.
    pub(super) color: Option<Color>,
    /// As `--theme`.
    pub(super) theme: Option<ThemeName>,
    /// Lines that the user teaches.
    pub(super) formats: UserFormats,
    /// What is redacted besides what is built in.
    pub(super) redactor: Redactor,
}

/// Reads the text of a settings file. The error begins with the line number: `3: unknown key …`; what is wrong with a format may
/// take further lines to explain.
pub(super) fn parse(text: &str) -> Result<Config, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let table = DeTable::parse(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        at(text, error.span(), &message)
    })?;
    let mut config = Config::default();
    for (key, value) in table.get_ref() {
        let name: &str = key.get_ref();
        let wrong = |what: String| at(text, Some(value.span()), &format!("{name}: {what}"));
        match name {
            "stall_after" => config.stall_after = Some(duration(value.get_ref()).map_err(wrong)?),
            "running_window" => config.running_window = Some(duration(value.get_ref()).map_err(wrong)?),
            "outdated_after" => config.outdated_after = Some(duration(value.get_ref()).map_err(wrong)?),
            "color" => {
                let known = "must be \"auto\", \"always\" or \"never\"";
                config.color = Some(one_of(value.get_ref(), known).map_err(wrong)?);
            }
            "theme" => {
                let known = "must be \"auto\", \"dark\" or \"light\"";
                config.theme = Some(one_of(value.get_ref(), known).map_err(wrong)?);
            }
            "format" => config.formats = formats::read(text, value)?,
            "redact" => config.redactor = redact::read(text, value)?,
            _ => return Err(at(text, Some(key.span()), &formats::unknown(name, &KEYS))),
        }
    }
    Ok(config)
}

fn duration(value: &DeValue<'_>) -> Result<Duration, String> {
    match value.as_str() {
        Some(text) => span::parse(text),
        None => Err("must be a span of time in quotes, such as \"10m\"".to_owned()),
    }
}

fn one_of<T: ValueEnum>(value: &DeValue<'_>, known: &str) -> Result<T, String> {
    value.as_str().and_then(|text| T::from_str(text, false).ok()).ok_or_else(|| known.to_owned())
}

fn at(text: &str, span: Option<Range<usize>>, what: &str) -> String {
    let before = span.and_then(|span| text.get(..span.start)).unwrap_or("");
    format!("{}: {what}", before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;

    #[test]
    fn the_shipped_file_says_what_the_code_does() {
        let text = include_str!("../../assets/config.toml");
        let rules = Rules::default();
        let expected = Config {
            stall_after: Some(rules.stall_after),
            running_window: Some(rules.running_window),
            outdated_after: Some(rules.outdated_after),
            color: Some(Color::default()),
            theme: Some(ThemeName::default()),
            formats: UserFormats::default(),
            redactor: Redactor::default(),
        };
        assert_eq!(parse(text), Ok(expected));
        for key in KEYS {
            let shown = [format!("{key} = "), format!("# [[{key}]]"), format!("# [{key}]")];
            assert!(
                text.lines().any(|line| shown.iter().any(|shown| line.starts_with(shown))),
                "{key} is not in assets/config.toml"
            );
        }
    }

    #[test]
    fn nothing_has_to_be_set() {
        assert_eq!(parse(""), Ok(Config::default()));
        assert_eq!(parse("# only a comment\n"), Ok(Config::default()));
        let config = parse("\u{feff}color = 'never'\r\n").expect("one key");
        assert_eq!(config, Config { color: Some(Color::Never), ..Config::default() });
    }

    #[test]
    fn errors_name_the_line_and_teach() {
        for (text, expected) in [
            ("\n\nstall-after = '5m'", "3: unknown key `stall-after`; did you mean `stall_after`?"),
            (
                "[screens]\nx = 1",
                "1: unknown key `screens`; known are stall_after, running_window, outdated_after, color, theme, format, redact",
            ),
            (
                "\"a\\tb\\u001b[2J\" = 1",
                "1: unknown key `a b`; known are stall_after, running_window, outdated_after, color, theme, format, redact",
            ),
            (
                "color = 'never'\nstall_after = 600",
                "2: stall_after: must be a span of time in quotes, such as \"10m\"",
            ),
            ("color = true", "1: color: must be \"auto\", \"always\" or \"never\""),
            ("theme = 'pink'", "1: theme: must be \"auto\", \"dark\" or \"light\""),
            ("color = 'pink'", "1: color: must be \"auto\", \"always\" or \"never\""),
        ] {
            assert_eq!(parse(text), Err(expected.to_owned()));
        }
        let error = parse("color = 'never'\nstall_after = '10 minutes'").expect_err("a bad unit");
        assert!(error.starts_with("2: stall_after: it has an unknown unit `minutes`"), "{error}");
        let error = parse("a = 1\nb = = 2\n").expect_err("bad TOML");
        assert!(error.starts_with("2: "), "{error}");
        let error = parse("color = 'never'\ncolor = 'auto'").expect_err("twice");
        assert!(error.starts_with("2: ") && error.contains("duplicate"), "{error}");
    }
}
