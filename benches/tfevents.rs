//! Event files: bytes per second of our reader with the tracker behind it, for scalars in both encodings, beside what `memchr`
//! and the checksums alone cost on the same bytes.

use divan::Bencher;
use divan::counter::BytesCount;
use trainmon::parse::tfevents;
use trainmon::track::tracker::Tracker;

use self::logs::events::Written;

#[expect(dead_code, reason = "other benchmarks measure by other logs")]
mod logs;

fn main() {
    divan::main();
}

const BOTH: [Written; 2] = [Written::Numbers, Written::Tensors];

fn file(written: Written) -> Vec<u8> {
    logs::events::file(written, 8 << 20, 3)
}

#[divan::bench(args = BOTH)]
fn a_memchr_alone(bencher: Bencher<'_, '_>, written: Written) {
    let file = file(written);
    bencher.counter(BytesCount::of_slice(&file)).bench(|| memchr::memchr_iter(b'\n', &file).count());
}

#[divan::bench(args = BOTH)]
fn b_checksums_alone(bencher: Bencher<'_, '_>, written: Written) {
    let file = file(written);
    bencher
        .counter(BytesCount::of_slice(&file))
        .bench(|| file.chunks(60).fold(0, |sums: u32, data| sums.wrapping_add(crc32c::crc32c(data))));
}

#[divan::bench(args = BOTH)]
fn c_scalars_tracked(bencher: Bencher<'_, '_>, written: Written) {
    let file = file(written);
    bencher.counter(BytesCount::of_slice(&file)).bench(|| {
        let mut tracker = Tracker::new("events.out.tfevents.1".into());
        let mut events = (tfevents::SPEC.new)();
        for chunk in file.chunks(128 << 10) {
            events.push(chunk, &mut tracker);
        }
        tracker.facts()
    });
}
