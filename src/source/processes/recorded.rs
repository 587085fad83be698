//! Processes that a run names itself.
//!
//! `TensorBoard`'s writers put the machine and the process into the name of each event file:
//! `events.out.tfevents.1767607200.gpu1.4242.0` (`tensorboard/summary/writer/event_file_writer.py`, used by `PyTorch` and `JAX`), and
//! `TensorFlow`'s own `events.out.tfevents.1767607200.gpu1.4242.0.v2` (`tensorflow/core/summary/summary_file_writer.cc`). So after
//! the fact, and without having seen it, it can be told that the process of a run is dead, where the machine is this one.

use std::sync::Arc;

/// What the name of an event file says of its writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The file's path below the run.
    pub file: Arc<str>,
    /// The machine's name.
    pub host: String,
    /// Process id there.
    pub pid: u32,
    /// When the file was begun, in seconds since 1970.
    pub begun: i64,
}

/// The writer of the event file at `path`; `None` when it is no event file or its name does not tell.
pub fn writer(path: &Arc<str>) -> Option<Recorded> {
    let name = path.rsplit('/').next()?;
    let (_, rest) = name.split_once("tfevents.")?;
    let (begun, rest) = rest.split_once('.')?;
    let rest = rest.strip_suffix(".v2").unwrap_or(rest);
    // a machine's name may have dots in it
    let (rest, count) = rest.rsplit_once('.')?;
    let (host, pid) = rest.rsplit_once('.')?;
    let _: u32 = count.parse().ok()?;
    let known = !host.is_empty() && !host.starts_with("localhost");
    let recorded = Recorded {
        file: Arc::clone(path),
        host: host.to_owned(),
        pid: pid.parse().ok().filter(|pid| *pid > 0)?,
        begun: begun.parse().ok().filter(|begun| *begun > 0)?,
    };
    known.then_some(recorded)
}

/// The writers of a run's files, if all of them were processes of `host`; the newest first. None when any was elsewhere: that one
/// may go on.
pub fn writers<'a>(files: impl IntoIterator<Item = &'a Arc<str>>, host: &str) -> Vec<Recorded> {
    let mut all: Vec<Recorded> = Vec::new();
    for file in files {
        if !file.contains("tfevents") {
            continue;
        }
        match writer(file).filter(|recorded| recorded.host == host) {
            Some(recorded) => all.push(recorded),
            None => return Vec::new(),
        }
    }
    all.sort_by_key(|recorded| std::cmp::Reverse(recorded.begun));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Option<(String, u32, i64)> {
        writer(&Arc::from(name)).map(|recorded| (recorded.host, recorded.pid, recorded.begun))
    }

    #[test]
    fn names_tell_the_machine_and_the_process() {
        let gpu1 = Some(("gpu1".to_owned(), 4242, 1_767_607_200));
        assert_eq!(of("events.out.tfevents.1767607200.gpu1.4242.0"), gpu1);
        assert_eq!(of("tb/version_0/events.out.tfevents.1767607200.gpu1.4242.0.v2"), gpu1);
        assert_eq!(
            of("events.out.tfevents.1767607200.gpu1.my.lab.4242.12").map(|told| told.0).unwrap(),
            "gpu1.my.lab"
        );
        for name in [
            "events.out.tfevents.1767607200.gpu1",
            "events.out.tfevents.1767607200.gpu1.0.0",
            "events.out.tfevents.1767607200.gpu1.x.0",
            "events.out.tfevents.soon.gpu1.4242.0",
            "events.out.tfevents.1767607200.localhost.localdomain.4242.0",
            "training.log",
            "",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }

    #[test]
    fn one_that_was_elsewhere_makes_all_uncertain() {
        let files = ["training.log", "events.out.tfevents.1.gpu1.7.0", "events.out.tfevents.9.gpu1.8.0"];
        let files: Vec<Arc<str>> = files.into_iter().map(Arc::from).collect();
        let pids: Vec<u32> = writers(&files, "gpu1").iter().map(|recorded| recorded.pid).collect();
        assert_eq!(pids, [8, 7]);
        assert!(writers(&files, "gpu2").is_empty());
        let other: Arc<str> = "events.out.tfevents.2.gpu2.7.0".into();
        assert!(writers(files.iter().chain([&other]), "gpu1").is_empty());
    }
}
