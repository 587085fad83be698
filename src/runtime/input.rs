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
use std::os::fd::OwnedFd;
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

/// A thread that reads a terminal. It ends when this is dropped, so that what is typed from then on is for the shell.
#[derive(Debug)]
pub struct Keyboard {
    inputs: mpsc::Receiver<Input>,
    /// Closed when dropped, which wakes the thread.
    _alive: PipeWriter,
}

impl Keyboard {
    /// What is typed; closed when the terminal is gone.
    pub fn inputs(&mut self) -> &mut mpsc::Receiver<Input> {
        &mut self.inputs
    }
}

/// Starts the thread that reads `terminal`.
pub fn listen(terminal: OwnedFd) -> io::Result<Keyboard> {
    let (sender, inputs) = mpsc::channel(WAITING);
    let (ended, alive) = io::pipe()?;
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        if let Err(error) = read(&terminal, &ended, &sender) {
            tracing::info!("the terminal cannot be read any more: {error}");
        }
    })?;
    Ok(Keyboard { inputs, _alive: alive })
}

/// Reads until the terminal is gone (an error) or nobody listens (none).
fn read(terminal: &OwnedFd, ended: &PipeReader, sender: &mpsc::Sender<Input>) -> Result<(), Errno> {
    let mut decoder = Decoder::default();
    let mut inputs = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match wait(terminal, ended, decoder.patience())? {
            Happened::Ended => return Ok(()),
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
}

fn wait(terminal: &OwnedFd, ended: &PipeReader, patience: Option<Duration>) -> Result<Happened, Errno> {
    let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
    loop {
        let mut fds = [PollFd::new(terminal, PollFlags::IN), PollFd::new(ended, PollFlags::IN)];
        match rustix::event::poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Ok(Happened::Silence),
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error),
        }
        let [keys, ended] = fds;
        if !ended.revents().is_empty() {
            return Ok(Happened::Ended);
        }
        if keys.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(Errno::IO);
        }
        return Ok(Happened::Bytes);
    }
}
