//! The log pane's state: which file, which lines of it, and where the eye is.
//!
//! The pane holds a window of lines with a margin on both sides, so that most keys are answered by what is there; when the
//! margin runs short, or other lines are wanted, it wishes for a new window and goes on showing the old one until that comes. A
//! place in the log is the byte offset of a line, so it outlives every change of filter and every line that is appended.
//!
//! What is on screen are rows: lines, less those that are folded away ([`folds`]). Following is sticky: new lines move the view
//! only while it stands at the end.

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::effect::Effect;
use super::line::Line;
use crate::model::log::Anchor;
use crate::model::log::Landmark;
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
use crate::model::stamp::Stamp;

mod complete;
mod extent;
mod facets;
pub mod fold;
mod folds;
mod goto;
mod inside;
mod keys;
mod link;
mod place;
mod point;
mod saved;
mod sections;
mod steps;
mod table;
mod take;
mod times;
mod typing;

pub use complete::Candidates;
pub use extent::Part;
pub use facets::Facet;
pub use facets::Panel;
pub use facets::Row as FacetRow;
pub use folds::Shown;
pub use goto::HINT;
pub use inside::Content;
pub use inside::Inside;
pub use inside::Node;
pub use point::Point;
pub use saved::Saved;
pub use sections::told;
pub use table::KEYS;
pub use table::Keys;
pub use table::Mode;
pub use table::TABLES;
pub use times::Times;
pub use typing::Input;

use folds::Folds;
use sections::Sections;
use typing::History;
use typing::Typing;

/// As many lines can be owed to keys that came faster than the answers, or lie between the ends of a selection.
const OWED_MAX: usize = 5_000;
/// As many lines are wished for at most, to fill a pane from which most are folded away.
const STRETCH_MAX: usize = 50_000;

/// A file of the run that has lines to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSource {
    /// Its path below the run.
    pub name: Arc<str>,
    path: PathBuf,
    kind: SourceKind,
    written: Option<Stamp>,
}

/// What is looked at, and how much of it has room.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The run.
    pub run: &'a Run,
    /// Whether it is believed to be going on.
    pub alive: bool,
    /// Rows for lines.
    pub rows: u16,
    /// Whether the log has the screen to itself, and keys.
    pub open: bool,
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
    /// The last line is pointed at.
    Last,
    /// What was looked for is brought into view, or `missing` is said.
    Find { missing: &'static str },
    /// This line is brought into view.
    Mark { spot: Spot },
}

/// The log pane.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that the user sees")]
pub struct LogPane {
    run: Option<RunKey>,
    /// The run's folder: nothing is written there unless that is what was typed.
    folder: PathBuf,
    /// Names of the run's metrics.
    metrics: Arc<[Arc<str>]>,
    alive: bool,
    sources: Vec<LogSource>,
    chosen: usize,
    /// All text files of the run in one, by time.
    merged: bool,
    /// Whether the service works for this pane.
    active: bool,
    rows: usize,
    query: LogQuery,
    /// The filter as it was typed.
    filter: String,
    typing: Option<Typing>,
    history: History,
    bad_pattern: Option<String>,
    /// The step that the last jump is for.
    goes_to: Option<Landmark>,
    /// The total of the bar that counts the run's steps.
    bar_total: Option<u64>,
    /// A word about the last key (`no hit below`).
    said: Option<String>,
    generation: u64,
    /// The last wish was also for counts by facet.
    counts_facets: bool,
    /// The wish `generation` has not been answered yet, and this is to be done then.
    waiting: Option<Goal>,
    /// Rows wished for over those of the pane, because many lines are folded away.
    stretch: usize,
    page: LogPage,
    /// Wish that `page.lines` came with.
    lines_of: u64,
    shown: Vec<Shown>,
    folds: Folds,
    sections: Sections,
    follow: bool,
    frozen: bool,
    mark: Option<Mark>,
    /// Index in `shown` of the topmost visible row, when not following.
    top: usize,
    /// Rows to move by as soon as there is something to move in.
    owed: isize,
    /// The line that is pointed at.
    point: Option<Point>,
    bookmarks: BTreeSet<Spot>,
    opened: Option<Inside>,
    panel: Option<Panel>,
    saved: Option<Saved>,
    /// Secrets are shown as they were written.
    reveal: bool,
    /// The lines at hand came from such a wish.
    revealed: bool,
    pan: usize,
    wrap: bool,
    times: Times,
    numbers: bool,
}

