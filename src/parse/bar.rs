//! Progress bars of the tqdm family, read by hand: a long run redraws its bar millions of times, and every redraw has figures.
//!
//! The shapes, with what varies between them:
//!
//! ```text
//! Epoch 1/5:  25%|██▌       | 4/16 [00:00<00:01, 31.92batch/s, loss=1.19, lr=0.00298]    total known
//! Training: |          | 0/? [00:00<?, ?it/s]                                             total unknown, own bar_format
//! stream: 137it [00:02, 66.40it/s, loss=0.3647]                                           total unknown
//! steps:  45% 9/20 [03:04<03:45, 20.50s/it]                                               ncols=0
//! Epoch [1/4]: [2/30]   7%|▋         , batch_loss=0.783 [00:00<00:01]                     ignite's bar_format
//! ```
//!
//! Any text may stand in place of the blocks, any unit behind the figures, and the end may be cut off by a narrow terminal: a
//! figure that touches such an end may be torn (`loss=0.1` of `0.123`) and is left out.

use memchr::memchr;
use memchr::memchr2;
use smallvec::SmallVec;

use self::bracket::Opened;
use self::bracket::Scaled;
use super::number;
use crate::model::record::Bar;
use crate::model::record::BarStyle;

pub(super) mod again;
mod bracket;
mod label;
mod quick;

/// A bar and the text around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'a> {
    /// The bar.
    pub bar: Bar<'a>,
    /// Text before the label: what a logger put there. Mostly empty.
    pub before: &'a str,
    /// What is glued behind the bar, blanks around it aside: a log line, or another bar.
    pub after: &'a str,
}

/// How far the blocks of a bar may reach, in bytes: some 600 columns.
const BLOCKS: usize = 2048;

/// The text around a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around<'a> {
    /// Text before the label: what a logger put there. Mostly empty.
    pub before: &'a str,
    /// What is glued behind the bar, blanks around it aside: a log line, or another bar.
    pub after: &'a str,
}

/// The first bar of the tqdm family in `text`; there may be more in [`Found::after`].
pub fn tqdm(text: &str) -> Option<Found<'_>> {
    let mut bar = blank();
    let Around { before, after } = tqdm_into(text, &mut bar)?;
    Some(Found { bar, before, after })
}

/// [`tqdm`] into a bar that is there already: a bar is large, and each copy of it costs a fifth of what reading it does. With
/// `None`, what `bar` holds means nothing.
#[inline]
pub fn tqdm_into<'a>(text: &'a str, bar: &mut Bar<'a>) -> Option<Around<'a>> {
    match usual_layout(text, bar) {
        Some(around) => Some(around),
        None => any_layout(text, bar),
    }
}

/// A bar that tells nothing, to be filled.
#[inline]
pub fn blank<'a>() -> Bar<'a> {
    Bar {
        label: "",
        current: 0.0,
        total: None,
        rate: None,
        elapsed: None,
        remaining: None,
        unit: "",
        style: BarStyle::Tqdm,
        values: SmallVec::new(),
    }
}

/// Reads a bar as tqdm draws it by default.
#[inline]
fn usual_layout<'a>(text: &'a str, bar: &mut Bar<'a>) -> Option<Around<'a>> {
    let bytes = text.as_bytes();
    let pipe = memchr(b'|', bytes)?;
    if bytes.get(pipe.checked_sub(1)?) != Some(&b'%') {
        return None;
    }
    let percent_at = number_before(bytes, pipe - 1)?;
    let stop = blocks_end(bytes, pipe)?;
    if bytes.get(stop) != Some(&b'|') {
        return None;
    }
    bar.style = BarStyle::Tqdm;
    bar.values.clear();
    let end = quick::read(text, skip_blanks(bytes, stop + 1), bar)?;
    let (before, label) = label::split(text.get(..percent_at)?);
    bar.label = label;
    Some(Around { before, after: text.get(end..)?.trim_ascii() })
}

/// Whether no bar can be in `text`, as most lines of a log tell at first sight.
pub(crate) fn has_none(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr(b'[', bytes).is_none()
        && !memchr::memchr_iter(b'%', bytes).any(|percent| bytes.get(percent + 1) == Some(&b'|'))
}

