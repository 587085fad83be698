//! Finds runs, tails their files and tells what is new: the way from a byte to an [`Update`].

use std::sync::Arc;

use crate::model::run::{Problem, Run};
use crate::source::discover::Root;

/// Reads everything below `roots` once.
pub fn read_once(_roots: &[Root]) -> (Vec<Arc<Run>>, Vec<Problem>) {
    (Vec::new(), Vec::new())
}
