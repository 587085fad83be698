//! The program in a real tmux: what a multiplexer does to it that a bare terminal does not.

use std::path::Path;
use std::process::Command;
use std::process::Output;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::pty::Start;
use crate::support::pty::cpu;
use crate::support::pty::has_ended;
use crate::support::pty::now;
use crate::support::pty::until;

static SERVERS: AtomicU32 = AtomicU32::new(0);

/// A tmux server of its own, with one session that runs the program.
struct Tmux {
    socket: String,
    home: tempfile::TempDir,
}

impl Tmux {
    fn start(cols: u16, rows: u16) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        for name in ["alpha-lora", "beta-full"] {
            let run = home.path().join(name);
            std::fs::create_dir(&run).expect("a folder");
            let text = "2026-01-05 10:00:00 INFO step 1/100 loss=2.0\n";
            std::fs::write(run.join("training.log"), text).expect("a file");
        }
        let number = SERVERS.fetch_add(1, Ordering::SeqCst);
        let tmux = Self { socket: format!("trainmon-{}-{number}", std::process::id()), home };
        let program = format!("exec {} {}", env!("CARGO_BIN_EXE_trainmon"), tmux.home.path().display());
        let (cols, rows) = (cols.to_string(), rows.to_string());
        tmux.ok(&["new-session", "-d", "-s", "main", "-x", &cols, "-y", &rows, &program]);
        tmux.shows("alpha-lora");
        tmux
    }

    fn command(&self, home: &Path) -> Command {
        let mut command = Command::new("tmux");
        command.args(["-L", &self.socket, "-f", "/dev/null"]);
        command.env_remove("TMUX").env("HOME", home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(self.home.path())
            .args(arguments)
            .output()
            .expect("tmux must be installed for these tests (apt-get install tmux, dnf install tmux, brew install tmux)")
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "tmux {arguments:?}: {complaint}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    fn text(&self) -> String {
        self.ok(&["capture-pane", "-p", "-t", "main"])
    }

    fn shows(&self, text: &str) {
        until(&format!("{text:?} in the pane"), || self.text().contains(text));
    }

    fn pid(&self) -> i32 {
        self.ok(&["display-message", "-p", "-t", "main", "#{pane_pid}"]).parse().expect("a pid")
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn it_survives_detaching_and_attaching_at_another_size() {
    let tmux = Tmux::start(120, 36);
    let attach = ["-L", &tmux.socket, "-f", "/dev/null", "attach", "-t", "main"];
    for (cols, rows) in [(120, 36), (80, 24), (150, 40)] {
        let start =
            Start { program: "tmux", arguments: attach.to_vec(), ..Start::shell(tmux.home.path(), "") };
        let mut client = start.size(cols, rows).go();
        client.shows("alpha-lora");
        // tmux keeps the last row for itself
        let size = format!("{cols}x{}", rows - 1);
        until("the pane's size", || {
            tmux.ok(&["display-message", "-p", "-t", "main", "#{pane_width}x#{pane_height}"]) == size
        });
        client.shows("beta-full");
        tmux.ok(&["detach-client", "-s", "main"]);
        client.ends();
        tmux.shows("alpha-lora");
    }
}

#[test]
fn it_follows_the_pane_s_size() {
    let tmux = Tmux::start(120, 36);
    tmux.ok(&["split-window", "-d", "-h", "-t", "main", "cat"]);
    until("drawn to half the width", || {
        let text = tmux.text();
        text.contains("alpha-lora") && text.lines().all(|line| line.chars().count() <= 60)
    });
    tmux.ok(&["resize-pane", "-Z", "-t", "main"]);
    tmux.shows("beta-full");
}

#[test]
fn keys_arrive_also_escape() {
    let tmux = Tmux::start(100, 30);
    tmux.ok(&["send-keys", "-t", "main", "/", "b", "e", "t"]);
    until("filtered", || !tmux.text().contains("alpha-lora"));
    tmux.ok(&["send-keys", "-t", "main", "Escape"]);
    tmux.shows("alpha-lora");
    tmux.ok(&["send-keys", "-t", "main", "q"]);
    until("the end of the session", || !tmux.run(&["has-session", "-t", "main"]).status.success());
}

#[test]
fn the_log_is_filtered_folded_and_copied_in_tmux_as_it_is_set_up_by_itself() {
    let tmux = Tmux::start(100, 30);
    let log = tmux.home.path().join("alpha-lora/training.log");
    let text = "2026-01-05 10:00:00 INFO step 1/100 loss=2.0\n2026-01-05 10:00:01 ERROR broken\n\
                Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: x\n";
    std::fs::write(log, text).expect("a log");
    let keys = |keys: &[&str]| tmux.ok(&[&["send-keys", "-t", "main"], keys].concat());
    // the run that was written last stands first
    keys(&["/", "a", "l", "p", "h", "a", "Enter", "3"]);
    tmux.shows("ValueError: x");
    keys(&["f"]);
    keys(&["-l", "level>=error"]);
    keys(&["Enter"]);
    until("filtered", || !tmux.text().contains("step 1/100"));
    keys(&["!", "c"]);
    tmux.shows("broken  +3 lines");
    keys(&["y"]);
    tmux.shows("4 lines sent to the clipboard");
    until("the text in the buffer of tmux", || {
        String::from_utf8_lossy(&tmux.run(&["show-buffer"]).stdout).contains("ERROR broken\nTraceback")
    });
}

#[test]
fn a_killed_session_ends_it_within_a_second() {
    let tmux = Tmux::start(100, 30);
    let pid = tmux.pid();
    let before = cpu(pid);
    let start = now();
    tmux.ok(&["kill-session", "-t", "main"]);
    let mut used = before;
    until("the end of the process", || {
        used = used.max(cpu(pid));
        has_ended(pid)
    });
    let took = start.elapsed();
    assert!(took < Duration::from_secs(1), "it took {took:?}");
    assert!(
        used.saturating_sub(before) < Duration::from_millis(300),
        "{:?} of processor time",
        used.saturating_sub(before)
    );
}
