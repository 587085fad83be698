//! What kind of file system a path lies on, and what that means for watching it.

use std::path::Path;

/// Where changes that others make are heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The kernel tells of every change.
    Local,
    /// Changes that other machines make are not told of.
    Remote,
    /// It is not known which.
    Unknown,
}

/// Magic numbers of `statfs(2)`, from the kernel's `magic.h` and the file systems' own sources.
const KNOWN: [(u32, &str, Kind); 21] = [
    (0xef53, "ext4", Kind::Local),
    (0x5846_5342, "xfs", Kind::Local),
    (0x9123_683e, "btrfs", Kind::Local),
    (0x0102_1994, "tmpfs", Kind::Local),
    (0x2fc1_2fc1, "zfs", Kind::Local),
    (0x794c_7630, "overlay", Kind::Local),
    (0xf2f5_2010, "f2fs", Kind::Local),
    (0x5265_4973, "reiserfs", Kind::Local),
    (0x8584_58f6, "ramfs", Kind::Local),
    (0x4d44, "vfat", Kind::Local),
    (0x6969, "nfs", Kind::Remote),
    (0xfe53_4d42, "smb2", Kind::Remote),
    (0xff53_4d42, "cifs", Kind::Remote),
    (0x0bd0_0bd0, "lustre", Kind::Remote),
    (0x4750_4653, "gpfs", Kind::Remote),
    (0x00c3_6400, "ceph", Kind::Remote),
    (0x1983_0326, "beegfs", Kind::Remote),
    (0x6573_5546, "fuse", Kind::Remote),
    (0x0102_1997, "9p", Kind::Remote),
    (0x5346_414f, "afs", Kind::Remote),
    (0x7375_7245, "coda", Kind::Remote),
];

/// Name and kind of the file system that `path` lies on; `None` when it cannot be asked.
pub(super) fn look(path: &Path) -> Option<(String, Kind)> {
    let found = rustix::fs::statfs(path).ok()?;
    Some(name(u32::try_from(found.f_type & 0xffff_ffff).ok()?))
}

fn name(magic: u32) -> (String, Kind) {
    KNOWN.iter().find(|(known, _, _)| *known == magic).map_or_else(
        || (format!("0x{magic:x}"), Kind::Unknown),
        |(_, name, kind)| ((*name).to_owned(), *kind),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_and_remote_are_told_apart() {
        assert_eq!(name(0x6969), ("nfs".to_owned(), Kind::Remote));
        assert_eq!(name(0xef53), ("ext4".to_owned(), Kind::Local));
        assert_eq!(name(0xff53_4d42), ("cifs".to_owned(), Kind::Remote));
        assert_eq!(name(1), ("0x1".to_owned(), Kind::Unknown));
    }
}
