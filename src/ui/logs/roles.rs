//! What the log pane draws with.

use ratatui::style::Modifier;
use ratatui::style::Style;

use crate::model::level::Level;
use crate::ui::Theme;
use crate::ui::theme::Colours;

use super::syntax::Part;

pub(super) struct Roles {
    pub(super) text: Style,
    pub(super) dim: Style,
    pub(super) faint: Style,
    pub(super) strong: Style,
    pub(super) accent: Style,
    pub(super) good: Style,
    pub(super) warn: Style,
    pub(super) bad: Style,
    pub(super) found: Style,
    pub(super) ellipsis: &'static str,
    pub(super) dot: &'static str,
    pub(super) bar: &'static str,
    pub(super) mark: &'static str,
    pub(super) thumb: &'static str,
    pub(super) rail: &'static str,
    pub(super) before: &'static str,
    pub(super) wrapped: &'static str,
    pub(super) bookmark: &'static str,
    pub(super) hit: &'static str,
    pub(super) open: &'static str,
    pub(super) closed: &'static str,
    pub(super) flat: &'static str,
    pub(super) upright: &'static str,
    pub(super) corners: [&'static str; 4],
    /// Laid over a row that is pointed at or selected.
    pub(super) selection: Style,
    /// The same where colour alone can tell it.
    pub(super) pointed: Style,
    /// Whether messages are taken apart by colour.
    pub(super) syntax: bool,
    /// A loud word.
    pub(super) alarm: Style,
    inks: [Style; 4],
}

impl Roles {
    pub(super) fn of(theme: &Theme) -> Self {
        let glyphs = theme.glyphs;
        Self {
            text: theme.text,
            dim: theme.dim,
            faint: theme.faint,
            strong: theme.strong,
            accent: theme.accent,
            good: theme.good,
            warn: theme.warn,
            bad: theme.bad,
            found: Style::new().add_modifier(Modifier::REVERSED),
            ellipsis: glyphs.ellipsis,
            dot: glyphs.dot,
            bar: if glyphs.ascii { "> " } else { "▸ " },
            mark: glyphs.mark,
            thumb: glyphs.thumb,
            rail: if glyphs.ascii { " " } else { glyphs.upright },
            before: if glyphs.ascii { "<" } else { "‹" },
            wrapped: if glyphs.ascii { "\\ " } else { "↳ " },
            bookmark: if glyphs.ascii { "+" } else { "•" },
            hit: if glyphs.ascii { "o" } else { "◆" },
            open: if glyphs.ascii { "v " } else { "▾ " },
            closed: if glyphs.ascii { "> " } else { "▸ " },
            flat: glyphs.flat,
            upright: glyphs.upright,
            corners: if glyphs.ascii { ["+"; 4] } else { ["╭", "╮", "╰", "╯"] },
            selection: theme.selection,
            pointed: if theme.colours == Colours::None { Style::new() } else { theme.selection },
            syntax: theme.colours != Colours::None,
            alarm: theme.bad.add_modifier(Modifier::REVERSED),
            inks: [theme.ink(0).line, theme.ink(1).line, theme.ink(2).line, theme.ink(3).line],
        }
    }

    /// The style of a part of a message.
    pub(super) fn part(&self, part: Part) -> Style {
        match part {
            Part::Number => self.ink(1),
            Part::Value => self.text,
            Part::Key | Part::Path => self.dim,
            Part::Metric => self.accent,
            Part::Quote => self.ink(2),
        }
    }

    /// A colour that tells one thing from its neighbours.
    pub(super) fn ink(&self, at: usize) -> Style {
        self.inks.get(at % self.inks.len()).copied().unwrap_or_default()
    }

    pub(super) fn level(&self, level: Option<Level>) -> Style {
        match level {
            Some(Level::Debug) => self.dim,
            Some(Level::Info) => self.good,
            Some(Level::Warning) => self.warn,
            Some(Level::Error | Level::Critical) => self.bad,
            None => self.text,
        }
    }
}
