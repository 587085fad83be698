//! A made-up `/proc` in a folder, and the real one with processes of our own.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

use super::*;
use crate::model::owner::Tie;

/// A made-up `/proc`.
struct Fake {
    folder: TempDir,
}

/// 2026-01-05T10:00:00Z, when the made-up machine started.
const BOOT: i64 = 1_767_607_200;

impl Fake {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("stat"), format!("cpu  1 2 3\nbtime {BOOT}\n")).unwrap();
        let fake = Self { folder };
        fake.process(1, 0, "systemd", "/");
        fs::create_dir_all(fake.at("self/ns")).unwrap();
        symlink(FIRST_NAMESPACE, fake.at("self/ns/pid")).unwrap();
        symlink("mnt:[1]", fake.at("self/ns/mnt")).unwrap();
        fake
    }

    fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(path)
    }

    fn process(&self, pid: u32, parent: u32, line: &str, cwd: &str) {
        self.stat(pid, parent, 'S', u64::from(pid) * 100, 0);
        let folder = self.at(pid.to_string());
        fs::write(folder.join("cmdline"), line.replace(' ', "\0") + "\0").unwrap();
        symlink(cwd, folder.join("cwd")).unwrap();
        symlink("mnt:[1]", folder.join("ns/mnt")).unwrap();
    }

    fn stat(&self, pid: u32, parent: u32, state: char, start: u64, flags: u32) {
        let folder = self.at(pid.to_string());
        for below in ["fd", "fdinfo", "ns"] {
            fs::create_dir_all(folder.join(below)).unwrap();
        }
        let text =
            format!("{pid} (a) b) {state} {parent} 1 1 0 -1 {flags} 0 0 0 0 0 0 0 0 20 0 1 0 {start} 0 0\n");
        fs::write(folder.join("stat"), text).unwrap();
        fs::write(folder.join("status"), format!("Name:\ta\nNSpid:\t{pid}\n")).unwrap();
    }

    fn opens(&self, pid: u32, fd: u32, target: &str, flags: &str) {
        let folder = self.at(pid.to_string());
        symlink(target, folder.join("fd").join(fd.to_string())).unwrap();
        let info = format!("pos:\t0\nflags:\t{flags}\nmnt_id:\t1\n");
        fs::write(folder.join("fdinfo").join(fd.to_string()), info).unwrap();
    }

    fn scanner(&self) -> Scanner {
        Scanner::at(self.folder.path(), 99, None).unwrap()
    }

    /// `run: pid tie` for each process of the runs at `/exp/a` and `/exp/b`.
    fn owners(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .scanner()
            .owners(&places(&["/exp/a", "/exp/b"]))
            .into_iter()
            .flat_map(|(key, bound)| {
                bound.into_iter().map(move |one| format!("{}: {} {:?}", key.id, one.owner, one.owner.tie))
            })
            .collect();
        all.sort();
        all
    }
}

fn key(id: &str) -> RunKey {
    RunKey { root: 0, id: id.into() }
}

fn places(paths: &[&str]) -> Places {
    let mut places = Places::default();
    for path in paths {
        places.add(&key(path), Path::new(path), false);
    }
    places
}

