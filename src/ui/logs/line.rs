//! Draws one line of a log.

use std::ops::Range;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::roles::Roles;
use super::syntax::parts;
use crate::app::logs::told;
use crate::model::level::Level;
use crate::model::log::LineKind;
use crate::model::log::LogLine;
use crate::model::log::Section;
use crate::parse::logjson::clock;

/// A tabulator leads to the next multiple of it.
const TAB: usize = 8;

/// Below this width a line's own prefix is shortened to the time of day and the level.
const NARROW: u16 = 72;

/// How lines are looked at.
pub(super) struct Look<'a> {
    /// Columns that are scrolled out at the left.
    pub(super) pan: usize,
    /// The names of the run's metrics.
    pub(super) metrics: &'a [Arc<str>],
}

/// What is drawn of a line.
#[derive(Clone, Copy)]
pub(super) struct Drawn<'a> {
    pub(super) line: &'a LogLine,
    /// Lines that are folded into it, and whether these are all.
    pub(super) folded: (usize, bool),
    /// Whether it is the one that is pointed at.
    pub(super) pointed: bool,
}

impl<'a> Drawn<'a> {
    /// The folded section that it is the title of.
    fn section(&self) -> Option<&'a Section> {
        self.line.section.as_deref().filter(|section| section.folded.is_some())
    }

    fn folds(&self) -> bool {
        self.folded.0 > 0 || self.section().is_some()
    }
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
pub(super) fn draw(drawn: Drawn<'_>, look: &Look<'_>, roles: &Roles, area: Rect, buffer: &mut Buffer) {
    let line = drawn.line;
    let lead = lead(drawn, roles);
    let used = put(buffer, area.x, area.y, area.width, lead.text, lead.style);
    let more = more(drawn, roles);
    // what is folded away is told whatever the length of the line
    let kept = if drawn.folds() { width(&more).min(area.width / 2) } else { 0 };
    let full = area.width.saturating_sub(used);
    let area = Rect { x: area.x + used, width: full.saturating_sub(kept), ..area };
    let mut pen = Pen { area, column: 0, pan: look.pan, buffer };
    let shown = pieces(drawn, look, full, roles);
    let short = if compact(line, full) { short_prefix(line) } else { String::new() };
    let prefix = Piece { text: &short, style: roles.dim };
    for piece in std::iter::once(&prefix).chain(&shown) {
        if !pen.write(piece) {
            break;
        }
    }
    if kept == 0 {
        pen.write(&Piece { text: &more, style: roles.dim });
    }
    let right = pen.column;
    if look.pan > 0 && right > 0 {
        put(buffer, area.x, area.y, 1, roles.before, roles.dim);
    }
    if right > look.pan + usize::from(area.width) && area.width > 1 {
        let last = area.right() - 1;
        put(buffer, last, area.y, 1, " ", Style::reset());
        put(buffer, last, area.y, 1, roles.ellipsis, roles.dim);
    }
    if kept > 0 {
        let end = right.saturating_sub(look.pan).min(usize::from(area.width));
        let x = area.x + u16::try_from(end).unwrap_or(area.width);
        put(buffer, x, area.y, kept, &more, roles.accent);
    }
}

