//! A thread for the user's own small files: what was selected is written to a new one, filters are kept under names, and text
//! goes to the clipboard of tmux. The screen never waits for any of it; what came of it is told in the footer.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::sync_channel;
use std::thread;

use rustix::fs::FlockOperation;

use super::outbox::Outbox;
use crate::app::effect::Deed;
use crate::app::effect::Errand;
use crate::app::effect::Named;

/// What waits at most. More nobody asks for within the time that one takes.
const WAITING: usize = 16;
/// More filters than this are not kept.
const FILTERS: usize = 500;
const FILE: &str = "filters";

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Asked for by the state.
    Errand(Errand),
    /// Text for the clipboard; the terminal got it already.
    Clipboard(String),
}

/// Hands work to the thread.
#[derive(Debug)]
pub struct Errands {
    sender: SyncSender<Work>,
    outbox: Arc<Outbox>,
}

impl Errands {
    /// Starts the thread. `folder` is the user's own state folder.
    pub fn start(outbox: Arc<Outbox>, folder: Option<PathBuf>) -> io::Result<Self> {
        let (sender, works) = sync_channel(WAITING);
        let theirs = Arc::clone(&outbox);
        thread::Builder::new().name("errands".to_owned()).spawn(move || {
            for work in works {
                serve(work, folder.as_deref(), &theirs);
            }
        })?;
        Ok(Self { sender, outbox })
    }

    /// Takes work; never waits.
    pub fn take(&self, work: Work) {
        if self.sender.try_send(work).is_err() {
            self.outbox.notice("not done: too much is still under way".to_owned());
        }
    }
}

fn serve(work: Work, folder: Option<&Path>, outbox: &Outbox) {
    match work {
        Work::Clipboard(text) => {
            if let Err(error) = tmux_clipboard(&text) {
                tracing::debug!("tmux takes no text for its clipboard: {error}");
            }
        }
        Work::Errand(Errand::Write { path, text, lines, run }) => {
            let told = match write(&path, &text, &run) {
                Ok(path) => format!("{lines} lines written to {}", path.display()),
                Err(what) => format!("not written: {what}"),
            };
            outbox.notice(told);
        }
        Work::Errand(Errand::Filters(deed)) => match folder {
            None => outbox.notice("filters cannot be saved: there is no home folder".to_owned()),
            Some(folder) => match filters(folder, deed) {
                Ok(all) => outbox.post_filters(all),
                Err(error) => {
                    outbox.post_filters(Vec::new());
                    outbox.notice(format!("{}: {error}", folder.join(FILE).display()));
                }
            },
        },
    }
}

/// tmux keeps what programs send to the clipboard from the terminal unless it is set up to pass it on; asked by itself it does.
fn tmux_clipboard(text: &str) -> io::Result<()> {
    if std::env::var_os("TMUX").is_none_or(|tmux| tmux.is_empty()) {
        return Ok(());
    }
    let mut tmux = Command::new("tmux");
    tmux.args(["load-buffer", "-w", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = tmux.spawn()?;
    let written = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes()));
    child.wait()?;
    written
}

