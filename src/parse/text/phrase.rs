//! Sentences that tell how a run ended, what it does, and what it wrote.
//!
//! Every phrase is judged by its whole line: `early stopping` in a counter, a setting or a callback's name says nothing.

mod closing;
pub(crate) mod crash;
mod heading;

use std::sync::LazyLock;

use regex::Regex;

use crate::model::record::Ending;
use crate::model::state::Stage;

use self::crash::Crash;

/// A part of every phrase: one look tells that a line holds none of them.
static STEMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let stems = "(?i)stop|train|^terminate|terminating|best solution|signal|terminated|scancel|program|success|execution halted|exception in thread|^attempt |fold|task|seed|round|cycle|stage|phase|starting|fitting|pruning|tuning|active learning|dataset|^[=#*-]{3}|:$|\\.\\.\\.$|node\\.js|loaderror|\\.py: error|trainer|done|finish|complet|ended|experiment|sav|checkpoint|kill|segmentation|aborted|cancel|interrupt\
                 |sigterm|sigint|oom|memory|fatal|invalid loss|running |load|prepar|caching|tokeni|eval begin|validating|signaling|time limit|retry|trying again|try again|core dumped|bus error|illegal inst|floating point|make: |exit code|loss is |conda\\.cli|exiting|quitting|abort|return code|loss for final|\\^c|end of|end model|converged|optimi[sz]ation|total (?:time|exec|elapsed|run|wall|train|dur)|reached|is over|ceased|proc\\.time|epilogue|panic|unhandled|uncaught|assertion|^\\*\\* \\(|\\.rb:|\\.lua:|\\.p[lm] line |export|end time|^✘|^\\[x\\]\
                 |abgeschlossen|beendet|entrenamiento|entra[iî]nement|treinamento|addestramento|обучение|eğitim|trening|训练|訓練|学習|トレーニング|학습|완료";
    Regex::new(stems).ok()
});

/// The same for lines that sum the turns of a loop up.
static TURNS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("(?i)fold|seed|run|trial|split|repeat|cv |cross-val").ok());

/// The same for lines that tell how a program ended.
static CODES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("[Ee]xit|EXIT|Ended [(]code|return value").ok());

