//! Runs the user's pager or editor on a file, in the foreground of the terminal that was given back.
//!
//! The program stays in our process group, so that the shell's job control means both: a key that stops it stops us as well, and
//! `fg` lets both go on.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use rustix::io::Errno;
use rustix::process::Pid;
use rustix::process::WaitOptions;

use crate::app::effect::Outside;
use crate::runtime::signals;

/// Runs it to its end. The error says what to do.
pub(super) fn run(outside: &Outside) -> Result<(), String> {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let (names, line): (&[&str], _) = if outside.edit {
        (&["VISUAL", "EDITOR"], var("VISUAL").or_else(|| var("EDITOR")).unwrap_or_else(|| "vi".to_owned()))
    } else {
        (&["PAGER"], var("PAGER").unwrap_or_else(|| "less".to_owned()))
    };
    let mut words = line.split_whitespace();
    let program = words.next().unwrap_or_default();
    let name = names.last().copied().unwrap_or_default();
    let mut command = Command::new(program);
    command.args(words).args(arguments(program, outside));
    let child =
        command.spawn().map_err(|error| format!("{program} cannot be started ({error}): set ${name}"))?;
    let told = await_end(child.id(), program);
    drop(child);
    told
}

/// Waits for the end of the child, and stops with it.
fn await_end(id: u32, program: &str) -> Result<(), String> {
    let lost = |what: &dyn std::fmt::Display| format!("{program} is lost sight of: {what}");
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw).ok_or_else(|| lost(&"no process"))?;
    loop {
        match rustix::process::waitpid(Some(pid), WaitOptions::UNTRACED) {
            Ok(Some((_, status))) if status.stopped() => {
                if signals::can_stop() {
                    signals::stop(true).map_err(|error| lost(&error))?;
                } else if let Err(error) = rustix::process::kill_process(pid, rustix::process::Signal::CONT) {
                    // nobody else could let it go on
                    return Err(lost(&error));
                }
            }
            Ok(Some((_, status))) => {
                return match status.exit_status() {
                    Some(127 | 126) => Err(format!("{program} could not be run")),
                    _ => Ok(()),
                };
            }
            Ok(None) | Err(Errno::INTR) => {}
            Err(error) => return Err(lost(&error)),
        }
    }
}

/// The file, and before or behind it what leads to the line, as each program wants it.
fn arguments(program: &str, outside: &Outside) -> Vec<OsString> {
    let name = Path::new(program).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = outside.path.clone().into_os_string();
    let at_line = |line: u64| {
        let mut both = outside.path.clone().into_os_string();
        both.push(format!(":{line}"));
        both
    };
    match (name.as_str(), outside.line) {
        // a byte leads it straight there, whatever is before it
        ("less", _) => vec![format!("+{}P", outside.offset).into(), "--".into(), file],
        ("code" | "codium" | "code-insiders", Some(line)) => {
            vec!["--wait".into(), "-g".into(), at_line(line)]
        }
        ("code" | "codium" | "code-insiders", None) => vec!["--wait".into(), file],
        ("hx" | "helix" | "subl" | "zed", Some(line)) => vec![at_line(line)],
        ("vim" | "nvim" | "gvim" | "view", None) => vec![format!("+{}go", outside.offset + 1).into(), file],
        (
            "vi" | "vim" | "nvim" | "gvim" | "view" | "nano" | "emacs" | "emacsclient" | "micro" | "kak"
            | "joe" | "mg" | "ne" | "more" | "most",
            Some(line),
        ) => vec![format!("+{line}").into(), file],
        _ => vec![file],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_is_led_to_the_line_in_its_own_way() {
        let told = |program: &str, line: Option<u64>| -> Vec<String> {
            let path = "/runs/a b/x.log".into();
            let outside = Outside { edit: true, path, line, offset: 99 };
            arguments(program, &outside).into_iter().map(|word| word.into_string().unwrap()).collect()
        };
        assert_eq!(told("/usr/bin/less", Some(7)), ["+99P", "--", "/runs/a b/x.log"]);
        assert_eq!(told("vim", Some(7)), ["+7", "/runs/a b/x.log"]);
        assert_eq!(told("nvim", None), ["+100go", "/runs/a b/x.log"]);
        assert_eq!(told("hx", Some(7)), ["/runs/a b/x.log:7"]);
        assert_eq!(told("code", Some(7)), ["--wait", "-g", "/runs/a b/x.log:7"]);
        assert_eq!(told("unheard-of", Some(7)), ["/runs/a b/x.log"]);
    }
}
