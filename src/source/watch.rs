//! Hears of changes before the sweep sees them.
//!
//! Nothing rests on it: an event only means "look there now". It may be lost, doubled or late; on network file systems none
//! comes at all; and the kernel's watches run out. So folders are watched one by one in the order of need, as many as go, and
//! the sweep looks at everything all the same.
//!
//! `notify` stays behind [`Ear`]. Its callback must never block and never hear ourselves: it reports every opening of a file, also
//! ours, and a reader that opens what it hears of would feed itself.

mod mailbox;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use notify::EventKind;
use notify::RecursiveMode;
use notify::Watcher;
use notify::event::ModifyKind;
use notify::event::RemoveKind;
use notify::event::RenameMode;

pub use mailbox::Mail;
pub use mailbox::Mailbox;

/// What was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Something happened to this file or folder, or to an entry of that name.
    Changed(PathBuf),
    /// Events were lost: look at everything.
    Rescan,
}

/// Folders that are watched at once, at most. More gain nothing: those that change are few, and the sweep is there.
pub const MOST_WATCHED: usize = 4096;

/// Folders that one call adds, at most: each costs a round trip to the watcher's thread.
const MOST_AT_ONCE: usize = 256;

/// Why a folder is not watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The system has no more watches to give.
    Full,
    /// Anything else: it is gone, may not be read, cannot be watched.
    Other(String),
}

/// What listens.
pub trait Ear: Send {
    /// Begins to listen at a folder, not below it.
    fn watch(&mut self, folder: &Path) -> Result<(), Refused>;
    /// Stops.
    fn unwatch(&mut self, folder: &Path);
}

/// Folders whose watch has gone with them: when one of that name comes again, it is another.
#[derive(Debug, Default)]
struct Lost {
    folders: Vec<PathBuf>,
    all: bool,
}

/// Paths that are remembered as lost before everything is watched anew.
const MOST_LOST: usize = 1024;

/// Watches folders.
pub struct Watch {
    ear: Option<Box<dyn Ear>>,
    watched: HashSet<PathBuf>,
    lost: Arc<Mutex<Lost>>,
    room: usize,
    trouble: Option<String>,
}

impl Watch {
    /// A watcher of its own thread; `wake` is called there and must not block. There should be one in a process. When the
    /// system gives none, it watches nothing, and [`Watch::trouble`] says so.
    pub fn new(wake: impl Fn(Heard) + Send + 'static) -> Self {
        let lost = Arc::new(Mutex::new(Lost::default()));
        let callback = {
            let lost = Arc::clone(&lost);
            move |event: notify::Result<notify::Event>| hear(event, &lost, &wake)
        };
        match notify::recommended_watcher(callback) {
            Ok(watcher) => Self::with(Some(Box::new(Notify(watcher))), lost),
            Err(error) => {
                let mut deaf = Self::with(None, lost);
                deaf.trouble = Some(format!(
                    "changes are seen by looking, up to 2 s later for live runs: the system gives no watcher ({error})"
                ));
                deaf
            }
        }
    }

    /// Watches nothing: the sweep alone.
    pub fn none() -> Self {
        Self::with(None, Arc::default())
    }

    fn with(ear: Option<Box<dyn Ear>>, lost: Arc<Mutex<Lost>>) -> Self {
        Self { ear, watched: HashSet::new(), lost, room: MOST_WATCHED, trouble: None }
    }

    /// Watches these folders and no others, those of most need first, as far as the room goes. `true` when some are left for
    /// another call.
    pub fn want(&mut self, folders: &[PathBuf]) -> bool {
        let Some(ear) = self.ear.as_mut() else { return false };
        let lost = std::mem::take(&mut *self.lost.lock().unwrap_or_else(PoisonError::into_inner));
        let wanted: HashSet<&Path> = folders.iter().take(self.room).map(PathBuf::as_path).collect();
        self.watched.retain(|folder| {
            let keep = !lost.all
                && wanted.contains(folder.as_path())
                && !lost.folders.iter().any(|l| folder.starts_with(l));
            if !keep {
                ear.unwatch(folder);
            }
            keep
        });
        let mut left = MOST_AT_ONCE;
        for folder in folders.iter().take(self.room) {
            if self.watched.contains(folder) {
                continue;
            }
            if left == 0 {
                return true;
            }
            left -= 1;
            match ear.watch(folder) {
                Ok(()) => {
                    self.watched.insert(folder.clone());
                }
                Err(Refused::Full) => {
                    self.room = self.watched.len();
                    self.trouble.get_or_insert_with(|| {
                        format!(
                            "{} folders are watched, the system allows no more: changes in the others are seen up to 2 s later \
                             for live runs (raise fs.inotify.max_user_watches)",
                            self.room
                        )
                    });
                    return false;
                }
                Err(Refused::Other(_)) => {}
            }
        }
        false
    }

    /// Whether the folder is watched: a change in it is heard of, where the file system tells.
    pub fn watches(&self, folder: &Path) -> bool {
        self.watched.contains(folder)
    }

    /// How many folders are watched.
    pub fn len(&self) -> usize {
        self.watched.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.watched.is_empty()
    }

    /// What keeps it from watching all that was wanted, in one line for the user. Told once.
    pub fn trouble(&mut self) -> Option<String> {
        let told = self.trouble.as_mut()?;
        (!told.is_empty()).then(|| std::mem::take(told))
    }
}

/// The callback. Openings and readings are dropped here, before anything is woken by them.
fn hear(event: notify::Result<notify::Event>, lost: &Mutex<Lost>, wake: &impl Fn(Heard)) {
    let event = match event {
        Ok(event) if event.need_rescan() => return wake(Heard::Rescan),
        Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
        Ok(event) => event,
        Err(_) => return wake(Heard::Rescan),
    };
    let gone = matches!(
        event.kind,
        EventKind::Remove(RemoveKind::Folder | RemoveKind::Other | RemoveKind::Any)
            | EventKind::Modify(ModifyKind::Name(RenameMode::From | RenameMode::Any))
    );
    if gone {
        let mut lost = lost.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.folders.len() < MOST_LOST {
            lost.folders.extend(event.paths.iter().cloned());
        } else {
            lost.all = true;
        }
    }
    for path in event.paths {
        wake(Heard::Changed(path));
    }
}

/// The one place that knows `notify`'s watcher.
struct Notify(notify::RecommendedWatcher);

impl Ear for Notify {
    fn watch(&mut self, folder: &Path) -> Result<(), Refused> {
        self.0.watch(folder, RecursiveMode::NonRecursive).map_err(|error| match error.kind {
            notify::ErrorKind::MaxFilesWatch => Refused::Full,
            _ => Refused::Other(error.to_string()),
        })
    }

    fn unwatch(&mut self, folder: &Path) {
        // it has gone with its folder already, or goes now
        let _gone_already = self.0.unwatch(folder);
    }
}
