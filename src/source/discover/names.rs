//! What a name tells: which files may be sources of a run and in which order, and which folders a framework makes.
//!
//! Only names are judged here. Where a name is used for other things too, the verdict is [`File::Maybe`], and the content
//! decides (`sniff.rs`).

use crate::parse::mlflow;

/// What a plain file is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    /// A log: the folder is a run.
    Log(Rank),
    /// A log that a framework writes into its own folder beside what was printed: inside another run it belongs to that one.
    SideLog(Rank),
    /// W&B's copy of what was printed: a source only where nothing better is.
    Copy,
    /// A tracker's file: the folder is a run, or a part of one.
    Tracker(Rank, Tracker),
    /// A source if its content says so.
    Maybe(Rank, Content),
    /// Belongs to a run, and makes none.
    Beside(Rank),
    /// Tells by its presence.
    Presence(Presence),
    /// Nothing to us.
    Nothing,
}

/// What tells by its presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// A checkpoint, or something saved with it.
    Model,
    /// What a model made: as often a file of data.
    Sample,
}

/// What kind of tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tracker {
    /// `TensorBoard` event files: writers of one run often keep several folders of them.
    Events,
    /// Tables, states and scores.
    Table,
}

/// What the content must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Text with the figures of training.
    Text,
    /// The same in a kind of file that is rarely a log.
    UnlikelyText,
    /// Text of a name that tells nothing: asked only where nothing else shows a run, and believed only when training moves on in it.
    Unnamed,
    /// A table with a column of epochs, steps or losses.
    Table,
    /// A table of a name that tells nothing: a row for each epoch or so many steps, with a measure in it.
    UnnamedTable,
    /// JSON with a key of training.
    Json,
    /// Rows of events or figures; may be a job's own log.
    Rows,
    /// The configuration of a training.
    Config,
    /// What `MLflow` keeps of a run, which is one by its metrics.
    MlflowRun,
    /// Rows of one metric, as `MLflow` keeps them.
    MlflowMetric,
}

/// The order of a run's sources: lower first, the main log first of all.
pub(super) type Rank = u8;

const MAIN: Rank = 0;
const TRAIN: Rank = 1;
const LOG: Rank = 2;
const OUT: Rank = 3;
const ERR: Rank = 4;
const EVAL: Rank = 5;
const ASIDE: Rank = 6;
/// W&B's copy of what was printed.
pub(super) const COPY: Rank = 7;
const ROWS: Rank = 20;
/// Tables.
pub(super) const TABLE: Rank = 30;
const STATE: Rank = 40;
const EVENTS: Rank = 50;
const CONFIG: Rank = 60;

/// Whether a source of this rank is a log.
pub(super) const fn is_log(rank: Rank) -> bool {
    rank < ROWS
}

