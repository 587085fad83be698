//! What a run's folder tells by itself: hands the listing and the few small files that the folder tracker asks for to it.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::model::facts::Facts;
use crate::model::run::FoundFile;
use crate::source::discover::FoundRun;
use crate::source::weights;
use crate::track::folder;
use crate::track::folder::Folder;

/// The folder's documents, read again only when their size or time has changed.
#[derive(Default)]
pub(super) struct FolderReader {
    docs: HashMap<Arc<str>, Arc<str>>,
    marks: HashMap<Arc<str>, FoundFile>,
    /// The newest file of weights, and whether it is whole.
    weights: Option<(FoundFile, bool)>,
    facts: Option<Facts>,
    read: bool,
}

impl FolderReader {
    /// Reads what is new. True when the folder may tell something else than before.
    pub(super) fn read(&mut self, found: &FoundRun) -> bool {
        let entries: Vec<FoundFile> = found.files.iter().chain(&found.others).cloned().collect();
        let mut changed = !self.read;
        for entry in
            entries.iter().filter(|entry| folder::wants(&entry.path) && entry.bytes <= folder::DOC_LIMIT)
        {
            if self.marks.get(&entry.path) == Some(entry) {
                continue;
            }
            changed = true;
            self.marks.insert(Arc::clone(&entry.path), entry.clone());
            match text(&found.file(&entry.path)) {
                Some(text) => self.docs.insert(Arc::clone(&entry.path), text),
                None => self.docs.remove(&entry.path),
            };
        }
        if !self.read
            && !found.others.is_empty()
            && let Some(text) = folder::config_beside(&found.path).and_then(|path| text(&path))
        {
            self.docs.insert(folder::CONFIG_BESIDE.into(), text);
        }
        self.read = true;
        changed |= self.look_at_weights(found, &entries);
        let torn = self.weights.as_ref().filter(|(_, whole)| !whole).map(|(file, _)| &*file.path);
        let facts = folder::facts(&Folder { entries: &entries, docs: &self.docs, torn });
        changed |= self.facts != facts;
        self.facts = facts;
        changed
    }

    /// Looks whether the newest file of weights is whole, if it is another one or has changed. Returns whether something did.
    fn look_at_weights(&mut self, found: &FoundRun, entries: &[FoundFile]) -> bool {
        let newest = folder::newest_weights(entries);
        if self.weights.as_ref().map(|(file, _)| file) == newest {
            return false;
        }
        self.weights =
            newest.map(|file| (file.clone(), weights::whole(&found.file(&file.path)).unwrap_or(true)));
        true
    }

    /// Whether it was read at all.
    pub(super) fn is_read(&self) -> bool {
        self.read
    }

    /// The entries have changed: it is to be read again.
    pub(super) fn stale(&mut self) {
        self.read = false;
    }

    /// What it told.
    pub(super) fn facts(&self) -> Option<&Facts> {
        self.facts.as_ref()
    }
}

fn text(path: &Path) -> Option<Arc<str>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(folder::DOC_LIMIT).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into())
}
