//! The vocabulary of training logs: which names count epochs or steps, which name metrics, which only configure.
//!
//! Names are compared in lower case with everything but letters, digits and `_` made a blank.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::hash::Hasher;

use crate::model::record::Count;

/// What a name counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    /// Epochs.
    Epoch,
    /// Steps, iterations, updates: of the run or of an epoch, as the log will show.
    Step,
    /// Steps that the name itself calls global.
    GlobalStep,
    /// Batches of an epoch.
    Batch,
    /// Examples of an epoch.
    Sample,
    /// Something of a total: how it moves will show whether it is the run.
    Nameless,
    /// The first of two numbers in one bracket, with the second for its total.
    Outer,
    /// Hundredths of the run.
    Percent,
    /// Turns of a loop around training.
    Turn,
}

/// What a name (or a single word) is, all at once.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a list that a name may be on")]
pub(crate) struct Known {
    /// What it counts, if it is a counter.
    pub counter: Option<Counter>,
    /// What it counts, if it announces a total.
    pub total: Option<Count>,
    /// It is a counter with a word of its own before it (`eval epoch`).
    pub led: bool,
    /// It tells how much of all is done, in hundredths.
    pub share: bool,
    /// See [`is_metric`].
    pub metric: bool,
    /// See [`is_config`].
    pub config: bool,
    /// See [`is_noise`].
    pub noise: bool,
    /// See [`is_prose`].
    pub prose: bool,
    /// See [`is_link`].
    pub link: bool,
    /// See [`is_qualifier`].
    pub qualifier: bool,
}

/// Looks a name up in every list.
fn look_up(name: &str) -> Known {
    let whole = plain(name);
    let first =
        if name.contains(" / ") { plain(name.split(" / ").next().unwrap_or(name)) } else { whole.clone() };
    let counted =
        if name.contains('(') { plain(name.split('(').next().unwrap_or(name)) } else { whole.clone() };
    Known {
        counter: counter(&counted),
        total: total(&first),
        led: name.split_once(' ').is_some_and(|(_, rest)| counter(&plain(rest)).is_some()),
        share: matches!(whole.as_str(), "progress" | "training progress" | "train progress" | "percent done"),
        metric: is_metric(&whole),
        config: is_config(&first),
        noise: is_noise(&whole),
        prose: is_prose(&whole) || name == "=" || name == "==",
        link: is_link(&whole),
        qualifier: is_qualifier(&whole),
    }
}

/// FNV-1a: names are short, and nobody gains by making them collide.
#[derive(Debug, Clone, Copy)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// Names that a log has used lately with what they are: a log says the same few names on every line.
#[derive(Debug, Default)]
pub(crate) struct Lexicon(HashMap<Box<str>, Known, BuildHasherDefault<Fnv>>);

/// Names that are remembered; a thousand logs may be open.
const MOST: usize = 192;

impl Lexicon {
    /// What `name` is.
    pub(crate) fn look(&mut self, name: &str) -> Known {
        if let Some(known) = self.0.get(name) {
            return *known;
        }
        let known = look_up(name);
        if name.len() <= 40 {
            if self.0.len() >= MOST {
                self.0.clear();
            }
            self.0.insert(name.into(), known);
        }
        known
    }
}

