//! The program on a terminal of its own: what it shows, what it is sent, and what becomes of both.
//!
//! Nothing here sleeps for a fixed time to see whether something happens: tests wait for facts, up to one deadline.

use std::fs::File;
use std::io::Read;
use std::io::Write;
use std::os::fd::AsFd;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Child;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use pty_process::Size;
use rustix::event::PollFd;
use rustix::event::PollFlags;
use rustix::event::Timespec;
use rustix::process::Pid;
use rustix::process::Signal;
use rustix::termios::LocalModes;

/// How long a fact is waited for: long, for the machine may be busy; only a failure takes as long.
const PATIENCE: Duration = Duration::from_secs(20);

#[expect(clippy::disallowed_methods, reason = "tests from outside measure real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Waits until `fact` holds; `what` it is, is told when it never does.
pub(crate) fn until(what: &str, mut fact: impl FnMut() -> bool) {
    let start = now();
    while !fact() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// What the terminal got.
struct Got {
    screen: vt100::Parser,
    bytes: Vec<u8>,
}

/// A program and its terminal.
pub(crate) struct Session {
    child: Child,
    terminal: Option<File>,
    got: Arc<Mutex<Got>>,
    stop: Arc<AtomicBool>,
    deaf: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

/// How a program is started.
pub(crate) struct Start<'a> {
    pub(crate) program: &'a str,
    pub(crate) arguments: Vec<&'a str>,
    pub(crate) env: Vec<(&'a str, &'a str)>,
    pub(crate) home: &'a Path,
    pub(crate) size: (u16, u16),
    /// Whether the terminal controls the program: without that no signal tells of its end.
    pub(crate) controls: bool,
}

impl<'a> Start<'a> {
    /// `trainmon FOLDER` on 120x36.
    pub(crate) fn trainmon(folder: &'a Path) -> Self {
        let arguments = vec![folder.to_str().expect("a path in UTF-8")];
        let program = env!("CARGO_BIN_EXE_trainmon");
        Self { program, arguments, env: Vec::new(), home: folder, size: (120, 36), controls: true }
    }

    /// A line for `sh`.
    pub(crate) fn shell(home: &'a Path, line: &'a str) -> Self {
        let arguments = vec!["-c", line];
        Self { program: "sh", arguments, env: Vec::new(), home, size: (120, 36), controls: true }
    }

    pub(crate) fn env(mut self, name: &'a str, value: &'a str) -> Self {
        self.env.push((name, value));
        self
    }

    pub(crate) fn size(mut self, cols: u16, rows: u16) -> Self {
        self.size = (cols, rows);
        self
    }

    pub(crate) fn without_control(mut self) -> Self {
        self.controls = false;
        self
    }

    pub(crate) fn go(self) -> Session {
        let (pty, pts) = pty_process::blocking::open().expect("a pty");
        let (cols, rows) = self.size;
        pty.resize(Size::new(rows, cols)).expect("a size");
        let mut command = std::process::Command::new(self.program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8").env("PS1", "$ ");
        command.envs(self.env).args(self.arguments).current_dir(self.home);
        let child = if self.controls {
            pty_process::blocking::Command::from(command).spawn(pts).expect("the program starts")
        } else {
            let end = || Stdio::from(pts.as_fd().try_clone_to_owned().expect("a descriptor"));
            command.stdin(end()).stdout(end()).stderr(end()).spawn().expect("the program starts")
        };
        let terminal = File::from(OwnedFd::from(pty));
        let screen = vt100::Parser::new(nonzero(rows), nonzero(cols), 0);
        let got = Arc::new(Mutex::new(Got { screen, bytes: Vec::new() }));
        let stop = Arc::new(AtomicBool::new(false));
        let deaf = Arc::new(AtomicBool::new(false));
        let reader = listen(terminal.try_clone().expect("a descriptor"), &got, &stop, &deaf);
        Session { child, terminal: Some(terminal), got, stop, deaf, reader: Some(reader) }
    }
}

fn nonzero(n: u16) -> std::num::NonZeroU16 {
    n.try_into().expect("at least 1")
}

/// Reads what the program writes, until it is told to stop.
fn listen(
    mut terminal: File,
    got: &Arc<Mutex<Got>>,
    stop: &Arc<AtomicBool>,
    deaf: &Arc<AtomicBool>,
) -> JoinHandle<()> {
    let (got, stop, deaf) = (Arc::clone(got), Arc::clone(stop), Arc::clone(deaf));
    let tick = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };
    thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while !stop.load(Ordering::SeqCst) {
            let mut fds = [PollFd::new(&terminal, PollFlags::IN)];
            let ready = rustix::event::poll(&mut fds, Some(&tick)).unwrap_or(0) > 0;
            if deaf.load(Ordering::SeqCst) || !ready {
                thread::sleep(Duration::from_millis(if ready { 5 } else { 0 }));
                continue;
            }
            let Ok(n) = terminal.read(&mut buffer) else {
                // all ends at the program's side are closed
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            let mut got = lock(&got);
            got.screen.process(&buffer[..n]);
            got.bytes.extend_from_slice(&buffer[..n]);
        }
    })
}

