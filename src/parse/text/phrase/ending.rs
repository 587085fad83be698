//! Sentences that say how a run ended: done, stopped early, cancelled. They are known by their words; those that are known by how
//! they are built are in `closing`.

use crate::model::record::Ending;

use super::fatal::shell_killed;

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

/// How a run ended that says `body`; `lower` is the same in lower case.
pub(super) fn read(body: &str, lower: &str) -> Option<Ending> {
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
