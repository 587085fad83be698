//! A folder in the temporary directory that goes when its owner does.

use std::fs;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::path::PathBuf;

/// The folder. Only its owner may enter it.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
    keep: bool,
}

impl Scratch {
    /// Makes `trainmon-LABEL-PID` (with a number behind it when that is taken) in the temporary directory.
    pub(super) fn new(label: &str) -> io::Result<Self> {
        let base = std::env::temp_dir();
        for attempt in 0..1000u32 {
            let suffix = if attempt == 0 { String::new() } else { format!("-{attempt}") };
            let path = base.join(format!("trainmon-{label}-{}{suffix}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self { path, keep: false }),
                // somebody else's, or a link laid as a trap: never used
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("no free name in {}", base.display())))
    }

    /// Leaves the folder behind.
    pub(super) fn keep(&mut self) {
        self.keep = true;
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "cannot remove the temporary folder");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_with_its_owner_and_is_never_shared() {
        let first = Scratch::new("test").expect("a folder");
        let second = Scratch::new("test").expect("another folder");
        assert_ne!(first.path(), second.path());
        fs::write(first.path().join("x"), "x").expect("a file");
        let path = first.path().to_path_buf();
        drop(first);
        assert!(!path.exists());
        assert!(second.path().is_dir());
    }
}
