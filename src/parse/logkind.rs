//! What a line of a log is about. The line alone decides, so that a filter by category finds the same lines wherever it begins.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::logline::Line;
use crate::model::level::Level;
use crate::model::log::Category;
use crate::model::log::LineKind;

/// Words that only devices, network and schedulers use, in small letters.
const SYSTEM: &[&str] = &[
    "nccl",
    "cudnn",
    "rocm",
    "hip error",
    "out of memory",
    "oom",
    "xid",
    "nvlink",
    "infiniband",
    "gloo",
    "slurm",
    "srun",
    "sigterm",
    "sigkill",
    "sigint",
    "killed",
    "exit code",
    "exitcode",
    "no space left",
    "socket",
    "timeout",
    "timed out",
    "rendezvous",
    "master_addr",
    "thermal",
];

/// Words that stand in lines of the machine and of the setup alike, in small letters.
const MACHINE: &[&str] = &[
    "cuda",
    "gpu",
    "mpi",
    "memory",
    "disk",
    "process",
    "pid",
    "worker",
    "connection",
    "elastic",
    "driver",
    "signal",
];

/// Words of what is done before training, in small letters.
const SETUP: &[&str] = &[
    "load",
    "config",
    "argument",
    "args",
    "param",
    "dataset",
    "vocab",
    "tokenizer",
    "initializ",
    "initialis",
    "seed",
    "version",
    "model:",
    "model =",
    "optimizer",
    "scheduler",
    "prepar",
    "download",
    "building",
    "built",
    "creat",
    "device",
    "precision",
    "checkpoint from",
    "pretrained",
    "total samples",
    "num examples",
    "num epochs",
    "batch size",
    "batch_size",
    "num train",
    "instantaneous",
    "gradient accumulation",
    "setup",
    "setting",
    "using",
    "start",
];

/// Chatter that says nothing but that somebody is there, in small letters.
const CHATTER: &[&str] =
    &["keep-alive", "keepalive", "heartbeat", "ping", "pong", "still alive", "worker alive"];

/// Names of measures, in small letters: one of them before a figure makes a line one of metrics.
const MEASURES: &[&str] = &[
    "loss",
    "acc",
    "accuracy",
    "f1",
    "auc",
    "map",
    "iou",
    "dice",
    "bleu",
    "rouge",
    "ppl",
    "perplexity",
    "mae",
    "mse",
    "rmse",
    "r2",
    "psnr",
    "ssim",
    "fid",
    "reward",
    "return",
    "grad_norm",
    "gradnorm",
    "lr",
    "learning_rate",
    "wer",
    "cer",
    "recall",
    "precision",
    "score",
    "error rate",
    "top1",
    "top5",
    "acc@1",
    "val_",
    "eval_",
    "entropy",
    "kl",
];

struct Words {
    machine: Option<AhoCorasick>,
    system: Option<AhoCorasick>,
    setup: Option<AhoCorasick>,
    chatter: Option<AhoCorasick>,
    measures: Option<AhoCorasick>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let made = |words: &[&str]| AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok();
    Words {
        system: made(SYSTEM),
        machine: made(MACHINE),
        setup: made(SETUP),
        chatter: made(CHATTER),
        measures: made(MEASURES),
    }
});

/// What `line` is about.
pub fn category(line: &Line<'_>) -> Category {
    if line.kind == LineKind::Progress {
        return Category::Progress;
    }
    if let Some(found) = line.event.and_then(of_event) {
        return found;
    }
    let body = line.text.get(line.body..).unwrap_or(line.text);
    if line.level == Some(Level::Debug) || holds_word(WORDS.chatter.as_ref(), body) {
        return Category::Debug;
    }
    if line.level >= Some(Level::Warning) {
        return Category::System;
    }
    if carries_measure(body) {
        return Category::Metrics;
    }
    if holds_word(WORDS.system.as_ref(), body) {
        return Category::System;
    }
    if holds_word(WORDS.setup.as_ref(), body) {
        return Category::Setup;
    }
    if holds_word(WORDS.machine.as_ref(), body) {
        return Category::System;
    }
    Category::Other
}

