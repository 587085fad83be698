//! The outside world: which runs there are, and what is new in their files. Read-only on every run folder.

pub mod discover;
pub mod limits;
pub mod logfile;
pub mod logview;
pub mod mount;
pub mod processes;
pub mod stdin;
pub mod sweep;
pub mod tail;
pub mod watch;
pub mod weights;
