//! What must hold for whatever a run writes, as functions that the fuzzers of `fuzz/` and the property tests share.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use crate::model::facts::Facts;
use crate::model::facts::Metric;
use crate::model::run::FoundFile;
use crate::model::run::SourceKind;
use crate::model::stamp::Stamp;
use crate::parse::check::Broken;
use crate::parse::check::chunks;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;
use crate::parse::format::sniff;
use crate::parse::text;

use super::combine::Said;
use super::combine::combine;
use super::folder;
use super::folder::Folder;
use super::tracker::Tracker;

fn holds(holds: bool, what: &str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

/// The figures of a run are figures: counts are finite and not below zero, shares between 0 and 100, and each metric has a name
/// of its own.
pub fn facts(facts: &Facts) -> Result<(), Broken> {
    let is_count = |count: f64| count.is_finite() && count >= 0.0;
    let progress = &facts.progress;
    holds(progress.percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)), "a percentage is none")?;
    for (name, count) in [
        ("completed epochs", progress.completed_epochs),
        ("total epochs", progress.total_epochs),
        ("step", progress.step),
        ("total steps", progress.total_steps),
        ("rate", progress.rate),
        ("time left", progress.eta),
        ("time spent", progress.elapsed),
        ("epoch of early stopping", facts.early_stopped_at),
    ] {
        holds(count.is_none_or(is_count), &format!("{name} is {count:?}"))?;
    }
    let over = |done: Option<f64>, all: Option<f64>| done.zip(all).is_some_and(|(done, all)| done > all);
    holds(!over(progress.step, progress.total_steps), "more steps than there are")?;
    for bar in &progress.bars {
        let counts = [Some(bar.current), bar.total, bar.rate, bar.eta];
        holds(counts.into_iter().flatten().all(is_count), "a bar's count is none")?;
    }
    let mut names = HashSet::new();
    for one in &facts.metrics {
        holds(names.insert(&one.name), &format!("two metrics are called {:?}", one.name))?;
        metric(one).map_err(|what| format!("{:?}: {what}", one.name))?;
    }
    let places = facts.checkpoints.iter().flat_map(|file| [file.step, file.epoch]);
    let places = places.chain(facts.samples.iter().map(|file| file.step));
    holds(places.flatten().all(is_count), "a file is of no step")?;
    holds(facts.work_left != Some(false) || facts.work_left_because.is_none(), "a reason for no work")
}

fn metric(metric: &Metric) -> Result<(), Broken> {
    holds(!metric.name.is_empty(), "no name")?;
    let places = [metric.min, metric.max, metric.min_at, metric.max_at, metric.step];
    holds(places.into_iter().flatten().all(f64::is_finite), "a place or a bound is none")?;
    holds(metric.min.zip(metric.max).is_none_or(|(min, max)| min <= max), "min is above max")?;
    let mut somewhere = true;
    metric.series.each(|point| somewhere &= point.x.is_finite());
    holds(somewhere, "a point stands nowhere")
}

fn followed<'a>(
    spec: &Spec,
    pieces: impl Iterator<Item = &'a [u8]>,
    mut each: impl FnMut(&mut Tracker),
) -> Facts {
    let mut tracker = Tracker::new("training.log".into());
    let mut format = (spec.new)();
    for piece in pieces {
        each(&mut tracker);
        format.push(piece, &mut tracker);
    }
    format.rest(&mut tracker);
    tracker.facts()
}

/// A file whose format is told by its bytes: the same facts whatever the chunks, and figures that are figures, also of a file
/// that is followed while it grows.
pub fn file(bytes: &[u8]) -> Result<(Facts, SourceKind), Broken> {
    let head = Head { path: "training.log", bytes: bytes.get(..4096).unwrap_or(bytes) };
    let spec = sniff(&head).unwrap_or(&text::SPEC);
    let whole = followed(spec, std::iter::once(bytes), |_| {});
    facts(&whole)?;
    if matches!(spec.reading, Reading::Whole { .. }) {
        return Ok((combined(whole, spec.kind)?, spec.kind));
    }
    let others = [
        ("one by one", followed(spec, bytes.chunks(1), |_| {})),
        ("in chunks", followed(spec, chunks(bytes), |_| {})),
    ];
    for (how, other) in others {
        let (one, other) = (format!("{whole:?}"), format!("{other:?}"));
        holds(one == other, &format!("{how} it is\n{other}\nand not\n{one}"))?;
    }
    let mut now = Stamp::from_millis(1_790_000_000_000);
    let live = followed(spec, chunks(bytes), |tracker| {
        now = now.plus(std::time::Duration::from_millis(700));
        tracker.set_arrival(Some(now));
        tracker.facts();
    });
    facts(&live)?;
    facts(&combine(&[Said::new(spec.kind, whole.clone()), Said::new(SourceKind::JsonLines, live)]))?;
    Ok((combined(whole, spec.kind)?, spec.kind))
}