/// What a sentence says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Phrase<'a> {
    /// The run is over.
    Ending(Ending),
    /// What was told so far is over: the run, if it was training. `early`: whatever was left.
    Closes {
        /// See above.
        early: bool,
    },
    /// Fatal, without an exception's name.
    Fatal(&'a str),
    /// The error that ended the program, as its runtime prints it.
    Crash(Crash<'a>),
    /// Perl's: the same if nothing follows.
    Dies(&'a str),
    /// A checkpoint was written.
    Checkpoint(&'a str),
    /// What it does now.
    Stage(Stage),
    /// What failed is tried once more.
    Retry,
    /// Another part of the work begins.
    Opens,
}

/// What a closing sentence closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Close {
    /// The run.
    Surely,
    /// What was done before it.
    OfWork,
    /// The same, and nothing is left to do although more was planned.
    Early,
}

/// Ways to say that all is done, as the beginning of a message in lower case.
const DONE: [&str; 38] = [
    "the training was finished",
    "training was finished",
    "training process finished",
    "training process complete",
    "training run complete",
    "training job complete",
    "train done",
    "train finished",
    "successfully trained",
    "program finished",
    "finished successfully",
    "best solution found",
    "training complete",
    "training is complete",
    "training finished",
    "training has finished",
    "training done",
    "training is done",
    "finished training",
    "training ended",
    "done training",
    "training successfully completed",
    "training successful",
    "all done",
    "run finished",
    "finished run",
    "job completed",
    "completed training",
    "experiment finished",
    "experiment complete",
    "optimization finished",
    "optimisation finished",
    "total training time",
    "end of training",
    "export complete",
    "end time:",
    "training time 0",
    // TensorFlow's Estimator
    "loss for final step",
];

/// The same in other languages, anywhere in a message.
const OVER: [&str; 14] = [
    "训练完成",
    "训练结束",
    "训练完毕",
    "訓練完成",
    "訓練結束",
    "学習完了",
    "学習が完了",
    "学習終了",
    "学習が終了",
    "トレーニング完了",
    "학습 완료",
    "모든 프로세스가 성공적으로 완료",
    "모든 작업이 완료",
    "학습이 완료",
];

fn ending(body: &str, lower: &str) -> Option<Ending> {
    if !lower.is_ascii() && OVER.iter().any(|words| lower.contains(words)) {
        // not of a round, an epoch or a fold
        let part = ["第", "轮", "輪", "epoch", "エポック", "에폭", "에포크", "fold"];
        return (!part.iter().any(|word| lower.contains(word))).then_some(Ending::Completed);
    }
    // what R prints at the end of a batch
    if body == "> proc.time()" {
        return Some(Ending::Completed);
    }
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if matches!(bare, "done" | "finished" | "complete" | "completed" | "training time") {
        return (bare != "training time" && body.trim().len() < 16).then_some(Ending::Completed);
    }
    if let Some(early) = stalled(lower) {
        return Some(early);
    }
    if let Some(start) = DONE.iter().find(|start| bare.starts_with(**start)) {
        let tail = bare.get(start.len()..).unwrap_or("");
        let other = ["epoch", "step", "fold", "stage", "phase", "batch", "for "]
            .iter()
            .any(|word| tail.contains(word));
        let counted = tail.contains("in ") || tail.contains("after ");
        // `Training finished loading config`
        // `Run finished: preprocess`: one of several
        let named = tail.strip_prefix(": ").and_then(|tail| tail.chars().next());
        if *start == "run finished" && named.is_some_and(char::is_alphabetic) {
            return None;
        }
        let next = tail.strip_prefix(' ').and_then(|tail| tail.split(' ').next()).unwrap_or("");
        if next.ends_with("ing") && next != "training" {
            return None;
        }
        // `Finished training discriminator.`
        let whole =
            ["", "in", "after", "at", "with", "model", "the", "on", "for", "and", "successfully", "took"];
        if *start == "finished training" && !whole.contains(&next) && !next.starts_with(['(', '-', '|']) {
            return None;
        }
        return (!other || counted).then_some(Ending::Completed);
    }
    if trained_for(bare) {
        return Some(Ending::Completed);
    }
    if lower.contains("`trainer.fit` stopped")
        || (lower.contains(" epochs completed in ") && lower.ends_with("hours."))
    {
        return Some(Ending::Completed);
    }
    early(lower).or_else(|| cancelled(body, lower))
}

/// `Stopping since the loss has not improved for 5 epochs`, `Training finished: Met validation criterion.`
fn stalled(lower: &str) -> Option<Ending> {
    const STOPS: [&str; 8] = [
        "stopping",
        "stopped",
        "terminating",
        "halting",
        "ending training",
        "training stopped",
        "training finished",
        "finished training",
    ];
    const WHY: [&str; 14] = [
        "without improvement",
        "no improvement",
        "not improve",
        "n't improve",
        "stopped improving",
        "ceased to improve",
        "no longer improv",
        "patience reached",
        "patience exceeded",
        "patience exhausted",
        "out of patience",
        "ran out of patience",
        "validation criterion",
        "no progress",
    ];
    let idle =
        ["if ", "will ", "would ", "unless", "criterion:", "criterion =", "criteria:", "enabled", "disabled"];
    (lower.len() < 160
        && STOPS.iter().any(|start| lower.starts_with(start))
        && WHY.iter().any(|why| lower.contains(why))
        && !idle.iter().any(|word| lower.contains(word)))
    .then_some(Ending::EarlyStopped)
}

/// `Trained for 3 epochs in 12 s.`
fn trained_for(lower: &str) -> bool {
    let mut words = lower.split(' ');
    words.next() == Some("trained")
        && words.next() == Some("for")
        && words.next().is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()))
        && words.next().is_some_and(|word| matches!(word, "epochs" | "steps" | "iterations"))
        && words.next().is_none_or(|word| word == "in")
}

