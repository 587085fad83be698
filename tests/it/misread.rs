//! Lines that were once taken for what they are not: each made up in the form of programs of the field, read whole and cut behind every
//! line, against what a careful person reads there.

use trainmon::model::facts::Axis;
use trainmon::model::facts::Facts;
use trainmon::model::record::Ending;

use crate::support::logs::facts;

/// What is understood of a log that was cut behind each of its lines.
fn cuts(log: &str) -> Vec<(&str, Facts)> {
    let mut end = 0;
    log.split_inclusive('\n')
        .map(|line| {
            end += line.len();
            (line, facts(log.get(..end).unwrap_or_default()))
        })
        .collect()
}

fn ended(facts: &Facts) -> Option<Ending> {
    facts.ended.as_ref().map(|ended| ended.how)
}

/// Epochs done and in all, steps done and in all.
fn way(facts: &Facts) -> [Option<f64>; 4] {
    let progress = &facts.progress;
    [progress.completed_epochs, progress.total_epochs, progress.step, progress.total_steps]
}

fn names(facts: &Facts) -> Vec<&str> {
    facts.metrics.iter().map(|metric| &*metric.name).collect()
}

/// Points of a metric, its axis, and where its newest figure stands.
fn curve(facts: &Facts, name: &str) -> (u64, Axis, Option<f64>) {
    let metric = facts.metrics.iter().find(|metric| &*metric.name == name).expect(name);
    (metric.points, metric.axis, metric.series.last_x())
}

/// The lines of `epochs` epochs.
fn epochs(epochs: u32, lines: impl Fn(u32) -> String) -> String {
    (1..=epochs).map(lines).collect()
}

#[test]
fn a_tag_in_front_of_a_line_takes_its_epoch_not_away() {
    for tag in ["[A]", "(A)", "[B]", "[train]", "(train)", "[rank0]", "[A][B]", "[the]", "A", "[main] -"] {
        let log = epochs(3, |e| {
            format!("{tag} epoch {e}/3 step 25/50 loss 0.{e}5\n{tag} epoch {e}/3 step 50/50 loss 0.{e}\n")
        });
        for (at, (line, facts)) in cuts(&log).into_iter().enumerate() {
            assert_eq!(ended(&facts), (at == 5).then_some(Ending::Completed), "{line}");
            assert_eq!(facts.progress.total_epochs, Some(3.0), "{line}");
        }
        assert_eq!(way(&facts(&log)), [Some(3.0), Some(3.0), Some(150.0), Some(150.0)], "{tag}");
    }
}

#[test]
fn one_turn_of_nobody_knows_how_many_is_not_the_run() {
    for head in [
        "[fold {}] epoch",
        "fold {} | epoch",
        "seed={} epoch",
        "[trial {}] Epoch",
        "Trial #{}: epoch",
        "run {}: epoch",
        "Fold: {} Epoch:",
        "task {} - epoch",
        "fold{} epoch",
        "[fold_{}] epoch",
        "[fold={}] epoch",
    ] {
        let log: String = (1..=2)
            .map(|turn| {
                epochs(3, |e| format!("{} {e}/3 loss 0.{turn}{e}\n", head.replace("{}", &turn.to_string())))
            })
            .collect();
        for (at, (line, facts)) in cuts(&log).into_iter().enumerate() {
            let over = at % 3 == 2;
            assert_eq!((ended(&facts), facts.work_left), (None, (!over).then_some(true)), "{line}");
            assert_eq!(way(&facts), [Some([1.0, 2.0, 3.0][at % 3]), Some(3.0), None, None], "{line}");
            assert_eq!((names(&facts), facts.progress.percent), (vec!["loss"], None), "{line}");
        }
        let closed = facts(&(log + "Training complete.\n"));
        assert_eq!(
            (ended(&closed), closed.progress.percent),
            (Some(Ending::Completed), Some(100.0)),
            "{head}"
        );
    }
    let brackets = epochs(2, |e| format!("[seed 1][epoch {e}/2] loss 0.{e}\n"));
    assert_eq!((ended(&facts(&brackets)), facts(&brackets).progress.total_epochs), (None, Some(2.0)));
}

