//! What a line says once it is known what it is: an error, a sentence, a dict, a row of a table, figures.
//!
//! The reader decides who looks at a line; here the finding becomes records.

use smallvec::SmallVec;

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Split;

use super::dict;
use super::improved;
use super::improved::Improved;
use super::movement::Movement;
use super::number;
use super::out::Out;
use super::phrase;
use super::phrase::Phrase;
use super::prefix::Message;
use super::row;
use super::words::Counter;
use super::words::Lexicon;
use crate::model::state::Stage;
use crate::parse::bar;

pub(super) fn error(type_name: &str, message: &str, fatal: bool, out: &mut Out<'_>) {
    let interrupt = type_name == "KeyboardInterrupt";
    out.put(&Record::Error { type_name, message, fatal: fatal || interrupt });
    if interrupt {
        out.ending(Ending::Cancelled);
    }
}

/// What a logger calls an error, and the run may live with; one that no logger wrote is the last word of many a C program.
pub(super) fn logged_error(text: &str, message: &Message<'_>, out: &mut Out<'_>) {
    let lower = || message.body.to_ascii_lowercase();
    // `FATAL: checksum mismatch; aborting training`
    let gives_up = message.level == Some(Level::Critical)
        && ["aborting", "exiting", "terminating", "giving up", "cannot continue", "can't continue"]
            .iter()
            .any(|words| lower().contains(words));
    let fatal = gives_up || (text.starts_with("Error: ") && text.split_whitespace().count() > 4);
    out.put(&Record::Error { type_name: "", message: message.body, fatal });
}

/// What the exit code of the whole program says.
pub(super) fn exited(code: i64, out: &mut Out<'_>) {
    match code {
        0 => out.ending(Ending::Completed),
        130 | 143 => out.ending(Ending::Cancelled),
        _ => out.ending(Ending::Failed),
    }
}

/// Sentences. Returns what nothing else need look at.
pub(super) fn phrased<'a>(
    message: &Message<'a>,
    words: &mut Lexicon,
    out: &mut Out<'_>,
) -> Option<Phrase<'a>> {
    let found = phrase::read(message.body)?;
    let grave = message.level.is_some_and(|level| level >= Level::Error);
    match found {
        Phrase::Ending(how) => {
            if how == Ending::Completed && grave {
                return None;
            }
            counted_end(message.body, out);
            out.ending(how);
        }
        Phrase::Closes { early } => {
            if grave {
                return None;
            }
            counted_end(message.body, out);
            out.put(&Record::Closes { early });
        }
        Phrase::Crash(crash) => {
            out.put(&Record::Error { type_name: crash.type_name, message: crash.message, fatal: true });
            out.ending(Ending::Failed);
        }
        Phrase::Dies(_) => {}
        Phrase::Fatal(text) => {
            out.put(&Record::Error { type_name: "", message: text, fatal: true });
            out.ending(Ending::Failed);
            if phrase::shell_killed(text).is_some() {
                // what a program had not written yet by then is lost: what follows was done behind it
                out.put(&Record::Unbuffered);
            }
        }
        Phrase::Checkpoint(path) => {
            let at = row::weigh(message.body, words).at;
            out.put(&Record::Checkpoint { path, step: at.step, epoch: at.epoch });
        }
        Phrase::Stage(stage) => {
            out.put(&Record::Stage(stage));
            if stage == Stage::Training {
                announced(message.body, out);
            }
        }
        Phrase::Retry => {
            out.put(&Record::Retry);
        }
        Phrase::Opens => {
            // figures may stand beside it
            out.put(&Record::Opens);
            if let Some(done) = phrase::turn(message.body) {
                out.put(&Record::Turn { done, all: None });
            }
        }
    }
    Some(found)
}

