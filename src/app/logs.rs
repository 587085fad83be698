//! The log pane's state: which file, which lines of it, and where the eye is.
//!
//! The pane holds a window of lines with a margin on both sides, so that most keys are answered by what is there; when the
//! margin runs short, or other lines are wanted, it wishes for a new window and goes on showing the old one until that comes. A
//! place in the log is the byte offset of a line, so it outlives every change of filter and every line that is appended.
//!
//! What is on screen are rows: lines, less those that are folded away ([`folds`]). Following is sticky: new lines move the view
//! only while it stands at the end.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::log::Landmark;
use crate::model::log::LogPage;
use crate::model::log::LogQuery;
use crate::model::log::Slot;
use crate::model::log::Spot;
use crate::model::run::RunKey;

mod companion;
mod complete;
mod extent;
mod facets;
mod files;
pub mod fold;
mod folds;
mod goto;
mod inside;
mod keys;
mod lead;
mod link;
mod lock;
mod panes;
mod picture;
mod place;
mod point;
mod saved;
mod sections;
mod steps;
mod table;
mod take;
mod times;
mod typing;
mod wish;

pub use complete::Candidates;
pub use extent::Part;
pub use facets::Facet;
pub use facets::Panel;
pub use facets::Row as FacetRow;
pub use files::LogSource;
pub use folds::Shown;
pub use goto::HINT;
pub use inside::Content;
pub use inside::Inside;
pub use inside::Node;
pub use panes::Panes;
pub use panes::Places;
pub use picture::Behind;
pub use point::Point;
pub use saved::Saved;
pub use sections::told;
pub use table::KEYS;
pub use table::Keys;
pub use table::Mode;
pub use table::TABLES;
pub use times::Times;
pub use typing::Input;
pub use wish::View;

use folds::Folds;
use sections::Sections;
use typing::History;
use typing::Typing;

/// As many lines can be owed to keys that came faster than the answers, or lie between the ends of a selection.
const OWED_MAX: usize = 5_000;
/// As many lines are wished for at most, to fill a pane from which most are folded away.
const STRETCH_MAX: usize = 50_000;

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
    /// What was looked for goes to this row, counted from the top: the other pane has its line of the same moment there.
    Align { row: usize },
    /// The last lines are shown, and not followed.
    Tail,
}

/// The log pane.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that the user sees")]
pub struct LogPane {
    /// Which of the two panes it is, for those who answer.
    slot: Slot,
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
    /// Rows that it had when it wished last.
    rows_asked: usize,
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
    /// The line of the moment that the other pane stands at.
    led: Option<Spot>,
    /// There is no line at or after that moment.
    missed: bool,
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
            slot: Slot::First,
            run: None,
            folder: PathBuf::new(),
            metrics: Arc::default(),
            alive: false,
            sources: Vec::new(),
            chosen: 0,
            merged: false,
            active: false,
            rows: 0,
            rows_asked: 0,
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
            led: None,
            missed: false,
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
}

#[cfg(test)]
mod tests;
