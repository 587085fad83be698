//! Records to facts, the facts of several sources to those of one run, and a run to its state. Pure.

pub mod ahead;
mod bars;
mod batches;
mod blocks;
pub mod check;
pub mod combine;
mod epochs;
pub mod folder;
pub mod judge;
mod label;
mod metrics;
mod outcome;
mod pace;
mod progress;
pub mod redact;
mod search;
mod sound;
mod steps;
mod stride;
pub mod tracker;

pub use label::is_beside_training;
