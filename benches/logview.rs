//! The log pane's engine on a gigabyte: first screen, a search, an alternation and a level filter, with the time of the processor.
//!
//! `cargo bench --bench logview` plants a text log and JSON lines of a gigabyte each in a temporary folder (two gigabytes of disk).
//! `-- --in DIR` reads `training.log` and `events.jsonl` of that folder instead, `-- --beside COMMAND…` (such as `rg`) counts
//! the same searches by `COMMAND -c PATTERN FILE` in turns.

use std::fs;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use trainmon::clock::Clock as _;
use trainmon::clock::SystemClock;
use trainmon::model::log::Anchor;
use trainmon::model::log::Class;
use trainmon::model::log::Landmark;
use trainmon::model::log::LogAsk;
use trainmon::model::log::LogFilter;
use trainmon::model::log::LogPage;
use trainmon::model::log::LogQuery;
use trainmon::model::log::Spot;
use trainmon::model::log::Term;
use trainmon::source::logview::LogView;

#[expect(dead_code, reason = "other benchmarks measure by other logs")]
mod logs;

const SIZE: usize = 1_000_000_000;
const ROWS: usize = 60;
const STEP: u64 = 16 << 20;

/// Milliseconds of this thread on a processor.
fn processor() -> io::Result<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = text.split_whitespace().next().and_then(|first| first.parse::<f64>().ok());
    nanos.map(|nanos| nanos / 1e6).ok_or_else(|| io::Error::other("no schedstat"))
}

/// Milliseconds of the children on a processor.
fn children() -> io::Result<f64> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = rest.split_whitespace().skip(13).take(2).filter_map(|field| field.parse::<f64>().ok());
    Ok(ticks.sum::<f64>() * 10.0)
}

fn ask(generation: u64, path: &Path, query: LogQuery, anchor: Anchor) -> LogAsk {
    LogAsk::of(generation, path.to_path_buf(), query, anchor, ROWS)
}

fn megabytes() -> String {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    peak.trim().to_owned()
}

/// Asks until the whole file is counted. Tells milliseconds of the clock to the first lines (or the first hit), and of the
/// processor to all.
fn measure(view: &mut LogView, what: &str, ask: &LogAsk) -> io::Result<LogPage> {
    let (began, before) = (SystemClock.now(), processor()?);
    let mut first = None;
    let mut page;
    loop {
        page = view.page(ask, &|| false);
        let found = matches!(ask.anchor, Anchor::End) || page.at.is_some();
        if first.is_none() && found {
            first = Some(SystemClock.now().millis() - began.millis());
        }
        if view.left() == 0 {
            break;
        }
        view.step(STEP, &|| false);
    }
    let all = processor()? - before;
    writeln!(
        io::stdout(),
        "  {what:44} first {:>5} ms   all {all:>7.0} ms CPU   matched {:>9}  hits {:>9}",
        first.map_or_else(|| "never".to_owned(), |ms| ms.to_string()),
        page.counts.matched,
        page.counts.hits,
    )?;
    Ok(page)
}

/// What reading the file and looking for line ends alone takes: nobody who looks at all of it is faster.
fn least(path: &Path) -> io::Result<()> {
    let mut file = fs::File::open(path)?;
    let mut buffer = vec![0; 256 << 10];
    let (before, mut lines) = (processor()?, 0);
    loop {
        let n = io::Read::read(&mut file, &mut buffer)?;
        if n == 0 {
            break;
        }
        lines += memchr::memchr_iter(b'\n', buffer.get(..n).unwrap_or_default()).count();
    }
    writeln!(
        io::stdout(),
        "  {:44} {:>14}   all {:>7.0} ms CPU   lines   {lines:>9}",
        "read and memchr alone",
        "",
        processor()? - before
    )?;
    Ok(())
}

fn beside(command: &[String], pattern: &str, path: &Path) -> io::Result<()> {
    let [program, options @ ..] = command else { return Ok(()) };
    let before = children()?;
    let out = Command::new(program).args(options).arg("-c").arg(pattern).arg(path).output()?;
    let all = children()? - before;
    let lines = String::from_utf8_lossy(&out.stdout).trim().to_owned();
    writeln!(
        io::stdout(),
        "  {:44} {:>14}   all {all:>7.0} ms CPU   lines   {lines:>9}",
        format!("{program} -c '{pattern}'"),
        ""
    )?;
    Ok(())
}

fn rounds(path: &Path, patterns: &[&str], command: &[String]) -> io::Result<()> {
    writeln!(
        io::stdout(),
        "{} ({} bytes)",
        path.file_name().unwrap_or_default().to_string_lossy(),
        fs::metadata(path)?.len()
    )?;
    let mut view = LogView::new(path.to_path_buf(), trainmon::parse::redact::Redactor::default());
    let mut generation = 0;
    let mut next = || {
        generation += 1;
        generation
    };
    view.look();
    let all = LogQuery::default();
    measure(&mut view, "all lines, counted by level", &ask(next(), path, all.clone(), Anchor::End))?;
    for pattern in patterns {
        let query = LogQuery { search: (*pattern).to_owned(), ..all.clone() };
        let back = Anchor::Find { what: Landmark::Hit, spot: Spot::END, forward: false };
        measure(&mut view, &format!("search {pattern}"), &ask(next(), path, query, back))?;
        let filter = LogFilter::default().and(Term::Text((*pattern).to_owned()));
        let query = LogQuery { filter, ..all.clone() };
        measure(&mut view, &format!("filter {pattern}"), &ask(next(), path, query, Anchor::End))?;
        least(path)?;
        beside(command, pattern, path)?;
    }
    let mut fresh = LogView::new(path.to_path_buf(), trainmon::parse::redact::Redactor::default());
    fresh.look();
    let mut hidden = trainmon::model::log::Classes::default();
    for class in Class::ALL.into_iter().filter(|class| *class != Class::Error) {
        hidden.toggle(class);
    }
    let query = LogQuery { hidden, ..all };
    measure(&mut fresh, "only errors, on a log just opened", &ask(next(), path, query, Anchor::End))?;
    writeln!(io::stdout(), "  memory at its highest: {}", megabytes())?;
    Ok(())
}

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let behind = |name: &str| args.iter().position(|arg| arg == name).map(|at| at + 1);
    let command: Vec<String> = behind("--beside").and_then(|at| args.get(at..)).unwrap_or_default().to_vec();
    let temporary = tempfile::tempdir()?;
    let folder = if let Some(given) = behind("--in").and_then(|at| args.get(at)) {
        PathBuf::from(given)
    } else {
        fs::write(temporary.path().join("training.log"), logs::training(SIZE).text)?;
        fs::write(temporary.path().join("events.jsonl"), logs::events(SIZE).0)?;
        temporary.path().to_path_buf()
    };
    rounds(
        &folder.join("training.log"),
        &["ERROR", r"ERROR|loss=1\.2", "nccl warn", r"step=\d+7 "],
        &command,
    )?;
    rounds(&folder.join("events.jsonl"), &["ERROR", r"ERROR|loss=1\.2", "heartbeat", "ckpt-1234"], &command)
}
