use super::*;
use crate::source::processes::program::named;
use crate::source::processes::program::role;

/// A process with the looks of a command line, which works in `/home`.
fn process(pid: u32, parent: u32, line: &str) -> Process {
    let args: Vec<std::ffi::OsString> = line.split(' ').map(Into::into).collect();
    let role = role(&args);
    let cwd = PathBuf::from("/home");
    let names = if role == Role::Other { Vec::new() } else { named(&args, Some(&cwd)) };
    Process {
        id: ProcessId { pid, start: u64::from(pid) },
        parent,
        program: line.split(' ').next().unwrap_or_default().into(),
        since: None,
        role,
        names,
        cwd: Some(cwd),
        writes: Vec::new(),
        hears: None,
        prints: Vec::new(),
    }
}

/// The same, working elsewhere; the words of its arguments are names of what is there.
fn at(process: Process, cwd: &str) -> Process {
    let moved =
        |path: &PathBuf| path.strip_prefix("/home").map_or(path.clone(), |below| Path::new(cwd).join(below));
    let names = process.names.iter().map(moved).collect();
    Process { cwd: Some(cwd.into()), names, ..process }
}

fn writing(process: Process, path: &str) -> Process {
    Process { writes: vec![path.into()], ..process }
}

fn key(id: &str) -> RunKey {
    RunKey { root: 0, id: id.into() }
}

/// The project `/exp`, which is a run itself, with `a` and `b` in it, and the job `/jobs/one.jsonl`.
fn places() -> Places {
    let mut places = Places::default();
    places.add(&key("."), Path::new("/exp"), false);
    places.add(&key("a"), Path::new("/exp/a"), false);
    places.add(&key("b"), Path::new("/exp/b/"), false);
    places.add(&key("one"), Path::new("/jobs/one.jsonl"), true);
    places
}

/// `run: pid tie, pid tie` for each run, sorted.
fn bound(processes: &[Process]) -> Vec<String> {
    let tie = |tie: &Tie| match tie {
        Tie::Writes(file) => format!("writes {file}"),
        Tie::Prints(file) => format!("prints {file}"),
        Tie::Names => "names".to_owned(),
        Tie::Folder => "folder".to_owned(),
        Tie::Child => "child".to_owned(),
    };
    let mut runs: Vec<String> = bind(processes, &places())
        .into_iter()
        .map(|(key, bound)| {
            let all: Vec<String> =
                bound.iter().map(|one| format!("{} {}", one.owner.pid, tie(&one.owner.tie))).collect();
            format!("{}: {}", key.id, all.join(", "))
        })
        .collect();
    runs.sort();
    runs
}

#[test]
fn who_writes_owns_whatever_it_is() {
    assert_eq!(bound(&[writing(process(7, 1, "trainer"), "/exp/a/logs/x.log")]), ["a: 7 writes logs/x.log"]);
    assert_eq!(bound(&[writing(process(7, 1, "vim x"), "/jobs/one.jsonl")]), ["one: 7 writes one.jsonl"]);
    assert!(bound(&[writing(process(7, 1, "trainer"), "/jobs/two.jsonl")]).is_empty());
    assert!(bound(&[writing(process(7, 1, "trainer"), "/experiments/x.log")]).is_empty(), "a longer name");
}

#[test]
fn a_folder_and_arguments_count_for_who_may_train() {
    assert_eq!(bound(&[at(process(7, 1, "python train.py"), "/exp/a/src")]), ["a: 7 folder"]);
    assert_eq!(bound(&[at(process(7, 1, "python train.py --lr 1"), "/exp/a")]), ["a: 7 folder"]);
    assert_eq!(bound(&[process(7, 1, "python train.py --out /exp/a")]), ["a: 7 names"]);
    assert_eq!(bound(&[process(7, 1, "python train.py --log /jobs/one.jsonl")]), ["one: 7 names"]);
    for line in [
        "bash",
        "-bash",
        "vim /exp/a/training.log",
        "tail -f /exp/a/training.log",
        "less x",
        "tmux",
        "trainmon /exp/a",
        "rsync -a /exp/a host:",
        "ls /exp/a",
        "python",
        "bash backup.sh /exp/a",
    ] {
        assert!(bound(&[at(process(7, 1, line), "/exp/a")]).is_empty(), "{line}");
    }
    assert!(
        bound(&[at(process(7, 1, "python train.py"), "/jobs")]).is_empty(),
        "a folder of jobs is none of them"
    );
}

