//! The files of a run that have lines to show, and which of them are shown.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::LogPane;
use crate::model::log::LogPage;
use crate::model::run::Run;
use crate::model::run::Source;
use crate::model::run::SourceKind;
use crate::model::run::UNREADABLE;
use crate::model::stamp::Stamp;

/// A file of the run that has lines to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSource {
    /// Its path below the run.
    pub name: Arc<str>,
    pub(super) path: PathBuf,
    pub(super) kind: SourceKind,
    pub(super) written: Option<Stamp>,
}

impl LogPane {
    /// The file that is shown, and how many there are to choose from.
    pub fn source(&self) -> Option<(&LogSource, usize, usize)> {
        self.sources.get(self.chosen).map(|source| (source, self.chosen + 1, self.sources.len()))
    }

    /// The names of the files that are merged, in the order of their numbers; `None` when one is shown alone.
    pub fn merged(&self) -> Option<Vec<&str>> {
        let text = self.sources.iter().filter(|source| source.kind != SourceKind::Csv);
        self.merged.then(|| text.map(|source| &*source.name).collect())
    }

    pub(super) fn path(&self) -> Option<&Path> {
        self.sources.get(self.chosen).map(|source| source.path.as_path())
    }

    pub(super) fn paths(&self) -> Vec<PathBuf> {
        if self.merged {
            let text = self.sources.iter().filter(|source| source.kind != SourceKind::Csv);
            return text.map(|source| source.path.clone()).collect();
        }
        vec![self.path().map(Path::to_path_buf).unwrap_or_default()]
    }

    /// Another file: everything that is about places in the old one is forgotten.
    pub(super) fn open_chosen(&mut self) {
        self.page = LogPage::default();
        self.lines_of = 0;
        self.shown.clear();
        self.folds.forget();
        self.sections.forget();
        self.stretch = 0;
        self.follow = true;
        self.frozen = false;
        self.mark = None;
        self.top = 0;
        self.owed = 0;
        self.pan = 0;
        self.point = None;
        self.bookmarks.clear();
        self.led = None;
        self.missed = false;
        self.opened = None;
        self.reveal = false;
        self.said = None;
    }
}

/// The files of a run that have lines.
pub(super) fn sources(run: &Run) -> Vec<LogSource> {
    let lined = |kind| matches!(kind, SourceKind::TextLog | SourceKind::JsonLines | SourceKind::Csv);
    // what cannot be read may be a log: the pane says why it is not shown
    let unread = |source: &Source| source.note.as_deref().is_some_and(|note| note.starts_with(UNREADABLE));
    let of_run = run.sources.iter().filter(|source| lined(source.kind) || unread(source));
    of_run
        .map(|source| LogSource {
            name: Arc::clone(&source.path),
            path: run.path_of(&source.path),
            kind: source.kind,
            written: source.modified,
        })
        .collect()
}

pub(super) fn main_source(run: &Run, sources: &[LogSource]) -> usize {
    let main = run.main_log().map(|source| &source.path);
    sources.iter().position(|source| Some(&source.name) == main).unwrap_or(0)
}
