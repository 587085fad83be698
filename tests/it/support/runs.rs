//! Folders of runs, and what other programs do to the files in them while somebody looks.

use std::fs;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;

use tempfile::TempDir;

/// A folder of runs, and beside it a home for the program, so that what it keeps for itself is not among the runs.
pub(crate) struct Place {
    folder: TempDir,
    home: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let new = || tempfile::tempdir().expect("a temporary folder");
        Self { folder: new(), home: new() }
    }

    /// A place with one run in it.
    pub(crate) fn with(name: &str, log: impl AsRef<[u8]>) -> Self {
        let place = Self::new();
        place.run(name, log);
        place
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// A run with one log, which it returns the path of.
    pub(crate) fn run(&self, name: impl AsRef<Path>, log: impl AsRef<[u8]>) -> PathBuf {
        let folder = self.root().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("training.log");
        fs::write(&path, log).expect("a log");
        path
    }

    /// Where the log of a run is.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.root().join(name).join("training.log")
    }
}

/// Adds to a file as one write.
pub(crate) fn append(path: &Path, bytes: impl AsRef<[u8]>) {
    let mut file = File::options().append(true).open(path).expect("the file");
    file.write_all(bytes.as_ref()).expect("room for it");
}

/// Steps `from..=to` of `of` in a plain log; the loss of a step is told by `loss`.
pub(crate) fn steps(from: u32, to: u32, of: u32, loss: impl Fn(u32) -> f64) -> String {
    let line = |step: u32| {
        let (minute, second) = (step / 60 % 60, step % 60);
        format!("2026-01-05 10:{minute:02}:{second:02} INFO step {step}/{of} loss={:.4}\n", loss(step))
    };
    let lines: Vec<String> = (from..=to).map(line).collect();
    lines.concat()
}

/// Everything below a folder: each path with what a writer, or anybody who touches it, would change.
pub(crate) fn listing(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        all.push(described(&folder));
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.symlink_metadata().expect("an entry").is_dir() {
                folders.push(path);
            } else {
                all.push(described(&path));
            }
        }
    }
    all.sort();
    all
}

fn described(path: &Path) -> String {
    let meta = path.symlink_metadata().expect("an entry");
    let (modified, changed) = ((meta.mtime(), meta.mtime_nsec()), (meta.ctime(), meta.ctime_nsec()));
    format!(
        "{path:?} inode {} mode {:o} links {} {} bytes, modified {modified:?}, changed {changed:?}",
        meta.ino(),
        meta.mode(),
        meta.nlink(),
        meta.size()
    )
}