/// `Starting training for 50 epochs...`, `Starting training..., iters: 1000`.
fn announced(body: &str, out: &mut Out<'_>) {
    let words: SmallVec<[&str; 16]> = body.split_whitespace().collect();
    for window in words.windows(3) {
        let [before, count, what] = window else { continue };
        let Some(all) = number::count(count).filter(|all| *before == "for" && *all >= 1.0) else { continue };
        match what.trim_end_matches(['.', '!', ',', ':']) {
            "epochs" => out.total(Count::Epochs, all),
            "steps" | "iterations" | "iters" => out.total(Count::Steps, all),
            _ => {}
        }
    }
    for window in words.windows(3) {
        // `Training starts at step 1, …, total steps 1000 (warmup 200)`
        let ["total", what, count] = window else { continue };
        let Some(all) = number::count(count.trim_end_matches(',')).filter(|all| *all >= 1.0) else {
            continue;
        };
        match *what {
            "epochs" => out.total(Count::Epochs, all),
            "steps" | "iterations" => out.total(Count::Steps, all),
            _ => {}
        }
    }
    for pair in words.windows(2) {
        let [name, count] = pair else { continue };
        let Some(all) = number::count(count.trim_end_matches(',')).filter(|all| *all >= 1.0) else {
            continue;
        };
        match *name {
            "epochs:" => out.total(Count::Epochs, all),
            "iters:" | "steps:" | "iterations:" => out.total(Count::Steps, all),
            _ => {}
        }
    }
}

/// `Training finished in 128 steps.`
pub(super) fn counted_end(body: &str, out: &mut Out<'_>) {
    // Keras's `Epoch 00008: early stopping`
    let early = body.strip_prefix("Epoch ").and_then(|rest| rest.split_once(": early stopping"));
    if let Some(epoch) = early.and_then(|(epoch, _)| number::count(epoch)) {
        out.epoch(At { epoch: Some(epoch), ..At::default() }, true);
    }
    let lower = body.to_ascii_lowercase();
    let all = ["max epochs", "maximum epochs", "maximum number of epochs", "all epochs"];
    if all.iter().any(|words| lower.contains(words)) {
        // of the epoch at hand
        out.epoch(At::default(), true);
    }
    let words: SmallVec<[&str; 16]> = body.split_whitespace().collect();
    for window in words.windows(3) {
        if let [before, count, what] = window
            && matches!(*before, "in" | "after")
            && what.trim_end_matches(['.', '!', ',']).eq_ignore_ascii_case("steps")
            && let Some(steps) = number::count(count)
        {
            let at = At { step: Some(steps), step_total: Some(steps), step_base: Some(1), ..At::default() };
            out.row(at, None, RowKind::Plain, Pairs::new());
        }
    }
}

/// What a callback says of the figure that it watches. Callbacks are asked when an epoch is over, unless they save (`saved`) every so
/// many batches. Returns whether the line is such.
pub(super) fn told(body: &str, saved: bool, out: &mut Out<'_>) -> bool {
    let Some(Improved { name, value, epoch }) = improved::read(body) else { return false };
    let values = [Pair { name, value: value.unwrap_or(f64::NAN) }].into_iter().collect();
    let at = At { epoch, ..At::default() };
    out.row(at, None, RowKind::Told, values);
    if epoch.is_some() && !saved {
        out.epoch(at, true);
    }
    true
}

/// A counter in a dict or a table: puts it into `at`.
pub(super) fn placed(at: &mut At, counter: Option<Counter>, value: f64) -> bool {
    if value < 0.0 {
        return false;
    }
    match counter {
        Some(Counter::Epoch) => at.epoch = at.epoch.or(Some(value)),
        Some(Counter::Step) if value.fract() == 0.0 => at.step = at.step.or(Some(value)),
        Some(Counter::GlobalStep) => (at.step, at.step_base) = (Some(value), Some(1)),
        Some(Counter::Batch) => at.batch = at.batch.or(Some(value)),
        _ => return false,
    }
    true
}

