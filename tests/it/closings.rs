//! How logs end that nobody recorded for us: in other words, in other languages, behind errors that were survived; and what ends
//! nothing though it sounds like it. Beside them, tables and times in the ways of further programs.

use trainmon::model::record::Ending;

use crate::support::logs::facts_either_way as facts;

/// Epochs of nobody knows how many.
fn epochs(from: u32, to: u32) -> String {
    (from..=to).fold(String::new(), |log, i| log + &format!("epoch {i} loss {:.4}\n", 2.0 / f64::from(i + 1)))
}

fn how(log: &str) -> Option<Ending> {
    facts(log).ended.map(|ended| ended.how)
}

#[test]
fn words_that_close_a_run() {
    for end in [
        "Optimization Done.",
        "=> training is over: heldout loss 0.3",
        "[server] federation finished",
        "All 3 seeds finished.",
        "End model training",
        "[ Info: Training done.",
        "Done!9.31 s",
        "Finished! Error rate = 0.4",
        "Total time: 14 seconds",
        "Converged after 4 iterations",
        "stopped: generation limit (4) reached",
        "[rank0]:2026-01-05 10:00:00,123 - root - INFO - Training completed",
        "26/01/05 10:00:00 INFO FitJob: Training finished, model saved to /m/lr",
        "2026-01-05 10:00:00 | INFO | my_cli.train | done training in 8.3 seconds",
        "05 Jan 10:00    INFO  Finished training, best result in epoch 3",
        "PBS epilogue: Exit status: 0",
        "\t(1) Normal termination (return value 0)",
        "> proc.time()",
        "Training abgeschlossen.",
        "Обучение завершено!",
    ] {
        let log = epochs(1, 4) + end + "\n";
        assert_eq!(how(&log), Some(Ending::Completed), "{end}");
        assert_eq!(how(&(log + &epochs(5, 8))), None, "{end}");
    }
    for end in [
        "Stopping optimization after 5 epochs without improvement",
        "Stopping since valid_loss has not improved in the last 3 epochs.",
        "Training finished: Met validation criterion.",
    ] {
        assert_eq!(how(&(epochs(1, 4) + end + "\n")), Some(Ending::EarlyStopped), "{end}");
    }
}

#[test]
fn words_that_close_a_part_of_it_or_nothing() {
    for line in [
        "training finished for epoch 4",
        "[client 3] training finished",
        "Pretraining finished.",
        "Finished training discriminator",
        "Sample: the training is finished. All done!",
        "all batches done",
        "DONE (t=0.16s).",
        "lbfgs failed to converge after 100 iterations",
        "Will stop after 5 epochs without improvement",
        "Maximum number of images reached",
        "total time: 0:00:30 (0.2 s / it)",
    ] {
        assert_eq!(how(&(epochs(1, 4) + line + "\n")), None, "{line}");
    }
    // with work left, it is no more than a part that took so long
    let of = |line: &str| how(&("epoch 1/9 loss 0.9\nepoch 2/9 loss 0.8\n".to_owned() + line));
    assert_eq!(of("Done in 3.2 s\n"), None);
    assert_eq!(of("Total time: 3.2 s\n"), None);
    assert_eq!(of("Converged after 2 epochs\n"), Some(Ending::Completed));
    // before there was any work, it closes something else
    assert_eq!(how("reading data\nDone!0.31 s\n"), None);
    // and what was said before and did not hold is believed no more
    assert_eq!(how(&(epochs(1, 1) + "Total time: 3 s\n" + &epochs(2, 2) + "Total time: 6 s\n")), None);
}

#[test]
fn programs_of_other_languages_crash() {
    for (end, type_name) in [
        (
            "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat Fit.main(Fit.java:4)\n",
            "java.lang.OutOfMemoryError",
        ),
        ("TypeError: x is not a function\n    at fit (/w/fit.js:3:1)\n\nNode.js v20.1.0\n", "TypeError"),
        (
            "Unhandled exception. System.IO.IOException: disk full\n   at Fit.Main()\n",
            "System.IO.IOException",
        ),
        (
            "panic: runtime error: index out of range [9] with length 9\n\ngoroutine 1 [running]:\nexit status 2\n",
            "",
        ),
        ("thread 'main' panicked at src/main.rs:3:5:\nindex out of bounds\nstack backtrace:\n", ""),
        ("fit: src/mat.c:9: dot: Assertion `n == m' failed.\n", ""),
        ("Fatal Python error: Aborted\n\nCurrent thread 0x00 (most recent call first):\n", ""),
        ("FATAL: checksum of shard 3 is wrong; aborting\n", ""),
        ("cannot write out.bin: No space left on device at fit.pl line 31.\n", ""),
        ("##[error]Process completed with exit code 1.\n", ""),
    ] {
        let facts = facts(&(epochs(1, 4) + end));
        assert_eq!(facts.ended.map(|ended| ended.how), Some(Ending::Failed), "{end}");
        let told = facts.error.map(|error| error.type_name.to_string()).unwrap_or_default();
        assert_eq!(told, type_name, "{end}");
    }
    // Perl warns in the same words
    assert_eq!(
        how(&(epochs(1, 4) + "Use of uninitialized value at fit.pl line 31.\n" + &epochs(5, 6))),
        None
    );
}

