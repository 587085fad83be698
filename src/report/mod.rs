//! The runs as text and JSON, without a terminal. Pure.

mod figures;
pub mod follow;
pub mod lines;
pub mod logs;
pub mod progress;
pub mod say;
pub mod status;
