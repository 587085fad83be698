//! The files of `/proc`, as `proc_pid_stat(5)`, `proc_pid_cmdline(5)`, `proc_pid_fdinfo(5)`, `proc_pid_status(5)` and
//! `proc_stat(5)` describe them. Bytes in, values out: what is not as described is `None`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// `PF_KTHREAD` of the kernel's `linux/sched.h`, in the field `flags`.
const KERNEL_THREAD: u64 = 0x0020_0000;

/// What `/proc/PID/stat` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// Name of the executable, cut at 15 bytes by the kernel.
    pub name: String,
    /// Whether it runs: neither dead nor waiting to be collected by its parent.
    pub lives: bool,
    /// Process id of the parent.
    pub parent: u32,
    /// A thread of the kernel, and no program.
    pub kernel: bool,
    /// When it began, in clock ticks since the machine started. With its pid this names a process for good: pids are used again.
    pub start: u64,
}

/// Reads `/proc/PID/stat`. The name stands in parentheses and may hold any byte, parentheses and line ends among them, so
/// that the last `)` ends it.
pub fn stat(bytes: &[u8]) -> Option<Stat> {
    let open = memchr::memchr(b'(', bytes)?;
    let close = memchr::memrchr(b')', bytes)?;
    let name = String::from_utf8_lossy(bytes.get(open + 1..close)?).into_owned();
    let rest = std::str::from_utf8(bytes.get(close + 1..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    // the fields are counted from 1, pid and name being the first two
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let flags: u64 = fields.nth(4)?.parse().ok()?;
    let start = fields.nth(12)?.parse().ok()?;
    let lives = !matches!(state, "Z" | "X" | "x");
    Some(Stat { name, lives, parent, kernel: flags & KERNEL_THREAD != 0, start })
}

/// Reads `/proc/PID/cmdline`: arguments that end with NUL each. A program may write what it likes over them, so that NULs may
/// be missing, or many at the end.
pub fn cmdline(bytes: &[u8]) -> Vec<OsString> {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let used = bytes.get(..end).unwrap_or_default();
    if used.is_empty() {
        return Vec::new();
    }
    used.split(|byte| *byte == 0).map(|argument| OsString::from_vec(argument.to_vec())).collect()
}

/// Whether `/proc/PID/fdinfo/FD` is of a file that is open for writing. Its flags are octal, the two lowest bits are the access
/// mode: 1 for `O_WRONLY`, 2 for `O_RDWR`.
pub fn writes(fdinfo: &[u8]) -> Option<bool> {
    let flags = u64::from_str_radix(field(fdinfo, "flags:")?, 8).ok()?;
    Some(matches!(flags & 3, 1 | 2))
}

/// The pids that `/proc/PID/status` tells of a process: one for each namespace of pids it is in, the innermost last.
pub fn namespaced(status: &[u8]) -> Vec<u32> {
    let pids = field(status, "NSpid:").unwrap_or_default();
    pids.split_ascii_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// When the machine started, in seconds since 1970, by `/proc/stat`.
pub fn boot(stat: &[u8]) -> Option<i64> {
    field(stat, "btime")?.parse().ok()
}

/// What stands behind `name` on the line that it begins.
fn field<'a>(bytes: &'a [u8], name: &str) -> Option<&'a str> {
    let line = bytes.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(name.as_bytes()))?;
    Some(std::str::from_utf8(line).ok()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "4242 (python3) S 4000 4242 4000 34816 4242 4194304 9114 0 0 0 52 11 0 0 20 0 9 0 123456 \
                        731156480 8000 18446744073709551615 1 1 0 0 0 0 0 16781312 2 0 0 0 17 1 0 0 0 0 0 0 0 0\n";

    #[test]
    fn a_stat_tells_who_and_since_when() {
        let told = stat(STAT.as_bytes()).unwrap();
        let name = "python3".to_owned();
        assert_eq!(told, Stat { name, lives: true, parent: 4000, kernel: false, start: 123_456 });
    }

    #[test]
    fn a_name_may_hold_anything() {
        for name in ["", ") S 1 1", "a b\n(c) Z", "\u{fffd}\u{1b}[2J"] {
            let told = stat(STAT.replace("python3", name).as_bytes()).unwrap();
            assert_eq!((told.name.as_str(), told.parent, told.start), (name, 4000, 123_456));
        }
    }

    #[test]
    fn the_dead_and_the_kernel_are_told_apart() {
        for (state, lives) in [("R", true), ("D", true), ("T", true), ("Z", false), ("X", false)] {
            let text = STAT.replace(" S ", &format!(" {state} "));
            assert_eq!(stat(text.as_bytes()).unwrap().lives, lives, "{state}");
        }
        let kernel = STAT.replace(" 4194304 ", &format!(" {} ", KERNEL_THREAD | 0x40));
        assert!(stat(kernel.as_bytes()).unwrap().kernel);
    }

    #[test]
    fn what_is_no_stat_is_none() {
        let half = STAT.get(..40).unwrap_or_default();
        for text in
            ["", "()", ")(", "1 (a", "1 (a) S", half, "1 (a) S x 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"]
        {
            assert_eq!(stat(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn arguments_end_with_nul() {
        for (bytes, want) in [
            (&b""[..], &[][..]),
            (b"\0\0", &[]),
            (b"python\0train.py\0", &["python", "train.py"]),
            (b"python\0--tag\0\0--out\0a\0", &["python", "--tag", "", "--out", "a"]),
            (b"ray::train()\0\0\0\0\0", &["ray::train()"]),
            (b"nginx: master process", &["nginx: master process"]),
        ] {
            assert_eq!(cmdline(bytes), want, "{bytes:?}");
        }
    }

    #[test]
    fn the_flags_tell_who_writes() {
        for (flags, want) in [
            ("0100000", Some(false)),
            ("0100001", Some(true)),
            ("0102001", Some(true)),
            ("02100002", Some(true)),
            ("010000000", Some(false)),
            ("9", None),
            ("", None),
        ] {
            let text = format!("pos:\t12\nflags:\t{flags}\nmnt_id:\t29\nino:\t7\n");
            assert_eq!(writes(text.as_bytes()), want, "{flags}");
        }
        assert_eq!(writes(b"pos:\t0\n"), None);
    }

    #[test]
    fn pids_of_namespaces_and_the_start_of_the_machine() {
        assert_eq!(namespaced(b"Name:\tpython\nPid:\t900\nNSpid:\t900\t12\t1\n"), [900, 12, 1]);
        assert!(namespaced(b"Name:\tpython\n").is_empty());
        assert_eq!(boot(b"cpu  1 2 3\nbtime 1767600000\nprocesses 9\n"), Some(1_767_600_000));
        assert_eq!(boot(b"cpu  1 2 3\n"), None);
    }
}
