//! `trainer_state.json`: the Hugging Face trainer's own account of a run, exact where its log lines are rounded.
//!
//! Written at each checkpoint and at the end. `log_history` holds every row it ever logged, before a resume too.

use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::record::Split;
use crate::parse::jsonl::scan::Scanner;
use crate::parse::jsonl::scan::Value;
use crate::parse::jsonl::scan::figure;

use super::is_whole;

#[derive(Debug, Default)]
struct State {
    step: Option<f64>,
    steps: Option<f64>,
    epoch: Option<f64>,
    epochs: Option<f64>,
    /// The sums that the trainer logs when its loop is over.
    over: bool,
    /// Evaluations without improvement, and how many of them end the run.
    patience: (Option<f64>, Option<f64>),
}

/// Says what the document says; `false` when it is not whole.
pub(super) fn read(text: &str, sink: &mut dyn Sink) -> bool {
    if !is_whole(text) {
        return false;
    }
    let origin = Origin::default();
    sink.record(&Record::Framework("transformers"), &origin);
    let mut state = State::default();
    if document(text, &mut state, sink).is_none() {
        // it closes and is no JSON all the same: nobody is about to write more of it
        return true;
    }
    for (of, value) in [(Count::Steps, state.steps), (Count::Epochs, state.epochs)] {
        if let Some(value) = value.filter(|value| *value > 0.0) {
            sink.record(&Record::Total { of, value }, &origin);
        }
    }
    let at = At {
        step: state.step,
        step_total: state.steps,
        // an amount: 2.0 are two epochs done
        epoch: state.epoch,
        epoch_base: Some(0),
        epoch_total: state.epochs,
        ..At::default()
    };
    sink.record(&Record::Row(Row { at, split: None, kind: RowKind::Plain, values: Pairs::new() }), &origin);
    if state.over {
        let short = matches!((state.step, state.steps), (Some(step), Some(steps)) if step < steps);
        let patience = matches!(state.patience, (Some(count), Some(limit)) if count >= limit && limit > 0.0);
        let how = if short || patience { Ending::EarlyStopped } else { Ending::Completed };
        sink.record(&Record::Ending(how), &origin);
    }
    true
}

fn document(text: &str, state: &mut State, sink: &mut dyn Sink) -> Option<()> {
    let mut scan = Scanner::new(text);
    scan.open()?;
    while let Some(key) = scan.key()? {
        match (key, scan.value()?) {
            ("log_history", Value::Array) => {
                while let Some(value) = scan.element()? {
                    match value {
                        Value::Object => entry(&mut scan, state, sink)?,
                        other => scan.pass(other)?,
                    }
                }
            }
            ("stateful_callbacks", Value::Object) => callbacks(&mut scan, state)?,
            ("global_step", Value::Number(token)) => state.step = figure(token),
            ("max_steps", Value::Number(token)) => state.steps = figure(token),
            ("epoch", Value::Number(token)) => state.epoch = figure(token),
            ("num_train_epochs", Value::Number(token)) => state.epochs = figure(token),
            (_, other) => scan.pass(other)?,
        }
    }
    Some(())
}

fn entry(scan: &mut Scanner<'_>, state: &mut State, sink: &mut dyn Sink) -> Option<()> {
    let mut values = Pairs::new();
    let mut at = At::default();
    let mut split = None;
    let mut kind = RowKind::Plain;
    while let Some(name) = scan.key()? {
        let value = match scan.value()? {
            Value::Number(token) => figure(token),
            // the trainer writes a loss that is no number as a string in some versions
            Value::Text("nan" | "NaN") => Some(f64::NAN),
            other => {
                scan.pass(other)?;
                None
            }
        };
        let Some(value) = value else { continue };
        match name {
            "step" => at.step = Some(value),
            "train_runtime" => {
                kind = RowKind::Summary;
                state.over = true;
            }
            _ => {}
        }
        if name == "epoch" {
            at.epoch = Some(value);
        }
        if name.starts_with("eval_") {
            split = Some(Split::Validation);
        }
        if name != "step" {
            values.push(Pair { name, value });
        }
    }
    sink.record(&Record::Row(Row { at, split, kind, values }), &Origin::default());
    Some(())
}

/// Looks for the early-stopping callback: `{"EarlyStoppingCallback": {"args": {"early_stopping_patience": 3}, "attributes":
/// {"early_stopping_patience_counter": 3}}}`.
fn callbacks(scan: &mut Scanner<'_>, state: &mut State) -> Option<()> {
    while let Some(key) = scan.key()? {
        match (key, scan.value()?) {
            (_, Value::Object) => callbacks(scan, state)?,
            ("early_stopping_patience", Value::Number(token)) => state.patience.1 = figure(token),
            ("early_stopping_patience_counter", Value::Number(token)) => state.patience.0 = figure(token),
            (_, other) => scan.pass(other)?,
        }
    }
    Some(())
}
