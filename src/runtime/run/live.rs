//! The loop: what comes in goes to `update`, what it asks for is done, and what then shows is drawn when the pacer says so.
//!
//! Keys come first always. News are taken out of the outbox when a frame is due and not before, so that however much comes in,
//! it is looked at no more often than it is shown. While nothing happens the loop sleeps, until the moment that the state names.

use std::io;
use std::time::Duration;

use ratatui::buffer::Buffer;
use tokio::sync::mpsc::Receiver;
use tokio::time::Instant;

use super::End;
use super::Hands;
use super::clipboard;
use crate::app::effect::Effect;
use crate::app::effect::Outcome;
use crate::app::effect::Outside;
use crate::app::key::Key;
use crate::app::msg::Msg;
use crate::clock::Clock;
use crate::model::log::BySlot;
use crate::model::log::LogPage;
use crate::model::log::Slot;
use crate::model::stamp::Stamp;
use crate::runtime::errands::Work;
use crate::runtime::frames::Frames;
use crate::runtime::input::Input;
use crate::runtime::outbox::Outbox;
use crate::runtime::pacer::Moment;
use crate::runtime::pacer::Pacer;
use crate::runtime::painter::Painter;
use crate::runtime::signals::Signal;

/// Inputs that are taken in before the screen gets its turn.
const INPUTS_A_TURN: usize = 32;
/// Runs whose news are taken in before the keys get their turn.
const RUNS_A_TURN: usize = 512;
/// News that show nothing are taken in no more often than this.
const BETWEEN_NEWS: Duration = Duration::from_millis(3);
/// The same in a flood.
const BETWEEN_NEWS_IN_FLOOD: Duration = Duration::from_millis(33);
/// By then the runtime has told of all signals that came.
const SIGNALS_WITHIN: Duration = Duration::from_millis(10);
/// A state that names a moment in the past again and again is not woken more often than this.
const BETWEEN_WAKES: Duration = Duration::from_millis(50);

/// The terminal, as the loop needs it.
pub(super) trait Screen {
    /// Columns and rows.
    fn size(&self) -> (u16, u16);
    /// Takes frames.
    fn frames(&self) -> &Frames;
    /// Sets the terminal up anew.
    fn take(&self) -> io::Result<()>;
    /// Whether somebody could let a stopped process go on.
    fn can_stop(&self) -> bool;
    /// Gives the terminal back, stops, and takes it again once the process goes on.
    fn stop(&self, group: bool) -> io::Result<()>;
    /// Gives the terminal to another program until that ends, and takes it again. First what is to be told of it.
    fn lend(&self, outside: &Outside) -> (Result<(), String>, io::Result<()>);
}

/// Signals, as the loop needs them.
pub(super) trait Calls {
    /// The next one.
    fn next(&mut self) -> impl Future<Output = Signal>;
    /// Forgets those that came while another program had the terminal, but for those that end this one.
    fn forget(&mut self) -> Option<End>;
}

/// What is shown, as the loop needs it.
pub(super) trait App {
    /// Takes in what happened.
    fn update(&mut self, msg: Msg, now: Stamp) -> Outcome;
    /// Draws the whole screen.
    fn render(&self, now: Stamp, canvas: &mut Buffer);
    /// When time alone changes what is drawn.
    fn next_wake(&self, now: Stamp) -> Option<Stamp>;
}

/// Everything that lives while the screen is up.
pub(super) struct Live<'a, A: App, S: Screen> {
    app: A,
    clock: &'a dyn Clock,
    outbox: &'a Outbox,
    hands: &'a mut dyn Hands,
    screen: &'a S,
    painter: Painter,
    pacer: Pacer,
    began: Instant,
    size: (u16, u16),
    frame: Vec<u8>,
    /// When the frame that is on its way was begun.
    under_way: Option<Moment>,
    /// Before this moment the outbox is left alone.
    next_news: Moment,
    /// When the state wants to be woken, as of the last message.
    wake: Option<Stamp>,
    last_wake: Option<Moment>,
    /// Generation of the last log page of each pane, and lines seen as of then.
    log_seen: BySlot<(u64, u64)>,
    /// What is to be sent beside the next frame: no cell changes by it.
    beside: Vec<u8>,
    in_tmux: bool,
    /// A program that is to have the terminal.
    outside: Option<Outside>,
    end: Option<End>,
}

impl<'a, A: App, S: Screen> Live<'a, A, S> {
    pub(super) fn new(
        app: A,
        clock: &'a dyn Clock,
        outbox: &'a Outbox,
        hands: &'a mut dyn Hands,
        screen: &'a S,
    ) -> Self {
        Self {
            app,
            clock,
            outbox,
            hands,
            screen,
            painter: Painter::new(),
            pacer: Pacer::new(),
            began: Instant::now(),
            size: (0, 0),
            frame: Vec::new(),
            under_way: None,
            next_news: Moment::ZERO,
            wake: None,
            last_wake: None,
            log_seen: BySlot::default(),
            beside: Vec::new(),
            in_tmux: std::env::var_os("TMUX").is_some_and(|tmux| !tmux.is_empty()),
            outside: None,
            end: None,
        }
    }

