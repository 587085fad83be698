use proptest::prelude::*;

use super::*;
use crate::parse::bar::blank;
use crate::parse::bar::tqdm_into;
use crate::parse::split::End;
use crate::parse::split::Pieces;
use crate::parse::split::Segment;
use crate::parse::split::Splitter;

/// What the segments of a log are, in words.
#[derive(Default)]
struct Heard {
    memory: Memory,
    said: Vec<String>,
    /// Redraws that were known.
    known: usize,
}

fn told(segment: &Segment<'_>) -> (String, bool) {
    let mut bar = blank();
    let alone = segment.end != End::Rest
        && tqdm_into(segment.text, &mut bar).is_some_and(|a| a.before.is_empty() && a.after.is_empty());
    let what =
        if alone { format!("{bar:?}") } else { format!("{:?} {:?}", segment.text, segment.blank_start) };
    (format!("{} {} {:?} {what}", segment.line, segment.offset, segment.end), alone)
}

impl Pieces for Heard {
    fn segment(&mut self, segment: &Segment<'_>) {
        let (said, is_bar) = told(segment);
        self.said.push(said);
        if is_bar && segment.end == End::Redraw {
            self.memory.note(segment.text);
        }
    }

    fn is_expecting(&self) -> bool {
        self.memory.is_expecting()
    }

    fn redraws(&mut self, bytes: &[u8], offset: u64, line: u64) -> Taken {
        let Self { memory, said, known } = self;
        let before = said.len();
        let taken = memory.redraws(bytes, |at, redraw| {
            *known += 1;
            said.push(format!("{line} {} {:?} {:?}", offset + at as u64, End::Redraw, redraw.bar()));
        });
        if let Some(last) = said.get_mut(before..).and_then(<[String]>::last_mut) {
            *last = last.replacen("Redraw", &format!("{:?}", taken.end), 1);
        }
        taken
    }
}