/// What the file called `name` is. `inside` is the name of its folder.
pub(super) fn file(name: &str, inside: &str) -> File {
    let lower = name.to_ascii_lowercase();
    let (stem, ext) = match lower.rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() => (stem, ext),
        _ => (lower.as_str(), ""),
    };
    if stem.contains("tfevents") || ext.contains("tfevents") {
        return if lower.contains(".profile-empty") {
            File::Nothing
        } else {
            File::Tracker(EVENTS, Tracker::Events)
        };
    }
    let words = Words::of(stem);
    match ext {
        "log" => log(stem, &words, inside),
        "out" if !matches!(stem, "a" | "makefile") => File::Log(OUT),
        "err" => File::Log(ERR),
        "txt" | "text" => txt(stem, &words, inside),
        "md" | "py"
            if words.last(&["log", "logs"])
                || (ext == "md" && words.any(&["train", "training"]) && words.any(&["epoch", "epochs"])) =>
        {
            File::Maybe(OUT, Content::UnlikelyText)
        }
        "jsonl" | "ndjson" => File::Maybe(ROWS, Content::Rows),
        "csv" | "tsv" => table(ext, &words, inside),
        "json" => json(stem, &words),
        // hydra's settings of its own, beside those of the run
        "yaml" if inside == ".hydra" && stem == "hydra" => File::Nothing,
        "yaml" | "yml" | "toml" => yaml(stem, &words),
        "wandb" => File::Tracker(EVENTS, Tracker::Table),
        "pt" | "pth" | "ckpt" | "safetensors" | "bin" | "h5" | "hdf5" | "keras" | "pkl" | "onnx" | "zip"
        | "pdparams" | "pdopt" | "params" | "model" | "cbm" | "msgpack" | "caffemodel" | "solverstate"
        | "gguf" | "distcp" => File::Presence(Presence::Model),
        "npz" | "png" | "jpg" | "jpeg" | "webp" | "gif" | "mp4" | "wav" => File::Presence(Presence::Sample),
        "" if matches!(stem, "log" | "logs" | "stdout" | "stderr" | "nohup") => {
            File::Maybe(LOG, Content::Text)
        }
        "stdout" | "output" | "console" | "nohup" | "rout" | "diary" => File::Maybe(OUT, Content::Unnamed),
        "stderr" => File::Maybe(ERR, Content::Unnamed),
        // glog's own: program.host.user.log.INFO.20260105-101010.4711
        "info" => File::Maybe(LOG, Content::Unnamed),
        "" if matches!(stem, "last_checkpoint" | "checkpoint" | "latest") => File::Presence(Presence::Model),
        // what grid engines and PBS call the output of a job: name.o12345
        _ if scheduler(ext) => File::Maybe(if ext.starts_with('o') { OUT } else { ERR }, Content::Text),
        _ if ends_like_a_log(ext) && Words::of(&lower).any(&LOGS) && !is_tool(&lower) => {
            File::Maybe(LOG, Content::Unnamed)
        }
        _ => File::Nothing,
    }
}

/// Words of names of logs.
const LOGS: [&str; 10] =
    ["log", "logs", "stdout", "stderr", "nohup", "console", "screenlog", "training", "trainlog", "info"];

/// No ending at all (`log-train-2026-01-05`, `001_log`), or a count or a date in its place (`train.log.1`).
fn ends_like_a_log(ext: &str) -> bool {
    ext.is_empty() || ext.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}

fn scheduler(ext: &str) -> bool {
    let digits = ext.strip_prefix('o').or_else(|| ext.strip_prefix('e')).unwrap_or_default();
    digits.len() >= 2 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Logs of other programs.
const TOOLS: [&str; 17] = [
    "npm-debug",
    "yarn-error",
    "yarn-debug",
    "lerna-debug",
    "cmakeoutput",
    "cmakeerror",
    "cmakeconfigurelog",
    "config",
    "build",
    "install",
    "pip",
    "conda",
    "texput",
    "setup",
    "xorg.0",
    "dpkg",
    "make",
];

/// Whether a log that was put aside (`npm-debug.log.1`) is one of those.
fn is_tool(name: &str) -> bool {
    name.split_once(".log").is_some_and(|(stem, _)| TOOLS.contains(&stem))
}

fn log(stem: &str, words: &Words<'_>, inside: &str) -> File {
    if TOOLS.contains(&stem) {
        return File::Nothing;
    }
    // W&B's own diagnostics, and its copy of what was printed
    if matches!(stem, "debug-internal" | "debug-core" | "debug-cli") || (inside == "wandb" && stem == "debug")
    {
        return File::Nothing;
    }
    if inside == "files" && stem == "output" {
        return File::Copy;
    }
    // torchrun: attempt_0/3/stdout.log
    if matches!(stem, "stdout" | "stderr") && !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit())
    {
        return File::SideLog(if stem == "stdout" { OUT } else { ERR });
    }
    // mmengine keeps its log in a folder of the same date
    if stem == inside && dated(stem) {
        return File::SideLog(LOG);
    }
    File::Log(log_rank(stem, words))
}

