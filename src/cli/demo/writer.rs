//! Plays scripts into files: those of the past at once, those of the present in real time, on one thread.

use std::fs;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use jiff::tz::TimeZone;

use super::cast::Role;
use super::script::Beat;
use super::script::Script;
use crate::clock::Clock;
use crate::model::stamp::Stamp;

/// Writes the runs of the past below `folder`, each with the times that its files would have.
pub(super) fn write_past(folder: &Path, roles: &[Role], zone: &TimeZone, now: Stamp) -> io::Result<()> {
    for role in roles {
        let ended = now.minus(role.ended.unwrap_or_default());
        let length = Script::new((role.program)(), now, zone.clone()).length();
        let folder = folder.join(role.folder);
        let mut files: Vec<(&'static str, String, Stamp)> = Vec::new();
        let mut at = ended.minus(length);
        for beat in Script::new((role.program)(), at, zone.clone()) {
            at = at.plus(beat.after);
            match files.iter_mut().find(|(file, _, _)| *file == beat.file) {
                Some((_, text, written)) => {
                    text.push_str(&beat.text);
                    *written = at;
                }
                None => files.push((beat.file, beat.text, at)),
            }
        }
        for (name, text, written) in files {
            let mut file = create(&folder.join(name))?;
            file.write_all(text.as_bytes())?;
            let millis = u64::try_from(written.millis()).unwrap_or(0);
            file.set_modified(UNIX_EPOCH + Duration::from_millis(millis))?;
        }
    }
    Ok(())
}

/// Programs at work; they stop when this is dropped.
#[derive(Debug)]
pub(super) struct Live {
    stop: Option<mpsc::SyncSender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Live {
    /// Starts `roles` below `folder`.
    pub(super) fn start(
        folder: &Path,
        roles: &[Role],
        zone: &TimeZone,
        clock: impl Clock + 'static,
    ) -> io::Result<Self> {
        let now = clock.now();
        let mut players = Vec::new();
        for role in roles {
            let script = Script::new((role.program)(), now, zone.clone());
            players.push(Player::new(folder.join(role.folder), script, now));
        }
        let (stop, stopped) = mpsc::sync_channel(1);
        let thread =
            thread::Builder::new().name("demo".to_owned()).spawn(move || play(players, &clock, &stopped))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // the thread sees that nobody holds the other end any more
        self.stop = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer of the demo broke off");
        }
    }
}

/// One program at work.
struct Player {
    folder: PathBuf,
    script: Script,
    /// What it writes next, and when.
    next: Option<(Stamp, Beat)>,
    files: Vec<(&'static str, File)>,
}

impl Player {
    fn new(folder: PathBuf, script: Script, now: Stamp) -> Self {
        let mut player = Self { folder, script, next: None, files: Vec::new() };
        player.look_ahead(now);
        player
    }

    fn look_ahead(&mut self, last: Stamp) {
        self.next = self.script.next().map(|beat| (last.plus(beat.after), beat));
    }

    /// Writes all that is due.
    fn catch_up(&mut self, now: Stamp) -> io::Result<()> {
        while let Some((due, beat)) = self.next.take_if(|(due, _)| *due <= now) {
            self.append(beat.file, beat.text.as_bytes())?;
            self.look_ahead(due);
        }
        Ok(())
    }

    fn append(&mut self, name: &'static str, text: &[u8]) -> io::Result<()> {
        if let Some((_, file)) = self.files.iter_mut().find(|(known, _)| *known == name) {
            return file.write_all(text);
        }
        let mut file = create(&self.folder.join(name))?;
        file.write_all(text)?;
        self.files.push((name, file));
        Ok(())
    }
}

fn play(mut players: Vec<Player>, clock: &impl Clock, stopped: &mpsc::Receiver<()>) {
    loop {
        let now = clock.now();
        for player in &mut players {
            if let Err(error) = player.catch_up(now) {
                tracing::warn!(folder = %player.folder.display(), %error, "a run of the demo cannot be written");
                player.next = None;
            }
        }
        let Some(due) = players.iter().filter_map(|player| player.next.as_ref().map(|(due, _)| *due)).min()
        else {
            // all programs are over; the thread waits for the end of the demo
            let _ = stopped.recv();
            return;
        };
        let wait = due.since(clock.now()).max(Duration::from_millis(1));
        if stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::options().append(true).create(true).open(path)
}
