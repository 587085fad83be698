//! The whole program with live processes that own runs, and with their end.

use std::fs::File;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use serde_json::Value;
use trainmon::clock::Clock;
use trainmon::clock::SystemClock;
use trainmon::model::owner::Owners;
use trainmon::model::rules::Rules;
use trainmon::model::run::Run;
use trainmon::model::state::State;
use trainmon::parse::redact::Redactor;
use trainmon::parse::user::UserFormats;
use trainmon::runtime::engine::Engine;
use trainmon::source::discover;
use trainmon::store::Update;
use trainmon::track::judge::judge;

use crate::support::runs::Place;
use crate::support::runs::steps;

/// A process that ends when it is dropped.
struct Own(Child);

impl Own {
    fn pid(&self) -> u64 {
        self.0.id().into()
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process that holds `log` open for writing and never says a word. It works elsewhere.
fn silent_writer(log: &Path) -> Own {
    let log = File::options().append(true).open(log).expect("a log");
    let mut command = Command::new("sleep");
    command.arg("600").current_dir("/").stdin(Stdio::null()).stdout(log);
    Own(command.spawn().expect("sleep"))
}

fn aged(log: &Path, hours: u64) {
    let millis = SystemClock.now().minus(Duration::from_secs(hours * 3600)).millis();
    let before = UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).expect("after 1970"));
    File::options().append(true).open(log).expect("a log").set_modified(before).expect("its time is set");
}

/// What `status --json` says of the only run of a place.
fn status(place: &Place) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainmon"));
    command.env_clear().env("HOME", place.home()).arg("status").arg("--json").arg(place.root());
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    let mut answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let run = answer["runs"][0].take();
    assert!(run.is_object(), "no run: {}", String::from_utf8_lossy(&output.stderr));
    run
}

fn reason(run: &Value) -> &str {
    run["state_reason"].as_str().expect("a reason")
}

#[test]
fn a_silent_run_is_stalled_while_somebody_holds_its_log() {
    let place = Place::with("a", steps(1, 50, 100, f64::from));
    aged(&place.log("a"), 48);
    let before = status(&place);
    assert_eq!((&before["state"], &before["pids"]), (&"interrupted".into(), &Value::Array(Vec::new())));

    let child = silent_writer(&place.log("a"));
    let owned = status(&place);
    assert_eq!((&owned["state"], &owned["pids"][0]), (&"stalled".into(), &child.pid().into()));
    let who = format!("yet pid {} ", child.pid());
    let told = reason(&owned);
    assert!(told.contains(&who) && told.contains("has training.log open for writing (since 2"), "{told}");

    drop(child);
    let after = status(&place);
    assert_eq!((&after["state"], &after["pids"]), (&"interrupted".into(), &Value::Array(Vec::new())));
}

#[test]
fn who_reads_a_log_does_not_own_it() {
    let place = Place::with("a", steps(1, 50, 100, f64::from));
    aged(&place.log("a"), 48);
    let mut command = Command::new("tail");
    let mut tail = command.arg("-f").arg("training.log").current_dir(place.root().join("a"));
    let (read, write) = std::io::pipe().expect("a pipe");
    tail = tail.stdin(Stdio::null()).stdout(write);
    let tail = Own(tail.spawn().expect("tail"));
    // it has read the log once its lines come
    std::io::BufRead::read_until(&mut std::io::BufReader::new(read), b'\n', &mut Vec::new()).expect("a line");
    let run = status(&place);
    assert_eq!((&run["state"], &run["pids"]), (&"interrupted".into(), &Value::Array(Vec::new())));
    drop(tail);
}

#[test]
fn the_process_that_an_event_file_names_is_known_to_be_dead() {
    let host = Command::new("uname").arg("-n").output().expect("uname").stdout;
    let host = String::from_utf8(host).expect("a name").trim().to_owned();
    let first =
        std::fs::read_link("/proc/self/ns/pid").is_ok_and(|link| link == Path::new("pid:[4026531836]"));
    let mut child = Command::new("true").spawn().expect("true");
    let pid = child.id();
    child.wait().expect("its end");
    let place = Place::with("a", steps(1, 50, 100, f64::from));
    let events = format!("events.out.tfevents.1767607200.{host}.{pid}.0");
    std::fs::write(place.root().join("a").join(&events), "").expect("an event file");
    aged(&place.log("a"), 1);
    aged(&place.root().join("a").join(&events), 1);
    let run = status(&place);
    // in a container it is not known who lives outside
    let want = if first && !host.starts_with("localhost") { "interrupted" } else { "stalled" };
    assert_eq!(run["state"], want, "{run}");
    if want == "interrupted" {
        assert!(reason(&run).starts_with(&format!("pid {pid}, which {events} names, is gone: ")), "{run}");
    }
}

/// The newest word of an engine on its only run.
struct Watched {
    newest: Arc<Mutex<Option<Arc<Run>>>>,
    _engine: Engine,
}

impl Watched {
    fn new(place: &Place) -> Self {
        let root = discover::root("x", place.root()).expect("a folder");
        let newest = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&newest);
        let tell = move |update| {
            if let Update::Run(run) = update {
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(run);
            }
        };
        let engine = Engine::start(
            vec![root],
            UserFormats::default(),
            Redactor::default(),
            Arc::new(SystemClock),
            Arc::new(tell),
            Arc::new(|_: &Path| ()),
        );
        Self { newest, _engine: engine }
    }

    /// Waits until the run is as told, for half a minute at most.
    fn wait(&self, what: &str, is: impl Fn(&Run) -> bool) -> Arc<Run> {
        let end = SystemClock.now().plus(Duration::from_secs(30));
        while SystemClock.now() < end {
            let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(run) = newest.filter(|run| is(run)) {
                return run;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("{what} is not told");
    }
}

#[test]
fn the_monitor_tells_of_an_owner_and_of_its_end() {
    let place = Place::with("a", steps(1, 50, 100, f64::from));
    aged(&place.log("a"), 1);
    let child = silent_writer(&place.log("a"));
    let watched = Watched::new(&place);
    let run = watched.wait("the owner", |run| run.looked_at && !run.owners.live().is_empty());
    assert_eq!(run.owners.live().first().map(|owner| u64::from(owner.pid)), Some(child.pid()));
    assert_eq!(judge(&run, &Rules::default(), SystemClock.now()).state, State::Stalled);

    let pid = child.pid();
    drop(child);
    let run = watched.wait("its end", |run| matches!(run.owners, Owners::Gone(_)));
    let verdict = judge(&run, &Rules::default(), SystemClock.now());
    assert_eq!(verdict.state, State::Interrupted, "{}", verdict.reason);
    assert!(verdict.reason.starts_with(&format!("pid {pid} ")), "{}", verdict.reason);
}
