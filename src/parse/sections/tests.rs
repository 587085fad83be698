use super::*;
use crate::parse::logline::Reader;
use crate::parse::logrows;

/// The titles of a log, with their ranks.
fn titles(log: &str) -> Vec<(String, u8)> {
    let (mut reader, mut titles, mut texts, mut out) =
        (Reader::default(), Titles::default(), Vec::new(), Vec::new());
    logrows::each(log.as_bytes(), 0, &mut |row| {
        let line = reader.read(row);
        let seen = titles.row(&line);
        texts.push(line.text.get(line.body..).unwrap_or_default().to_owned());
        for seen in seen.into_iter().flatten() {
            let body = &texts[texts.len() - 1 - seen.words];
            let is_single = seen.back == seen.words;
            let title =
                if is_single { title(body) } else { framed(body, rule(&texts[texts.len() - 1]).unwrap()) };
            out.push((title.unwrap().text.to_owned(), seen.rank));
        }
    });
    out
}

#[test]
fn titles_of_training_logs() {
    let cases: &[(&str, &str, u8)] = &[
        ("==== Epoch 3 ====", "Epoch 3", 1),
        ("=== title ===", "title", 1),
        ("====================== Epoch 3/10 ======================", "Epoch 3/10", 1),
        ("=====Epoch 3=====", "Epoch 3", 1),
        ("2026-03-01 08:00:05,123 - trainer - INFO - ==== Epoch 3 ====", "Epoch 3", 1),
        ("[2026-03-01 08:00:05] INFO     ==== Evaluation ====", "Evaluation", 1),
        ("[rank0]: ==== Warm up ====", "Warm up", 1),
        (
            "[INFO|trainer.py:1618] 2026-03-01 08:00:05,123 >> ***** Running training *****",
            "Running training",
            2,
        ),
        ("***** Running Evaluation *****", "Running Evaluation", 2),
        ("***** train metrics *****", "train metrics", 2),
        ("*** title ***", "title", 2),
        ("----- Results -----", "Results", 5),
        ("------------------------ arguments ------------------------", "arguments", 5),
        (
            "-------------------- end of DeepSpeed arguments ---------------------",
            "end of DeepSpeed arguments",
            5,
        ),
        ("---- lr: 0.1, hidden: 64 ----", "lr: 0.1, hidden: 64", 5),
        ("--- Fold 2 of 5 ---", "Fold 2 of 5", 5),
        ("#### setup ####", "setup", 1),
        ("### mlp ###", "mlp", 1),
        ("########## DATA LOADING ##########", "DATA LOADING", 1),
        ("──── title ────", "title", 3),
        ("─────────────────────────────── Training ───────────────────────────────", "Training", 3),
        ("━━━━━━━━━━ Stage II ━━━━━━━━━━", "Stage II", 1),
        ("═════════ Übersicht ═════════", "Übersicht", 1),
        ("~~~~~ Sampling ~~~~~", "Sampling", 4),
        (
            "============================= test session starts ==============================",
            "test session starts",
            1,
        ),
        (
            "=========================== short test summary info ============================",
            "short test summary info",
            1,
        ),
        ("========================= 3 passed in 0.12s =========================", "3 passed in 0.12s", 1),
        ("_________________________________ test_loss __________________________________", "test_loss", 4),
        (
            "----------------------------- Captured stdout call -----------------------------",
            "Captured stdout call",
            5,
        ),
        ("======\nTitle\n======", "Title", 0),
        ("==================\nEvaluation results\n==================\nacc 0.5", "Evaluation results", 0),
        ("--------------------------------\n  Epoch 3\n--------------------------------", "Epoch 3", 2),
        ("##################\n#  Model setup   #\n##################", "Model setup", 0),
        ("**********\n* Phase 2\n**********", "Phase 2", 0),
        (
            "2026-03-01 08:00:05 INFO ==========\n2026-03-01 08:00:05 INFO Validation\n2026-03-01 08:00:05 INFO ==========",
            "Validation",
            0,
        ),
        ("────────────────\n训练开始\n────────────────", "训练开始", 2),
        ("=== [1/3] Loading ===", "[1/3] Loading", 1),
        ("==== Run A | seed 7 ====", "Run A | seed 7", 1),
        ("———— Ablation ————", "Ablation", 5),
        ("step 1 loss=0.5\n=== Epoch 2 ===\nstep 2 loss=0.4", "Epoch 2", 1),
        ("=== Results -----------\n=== Results ===", "Results", 1),
        ("ValueError: no\n==== Retry 2 ====", "Retry 2", 1),
    ];
    assert!(cases.len() >= 30);
    for (log, title, rank) in cases {
        assert_eq!(titles(log), [((*title).to_owned(), *rank)], "{log}");
    }
}

