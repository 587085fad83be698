//! Where trainmon tells of itself: a file of bounded size, never the terminal.
//!
//! The file is opened with the first line that is written, so that a run in which nothing happened leaves nothing behind.

use std::fs;
use std::fs::File;
use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::failure::Failure;

/// Bytes after which the file becomes `….1` and a new one begins: both together stay below a megabyte.
const HALF: u64 = 512 * 1024;

/// Begins to write diagnostics to `path`; `asked` tells that the user named it, so that it has to work.
pub(super) fn start(path: Option<&Path>, asked: bool) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let mut log = LogFile::new(path.to_path_buf(), HALF);
    if asked {
        log.open().map_err(|error| Failure::Usage(format!("--log-file {}: {error}", path.display())))?;
    }
    let filter = match std::env::var("TRAINMON_LOG") {
        Ok(text) => EnvFilter::try_new(&text)
            .map_err(|error| Failure::Usage(format!("TRAINMON_LOG={text}: {error}")))?,
        Err(_) => EnvFilter::new("info"),
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Mutex::new(log))
        .try_init()
        .map_err(|error| Failure::Fatal(format!("cannot start the diagnostics: {error}")))
}

/// A file that never grows beyond twice its cap.
#[derive(Debug)]
struct LogFile {
    path: PathBuf,
    cap: u64,
    file: Option<File>,
    written: u64,
    /// It could not be opened: nothing more is tried, and nobody is bothered.
    dead: bool,
}

impl LogFile {
    fn new(path: PathBuf, cap: u64) -> Self {
        Self { path, cap, file: None, written: 0, dead: false }
    }

    fn open(&mut self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::options().append(true).create(true).open(&self.path)?;
        if file.is_terminal() {
            return Err(io::Error::other("is a terminal, and would disturb the screen"));
        }
        let about = file.metadata()?;
        // a device such as /dev/null has no size and cannot be put aside
        self.written = if about.is_file() { about.len() } else { 0 };
        self.cap = if about.is_file() { self.cap } else { u64::MAX };
        self.file = Some(file);
        Ok(())
    }

    fn put_aside(&mut self) -> io::Result<()> {
        self.file = None;
        let mut old = self.path.clone().into_os_string();
        old.push(".1");
        fs::rename(&self.path, old)?;
        self.open()
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.file.is_none() {
            self.open()?;
        }
        if self.written > 0 && self.written.saturating_add(line.len() as u64) > self.cap {
            self.put_aside()?;
        }
        if let Some(file) = &mut self.file {
            file.write_all(line)?;
            self.written = self.written.saturating_add(line.len() as u64);
        }
        Ok(())
    }
}

impl Write for LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // an error here would be printed over the screen
        if !self.dead && self.append(line).is_err() {
            self.dead = true;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_before_the_first_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state/trainmon.log");
        let mut log = LogFile::new(path.clone(), 100);
        assert!(!path.exists());
        log.write_all(b"one\n").expect("never fails");
        assert_eq!(fs::read(&path).expect("the file"), b"one\n");
    }

    #[test]
    fn the_size_is_bounded_and_the_newest_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("own.log");
        let mut log = LogFile::new(path.clone(), 100);
        for n in 0..100 {
            log.write_all(format!("line {n:04}\n").as_bytes()).expect("never fails");
        }
        let newest = fs::read_to_string(&path).expect("the file");
        let older = fs::read_to_string(folder.path().join("own.log.1")).expect("the older file");
        assert!(newest.len() <= 100 && older.len() <= 100, "{} {}", newest.len(), older.len());
        assert!(newest.ends_with("line 0099\n"));
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2);
    }

    #[test]
    fn a_file_that_cannot_be_written_bothers_nobody() {
        let mut log = LogFile::new(PathBuf::from("/dev/null/x/own.log"), 100);
        log.write_all(b"one\n").expect("never fails");
        assert!(log.dead);
    }
}