fn early(lower: &str) -> Option<Ending> {
    let named = lower.contains("early stop")
        || lower.contains("earlystop")
        || lower.contains("early_stop")
        || lower.contains("early-stop")
        || lower.contains("stopped early")
        || lower.starts_with("stopping training early");
    if named {
        let acted = [
            "trigger",
            "stop training",
            "stopped early",
            "stopping training",
            "early stopped",
            "best iteration is",
            "early stopping at",
            "early stop at",
            "stopping early",
            "activated",
            "training stopped",
            "halting",
            "early stopping on",
            "early stopping @",
            "stopped at",
            "stop at epoch",
            "condition met",
            "stopping training early",
        ]
        .iter()
        .any(|word| lower.contains(word))
            || lower.trim_end_matches(['.', '!', ' ']).ends_with("early stopping")
            || lower.starts_with("early stopping,")
            || lower.trim_end_matches(['.', '!', ' ']) == "early stop";
        let idle = [
            "counter",
            "patience=",
            "patience =",
            "enabled",
            "disabled",
            "not trigger",
            "using early",
            "use early",
            "if ",
            "config",
            "callback",
            "will ",
            "before early",
            "would ",
            "continu",
            "(early stopping at",
            "(early stop at",
        ]
        .iter()
        .any(|word| lower.contains(word));
        return (acted && !idle).then_some(Ending::EarlyStopped);
    }
    let stops =
        lower.contains("stopping training") || lower.trim_end_matches(['.', '!']).ends_with(" stopping");
    (lower.contains("signaling trainer to stop")
        || (stops && (lower.starts_with("no improvement") || lower.starts_with("patience exceeded")))
        // scikit-learn
        || (lower.contains(" did not improve more than tol=") && lower.trim_end().ends_with("stopping."))
        || lower.starts_with("stopped. best iteration")
        || lower.starts_with("stopped by overfitting detector"))
    .then_some(Ending::EarlyStopped)
}

fn cancelled(body: &str, lower: &str) -> Option<Ending> {
    if [": no", ": false", ": 0"].iter().any(|not| lower.trim_end().ends_with(not)) {
        return None;
    }
    // ended by the machine, and by nobody's wish
    let limit =
        ["TIME LIMIT", "PREEMPTION", "NODE FAILURE", "NODE_FAIL"].iter().any(|why| body.contains(why));
    let slurm = !limit && body.contains("CANCELLED AT")
        || !limit && (body.contains("slurmstepd") && body.contains("CANCELLED"));
    let signals = [
        "received sigterm",
        "received sigint",
        "caught sigterm",
        "caught sigint",
        "sigterm received",
        "sigint received",
        "received signal 15",
        "received signal 2,",
        "caught signal 15",
        "caught signal 2,",
        "terminated by signal 15",
        "scancel received",
    ];
    let signal = signals.iter().any(|words| lower.contains(words)) && lower.len() < 160
        // as a shell and click print it
        || matches!(body, "Terminated" | "Aborted!" | "^CInterrupted" | "Interrupted")
        || shell_killed(body) == Some("Terminated");
    let keyboard = lower.contains("detected keyboardinterrupt")
        || lower.starts_with("keyboardinterrupt caught")
        || lower.starts_with("caught keyboardinterrupt")
        || lower.starts_with("user cancelled")
        || lower.starts_with("user canceled")
        || lower.contains("stopped by user")
        || lower == "exiting from training early."
        || lower == "^c"
        || lower.contains("interrupted by user")
        || lower.contains("cancelled by user")
        || lower.contains("canceled by user");
    (slurm || signal || keyboard).then_some(Ending::Cancelled)
}

/// What a shell script's line says of a program that a signal ended: `job.sh: line 12:  4711 Killed      python train.py`.
pub(super) fn shell_killed(body: &str) -> Option<&str> {
    let (script, rest) = body.split_once(": line ")?;
    let (line, rest) = rest.split_once(": ")?;
    let rest = rest.trim_start();
    let (pid, rest) = rest.split_once(' ')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let how = ["Killed", "Terminated", "Segmentation fault", "Aborted", "Bus error", "Illegal instruction"];
    (!script.contains(' ') && digits(line) && digits(pid))
        .then(|| how.into_iter().find(|how| rest.trim_start().starts_with(how)))
        .flatten()
}

/// A loss that is no number, and that the run ends by that.
fn diverged(lower: &str) -> bool {
    if lower.len() > 120 || !(lower.contains("loss") || lower.contains("diverged")) {
        return false;
    }
    let nan = lower
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .any(|word| matches!(word, "nan" | "inf" | "infinite" | "non-finite" | "infinity" | "diverged"));
    let ends = [
        "stopping training",
        "stop training",
        "terminating training",
        "aborting training",
        "aborting run",
        "exiting",
        "quitting",
    ];
    // `aborting` as the last word; `aborting this batch` ends no run
    let last = ["aborting", "terminating", "stopping", "abort"]
        .iter()
        .any(|word| lower.trim_end_matches(['.', '!', ' ']).ends_with(word));
    nan && (last || ends.iter().any(|word| lower.contains(word)))
}

