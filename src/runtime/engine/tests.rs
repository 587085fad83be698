use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use super::*;
use crate::clock::SystemClock;
use crate::source::discover::RootKind;

#[test]
fn what_the_first_walk_finds_is_listened_to() {
    for _ in 0..20 {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("training.log"), "step=1 loss=0.5\n").unwrap();
        let root = Root { given: "x".to_owned(), path: place.path().to_owned(), kind: RootKind::Folder };
        let (tell, told) = mpsc::sync_channel(1024);
        let tell: Tell = Arc::new(move |update| tell.send(matches!(update, Update::Walked)).unwrap_or(()));
        let engine = Engine::start(vec![root], Arc::new(SystemClock), tell, Arc::new(|_| ()));
        while !told.recv_timeout(Duration::from_secs(10)).unwrap() {}
        // right behind the walk, and without another one
        let is_heard = |_| {
            thread::yield_now();
            locked(&engine.shared.ear).watches(place.path())
        };
        assert!((0..1_000_000).any(is_heard), "nobody listens to what the first walk has found");
    }
}
