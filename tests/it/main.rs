//! All integration tests, in one binary: each further binary would link the whole program again.

mod pty;
mod support;
mod tmux;
