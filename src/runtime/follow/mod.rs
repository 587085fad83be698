//! `trainmon follow`: one run's log and progress, written as they come.
//!
//! Two threads besides those of the engine. One writes: it hears of the run from the engine and reads the log when that has
//! grown; it may hang in a read of a dead mount or in a write to a terminal that was stopped. The other, which is the program's
//! first, waits for signals and for the end of the writing, so that Ctrl+C is heard whatever the first one hangs in.

mod log;
mod mail;
mod paper;
mod writer;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use rustix::process::Signal as Number;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tokio::sync::oneshot;

use crate::clock::SystemClock;
use crate::model::owner::Owners;
use crate::model::rules::Rules;
use crate::model::run::RunKey;
use crate::parse::redact::Redactor;
use crate::parse::user::UserFormats;
use crate::report::follow::Verbosity;
use crate::runtime::engine::Engine;
use crate::source::discover::Root;
use crate::store::Update;

use mail::Mail;
use writer::Writer;

pub use paper::Ink;

/// What is followed, and how.
pub struct Plan {
    /// Where the run is.
    pub root: Root,
    /// Which it is.
    pub key: RunKey,
    /// The processes that own it, as of the start.
    pub owners: Owners,
    /// What the user taught of lines.
    pub formats: UserFormats,
    /// What must not leave.
    pub redactor: Redactor,
    /// How it is judged.
    pub rules: Rules,
    /// How much is told.
    pub verbosity: Verbosity,
    /// So many lines of what is there already.
    pub lines: usize,
    /// Whether a stall ends it.
    pub ends_on_stall: bool,
    /// How it is written.
    pub ink: Ink,
    /// Of a run that comes through standard input: whether that has come to its end.
    pub input_ended: Option<Box<dyn Fn() -> bool + Send>>,
    /// Says something to the user beside the lines.
    pub complain: fn(&str),
}

/// Follows until the run has ended, and returns its outcome as an exit code; 128 and the signal's number when a signal ended it.
/// Errors: those of writing to standard output.
pub fn follow(plan: Plan) -> io::Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mail = Arc::new(Mail::default());
    runtime.block_on(async {
        let hear = |number: Number| signal(SignalKind::from_raw(number.as_raw()));
        let mut interrupt = hear(Number::INT)?;
        let mut terminate = hear(Number::TERM)?;
        let mut quit = hear(Number::QUIT)?;
        let mut hangup = hear(Number::HUP)?;
        let mut resize = hear(Number::WINCH)?;
        let in_place = plan.ink.in_place;
        let (tell, mut over) = oneshot::channel();
        let theirs = Arc::clone(&mail);
        thread::Builder::new().name("trainmon-follow".to_owned()).spawn(move || {
            // whoever waited for it may be gone already
            let _ = tell.send(write(plan, &theirs));
        })?;
        let ended = |number: Number| {
            if in_place {
                newline();
            }
            Ok(u8::try_from(128 + number.as_raw()).unwrap_or(1))
        };
        loop {
            tokio::select! {
                biased;
                result = &mut over => {
                    return result.unwrap_or_else(|_| Err(io::Error::other("the thread that writes has failed")));
                }
                _ = interrupt.recv() => return ended(Number::INT),
                _ = terminate.recv() => return ended(Number::TERM),
                _ = quit.recv() => return ended(Number::QUIT),
                _ = hangup.recv() => return ended(Number::HUP),
                _ = resize.recv() => mail.leave(|news| news.resized = true),
            }
        }
    })
}

/// The shell's prompt begins on a line of its own, if the terminal takes it without waiting.
fn newline() {
    use rustix::event::PollFd;
    use rustix::event::PollFlags;
    use rustix::event::Timespec;

    let stdout = io::stdout();
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    if rustix::event::poll(&mut fds, Some(&now)).is_ok_and(|ready| ready > 0) {
        // past the lock, which the thread that writes may hold for ever
        let _ = rustix::io::write(&stdout, b"\n");
    }
}

fn write(plan: Plan, mail: &Arc<Mail>) -> io::Result<u8> {
    let engine = {
        let (told, grown) = (Arc::clone(mail), Arc::clone(mail));
        let key = plan.key.clone();
        Engine::start(
            vec![plan.root.clone()],
            plan.formats.clone(),
            plan.redactor.clone(),
            Arc::new(SystemClock),
            Arc::new(move |update| match update {
                Update::Run(run) if run.key == key => told.leave(|news| {
                    news.gone = false;
                    news.run = Some(run);
                }),
                Update::Gone(gone) if gone == key => told.leave(|news| news.gone = true),
                Update::Walked => told.leave(|news| news.walked = true),
                Update::Problem(problem) => told.leave(|news| {
                    news.problem = Some(format!("{}: {}", problem.path.display(), problem.what));
                }),
                _ => {}
            }),
            Arc::new(move |_: &Path| grown.leave(|news| news.grown = true)),
        )
    };
    engine.attend(std::slice::from_ref(&plan.key));
    Writer::new(plan).run(mail)
}
