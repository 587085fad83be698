//! What histories cost: to take a point in, to keep it, and to lay a history out over the columns of a chart.

use divan::Bencher;
use divan::counter::ItemsCount;
use trainmon::model::series::{Over, Point, Series, View};

#[expect(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]
fn main() {
    println!(
        "bytes a point, 100,000 points: {:.1} drawn by a bar, {:.1} of an event file, {:.1} of an event file with times",
        held(&long(drawn, false)),
        held(&long(single, false)),
        held(&long(single, true)),
    );
    println!("bytes a point, 10,000 histories of 1,000 points: {:.1}", {
        let all: Vec<Series> = (0..100).map(|_| short()).collect();
        all.iter().map(held).sum::<f64>() / 100.0
    });
    divan::main();
}

const LONG: u32 = 100_000;

fn held(series: &Series) -> f64 {
    (series.heap_bytes() + size_of::<Series>()) as f64 / series.len() as f64
}

/// A noisy loss with four decimals, as bars show it.
fn drawn(at: u32) -> f64 {
    let noise = f64::from(at.wrapping_mul(2_654_435_761) >> 20) / 4096.0;
    ((2.0 / (1.0 + f64::from(at) / 5000.0) + noise / 5.0) * 10_000.0).round() / 10_000.0
}

/// The same as an `f32` that was never printed.
fn single(at: u32) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "an f32 is meant")]
    let single = (drawn(at) / 3.0) as f32;
    f64::from(single)
}

fn long(figure: fn(u32) -> f64, timed: bool) -> Series {
    fill(LONG, figure, timed)
}

fn short() -> Series {
    fill(1000, drawn, false)
}

fn fill(count: u32, figure: fn(u32) -> f64, timed: bool) -> Series {
    let mut series = Series::default();
    for at in 0..count {
        let time = if timed { 1.7e12 + f64::from(at) * 131.0 + f64::from(at % 17) } else { f64::NAN };
        series.take(Point { x: f64::from(at * 3 + at % 2), y: figure(at), time });
    }
    series
}

fn taken(bencher: Bencher<'_, '_>, figure: fn(u32) -> f64, timed: bool) {
    let mut points = Vec::new();
    long(figure, timed).each(|point| points.push(point));
    bencher.counter(ItemsCount::new(points.len())).bench_local(|| {
        let mut series = Series::default();
        for point in &points {
            series.take(*point);
        }
        series
    });
}

#[divan::bench]
fn take_drawn(bencher: Bencher<'_, '_>) {
    taken(bencher, drawn, false);
}

#[divan::bench]
fn take_single_with_times(bencher: Bencher<'_, '_>) {
    taken(bencher, single, true);
}

fn laid_out(bencher: Bencher<'_, '_>, all: &[Series], columns: u16) {
    let points: usize = all.iter().map(Series::len).sum();
    bencher.counter(ItemsCount::new(points)).bench_local(|| {
        let mut sum = 0.0;
        for series in all {
            let to = series.last_x().unwrap_or(1.0);
            series.stretches(&View { over: Over::X, from: 0.0, to, columns }, |stretch| {
                sum += stretch.summary.mean();
            });
        }
        sum
    });
}

#[divan::bench]
fn columns_of_a_million(bencher: Bencher<'_, '_>) {
    laid_out(bencher, &[fill(1_000_000, drawn, false)], 200);
}

#[divan::bench]
fn columns_of_100_000(bencher: Bencher<'_, '_>) {
    laid_out(bencher, &[long(single, true)], 200);
}

#[divan::bench]
fn columns_of_1000_histories_of_1000(bencher: Bencher<'_, '_>) {
    let all: Vec<Series> = (0..1000).map(|_| short()).collect();
    laid_out(bencher, &all, 120);
}
