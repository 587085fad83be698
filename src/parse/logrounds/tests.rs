use std::fmt::Write as _;

use super::*;
use crate::parse::logline::Reader;
use crate::parse::logrows;

/// What is found in a log: the text of the line, the step within the epoch, and the epoch.
fn found(log: &str, target: Target, total: Option<u64>) -> Result<(String, u64, Option<u64>), StepAnswer> {
    let mut rounds = Rounds::new(target, total);
    let mut reader = Reader::default();
    logrows::each(log.as_bytes(), 0, &mut |row| rounds.line(row.offset, &reader.read(row)));
    match rounds.found() {
        StepAnswer::At(at) => {
            let mut text = String::new();
            logrows::each(log.as_bytes(), 0, &mut |row| {
                if row.offset == at.offset {
                    row.text.clone_into(&mut text);
                }
            });
            Ok((text, at.step, at.epoch))
        }
        other => Err(other),
    }
}

/// The bar of an epoch, drawn at these steps, each on a line of its own.
fn bars(label: &str, steps: &[u64], of: u64) -> String {
    let mut out = String::new();
    for step in steps {
        let _ =
            writeln!(out, "{label}{:3}%|███▋      | {step}/{of} [00:10<00:17,  3.6it/s]", step * 100 / of);
    }
    out
}

fn run(step: u64) -> Target {
    Target::Run(step)
}

#[test]
fn a_bar_that_names_its_epoch_tells_steps_of_the_run() {
    let mut log = String::from("Loading checkpoint shards: 100%|██████████| 2/2 [00:01<00:00,  1.5it/s]\n");
    for epoch in 1..=4 {
        log += &bars(&format!("Epoch {epoch}: "), &[0, 20, 37, 80, 100], 100);
        log += &bars("Validation: ", &[0, 20], 20);
    }
    for (step, line, within, epoch) in [
        (237, "Epoch 3:  37%|███▋      | 37/100 [00:10<00:17,  3.6it/s]", 37, 3),
        (238, "Epoch 3:  80%|███▋      | 80/100 [00:10<00:17,  3.6it/s]", 38, 3),
        (1, "Epoch 1:  20%|███▋      | 20/100 [00:10<00:17,  3.6it/s]", 1, 1),
        (400, "Epoch 4: 100%|███▋      | 100/100 [00:10<00:17,  3.6it/s]", 100, 4),
    ] {
        for total in [Some(100), None] {
            assert_eq!(found(&log, run(step), total), Ok((line.to_owned(), within, Some(epoch))), "{step}");
        }
    }
    assert_eq!(found(&log, run(401), Some(100)), Err(StepAnswer::TooFew));
    let of_epoch = found(&log, Target::Epoch(2, Some(30)), None).unwrap();
    assert_eq!(of_epoch.0, "Epoch 2:  37%|███▋      | 37/100 [00:10<00:17,  3.6it/s]");
    assert!(found(&log, Target::Epoch(2, None), None).unwrap().0.starts_with("Epoch 2:   0%"));
    assert_eq!(found(&log, Target::Epoch(9, None), None), Err(StepAnswer::TooFew));
}

#[test]
fn epochs_from_zero_resumed_runs_and_lines_above_count_as_they_say() {
    let zero: String = (0..3).map(|n| bars(&format!("Epoch {n}: "), &[50, 100], 100)).collect();
    assert_eq!(found(&zero, run(150), None).map(|found| (found.1, found.2)), Ok((50, Some(1))));
    // a run that went on in its sixth epoch
    let resumed: String = (6..9).map(|n| bars(&format!("Epoch {n}: "), &[50, 100], 100)).collect();
    assert_eq!(found(&resumed, run(650), None).map(|found| (found.1, found.2)), Ok((50, Some(7))));
    // Keras names the epoch above its bar
    let keras: Vec<String> = (1..=3)
        .map(|n| format!("Epoch {n}/3\n 50/100 [=====>....] - ETA: 1s - loss: 0.5\n100/100 [==========] - 2s 2ms/step - loss: 0.5\n"))
        .collect();
    let keras = keras.concat();
    assert_eq!(
        found(&keras, run(250), None),
        Ok((" 50/100 [=====>....] - ETA: 1s - loss: 0.5".to_owned(), 50, Some(3)))
    );
    // a line below speaks of the epoch that is over: rounds are counted, and no epoch is told
    let below: String = (1..=3).map(|n| bars("", &[50, 100], 100) + &format!("Epoch {n} done\n")).collect();
    assert_eq!(found(&below, run(150), None).map(|found| (found.1, found.2)), Ok((50, None)));
    assert_eq!(
        found(&below, Target::Epoch(2, Some(50)), None),
        Err(StepAnswer::TooFew),
        "which epoch a bar is of is not known"
    );
    // settings name an epoch, too
    let settings = format!("epoch: 10\n{}", below.replace("done", "over"));
    assert_eq!(found(&settings, run(150), None).map(|found| (found.1, found.2)), Ok((50, None)));
}

#[test]
fn other_shapes_of_bars_and_one_bar_of_the_whole_run() {
    assert_eq!(found(&bars("", &[10, 370, 900], 1000), run(37), None).map(|found| found.1), Ok(37));
    let rich = "Epoch 2/4  ━━━━━━━━━━━━ 40/59 0:00:08 • 0:00:09 4.50it/s\nEpoch 3/4  ━━━━━━━━━━━━ 40/59 0:00:08 • 0:00:09 4.50it/s\n";
    assert_eq!(found(rich, run(59 * 2 + 30), None).map(|found| (found.1, found.2)), Ok((30, Some(3))));
    let redrawn = "\rEpoch 1:  10%|█         | 10/100 [00:01<00:09,  4.0it/s]\rEpoch 1: 100%|██████████| 100/100 [00:02<00:08,  4.0it/s]\n";
    assert_eq!(found(redrawn, run(37), None).map(|found| (found.1, found.2)), Ok((37, Some(1))));
}

#[test]
fn what_cannot_be_told_is_not() {
    assert_eq!(found("a\nb 1/2\n", run(1), None), Err(StepAnswer::Nothing));
    let uneven: String = (1..4).map(|n| bars("", &[50, 100 + n], 100 + n)).collect();
    assert_eq!(found(&uneven, run(150), None), Err(StepAnswer::Uneven));
    let unknown = "3it [00:01, 3.0it/s]\n90it [00:01, 3.0it/s]\n5it [00:01, 3.0it/s]\n";
    assert_eq!(found(unknown, run(50), None), Err(StepAnswer::Uneven));
    // training and validation take turns, and none of them has a name
    let turns: String = (0..3).map(|_| bars("", &[50, 100], 100) + &bars("", &[10, 20], 20)).collect();
    assert_eq!(found(&turns, run(150), None).map(|found| found.1), Ok(50));
    assert_eq!(found(&turns, run(30), Some(20)).map(|found| found.1), Ok(10), "the run's own bar");
}

proptest::proptest! {
    #[test]
    fn no_line_is_too_odd(text in "(Epoch |epoch=)?[0-9]{0,22}[:/%| ━█\\[\\]=.a-c0-9]{0,40}", step in proptest::num::u64::ANY) {
        let log = format!("{text}\n{text}\n");
        let _ = found(&log, run(step), Some(step));
        let _ = found(&log, Target::Epoch(step, Some(step)), None);
    }
}
