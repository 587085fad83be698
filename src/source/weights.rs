//! Reads as much of a file of weights as tells whether it is whole: its first block, the header of safetensors, its last bytes.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use crate::parse::weights::HEAD;
use crate::parse::weights::TAIL;
use crate::parse::weights::header_of;
use crate::parse::weights::is_whole;

/// Whether the file is whole; `None` where its kind does not tell, or it cannot be read.
pub fn whole(path: &Path) -> Option<bool> {
    look(path).ok().flatten()
}

fn look(path: &Path) -> io::Result<Option<bool>> {
    // somebody may have put a pipe in its place, for which opening would wait
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(None);
    }
    let len = meta.len();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut head = part(&file, 0, HEAD as u64)?;
    if let Some(needed) = header_of(&name, &head).filter(|needed| *needed > HEAD as u64) {
        head = part(&file, 0, needed.min(len))?;
    }
    let tail = part(&file, len.saturating_sub(TAIL as u64), TAIL as u64)?;
    Ok(is_whole(&name, &head, &tail, len))
}

/// So many bytes from `offset` on, or what is there of them.
fn part(file: &File, offset: u64, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(0)];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
