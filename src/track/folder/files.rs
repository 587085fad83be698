//! Checkpoints and samples by their names: kohya's and the Hugging Face trainer's folders, Lightning's `epoch=3-step=80.ckpt`,
//! and sample images of the image trainers. No
//! checkpoint is opened here: it can hold a program. Whether the newest one is whole is told by its ends.

use std::collections::BTreeMap;

use crate::model::facts::Checkpoint;
use crate::model::facts::Facts;
use crate::model::facts::Sample;
use crate::model::run::FoundFile;
use crate::parse::json::settings::settings;
use crate::track::sound::is_count;

use super::Folder;

/// Kept of each; a run that leaves more has more than a list can show.
const MOST: usize = 2000;

const WEIGHTS: [&str; 8] = ["ckpt", "safetensors", "pt", "pth", "h5", "keras", "pdparams", "npz"];
const IMAGES: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// Adds what the listing shows.
pub(super) fn gather(folder: &Folder<'_>, facts: &mut Facts) {
    let mut folders: BTreeMap<&str, Vec<&FoundFile>> = BTreeMap::new();
    for file in folder.entries {
        if let Some(inside) = checkpoint_folder(&file.path) {
            folders.entry(inside).or_default().push(file);
        } else if let Some(sample) = sample(file) {
            facts.samples.push(sample);
        } else if let Some(checkpoint) = weights(file, folder.torn) {
            facts.checkpoints.push(checkpoint);
        }
    }
    for (path, files) in folders {
        facts.checkpoints.push(folder_checkpoint(folder, path, &files));
    }
    facts.samples.sort_by(|a, b| {
        (a.step.unwrap_or(-1.0), &a.path)
            .partial_cmp(&(b.step.unwrap_or(-1.0), &b.path))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    facts.checkpoints.sort_by(|a, b| order(a).partial_cmp(&order(b)).unwrap_or(std::cmp::Ordering::Equal));
    facts.samples.truncate(MOST);
    facts.checkpoints.truncate(MOST);
}

fn order(checkpoint: &Checkpoint) -> (f64, f64, &str) {
    let last = f64::MAX;
    (checkpoint.step.unwrap_or(last), checkpoint.epoch.unwrap_or(last), &checkpoint.path)
}

/// The folder of a checkpoint that `path` lies in: `…/checkpoint-500` or `…/name-000004-state`.
fn checkpoint_folder(path: &str) -> Option<&str> {
    let mut end = 0;
    for part in path.split('/') {
        let begin = end;
        end = begin + part.len();
        let numbered = part
            .strip_prefix("checkpoint-")
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
        if (numbered || part.ends_with("-state")) && end < path.len() {
            return path.get(..end);
        }
        end += 1;
    }
    None
}

fn folder_checkpoint(folder: &Folder<'_>, path: &str, files: &[&FoundFile]) -> Checkpoint {
    let name = path.rsplit('/').next().unwrap_or(path);
    let torn = folder.torn.is_some_and(|torn| files.iter().any(|file| &*file.path == torn));
    let full = |wanted: &str| {
        files.iter().any(|file| file.bytes > 0 && file.path.rsplit('/').next() == Some(wanted))
    };
    if let Some(digits) = name.strip_prefix("checkpoint-") {
        // the trainer writes its state last
        return Checkpoint {
            path: path.into(),
            step: count(digits),
            epoch: None,
            complete: !torn && full("trainer_state.json"),
        };
    }
    let state = folder
        .docs
        .get(format!("{path}/train_state.json").as_str())
        .and_then(|text| settings(text))
        .unwrap_or_default();
    let get = |key: &str| state.iter().find(|s| s.path == key).and_then(|s| count(s.value));
    let (named_step, named_epoch) = place(name.strip_suffix("-state").unwrap_or(name));
    let base = ["optimizer.bin", "scheduler.bin", "random_states_0.pkl"].iter().all(|file| full(file));
    Checkpoint {
        path: path.into(),
        step: get("current_step").or(named_step),
        epoch: get("current_epoch").or(named_epoch),
        complete: !torn && base && (get("current_step").is_some() || full("custom_checkpoint_0.pkl")),
    }
}

/// The name of a file of weights, without its ending.
fn weights_stem(path: &str) -> Option<&str> {
    let (stem, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    // Pylon's losses of an epoch, saved by torch
    let other = stem == "training_losses" || stem.starts_with('.');
    (WEIGHTS.contains(&ending) && !other).then_some(stem)
}

/// Whether it is a file of weights, by its name.
pub(super) fn is_weights(path: &str) -> bool {
    weights_stem(path).is_some()
}

fn weights(file: &FoundFile, torn: Option<&str>) -> Option<Checkpoint> {
    let at = place(weights_stem(&file.path)?);
    let complete = file.bytes > 0 && torn != Some(&*file.path);
    Some(Checkpoint { path: file.path.clone(), step: at.0, epoch: at.1, complete })
}

/// A count of steps or epochs.
fn count(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value| is_count(*value))
}

/// The digits behind `word` and at most one of `=`, `_`, `-`.
fn behind(stem: &str, word: &str) -> Option<f64> {
    let at = stem.find(word)? + word.len();
    let rest = stem.get(at..)?;
    let rest = rest.strip_prefix(['=', '_', '-']).unwrap_or(rest);
    let end = rest.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    count(rest.get(..end)?)
}

/// Step and epoch that a checkpoint's name tells.
fn place(name: &str) -> (Option<f64>, Option<f64>) {
    let lower = name.to_ascii_lowercase();
    let step = behind(&lower, "step").or_else(|| behind(&lower, "iter"));
    let epoch = behind(&lower, "epoch").or_else(|| {
        // kohya: `name-000004`
        let digits = lower.rsplit_once('-')?.1;
        (digits.len() == 6 && step.is_none()).then(|| count(digits))?
    });
    (step, epoch)
}

fn sample(file: &FoundFile) -> Option<Sample> {
    let (folders, name) = file.path.rsplit_once('/')?;
    let (stem, ending) = name.rsplit_once('.')?;
    let folder = folders.rsplit('/').next()?;
    if !matches!(folder, "sample" | "samples") || !IMAGES.contains(&ending.to_ascii_lowercase().as_str()) {
        return None;
    }
    Some(Sample { path: file.path.clone(), step: sample_step(stem) })
}

/// The step in a sample's name: `step_00050`, kohya's `name_000010_00_20251116000345[_seed]`, and the image toolkit's
/// `1699999999999__000000250_0`. Kohya names samples of an epoch `e000002`: that is no step.
fn sample_step(stem: &str) -> Option<f64> {
    let parts: Vec<&str> = stem.split('_').collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some(at) = parts.iter().rposition(|part| part.len() == 14 && digits(part))
        && at >= 2
    {
        return parts.get(at - 2).filter(|part| digits(part)).and_then(|part| count(part));
    }
    if let Some(at) = parts.iter().position(|part| part.is_empty()) {
        return parts.get(at + 1).filter(|part| part.len() == 9 && digits(part)).and_then(|part| count(part));
    }
    behind(&stem.to_ascii_lowercase(), "step")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_samples() {
        for (stem, step) in [
            ("step_00050", Some(50.0)),
            ("my-lora_000010_00_20251116000345", Some(10.0)),
            ("my-lora_000020_01_20251116000804_42", Some(20.0)),
            ("my-lora_e000002_01_20251116000804_42", None),
            ("1699999999999__000000250_0", Some(250.0)),
            ("cat", None),
        ] {
            assert_eq!(sample_step(stem), step, "{stem}");
        }
    }

    #[test]
    fn places_of_checkpoints() {
        for (stem, step, epoch) in [
            ("epoch=3-step=80", Some(80.0), Some(3.0)),
            ("my-lora-000004", None, Some(4.0)),
            ("my-lora-step00000075", Some(75.0), None),
            ("checkpoint_step_10", Some(10.0), None),
            ("iter_120", Some(120.0), None),
            ("best", None, None),
            ("epoch_last", None, None),
        ] {
            assert_eq!(place(stem), (step, epoch), "{stem}");
        }
        assert_eq!(checkpoint_folder("out/checkpoint-30/config.json"), Some("out/checkpoint-30"));
        assert_eq!(checkpoint_folder("a-000002-state/optimizer.bin"), Some("a-000002-state"));
        assert_eq!(checkpoint_folder("real-estate-notes/a.txt"), None);
        assert_eq!(checkpoint_folder("checkpoint-best/a.bin"), None);
    }
}
