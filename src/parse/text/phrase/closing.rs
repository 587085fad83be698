//! Sentences that close a run, by how they are built and not by heart: what was at work (`training`, `the solver`, `all 4 chains`) and
//! that it is over (`finished`, `done`, `has converged`), in either order; and shorter ones that only close what was told before.

use super::Close;

/// What a run may call itself.
const WORK: [&str; 9] =
    ["training", "optimization", "optimisation", "run", "job", "experiment", "federation", "fl", "evolution"];

/// The same, but it may as well be a part of one.
const MAYBE: [&str; 16] = [
    "finetuning",
    "fine-tuning",
    "train",
    "optimizer",
    "fitting",
    "fit",
    "fit()",
    "train()",
    "learning",
    "solver",
    "sampling",
    "estimation",
    "simulation",
    "program",
    "script",
    "em",
];

/// What there are several of in a run: `all 4 chains finished`.
const PARTS: [&str; 17] = [
    "chains",
    "epochs",
    "folds",
    "runs",
    "trials",
    "rounds",
    "iterations",
    "steps",
    "seeds",
    "experiments",
    "jobs",
    "generations",
    "stages",
    "phases",
    "models",
    "episodes",
    "trainings",
];

/// Words that say that it is over.
const OVER: [&str; 9] =
    ["done", "finished", "complete", "completed", "ended", "over", "succeeded", "concluded", "finishes"];

/// The whole of it in further languages.
const FOREIGN: [&str; 20] = [
    "training abgeschlossen",
    "training beendet",
    "training fertig",
    "das training ist abgeschlossen",
    "entrenamiento completado",
    "entrenamiento finalizado",
    "entrenamiento terminado",
    "entraînement terminé",
    "entrainement termine",
    "l'entraînement est terminé",
    "fin de l'entraînement",
    "treinamento concluído",
    "treinamento finalizado",
    "addestramento completato",
    "addestramento terminato",
    "обучение завершено",
    "обучение окончено",
    "обучение закончено",
    "eğitim tamamlandı",
    "trening zakończony",
];

/// Words that may stand before what was at work, and between it and its end.
const BEFORE: [&str; 12] = [
    "the",
    "whole",
    "entire",
    "model",
    "federated",
    "neural",
    "network",
    "main",
    "full",
    "your",
    "with",
    "of",
];
const BETWEEN: [&str; 11] =
    ["is", "has", "have", "was", "been", "now", "successfully", "process", "run", "job", "loop"];

/// Who speaks of the run as a whole.
const WHO: [&str; 14] = [
    "server", "main", "trainer", "train", "training", "master", "driver", "host", "app", "system", "status",
    "solver", "runner", "job",
];

/// One of many: what is said of it is not said of the run.
const PART: [&str; 28] = [
    "epoch",
    "step",
    "steps",
    "fold",
    "stage",
    "phase",
    "batch",
    "round",
    "iteration",
    "generation",
    "trial",
    "layer",
    "tree",
    "chain",
    "task",
    "seed",
    "client",
    "worker",
    "episode",
    "exit",
    "code",
    "error",
    "errors",
    "failed",
    "failure",
    "discriminator",
    "generator",
    "critic",
];

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '(' | ')'))).trim_start_matches('(')
}

/// Whether a word ends a sentence or a part of one.
fn stops(word: &str) -> bool {
    word.ends_with(['.', '!', ',', ';', ':'])
}

/// A count, a time or a span: `12`, `3.5s`, `0:06:51.012`, `2m`.
fn is_amount(word: &str) -> bool {
    let word = word.trim_matches(|c: char| matches!(c, '(' | ')' | ',' | '!' | '.'));
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.len() - digits.len() < 8
        && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b':' | b',' | b'h' | b'm'))
}

/// Whether what follows the words that it is over leaves that said of the run: `in 3 s`, `, best epoch 7`, not `of epoch 3`.
fn leaves(last: &str, tail: &[&str]) -> bool {
    let Some(first) = tail.first().copied() else { return true };
    let Some(next) = Some(bare(first)).filter(|_| tail.len() < 16) else { return false };
    if next == "for" || (next.ends_with("ing") && !stops(last)) {
        return false;
    }
    let counted = matches!(next, "in" | "after" | "with" | "at" | "on")
        && tail.get(1).is_some_and(|word| is_amount(word));
    let summed = tail.iter().any(|word| matches!(bare(word), "best" | "max" | "maximum" | "all" | "total"));
    let parts = tail.iter().any(|word| {
        let word = bare(word);
        PART.contains(&word) || word.strip_suffix('s').is_some_and(|one| PART.contains(&one))
    });
    !parts || counted || (summed && stops(last))
}

