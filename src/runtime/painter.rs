//! From two buffers to the fewest bytes that turn one into the other on a terminal.
//!
//! The terminal may sit behind a slow link and several multiplexers, so a frame is as short as it can be, is one write inside a
//! synchronised update, and is nothing at all when nothing changed. Rows that merely moved are scrolled by the terminal itself:
//! one new log line costs about its own length. Whatever a cell holds, no control character leaves here.
//!
//! Sequences are those of ECMA-48 and xterm that every terminal of the last twenty years knows (CUP, CHA, CUF, EL, ECH, IL, DL,
//! DECSTBM, SGR); nothing depends on terminfo. A cell that is erased rather than written has the default background always,
//! so it does not matter whether a terminal erases with the current colour.

mod cursor;
mod glyph;
mod pen;
mod scroll;
#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::buffer::Cell;
use ratatui::layout::Rect;

use cursor::Cursor;
use glyph::Glyph;
use glyph::Look;
use glyph::Slot;
use pen::Pen;
use scroll::Shift;

/// Begins a synchronised update: the terminal shows nothing until it ends. Unknown to a terminal, it is ignored.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// Ends a synchronised update.
const END: &[u8] = b"\x1b[?2026l";
/// Default colours, and every cell blank.
const WIPE: &[u8] = b"\x1b[m\x1b[2J";
/// So many blanks to be drawn at the end of a row are cheaper erased than written.
const ERASE_TAIL: u16 = 4;
/// So many blanks to be drawn within a row are cheaper erased than written, with the move behind them.
const ERASE_MIDDLE: u16 = 12;
/// Unchanged cells that may be written again in place of a cursor move.
const REWRITE: u16 = 8;

/// Knows what the terminal shows and brings it to what it should show.
#[derive(Debug)]
pub struct Painter {
    shown: Buffer,
    next: Buffer,
    known: bool,
}

impl Default for Painter {
    fn default() -> Self {
        Self::new()
    }
}

impl Painter {
    /// A painter that knows nothing of the terminal: its first frame draws every cell.
    pub fn new() -> Self {
        Self { shown: Buffer::empty(Rect::ZERO), next: Buffer::empty(Rect::ZERO), known: false }
    }

    /// A blank buffer of this size, for the next frame to be drawn into.
    pub fn canvas(&mut self, cols: u16, rows: u16) -> &mut Buffer {
        let area = Rect::new(0, 0, cols, rows);
        if self.next.area == area {
            self.next.reset();
        } else {
            self.next = Buffer::empty(area);
        }
        &mut self.next
    }

    /// What the terminal shows is not known any more: the next frame draws every cell.
    pub fn forget(&mut self) {
        self.known = false;
    }

    /// The bytes that bring the canvas to the terminal, added to `out`. None when it shows it already.
    pub fn paint(&mut self, out: &mut Vec<u8>) {
        let start = out.len();
        let fresh = !self.known || self.shown.area != self.next.area;
        if fresh {
            self.shown = Buffer::empty(self.next.area);
            self.known = true;
        }
        let before = Rows::of(&self.shown);
        let after = Rows::of(&self.next);
        out.extend_from_slice(BEGIN);
        if fresh {
            out.extend_from_slice(WIPE);
        }
        let empty = out.len();
        paint_rows(&before, &after, None, out);
        if !fresh && out.len() > empty {
            shorter_by_scrolling(&before, &after, empty, out);
        }
        if fresh || out.len() > empty {
            out.extend_from_slice(END);
        } else {
            out.truncate(start);
        }
        std::mem::swap(&mut self.shown, &mut self.next);
    }
}

/// Puts the frame that begins with a scroll in the place of the one from `start` on, if there is one and it is shorter.
fn shorter_by_scrolling(before: &Rows<'_>, after: &Rows<'_>, start: usize, out: &mut Vec<u8>) {
    let Some(shift) = scroll::find(before, after) else { return };
    let mut other = Vec::with_capacity(256);
    paint_rows(before, after, Some(shift), &mut other);
    if other.len() < out.len().saturating_sub(start) {
        out.truncate(start);
        out.append(&mut other);
    }
}

/// A buffer by rows.
struct Rows<'a> {
    cells: &'a [Cell],
    cols: u16,
    height: u16,
}

impl<'a> Rows<'a> {
    fn of(buffer: &'a Buffer) -> Self {
        Self { cells: &buffer.content, cols: buffer.area.width, height: buffer.area.height }
    }

    fn row(&self, y: u16) -> &'a [Cell] {
        let cols = usize::from(self.cols);
        let start = usize::from(y) * cols;
        self.cells.get(start..start + cols).unwrap_or_default()
    }
}

fn paint_rows(before: &Rows<'_>, after: &Rows<'_>, shift: Option<Shift>, out: &mut Vec<u8>) {
    let mut brush = Brush { out, pen: Pen::default(), cursor: Cursor::new(after.cols) };
    if let Some(shift) = shift {
        brush.scroll(shift, after.height);
    }
    let blank = vec![Cell::EMPTY; usize::from(after.cols)];
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for y in 0..after.height {
        let was = match shift.map_or(Some(y), |shift| shift.origin(y)) {
            Some(origin) => before.row(origin),
            None => blank.as_slice(),
        };
        let is = after.row(y);
        if was == is {
            continue;
        }
        glyph::slots(was, &mut old);
        glyph::slots(is, &mut new);
        brush.row(y, &old, &new);
    }
}

/// Writes, and knows where the cursor stands and which colours are set.
struct Brush<'a> {
    out: &'a mut Vec<u8>,
    pen: Pen,
    cursor: Cursor,
}

