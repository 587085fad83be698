use std::fs;
use std::io::Write;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use notify::Event;
use notify::event::AccessKind;
use notify::event::AccessMode;
use notify::event::Flag;

use super::*;

/// Listens to nothing and remembers what it was asked.
#[derive(Default)]
struct Fake {
    asked: Arc<Mutex<Vec<String>>>,
    room: usize,
}

impl Ear for Fake {
    fn watch(&mut self, folder: &Path) -> Result<(), Refused> {
        let name = folder.display().to_string();
        if name.contains("missing") {
            return Err(Refused::Other("no such folder".to_owned()));
        }
        if self.room == 0 {
            return Err(Refused::Full);
        }
        self.room -= 1;
        self.asked.lock().unwrap().push(format!("+{name}"));
        Ok(())
    }

    fn unwatch(&mut self, folder: &Path) {
        self.room += 1;
        self.asked.lock().unwrap().push(format!("-{}", folder.display()));
    }
}

fn fake(room: usize) -> (Watch, Arc<Mutex<Vec<String>>>) {
    let fake = Fake { room, ..Fake::default() };
    let asked = Arc::clone(&fake.asked);
    (Watch::with(Some(Box::new(fake)), Arc::default()), asked)
}

fn paths(names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(PathBuf::from).collect()
}

fn asked(asked: &Mutex<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut *asked.lock().unwrap())
}

#[test]
fn only_what_is_new_is_asked_for() {
    let (mut watch, ear) = fake(10);
    assert!(!watch.want(&paths(&["/b", "/a"])));
    assert_eq!(asked(&ear), ["+/b", "+/a"], "in the order of need");
    watch.want(&paths(&["/a", "/c", "/missing"]));
    assert_eq!(asked(&ear), ["-/b", "+/c"]);
    assert!(
        watch.watches(Path::new("/c"))
            && !watch.watches(Path::new("/b"))
            && !watch.watches(Path::new("/missing"))
    );
    assert_eq!((watch.len(), watch.trouble()), (2, None));
}

#[test]
fn when_the_system_has_no_more_the_rest_is_swept_and_told_once() {
    let (mut watch, ear) = fake(2);
    watch.want(&paths(&["/a", "/b", "/c", "/d"]));
    assert_eq!(asked(&ear), ["+/a", "+/b"]);
    let trouble = watch.trouble().unwrap();
    assert!(
        trouble.starts_with("2 folders are watched") && trouble.contains("max_user_watches"),
        "{trouble}"
    );
    watch.want(&paths(&["/a", "/b", "/c", "/d"]));
    assert_eq!((asked(&ear), watch.trouble()), (Vec::<String>::new(), None));
    watch.want(&paths(&["/d", "/a", "/b"]));
    assert_eq!(asked(&ear), ["-/b", "+/d"], "need decides who has the room");
}

#[test]
fn many_folders_are_added_over_several_calls() {
    let (mut watch, _ear) = fake(usize::MAX / 2);
    let many: Vec<PathBuf> = (0..=MOST_AT_ONCE * 2).map(|n| PathBuf::from(format!("/{n}"))).collect();
    assert!(watch.want(&many));
    assert!(watch.want(&many));
    assert!(!watch.want(&many));
    assert_eq!(watch.len(), many.len());
    let more: Vec<PathBuf> = (0..MOST_WATCHED * 2).map(|n| PathBuf::from(format!("/{n}"))).collect();
    while watch.want(&more) {}
    assert_eq!(watch.len(), MOST_WATCHED, "there is a cap");
}

