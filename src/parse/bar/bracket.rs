//! What stands between a bar's brackets: times, rate and figures.

use super::number;
use super::skip_blanks;
use crate::model::record::Bar;
use crate::model::record::Pair;
use crate::model::record::Pairs;

/// Whether counts and rates are printed with three digits and a scale letter (`unit_scale=True`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scaled {
    Yes,
    No,
    /// The digits allow both.
    Open,
}

impl Scaled {
    /// What a count tells by its digits: scaled ones have three, and a point below 100.
    #[inline]
    pub(super) fn of_count(digits: &[u8]) -> Self {
        match digits.len() {
            3 if !digits.contains(&b'.') => Self::Open,
            4 if digits.contains(&b'.') => Self::Yes,
            _ => Self::No,
        }
    }

    /// What a rate tells by its digits: one that is not scaled has two decimals.
    fn of_rate(digits: &str) -> Self {
        let three = digits.bytes().filter(u8::is_ascii_digit).count() == 3;
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        match (three, decimals) {
            (true, 2) => Self::Open,
            (true, _) => Self::Yes,
            (false, _) => Self::No,
        }
    }

    #[inline]
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::Open { other } else { self }
    }
}

/// Units that are counted by the thousand: they settle what the digits leave open (`1.23kit/s`, but not `1.23key/s`).
const SCALED_UNITS: [&str; 14] = [
    "it", "B", "b", "iB", "tok", "token", "tokens", "sample", "samples", "frame", "frames", "step", "steps",
    "row",
];

/// What a scale letter multiplies by. tqdm's `unit_divisor=1024` cannot be told from the text.
#[inline]
pub(super) fn factor(letter: u8) -> Option<f64> {
    Some(match letter {
        b'k' => 1e3,
        b'M' => 1e6,
        b'G' => 1e9,
        b'T' => 1e12,
        b'P' => 1e15,
        b'E' => 1e18,
        b'Z' => 1e21,
        b'Y' => 1e24,
        _ => return None,
    })
}

/// Takes a scale letter off `unit` when there is one: `kB` is a thousand `B`, but `key` is no thousand `ey`.
fn unscaled(unit: &str, scaled: Scaled) -> (f64, &str) {
    let letter = unit.bytes().next().and_then(factor);
    match (letter, unit.get(1..)) {
        (Some(factor), Some(rest))
            if !rest.is_empty()
                && scaled != Scaled::No
                && (scaled == Scaled::Yes || SCALED_UNITS.contains(&rest)) =>
        {
            (factor, rest)
        }
        _ => (1.0, unit),
    }
}

/// Reads what an opened bracket holds into `bar` and returns what follows the closing one. Without a closing
/// bracket the text was cut off: whatever touches its end is left out.
#[inline]
pub(super) fn read<'a>(text: &'a str, opened: Opened, scaled: Scaled, bar: &mut Bar<'a>) -> &'a str {
    let bytes = text.as_bytes();
    let mut at = times(bytes, opened, bar);
    let mut has_rate = false;
    loop {
        match bytes.get(at) {
            None => return "",
            Some(b']') => return text.get(at + 1..).unwrap_or_default().trim_ascii(),
            Some(b',' | b' ') => {
                at += 1;
                continue;
            }
            Some(_) => {}
        }
        if !has_rate && let Some(rate) = rate(text, at, scaled) {
            has_rate = true;
            at = rate.end;
            if at < bytes.len() {
                bar.rate = rate.value;
                bar.unit = rate.unit;
            }
        } else if let Some((pair, end)) = plain_pair(text, at) {
            bar.values.push(pair);
            at = end;
        } else {
            let end = item_end(bytes, at);
            if end < bytes.len() {
                pairs(text.get(at..end).unwrap_or_default(), &mut bar.values);
            }
            at = end;
        }
    }
}

/// The figures of `text`, separated by commas.
pub(super) fn figures<'a>(text: &'a str, values: &mut Pairs<'a>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = item_end(bytes, at);
        pairs(text.get(at..end).unwrap_or_default(), values);
        at = end + 1;
    }
}

