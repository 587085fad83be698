//! A history that is written when all is over: names with a list of figures each, as Keras' `History.history` has them and
//! many scripts dump them (`{"loss": [0.9, 0.5], "val_loss": [1.0, 0.6]}`). What a place in the list counts is told nowhere.

use crate::model::record::At;
use crate::model::record::Origin;
use crate::model::record::Pair;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::parse::jsonl::scan::Scanner;
use crate::parse::jsonl::scan::Value;
use crate::parse::jsonl::scan::figure;

use super::is_whole;

/// Parts of names of what training measures.
const MEASURES: [&str; 12] =
    ["loss", "acc", "auc", "mae", "mse", "rmse", "f1", "reward", "score", "iou", "dice", "perplexity"];

/// Parts of names that make settings of them.
const SETTINGS: [&str; 4] = ["weight", "coef", "fn", "type"];

/// Whether a name is one of a measure.
fn is_measure(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    MEASURES.iter().any(|part| name.contains(part)) && !SETTINGS.iter().any(|part| name.contains(part))
}

/// Whether the head of a document begins with a measure that has two figures or more.
pub(super) fn begins(head: &str) -> bool {
    let first = || {
        let mut scan = Scanner::new(head);
        scan.open()?;
        let name = scan.key()??;
        let Value::Array = scan.value()? else { return None };
        let both = (scan.element()??, scan.element()??);
        (is_measure(name) && matches!(both, (Value::Number(_), Value::Number(_)))).then_some(())
    };
    first().is_some()
}

/// Says what the document says; `false` when it is not whole.
pub(super) fn read(text: &str, sink: &mut dyn Sink) -> bool {
    if !is_whole(text) {
        return false;
    }
    let mut lists = Vec::new();
    if gather(text, &mut lists).is_none() {
        // it closes and is no JSON all the same: nobody is about to write more of it
        return true;
    }
    let rows = lists.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
    // a shorter list (of evaluations now and then) has its figures at places of its own
    for row in 0..rows {
        let values =
            lists.iter().filter_map(|(name, list)| Some(Pair { name, value: *list.get(row)? })).collect();
        let row = Row { at: At::default(), split: None, kind: RowKind::Plain, values };
        sink.record(&Record::Row(row), &Origin::default());
    }
    true
}

fn gather<'a>(text: &'a str, lists: &mut Vec<(&'a str, Vec<f64>)>) -> Option<()> {
    let mut scan = Scanner::new(text);
    scan.open()?;
    while let Some(name) = scan.key()? {
        match scan.value()? {
            Value::Array => {
                let mut list = Vec::new();
                let mut plain = true;
                while let Some(value) = scan.element()? {
                    match value {
                        Value::Number(token) => list.extend(figure(token)),
                        other => {
                            plain = false;
                            scan.pass(other)?;
                        }
                    }
                }
                if plain && !list.is_empty() && lists.len() < super::PAIRS {
                    lists.push((name, list));
                }
            }
            other => scan.pass(other)?,
        }
    }
    Some(())
}
