//! What the terminal, the kernel's limits and our own files are like here.

use std::env;
use std::fs;
use std::io;
use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use rustix::process::Resource;
use rustix::process::getrlimit;

use super::page::Mood;
use super::page::Page;
use crate::cli::settings;
use crate::cli::settings::Settings;

/// Tells of the terminal.
pub(super) fn terminal(page: &mut Page, settings: &Settings) {
    page.section("Terminal");
    let tty = |page: &mut Page, name, is: bool| {
        let otherwise = "not a terminal: the monitor cannot open here";
        let (text, mood) = if is { ("a terminal", Mood::Fine) } else { (otherwise, Mood::Mind) };
        page.entry(name, text, mood);
    };
    tty(page, "standard input", io::stdin().is_terminal());
    tty(page, "standard output", io::stdout().is_terminal());
    if let Ok(size) = rustix::termios::tcgetwinsize(io::stdout()) {
        let small = size.ws_col < 40 || size.ws_row < 10;
        let note = if small { ": too small, the monitor needs 40 x 10" } else { "" };
        let mood = if small { Mood::Mind } else { Mood::Fine };
        page.entry("size", format!("{} x {}{note}", size.ws_col, size.ws_row), mood);
    }
    let term = env::var("TERM").unwrap_or_default();
    match term.as_str() {
        "" => page.entry("TERM", "not set: the monitor cannot open here", Mood::Mind),
        "dumb" => page.entry("TERM", "dumb: the monitor cannot open here", Mood::Mind),
        _ => page.entry("TERM", term.as_str(), Mood::Fine),
    }
    page.entry("colours", colours(settings, &term), Mood::Fine);
    let (text, mood) = locale(|name| env::var(name).ok());
    page.entry("UTF-8", text, mood);
    if env::var_os("TMUX").is_some() {
        tmux(page);
    }
    if env::var_os("SSH_CONNECTION").is_some() {
        page.entry("ssh", "yes", Mood::Fine);
    }
}

fn colours(settings: &Settings, term: &str) -> String {
    if !settings.colours(true) {
        let why = if settings.no_color {
            "NO_COLOR is set"
        } else {
            "they are turned off by the settings or by TERM"
        };
        return format!("none: {why}");
    }
    let deep = env::var("COLORTERM").unwrap_or_default();
    if deep == "truecolor" || deep == "24bit" {
        format!("24 bit (COLORTERM={deep})")
    } else if term.contains("256") || term.contains("direct") {
        "256 (by TERM)".to_owned()
    } else {
        "16 (neither COLORTERM nor TERM tells of more)".to_owned()
    }
}

/// Whether the locale is one of UTF-8, as libc decides it: the first of three variables that is set.
fn locale(variable: impl Fn(&str) -> Option<String>) -> (String, Mood) {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value)));
    match set {
        Some((name, value)) => {
            let plain = value.to_ascii_lowercase().replace('-', "");
            if plain.contains("utf8") {
                (format!("yes ({name}={value})"), Mood::Fine)
            } else {
                (
                    format!("not by {name}={value}; bars and curves may look wrong, try LC_ALL=C.UTF-8"),
                    Mood::Mind,
                )
            }
        }
        None => {
            ("no locale is set; bars and curves may look wrong, try LC_ALL=C.UTF-8".to_owned(), Mood::Mind)
        }
    }
}

