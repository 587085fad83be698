//! One look into one folder: its entries by kind, and the `stat` of those that matter.
//!
//! A walk of ten thousand folders has a tenth of a second. So a folder is opened below its parent's descriptor (no path is
//! looked up twice), the kinds come with the names where the file system tells them, and only files that may be sources are
//! looked at one by one.

use std::ffi::CStr;
use std::ffi::CString;
use std::ffi::OsStr;
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::AtFlags;
use rustix::fs::Dir;
use rustix::fs::FileType;
use rustix::fs::Mode;
use rustix::fs::OFlags;
use rustix::fs::Stat;

use crate::model::stamp::Stamp;

/// Entries that one folder may have before the rest of it is left alone: a folder of a million images is no place to look for
/// runs, and must not hold up the walk.
pub(super) const MOST_ENTRIES: usize = 100_000;

/// The one hidden folder that says something of a run: the settings that hydra started it with.
const HYDRA: &[u8] = b".hydra";

/// Of a file's beginning, what is read to tell by its content what it is.
pub(super) const HEAD: usize = 4096;

/// Device and inode: what a file or folder is, whatever its path.
pub(super) type Identity = (u64, u64);

/// What `stat` says of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meta {
    pub(super) identity: Identity,
    pub(super) bytes: u64,
    pub(super) modified: Option<Stamp>,
    pub(super) kind: FileType,
    /// Somebody may execute it: a program rather than a log, whatever its name.
    pub(super) executable: bool,
}

impl Meta {
    #[expect(clippy::useless_conversion, reason = "the widths differ between operating systems")]
    fn of(stat: &Stat) -> Self {
        let seconds = i64::try_from(stat.st_mtime).ok();
        let millis = i64::try_from(stat.st_mtime_nsec / 1_000_000).unwrap_or(0);
        Self {
            identity: (u64::from(stat.st_dev), u64::from(stat.st_ino)),
            bytes: u64::try_from(stat.st_size).unwrap_or(0),
            modified: seconds.map(|s| Stamp::from_millis(s.saturating_mul(1000).saturating_add(millis))),
            kind: FileType::from_raw_mode(stat.st_mode),
            executable: stat.st_mode & 0o111 != 0,
        }
    }
}

/// The entries of a folder. Hidden ones (but hydra's) and what is neither file nor folder are left out.
pub(super) struct Listing {
    dir: Dir,
    /// What it is and when its entries last changed, taken before they were read.
    pub(super) meta: Meta,
    /// Names of plain files, and of links that may lead to one.
    pub(super) files: Vec<CString>,
    /// Names of folders.
    pub(super) folders: Vec<CString>,
    /// Names of links, which are also among `files`.
    pub(super) links: Vec<CString>,
    /// It has more entries than were read.
    pub(super) cut: bool,
}

impl Listing {
    /// The folder, for looking at its entries. A folder that is open has a descriptor; were there none, nothing is found in it.
    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.dir.fd().unwrap_or(rustix::fs::ABS)
    }
}

/// Opens the folder called `name` in `parent` and reads its entries, `most` of them. A link is followed only when `through_link`.
pub(super) fn list(
    parent: BorrowedFd<'_>,
    name: &CStr,
    through_link: bool,
    most: usize,
) -> io::Result<Listing> {
    let mut flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    if !through_link {
        flags |= OFlags::NOFOLLOW;
    }
    let fd = rustix::fs::openat(parent, name, flags, Mode::empty())?;
    let meta = Meta::of(&rustix::fs::fstat(&fd)?);
    let dir = Dir::new(fd)?;
    let mut listing =
        Listing { meta, files: Vec::new(), folders: Vec::new(), links: Vec::new(), cut: false, dir };
    let mut read = 0;
    while let Some(entry) = listing.dir.read() {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_bytes().starts_with(b".") && name.to_bytes() != HYDRA {
            continue;
        }
        read += 1;
        if read > most {
            listing.cut = true;
            break;
        }
        let kind = match entry.file_type() {
            FileType::Unknown => kind_of(listing.fd(), name),
            told => told,
        };
        match kind {
            FileType::Directory => listing.folders.push(name.to_owned()),
            FileType::RegularFile => listing.files.push(name.to_owned()),
            FileType::Symlink => {
                listing.files.push(name.to_owned());
                listing.links.push(name.to_owned());
            }
            _ => {}
        }
    }
    listing.folders.sort_unstable();
    Ok(listing)
}

/// Some file systems do not tell the kind with the name.
fn kind_of(folder: BorrowedFd<'_>, name: &CStr) -> FileType {
    rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)
        .map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode))
}

/// Looks at one entry of a folder, through links.
pub(super) fn look(folder: BorrowedFd<'_>, name: &CStr) -> io::Result<Meta> {
    Ok(Meta::of(&rustix::fs::statat(folder, name, AtFlags::empty())?))
}

/// Looks at a path, through links.
pub(super) fn look_path(path: &Path) -> io::Result<Meta> {
    Ok(Meta::of(&rustix::fs::stat(path)?))
}

/// The first bytes of a plain file in a folder; empty when it cannot be read.
pub(super) fn head(folder: BorrowedFd<'_>, name: &CStr) -> Vec<u8> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut bytes = vec![0; HEAD];
    let read = rustix::fs::openat(folder, name, flags, Mode::empty())
        .and_then(|file| rustix::io::pread(&file, &mut *bytes, 0))
        .unwrap_or(0);
    bytes.truncate(read);
    bytes
}

/// A name as the path type wants it.
pub(super) fn os(name: &CStr) -> &OsStr {
    OsStr::from_bytes(name.to_bytes())
}

/// When a folder's entries last changed; `None` when it cannot be looked at.
pub(super) fn modified(path: &Path) -> Option<Stamp> {
    look_path(path).ok().and_then(|meta| meta.modified)
}