/// Reads the log with a memory and without; both must hear the same. Returns how many redraws were known.
fn same(log: &[u8], chunk: usize) -> usize {
    let mut heard = Heard::default();
    let mut splitter = Splitter::new();
    let mut plain = Vec::new();
    let mut plainly = Splitter::new();
    for chunk in log.chunks(chunk) {
        splitter.feed(chunk, &mut heard);
        plainly.push(chunk, &mut |segment: &Segment<'_>| plain.push(told(segment).0));
    }
    assert_eq!(splitter.offset(), plainly.offset());
    assert_eq!(splitter.line(), plainly.line());
    splitter.rest(&mut |segment: &Segment<'_>| heard.segment(segment));
    plainly.rest(&mut |segment: &Segment<'_>| plain.push(told(segment).0));
    assert_eq!(heard.said, plain);
    heard.known
}

fn redraws(count: usize, label: &str, postfix: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |log, step| {
        let blocks = "█".repeat(step * 10 / count) + ["", "▏", "▎", "▌", "▋"][step % 5];
        let (percent, minutes, seconds) = (100 * step / count, step / 60, step % 60);
        let postfix = postfix(step);
        log + &format!(
            "{label}{percent:3}%|{blocks:10}| {step}/{count} [{minutes:02}:{seconds:02}<{minutes:02}:{seconds:02}, {:5.2}it/s{postfix}]\r",
            3.0 + step as f64 / 7.0
        )
    })
}

#[test]
fn nearly_all_redraws_are_known() {
    let log =
        redraws(500, "Epoch 1: ", |step| format!(", loss={:.4}, lr={:e}", 1.0 / (step + 1) as f64, 1e-5))
            + "\n2026-01-01 12:00:00 INFO epoch 1 done\n"
            + &redraws(500, "Epoch 2: ", |step| {
                format!(", loss=-{:.4}, acc={}%", 1.0 / (step + 1) as f64, step / 5)
            })
            + "\n";
    // but those of the first few kilobytes, where none were expected, and the first two of each epoch
    assert!(same(log.as_bytes(), 1 << 20) > 930);
    assert!(same(log.as_bytes(), 4096) > 750);
    same(log.as_bytes(), 100);
    same(log.as_bytes(), 1);
}

#[test]
fn one_bar_inside_another() {
    let inner = redraws(40, "Batch: ", |_| String::new());
    let outer: Vec<String> = redraws(60, "Epochs: ", |step| format!(", val={step}"))
        .split_inclusive('\r')
        .map(str::to_owned)
        .collect();
    let log = outer.iter().fold(String::new(), |log, outer| log + outer + &inner);
    assert!(same(log.as_bytes(), 1 << 20) > 2350);
}

#[test]
fn a_bar_that_is_drawn_again_after_the_next_one_began() {
    let first = redraws(200, "Epoch 1: ", |step| format!(", loss={step}"));
    let redraw_of = |epoch: usize, step: usize| {
        let all = redraws(200, &format!("Epoch {epoch}: "), |step| format!(", loss={step}"));
        all.split_inclusive('\r').nth(step).map(str::to_owned).expect("that many")
    };
    let mut log = first;
    for epoch in 2..20 {
        for step in [0, 1, 2, 150, 151, 152] {
            log += &redraw_of(epoch, step);
            log += &redraw_of(epoch - 1, if step < 100 { 199 } else { step });
        }
    }
    log += "\n";
    assert!(same(log.as_bytes(), 1 << 20) > 200);
    same(log.as_bytes(), 1000);
}

#[test]
fn seconds_per_unit_and_hours() {
    let log = (1..200).fold(String::new(), |log, step| {
        log + &format!(
            "train:  7%|7         | {step}/3000 [{}:00:0{}<99:59:5{}, {}.{step:02}s/batch]   \r",
            step / 20,
            step % 10,
            step % 10,
            step % 3
        )
    });
    assert!(same(log.as_bytes(), 1 << 20) > 120);
}

/// Redraws, and what comes between them in logs and in bad dreams.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let figure =
        prop_oneof!["-?[0-9]{1,9}(\\.[0-9]{1,17})?(e-?[0-9]{1,3})?", Just("nan".to_owned()), "[a-z]{1,3}"];
    let bar = (
        prop::sample::select(vec!["", "Epoch 1: ", "Epoch 2:", "ep 3", "12:30:01 INFO x: ", "größe "]),
        "[0-9 ]{0,3}%\\|(█{0,3}[▏▌]?|[#0-9 ]{0,4}|[\\[|é]) {0,2}\\|",
        "[0-9]{1,8}(\\.[0-9]k)?",
        prop::sample::select(vec!["/400 [", "/4000 [", "/? [", "/400"]),
        "([0-9]{2}:[0-9]{2}|1:00:01|[?])<([0-9]{2}:[0-9]{2}|[?]), {1,3}([0-9]{1,3}\\.[0-9]{2}|[?])",
        prop::sample::select(vec!["it/s", "s/it", "batch/s", "s/s", "kB/s"]),
        prop::collection::vec((prop::sample::select(vec!["loss", "acc", "v_num"]), figure, "%?"), 0..3),
        prop::sample::select(vec![
            "]\r",
            "]\r",
            "]\r",
            "]\r",
            "]  \r",
            "]\n",
            "]\r\n",
            "]\r\r",
            "",
            "] x\r",
            "]\x1b[A\r",
            "\x08]\r",
        ]),
    );
    let redraw = bar.prop_map(|(label, blocks, count, total, times, unit, values, end)| {
        let values: String = values
            .iter()
            .fold(String::new(), |all, (name, value, sign)| all + &format!(", {name}={value}{sign}"));
        format!("{label}{blocks} {count}{total}{times}{unit}{values}{end}")
    });
    // the same one several times, with a byte changed here and there
    let family = (redraw, prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 2..8))
        .prop_map(|(redraw, changes)| {
            let mut log = Vec::new();
            for (at, byte, kind) in changes {
                let mut bytes = redraw.clone().into_bytes();
                let at = at.index(bytes.len());
                match kind {
                    0 if bytes[at].is_ascii_digit() => bytes[at] = b'0' + byte % 10,
                    1 => bytes[at] = byte,
                    _ => {}
                }
                log.extend_from_slice(&bytes);
            }
            log
        });
    prop::collection::vec(family, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_memory_changes_nothing(log in log(), chunk in 1usize..2000) {
        let log = [&log[..], &[b' '; SPAN + 10]].concat();
        same(&log, chunk);
        same(&log, 700);
    }
}