#[test]
fn of_rules_and_words_by_turns_the_first_words_are_a_title() {
    let first = |name: &str| (name.to_owned(), 0);
    assert_eq!(titles("=====\nSetup\n=====\nbatch 32\n=====\nRun 1\n====="), [first("Setup")]);
    assert_eq!(
        titles("=====\nSetup\n=====\nbatch 32\n=====\n=====\nRun 1\n====="),
        [first("Setup"), first("Run 1")]
    );
    assert_eq!(titles("=====\nSetup\n=====\n\n=====\nRun 1\n====="), [first("Setup"), first("Run 1")]);
    // a title by itself stays one when no rule comes below it
    assert_eq!(
        titles("=====\nSetup\n=====\n=== Epoch 1 ===\nstep 1"),
        [first("Setup"), ("Epoch 1".to_owned(), 1)]
    );
    assert_eq!(titles("=====\n=== Epoch 1 ===\nstep 1"), [("Epoch 1".to_owned(), 1)]);
    assert_eq!(titles("=====\n=== Epoch 1 ===\n{\"step\": 1}"), [("Epoch 1".to_owned(), 1)]);
}

#[test]
fn what_looks_like_titles_and_is_none() {
    let cases = [
        // bars
        "30/30 [==============================] - 1s 2ms/step - loss: 0.1",
        "[=====>.....................] 20%",
        "=====>",
        "===== 45% =====",
        "=== 45% complete ===",
        "##### 37.5% #####",
        "######################################################################## 100.0%",
        "━━━━━━━━━━━━━━━━━━━━╸━━━━━━━━━ 37/100 0:00:12",
        "Epoch 3 ━━━━━━━━━━━━━━━━━━━━ 37/100",
        "━━━━━━━━━ 12.0 it/s ━━━━━━━━━",
        "Epoch 1: 100%|##########| 400/400 [01:45<00:00,  3.8it/s, loss=2.2871]",
        "--------- ETA: 0:12 ---------",
        "\r===== warm ====>      \r=====>",
        "█████ loading █████",
        "|=====     |",
        // tables
        "+-------+-------+\n| name  | value |\n+-------+-------+\n| loss  |   0.5 |\n+-------+-------+",
        "| name | value |\n|------|-------|\n| loss | 0.5 |",
        "name | value\n---- | -----\nloss | 0.5",
        "metric      value\n--------  -------\nloss         0.5",
        "----- ----- -----",
        "--- loss --- acc ---",
        "=== a   b   c ===",
        "┏━━━━━━┳━━━━━━┓\n┃ name ┃ loss ┃\n┡━━━━━━╇━━━━━━┩\n│ a    │ 0.5  │\n└──────┴──────┘",
        "╭─────────── Results ───────────╮\n│ loss 0.5                      │\n╰───────────────────────────────╯",
        "─────────────┬──────────── name ────┬────",
        "_________________________________________________________________\n Layer (type)                Output Shape              Param #   \n=================================================================\n dense (Dense)               (None, 10)                1010      \n=================================================================\nTotal params: 1,010\n_________________________________________________________________",
        "==========================================================================================\nLayer (type:depth-idx)                   Output Shape              Param #\n==========================================================================================",
        "-------------------------------\n0 | layer | Linear | 7.9 K\n-------------------------------\n7.9 K     Trainable params",
        "----------------------------------\n| rollout/           |           |\n----------------------------------",
        "--------------------------------------------------\nop name ................ installed .. compatible\n--------------------------------------------------",
        "------------------------------------\n validation loss at iteration 1000 | lm loss value: 2.3 |\n------------------------------------",
        "----------------\nstep 100: loss 0.4 acc: 0.9\n----------------\nstep 200: loss 0.3 acc: 0.9\n----------------",
        "==========\nval_loss=1.2e-3\n==========",
        "=====\n123\n=====",
        "=====  =====",
        // rules of markdown and their like
        "Results\n-------",
        "Results\n=======\n\ntext",
        "## Results",
        "# title #",
        "---",
        "--- title",
        "### Instruction: go",
        "***bold***",
        "____init____",
        "__main__",
        // diffs, conflicts, keys, commands
        "--- a/train.py\n+++ b/train.py\n@@ -1,3 +1,4 @@\n-    x\n+    y",
        "***************\n*** 1,4 ****\n--- 1,5 ----",
        "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "----- BEGIN RSA PRIVATE KEY -----",
        "--lr 0.1 --epochs 3 --name x",
        "==> train.log <==",
        "====> step <====",
        "==12345== Memcheck, a memory error detector",
        "a === b",
        "x = 1 === y === ",
        // messages
        "--- Logging error ---\nTraceback (most recent call last):",
        "*** Error in `python': double free or corruption ***",
        "*** Aborted at 1772352005 (unix time) ***",
        "*** SIGSEGV (@0x0) received by PID 7 ***",
        "*** WARNING ***",
        "{\"msg\": \"==== Epoch 3 ====\"}",
        "Traceback (most recent call last):\n  File \"a.py\", line 1\n    ==== no ====\nValueError: x",
        "============================================================\ntrain.py FAILED\n------------------------------------------------------------",
        "=======\n\nTitle\n=======",
        "=======\nTitle\nmore\n=======",
        "=======\n{\"step\": 1}\n=======",
        "INFO start\n  ==== a nested list ====",
    ];
    assert!(cases.len() >= 40);
    for log in cases {
        assert_eq!(titles(log), [], "{log}");
    }
}

