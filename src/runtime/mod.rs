//! Threads, channels, the loop and the terminal: the imperative shell.

// pub mod engine;
pub mod log_service;
pub mod input;
pub mod outbox;
pub mod pacer;
pub mod painter;
