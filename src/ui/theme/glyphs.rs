//! The glyphs, once in full and once within ASCII. All are one column wide wherever they are drawn: none has an emoji form,
//! which some terminals draw two columns wide.

/// One set.
#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Whether they keep to ASCII.
    pub ascii: bool,
    /// State queued.
    pub queued: &'static str,
    /// State running.
    pub running: &'static str,
    /// State stalled.
    pub stalled: &'static str,
    /// State completed.
    pub completed: &'static str,
    /// State `early_stopped`.
    pub early_stopped: &'static str,
    /// State failed.
    pub failed: &'static str,
    /// State cancelled.
    pub cancelled: &'static str,
    /// State interrupted.
    pub interrupted: &'static str,
    /// State unknown.
    pub unknown: &'static str,
    /// Left of the selected row.
    pub mark: &'static str,
    /// Text goes on where this stands.
    pub ellipsis: &'static str,
    /// Nothing is known.
    pub none: &'static str,
    /// A rule between panes.
    pub rule: &'static str,
    /// Between parts of a line.
    pub dot: &'static str,
    /// Filled parts of a bar's cell; the last one is a full cell. They are lines and not blocks, so that there is air between
    /// the bars of neighbouring rows.
    pub bar: &'static [&'static str],
    /// The empty part of a bar.
    pub track: &'static str,
    /// Rising heights of a sparkline. The highest leaves air below the row above.
    pub spark: &'static [&'static str],
    /// A figure that is not a number.
    pub nan: &'static str,
    /// Sorted with the lowest first.
    pub rising: &'static str,
    /// Sorted with the highest first.
    pub falling: &'static str,
    /// The part of the list that is on screen.
    pub thumb: &'static str,
    /// The axes of a chart: upright, flat, where they meet, a tick on each.
    pub upright: &'static str,
    /// See [`Glyphs::upright`].
    pub flat: &'static str,
    /// See [`Glyphs::upright`].
    pub corner: &'static str,
    /// See [`Glyphs::upright`].
    pub tick_y: &'static str,
    /// See [`Glyphs::upright`].
    pub tick_x: &'static str,
    /// A line of the grid.
    pub grid: &'static str,
    /// How the lines of a chart look where colour does not tell them apart.
    pub dashes: [&'static str; 4],
}

/// For every terminal with a common font.
pub static UNICODE: Glyphs = Glyphs {
    ascii: false,
    queued: "○",
    running: "►",
    stalled: "‖",
    completed: "✓",
    early_stopped: "⇥",
    failed: "✗",
    cancelled: "⊘",
    interrupted: "↯",
    unknown: "?",
    mark: "▌",
    ellipsis: "…",
    none: "—",
    rule: "─",
    dot: "·",
    bar: &["╸", "━"],
    track: "─",
    spark: &["▁", "▂", "▃", "▄", "▅", "▆", "▇"],
    nan: "×",
    rising: "▴",
    falling: "▾",
    thumb: "▐",
    upright: "│",
    flat: "─",
    corner: "└",
    tick_y: "┤",
    tick_x: "┬",
    grid: "┈",
    dashes: ["⠒⠒⠒⠒", "⠒ ⠒ ", "⠒   ", "⠒⠒⠒ "],
};

/// For the others.
pub static ASCII: Glyphs = Glyphs {
    ascii: true,
    queued: ".",
    running: ">",
    stalled: "=",
    completed: "+",
    early_stopped: "|",
    failed: "x",
    cancelled: "o",
    interrupted: "!",
    unknown: "?",
    mark: "*",
    ellipsis: "~",
    none: "-",
    rule: "-",
    dot: "-",
    bar: &["#"],
    track: ".",
    spark: &["_", ".", "-", "=", "^"],
    nan: "X",
    rising: "^",
    falling: "v",
    thumb: "#",
    upright: "|",
    flat: "-",
    corner: "+",
    tick_y: "+",
    tick_x: "+",
    grid: ".",
    dashes: ["----", "- - ", "-   ", "--- "],
};
