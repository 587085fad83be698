//! `-`: standard input as a log.
//!
//! What comes in is copied into a file of our own, and that is watched like any other log: so it can be scrolled, searched
//! and charted from its first byte, however long it is.

use std::fs::File;
use std::io;
use std::io::IsTerminal;
use std::io::Read;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::Path;
use std::path::PathBuf;
use std::thread;

use super::failure::Failure;
use super::scratch::Scratch;

/// Standard input on its way into a file.
#[derive(Debug)]
pub(super) struct Spool {
    /// Removed when the program ends.
    _folder: Scratch,
    path: PathBuf,
    copier: Option<thread::JoinHandle<()>>,
}

impl Spool {
    /// Begins to copy. With `keys`, standard input becomes the terminal afterwards, so that keys can be read from it.
    pub(super) fn start(keys: bool) -> Result<Self, Failure> {
        if io::stdin().is_terminal() {
            return Err(Failure::Usage(
                "-: standard input is a terminal; pipe a log in, such as: python train.py 2>&1 | trainmon -"
                    .to_owned(),
            ));
        }
        let folder = Scratch::new("stdin")
            .map_err(|error| Failure::io("-: cannot make a temporary folder", &error))?;
        let path = folder.path().join("stdin");
        let file = File::create(&path).map_err(|error| Failure::io(path.display(), &error))?;
        let input = input().map_err(|error| Failure::io("-: cannot read standard input", &error))?;
        if keys {
            keys_from_terminal().map_err(|error| Failure::io("-: no terminal to read keys from", &error))?;
        }
        let copier = thread::Builder::new()
            .name("stdin".to_owned())
            .spawn(move || copy(input, file))
            .map_err(|error| Failure::io("-: cannot start a thread", &error))?;
        Ok(Self { _folder: folder, path, copier: Some(copier) })
    }

    /// The file that it is copied into.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until standard input has come to its end.
    pub(super) fn wait(&mut self) {
        if let Some(copier) = self.copier.take()
            && copier.join().is_err()
        {
            tracing::error!("the copy of standard input broke off");
        }
    }
}

fn input() -> io::Result<File> {
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

fn keys_from_terminal() -> io::Result<()> {
    let terminal = File::options().read(true).write(true).open("/dev/tty")?;
    rustix::stdio::dup2_stdin(terminal)?;
    Ok(())
}

/// Copies to the end. When the file cannot be written any more the pipe is still drained: a training must never wait for us.
fn copy(mut input: File, mut file: File) {
    let mut buffer = vec![0; 64 * 1024];
    let mut broken = false;
    loop {
        let count = match input.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                tracing::warn!(%error, "standard input cannot be read any more");
                return;
            }
        };
        if broken {
            continue;
        }
        if let Err(error) = file.write_all(buffer.get(..count).unwrap_or_default()) {
            tracing::warn!(%error, "standard input cannot be kept any more; what comes is dropped");
            broken = true;
        }
    }
}
