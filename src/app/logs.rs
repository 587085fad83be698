//! The log pane's state: which file, which lines of it, and where the eye is.
//!
//! The pane holds a window of lines with a margin on both sides, so that most keys are answered by what is there; when the
//! margin runs short, or other lines are wanted, it wishes for a new window and goes on showing the old one until that comes. A
//! place in the log is the byte offset of a line, so it outlives every change of filter and every line that is appended.
//!
//! Following is sticky: new lines move the view only while it stands at the end.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::effect::Effect;
use super::line::Line;
use crate::model::log::Anchor;
use crate::model::log::LogAsk;
use crate::model::log::LogLine;
use crate::model::log::LogPage;
use crate::model::log::LogQuery;
use crate::model::log::Spot;
use crate::model::run::Run;
use crate::model::run::RunKey;
use crate::model::run::Source;
use crate::model::run::SourceKind;
use crate::model::run::UNREADABLE;

pub mod fold;
mod keys;

pub use keys::KEYS;

/// As many lines can be owed to keys that came faster than the answers.
const OWED_MAX: usize = 5_000;

/// A file of the run that has lines to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSource {
    /// Its path below the run.
    pub name: Arc<str>,
    path: PathBuf,
}

/// What is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A search.
    Search,
    /// A filter.
    Filter,
}

/// How much has come since the view left the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// So many matching lines.
    Lines(u64),
    /// So many bytes, where the lines are not counted yet.
    Bytes(u64),
}

/// What was there when the view left the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    /// Matching lines, if they were all counted.
    matched: Option<u64>,
    bytes: u64,
}

/// What to do with the view when the window comes that was wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Goal {
    /// The same line stays on top.
    #[default]
    Stay,
    /// The first line goes on top.
    Start,
    /// The hit is brought into view.
    Hit { forward: bool },
}

/// The text of a search or filter that is being typed, and what stood there before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Typing {
    what: Input,
    edit: Line,
    before: String,
}

/// The log pane.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that the user sees")]
pub struct LogPane {
    run: Option<RunKey>,
    sources: Vec<LogSource>,
    chosen: usize,
    /// Whether the service works for this pane.
    active: bool,
    rows: usize,
    query: LogQuery,
    /// The filter as it was typed.
    filter: String,
    typing: Option<Typing>,
    bad_pattern: Option<String>,
    /// A word about the last key (`no hit below`).
    said: Option<&'static str>,
    generation: u64,
    /// The wish `generation` has not been answered yet, and this is to be done then.
    waiting: Option<Goal>,
    page: LogPage,
    /// Wish that `page.lines` came with.
    lines_of: u64,
    follow: bool,
    frozen: bool,
    mark: Option<Mark>,
    /// Index in `page.lines` of the topmost visible line, when not following.
    top: usize,
    /// Lines to scroll by as soon as there is something to scroll.
    owed: isize,
    /// The hit that was jumped to.
    hit: Option<Spot>,
    pan: usize,
    wrap: bool,
}

impl Default for LogPane {
    fn default() -> Self {
        Self {
            run: None,
            sources: Vec::new(),
            chosen: 0,
            active: false,
            rows: 0,
            query: LogQuery::default(),
            filter: String::new(),
            typing: None,
            bad_pattern: None,
            said: None,
            generation: 0,
            waiting: None,
            page: LogPage::default(),
            lines_of: 0,
            follow: true,
            frozen: false,
            mark: None,
            top: 0,
            owed: 0,
            hit: None,
            pan: 0,
            wrap: false,
        }
    }
}

impl LogPane {
    /// Rows above the lines.
    pub const HEAD: u16 = 2;

    /// Rows for lines in a pane of this height.
    pub const fn rows_in(height: u16) -> u16 {
        height.saturating_sub(Self::HEAD)
    }

    /// Shows the log of `run` in a pane with so many rows for lines; `None` when no log is to be seen. Called whenever one of
    /// them may have changed; what comes back is to be done.
    pub fn show(&mut self, run: Option<&Run>, rows: u16) -> Option<Effect> {
        let Some(run) = run else {
            return self.rest();
        };
        let sources = sources(run);
        if self.run.as_ref() != Some(&run.key) {
            let chosen = main_source(run, &sources);
            *self = Self {
                run: Some(run.key.clone()),
                generation: self.generation,
                active: self.active,
                wrap: self.wrap,
                chosen,
                sources,
                rows: usize::from(rows),
                ..Self::default()
            };
            return if self.sources.is_empty() {
                self.rest()
            } else {
                Some(self.ask(Anchor::End, Goal::Stay))
            };
        }
        let known = self.path().map(Path::to_path_buf);
        if sources != self.sources {
            let same = sources.iter().position(|source| Some(&source.path) == known.as_ref());
            self.chosen = same.unwrap_or_else(|| main_source(run, &sources));
            self.sources = sources;
        }
        if self.sources.is_empty() {
            return self.rest();
        }
        let other = self.path() != known.as_deref();
        if other {
            self.open_chosen();
        }
        let grown = usize::from(rows) > self.rows;
        let top = self.top_spot();
        self.rows = usize::from(rows);
        self.top = self.top.min(self.last_top());
        let short = grown && !self.window_suffices();
        if other || !self.active || short {
            return Some(self.ask_around(top, Goal::Stay));
        }
        None
    }

