//! Keras: `12/20 ━━━━━━━━━━━━ 1s 118ms/step - loss: 0.6`, Keras 2's `12/20 [=====>....] - ETA: 2s - loss: 0.6`, and
//! `25/25 - 3s - 103ms/step - loss: 1.2` of verbose=2. The figures are means over the epoch so far. A bar without an
//! `Epoch 3/40` line before it belongs to `evaluate()`.

use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Pair;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Split;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::bar;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Keras {
    /// The `Epoch 3/40` line that the next bar belongs to.
    header: Option<String>,
    /// Its bar has come to its end.
    closed: bool,
    /// Epochs that came to their end.
    epochs: u32,
}

/// What stands between `12/20` and the first ` - name: value`.
fn is_gauge(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('━')
        || text.starts_with("[=")
        || text.starts_with("[>")
        || text.starts_with("[.")
        || (text.starts_with("- ")
            && text
                .split(" - ")
                .take(2)
                .any(|part| part.ends_with("/step") || part.trim_start_matches("- ").ends_with('s')))
}

/// `1s`, `28s`, `2:09`, `1m`: seconds.
fn span(word: &str) -> Option<f64> {
    number::clock(word).or_else(|| word.strip_suffix('s').and_then(number::number))
}

/// `118ms/step`: steps per second.
fn rate(word: &str) -> Option<f64> {
    let (value, unit) =
        word.split_once('/').filter(|(_, per)| *per == "step" || *per == "sample").map(|(value, _)| {
            let at = value.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(value.len());
            value.split_at_checked(at).unwrap_or((value, ""))
        })?;
    let seconds = number::number(value)?
        * match unit {
            "ms" => 1e-3,
            "us" => 1e-6,
            "s" => 1.0,
            _ => return None,
        };
    (seconds > 0.0).then(|| 1.0 / seconds)
}

impl Shape for Keras {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with(|c: char| c.is_ascii_digit()) || body.starts_with("Epoch ")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if !body.starts_with(|c: char| c.is_ascii_digit()) {
            if body.starts_with("Epoch ")
                && body.len() < 24
                && body.strip_prefix("Epoch ").and_then(number::ratio).is_some()
            {
                self.header = Some(body.to_owned());
                self.closed = false;
            }
            return false;
        }
        let Some((head, rest)) = body.split_once(' ') else { return false };
        let Some((done, all)) = number::ratio(head).filter(|_| is_gauge(rest)) else { return false };
        let mut bar =
            Bar { current: done, total: Some(all), unit: "step", style: BarStyle::Keras, ..bar::blank() };
        let mut spans = None;
        for (i, part) in rest.split(" - ").enumerate() {
            // `loss: 386302656.0000Batch 2: …` is torn by what another writer put there
            match part.split_once(": ") {
                Some(("ETA", value)) => spans = span(value.trim()),
                Some((name, value)) if i > 0 || part.starts_with("- ") => {
                    let name = name.trim_start_matches("- ").trim();
                    bar.values.extend(number::number(value.trim()).map(|value| Pair { name, value }));
                }
                _ => {
                    for word in part.split_whitespace() {
                        bar.rate = bar.rate.or_else(|| rate(word));
                        spans = spans.or_else(|| span(word));
                    }
                }
            }
        }
        if done < all {
            bar.remaining = spans;
        } else {
            bar.elapsed = spans;
        }
        if bar.values.is_empty() && bar.rate.is_none() && spans.is_none() {
            return false;
        }
        out.framework("keras");
        out.drew();
        if rest.contains("Invalid loss, terminating training") {
            out.put(&Record::Error {
                // TerminateOnNaN raises nothing
                type_name: "NaN loss",
                message: "Invalid loss, terminating training",
                fatal: true,
            });
        }
        // means of an unfinished epoch are provisional: Keras itself logs them when it ends
        if done < all && self.epochs > 0 {
            bar.values.clear();
        }
        match &self.header {
            Some(header) if !self.closed || done >= all && rest.contains("val_") => {
                bar.label = header;
                out.put(&Record::Bar(bar));
                self.closed = done >= all;
                self.epochs += u32::from(self.closed);
            }
            _ => {
                if done >= all && !bar.values.is_empty() {
                    out.row(At::default(), Some(Split::Test), RowKind::Summary, bar.values);
                }
            }
        }
        true
    }
}
