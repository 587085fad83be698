//! When the next frame may be drawn.
//!
//! Three wishes pull apart: a key must be answered at once, new figures should be on screen within an eye-blink, and a run that
//! logs ten times a second must not cost a core or fill a slow link. So a key is never held back; the first news after quiet
//! wait only for what belongs to them; and what goes on changing is shown at a pace that the bytes of its frames pay for.
//!
//! Pure: moments are durations since any fixed point, handed in.

use std::time::Duration;

/// A moment: time since the loop began.
pub type Moment = Duration;

/// How long the first change waits for its companions: a run's new figures and the log line that told them come one after the
/// other, and are to ride one frame.
const GRACE: Duration = Duration::from_millis(3);
/// Shortest time between frames that data asked for: 30 a second.
const SHORTEST: Duration = Duration::from_millis(33);
/// The same for the first news after a key or after the start: what was asked for rides the next frame but one.
const ANSWER: Duration = Duration::from_millis(8);
/// Longest time that the price of frames may hold back the next.
const LONGEST: Duration = Duration::from_secs(1);
/// The same in a flood, where every frame is a costly one: the screen stays less than 200 ms behind, draw time included.
const LONGEST_IN_FLOOD: Duration = Duration::from_millis(120);
/// Time between frames while nobody looks.
const UNFOCUSED: Duration = Duration::from_millis(250);
/// A terminal that takes long to swallow a frame gets the next one no sooner than so many times that.
const DRAW_SHARE: u32 = 3;
/// However slow the terminal, data are shown so often.
const SLOWEST: Duration = Duration::from_secs(3);
/// After a key, and after the start, the price of frames holds nothing back for so long: what comes in then is what was asked
/// for.
const ATTENTIVE: Duration = Duration::from_millis(500);
/// Bytes a second that frames asked for by data may cost in the long run.
const BYTES_PER_SECOND: u64 = 2_000;
/// Bytes that may be spent ahead of that: a burst after quiet is shown at full pace for a while.
const BURST: u64 = 4_096;
/// More is never owed, so that a flood is not paid for long after it.
const MOST_DEBT: u64 = BURST + BYTES_PER_SECOND * 3;
/// Updates or log lines a second from which on it is a flood.
const FLOOD_PER_SECOND: u64 = 200;
/// How long news are counted before they are judged.
const WINDOW: Duration = Duration::from_millis(250);

/// Decides when to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pacer {
    /// When a key, a resize or the like asked.
    urgent: Option<Moment>,
    /// When data first asked since the last frame.
    data: Option<Moment>,
    /// Until when what comes in is taken for an answer to what the user did.
    attentive: Moment,
    /// Whether the user has been shown data since.
    answered: bool,
    /// When the last frame was begun.
    last: Option<Moment>,
    /// Bytes spent and not yet paid off, as of `last`.
    debt: u64,
    draw_time: Duration,
    unfocused: bool,
    suspended: bool,
    flood: Flood,
}

impl Default for Pacer {
    fn default() -> Self {
        Self::new()
    }
}

impl Pacer {
    /// A pacer for a screen that nothing was drawn on.
    pub fn new() -> Self {
        Self {
            urgent: None,
            data: None,
            attentive: ATTENTIVE,
            answered: true,
            last: None,
            debt: 0,
            draw_time: Duration::ZERO,
            unfocused: false,
            suspended: false,
            flood: Flood::default(),
        }
    }

    /// Something that the user did shows: draw at once.
    pub fn urge(&mut self, now: Moment) {
        self.urgent.get_or_insert(now);
        self.attentive = now + ATTENTIVE;
        self.answered = false;
    }

    /// News show, or a clock on the screen does.
    pub fn touch(&mut self, now: Moment) {
        self.data.get_or_insert(now);
    }

    /// So many updates or log lines have come in, whether they show or not.
    pub fn count(&mut self, news: u64, now: Moment) {
        self.flood.count(news, now);
    }

    /// The terminal got or lost the focus.
    pub fn focus(&mut self, focused: bool) {
        self.unfocused = !focused;
    }

    /// The terminal is not ours for the time being, or is again.
    pub fn suspend(&mut self, suspended: bool) {
        self.suspended = suspended;
    }

    /// When the next frame may be drawn; `None` while there is nothing to draw.
    pub fn due(&self) -> Option<Moment> {
        if self.suspended {
            return None;
        }
        if self.urgent.is_some() {
            return self.urgent;
        }
        let asked = self.data?;
        let ready = asked + GRACE;
        Some(self.last.map_or(ready, |last| ready.max(last + self.gap(asked))))
    }

