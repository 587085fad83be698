//! Figures as logs print them: signs, exponents, NaN, thousands commas, percent signs, units.
//!
//! A word that merely begins with a digit (`2nd`, `3D`, `0x7f`, `4x8`, a date, a time of day) is no figure.

/// A figure and the unit that stands right behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure<'a> {
    /// The value; counts such as `50K` are multiplied out.
    pub value: f64,
    /// The unit as printed, empty when there is none.
    pub unit: &'a str,
    /// A scaled count (`50K`) stands for anything that rounds to it.
    pub rounded: bool,
}

/// Reads a plain number: optional sign, digits, fraction, exponent; `nan` and `inf` in any case.
pub(crate) fn number(text: &str) -> Option<f64> {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    if bare.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    if bare.eq_ignore_ascii_case("inf") || bare.eq_ignore_ascii_case("infinity") {
        return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if digits_with_commas(bare) {
        return text.replace(',', "").parse().ok();
    }
    // `1'234'567`, `1_234_567`
    for sign in ['\'', '_', '’'] {
        if bare.contains(sign) && digits_with_commas(&bare.replace(sign, ",")) {
            return text.replace(sign, "").parse().ok();
        }
    }
    if let Some(fraction) = bare.strip_prefix("0,")
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit())
    {
        // no group of thousands begins with 0: the comma of other languages
        return text.replace(',', ".").parse().ok();
    }
    if length(text) == text.len() && !text.is_empty() { text.parse().ok() } else { None }
}

/// Reads a non-negative whole number, thousands commas allowed.
pub(crate) fn count(text: &str) -> Option<f64> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) || digits_with_commas(text) {
        return text.replace(',', "").parse().ok();
    }
    None
}

/// `1,234,567` and `1,234.5`.
fn digits_with_commas(text: &str) -> bool {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut groups = whole.split(',');
    let Some(first) = groups.next() else { return false };
    if first.is_empty() || first.len() > 3 || first == "0" || !first.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let mut more = 0;
    for group in groups {
        if group.len() != 3 || !group.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        more += 1;
    }
    more > 0
}

/// How many bytes at the start of `text` make up a number; 0 when there is none.
fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let mut i = usize::from(matches!(at(0), b'+' | b'-'));
    let start = i;
    while at(i).is_ascii_digit() {
        i += 1;
    }
    let mut digits = i - start;
    if at(i) == b'.' {
        let mut j = i + 1;
        while at(j).is_ascii_digit() {
            j += 1;
        }
        digits += j - i - 1;
        if digits > 0 {
            i = j;
        }
    }
    if digits == 0 {
        return 0;
    }
    if matches!(at(i), b'e' | b'E') {
        let sign = usize::from(matches!(at(i + 1), b'+' | b'-'));
        if at(i + 1 + sign).is_ascii_digit() {
            i += 1 + sign;
            while at(i).is_ascii_digit() {
                i += 1;
            }
        }
    }
    i
}

/// Units that may stand right behind a number. A bare letter that scales a count is dealt with apart.
const UNITS: [&str; 40] = [
    "%", "s", "ms", "us", "µs", "μs", "ns", "sec", "secs", "min", "mins", "m", "h", "hr", "hrs", "B", "KB",
    "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "Mb", "Gb", "Kb", "W", "GF", "it", "px", "deg", "dB", "Hz",
    "GFLOPs", "TFLOPs", "tok", "tokens", "samples", "x",
];

/// Reads a figure with its unit, brackets and quotes around it and punctuation behind it dropped.
pub(crate) fn figure(word: &str) -> Option<Figure<'_>> {
    // `tensor(0.9,` and `0.9±0.1`
    let word = word.strip_prefix("tensor(").map_or(word, |inside| inside.trim_end_matches([',', ')']));
    let word = word.split_once('±').map_or(word, |(mean, _)| mean);
    // `**0.9**`, and `~0.9`: as near as it was said
    let word = word.trim_matches('*').trim_start_matches(['~', '≈']);
    let word = bare(word);
    // `0.900(0.05)`: a mean and its spread
    let word = match word.strip_suffix(')').unwrap_or(word).split_once('(') {
        Some((mean, spread)) if !mean.is_empty() && number(spread).is_some() => mean,
        _ => word,
    };
    if let Some(value) = number(word) {
        return Some(Figure { value, unit: "", rounded: false });
    }
    let at = length(word);
    if at == 0 {
        return None;
    }
    let (digits, unit) = word.split_at_checked(at)?;
    let value: f64 = digits.parse().ok()?;
    match unit {
        "K" | "k" => return Some(Figure { value: value * 1e3, unit: "", rounded: true }),
        "M" => return Some(Figure { value: value * 1e6, unit: "", rounded: true }),
        "G" => return Some(Figure { value: value * 1e9, unit: "", rounded: true }),
        _ => {}
    }
    let known = UNITS.contains(&unit) || is_rate(unit);
    known.then_some(Figure { value, unit, rounded: false })
}