/// Writes a new file. The error says why not, and what to do.
fn write(typed: &str, text: &str, run: &Path) -> Result<PathBuf, String> {
    let path = match typed.strip_prefix("~/") {
        Some(rest) => {
            std::env::var_os("HOME").map(PathBuf::from).ok_or("there is no home folder")?.join(rest)
        }
        None => PathBuf::from(typed),
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = parent.canonicalize().map_err(|error| format!("{}: {error}", parent.display()))?;
    let run = if run.is_dir() { run } else { run.parent().unwrap_or(run) };
    if path.is_relative() && run.canonicalize().is_ok_and(|run| real.starts_with(run)) {
        return Err(format!("{typed} lies in the run's folder: type its whole path if that is meant"));
    }
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let mut file = file.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => format!("{} is there already: type another name", path.display()),
        _ => format!("{}: {error}", path.display()),
    })?;
    file.write_all(text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// Does it, and tells what is saved afterwards. Another trainmon may do the same at this moment: one waits for the other.
fn filters(folder: &Path, deed: Deed) -> io::Result<Vec<Named>> {
    let path = folder.join(FILE);
    if deed == Deed::List {
        return Ok(parse(&read(&path)?));
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(folder.join("filters.lock"))?;
    rustix::fs::flock(&lock, FlockOperation::LockExclusive)?;
    let mut all = parse(&read(&path)?);
    match deed {
        Deed::List => {}
        Deed::Keep(named) => {
            all.retain(|known| known.name != named.name);
            if all.len() >= FILTERS {
                return Err(io::Error::other(format!("{FILTERS} filters are saved: delete some")));
            }
            all.push(named);
        }
        Deed::Drop(name) => all.retain(|known| known.name != name),
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    let text: String = all.iter().map(|named| format!("{}\t{}\n", named.name, named.text)).collect();
    replace(&path, &text)?;
    drop(lock);
    Ok(all)
}

/// Writes beside it and moves it there, so that it is whole at every moment.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension(format!("{}", std::process::id()));
    let written = (|| {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // what is left would only be in the way
        let _left = fs::remove_file(&beside);
    }
    written
}

fn read(path: &Path) -> io::Result<String> {
    match File::open(path) {
        Ok(file) => io::read_to_string(io::Read::take(file, 1 << 20)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// A filter in each line: its name, a tabulator, its text. Other lines are nobody's.
fn parse(text: &str) -> Vec<Named> {
    let clean = |text: &str| !text.is_empty() && !text.contains(char::is_control);
    text.lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(name, text)| clean(name) && clean(text))
        .take(FILTERS)
        .map(|(name, text)| Named { name: name.to_owned(), text: text.to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, text: &str) -> Named {
        Named { name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn filters_are_kept_replaced_and_dropped() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state/trainmon");
        assert_eq!(filters(&folder, Deed::List).unwrap(), []);
        assert!(!folder.exists(), "to look writes nothing");
        filters(&folder, Deed::Keep(named("errors", "level>=error"))).unwrap();
        filters(&folder, Deed::Keep(named("a", "cat:metrics loss"))).unwrap();
        let all = filters(&folder, Deed::Keep(named("errors", "level:error"))).unwrap();
        assert_eq!(all, [named("a", "cat:metrics loss"), named("errors", "level:error")]);
        assert_eq!(filters(&folder, Deed::Drop("a".to_owned())).unwrap(), [named("errors", "level:error")]);
        assert_eq!(filters(&folder, Deed::List).unwrap(), [named("errors", "level:error")]);
        let mut names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["filters", "filters.lock"]);
    }

    #[test]
    fn many_at_once_lose_none() {
        let home = tempfile::tempdir().unwrap();
        thread::scope(|scope| {
            for n in 0..16 {
                let folder = home.path();
                scope.spawn(move || filters(folder, Deed::Keep(named(&format!("f{n}"), "x"))).unwrap());
            }
        });
        assert_eq!(filters(home.path(), Deed::List).unwrap().len(), 16);
    }

    #[test]
    fn what_somebody_else_wrote_there_does_no_harm() {
        assert_eq!(parse("no tab\na\tx y\n\tz\nb\t\n\u{1b}\tx\nc\tz\u{7}\n"), [named("a", "x y")]);
    }

    #[test]
    fn a_file_is_new_and_not_in_the_run_unless_that_was_typed() {
        let home = tempfile::tempdir().unwrap();
        let run = home.path().join("run");
        fs::create_dir(&run).unwrap();
        let path = home.path().join("out.txt");
        let typed = path.to_str().unwrap();
        assert_eq!(write(typed, "a\n", &run), Ok(path.clone()));
        assert!(write(typed, "b\n", &run).unwrap_err().contains("already"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "a\n");
        let inside = run.join("x.txt");
        assert_eq!(write(inside.to_str().unwrap(), "a\n", &run), Ok(inside), "its whole path was typed");
        assert!(write("/nowhere/at/all.txt", "a", &run).unwrap_err().contains("/nowhere/at"));
        let here = std::env::current_dir().unwrap();
        let refused = write("x-that-must-not-be.txt", "a", &here).unwrap_err();
        assert!(refused.contains("whole path"), "{refused}");
    }
}