/// Main log first, errors and diagnostics last.
fn log_rank(stem: &str, words: &Words<'_>) -> Rank {
    if matches!(stem, "training" | "train" | "trainer") {
        MAIN
    } else if words.any(&[
        "debug", "git", "monitor", "gpu", "nvidia", "install", "system", "profile", "profiler", "access",
    ]) {
        ASIDE
    } else if words.any(&["err", "error", "errors", "stderr"]) {
        ERR
    } else if words.any(&["train", "training", "trainer", "finetune", "finetuning", "pretrain", "sft"]) {
        TRAIN
    } else if words.any(&[
        "eval",
        "evaluation",
        "valid",
        "validation",
        "val",
        "test",
        "infer",
        "inference",
        "client",
    ]) {
        EVAL
    } else {
        LOG
    }
}

/// Words of names of texts that are no logs.
const NOTES: [&str; 14] = [
    "requirements",
    "readme",
    "license",
    "licence",
    "notice",
    "changelog",
    "todo",
    "notes",
    "cmakelists",
    "robots",
    "vocab",
    "merges",
    "classes",
    "labels",
];

fn txt(stem: &str, words: &Words<'_>, inside: &str) -> File {
    let rank = log_rank(stem, words);
    if stem == "log" {
        // loggers of RL libraries write it into the folder of their tables
        return if matches!(inside, "logs" | "log" | "tb" | "output") {
            File::SideLog(LOG)
        } else {
            File::Log(LOG)
        };
    }
    if words.any(&["log", "logs", "stdout", "stderr", "console", "nohup"]) {
        return File::Log(if words.any(&["stderr"]) { ERR } else { rank });
    }
    if words.any(&["train", "training", "output", "out", "trainer"]) {
        return File::Maybe(rank.max(TRAIN), Content::Text);
    }
    if words.any(&NOTES) { File::Nothing } else { File::Maybe(rank.max(LOG), Content::Unnamed) }
}

fn table(ext: &str, words: &Words<'_>, inside: &str) -> File {
    const OURS: [&str; 20] = [
        "metrics", "metric", "results", "result", "progress", "history", "log", "logs", "loss", "losses",
        "scalars", "training", "monitor", "stats", "eval", "scores", "curve", "curves", "epochs", "trainlog",
    ];
    if inside == "catboost_info" && ext == "tsv" {
        return File::Tracker(TABLE, Tracker::Table);
    }
    if words.any(&OURS) || inside == "metrics" {
        File::Maybe(TABLE, Content::Table)
    } else {
        File::Maybe(TABLE, Content::UnnamedTable)
    }
}

fn json(stem: &str, words: &Words<'_>) -> File {
    match stem {
        "trainer_state" | "scalars" | "evaluation_scores" | "validation_scores" | "progress"
        | "all_results" | "train_results" | "catboost_training" | "wandb-summary" => {
            File::Tracker(STATE, Tracker::Table)
        }
        "config" | "args" | "params" | "hparams" | "options" | "hyperparameters" => {
            File::Maybe(CONFIG, Content::Config)
        }
        "package" | "package-lock" | "tsconfig" | "composer" => File::Nothing,
        // mmcv writes its rows beside its log: 20260101_101010.log.json
        _ if stem.rsplit('.').next() == Some("log") && stem != "log" => File::Tracker(ROWS, Tracker::Table),
        _ if stem.ends_with("training_config") || stem.ends_with("train_config") => File::Beside(CONFIG),
        _ if words.any(&["state"]) => File::Beside(STATE),
        _ if words.any(&[
            "metrics", "metric", "results", "result", "progress", "history", "scores", "score", "stats",
            "scalars", "log", "logs", "losses", "loss",
        ]) =>
        {
            File::Maybe(STATE, Content::Json)
        }
        _ => File::Nothing,
    }
}

fn yaml(stem: &str, words: &Words<'_>) -> File {
    match stem {
        "hparams" => File::Tracker(CONFIG, Tracker::Table),
        "config" | "args" | "params" | "training_args" | "train_config" | "training_config" | "overrides"
        | "opt" | "cfg" => File::Beside(CONFIG),
        "meta" => File::Maybe(STATE, Content::MlflowRun),
        _ if words.any(&["metrics", "results"]) => File::Beside(STATE),
        _ => File::Nothing,
    }
}

