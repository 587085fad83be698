//! Real files, and everything that happens to them.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

struct Log {
    folder: TempDir,
    tail: Tailer,
}

impl Log {
    fn new(content: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("training.log");
        fs::write(&path, content).unwrap();
        Self { folder, tail: Tailer::new(path) }
    }

    fn path(&self) -> &Path {
        self.tail.path()
    }

    fn append(&self, text: &str) {
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.path())
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    fn rename(&self) -> PathBuf {
        let to = self.folder.path().join("training.log.1");
        fs::rename(self.path(), &to).unwrap();
        to
    }

    /// Files' times move in ticks: waits for the fact that they have.
    fn tick(&self) {
        let probe = self.folder.path().join("probe");
        let time = || {
            fs::write(&probe, "x").unwrap();
            let meta = fs::metadata(&probe).unwrap();
            (meta.mtime(), meta.mtime_nsec())
        };
        let before = time();
        while time() == before {
            std::thread::yield_now();
        }
    }

    fn rest(&mut self) -> String {
        let mut text = Vec::new();
        let mut buffer = [0; 100];
        loop {
            match self.tail.read(&mut buffer).unwrap() {
                0 => return String::from_utf8(text).unwrap(),
                n => text.extend_from_slice(&buffer[..n]),
            }
        }
    }

    #[track_caller]
    fn grown(&mut self, text: &str) {
        let look = self.tail.look();
        assert!(matches!(look, Look::Grown), "{look:?}");
        assert_eq!(self.rest(), text);
    }

    #[track_caller]
    fn same(&mut self) {
        let look = self.tail.look();
        assert!(matches!(look, Look::Same), "{look:?}");
    }

    #[track_caller]
    fn restarted(&mut self, why: Restart, text: &str) {
        let look = self.tail.look();
        assert!(matches!(look, Look::Restarted(w) if w == why), "{look:?} for {why:?}");
        assert_eq!(self.rest(), text);
    }

    #[track_caller]
    fn gone(&mut self) {
        let look = self.tail.look();
        assert!(matches!(look, Look::Gone), "{look:?}");
    }
}

/// Longer than both prints together.
fn long(fill: char) -> String {
    fill.to_string().repeat(600)
}

#[test]
fn it_is_appended_to() {
    let mut log = Log::new("one\n");
    log.grown("one\n");
    assert_eq!((log.tail.offset(), log.tail.len(), log.tail.is_empty()), (4, 4, false));
    log.same();
    log.append("two\n");
    log.grown("two\n");
    for n in 0..100 {
        log.append(&format!("{n}\n"));
        log.grown(&format!("{n}\n"));
    }
    log.same();
}

#[test]
fn nothing_is_opened_before_it_is_needed() {
    let mut log = Log::new("one\n");
    assert!(!log.tail.is_open());
    assert!(matches!(log.tail.look(), Look::Grown));
    assert!(!log.tail.is_open());
    log.rest();
    assert!(log.tail.is_open());
    log.tail.close();
    log.same();
    assert!(!log.tail.is_open(), "a look at an unchanged file opens nothing");
}

#[test]
fn its_newest_end_is_read_without_moving() {
    let mut log = Log::new("one two three");
    let mut buffer = [0; 5];
    assert_eq!(log.tail.read_at(8, &mut buffer).unwrap(), 5);
    assert_eq!((&buffer, log.tail.offset()), (b"three", 0));
    log.grown("one two three");
}

#[test]
fn it_is_truncated() {
    for rest in ["", "ab", "0123456789"] {
        let mut log = Log::new("0123456789ab");
        log.grown("0123456789ab");
        fs::write(log.path(), rest).unwrap();
        log.restarted(Restart::Truncated, rest);
        log.append("on\n");
        log.grown("on\n");
    }
}

#[test]
fn it_is_truncated_and_grows_past_its_old_length() {
    let mut log = Log::new("epoch 1\nepoch 2\n");
    log.grown("epoch 1\nepoch 2\n");
    log.tick();
    fs::write(log.path(), "a new run that is longer\n").unwrap();
    log.restarted(Restart::Rewritten, "a new run that is longer\n");
}

#[test]
fn it_is_truncated_and_grows_though_it_begins_as_before() {
    let banner = long('=');
    let mut log = Log::new(&format!("{banner}\nstep 1 of the first run, with its own figures\n"));
    let _ = log.tail.look();
    log.rest();
    log.tick();
    let second =
        format!("{banner}\nstep 1 of the second run, and more than there was of the first: {banner}\n");
    fs::write(log.path(), &second).unwrap();
    log.restarted(Restart::Rewritten, &second);
}

#[test]
fn it_is_rewritten_in_place_at_the_same_length() {
    let mut log = Log::new("step 41");
    log.grown("step 41");
    let version = log.tail.version();
    log.tick();
    fs::write(log.path(), "step 42").unwrap();
    log.restarted(Restart::Rewritten, "step 42");
    assert!(log.tail.version() > version);
}