fn fatal(body: &str, lower: &str) -> bool {
    lower.contains("invalid loss, terminating training")
        || body == "Killed"
        || body == "Segmentation fault"
        || body.ends_with(" (core dumped)") && body.len() < 60
        || matches!(body, "Bus error" | "Illegal instruction" | "Floating point exception" | "Aborted")
        || (body.starts_with("make: *** [") && body.contains("Error "))
        || (body.starts_with("srun: error: ") && lower.contains("exited with exit code"))
        || diverged(lower)
        || shell_killed(body).is_some_and(|how| how != "Terminated")
        || lower.rsplit_once("exits with return code = ").is_some_and(|(_, code)| code.trim() != "0")
        || (lower.contains("conda.cli.main_run") && lower.contains("failed"))
        || (lower.contains("slurmstepd: error")
            && (lower.contains("oom") || lower.contains("out of memory")
                || ["time limit", "preemption", "node fail"].iter().any(|why| lower.contains(why))))
        || lower.starts_with("fatal error:")
        // R, Node.js, Julia, argparse
        || body == "Execution halted"
        || (body.starts_with("Node.js v") && body.len() < 24)
        || body.starts_with("ERROR: LoadError: ")
        || body.split_once(".py: error: ").is_some_and(|(program, _)| !program.contains(' '))
        || lower.contains("oom-kill event")
        // the C++ runtimes
        || lower.starts_with("terminate called after throwing an instance of")
        || lower.starts_with("terminate called without an active exception")
        || lower.starts_with("libc++abi: terminating")
        // wasabi's mark of a message that ends the program, as spaCy prints it
        || ["✘ ", "[x] "].iter().any(|mark| body.starts_with(mark) && body.contains(' ') && body.len() > 8)
}

/// A file's name in a sentence about saving.
fn path(body: &str) -> Option<&str> {
    body.split([' ', '\'', '"', '`', '(', ')', ','])
        .rev()
        .map(|word| word.trim_end_matches(['.', ':', '!']))
        .find(|word| {
            let ext = word.rsplit_once('.').map_or("", |(_, ext)| ext);
            word.len() > 3
                && (matches!(
                    ext,
                    "pt" | "pth"
                        | "ckpt"
                        | "safetensors"
                        | "h5"
                        | "keras"
                        | "npz"
                        | "pkl"
                        | "bin"
                        | "tar"
                        | "pdparams"
                        | "params"
                        | "joblib"
                        | "onnx"
                        | "zip"
                        | "json"
                ) || word.contains("checkpoint-")
                    || (word.contains('/') && !word.contains("//")))
        })
}

fn checkpoint<'a>(body: &'a str, lower: &str) -> Option<&'a str> {
    let saves = [
        "saving checkpoint",
        "saved checkpoint",
        "checkpoint saved",
        "saving model",
        "model saved",
        "saved model",
        "saving best",
        "saved best",
        "best checkpoint saved",
        "saved state to",
        "saving current",
        "save model to",
        "saved to checkpoint",
        "checkpoint written",
        "saved the checkpoint",
        "model checkpoint saved",
    ]
    .iter()
    .any(|word| lower.contains(word));
    let off = lower.contains("finished saving")
        || lower.contains("failed")
        || lower.contains("error")
        || lower.contains("writing model shards");
    if saves && !off { path(body) } else { None }
}

fn stage(lower: &str) -> Option<Stage> {
    let starts = |word: &str| lower.starts_with(word);
    if lower.contains("***** running training")
        || starts("running training")
        || starts("start training")
        || starts("starting training")
        || starts("begin training")
        || [
            "training starts at ",
            "training for ",
            "train for ",
            "will train for ",
            "fitting for ",
            "optimizing for ",
            "running for ",
        ]
        .iter()
        .any(|start| starts(start))
    {
        return Some(Stage::Training);
    }
    if lower.contains("***** running evaluation")
        || starts("eval begin")
        || lower.contains("running validation")
        || starts("validating")
    {
        return Some(Stage::Validating);
    }
    if starts("loading model")
        || starts("loading checkpoint")
        || starts("loading pretrained")
        || starts("load model")
    {
        return Some(Stage::LoadingModel);
    }
    if starts("loading dataset")
        || starts("loading data")
        || starts("preparing dataset")
        || starts("preparing data")
        || starts("caching latents")
        || starts("tokenizing")
    {
        return Some(Stage::PreparingDataset);
    }
    None
}