fn lock(got: &Mutex<Got>) -> MutexGuard<'_, Got> {
    got.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Session {
    fn terminal(&self) -> &File {
        self.terminal.as_ref().expect("the terminal is still there")
    }

    /// The screen as text.
    pub(crate) fn text(&self) -> String {
        lock(&self.got).screen.screen().contents()
    }

    /// How many bytes the program has written so far.
    pub(crate) fn bytes(&self) -> usize {
        lock(&self.got).bytes.len()
    }

    /// All that was written from byte `from` on.
    pub(crate) fn written_since(&self, from: usize) -> String {
        String::from_utf8_lossy(&lock(&self.got).bytes[from..]).into_owned()
    }

    /// Whether the other screen is shown, the cursor hidden, pasting bracketed.
    pub(crate) fn modes(&self) -> [bool; 3] {
        let got = lock(&self.got);
        let screen = got.screen.screen();
        [screen.alternate_screen(), screen.hide_cursor(), screen.bracketed_paste()]
    }

    /// Whether the terminal echoes and hands over whole lines, as a shell expects it.
    pub(crate) fn is_cooked(&self) -> bool {
        let modes = rustix::termios::tcgetattr(self.terminal()).expect("the terminal's modes");
        modes.local_modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    pub(crate) fn send(&self, bytes: &str) {
        let mut terminal = self.terminal();
        terminal.write_all(bytes.as_bytes()).expect("the terminal takes keys");
    }

    pub(crate) fn resize(&self, cols: u16, rows: u16) {
        lock(&self.got).screen.set_size(nonzero(rows), nonzero(cols));
        let size = rustix::termios::Winsize { ws_col: cols, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        rustix::termios::tcsetwinsize(self.terminal(), size).expect("a size");
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn shows(&self, text: &str) {
        self.until(&format!("{text:?} on screen"), |screen| screen.contains(text));
    }

    /// Waits until the screen does not show `text`.
    pub(crate) fn hides(&self, text: &str) {
        self.until(&format!("{text:?} gone from the screen"), |screen| !screen.contains(text));
    }

    pub(crate) fn until(&self, what: &str, mut fact: impl FnMut(&str) -> bool) {
        let start = now();
        loop {
            let text = self.text();
            if fact(&text) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "never: {what}. The screen shows:\n{text}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until nothing was written for so long.
    pub(crate) fn quiet_for(&self, span: Duration) {
        let (start, mut since, mut bytes) = (now(), now(), self.bytes());
        while since.elapsed() < span {
            assert!(start.elapsed() < PATIENCE, "never quiet");
            thread::sleep(Duration::from_millis(10));
            if self.bytes() != bytes {
                (since, bytes) = (now(), self.bytes());
            }
        }
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("a signal");
    }

    /// Stops reading what the program writes, as a dead link does.
    pub(crate) fn go_deaf(&self) {
        self.deaf.store(true, Ordering::SeqCst);
    }

    /// Takes the terminal away, as closing its window does.
    pub(crate) fn vanish(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader ends");
        }
        self.terminal = None;
    }

    /// Waits for the program to end, and tells how and after how long.
    pub(crate) fn ends(&mut self) -> (ExitStatus, Duration) {
        let start = now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                if self.terminal.is_some() && !self.deaf.load(Ordering::SeqCst) {
                    self.quiet_for(Duration::from_millis(30));
                }
                return (status, start.elapsed());
            }
            assert!(start.elapsed() < PATIENCE, "it does not end. The screen shows:\n{}", self.text());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Processor time that the program has used.
    pub(crate) fn cpu(&self) -> Duration {
        cpu(self.pid().as_raw_nonzero().get())
    }
}

/// Processor time that a process has used; none when it is gone.
pub(crate) fn cpu(pid: i32) -> Duration {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return Duration::ZERO };
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().expect("a number")).sum();
    // USER_HZ has been 100 on every Linux since there is one
    Duration::from_millis(ticks * 10)
}

/// Whether a process has ended; one that nobody has asked for its end yet has ended all the same.
pub(crate) fn has_ended(pid: i32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return true };
    stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['Z', 'X']))
}

impl Drop for Session {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // the child may be gone, and a stopped one must be able to die
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
