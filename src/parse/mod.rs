//! Bytes to lines to records. Pure: no I/O, no clock, no panic whatever the bytes.

pub mod format;
