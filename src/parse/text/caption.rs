//! Figures in the label of a bar: `Epoch 3 | loss 0.112 | acc 0.58:  70%|███` is what `set_description` is much used for.

use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::Pair;

use super::fields;
use super::fields::Item;
use super::number;
use super::words::Lexicon;

/// Whether a label may hold a figure: a decimal, or what is assigned.
pub(super) fn may_hold_figures(label: &str) -> bool {
    label.as_bytes().windows(3).any(|w| match w {
        [a, b'.', b] => a.is_ascii_digit() && b.is_ascii_digit(),
        [_, b'=', b] => b.is_ascii_digit() || *b == b'-',
        _ => false,
    })
}

/// Where the label of a torchtune recipe's bar stands: `1|400|Loss: 0.5` is step 400, in the first epoch.
pub(super) fn place(label: &str) -> Option<At> {
    let (epoch, rest) = label.split_once('|')?;
    let (step, rest) = rest.split_once('|')?;
    let count = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| number::count(text)).flatten();
    let at = At {
        epoch: Some(count(epoch)?),
        epoch_base: Some(1),
        step: Some(count(step)?),
        step_base: Some(1),
        ..At::default()
    };
    rest.starts_with("Loss: ").then_some(at)
}

/// Moves the measures of learning in the label to the bar's figures. What stands before the first of them stays its label.
/// Returns whether there were any.
pub(super) fn split(bar: &mut Bar<'_>, words: &mut Lexicon) -> bool {
    let label = bar.label;
    if !may_hold_figures(label) {
        return false;
    }
    let mut cut = None;
    for item in &fields::scan(label, words).items {
        if let Item::Pair { name, value, .. } = *item
            && words.look(name).metric
        {
            let at = name.as_ptr().addr().wrapping_sub(label.as_ptr().addr());
            cut.get_or_insert(at);
            if bar.values.iter().all(|pair| pair.name != name) {
                bar.values.push(Pair { name, value });
            }
        }
    }
    let Some(cut) = cut else { return false };
    let kept = label.get(..cut).unwrap_or(label);
    // a place that changes with every draw names no bar: `[70/100 (70%)]`, `1|70|`
    let kept = kept.split_once('[').filter(|(_, rest)| rest.contains('/')).map_or(kept, |(head, _)| head);
    let kept = kept.trim_end_matches([' ', '\t', '|', ',', '-', '(', ':', ';', '[']);
    bar.label = if kept.contains(char::is_alphabetic) { kept } else { "" };
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_first_figure_is_the_label() {
        for (label, left, figures) in [
            ("Epoch 3 | loss 0.112 | acc 0.58", "Epoch 3", vec![("loss", 0.112), ("acc", 0.58)]),
            ("Loss: 0.2123", "", vec![("Loss", 0.2123)]),
            ("1|8|Loss: 0.2123", "", vec![("Loss", 0.2123)]),
            ("Train Epoch: 1 [70/100 (70%)]\tLoss: 0.25", "Train Epoch: 1", vec![("Loss", 0.25)]),
            ("epoch=2 val_loss=0.5", "epoch=2", vec![("val_loss", 0.5)]),
            ("Epoch 1/10", "Epoch 1/10", vec![]),
            ("model v2.1", "model v2.1", vec![]),
        ] {
            let mut bar = crate::parse::bar::blank();
            bar.label = label;
            let any = split(&mut bar, &mut Lexicon::default());
            let read: Vec<_> = bar.values.iter().map(|pair| (pair.name, pair.value)).collect();
            assert_eq!((bar.label, any), (left, !figures.is_empty()), "{label}");
            assert_eq!(read, figures, "{label}");
        }
    }
}
