//! Sentences that tell how a run ended, what it does, and what it wrote.
//!
//! Every phrase is judged by its whole line: `early stopping` in a counter, a setting or a callback's name says nothing.

mod closing;
mod code;
pub(crate) mod crash;
mod ending;
mod fatal;
mod heading;
mod work;

use std::sync::LazyLock;

use regex::Regex;

use crate::model::record::Ending;
use crate::model::state::Stage;

pub(crate) use self::code::exit_code;
use self::crash::Crash;
pub(super) use self::fatal::shell_killed;

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
    if let Some(ending) = ending::read(body, &lower) {
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
        let again = work::stage(&lower).filter(|stage| *stage == Stage::Training);
        return Some(again.map_or(Phrase::Opens, Phrase::Stage));
    }
    if let Some(crash) = crash::read(body) {
        return Some(Phrase::Crash(crash));
    }
    if crash::dies(body) {
        return Some(Phrase::Dies(body));
    }
    if fatal::read(body, &lower) {
        return Some(Phrase::Fatal(body));
    }
    if let Some(path) = work::checkpoint(body, &lower) {
        return Some(Phrase::Checkpoint(path));
    }
    work::stage(&lower).map(Phrase::Stage)
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
    fn checkpoints() {
        assert_eq!(
            read("saving checkpoint: ./output/lora-000002.safetensors"),
            Some(Phrase::Checkpoint("./output/lora-000002.safetensors"))
        );
        assert_eq!(read("Saved state to out/epoch_0"), Some(Phrase::Checkpoint("out/epoch_0")));
    }
}