fn tmux(page: &mut Page) {
    let ask = |arguments: &[&str]| {
        let output =
            Command::new("tmux").args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (output.status.success() && !text.is_empty()).then_some(text)
    };
    match ask(&["-V"]) {
        Some(version) => page.entry("tmux", version.trim_start_matches("tmux "), Mood::Fine),
        None => return page.entry("tmux", "yes, but the tmux command cannot be asked", Mood::Fine),
    }
    if let Some(value) = ask(&["show", "-gv", "focus-events"]) {
        let (text, mood) = if value == "on" {
            ("on".to_owned(), Mood::Fine)
        } else {
            (format!("{value}: trainmon cannot tell when you look away; set -g focus-events on"), Mood::Mind)
        };
        page.detail("focus-events", text, mood);
    }
    if let Some(value) = ask(&["show", "-gv", "default-terminal"]) {
        let poor = !value.contains("256color") && !value.contains("direct");
        let note = if poor { ": few colours; set -g default-terminal tmux-256color" } else { "" };
        page.detail("default-terminal", format!("{value}{note}"), if poor { Mood::Mind } else { Mood::Fine });
    }
}

/// Tells of the kernel's limits that matter to watching many files.
pub(super) fn limits(page: &mut Page) {
    page.section("Watching");
    for (name, file, few, note) in [
        (
            "inotify watches",
            "max_user_watches",
            8192,
            "folders beyond that are found changed by looking, some seconds later",
        ),
        (
            "inotify instances",
            "max_user_instances",
            16,
            "when other programs hold them all, changes are found by looking",
        ),
        ("inotify queue", "max_queued_events", 1024, "when it runs over, everything is looked at again"),
    ] {
        let path = format!("/proc/sys/fs/inotify/{file}");
        match fs::read_to_string(&path).ok().and_then(|text| text.trim().parse::<u64>().ok()) {
            Some(count) if count < few => page.entry(name, format!("{count}: {note}"), Mood::Mind),
            Some(count) => page.entry(name, count.to_string(), Mood::Fine),
            None => page.entry(name, format!("not known ({path} cannot be read)"), Mood::Fine),
        }
    }
    let limit = getrlimit(Resource::Nofile);
    let count = |value: Option<u64>| value.map_or_else(|| "unlimited".to_owned(), |value| value.to_string());
    let low = limit.maximum.is_some_and(|most| most < 512);
    let note = if low {
        ": files are opened and closed in turn, which costs time; raise it by ulimit -n"
    } else {
        ""
    };
    page.entry(
        "open files",
        format!("{} (at most {}){note}", count(limit.current), count(limit.maximum)),
        if low { Mood::Mind } else { Mood::Fine },
    );
}

/// Tells of trainmon's own files.
pub(super) fn own_files(page: &mut Page, settings: &Settings, config: Option<&Path>) {
    page.section("Own files");
    let path = config.map(Path::to_path_buf).or_else(settings::config_path);
    let (text, mood) = match path {
        Some(path) if path.exists() => (path.display().to_string(), Mood::Fine),
        Some(path) => (format!("{} (not there: defaults hold)", path.display()), Mood::Fine),
        None => ("none: there is no home folder".to_owned(), Mood::Mind),
    };
    page.entry("settings", text, mood);
    let path = settings.log_file.clone().or_else(settings::log_path);
    let (text, mood) = match path {
        Some(path) => (path.display().to_string(), Mood::Fine),
        None => ("none: there is no home folder; --log-file names a place".to_owned(), Mood::Mind),
    };
    page.entry("diagnostics", text, mood);
    let rules = settings.rules;
    page.entry("stall-after", crate::cli::span::show(rules.stall_after), Mood::Fine);
    page.entry("running-window", crate::cli::span::show(rules.running_window), Mood::Fine);
    page.entry("outdated-after", crate::cli::span::show(rules.outdated_after), Mood::Fine);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let with = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> =
                set.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            locale(move |name| set.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
        };
        assert_eq!(with(&[("LANG", "de_DE.UTF-8")]).1, Mood::Fine);
        assert_eq!(with(&[("LC_ALL", "C.utf8"), ("LANG", "C")]).1, Mood::Fine);
        assert_eq!(with(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]).1, Mood::Mind);
        assert_eq!(with(&[("LC_ALL", ""), ("LANG", "de_DE.UTF-8")]).1, Mood::Fine);
        assert_eq!(with(&[]).1, Mood::Mind);
    }
}
