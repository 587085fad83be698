//! Bytes to lines to records. Pure: no I/O, no clock, no panic whatever the bytes.

pub mod bar;
pub mod clean;
mod decode;
mod escape;
pub mod format;
pub mod number;
pub mod replay;
pub mod split;
pub mod csv;
pub(crate) mod framework;
pub mod json;
pub mod jsonl;
pub mod protocol;
#[cfg(test)]
pub(crate) mod recorder;
pub mod role;
pub mod logjson;
pub mod logline;
pub mod logrows;
pub mod pattern;
pub mod search;
pub mod text;
