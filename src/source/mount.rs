//! Where a folder is mounted: whether the kernel tells of every change there, or whether others may write unheard.
//!
//! On a network file system the kernel tells of this machine's writes alone, and neither an error nor an event tells that there
//! are others. So the type of the file system is asked, what is not known to be local counts as remote, and whoever knows
//! better by experience is believed: growth that the sweep sees with no event within a second marks the mount.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use crate::model::stamp::Stamp;

/// What kind of file system a path is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// All writers are on this machine.
    Local,
    /// Others may write, or nobody knows.
    Remote,
}

/// Magic numbers of local file systems (`statfs(2)`, linux/magic.h). All others count as remote.
const LOCAL: [u64; 16] = [
    0xEF53,      // ext2, ext3, ext4
    0x5846_5342, // xfs
    0x9123_683E, // btrfs
    0x0102_1994, // tmpfs
    0x2FC1_2FC1, // zfs
    0x794C_7630, // overlayfs
    0xF2F5_2010, // f2fs
    0xCA45_1A4E, // bcachefs
    0x5265_4973, // reiserfs
    0x3153_464A, // jfs
    0x0000_4D44, // vfat
    0x2011_BAB0, // exfat
    0x5346_544E, // ntfs
    0x7366_746E, // ntfs3
    0x8584_58F6, // ramfs
    0x0000_3434, // nilfs
];

/// Asks the file system. May hang as long as a dead server does: never call it where something must go on.
#[cfg(target_os = "linux")]
pub fn kind(path: &Path) -> Kind {
    #[expect(clippy::cast_sign_loss, reason = "a pattern of bits; only 32 of them are told on some machines")]
    let magic = rustix::fs::statfs(path).map(|stat| stat.f_type as u64 & 0xFFFF_FFFF);
    magic.map_or(Kind::Remote, kind_of_magic)
}

/// Asks the file system. Where it cannot be asked, it counts as remote.
#[cfg(not(target_os = "linux"))]
pub fn kind(_path: &Path) -> Kind {
    Kind::Remote
}

fn kind_of_magic(magic: u64) -> Kind {
    if LOCAL.contains(&magic) { Kind::Local } else { Kind::Remote }
}

/// How long an event may take before the sweep has found out first.
const PATIENCE: Duration = Duration::from_secs(1);

/// Paths that are remembered; beyond these, what happens is not learned from.
const MOST_REMEMBERED: usize = 1024;

/// Learns on which mounts changes come with no event. `Mount` is whatever names a mount, such as a device number.
#[derive(Debug, Clone)]
pub struct Hearing<Mount> {
    heard: HashMap<PathBuf, Stamp>,
    unheard: HashMap<PathBuf, (Mount, Stamp)>,
    deaf: Vec<Mount>,
}

impl<Mount: Copy + Eq> Default for Hearing<Mount> {
    fn default() -> Self {
        Self { heard: HashMap::new(), unheard: HashMap::new(), deaf: Vec::new() }
    }
}

impl<Mount: Copy + Eq> Hearing<Mount> {
    /// Nothing learned yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An event told of `path`, which is on `mount`. A mount that is heard again is not deaf.
    pub fn heard(&mut self, path: &Path, mount: Mount, now: Stamp) {
        self.unheard.remove(path);
        self.deaf.retain(|deaf| *deaf != mount);
        self.heard.retain(|_, at| now.since(*at) <= PATIENCE);
        if self.heard.len() < MOST_REMEMBERED {
            self.heard.insert(path.to_path_buf(), now);
        }
    }

    /// The sweep saw `path` grow, in a folder that is watched.
    pub fn grew(&mut self, path: &Path, mount: Mount, now: Stamp) {
        let told = self.heard.get(path).is_some_and(|at| now.since(*at) <= PATIENCE);
        if !told && !self.deaf.contains(&mount) && self.unheard.len() < MOST_REMEMBERED {
            self.unheard.entry(path.to_path_buf()).or_insert((mount, now));
        }
    }

    /// Mounts that have now proved to be without events.
    pub fn learn(&mut self, now: Stamp) -> Vec<Mount> {
        let mut learned = Vec::new();
        for (mount, at) in self.unheard.values() {
            if now.since(*at) > PATIENCE && !self.deaf.contains(mount) {
                self.deaf.push(*mount);
                learned.push(*mount);
            }
        }
        self.unheard.retain(|_, (mount, _)| !self.deaf.contains(mount));
        learned
    }

    /// Whether changes on `mount` come with no event.
    pub fn is_deaf(&self, mount: Mount) -> bool {
        self.deaf.contains(&mount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Stamp {
        Stamp::from_millis(1_000_000 + millis)
    }

    #[test]
    fn network_file_systems_and_unknown_ones_are_remote() {
        for (name, magic) in [
            ("nfs", 0x6969),
            ("smb2", 0xFE53_4D42),
            ("cifs", 0xFF53_4D42),
            ("lustre", 0x0BD0_0BD0),
            ("gpfs", 0x4750_4653),
            ("ceph", 0x00C3_6400),
            ("beegfs", 0x1983_0326),
            ("fuse", 0x6573_5546),
            ("9p", 0x0102_1997),
            ("afs", 0x5346_414F),
            ("unknown", 0x1234_5678),
        ] {
            assert_eq!(kind_of_magic(magic), Kind::Remote, "{name}");
        }
        for (name, magic) in [
            ("ext", 0xEF53),
            ("xfs", 0x5846_5342),
            ("btrfs", 0x9123_683E),
            ("tmpfs", 0x0102_1994),
            ("zfs", 0x2FC1_2FC1),
        ] {
            assert_eq!(kind_of_magic(magic), Kind::Local, "{name}");
        }
    }

    #[test]
    fn a_path_that_is_not_there_is_remote() {
        assert_eq!(kind(Path::new("/no/such/folder")), Kind::Remote);
    }

    #[test]
    fn growth_without_an_event_marks_the_mount() {
        let mut hearing = Hearing::new();
        hearing.grew(Path::new("/a/log"), 7, at(0));
        assert_eq!(hearing.learn(at(1000)), Vec::<i32>::new());
        assert_eq!(hearing.learn(at(1001)), [7]);
        assert_eq!(hearing.learn(at(5000)), Vec::<i32>::new(), "told once");
        assert!(hearing.is_deaf(7) && !hearing.is_deaf(8));
        hearing.heard(Path::new("/a/other"), 7, at(6000));
        assert!(!hearing.is_deaf(7), "an event proves the contrary");
    }

    #[test]
    fn an_event_shortly_before_or_after_is_one() {
        let mut hearing = Hearing::new();
        hearing.heard(Path::new("/a/log"), 7, at(0));
        hearing.grew(Path::new("/a/log"), 7, at(900));
        hearing.grew(Path::new("/a/two"), 7, at(900));
        hearing.heard(Path::new("/a/two"), 7, at(1500));
        assert_eq!(hearing.learn(at(10_000)), Vec::<i32>::new());
        hearing.grew(Path::new("/a/log"), 7, at(20_000));
        assert_eq!(hearing.learn(at(21_100)), [7], "an old event does not count");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut hearing = Hearing::new();
        for n in 0..5000 {
            hearing.grew(&PathBuf::from(format!("/{n}")), 1, at(0));
            hearing.heard(&PathBuf::from(format!("/x{n}")), 2, at(0));
        }
        assert!(hearing.unheard.len() <= MOST_REMEMBERED && hearing.heard.len() <= MOST_REMEMBERED);
    }
}
