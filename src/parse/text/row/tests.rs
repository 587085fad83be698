use super::*;

fn names(body: &str) -> Vec<String> {
    weigh(body, &mut Lexicon::default()).values.iter().map(|p| p.name.to_owned()).collect()
}

#[test]
fn rows_and_prose() {
    assert_eq!(names("epoch 1/5: train_loss=0.4084 val_loss=0.2763"), ["train_loss", "val_loss"]);
    assert_eq!(names("score 0.522"), ["score"]);
    assert_eq!(names("Max accuracy: 79.51%"), ["Max accuracy"]);
    assert_eq!(names("top_k_accuracy: 0.91"), ["top_k_accuracy"]);
    assert_eq!(names("F1 Score:        0.6334"), ["F1 Score"]);
    for text in [
        "Metric val_loss improved by 0.212 >= min_delta = 0.0. New best score: 0.326",
        "Monitored metric val_loss did not improve in the last 3 records. Best score: 0.258. Signaling Trainer to stop.",
        "Config: epochs=6 batch_size=32 lr=0.5",
        "number of parameters: 0.00M",
        "tokens per iteration will be: 491,520",
        "engine/trainer: agnostic_nms=False, amp=False, epochs=5, lr0=0.01, loss=None",
        "learning rate = 0.5",
        "Number of divergences: 0",
        "device=cpu amp=False",
        "Total params: 1,538 (6.01 KB)",
        "Epoch 1: early stopping",
        "gradient norm above 1.0",
        "INSTANCE_LOSS_WEIGHT: 1.0",
        "'kl_loss_coef': 0.001,",
        "max_grad_norm: 1.0",
        "Failed to upload checkpoint (attempt 1/3), will retry: [Errno 111] Connection refused",
    ] {
        assert!(names(text).is_empty(), "{text}: {:?}", names(text));
    }
}

#[test]
fn places_that_logs_of_the_field_tell() {
    let at = |body: &str| weigh(body, &mut Lexicon::default()).at;
    let place =
        |epoch, epoch_total, step, step_total| At { epoch, epoch_total, step, step_total, ..At::default() };
    for (body, what) in [
        ("Epoch 1/4: train_loss=0.5 val_loss=0.5", place(Some(1.0), Some(4.0), None, None)),
        (
            "iteration       80/     500 | consumed samples:  2560 | lm loss: 2.2E-01 | number of nan iterations:   0 |",
            place(None, None, Some(80.0), Some(500.0)),
        ),
        ("Num batches each epoch = 10", At::default()),
        ("Generation 8: best fitness = 98.12", place(None, None, Some(8.0), None)),
        ("第3轮 训练损失: 0.5 验证准确率: 0.93", place(Some(3.0), None, None, None)),
    ] {
        assert_eq!(at(body), what, "{body}");
    }
    let batch = At { batch: Some(100.0), batch_total: Some(1600.0), ..place(Some(1.0), None, None, None) };
    assert_eq!(at("epoch 001:    100 / 1600 loss=3.2, ppl=20"), batch);
    let batch =
        At { batch: Some(50.0), batch_total: Some(1583.0), ..place(Some(1.0), Some(5.0), None, None) };
    assert_eq!(at("[1/5][50/1583]	Loss_D: 0.5	Loss_G: 1.5"), batch);
    let part = At { part: Some(0.25), ..place(Some(2.0), None, None, None) };
    assert_eq!(at("Train Epoch: 2 [15000/60000 (25%)]	Loss: 0.512"), part);
    assert_eq!(names("training [time: 1.23s, train loss: 0.5]"), ["time", "train loss"]);
    assert_eq!(
        names("[epoch: 0, iter: 800] [eta: 1:02:03, time (data): 0.512 (0.001)] l_pix: 2.2e-01"),
        ["time (data)", "l_pix"]
    );
}

#[test]
fn a_measure_at_a_place_and_the_last_ones() {
    for (body, step, value) in [
        ("Score at iteration 78700 is 0.98", 78700.0, ("Score", 0.98)),
        ("val loss at step 40: 0.25", 40.0, ("val loss", 0.25)),
    ] {
        let found = weigh(body, &mut Lexicon::default());
        assert_eq!(found.at.step, Some(step), "{body}");
        assert_eq!(found.values.iter().map(|p| (p.name, p.value)).collect::<Vec<_>>(), [value], "{body}");
    }
    assert!(names("Model improved at step 40: see below").is_empty());
    assert!(weigh("final val_loss 2.2426", &mut Lexicon::default()).last);
    assert!(!weigh("final loss of epoch 3: 0.5", &mut Lexicon::default()).last);
}

#[test]
fn the_split_is_told_by_the_first_words() {
    assert_eq!(weigh("Test:  loss 0.3330  acc@1 92.188", &mut Lexicon::default()).split, Some(Split::Test));
    assert_eq!(
        weigh("Epoch(val) [1][6/6]    toy/accuracy: 91.6667", &mut Lexicon::default()).split,
        Some(Split::Validation)
    );
    assert_eq!(
        weigh("eval epoch=1 val/loss=0.297851", &mut Lexicon::default()).split,
        Some(Split::Validation)
    );
    assert_eq!(weigh("Epoch 1/5 - train_loss: 1.1", &mut Lexicon::default()).split, None);
    let split = |body| weigh(body, &mut Lexicon::default()).split;
    assert_eq!(split("END epoch:24  val loss_avg: 2.58659 top1_avg: 0.43750"), Some(Split::Validation));
    assert_eq!(split("END epoch:24  train loss_avg: 2.58659 top1_avg: 0.43750"), None);
    assert_eq!(split("Epoch 2: val loss 0.5 train loss 0.4"), None);
}