#[test]
fn writers_own_and_readers_do_not() {
    let fake = Fake::new();
    fake.process(10, 1, "/usr/bin/trainer", "/");
    fake.opens(10, 1, "/exp/a/training.log", "0102001");
    fake.process(11, 1, "tail -f /exp/b/training.log", "/exp/b");
    fake.opens(11, 3, "/exp/b/training.log", "0100000");
    fake.process(12, 1, "less training.log", "/exp/b");
    fake.process(13, 1, "python gone.py", "/");
    fake.opens(13, 3, "/exp/b/training.log (deleted)", "0102001");
    fake.process(99, 1, "trainmon /exp", "/");
    fake.opens(99, 3, "/exp/b/training.log", "0102001");
    assert_eq!(fake.owners(), [r#"/exp/a: pid 10 trainer Writes("training.log")"#]);
}

#[test]
fn a_program_that_trains_and_its_pipe_are_found() {
    let fake = Fake::new();
    fake.process(10, 1, "/opt/bin/python3.11 train.py", "/home");
    fake.opens(10, 1, "pipe:[4711]", "01");
    fake.process(11, 1, "tee /exp/a/out.txt", "/home");
    fake.opens(11, 0, "pipe:[4711]", "00");
    fake.opens(11, 3, "/exp/a/out.txt", "0100001");
    fake.process(12, 1, "python train.py --out b", "/exp");
    let want = [
        r#"/exp/a: pid 10 python3.11 Prints("out.txt")"#,
        r#"/exp/a: pid 11 tee Writes("out.txt")"#,
        "/exp/b: pid 12 python Names",
    ];
    assert_eq!(fake.owners(), want);
}

#[test]
fn the_dead_the_kernel_and_what_is_torn_are_nobody() {
    let fake = Fake::new();
    for (pid, state, flags) in [(10, 'Z', 0), (11, 'S', 0x0020_0040)] {
        fake.process(pid, 1, "python train.py", "/exp/a");
        fake.stat(pid, 1, state, 5, flags);
    }
    fake.process(12, 1, "python train.py", "/exp/a");
    fs::write(fake.at("12/stat"), "12 (python").unwrap();
    fs::create_dir(fake.at("13")).unwrap();
    assert!(fake.owners().is_empty());
}

#[test]
fn names_are_safe_to_draw_and_starts_are_moments() {
    let fake = Fake::new();
    fake.process(10, 1, "\u{1b}[2J\u{202e}evil train.py", "/");
    fake.opens(10, 1, "/exp/a/\u{1b}[2Jx.log", "01");
    let bound = fake.scanner().owners(&places(&["/exp/a"]));
    let owner = &bound[&key("/exp/a")][0].owner;
    assert_eq!((&*owner.program, owner.tie.clone()), ("evil", Tie::Writes("x.log".into())));
    assert_eq!(owner.since, Some(Stamp::from_millis((BOOT + 10) * 1000)));
}

#[test]
fn a_pid_that_was_used_again_is_another_process() {
    let fake = Fake::new();
    fake.process(10, 1, "python train.py", "/exp/a");
    let scanner = fake.scanner();
    assert!(scanner.is_alive(ProcessId { pid: 10, start: 1000 }));
    assert!(!scanner.is_alive(ProcessId { pid: 10, start: 999 }));
    assert!(!scanner.is_alive(ProcessId { pid: 11, start: 1000 }));
    fake.stat(10, 1, 'Z', 1000, 0);
    assert!(!scanner.is_alive(ProcessId { pid: 10, start: 1000 }));
}

#[test]
fn what_belongs_to_others_is_closed_and_nobody_s() {
    let fake = Fake::new();
    fake.process(10, 1, "python train.py", "/exp/a");
    // who cannot be looked into has no folder that can be told
    fs::remove_file(fake.at("10/cwd")).unwrap();
    fs::write(fake.at("10/cwd"), "no link").unwrap();
    assert!(fake.owners().is_empty());
    assert_eq!(fake.scanner().sight(), Sight::Part { seen: 1, closed: 1, hidden: false, own: false });
    let other = rustix::process::geteuid().as_raw() + 1;
    let scanner = Scanner::at(fake.folder.path(), 99, Some(other)).unwrap();
    assert_eq!(scanner.sight(), Sight::Part { seen: 0, closed: 2, hidden: false, own: true });
    fs::remove_dir_all(fake.at("1")).unwrap();
    assert_eq!(scanner.sight(), Sight::Part { seen: 0, closed: 1, hidden: true, own: true });
    assert!(Scanner::at(&fake.at("none"), 99, None).is_none());
}

#[test]
fn a_container_s_path_counts_when_it_is_the_same_folder() {
    let fake = Fake::new();
    let disk = tempfile::tempdir().unwrap();
    let run = disk.path().join("a");
    fs::create_dir(&run).unwrap();
    fake.process(10, 1, "python train.py", run.to_str().unwrap());
    fs::remove_file(fake.at("10/ns/mnt")).unwrap();
    symlink("mnt:[2]", fake.at("10/ns/mnt")).unwrap();
    let places = places(&[run.to_str().unwrap()]);
    symlink("/", fake.at("10/root")).unwrap();
    assert_eq!(fake.scanner().owners(&places).len(), 1);
    // the same path in there is another folder
    fs::remove_file(fake.at("10/root")).unwrap();
    fs::create_dir_all(fake.at("10/root").join(run.strip_prefix("/").unwrap())).unwrap();
    assert!(fake.scanner().owners(&places).is_empty());
}

fn recorded(pid: u32, begun: i64) -> Vec<(RunKey, Vec<Recorded>)> {
    let file = format!("events.out.tfevents.{begun}.gpu1.{pid}.0");
    vec![(key("a"), recorded::writers([&Arc::from(file)], "gpu1"))]
}

#[test]
fn a_process_that_a_file_names_is_dead_when_nobody_can_be_it() {
    let fake = Fake::new();
    fake.process(10, 1, "python train.py", "/");
    fake.process(20, 1, "python train.py", "/");
    fs::write(fake.at("20/status"), "Name:\ta\nNSpid:\t20\t7\n").unwrap();
    let is_dead = |pid, begun| !fake.scanner().dead(&recorded(pid, begun)).is_empty();
    assert!(is_dead(42, BOOT + 50), "nobody has that pid");
    assert!(!is_dead(10, BOOT + 50), "it is there");
    assert!(is_dead(10, BOOT + 5), "the one that is there began later");
    assert!(!is_dead(7, BOOT + 50), "one in a container has it");
    assert!(is_dead(7, BOOT + 5));
    fs::remove_file(fake.at("self/ns/pid")).unwrap();
    symlink("pid:[4026532000]", fake.at("self/ns/pid")).unwrap();
    assert!(!is_dead(42, BOOT + 50), "in a container the others are not seen");
}

/// A process that ends when it is dropped.
struct Own(Child);

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_real_proc_tells_of_a_child_that_writes_and_of_its_end() {
    let disk = tempfile::tempdir().unwrap();
    let run = disk.path().canonicalize().unwrap();
    let mut log = File::options().append(true).create(true).open(run.join("training.log")).unwrap();
    log.write_all(b"step 1/10\n").unwrap();
    let child = Command::new("sleep").arg("600").stdin(Stdio::null()).stdout(log).spawn().unwrap();
    let (pid, child) = (child.id(), Own(child));
    let scanner = Scanner::system().unwrap();
    let places = places(&[run.to_str().unwrap()]);
    let is_sleep = |bound: &HashMap<RunKey, Vec<Bound>>| {
        bound.values().flatten().any(|one| one.owner.pid == pid && &*one.owner.program == "sleep")
    };
    // until it has become the other program it is a copy of this one
    let bound = loop {
        let bound = scanner.owners(&places);
        if is_sleep(&bound) {
            break bound;
        }
        std::thread::yield_now();
    };
    let one = bound.values().flatten().find(|one| one.owner.pid == pid).unwrap();
    assert_eq!(one.owner.tie, Tie::Writes("training.log".into()));
    assert!(scanner.is_alive(one.id));
    drop(child);
    assert!(!scanner.is_alive(one.id));
    assert!(!scanner.owners(&places).values().flatten().any(|one| one.owner.pid == pid));
}