#[test]
fn it_is_changed_in_the_middle_which_only_its_version_tells() {
    let mut log = Log::new(&long('x'));
    log.grown(&long('x'));
    let version = log.tail.version();
    log.tick();
    OpenOptions::new().write(true).open(log.path()).unwrap().write_all_at(b"y", 300).unwrap();
    log.same();
    assert_eq!(log.tail.version(), version + 1);
    log.same();
    assert_eq!(log.tail.version(), version + 1);
}

#[test]
fn it_is_touched_and_nothing_comes_of_it() {
    let mut log = Log::new("one\n");
    log.grown("one\n");
    log.tick();
    fs::write(log.path(), "one\n").unwrap();
    log.same();
    log.append("two\n");
    log.grown("two\n");
}

#[test]
fn it_is_renamed_and_recreated() {
    let mut log = Log::new("old\n");
    log.grown("old\n");
    log.rename();
    fs::write(log.path(), "new\n").unwrap();
    log.restarted(Restart::Replaced, "new\n");
    log.append("more\n");
    log.grown("more\n");
}

#[test]
fn the_rest_of_the_old_file_comes_before_the_new_one() {
    let mut log = Log::new("old\n");
    log.grown("old\n");
    log.append("last words\n");
    log.rename();
    fs::write(log.path(), "new\n").unwrap();
    log.grown("last words\n");
    log.restarted(Restart::Replaced, "new\n");
}

#[test]
fn a_writer_that_holds_the_old_file_does_not_keep_us_from_the_new_one() {
    let mut log = Log::new("old\n");
    log.grown("old\n");
    log.append("last words\n");
    let old = log.rename();
    fs::write(log.path(), "new\n").unwrap();
    let look = log.tail.look();
    assert!(matches!(look, Look::Grown), "{look:?}");
    fs::write(&old, "old\nlast words\nand on\n").unwrap();
    assert_eq!(log.rest(), "last words\nand on\n");
    fs::write(&old, "old\nlast words\nand on\nand on\n").unwrap();
    log.restarted(Restart::Replaced, "new\n");
}

#[test]
fn renamed_while_closed_the_new_one_is_read_from_its_beginning() {
    let mut log = Log::new("old\n");
    log.grown("old\n");
    log.tail.close();
    log.rename();
    fs::write(log.path(), "new and longer\n").unwrap();
    log.restarted(Restart::Replaced, "new and longer\n");
}

#[test]
fn it_is_replaced_by_renaming_another_onto_it() {
    let mut log = Log::new("{\"step\": 41}");
    log.grown("{\"step\": 41}");
    let temporary = log.folder.path().join("tmp");
    fs::write(&temporary, "{\"step\": 42}").unwrap();
    fs::rename(&temporary, log.path()).unwrap();
    log.restarted(Restart::Replaced, "{\"step\": 42}");
}

#[test]
fn it_is_deleted_and_recreated() {
    let mut log = Log::new("old\n");
    log.grown("old\n");
    fs::remove_file(log.path()).unwrap();
    log.gone();
    log.gone();
    log.append("new\n");
    log.restarted(Restart::Replaced, "new\n");
}

#[test]
fn what_is_written_to_a_deleted_file_is_still_read() {
    let mut log = Log::new("old\n");
    log.grown("old\n");
    let mut writer = OpenOptions::new().append(true).open(log.path()).unwrap();
    fs::remove_file(log.path()).unwrap();
    writer.write_all(b"last words\n").unwrap();
    log.grown("last words\n");
    log.gone();
    writer.write_all(b"not yet\n").unwrap();
    log.grown("not yet\n");
    log.gone();
}

#[test]
fn it_is_deleted_and_its_inode_used_again_while_closed() {
    // most file systems give the number to the next file; where they do not, it is another file by its number
    for text in ["x\n", "another run, longer than the one before\n"] {
        let mut log = Log::new("the run before\n");
        log.grown("the run before\n");
        log.tail.close();
        log.tick();
        fs::remove_file(log.path()).unwrap();
        fs::write(log.path(), text).unwrap();
        let look = log.tail.look();
        assert!(matches!(look, Look::Restarted(_)), "{look:?}");
        assert_eq!(log.rest(), text);
    }
}

#[test]
fn it_is_copied_and_truncated() {
    let mut log = Log::new("one\ntwo\n");
    log.grown("one\ntwo\n");
    let writer = OpenOptions::new().append(true).open(log.path()).unwrap();
    fs::copy(log.path(), log.folder.path().join("training.log.1")).unwrap();
    writer.set_len(0).unwrap();
    log.restarted(Restart::Truncated, "");
    (&writer).write_all(b"three\n").unwrap();
    log.grown("three\n");
}

#[test]
fn it_is_copied_and_truncated_and_is_longer_when_we_look() {
    let mut log = Log::new("one\n");
    log.grown("one\n");
    log.tick();
    let writer = OpenOptions::new().append(true).open(log.path()).unwrap();
    writer.set_len(0).unwrap();
    (&writer).write_all(b"three\nfour\n").unwrap();
    log.restarted(Restart::Rewritten, "three\nfour\n");
}

