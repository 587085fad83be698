//! Logs that nobody recorded for us, line for line as many programs of the field print them: where they are, what they measure,
//! and how they end. Each is told twice, at once and byte by byte.

use trainmon::model::facts::Facts;
use trainmon::model::record::Ending;

use crate::support::logs::facts_either_way as facts;

/// Eight lines of a log; `{i}` is their number, `{l}` a loss that falls.
fn lines(line: &str) -> String {
    (1..=8).fold(String::new(), |log, i: u32| {
        let loss = 2.0 / f64::from(i + 1);
        log + &line.replace("{i}", &i.to_string()).replace("{l}", &format!("{loss:.4}")) + "\n"
    })
}

/// Epochs done and in all, steps done and in all.
type Way = [Option<f64>; 4];

fn way(facts: &Facts) -> Way {
    let progress = &facts.progress;
    [progress.completed_epochs, progress.total_epochs, progress.step, progress.total_steps]
}

/// Lines, where eight of them lead to, and a metric with how many points it has then.
const PLACES: [(&str, Way, &str, u64); 31] = [
    // Megatron-LM
    (
        " [2024-01-02 10:00:00] iteration       {i}0/     500 | consumed samples:         320 | elapsed time per iteration (ms): 1234.5 | learning rate: 1.500E-04 | lm loss: {l} | grad norm: 1.234 | number of skipped iterations:   0 | number of nan iterations:   0 |",
        [None, None, Some(80.0), Some(500.0)],
        "lm loss",
        8,
    ),
    // GPT-NeoX
    (
        " samples/sec: 12.345 | iteration       {i}0/     500 | elapsed time per iteration (ms): 1234.5 | learning rate: 1.500E-04 | approx flops per GPU: 10TFLOPS | lm_loss: {l} | loss scale: 1.0 | number of skipped iterations:   0 | number of nan iterations:   0 |",
        [None, None, Some(80.0), Some(500.0)],
        "lm_loss",
        8,
    ),
    ("Epoch：{i}，train_loss：{l}，耗时：12.3s", [Some(8.0), None, None, None], "train_loss", 8),
    (
        "epoch: {i} loss: tensor({l}, grad_fn=<NllLossBackward0>) acc: tensor(0.7)",
        [Some(8.0), None, None, None],
        "loss",
        8,
    ),
    ("epoch {i} | loss: {l}±0.1 | acc: 50.1 +/- 2.3", [Some(8.0), None, None, None], "loss", 8),
    ("Cost after iteration {i}00: {l}", [None, None, Some(800.0), None], "Cost", 8),
    (
        "INFO     1123 05:18:21.502 20105 MainThread train.py:6] | epoch   {i} |   100/  300 batches | lr 19.0 | loss  {l} | ppl   400.00",
        [Some(7.0), None, None, None],
        "loss",
        8,
    ),
    ("iter {i}000: {l}", [None, None, Some(8000.0), None], "", 0),
    ("total_steps: {i}000 reward {l}", [None, None, Some(8000.0), None], "reward", 8),
    ("Эпоха {i} из 10: потери {l}", [Some(8.0), Some(10.0), None, None], "потери", 8),
    ("Epoche {i}/10 - Verlust: {l} - Genauigkeit: 0.71", [Some(8.0), Some(10.0), None, None], "Verlust", 8),
    ("Époque {i}/10 - perte : {l} - précision : 0.71", [Some(8.0), Some(10.0), None, None], "perte", 8),
    ("Época {i}/10 - pérdida: {l} - exactitud: 0.71", [Some(8.0), Some(10.0), None, None], "pérdida", 8),
    // fairseq
    (
        "2023-01-02 10:00:00 | INFO | train_inner | epoch 001:    {i}00 / 1600 loss={l}, nll_loss=3.1, ppl=20.1, wps=1000, num_updates={i}00, lr=0.0005, gnorm=1.2",
        [Some(0.0), None, Some(800.0), None],
        "loss",
        8,
    ),
    // OpenCLIP
    (
        "2024-01-02,10:00:00 | INFO | Train Epoch: 0 [ {i}024/12800 ({i}%)] Data (t): 0.100 LR: 0.000100 Contrastive_loss: {l} ({l}) Loss: {l} ({l})",
        [Some(0.0), None, None, None],
        "Loss",
        8,
    ),
    // the MNIST example of PyTorch
    ("Train Epoch: 1 [{i}00/60000 (1%)]\tLoss: {l}", [Some(0.0), None, None, None], "Loss", 8),
    // the DCGAN tutorial
    (
        "[1/5][{i}0/1583]\tLoss_D: {l}\tLoss_G: 1.5\tD(x): 0.6",
        [Some(0.0), Some(5.0), None, Some(7915.0)],
        "Loss_D",
        8,
    ),
    // DINOv2
    (
        "I20240102 10:00:00 1234 dinov2 helpers.py:103] Training  [  {i}0/125000]  eta: 1 day, 2:03:04  lr: 0.0001 (0.0001)  total_loss: {l} ({l})  max mem: 30000",
        [None, None, Some(80.0), Some(125_000.0)],
        "total_loss",
        8,
    ),
    // ESPnet
    (
        "[gpu01:0/1] 2024-01-02 10:00:00,123 (trainer:732) INFO: 1epoch:train:{i}1-{i}9batch: iter_time=0.001, loss_ctc=3.5, acc=0.12, loss={l}, train_time=0.5",
        [None; 4],
        "loss",
        8,
    ),
    // OLMo, in a block of lines
    (
        "2025-12-11 08:30:49.091\tgpu-02:0\tolmo.train:979\tINFO\t[step={i}/2500,epoch=0]\n    train/CrossEntropyLoss={l}\n    train/Perplexity=55.29",
        [Some(0.0), None, Some(8.0), Some(2500.0)],
        "train/CrossEntropyLoss",
        8,
    ),
    // BasicSR
    (
        "2024-01-02 10:00:00,123 INFO: [train..][epoch:  0, iter:   {i}00, lr:(1.000e-04,)] [eta: 5 days, 1:02:03, time (data): 0.512 (0.001)] l_pix: {l} l_percep: 1.2e+00",
        [Some(0.0), None, Some(800.0), None],
        "l_pix",
        8,
    ),
    // ms-swift
    (
        "{'loss': {l}, 'grad_norm': 1.2, 'learning_rate': 1e-05, 'epoch': 0.{i}, 'global_step/max_steps': '{i}0/200', 'elapsed_time': '20s'}",
        [Some(0.0), Some(2.0), Some(80.0), Some(200.0)],
        "loss",
        8,
    ),
    // PySlowFast
    (
        "[01/02 10:00:00][INFO] logging.py: 99: json_stats: {\"_type\": \"train_iter\", \"epoch\": \"1/196\", \"iter\": \"{i}0/1000\", \"loss\": {l}, \"lr\": 0.01}",
        [Some(0.0), Some(196.0), Some(80.0), None],
        "loss",
        8,
    ),
    // RecBole
    (
        "02 Jan 10:00    INFO  epoch {i} training [time: 1.23s, train loss: {l}]",
        [Some(8.0), None, None, None],
        "train loss",
        8,
    ),
    // DeepLearning4j
    (
        "01:46:44.695 [main] INFO o.d.o.l.ScoreIterationListener - Score at iteration {i}00 is {l}",
        [None, None, Some(800.0), None],
        "Score",
        8,
    ),
    // an evolution, an agent
    (
        "Generation {i}: best fitness = {l}, mean fitness = 80.10",
        [None, None, Some(8.0), None],
        "best fitness",
        8,
    ),
    (
        "Episode {i}0/500 | Score: 28 | Avg reward: {l}",
        [None, None, Some(80.0), Some(500.0)],
        "Avg reward",
        8,
    ),
    ("Epoch {i}/20: train_loss={l} val_loss=0.5", [Some(8.0), Some(20.0), None, None], "train_loss", 8),
    (
        "[Epoch {i}] [Train] loss={l} | [Valid] loss=0.5 acc=50.12%",
        [Some(8.0), None, None, None],
        "Train loss",
        8,
    ),
    ("第{i}轮 训练损失: {l} 验证准确率: 0.93", [Some(8.0), None, None, None], "训练损失", 8),
    ("エポック {i}/10 損失: {l}", [Some(8.0), Some(10.0), None, None], "損失", 8),
];

