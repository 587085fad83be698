//! Following files as the program does, with the watcher and with the sweep alone: in both cases every line arrives.

use std::collections::HashMap;
use std::fs;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use tempfile::TempDir;
use trainmon::clock::Clock;
use trainmon::clock::SystemClock;
use trainmon::model::stamp::Stamp;
use trainmon::source::discover;
use trainmon::source::discover::Found;
use trainmon::source::stdin::Spool;
use trainmon::source::sweep::Sweep;
use trainmon::source::tail::Look;
use trainmon::source::tail::Tailer;
use trainmon::source::watch::Heard;
use trainmon::source::watch::Watch;

/// A small reader: what the engine does, without understanding anything.
struct Reader {
    tails: Vec<Tailer>,
    texts: Vec<String>,
    by_path: HashMap<PathBuf, usize>,
    sweep: Sweep<usize>,
    heard: Receiver<Heard>,
    _watch: Watch,
    _never: Option<std::sync::mpsc::SyncSender<Heard>>,
}

impl Reader {
    fn new(paths: &[PathBuf], watching: bool) -> Self {
        let (send, heard) = sync_channel(1000);
        let never = (!watching).then(|| send.clone());
        let mut watch = if watching {
            Watch::new(move |heard| {
                let _full = send.try_send(heard);
            })
        } else {
            Watch::none()
        };
        let folders: Vec<PathBuf> =
            paths.iter().filter_map(|path| path.parent()).map(Path::to_path_buf).collect();
        watch.want(&folders);
        let now = SystemClock.now();
        let mut reader = Self {
            tails: paths.iter().cloned().map(Tailer::new).collect(),
            texts: vec![String::new(); paths.len()],
            by_path: paths.iter().cloned().enumerate().map(|(n, path)| (path, n)).collect(),
            sweep: Sweep::new(),
            heard,
            _watch: watch,
            _never: never,
        };
        for n in 0..paths.len() {
            reader.sweep.track(n, Some(now), true, now);
            reader.look(n, now);
        }
        reader
    }

    fn look(&mut self, n: usize, now: Stamp) {
        let (tail, text) = (&mut self.tails[n], &mut self.texts[n]);
        loop {
            match tail.look() {
                Look::Grown => {}
                Look::Restarted(_) => text.push('|'),
                Look::Same | Look::Gone | Look::Failed(_) => break,
            }
            let mut buffer = [0; 256];
            while let Ok(read) = tail.read(&mut buffer) {
                text.push_str(&String::from_utf8_lossy(&buffer[..read]));
                if read == 0 {
                    break;
                }
            }
        }
        self.sweep.track(n, tail.modified().or(Some(now)), true, now);
    }

    /// Goes on until a text is as wanted.
    #[track_caller]
    fn until(&mut self, n: usize, wanted: &str) {
        let end = SystemClock.now().plus(Duration::from_secs(30));
        loop {
            let now = SystemClock.now();
            if self.texts[n] == wanted {
                return;
            }
            assert!(now < end, "{:?} instead of {wanted:?}", self.texts[n]);
            let mut due = Vec::new();
            self.sweep.due(now, &mut due);
            let wait = self.sweep.next().map_or(Duration::from_secs(1), |next| next.since(now));
            match self.heard.recv_timeout(wait) {
                Ok(Heard::Changed(path)) => due.extend(self.by_path.get(&path)),
                Ok(Heard::Rescan) => due.extend(0..self.tails.len()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("the watcher has gone"),
            }
            for n in due {
                self.look(n, now);
            }
        }
    }
}

fn append(path: &Path, text: &str) {
    OpenOptions::new().append(true).create(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn logs(count: usize) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> =
        (0..count).map(|n| folder.path().join(format!("run-{n}/training.log"))).collect();
    for path in &paths {
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(path, "start\n").unwrap();
    }
    (folder, paths)
}

#[test]
fn lines_arrive_with_the_watcher_and_with_the_sweep_alone() {
    for watching in [true, false] {
        let (_folder, paths) = logs(3);
        let mut reader = Reader::new(&paths, watching);
        for (n, path) in paths.iter().enumerate() {
            reader.until(n, "start\n");
            append(path, "more\n");
            reader.until(n, "start\nmore\n");
        }
    }
}

#[test]
fn every_fault_passes_with_the_watcher_and_with_the_sweep_alone() {
    for watching in [true, false] {
        let (_folder, paths) = logs(1);
        let path = &paths[0];
        let mut reader = Reader::new(&paths, watching);
        reader.until(0, "start\n");

        fs::write(path, "t\n").unwrap(); // truncated
        reader.until(0, "start\n|t\n");

        fs::write(path, "regrown past it\n").unwrap();
        reader.until(0, "start\n|t\n|regrown past it\n");

        append(path, "last\n");
        fs::rename(path, path.with_extension("log.1")).unwrap(); // rotated
        fs::write(path, "next\n").unwrap();
        reader.until(0, "start\n|t\n|regrown past it\nlast\n|next\n");

        fs::copy(path, path.with_extension("log.2")).unwrap(); // copied and truncated
        OpenOptions::new().write(true).open(path).unwrap().set_len(0).unwrap();
        reader.until(0, "start\n|t\n|regrown past it\nlast\n|next\n|");
        append(path, "cut\n");
        reader.until(0, "start\n|t\n|regrown past it\nlast\n|next\n|cut\n");

        fs::remove_file(path).unwrap(); // deleted and made anew
        fs::write(path, "anew\n").unwrap();
        reader.until(0, "start\n|t\n|regrown past it\nlast\n|next\n|cut\n|anew\n");
    }
}

#[test]
fn a_file_that_comes_later_is_followed() {
    for watching in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("training.log");
        let mut reader = Reader::new(std::slice::from_ref(&path), watching);
        append(&path, "first\n");
        reader.until(0, "first\n");
    }
}

#[test]
fn standard_input_is_followed_like_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let (input, mut output) = std::io::pipe().unwrap();
    let spool = Spool::start(input, &folder.path().join("state")).unwrap();
    let mut runs = Vec::new();
    discover::walk(&spool.root(), 0, &|| false, &mut |found| match found {
        Found::Run(run) => runs.push(run),
        Found::Problem(problem) => panic!("{problem:?}"),
    });
    let [run] = &runs[..] else { panic!("{runs:?}") };
    assert_eq!((&*run.key.id, &*run.name), (".", "standard input"));
    let mut reader = Reader::new(std::slice::from_ref(&run.path), false);
    output.write_all(b"epoch 1\n").unwrap();
    reader.until(0, "epoch 1\n");
    output.write_all(b"epoch 2\n").unwrap();
    reader.until(0, "epoch 1\nepoch 2\n");
}