#[test]
fn it_is_not_there_yet() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log { tail: Tailer::new(folder.path().join("sub/training.log")), folder };
    log.gone();
    assert_eq!(log.tail.read(&mut [0; 8]).unwrap(), 0);
    fs::create_dir(log.folder.path().join("sub")).unwrap();
    log.append("first\n");
    log.grown("first\n");
}

#[test]
fn it_is_empty_at_first() {
    let mut log = Log::new("");
    log.same();
    assert!(log.tail.is_empty());
    log.append("first\n");
    log.grown("first\n");
}

#[test]
fn a_folder_takes_its_place() {
    let mut log = Log::new("one\n");
    log.grown("one\n");
    log.append("two\n");
    log.rename();
    fs::create_dir(log.path()).unwrap();
    log.grown("two\n");
    let look = log.tail.look();
    assert!(matches!(&look, Look::Failed(e) if e.kind() == io::ErrorKind::IsADirectory), "{look:?}");
    fs::remove_dir(log.path()).unwrap();
    log.append("three\n");
    log.restarted(Restart::Replaced, "three\n");
}

#[test]
fn a_pipe_takes_its_place_and_does_not_hold_us_up() {
    let mut log = Log::new("one\n");
    log.grown("one\n");
    fs::remove_file(log.path()).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, log.path(), rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0)
        .unwrap();
    let look = log.tail.look();
    assert!(matches!(look, Look::Failed(_)), "{look:?}");
    let mut fresh = Tailer::new(log.path().to_path_buf());
    assert!(fresh.read(&mut [0; 8]).is_err());
}

#[test]
fn an_error_of_the_disk_is_told_and_tried_again() {
    // the memory of a process reads as EIO where nothing is mapped: page 0
    let mut tail = Tailer::new(PathBuf::from("/proc/self/mem"));
    let error = tail.read(&mut [0; 8]).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::IO.raw_os_error()));
    assert_eq!(tail.offset(), 0);
    assert!(tail.read(&mut [0; 8]).is_err(), "and again");
}

#[test]
fn an_error_between_two_looks_loses_nothing() {
    let mut log = Log::new("one\n");
    log.grown("one\n");
    // a link in a circle cannot be looked at, whoever asks: the stand-in for a permission that is taken away
    let kept = log.rename();
    symlink(log.path(), log.path()).unwrap();
    let look = log.tail.look();
    assert!(matches!(look, Look::Failed(_)), "{look:?}");
    fs::remove_file(log.path()).unwrap();
    fs::rename(&kept, log.path()).unwrap();
    log.append("two\n");
    log.grown("two\n");
}

#[test]
fn permission_that_is_taken_away_is_told_and_comes_back() {
    if rustix::process::geteuid().is_root() {
        return; // nothing is forbidden to root: the test above stands in for this one
    }
    let mut log = Log::new("one\n");
    log.grown("one\n");
    log.tail.close();
    log.tick();
    log.append("two\n");
    fs::set_permissions(log.path(), fs::Permissions::from_mode(0o0)).unwrap();
    let look = log.tail.look();
    assert!(matches!(&look, Look::Failed(e) if e.kind() == io::ErrorKind::PermissionDenied), "{look:?}");
    fs::set_permissions(log.path(), fs::Permissions::from_mode(0o600)).unwrap();
    log.grown("two\n");
}

#[test]
fn a_link_is_followed_to_another_file() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let path = folder.path().join("latest.log");
    symlink("a", &path).unwrap();
    let mut log = Log { tail: Tailer::new(path.clone()), folder };
    log.grown("a");
    fs::remove_file(&path).unwrap();
    symlink("b", &path).unwrap();
    log.restarted(Restart::Replaced, "b");
}

#[test]
fn another_file_than_was_looked_at_is_not_read_on() {
    let mut log = Log::new("0123456789");
    assert!(matches!(log.tail.look(), Look::Grown));
    log.rename();
    fs::write(log.path(), "abcdefghij").unwrap();
    assert_eq!(log.rest(), "", "the look comes first");
    log.restarted(Restart::Replaced, "abcdefghij");
}

#[test]
fn a_hundred_rotations_lose_no_line() {
    let mut log = Log::new("");
    let (mut seen, mut written) = (String::new(), String::new());
    for turn in 0..100 {
        for line in 0..turn % 4 + 2 {
            let text = format!("{turn}.{line}\n");
            log.append(&text);
            written += &text;
            if line == 0 {
                // each file is looked at once at least: what comes and goes between two looks was never there for us
                while !matches!(log.tail.look(), Look::Same) {
                    seen += &log.rest();
                }
            }
        }
        log.rename();
    }
    while !matches!(log.tail.look(), Look::Gone) {
        seen += &log.rest();
    }
    assert_eq!(seen, written);
}