#[test]
fn places_and_measures_of_the_field() {
    for (line, expected, metric, points) in PLACES {
        let facts = facts(&lines(line));
        assert_eq!(way(&facts), expected, "{line}");
        if metric.is_empty() {
            assert!(facts.metrics.is_empty(), "{line}");
            continue;
        }
        let found = facts.metric(metric).unwrap_or_else(|| panic!("no {metric} in {line}"));
        assert_eq!((found.points, found.last), (points, 0.2222), "{line}");
        let odd = |name: &str| name.contains(['[', ']']) || name.starts_with([')', ' ']);
        assert!(facts.metrics.iter().all(|metric| !odd(&metric.name)), "{line}: {:?}", facts.metrics);
    }
}

/// Lines of counters without names, and how far eight of them say that the run is.
const NAMELESS: [(&str, Option<f64>, &str); 7] = [
    ("[{i}/16] loss {l}", Some(50.0), "loss"),
    ("({i}/16) mse={l} time 1s", Some(50.0), "mse"),
    ("{i}/16 loss={l} lr=1.0e-05", Some(50.0), "loss"),
    ("train: {i}00/1600 [10%] loss={l}", Some(50.0), "loss"),
    // scikit-learn's histogram booster
    (
        "[{i}/16] 1 tree, 31 leaves, max depth = 9, train loss: {l}, val loss: {l}, in 0.012s",
        Some(50.0),
        "train loss",
    ),
    ("Progress: 4{i}.5% loss {l}", Some(48.5), "loss"),
    // whatever that is, it does not move
    ("[3/16] loss {l}", None, "loss"),
];