/// A bracket that begins with a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opened {
    elapsed: Option<f64>,
    /// Behind the time.
    end: usize,
}

/// Opens the bracket whose content begins at `at`, if a time or `?` is the first thing in it.
#[inline]
pub(super) fn open(bytes: &[u8], at: usize) -> Option<Opened> {
    let (elapsed, behind) = time(bytes, skip_blanks(bytes, at))?;
    let end = skip_blanks(bytes, behind);
    match bytes.get(end) {
        Some(b'<' | b',' | b']') => Some(Opened { elapsed, end }),
        // cut off, maybe in the middle of the time
        None => Some(Opened { elapsed: elapsed.filter(|_| behind < end), end }),
        _ => None,
    }
}

/// Takes `elapsed<remaining` or `elapsed` over. Returns where they end.
#[inline]
fn times(bytes: &[u8], opened: Opened, bar: &mut Bar<'_>) -> usize {
    bar.elapsed = opened.elapsed;
    if bytes.get(opened.end) != Some(&b'<') {
        return opened.end;
    }
    let from = skip_blanks(bytes, opened.end + 1);
    let Some((remaining, end)) = time(bytes, from) else { return item_end(bytes, from) };
    // with no total tqdm prints 00:00, which nobody knows
    if bar.total.is_some() && matches!(bytes.get(end), Some(b',' | b']' | b' ')) {
        bar.remaining = remaining;
    }
    end
}

/// Whether `elapsed<remaining` stands at `at`.
pub(super) fn is_span(bytes: &[u8], at: usize) -> bool {
    time(bytes, at).is_some_and(|(_, end)| {
        bytes.get(end) == Some(&b'<') && (bytes.get(end + 1) == Some(&b'?') || time(bytes, end + 1).is_some())
    })
}

/// `MM:SS`, `HHH:MM:SS`, `1 day, 2:03:04`, `2d 3:04:05` or `?` at `at`, in seconds, and where it ends. A time below zero (the
/// clock was set back) is not known.
#[inline]
fn time(bytes: &[u8], at: usize) -> Option<(Option<f64>, usize)> {
    // `MM:SS` is what most times are
    let word = number::word(bytes, at);
    if word >> 16 & 0xFF == u64::from(b':') && word >> 40 & 0xFF != u64::from(b':') {
        let (minutes, two) = number::leading(word & 0xFFFF);
        let (seconds, digits) = number::leading(word >> 24 & 0xFFFF);
        if two == 2 && digits == 2 {
            return Some((Some((minutes * 60 + seconds) as f64), at + 5));
        }
    }
    long_time(bytes, at)
}

fn long_time(bytes: &[u8], at: usize) -> Option<(Option<f64>, usize)> {
    let (negative, at) = match bytes.get(at)? {
        b'?' => return Some((None, at + 1)),
        b'-' => (true, at + 1),
        _ => (false, at),
    };
    let (mut seconds, mut end) = digits(bytes, at)?;
    if bytes.get(end) != Some(&b':') {
        let (rest, end) = long_time(bytes, behind_days(bytes, end)?)?;
        return Some((rest.filter(|_| !negative).map(|rest| rest + 86_400.0 * seconds as f64), end));
    }
    let mut parts = 1;
    while bytes.get(end) == Some(&b':')
        && parts < 4
        && let Some((part, behind)) = digits(bytes, end + 1)
    {
        seconds = seconds.saturating_mul(60).saturating_add(part);
        end = behind;
        parts += 1;
    }
    (parts > 1).then_some(((!negative).then_some(seconds as f64), end))
}

/// Whole number at `at`, and where it ends.
#[inline]
fn digits(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value: u64 = 0;
    let mut end = at;
    while let Some(digit) = bytes.get(end).map(|b| b.wrapping_sub(b'0')).filter(|digit| *digit <= 9) {
        value = value.saturating_mul(10).saturating_add(u64::from(digit));
        end += 1;
    }
    (end > at).then_some((value, end))
}