/// What a run amounts to that has one source.
fn combined(one: Facts, kind: SourceKind) -> Result<Facts, Broken> {
    let run = combine(&[Said::new(kind, one)]);
    facts(&run)?;
    Ok(run)
}

/// A run's folder, its files one behind the other: `> path` on a line of its own before each.
pub fn files(bytes: &[u8]) -> Result<(Facts, SourceKind), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let mut entries = Vec::new();
    let mut docs: HashMap<Arc<str>, Arc<str>> = HashMap::new();
    for part in text.split("\n> ") {
        let (path, body) = part.split_once('\n').unwrap_or((part, ""));
        let path: Arc<str> = Arc::from(path.strip_prefix("> ").unwrap_or(path));
        if folder::wants(&path) || &*path == folder::CONFIG_BESIDE {
            docs.insert(Arc::clone(&path), Arc::from(body));
        }
        let modified = Some(Stamp::from_millis(i64::try_from(body.len()).unwrap_or(0)));
        entries.push(FoundFile { path, bytes: body.len() as u64, modified });
    }
    let found = folder::facts(&Folder { entries: &entries, docs: &docs, torn: None }).unwrap_or_default();
    facts(&found)?;
    Ok((combined(found, SourceKind::Folder)?, SourceKind::Folder))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;

    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder of recordings") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { below(&path, found) } else { found.push(path) }
        }
    }

    #[test]
    fn hold_for_recordings_and_for_seeds_of_the_fuzzers() {
        let mut found = Vec::new();
        for folder in ["tests/corpus", "fuzz/seeds"] {
            below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
        }
        assert!(found.len() > 100, "{}", found.len());
        let mut faults = Vec::new();
        for path in found {
            let bytes = fs::read(&path).expect("a recording");
            for cut in [bytes.len(), bytes.len() * 2 / 3] {
                let told = file(&bytes[..cut]).and(files(&bytes[..cut]));
                faults.extend(told.err().map(|what| format!("{}, {cut} bytes: {what}", path.display())));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    /// What does not hold of `bytes`.
    fn fault(bytes: &[u8]) -> Option<String> {
        file(bytes)
            .and(files(bytes))
            .err()
            .map(|what| format!("{what} of\n{}", String::from_utf8_lossy(bytes)))
    }

    #[test]
    fn what_is_no_count_is_none() {
        let mut faults = Vec::new();
        for count in ["NaN", "Infinity", "-Infinity", "-1", "1e308", "1e999", "-0.0", "0"] {
            let pieces = [
                format!("{{\"log_history\": [{{\"epoch\": {count}, \"step\": {count}, \"loss\": 0.5}}, {{\"epoch\": 2, \"step\": 3, \"loss\": 0.5}}], \"global_step\": {count}, \"max_steps\": {count}, \"epoch\": {count}, \"num_train_epochs\": {count}}}"),
                format!("{{\"log_history\": [], \"global_step\": 1, \"max_steps\": {count}, \"epoch\": 2, \"num_train_epochs\": {count}}}"),
                format!("{{\"step\": {count}, \"loss\": 1}}\n{{\"step\": 3, \"total_steps\": {count}, \"epoch\": {count}, \"loss\": {count}}}\n"),
                format!("{{\"epoch\": {count}, \"epochs\": 3, \"loss\": 1}}\n{{\"epoch\": 1, \"total_epochs\": {count}, \"loss\": {count}}}\n"),
                format!("step,epoch,loss\n{count},{count},{count}\n2,1,0.5\n{count},{count},{count}\n"),
                format!("{{\"event\": \"checkpoint.saved\", \"level\": \"info\", \"ts\": {count}, \"fields\": {{\"path\": \"a\", \"step\": {count}, \"epoch\": {count}, \"elapsed\": {count}, \"eta\": {count}}}}}\n").repeat(2),
                format!("step {count}/{count} loss={count}\nepoch {count}/{count}: loss={count}\nStep {count} of {count}\nmax_steps={count}\n").repeat(2),
                format!("{{'step': {count}, 'epoch': {count}, 'loss': {count}}}\n").repeat(2),
                format!("> config.json\n{{'runner': <class 'a.Trainer'>, 'epochs': {count}}}\n> progress.json\n{{\"completed_epochs\": {count}, \"total_epochs\": {count}}}\n> a-state/train_state.json\n{{\"current_epoch\": {count}, \"current_step\": {count}}}\n> epoch_0/validation_scores.json\n{{\"a\": {count}}}"),
                format!("> checkpoint-{}/a\n\n> a-step{}.pt\nx\n> sample/step_{}.png\nx", "9".repeat(400), "9".repeat(400), "9".repeat(400)),
                format!("Saved checkpoint to a/checkpoint-{} at step {count}\n", "9".repeat(400)),
                format!("epoch {0} step {0} loss 0.5\n", "9".repeat(400)),
            ];
            faults.extend(pieces.iter().filter_map(|text| fault(text.as_bytes())));
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn hold_for_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(file(&bytes).is_ok());
            prop_assert!(files(&bytes).is_ok());
        }
    }
}