#[test]
fn counters_without_names_are_told_by_how_they_move() {
    for (line, percent, metric) in NAMELESS {
        let facts = facts(&lines(line));
        assert_eq!(facts.progress.percent, percent, "{line}");
        assert_eq!(way(&facts), [None; 4], "of what, nobody knows: {line}");
        let points = facts.metrics.iter().find(|found| found.name.as_ref() == metric).map(|m| m.points);
        assert_eq!(
            points,
            Some(8),
            "{line}: {:?}",
            facts.metrics.iter().map(|m| &m.name).collect::<Vec<_>>()
        );
    }
    let over = facts(&lines("[{i}/8] loss {l}"));
    assert_eq!(over.ended.map(|ended| ended.how), Some(Ending::Completed));
    // as the tutorial of PyTorch on CIFAR prints it
    let cifar: String = (1..=3)
        .flat_map(|epoch| (1..=4).map(move |i| format!("[{epoch}, {:5}] loss: 2.{i}73\n", i * 2000)))
        .collect();
    let facts = facts(&cifar);
    assert_eq!(way(&facts), [Some(2.0), None, None, None]);
}

#[test]
fn yolov5_counts_from_0() {
    let epoch = |n: u32| {
        let rows = (0..5).fold(String::new(), |log, batch| {
            log + &format!("\r       {n}/2      1.5G     0.0{batch}12     0.0345     0.0123         20        640: {:3}%|██        | {batch}/4 [00:0{batch}<00:03,  1.00it/s]", batch * 25)
        });
        format!(
            "\n      Epoch    GPU_mem   box_loss   obj_loss   cls_loss  Instances       Size\n{rows}\n                 Class     Images  Instances          P          R      mAP50   mAP50-95: 100%|██████████| 1/1 [00:00<00:00,  2.00it/s]\n                   all         16         32      0.512      0.423      0.451      0.234\n"
        )
    };
    let facts = facts(&(0..3).map(epoch).collect::<String>());
    assert_eq!(way(&facts), [Some(3.0), Some(3.0), Some(12.0), Some(12.0)]);
    assert_eq!(facts.metric("train/box_loss").map(|metric| metric.last), Some(0.0412));
    assert_eq!(facts.metric("metrics/mAP50").map(|metric| metric.points), Some(3));
}

#[test]
fn figures_in_the_labels_of_bars() {
    let log = |label: &str| {
        (1..=8).fold(String::new(), |log, i: u32| {
            let label = label.replace("{i}", &i.to_string()).replace("{l}", &format!("0.{}12", 9 - i));
            log + &format!("\r{label}:  {i}0%|{}| {i}0/100 [00:0{i}<00:0{}, 10.00it/s]", "█".repeat(8), 9 - i)
        }) + "\n"
    };
    for label in ["Loss: {l}", "Epoch 1/4 | loss {l} | acc 0.5{i}", "1|{i}0|Loss: {l}", "loss={l} lr=1e-4"] {
        let facts = facts(&log(label));
        let loss = facts.metrics.iter().find(|metric| metric.name.eq_ignore_ascii_case("loss"));
        assert_eq!(
            loss.map(|metric| (metric.points, metric.last)),
            Some((8, 0.112)),
            "{label}: {:?}",
            facts.metrics
        );
        assert_eq!(facts.progress.step, Some(80.0), "{label}");
    }
}

#[test]
fn what_is_said_of_setting_up_is_no_progress() {
    let log = "***** Running training *****\n  Num examples = 10\n  Num batches each epoch = 10\n  Num Epochs = 100\n  Total optimization steps = 1000\n\rSteps:  50%|█████     | 500/1000 [05:00<05:00,  1.67it/s, loss=0.0512, lr=5e-6]";
    assert_eq!(way(&facts(log))[1..], [Some(100.0), Some(500.0), Some(1000.0)]);
    let log = "INSTANCE_LOSS_WEIGHT: 1.0\nSCORE_THRESH_TEST: 0.05\nmax_grad_norm: 1.0\nrms_norm_eps: 1e-06\n";
    assert!(facts(log).metrics.is_empty());
}

/// The first of so many epochs.
fn epochs(done: u32, all: u32) -> String {
    (1..=done)
        .fold(String::new(), |log, i| log + &format!("Epoch {i}/{all} loss: {:.4}\n", 2.0 / f64::from(i + 1)))
}