/// The number of the fold, seed or task that a heading opens, without how many there are.
pub(crate) fn turn(body: &str) -> Option<f64> {
    heading::turn(&body.to_ascii_lowercase())
}

/// Whether a line sums the turns of a loop up: `CV score: 0.95`, `Mean accuracy over 5 folds: 0.93`.
pub(crate) fn sums_turns_up(body: &str) -> bool {
    body.len() <= 120
        && TURNS.as_ref().is_some_and(|turns| turns.is_match(body))
        && body.bytes().any(|b| b.is_ascii_digit())
        && heading::sums_up(&body.to_ascii_lowercase())
}

/// Reads a message.
pub(crate) fn read(body: &str) -> Option<Phrase<'_>> {
    if body.len() > 600 || body.len() < 2 || !STEMS.as_ref().is_some_and(|stems| stems.is_match(body)) {
        return None;
    }
    let lower = body.to_ascii_lowercase();
    if let Some(ending) = ending(body, &lower) {
        return Some(Phrase::Ending(ending));
    }
    match closing::read(&lower) {
        Some(Close::Surely) => return Some(Phrase::Ending(Ending::Completed)),
        Some(close) => return Some(Phrase::Closes { early: close == Close::Early }),
        None => {}
    }
    let again = lower.strip_prefix("attempt ").and_then(|rest| rest.split_once('/'));
    // the first one, too: lines of one form are all of a kind
    if again.is_some_and(|(now, _)| !now.is_empty() && now.bytes().all(|b| b.is_ascii_digit())) {
        return Some(Phrase::Retry);
    }
    if ["retrying", "will retry", "trying again", "try again in"].iter().any(|words| lower.contains(words)) {
        return Some(Phrase::Retry);
    }
    if heading::opens(&lower) {
        let again = stage(&lower).filter(|stage| *stage == Stage::Training);
        return Some(again.map_or(Phrase::Opens, Phrase::Stage));
    }
    if let Some(crash) = crash::read(body) {
        return Some(Phrase::Crash(crash));
    }
    if crash::dies(body) {
        return Some(Phrase::Dies(body));
    }
    if fatal(body, &lower) {
        return Some(Phrase::Fatal(body));
    }
    if let Some(path) = checkpoint(body, &lower) {
        return Some(Phrase::Checkpoint(path));
    }
    stage(&lower).map(Phrase::Stage)
}

/// What follows one of `starts`, as a number.
fn code_behind(text: &str, starts: &[&str]) -> Option<i64> {
    let rest = starts.iter().find_map(|start| text.strip_prefix(start))?;
    rest.trim_end_matches('.').trim().parse().ok()
}

