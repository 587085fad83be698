//! How colours and glyphs are drawn: roles, not colours, are what the rest of `ui` speaks of.
//!
//! A theme file names a colour for each role. How much of it arrives depends on the terminal: true colour, the nearest of
//! 256, one of the sixteen, or bold, faint and reverse alone. No meaning rests on colour: each state has a glyph of its own.

mod colour;
pub mod glyphs;

use ratatui::style::{Modifier, Style};
use serde::Deserialize;

use self::colour::Shade;
pub use self::glyphs::Glyphs;
use crate::model::state::State;

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Colours {
    /// 16 million.
    #[default]
    True,
    /// 256.
    Indexed,
    /// Sixteen.
    Basic,
    /// None, or none are wanted.
    None,
}

/// What is behind the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ground {
    /// Darker than the text.
    #[default]
    Dark,
    /// Lighter than it.
    Light,
}

impl Ground {
    /// What `COLORFGBG` says, which some terminals set: two or three of the sixteen colours by number, the background last.
    fn told(colours: &str) -> Option<Self> {
        match colours.rsplit(';').next()?.parse::<u8>().ok()? {
            0..=6 | 8 => Some(Self::Dark),
            7 | 9..=15 => Some(Self::Light),
            _ => None,
        }
    }

    const fn theme(self) -> &'static str {
        match self {
            Self::Dark => include_str!("../../assets/themes/dark.toml"),
            Self::Light => include_str!("../../assets/themes/light.toml"),
        }
    }
}

/// Colours of a line in a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ink {
    /// The line itself.
    pub line: Style,
    /// The band between lowest and highest.
    pub band: Style,
}

/// Colours of the full part of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bars {
    /// Of what is alive.
    pub running: Style,
    /// Of what came to its end.
    pub done: Style,
    /// Of what failed.
    pub failed: Style,
    /// Of what stopped half-way.
    pub waiting: Style,
    /// Of the others.
    pub other: Style,
}

/// A theme as this terminal can draw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// How many colours there are.
    pub colours: Colours,
    /// The glyphs.
    pub glyphs: &'static Glyphs,
    /// Plain text.
    pub text: Style,
    /// What matters less.
    pub dim: Style,
    /// Rules, axes, tracks.
    pub faint: Style,
    /// Names of panes and figures that count.
    pub strong: Style,
    /// The one accent.
    pub accent: Style,
    /// All is well.
    pub good: Style,
    /// Worth a look.
    pub warn: Style,
    /// Failed.
    pub bad: Style,
    /// Laid over the selected row; its foreground is that of plain text there.
    pub selection: Style,
    /// The empty part of a bar.
    pub track: Style,
    /// The grid behind a chart.
    pub grid: Style,
    /// The full part of a bar.
    pub bars: Bars,
    /// Lines of one chart, in order.
    pub inks: Vec<Ink>,
}

impl Default for Theme {
    fn default() -> Self {
        Self::new(Colours::default(), false)
    }
}

#[derive(Deserialize)]
struct File {
    roles: Roles,
    bars: BarShades,
    chart: Vec<Line>,
}

#[derive(Deserialize)]
struct Roles {
    dim: Shade,
    faint: Shade,
    accent: Shade,
    good: Shade,
    warn: Shade,
    bad: Shade,
    selection: Shade,
    selected: Shade,
    track: Shade,
    grid: Shade,
}

#[derive(Deserialize)]
struct BarShades {
    running: Shade,
    done: Shade,
    failed: Shade,
    waiting: Shade,
    other: Shade,
}

#[derive(Deserialize)]
struct Line {
    line: Shade,
    band: Shade,
}

impl Theme {
    /// The default theme with so many colours; `ascii` draws with nothing else.
    pub fn new(colours: Colours, ascii: bool) -> Self {
        Self::on(Ground::default(), colours, ascii)
    }

    /// The theme for a background.
    pub fn on(ground: Ground, colours: Colours, ascii: bool) -> Self {
        // the file is part of the program and a test reads it: without colours is the answer to what cannot be
        Self::parse(ground.theme(), colours, ascii).unwrap_or_else(|_| Self::plain(ascii))
    }

