//! Recordings of real programs: what is understood of each, whatever the chunks that it comes in and wherever it is cut off.
//!
//! `tests/corpus/<framework>/<case>/training.log` has its facts beside it in `facts.txt`; with `TRAINMON_BLESS` set they are
//! written anew, to be looked at in the diff.

use std::fmt::Write as _;
use std::path::Path;
use std::path::PathBuf;

use trainmon::model::facts::Facts;
use trainmon::parse::format::Format;
use trainmon::parse::text::TextLog;
use trainmon::track::tracker::Tracker;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// Folders below `at`, sorted.
fn folders(at: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(at)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    all
}

/// Every recording: its folder and its bytes.
fn recordings() -> Vec<(PathBuf, Vec<u8>)> {
    let cases = folders(&corpus()).into_iter().flat_map(|framework| folders(&framework));
    let all: Vec<_> = cases
        .filter_map(|case| std::fs::read(case.join("training.log")).ok().map(|bytes| (case, bytes)))
        .collect();
    assert!(all.len() > 60, "{} recordings", all.len());
    all
}

fn read(chunks: &mut dyn Iterator<Item = &[u8]>) -> Facts {
    let mut log = TextLog::default();
    let mut tracker = Tracker::new("training.log".into());
    for chunk in chunks {
        log.push(chunk, &mut tracker);
    }
    log.rest(&mut tracker);
    tracker.facts()
}

fn number(figure: Option<f64>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure}"))
}

/// The facts as a person would check them against the log.
fn told(facts: &Facts) -> String {
    let mut out = String::new();
    let progress = &facts.progress;
    let mut line = |name: &str, text: String| writeln!(out, "{name:<12} {text}").unwrap();
    line("framework", facts.framework.unwrap_or("-").to_owned());
    line("stage", facts.stage.map_or("-", |stage| stage.name()).to_owned());
    line("epochs", format!("{} of {}", number(progress.completed_epochs), number(progress.total_epochs)));
    line("steps", format!("{} of {}", number(progress.step), number(progress.total_steps)));
    line("percent", number(progress.percent.map(|percent| (percent * 10.0).round() / 10.0)));
    let ended = facts.ended.as_ref().map(|end| {
        format!("{:?}: {} (line {})", end.how, end.because, number(end.place.line.map(|l| l as f64)))
    });
    line("ended", ended.unwrap_or_else(|| "-".to_owned()));
    line(
        "work left",
        format!("{:?} {}", facts.work_left, facts.work_left_because.as_deref().unwrap_or(""))
            .trim_end()
            .to_owned(),
    );
    if let Some(error) = &facts.error {
        line(
            "error",
            format!(
                "`{}` {} (line {}, fatal {})",
                error.type_name,
                error.message,
                number(error.place.line.map(|l| l as f64)),
                error.fatal
            ),
        );
    }
    let lines = &facts.log_lines;
    line(
        "lines",
        format!(
            "{} debug {} info {} warning {} error {} progress {}",
            lines.total, lines.debug, lines.info, lines.warning, lines.error, lines.progress
        ),
    );
    for metric in &facts.metrics {
        line(
            "metric",
            format!(
                "{} = {} by {:?}, {} points, {} to {}",
                metric.name,
                metric.last,
                metric.axis,
                metric.points,
                number(metric.min),
                number(metric.max)
            ),
        );
    }
    for checkpoint in facts.checkpoints.iter().take(5) {
        line(
            "checkpoint",
            format!(
                "{} step {} epoch {}",
                checkpoint.path,
                number(checkpoint.step),
                number(checkpoint.epoch)
            ),
        );
    }
    if let Some(search) = &facts.search {
        line("search", format!("{search:?}"));
    }
    out
}

#[test]
fn the_facts_of_every_recording_are_as_they_were_checked() {
    let bless = std::env::var_os("TRAINMON_BLESS").is_some();
    let mut wrong = Vec::new();
    for (case, bytes) in recordings() {
        let told = told(&read(&mut std::iter::once(&*bytes)));
        let golden = case.join("facts.txt");
        if bless {
            std::fs::write(&golden, &told).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != told {
            wrong.push(format!("{}:\n{told}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "not as in facts.txt:\n{}", wrong.join("\n"));
}

#[test]
fn chunks_make_no_difference() {
    for (case, bytes) in recordings() {
        let whole = format!("{:?}", read(&mut std::iter::once(&*bytes)));
        // sizes that look like chance, the same in every run
        let mut seed = 7_u32;
        let mut rest = &*bytes;
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (piece, tail) = rest.split_at((seed as usize % 97 + 1).min(rest.len()));
            pieces.push(piece);
            rest = tail;
        }
        assert_eq!(whole, format!("{:?}", read(&mut pieces.into_iter())), "{}", case.display());
        if bytes.len() < 5_000 {
            assert_eq!(whole, format!("{:?}", read(&mut bytes.chunks(1))), "{}", case.display());
        }
    }
}

#[test]
fn a_log_that_ends_anywhere_is_read_without_a_panic_and_claims_no_more_than_the_whole() {
    for (case, bytes) in recordings() {
        let whole = read(&mut std::iter::once(&*bytes));
        for cut in 0..24 {
            let end = bytes.len() * cut / 24 + cut;
            let part = read(&mut std::iter::once(bytes.get(..end).unwrap_or(&bytes)));
            let beyond = |part: Option<f64>, whole: Option<f64>| {
                part.zip(whole).is_some_and(|(part, whole)| part > whole)
            };
            assert!(!beyond(part.progress.step, whole.progress.step), "{} cut at {end}", case.display());
        }
    }
}

#[test]
fn every_framework_is_listed_and_has_a_recording() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/parse/framework");
    let table = std::fs::read_to_string(source.join("mod.rs")).unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(&source).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = name.strip_suffix(".rs").filter(|name| !matches!(*name, "mod" | "boost")) else {
            continue;
        };
        let listed = table.lines().filter(|line| line.trim_start().starts_with(&format!("{name}::"))).count();
        assert_eq!(listed, 1, "{name} has one line in the list of src/parse/framework/mod.rs");
        assert!(corpus().join(name).is_dir(), "{name} has no recording below tests/corpus");
        seen += 1;
    }
    assert!(seen > 10);
}
