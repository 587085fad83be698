//! What other programs do to logs while somebody looks: each fault of tailing, on the whole program.
//!
//! Every fault is done twice where that can matter: step by step, each seen on its own, and all at once, while the program is
//! held still and sees only what came of it.

mod escapes;
mod system;

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::pty::Session;
use crate::support::pty::Start;
use crate::support::pty::now;
use crate::support::runs::Place;
use crate::support::runs::append;
use crate::support::runs::steps;

/// The program on a place.
fn open(place: &Place) -> Session {
    Start { home: place.home(), ..Start::trainmon(place.root()) }.go()
}

/// Opens the log page of the only run, once its name is on screen.
fn to_its_log(session: &Session, name: &str) {
    session.shows(name);
    session.send("3");
    session.shows("following");
}

/// Goes to the list: a run that is alone is opened by itself.
fn to_the_list(session: &Session, name: &str) {
    session.shows(name);
    session.send("1");
    session.shows("sort: attention");
}

/// Waits until the list's row of a run holds all of `cells`.
fn row_has(session: &Session, name: &str, cells: &[&str]) {
    session.until(&format!("{cells:?} in the row of {name}"), |screen| {
        screen.lines().any(|line| line.contains(name) && cells.iter().all(|cell| line.contains(cell)))
    });
}

/// Waits until the log page shows `new` and nothing of `old`, then that the list says `cells`.
fn turned_to(session: &Session, name: &str, new: &str, old: &str, cells: &[&str]) {
    session.until(&format!("{new:?} and not {old:?} in the log"), |screen| {
        screen.contains(new) && !screen.contains(old)
    });
    session.send("1");
    row_has(session, name, cells);
}

/// A run of 40 steps with a loss of 0.1111, its log open.
fn forty_steps(session: &Session) {
    to_its_log(session, "run-a");
    session.shows("step 40/100 loss=0.1111");
}

fn place_of_forty_steps() -> Place {
    Place::with("run-a", steps(1, 40, 100, |_| 0.1111))
}

/// Writes a file anew as `open(path, "w")` does.
fn overwrite(path: &Path, text: &str) {
    fs::File::create(path).expect("the file").write_all(text.as_bytes()).expect("room for it");
}

#[test]
fn a_bar_that_is_only_redrawn_shows_its_newest_frame() {
    let place = Place::with("run-a", "2026-01-05 10:00:00 INFO training begins\n");
    let log = place.log("run-a");
    let session = open(&place);
    to_the_list(&session, "run-a");
    let frame = |n: u32| {
        let bar = "#".repeat(n as usize / 10);
        format!(
            "\rEpoch 1/1: {n:3}%|{bar:<10}| {n}/100 [00:{n:02}<01:{:02}, 1.00it/s, loss=0.{n:04}]",
            60 - n
        )
    };
    for n in 1..=59 {
        append(&log, frame(n));
    }
    row_has(&session, "run-a", &["59%"]);
    append(&log, frame(60));
    row_has(&session, "run-a", &["60%", "0.0060"]);
    session.send("3");
    session.until("one row with the newest frame", |screen| {
        let rows: Vec<&str> = screen.lines().filter(|line| line.contains("it/s")).collect();
        rows.len() == 1 && rows[0].contains("60/100 [00:60<01:00")
    });
    assert!(!fs::read_to_string(&log).expect("the log").ends_with('\n'));
}

#[test]
fn truncated_and_a_shorter_run_begun() {
    let new = steps(1, 3, 10, |_| 7.7777);
    for at_once in [false, true] {
        let place = place_of_forty_steps();
        let log = place.log("run-a");
        let session = open(&place);
        forty_steps(&session);
        if at_once {
            session.unseen(|| overwrite(&log, &new));
        } else {
            overwrite(&log, "");
            session.hides("0.1111");
            append(&log, &new);
        }
        turned_to(&session, "run-a", "step 3/10 loss=7.7777", "0.1111", &["3/10", "30%", "7.7777"]);
    }
}

#[test]
fn truncated_and_at_once_longer_than_before() {
    let new = steps(1, 90, 300, |_| 7.7777);
    for unseen in [false, true] {
        let place = place_of_forty_steps();
        let log = place.log("run-a");
        let session = open(&place);
        forty_steps(&session);
        if unseen {
            session.unseen(|| overwrite(&log, &new));
        } else {
            overwrite(&log, &new);
        }
        turned_to(&session, "run-a", "step 90/300 loss=7.7777", "0.1111", &["90/300", "30%", "7.7777"]);
        session.send("3g");
        session.shows("step 1/300 loss=7.7777");
        append(&log, steps(91, 91, 300, |_| 0.9191));
        session.send("1");
        row_has(&session, "run-a", &["91/300", "0.9191"]);
    }
}

