//! `status --write-progress`: the one thing that trainmon ever writes into a run's folder, and only when it is asked to.

use std::fs;
use std::fs::File;
use std::fs::Permissions;
use std::io;
use std::io::Read;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use crate::model::run::Run;
use crate::model::stamp::Stamp;
use crate::report::progress;
use crate::report::progress::Document;

const NAME: &str = "progress.json";
/// A tracker's file is a few lines; a longer one is something else.
const LONGEST: u64 = 64 << 10;

/// Writes the file of a run that a tracker keeps; other runs are left as they are. The error is one line for the user.
pub(super) fn write(run: &Run) -> Result<(), String> {
    let Some(text) = progress::json(&run.facts) else { return Ok(()) };
    // a run that is one file, or a job in one, has no folder of its own
    if !run.path.is_dir() {
        return Ok(());
    }
    let target = run.path.join(NAME);
    let told = |what: &str| format!("{}: not written: {what}", target.display());
    let mode = match present(&target, run) {
        Ok(Present::Same(known)) if known == text.as_bytes() => return Ok(()),
        Ok(Present::Same(_) | Present::Nothing) => {
            target.metadata().map_or(0o666, |meta| meta.permissions().mode())
        }
        Ok(Present::Foreign(what)) => return Err(told(what)),
        Err(error) => return Err(told(&format!("cannot look at what is there: {error}"))),
    };
    replace(&target, &run.path, &text, mode, run.last_write).map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "; --write-progress needs the right to write into the folders of runs"
            }
            _ => "",
        };
        told(&format!("{error}{advice}"))
    })
}

/// By how much the file is made older than what the run wrote last, so that it is never the newest.
const BEFORE: Duration = Duration::from_secs(1);

/// What is there before.
enum Present {
    Nothing,
    /// A tracker's file, or what is left of one.
    Same(Vec<u8>),
    /// Something that is not to be touched.
    Foreign(&'static str),
}

fn present(target: &Path, run: &Run) -> io::Result<Present> {
    match target.symlink_metadata() {
        Ok(meta) if !meta.is_file() => return Ok(Present::Foreign("what is there is not a plain file")),
        Ok(meta) if meta.len() > LONGEST => return Ok(Present::Foreign(ANOTHER)),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Present::Nothing),
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    File::open(target)?.take(LONGEST).read_to_end(&mut bytes)?;
    // in Pylon's folders the name is the tracker's own, and a broken file is one that it did not finish
    let own = match progress::document(&bytes) {
        Document::Progress => true,
        Document::Broken => run.facts.framework == Some("pylon"),
        Document::Other => false,
    };
    Ok(if own { Present::Same(bytes) } else { Present::Foreign(ANOTHER) })
}

const ANOTHER: &str = "what is there is another program's; it is left as it is";

/// Puts `text` at `target` in one step: whoever reads it finds the old file or the new one, and never a part.
fn replace(target: &Path, folder: &Path, text: &str, mode: u32, last_write: Option<Stamp>) -> io::Result<()> {
    // it goes by itself if anything below fails; its name is hidden, so that nobody takes it for a run's file meanwhile
    let mut temporary = tempfile::Builder::new()
        .prefix(".progress.json.")
        .suffix(".tmp")
        .permissions(Permissions::from_mode(mode & 0o777))
        .tempfile_in(folder)
        // without the hidden name, which nobody asked for
        .map_err(|error| io::Error::from(error.kind()))?;
    temporary.write_all(text.as_bytes())?;
    let file = temporary.as_file();
    if let Some(time) = last_write.and_then(moment) {
        // our own writing is no sign of life of the run: to whoever goes by times, it is a little older than what it tells of
        file.set_times(fs::FileTimes::new().set_modified(time))?;
    }
    file.sync_all()?;
    temporary.persist(target).map(drop).map_err(|failed| failed.error)
}

fn moment(stamp: Stamp) -> Option<std::time::SystemTime> {
    let millis = u64::try_from(stamp.millis()).ok()?;
    UNIX_EPOCH.checked_add(Duration::from_millis(millis).saturating_sub(BEFORE))
}
