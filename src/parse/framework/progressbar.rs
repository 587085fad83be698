//! Bars of progressbar2, alive-progress and click, which neither tqdm nor Keras draws.
//!
//! ```text
//!  94% (47 of 50)|##################  | Elapsed Time: 0:00:00 ETA:   0:00:00 loss: 0.0204, acc:   0.92
//! train |████████████▌       | 45/100 [45%] in 1.2s (~0.8s, 44.5/s)
//! Training  [################--------------------]   45%  00:00:02
//! ```
//!
//! Read from the programs' own sources: the default widgets of `ProgressBar`, the status line of `alive_bar`, `_termui_impl`.

use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Pair;
use crate::model::record::Record;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::bar;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Progressbar;

fn bar(label: &str, current: f64, total: f64) -> Bar<'_> {
    Bar { label, current, total: Some(total), unit: "it", style: BarStyle::Other, ..bar::blank() }
}

/// The time behind `name`.
fn span(text: &str, name: &str) -> Option<f64> {
    let (_, rest) = text.split_once(name)?;
    number::clock(rest.split_whitespace().next()?)
}

/// ` 94% (47 of 50)|####  | Elapsed Time: 0:00:00 ETA: 0:00:00 loss: 0.02, acc: 0.9`.
fn progressbar2(body: &str) -> Option<Bar<'_>> {
    let (percent, rest) = body.split_once("% (")?;
    let (label, percent) = percent.rsplit_once(' ').unwrap_or(("", percent));
    number::count(percent)?;
    let (counts, rest) = rest.split_once(')')?;
    let (done, all) = counts.split_once(" of ")?;
    let (done, all) = (number::count(done.trim())?, number::count(all.trim())?);
    let (gauge, tail) = rest.trim_start().strip_prefix('|')?.split_once('|')?;
    let drawn = |c: char| !c.is_alphanumeric();
    (all > 0.0 && gauge.chars().all(drawn)).then_some(())?;
    let mut found = bar(label.trim(), done, all);
    found.elapsed = span(tail, "Elapsed Time:");
    found.remaining = span(tail, "ETA:");
    for part in tail.split(',') {
        let Some((name, value)) = part.rsplit_once(':') else { continue };
        let name = name.trim().rsplit(' ').next().unwrap_or("");
        let named = name.starts_with(|c: char| c.is_alphabetic()) && !matches!(name, "ETA" | "Time");
        if let Some(value) = number::number(value.trim()).filter(|_| named) {
            found.values.push(Pair { name, value });
        }
    }
    Some(found)
}

/// `train |████▌   | 45/100 [45%] in 1.2s (~0.8s, 44.5/s)`.
fn alive(body: &str) -> Option<Bar<'_>> {
    let (label, rest) = body.split_once('|')?;
    let (_, tail) = rest.split_once('|')?;
    let tail = tail.trim_start_matches(['⚠', '︎', ' ', '(', '!', ')']);
    let (counts, tail) = tail.split_once(" [")?;
    let (done, all) = number::ratio(counts)?;
    let (percent, tail) = tail.split_once("%] in ")?;
    number::count(percent)?;
    let seconds =
        |text: &str| number::clock(text).or_else(|| text.strip_suffix('s').and_then(number::number));
    let mut found = bar(label.trim(), done, all);
    found.elapsed = tail.split(' ').next().and_then(seconds);
    if let Some((_, inside)) = tail.split_once('(') {
        for part in inside.trim_end_matches(')').split(", ") {
            let part = part.trim_end_matches(')');
            if let Some(left) = part.strip_prefix('~') {
                found.remaining = seconds(left);
            } else if let Some(rate) = part.strip_suffix("/s") {
                found.rate = number::number(rate);
            }
        }
    }
    Some(found)
}

/// `Training  [######------]   45%  00:00:02`.
fn click(body: &str) -> Option<Bar<'_>> {
    let (label, rest) = body.split_once("  [")?;
    let (gauge, tail) = rest.split_once("]  ")?;
    (gauge.len() >= 8 && gauge.bytes().all(|b| matches!(b, b'#' | b'-'))).then_some(())?;
    let mut words = tail.split_whitespace();
    let percent = number::number(words.next()?.strip_suffix('%')?)?;
    let mut found = bar(label.trim(), percent, 100.0);
    found.unit = "%";
    found.remaining = words.next().and_then(number::clock);
    Some(found)
}

impl Shape for Progressbar {
    fn may_want(&self, body: &str) -> bool {
        body.contains("% (") || body.contains("%] in ") || body.contains("  [#") || body.contains("  [-")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if !self.may_want(body) {
            return false;
        }
        let Some(found) = progressbar2(body).or_else(|| alive(body)).or_else(|| click(body)) else {
            return false;
        };
        out.drew();
        out.put(&Record::Bar(found));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_three_libraries() {
        let of = |bar: Option<Bar<'_>>| {
            bar.map(|bar| (bar.label.to_owned(), bar.current, bar.total, bar.elapsed, bar.remaining))
        };
        let text = "94% (47 of 50)|################    | Elapsed Time: 0:00:03 ETA:   0:00:01 loss: 0.0204, acc:   0.92";
        let drawn = progressbar2(text);
        let figures: Vec<_> = drawn.iter().flat_map(|bar| &bar.values).map(|p| (p.name, p.value)).collect();
        assert_eq!(figures, [("loss", 0.0204), ("acc", 0.92)]);
        assert_eq!(of(drawn), Some((String::new(), 47.0, Some(50.0), Some(3.0), Some(1.0))));
        assert_eq!(
            of(alive("train |████████████▌       | 45/100 [45%] in 1.2s (~0.8s, 44.5/s)")),
            Some(("train".to_owned(), 45.0, Some(100.0), Some(1.2), Some(0.8)))
        );
        assert_eq!(
            of(alive("|████████████████████████████████████████| 100/100 [100%] in 3.1s (32.14/s)")),
            Some((String::new(), 100.0, Some(100.0), Some(3.1), None))
        );
        assert_eq!(
            of(click("Training  [################--------------------]   45%  00:00:02")),
            Some(("Training".to_owned(), 45.0, Some(100.0), None, Some(2.0)))
        );
        for text in
            ["loss 3% (2 of 5) x", "a | b | 3/4 [x%] in 2s", "x  [abc]  3%", "% ()|", "  [--------]  "]
        {
            assert_eq!(
                of(progressbar2(text).or_else(|| alive(text)).or_else(|| click(text))),
                None,
                "{text}"
            );
        }
    }
}
