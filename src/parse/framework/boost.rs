//! What the boosting libraries share: rounds of `name: figure` between tabs.

use crate::model::record::Pair;
use crate::model::record::Pairs;

use crate::parse::text::number;

/// Reads `name:0.1<tab>name: 0.2`, names taken whole; empty when any part is something else.
pub(super) fn pairs<'a>(text: &'a str, skip: &[&str]) -> Pairs<'a> {
    let mut out = Pairs::new();
    for part in text.split('\t').map(str::trim).filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.rsplit_once(':').or_else(|| part.split_once(' ')) else {
            return Pairs::new();
        };
        if skip.contains(&name) {
            continue;
        }
        let value = value.trim();
        // CatBoost adds the iteration: `best: 0.9 (38)`; XGBoost's cv the deviation: `0.9+0.01`
        let value = value.split([' ', '+']).next().unwrap_or(value);
        match number::number(value) {
            Some(value) => out.push(Pair { name: name.trim(), value }),
            None => return Pairs::new(),
        }
    }
    out
}