/// A dict of figures. Returns whether it was one.
pub(super) fn dict_row(found: &dict::Dict<'_>, words: &mut Lexicon, out: &mut Out<'_>) -> bool {
    let before = row::weigh(found.before, words);
    let mut at = before.at;
    let mut values = Pairs::new();
    let mut totals: SmallVec<[_; 4]> = SmallVec::new();
    let (mut metrics, mut config) = (0, 0);
    for &(name, value) in &found.entries {
        let known = words.look(name);
        if let Some(of) = known.total {
            totals.push((of, value));
        } else if known.config {
            config += 1;
        } else if !placed(&mut at, known.counter, value) && !known.noise {
            metrics += usize::from(known.metric);
            values.push(Pair { name, value });
        }
    }
    for &(name, done, all) in &found.ratios {
        let first = name.split('/').next().unwrap_or(name);
        match words.look(first).counter {
            Some(Counter::Epoch) => (at.epoch, at.epoch_total) = (Some(done), Some(all)),
            Some(Counter::Step) => (at.step, at.step_total) = (Some(done), Some(all)),
            Some(Counter::GlobalStep) => {
                (at.step, at.step_total, at.step_base) = (Some(done), Some(all), Some(1));
            }
            Some(Counter::Batch) => (at.batch, at.batch_total) = (Some(done), Some(all)),
            _ => {}
        }
    }
    for (of, value) in totals.into_iter().filter(|(_, value)| *value >= 1.0 && value.fract() == 0.0) {
        out.total(of, value);
    }
    let settings = row::is_config_line(found.before)
        || found.before.to_ascii_lowercase().contains("param")
        || found.before.contains("rguments")
        || (config > 0 && at == At::default() && found.ratios.is_empty());
    if metrics == 0 || settings || found.others > 4 + found.entries.len() {
        return settings;
    }
    let split = before.split.filter(|s| *s != Split::Train);
    out.row(at, split, if before.done { RowKind::EpochEnd } else { RowKind::Plain }, values);
    true
}

/// A row of a table: its first column says where, the others are figures. `repeats`: several rows tell of one place.
pub(super) fn table_row(
    cells: &[(String, String)],
    from_zero: bool,
    repeats: bool,
    words: &mut Lexicon,
    out: &mut Out<'_>,
) {
    let mut at = At::default();
    let mut values = Pairs::new();
    let mut kind = RowKind::Plain;
    let mut measured = false;
    for (i, (name, text)) in cells.iter().enumerate() {
        let known = words.look(name);
        if let Some((done, all)) = number::ratio(text).filter(|(done, all)| i == 0 && done <= all) {
            match known.counter {
                Some(Counter::Epoch) => {
                    (at.epoch, at.epoch_total, kind) = (Some(done), Some(all), RowKind::EpochEnd);
                }
                Some(Counter::Step | Counter::GlobalStep) => {
                    (at.step, at.step_total) = (Some(done), Some(all));
                }
                _ => {}
            }
            continue;
        }
        let Some(figure) = number::figure(text) else { continue };
        measured |= known.metric;
        let generation = matches!(
            name.to_ascii_lowercase().as_str(),
            "gen" | "n_gen" | "generation" | "ngen" | "round" | "#"
        );
        if i == 0 && generation {
            (at.step, at.step_base) = (Some(figure.value), Some(u8::from(!from_zero)));
            continue;
        }
        if i == 0 && placed(&mut at, known.counter, figure.value) {
            if at.epoch.is_some() {
                kind = RowKind::EpochEnd;
            }
            continue;
        }
        // `Epoch | Iteration | …`
        let step = matches!(known.counter, Some(Counter::Step | Counter::GlobalStep));
        if i == 1 && step && at.epoch.is_some() && placed(&mut at, known.counter, figure.value) {
            if repeats {
                kind = RowKind::Plain;
            }
            continue;
        }
        let twice = cells.iter().filter(|(other, _)| other == name).count() > 1;
        if !twice && !known.noise && !figure.rounded && known.counter.is_none() {
            values.push(Pair { name, value: figure.value });
        }
    }
    let placed = at.epoch.is_some() || at.step.is_some();
    if !values.is_empty() && (placed || measured) {
        out.row(at, None, kind, values);
    }
}