    /// Takes an answer in. Returns whether anything visible may have changed.
    pub fn page(&mut self, page: LogPage) -> bool {
        if page.generation != self.generation || !self.active {
            return false;
        }
        let fresh = page.generation != self.lines_of;
        let top = self.top_spot();
        if page == self.page && !fresh {
            return false;
        }
        let goal = self.waiting.unwrap_or_default();
        let found = page.at;
        let undecided = matches!(goal, Goal::Hit { .. }) && found.is_none() && page.looking;
        if self.frozen && !fresh {
            // what is on screen stands still; only what is said about the rest moves on
            let lines = std::mem::take(&mut self.page.lines);
            let (at_start, at_end) = (self.page.at_start, self.page.at_end);
            self.page = LogPage { lines, at_start, at_end, ..page };
        } else {
            self.page = page;
            self.lines_of = self.generation;
        }
        if !undecided {
            self.waiting = None;
        }
        match goal {
            Goal::Start => self.top = 0,
            Goal::Hit { forward } if !undecided => self.reach(found, forward, top),
            Goal::Stay | Goal::Hit { .. } => self.keep(top),
        }
        self.set_mark();
        let owed = std::mem::take(&mut self.owed);
        if owed != 0 && self.waiting.is_none() {
            self.move_by(owed);
        } else {
            self.owed = owed;
        }
        true
    }

    /// Whether keys go into a text.
    pub const fn typing(&self) -> bool {
        self.typing.is_some()
    }

    fn rest(&mut self) -> Option<Effect> {
        self.typing = None;
        std::mem::take(&mut self.active).then_some(Effect::Log(None))
    }

    fn ask(&mut self, anchor: Anchor, goal: Goal) -> Effect {
        self.generation += 1;
        self.waiting = Some(goal);
        self.active = true;
        let path = self.path().map(Path::to_path_buf).unwrap_or_default();
        Effect::Log(Some(LogAsk {
            generation: self.generation,
            paths: vec![path],
            query: self.query.clone(),
            anchor,
            // what is owed must lie within the window
            rows: self.rows + self.owed.unsigned_abs().min(OWED_MAX),
            open: None,
            reveal: false,
            facets: false,
        }))
    }

    /// Wishes for the lines around the present place.
    fn ask_around(&mut self, top: Option<Spot>, goal: Goal) -> Effect {
        let anchor = match top {
            Some(spot) if !self.follow => Anchor::At { spot, above: 0 },
            _ => Anchor::End,
        };
        self.ask(anchor, goal)
    }

    /// Another file: everything that is about places in the old one is forgotten.
    fn open_chosen(&mut self) {
        self.page = LogPage::default();
        self.lines_of = 0;
        self.follow = true;
        self.frozen = false;
        self.mark = None;
        self.top = 0;
        self.owed = 0;
        self.pan = 0;
        self.hit = None;
        self.said = None;
    }

    /// Brings a hit into view, or says that there is none.
    fn reach(&mut self, found: Option<Spot>, forward: bool, top: Option<Spot>) {
        let Some(at) = found else {
            self.said = Some(if forward { "no hit below" } else { "no hit above" });
            self.keep(top);
            return;
        };
        self.hit = Some(at);
        let place = self.index_of(at);
        let first = self.top_for(top);
        let visible = !self.follow && top.is_some() && (first..first + self.rows).contains(&place);
        self.top = if visible { first } else { place.saturating_sub(self.rows / 3) };
        self.leave_end();
        self.top = self.top.min(self.last_top());
    }

    /// Keeps the line that stood on top there.
    fn keep(&mut self, top: Option<Spot>) {
        self.top = self.top_for(top).min(self.last_top());
    }

    fn top_for(&self, top: Option<Spot>) -> usize {
        top.map_or_else(|| self.last_top(), |spot| self.index_of(spot))
    }

    /// Where the line is in the window; where it is no more (a filter took it away), where it would be.
    fn index_of(&self, spot: Spot) -> usize {
        let lines = &self.page.lines;
        lines
            .iter()
            .position(|line| line.spot == spot)
            .unwrap_or_else(|| lines.partition_point(|line| line.spot < spot))
    }

    /// Index of the topmost line when the last one is at the bottom.
    fn last_top(&self) -> usize {
        self.page.lines.len().saturating_sub(self.rows)
    }

    fn top_index(&self) -> usize {
        if self.follow { self.last_top() } else { self.top }
    }

    fn top_spot(&self) -> Option<Spot> {
        self.page.lines.get(self.top_index()).map(|line| line.spot)
    }

    fn leave_end(&mut self) {
        if self.follow {
            self.follow = false;
            self.mark = None;
            self.set_mark();
        }
    }

