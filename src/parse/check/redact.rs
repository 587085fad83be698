//! What must hold of redaction, whatever the text.

use super::Broken;
use super::holds;
use crate::parse::redact::Block;
use crate::parse::redact::Own;
use crate::parse::redact::Redactor;

/// Redacting twice is redacting once; places of the original are found in order and within bounds; what was JSON is JSON of the same
/// keys; lines one by one lose nothing but secrets.
pub fn redacted(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let own = Own::new("cust-\\d+|id (?<secret>\\w+)").into_iter().collect();
    for redactor in [Redactor::default(), Redactor::new(own, true)] {
        one(&redactor, &text)?;
        let mut block = Block::default();
        for line in text.lines() {
            let redacted = redactor.redact_in(&mut block, line);
            holds(redacted.count() > 0 || redacted.text() == line, "a change that is not counted")?;
        }
    }
    Ok(())
}

fn one(redactor: &Redactor, text: &str) -> Result<(), Broken> {
    let redacted = redactor.redact(text);
    let again = redactor.redact(redacted.text());
    if again.text() != redacted.text() {
        return Err(format!("twice is not once:\n{}\n{}", redacted.text(), again.text()));
    }
    holds(redacted.count() > 0 || redacted.text() == text, "a change that is not counted")?;
    let mut kept = 0;
    let mut last = 0;
    for (from, to) in redacted.replaced() {
        holds(from.start >= last && from.start < from.end, "edits are out of order or empty")?;
        let (before, after) = (text.get(last..from.start), redacted.text().get(kept..to.start));
        holds(before.is_some() && before == after, "what is no secret has changed")?;
        holds(redacted.text().get(to.clone()).is_some_and(|mask| mask.ends_with("***")), "no mask")?;
        holds(redacted.map(from.clone()) == to, "a secret is not mapped to its mask")?;
        (last, kept) = (from.end, to.end);
    }
    holds(text.get(last..) == redacted.text().get(kept..), "the rest has changed")?;
    let mut before = 0;
    for (at, _) in text.char_indices() {
        let to = redacted.map(at..text.len());
        holds(to.start >= before && to.end == redacted.text().len(), "places are out of order")?;
        before = to.start;
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) if value.is_object() || value.is_array() => {
            let told: serde_json::Value =
                serde_json::from_str(redacted.text()).map_err(|error| error.to_string())?;
            holds(alike(&value, &told), "a row of another shape")
        }
        _ => Ok(()),
    }
}

/// Whether two values differ in nothing but strings.
pub(crate) fn alike(one: &serde_json::Value, two: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (one, two) {
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one.iter().zip(two).all(|((a, one), (b, two))| a == b && alike(one, two))
        }
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| alike(one, two))
        }
        (Value::String(_), Value::String(_)) => true,
        (one, two) => one == two,
    }
}
