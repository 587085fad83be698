//! Threads, channels, the loop and the terminal: the imperative shell.

pub mod engine;
pub mod painter;
