//! Threads, channels, the loop and the terminal: the imperative shell.

// pub mod engine;
pub mod engine;
pub mod errands;
pub mod follow;
pub mod frames;
pub mod input;
pub mod log_service;
pub mod outbox;
pub mod pacer;
pub mod painter;
pub mod panic;
pub mod run;
pub mod signals;
pub mod terminal;
