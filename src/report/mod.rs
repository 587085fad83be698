//! The runs as text and JSON, without a terminal. Pure.

pub mod progress;
pub mod status;