#[inline(never)]
fn any_layout<'a>(text: &'a str, bar: &mut Bar<'a>) -> Option<Around<'a>> {
    let bytes = text.as_bytes();
    let mut from = memchr2(b'|', b'[', bytes)?;
    while let Some(pipe) = bytes.get(from..).and_then(|rest| memchr(b'|', rest)).map(|at| from + at) {
        let found = match pipe.checked_sub(1).and_then(|before| bytes.get(before)) {
            Some(b'%') => with_percent(text, pipe, bar),
            Some(b' ') | None => without_percent(text, pipe, bar),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        from = pipe + 1;
    }
    without_blocks(text, bar)
}

/// Units done and in all.
#[derive(Debug, Clone, Copy)]
struct Counts {
    current: f64,
    total: Option<f64>,
    scaled: Scaled,
    /// Behind them.
    end: usize,
}

/// `4/16`, `1.00G/3.00G`, `0/?` at `at`.
#[inline]
fn counts(text: &str, at: usize) -> Option<Counts> {
    let bytes = text.as_bytes();
    let (current, slash, done) = count(bytes, at)?;
    if bytes.get(slash) != Some(&b'/') {
        return None;
    }
    if bytes.get(slash + 1) == Some(&b'?') {
        return Some(Counts { current, total: None, scaled: done, end: slash + 2 });
    }
    let (total, end, all) = count(bytes, slash + 1)?;
    Some(Counts { current, total: Some(total), scaled: done.or(all), end })
}

/// One count with its scale (`49.2k`), where it ends, and whether it tells that counts are scaled.
#[inline]
fn count(bytes: &[u8], at: usize) -> Option<(f64, usize, Scaled)> {
    let rest = bytes.get(at..)?;
    if !rest.first()?.is_ascii_digit() {
        return None;
    }
    let (value, len) = number::scan(rest)?;
    let end = at + len;
    let (value, end, scaled) = match rest.get(len).and_then(|b| bracket::factor(*b)) {
        Some(factor) => (value * factor, end + 1, Scaled::Yes),
        None => (value, end, Scaled::of_count(rest.get(..len)?)),
    };
    value.is_finite().then_some((value, end, scaled))
}

/// A bar whose blocks begin behind the `%|` that ends at `pipe`.
fn with_percent<'a>(text: &'a str, pipe: usize, bar: &mut Bar<'a>) -> Option<Around<'a>> {
    let bytes = text.as_bytes();
    let percent_at = number_before(bytes, pipe - 1)?;
    let stop = blocks_end(bytes, pipe)?;
    if bytes.get(stop) == Some(&b'[') {
        return ignite(text, pipe, percent_at, stop, bar);
    }
    let counts = counts(text, skip_blanks(bytes, stop + 1))?;
    let (before, label) = label::split(text.get(..percent_at)?);
    begin(bar, label, counts.current, counts.total);
    let open = skip_blanks(bytes, counts.end);
    if bytes.get(open) == Some(&b'[')
        && let Some(opened) = bracket::open(bytes, open + 1)
    {
        return Some(Around { before, after: bracket::read(text, opened, counts.scaled, bar) });
    }
    // some other layout, or cut off: the percentage must bear the counts out
    let percent = number::whole(text.get(percent_at..pipe - 1)?)?;
    let blocks = text.get(pipe + 1..stop)?;
    // at the end of the text more digits may be missing
    let is_whole = |total: f64| counts.end < text.len() || !bears_out(percent, counts.current, total * 10.0);
    let is_borne_out = |total: f64| bears_out(percent, counts.current, total) && is_whole(total);
    if are_blocks(blocks) && counts.total.is_some_and(is_borne_out) {
        return Some(Around { before, after: text.get(counts.end..)?.trim() });
    }
    // `180/40` of `180/400`: the total is torn, or the text no bar at all
    bar.total = None;
    (counts.end == text.len() && has_blocks(blocks)).then_some(Around { before, after: "" })
}

/// A bar without percentage, `|          | 0/? [`, whose blocks are blank since nobody knows how many to fill.
fn without_percent<'a>(text: &'a str, pipe: usize, bar: &mut Bar<'a>) -> Option<Around<'a>> {
    let bytes = text.as_bytes();
    let stop = skip_blanks(bytes, pipe + 1);
    if stop - pipe > BLOCKS || bytes.get(stop) != Some(&b'|') {
        return None;
    }
    let counts = counts(text, skip_blanks(bytes, stop + 1))?;
    let open = skip_blanks(bytes, counts.end);
    let opened = bracket::open(bytes, open + 1).filter(|_| bytes.get(open) == Some(&b'['))?;
    let (before, label) = label::split(text.get(..pipe)?);
    begin(bar, label, counts.current, counts.total);
    Some(Around { before, after: bracket::read(text, opened, counts.scaled, bar) })
}

/// `Epoch [1/4]: [2/30]   7%|▋         , batch_loss=0.783 [00:00<00:01]`: the counts stand before the percentage, the figures
/// before the time, and nothing closes the blocks.
fn ignite<'a>(
    text: &'a str,
    pipe: usize,
    percent_at: usize,
    open: usize,
    bar: &mut Bar<'a>,
) -> Option<Around<'a>> {
    let bytes = text.as_bytes();
    let opened = bracket::open(bytes, open + 1)?;
    let head = text.get(..percent_at)?.trim_end().strip_suffix(']')?;
    let (head, inner) = head.rsplit_once('[')?;
    let counts = counts(inner, 0).filter(|counts| counts.end == inner.len())?;
    let (before, label) = label::split(head);
    begin(bar, label, counts.current, counts.total);
    if let Some((_, figures)) = text.get(pipe + 1..open)?.split_once(',') {
        bracket::figures(figures, &mut bar.values);
    }
    Some(Around { before, after: bracket::read(text, opened, counts.scaled, bar) })
}