    /// A frame was begun at `begun` and cost `bytes`. One of no bytes is for free.
    pub fn drawn(&mut self, begun: Moment, bytes: u64) {
        let paid = self.last.map_or(Duration::ZERO, |last| begun.saturating_sub(last));
        let paid =
            u64::try_from(paid.as_millis()).unwrap_or(u64::MAX).saturating_mul(BYTES_PER_SECOND) / 1000;
        self.debt = self.debt.saturating_sub(paid);
        // what the user asked for is not held against the data
        if self.urgent.is_none() {
            self.answered = true;
            if begun >= self.attentive {
                self.debt = self.debt.saturating_add(bytes).min(MOST_DEBT);
            }
        }
        if bytes > 0 || self.last.is_none() {
            self.last = Some(begun);
        } else if paid > 0 {
            // time that was paid for is not paid for twice
            self.last = Some(begun);
        }
        self.urgent = None;
        self.data = None;
    }

    /// The terminal had taken the last frame so long after it was begun.
    pub fn took(&mut self, time: Duration) {
        self.draw_time = time;
    }

    /// Whether what comes in now is taken for an answer to what the user did.
    pub fn is_attentive(&self, now: Moment) -> bool {
        now < self.attentive
    }

    /// Whether the next frame answers the user.
    pub fn is_urgent(&self) -> bool {
        self.urgent.is_some()
    }

    /// Whether so much comes in that every frame is a new page.
    pub fn in_flood(&self) -> bool {
        self.flood.is_on()
    }

    /// Time from one frame that data asked for to the next.
    fn gap(&self, asked: Moment) -> Duration {
        let attentive = asked < self.attentive;
        let owed = if attentive { 0 } else { self.debt.saturating_sub(BURST) };
        let longest = if self.flood.is_on() { LONGEST_IN_FLOOD } else { LONGEST };
        let price = Duration::from_millis(owed.saturating_mul(1000) / BYTES_PER_SECOND).min(longest);
        let rest = self.draw_time.saturating_mul(DRAW_SHARE).min(SLOWEST);
        let look = match (self.unfocused, attentive) {
            (true, _) => UNFOCUSED,
            (false, true) if !self.answered => ANSWER,
            (false, _) => SHORTEST,
        };
        price.max(rest).max(look)
    }
}

/// Whether so much comes in that every frame is a new page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Flood {
    since: Option<Moment>,
    counted: u64,
    on: bool,
}

