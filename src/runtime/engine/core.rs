//! One run: its files' readers, and the picture that they make together. Knows no thread and no channel.

use std::path::Path;
use std::sync::Arc;

use super::folder::FolderReader;
use super::reader::Pumped;
use super::reader::SourceReader;
use crate::model::facts::Facts;
use crate::model::owner::Owners;
use crate::model::run::FoundFile;
use crate::model::run::Problem;
use crate::model::run::Run;
use crate::model::run::SourceKind;
use crate::model::stamp::Stamp;
use crate::parse::redact::Redactor;
use crate::parse::user::UserFormats;
use crate::source::discover::FoundRun;
use crate::track::combine;
use crate::track::combine::Said;
use crate::track::redact::redact;

/// A run that is being read.
pub(super) struct RunCore {
    found: FoundRun,
    folder: FolderReader,
    sources: Vec<SourceReader>,
    /// What the user taught, for the readers of further files.
    taught: UserFormats,
    /// Takes secrets out of what becomes a part of the run.
    redactor: Redactor,
    /// Whether every file has been looked at once.
    looked_at: bool,
    problem: Option<Problem>,
    owners: Owners,
}

impl RunCore {
    /// A run of which nothing has been read yet; of long files the newest end will be read first.
    pub(super) fn new(found: FoundRun, taught: UserFormats, redactor: Redactor) -> Self {
        Self::reading(found, true, taught, redactor)
    }

    /// A run of which nothing has been read yet, to be read from first to last byte: nobody waits for a first picture.
    pub(super) fn whole(found: FoundRun, taught: UserFormats, redactor: Redactor) -> Self {
        Self::reading(found, false, taught, redactor)
    }

    fn reading(found: FoundRun, ahead: bool, taught: UserFormats, redactor: Redactor) -> Self {
        let reader = |file: &FoundFile| {
            SourceReader::new(Arc::clone(&file.path), found.file(&file.path), ahead, taught.clone())
        };
        let sources = found.files.iter().map(reader).collect();
        Self {
            found,
            folder: FolderReader::default(),
            sources,
            taught,
            redactor,
            looked_at: false,
            problem: None,
            owners: Owners::Unknown,
        }
    }

    /// The run's entries have changed: new files are taken in, vanished ones are let go, the others go on as they were.
    pub(super) fn refound(&mut self, found: FoundRun) {
        let mut old = std::mem::take(&mut self.sources);
        for file in &found.files {
            let at = old.iter().position(|source| *source.path() == file.path);
            let known = at.map(|at| old.swap_remove(at));
            self.sources.push(known.unwrap_or_else(|| {
                let taught = self.taught.clone();
                SourceReader::new(Arc::clone(&file.path), found.file(&file.path), true, taught)
            }));
        }
        self.found = found;
        self.folder.stale();
    }

    /// Looks at every file; true when any has changed. `grown` hears the path of each that has.
    pub(super) fn look(&mut self, grown: &mut dyn FnMut(&Path)) -> bool {
        let mut changed = false;
        for source in &mut self.sources {
            if source.look() {
                changed = true;
                grown(source.absolute());
            }
        }
        changed
    }

    /// Reads on in all files, for at most about `budget` bytes.
    pub(super) fn pump(&mut self, buffer: &mut [u8], budget: u64, now: Stamp) -> Pumped {
        let live = self.looked_at;
        let mut done = Pumped::default();
        if !self.found.single && !self.folder.is_read() {
            done.changed |= self.folder.read(&self.found);
        }
        for source in &mut self.sources {
            let left = budget.saturating_sub(done.bytes);
            if left == 0 {
                done.more = true;
                break;
            }
            let one = source.pump(buffer, left, now, live);
            done.bytes += one.bytes;
            done.more |= one.more;
            done.changed |= one.changed;
        }
        done
    }

    /// Every file has been looked at once: from here on, what arrives is live.
    pub(super) fn set_looked_at(&mut self) {
        self.looked_at = true;
    }

    /// Other processes own it than before.
    pub(super) fn set_owners(&mut self, owners: Owners) {
        self.owners = owners;
    }

    /// When an unfinished last line is to be taken as it stands.
    pub(super) fn settles_at(&self) -> Option<Stamp> {
        self.sources.iter().filter_map(SourceReader::settles_at).min()
    }

    /// Newest modification of any of its files, as far as it was looked at.
    pub(super) fn last_write(&self) -> Option<Stamp> {
        let seen = self.sources.iter().filter_map(SourceReader::modified);
        let listed = self.found.files.iter().chain(&self.found.others).filter_map(|file| file.modified);
        seen.chain(listed).max()
    }

    /// Gives all file descriptors back.
    pub(super) fn close(&mut self) {
        self.sources.iter_mut().for_each(SourceReader::close);
    }

    /// The run as it is known now.
    pub(super) fn picture(&mut self) -> Run {
        let mut said = Vec::new();
        let mut sources = Vec::new();
        for source in &mut self.sources {
            let facts = source.facts();
            sources.push(source.describe(facts.as_ref().map(|(_, facts)| facts)));
            if let Some((kind, facts)) = facts {
                said.push(Said::new(kind, facts).written(source.modified()));
            }
        }
        if let Some(facts) = self.folder.facts() {
            said.push(Said { kind: SourceKind::Folder, facts: facts.clone(), written: None });
        }
        let mut facts = if said.is_empty() { Facts::default() } else { combine::combine(&said) };
        // here and nowhere else: every run that anybody sees is made by this function
        redact(&mut facts, &self.redactor);
        Run {
            key: self.found.key.clone(),
            path: self.found.path.clone(),
            name: named(&self.found.name, facts.title.as_ref()),
            facts,
            sources,
            last_write: self.last_write(),
            looked_at: self.looked_at,
            problem: self.problem.clone(),
            owners: self.owners.clone(),
        }
    }
}

/// The name to show: the folder's own, but where a tracker made that up (an id, a date), what the run is called there.
fn named(folder: &Arc<str>, title: Option<&Arc<str>>) -> Arc<str> {
    let hash = folder.len() == 32 && folder.bytes().all(|b| b.is_ascii_hexdigit());
    let rest = folder.strip_prefix("offline-").unwrap_or(folder);
    let dated = rest
        .strip_prefix("run-")
        .and_then(|rest| rest.split_once('_'))
        .is_some_and(|(date, _)| date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()));
    Arc::clone(title.filter(|_| hash || dated).unwrap_or(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_called_by_an_id_bears_the_name_of_the_run() {
        let of = |folder: &str| named(&folder.into(), Some(&"brisk-lake-1".into())).to_string();
        assert_eq!(of("59f0652d58174d71bc95a13308afbeab"), "brisk-lake-1");
        assert_eq!(of("offline-run-20261123_050646-bvgo8h03"), "brisk-lake-1");
        assert_eq!(of("run-20261123_050646-bvgo8h03"), "brisk-lake-1");
        for own in ["run-3", "resnet50", "run-2026_best"] {
            assert_eq!(of(own), own);
        }
        assert_eq!(
            &*named(&"59f0652d58174d71bc95a13308afbeab".into(), None),
            "59f0652d58174d71bc95a13308afbeab"
        );
    }
}
