//! Bytes to lines to records. Pure: no I/O, no clock, no panic whatever the bytes.

pub mod csv;
pub mod format;
pub mod json;
pub mod jsonl;
pub mod protocol;
#[cfg(test)]
pub(crate) mod recorder;
pub mod role;
pub mod search;
