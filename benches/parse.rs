//! How fast bytes become figures, next to what `memchr`, the UTF-8 check and `serde_json` alone do on the same bytes.
//!
//! `cargo bench --bench parse`. Items are redraws, numbers or lines; bytes are those of the log.

use std::hint::black_box;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use divan::counter::ItemsCount;
use memchr::memchr_iter;
use memchr::memchr2_iter;
use serde::Deserialize;
use trainmon::parse::bar::blank;
use trainmon::parse::bar::tqdm;
use trainmon::parse::bar::tqdm_into;
use trainmon::parse::format::Format;
use trainmon::parse::number::number;
use trainmon::parse::replay::replay;
use trainmon::parse::split::Segment;
use trainmon::parse::split::Splitter;
use trainmon::parse::text::TextLog;
use trainmon::track::tracker::Tracker;

#[expect(dead_code, reason = "other benchmarks measure by other logs")]
mod logs;

/// As many bytes as a reader hands on at once.
const CHUNK: usize = 128 * 1024;

static TRAINING: LazyLock<logs::TextLog> = LazyLock::new(|| logs::training(16 << 20));
static EVENTS: LazyLock<(String, u64)> = LazyLock::new(|| logs::events(8 << 20));

fn main() {
    divan::main();
}

fn on_training(bencher: Bencher<'_, '_>, run: impl Fn(&str) -> f64 + Sync) {
    let log = &*TRAINING;
    bencher
        .counter(BytesCount::of_str(&log.text))
        .counter(ItemsCount::new(log.redraws))
        .bench(|| run(black_box(&log.text)));
}

/// Every segment of the log.
fn split(log: &str, mut each: impl FnMut(&Segment<'_>)) {
    let mut splitter = Splitter::new();
    for chunk in log.as_bytes().chunks(CHUNK) {
        splitter.push(chunk, &mut each);
    }
    splitter.rest(&mut each);
}

/// What a tracker would look at.
fn figures(text: &str) -> f64 {
    let mut bar = blank();
    match tqdm_into(text, &mut bar) {
        Some(_) => {
            bar.current + bar.rate.unwrap_or(0.0) + bar.values.iter().map(|pair| pair.value).sum::<f64>()
        }
        None => 0.0,
    }
}

#[divan::bench]
fn a_memchr_alone(bencher: Bencher<'_, '_>) {
    on_training(bencher, |log| memchr2_iter(b'\r', b'\n', log.as_bytes()).count() as f64);
}

#[divan::bench]
fn b_utf8_check_alone(bencher: Bencher<'_, '_>) {
    on_training(bencher, |log| {
        log.as_bytes().chunks(CHUNK).filter(|chunk| std::str::from_utf8(chunk).is_ok()).count() as f64
    });
}

#[divan::bench]
fn c_split(bencher: Bencher<'_, '_>) {
    on_training(bencher, |log| {
        let mut bytes = 0;
        split(log, |segment| bytes += segment.text.len());
        bytes as f64
    });
}

#[divan::bench]
fn d_bars_alone(bencher: Bencher<'_, '_>) {
    on_training(bencher, |log| log.split(['\r', '\n']).map(figures).sum());
}

#[divan::bench]
fn e_split_and_bars(bencher: Bencher<'_, '_>) {
    on_training(bencher, |log| {
        let mut sum = 0.0;
        split(log, |segment| sum += figures(segment.text));
        sum
    });
}

/// All of the log understood: what a run's page shows of it.
#[divan::bench]
fn f_understood(bencher: Bencher<'_, '_>) {
    on_training(bencher, |log| {
        let mut format = TextLog::default();
        let mut tracker = Tracker::new("training.log".into());
        for chunk in log.as_bytes().chunks(CHUNK) {
            format.push(chunk, &mut tracker);
        }
        format.rest(&mut tracker);
        tracker.facts().metrics.len() as f64
    });
}

#[divan::bench]
fn g_replay(bencher: Bencher<'_, '_>) {
    on_training(bencher, |log| replay(log.as_bytes(), 0).len() as f64);
}

#[divan::bench]
fn h_one_bar(bencher: Bencher<'_, '_>) {
    let text = "Epoch 17:  45%|████▌     | 180/400 [00:45<00:55,   4.0it/s, loss=0.1234]";
    bencher.counter(BytesCount::of_str(text)).bench(|| tqdm(black_box(text)));
}

#[divan::bench(args = ["0.1234", "1e-05", "31.92", "400", "0.30000000000000004"])]
fn i_number(bencher: Bencher<'_, '_>, text: &str) {
    bencher.counter(BytesCount::of_str(text)).bench(|| number(black_box(text)));
}

#[divan::bench(args = ["0.1234", "1e-05", "31.92", "400", "0.30000000000000004"])]
fn j_number_by_std(bencher: Bencher<'_, '_>, text: &str) {
    bencher.counter(BytesCount::of_str(text)).bench(|| black_box(text).parse::<f64>());
}

/// What a typed reader of job events takes from a line.
#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    level: &'a str,
    fields: Fields,
}

#[derive(Deserialize)]
struct Fields {
    step: u64,
    loss: f64,
}

#[divan::bench]
fn j_json_lines_by_serde_alone(bencher: Bencher<'_, '_>) {
    let (text, lines) = &*EVENTS;
    bencher.counter(BytesCount::of_str(text)).counter(ItemsCount::new(*lines)).bench(|| {
        let mut from = 0;
        let mut sum = 0.0;
        for at in memchr_iter(b'\n', text.as_bytes()) {
            if let Some(Ok(event)) = text.get(from..at).map(serde_json::from_str::<Event<'_>>) {
                sum += event.fields.loss + event.fields.step as f64 + event.level.len() as f64;
            }
            from = at + 1;
        }
        sum
    });
}
