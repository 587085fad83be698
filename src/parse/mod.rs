//! Bytes to lines to records. Pure: no I/O, no clock, no panic whatever the bytes.

pub mod bar;
pub mod clean;
mod decode;
mod escape;
pub mod format;
pub mod logjson;
pub mod logline;
pub mod logrows;
pub(crate) mod framework;
pub mod number;
pub mod pattern;
pub mod replay;
pub mod split;
pub mod text;
