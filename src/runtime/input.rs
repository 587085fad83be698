//! Keys from the terminal, by a thread of their own.
//!
//! The thread waits in `poll(2)` without a timeout, so that an idle screen costs nothing, and learns at once when the terminal
//! goes away: a closed window, a dropped link or a killed session hang the terminal up, whether or not the signal for it is
//! heard. It reads and decodes by itself, for the terminal library's own reader does not leave its loop when the terminal is
//! gone, and loses the rest of a burst that is longer than its buffer until the next key is pressed.

mod decode;
mod keys;

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

/// Starts the thread that reads `terminal`. The receiver is closed when the terminal is gone.
pub fn listen(terminal: OwnedFd) -> std::io::Result<mpsc::Receiver<Input>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        if let Err(error) = read(&terminal, &sender) {
            tracing::info!("the terminal cannot be read any more: {error}");
        }
    })?;
    Ok(receiver)
}

/// Reads until the terminal is gone (an error) or nobody listens (none).
fn read(terminal: &OwnedFd, sender: &mpsc::Sender<Input>) -> Result<(), Errno> {
    let mut decoder = Decoder::default();
    let mut inputs = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if wait(terminal, decoder.patience())? {
            match rustix::io::read(terminal, &mut buffer) {
                Ok(0) => return Err(Errno::IO),
                Ok(n) => decoder.push(buffer.get(..n).unwrap_or_default(), &mut inputs),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(error) => return Err(error),
            }
        } else {
            decoder.rest(&mut inputs);
        }
        for input in inputs.drain(..) {
            if sender.blocking_send(input).is_err() {
                return Ok(());
            }
        }
    }
}

/// Whether there is something to read; `false` when `patience` came to its end.
fn wait(terminal: &OwnedFd, patience: Option<Duration>) -> Result<bool, Errno> {
    let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
    loop {
        let mut fds = [PollFd::new(terminal, PollFlags::IN)];
        match rustix::event::poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Ok(false),
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error),
        }
        let [fd] = fds;
        let events = fd.revents();
        if events.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(Errno::IO);
        }
        return Ok(true);
    }
}
