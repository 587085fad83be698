//! The keys of the log pane, as the help, the footer and `docs/KEYS.md` show them.

/// Keys, what they do, and what the footer calls them: nothing where they are not worth its room.
pub type Keys = (&'static str, &'static str, &'static str);

/// What keys mean in the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// They move the view.
    View,
    /// They move what is pointed at.
    Point,
    /// They move in the panel of facets.
    Panel,
    /// They move in what is inside a line.
    Inside,
    /// They choose a saved filter.
    Saved,
    /// They are text.
    Typing,
}

/// The keys of the pane.
pub const KEYS: &[Keys] = &[
    ("/", "search by regex; small letters match any case", "search"),
    ("& f", "filter: regex !not level>=warn cat: since:10m", "filter"),
    ("n N", "next hit below, above", ""),
    ("F", "levels, categories, events, ranks, with counts", "facets"),
    ("v ↵", "point at a line: copy, fold, open, select", "point"),
    ("> <", "next error below, above", ""),
    ("} {", "next traceback below, above", ""),
    ("!", "the first error", ""),
    ("J : Ctrl+G", "go to 14:05, step 1200, epoch 3, 50%, #1234", ""),
    ("d i w e", "show or hide debug, info, warnings, errors", "levels"),
    ("p o", "show or hide progress bars, other lines", ""),
    ("a", "show all of them", ""),
    ("Space", "freeze what is shown, and go on", "freeze"),
    ("c", "on a title its section, else tracebacks and tables", ""),
    ("C", "fold all sections to the contents, or open them", ""),
    (") (", "next section below, above", ""),
    ("t", "times: as written, since start, gaps, ago", ""),
    ("#", "line numbers", ""),
    ("W", "wrap long lines", ""),
    ("h l ← →", "move long lines sideways", ""),
    ("j k ↓ ↑", "scroll by a line", ""),
    ("PgDn PgUp", "scroll by a page; Ctrl+D and Ctrl+U by half", ""),
    ("g Home", "first line", ""),
    ("G End", "last line, and follow what comes", "end"),
    ("Tab [ ]", "another file of the run; of two panes [ ] alone", ""),
    ("M", "all text files of the run in one, by time", ""),
    ("|", "two files beside one another; one pane again", ""),
    ("Tab Ctrl+W", "to the other of two panes", ""),
    ("=", "two panes move by time, or each by itself", ""),
    ("m ' \"", "bookmark; to the next, to the one before", ""),
    ("s S", "save the filter; choose a saved one", ""),
    ("R", "show secrets, on this screen alone; hide them", ""),
    ("Esc", "end the search, the filter, the freeze", ""),
];

/// The keys on a line that is pointed at.
const POINT: &[Keys] = &[
    ("j k ↓ ↑", "point at another line", ""),
    ("↵", "open it: fold, JSON tree, draws of a bar", "open"),
    ("V Space", "select lines from here on", "select"),
    ("y", "copy to the clipboard, secrets hidden", "copy"),
    ("Y", "write to a file, secrets hidden", "write"),
    ("m", "bookmark", "mark"),
    ("o", "open the file in $PAGER, at this line", "pager"),
    ("O E", "open the file in $EDITOR, at this line", "edit"),
    ("Esc", "drop the selection; point at nothing", "leave"),
];

/// The keys in the panel of facets.
const PANEL: &[Keys] = &[
    ("j k ↓ ↑", "move", ""),
    ("Space", "hide it, or show it again", "hide"),
    ("↵", "show only this; again: everything", "only"),
    ("x", "exclude it, or no more", "exclude"),
    ("F Esc", "close the panel", "close"),
];

/// The keys in what is inside a line.
const INSIDE: &[Keys] = &[
    ("j k ↓ ↑", "move; also PgDn PgUp g G", ""),
    ("↵ Space", "open or close a branch", "open"),
    ("h l ← →", "close it, open it", ""),
    ("y", "copy the value, secrets hidden", "copy"),
    ("Esc", "close", "close"),
];

/// The keys in the list of saved filters.
const SAVED: &[Keys] = &[
    ("j k ↓ ↑", "move", ""),
    ("↵", "filter by it", "use"),
    ("s", "save the present filter", "save"),
    ("x Del", "delete it", "delete"),
    ("S Esc", "close", "close"),
];

/// The keys while text is typed, besides those that edit it.
const TYPING: &[Keys] = &[
    ("↵", "keep it", "keep"),
    ("Esc", "back to what was there before", "undo"),
    ("Tab", "complete names and values of a filter", "complete"),
    ("↑ ↓", "earlier filters and searches", "earlier"),
];

/// All tables, each with its heading and where its keys are pressed.
pub const TABLES: [(&str, Mode, &[Keys]); 6] = [
    ("in the log", Mode::View, KEYS),
    ("on a line", Mode::Point, POINT),
    ("in the panel of facets", Mode::Panel, PANEL),
    ("inside a line", Mode::Inside, INSIDE),
    ("in the list of saved filters", Mode::Saved, SAVED),
    ("while text is typed", Mode::Typing, TYPING),
];

impl Mode {
    /// Its keys.
    pub fn keys(self) -> &'static [Keys] {
        TABLES.iter().find(|(_, mode, _)| *mode == self).map_or(KEYS, |(_, _, keys)| keys)
    }
}
