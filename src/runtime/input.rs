//! Keys from the terminal, by a thread of their own.
//!
//! The thread waits in `poll(2)` without a timeout, so that an idle screen costs nothing, and learns at once when the terminal
//! goes away: a closed window, a dropped link or a killed session hang the terminal up, whether or not the signal for it is
//! heard. It reads and decodes by itself, for the terminal library's own reader does not leave its loop when the terminal is
//! gone, and loses the rest of a burst that is longer than its buffer until the next key is pressed.

mod decode;
mod keys;

use std::io;
use std::io::PipeReader;
use std::io::PipeWriter;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;

use rustix::event::PollFd;
use rustix::event::PollFlags;
use rustix::event::Timespec;
use rustix::io::Errno;
use tokio::sync::mpsc;

use crate::app::key::Key;
use decode::Decoder;

/// Keys that wait for the loop; when they are so many the thread waits, and the terminal keeps the rest. None is lost.
const WAITING: usize = 256;

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; no control characters but line feeds and tabs.
    Paste(String),
    /// The terminal got or lost the focus.
    Focus(bool),
}

/// Lets nobody read the terminal for a while: another program has it.
#[derive(Debug, Clone)]
pub struct Valve {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    gate: Mutex<Gate>,
    moved: Condvar,
    /// Wakes the thread out of its wait.
    wake: Mutex<Option<PipeWriter>>,
}

#[derive(Debug, Default)]
struct Gate {
    closed: bool,
    /// The thread reads no more.
    aside: bool,
}

/// A thread that has not stepped aside by then is in the middle of a read, which ends with the next key.
const ASIDE_WITHIN: Duration = Duration::from_millis(500);

impl Valve {
    /// Returns once the terminal is read no more.
    pub fn close(&self) {
        let mut gate = self.shared.gate();
        gate.closed = true;
        if let Some(wake) = &mut *self.shared.wake.lock().unwrap_or_else(PoisonError::into_inner)
            && let Err(error) = wake.write_all(b".")
        {
            tracing::debug!("the keyboard cannot be told to wait: {error}");
        }
        let waited = self.shared.moved.wait_timeout_while(gate, ASIDE_WITHIN, |gate| !gate.aside);
        drop(waited);
    }

    /// The terminal is read again.
    pub fn open(&self) {
        self.shared.gate().closed = false;
        self.shared.moved.notify_all();
    }
}

impl Shared {
    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while the valve is closed.
    fn step_aside(&self) {
        let mut gate = self.gate();
        gate.aside = true;
        self.moved.notify_all();
        let mut gate =
            self.moved.wait_while(gate, |gate| gate.closed).unwrap_or_else(PoisonError::into_inner);
        gate.aside = false;
    }
}

/// A thread that reads a terminal. It ends when this is dropped, so that what is typed from then on is for the shell.
#[derive(Debug)]
pub struct Keyboard {
    inputs: mpsc::Receiver<Input>,
    valve: Valve,
    /// Closed when dropped, which wakes the thread.
    _alive: PipeWriter,
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.valve.open();
    }
}

impl Keyboard {
    /// What stops it for a while.
    pub fn valve(&self) -> Valve {
        self.valve.clone()
    }

    /// What is typed; closed when the terminal is gone.
    pub fn inputs(&mut self) -> &mut mpsc::Receiver<Input> {
        &mut self.inputs
    }
}

/// Starts the thread that reads `terminal`.
pub fn listen(terminal: OwnedFd) -> io::Result<Keyboard> {
    let (sender, inputs) = mpsc::channel(WAITING);
    let (ended, alive) = io::pipe()?;
    let (woken, wake) = io::pipe()?;
    let shared = Arc::new(Shared { wake: Mutex::new(Some(wake)), ..Shared::default() });
    let valve = Valve { shared: Arc::clone(&shared) };
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        if let Err(error) = read(&terminal, &ended, (&woken, &shared), &sender) {
            tracing::info!("the terminal cannot be read any more: {error}");
        }
    })?;
    Ok(Keyboard { inputs, valve, _alive: alive })
}

/// Reads until the terminal is gone (an error) or nobody listens (none).
fn read(
    terminal: &OwnedFd,
    ended: &PipeReader,
    (woken, shared): (&PipeReader, &Shared),
    sender: &mpsc::Sender<Input>,
) -> Result<(), Errno> {
    let mut decoder = Decoder::default();
    let mut inputs = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match wait(terminal, ended, woken, decoder.patience())? {
            Happened::Ended => return Ok(()),
            Happened::Closed => {
                let mut one = [0; 1];
                rustix::io::read(woken, &mut one)?;
                shared.step_aside();
            }
            Happened::Silence => decoder.rest(&mut inputs),
            Happened::Bytes => match rustix::io::read(terminal, &mut buffer) {
                Ok(0) => return Err(Errno::IO),
                Ok(n) => decoder.push(buffer.get(..n).unwrap_or_default(), &mut inputs),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(error) => return Err(error),
            },
        }
        for input in inputs.drain(..) {
            if sender.blocking_send(input).is_err() {
                return Ok(());
            }
        }
    }
}

/// What ended the wait.
enum Happened {
    /// There is something to read.
    Bytes,
    /// The patience came to its end.
    Silence,
    /// Nobody listens any more.
    Ended,
    /// Another program has the terminal.
    Closed,
}

fn wait(
    terminal: &OwnedFd,
    ended: &PipeReader,
    woken: &PipeReader,
    patience: Option<Duration>,
) -> Result<Happened, Errno> {
    let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
    loop {
        let mut fds = [
            PollFd::new(terminal, PollFlags::IN),
            PollFd::new(ended, PollFlags::IN),
            PollFd::new(woken, PollFlags::IN),
        ];
        match rustix::event::poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Ok(Happened::Silence),
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error),
        }
        let [keys, ended, woken] = fds;
        if !ended.revents().is_empty() {
            return Ok(Happened::Ended);
        }
        if woken.revents().contains(PollFlags::IN) {
            return Ok(Happened::Closed);
        }
        if keys.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(Errno::IO);
        }
        return Ok(Happened::Bytes);
    }
}
