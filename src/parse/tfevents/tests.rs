use proptest::prelude::*;

use super::frames::{Frames, length};
use super::*;
use crate::model::record::Pair;
use crate::model::stamp::Stamp;
use crate::parse::recorder::Recorder;
use crate::parse::recorder::pieces;
use crate::parse::wire::written::bytes;
use crate::parse::wire::written::varint;

fn key(number: u64, wire: u64) -> u8 {
    u8::try_from(number << 3 | wire).expect("a small number")
}

fn frame(data: &[u8]) -> Vec<u8> {
    let sum = |data: &[u8]| {
        let crc = crc32c::crc32c(data);
        crc.rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
    };
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &sum(&length), data, &sum(data)].concat()
}

fn event(step: u64, values: &[Vec<u8>]) -> Vec<u8> {
    let time = [vec![key(1, 1)], 1_795_361_373.5_f64.to_le_bytes().to_vec()].concat();
    let summary: Vec<u8> = values.iter().flat_map(|value| bytes(1, value)).collect();
    frame(&[time, vec![key(2, 0)], varint(step), bytes(5, &summary)].concat())
}

fn simple(tag: &str, value: f32) -> Vec<u8> {
    [bytes(1, tag.as_bytes()), vec![key(2, 5)], value.to_le_bytes().to_vec()].concat()
}

fn tensor(tag: &str, plugin: &str, dimensions: usize, field: &[u8]) -> Vec<u8> {
    let shape = vec![bytes(2, &[key(1, 0), 1]); dimensions].concat();
    let tensor = [vec![key(1, 0), 1], bytes(2, &shape), field.to_vec()].concat();
    let metadata = bytes(1, &bytes(1, plugin.as_bytes()));
    [bytes(1, tag.as_bytes()), bytes(8, &tensor), bytes(9, &metadata)].concat()
}

/// Every record in words.
fn said(chunks: &[&[u8]]) -> Vec<String> {
    let mut events = Events::default();
    let mut recorder = Recorder::default();
    for chunk in chunks {
        events.push(chunk, &mut recorder);
    }
    events.rest(&mut recorder);
    recorder.said
}

fn file() -> Vec<u8> {
    let version =
        frame(&[vec![key(1, 1)], 1.0_f64.to_le_bytes().to_vec(), bytes(3, b"brain.Event:2")].concat());
    let content = bytes(4, &0.25_f32.to_le_bytes());
    let packed = bytes(5, &0.5_f32.to_le_bytes());
    [
        version,
        event(1, &[simple("train/loss", 2.5), simple("lr", 1e-3)]),
        event(2, &[tensor("epoch_loss", "scalars", 0, &content), tensor("epoch_acc", "scalars", 0, &packed)]),
        // what is no scalar says nothing
        event(
            3,
            &[tensor("weights", "histograms", 2, &content), tensor("note", "text", 0, &bytes(8, b"hello"))],
        ),
        event(4, &[simple("train/loss", f32::NAN)]),
    ]
    .concat()
}

#[test]
fn scalars_of_both_encodings() {
    let file = file();
    let all = said(&[&file]).join("\n");
    for pair in ["train/loss=2.5", "lr=0.001", "epoch_loss=0.25", "epoch_acc=0.5", "train/loss=NaN"] {
        assert!(all.contains(pair), "{pair} in {all}");
    }
    assert!(!all.contains("weights") && !all.contains("note"), "{all}");
}

#[test]
fn epochs_only_where_keras_counts_them() {
    let keras = event(3, &[tensor("epoch_loss", "scalars", 0, &bytes(4, &0.25_f32.to_le_bytes()))]);
    assert!(said(&[&keras]).concat().contains("epoch=3"));
    // what a step is where somebody else calls a figure so, nothing tells
    let other = said(&[&event(3000, &[simple("epoch_loss", 0.25)])]).concat();
    assert!(other.contains("step=3000") && !other.contains("epoch=3"), "{other}");
}

