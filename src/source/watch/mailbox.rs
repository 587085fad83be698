//! Where events wait until the reader has time: bounded, and never in the way of who brings them.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use super::Heard;

/// Paths that wait, at most; beyond these everything is looked at.
const MOST: usize = 4096;

/// What came in since the last time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mail {
    /// Where something happened, each path once.
    pub paths: HashSet<PathBuf>,
    /// Events were lost: look at everything.
    pub rescan: bool,
}

/// Collects what is heard. A path that is written to a thousand times waits once.
#[derive(Debug, Default)]
pub struct Mailbox(Mutex<Mail>);

impl Mailbox {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts in what was heard. `true` when nothing was waiting before: that is when the reader is to be woken.
    pub fn put(&self, heard: Heard) -> bool {
        let mut mail = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = !mail.rescan && mail.paths.is_empty();
        match heard {
            Heard::Changed(_) if mail.rescan => {}
            Heard::Changed(path) if mail.paths.len() < MOST => {
                mail.paths.insert(path);
            }
            Heard::Changed(_) | Heard::Rescan => {
                mail.paths = HashSet::new();
                mail.rescan = true;
            }
        }
        first
    }

    /// Takes everything out.
    pub fn take(&self) -> Mail {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(n: usize) -> Heard {
        Heard::Changed(PathBuf::from(format!("/{n}")))
    }

    #[test]
    fn only_the_first_wakes_and_each_path_waits_once() {
        let mailbox = Mailbox::new();
        assert!(mailbox.put(changed(1)));
        assert!(!mailbox.put(changed(1)));
        assert!(!mailbox.put(changed(2)));
        assert_eq!(mailbox.take().paths.len(), 2);
        assert_eq!(mailbox.take(), Mail::default());
        assert!(mailbox.put(changed(1)));
    }

    #[test]
    fn too_much_means_look_at_everything() {
        let mailbox = Mailbox::new();
        for n in 0..=MOST {
            mailbox.put(changed(n));
        }
        assert!(!mailbox.put(changed(0)));
        let mail = mailbox.take();
        assert!(mail.rescan && mail.paths.is_empty());
        assert!(mailbox.put(Heard::Rescan));
        assert!(mailbox.take().rescan);
    }
}
