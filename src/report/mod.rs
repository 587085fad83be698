//! The runs as text and JSON, without a terminal. Pure.

pub mod status;