#[test]
fn how_logs_end() {
    let traceback =
        "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nConnectionError: upload failed\n";
    let cases: [(String, Option<Ending>); 26] = [
        (epochs(5, 5), Some(Ending::Completed)),
        (epochs(3, 5), None),
        (epochs(2, 5) + traceback, Some(Ending::Failed)),
        (epochs(2, 5) + traceback + "Retrying in 5s\n" + &epochs(5, 5), Some(Ending::Completed)),
        (epochs(2, 5) + "RuntimeError: CUDA error: device-side assert triggered\n", Some(Ending::Failed)),
        (epochs(2, 5) + "RuntimeError: CUDA error: skipped\n" + &epochs(3, 5), None),
        (epochs(2, 5) + "Killed\n", Some(Ending::Failed)),
        (epochs(2, 5) + "Bus error (core dumped)\n", Some(Ending::Failed)),
        (epochs(2, 5) + "make: *** [Makefile:3: train] Error 1\n", Some(Ending::Failed)),
        (epochs(2, 5) + "srun: error: node1: task 0: Exited with exit code 1\n", Some(Ending::Failed)),
        (epochs(2, 5) + "Process finished with exit code 1\n", Some(Ending::Failed)),
        (epochs(2, 5) + "Process finished with exit code 0\n", Some(Ending::Completed)),
        (epochs(2, 5) + "Loss is nan, stopping training\n", Some(Ending::Failed)),
        (
            epochs(2, 5)
                + "slurmstepd: error: *** JOB 1 ON n1 CANCELLED AT 2024-01-02T10:00:00 DUE TO TIME LIMIT ***\n",
            Some(Ending::Failed),
        ),
        (
            epochs(2, 5) + "slurmstepd: error: *** JOB 1 ON n1 CANCELLED AT 2024-01-02T10:00:00 ***\n",
            Some(Ending::Cancelled),
        ),
        (epochs(2, 5) + "Received SIGTERM, exiting\n", Some(Ending::Cancelled)),
        (
            epochs(2, 5)
                + "^CTraceback (most recent call last):\n  File \"a.py\", line 1\nKeyboardInterrupt\n",
            Some(Ending::Cancelled),
        ),
        (epochs(3, 10) + "Early stopping at epoch 3\n", Some(Ending::EarlyStopped)),
        (epochs(3, 10) + "EarlyStopping counter: 3 out of 5\n", None),
        // a second session behind the first
        (epochs(5, 5) + "Training complete\n" + &epochs(2, 5), None),
        // said too early, and said of a part
        (epochs(1, 9) + "Done.\n" + &epochs(6, 9), None),
        (epochs(2, 5) + "第2轮训练完成\n", None),
        (epochs(2, 5) + "学習が完了しました\n", Some(Ending::Completed)),
        (epochs(2, 5) + "[x] Config validation error\n", Some(Ending::Failed)),
        (epochs(2, 5) + "final test accuracy 0.92\n", Some(Ending::Completed)),
        (
            epochs(2, 5) + "Error: filters= in the layer doesn't correspond to classes=\n",
            Some(Ending::Failed),
        ),
    ];
    for (log, ended) in cases {
        assert_eq!(facts(&log).ended.map(|ended| ended.how), ended, "{log}");
    }
}

#[test]
fn a_turn_of_a_loop_around_training_is_not_the_end() {
    let turn = |head: &str| format!("{head}\nepoch 1/2 loss 0.8\nepoch 2/2 loss 0.7\n");
    for head in [
        "seed {}/3",
        "===== Fold {}/3 =====",
        "Task {} of 3",
        "Cross-validation split {} of 3",
        "Training member {}/3 of the ensemble",
        "[exp {}/3] lr=1e-1",
    ] {
        let log = |turns: u32| {
            (1..=turns).fold(String::new(), |log, i| log + &turn(&head.replace("{}", &i.to_string())))
        };
        let ended = |turns: u32| facts(&log(turns)).ended.map(|ended| ended.how);
        assert_eq!((ended(1), ended(2), ended(3)), (None, None, Some(Ending::Completed)), "{head}");
        let facts = facts(&log(2));
        assert_eq!((facts.work_left, facts.progress.percent), (Some(true), None), "{head}");
    }
}

#[test]
fn one_more_attempt_takes_a_failure_back() {
    let failed =
        "Traceback (most recent call last):\n  File \"t.py\", line 5, in <module>\nValueError: bad value 3\n";
    let log =
        format!("Attempt 1/3\n{failed}Attempt 2/3\n{failed}Attempt 3/3\n{}", lines("epoch {i}/8 loss {l}"));
    let facts = facts(&log);
    assert_eq!(facts.ended.map(|ended| ended.how), Some(Ending::Completed));
}