#[test]
fn times_and_steps() {
    let (data, _) = {
        let file = event(77, &[simple("loss", 1.0)]);
        let mut found = Vec::new();
        Frames::default().push(&file, &mut |data, offset| found.push((data.to_vec(), offset)));
        found.remove(0)
    };
    let mut values = Pairs::new();
    let stand = event::scalars(&data, &mut values).expect("an event");
    assert_eq!(stand.time, Some(Stamp::from_millis(1_795_361_373_500)));
    assert!((stand.step - 77.0).abs() < 1e-9);
    assert_eq!(values.as_slice(), [Pair { name: "loss", value: 1.0 }]);
}

#[test]
fn damaged_data_are_passed_over_and_a_damaged_length_ends_it() {
    let mut file = file();
    let first = 12 + usize::try_from(length(&file).expect("a length")).expect("short") + 4;
    let mut frames = Frames::default();
    let mut count = 0;
    file[first + 15] ^= 1;
    frames.push(&file, &mut |_, _| count += 1);
    assert_eq!((count, frames.is_broken()), (4, false));
    file[first] ^= 1;
    let (mut frames, mut count) = (Frames::default(), 0);
    frames.push(&file, &mut |_, _| count += 1);
    assert_eq!((count, frames.is_broken()), (1, true));
}

#[test]
fn an_image_is_passed_over_without_being_held() {
    let mut file = event(1, &[simple("loss", 1.0)]);
    file.extend(frame(&vec![7; 3 << 20]));
    file.extend(event(2, &[simple("loss", 0.5)]));
    let chunks: Vec<&[u8]> = file.chunks(100_000).collect();
    assert_eq!(said(&chunks), said(&[&file]));
    assert!(said(&chunks).join("\n").contains("loss=0.5"));
}

/// The last figure of a tag and how many there are.
fn history(file: &[u8], tag: &str) -> (f64, usize) {
    let said = said(&[file]);
    let wanted = format!(" {tag}=");
    let values: Vec<f64> = said
        .iter()
        .filter_map(|line| line.split_once(&wanted))
        .map(|(_, rest)| rest.split(' ').next().unwrap_or_default().parse().expect("a figure"))
        .collect();
    (*values.last().expect("a point"), values.len())
}

#[test]
fn recordings() {
    let lightning: &[u8] = include_bytes!("../../../tests/corpus/tensorboard/lightning.tfevents");
    let keras: &[u8] = include_bytes!("../../../tests/corpus/tensorboard/keras-validation.tfevents");
    // as the programs that wrote them said themselves
    for (file, tag, last, points) in [
        (lightning, "train_loss", 0.144_323_080_778_121_95, 12),
        (lightning, "val_loss", 0.185_527_652_502_059_94, 3),
        (lightning, "val_acc", 0.953_125, 3),
        (keras, "epoch_loss", 0.492_751_806_974_411, 6),
    ] {
        let (value, count) = history(file, tag);
        assert!((value - last).abs() < 1e-6 && count == points, "{tag}: {value}, {count} points");
    }
    for file in [lightning, keras] {
        assert_eq!(sniff(&Head { path: "events.out", bytes: file.get(..4096).unwrap_or(file) }), 100);
        for size in [1, 7, 1000] {
            let chunks: Vec<&[u8]> = file.chunks(size).collect();
            assert_eq!(said(&chunks), said(&[file]));
        }
        for cut in 0..file.len() {
            // a torn end says nothing that the whole would not say
            let part = said(&[&file[..cut]]);
            assert_eq!(part[..], said(&[file])[..part.len()]);
        }
    }
}

#[test]
fn told_by_the_sum_of_its_first_length() {
    let sniffed = |bytes: &[u8]| sniff(&Head { path: "events.out.tfevents.1.vm", bytes });
    assert_eq!(sniffed(&file()), 100);
    assert_eq!(sniffed(b"2026-01-01 12:00:00 INFO a log that is called so"), 0);
    assert_eq!(sniffed(&[0; 64]), 0);
}

proptest! {
    #[test]
    fn chunks_make_no_difference(cuts in prop::collection::vec(1usize..60, 1..60)) {
        let file = file();
        prop_assert_eq!(said(&pieces(&file, &cuts)), said(&[&file]));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>()) {
        said(&[&bytes]);
        prop_assert_eq!(crate::parse::check::events(&bytes), Ok(()));
        let mut file = file();
        let at = at.index(file.len());
        file[at] = file[at].wrapping_add(1);
        said(&[&file]);
        said(&[&frame(&bytes)]);
    }
}
