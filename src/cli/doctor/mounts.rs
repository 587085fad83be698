//! The name of the file system that a path lies on. Whether it is local or a network's, `source::mount` decides.

use std::path::Path;

/// Magic numbers of `statfs(2)`, from the kernel's `magic.h` and the file systems' own sources.
const NAMES: [(u32, &str); 23] = [
    (0xef53, "ext4"),
    (0x5846_5342, "xfs"),
    (0x9123_683e, "btrfs"),
    (0x0102_1994, "tmpfs"),
    (0x2fc1_2fc1, "zfs"),
    (0x794c_7630, "overlay"),
    (0xf2f5_2010, "f2fs"),
    (0xca45_1a4e, "bcachefs"),
    (0x8584_58f6, "ramfs"),
    (0x4d44, "vfat"),
    (0x2011_bab0, "exfat"),
    (0x7366_746e, "ntfs"),
    (0x6969, "nfs"),
    (0xfe53_4d42, "smb"),
    (0xff53_4d42, "cifs"),
    (0x0bd0_0bd0, "lustre"),
    (0x4750_4653, "gpfs"),
    (0x00c3_6400, "ceph"),
    (0x1983_0326, "beegfs"),
    (0x6573_5546, "fuse"),
    (0x0102_1997, "9p"),
    (0x5346_414f, "afs"),
    (0x6a65_6a63, "virtiofs"),
];

/// The name, or the magic number where it has none that is known; `None` when the file system cannot be asked.
#[cfg(target_os = "linux")]
pub(super) fn name(path: &Path) -> Option<String> {
    let found = rustix::fs::statfs(path).ok()?;
    Some(of_magic(u32::try_from(found.f_type & 0xffff_ffff).ok()?))
}

/// `None`: other systems than Linux have other numbers.
#[cfg(not(target_os = "linux"))]
pub(super) fn name(_path: &Path) -> Option<String> {
    None
}

fn of_magic(magic: u32) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == magic);
    known.map_or_else(|| format!("file system 0x{magic:x}"), |(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_is_told_by_its_number() {
        assert_eq!(of_magic(0x6969), "nfs");
        assert_eq!(of_magic(0xff53_4d42), "cifs");
        assert_eq!(of_magic(1), "file system 0x1");
    }
}