/// What a folder is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    /// Never looked into.
    Skip,
    /// A framework makes it inside a run: it belongs to the folder it is in.
    Part,
    /// The files of one finished epoch, which tell by their presence.
    Epoch,
    /// Curves of one part of the data (`train`, `validation`): a part when it holds event files and nothing else.
    Split,
    /// Any other.
    Plain,
}

/// What the folder called `name` is.
pub(super) fn folder(name: &str) -> Folder {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "node_modules" | "__pycache__" | "site-packages" | "dist-packages" | "bower_components" | "venv"
        | "virtualenv" | "lost+found" | "__macosx" | "$recycle.bin" | "latest-run" | "images" | "imgs"
        | "jpegimages" | "annotations" | "imagesets" | "tags" => Folder::Skip,
        ".hydra" | "vis_data" | "catboost_info" | "dvclive" | "tb" | "tb_logs" | "tensorboard"
        | "tensorboard_logs" | "csv" | "csv_logs" | "summaries" | "checkpoints" | "checkpoint" | "ckpt"
        | "ckpts" | "weights" | "sample" | "samples" => Folder::Part,
        "train" | "training" | "val" | "valid" | "validation" | "test" | "eval" | "learn" | "dev" => {
            Folder::Split
        }
        "epoch_final" | "epoch_last" | "epoch_best" => Folder::Epoch,
        _ if lower.ends_with(".egg-info") || lower.ends_with(".dist-info") => Folder::Skip,
        _ if numbered(&lower, &["epoch_", "epoch-", "epoch"]) => Folder::Epoch,
        _ if numbered(
            &lower,
            &[
                "checkpoint-",
                "checkpoint_",
                "step_",
                "step-",
                "iter_",
                "global_step",
                "attempt_",
                "ckpt_",
                "ckpt-",
            ],
        ) || saved_state(&lower).is_some_and(|of| of.ends_with(|c: char| c.is_ascii_digit()))
            || lower.starts_with("checkpoint_0") =>
        {
            Folder::Part
        }
        _ => Folder::Plain,
    }
}

/// A parameter of an `MLflow` run that tells how much there is to do.
pub(super) fn mlflow_param(name: &str) -> File {
    if mlflow::counts(name).is_some() { File::Beside(CONFIG) } else { File::Nothing }
}

/// The file that W&B keeps of a run.
pub(super) fn wandb_file(name: &[u8]) -> bool {
    name.starts_with(b"run-") && name.ends_with(b".wandb")
}

/// What a `NAME-state` folder is the state of: kohya saves them beside the model `NAME.safetensors`.
pub(super) fn saved_state(name: &str) -> Option<&str> {
    name.strip_suffix("-state").filter(|of| !of.is_empty())
}

/// The folder of one W&B run.
pub(super) fn wandb_run(name: &str) -> bool {
    let rest = name.strip_prefix("offline-").unwrap_or(name);
    rest.strip_prefix("run-").and_then(|r| r.get(..15)).is_some_and(dated)
}

/// `20260105_101010`.
pub(super) fn dated(text: &str) -> bool {
    text.len() == 15
        && text.bytes().enumerate().all(|(i, b)| if i == 8 { b == b'_' } else { b.is_ascii_digit() })
}

fn numbered(name: &str, prefixes: &[&str]) -> bool {
    prefixes
        .iter()
        .any(|p| name.strip_prefix(p).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
}

/// The words of a name: `train_log4` is `train`, `log`.
struct Words<'a>(Vec<&'a str>);

impl<'a> Words<'a> {
    fn of(stem: &'a str) -> Self {
        Self(
            stem.split(|c: char| !c.is_alphanumeric())
                .map(|w| w.trim_matches(|c: char| c.is_ascii_digit()))
                .filter(|w| !w.is_empty())
                .collect(),
        )
    }

    fn last(&self, wanted: &[&str]) -> bool {
        self.0.last().is_some_and(|w| wanted.contains(w))
    }