    /// The theme in `text`. Fails with what is wrong with it.
    pub fn parse(text: &str, colours: Colours, ascii: bool) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let plain = Self::plain(ascii);
        if colours == Colours::None {
            return Ok(plain);
        }
        let fg = |shade: &Shade| shade.at(colours).map(|c| c.map_or_else(Style::new, |c| Style::new().fg(c)));
        let bg = |shade: &Shade| shade.at(colours).map(|c| c.map_or_else(Style::new, |c| Style::new().bg(c)));
        let inks: Result<Vec<Ink>, String> =
            file.chart.iter().map(|ink| Ok(Ink { line: fg(&ink.line)?, band: fg(&ink.band)? })).collect();
        let inks = inks?;
        if inks.is_empty() {
            return Err("a theme needs at least one [[chart]]".to_owned());
        }
        let roles = &file.roles;
        Ok(Self {
            colours,
            dim: fg(&roles.dim)?,
            faint: fg(&roles.faint)?,
            accent: fg(&roles.accent)?,
            good: fg(&roles.good)?,
            warn: fg(&roles.warn)?,
            bad: fg(&roles.bad)?,
            selection: match bg(&roles.selection)? {
                // with the colour of the text, so that it can be read also where the background was guessed wrong
                behind if behind.bg.is_some() => behind.patch(fg(&roles.selected)?),
                none => none,
            },
            track: fg(&roles.track)?,
            grid: fg(&roles.grid)?,
            bars: Bars {
                running: fg(&file.bars.running)?,
                done: fg(&file.bars.done)?,
                failed: fg(&file.bars.failed)?,
                waiting: fg(&file.bars.waiting)?,
                other: fg(&file.bars.other)?,
            },
            inks,
            ..plain
        })
    }

    /// Without any colour.
    fn plain(ascii: bool) -> Self {
        let faint = Style::new().add_modifier(Modifier::DIM);
        let bold = Style::new().add_modifier(Modifier::BOLD);
        Self {
            colours: Colours::None,
            glyphs: if ascii { &glyphs::ASCII } else { &glyphs::UNICODE },
            text: Style::new(),
            dim: faint,
            faint,
            strong: bold,
            accent: bold,
            good: Style::new(),
            warn: bold,
            bad: bold,
            selection: Style::new().add_modifier(Modifier::REVERSED),
            track: faint,
            grid: faint,
            bars: Bars::default(),
            inks: vec![Ink { line: Style::new(), band: faint }],
        }
    }

    /// What the environment says that the terminal can do. `env` looks a variable up; nothing is read here.
    pub fn detect(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let colours = if set("NO_COLOR").is_some() || term == "dumb" {
            Colours::None
        } else if set("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit")
            || term.ends_with("-direct")
        {
            Colours::True
        } else if term.contains("256color")
            || ["alacritty", "foot", "xterm-kitty", "wezterm"].contains(&&*term)
        {
            Colours::Indexed
        } else {
            Colours::Basic
        };
        // a locale that is named and is not UTF-8; the console of Linux has neither braille nor eighth blocks
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let foreign = locale.is_some_and(|name| {
            let name = name.to_lowercase();
            !(name.contains("utf-8") || name.contains("utf8"))
        });
        let ground = set("COLORFGBG").and_then(|told| Ground::told(&told)).unwrap_or_default();
        Self::on(ground, colours, foreign || term == "linux")
    }

    /// How a state is drawn.
    pub fn state(&self, state: State) -> (&'static str, Style) {
        let glyphs = self.glyphs;
        match state {
            State::Queued => (glyphs.queued, self.dim),
            State::Running => (glyphs.running, self.accent),
            State::Stalled => (glyphs.stalled, self.warn),
            State::Completed => (glyphs.completed, self.good),
            State::EarlyStopped => (glyphs.early_stopped, self.good),
            State::Failed => (glyphs.failed, self.bad),
            State::Cancelled => (glyphs.cancelled, self.dim),
            State::Interrupted => (glyphs.interrupted, self.warn),
            State::Unknown => (glyphs.unknown, self.dim),
        }
    }

    /// The colours of the `at`-th line of a chart.
    pub fn ink(&self, at: usize) -> Ink {
        self.inks.get(at % self.inks.len().max(1)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