#[test]
fn what_is_said_behind_the_last_epoch() {
    let rows = lines("epoch {i}/8 loss {l}");
    let of = |behind: &str| {
        let facts = facts(&format!("{rows}{behind}"));
        (
            facts.ended.as_ref().map(|ended| ended.how),
            facts.progress.completed_epochs,
            facts.metric("loss").map(|m| m.last),
        )
    };
    let done = (Some(Ending::Completed), Some(8.0), Some(0.2222));
    for behind in [
        "",
        "Best: epoch 3 with loss 0.5000\n",
        "Best model: epoch 3 loss 0.500\n",
        "Best loss: 0.5000 (epoch 3)\n",
        "Minimum loss 0.500 @ epoch 3\n",
        "| best | epoch 3 | loss 0.500 |\n",
        "Best epoch: 3, loss: 0.500\n",
        "Epoch 3 was the best: loss 0.500\n",
        "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nOSError: timed out\nupload failed\nTraining complete.\n",
        "ImportError: flash_attn is not installed; falling back to sdpa\n",
        "Saving model...\n",
        "Would have early stopped here\n",
        "job cancelled by user: no\n",
    ] {
        assert_eq!(of(behind), done, "{behind}");
    }
    // another part of the work may have begun
    for behind in
        ["===== FOLD 1 =====\n", "Training classifier\n", "Starting fold 1...\n", "Pruning to 40% sparsity\n"]
    {
        let facts = facts(&format!("{rows}{behind}"));
        assert_eq!((facts.ended.is_none(), facts.work_left), (true, None), "{behind}");
        let why = facts.work_left_because.as_deref();
        let told =
            "epoch 8 of 8 is over, but no line says that this was all: another part may have begun behind it";
        assert_eq!(why, Some(told), "{behind}");
    }
}

#[test]
fn a_bar_of_other_work_is_not_the_run() {
    let bar = "  0%|          | 0/9912422 [00:00<?, ?it/s]\r100%|██████████| 9912422/9912422 [00:00<00:00, 103254129.11it/s]\n";
    let alone = facts(bar);
    assert_eq!((alone.ended.is_none(), alone.work_left), (true, None));
    let facts = facts(&format!("{bar}Extracting data\nepoch 1/5 loss 2.3\nepoch 2/5 loss 2.2\n"));
    assert_eq!(way(&facts), [Some(2.0), Some(5.0), None, None]);
    assert_eq!((facts.ended.is_none(), facts.progress.percent), (true, Some(40.0)));
}

/// Lines among rows that only look like rows, and those that follow the rows and say something else.
#[test]
fn what_only_looks_like_a_row_moves_nothing() {
    for stranger in [
        "# epoch 9/9 loss 0.01",
        "> epoch 9/9 loss 0.01",
        "+epoch 9/9 loss 0.01",
        "<s> Epoch 9/9 loss 0.01 </s>",
        "TODO: check why epoch 9/9 loss 0.01 in the last run",
        "+ python train.py epoch=9 loss=0.01",
        "127.0.0.1 - - [05/Jan/2026 10:00:00] \"GET /loss?epoch=9 HTTP/1.1\" 200 1/1",
        "  1. epoch 9 loss 0.01",
        "    loss = 0.01",
        "optim:\n  epochs: 90\n  loss: 0.01",
        "{\"lr\": 0.1, \"loss\": 0.01, \"batch_size\": 32}",
        "==> epoch 1 has the lowest loss: 0.01",
        "Epoch 9 will be the last",
        "Validation [50/50] loss 0.01",
    ] {
        let said = facts(&(lines("epoch {i}/9 loss {l}") + stranger + "\n"));
        assert_eq!(way(&said), [Some(8.0), Some(9.0), None, None], "{stranger}");
        let loss = said.metrics.iter().find(|metric| &*metric.name == "loss").map(|metric| metric.points);
        assert_eq!(loss, Some(8), "{stranger}");
    }
    let steps = facts(&(lines("step {i}00/1000 loss {l}") + "Step 7/7: cleanup\n"));
    assert_eq!(way(&steps), [None, None, Some(800.0), Some(1000.0)]);
    assert!(steps.ended.is_none());
}

/// What stands behind an epoch's number says that it is over, in whatever spelling.
#[test]
fn odd_figures_stand_behind_their_epoch() {
    for line in [
        "Epoch {i}/9 loss ~{l}",
        "Epoch {i}/9 loss <0.1",
        "Epoch {i}/9 loss→{l}",
        "Epoch {i}/9 train {l}/val 0.6",
        "Epoch {i}/9 loss (train/val): {l}/1.9",
        "Epoch {i}/9 acc: 45/50 (90.0%)",
        "Epoch {i}/9 loss=0.9=0.3+0.6",
        "Epoch {i}/9 (12.3s)",
        "Epoch {i}/9 Elapsed: 0:00:12",
        "Epoch {i}/9 ✓",
        "Epoch {i}/9 loss{l}",
        "Epoch {i}/9 | resnet: loss {l} | vit: loss 1.9",
        "Epoch {i}/9 {'train': {'loss': {l}}, 'val': {'loss': 1.9}}",
        "rank 0 of 2: epoch {i}/9 loss {l}\nrank 1 of 2: epoch {i}/9 loss {l}",
    ] {
        assert_eq!(way(&facts(&lines(line))), [Some(8.0), Some(9.0), None, None], "{line}");
    }
    for line in ["Epoch {i}/9", "Epoch {i}/9 at 12:30:01", "Epoch {i}/9 2026-01-05 10:00:00"] {
        assert_eq!(way(&facts(&lines(line))), [Some(7.0), Some(9.0), None, None], "{line}");
    }
}