/// The message without one mark of who speaks, if that is somebody who knows: `[server] `, `TrainJob: `.
fn untagged(text: &str) -> Option<&str> {
    let (tag, rest) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once("] ")?,
        None => text.split_once(": ")?,
    };
    let tag = tag.trim();
    let knows = WHO
        .iter()
        .any(|who| tag.strip_suffix(who).is_some_and(|head| head.bytes().all(|b| b.is_ascii_lowercase())));
    (tag.len() < 24 && knows).then_some(rest.trim_start())
}

/// How far what is called `work` can be trusted to be the run.
fn of(work: &str) -> Option<Close> {
    if WORK.contains(&work) {
        return Some(Close::Surely);
    }
    MAYBE.contains(&work).then_some(Close::OfWork)
}

/// `[the] training [has been] completed …`, `finished [the] training …`, `all 4 chains finished …`.
fn of_work(text: &str) -> Option<Close> {
    let words: smallvec::SmallVec<[&str; 16]> = text.split_whitespace().take(18).collect();
    let mut rest = words.as_slice();
    let skip = |rest: &mut &[&str], of: &[&str]| {
        while let [word, more @ ..] = rest
            && of.contains(&bare(word))
        {
            *rest = more;
        }
    };
    if let [first, more @ ..] = rest
        && matches!(
            bare(first),
            "done" | "finished" | "completed" | "end" | "ended" | "stopped" | "concluded"
        )
        && !stops(first)
    {
        rest = more;
        skip(&mut rest, &BEFORE);
        let [work, tail @ ..] = rest else { return None };
        let noun =
            !matches!(bare(work), "train" | "run" | "job" | "program" | "script" | "em" | "fl" | "fit");
        let named = tail.first().is_some_and(|word| {
            !stops(work)
                && !matches!(bare(word), "in" | "after" | "at" | "with" | "on" | "and" | "successfully")
        });
        return of(bare(work)).filter(|_| noun && !named && leaves(work, tail));
    }
    if let ["all", more @ ..] = rest {
        rest = more;
        skip(&mut rest, &["the", "of"]);
        if let [count, more @ ..] = rest
            && is_amount(count)
        {
            rest = more;
        }
        let [noun, more @ ..] = rest else { return None };
        rest = more;
        skip(&mut rest, &["have", "are", "were", "been", "successfully", "now"]);
        let [over, tail @ ..] = rest else { return None };
        let whole = PARTS.contains(noun) && OVER.contains(&bare(over)) && leaves(over, tail);
        return whole.then_some(Close::Surely);
    }
    skip(&mut rest, &BEFORE);
    let [work, more @ ..] = rest else { return None };
    let close = of(work.trim_end_matches(':'))?;
    rest = more;
    skip(&mut rest, &BETWEEN);
    let over = match rest {
        [over, tail @ ..] if OVER.contains(&bare(over)) => {
            // `run finished: preprocess`, `training over 4 gpus`, `train completed 3/10`
            let other = (over.ends_with(':')
                && matches!(*work, "run" | "job" | "experiment" | "script" | "program"))
                || (bare(over) == "over" && !stops(over) && !tail.is_empty())
                || tail.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
            !other && leaves(over, tail)
        }
        [over, how, ..] => *over == "terminated" && matches!(bare(how), "successfully" | "normally"),
        _ => false,
    };
    over.then_some(close)
}

/// `done!12.31 s`, `finished in 4.2 s`, `**done** in 31 min. best checkpoint: …`
fn short(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let Some((word, rest)) = text.split_at_checked(end) else { return false };
    if !matches!(word, "done" | "finished" | "completed") {
        return false;
    }
    let closed = rest.starts_with(['!', '.']);
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = ["in ", "after "].iter().find_map(|start| rest.strip_prefix(start)).unwrap_or(rest);
    if rest.split_whitespace().next().is_some_and(is_amount) {
        return rest.split_whitespace().count() < 10;
    }
    // `finished! error rate = 0.891`
    closed && rest.contains(['=', ':']) && rest.split_whitespace().count() < 8 && !rest.contains("ing")
}

/// `total time: 24 seconds`
fn timed(text: &str) -> bool {
    const TIMES: [&str; 9] = [
        "total time",
        "total execution time",
        "total elapsed time",
        "total run time",
        "total runtime",
        "total wall time",
        "total wallclock time",
        "total training time",
        "total duration",
    ];
    let Some(rest) = TIMES.iter().find_map(|start| text.strip_prefix(start)) else { return false };
    let first = rest.trim_start_matches([' ', ':', '=', '-']).split_whitespace().next();
    !rest.contains('/') && !PART.iter().any(|part| rest.contains(part)) && first.is_some_and(is_amount)
}

/// `training time 1:23:45`: what has hours in it is no epoch's.
fn took_hours(text: &str) -> bool {
    let rest = text.strip_prefix("training time ").unwrap_or("");
    let clock = rest.rsplit(' ').next().unwrap_or("");
    clock.matches(':').count() == 2 && is_amount(clock) && (rest == clock || rest.contains("day"))
}