#[test]
fn the_strongest_tie_decides() {
    let here = at(process(7, 1, "python train.py"), "/exp");
    assert_eq!(bound(std::slice::from_ref(&here)), [".: 7 folder"]);
    assert_eq!(bound(&[writing(here, "/exp/b/train.log")]), ["b: 7 writes train.log"]);
    let named = at(process(7, 1, "python train.py --out /exp/a"), "/exp");
    assert_eq!(bound(&[named]), ["a: 7 names"]);
}

#[test]
fn what_a_launcher_has_started_counts_with_it() {
    let ranks = [
        at(process(10, 1, "python /bin/torchrun train.py"), "/exp/a"),
        at(process(11, 10, "python train.py"), "/"),
        writing(process(12, 10, "python train.py"), "/exp/a/train.log"),
        process(13, 12, "python worker.py"),
        process(14, 12, "nvidia-smi"),
    ];
    assert_eq!(bound(&ranks), ["a: 12 writes train.log, 10 folder, 11 child, 13 child"]);
}

#[test]
fn a_sweep_is_not_each_of_its_runs() {
    let sweep = [
        writing(process(10, 1, "python sweep.py"), "/exp/sweep.log"),
        writing(process(11, 10, "python train.py"), "/exp/a/train.log"),
        writing(process(12, 10, "python train.py"), "/exp/b/train.log"),
    ];
    assert_eq!(bound(&sweep), [".: 10 writes sweep.log", "a: 11 writes train.log", "b: 12 writes train.log"]);
}

#[test]
fn a_script_counts_while_it_runs_one_that_may_train() {
    let script = at(process(10, 1, "bash job.sh"), "/exp/a");
    assert_eq!(bound(&[script.clone(), process(11, 10, "python train.py")]), ["a: 10 folder, 11 child"]);
    assert!(bound(&[script, process(11, 10, "rsync -a . host:")]).is_empty());
    let shell = at(process(10, 1, "-bash"), "/exp/a");
    assert!(bound(&[shell, process(11, 10, "python train.py")]).is_empty(), "a prompt binds nobody");
}

#[test]
fn a_parent_that_is_younger_than_its_child_took_a_pid() {
    let mut child = process(11, 10, "python train.py");
    child.id.start = 5;
    assert_eq!(bound(&[at(process(10, 1, "python a.py"), "/exp/a"), child]), ["a: 10 folder"]);
}

#[test]
fn who_prints_into_a_pipe_owns_what_its_reader_writes() {
    let tee = Process { hears: Some(77), ..writing(process(8, 1, "tee train.log"), "/exp/a/train.log") };
    let train = Process { prints: vec![77], ..process(7, 1, "python train.py") };
    let other = Process { prints: vec![78], ..process(9, 1, "python train.py") };
    assert_eq!(bound(&[tee.clone(), train, other]), ["a: 7 prints train.log, 8 writes train.log"]);
    let shell = Process { prints: vec![77], ..process(7, 1, "-bash") };
    assert_eq!(bound(&[tee, shell]), ["a: 8 writes train.log"]);
}

#[test]
fn roots_may_lie_in_each_other_and_be_given_twice() {
    let mut places = places();
    places.add(&RunKey { root: 1, id: ".".into() }, Path::new("/exp/a"), false);
    places.add(&RunKey { root: 2, id: ".".into() }, Path::new("/exp/a/train.log"), true);
    let keys: Vec<u32> =
        places.of(Path::new("/exp/a/train.log")).iter().map(|place| place.key.root).collect();
    assert_eq!(keys, [2, 0, 1]);
    let mut all = Places::default();
    all.add(&key("."), Path::new("/"), false);
    assert!(all.holds(Path::new("/etc/x")) && !Places::default().holds(Path::new("/etc/x")));
}

#[test]
fn more_than_can_be_listed_are_cut() {
    let ranks: Vec<Process> =
        (2..2000).map(|pid| writing(process(pid, 1, "python t.py"), "/exp/a/x")).collect();
    let bound = bind(&ranks, &places());
    assert_eq!(bound.values().next().map(Vec::len), Some(MOST));
}