/// Which of several figures is the one.
#[test]
fn the_new_one_of_two_figures_and_none_of_two_models() {
    let last = |log: &str, name: &str| {
        facts(log).metrics.iter().find(|metric| &*metric.name == name).map(|metric| metric.last)
    };
    for (line, name, value) in [
        ("epoch 3/9 val_loss 0.9 -> 0.8", "val_loss", Some(0.8)),
        ("epoch 3/9 loss: 0.9→0.8", "loss", Some(0.8)),
        ("epoch 3/9 loss → 0.8", "loss", Some(0.8)),
        ("epoch 3/9 loss ~0.8", "loss", Some(0.8)),
        ("🚀 epoch 3/9 📉 loss 0.8 🎯 acc 0.5", "loss", Some(0.8)),
        ("epoch 3/9 <loss> 0.8", "loss", Some(0.8)),
        ("epoch 3/9 loss *0.8*", "loss", Some(0.8)),
        ("epoch 3/9 loss 0.8(0.05)", "loss", Some(0.8)),
        ("epoch 3/9 words 1'234'567 loss 0.8", "words", Some(1_234_567.0)),
        ("epoch 3/9 words 1_234_567 loss 0.8", "words", Some(1_234_567.0)),
        ("epoch 3/9 loss 0.8 | best: epoch 2 loss 0.1", "loss", Some(0.8)),
        ("epoch 3/9 a: loss 0.8 b: loss 0.7", "loss", None),
        ("epoch 3/9 Train loss 0.8 acc 0.5 Val loss 0.9 acc 0.4", "acc", Some(0.5)),
        ("epoch 3/9 Train loss 0.8 acc 0.5 Val loss 0.9 acc 0.4", "val_acc", Some(0.4)),
        ("epoch 3\ntrain:\n  loss = 0.8\nvalid:\n  loss = 0.9", "loss", Some(0.8)),
        ("epoch 3\ntrain:\n  loss = 0.8\nvalid:\n  loss = 0.9", "val_loss", Some(0.9)),
    ] {
        assert_eq!(last(&(line.to_owned() + "\n"), name), value, "{line}");
    }
}

/// Loops around training that bear no number.
#[test]
fn a_heading_that_opened_loops_before_opens_another() {
    for heading in ["Model: {m}", "### {m} ###", "Fitting {m}...", "---- net: {m}, lr: 0.1 ----"] {
        for end in ["", "Done\n", "Training completed in 12.3s\n"] {
            let turn =
                |model: &str| heading.replace("{m}", model) + "\n" + &lines("Epoch {i}/8 loss {l}") + end;
            let log = turn("mlp") + &turn("cnn") + &heading.replace("{m}", "rnn") + "\n";
            assert!(facts(&log).ended.is_none(), "{log}");
        }
    }
    let blocks = lines("Epoch {i}\n  train loss: {l}\n  valid loss: 0.5");
    assert_eq!(way(&facts(&blocks)), [Some(8.0), None, None, None], "the last block ends the last epoch");
}