#[test]
fn a_folder_that_went_is_watched_anew_when_it_comes_again() {
    let (mut watch, ear) = fake(10);
    let wanted = paths(&["/r", "/r/a", "/r/a/tb", "/r/ab"]);
    watch.want(&wanted);
    asked(&ear);
    let lost = Arc::clone(&watch.lost);
    hear(Ok(Event::new(EventKind::Remove(RemoveKind::Folder)).add_path("/r/a".into())), &lost, &|_| {});
    watch.want(&wanted);
    let mut again = asked(&ear);
    again.sort();
    assert_eq!(again, ["+/r/a", "+/r/a/tb", "-/r/a", "-/r/a/tb"], "with all below it, and nothing beside it");
    for n in 0..=MOST_LOST {
        hear(
            Ok(Event::new(EventKind::Remove(RemoveKind::Any)).add_path(format!("/x{n}").into())),
            &lost,
            &|_| {},
        );
    }
    watch.want(&wanted);
    assert_eq!(asked(&ear).len(), 8, "when it cannot be told which, all of them");
}

#[test]
fn our_own_reading_is_not_heard_and_lost_events_are() {
    let lost = Mutex::default();
    let heard = Mutex::new(Vec::new());
    let wake = |what| heard.lock().unwrap().push(what);
    let open = EventKind::Access(AccessKind::Open(AccessMode::Any));
    hear(Ok(Event::new(open).add_path("/a".into())), &lost, &wake);
    hear(
        Ok(Event::new(EventKind::Access(AccessKind::Close(AccessMode::Read))).add_path("/a".into())),
        &lost,
        &wake,
    );
    assert_eq!(*heard.lock().unwrap(), []);
    hear(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)), &lost, &wake);
    hear(Err(notify::Error::generic("broken")), &lost, &wake);
    hear(Ok(Event::new(EventKind::Modify(ModifyKind::Any)).add_path("/b".into())), &lost, &wake);
    assert_eq!(*heard.lock().unwrap(), [Heard::Rescan, Heard::Rescan, Heard::Changed("/b".into())]);
}

/// The system's own watcher, if it gives one: where it does not (in some containers), the sweep is all there is.
fn real() -> Option<(Watch, Receiver<Heard>)> {
    let (send, receive) = sync_channel(1000);
    let mut watch = Watch::new(move |heard| {
        let _full = send.try_send(heard);
    });
    watch.trouble().is_none().then_some((watch, receive))
}

/// Waits until something is heard of `path`, and gives back all that was heard until then.
#[track_caller]
fn until(receive: &Receiver<Heard>, path: &Path) -> Vec<Heard> {
    let mut before = Vec::new();
    loop {
        match receive.recv_timeout(Duration::from_secs(20)) {
            Ok(Heard::Changed(at)) if at == path => return before,
            Ok(other) => before.push(other),
            Err(error) => panic!("nothing of {}: {error}; before: {before:?}", path.display()),
        }
    }
}

#[test]
fn appending_is_heard_and_reading_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("training.log");
    fs::write(&log, "one\n").unwrap();
    let Some((mut watch, receive)) = real() else { return };
    watch.want(&[folder.path().to_path_buf()]);
    assert_eq!(fs::read_to_string(&log).unwrap(), "one\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let marker = folder.path().join("marker");
    fs::write(&marker, "").unwrap();
    assert_eq!(until(&receive, &marker), []);
    fs::OpenOptions::new().append(true).open(&log).unwrap().write_all(b"two\n").unwrap();
    until(&receive, &log);
}

#[test]
fn a_folder_that_is_made_again_is_heard_again() {
    let root = tempfile::tempdir().unwrap();
    let run = root.path().join("run");
    fs::create_dir(&run).unwrap();
    let Some((mut watch, receive)) = real() else { return };
    let wanted = vec![root.path().to_path_buf(), run.clone()];
    watch.want(&wanted);
    fs::remove_dir(&run).unwrap();
    until(&receive, &run);
    fs::create_dir(&run).unwrap();
    let marker = root.path().join("marker");
    fs::write(&marker, "").unwrap();
    until(&receive, &marker);
    watch.want(&wanted);
    fs::write(run.join("training.log"), "x").unwrap();
    until(&receive, &run.join("training.log"));
}
