//! The rows that a stretch of a log leaves on a terminal, fast enough to count a gigabyte of redraws in a second.
//!
//! A log pane needs of a bar that was redrawn 50,000 times on one line only what stands there in the end. So nearly all lines
//! take a short way: the last draw is cut out by looking for the last carriage return, and it is taken as it stands when it is
//! clean and covers what was drawn before it. What is left (escape sequences, backspaces, leftovers of a longer draw, cursor
//! moves over lines) is replayed as a terminal would.

use memchr::memchr;
use memchr::memchr_iter;
use memchr::memrchr;

use super::escape;
use super::replay::replay;

/// Longest text of a row, in bytes.
pub const ROW_MAX: usize = 64 << 10;

/// How far back from its last draw a redrawn line is replayed, in bytes: some ten redraws. What an earlier and longer
/// draw left behind is lost.
const DRAWS: usize = 1 << 10;

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
        for played in replay(bytes, offset) {
            emit(&played.text, played.offset, played.is_redrawn, 0, row);
        }
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

/// Whether each line of `bytes` is a row that shows what stands there: nothing was redrawn, nothing is hidden. What is searched
/// for can then be searched for in the bytes.
pub fn is_even(bytes: &[u8]) -> bool {
    memchr(b'\r', bytes).is_none() && escape::special_byte(bytes, 0) == bytes.len()
}