    fn any(&self, wanted: &[&str]) -> bool {
        self.0.iter().any(|w| wanted.contains(w))
    }
}

/// The order of sources of one rank, by path: those higher up first; of several sessions (`train_val_0.log`, `train_val_1.log`,
/// `2026…`) the last first, of several ranks (`rank_0.log`, `rank_1.log`) the first.
pub(super) fn order(path: &str) -> (usize, Vec<u64>, String, std::cmp::Reverse<Vec<u64>>, String) {
    let depth = path.matches('/').count();
    let lower = path.to_ascii_lowercase();
    let mut numbers = Vec::new();
    let mut letters = String::new();
    for piece in split_digits(&lower) {
        match piece.parse::<u64>() {
            Ok(number) => numbers.push(number),
            Err(_) => letters.push_str(piece),
        }
    }
    let ranks =
        ["rank", "worker", "node", "gpu", "proc", "replica", "local"].iter().any(|w| letters.contains(w));
    if ranks {
        (depth, numbers, letters, std::cmp::Reverse(Vec::new()), lower)
    } else {
        (depth, Vec::new(), letters, std::cmp::Reverse(numbers), lower)
    }
}

fn split_digits(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let digit = first.is_ascii_digit();
        let end = rest.bytes().position(|b| b.is_ascii_digit() != digit).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        pieces.push(piece);
        rest = tail;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_log_comes_first() {
        let mut logs = [
            "git_0.log",
            "eval_0.log",
            "slurm-12.out",
            "log.txt",
            "train_val_0.log",
            "train_val_1.log",
            "training.log",
        ]
        .map(|name| match file(name, "run") {
            File::Log(rank) => (rank, order(name), name),
            other => panic!("{name}: {other:?}"),
        });
        logs.sort();
        assert_eq!(
            logs.map(|l| l.2),
            [
                "training.log",
                "train_val_1.log",
                "train_val_0.log",
                "log.txt",
                "slurm-12.out",
                "eval_0.log",
                "git_0.log"
            ]
        );
        assert!(order("rank_0.log") < order("rank_1.log"));
        assert!(order("train.log") < order("sub/a.log"));
    }

    #[test]
    fn names_of_data_and_source_are_nothing() {
        for name in [
            "a.out",
            "CMakeOutput.log",
            "npm-debug.log",
            "changelog.txt",
            "readme.md",
            "train.py",
            "package.json",
            "data.parquet",
            "requirements-dev.txt",
            "images.json",
            "npm-debug.log.1",
            "training.log.gz",
        ] {
            assert_eq!(file(name, "x"), File::Nothing, "{name}");
        }
        assert!(matches!(file("train.csv", "x"), File::Maybe(_, Content::UnnamedTable)));
        assert!(matches!(file("train.txt", "x"), File::Maybe(_, Content::Text)));
        assert!(matches!(file("train_log4.txt", "x"), File::Log(TRAIN)));
        assert!(matches!(file("job.o1234", "x"), File::Maybe(OUT, _)));
        for name in [
            "gat.txt",
            "gbm.Rout",
            "log-train-2026-01-05-10-00-00",
            "007_log",
            "train.log.1",
            "trainer.gpu01.me.log.INFO.20260105-101010.4711",
            "screenlog.0",
        ] {
            assert!(matches!(file(name, "x"), File::Maybe(_, Content::Unnamed)), "{name}");
        }
    }

    #[test]
    fn framework_folders_are_known_by_name() {
        for name in [
            "checkpoint-500",
            "global_step100",
            "tb",
            "vis_data",
            "my-lora-000002-state",
            "catboost_info",
            "dvclive",
        ] {
            assert_eq!(folder(name), Folder::Part, "{name}");
        }
        assert_eq!(folder("epoch_12"), Folder::Epoch);
        assert_eq!(folder("run-1"), Folder::Plain);
        assert_eq!(folder("node_modules"), Folder::Skip);
        assert!(wandb_run("offline-run-20261122_151327-zdf2i43j"));
        assert!(!wandb_run("run-1"));
    }
}
