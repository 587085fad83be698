//! Event files: bytes per second of our reader, beside what the checksums of the same bytes cost alone.

use divan::Bencher;
use divan::counter::BytesCount;
use trainmon::parse::tfevents;
use trainmon::track::tracker::Tracker;

fn main() {
    divan::main();
}

fn frame(data: &[u8], file: &mut Vec<u8>) {
    let sum = |data: &[u8]| crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes();
    let length = (data.len() as u64).to_le_bytes();
    file.extend_from_slice(&length);
    file.extend_from_slice(&sum(&length));
    file.extend_from_slice(data);
    file.extend_from_slice(&sum(data));
}

/// A field of bytes, shorter than 128.
fn bytes(number: u8, data: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&[number << 3 | 2, u8::try_from(data.len()).unwrap_or(u8::MAX)]);
    out.extend_from_slice(data);
}

/// Three scalars a step, an event each, as `SummaryWriter.add_scalar` writes them.
fn file() -> Vec<u8> {
    let mut file = Vec::new();
    for step in 0..60_000_u32 {
        for (tag, value) in
            [("train/loss", 2.0 / (step + 1) as f32), ("train/lr", 1e-4), ("train/grad_norm", 0.5)]
        {
            let mut one = Vec::new();
            bytes(1, tag.as_bytes(), &mut one);
            one.push(2 << 3 | 5);
            one.extend_from_slice(&value.to_le_bytes());
            let mut summary = Vec::new();
            bytes(1, &one, &mut summary);
            let mut event = vec![1 << 3 | 1];
            event.extend_from_slice(&(1.79e9 + f64::from(step)).to_le_bytes());
            let [low, middle, high, _] =
                [step & 0x7F | 0x80, step >> 7 & 0x7F | 0x80, step >> 14, 0].map(|b: u32| b.to_le_bytes()[0]);
            event.extend_from_slice(&[2 << 3, low, middle, high]);
            bytes(5, &summary, &mut event);
            frame(&event, &mut file);
        }
    }
    file
}

#[divan::bench]
fn scalars_tracked(bencher: Bencher<'_, '_>) {
    let file = file();
    bencher.counter(BytesCount::of_slice(&file)).bench(|| {
        let mut tracker = Tracker::new("events.out.tfevents.1".into());
        let mut events = (tfevents::SPEC.new)();
        for chunk in file.chunks(128 << 10) {
            events.push(chunk, &mut tracker);
        }
        tracker.facts()
    });
}

#[divan::bench]
fn checksums_alone(bencher: Bencher<'_, '_>) {
    let file = file();
    bencher
        .counter(BytesCount::of_slice(&file))
        .bench(|| file.chunks(60).fold(0, |sums: u32, data| sums.wrapping_add(crc32c::crc32c(data))));
}
