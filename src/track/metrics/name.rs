//! What metrics are called.

use std::borrow::Cow;
use std::sync::Arc;

use crate::parse::clean::clean;

/// A name without the brackets that stand in it by halves: `Train] loss` of `[Train] loss=0.5`, `done (loss` of `done (loss 0.5)`.
pub(super) fn shown(name: &Arc<str>) -> Arc<str> {
    // a bracket may be a part of an escape sequence
    if let Cow::Owned(cleaned) = clean(name) {
        return Arc::from(cleaned);
    }
    if let Some((_, inside)) = name.rsplit_once('(')
        && !inside.contains(')')
        && !inside.trim().is_empty()
    {
        return Arc::from(inside.trim());
    }
    let opened = name.matches('[').count();
    if opened == name.matches(']').count() {
        return Arc::clone(name);
    }
    Arc::from(name.replace(['[', ']'], ""))
}

/// Whether a name tells by itself on which data it was taken.
pub(super) fn qualified(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["val", "eval", "test", "dev"].iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty() || !rest.starts_with(|c: char| c.is_ascii_lowercase()) || rest.starts_with("id")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_halves_of_brackets_and_no_sequences() {
        let name = |name: &str| shown(&Arc::from(name)).to_string();
        assert_eq!(name("Train] loss"), "Train loss");
        assert_eq!(name("done (loss"), "loss");
        assert_eq!(name("loss [train]"), "loss [train]");
        assert_eq!(name("lo\u{1b}[31mss"), "loss");
    }
}