#[test]
fn turns_below_headings_and_turns_of_so_many() {
    let turn = |head: String| head + "\n" + &epochs(2, |e| format!("epoch {e}/2 loss 0.{e}\n"));
    for head in ["Fold {}", "===== Fold {} =====", "Starting fold {}...", "=== Run {} ==="] {
        let log: String = (1..=2).map(|n| turn(head.replace("{}", &n.to_string()))).collect();
        assert!(cuts(&log).iter().all(|(_, facts)| ended(facts).is_none()), "{head}");
        for sum in ["CV score: 0.95", "Mean accuracy over 2 folds: 0.93 +- 0.01"] {
            assert_eq!(ended(&facts(&format!("{log}{sum}\n"))), Some(Ending::Completed), "{sum}");
        }
    }
    // a setting
    assert_eq!(ended(&facts(&turn("Seed: 42".to_owned()))), Some(Ending::Completed));
    let counted: String =
        (1..=2).map(|n| epochs(3, |e| format!("fold {n}/2 epoch {e}/3 loss 0.{n}{e}\n"))).collect();
    for (at, (line, facts)) in cuts(&counted).into_iter().enumerate() {
        assert_eq!(ended(&facts), (at == 5).then_some(Ending::Completed), "{line}");
        assert_eq!(way(&facts), [Some([1.0, 2.0, 3.0][at % 3]), Some(3.0), None, None], "{line}");
    }
    // each of them says that it is complete
    let closing = |n: u32| format!("{}Training complete.\n", turn(format!("===== Fold {n} =====")));
    assert_eq!(ended(&facts(&format!("{}{}", closing(1), closing(2)))), None);
}

#[test]
fn the_figures_of_a_bar_stand_where_its_label_says() {
    let log = epochs(2, |e| {
        (1..=5).fold(String::new(), |log, i| {
            let (done, step) = (i * 5, (e - 1) * 25 + i * 5);
            let end = if i < 5 { '\r' } else { '\n' };
            format!(
                "{log}{e}|{step}|Loss: 0.{}: {}%|████      | {done}/25 [00:0{i}<00:05,  1.00it/s]{end}",
                99 - step,
                done * 4
            )
        })
    });
    let told = facts(&log);
    assert_eq!(way(&told), [Some(2.0), None, Some(50.0), None]);
    assert_eq!(curve(&told, "Loss"), (10, Axis::Step, Some(50.0)));
    assert_eq!((ended(&told), told.work_left), (None, None));
}

#[test]
fn the_end_of_a_game_names_no_measures() {
    let rows = epochs(3, |n| format!("Episode {n}00\tAverage Score: {n}1.50\n"));
    for end in [
        "Solved in 312 episodes! Average score 195.2",
        "Environment solved in 500 episodes!\tAverage Score: 200.10",
        "Solved after 300 episodes with average reward 195.3 over the last 100 episodes",
    ] {
        let told = facts(&format!("{rows}{end}\n"));
        assert_eq!(names(&told), ["Average Score"], "{end}");
        assert_eq!(way(&told), [None, None, Some(300.0), None], "{end}");
    }
}

#[test]
fn text_that_a_model_wrote_moves_nothing() {
    let steps = epochs(3, |n| format!("step {n}00/1000 loss 0.{n}\n"));
    let rows = epochs(3, |e| format!("epoch {e}/9 loss 0.{e}\n"));
    for text in [
        "Sample: \"epoch 9/9 done, the loss was 0.01\"",
        "sample 3: epoch 9/9 loss 0.01",
        "generated: epoch 9/9 loss 0.01",
        "prompt: epoch 8/9 loss",
        "output: step 100/100 loss: 0.001",
        "Generated text: The total epochs = 900 and loss = 3",
        "\"epoch 9/9 loss 0.001\"",
        "'epoch 9/9 loss 0.001'",
        "\"Training complete.\"",
        "> loss = 9, epoch 9/9",
        "Once upon a time epoch 9/9 loss 0.001",
        "--- sample ---\nepoch 9/9 loss 0.001\naccuracy: 0.99\nthe loss was 0.1\n--------------",
        "=== Sample 1 ===\nloss: 7\nepochs: 10\nTraining complete.\n=== end ===",
    ] {
        for (log, want) in
            [(&steps, [None, None, Some(300.0), Some(1000.0)]), (&rows, [Some(3.0), Some(9.0), None, None])]
        {
            let told = facts(&format!("{log}{text}\n"));
            assert_eq!((way(&told), ended(&told)), (want, None), "{text}");
            assert_eq!((names(&told), told.metrics[0].points), (vec!["loss"], 3), "{text}");
        }
        let on = facts(&format!("{steps}{text}\nstep 400/1000 loss 0.4\n"));
        assert_eq!(curve(&on, "loss"), (4, Axis::Step, Some(400.0)), "{text}");
    }
    // what follows shows that it was not the run that was complete
    let on = facts(&format!("{steps}Training finished\nstep 400/1000 loss 0.4\n"));
    assert_eq!((ended(&on), on.progress.percent), (None, Some(40.0)));
}