/// Behind ` day, `, ` days, ` or `d ` at `at`.
fn behind_days(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let len = [&b" days, "[..], b" day, ", b" days ", b" day ", b"d, ", b"d "]
        .into_iter()
        .find(|word| rest.starts_with(word))?
        .len();
    // one level deep: no days inside days
    let end = at + len;
    let (_, colon) = digits(bytes, end)?;
    (bytes.get(colon) == Some(&b':')).then_some(end)
}

/// A rate, with where it ends: at a `,` or `]`, or at the end of the text.
struct Rate<'a> {
    value: Option<f64>,
    unit: &'a str,
    end: usize,
}

/// `31.92batch/s`, `20.50s/it`, `?it/s`, `8.92GB/s`, `58571.65 examples/s` at `at`.
#[inline]
fn rate(text: &str, at: usize, scaled: Scaled) -> Option<Rate<'_>> {
    let bytes = text.as_bytes();
    let (value, behind) = match bytes.get(at)? {
        b'?' => (None, at + 1),
        b'0'..=b'9' => {
            let (value, len) = number::scan(bytes.get(at..)?)?;
            (Some(value), at + len)
        }
        _ => return None,
    };
    let mut end = behind;
    while bytes.get(end).is_some_and(|b| !matches!(b, b',' | b']' | b'=')) {
        end += 1;
    }
    let unit = text.get(behind..end)?;
    let positive = |rate: f64| (rate.is_finite() && rate >= 0.0).then_some(rate);
    if unit == "s/s" {
        // a unit called `s`: nothing tells which way round it is
        return Some(Rate { value: None, unit: "s", end });
    }
    let (kilo, inverse) =
        unit.strip_prefix('k').filter(|rest| rest.starts_with("s/")).map_or((1.0, unit), |rest| (1e3, rest));
    if let Some(unit) = inverse.strip_prefix("s/") {
        let value = value.and_then(|seconds| positive((seconds * kilo).recip()));
        return Some(Rate { value, unit: unit.trim_ascii(), end });
    }
    let Some(unit) = unit.strip_suffix("/s") else {
        // cut off before its end; any other text is no rate
        return (end == bytes.len()).then_some(Rate { value: None, unit: "", end });
    };
    let (factor, unit) = match unit.bytes().next().and_then(factor) {
        None => (1.0, unit),
        Some(_) => unscaled(unit, scaled.or(Scaled::of_rate(text.get(at..behind)?))),
    };
    Some(Rate { value: value.and_then(|value| positive(value * factor)), unit: unit.trim_ascii(), end })
}

/// What `137it` counts when `[00:02, 66.40it/s` follows: the factor of its scale, and the unit, which is that of the rate.
/// `digits` are those of the count, `unit` what follows them, `at` is behind the bracket.
pub(super) fn measure<'a>(text: &'a str, at: usize, digits: &str, unit: &'a str) -> Option<(f64, &'a str)> {
    let bytes = text.as_bytes();
    let counted = unit.trim_ascii();
    if !counted.starts_with(char::is_alphabetic) || counted.contains([' ', '/', '=']) {
        return None;
    }
    let (_, end) = time(bytes, skip_blanks(bytes, at))?;
    if end == bytes.len() {
        return (counted == "it").then_some((1.0, counted));
    }
    if bytes.get(end) != Some(&b',') {
        return None;
    }
    let begin = skip_blanks(bytes, end + 1);
    if begin >= bytes.len() {
        return (counted == "it").then_some((1.0, counted));
    }
    let is_open = Scaled::of_count(digits.as_bytes()) == Scaled::Open;
    let rate_digits = number::number(text.get(begin..)?)
        .map_or("", |(_, rest)| text.get(begin..text.len() - rest.len()).unwrap_or_default());
    let scaled = if is_open && !rate_digits.is_empty() {
        Scaled::of_rate(rate_digits)
    } else {
        Scaled::of_count(digits.as_bytes())
    };
    let rate = rate(text, begin, scaled)?;
    if rate.end == bytes.len() {
        return (counted == "it").then_some((1.0, counted));
    }
    let (factor, bare) = unscaled(counted, scaled);
    if bare == rate.unit {
        return Some((factor, bare));
    }
    (counted == rate.unit).then_some((1.0, counted))
}