#[test]
fn renamed_and_another_one_created() {
    let new = steps(1, 3, 10, |_| 7.7777);
    for at_once in [false, true] {
        let place = place_of_forty_steps();
        let log = place.log("run-a");
        let session = open(&place);
        forty_steps(&session);
        let rename = || fs::rename(&log, log.with_extension("log.1")).expect("renamed");
        if at_once {
            session.unseen(|| {
                rename();
                overwrite(&log, &new);
            });
        } else {
            rename();
            overwrite(&log, "");
            append(&log, &new);
        }
        turned_to(&session, "run-a", "step 3/10 loss=7.7777", "0.1111", &["3/10", "30%", "7.7777"]);
        append(&log, steps(4, 4, 10, |_| 6.6666));
        row_has(&session, "run-a", &["4/10", "6.6666"]);
    }
}

#[test]
fn deleted_and_later_created_again() {
    let new = steps(1, 3, 10, |_| 7.7777);
    for at_once in [false, true] {
        let place = place_of_forty_steps();
        // what keeps the folder a run while its log is away
        place.run("run-b", steps(1, 2, 9, |_| 2.2222));
        let log = place.log("run-a");
        let session = open(&place);
        session.shows("run-b");
        session.send("/run-a\r");
        session.hides("run-b");
        forty_steps(&session);
        if at_once {
            session.unseen(|| {
                fs::remove_file(&log).expect("removed");
                overwrite(&log, &new);
            });
        } else {
            fs::remove_file(&log).expect("removed");
            session.send("1");
            session.until("no figure of what is gone", |screen| {
                !screen.lines().any(|line| line.contains("run-a") && line.contains("40%"))
            });
            overwrite(&log, &new);
            row_has(&session, "run-a", &["3/10"]);
            session.send("3");
        }
        turned_to(&session, "run-a", "step 3/10 loss=7.7777", "0.1111", &["3/10", "30%", "7.7777"]);
        append(&log, steps(4, 4, 10, |_| 6.6666));
        row_has(&session, "run-a", &["4/10", "6.6666"]);
    }
}

#[test]
fn copied_and_truncated_by_a_log_rotation() {
    for at_once in [false, true] {
        let place = place_of_forty_steps();
        let log = place.log("run-a");
        let session = open(&place);
        forty_steps(&session);
        let rotate = || {
            fs::copy(&log, log.with_extension("log.1")).expect("a copy");
            fs::File::options().write(true).open(&log).and_then(|file| file.set_len(0)).expect("truncated");
        };
        if at_once {
            session.unseen(|| {
                rotate();
                append(&log, steps(41, 42, 100, |_| 0.4242));
            });
        } else {
            rotate();
            session.hides("step 40/100");
            append(&log, steps(41, 42, 100, |_| 0.4242));
        }
        turned_to(&session, "run-a", "step 42/100 loss=0.4242", "step 40/100", &["42/100", "0.4242"]);
        append(&log, steps(43, 43, 100, |_| 0.4545));
        row_has(&session, "run-a", &["43/100", "43%", "0.4545"]);
    }
}

#[test]
fn truncated_below_a_writer_that_keeps_its_place() {
    let place = place_of_forty_steps();
    let log = place.log("run-a");
    let session = open(&place);
    forty_steps(&session);
    // a writer that does not append goes on behind a hole, which reads as NULs
    let mut writer = fs::File::options().write(true).open(&log).expect("the log");
    std::io::Seek::seek(&mut writer, std::io::SeekFrom::End(0)).expect("its end");
    session.unseen(|| {
        fs::File::options().write(true).open(&log).and_then(|file| file.set_len(0)).expect("truncated");
        writer.write_all(steps(41, 41, 100, |_| 0.4141).as_bytes()).expect("room for it");
    });
    turned_to(&session, "run-a", "step 41/100 loss=0.4141", "0.1111", &["41/100", "0.4141"]);
}

