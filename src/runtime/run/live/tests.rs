use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU16;
use std::sync::atomic::Ordering;

use ratatui::style::Style;
use tokio::sync::mpsc;

use super::*;
use crate::app::key::Code;
use crate::clock::ManualClock;
use crate::model::log::LogAsk;
use crate::model::run::RunKey;
use crate::store::Update;

/// A terminal of which nothing is real but its screen.
struct Fake {
    frames: Frames,
    shown: Arc<Shown>,
    cols: AtomicU16,
    can_stop: bool,
    stops: Mutex<Vec<bool>>,
}

#[derive(Default)]
struct Shown {
    writes: Mutex<Vec<Vec<u8>>>,
    gone: AtomicBool,
}

struct Wire(Arc<Shown>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.gone.load(Ordering::SeqCst) {
            return Err(io::Error::from_raw_os_error(5));
        }
        self.0.writes.lock().unwrap().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Fake {
    fn new(can_stop: bool) -> Self {
        let shown = Arc::new(Shown::default());
        let frames = Frames::start(Wire(Arc::clone(&shown))).unwrap();
        Self { frames, shown, cols: AtomicU16::new(40), can_stop, stops: Mutex::default() }
    }

    fn writes(&self) -> usize {
        self.shown.writes.lock().unwrap().len()
    }

    /// What the terminal shows after all that was written.
    fn text(&self) -> String {
        let cols = self.cols.load(Ordering::SeqCst).try_into().unwrap();
        let mut terminal = vt100::Parser::new(5.try_into().unwrap(), cols, 0);
        for write in self.shown.writes.lock().unwrap().iter() {
            terminal.process(write);
        }
        terminal.screen().contents()
    }
}

impl Screen for Fake {
    fn size(&self) -> (u16, u16) {
        (self.cols.load(Ordering::SeqCst), 5)
    }

    fn frames(&self) -> &Frames {
        &self.frames
    }

    fn take(&self) -> io::Result<()> {
        Ok(())
    }

    fn can_stop(&self) -> bool {
        self.can_stop
    }

    fn stop(&self, group: bool) -> io::Result<()> {
        self.stops.lock().unwrap().push(group);
        Ok(())
    }

    fn lend(&self, outside: &crate::app::effect::Outside) -> (Result<(), String>, io::Result<()>) {
        (Err(format!("{} was lent for", outside.path.display())), Ok(()))
    }
}

/// Shows the keys typed, the width, the number of runs that went, and the last notice.
#[derive(Default)]
struct Toy {
    typed: String,
    cols: u16,
    gone: usize,
    batches: Arc<Mutex<Vec<usize>>>,
    page: u64,
    notice: String,
    wakes: usize,
    wake: Option<Stamp>,
}

impl App for Toy {
    fn update(&mut self, msg: Msg, _now: Stamp) -> Outcome {
        let mut effects = Vec::new();
        match msg {
            Msg::Key(Key { code: Code::Char('q'), .. }) => effects.push(Effect::Quit(7)),
            Msg::Key(key) if key == Key::ctrl('z') => effects.push(Effect::Suspend),
            Msg::Key(key) if key == Key::ctrl('l') => effects.push(Effect::Repaint),
            Msg::Key(Key { code: Code::Enter, .. }) => {
                effects.push(Effect::Attend(Vec::new()));
                effects.push(Effect::Log(Slot::First, None));
            }
            Msg::Key(Key { code: Code::Tab, .. }) => effects.push(Effect::Copy("hi".to_owned())),
            Msg::Key(Key { code: Code::BackTab, .. }) => {
                let path = "/x.log".into();
                effects.push(Effect::Outside(crate::app::effect::Outside {
                    edit: false,
                    path,
                    line: None,
                    offset: 0,
                }));
            }
            Msg::Key(Key { code: Code::Char(c), .. }) => self.typed.push(c),
            Msg::Key(_) | Msg::Focus(_) => return Outcome::default(),
            Msg::Paste(text) => self.typed.push_str(&text),
            Msg::Resize { cols, .. } => self.cols = cols,
            Msg::Runs(updates) => {
                self.gone += updates.len();
                self.batches.lock().unwrap().push(updates.len());
            }
            Msg::Log(_, page) => self.page = page.generation,
            Msg::Notice(text) => self.notice = text,
            Msg::Filters(filters) => self.gone += filters.len(),
            Msg::Wake => {
                self.wakes += 1;
                self.wake = None;
            }
        }
        Outcome { effects, redraw: true }
    }

    fn render(&self, _now: Stamp, canvas: &mut Buffer) {
        let Self { typed, cols, gone, page, wakes, .. } = self;
        canvas.set_string(0, 0, format!("typed {typed}"), Style::new());
        canvas.set_string(0, 1, format!("cols {cols} gone {gone} page {page} wakes {wakes}"), Style::new());
        canvas.set_string(0, 2, &self.notice, Style::new());
    }

    fn next_wake(&self, _now: Stamp) -> Option<Stamp> {
        self.wake
    }
}

impl Calls for Receiver<Signal> {
    async fn next(&mut self) -> Signal {
        match self.recv().await {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }

    fn forget(&mut self) -> Option<End> {
        None
    }
}

#[derive(Default)]
struct Asked(Vec<&'static str>);

impl Hands for Asked {
    fn attend(&mut self, _runs: Vec<RunKey>) {
        self.0.push("attend");
    }

    fn log(&mut self, _slot: Slot, _ask: Option<LogAsk>) {
        self.0.push("log");
    }

    fn errand(&mut self, _work: Work) {
        self.0.push("errand");
    }
}

/// The outer ends of a loop under test.
struct Outside {
    screen: Arc<Fake>,
    outbox: Arc<Outbox>,
    clock: Arc<ManualClock>,
    keys: mpsc::Sender<Input>,
    calls: mpsc::Sender<Signal>,
}

impl Outside {
    async fn press(&self, key: Key) {
        self.keys.send(Input::Key(key)).await.unwrap();
    }

    async fn until(&self, what: &str, mut fact: impl FnMut(&Fake) -> bool) {
        for _ in 0..2_000 {
            if fact(&self.screen) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("never {what}; the screen shows:\n{}", self.screen.text());
    }

    async fn shows(&self, text: &str) {
        self.until(text, |screen| screen.text().contains(text)).await;
    }
}

/// Runs `script` beside the loop; returns how the loop ended, which it must do by itself, and what was asked of the hands.
fn play<F: Future<Output = Outside>>(
    app: Toy,
    can_stop: bool,
    script: impl FnOnce(Outside) -> F,
) -> (End, Vec<&'static str>, Arc<Fake>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let screen = Arc::new(Fake::new(can_stop));
    let outbox = Arc::new(Outbox::new());
    let clock = Arc::new(ManualClock::at(Stamp::from_millis(1_000_000)));
    let (keys, mut inputs) = mpsc::channel(256);
    let (calls, mut signals) = mpsc::channel(16);
    let outside = Outside {
        screen: Arc::clone(&screen),
        outbox: Arc::clone(&outbox),
        clock: Arc::clone(&clock),
        keys,
        calls,
    };
    let mut hands = Asked::default();
    let end = runtime.block_on(async {
        let mut live = Live::new(app, &*clock, &outbox, &mut hands, &*screen);
        let lives = live.until_the_end(&mut signals, &mut inputs);
        let limit =
            tokio::time::timeout(Duration::from_secs(20), async { tokio::join!(lives, script(outside)).0 });
        limit.await.expect("the loop ends")
    });
    (end, hands.0, screen)
}

fn gone(n: usize) -> Update {
    Update::Gone(RunKey { root: 0, id: n.to_string().into() })
}

#[test]
fn the_first_frame_comes_before_any_news_and_a_key_is_answered() {
    let (end, asked, screen) = play(Toy::default(), true, async |outside| {
        outside.shows("cols 40").await;
        outside.press(Key::char('a')).await;
        outside.shows("typed a").await;
        outside.press(Key::plain(Code::Enter)).await;
        outside.press(Key::char('q')).await;
        outside
    });
    assert_eq!(end, End::Quit(7));
    assert_eq!(asked, ["attend", "log"]);
    assert!(screen.writes() >= 2);
}

#[test]
fn an_idle_screen_gets_no_byte() {
    let (_, _, screen) = play(Toy::default(), true, async |outside| {
        outside.shows("cols 40").await;
        let before = outside.screen.writes();
        outside.press(Key::plain(Code::F(5))).await;
        // a frame that is drawn and is the same
        outside.press(Key::plain(Code::Enter)).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(outside.screen.writes(), before);
        outside.press(Key::char('q')).await;
        outside
    });
    assert_eq!(screen.writes(), 1);
}

#[test]
fn text_for_the_clipboard_goes_with_a_frame_or_without_one() {
    let (_, asked, screen) = play(Toy::default(), true, async |outside| {
        outside.shows("cols 40").await;
        outside.press(Key::plain(Code::Tab)).await;
        outside.until("a second write", |screen| screen.writes() == 2).await;
        outside.press(Key::char('q')).await;
        outside
    });
    assert_eq!(asked, ["errand"]);
    let last = String::from_utf8(screen.shown.writes.lock().unwrap()[1].clone()).unwrap();
    assert!(last.contains("\x1b]52;c;aGk=\x07"), "{last:?}");
}

#[test]
fn a_program_that_had_the_terminal_leaves_a_screen_to_be_drawn_anew() {
    let (_, _, screen) = play(Toy::default(), true, async |outside| {
        outside.shows("cols 40").await;
        outside.press(Key::plain(Code::BackTab)).await;
        outside.shows("/x.log was lent for").await;
        outside.press(Key::char('q')).await;
        outside
    });
    let writes = screen.shown.writes.lock().unwrap();
    assert!(writes.iter().skip(1).any(|write| write.windows(4).any(|bytes| bytes == b"\x1b[2J")));
}

#[test]
fn ctrl_c_leaves_whatever_the_app_makes_of_it() {
    let (end, _, _) = play(Toy::default(), true, async |outside| {
        outside.press(Key::ctrl('c')).await;
        outside
    });
    assert_eq!(end, End::Quit(0));
}

#[test]
fn signals_leave_and_a_lost_terminal_does() {
    for (signal, expected) in [(Signal::Leave, End::Quit(0)), (Signal::Hangup, End::Gone)] {
        let (end, _, _) = play(Toy::default(), true, async |outside| {
            outside.calls.send(signal).await.unwrap();
            outside
        });
        assert_eq!(end, expected);
    }
    let (end, _, _) = play(Toy::default(), true, async |mut outside| {
        outside.shows("cols 40").await;
        // the thread that reads keys ends
        outside.keys = mpsc::channel(1).0;
        outside
    });
    assert_eq!(end, End::Gone);
    let (end, _, _) = play(Toy::default(), true, async |outside| {
        outside.shows("cols 40").await;
        outside.screen.shown.gone.store(true, Ordering::SeqCst);
        outside.press(Key::char('a')).await;
        outside
    });
    assert_eq!(end, End::Gone);
}

#[test]
fn a_resize_draws_all_anew_also_when_the_size_is_the_old_one_again() {
    let (_, _, screen) = play(Toy::default(), true, async |outside| {
        outside.shows("cols 40").await;
        outside.screen.cols.store(60, Ordering::SeqCst);
        outside.calls.send(Signal::Resize).await.unwrap();
        outside.shows("cols 60").await;
        outside.calls.send(Signal::Resize).await.unwrap();
        outside.until("drawn again", |screen| screen.writes() == 3).await;
        outside.press(Key::char('q')).await;
        outside
    });
    let writes = screen.shown.writes.lock().unwrap();
    assert_eq!(writes.len(), 3);
    assert!(writes.iter().all(|write| write.windows(4).any(|bytes| bytes == b"\x1b[2J")));
}

#[test]
fn a_flood_of_news_is_merged_and_no_key_is_lost_in_it() {
    let batches = Arc::new(Mutex::new(Vec::new()));
    let app = Toy { batches: Arc::clone(&batches), ..Toy::default() };
    let (_, _, screen) = play(app, true, async |outside| {
        let outbox = Arc::clone(&outside.outbox);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let flood = std::thread::spawn(move || {
            let mut n = 0;
            while !stopped.load(Ordering::SeqCst) {
                outbox.post(gone(n % 50));
                n += 1;
                if n.is_multiple_of(100) {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        });
        for c in "abcdefghijklmnopqrstuvwxyz".replace('q', "").chars() {
            outside.press(Key::char(c)).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        outside.shows("typed abcdefghijklmnoprstuvwxyz").await;
        stop.store(true, Ordering::SeqCst);
        flood.join().unwrap();
        outside.press(Key::char('q')).await;
        outside
    });
    let batches = batches.lock().unwrap();
    assert!(batches.iter().all(|batch| *batch <= 50), "{batches:?}");
    assert!(batches.len() < 60, "{} batches in a quarter of a second", batches.len());
    assert!(screen.writes() < 60, "{} frames", screen.writes());
}

#[test]
fn news_notices_and_pages_arrive() {
    play(Toy::default(), true, async |outside| {
        outside.shows("cols 40").await;
        for n in 0..1_200 {
            outside.outbox.post(gone(n));
        }
        outside.outbox.post_log(Slot::First, LogPage { generation: 9, ..LogPage::default() });
        outside.outbox.notice("a worker failed".to_owned());
        outside.shows("gone 1200 page 9").await;
        outside.shows("a worker failed").await;
        outside.press(Key::char('q')).await;
        outside
    });
}

#[test]
fn it_wakes_when_the_state_asked_to_be_woken() {
    let wake = Some(Stamp::from_millis(1_000_040));
    play(Toy { wake, ..Toy::default() }, true, async |outside| {
        outside.shows("wakes 0").await;
        outside.clock.set(Stamp::from_millis(1_000_050));
        outside.shows("wakes 1").await;
        outside.press(Key::char('q')).await;
        outside
    });
}

#[test]
fn it_stops_and_goes_on_with_a_whole_screen() {
    let (_, _, screen) = play(Toy::default(), true, async |outside| {
        outside.shows("cols 40").await;
        outside.press(Key::ctrl('z')).await;
        outside.until("drawn again", |screen| screen.writes() == 2).await;
        // the sign of going on that belongs to it may be that of a stop by somebody else as well: two became one
        outside.calls.send(Signal::Continue).await.unwrap();
        outside.until("drawn again", |screen| screen.writes() == 3).await;
        outside.calls.send(Signal::Stop).await.unwrap();
        outside.until("drawn again", |screen| screen.writes() == 4).await;
        outside.press(Key::char('q')).await;
        outside
    });
    assert_eq!(*screen.stops.lock().unwrap(), [true, false]);
}

#[test]
fn where_no_shell_is_it_does_not_stop() {
    let (_, _, screen) = play(Toy::default(), false, async |outside| {
        outside.press(Key::ctrl('z')).await;
        outside.shows("there is no shell here").await;
        outside.press(Key::char('q')).await;
        outside
    });
    assert!(screen.stops.lock().unwrap().is_empty());
}