#[test]
fn a_frame_that_is_under_way_is_told() {
    let rank_after = |log: &str| {
        let (mut reader, mut titles) = (Reader::default(), Titles::default());
        logrows::each(log.as_bytes(), 0, &mut |row| {
            titles.row(&reader.read(row));
        });
        titles.pending()
    };
    assert_eq!(rank_after("a\n=======\n"), Some(0));
    assert_eq!(rank_after("a\n-------\nTitle\n"), Some(2));
    assert_eq!(rank_after("=======\nTitle\n=======\n"), None, "what closes a frame opens none");
    assert_eq!(rank_after("a\n"), None);
}

#[test]
fn titles_within_a_section_of_a_higher_kind_stand_below_it() {
    let log = "========\nRun 1\n========\n=== Epoch 1 ===\n--- eval ---\n=== Epoch 2 ===\n";
    let ranks: Vec<u8> = titles(log).into_iter().map(|(_, rank)| rank).collect();
    assert_eq!(ranks, [0, 1, 5, 1]);
}

proptest::proptest! {
    #[test]
    fn no_line_is_too_odd(text in "[ =─*#_~|>a-c0-9%.:é]{0,60}", above in "[=─-]{0,12}") {
        let log = format!("{above}\n{text}\n{above}\n");
        for (title, rank) in titles(&log) {
            proptest::prop_assert!(rank < RANKS && !title.is_empty() && title.trim() == title);
        }
    }
}
