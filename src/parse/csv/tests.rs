use proptest::prelude::*;

use crate::parse::recorder::Recorder;
use crate::parse::recorder::pieces;

use super::*;

fn heard(text: &str) -> Recorder {
    let mut table = Table::new();
    let mut heard = Recorder::default();
    table.push(text.as_bytes(), &mut heard);
    table.rest(&mut heard);
    heard
}

fn said(text: &str) -> Vec<String> {
    heard(text).said
}

#[test]
fn tables_of_many_loggers() {
    // Keras
    assert_eq!(
        said("epoch;loss;val_loss\n0;1.25;0.25\n1;inf;nan\n"),
        [
            "row EpochEnd epoch=0 (from 0) loss=1.25 val_loss=0.25",
            "row EpochEnd epoch=1 (from 0) loss=inf val_loss=NaN"
        ]
    );
    // ultralytics, padded
    assert_eq!(
        said("                  epoch,      train/box_loss\n                      1,             0.81671\n"),
        ["row EpochEnd epoch=1 (from 1) train/box_loss=0.81671"]
    );
    // stable-baselines3, any order
    assert_eq!(
        said("time/fps,time/total_timesteps,train/loss\n535,103,\n588,186,0.5\n"),
        [
            "row step=103 time/fps=535 time/total_timesteps=103",
            "row step=186 time/fps=588 time/total_timesteps=186 train/loss=0.5"
        ]
    );
    // fastai: a time that is no figure
    assert_eq!(
        said("epoch,train_loss,time\n0,0.66,00:00\n"),
        ["row EpochEnd epoch=0 (from 0) train_loss=0.66"]
    );
    // no place at all, CRLF
    assert_eq!(
        said("train_loss\ttrain_EPE\tEPE\r\n14.5\t27.5\t21.5\r\n"),
        ["row train_loss=14.5 train_EPE=27.5 EPE=21.5"]
    );
    // DVCLive
    assert_eq!(said("step\tloss\n0\t0.5\n"), ["row step=0 loss=0.5"]);
}

#[test]
fn lightning_with_holes() {
    let text =
        "epoch,lr-AdamW,step,train_loss,val_loss\n,0.01,0,,\n0,,4,0.5,\n0,,9,,0.6\n1,,14,0.4,\n1,,19,,0.5\n";
    assert_eq!(
        said(text),
        [
            "framework lightning",
            "row step=0 (from 0) lr-AdamW=0.01",
            "row epoch=0 (from 0) step=4 (from 0) train_loss=0.5",
            "row epoch=0 (from 0) step=9 (from 0) val_loss=0.6",
            "row epoch=1 (from 0) step=14 (from 0) train_loss=0.4",
            "row EpochEnd epoch=1 (from 0) step=19 (from 0) val_loss=0.5",
        ]
    );
    // a test after training stands at no step of it
    let tested = "epoch,step,test_loss,train_loss\n0,4,,0.5\n1,10,0.3,\n";
    assert_eq!(said(tested)[2], "row Summary test_loss=0.3");
    // a validation in the midst of an epoch does not end it
    let often = "epoch,step,train_loss,val_loss\n0,4,0.5,\n0,9,,0.6\n1,12,,0.4\n";
    assert!(!said(often).iter().any(|row| row.contains("EpochEnd")));
}

#[test]
fn headers_that_change() {
    let text = "epoch,loss\n0,0.5\nepoch,loss,acc\n1,0.4,0.9\n2,0.3,0.95,7\n";
    assert_eq!(
        said(text),
        [
            "row EpochEnd epoch=0 (from 0) loss=0.5",
            "row EpochEnd epoch=1 (from 0) loss=0.4 acc=0.9",
            "row EpochEnd epoch=2 (from 0) loss=0.3 acc=0.95",
        ]
    );
    assert!(said("epoch,loss\nstarting over\n\n,,,\n").is_empty());
}

#[test]
fn a_last_row_without_its_end() {
    let mut table = Table::new();
    let mut heard = Recorder::default();
    table.push(b"epoch,loss,acc\n0,0.5,0.9\n1,0.4,0.", &mut heard);
    table.rest(&mut heard);
    assert_eq!(heard.said[1], "row EpochEnd epoch=1 (from 0) loss=0.4");
    table.push(b"95\n2,0.3,0.97\n3,0.", &mut heard);
    table.rest(&mut heard);
    assert_eq!(
        heard.said[2..],
        ["row EpochEnd epoch=1 (from 0) acc=0.95", "row EpochEnd epoch=2 (from 0) loss=0.3 acc=0.97"]
    );
    assert_eq!(heard.lines.len(), 4);
}

#[test]
fn files_of_mlflow() {
    let mut file = (MLFLOW.new)();
    let mut heard = Recorder::default();
    file.push(b"1795360399985 0.5 1\n1795360399988 nan 2\nnonsense\n1795360", &mut heard);
    file.rest(&mut heard);
    assert_eq!(heard.said, ["row step=1 value=0.5", "row step=2 value=NaN"]);
    assert_eq!(heard.origins[0].time, Some(Stamp::from_millis(1_795_360_399_985)));
}

#[test]
fn told_by_content() {
    let score = |path, text: &str| sniff(&Head { path, bytes: text.as_bytes() });
    assert!(score("metrics.csv", "epoch,loss\n0,0.5\n") > 90);
    assert!(score("train.log", "epoch,loss,ppl,accuracy\n0, 9.1, 9495.9,0.023\n") > 80);
    assert!(score("metrics.csv", "epoch,loss\n") > 80);
    assert_eq!(score("train.log", "epoch,loss\n"), 0);
    assert_eq!(score("iris.csv", "sepal_length,sepal_width\n1,2\n"), 0);
    assert_eq!(score("train.log", "Loading model, please wait, step one\nDone, all fine\n"), 0);
    assert_eq!(score("train.log", "loss: 0.5, acc: 0.9\n"), 0);
    assert_eq!(sniff_mlflow(&Head { path: "mlruns/0/a/metrics/loss", bytes: b"1795360399985 0.5 1\n" }), 90);
    assert_eq!(sniff_mlflow(&Head { path: "metrics/notes", bytes: b"hello world 1\n" }), 0);
}

proptest! {
    #[test]
    fn any_chunking_says_the_same(cuts in prop::collection::vec(1usize..20, 1..30)) {
        let text = "epoch,lr-A,step,train_loss,val_loss\r\n,0.01,0,,\r\n0,,4,0.5,\n\n0,,9,,0.6\n1,,14,0.4,";
        let whole = heard(text);
        let mut table = Table::new();
        let mut parts = Recorder::default();
        for piece in pieces(text.as_bytes(), &cuts) {
            table.push(piece, &mut parts);
        }
        table.rest(&mut parts);
        prop_assert_eq!(&parts.said, &whole.said);
        prop_assert_eq!(&parts.origins, &whole.origins);
    }

    #[test]
    fn no_bytes_make_it_fall(text in "(epoch,loss\n)?[0-9,.;\\t\"a-e\\n -]{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut table = Table::new();
        let mut heard = Recorder::default();
        table.push(text.as_bytes(), &mut heard);
        table.push(&bytes, &mut heard);
        table.rest(&mut heard);
        let mlflow = (MLFLOW.new)();
        drop(mlflow);
    }
}