/// Draws the line over several rows, without its first `above` ones.
pub(super) fn draw_wrapped(
    drawn: Drawn<'_>,
    look: &Look<'_>,
    roles: &Roles,
    area: Rect,
    above: u16,
    buffer: &mut Buffer,
) {
    let lead = lead(drawn, roles);
    let used = width(lead.text).min(area.width);
    if above == 0 {
        put(buffer, area.x, area.y, used, lead.text, lead.style);
    }
    let area = Rect { x: area.x + used, width: area.width - used, ..area };
    let more = more(drawn, roles);
    let mut all = pieces(drawn, look, u16::MAX, roles);
    all.push(Piece { text: &more, style: if drawn.folds() { roles.accent } else { roles.dim } });
    let text: Vec<(&str, Style)> =
        all.iter().flat_map(|piece| piece.text.graphemes(true).map(|g| (g, piece.style))).collect();
    let rows = breaks(text.iter().map(|(grapheme, _)| *grapheme), area.width);
    for (row, start) in rows.iter().enumerate() {
        let Some(y) = u16::try_from(row).ok().and_then(|row| row.checked_sub(above)) else { continue };
        if y >= area.height {
            break;
        }
        let mut x = area.x;
        if row > 0 && indent(area.width) > 0 {
            x += put(buffer, x, area.y + y, area.width, roles.wrapped, roles.faint);
        }
        let end = rows.get(row + 1).copied().unwrap_or(text.len());
        let begin = x;
        for (grapheme, style) in text.get(*start..end).unwrap_or_default() {
            let room = area.right().saturating_sub(x);
            if *grapheme == "\t" {
                let next = (usize::from(x - begin) / TAB + 1) * TAB;
                let blanks = next - usize::from(x - begin);
                x += put(buffer, x, area.y + y, room, &" ".repeat(blanks), *style);
            } else if width(grapheme) <= room {
                x += put(buffer, x, area.y + y, room, grapheme, *style);
            }
        }
    }
}

/// Rows of the line when it is wrapped.
pub(super) fn height(drawn: Drawn<'_>, width: u16, roles: &Roles) -> u16 {
    let lead = self::width(lead(drawn, roles).text);
    let more = more(drawn, roles);
    let text = match drawn.section() {
        Some(section) => format!("{}{}", prefix(drawn.line), section.title),
        None => drawn.line.text.to_string(),
    };
    let graphemes = text.graphemes(true).chain(more.graphemes(true));
    u16::try_from(breaks(graphemes, width.saturating_sub(lead)).len()).unwrap_or(u16::MAX)
}

/// Columns before the text of all rows of a wrapped line but the first.
const fn indent(width: u16) -> u16 {
    if width >= 20 { 2 } else { 0 }
}

/// The graphemes that rows of this width begin with: the first one, and others behind a blank where there is one in the later
/// half of the row.
fn breaks<'a>(graphemes: impl Iterator<Item = &'a str>, width: u16) -> Vec<usize> {
    let first = usize::from(width).max(1);
    let rest = usize::from(width - indent(width)).max(1);
    let mut rows = vec![0];
    let (mut column, mut word, mut word_column) = (0, 0, 0);
    for (at, grapheme) in graphemes.enumerate() {
        let room = if rows.len() == 1 { first } else { rest };
        let wide = if grapheme == "\t" { (column / TAB + 1) * TAB - column } else { grapheme.width() };
        let blank = grapheme == " " || grapheme == "\t";
        if column + wide > room && column > 0 && !blank {
            let whole = word > rows.last().copied().unwrap_or(0) && word_column * 2 > room;
            let start = if whole { word } else { at };
            column = if whole { column - word_column } else { 0 };
            rows.push(start);
            (word, word_column) = (start, 0);
        }
        column += wide;
        if blank {
            (word, word_column) = (at + 1, column);
        }
    }
    rows
}

/// The column behind a grapheme that is written at `column`.
fn advance(column: usize, grapheme: &str) -> usize {
    if grapheme == "\t" { (column / TAB + 1) * TAB } else { column + grapheme.width() }
}

fn lead<'a>(drawn: Drawn<'_>, roles: &'a Roles) -> Piece<'a> {
    if drawn.section().is_some() {
        return Piece { text: roles.closed, style: roles.accent };
    }
    match drawn.line.kind {
        LineKind::Progress => Piece { text: roles.bar, style: roles.accent },
        _ => Piece { text: "", style: roles.text },
    }
}

/// What a logger wrote before the message.
fn prefix(line: &LogLine) -> &str {
    line.text.get(..usize::try_from(line.body).unwrap_or(0)).unwrap_or_default()
}