impl Default for LogPane {
    fn default() -> Self {
        Self {
            run: None,
            folder: PathBuf::new(),
            metrics: Arc::default(),
            alive: false,
            sources: Vec::new(),
            chosen: 0,
            merged: false,
            active: false,
            rows: 0,
            query: LogQuery::default(),
            filter: String::new(),
            typing: None,
            history: History::default(),
            bad_pattern: None,
            goes_to: None,
            bar_total: None,
            said: None,
            generation: 0,
            counts_facets: false,
            waiting: None,
            stretch: 0,
            page: LogPage::default(),
            lines_of: 0,
            shown: Vec::new(),
            folds: Folds::default(),
            sections: Sections::default(),
            follow: true,
            frozen: false,
            mark: None,
            top: 0,
            owed: 0,
            point: None,
            bookmarks: BTreeSet::new(),
            opened: None,
            panel: None,
            saved: None,
            reveal: false,
            revealed: false,
            pan: 0,
            wrap: false,
            times: Times::default(),
            numbers: false,
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

    /// Shows a log; `None` when none is to be seen. Called whenever one of them may have changed; what comes back is to be done.
    pub fn show(&mut self, view: Option<View<'_>>) -> Option<Effect> {
        let Some(View { run, alive, rows, open }) = view else {
            return self.rest();
        };
        let sources = sources(run);
        if self.run.as_ref() != Some(&run.key) {
            self.another_run(run, sources, rows);
            self.alive = alive;
            return if self.sources.is_empty() {
                self.rest()
            } else {
                Some(self.ask(Anchor::End, Goal::Stay))
            };
        }
        self.alive = alive;
        self.know_metrics(run);
        let known = self.path().map(Path::to_path_buf);
        let others = sources.len() != self.sources.len()
            || sources.iter().zip(&self.sources).any(|(new, old)| new.path != old.path);
        if others {
            let same = sources.iter().position(|source| Some(&source.path) == known.as_ref());
            self.chosen = same.unwrap_or_else(|| main_source(run, &sources));
        }
        self.sources = sources;
        if self.sources.is_empty() {
            return self.rest();
        }
        let other = self.path() != known.as_deref() || (others && self.merged);
        if other {
            self.open_chosen();
        }
        // a preview beside other things is no place for what was shown to one's own eyes
        let hide = self.reveal && !open;
        self.reveal &= open;
        let grown = usize::from(rows) > self.rows;
        let top = self.top_spot();
        self.rows = usize::from(rows);
        self.top = self.top.min(self.last_top());
        let short = (grown && !self.window_suffices()) || self.lacks_rows();
        if other || !self.active || short || hide {
            return Some(self.ask_around(top, Goal::Stay));
        }
        None
    }

    fn another_run(&mut self, run: &Run, sources: Vec<LogSource>, rows: u16) {
        let chosen = main_source(run, &sources);
        *self = Self {
            run: Some(run.key.clone()),
            folder: run.path.clone(),
            generation: self.generation,
            active: self.active,
            wrap: self.wrap,
            numbers: self.numbers,
            history: std::mem::take(&mut self.history),
            chosen,
            sources,
            rows: usize::from(rows),
            ..Self::default()
        };
        self.know_metrics(run);
    }

    fn know_metrics(&mut self, run: &Run) {
        self.bar_total = steps::bar_total(&run.facts.progress);
        let metrics = &run.facts.metrics;
        let same = metrics.len() == self.metrics.len()
            && metrics.iter().zip(self.metrics.iter()).all(|(new, old)| new.name == *old);
        if !same {
            self.metrics = metrics.iter().map(|metric| Arc::clone(&metric.name)).collect();
        }
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
        if self.awaits_titles(&page) {
            // the place would be lost with the lines
            let lines = std::mem::take(&mut self.page.lines);
            let (at_start, at_end) = (self.page.at_start, self.page.at_end);
            self.page = LogPage { lines, at_start, at_end, ..page };
            return true;
        }
        let pointed = self.point_is_seen();
        let found = page.at;
        let undecided = matches!(goal, Goal::Find { .. }) && found.is_none() && page.looking;
        if self.frozen && !fresh {
            // what is on screen stands still; only what is said about the rest moves on
            let lines = std::mem::take(&mut self.page.lines);
            let (at_start, at_end) = (self.page.at_start, self.page.at_end);
            self.page = LogPage { lines, at_start, at_end, ..page };
        } else {
            self.page = page;
            self.lines_of = self.generation;
            self.revealed = self.reveal;
        }
        self.sections.opened(&self.page.unfolded);
        self.sections.see(&self.page.lines);
        if fresh {
            self.tell_no_titles();
        }
        self.take_inside();
        if !undecided {
            self.waiting = None;
        }
        let meant = if let Goal::Mark { spot } = goal { Some(spot) } else { found };
        if let Some(at) = meant.filter(|_| matches!(goal, Goal::Find { .. } | Goal::Mark { .. })) {
            self.unfold_around(at);
        }
        self.refold();
        match goal {
            Goal::Start => {
                self.top = 0;
                self.point_at_row(0);
            }
            Goal::Last => {
                self.top = self.last_top();
                self.point_at_row(usize::MAX);
            }
            Goal::Find { missing } if !undecided => self.reach(found, missing, top),
            Goal::Mark { spot } => self.reach(Some(spot), "", None),
            Goal::Stay | Goal::Find { .. } => self.keep(top),
        }
        self.settle_point();
        if pointed {
            self.bring_point();
        }
        self.set_mark();
        let owed = std::mem::take(&mut self.owed);
        if owed != 0 && self.waiting.is_none() {
            if self.point.is_some() {
                self.move_point(owed);
            } else {
                self.move_by(owed);
            }
        } else {
            self.owed = owed;
        }
        true
    }

    fn rest(&mut self) -> Option<Effect> {
        self.typing = None;
        self.reveal = false;
        std::mem::take(&mut self.active).then_some(Effect::Log(None))
    }

    fn ask(&mut self, anchor: Anchor, goal: Goal) -> Effect {
        self.generation += 1;
        self.waiting = Some(goal);
        self.goes_to = match anchor {
            Anchor::Find { what: what @ (Landmark::Step(_) | Landmark::Epoch(..)), .. } => Some(what),
            _ => None,
        };
        self.active = true;
        self.counts_facets = self.wants_facets();
        Effect::Log(Some(LogAsk {
            generation: self.generation,
            paths: self.paths(),
            query: self.query.clone(),
            anchor,
            sections: self.wished_sections(goal),
            bar_total: self.bar_total,
            // what is owed, folded or selected must lie within the window
            rows: self.rows
                + self.stretch
                + self.owed.unsigned_abs().min(OWED_MAX)
                + self.selected_rows().min(OWED_MAX),
            open: self.opened.as_ref().map(|inside| inside.spot),
            reveal: self.reveal,
            facets: self.counts_facets,
        }))
    }

    fn paths(&self) -> Vec<PathBuf> {
        if self.merged {
            let text = self.sources.iter().filter(|source| source.kind != SourceKind::Csv);
            return text.map(|source| source.path.clone()).collect();
        }
        vec![self.path().map(Path::to_path_buf).unwrap_or_default()]
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
        self.shown.clear();
        self.folds.forget();
        self.sections.forget();
        self.stretch = 0;
        self.follow = true;
        self.frozen = false;
        self.mark = None;
        self.top = 0;
        self.owed = 0;
        self.pan = 0;
        self.point = None;
        self.bookmarks.clear();
        self.opened = None;
        self.reveal = false;
        self.said = None;
    }

    fn refold(&mut self) {
        self.shown = self.folds.rows(&self.page, self.can_fold());
    }

    fn wants_facets(&self) -> bool {
        self.panel.is_some() || self.typing.as_ref().is_some_and(Typing::wants_facets)
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

    /// The names of the files that are merged, in the order of their numbers; `None` when one is shown alone.
    pub fn merged(&self) -> Option<Vec<&str>> {
        let text = self.sources.iter().filter(|source| source.kind != SourceKind::Csv);
        self.merged.then(|| text.map(|source| &*source.name).collect())
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

    /// The rows from the topmost visible one on, each with the lines that are folded into it.
    pub fn from_top(&self) -> impl Iterator<Item = (&LogLine, Shown)> + Clone {
        self.rows_from(self.top_index())
    }

    /// All rows at hand, oldest first.
    pub fn all_rows(&self) -> impl Iterator<Item = (&LogLine, Shown)> + Clone {
        self.rows_from(0)
    }

    fn rows_from(&self, from: usize) -> impl Iterator<Item = (&LogLine, Shown)> + Clone {
        let rows = self.shown.get(from..).unwrap_or_default();
        rows.iter().filter_map(|row| Some((self.page.lines.get(row.line)?, *row)))
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

    /// Whether keys go into a text.
    pub const fn typing(&self) -> bool {
        self.typing.is_some()
    }

    /// What is being typed.
    pub fn input(&self) -> Option<(Input, &Line)> {
        self.typing.as_ref().map(|typing| (typing.what, &typing.edit))
    }

    /// What is wrong with what is being typed.
    pub fn bad_pattern(&self) -> Option<&str> {
        self.bad_pattern.as_deref().or(self.page.bad_pattern.as_deref())
    }

    /// A word about the last key.
    pub fn said(&self) -> Option<&str> {
        self.said.as_deref()
    }

    /// The line that is pointed at.
    pub fn point(&self) -> Option<Spot> {
        self.point.map(|point| point.spot)
    }

    /// Whether the line was marked to be found again.
    pub fn is_bookmarked(&self, spot: Spot) -> bool {
        self.bookmarks.contains(&spot)
    }

    /// What is open of a line.
    pub const fn inside(&self) -> Option<&Inside> {
        self.opened.as_ref()
    }

    /// The saved filters, while they are chosen from.
    pub const fn saved(&self) -> Option<&Saved> {
        self.saved.as_ref()
    }

    /// Whether secrets are shown as they were written, or still are.
    pub const fn reveals(&self) -> bool {
        self.reveal || self.revealed
    }

    /// Secrets that are hidden in the rows on screen.
    pub fn hidden_secrets(&self) -> u64 {
        self.from_top().take(self.rows).map(|(line, _)| u64::from(line.secrets)).sum()
    }

    /// The names of the run's metrics.
    pub fn metrics(&self) -> &[Arc<str>] {
        &self.metrics
    }

    /// How times are told.
    pub const fn times(&self) -> Times {
        self.times
    }

    /// Whether lines are numbered.
    pub const fn numbers(&self) -> bool {
        self.numbers
    }

    /// Columns that are scrolled out at the left.
    pub const fn pan(&self) -> usize {
        self.pan
    }

    /// Whether long lines are wrapped.
    pub const fn wraps(&self) -> bool {
        self.wrap
    }

    /// What keys mean.
    pub const fn mode(&self) -> Mode {
        if self.typing.is_some() {
            Mode::Typing
        } else if self.saved.is_some() {
            Mode::Saved
        } else if self.opened.is_some() {
            Mode::Inside
        } else if self.panel.is_some() {
            Mode::Panel
        } else if self.point.is_some() {
            Mode::Point
        } else {
            Mode::View
        }
    }
}

/// The files of a run that have lines.
fn sources(run: &Run) -> Vec<LogSource> {
    let lined = |kind| matches!(kind, SourceKind::TextLog | SourceKind::JsonLines | SourceKind::Csv);
    // what cannot be read may be a log: the pane says why it is not shown
    let unread = |source: &Source| source.note.as_deref().is_some_and(|note| note.starts_with(UNREADABLE));
    let of_run = run.sources.iter().filter(|source| lined(source.kind) || unread(source));
    of_run
        .map(|source| LogSource {
            name: Arc::clone(&source.path),
            path: run.path_of(&source.path),
            kind: source.kind,
            written: source.modified,
        })
        .collect()
}

fn main_source(run: &Run, sources: &[LogSource]) -> usize {
    let main = run.main_log().map(|source| &source.path);
    sources.iter().position(|source| Some(&source.name) == main).unwrap_or(0)
}

#[cfg(test)]
mod tests;