/// `name=1.25` with nothing unusual about it, up to a `, ` or `]`: nearly every figure is like that.
#[inline]
fn plain_pair(text: &str, at: usize) -> Option<(Pair<'_>, usize)> {
    let bytes = text.as_bytes();
    let mut equals = at;
    while bytes.get(equals).is_some_and(|b| is_name(*b)) {
        equals += 1;
    }
    if equals == at || bytes.get(equals) != Some(&b'=') {
        return None;
    }
    let (value, len) = number::scan(bytes.get(equals + 1..)?)?;
    let mut end = equals + 1 + len;
    if bytes.get(end) == Some(&b'%') {
        end += 1;
    }
    match (bytes.get(end)?, bytes.get(end + 1)) {
        (b']', _) | (b',', Some(b' ')) => Some((Pair { name: text.get(at..equals)?, value }, end)),
        _ => None,
    }
}

#[inline]
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'/' | b'-' | b'.' | b'@')
}

/// Where the item at `at` ends: at a comma that is followed by a blank, or at the closing bracket (brackets inside are paired).
fn item_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0_u32;
    let mut end = at;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'[' => depth += 1,
            b']' if depth == 0 => break,
            b']' => depth -= 1,
            b',' if depth == 0 && bytes.get(end + 1) == Some(&b' ') => break,
            _ => {}
        }
        end += 1;
    }
    end
}

/// The figures of one item: `loss=0.5`, `best loss: 6.47`, `loss=0.5 acc=0.8`, `7 steps of size 3.08e-02. acc. prob=0.72`.
fn pairs<'a>(item: &'a str, values: &mut Pairs<'a>) {
    let mut rest = item;
    let mut is_first = true;
    while let Some((name, behind, is_told)) = named(rest) {
        let behind = behind.trim_start();
        // a name may have blanks in it where commas separate the figures, not where blanks do
        let name =
            if is_first { sentence(name) } else { name.trim_end().rsplit(' ').next().unwrap_or_default() };
        let name = name.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '\'' | '"' | '{' | '(' | ';' | '|' | ',')
        });
        is_first = false;
        let Some((value, end)) = number::number(behind) else {
            // no figure: the next name is behind this value's last blank
            rest = behind;
            continue;
        };
        // `cuda:0` is a device
        let is_told =
            is_told || behind.get(..behind.len() - end.len()).is_some_and(|digits| digits.contains('.'));
        rest = end.strip_prefix('%').unwrap_or(end);
        if is_told && is_figure_end(rest) && name.contains(char::is_alphabetic) {
            values.push(Pair { name, value });
        }
    }
}

/// The first name in `text`, what follows its `=` or `:`, and whether that sign leaves no doubt.
fn named(text: &str) -> Option<(&str, &str, bool)> {
    match text.split_once('=') {
        Some((name, behind)) => Some((name, behind, true)),
        None => text.split_once(':').map(|(name, behind)| (name, behind, behind.starts_with(' '))),
    }
}

/// The part of a name behind the last sentence that ends in a figure, without the range that some print behind it
/// (`avg. loss [761-800]`: the name would be another one at each redraw).
fn sentence(name: &str) -> &str {
    let bytes = name.as_bytes();
    let behind = bytes
        .windows(3)
        .rposition(|w| matches!(w, [digit, b'.', b' '] if digit.is_ascii_digit()))
        .map_or(0, |at| at + 3);
    let name = name.get(behind..).unwrap_or(name).trim();
    match name.strip_suffix(']').and_then(|name| name.rsplit_once('[')) {
        Some((name, range)) if range.bytes().all(|b| b.is_ascii_digit() || b == b'-') => name.trim_end(),
        _ => name,
    }
}

/// Whether a figure in free text may end before `rest`.
fn is_figure_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t', ',', ';', '|', ')', '}', '\'', '"']) && number::ends(rest)
}
