//! What several tests need.

pub(crate) mod logs;
pub(crate) mod pty;
pub(crate) mod runs;
