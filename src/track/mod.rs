//! Records to facts, the facts of several sources to those of one run, and a run to its state. Pure.

pub mod ahead;
pub mod combine;
pub mod folder;
pub mod judge;
pub mod tracker;
