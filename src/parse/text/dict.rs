//! Python dicts and JSON objects inside a line: `{'loss': '3.364', 'epoch': '1.333'}`, bare or quoted, glued to a bar.
//!
//! Only the outermost level is read; nested values, lists and words are passed over.

use smallvec::SmallVec;

use super::number;

/// A key and its figure.
pub(crate) type Entry<'a> = (&'a str, f64);

/// A dict in a line.
#[derive(Debug, PartialEq)]
pub(crate) struct Dict<'a> {
    /// Text before `{`.
    pub before: &'a str,
    /// Keys with figures, in order.
    pub entries: SmallVec<[Entry<'a>; 12]>,
    /// Keys with what is done and all: `"iter": "80/1000"`.
    pub ratios: SmallVec<[(&'a str, f64, f64); 2]>,
    /// Keys whose values are no figures.
    pub others: usize,
    /// Text behind `}`.
    pub after: &'a str,
}

/// Finds the first dict of a line that is whole. `None` when there is none, or it is no dict.
pub(crate) fn find(line: &str) -> Option<Dict<'_>> {
    let open = line.find('{')?;
    let (before, rest) = line.split_at_checked(open)?;
    let inside = rest.get(1..)?;
    if !inside.trim_start().starts_with(['\'', '"']) {
        return None;
    }
    let mut out = Dict { before, entries: SmallVec::new(), ratios: SmallVec::new(), others: 0, after: "" };
    let (mut depth, mut quote, mut start, mut escaped) = (0_i32, None, 0, false);
    for (i, c) in inside.char_indices() {
        if let Some(q) = quote {
            if !escaped && c == q {
                quote = None;
            }
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '\'' | '"' => quote = Some(c),
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                take(inside.get(start..i)?, &mut out);
                start = i + 1;
                if c == '}' {
                    out.after = inside.get(i + 1..)?;
                    return (out.entries.len() + out.others > 0).then_some(out);
                }
            }
            _ => {}
        }
    }
    None
}

fn take<'a>(entry: &'a str, out: &mut Dict<'a>) {
    let entry = entry.trim();
    let Some(quote) = entry.chars().next().filter(|c| matches!(c, '\'' | '"')) else { return };
    let Some((key, value)) = entry.get(1..).and_then(|rest| rest.split_once(quote)) else { return };
    let Some(value) = value.trim_start().strip_prefix(':').map(str::trim) else { return };
    let bare = value.trim_matches(['\'', '"']);
    let wrapped = bare
        .split_once('(')
        .filter(|(head, _)| head.starts_with("np.") || head.starts_with("numpy.") || *head == "tensor");
    let bare =
        wrapped.map_or(bare, |(_, inside)| inside.trim_end_matches(')').split(',').next().unwrap_or(""));
    match number::number(bare) {
        Some(figure) if !key.is_empty() => out.entries.push((key, figure)),
        _ => match number::ratio(bare) {
            Some((done, all)) if !key.is_empty() => out.ratios.push((key, done, all)),
            _ => out.others += 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_quoted_nested_and_json() {
        let line = "it/s]{'loss': '3.364', 'lr': 1e-05, 'ok': True, 'n': [1, 2], 'nan': nan, 'x': np.float64(1.5)} tail";
        let dict = find(line).expect("a dict");
        assert_eq!(dict.before, "it/s]");
        assert_eq!(dict.after, " tail");
        assert_eq!(dict.others, 2);
        let names: Vec<_> = dict.entries.iter().map(|(k, _)| *k).collect();
        assert_eq!(names, ["loss", "lr", "nan", "x"]);
        let json =
            find("{\"epoch\": 10, \"train_loss\": \"3.924\", \"note\": \"a, {b}\"}").expect("an object");
        assert_eq!(json.entries.len(), 2);
    }

    #[test]
    fn ratios_in_quotes() {
        let dict = find("json_stats: {\"epoch\": \"1/196\", \"iter\": \"80/1000\", \"loss\": 0.5}")
            .expect("an object");
        assert_eq!(dict.ratios.as_slice(), [("epoch", 1.0, 196.0), ("iter", 80.0, 1000.0)]);
    }

    #[test]
    fn torn_or_other_braces_are_none() {
        for text in ["{'loss': 0.1", "{} | {}", "{{x}}", "{1, 2}", "no", "{'a'}"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