/// Whether a word is a rate's unit: `it/s`, `samples/sec`, `ms/step`, `s/it`, `instance/sec.`.
pub(crate) fn is_rate(unit: &str) -> bool {
    let unit = unit.trim_end_matches(['.', ',', ';']);
    let Some((what, per)) = unit.rsplit_once('/') else { return false };
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    plain(what)
        && plain(per)
        && (matches!(per, "s" | "sec" | "second" | "min" | "h" | "hour")
            || (matches!(what, "s" | "ms" | "us" | "sec") && !per.is_empty()))
}

/// Whether a word by itself is a unit of the figure before it.
pub(crate) fn is_unit(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';', '.', ')']);
    is_rate(word) || (UNITS.contains(&word) && word != "x" && word != "m")
}

/// Drops what is wrapped around a value: quotes, one pair of brackets, punctuation behind it.
pub(crate) fn bare(word: &str) -> &str {
    let word = word.trim_end_matches([',', ';', '.', ':', '!']);
    let word = word.trim_matches(['\'', '"', '`']);
    for (open, close) in [('[', ']'), ('(', ')'), ('{', '}')] {
        if let Some(inside) = word.strip_prefix(open) {
            // the first of several (`[0.523, 0.1]`) is no figure of its own
            let whole = inside.strip_suffix(close);
            return whole.map_or(word, |inside| inside.trim_matches(['\'', '"', ' ']));
        }
    }
    word.trim_end_matches([']', ')', '}', '\'', '"'])
}

/// `3/10`, `[3/10]`, `(3/10)`, `001/008`, `4,000/4,000`: done and all.
pub(crate) fn ratio(word: &str) -> Option<(f64, f64)> {
    let (done, all) = bare(word).split_once('/')?;
    let (done, all) = (count(done.trim())?, count(all.trim())?);
    (all > 0.0).then_some((done, all))
}

/// Seconds in `1:02:03`, `02:03`, `2 days, 1:02:03`; `None` for anything else.
pub(crate) fn clock(text: &str) -> Option<f64> {
    let (days, rest) = match text.split_once("day") {
        Some((days, rest)) => (count(days.trim())?, rest.trim_start_matches(['s', ',', ' '])),
        None => (0.0, text),
    };
    let mut seconds = 0.0;
    let mut parts = 0;
    for part in rest.split(':') {
        let last = part.split_once('.').map_or(part, |(whole, _)| whole);
        if last.is_empty() || !last.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        seconds = seconds * 60.0 + part.parse::<f64>().ok()?;
        parts += 1;
    }
    (2..=3).contains(&parts).then_some(days * 86_400.0 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_all_kinds() {
        for (text, value) in [
            ("0.25", 0.25),
            ("-1e-5", -1e-5),
            ("1e-05,", 1e-5),
            ("97.50%", 97.5),
            ("[0.049]", 0.049),
            ("'3.364'", 3.364),
            ("491,520", 491_520.0),
            ("8.25ms", 8.25),
            ("1756Mb", 1756.0),
            ("50K", 50_000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("6.25e-01.", 0.625),
            ("21ms/step", 21.0),
            ("2.00s", 2.0),
            ("1'234'567", 1_234_567.0),
            ("1_234_567", 1_234_567.0),
            ("~0.5", 0.5),
            ("**0.50**", 0.5),
            ("0.900(0.05)", 0.9),
        ] {
            assert_eq!(figure(text).map(|f| f.value), Some(value), "{text}");
        }
        assert!(figure("nan").is_some_and(|f| f.value.is_nan()));
        assert_eq!(figure("-inf").map(|f| f.value), Some(f64::NEG_INFINITY));
    }

    #[test]
    fn words_that_only_look_like_figures() {
        for text in [
            "2nd",
            "3D",
            "0x7f",
            "4x8",
            "2026-11-22",
            "15:30:09",
            "1/10",
            "e5",
            "-",
            ".",
            "",
            "v1.2.3",
            "1e",
            "N/A",
            "infinite",
            "1_2",
            "(3)x",
            "f(3)",
            "<0.1",
        ] {
            assert_eq!(figure(text), None, "{text}");
        }
    }

    #[test]
    fn ratios_and_clocks() {
        assert_eq!(ratio("[3/10]"), Some((3.0, 10.0)));
        assert_eq!(ratio("001/008"), Some((1.0, 8.0)));
        assert_eq!(ratio("4,000/4,000"), Some((4000.0, 4000.0)));
        assert_eq!(ratio("a/b"), None);
        assert_eq!(ratio("1/0"), None);
        assert_eq!(clock("77:00:02"), Some(277_202.0));
        assert_eq!(clock("2 days, 1:00:00"), Some(176_400.0));
        assert_eq!(clock("12"), None);
    }
}