#[test]
fn a_line_of_100_mb_holds_nothing_up() {
    const MB: usize = 1 << 20;
    for live in [false, true] {
        let place = Place::with("run-a", "2026-01-05 10:00:00 INFO training begins\n");
        let log = place.log("run-a");
        let fill = || {
            let piece = vec![b'x'; MB];
            for _ in 0..100 {
                append(&log, &piece);
            }
            append(&log, "\n2026-01-05 10:00:05 ERROR the disk is full\n");
        };
        if !live {
            fill();
        }
        let session = open(&place);
        to_its_log(&session, "run-a");
        if live {
            fill();
        }
        let began = now();
        session.shows("the disk is full");
        let took = began.elapsed();
        assert!(took < Duration::from_secs(10), "it took {took:?}");
        append(&log, "2026-01-05 10:00:06 INFO step 7/10 loss=0.7777\n");
        session.shows("step 7/10 loss=0.7777");
        session.send("1");
        row_has(&session, "run-a", &["7/10", "70%", "0.7777"]);
        let peak = session.peak_memory();
        assert!(peak < 80 * MB as u64, "{} MB at most", peak / MB as u64);
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_shown_as_such() {
    let text = b"2026-01-05 10:00:00 INFO caf\xe9 \xff\xfe \xc3( \xed\xa0\x80 end-of-it\n2026-01-05 10:00:01 INFO step 3/10 loss=0.5151\n";
    let place = Place::with("run-a", text);
    let session = open(&place);
    to_the_list(&session, "run-a");
    row_has(&session, "run-a", &["3/10", "0.5151"]);
    to_its_log(&session, "run-a");
    session.until("the rest of the line", |screen| {
        screen.lines().any(|line| line.contains("caf") && line.contains("end-of-it"))
    });
    assert!(session.written_since(0).contains("caf\u{fffd}"), "the bad bytes are marked");
    // cut within a character, and completed later
    append(&place.log("run-a"), b"2026-01-05 10:00:02 INFO gr\xc3");
    append(&place.log("run-a"), b"\xb6\xc3\x9fe\n");
    session.shows("größe");
    // the newest character may have come in part only
    let raw = session.raw();
    assert!(
        std::str::from_utf8(&raw).err().is_none_or(|error| error.error_len().is_none()),
        "the terminal gets UTF-8 only"
    );
}

#[test]
fn nul_bytes_are_not_shown_and_hide_nothing() {
    let place = Place::with(
        "run-a",
        b"\x00\x002026-01-05 10:00:00 INFO st\0ep 3/10 loss=0.5151\0\0\n2026-01-05 10:00:01 INFO \0after\n",
    );
    let session = open(&place);
    to_its_log(&session, "run-a");
    session.shows("INFO after");
    append(&place.log("run-a"), [[0; 5000].as_slice(), b"INFO step 4/10 loss=0.6161\n"].concat());
    session.shows("step 4/10 loss=0.6161");
    session.send("1");
    row_has(&session, "run-a", &["4/10", "0.6161"]);
    assert!(!session.raw().contains(&0));
}

/// The program without the right to read what its user may not read, also where that user is root.
fn unprivileged(place: &Place) -> Session {
    if !rustix::process::geteuid().is_root() {
        return open(place);
    }
    let line = format!(
        "exec setpriv --bounding-set=-all --inh-caps=-all {} {}",
        env!("CARGO_BIN_EXE_trainmon"),
        place.root().display()
    );
    Start::shell(place.home(), &line).go()
}

fn chmod(path: &Path, mode: &str) {
    assert!(Command::new("chmod").arg(mode).arg(path).status().expect("chmod").success());
}

#[test]
fn a_log_that_may_not_be_read_for_a_while() {
    let place = place_of_forty_steps();
    let log = place.log("run-a");
    let session = unprivileged(&place);
    forty_steps(&session);
    chmod(&log, "000");
    append(&log, steps(41, 41, 100, |_| 0.4141));
    chmod(&log, "600");
    session.shows("step 41/100 loss=0.4141");
    // a rotation that gives the new file to somebody else
    fs::rename(&log, place.root().join("run-a/old.bak")).expect("renamed");
    fs::OpenOptions::new().write(true).create_new(true).mode(0o000).open(&log).expect("created");
    append(&log, steps(42, 43, 100, |_| 0.4545));
    session.shows("cannot be read");
    chmod(&log, "600");
    session
        .until("the new file", |screen| screen.contains("step 43/100") && !screen.contains("cannot be read"));
    session.send("1");
    row_has(&session, "run-a", &["43/100", "0.4545"]);
}

#[test]
fn a_run_whose_folder_may_not_be_read_says_so_and_comes_back() {
    let place = place_of_forty_steps();
    place.run("run-b", steps(1, 2, 9, |_| 2.2222));
    let folder = place.root().join("run-a");
    chmod(&folder, "000");
    let session = unprivileged(&place);
    session.shows("run-b");
    session.shows("permission denied");
    chmod(&folder, "700");
    row_has(&session, "run-a", &["40/100", "0.1111"]);
    session.hides("permission denied");
    chmod(&folder, "000");
    session.shows("permission denied");
    row_has(&session, "run-a", &["40/100", "0.1111"]);
    chmod(&folder, "700");
}

#[test]
fn a_run_that_is_taken_away_and_comes_back() {
    for at_once in [false, true] {
        let place = place_of_forty_steps();
        place.run("run-b", steps(1, 2, 9, |_| 2.2222));
        let away = place.home().join("away");
        let folder = place.root().join("run-a");
        let session = open(&place);
        row_has(&session, "run-a", &["40/100", "0.1111"]);
        if at_once {
            session.unseen(|| {
                fs::remove_dir_all(&folder).expect("removed");
                place.run("run-a", steps(1, 3, 10, |_| 7.7777));
            });
            row_has(&session, "run-a", &["3/10", "7.7777"]);
            continue;
        }
        fs::rename(&folder, &away).expect("moved away");
        session.hides("run-a");
        session.shows("run-b");
        fs::rename(&away, &folder).expect("moved back");
        row_has(&session, "run-a", &["40/100", "0.1111"]);
        append(&place.log("run-a"), steps(41, 41, 100, |_| 0.4141));
        row_has(&session, "run-a", &["41/100", "0.4141"]);
        fs::remove_dir_all(&folder).expect("removed");
        session.hides("run-a");
        place.run("run-a", steps(1, 3, 10, |_| 7.7777));
        row_has(&session, "run-a", &["3/10", "7.7777"]);
    }
}
