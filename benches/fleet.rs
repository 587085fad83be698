//! A thousand runs with an event file each, 100 MB in all, read by `trainmon status`: time, and time of the processor.
//!
//! `cargo bench --bench fleet -- --beside …/tensorboard_data_server/bin/server` reads them by turns with `TensorBoard`'s own
//! loader (of the package `tensorboard-data-server`), which is stopped when it says that all is loaded.

use std::fs;
use std::io;
use std::io::BufRead as _;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use trainmon::clock::Clock as _;
use trainmon::clock::SystemClock;

use self::logs::events::Written;
use self::logs::events::file;

#[expect(dead_code, reason = "other benchmarks measure by other logs")]
mod logs;

const RUNS: u64 = 1000;
const SIZE: usize = 100 << 10;
const TURNS: usize = 5;

/// Milliseconds.
#[derive(Debug, Clone, Copy, Default)]
struct Took {
    wall: i64,
    processor: i64,
}

/// Runs of the two encodings by turns. Returns their bytes.
fn plant(root: &Path) -> io::Result<usize> {
    let mut all = 0;
    for run in 0..RUNS {
        let (written, name) = if run % 2 == 0 {
            (Written::Numbers, "events.out.tfevents.1790000000.vm.1.0")
        } else {
            (Written::Tensors, "events.out.tfevents.1790000000.vm.1.0.v2")
        };
        let folder = root.join(format!("run-{run:04}"));
        fs::create_dir(&folder)?;
        let bytes = file(written, SIZE, run + 1);
        all += bytes.len();
        fs::write(folder.join(name), bytes)?;
    }
    Ok(all)
}

/// Milliseconds of the processor in `/proc/…/stat`: the fields from `first` on are user and system time in hundredths of a second.
fn processor(stat: &str, first: usize) -> io::Result<i64> {
    let text = fs::read_to_string(stat)?;
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = rest.split_whitespace().skip(first - 3).take(2).filter_map(|field| field.parse::<i64>().ok());
    Ok(ticks.sum::<i64>() * 10)
}

fn ours(root: &Path) -> io::Result<Took> {
    const CHILDREN: (&str, usize) = ("/proc/self/stat", 16);
    let (began, before) = (SystemClock.now(), processor(CHILDREN.0, CHILDREN.1)?);
    let out = Command::new(env!("CARGO_BIN_EXE_trainmon")).arg("status").arg(root).arg("--json").output()?;
    let took = Took {
        wall: SystemClock.now().millis() - began.millis(),
        processor: processor(CHILDREN.0, CHILDREN.1)? - before,
    };
    let told = String::from_utf8_lossy(&out.stdout).matches("\"throughput/samples_per_second\"").count();
    if told as u64 == RUNS { Ok(took) } else { Err(io::Error::other(format!("{told} runs are told"))) }
}

fn theirs(server: &str, root: &Path) -> io::Result<Took> {
    let began = SystemClock.now();
    let mut child = Command::new(server)
        .args(["--port", "0", "--reload", "once", "--verbose", "--die-after-stdin", "--logdir"])
        .arg(root)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut took = Err(io::Error::other("it never said that all is loaded"));
    if let Some(words) = child.stderr.take() {
        for line in BufReader::new(words).lines() {
            if line?.contains("Finished load cycle") {
                let wall = SystemClock.now().millis() - began.millis();
                took = processor(&format!("/proc/{}/stat", child.id()), 14)
                    .map(|processor| Took { wall, processor });
                drop(child.stdin.take());
            }
        }
    }
    child.wait()?;
    took
}

fn median(mut all: Vec<i64>) -> i64 {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "what it is for")]
fn tell(name: &str, bytes: usize, all: &[Took]) {
    let (wall, processor) = (
        median(all.iter().map(|took| took.wall).collect()),
        median(all.iter().map(|took| took.processor).collect()),
    );
    let speed = bytes as f64 / 1000.0 / processor.max(1) as f64;
    println!("{name}: median of {}: {wall} ms, {processor} ms of the processor ({speed:.0} MB/s)", all.len());
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let server = arguments.iter().skip_while(|word| *word != "--beside").nth(1);
    let root = tempfile::tempdir()?;
    let bytes = plant(root.path())?;
    let (mut we, mut they) = (Vec::new(), Vec::new());
    ours(root.path())?;
    for _ in 0..TURNS {
        we.push(ours(root.path())?);
        if let Some(server) = server {
            they.push(theirs(server, root.path())?);
        }
    }
    tell("trainmon status", bytes, &we);
    if !they.is_empty() {
        tell("tensorboard's data server", bytes, &they);
    }
    Ok(())
}