#[test]
fn figures_stand_at_the_step_that_their_line_tells() {
    let log = epochs(3, |e| {
        let step = e * 20;
        format!(
            "epoch {e} step {} loss 0.{e}5\nepoch {e} step {step} loss 0.{e}\nepoch {e} step {step} val_loss 0.{e}\n",
            step - 10
        )
    });
    for (at, (line, facts)) in cuts(&log).into_iter().enumerate() {
        let step = [10.0, 20.0, 20.0, 30.0, 40.0, 40.0, 50.0, 60.0, 60.0][at];
        let name = if at % 3 == 2 { "val_loss" } else { "loss" };
        let (_, axis, x) = curve(&facts, name);
        assert_eq!((axis, x), (Axis::Step, Some(step)), "{line}");
    }
    // steps that turn out to begin anew with each epoch are no places of the run
    let anew = epochs(2, |e| format!("epoch {e} step 10 loss 0.{e}5\nepoch {e} step 20 loss 0.{e}\n"));
    assert_eq!(curve(&facts(&anew), "loss"), (4, Axis::Index, Some(3.0)));
    let once = epochs(3, |e| format!("# epoch {e}\nstep 300 loss 0.{e}\n"));
    assert_eq!(curve(&facts(&once), "loss"), (3, Axis::Index, Some(2.0)));
}

#[test]
fn what_a_callback_says_of_a_measure_is_told_once() {
    let keras = |e: u32| format!("val_loss improved from 0.{} to 0.{}, saving model", 10 - e, 9 - e);
    let alone = facts(&epochs(3, |e| format!("Epoch {e}/3 loss: 0.{e}\n{}\n", keras(e))));
    assert_eq!(curve(&alone, "val_loss"), (3, Axis::Epoch, Some(3.0)));
    assert!((alone.metrics[1].last - 0.6).abs() < 1e-12);
    // Keras draws its bar's last figures behind the callbacks
    for log in [
        epochs(3, |e| {
            format!(
                "Epoch {e}/3\n20/20 - 1s - loss: 0.{e} - val_loss: 0.{}\n\nEpoch {e}: {}\n",
                9 - e,
                keras(e)
            )
        }),
        epochs(3, |e| {
            format!(
                "Epoch {e}/3\nEpoch {e:05}: {}\n20/20 - 1s - loss: 0.{e} - val_loss: 0.{}\n",
                keras(e),
                9 - e
            )
        }),
        epochs(3, |e| {
            format!(
                "Epoch {e}/3 loss: 0.{e} val_loss: 0.{}\nMetric val_loss improved by 0.1 >= min_delta = 0.0. New best score: 0.{}\n",
                9 - e,
                9 - e
            )
        }),
    ] {
        let told = facts(&log);
        assert_eq!(curve(&told, "val_loss"), (3, Axis::Epoch, Some(3.0)), "{log}");
    }
    // what it is where it is no better, nobody says
    let worse = facts(&format!(
        "Epoch 1/3 loss: 0.5\n{}\nEpoch 2/3 loss: 0.4\nval_loss did not improve from 0.8\n",
        keras(1)
    ));
    assert_eq!(names(&worse), ["loss"]);
    let reached = "Epoch 0, global step 20: 'val_loss' reached 0.53 (best 0.53), saving model to 'a.ckpt' as top 1\n\
        Metric val_loss improved by 0.212 >= min_delta = 0.0. New best score: 0.326\n\
        Epoch 1, global step 40: 'val_loss' reached 0.32556 (best 0.32556), saving model to 'b.ckpt' as top 1\n";
    assert_eq!(curve(&facts(reached), "val_loss"), (2, Axis::Step, Some(40.0)));
    let worse = facts(&format!("{reached}Epoch 2, global step 60: 'val_loss' was not in top 1\n"));
    assert_eq!(names(&worse), Vec::<&str>::new());
}

#[test]
fn the_sums_of_an_epoch_stand_behind_its_steps() {
    let log = epochs(2, |e| {
        let step = e * 100;
        format!("step {} loss 0.{e}5\nstep {step} loss 0.{e}1\nEpoch {e} done: loss 0.{e}3\n", step - 50)
    });
    for (at, (line, facts)) in cuts(&log).into_iter().enumerate() {
        let (points, axis, x) = curve(&facts, "loss");
        let step = [50, 100, 100, 150, 200, 200][at];
        assert_eq!((points, axis), (at as u64 + 1, Axis::Step), "{line}");
        assert!(x.is_some_and(|x| (x - f64::from(step)).abs() < 1e-6), "{line}: {x:?}");
    }
    // epochs first, steps later: the curve begins anew at the steps, and counts all
    let later = facts("Epoch 1 loss 0.9\nEpoch 2 loss 0.1\nstep 300 loss 0.5\nstep 400 loss 0.4\n");
    assert_eq!(curve(&later, "loss"), (4, Axis::Step, Some(400.0)));
    let loss = &later.metrics[0];
    assert_eq!((loss.series.len(), loss.min, loss.min_at), (2, Some(0.1), None));
}

/// What may be said of a cut: the epoch that its last line belongs to, whether that may be over, and the step that it tells.
struct Seen {
    text: String,
    epoch: u32,
    over: bool,
    step: Option<u32>,
}

