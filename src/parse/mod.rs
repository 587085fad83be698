//! Bytes to lines to records. Pure: no I/O, no clock, no panic whatever the bytes.

pub mod bar;
pub mod clean;
pub mod csv;
mod escape;
pub mod format;
pub(crate) mod framework;
pub mod json;
pub mod jsonl;
pub mod number;
pub mod protocol;
#[cfg(test)]
pub(crate) mod recorder;
pub mod role;
pub mod search;
pub mod split;
pub mod text;