    /// Lives until there is an end to it.
    pub(super) async fn until_the_end(
        &mut self,
        calls: &mut impl Calls,
        inputs: &mut Receiver<Input>,
    ) -> End {
        self.resize();
        loop {
            self.draw_if_due();
            if let Some(end) = self.end {
                return end;
            }
            self.turn(calls, inputs).await;
            if let Some(outside) = self.outside.take() {
                self.go_outside(&outside, calls).await;
            }
        }
    }

    /// Waits for the first thing that happens, and takes it in.
    async fn turn(&mut self, calls: &mut impl Calls, inputs: &mut Receiver<Input>) {
        let deadline = self.deadline();
        let frames = self.screen.frames();
        let (outbox, next_news) = (self.outbox, self.began + self.next_news);
        tokio::select! {
            biased;
            signal = calls.next() => self.signal(signal),
            input = inputs.recv() => {
                let Some(first) = input else {
                    self.end = Some(End::Gone);
                    return;
                };
                self.input(first);
                for _ in 1..INPUTS_A_TURN {
                    let Ok(next) = inputs.try_recv() else { break };
                    self.input(next);
                }
            }
            sent = frames.sent(), if self.under_way.is_some() => self.sent(&sent),
            () = async { tokio::time::sleep_until(next_news).await; outbox.wait().await } => self.news(),
            () = sleep_until(deadline), if deadline.is_some() => self.wake_if_due(),
        }
    }

    fn now(&self) -> Moment {
        self.began.elapsed()
    }

    /// The next moment at which something is to be done by itself.
    fn deadline(&self) -> Option<Instant> {
        let draw = self.pacer.due().filter(|_| self.under_way.is_none());
        let wake = self.wake.map(|at| {
            let soonest = self.last_wake.map_or(Moment::ZERO, |last| last + BETWEEN_WAKES);
            (self.now() + at.since(self.clock.now())).max(soonest)
        });
        [draw, wake].into_iter().flatten().min().map(|moment| self.began + moment)
    }

    fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Leave => self.end = Some(End::Quit(0)),
            Signal::Hangup => self.end = Some(End::Gone),
            Signal::Stop => self.stop(false),
            Signal::Resize => self.resize(),
            Signal::Continue => {
                // the shell has changed the terminal meanwhile. The answer to our own stop is no exception: one sign can stand
                // for two, of which the second is somebody else's
                let taken = self.screen.take();
                self.again(taken);
            }
        }
    }

    fn input(&mut self, input: Input) {
        match input {
            // promised in every mode, so no mode is asked
            Input::Key(key) if key == Key::ctrl('c') => self.end = Some(End::Quit(0)),
            Input::Key(key) => self.urgent(Msg::Key(key)),
            Input::Paste(text) => self.urgent(Msg::Paste(text)),
            Input::Focus(focused) => {
                self.pacer.focus(focused);
                self.urgent(Msg::Focus(focused));
            }
        }
    }

    /// The terminal has, or had for a moment, another size: what it shows now is not known even if the size is the old one.
    fn resize(&mut self) {
        let size = self.screen.size();
        if size != self.size {
            self.size = size;
            let (cols, rows) = size;
            self.tell(Msg::Resize { cols, rows });
        }
        self.painter.forget();
        self.pacer.urge(self.now());
    }

    fn news(&mut self) {
        let mut news = self.outbox.take(RUNS_A_TURN);
        let now = self.now();
        let count = |slot: Slot| news.log.of(slot).as_ref().map_or(0, |page| self.new_lines(slot, page));
        let lines = Slot::ALL.map(count).into_iter().sum();
        self.pacer.count(news.posted.saturating_add(lines), now);
        let mut shows = false;
        if !news.updates.is_empty() {
            shows |= self.tell(Msg::Runs(news.updates));
        }
        for slot in Slot::ALL {
            if let Some(page) = news.log.of_mut(slot).take() {
                shows |= self.tell(Msg::Log(slot, page));
            }
        }
        if let Some(filters) = news.filters {
            shows |= self.tell(Msg::Filters(filters));
        }
        for notice in news.notices {
            shows |= self.tell(Msg::Notice(notice));
        }
        if shows {
            self.pacer.touch(now);
        }
        let calm = self.pacer.in_flood() && !self.pacer.is_attentive(now);
        let rest = if calm { BETWEEN_NEWS_IN_FLOOD } else { BETWEEN_NEWS };
        self.next_news = self.pacer.due().map_or(now + rest, |due| due.max(now + rest));
    }

    /// Lines that a log has got since the last page of it.
    fn new_lines(&mut self, slot: Slot, page: &LogPage) -> u64 {
        let now = (page.generation, page.counts.seen);
        let (generation, seen) = std::mem::replace(self.log_seen.of_mut(slot), now);
        if generation == page.generation { page.counts.seen.saturating_sub(seen) } else { 0 }
    }

    fn wake_if_due(&mut self) {
        if self.wake.is_some_and(|at| at <= self.clock.now()) {
            self.last_wake = Some(self.now());
            if self.tell(Msg::Wake) {
                self.pacer.touch(self.now());
            }
        }
    }

    /// Tells the state of something that the user did.
    fn urgent(&mut self, msg: Msg) {
        if self.tell(msg) {
            self.pacer.urge(self.now());
        }
    }

    /// Tells the state, does what it asks for, and returns whether anything visible may have changed.
    fn tell(&mut self, msg: Msg) -> bool {
        let now = self.clock.now();
        let Outcome { effects, redraw } = self.app.update(msg, now);
        for effect in effects {
            match effect {
                Effect::Quit(code) => self.end = Some(End::Quit(code)),
                Effect::Attend(runs) => self.hands.attend(runs),
                Effect::Log(slot, ask) => self.hands.log(slot, ask),
                Effect::Suspend => self.stop(true),
                Effect::Copy(text) => {
                    clipboard::sequence(&text, self.in_tmux, &mut self.beside);
                    self.hands.errand(Work::Clipboard(text));
                    self.pacer.urge(self.now());
                }
                Effect::Errand(errand) => self.hands.errand(Work::Errand(errand)),
                Effect::Outside(outside) => self.outside = Some(outside),
                Effect::Repaint => {
                    self.painter.forget();
                    self.pacer.urge(self.now());
                }
            }
        }
        self.wake = self.app.next_wake(now);
        redraw
    }

    fn stop(&mut self, group: bool) {
        if self.end.is_some() {
            return;
        }
        if !self.screen.can_stop() {
            self.outbox.notice("there is no shell here to come back from: not suspended".to_owned());
            return;
        }
        self.pacer.suspend(true);
        let stopped = self.screen.stop(group);
        self.pacer.suspend(false);
        self.again(stopped);
    }

    /// Lends the terminal to a program of the user's, and waits for its end.
    async fn go_outside(&mut self, outside: &Outside, calls: &mut impl Calls) {
        if self.end.is_some() {
            return;
        }
        self.pacer.suspend(true);
        let (told, taken) = self.screen.lend(outside);
        self.pacer.suspend(false);
        // Ctrl+C over there was meant for that program. Signals are told by the runtime, which has its turn only while we wait
        tokio::time::sleep(SIGNALS_WITHIN).await;
        if let Some(end) = calls.forget() {
            self.end = Some(end);
            return;
        }
        if let Err(what) = told {
            self.outbox.notice(what);
        }
        self.again(taken);
    }

    /// The terminal is ours again, or cannot be had.
    fn again(&mut self, taken: io::Result<()>) {
        if let Err(error) = taken {
            tracing::info!("the terminal cannot be taken again: {error}");
            self.end = Some(End::Gone);
            return;
        }
        self.resize();
    }

    fn draw_if_due(&mut self) {
        let due = self.pacer.due().is_some_and(|due| due <= self.now());
        if !due || self.end.is_some() || self.under_way.is_some() {
            return;
        }
        if !self.pacer.is_urgent() && self.now() >= self.next_news {
            // what came in since the first of it rides along
            self.news();
        }
        if self.end.is_none() {
            self.draw();
        }
    }

    fn draw(&mut self) {
        let begun = self.now();
        let (cols, rows) = self.size;
        let canvas = self.painter.canvas(cols, rows);
        self.app.render(self.clock.now(), canvas);
        self.painter.paint(&mut self.frame);
        self.frame.append(&mut self.beside);
        self.pacer.drawn(begun, u64::try_from(self.frame.len()).unwrap_or(u64::MAX));
        if !self.frame.is_empty() {
            self.screen.frames().send(&mut self.frame);
            self.under_way = Some(begun);
        }
    }

    fn sent(&mut self, sent: &io::Result<()>) {
        if let Some(begun) = self.under_way.take() {
            self.pacer.took(self.now().saturating_sub(begun));
        }
        if sent.is_err() {
            self.end = Some(End::Gone);
        }
        #[cfg(debug_assertions)]
        provoked::panic_if_asked();
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Faults on request, so that tests can see what becomes of the terminal. Not in a release build.
#[cfg(debug_assertions)]
mod provoked {
    use std::sync::Once;

    static ONCE: Once = Once::new();

    /// After the first frame: `TRAINMON_TEST_PANIC=ui` fails on the thread that draws, `worker` on another.
    #[expect(clippy::panic, reason = "to panic is what it is for")]
    pub(super) fn panic_if_asked() {
        let mut asked = None;
        ONCE.call_once(|| asked = std::env::var("TRAINMON_TEST_PANIC").ok());
        match asked.as_deref() {
            Some("ui") => panic!("provoked on the thread that draws"),
            Some("worker") => {
                let thread = std::thread::Builder::new().name("worker".to_owned());
                if let Err(error) = thread.spawn(|| panic!("provoked on a worker")) {
                    tracing::warn!("no worker to fail: {error}");
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