/// Events of job logs say it themselves.
fn of_event(event: &str) -> Option<Category> {
    let begins = |starts: &[&str]| starts.iter().any(|start| event.starts_with(start));
    let holds = |parts: &[&str]| parts.iter().any(|part| event.contains(part));
    if holds(&["failed", "error", "exception"]) || begins(&["system.", "subprocess.exit"]) {
        Some(Category::System)
    } else if holds(&["heartbeat", "keepalive"]) {
        Some(Category::Debug)
    } else if holds(&["step", "progress"]) {
        Some(Category::Progress)
    } else if holds(&["metric", "eval", "validation"]) {
        Some(Category::Metrics)
    } else if begins(&["config", "dataset", "plugin", "paths", "stage", "training.start", "training.execute"])
    {
        Some(Category::Setup)
    } else {
        None
    }
}

/// Whether one of the words begins at the begin of a word.
fn holds_word(words: Option<&AhoCorasick>, text: &str) -> bool {
    let bytes = text.as_bytes();
    words.is_some_and(|words| {
        words.find_iter(text).any(|found| {
            let before = found.start().checked_sub(1).and_then(|at| bytes.get(at));
            before.is_none_or(|b| !b.is_ascii_alphanumeric())
        })
    })
}

/// Whether a measure's name stands before a figure: `loss=0.5`, `val_loss: nan`, `'acc': 0.9`, `loss 0.5`.
fn carries_measure(body: &str) -> bool {
    let bytes = body.as_bytes();
    WORDS.measures.as_ref().is_some_and(|words| {
        words.find_iter(body).any(|found| {
            let before = found.start().checked_sub(1).and_then(|at| bytes.get(at));
            let begins = before.is_none_or(|b| !b.is_ascii_alphanumeric() || *b == b'_');
            let rest = bytes.get(found.end()..).unwrap_or_default();
            // the rest of the name, then signs that lead to a figure
            let name = rest
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'@' | b'-' | b'.'))
                .count();
            let rest = rest.get(name.min(40)..).unwrap_or_default();
            let signs = rest
                .iter()
                .take_while(|b| matches!(b, b' ' | b':' | b'=' | b'"' | b'\'' | b'|' | b'('))
                .count();
            let figure = rest.get(signs..).unwrap_or_default();
            let figure = figure.strip_prefix(b"-").unwrap_or(figure);
            let is_figure = figure.first().is_some_and(u8::is_ascii_digit)
                || figure.get(..3).is_some_and(|word| {
                    word.eq_ignore_ascii_case(b"nan") || word.eq_ignore_ascii_case(b"inf")
                });
            begins && (1..8).contains(&signs) && is_figure
        })
    })
}

/// The rank that a prefix names: the last number of `rank0`, `[default3]`, `RANK 2`.
pub fn rank(named: &str) -> Option<u32> {
    let digits = named.bytes().rev().take_while(u8::is_ascii_digit).count();
    named.get(named.len() - digits..)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, level: Option<Level>) -> Category {
        category(&Line { level, ..Line::plain(text) })
    }

    #[test]
    fn lines_of_each_category() {
        for (text, meant) in [
            ("Epoch 3: train_loss=0.51 acc=0.9", Category::Metrics),
            ("{'loss': 1.2, 'epoch': 0.1}", Category::Metrics),
            ("| val_loss | 0.53 |", Category::Metrics),
            ("loss is nan", Category::Other),
            ("step 5 loss nan", Category::Metrics),
            ("Loading checkpoint shards", Category::Setup),
            ("Num Epochs = 3", Category::Setup),
            ("NCCL version 2.18", Category::System),
            ("Using device cuda:0", Category::Setup),
            ("GPU 3 at 80 C", Category::System),
            ("worker alive", Category::Debug),
            ("hello", Category::Other),
            ("upload done", Category::Other),
            ("flossing 3", Category::Other),
        ] {
            assert_eq!(of(text, None), meant, "{text}");
        }
        assert_eq!(of("anything", Some(Level::Debug)), Category::Debug);
        assert_eq!(of("anything", Some(Level::Error)), Category::System);
    }

    #[test]
    fn ranks() {
        assert_eq!(rank("rank0"), Some(0));
        assert_eq!(rank("RANK 12"), Some(12));
        assert_eq!(rank("default3"), Some(3));
        assert_eq!(rank("worker"), None);
        assert_eq!(rank("rank99999999999"), None);
    }
}