/// Places and measures as single programs print them, each with what its relatives print.
#[test]
fn rows_in_the_words_of_single_programs() {
    for (line, told, metric) in [
        // MindSpore
        ("epoch: 1 step: {i}00, loss is {l}", [Some(0.0), None, Some(800.0), None], "loss"),
        ("step {i}00/900, train loss is {l}", [None, None, Some(800.0), Some(900.0)], "train loss"),
        // fairseq2
        (
            "Train Metrics (step {i}0) - Data Epoch: 1 | CTC Loss: {l} | Gradient Norm: 3.2",
            [Some(0.0), None, Some(80.0), None],
            "CTC Loss",
        ),
        ("Progress (iter {i}0) | loss: {l}", [None, None, Some(80.0), None], "loss"),
        // Tianshou
        (
            "Epoch #{i}: test_reward: {l} ± 0.5, best_reward: 3.0 ± 0.5 in #1",
            [Some(8.0), None, None, None],
            "test_reward",
        ),
        ("Iteration #{i}00 loss {l}", [None, None, Some(800.0), None], "loss"),
        // the VAE example of PyTorch
        (
            "====> Epoch: {i} Average loss: 0.5\n====> Test set loss: {l}",
            [Some(8.0), None, None, None],
            "Test set loss",
        ),
        // the rows of OpenCLIP number an evaluation by the epochs that are over
        ("Train Epoch: 0 [{i}000/9000 ({i}0%)] Loss: {l}", [Some(0.0), None, None, None], "Loss"),
        ("E1/4 B{i}0/500 | L={l} | 101ms", [Some(0.0), Some(4.0), None, Some(2000.0)], "L"),
        ("e01/10 b{i}00/900 loss {l}", [Some(0.0), Some(10.0), None, Some(9000.0)], "loss"),
        // DreamerV3
        (
            "──────── Step {i}000 ────────\nepisode/score {l} / fps 9.1",
            [None, None, Some(8000.0), None],
            "episode/score",
        ),
        ("=== iteration {i}0 ===\n  reward: {l}", [None, None, Some(80.0), None], "reward"),
        // Swin
        (
            "[2026-01-05 10:00:00 swin_tiny] (main.py 231): INFO Train: [0/300][{i}0/1251]\teta 0:01:00 lr 0.000001\ttime 0.3100 (0.4000)\tloss {l} ({l})",
            [Some(0.0), None, None, None],
            "loss",
        ),
        ("== Epoch {i} ==\n  clip_loss : {l}\n  lr : 0.1", [Some(8.0), None, None, None], "clip_loss"),
        ("Epoch {i}: STS Pearson {l}", [Some(8.0), None, None, None], "STS Pearson"),
    ] {
        let said = facts(&lines(line));
        let found = said.metrics.iter().find(|found| &*found.name == metric);
        assert_eq!(
            (way(&said), found.map(|found| (found.points, found.last))),
            (told, Some((8, 0.2222))),
            "{line}: {:?}",
            said.metrics
        );
    }
}

/// From where epochs and batches count.
#[test]
fn the_last_batch_and_the_evaluation_behind_it_end_an_epoch() {
    // timm counts batches from 0
    let batches = |epochs: u32, stride: usize, form: &str| {
        (0..epochs).fold(String::new(), |log, epoch| {
            (0..100).step_by(stride).chain([99]).fold(log, |log, batch| {
                let form = form.replace("{e}", &epoch.to_string()).replace("{b}", &batch.to_string());
                log + &form + "\n"
            })
        })
    };
    for form in ["Train: {e} [{b}/100 ({b}%)]  Loss: 0.5 (0.6)", "epoch {e} batch {b}/100 loss 0.5"] {
        assert_eq!(way(&facts(&batches(3, 50, form)))[0], Some(3.0), "{form}");
        let cut = batches(2, 50, form) + &form.replace("{e}", "2").replace("{b}", "50") + "\n";
        assert_eq!(way(&facts(&cut))[0], Some(2.0), "{form}");
    }
    // OpenCLIP evaluates behind epoch 1 what it calls epoch 2
    for eval in ["Eval Epoch: {e} val-top1: 0.1", "Validation epoch {e} top1 0.2 loss 0.6"] {
        let log = (0..2).fold(String::new(), |log, epoch| {
            let train = batches(1, 50, &format!("Train Epoch: {epoch} [{{b}}/100 ({{b}}%)] Loss: 0.5"));
            log + &train + &eval.replace("{e}", &(epoch + 1).to_string()) + "\n"
        });
        assert_eq!(way(&facts(&log))[0], Some(2.0), "{eval}");
    }
}

/// What was left to do shows, though no total of epochs is told.
#[test]
fn work_that_is_surely_left() {
    let dcgan = (0..3).fold(String::new(), |log, epoch| {
        (0..8)
            .fold(log, |log, batch| log + &format!("[{epoch}/5][{batch}00/782]\tLoss_D: 0.5\tLoss_G: 1.5\n"))
    });
    assert_eq!(facts(&dcgan).work_left, Some(true));
    // NeMo: lines in even strides, of which more were due
    let nemo = |last: u32| {
        (1..=last).fold(String::new(), |log, i| {
            log + &format!(
                "Training epoch 0, iteration {}/99 | lr: 1.5e-05 | reduced_train_loss: 0.5\n",
                i * 10 - 1
            )
        })
    };
    assert_eq!(facts(&nemo(7)).work_left, Some(true));
    assert_eq!(facts(&nemo(10)).work_left, None);
    // the bars of sentence-transformers
    let bars = (1..=3).fold(String::new(), |log, i: u32| {
        log + "\rIteration:  50%|█████     | 100/200 [00:10<00:10, 10.1it/s]"
            + "\rIteration: 100%|██████████| 200/200 [00:20<00:00, 10.1it/s]\n"
            + &format!("\rEpoch:  {}%|███       | {i}/4 [0{i}:00<00:30, 31.1s/it]\n", i * 25)
    });
    let said = facts(&bars);
    assert_eq!((way(&said)[0], said.work_left), (Some(3.0), Some(true)));
}

