//! State to cells. Pure: the same state at the same moment gives the same buffer.

pub mod logs;

use ratatui::buffer::Buffer;

use crate::app::state::State;
use crate::model::stamp::Stamp;

/// How colours and glyphs are drawn.
#[derive(Debug, Clone, Default)]
pub struct Theme {}

/// Draws the whole screen.
pub fn render(_state: &State, _theme: &Theme, _now: Stamp, _buffer: &mut Buffer) {}
