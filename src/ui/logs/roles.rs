//! What the log pane draws with.

use ratatui::style::Modifier;
use ratatui::style::Style;

use crate::model::level::Level;
use crate::ui::Theme;

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
        }
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
