//! All integration tests, in one binary: each further binary would link the whole program again.

// what stands under `cfg(test)` is a test to the lints, helpers included
#[cfg(test)]
mod pty;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tmux;
