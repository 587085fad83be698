//! Checkpoints and samples: what the folder shows, and what a log tells of beyond that.

use std::collections::HashSet;

use crate::model::facts::Checkpoint;
use crate::model::facts::Sample;
use crate::model::run::SourceKind;

use super::Said;

/// The last part of a path: by it a log's `./out/a.ckpt` and the folder's `run/out/a.ckpt` are the same.
fn name(path: &str) -> &str {
    path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Sources with the folder in front: it knows whether files are whole.
fn folder_first(said: &[Said]) -> impl Iterator<Item = &Said> {
    let folder = |one: &&Said| one.kind == SourceKind::Folder;
    said.iter().filter(folder).chain(said.iter().filter(move |one| !folder(one)))
}

/// All checkpoints, each once.
pub(super) fn checkpoints(said: &[Said]) -> Vec<Checkpoint> {
    let mut found: Vec<Checkpoint> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    let mut before: HashSet<&str> = HashSet::new();
    for one in folder_first(said) {
        for checkpoint in &one.facts.checkpoints {
            if !before.contains(name(&checkpoint.path)) {
                known.insert(name(&checkpoint.path));
                found.push(checkpoint.clone());
            }
        }
        // two of one source may share a name (`a/best.pt`, `b/best.pt`); one of another source is then a repetition
        before.extend(known.drain());
    }
    found
}

/// All samples, each once.
pub(super) fn samples(said: &[Said]) -> Vec<Sample> {
    let mut found: Vec<Sample> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    let mut before: HashSet<&str> = HashSet::new();
    for one in folder_first(said) {
        for sample in &one.facts.samples {
            if !before.contains(name(&sample.path)) {
                known.insert(name(&sample.path));
                found.push(sample.clone());
            }
        }
        before.extend(known.drain());
    }
    found
}