/// The exit code that script(1) or one of Kaldi's job scripts writes under what it recorded.
pub(crate) fn exit_code(text: &str) -> Option<i64> {
    if !CODES.as_ref().is_some_and(|codes| codes.is_match(text)) {
        return None;
    }
    if let Some(rest) = text.strip_prefix("# Ended (code ") {
        return rest.split_once(')')?.0.parse().ok();
    }
    // of an editor, and of shell scripts
    let starts = [
        "Process finished with exit code ",
        "Exit code: ",
        "exit code: ",
        "Exit status: ",
        "EXIT CODE: ",
        "##[error]Process completed with exit code ",
        "Process completed with exit code ",
        "PBS epilogue: Exit status: ",
        "Command exited with non-zero status ",
        // `go run`
        "exit status ",
    ];
    if let Some(code) = code_behind(text.trim(), &starts) {
        return Some(code);
    }
    // HTCondor's
    if let Some((_, rest)) = text.split_once("Normal termination (return value ")
        && let Some((code, _)) = rest.split_once(')')
    {
        return code.parse().ok();
    }
    let rest = text.trim_start().strip_prefix("Script done on ")?;
    let (_, code) = rest.split_once("COMMAND_EXIT_CODE=\"")?;
    code.split('"').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        for text in [
            "Training complete.",
            "Training complete!",
            "Training completed successfully in 0:00:01",
            "Training finished",
            "Done.",
            "Training finished in 128 steps.",
            "`Trainer.fit` stopped: `max_epochs=3` reached.",
            "3 epochs completed in 0.012 hours.",
            "finished run",
            "Training complete in 2m 3s",
            "Training completed. Do not forget to share your model on huggingface.co/models =)",
            "Training time 0:00:01",
            "Loss for final step: 0.31123.",
            "End of training",
            "Export complete (15.70s)",
            "End time: 2025-04-19 07:51:17.119115",
            "训练完成！",
            "모든 학습이 완료되었습니다.",
        ] {
            assert_eq!(read(text), Some(Phrase::Ending(Ending::Completed)), "{text}");
        }
        for text in [
            "Epoch 13: early stopping",
            "EarlyStopping: Stop training",
            "Early stopping, best iteration is:",
            "Stopped. Best iteration: 9, best score: 0.87711",
            "EarlyStopping: Training stopped early as no improvement observed in last 4 epochs.",
            "No improvement since epoch 0: early stopping",
            "Early stopping triggered at epoch 7",
            "Monitored metric val_loss did not improve in the last 3 records. Best score: 0.258. Signaling Trainer to stop.",
            "Stopped by overfitting detector  (30 iterations wait)",
        ] {
            assert_eq!(read(text), Some(Phrase::Ending(Ending::EarlyStopped)), "{text}");
        }
        for text in [
            "slurmstepd: error: *** JOB 25883692 ON gr015 CANCELLED AT 2022-10-13T04:10:12 ***",
            "Received SIGTERM, exiting",
            "Detected KeyboardInterrupt, attempting graceful shutdown ...",
        ] {
            assert_eq!(read(text), Some(Phrase::Ending(Ending::Cancelled)), "{text}");
        }
    }

    #[test]
    fn the_end_of_a_program_that_could_not_go_on() {
        for text in [
            "[x] Invalid config override 'paths.dev': name should start with --",
            "✘ Config validation error",
            "Bus error (core dumped)",
            "Loss is nan, stopping training",
            "terminate called after throwing an instance of 'std::runtime_error'",
            "make: *** [Makefile:3: train] Error 1",
            "/var/spool/job.sh: line 12:  4711 Killed                  python train.py --cfg a.yaml",
            "run.sh: line 3: 99 Segmentation fault      (core dumped) ./train",
            "loss is NaN at iter 200, exiting",
            "NaN loss encountered, aborting.",
            "[['python', '-u', 'main.py']] exits with return code = -9",
            "srun: error: node1: task 0: Exited with exit code 1",
            "slurmstepd: error: *** JOB 123 ON node1 CANCELLED AT 2024-01-02T10:00:00 DUE TO TIME LIMIT ***",
        ] {
            assert_eq!(read(text), Some(Phrase::Fatal(text)), "{text}");
        }
    }

    #[test]
    fn what_only_sounds_like_it() {
        for text in [
            "EarlyStopping counter: 3 out of 7",
            "Early stopping patience=5",
            "Using early stopping",
            "Epoch 3 training complete for fold 1",
            "Training finished for epoch 3",
            "Done loading data",
            "Training until validation scores don't improve for 20 rounds",
            "early_stopping=True",
            "Training",
            "Engine run finished. Time taken: 00:00:00.029",
            "finished saving model to best.weights.h5",
            "End of training epoch 3",
            "学習を開始します",
            "第3轮训练完成",
            "loss is nan, aborting this batch and going on",
            "exits with return code = 0",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn checkpoints_and_codes() {
        assert_eq!(
            read("saving checkpoint: ./output/lora-000002.safetensors"),
            Some(Phrase::Checkpoint("./output/lora-000002.safetensors"))
        );
        assert_eq!(read("Saved state to out/epoch_0"), Some(Phrase::Checkpoint("out/epoch_0")));
        assert_eq!(
            exit_code("Script done on 2026-11-22 15:00:00+00:00 [COMMAND_EXIT_CODE=\"137\"]"),
            Some(137)
        );
        assert_eq!(exit_code("Script started on x"), None);
        assert_eq!(exit_code("Process finished with exit code 1"), Some(1));
        assert_eq!(exit_code("exit code: 0"), Some(0));
        assert_eq!(exit_code("exit code: none"), None);
        let kaldi = "# Ended (code 1) at Tue Oct 20 06:04:41 EDT 2015, elapsed time 0 seconds";
        assert_eq!(exit_code(kaldi), Some(1));
    }
}
