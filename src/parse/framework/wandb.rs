//! Weights & Biases: its own block at the end repeats figures (rounded, and as sparklines that hold no history).

use super::Line;
use super::Out;
use super::Shape;

#[derive(Default)]
pub(super) struct Wandb;

impl Shape for Wandb {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("wandb:")
    }

    fn line(&mut self, line: &Line<'_>, _out: &mut Out<'_>) -> bool {
        line.body.starts_with("wandb: ") || line.body == "wandb:"
    }
}