/// Hands out the row of one line, which moves to no other.
pub fn line(raw: &[u8], offset: u64, row: &mut dyn FnMut(&Row<'_>)) {
    let raw = without_end(raw);
    let Some((region, last)) = last_draw(raw) else {
        plain(raw, offset, row);
        return;
    };
    if let Some(drawn) = covering(region, last) {
        emit(drawn, offset, true, 0, row);
        return;
    }
    if let Ok(text) = std::str::from_utf8(region)
        && escape::special(text, 0) == text.len()
        && let (Some(before), Some(drawn)) = (text.get(..last), text.get(last..))
        && covers(before, drawn)
    {
        emit(drawn, offset, true, 0, row);
        return;
    }
    replay_line(region, offset, true, 0, row);
}

/// A line without carriage returns inside.
fn plain(raw: &[u8], offset: u64, row: &mut dyn FnMut(&Row<'_>)) {
    let kept = raw.get(..whole_characters(raw)).unwrap_or(raw);
    let cut = (raw.len() - kept.len()) as u64;
    if let Ok(text) = std::str::from_utf8(kept)
        && escape::special(text, 0) == text.len()
    {
        emit(text, offset, false, cut, row);
    } else if let Some(text) = uncoloured(kept) {
        emit(&text, offset, false, cut, row);
    } else if cut > 0 && memchr(8, raw).is_some() {
        replay_line(raw.get(raw.len() - ROW_MAX..).unwrap_or(raw), offset, true, 0, row);
    } else {
        replay_line(kept, offset, false, cut, row);
    }
}

/// As many bytes of a row are kept as are whole characters.
fn whole_characters(raw: &[u8]) -> usize {
    let goes_on = |at: usize| raw.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    (ROW_MAX - 3..=ROW_MAX).rev().find(|at| !goes_on(*at)).unwrap_or(ROW_MAX)
}

/// Replays what is on one line. Should it lead to others after all, the last one that shows something stands for all.
fn replay_line(bytes: &[u8], offset: u64, redrawn: bool, cut: u64, row: &mut dyn FnMut(&Row<'_>)) {
    // the line's end tells that a torn character comes to nothing more
    let ended = [bytes, b"\n"].concat();
    let rows = replay(&ended, offset);
    let redrawn = redrawn || rows.iter().any(|played| played.is_redrawn);
    let shown = rows.iter().rev().find(|played| !played.text.is_empty());
    emit(shown.map_or("", |played| &played.text), offset, redrawn, cut, row);
}

fn emit(text: &str, offset: u64, redrawn: bool, cut: u64, row: &mut dyn FnMut(&Row<'_>)) {
    let kept = text.get(..text.floor_char_boundary(ROW_MAX)).unwrap_or(text);
    let cut = cut + (text.len() - kept.len()) as u64;
    row(&Row { offset, text: kept.trim_end(), redrawn, cut });
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

/// The last draw, when it is drawn with printable ASCII and the signs of bars alone (U+2500 to U+25BF, three bytes and one column
/// each), and so were those before it, and it is at least as wide as they: the rule, told without looking at one character after
/// the other.
#[expect(clippy::needless_bitwise_bool, reason = "branches would keep it from being vectorised")]
fn covering(region: &[u8], last: usize) -> Option<&str> {
    // sums of sixteen bits are added many at once; a line that has more goes the long way
    if region.len() > usize::from(u16::MAX) {
        return None;
    }
    let odd: u16 = region.iter().map(|b| u16::from(((*b < 0x20) & (*b != b'\r')) | (*b == 0x7F))).sum();
    if odd > 0 {
        return None;
    }
    let high = high_bytes(region);
    if high > 0 {
        let (second, third) = (region.get(1..)?, region.get(2..)?);
        let signs: u16 = region
            .iter()
            .zip(second)
            .zip(third)
            .map(|((a, b), c)| u16::from((*a == 0xE2) & (*b >= 0x94) & (*b <= 0x96) & (*c & 0xC0 == 0x80)))
            .sum();
        if high != 3 * usize::from(signs) {
            return None;
        }
    }
    let (before, drawn) = region.split_at_checked(last)?;
    let columns = |draw: &[u8]| if high == 0 { draw.len() } else { draw.len() - high_bytes(draw) / 3 * 2 };
    let width = columns(drawn);
    let mut start = 0;
    for end in memchr_iter(b'\r', before) {
        let draw = before.get(start..end)?;
        // no draw has more columns than bytes; blanks at its end cover nothing
        if draw.len() > width && columns(draw) > width && columns(draw.trim_ascii_end()) > width {
            return None;
        }
        start = end + 1;
    }
    // made of ASCII and whole characters of three bytes
    std::str::from_utf8(drawn).ok()
}

/// Bytes that are no ASCII, in at most 65,535.
fn high_bytes(text: &[u8]) -> usize {
    usize::from(text.iter().map(|b| u16::from(*b >= 0x80)).sum::<u16>())
}

/// The text without its colours, when it holds no other sequence and nothing else that a terminal would act upon.
fn uncoloured(raw: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(raw).ok()?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let end = escape::special(rest, 0);
        out.push_str(rest.get(..end)?);
        let Some(at) = rest.get(end..).filter(|behind| !behind.is_empty()) else { return Some(out) };
        let sequence = at.strip_prefix("\u{1b}[")?;
        let colour = sequence.bytes().take(32).position(|b| !(b.is_ascii_digit() || b == b';'))?;
        rest = sequence.get(colour..)?.strip_prefix('m')?;
    }
}

/// Whether the last draw is at least as wide as those before it, so that nothing of them can be seen. Without wide or combining
/// characters a character is a column; with them there is no telling here.
fn covers(before: &str, last: &str) -> bool {
    if last.contains('\t')
        || before.contains('\t')
        || !(has_single_columns(last) && has_single_columns(before))
    {
        return false;
    }
    let width = characters(last);
    before.split('\r').all(|draw| draw.len() <= width || characters(draw.trim_end_matches(' ')) <= width)
}

fn characters(text: &str) -> usize {
    text.bytes().filter(|b| b & 0xC0 != 0x80).count()
}

/// Whether all characters are ASCII, Latin or those that bars are drawn with: one column each.
fn has_single_columns(text: &str) -> bool {
    text.is_ascii()
        || text.as_bytes().windows(2).all(|pair| match pair {
            [0xE2, next] => matches!(next, 0x80..=0x8B | 0x94..=0x96 | 0xA0..=0xA3),
            [lead, _] => *lead < 0xCC,
            _ => true,
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