/// Lower case, words joined by single blanks.
fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() || c == '_' {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What `name` (already [`plain`]) counts, if it is a counter: judged by its last word.
fn counter(name: &str) -> Option<Counter> {
    if matches!(
        name,
        "global step"
            | "global_step"
            | "gstep"
            | "num_updates"
            | "total steps done"
            | "update step"
            | "current_steps"
            | "global iter"
            | "global_iter"
            | "training global_step"
            | "train_num_updates"
    ) {
        return Some(Counter::GlobalStep);
    }
    let last = name.rsplit(' ').next().unwrap_or(name);
    let before = name.strip_suffix(last).unwrap_or("").trim_end();
    if before.split(' ').any(|word| {
        matches!(
            word,
            "best"
                | "nan"
                | "skipped"
                | "number"
                | "num"
                | "per"
                | "total"
                | "max"
                | "of"
                | "warmup"
                | "n"
                | "every"
                | "patience"
                | "early"
                | "last"
                | "micro"
                | "sampling"
                | "ddim"
                | "ddpm"
                | "denoising"
                | "inner"
                | "diffusion"
        )
    }) {
        return None;
    }
    match last {
        "эпоха" | "эпохи" | "epoche" | "época" | "epoca" | "époque" | "epoque" | "epoka" | "エポック"
        | "轮次" | "에포크" | "에폭" | "epoch" | "epochs" | "ep" | "epo" | "epch" | "current_epoch"
        | "train_epoch" | "epoch_num" | "epoch_idx" => Some(Counter::Epoch),
        "шаг" | "итерация" | "schritt" | "étape" | "paso" | "passo" | "krok" | "adım" | "itération"
        | "iteración" | "iteração" | "iterazione" | "ステップ" | "步数" | "스텝" | "generation"
        | "episode" | "trial" | "round" | "step" | "steps" | "iter" | "iters" | "iteration"
        | "iterations" | "itr" | "train_step" | "update" | "updates" | "train_iter" | "it" | "num_iter"
        | "timestep" | "timesteps" => Some(Counter::Step),
        "batch" | "batches" | "minibatch" | "mini_batch" | "batch_idx" | "batch_id" => Some(Counter::Batch),
        _ => None,
    }
}

/// Parts of names that make a figure a measure of learning.
const METRICS: [&str; 69] = [
    "loss",
    "losses",
    "acc",
    "accuracy",
    "acc1",
    "acc5",
    "top1",
    "top5",
    "prec1",
    "prec5",
    "ppl",
    "perplexity",
    "f1",
    "auc",
    "auroc",
    "mae",
    "mse",
    "rmse",
    "mape",
    "precision",
    "recall",
    "reward",
    "rewards",
    "return",
    "score",
    "bleu",
    "rouge",
    "map",
    "map50",
    "iou",
    "miou",
    "dice",
    "dsc",
    "error",
    "err",
    "kl",
    "elbo",
    "nll",
    "bce",
    "cer",
    "wer",
    "psnr",
    "ssim",
    "fid",
    "fitness",
    "logloss",
    "r2",
    "mcc",
    "entropy",
    "objective",
    "norm",
    "gnorm",
    "grad_norm",
    "epe",
    "hinge",
    "crossentropy",
    "smoothl1",
    "bpc",
    "verlust",
    "fehler",
    "genauigkeit",
    "perte",
    "perda",
    "perdita",
    "exactitud",
    "accuratezza",
    "cost",
    "pearson",
    "spearman",
];

/// Parts of names that make of a measure's name a setting: `loss_weight`, `max_grad_norm`, `rms_norm_eps`.
const SETTINGS: [&str; 28] = [
    "weight",
    "weights",
    "coef",
    "coeff",
    "coefs",
    "coefficient",
    "eps",
    "epsilon",
    "alpha",
    "beta",
    "gamma",
    "lambda",
    "thresh",
    "threshold",
    "thr",
    "type",
    "decay",
    "power",
    "classes",
    "clip",
    "limit",
    "interval",
    "freq",
    "scale",
    "smoothing",
    "reduction",
    "fn",
    "function",
];

/// Loss, accuracy, precision and recall in other scripts, anywhere in a name.
const FOREIGN: [&str; 21] = [
    "损失",
    "準確率",
    "准确率",
    "精确率",
    "精度",
    "召回率",
    "損失",
    "正解率",
    "손실",
    "정확도",
    "потер",
    "ошибк",
    "точност",
    "pérdida",
    "précision",
    "precisión",
    "precisão",
    "acurácia",
    "dokładność",
    "kayıp",
    "doğruluk",
];

/// Whether `name` (already [`plain`]) names a measure of learning.
fn is_metric(name: &str) -> bool {
    let hit = |part: &str| METRICS.contains(&part);
    let joined = name.contains('_') || name.contains(' ');
    let parts = || name.split([' ', '_']);
    let bound = parts().any(|part| part == "max") && parts().any(|part| part == "norm");
    // `clip_loss`, `Value function loss`
    let ends = parts().next_back().is_some_and(|last| matches!(last, "loss" | "losses" | "acc" | "accuracy"));
    if joined && (bound || (!ends && parts().any(|part| SETTINGS.contains(&part)))) {
        return false;
    }
    name.split([' ', '_']).any(hit)
        || (!name.is_ascii() && FOREIGN.iter().any(|word| name.contains(word)))
        || name.split(' ').any(|word| {
            hit(word) || word.ends_with("loss") || word.ends_with("acc") || word.ends_with("accuracy")
        })
}

/// Names that configure a run: a line that holds one of them beside no measure is a configuration.
fn is_config(name: &str) -> bool {
    matches!(
        name,
        "batch_size"
            | "batchsize"
            | "batch size"
            | "bs"
            | "batch"
            | "seed"
            | "num_workers"
            | "workers"
            | "epochs"
            | "num_epochs"
            | "n_epochs"
            | "nepochs"
            | "max_epochs"
            | "max_epoch"
            | "max_steps"
            | "max_iters"
            | "num_train_epochs"
            | "weight_decay"
            | "momentum"
            | "hidden"
            | "hidden_size"
            | "num_layers"
            | "n_layer"
            | "n_head"
            | "n_embd"
            | "dropout"
            | "warmup"
            | "warmup_steps"
            | "patience"
            | "min_delta"
            | "gamma"
            | "beta1"
            | "beta2"
            | "gradient_accumulation_steps"
            | "num_classes"
            | "n_estimators"
            | "max_depth"
            | "save_steps"
            | "eval_steps"
            | "logging_steps"
            | "max_length"
            | "max_seq_length"
            | "block_size"
            | "port"
            | "gpu"
            | "gpus"
            | "nodes"
            | "world_size"
            | "attempt"
    )
}

/// Counters and clocks that are no measure, whatever line they stand on.
fn is_noise(name: &str) -> bool {
    // `val_loss_patience`: a setting of early stopping
    if name.ends_with("_patience") {
        return true;
    }
    matches!(
        name,
        "eta"
            | "seed"
            | "run_id"
            | "pid"
            | "rank"
            | "local_rank"
            | "worker"
            | "node"
            | "line"
            | "version"
            | "v_num"
            | "port"
            | "id"
            | "size"
            | "attempt"
            | "min_delta"
            | "patience"
            | "counter"
            | "gpu"
            | "device"
            | "exitcode"
            | "exit code"
            | "code"
            | "n"
            | "epoch"
            | "epochs"
            | "x"
            | "process"
            | "remaining time"
            | "jan"
            | "feb"
            | "mar"
            | "apr"
            | "may"
            | "jun"
            | "jul"
            | "aug"
            | "sep"
            | "oct"
            | "nov"
            | "dec"
            | "mon"
            | "tue"
            | "wed"
            | "thu"
            | "fri"
            | "sat"
            | "sun"
            | "fold"
            | "chain"
            | "client"
            | "class"
    )
}

/// Words of prose: a figure behind one of them is not named by it.
fn is_prose(word: &str) -> bool {
    matches!(
        word,
        "to" | "from"
            | "of"
            | "in"
            | "at"
            | "for"
            | "by"
            | "than"
            | "after"
            | "and"
            | "with"
            | "top"
            | "is"
            | "was"
            | "the"
            | "a"
            | "an"
            | "on"
            | "last"
            | "first"
            | "reached"
            | "above"
            | "below"
            | "or"
            | "be"
            | "will"
            | "every"
            | "number"
            | "total"
            | "have"
            | "has"
            | "had"
            | "did"
            | "not"
            | "improve"
            | "improved"
            | "saved"
            | "saving"
            | "restored"
            | "loading"
            | "loaded"
            | "reducing"
            | "target"
            | "up"
            | "down"
            | "out"
            | "until"
            | "each"
            | "per"
            | "over"
            | "between"
            | "python"
            | "cuda"
            | "version"
            | "torch"
            | "used"
            | "using"
            | "took"
            | "under"
            | "as"
            | "when"
            | "started"
            | "position"
            | "共"
            | "="
            | "=="
    )
}

/// Words that join a name to the sentence before it.
fn is_link(word: &str) -> bool {
    matches!(
        word,
        "to" | "from"
            | "of"
            | "in"
            | "at"
            | "for"
            | "by"
            | "than"
            | "after"
            | "and"
            | "with"
            | "is"
            | "was"
            | "the"
            | "a"
            | "an"
            | "on"
            | "or"
            | "be"
            | "will"
            | "has"
            | "had"
    )
}

/// Words that say on which data a figure was taken; they belong to the name behind them.
fn is_qualifier(word: &str) -> bool {
    matches!(
        word,
        "train"
            | "training"
            | "val"
            | "valid"
            | "validation"
            | "test"
            | "eval"
            | "evaluation"
            | "avg"
            | "average"
            | "mean"
            | "best"
            | "running"
            | "smoothed"
            | "final"
            | "dev"
            | "max"
            | "min"
            | "median"
    )
}

/// What a configured total counts, by its [`plain`] name.
fn total(name: &str) -> Option<Count> {
    match name {
        "epochs"
        | "num_epochs"
        | "n_epochs"
        | "nepochs"
        | "max_epochs"
        | "max_epoch"
        | "end_epoch"
        | "num_train_epochs"
        | "total_epochs"
        | "num epochs"
        | "total epochs"
        | "number of epochs"
        | "max epochs"
        | "n epochs"
        | "num_epoch"
        | "nb_epochs"
        | "nb_epoch"
        | "train_epochs"
        | "epoch_num"
        | "total epoch"
        | "solver max_epochs"
        | "train epochs"
        | "scheduled epochs"
        | "number of training epochs" => Some(Count::Epochs),
        "total optimization steps"
        | "max_steps"
        | "total_steps"
        | "num_training_steps"
        | "max_iters"
        | "max_iter"
        | "total_iters"
        | "total steps"
        | "num_steps"
        | "train_steps"
        | "total training steps"
        | "total_training_steps"
        | "max steps"
        | "num_iterations"
        | "n_iterations"
        | "max iterations"
        | "max_iterations"
        | "total iterations"
        | "total_iterations"
        | "num_train_steps"
        | "total_timesteps"
        | "cfg steps" => Some(Count::Steps),
        "num update steps per epoch"
        | "steps_per_epoch"
        | "num batches per epoch"
        | "steps per epoch"
        | "batches per epoch"
        | "iters_per_epoch" => Some(Count::StepsPerEpoch),
        _ => None,
    }
}
