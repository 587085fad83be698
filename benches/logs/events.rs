//! Event files to measure by, made in memory: the same bytes each time.

use super::Dice;

/// How scalars are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// As a number, by `PyTorch`, `tensorboardX` and `TensorFlow` 1.
    Numbers,
    /// As a tensor of one element with the name of its plugin, by `TensorFlow` 2.
    Tensors,
}

/// What is logged at each step.
const TAGS: [&str; 6] = [
    "train/loss",
    "train/lr",
    "train/grad_norm",
    "val/loss",
    "val/accuracy",
    "throughput/samples_per_second",
];

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7F {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// A field of bytes.
fn bytes(number: u8, data: &[u8], out: &mut Vec<u8>) {
    out.push(number << 3 | 2);
    varint(data.len() as u64, out);
    out.extend_from_slice(data);
}

fn frame(data: &[u8], file: &mut Vec<u8>) {
    let sum = |data: &[u8]| crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes();
    let length = (data.len() as u64).to_le_bytes();
    file.extend_from_slice(&length);
    file.extend_from_slice(&sum(&length));
    file.extend_from_slice(data);
    file.extend_from_slice(&sum(data));
}

/// `summary.proto`'s `Value`.
fn scalar(written: Written, tag: &str, value: f32) -> Vec<u8> {
    let mut one = Vec::new();
    bytes(1, tag.as_bytes(), &mut one);
    match written {
        Written::Numbers => {
            one.push(2 << 3 | 5);
            one.extend_from_slice(&value.to_le_bytes());
        }
        Written::Tensors => {
            let mut plugin = Vec::new();
            bytes(1, b"scalars", &mut plugin);
            let mut metadata = Vec::new();
            bytes(1, &plugin, &mut metadata);
            // a float without dimensions
            let mut tensor = vec![1 << 3, 1];
            bytes(2, b"", &mut tensor);
            bytes(4, &value.to_le_bytes(), &mut tensor);
            bytes(8, &tensor, &mut one);
            bytes(9, &metadata, &mut one);
        }
    }
    one
}

/// A file of at least `size` bytes: six scalars a step, an event each, as `SummaryWriter.add_scalar` and `tf.summary.scalar`
/// write them.
pub(crate) fn file(written: Written, size: usize, seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut file = Vec::with_capacity(size + 1024);
    let mut first = vec![1 << 3 | 1];
    first.extend_from_slice(&1.79e9_f64.to_le_bytes());
    bytes(3, b"brain.Event:2", &mut first);
    frame(&first, &mut file);
    let mut step = 0_u64;
    while file.len() < size {
        for tag in TAGS {
            let mut summary = Vec::new();
            #[expect(clippy::cast_possible_truncation, reason = "files hold single precision")]
            bytes(1, &scalar(written, tag, dice.unit() as f32), &mut summary);
            let mut event = vec![1 << 3 | 1];
            event.extend_from_slice(&(1.79e9 + step as f64 * 0.25).to_le_bytes());
            event.push(2 << 3);
            varint(step, &mut event);
            bytes(5, &summary, &mut event);
            frame(&event, &mut file);
        }
        step += 1;
    }
    file
}
