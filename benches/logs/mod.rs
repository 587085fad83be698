//! Logs to measure by, made in memory: always the same bytes, in the shapes of long runs.

use std::fmt::Write as _;

pub(crate) mod events;

/// A small generator of numbers that are the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way for the same `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number in `0..1`.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number in `0..below`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "smaller than `below`")]
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        (self.unit() * below as f64) as u64
    }
}

/// How many redraws a text log has, with its bytes.
pub(crate) struct TextLog {
    /// The log.
    pub(crate) text: String,
    /// Redraws of its bar.
    pub(crate) redraws: u64,
}

fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

/// The ten cells of a bar that is `done` of `all` full.
fn cells(done: u64, all: u64) -> String {
    let eighths = done * 80 / all;
    let (full, part) = (eighths / 8, eighths % 8);
    let mut bar: String = (0..full).map(|_| '█').collect();
    if part > 0 {
        bar.extend(" ▏▎▍▌▋▊▉".chars().nth(usize::try_from(part).unwrap_or(0)));
    }
    let width = bar.chars().count();
    bar.extend((width..10).map(|_| ' '));
    bar
}

const TRACEBACK: &str = r#"Traceback (most recent call last):
  File "/opt/train/main.py", line 214, in train_step
    loss = self.model(batch["input_ids"], labels=batch["labels"])
  File "/opt/train/model.py", line 88, in forward
    attn = torch.softmax(q @ k.transpose(-2, -1) / self.scale, dim=-1)
torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.34 GiB (GPU 0; 79.15 GiB total capacity)
"#;

/// A training log of about `bytes`: a bar of 400 steps for each epoch, redrawn at each of them, with log lines between the
/// redraws (one in fifty; some in colour), a few tracebacks, and a table after each epoch.
pub(crate) fn training(bytes: usize) -> TextLog {
    let mut dice = Dice::new(7);
    let mut text = String::with_capacity(bytes + 64 * 1024);
    let mut redraws = 0;
    let mut loss = 2.3;
    let mut epoch = 0;
    while text.len() < bytes {
        let mut elapsed = 0.0;
        for step in 1..=400 {
            let took = 0.24 + dice.unit() * 0.05;
            elapsed += took;
            loss = f64::max(0.01, loss * 0.9996 + (dice.unit() - 0.5) * 0.006);
            let percent = 100 * step / 400;
            let bar = cells(step, 400);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes at most")]
            let (spent, left) = (clock(elapsed as u64), clock(((400 - step) as f64 * took) as u64));
            let rate = took.recip();
            let _ = write!(
                text,
                "\rEpoch {epoch}: {percent:3}%|{bar}| {step}/400 [{spent}<{left}, {rate:5.1}it/s, loss={loss:.4}]"
            );
            redraws += 1;
            if dice.unit() < 0.02 {
                line(&mut text, &mut dice, epoch * 400 + step, loss);
            }
        }
        text.push_str("\n+--------+------------+----------+\n| metric | train      | val      |\n+--------+------------+----------+\n");
        for name in ["loss", "acc@1", "acc@5", "ppl"] {
            let _ = writeln!(text, "| {name:6} | {:10.5} | {:8.5} |", dice.unit() * 3.0, dice.unit() * 3.0);
        }
        let _ = writeln!(
            text,
            "Epoch {epoch}: train_loss={loss:.4} val_loss={:.4} time={elapsed:.1}s",
            loss * 1.05
        );
        epoch += 1;
    }
    TextLog { text, redraws }
}

fn line(text: &mut String, dice: &mut Dice, step: u64, loss: f64) {
    let (minute, second, milli) = (dice.below(60), dice.below(60), dice.below(1000));
    let (level, colour, message) = match dice.below(100) {
        0..70 => {
            ("INFO", 32, format!("step={step} loss={loss:.4} grad_norm={:.3} lr=0.000300", dice.unit() * 4.0))
        }
        70..85 => (
            "DEBUG",
            36,
            format!("dataloader worker {} prefetched shard-{:05}.tar", dice.below(16), dice.below(9999)),
        ),
        85..97 => (
            "WARNING",
            33,
            format!("Gradient overflow.  Skipping step, loss scale to {}.0", 1 << dice.below(17)),
        ),
        _ => (
            "ERROR",
            31,
            format!("NCCL WARN Call to recv failed : Connection reset by peer ({})", dice.below(9)),
        ),
    };
    let _ = if dice.unit() < 0.15 {
        writeln!(
            text,
            "\n\x1b[{colour}m[2026-03-01 08:{minute:02}:{second:02}] {level:8}\x1b[0m \x1b[1mtrainer.py\x1b[0m:81 {message}"
        )
    } else {
        writeln!(text, "\n2026-03-01 08:{minute:02}:{second:02},{milli:03} - trainer - {level} - {message}")
    };
    if level == "ERROR" && dice.unit() < 0.3 {
        text.push_str(TRACEBACK);
    }
}

/// JSON lines of about `bytes`, and how many they are.
pub(crate) fn events(bytes: usize) -> (String, u64) {
    let mut dice = Dice::new(11);
    let mut text = String::with_capacity(bytes + 1024);
    let mut step = 0;
    while text.len() < bytes {
        step += 1;
        let loss = 2.3 * 0.99999_f64.powf(step as f64) + dice.unit() * 0.05;
        let _ = writeln!(
            text,
            r#"{{"timestamp":"2026-03-01T08:{:02}:{:02}.{:03}Z","level":"INFO","event":"train_step","job_id":"job-7f3a","correlation_id":"{:08x}","msg":"step {step} loss {loss:.4}","fields":{{"step":{step},"steps_total":5000000,"loss":{loss:.6},"lr":0.0003,"gpu":{{"id":{},"util":{},"power_w":{:.1}}}}}}}"#,
            dice.below(60),
            dice.below(60),
            dice.below(1000),
            dice.below(1 << 32),
            dice.below(8),
            60 + dice.below(40),
            500.0 + dice.unit() * 200.0,
        );
    }
    (text, step)
}
