//! What the system denies, what is left behind, and keys that come while everything else is busy.

use std::fs;
use std::os::fd::OwnedFd;
use std::process::Command;

use rustix::fs::inotify;
use rustix::fs::inotify::CreateFlags;
use rustix::process::Signal;

use super::open;
use super::row_has;
use crate::support::pty::Session;
use crate::support::pty::Start;
use crate::support::pty::until;
use crate::support::runs::Place;
use crate::support::runs::append;
use crate::support::runs::listing;
use crate::support::runs::steps;

/// The program where the kernel gives so many watches of files. That takes a user namespace, whose limits are its own; where
/// nobody may make one, all watchers that the user may have are held instead, which leaves it with none at all.
fn with_few_watches(place: &Place, limit: &str, most: u32) -> (Session, Vec<OwnedFd>) {
    let file = format!("/proc/sys/user/{limit}");
    let probe = Command::new("unshare").args(["-Ur", "sh", "-c", &format!("echo {most} > {file}")]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        let held = all_watchers();
        return (open(place), held);
    }
    let line = format!(
        "exec unshare -Ur sh -c 'echo {most} > {file}; exec {} {}'",
        env!("CARGO_BIN_EXE_trainmon"),
        place.root().display()
    );
    (Start::shell(place.home(), &line).go(), Vec::new())
}

/// Takes every watcher that the system gives this user.
fn all_watchers() -> Vec<OwnedFd> {
    let mut held = Vec::new();
    while let Ok(watcher) = inotify::init(CreateFlags::CLOEXEC) {
        held.push(watcher);
        assert!(
            held.len() < 900,
            "neither a user namespace can be made nor the watchers be used up: see fs.inotify.max_user_instances"
        );
    }
    held
}

/// Whatever happens is seen by looking alone.
fn sees_everything(place: &Place, session: &Session) {
    row_has(session, "run-a", &["40/100", "0.1111"]);
    append(&place.log("run-a"), steps(41, 41, 100, |_| 0.4141));
    row_has(session, "run-a", &["41/100", "0.4141"]);
    place.run("run-c", steps(1, 3, 10, |_| 3.3333));
    row_has(session, "run-c", &["3/10", "3.3333"]);
    append(&place.log("run-c"), steps(4, 4, 10, |_| 4.4444));
    row_has(session, "run-c", &["4/10", "4.4444"]);
    fs::remove_dir_all(place.root().join("run-b")).expect("removed");
    session.hides("run-b");
    fs::write(place.log("run-a"), steps(1, 2, 7, |_| 7.7777)).expect("written anew");
    row_has(session, "run-a", &["2/7", "7.7777"]);
}

fn two_runs() -> Place {
    let place = Place::with("run-a", steps(1, 40, 100, |_| 0.1111));
    place.run("run-b", steps(1, 2, 9, |_| 2.2222));
    place
}

#[test]
fn where_the_system_gives_no_watcher_it_looks() {
    let place = two_runs();
    let (session, _held) = with_few_watches(&place, "max_inotify_instances", 0);
    sees_everything(&place, &session);
}

#[test]
fn where_the_watches_run_out_it_looks() {
    let place = two_runs();
    let (session, _held) = with_few_watches(&place, "max_inotify_watches", 1);
    sees_everything(&place, &session);
}

#[test]
fn it_leaves_nothing_behind_whatever_is_looked_at_and_however_it_ends() {
    let place = two_runs();
    place.run("group/run-d", steps(1, 2, 9, |_| 2.2222));
    fs::write(place.root().join("run-a/metrics.csv"), "step,loss\n1,0.5\n2,0.4\n").expect("a file");
    let before = listing(place.root());
    for last in [Some(Signal::KILL), Some(Signal::TERM), None] {
        let mut session = open(&place);
        row_has(&session, "run-a", &["40/100"]);
        for (keys, shows) in [
            ("/run-a\r", "run-a"),
            ("2", "last sign of life"),
            ("3", "following"),
            ("/loss\r", "step 40/100"),
            ("g", "step 1/100"),
            ("1", "run-a"),
            ("?", "quit, whatever is going on"),
        ] {
            session.send(keys);
            session.shows(shows);
        }
        session.send("\x1b");
        match last {
            Some(signal) => session.signal(signal),
            None => session.send("\x03"),
        }
        session.ends();
        assert_eq!(listing(place.root()), before, "after {last:?}");
    }
}

/// Thirty keys, of which none may be lost or come in another order for `run-1999` to be found.
const BURST: &str = "/x\x7fr\x7frx\x7fuyy\x7f\x7fnn\x7f-1\x7f19\x7f9999\x7fz\x7f\r";

fn two_thousand_runs() -> Place {
    let place = Place::new();
    let log = steps(1, 60, 100, |step| 1.0 / f64::from(step));
    for n in 0..2000 {
        place.run(format!("run-{n:04}"), &log);
    }
    place
}

#[test]
fn keys_that_come_in_one_burst_while_runs_are_read_are_all_taken() {
    assert_eq!(BURST.chars().count(), 30);
    let place = two_thousand_runs();
    for early in [false, true] {
        let session = open(&place);
        if !early {
            until("the terminal taken", || session.modes() == [true; 3]);
        }
        session.send(BURST);
        // what is typed before that is echoed
        until("the terminal taken", || session.modes() == [true; 3]);
        row_has(&session, "run-1999", &["60/100", "60%"]);
        session.hides("run-1998");
        session.send("2");
        session.shows("last sign of life");
    }
}
