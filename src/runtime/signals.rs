//! Signals that a program with a screen must hear.

use std::io;
use std::task::Context;
use std::task::Waker;

use rustix::process::Signal as Number;
use tokio::signal::unix::Signal as Stream;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Leave (SIGTERM, SIGINT, SIGQUIT).
    Leave,
    /// The terminal is gone (SIGHUP).
    Hangup,
    /// Stop (SIGTSTP).
    Stop,
    /// Went on after a stop (SIGCONT).
    Continue,
    /// The terminal has another size (SIGWINCH).
    Resize,
}

/// Hears signals. Within a tokio runtime only.
#[derive(Debug)]
pub struct Signals {
    terminate: Stream,
    interrupt: Stream,
    quit: Stream,
    hangup: Stream,
    stop: Stream,
    go_on: Stream,
    resize: Stream,
}

impl Signals {
    /// Begins to listen; from here on none of them acts by itself.
    pub fn listen() -> io::Result<Self> {
        let hear = |number: Number| signal(SignalKind::from_raw(number.as_raw()));
        Ok(Self {
            terminate: hear(Number::TERM)?,
            interrupt: hear(Number::INT)?,
            quit: hear(Number::QUIT)?,
            hangup: hear(Number::HUP)?,
            stop: hear(Number::TSTP)?,
            go_on: hear(Number::CONT)?,
            resize: hear(Number::WINCH)?,
        })
    }

    /// The next one. What came several times is told once.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            biased;
            _ = self.hangup.recv() => Signal::Hangup,
            _ = self.terminate.recv() => Signal::Leave,
            _ = self.interrupt.recv() => Signal::Leave,
            _ = self.quit.recv() => Signal::Leave,
            _ = self.go_on.recv() => Signal::Continue,
            _ = self.stop.recv() => Signal::Stop,
            _ = self.resize.recv() => Signal::Resize,
        }
    }
}

impl Signals {
    /// Forgets what came so far. Those that are not a key of the terminal and end this program are told all the same.
    pub fn forget(&mut self) -> Option<Signal> {
        let Self { terminate, interrupt, quit, hangup, stop, go_on, resize } = self;
        for stream in [interrupt, quit, stop, go_on, resize] {
            came(stream);
        }
        if came(hangup) { Some(Signal::Hangup) } else { came(terminate).then_some(Signal::Leave) }
    }
}

/// Whether the signal came, without waiting for it.
fn came(stream: &mut Stream) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    let mut any = false;
    while stream.poll_recv(&mut context).is_ready() {
        any = true;
    }
    any
}

/// Whether a shell is there that would let a stopped process go on. Without one (the process is the only program of its
/// window, or its parent is gone) the kernel ignores the stop of Ctrl+Z, and so must we: nobody could undo it.
pub fn can_stop() -> bool {
    let session = rustix::process::getsid(None);
    let Ok(session) = session else { return false };
    let Some(parent) = rustix::process::getppid() else { return false };
    rustix::process::getpgrp() != session && rustix::process::getsid(Some(parent)) == Ok(session)
}

/// Stops this process, or with all of its group, as a shell expects of a program that was started in it. Returns when it goes on.
pub fn stop(group: bool) -> io::Result<()> {
    // SIGSTOP and not SIGTSTP: the latter is heard by us
    if group {
        rustix::process::kill_current_process_group(Number::STOP)?;
    } else {
        rustix::process::kill_process(rustix::process::getpid(), Number::STOP)?;
    }
    Ok(())
}
