//! Draws one line of a log.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::roles::Roles;
use crate::model::level::Level;
use crate::model::log::LineKind;
use crate::model::log::LogLine;
use crate::model::log::Spot;
use crate::parse::logjson::clock;

/// A tabulator leads to the next multiple of it.
const TAB: usize = 8;

/// Below this width a line's own prefix is shortened to the time of day and the level.
const NARROW: u16 = 72;

/// How lines are looked at.
pub(super) struct Look {
    /// Columns that are scrolled out at the left.
    pub(super) pan: usize,
    /// The line of the hit that was jumped to.
    pub(super) hit: Option<Spot>,
}

/// A stretch of text in one style.
struct Piece<'a> {
    text: &'a str,
    style: Style,
}

/// Columns of `text`, tabulators apart.
pub(super) fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// Writes text at a place, cut to the room there. Returns the columns used.
pub(super) fn put(buffer: &mut Buffer, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
    let (end, _) = buffer.set_stringn(x, y, text, usize::from(room), style);
    end - x
}

/// Draws the line in one row.
pub(super) fn draw(line: &LogLine, look: &Look, roles: &Roles, area: Rect, buffer: &mut Buffer) {
    let jumped = look.hit == Some(line.spot);
    let lead = lead(line, jumped, roles);
    let used = put(buffer, area.x, area.y, area.width, lead.text, lead.style);
    let area = Rect { x: area.x + used, width: area.width - used, ..area };
    let more = more(line, roles);
    let mut pen = Pen { area, column: 0, pan: look.pan, skip: 0, buffer };
    let shown = pieces(line, area.width, jumped, roles);
    let short = if compact(line, area.width) { short_prefix(line) } else { String::new() };
    let prefix = Piece { text: &short, style: roles.dim };
    for piece in std::iter::once(&prefix).chain(&shown) {
        if !pen.write(piece) {
            break;
        }
    }
    pen.write(&Piece { text: &more, style: roles.dim });
    let right = pen.column;
    if look.pan > 0 && right > 0 {
        put(buffer, area.x, area.y, 1, "‹", roles.dim);
    }
    if right > look.pan + usize::from(area.width) && area.width > 1 {
        let last = area.right() - 1;
        put(buffer, last, area.y, 1, " ", Style::reset());
        put(buffer, last, area.y, 1, roles.ellipsis, roles.dim);
    }
}

/// Draws the line over several rows, without its first `above` ones.
pub(super) fn draw_wrapped(
    line: &LogLine,
    look: &Look,
    roles: &Roles,
    area: Rect,
    above: u16,
    buffer: &mut Buffer,
) {
    let jumped = look.hit == Some(line.spot);
    let lead = lead(line, jumped, roles);
    let used = width(lead.text).min(area.width);
    if above == 0 {
        put(buffer, area.x, area.y, used, lead.text, lead.style);
    }
    let area = Rect { x: area.x + used, width: area.width - used, ..area };
    let more = more(line, roles);
    let mut pen = Pen { area, column: 0, pan: 0, skip: above, buffer };
    for piece in pieces(line, u16::MAX, jumped, roles) {
        pen.write(&piece);
    }
    pen.write(&Piece { text: &more, style: roles.dim });
}

/// Rows of the line when it is wrapped.
pub(super) fn height(line: &LogLine, width: u16) -> u16 {
    let lead = if line.kind == LineKind::Progress { 2 } else { 0 };
    let room = usize::from(width).saturating_sub(lead).max(1);
    let mut column = 0;
    for grapheme in line.text.graphemes(true) {
        column = advance(column, grapheme, room);
    }
    if line.cut > 0 {
        column += 16;
    }
    u16::try_from(column.div_ceil(room)).unwrap_or(u16::MAX).max(1)
}

/// The column behind a grapheme that is written at `column`; a wide one does not straddle two rows.
fn advance(column: usize, grapheme: &str, room: usize) -> usize {
    if grapheme == "\t" {
        return (column / TAB + 1) * TAB;
    }
    let wide = grapheme.width();
    let straddles = wide > 1 && room > 1 && column % room + wide > room;
    column + wide + usize::from(straddles)
}

fn lead<'a>(line: &LogLine, jumped: bool, roles: &'a Roles) -> Piece<'a> {
    match (jumped, line.kind) {
        (true, _) => Piece { text: roles.mark, style: roles.accent },
        (false, LineKind::Progress) => Piece { text: roles.bar, style: roles.accent },
        _ => Piece { text: "", style: roles.text },
    }
}

fn more(line: &LogLine, roles: &Roles) -> String {
    if line.cut == 0 {
        String::new()
    } else {
        format!(" {} {} more", roles.ellipsis, super::head::bytes(line.cut))
    }
}

/// Whether the prefix is shortened: where there is little room, and no hit in it would be lost.
fn compact(line: &LogLine, width: u16) -> bool {
    let body = usize::try_from(line.body).unwrap_or(0);
    width < NARROW
        && body > 9
        && line.text.get(..body).is_some_and(|prefix| clock(prefix).is_some())
        && line.hits.iter().all(|(from, _)| *from >= line.body)
}

