//! JSON lines and tables: bytes per second of our readers, beside what memchr and `serde_json` alone do on the same bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use trainmon::model::level::Level;
use trainmon::model::record::Origin;
use trainmon::model::record::Record;
use trainmon::model::record::Sink;
use trainmon::parse::csv::Table;
use trainmon::parse::format::Format;
use trainmon::parse::jsonl::Lines;
use trainmon::track::tracker::Tracker;

fn main() {
    divan::main();
}

/// Rows of about 374 bytes: a job's events with nested fields, and machine figures that are no metrics.
fn events() -> Vec<u8> {
    let mut text = String::new();
    for step in 0..20_000u32 {
        let x = f64::from(step);
        let _ = writeln!(
            text,
            r#"{{"timestamp":"2026-03-01T08:{:02}:{:02}.{:03}Z","level":"INFO","event":"train_step","job_id":"job-7f3a","correlation_id":"{step:08x}-{:04x}-0000","msg":"step {step} loss {:.4}","fields":{{"step":{step},"steps_total":5000000,"loss":{:.6},"lr":{},"eta_seconds":{:.1},"gpu":{{"id":{},"util":{},"mem_used_mb":71234,"mem_total_mb":81559,"temp_c":63,"power_w":612.4}}}}}}"#,
            step / 60 % 60,
            step % 60,
            step % 1000,
            step % 65_536,
            2.3 / (1.0 + x / 1000.0),
            2.3 / (1.0 + x / 1000.0),
            3e-4 * 0.999_999f64.powf(x),
            (5e6 - x) * 0.25,
            step % 8,
            60 + step % 40,
        );
    }
    text.into_bytes()
}

/// Steps and evaluations by turns, in Python's spacing: neighbours never have the same keys.
fn turns() -> Vec<u8> {
    let mut text = String::new();
    for step in 0..20_000u32 {
        let x = f64::from(step);
        let _ = writeln!(
            text,
            r#"{{"ts": "2026-03-01T08:{:02}:{:02}.{:03}Z", "level": "INFO", "msg": "Training step {step}", "event": "training.step", "fields": {{"step": {step}, "total_steps": 20000, "loss": {}, "lr": {}}}}}"#,
            step / 60 % 60,
            step % 60,
            step % 1000,
            2.3 / (1.0 + x / 1000.0),
            3e-4 * 0.999_999f64.powf(x),
        );
        let _ = writeln!(
            text,
            r#"{{"ts": "2026-03-01T08:{:02}:{:02}.{:03}Z", "level": "INFO", "event": "eval", "epoch": {}, "val": {{"loss": {:.4}, "acc": {:.4}, "per_class": [{:.3}, {:.3}, {:.3}]}}, "best": {}}}"#,
            step / 60 % 60,
            step % 60,
            step % 1000,
            step / 100,
            2.5 / (1.0 + x / 1000.0),
            1.0 - 1.0 / (2.0 + x),
            0.25,
            0.5,
            1.0 - 1.0 / (3.0 + x),
            if step % 3 == 0 { "null" } else { "true" },
        );
    }
    text.into_bytes()
}

/// Lightning's table: most cells empty.
fn table() -> Vec<u8> {
    let mut text = "epoch,lr-AdamW,step,train_loss,val_acc,val_loss\n".to_owned();
    for step in 0..40_000u32 {
        let _ = writeln!(text, "{},,{step},{:.16},,", step / 100, 1.0 / f64::from(step + 3));
    }
    text.into_bytes()
}

/// Hears everything and keeps nothing.
struct Nobody(u64);

impl Sink for Nobody {
    fn record(&mut self, _: &Record<'_>, _: &Origin) {
        self.0 += 1;
    }

    fn line(&mut self, _: Option<Level>, _: bool, _: &Origin) {}
}

fn push(format: &mut dyn Format, bytes: &[u8], sink: &mut dyn Sink) {
    for chunk in bytes.chunks(256 << 10) {
        format.push(chunk, sink);
    }
    format.rest(sink);
}

#[divan::bench]
fn rows(bencher: Bencher<'_, '_>) {
    let bytes = events();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let mut nobody = Nobody(0);
        push(&mut Lines::new(), &bytes, &mut nobody);
        nobody.0
    });
}

#[divan::bench]
fn rows_of_two_shapes_by_turns(bencher: Bencher<'_, '_>) {
    let bytes = turns();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let mut nobody = Nobody(0);
        push(&mut Lines::new(), &bytes, &mut nobody);
        nobody.0
    });
}

#[divan::bench]
fn rows_tracked(bencher: Bencher<'_, '_>) {
    let bytes = events();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let mut tracker = Tracker::new("events.jsonl".into());
        push(&mut Lines::new(), &bytes, &mut tracker);
        tracker.facts()
    });
}

#[divan::bench]
fn rows_by_serde_json_alone(bencher: Bencher<'_, '_>) {
    #[derive(serde::Deserialize)]
    struct Fields {
        step: f64,
        loss: f64,
        lr: f64,
    }
    #[derive(serde::Deserialize)]
    struct Event<'a> {
        timestamp: &'a str,
        level: &'a str,
        #[serde(rename = "event")]
        name: &'a str,
        #[serde(borrow)]
        msg: Cow<'a, str>,
        fields: Fields,
    }
    let bytes = events();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let mut sum = 0.0;
        for line in bytes.split(|byte| *byte == b'\n') {
            if let Ok(event) = serde_json::from_slice::<Event<'_>>(line) {
                let texts = event.timestamp.len() + event.level.len() + event.name.len() + event.msg.len();
                sum += event.fields.step + event.fields.loss + event.fields.lr + texts as f64;
            }
        }
        sum
    });
}

#[divan::bench]
fn newlines_by_memchr_alone(bencher: Bencher<'_, '_>) {
    let bytes = events();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| memchr::memchr_iter(b'\n', &bytes).count());
}

#[divan::bench]
fn cells(bencher: Bencher<'_, '_>) {
    let bytes = table();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let mut nobody = Nobody(0);
        push(&mut Table::new(), &bytes, &mut nobody);
        nobody.0
    });
}
