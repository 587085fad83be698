//! What the log pane draws with.

use ratatui::style::Color;
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
    pub(super) fn of(_theme: &Theme) -> Self {
        let fg = |color| Style::new().fg(color);
        Self {
            text: Style::new(),
            dim: fg(Color::DarkGray),
            faint: fg(Color::DarkGray),
            strong: Style::new().add_modifier(Modifier::BOLD),
            accent: fg(Color::Cyan),
            good: fg(Color::Green),
            warn: fg(Color::Yellow),
            bad: fg(Color::Red),
            found: Style::new().add_modifier(Modifier::REVERSED),
            ellipsis: "…",
            dot: "·",
            bar: "▸ ",
            mark: "▌",
            thumb: "┃",
            rail: "│",
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