/// A log of three epochs of 300 steps, in one of many ways to write one.
fn headed(head: &str, steps: &str, last: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    for epoch in 1..=3_u32 {
        let fill = |text: &str, step: u32| {
            text.replace("{e}", &epoch.to_string())
                .replace("{z}", &(epoch - 1).to_string())
                .replace("{s}", &step.to_string())
                .replace("{g}", &((epoch - 1) * 300 + step).to_string())
                .replace("{l}", &format!("0.{}", 999 - epoch * 100 - step / 10))
        };
        for line in head.lines() {
            seen.push(Seen { text: fill(line, 0), epoch, over: false, step: None });
        }
        for step in [100, 200, 300].into_iter().filter(|_| !steps.is_empty()) {
            let told = Some((epoch - 1) * 300 + step);
            seen.push(Seen { text: fill(steps, step), epoch, over: step == 300, step: told });
        }
        for line in last.lines() {
            seen.push(Seen { text: fill(line, 0), epoch, over: true, step: None });
        }
    }
    seen
}

/// Holds what is understood of a cut against what can be seen in it; `step` is the newest that was told.
fn check(line: &str, facts: &Facts, seen: &Seen, step: Option<f64>, from_zero: bool, log: &str) {
    let [done, all, at, of] = way(facts);
    let before = f64::from(seen.epoch - 1);
    let over = seen.over.then_some(before + 1.0);
    assert!([None, Some(before), over].contains(&done), "{done:?} at {line} of\n{log}");
    assert!([None, Some(3.0)].contains(&all), "{all:?} at {line} of\n{log}");
    assert!([None, step, Some(before * 300.0)].contains(&at), "{at:?} at {line} of\n{log}");
    assert!([None, Some(900.0)].contains(&of), "{of:?} at {line} of\n{log}");
    if ended(facts).is_some() {
        assert!(seen.epoch == 3 && seen.over, "ended at {line} of\n{log}");
        assert!(done.is_none_or(|done| done >= 3.0) && at.is_none_or(|at| at >= 900.0), "{line} of\n{log}");
    }
    let share = facts.progress.percent.map_or(before, |percent| percent / 100.0 * 3.0);
    assert!((before - 0.01..=before + 1.01).contains(&share), "{share} at {line} of\n{log}");
    for metric in &facts.metrics {
        let x = metric.series.last_x().unwrap_or(0.0);
        let most = match metric.axis {
            Axis::Step => step.unwrap_or(0.0),
            Axis::Epoch => before + if from_zero { 1.0 } else { 2.0 },
            Axis::Index => metric.points as f64 - 1.0,
        };
        assert!(x <= most + 1e-6, "{} at {x}: {line} of\n{log}", metric.name);
    }
}

#[test]
fn rows_below_the_headings_of_epochs() {
    let heads = [
        "Epoch {e}/3",
        "Epoch {e}/3\n----------",
        "=== Epoch {e} ===",
        "# epoch {e}",
        "Epoch: {e}",
        "EPOCH {e} of 3:",
        "[Epoch {e}/3]",
        "Starting epoch {e}/3...",
        "Epoch {z}/2\n----------",
        "======== Epoch {e} / 3 ========\nTraining...",
    ];
    let steps = [
        "step {s}/300 loss={l}",
        "step {s} loss={l}",
        "step {g}/900 | loss {l}",
        "step {g}: loss {l}",
        "global_step {g} | step {s}/300 | loss {l}",
        "  Batch: {s}/300, Loss: {l}",
        "[{s}/300] loss: {l}",
        "",
    ];
    let lasts = [
        "",
        "train loss {l}\nval loss {l}\n",
        "val_loss: {l} val_acc: {l}\nTime elapsed: 1.23 min",
        "[val] step 50/50 | loss {l}",
        "Running Validation...\n  Accuracy: {l}\n  Validation Loss: {l}",
    ];
    for (head, rows) in heads.iter().flat_map(|head| steps.iter().map(move |rows| (head, rows))) {
        for last in lasts {
            let seen = headed(head, rows, last);
            let log = seen.iter().fold(String::new(), |log, seen| log + &seen.text + "\n");
            let mut step = None;
            for ((line, facts), seen) in cuts(&log).into_iter().zip(&seen) {
                step = seen.step.map(f64::from).or(step);
                check(line, &facts, seen, step, head.contains("{z}"), &log);
            }
            let told = facts(&log);
            let loss = told.metrics.iter().find(|metric| metric.name.eq_ignore_ascii_case("loss"));
            let points = loss.filter(|_| !rows.is_empty()).map(|loss| loss.points);
            assert_eq!(points, (!rows.is_empty()).then_some(9), "{log}");
        }
    }
}
