//! Bytes to lines to records. Pure: no I/O, no clock, no panic whatever the bytes.

pub mod bar;
pub mod clean;
mod escape;
pub mod format;
pub(crate) mod framework;
pub mod number;
pub mod split;
pub mod text;