#[test]
fn tracebacks_behind_times_and_survived_ones() {
    let stamped = |text: &str| {
        text.lines().fold(String::new(), |log, line| log + "2026-01-05T10:00:00.1234567Z " + line + "\n")
    };
    let error = "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    f()\nOSError: gone\n";
    let log = stamped(&(epochs(1, 4) + error));
    let facts = facts(&log);
    assert_eq!(facts.ended.map(|ended| ended.how), Some(Ending::Failed));
    assert_eq!(facts.error.map(|error| error.type_name.to_string()), Some("OSError".to_owned()));
    let rows = |from, to| {
        (from..=to).fold(String::new(), |log, i| {
            log + &format!("2026-01-05 10:00:0{i} INFO epoch={i}/6 loss=0.{i}\n")
        })
    };
    let survived = "2026-01-05 10:00:06 ERROR could not send the metrics, continuing\n".to_owned() + error;
    // also when such a line has come before
    let log = rows(1, 3) + &survived + &rows(4, 6) + &survived + "2026-01-05 10:00:07 INFO bye\n";
    assert_eq!(how(&log), Some(Ending::Completed));
    let fatal = "2026-01-05 10:00:06 ERROR training failed\n".to_owned() + error;
    assert_eq!(how(&(rows(1, 3) + &fatal)), Some(Ending::Failed));
}

#[test]
fn places_in_further_spellings() {
    let way = |log: &str| {
        let progress = facts(log).progress;
        [progress.completed_epochs, progress.total_epochs, progress.step, progress.total_steps]
    };
    for (log, told) in [
        (
            "epoch 0.50/3.00 | loss 0.9\nepoch 1.00/3.00 | loss 0.8\nepoch 1.50/3.00 | loss 0.7\n",
            [Some(1.0), Some(3.0), None, None],
        ),
        (
            "Training starts at step 1, with batch size 8, total steps 900 (warmup 20)\nstep: 10 loss: 3.1\nstep: 20 loss: 3.0\nstep: 30 loss: 2.9\n",
            [None, None, Some(30.0), Some(900.0)],
        ),
        ("ep 3 (of 60) >> loss 0.9\nep 4 (of 60) >> loss 0.8\n", [Some(4.0), Some(60.0), None, None]),
        (
            "fitting for 40 epochs\nEpoch: 0, loss: 0.9\nEpoch: 1, loss: 0.8\n",
            [Some(2.0), Some(40.0), None, None],
        ),
        ("第 1/9 轮 | 训练损失 0.9\n第 2/9 轮 | 训练损失 0.8\n", [Some(2.0), Some(9.0), None, None]),
        (
            " Epoch[ 9 of 12]-Minibatch[ 1- 312, 12.39%]: ce = 0.07 * 19968; loss = 0.02 * 19968\nFinished Epoch[ 9 of 12]: [Training] loss = 0.03 * 60000\n Epoch[10 of 12]-Minibatch[ 1- 312, 12.39%]: ce = 0.07 * 19968; loss = 0.02 * 19968\nFinished Epoch[10 of 12]: [Training] loss = 0.03 * 60000\n",
            [Some(10.0), Some(12.0), None, None],
        ),
        (
            "n_epochs: 100\nEnd of epoch 1 / 200 \t Time Taken: 9 sec\nEnd of epoch 2 / 200 \t Time Taken: 9 sec\n",
            [Some(2.0), Some(200.0), None, None],
        ),
        // the learning rate stands above what the epoch does
        ("epoch 0 lr 1e-2\ntrain_acc 70.5\nepoch 1 lr 1e-2\n", [Some(1.0), None, None, None]),
        (
            "round 1 local epoch 1/3 loss 0.5\nround 1 local epoch 2/3 loss 0.4\nround 2 local epoch 1/3 loss 0.4\n",
            [None, None, Some(2.0), None],
        ),
        (
            "|  Epoch  |  Iteration  |  Batch  |\n|         |             |   Loss  |\n|       1 |           1 |   2.001 |\n|       1 |          50 |   1.501 |\n|       2 |         100 |   1.101 |\n|       3 |         150 |   0.901 |\nTraining finished: Max epochs completed.\n",
            [Some(3.0), Some(3.0), Some(150.0), None],
        ),
        (
            "| epoch | train loss | note |\n|---:|---:|:---|\n| 1/9 | 0.9 |  |\n| 2/9 | 0.8 | best |\n| 3/9 | 0.7 | best |\n",
            [Some(3.0), Some(9.0), None, None],
        ),
    ] {
        assert_eq!(way(log), told, "{log}");
    }
}