/// `converged`, `converged after 12 iterations`, `maximum number of generations reached`
fn exhausted(text: &str) -> bool {
    if text.len() > 100 || text.contains(" not ") || text.contains("n't") {
        return false;
    }
    let converged =
        ["em ", "optimization ", "optimisation ", "optimizer ", "algorithm ", "solver ", "training ", ""]
            .iter()
            .find_map(|who| text.strip_prefix(who)?.trim_start_matches("has ").strip_prefix("converged"));
    if let Some(rest) = converged {
        let next = rest.split_whitespace().next().unwrap_or("");
        return rest.is_empty()
            || rest.starts_with(['.', '!', ' '])
                && matches!(
                    next,
                    "" | "." | "!" | "in" | "after" | "at" | "because" | "with" | "to" | "successfully"
                );
    }
    let limit = ["max", "limit"].iter().any(|word| text.contains(word))
        && ["iteration", "generation", "epoch", "evaluation", "step"].iter().any(|word| text.contains(word))
        && text.contains("reached");
    limit && ["stop", "max", "reached ", "terminat"].iter().any(|start| text.starts_with(start))
}

/// How a message closes a run, in lower case.
pub(super) fn read(lower: &str) -> Option<Close> {
    if lower.len() < 160 {
        let folded = if lower.is_ascii() { None } else { Some(lower.to_lowercase()) };
        let text = folded.as_deref().unwrap_or(lower).trim_start_matches(|c: char| !c.is_alphanumeric());
        if let Some(rest) = FOREIGN.iter().find_map(|words| text.strip_prefix(words)) {
            let part =
                ["epoch", "époque", "época", "epoca", "эпох", "fold"].iter().any(|part| rest.contains(part));
            return (!part && !rest.starts_with(char::is_alphanumeric)).then_some(Close::Surely);
        }
    }
    let text = lower.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '[' | ')' | ']')));
    // DeepSpeech's `I FINISHED optimization in 0:01:02`
    let text = text.strip_prefix("i ").unwrap_or(text);
    let bare = text.trim_matches(|c: char| !(c.is_alphanumeric() || c == ')'));
    let work = of_work(bare).or_else(|| untagged(text).and_then(of_work));
    if work.is_some() {
        return work;
    }
    if exhausted(bare) || took_hours(bare) {
        return Some(Close::Early);
    }
    (short(bare) || timed(bare)).then_some(Close::OfWork)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_at_work_and_that_it_is_over() {
        for text in [
            "optimization done.",
            "optimisation complete with best validation score of 3.1 %, with test performance 3.4",
            "training ended with 700 steps.",
            "training is over: heldout loss 0.3",
            "the training process has been completed",
            "finished training, best eval result in epoch 7",
            "finished optimization in 0:12:51.012",
            "end model training",
            "i finished optimization in 0:12:51.012",
            "[server] federation finished",
            "fl finished in 31.2",
            "all 3 chains finished successfully.",
            "all folds completed",
            "trainjob: training finished, model saved to /m/lr",
            "training finished: max epochs completed.",
            "optimization terminated successfully.",
            "training abgeschlossen.",
            "Обучение завершено за 3 минуты",
            "✔ entraînement terminé",
        ] {
            assert_eq!(read(text), Some(Close::Surely), "{text}");
        }
    }

    #[test]
    fn what_only_closes_what_was_told() {
        for text in [
            "done!9.31 s",
            "solver finished: status=0",
            "sampling done.",
            "finished in 4.2 s",
            "**done** in 12 min. best checkpoint: `ep3.pt`",
            "finished! error rate = 0.4",
            "total time: 14 seconds",
            "total execution time: 3.4 seconds.",
        ] {
            assert_eq!(read(text), Some(Close::OfWork), "{text}");
        }
        for text in [
            "training time 3:14:15",
            "converged",
            "converged after 12 iterations",
            "stopped: generation limit (20) reached",
            "maximum number of iterations reached",
        ] {
            assert_eq!(read(text), Some(Close::Early), "{text}");
        }
    }

    #[test]
    fn what_is_said_of_a_part() {
        for text in [
            "training finished for epoch 3",
            "обучение завершено для эпохи 3",
            "training beendete epoche 3",
            "training epoch 3 done",
            "training finished loading config",
            "finished training discriminator",
            "training complete, step 200",
            "[client 3] training finished",
            "worker: training finished",
            "sample: the training is finished. all done!",
            "pretraining finished.",
            "job finished with exit code 1",
            "run 3 finished",
            "optimization step done",
            "all batches done",
            "all steps done for epoch 2",
            "training done: epoch 3 of 9",
            "done (t=0.16s).",
            "done loading data in 3 s",
            "total time: 0:00:30 (0.2 s / it)",
            "training time 12.3",
            "lbfgs failed to converge after 100 iterations",
            "not converged",
            "converged: false",
            "the optimization has not converged yet",
            "maximum number of images reached",
            "learning rate over 0.1",
            "training over 4 gpus",
            "training loss over epoch 3",
            "train completed 3/10",
            "fit done 40%",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
