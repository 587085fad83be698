//! The rows that a stretch of a log leaves on a terminal, fast enough to count a gigabyte of redraws in a second.
//!
//! A log pane needs of a bar that was redrawn 50,000 times on one line only what stands there in the end. So nearly all lines
//! take a short way: the last draw is cut out by looking for the last carriage return, and it is taken as it stands when it is
//! clean and covers what was drawn before it. What is left (escape sequences, backspaces, leftovers of a longer draw, cursor
//! moves over lines) is replayed as a terminal would.

use std::borrow::Cow;

use memchr::memchr;
use memchr::memchr_iter;
use memchr::memrchr;

mod replay;


/// Longest text of a row, in bytes.
pub const ROW_MAX: usize = 64 << 10;

/// How far back from its last draw a redrawn line is replayed, in bytes: some dozens of redraws. What an earlier and longer
/// draw left behind is lost.
const DRAWS: usize = 4 << 10;

/// A row, safe to show: valid UTF-8 without control characters but the tabulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// Where it begins in its file, in bytes.
    pub offset: u64,
    /// What stands there, without trailing blanks.
    pub text: &'a str,
    /// Whether something was drawn over.
    pub redrawn: bool,
    /// Bytes left out at the end because the row is longer than [`ROW_MAX`].
    pub cut: u64,
}

/// Hands out the rows of `bytes`, which begin at `offset` of their file, at the beginning of a line.
pub fn each(bytes: &[u8], offset: u64, row: &mut dyn FnMut(&Row<'_>)) {
    if moves_between_lines(bytes) {
        replay::rows(bytes, offset, &mut |replayed| {
            emit(replayed.text, replayed.offset, replayed.redrawn, 0, row);
        });
        return;
    }
    let mut start = 0;
    for newline in memchr_iter(b'\n', bytes) {
        line(bytes.get(start..newline).unwrap_or_default(), offset + start as u64, row);
        start = newline + 1;
    }
    if start < bytes.len() {
        line(bytes.get(start..).unwrap_or_default(), offset + start as u64, row);
    }
}

/// Hands out the row of one line, which moves to no other.
pub fn line(raw: &[u8], offset: u64, row: &mut dyn FnMut(&Row<'_>)) {
    let raw = without_end(raw);
    let Some((region, last)) = last_draw(raw) else {
        plain(raw, offset, row);
        return;
    };
    let drawn = region.get(last..).unwrap_or_default();
    if region.iter().all(|&b| b == b'\r' || HARMLESS.get(usize::from(b)) == Some(&true))
        && covers(region.get(..last).unwrap_or_default(), drawn)
        && let Ok(text) = std::str::from_utf8(drawn)
        && !has_odd_character(drawn)
    {
        emit(text, offset, true, 0, row);
        return;
    }
    replay_line(region, offset, true, 0, row);
}

/// A line without carriage returns inside.
fn plain(raw: &[u8], offset: u64, row: &mut dyn FnMut(&Row<'_>)) {
    let kept = raw.get(..ROW_MAX).unwrap_or(raw);
    let cut = (raw.len() - kept.len()) as u64;
    if kept.iter().all(|&b| HARMLESS.get(usize::from(b)) == Some(&true)) && !has_odd_character(kept) {
        let text = match std::str::from_utf8(kept) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(kept),
        };
        emit(&text, offset, false, cut, row);
        return;
    }
    if memchr(8, raw).is_some() && cut > 0 {
        let tail = raw.get(raw.len() - ROW_MAX..).unwrap_or(raw);
        replay_line(tail, offset, true, 0, row);
    } else {
        replay_line(kept, offset, false, cut, row);
    }
}

fn replay_line(bytes: &[u8], offset: u64, redrawn: bool, cut: u64, row: &mut dyn FnMut(&Row<'_>)) {
    let mut any = false;
    replay::rows(bytes, offset, &mut |replayed| {
        if !any {
            any = true;
            emit(replayed.text, offset, redrawn || replayed.redrawn, cut, row);
        }
    });
    if !any {
        emit("", offset, redrawn, cut, row);
    }
}

fn emit(text: &str, offset: u64, redrawn: bool, cut: u64, row: &mut dyn FnMut(&Row<'_>)) {
    let kept = text.get(..text.floor_char_boundary(ROW_MAX)).unwrap_or(text);
    let cut = cut + (text.len() - kept.len()) as u64;
    row(&Row { offset, text: kept.trim_end(), redrawn, cut });
}

/// Appends `text` without what must not reach a terminal.
pub fn push_clean(text: &str, out: &mut String) {
    if text.bytes().all(|b| HARMLESS.get(usize::from(b)) == Some(&true)) && !has_odd_character(text.as_bytes()) {
        out.push_str(text);
        return;
    }
    let mut first = true;
    replay::rows(text.as_bytes(), 0, &mut |replayed| {
        if !std::mem::take(&mut first) {
            out.push(' ');
        }
        out.push_str(replayed.text);
    });
}

fn without_end(mut raw: &[u8]) -> &[u8] {
    while let [rest @ .., b'\r'] = raw {
        raw = rest;
    }
    raw
}

/// What is to be replayed of a line with redraws, and where in it the last draw begins.
fn last_draw(raw: &[u8]) -> Option<(&[u8], usize)> {
    let start = memrchr(b'\r', raw)? + 1;
    let floor = start.saturating_sub(DRAWS);
    let from = match memchr(b'\r', raw.get(floor..start)?) {
        Some(at) if floor > 0 => floor + at + 1,
        _ => floor,
    };
    Some((raw.get(from..)?, start - from))
}

/// Whether the last draw is at least as wide as those before it, so that nothing of them can be seen.
fn covers(before: &[u8], last: &[u8]) -> bool {
    let width = characters(last);
    before.split(|&b| b == b'\r').all(|draw| draw.len() <= width || characters(draw) <= width)
}

fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| b & 0xC0 != 0x80).count()
}

/// Bytes that need no look at what stands beside them: no control character but the tabulator.
static HARMLESS: [bool; 256] = {
    let mut table = [true; 256];
    let mut b = 0;
    while b < 0x20 {
        table[b] = b == b'\t' as usize;
        b += 1;
    }
    table[0x7F] = false;
    table
};

/// Whether a character is in it that must not be drawn though all its bytes are harmless: C1 controls, bidi and other
/// invisible formatting. Only lead bytes that can begin one are looked at; a false alarm merely takes the long way.
fn has_odd_character(bytes: &[u8]) -> bool {
    if bytes.is_ascii() {
        return false;
    }
    bytes.windows(2).any(|pair| match pair {
        [0xC2, next] => *next < 0xA0 || *next == 0xAD,
        [0xE2, next] => matches!(next, 0x80 | 0x81),
        [0xD8, next] => *next == 0x9C,
        [0xE1, next] => *next == 0xA0,
        [0xEF, next] => matches!(next, 0xBB | 0xBF | 0xB8),
        [0xF3, _] => true,
        _ => false,
    })
}

/// Whether a cursor move leads from one line to another (`CSI A`, `B`, `E`, `F`, `H`, `J`, `f`, or reverse index).
fn moves_between_lines(bytes: &[u8]) -> bool {
    memchr_iter(0x1B, bytes).any(|at| {
        let after = bytes.get(at + 1..).unwrap_or_default();
        match after {
            [b'M', ..] => true,
            [b'[', rest @ ..] => rest
                .iter()
                .take(32)
                .find(|&&b| (0x40..0x7F).contains(&b))
                .is_some_and(|last| matches!(last, b'A' | b'B' | b'E' | b'F' | b'H' | b'J' | b'f')),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests;