/// A counter without a name, as soon as its movement tells that it is the run's.
pub(super) fn counted(found: &row::Weighed<'_>, movement: &mut Movement, out: &mut Out<'_>) {
    if let (true, Some(step), None, None) = (found.alone, found.at.step, found.at.step_total, found.at.epoch)
    {
        // a heading that climbs stands above the figures of its step
        if movement.see(Counter::Step, step, f64::INFINITY) {
            out.row(found.at, None, RowKind::Plain, Pairs::new());
        }
        return;
    }
    let Some((what, done, all)) = found.counted else { return };
    let aside = found.split.is_some_and(|split| split != Split::Train);
    let told = !found.values.is_empty() || what == Counter::Percent;
    if aside || found.placed || !told || !movement.see(what, done, all) {
        return;
    }
    if what == Counter::Outer {
        out.epoch(At { epoch: Some(done), ..At::default() }, false);
        return;
    }
    let style = if what == Counter::Nameless { BarStyle::Lines } else { BarStyle::Other };
    out.put(&Record::Bar(Bar { current: done, total: Some(all), unit: "%", style, ..bar::blank() }));
}

/// Whether a figure is the learning rate.
fn is_rate(name: &str) -> bool {
    ["lr", "learning_rate", "learning rate"].iter().any(|rate| name.eq_ignore_ascii_case(rate))
}

/// The generic engine. Returns whether it made something of the line.
pub(super) fn generic(found: row::Weighed<'_>, out: &mut Out<'_>) -> bool {
    let totals = !found.totals.is_empty();
    for &(of, value) in &found.totals {
        out.total(of, value);
    }
    if let Some((done, all)) = found.turn {
        out.put(&Record::Turn { done, all });
    }
    let mut at = found.at;
    let aside = found.split.is_some_and(|split| split != Split::Train);
    let mut kind =
        if found.done && at.epoch.is_some() && !aside { RowKind::EpochEnd } else { RowKind::Plain };
    if aside {
        // batches of a validation are no steps of the run
        let over = at.batch.is_some() && at.batch == at.batch_total;
        if over && at.epoch.is_some() {
            kind = RowKind::EpochEnd;
        }
        (at.batch, at.batch_total) = (None, None);
        if at.step_total.is_some() {
            (at.step, at.step_total) = (None, None);
        }
    }
    if !found.values.is_empty() {
        let last = found.last;
        let rates = at.epoch.is_some() && !found.told && found.values.iter().all(|pair| is_rate(pair.name));
        if rates && kind == RowKind::Plain {
            kind = RowKind::Heading;
        }
        if let Some((split, values)) = found.beside {
            // the place is that of training's figures
            let place = At { epoch: at.epoch, epoch_total: at.epoch_total, ..At::default() };
            out.row(place, Some(split), RowKind::Plain, values);
        }
        out.row(at, found.split, kind, found.values);
        if last {
            out.ending(Ending::Completed);
        }
        return true;
    }
    if found.bare && !aside && at.epoch.is_none() && at.batch.is_none() {
        out.row(at, found.split, kind, Pairs::new());
        return true;
    }
    if found.placed && !aside {
        if at.epoch.is_some() && at.step.is_none() && at.batch.is_none() {
            // figures that nobody can name stand behind an epoch, not before it
            out.epoch(at, found.done || found.told);
        } else if at.step_total.is_some() || at.batch_total.is_some() {
            out.row(at, found.split, kind, Pairs::new());
        }
        return true;
    }
    // known by how it moves
    totals || found.turn.is_some() || matches!(found.counted, Some((Counter::Percent, ..)))
}