/// `137it [00:02, 66.40it/s]` and `45% 9/20 [03:04<03:45, 20.50s/it]`: told by the time behind a bracket.
fn without_blocks<'a>(text: &'a str, bar: &mut Bar<'a>) -> Option<Around<'a>> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(open) = bytes.get(from..).and_then(|rest| memchr(b'[', rest)).map(|at| from + at) {
        if open > 0
            && bytes.get(open - 1) == Some(&b' ')
            && let Some(opened) = bracket::open(bytes, open + 1)
        {
            let head = text.get(..open)?.trim_end();
            let around = match counted(text, head, open, opened, bar) {
                Some(around) => Some(around),
                None => measured(text, head, open, opened, bar),
            };
            if around.is_some() {
                return around;
            }
        }
        from = open + 1;
    }
    None
}

/// The bar whose head ends in `9/20`.
fn counted<'a>(
    text: &'a str,
    head: &'a str,
    open: usize,
    opened: Opened,
    bar: &mut Bar<'a>,
) -> Option<Around<'a>> {
    let at = head.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '?')).len();
    let counts = counts(head, at).filter(|counts| counts.end == head.len())?;
    let front = head.get(..at)?.trim_end();
    let front = match front.strip_suffix('%') {
        Some(percent) => percent.get(..number_before(percent.as_bytes(), percent.len())?)?,
        // without a percentage only `elapsed<remaining` tells a bar from a count in a log line
        None if bracket::is_span(text.as_bytes(), open + 1) => front,
        None => return None,
    };
    let (before, label) = label::split(front);
    begin(bar, label, counts.current, counts.total);
    Some(Around { before, after: bracket::read(text, opened, counts.scaled, bar) })
}

/// The bar whose head ends in `137it` or `137 examples`; the rate must be of the same unit.
fn measured<'a>(
    text: &'a str,
    head: &'a str,
    open: usize,
    opened: Opened,
    bar: &mut Bar<'a>,
) -> Option<Around<'a>> {
    let word = head.rfind([' ', '\t']).map_or(0, |at| at + 1);
    let starts_with_digit = |at: usize| head.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let at = if starts_with_digit(word) {
        word
    } else {
        let front = head.get(..word)?.trim_end();
        front.rfind([' ', '\t']).map_or(0, |at| at + 1)
    };
    if !starts_with_digit(at) {
        return None;
    }
    let (current, behind) = number::number(head.get(at..)?)?;
    let digits = head.get(at..head.len() - behind.len())?;
    let (factor, unit) = bracket::measure(text, open + 1, digits, behind)?;
    let (before, label) = label::split(head.get(..at)?);
    let scaled = if factor > 1.0 { Scaled::Yes } else { Scaled::of_count(digits.as_bytes()) };
    let current = Some(current * factor).filter(|current| current.is_finite())?;
    begin(bar, label, current, None);
    let after = bracket::read(text, opened, scaled, bar);
    bar.unit = unit;
    Some(Around { before, after })
}

/// Starts the bar anew, whatever a layout that did not fit left in it.
fn begin<'a>(bar: &mut Bar<'a>, label: &'a str, current: f64, total: Option<f64>) {
    *bar = Bar { label, current, total, ..blank() };
}

/// Where the blocks that begin behind `pipe` end: at another `|`, or at the bracket where there is none.
#[inline]
fn blocks_end(bytes: &[u8], pipe: usize) -> Option<usize> {
    let blocks = bytes.get(pipe + 1..bytes.len().min(pipe + 1 + BLOCKS))?;
    Some(pipe + 1 + memchr2(b'|', b'[', blocks)?)
}

/// Where the number begins that ends at `end`; `None` when there is none.
#[inline]
fn number_before(bytes: &[u8], end: usize) -> Option<usize> {
    let mut at = end;
    while at > 0 && bytes.get(at - 1).is_some_and(|b| b.is_ascii_digit() || *b == b'.') {
        at -= 1;
    }
    (at < end).then_some(at)
}

#[inline]
fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

/// Whether a printed percentage fits the counts: both may be rounded, scaled counts to three digits.
fn bears_out(percent: f64, current: f64, total: f64) -> bool {
    total > 0.0 && current > 0.0 && (100.0 * current / total - percent).abs() <= 1.5
}

/// Whether a bar may be made of that, and no cell of a table.
fn are_blocks(blocks: &str) -> bool {
    has_blocks(blocks)
        || blocks
            .chars()
            .all(|c| matches!(c, ' ' | '=' | '-' | '>' | '.' | '*' | '+' | '~' | '_' | 'o' | 'O'))
}

fn has_blocks(blocks: &str) -> bool {
    blocks.contains(|c| matches!(c, '\u{2588}'..='\u{258f}' | '#'))
}

#[cfg(test)]
mod tests;
