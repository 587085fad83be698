//! Standard input as a file: what comes in is written to a private file, which is then followed like any other.
//!
//! So everything that holds for logs holds here too: the history can be read again, the newest end comes first. The writer of
//! the pipe is never made to wait: when the disk is full or fails, what comes is dropped and told, for a training that blocks
//! because somebody watches it would be the worst that can happen.
//!
//! The file is bounded: past [`MOST_BYTES`] it begins again at nothing, as a log that was truncated does. It lies in the user's
//! own state folder (or the folder for temporary files), can be read by nobody else, and is removed at the end; what a killed
//! process left behind is removed by the next one.

use std::fs;
use std::fs::DirBuilder;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Read;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;

use super::discover::Root;
use super::discover::RootKind;

/// Bytes that are kept of standard input.
pub const MOST_BYTES: u64 = 4 << 30;

const PREFIX: &str = "stdin-";

/// Counts that the thread keeps.
#[derive(Debug, Default)]
struct Counts {
    taken: AtomicU64,
    dropped: AtomicU64,
    ended: AtomicBool,
}

/// Standard input on its way into a file. The file is removed when this is dropped.
#[derive(Debug)]
pub struct Spool {
    path: PathBuf,
    counts: Arc<Counts>,
}

impl Spool {
    /// Begins to take `input` in, on a thread of its own that ends with the input. `folder` is where the file is to lie; see
    /// [`folder`].
    pub fn start(input: impl Read + Send + 'static, folder: &Path) -> io::Result<Self> {
        Self::bounded(input, folder, MOST_BYTES)
    }

    fn bounded(mut input: impl Read + Send + 'static, folder: &Path, most: u64) -> io::Result<Self> {
        private(folder)?;
        sweep_out(folder);
        let (path, file) = create(folder)?;
        let counts = Arc::new(Counts::default());
        let spool = Self { path, counts: Arc::clone(&counts) };
        thread::Builder::new()
            .name("stdin".to_owned())
            .spawn(move || take_in(&mut input, &file, most, &counts))?;
        Ok(spool)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file as what the user pointed at.
    pub fn root(&self) -> Root {
        Root { given: "-".to_owned(), path: self.path.clone(), kind: RootKind::File }
    }

    /// Bytes that came in.
    pub fn taken(&self) -> u64 {
        self.counts.taken.load(Ordering::Acquire)
    }

    /// Bytes of these that could not be kept, as the disk was full or failed.
    pub fn dropped(&self) -> u64 {
        self.counts.dropped.load(Ordering::Acquire)
    }

    /// Tells any thread whether the writer has closed its end.
    pub fn watch_end(&self) -> Box<dyn Fn() -> bool + Send> {
        let counts = Arc::clone(&self.counts);
        Box::new(move || counts.ended.load(Ordering::Acquire))
    }

    /// Whether the writer has closed its end.
    pub fn ended(&self) -> bool {
        self.counts.ended.load(Ordering::Acquire)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // when it cannot be removed, the next process tries again
        let _left = fs::remove_file(&self.path);
    }
}

/// Where standard input is kept: the user's state folder, else one of our own among the temporary files.
pub fn folder() -> PathBuf {
    directories::ProjectDirs::from("", "", "trainmon")
        .and_then(|dirs| dirs.state_dir().map(Path::to_path_buf))
        .unwrap_or_else(|| {
            std::env::temp_dir().join(format!("trainmon-{}", rustix::process::getuid().as_raw()))
        })
}

/// Makes the folder ours alone, or refuses: in the folder for temporary files anybody may have been here first.
fn private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let meta = fs::symlink_metadata(folder)?;
    if !meta.is_dir() || meta.uid() != rustix::process::getuid().as_raw() || meta.mode() & 0o022 != 0 {
        let what = format!(
            "{} belongs to others, or they may write in it; remove it or set XDG_STATE_HOME",
            folder.display()
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, what));
    }
    Ok(())
}

/// A new file that nobody else can open. Its name tells whose it is.
fn create(folder: &Path) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    for n in 0..100 {
        let path = folder.join(format!("{PREFIX}{process}-{n}.log"));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => return other.map(|file| (path, file)),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// Removes what processes left behind that are no more.
fn sweep_out(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX)?.split('-').next()?.parse::<i32>().ok())
            .and_then(rustix::process::Pid::from_raw);
        if owner.is_some_and(|pid| rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH)) {
            let _left = fs::remove_file(entry.path());
        }
    }
}

/// Copies until the input ends.
fn take_in(input: &mut impl Read, file: &File, most: u64, counts: &Counts) {
    let mut buffer = vec![0; 64 * 1024];
    let mut at = 0;
    loop {
        let bytes = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => buffer.get(..read).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        let len = bytes.len() as u64;
        counts.taken.fetch_add(len, Ordering::AcqRel);
        if at + len > most && file.set_len(0).is_ok() {
            at = 0;
        }
        match file.write_all_at(bytes, at) {
            Ok(()) => at += len,
            Err(_) => {
                counts.dropped.fetch_add(len, Ordering::AcqRel);
            }
        }
    }
    counts.ended.store(true, Ordering::Release);
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn wait(spool: &Spool) {
        while !spool.ended() {
            thread::yield_now();
        }
    }

    #[test]
    fn what_comes_in_is_in_the_file_which_is_ours_alone() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("state");
        let spool = Spool::start(&b"epoch 1\nepoch 2\n"[..], &inside).unwrap();
        wait(&spool);
        assert_eq!(fs::read(spool.path()).unwrap(), b"epoch 1\nepoch 2\n");
        assert_eq!(fs::metadata(spool.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&inside).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!((spool.taken(), spool.dropped()), (16, 0));
        assert_eq!((spool.root().given.as_str(), spool.root().kind), ("-", RootKind::File));
        let path = spool.path().to_path_buf();
        drop(spool);
        assert!(!path.exists());
    }

    #[test]
    fn past_the_bound_it_begins_again() {
        let folder = tempfile::tempdir().unwrap();
        let private = folder.path().join("p");
        let (reader, mut writer) = io::pipe().unwrap();
        let spool = Spool::bounded(reader, &private, 10).unwrap();
        for (text, taken) in [("12345678", 8), ("abcdefgh", 16)] {
            io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
            while spool.taken() < taken {
                thread::yield_now();
            }
        }
        drop(writer);
        wait(&spool);
        assert_eq!(fs::read(spool.path()).unwrap(), b"abcdefgh");
    }

    #[test]
    fn a_full_disk_drops_and_never_blocks() {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let counts = Counts::default();
        take_in(&mut &b"some text"[..], &full, MOST_BYTES, &counts);
        assert_eq!(counts.dropped.load(Ordering::Acquire), 9);
        assert!(counts.ended.load(Ordering::Acquire));
    }

    #[test]
    fn a_folder_that_others_may_write_in_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let error = Spool::start(io::empty(), folder.path()).unwrap_err();
        assert!(error.to_string().contains("XDG_STATE_HOME"), "{error}");
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let private = folder.path().join("p");
        DirBuilder::new().mode(0o700).create(&private).unwrap();
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let gone = child.id();
        child.wait().unwrap();
        let left = private.join(format!("{PREFIX}{gone}-0.log"));
        for path in [&left, &private.join("stdin-x.log"), &private.join(format!("{PREFIX}1-0.log"))] {
            fs::write(path, "x").unwrap();
        }
        let _spool = Spool::start(io::empty(), &private).unwrap();
        assert!(!left.exists());
        assert!(private.join("stdin-x.log").exists() && private.join(format!("{PREFIX}1-0.log")).exists());
    }
}