fn more(drawn: Drawn<'_>, roles: &Roles) -> String {
    if let Some(section) = drawn.section() {
        return told(section).map(|lines| format!(" {} {lines}", roles.dot)).unwrap_or_default();
    }
    let cut = drawn.line.cut;
    let cut = if cut == 0 {
        String::new()
    } else {
        format!(" {} {} more", roles.ellipsis, super::head::bytes(cut))
    };
    match drawn.folded {
        (0, _) => cut,
        (n, true) => format!("{cut}  +{n} lines"),
        (n, false) => format!("{cut}  +{n} lines or more"),
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
    let time = clock(prefix(line)).unwrap_or_default();
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
fn pieces<'a>(drawn: Drawn<'a>, look: &Look<'_>, width: u16, roles: &Roles) -> Vec<Piece<'a>> {
    let line = drawn.line;
    if let Some(section) = drawn.section() {
        let before = if compact(line, width) { "" } else { prefix(line) };
        let title = Piece { text: &section.title, style: roles.strong };
        return vec![Piece { text: before, style: roles.dim }, title];
    }
    let text: &str = &line.text;
    let body = usize::try_from(line.body).unwrap_or(0).min(text.len());
    let from = if compact(line, width) { body } else { 0 };
    let message = match (line.kind, line.level) {
        (_, Some(Level::Error | Level::Critical)) => roles.bad,
        (LineKind::Continuation, _) | (_, Some(Level::Debug)) => roles.dim,
        _ if line.section.is_some() => roles.strong,
        _ => roles.text,
    };
    let level = level_word(text.get(..body).unwrap_or_default(), line.level);
    // what is dim or red as a whole is not taken apart
    let plain = !roles.syntax || message != roles.text || line.kind == LineKind::Progress;
    let message_text = text.get(body..).unwrap_or_default();
    let syntax: Vec<(Range<usize>, Style)> =
        if plain { Vec::new() } else { parts(message_text, look.metrics) }
            .into_iter()
            .map(|(range, part)| (range.start + body..range.end + body, roles.part(part)))
            .collect();
    let mut edges = vec![from, text.len()];
    edges.extend([body, level.start, level.end].into_iter().filter(|edge| *edge > from));
    edges.extend(syntax.iter().flat_map(|(range, _)| [range.start, range.end]).filter(|edge| *edge > from));
    let hits: Vec<Range<usize>> = line.hits.iter().map(|(a, b)| (*a as usize)..(*b as usize)).collect();
    edges.extend(hits.iter().flat_map(|hit| [hit.start, hit.end]).filter(|edge| *edge > from));
    edges.sort_unstable();
    edges.dedup();
    let found = if drawn.pointed { roles.found.patch(roles.accent) } else { roles.found };
    let mut syntax = syntax.into_iter().peekable();
    edges
        .windows(2)
        .filter_map(|pair| {
            let (&[start, end], true) = (pair, true) else { return None };
            let text = text.get(start..end)?;
            while syntax.next_if(|(range, _)| range.end <= start).is_some() {}
            let part = syntax.peek().filter(|(range, _)| range.contains(&start)).map(|(_, style)| *style);
            let style = if level.contains(&start) {
                roles.level(line.level)
            } else if start < body {
                roles.dim
            } else {
                part.unwrap_or(message)
            };
            let hit = hits.iter().any(|hit| hit.contains(&start));
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

/// Writes graphemes into the cells of a row, tabulators as blanks, beginning behind the columns that are scrolled out.
struct Pen<'b> {
    area: Rect,
    column: usize,
    pan: usize,
    buffer: &'b mut Buffer,
}

impl Pen<'_> {
    /// Writes a piece; `false` when the row is full.
    fn write(&mut self, piece: &Piece<'_>) -> bool {
        let room = usize::from(self.area.width).max(1);
        for grapheme in piece.text.graphemes(true) {
            let at = self.column;
            self.column = advance(at, grapheme);
            if at >= self.pan + room {
                return false;
            }
            if grapheme == "\t" {
                for column in at..self.column {
                    self.cell(column, " ", piece.style);
                }
            } else {
                self.cell(at, grapheme, piece.style);
            }
        }
        true
    }

    fn cell(&mut self, column: usize, grapheme: &str, style: Style) {
        let within = column.checked_sub(self.pan).and_then(|within| u16::try_from(within).ok());
        let Some(within) = within.filter(|within| *within < self.area.width) else { return };
        let left = usize::from(self.area.width - within);
        if grapheme.width() <= left {
            self.buffer.set_stringn(self.area.x + within, self.area.y, grapheme, left, style);
        }
    }
}