impl Brush<'_> {
    fn row(&mut self, y: u16, old: &[Slot<'_>], new: &[Slot<'_>]) {
        let Some(last) = (0..self.cursor.cols()).rev().find(|x| slot(old, *x) != slot(new, *x)) else {
            return;
        };
        let (end, erase) = tail(old, new, last);
        let mut x = 0;
        let mut again = false;
        while x < end {
            if !again && slot(old, x) == slot(new, x) {
                x += 1;
                continue;
            }
            again = false;
            let blanks = blank_run(old, new, x, end);
            if blanks >= ERASE_MIDDLE {
                self.go(x, y, new);
                self.ready_to_erase();
                cursor::csi(self.out, &[blanks], b'X');
                x += blanks;
                continue;
            }
            let glyph = slot(new, x).glyph;
            self.put(x, y, glyph, new);
            x += glyph.width;
            // a terminal that thinks it wider has just drawn over its neighbour
            again = !glyph.sure;
        }
        if again && x < self.cursor.cols() && erase.is_none() {
            self.put(x, y, slot(new, x).glyph, new);
        }
        if let Some(from) = erase {
            self.go(from, y, new);
            self.ready_to_erase();
            self.out.extend_from_slice(b"\x1b[K");
        }
    }

    fn put(&mut self, x: u16, y: u16, glyph: Glyph<'_>, row: &[Slot<'_>]) {
        self.go(x, y, row);
        if !self.pen.suits(glyph) {
            self.pen.set(glyph.look, self.out);
        }
        if !glyph.sure && glyph.width > 1 {
            // a terminal that thinks it narrower would leave what stood below its second half
            self.out.extend(std::iter::repeat_n(b' ', usize::from(glyph.width)));
            self.cursor.lose_column(y);
            self.cursor.go(x, y, self.out);
        }
        self.out.extend_from_slice(glyph.text.as_bytes());
        self.out.extend(std::iter::repeat_n(b' ', usize::from(glyph.pad)));
        if glyph.sure {
            self.cursor.advance(glyph.width);
        } else {
            self.cursor.lose_column(y);
        }
    }

    /// Goes to a cell: by a cursor move, or by writing again the few unchanged cells that lie between.
    fn go(&mut self, x: u16, y: u16, row: &[Slot<'_>]) {
        if let Some((from, at)) = self.cursor.place()
            && at == y
            && from < x
            && x - from <= REWRITE
        {
            let limit = self.cursor.cost(x, y);
            let between = || (from..x).map(|column| slot(row, column));
            let bytes: usize =
                between().filter(|slot| slot.part == 0).map(|slot| slot.glyph.text.len()).sum();
            let same = |slot: Slot<'_>| slot.glyph.sure && self.pen.suits(slot.glyph);
            if bytes <= limit && between().all(same) && slot(row, from).part == 0 {
                for slot in between().filter(|slot| slot.part == 0) {
                    self.out.extend_from_slice(slot.glyph.text.as_bytes());
                }
                self.cursor.advance(x - from);
                return;
            }
        }
        self.cursor.go(x, y, self.out);
    }

    /// What is erased, or scrolled in, may take the colours that are set.
    fn ready_to_erase(&mut self) {
        if !self.pen.suits_blank(Look::PLAIN) {
            self.pen.set(Look::PLAIN, self.out);
        }
    }

    fn scroll(&mut self, shift: Shift, rows: u16) {
        self.ready_to_erase();
        let whole = shift.top == 0 && shift.bottom + 1 == rows;
        if !whole {
            cursor::csi(self.out, &[shift.top + 1, shift.bottom + 1], b'r');
        }
        // lines are taken out of (or put in at) the region's top rather than scrolled by SU and SD: every terminal and every
        // multiplexer knows DL and IL. Not all agree on where the cursor stands after either, so it is lost.
        self.cursor.lose();
        self.cursor.go(0, shift.top, self.out);
        let end = if shift.up { b'M' } else { b'L' };
        if shift.by == 1 {
            cursor::csi(self.out, &[], end);
        } else {
            cursor::csi(self.out, &[shift.by], end);
        }
        if !whole {
            self.out.extend_from_slice(b"\x1b[r");
        }
        self.cursor.lose();
    }
}

fn slot<'a>(row: &[Slot<'a>], x: u16) -> Slot<'a> {
    row.get(usize::from(x)).copied().unwrap_or(Slot::BLANK)
}

/// Up to which column a row is written, and from which one on its blank end is erased instead, if that is shorter.
fn tail(old: &[Slot<'_>], new: &[Slot<'_>], last: u16) -> (u16, Option<u16>) {
    let mut from = last + 1;
    let mut x = new.len();
    while let Some(column) = x.checked_sub(1) {
        let (Some(was), Some(is)) = (old.get(column), new.get(column)) else { break };
        if *is != Slot::BLANK {
            break;
        }
        if was != is {
            from = u16::try_from(column).unwrap_or(u16::MAX);
        }
        x = column;
    }
    // nothing but blanks stands from `x` on, so what lies right of the last change may be erased with the rest
    if last + 1 >= from + ERASE_TAIL && usize::from(from) >= x {
        (from, Some(from))
    } else {
        (last + 1, None)
    }
}

/// How many blanks from `x` on are worth erasing: up to the last one that is not blank yet.
fn blank_run(old: &[Slot<'_>], new: &[Slot<'_>], x: u16, end: u16) -> u16 {
    let mut run = 0;
    for column in x..end {
        if slot(new, column) != Slot::BLANK {
            break;
        }
        if slot(old, column) != Slot::BLANK {
            run = column - x + 1;
        }
    }
    run
}
