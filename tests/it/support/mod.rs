//! What several tests need.

pub(crate) mod pty;
pub(crate) mod runs;