    /// Remembers how much there was when the view left the end.
    fn set_mark(&mut self) {
        if self.follow {
            self.mark = None;
        } else if self.mark.is_none() && self.lines_of == self.generation {
            let matched = self.page.counted_all().then_some(self.page.counts.matched);
            self.mark = Some(Mark { matched, bytes: self.page.counted.1 });
        }
    }

    /// Whether the margin is wide enough for some more keys.
    fn window_suffices(&self) -> bool {
        let top = self.top_index();
        let above = self.page.at_start || top >= self.rows;
        let below = self.page.at_end || top + 2 * self.rows <= self.page.lines.len();
        above && below
    }

    /// Moves the view; what cannot be done yet is owed. Returns whether the view moved.
    fn move_by(&mut self, lines: isize) -> bool {
        let before = (self.follow, self.top_index());
        let wanted = before.1.saturating_add_signed(lines);
        let lacking = if lines < 0 && !self.page.at_start {
            lines.saturating_add_unsigned(before.1).min(0)
        } else if lines > 0 && !self.page.at_end {
            isize::try_from(wanted.saturating_sub(self.last_top())).unwrap_or(0)
        } else {
            0
        };
        self.owed = self.owed.saturating_add(lacking);
        let last = self.last_top();
        let top = wanted.min(last);
        if lines > 0 && wanted >= last && self.page.at_end && !self.frozen {
            self.follow = true;
            self.mark = None;
        } else if top != before.1 {
            self.leave_end();
            self.top = top;
        }
        (self.follow, self.top_index()) != before
    }
}

/// What the drawing asks.
impl LogPane {
    /// The run whose log it is.
    pub const fn run(&self) -> Option<&RunKey> {
        self.run.as_ref()
    }

    /// The file that is shown, and how many there are to choose from.
    pub fn source(&self) -> Option<(&LogSource, usize, usize)> {
        self.sources.get(self.chosen).map(|source| (source, self.chosen + 1, self.sources.len()))
    }

    fn path(&self) -> Option<&Path> {
        self.sources.get(self.chosen).map(|source| source.path.as_path())
    }

    /// The newest answer.
    pub const fn latest(&self) -> &LogPage {
        &self.page
    }

    /// Whether an answer has come for this file at all.
    pub const fn answered(&self) -> bool {
        self.lines_of != 0
    }

    /// The lines from the topmost visible one on.
    pub fn from_top(&self) -> &[LogLine] {
        self.page.lines.get(self.top_index()..).unwrap_or_default()
    }

    /// All lines at hand, oldest first.
    pub fn lines(&self) -> &[LogLine] {
        &self.page.lines
    }

    /// Whether the view follows the end.
    pub const fn follows(&self) -> bool {
        self.follow
    }

    /// Whether the view is frozen.
    pub const fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// How much has come below since the view left the end.
    pub fn behind(&self) -> Option<Behind> {
        let mark = self.mark.filter(|_| !self.follow)?;
        let page = &self.page;
        match mark.matched {
            Some(matched) if page.counted_all() => {
                Some(Behind::Lines(page.counts.matched.saturating_sub(matched)))
                    .filter(|b| *b != Behind::Lines(0))
            }
            _ => Some(page.counted.1.saturating_sub(mark.bytes)).filter(|&n| n > 0).map(Behind::Bytes),
        }
    }

    /// Which lines are wanted.
    pub const fn query(&self) -> &LogQuery {
        &self.query
    }

    /// The filter as it was typed.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// What is being typed.
    pub fn input(&self) -> Option<(Input, &Line)> {
        self.typing.as_ref().map(|typing| (typing.what, &typing.edit))
    }

    /// What is wrong with the pattern that is being typed.
    pub fn bad_pattern(&self) -> Option<&str> {
        self.bad_pattern.as_deref().or(self.page.bad_pattern.as_deref())
    }

    /// A word about the last key.
    pub const fn said(&self) -> Option<&'static str> {
        self.said
    }

    /// The line of the hit that was jumped to.
    pub const fn hit(&self) -> Option<Spot> {
        self.hit
    }

    /// Columns that are scrolled out at the left.
    pub const fn pan(&self) -> usize {
        self.pan
    }

    /// Whether long lines are wrapped.
    pub const fn wraps(&self) -> bool {
        self.wrap
    }
}

/// The files of a run that have lines.
fn sources(run: &Run) -> Vec<LogSource> {
    let lined = |kind| matches!(kind, SourceKind::TextLog | SourceKind::JsonLines | SourceKind::Csv);
    // what cannot be read may be a log: the pane says why it is not shown
    let unread = |source: &Source| source.note.as_deref().is_some_and(|note| note.starts_with(UNREADABLE));
    let of_run = run.sources.iter().filter(|source| lined(source.kind) || unread(source));
    of_run
        .map(|source| LogSource { name: Arc::clone(&source.path), path: run.path_of(&source.path) })
        .collect()
}

fn main_source(run: &Run, sources: &[LogSource]) -> usize {
    let main = run.main_log().map(|source| &source.path);
    sources.iter().position(|source| Some(&source.name) == main).unwrap_or(0)
}

#[cfg(test)]
mod tests;
