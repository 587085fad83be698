//! Bytes to lines to records. Pure: no I/O, no clock, no panic whatever the bytes.

pub mod bar;
pub mod check;
pub mod clean;
mod decode;
mod escape;
pub mod format;
pub mod number;
pub mod replay;
pub mod split;
