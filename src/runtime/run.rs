//! Puts the screen up and takes it down: the program from its first frame to its exit code.

mod clipboard;
mod lend;
mod live;

use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use tokio::runtime::Builder;

use super::errands::Work;
use super::input;
use super::outbox::Outbox;
use super::panic::Watch;
use super::signals;
use super::signals::Signal;
use super::signals::Signals;
use super::terminal;
use super::terminal::Terminal;
use super::terminal::TerminalError;
use crate::app::effect::Outcome;
use crate::app::effect::Outside;
use crate::app::msg::Msg;
use crate::app::state::State;
use crate::app::state::update;
use crate::clock::SystemClock;
use crate::model::log::LogAsk;
use crate::model::log::Slot;
use crate::model::run::RunKey;
use crate::model::stamp::Stamp;
use crate::ui;
use crate::ui::Theme;
use live::App;
use live::Calls;
use live::Live;
use live::Screen;

/// Once the screen is down the process has so long to end; a worker that hangs on a dead mount does not keep it.
const LEAVE_WITHIN: Duration = Duration::from_secs(3);
/// The same once the terminal is gone, when nobody is there to see it hang.
const VANISH_WITHIN: Duration = Duration::from_millis(700);

/// What the screen asks of the threads that read. Called on the thread that draws: neither may wait for anything.
pub trait Hands {
    /// These runs are on screen: read them first, in this order.
    fn attend(&mut self, runs: Vec<RunKey>);
    /// The log pane of this slot wants lines, or no longer looks. The answer goes to [`Outbox::post_log`].
    fn log(&mut self, slot: Slot, ask: Option<LogAsk>);
    /// Something that takes a while. What comes of it goes to the [`Outbox`].
    fn errand(&mut self, work: Work);
}

/// Why the screen could not be put up, or came down by itself.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no terminal, or none that will do.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// The system refused a thread, a timer or a signal.
    #[error("the screen cannot be started: {0}")]
    System(#[from] io::Error),
    /// A fault of this program.
    #[error("trainmon is at fault and had to stop: {0}. The runs are untouched. Please report this line")]
    Fault(String),
}

/// Shows `state` until the user leaves, a signal asks to, or the terminal goes away. Returns the exit code. The terminal is as
/// it was when this returns, whatever happened.
pub fn run(state: State, theme: Theme, outbox: Arc<Outbox>, hands: &mut dyn Hands) -> Result<u8, RunError> {
    let terminal = Terminal::open()?;
    let watch = Watch::begin(Arc::clone(&outbox));
    let shown = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let outbox = outbox;
        show(&terminal, state, theme, &outbox, hands)
    }));
    terminal::give_back();
    match shown {
        Ok(Ok(end)) => {
            let (code, limit) = match end {
                End::Quit(code) => (code, LEAVE_WITHIN),
                End::Gone => (0, VANISH_WITHIN),
            };
            end_within(limit, code)?;
            Ok(code)
        }
        Ok(Err(error)) => Err(error),
        Err(_) => Err(RunError::Fault(watch.told().unwrap_or_else(|| "no message".to_owned()))),
    }
}

/// How the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Asked to, with this exit code.
    Quit(u8),
    /// The terminal went away. That is a way to leave, and no error.
    Gone,
}

fn show(
    terminal: &Terminal,
    state: State,
    theme: Theme,
    outbox: &Arc<Outbox>,
    hands: &mut dyn Hands,
) -> Result<End, RunError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // before the terminal is taken: from here on a signal cannot leave it in disorder
        let mut signals = Signals::listen()?;
        terminal.take()?;
        let mut keyboard = input::listen(terminal.keys()?)?;
        let clock = SystemClock;
        let desk = Desk { terminal, valve: keyboard.valve() };
        let mut live = Live::new(Monitor { state, theme }, &clock, outbox, hands, &desk);
        Ok(live.until_the_end(&mut signals, keyboard.inputs()).await)
    })
}

/// Ends the process with `code` in any case when `limit` is over.
fn end_within(limit: Duration, code: u8) -> io::Result<()> {
    let last = std::thread::Builder::new().name("last".to_owned());
    last.spawn(move || {
        std::thread::sleep(limit);
        tracing::warn!("still here {limit:?} after the screen went down: leaving now");
        #[expect(
            clippy::exit,
            reason = "a thread in a system call that never returns cannot be ended otherwise"
        )]
        std::process::exit(i32::from(code));
    })?;
    Ok(())
}

/// The state and how it is drawn.
struct Monitor {
    state: State,
    theme: Theme,
}

impl App for Monitor {
    fn update(&mut self, msg: Msg, now: Stamp) -> Outcome {
        update(&mut self.state, msg, now)
    }

    fn render(&self, now: Stamp, canvas: &mut Buffer) {
        ui::render(&self.state, &self.theme, now, canvas);
    }

    fn next_wake(&self, now: Stamp) -> Option<Stamp> {
        [self.state.next_wake(now), self.state.store.next_judgement()].into_iter().flatten().min()
    }
}

impl Calls for Signals {
    async fn next(&mut self) -> Signal {
        self.next().await
    }

    fn forget(&mut self) -> Option<End> {
        Self::forget(self).map(|signal| if signal == Signal::Hangup { End::Gone } else { End::Quit(0) })
    }
}

/// The terminal with its keys, which another program can have for a while.
struct Desk<'a> {
    terminal: &'a Terminal,
    valve: input::Valve,
}

impl Screen for Desk<'_> {
    fn size(&self) -> (u16, u16) {
        self.terminal.size()
    }

    fn frames(&self) -> &super::frames::Frames {
        self.terminal.frames()
    }

    fn take(&self) -> io::Result<()> {
        self.terminal.take()
    }

    fn can_stop(&self) -> bool {
        signals::can_stop()
    }

    fn stop(&self, group: bool) -> io::Result<()> {
        terminal::give_back();
        signals::stop(group)?;
        self.terminal.take()
    }

    fn lend(&self, outside: &Outside) -> (Result<(), String>, io::Result<()>) {
        self.valve.close();
        terminal::give_back();
        let told = lend::run(outside);
        let taken = self.terminal.take();
        self.valve.open();
        (told, taken)
    }
}
