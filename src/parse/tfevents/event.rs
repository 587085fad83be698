//! An event: when, at which step, and the scalars that it holds.

use crate::model::record::{Pair, Pairs};
use crate::model::stamp::Stamp;
use crate::parse::wire::{Fields, Value, varint};

/// Tags of what is no figure but a place, and of what stands for a figure that nobody logged.
const PLACES: [&str; 4] = ["epoch", "step", "global_step", "hp_metric"];

/// What an event says besides its scalars.
#[derive(Debug, PartialEq)]
pub(super) struct Stand {
    pub time: Option<Stamp>,
    pub step: f64,
    /// The scalars are tensors, as `TensorFlow` 2 writes them.
    pub tensors: bool,
}

/// Reads an event, its scalars into `values`. `None` when it is none.
pub(super) fn scalars<'a>(event: &'a [u8], values: &mut Pairs<'a>) -> Option<Stand> {
    let mut stand = Stand { time: None, step: 0.0, tensors: false };
    let mut any = false;
    for field in Fields::new(event) {
        any = true;
        match field {
            (1, Value::Fixed64(bits)) => stand.time = moment(f64::from_bits(bits)),
            // an int64, which may be below zero
            (2, Value::Varint(step)) => stand.step = step.cast_signed() as f64,
            (5, Value::Bytes(summary)) => {
                for (name, value, is_tensor) in Fields::new(summary).filter_map(scalar) {
                    stand.tensors |= is_tensor;
                    if !PLACES.contains(&name) {
                        values.push(Pair { name, value });
                    }
                }
            }
            _ => {}
        }
    }
    any.then_some(stand)
}

/// Seconds since 1970 as a moment; `None` when they are no time at which anything was trained.
fn moment(seconds: f64) -> Option<Stamp> {
    #[expect(clippy::cast_possible_truncation, reason = "in range")]
    (1e8..1e11).contains(&seconds).then(|| Stamp::from_millis((seconds * 1000.0) as i64))
}

/// A summary's value with its tag, if it is a scalar, and whether it is a tensor.
fn scalar((number, value): (u64, Value<'_>)) -> Option<(&str, f64, bool)> {
    let (1, Value::Bytes(value)) = (number, value) else { return None };
    let mut tag = None;
    let mut found = None;
    let mut is_tensor = false;
    let mut plugin: &[u8] = b"";
    for field in Fields::new(value) {
        match field {
            (1, Value::Bytes(text)) => tag = std::str::from_utf8(text).ok(),
            (2, Value::Fixed32(bits)) => found = Some(f64::from(f32::from_bits(bits))),
            (8, Value::Bytes(tensor)) => (found, is_tensor) = (one_element(tensor), true),
            (9, Value::Bytes(metadata)) => plugin = plugin_of(metadata).unwrap_or_default(),
            _ => {}
        }
    }
    let is_scalar = matches!(plugin, b"" | b"scalars");
    Some((tag?, found?, is_tensor)).filter(|(tag, ..)| is_scalar && !tag.is_empty())
}

/// The name of the plugin that shows a value.
fn plugin_of(metadata: &[u8]) -> Option<&[u8]> {
    let data = Fields::new(metadata).find_map(|field| match field {
        (1, Value::Bytes(data)) => Some(data),
        _ => None,
    })?;
    Fields::new(data).find_map(|field| match field {
        (1, Value::Bytes(name)) => Some(name),
        _ => None,
    })
}

/// The number in a tensor without dimensions.
fn one_element(tensor: &[u8]) -> Option<f64> {
    let mut kind = 0;
    let mut found = None;
    for field in Fields::new(tensor) {
        match field {
            (1, Value::Varint(dtype)) => kind = dtype,
            // a shape with a dimension
            (2, Value::Bytes(shape)) if Fields::new(shape).any(|(number, _)| number == 2) => return None,
            (4, Value::Bytes(content)) => found = number(kind, content),
            (5, Value::Bytes(packed)) => found = number(FLOAT, packed),
            (5, Value::Fixed32(bits)) => found = Some(f64::from(f32::from_bits(bits))),
            (6, Value::Bytes(packed)) => found = number(DOUBLE, packed),
            (6, Value::Fixed64(bits)) => found = Some(f64::from_bits(bits)),
            (7 | 10, Value::Bytes(packed)) => found = varint(packed).map(|(value, _)| signed(value)),
            (7 | 10, Value::Varint(value)) => found = Some(signed(value)),
            _ => {}
        }
    }
    found
}

fn signed(value: u64) -> f64 {
    value.cast_signed() as f64
}

// of `types.proto`
const FLOAT: u64 = 1;
const DOUBLE: u64 = 2;
const INT32: u64 = 3;
const INT64: u64 = 9;

/// The only number of a kind in `bytes`.
fn number(kind: u64, bytes: &[u8]) -> Option<f64> {
    match kind {
        FLOAT => bytes.try_into().ok().map(|bytes| f64::from(f32::from_le_bytes(bytes))),
        DOUBLE => bytes.try_into().ok().map(f64::from_le_bytes),
        INT32 => bytes.try_into().ok().map(|bytes| f64::from(i32::from_le_bytes(bytes))),
        INT64 => bytes.try_into().ok().map(|bytes| i64::from_le_bytes(bytes) as f64),
        _ => None,
    }
}
