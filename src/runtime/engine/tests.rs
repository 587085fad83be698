use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use super::*;
use crate::clock::SystemClock;
use crate::parse::user::Pattern;
use crate::parse::user::UserFormat;
use crate::source::discover::RootKind;

#[test]
fn what_the_first_walk_finds_is_listened_to() {
    for _ in 0..20 {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("training.log"), "step=1 loss=0.5\n").unwrap();
        let root = Root { given: "x".to_owned(), path: place.path().to_owned(), kind: RootKind::Folder };
        let (tell, told) = mpsc::sync_channel(1024);
        let tell: Tell = Arc::new(move |update| tell.send(matches!(update, Update::Walked)).unwrap_or(()));
        let engine = Engine::start(
            vec![root],
            UserFormats::default(),
            Redactor::default(),
            Arc::new(SystemClock),
            tell,
            Arc::new(|_| ()),
        );
        while !told.recv_timeout(Duration::from_secs(10)).unwrap() {}
        // right behind the walk, and without another one
        let is_heard = |_| {
            thread::yield_now();
            locked(&engine.shared.ear).watches(place.path())
        };
        assert!((0..1_000_000).any(is_heard), "nobody listens to what the first walk has found");
    }
}

#[test]
fn what_the_user_taught_reaches_the_readers_of_every_file() {
    let place = tempfile::tempdir().unwrap();
    // one that is read at once, and one whose newest end is read first
    fs::create_dir_all(place.path().join("short")).unwrap();
    fs::create_dir_all(place.path().join("long")).unwrap();
    fs::write(place.path().join("short/training.log"), "so far 7\n").unwrap();
    let long: Vec<String> = (0..100_000).map(|n| format!("so far {n}\n")).collect();
    fs::write(place.path().join("long/training.log"), long.concat()).unwrap();
    let root = Root { given: "x".to_owned(), path: place.path().to_owned(), kind: RootKind::Folder };
    let taught = UserFormats::new(vec![UserFormat {
        name: Arc::from("mine"),
        patterns: vec![Pattern::new(r"^so far (?<step>\d+)").unwrap()],
        means: None,
        split: None,
        epoch_base: None,
        step_base: 1,
        pair: None,
    }]);
    let (tell, told) = mpsc::sync_channel(1024);
    let tell: Tell = Arc::new(move |update| tell.send(update).unwrap_or(()));
    let _engine =
        Engine::start(vec![root], taught, Redactor::default(), Arc::new(SystemClock), tell, Arc::new(|_| ()));
    let mut lines = HashMap::new();
    while lines.get("short") != Some(&1) || lines.get("long") != Some(&100_000) {
        if let Update::Run(run) = told.recv_timeout(Duration::from_mins(1)).unwrap()
            && run.looked_at
        {
            assert_eq!(run.facts.written_by(), Some("mine"), "{}", run.key.id);
            lines.insert(run.key.id.to_string(), run.facts.user_formats[0].1);
        }
    }
}