fn short_prefix(line: &LogLine) -> String {
    let prefix = line.text.get(..usize::try_from(line.body).unwrap_or(0)).unwrap_or_default();
    let time = clock(prefix).unwrap_or_default();
    match line.level {
        Some(level) => format!("{time} {:<5} ", word(level)),
        None => format!("{time} "),
    }
}

const fn word(level: Level) -> &'static str {
    match level {
        Level::Debug => "DEBUG",
        Level::Info => "INFO",
        Level::Warning => "WARN",
        Level::Error => "ERROR",
        Level::Critical => "CRIT",
    }
}

/// The text of the line cut where its style changes.
fn pieces<'a>(line: &'a LogLine, width: u16, jumped: bool, roles: &Roles) -> Vec<Piece<'a>> {
    let text: &str = &line.text;
    let body = usize::try_from(line.body).unwrap_or(0);
    let from = if compact(line, width) { body } else { 0 };
    let message = match (line.kind, line.level) {
        (_, Some(Level::Error | Level::Critical)) => roles.bad,
        (LineKind::Continuation, _) | (_, Some(Level::Debug)) => roles.dim,
        _ => roles.text,
    };
    let level = level_word(text.get(..body).unwrap_or_default(), line.level);
    let style_at = |at: usize| -> Style {
        if level.contains(&at) {
            roles.level(line.level)
        } else if at < body {
            roles.dim
        } else {
            message
        }
    };
    let mut edges = vec![from, text.len()];
    edges.extend([body, level.start, level.end].into_iter().filter(|edge| *edge > from));
    let hits: Vec<Range<usize>> = line.hits.iter().map(|(a, b)| (*a as usize)..(*b as usize)).collect();
    edges.extend(hits.iter().flat_map(|hit| [hit.start, hit.end]).filter(|edge| *edge > from));
    edges.sort_unstable();
    edges.dedup();
    let found = if jumped { roles.found.patch(roles.accent) } else { roles.found };
    edges
        .windows(2)
        .filter_map(|pair| {
            let (&[start, end], true) = (pair, true) else { return None };
            let text = text.get(start..end)?;
            let hit = hits.iter().any(|hit| hit.contains(&start));
            let style = style_at(start);
            Some(Piece { text, style: if hit { style.patch(found) } else { style } })
        })
        .collect()
}

/// Where in the prefix the level is named.
fn level_word(prefix: &str, level: Option<Level>) -> Range<usize> {
    let names: &[&str] = match level {
        Some(Level::Debug) => &["debug", "trace"],
        Some(Level::Info) => &["info", "success", "notice"],
        Some(Level::Warning) => &["warning", "warn"],
        Some(Level::Error) => &["error", "exception", "severe"],
        Some(Level::Critical) => &["critical", "fatal", "panic"],
        None => return 0..0,
    };
    let lower = prefix.to_ascii_lowercase();
    let place = names.iter().find_map(|name| lower.rfind(name).map(|at| at..at + name.len()));
    place.unwrap_or(0..0)
}

/// Writes graphemes into cells, tabulators as blanks, beginning behind the columns that are scrolled out.
struct Pen<'b> {
    area: Rect,
    column: usize,
    pan: usize,
    /// Rows that are left out at the top.
    skip: u16,
    buffer: &'b mut Buffer,
}

impl Pen<'_> {
    /// Writes a piece; `false` when the area is full.
    fn write(&mut self, piece: &Piece<'_>) -> bool {
        let room = usize::from(self.area.width).max(1);
        let wraps = self.area.height > 1 || self.skip > 0;
        for grapheme in piece.text.graphemes(true) {
            let next =
                if wraps { advance(self.column, grapheme, room) } else { advance(self.column, grapheme, 1) };
            let wide = grapheme.width();
            let at = if grapheme == "\t" { self.column } else { next - wide };
            self.column = next;
            if grapheme == "\t" {
                self.blanks(at..next, piece.style);
                continue;
            }
            let Some((x, y)) = self.place(at, room, wraps) else {
                if !wraps && at >= self.pan + room {
                    return false;
                }
                continue;
            };
            let left = usize::from(self.area.right().saturating_sub(x));
            if wide <= left {
                self.buffer.set_stringn(x, y, grapheme, left, piece.style);
            }
        }
        true
    }

    fn blanks(&mut self, columns: Range<usize>, style: Style) {
        let room = usize::from(self.area.width).max(1);
        let wraps = self.area.height > 1 || self.skip > 0;
        for column in columns {
            if let Some((x, y)) = self.place(column, room, wraps) {
                self.buffer.set_stringn(x, y, " ", 1, style);
            }
        }
    }

    fn place(&self, column: usize, room: usize, wraps: bool) -> Option<(u16, u16)> {
        let (row, within) =
            if wraps { (column / room, column % room) } else { (0, column.checked_sub(self.pan)?) };
        let row = u16::try_from(row).ok()?.checked_sub(self.skip)?;
        let x = u16::try_from(within).ok()?;
        (row < self.area.height && x < self.area.width).then(|| (self.area.x + x, self.area.y + row))
    }
}
