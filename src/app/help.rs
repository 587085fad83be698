//! What the help tells at each place, out of the one table of keys, and how it is laid out: scrolling must know where it ends.

use unicode_width::UnicodeWidthStr;

use super::binding::{Binding, Place, Screen, here, label};
use super::logs::Mode;
use super::logs::TABLES;
use crate::model::state::State;

/// What stands at the left of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Keys, or an example of what can be typed.
    Text(String),
    /// The glyph of a state.
    State(State),
}

impl Sign {
    fn width(&self) -> usize {
        match self {
            Self::Text(text) => text.width(),
            Self::State(_) => 1,
        }
    }
}

/// Lines that stay together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its heading; empty for the first one, which the frame's title names.
    pub title: &'static str,
    /// Its lines.
    pub lines: Vec<(Sign, &'static str)>,
}

impl Block {
    /// Columns of the widest sign.
    pub fn signs(&self) -> u16 {
        let widest = self.lines.iter().map(|(sign, _)| sign.width()).max().unwrap_or(0);
        u16::try_from(widest).unwrap_or(u16::MAX)
    }

    fn width(&self) -> u16 {
        let texts = self.lines.iter().map(|(_, text)| text.width()).max().unwrap_or(0);
        self.signs().saturating_add(2).saturating_add(u16::try_from(texts).unwrap_or(u16::MAX))
    }

    fn height(&self) -> u16 {
        let lines = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        lines.saturating_add(u16::from(!self.title.is_empty()))
    }
}

/// What the glyphs of the states stand for, in the order in which a run goes through them.
const STATES: [(State, &str); 9] = [
    (State::Queued, "queued: it has not begun"),
    (State::Running, "running"),
    (State::Stalled, "stalled: unfinished and silent"),
    (State::Completed, "completed"),
    (State::EarlyStopped, "stopped early, as planned"),
    (State::Failed, "failed"),
    (State::Cancelled, "cancelled by somebody"),
    (State::Interrupted, "interrupted: gone without a word"),
    (State::Unknown, "unknown"),
];

const FILTER: [(&str, &str); 6] = [
    ("lora seed", "words match names; all terms must hold"),
    ("state:failed", "several: state:failed,stalled"),
    ("loss<0.1", "or val epoch step percent rate, any metric"),
    ("age<2d", "last sign of life: s m h d w; also eta"),
    ("name~r\\d+", "a regex; : for a part, = for the whole"),
    ("-word  a OR b", "not; either; \"quotes\" and (brackets) work"),
];

/// Everything that is told on a page.
pub fn blocks(screen: Screen, ascii: bool) -> Vec<Block> {
    let shared = here(Place::On(screen)).map(|binding| line(binding, ascii));
    let mut blocks = Vec::new();
    if screen == Screen::Logs {
        for (title, mode, keys) in TABLES {
            let title = if mode == Mode::View { "" } else { title };
            let lines = keys.iter().map(|(keys, what, _)| (Sign::Text(plain(keys, ascii)), *what));
            blocks.push(Block { title, lines: lines.collect() });
        }
        blocks.push(Block { title: "everywhere", lines: shared.collect() });
    } else {
        blocks.push(Block { title: "", lines: shared.collect() });
    }
    if screen == Screen::Run {
        let own = here(Place::Cross).filter(|binding| !binding.places.contains(&Place::On(screen)));
        blocks.push(Block {
            title: "while the crosshair stands",
            lines: own.map(|each| line(each, ascii)).collect(),
        });
    }
    if screen == Screen::Runs {
        let lines = FILTER.iter().map(|(text, what)| (Sign::Text((*text).to_owned()), *what)).collect();
        blocks.push(Block { title: "what a filter can say", lines });
        let typed = here(Place::Prompt).filter(|binding| !binding.places.contains(&Place::On(screen)));
        blocks.push(Block {
            title: "while a filter is typed",
            lines: typed.map(|each| line(each, ascii)).collect(),
        });
    }
    if screen != Screen::Logs {
        let lines = STATES.iter().map(|(state, what)| (Sign::State(*state), *what)).collect();
        blocks.push(Block { title: "states", lines });
    }
    blocks
}

fn line(binding: &Binding, ascii: bool) -> (Sign, &'static str) {
    let keys: Vec<String> = binding.keys.iter().map(|key| label(*key, ascii)).collect();
    (Sign::Text(keys.join(" ")), binding.what)
}

/// The arrows by name where glyphs are to keep to ASCII.
fn plain(keys: &str, ascii: bool) -> String {
    let mut keys = keys.to_owned();
    if ascii {
        for (arrow, name) in [("↑", "Up"), ("↓", "Down"), ("←", "Left"), ("→", "Right"), ("↵", "Enter")]
        {
            keys = keys.replace(arrow, name);
        }
    }
    keys
}

/// Where the blocks stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// How many blocks the first column has; all of them where there is one column.
    pub first: usize,
    /// Widths of the columns, the second one 0 where there is none.
    pub widths: [u16; 2],
    /// Lines of the longest column.
    pub lines: u16,
    /// Lines that are seen at a time.
    pub rows: u16,
}

/// Between the columns.
pub const GUTTER: u16 = 3;

/// The layout of the help of a page on a screen of this size: in two columns where one would have to be scrolled and there is
/// room for two. It goes by the ASCII names of the keys, which are the longest.
pub fn layout(screen: Screen, cols: u16, rows: u16) -> Layout {
    let blocks = blocks(screen, true);
    let wide = |part: &[Block]| part.iter().map(Block::width).max().unwrap_or(0);
    let high = |part: &[Block]| {
        let blanks = u16::try_from(part.len().saturating_sub(1)).unwrap_or(0);
        part.iter().map(Block::height).fold(blanks, u16::saturating_add)
    };
    let seen = rows.saturating_sub(4);
    let room = cols.saturating_sub(6);
    let two = (1..blocks.len())
        .map(|at| (at, blocks.split_at(at)))
        .filter(|(_, (left, right))| wide(left) + GUTTER + wide(right) <= room)
        .min_by_key(|(_, (left, right))| high(left).max(high(right)));
    let (first, widths, lines) = match two {
        Some((at, (left, right))) if high(&blocks) > seen => {
            (at, [wide(left), wide(right)], high(left).max(high(right)))
        }
        _ => (blocks.len(), [wide(&blocks).min(room), 0], high(&blocks)),
    };
    Layout { first, widths, lines, rows: seen.min(lines) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_every_size_its_end_can_be_reached_and_it_stays_inside() {
        for screen in [Screen::Runs, Screen::Run, Screen::Logs] {
            for cols in 40..=220 {
                for rows in 10..=70 {
                    let layout = layout(screen, cols, rows);
                    let gutter = if layout.widths[1] > 0 { GUTTER } else { 0 };
                    assert!(layout.widths[0] + gutter + layout.widths[1] + 6 <= cols, "{cols}x{rows}");
                    assert!(layout.rows >= 1 && layout.rows + 4 <= rows && layout.rows <= layout.lines);
                    assert!(layout.first >= 1 && layout.first <= blocks(screen, false).len());
                }
            }
        }
        assert!(layout(Screen::Runs, 120, 36).widths[1] > 0, "two columns where that is worth it");
    }
}
