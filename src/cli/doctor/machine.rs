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
use crate::cli::monitor;
use crate::cli::settings;
use crate::cli::settings::Settings;
use crate::source::processes::Scanner;
use crate::source::processes::Sight;
use crate::ui::theme::Colours;
use crate::ui::theme::Theme;

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
    let theme = monitor::theme(settings);
    page.entry("colours", colours(settings, &theme), Mood::Fine);
    let (text, mood) = locale(&theme, |name| env::var(name).ok());
    page.entry("locale", text, mood);
    if env::var_os("TMUX").is_some() {
        tmux(page);
    }
    if env::var_os("SSH_CONNECTION").is_some() {
        page.entry("ssh", "yes", Mood::Fine);
    }
}

fn colours(settings: &Settings, theme: &Theme) -> &'static str {
    match theme.colours {
        Colours::True => "24 bit",
        Colours::Indexed => "256",
        Colours::Basic => "16: neither COLORTERM nor TERM tells of more",
        Colours::None if settings.no_color => "none: NO_COLOR is set",
        Colours::None => "none: they are turned off by the settings or by TERM",
    }
}

/// What the locale says of the characters that the terminal can show, and what is drawn for that.
fn locale(theme: &Theme, variable: impl Fn(&str) -> Option<String>) -> (String, Mood) {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| {
        variable(name).filter(|value| !value.is_empty()).map(|value| format!("{name}={value}"))
    });
    let set = set.unwrap_or_else(|| "no locale is set".to_owned());
    if theme.glyphs.ascii {
        (format!("{set}: drawn in plain ASCII; LC_ALL=C.UTF-8 gives curves and fine bars"), Mood::Mind)
    } else {
        (format!("{set}: drawn with curves and fine bars"), Mood::Fine)
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

/// Tells whether it can be seen which processes own a run.
pub(super) fn processes(page: &mut Page) {
    let sight = Scanner::system().map_or(Sight::None, |scanner| scanner.sight());
    let (text, mood) = seen(sight);
    page.entry("processes", text, mood);
}

fn seen(sight: Sight) -> (String, Mood) {
    match sight {
        Sight::None => {
            let what =
                "not seen at all (no /proc of Linux): the age of its files alone tells whether a run lives";
            (what.to_owned(), Mood::Mind)
        }
        Sight::All { seen } => (format!("all are seen ({seen}): those that own a run are told"), Mood::Fine),
        Sight::Part { seen, closed, hidden, own } => {
            let whose = if own { "own only" } else { "not all" };
            let others = if hidden { "others are hidden".to_owned() } else { format!("{closed} closed") };
            (format!("{whose} ({seen} seen, {others}): what others own is not known"), Mood::Fine)
        }
    }
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
    fn it_is_told_whose_processes_can_be_seen() {
        let none = seen(Sight::None);
        assert!(none.0.starts_with("not seen at all") && none.1 == Mood::Mind);
        assert_eq!(seen(Sight::All { seen: 9 }).0, "all are seen (9): those that own a run are told");
        let closed = seen(Sight::Part { seen: 9, closed: 70, hidden: false, own: true }).0;
        assert_eq!(closed, "own only (9 seen, 70 closed): what others own is not known");
        let hidden = seen(Sight::Part { seen: 9, closed: 0, hidden: true, own: false }).0;
        assert_eq!(hidden, "not all (9 seen, others are hidden): what others own is not known");
    }

    #[test]
    fn the_locale_is_told_with_what_is_drawn_for_it() {
        let told = |set: &'static [(&'static str, &'static str)]| {
            let variable = |name: &str| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            locale(&Theme::detect(&variable), variable)
        };
        assert_eq!(
            told(&[("LANG", "de_DE.UTF-8")]),
            ("LANG=de_DE.UTF-8: drawn with curves and fine bars".to_owned(), Mood::Fine)
        );
        assert_eq!(told(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]).1, Mood::Mind);
        assert_eq!(told(&[("LC_ALL", ""), ("LANG", "de_DE.UTF-8")]).1, Mood::Fine);
        assert!(told(&[]).0.starts_with("no locale is set: "));
    }
}
