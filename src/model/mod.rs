//! Plain data: the words of the program, with no I/O and no clock.
//!
//! Absent is never zero: what a run did not say is `None` all the way to the screen.

pub mod facts;
pub mod level;
pub mod log;
pub mod owner;
pub mod record;
pub mod rules;
pub mod run;
pub mod series;
pub mod stamp;
pub mod state;