impl Flood {
    fn count(&mut self, news: u64, now: Moment) {
        let since = *self.since.get_or_insert(now);
        self.counted = self.counted.saturating_add(news);
        let span = now.saturating_sub(since);
        let limit =
            |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX) * FLOOD_PER_SECOND / 1000;
        if self.counted > limit(span.max(WINDOW)) {
            self.on = true;
        } else if span >= WINDOW {
            self.on = false;
        }
        if span >= WINDOW {
            self.since = Some(now);
            self.counted = 0;
        }
    }

    fn is_on(&self) -> bool {
        self.on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Moment {
        Moment::from_millis(millis)
    }

    /// A pacer whose last frame was begun at 0 for data and cost `bytes`.
    fn after(bytes: u64) -> Pacer {
        let mut pacer = Pacer::new();
        pacer.touch(ms(0));
        draw(&mut pacer, 0, bytes, 1);
        pacer
    }

    fn draw(pacer: &mut Pacer, begun: u64, bytes: u64, took: u64) {
        pacer.drawn(ms(begun), bytes);
        pacer.took(ms(took));
    }

    /// Draws whenever it is due while `step` is called every `every` ms for `millis`; each frame costs `bytes`.
    /// Returns when frames were drawn.
    fn play(pacer: &mut Pacer, millis: u64, every: u64, news: u64, bytes: u64) -> Vec<u64> {
        let mut frames = Vec::new();
        for now in 0..millis {
            if now.is_multiple_of(every) {
                pacer.count(news, ms(now));
                pacer.touch(ms(now));
            }
            if pacer.due().is_some_and(|due| due <= ms(now)) {
                draw(pacer, now, bytes, 1);
                frames.push(now);
            }
        }
        frames
    }

    fn longest_gap(frames: &[u64]) -> u64 {
        frames.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
    }

    #[test]
    fn nothing_is_due_while_nothing_changes() {
        assert_eq!(Pacer::new().due(), None);
        assert_eq!(after(100).due(), None);
    }

    #[test]
    fn a_key_is_answered_at_once_whatever_was_drawn() {
        let mut pacer = after(1_000_000);
        pacer.focus(false);
        pacer.touch(ms(1));
        pacer.urge(ms(2));
        assert_eq!(pacer.due(), Some(ms(2)));
        draw(&mut pacer, 2, 5_000, 900);
        assert_eq!(pacer.due(), None);
        pacer.urge(ms(3));
        assert_eq!(pacer.due(), Some(ms(3)));
    }

    #[test]
    fn the_first_news_wait_only_for_their_companions() {
        let mut pacer = after(300);
        pacer.touch(ms(5_000));
        pacer.touch(ms(5_002));
        assert_eq!(pacer.due(), Some(ms(5_003)));
    }

    #[test]
    fn thirty_frames_a_second_at_most() {
        let mut pacer = after(10);
        pacer.touch(ms(4));
        assert_eq!(pacer.due(), Some(ms(33)));
        let frames = play(&mut Pacer::new(), 1_000, 1, 0, 10);
        assert!((28..=31).contains(&frames.len()), "{} frames", frames.len());
    }

    #[test]
    fn bytes_are_paid_for_in_the_long_run_only() {
        for (bytes, every) in [(600, 100), (250, 33), (900, 100)] {
            let frames = play(&mut Pacer::new(), 20_000, every, 0, bytes);
            let rate = frames.len() as u64 * bytes / 20;
            assert!(
                rate <= BYTES_PER_SECOND + BURST / 20 + bytes,
                "{bytes} bytes every {every} ms: {rate} bytes a second"
            );
            assert!(longest_gap(&frames) <= 500, "{frames:?}");
        }
    }

    #[test]
    fn cheap_frames_ten_times_a_second_are_never_held_back() {
        let frames = play(&mut Pacer::new(), 5_000, 100, 0, 240);
        let expected: Vec<u64> = (0..50).map(|n| n * 100 + 3).collect();
        assert_eq!(frames, expected);
        // dearer ones for as long as the burst lasts
        let frames = play(&mut Pacer::new(), 3_000, 100, 0, 350);
        assert_eq!(frames, expected[..30]);
    }

    #[test]
    fn the_answer_to_a_key_is_not_held_back() {
        let mut pacer = Pacer::new();
        play(&mut pacer, 2_000, 10, 1, 8_000);
        pacer.urge(ms(2_000));
        draw(&mut pacer, 2_000, 8_000, 1);
        pacer.touch(ms(2_005));
        assert_eq!(pacer.due(), Some(ms(2_008)));
        draw(&mut pacer, 2_008, 8_000, 1);
        // the answer was one frame; what follows keeps to thirty a second
        pacer.touch(ms(2_010));
        assert_eq!(pacer.due(), Some(ms(2_041)));
        draw(&mut pacer, 2_041, 8_000, 1);
        pacer.touch(ms(3_100));
        assert!(pacer.due().is_some_and(|due| due <= ms(3_103)));
        draw(&mut pacer, 3_103, 8_000, 1);
        pacer.touch(ms(3_110));
        assert!(pacer.due().is_some_and(|due| due > ms(3_900)), "{pacer:?}");
    }

    #[test]
    fn a_flood_is_shown_within_120_ms_however_dear() {
        let frames = play(&mut Pacer::new(), 5_000, 10, 500, 8_000);
        assert!(longest_gap(&frames) <= 123, "{frames:?}");
        assert!(frames.len() < 60, "{} frames", frames.len());
        let frames = play(&mut Pacer::new(), 5_000, 10, 1, 8_000);
        assert!(longest_gap(&frames) >= 380, "{frames:?}");
    }

    #[test]
    fn a_flood_ends() {
        let mut pacer = Pacer::new();
        play(&mut pacer, 1_000, 10, 500, 8_000);
        assert!(pacer.flood.is_on());
        pacer.count(1, ms(1_500));
        pacer.count(1, ms(1_800));
        assert!(!pacer.flood.is_on());
    }

    #[test]
    fn a_slow_terminal_gets_its_rest() {
        let mut pacer = after(10);
        pacer.touch(ms(50));
        draw(&mut pacer, 60, 10, 100);
        pacer.touch(ms(160));
        assert_eq!(pacer.due(), Some(ms(360)));
        pacer.touch(ms(400));
        draw(&mut pacer, 400, 10, 60_000);
        pacer.touch(ms(500));
        assert_eq!(pacer.due(), Some(ms(3_400)));
    }

    #[test]
    fn four_frames_a_second_while_nobody_looks() {
        let mut pacer = after(10);
        pacer.focus(false);
        pacer.touch(ms(10));
        assert_eq!(pacer.due(), Some(ms(250)));
        pacer.focus(true);
        assert_eq!(pacer.due(), Some(ms(33)));
    }

    #[test]
    fn never_while_suspended() {
        let mut pacer = after(10);
        pacer.touch(ms(10));
        pacer.urge(ms(10));
        pacer.suspend(true);
        assert_eq!(pacer.due(), None);
        pacer.suspend(false);
        assert_eq!(pacer.due(), Some(ms(10)));
    }

    #[test]
    fn a_frame_without_bytes_holds_nothing_back() {
        let mut pacer = after(100);
        pacer.touch(ms(1_000));
        draw(&mut pacer, 1_003, 0, 0);
        pacer.touch(ms(1_040));
        assert_eq!(pacer.due(), Some(ms(1_043)));
    }
}
