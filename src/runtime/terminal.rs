//! The terminal: taken, and in every case given back as it was.
//!
//! What must be undone is kept in one place for the whole process, because a panic must be able to undo it from wherever it
//! strikes. Giving back twice is harmless. Nothing here waits for a terminal that has stopped to listen.

use std::io;
use std::os::fd::AsFd;
use std::os::fd::BorrowedFd;
use std::os::fd::OwnedFd;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::TryLockError;
use std::time::Duration;

use crossterm::cursor::Hide;
use crossterm::cursor::Show;
use crossterm::event::DisableBracketedPaste;
use crossterm::event::DisableFocusChange;
use crossterm::event::EnableBracketedPaste;
use crossterm::event::EnableFocusChange;
use crossterm::queue;
use crossterm::terminal::DisableLineWrap;
use crossterm::terminal::EnableLineWrap;
use crossterm::terminal::EndSynchronizedUpdate;
use crossterm::terminal::EnterAlternateScreen;
use crossterm::terminal::LeaveAlternateScreen;
use rustix::event::PollFd;
use rustix::event::PollFlags;
use rustix::event::Timespec;
use rustix::io::Errno;
use rustix::termios::OptionalActions;
use rustix::termios::Termios;

use super::frames::Frames;

/// A terminal that does not take a few bytes for so long is not waited for.
const PATIENCE: Duration = Duration::from_millis(300);
/// What a terminal without a size is taken for.
const USUAL: (u16, u16) = (80, 24);
/// More cells than this nobody sees: a pty may claim any size.
const MOST: (u16, u16) = (1_000, 500);

/// Why there is no screen.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Standard output goes elsewhere.
    #[error(
        "the screen needs a terminal, and standard output is none; `trainmon status` prints the runs as text"
    )]
    NoTerminal,
    /// `TERM` names a terminal without a cursor that can be moved.
    #[error(
        "the screen needs a terminal that can place its cursor, and this one cannot (TERM=dumb); `trainmon status` prints the \
         runs as text"
    )]
    Dumb,
    /// There is nothing to read keys from.
    #[error("the screen needs keys, and neither standard input nor /dev/tty is a terminal: {0}")]
    NoKeys(#[source] io::Error),
    /// The terminal refused.
    #[error("the terminal cannot be set up: {0}")]
    Refused(#[from] io::Error),
}

/// What it takes to give the terminal back.
struct Held {
    keys: OwnedFd,
    screen: OwnedFd,
    cooked: Termios,
    frames: Frames,
}

/// The terminal while it is ours.
static HELD: Mutex<Option<Held>> = Mutex::new(None);

fn held() -> MutexGuard<'static, Option<Held>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where keys come from and frames go to. Gives the terminal back when dropped.
#[derive(Debug)]
pub struct Terminal {
    keys: OwnedFd,
    screen: OwnedFd,
    frames: Frames,
}

impl Terminal {
    /// Finds the terminal; nothing about it changes yet.
    pub fn open() -> Result<Self, TerminalError> {
        let stdout = rustix::stdio::stdout();
        if !rustix::termios::isatty(stdout) {
            return Err(TerminalError::NoTerminal);
        }
        if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
            return Err(TerminalError::Dumb);
        }
        let screen = stdout.try_clone_to_owned()?;
        let frames = Frames::start(std::fs::File::from(screen.try_clone()?))?;
        Ok(Self { keys: keys()?, screen, frames })
    }

    /// Raw keys, the other screen, no cursor. Called again after something else may have changed the terminal, it sets all anew.
    pub fn take(&self) -> io::Result<()> {
        let mut held = held();
        let keys = self.keys.as_fd();
        let cooked = match held.take() {
            Some(before) => before.cooked,
            None => rustix::termios::tcgetattr(keys)?,
        };
        let mut raw = cooked.clone();
        raw.make_raw();
        *held = Some(Held {
            keys: self.keys.try_clone()?,
            screen: self.screen.try_clone()?,
            cooked,
            frames: self.frames.clone(),
        });
        // first the modes: in the background this is where the process stops, before it has drawn over a shell
        set(keys, &raw)?;
        let mut bytes = Vec::new();
        queue!(bytes, EnterAlternateScreen, Hide, DisableLineWrap, EnableBracketedPaste, EnableFocusChange)?;
        send(self.screen.as_fd(), &bytes)
    }

    /// A handle to read keys by.
    pub fn keys(&self) -> io::Result<OwnedFd> {
        self.keys.try_clone()
    }

    /// Takes frames.
    pub fn frames(&self) -> &Frames {
        &self.frames
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        let size = rustix::termios::tcgetwinsize(self.screen.as_fd());
        let (cols, rows) = size.map_or((0, 0), |size| (size.ws_col, size.ws_row));
        let one = |told: u16, usual: u16, most: u16| if told == 0 { usual } else { told.min(most) };
        (one(cols, USUAL.0, MOST.0), one(rows, USUAL.1, MOST.1))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Standard input if it is a terminal, else the one that controls this process: with `-` among the paths the log comes in by
/// standard input, and the keys from the terminal all the same.
fn keys() -> Result<OwnedFd, TerminalError> {
    let stdin = rustix::stdio::stdin();
    if rustix::termios::isatty(stdin) {
        return Ok(stdin.try_clone_to_owned()?);
    }
    std::fs::File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .map(OwnedFd::from)
        .map_err(TerminalError::NoKeys)
}

/// Gives the terminal back as it was, if it is ours. From any thread, also in a panic.
pub fn give_back() {
    // a panic within `take` must not wait for itself
    let held = match HELD.try_lock() {
        Ok(mut held) => held.take(),
        Err(TryLockError::Poisoned(held)) => held.into_inner().take(),
        Err(TryLockError::WouldBlock) => None,
    };
    let Some(Held { keys, screen, cooked, frames }) = held else { return };
    let whole = frames.settle(PATIENCE);
    let mut bytes = Vec::new();
    // a region that a frame left half way must not stay, nor colours
    bytes.extend_from_slice(b"\x1b[r\x1b[m");
    let queued = queue!(
        bytes,
        EndSynchronizedUpdate,
        DisableFocusChange,
        DisableBracketedPaste,
        EnableLineWrap,
        Show,
        LeaveAlternateScreen
    );
    if whole
        && queued.is_ok()
        && let Err(error) = send(screen.as_fd(), &bytes)
    {
        tracing::debug!("the terminal does not take its restoring: {error}");
    }
    if let Err(error) = set(keys.as_fd(), &cooked) {
        tracing::debug!("the terminal's modes cannot be restored: {error}");
    }
}

fn set(keys: BorrowedFd<'_>, modes: &Termios) -> io::Result<()> {
    loop {
        match rustix::termios::tcsetattr(keys, OptionalActions::Now, modes) {
            Err(Errno::INTR) => {}
            other => return Ok(other?),
        }
    }
}

/// Writes a few bytes, unless the terminal does not take them.
fn send(screen: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    let timeout = Timespec::try_from(PATIENCE).ok();
    while !bytes.is_empty() {
        let mut fds = [PollFd::new(&screen, PollFlags::OUT)];
        match rustix::event::poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        match rustix::io::write(screen, bytes) {
            Ok(n) => bytes = bytes.get(n..).unwrap_or_default(),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
