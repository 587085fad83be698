use super::*;

#[track_caller]
fn check(body: &str, want: &[&str]) {
    let got: Vec<String> = scan(body, &mut Lexicon::default())
        .items
        .iter()
        .map(|item| match item {
            Item::Pair { name, value, .. } => format!("{name}={value}"),
            Item::At { what, done, all, .. } => {
                format!("{what:?} {done}{}", all.map(|a| format!("/{a}")).unwrap_or_default())
            }
            Item::Total { of, value, .. } => format!("total {of:?} {value}"),
        })
        .collect();
    assert_eq!(got, want, "{body}");
}

#[test]
fn counters_and_figures_of_every_spelling() {
    check(
        "Epoch 1/6 finished | train_loss=0.3996 | val_acc=97.50%",
        &["Epoch 1/6", "train_loss=0.3996", "val_acc=97.5"],
    );
    check(
        "Epoch [1/6] Step [5/20] Loss: 0.4723 LR: 5.00e-01",
        &["Epoch 1/6", "Step 5/20", "Loss=0.4723", "LR=0.5"],
    );
    check(
        "Epoch: [0][4/16]  eta: 0:00:12  lr: 0.003000  loss: 1.1436 (1.1207)  time: 0.0856  max mem: 812",
        &["Epoch 0", "Batch 4/16", "lr=0.003", "loss=1.1436", "time=0.0856", "max mem=812"],
    );
    check(
        "step=8/160 epoch=0.50 loss=0.442844 lr=5.000e-01 throughput=6490.7 samples/s",
        &["Step 8/160", "Epoch 0.5", "loss=0.442844", "lr=0.5", "throughput=6490.7"],
    );
    check("iter 2/40  loss 0.582  lr 0.5000", &["Step 2/40", "loss=0.582", "lr=0.5"]);
    check("epoch 1/4 done  loss 0.4663  val_loss 0.3653", &["Epoch 1/4", "loss=0.4663", "val_loss=0.3653"]);
    check(
        "Epoch 1/8 - train loss: 0.4761 - val acc: 95.00%",
        &["Epoch 1/8", "train loss=0.4761", "val acc=95"],
    );
    check(
        "Epoch: 001/008\tTrain Loss: 0.469515\tAcc: 95.00%\tTime: 0.06s",
        &["Epoch 1/8", "Train Loss=0.469515", "Acc=95", "Time=0.06"],
    );
    check(
        "epoch:  1, train_loss: 0.5146, test_accuracy: 92.97",
        &["Epoch 1", "train_loss=0.5146", "test_accuracy=92.97"],
    );
    check(
        "step 25: train loss 0.2998, val loss 0.3043",
        &["Step 25", "train loss=0.2998", "val loss=0.3043"],
    );
    check("iter 10: loss 0.3847, time 4.73ms, mfu 0.00%", &["Step 10", "loss=0.3847", "time=4.73", "mfu=0"]);
    check(
        "Epoch[0] Batch [20]\tSpeed: 142.33 samples/sec\taccuracy=0.562500",
        &["Epoch 0", "Batch 20", "Speed=142.33", "accuracy=0.5625"],
    );
    check(
        "Epoch(train) [1][10/25]  lr: 9.8e-02  loss: 1.0",
        &["Epoch 1", "Batch 10/25", "lr=0.098", "loss=1"],
    );
    check("Iter(train) [ 10/120]  lr: 9.8e-02", &["Step 10/120", "lr=0.098"]);
    check(
        "epoch: 59/300, iter: 10/47, mem: 1756Mb, iter_time: 0.091s, total_loss: 2.5",
        &["Epoch 59/300", "Step 10/47", "mem=1756", "iter_time=0.091", "total_loss=2.5"],
    );
    check(
        "epoch:[ 25/25 ] val step:0    loss: 2.69097 ips: 20.87 instance/sec.",
        &["Epoch 25/25", "Step 0", "loss=2.69097", "ips=20.87"],
    );
    check(
        "step  3036 | loss: 3.470800 | lr 5.7898e-04 | tok/sec: 109190.39",
        &["Step 3036", "loss=3.4708", "lr=0.00057898", "tok/sec=109190.39"],
    );
    check("epoch 0 step 4/48 loss 5.42140", &["Epoch 0", "Step 4/48", "loss=5.4214"]);
    check("epoch 0 done, mean loss 2.46894", &["Epoch 0", "mean loss=2.46894"]);
    check("Epoch 4, global step 100: x", &["Epoch 4", "GlobalStep 100"]);
    check("train_loss               =     3.3533", &["train_loss=3.3533"]);
    check("[step=2003/2500,epoch=1]", &["Step 2003/2500", "Epoch 1"]);
}

#[test]
fn names_hold_what_belongs_to_them() {
    check("final ELBO loss 29.976398", &["final ELBO loss=29.976398"]);
    check("average loss = 0.199589", &["average loss=0.199589"]);
    check("Test:  loss 0.3330  acc@1 92.188", &["loss=0.333", "acc@1=92.188"]);
    check(
        "Validation Results - Epoch: 1  Avg accuracy: 0.83 Avg loss: 0.50",
        &["Epoch 1", "Avg accuracy=0.83", "Avg loss=0.5"],
    );
    check("train-logloss:0.64354\ttrain-auc:0.83038", &["train-logloss=0.64354", "train-auc=0.83038"]);
    check(
        "training's binary_logloss: 0.48\tvalid_1's auc: 0.88",
        &["training's binary_logloss=0.48", "valid_1's auc=0.88"],
    );
}

#[test]
fn totals_are_no_counters() {
    check("Num Epochs = 3", &["total Epochs 3"]);
    check("Total optimization steps = 120", &["total Steps 120"]);
    check("num epochs / epoch数: 6", &["total Epochs 6"]);
    check("Config: epochs=6 batch_size=32 lr=0.5", &["total Epochs 6", "batch_size=32", "lr=0.5"]);
}

#[test]
fn prose_names_nothing() {
    check("Epoch 1: val_loss improved from inf to 0.72695, saving model to w.01-0.73.h5", &["Epoch 1"]);
    check("Epoch 10: ReduceLROnPlateau reducing learning rate to 0.004000000189989805.", &["Epoch 10"]);
    check("Resuming from checkpoint state.json at epoch 4", &[]);
    check("failed at pair.cc:534 and 15:30:09", &[]);
    check("Epoch 13: early stopping", &["Epoch 13"]);
}
