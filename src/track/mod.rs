//! Records to facts, the facts of several sources to those of one run, and a run to its state. Pure.

pub mod combine;
pub mod judge;
mod bars;
mod epochs;
mod label;
mod metrics;
mod outcome;
mod pace;
mod progress;
mod search;
mod steps;
pub mod tracker;
