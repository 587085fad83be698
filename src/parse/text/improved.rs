//! What callbacks say of the figure that they watch: Keras's `Epoch 3: val_loss improved from 0.40 to 0.33298, saving model to …` and
//! Lightning's `Metric val_loss improved by 0.012 >= min_delta = 0.0. New best score: 0.333`.
//!
//! Sources: `keras/src/callbacks/model_checkpoint.py` and `lightning/pytorch/callbacks/early_stopping.py`.

use super::number;

/// What was improved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Improved<'a> {
    /// As written.
    pub(crate) name: &'a str,
    /// What it is now; `None` where it is no better than before.
    pub(crate) value: Option<f64>,
    /// The epoch that the line names.
    pub(crate) epoch: Option<f64>,
}

/// The figure that `text` begins with.
fn figure(text: &str) -> Option<f64> {
    let word = text.split([' ', ',', ';']).next()?;
    number::number(word.strip_suffix('.').unwrap_or(word)).filter(|value| value.is_finite())
}

/// Reads such a line.
pub(crate) fn read(body: &str) -> Option<Improved<'_>> {
    let (head, rest) = body.split_once(" improve")?;
    let (head, rest) = match head.strip_suffix(" did not") {
        Some(head) => (head, None),
        None => (head, Some(rest.strip_prefix('d')?)),
    };
    let (head, epoch) = match head.split_once(": ") {
        Some((place, name)) => {
            let (word, epoch) = place.split_once(' ')?;
            (name, Some(number::count(epoch).filter(|_| word.eq_ignore_ascii_case("epoch"))?))
        }
        None => (head, None),
    };
    let name =
        head.strip_prefix("Metric ").or_else(|| head.strip_prefix("Monitored metric ")).unwrap_or(head);
    let plain = !name.is_empty()
        && name.len() <= 64
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '-' | '.' | '@'));
    if !plain {
        return None;
    }
    let Some(rest) = rest else { return Some(Improved { name, value: None, epoch }) };
    let value = if let Some(rest) = rest.strip_prefix(" to ") {
        figure(rest)?
    } else if let Some(rest) = rest.strip_prefix(" from ") {
        let (from, rest) = rest.split_once(" to ")?;
        number::number(from)?;
        figure(rest)?
    } else {
        figure(rest.split_once("New best score: ").filter(|_| rest.starts_with([' ', '.']))?.1)?
    };
    Some(Improved { name, value: Some(value), epoch })
}

/// What Lightning's checkpoint callback says behind an epoch and its step: `'val_loss' reached 0.32556 (best 0.32556), saving model
/// to …`, `'val_loss' was not in top 1`.
pub(crate) fn reached(text: &str) -> Option<(&str, Option<f64>)> {
    let (name, rest) = text.trim_start().strip_prefix('\'')?.split_once("' ")?;
    match rest.strip_prefix("reached ") {
        Some(rest) => Some((name, Some(figure(rest)?))),
        None => rest.starts_with("was not in top").then_some((name, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_figure_of_what_is_watched() {
        for (body, name, value, epoch) in [
            ("val_loss improved from 0.40 to 0.33298, saving model", "val_loss", 0.33298, None),
            (
                "Epoch 00003: val_loss improved from inf to 0.33298, saving model to a.h5",
                "val_loss",
                0.33298,
                Some(3.0),
            ),
            ("val_loss improved to 0.33298", "val_loss", 0.33298, None),
            (
                "Metric val_loss improved by 0.012 >= min_delta = 0.0. New best score: 0.333",
                "val_loss",
                0.333,
                None,
            ),
            ("Metric val/acc improved. New best score: 0.91", "val/acc", 0.91, None),
        ] {
            assert_eq!(read(body), Some(Improved { name, value: Some(value), epoch }), "{body}");
        }
        for body in [
            "val_loss did not improve from 0.33298",
            "Epoch 00004: val_loss did not improve from 0.33298",
            "Monitored metric val_loss did not improve in the last 3 records.",
        ] {
            assert_eq!(read(body).map(|found| (found.name, found.value)), Some(("val_loss", None)), "{body}");
        }
        let text = " 'val_loss' reached 0.32556 (best 0.32556), saving model to 'a.ckpt' as top 1";
        assert_eq!(reached(text), Some(("val_loss", Some(0.32556))));
        assert_eq!(reached(" 'val_loss' was not in top 1"), Some(("val_loss", None)));
        for body in [
            "The model improved to 3 layers",
            "val_loss improved by 0.1",
            "accuracy improved from last week to 0.4",
            "Validation has improved to 0.3",
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