#[test]
fn how_programs_are_ended_by_others() {
    for (line, ended) in [
        ("/var/spool/job.sh: line 12:  4711 Killed                  python train.py", Ending::Failed),
        ("run.sh: line 3: 99 Segmentation fault      (core dumped) ./train", Ending::Failed),
        ("run.sh: line 3: 99 Terminated              python train.py", Ending::Cancelled),
        ("loss is NaN at step 200, exiting", Ending::Failed),
        ("NaN loss at step 200, aborting.", Ending::Failed),
        (
            "[ERROR] [launch.py:325:sigkill_handler] ['python', 'a.py'] exits with return code = -9",
            Ending::Failed,
        ),
        ("INFO:tensorflow:Loss for final step: 0.31123.", Ending::Completed),
    ] {
        let said = facts(&(epochs(2, 5) + line + "\n"));
        assert_eq!(said.ended.map(|ended| ended.how), Some(ended), "{line}");
    }
    let child = format!("{}eval.sh: line 8: 12345 Killed              python eval.py\n", epochs(2, 9));
    assert!(facts(&child).ended.is_some());
    assert!(facts(&(child + &epochs(6, 9))).ended.is_none(), "it went on without that one");
    for behind in
        ["Confusion matrix:\n[[120  12]\n [ 14 118]]\n", "Feature importances:\n  age 0.3\n  sex 0.1\n"]
    {
        let said = facts(&(epochs(5, 5) + behind));
        assert_eq!(said.ended.map(|ended| ended.how), Some(Ending::Completed), "{behind}");
    }
}

/// Boxes of names and figures between rules, whatever they count by.
#[test]
fn a_box_that_comes_again_is_the_logs_own() {
    let rule = "-".repeat(30);
    let boxed = |rows: &str| lines(&format!("{rule}\n{rows}\n{rule}"));
    for rows in [
        "| update      | {i}0  |\n| mean_return | {l}  |\n| value_loss  | 0.5  |",
        "| fps         | 81{i}  |\n| nupdates    | {i}   |\n| mean_return | {l}  |",
    ] {
        let said = facts(&boxed(rows));
        let found = said.metrics.iter().find(|found| &*found.name == "mean_return");
        assert_eq!(found.map(|found| found.last), Some(0.2222), "{rows}");
    }
    let once = format!("{rule}\n| lr    | 0.001 |\n| gamma | 0.99  |\n| clip  | 0.2   |\n{rule}\n");
    assert!(facts(&once).metrics.is_empty());
    // figures of validation that no other bar shows
    let bars = "\rTrain [1/9]: 100%|██████████| 60/60 [00:30<00:00,  2.00it/s, loss=0.5]\n\rValid [1/9]:  50%|█████     | 7/15 [00:03<00:03,  2.00it/s, loss=0.9, dice=0.4]\rValid [1/9]: 100%|██████████| 15/15 [00:07<00:00,  2.00it/s, loss=0.7, dice=0.6]\n";
    let said = facts(bars);
    let last = |name: &str| said.metrics.iter().find(|found| &*found.name == name).map(|found| found.last);
    assert_eq!((last("loss"), last("dice")), (Some(0.5), Some(0.6)));
}

#[test]
fn totals_that_are_told_when_training_begins() {
    for (head, epochs, steps) in [
        ("Starting training for 40 epochs...", Some(40.0), None),
        ("Training for 40 epochs on 2 GPUs", Some(40.0), None),
        ("Starting training..., iters: 1000", None, Some(1000.0)),
        ("Start training for 1,000 iterations", None, Some(1000.0)),
        ("Starting training at epoch 3", None, None),
    ] {
        let counter = if steps.is_some() { "iter" } else { "epoch" };
        let said = facts(&format!("{head}\n{}", lines(&format!("{counter} {{i}}: loss {{l}}"))));
        assert_eq!((said.progress.total_epochs, said.progress.total_steps), (epochs, steps), "{head}");
    }
}

#[test]
fn steps_that_go_on_below_the_headings_of_epochs_are_the_run_s() {
    let epoch = |epoch: u32| {
        let steps = (0..50).fold(String::new(), |log, at| {
            let step = (epoch - 1) * 500 + at * 10;
            format!("{log}12:00:00 - trainer - INFO - step={step}/4000 loss=0.{:04}\n", 9000 - step)
        });
        format!(
            "──────────── Epoch {epoch}/8 ────────────\n{steps}----- Evaluation -----\n12:00:01 - trainer - INFO - step={} val_loss=0.5\n",
            epoch * 500
        )
    };
    let told = facts(&(1..=3).map(epoch).collect::<String>());
    assert_eq!(way(&told), [Some(2.0), Some(8.0), Some(1500.0), Some(4000.0)]);
    let loss = told.metrics.iter().find(|metric| &*metric.name == "loss").expect("a loss");
    assert_eq!((loss.series.last_x(), loss.points), (Some(1490.0), 150));
}
