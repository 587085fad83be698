//! All integration tests, in one binary: each further binary would link the whole program again.

// what stands under `cfg(test)` is a test to the lints, helpers included
#[cfg(test)]
mod abuse;
#[cfg(test)]
mod charts;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod closings;
#[cfg(test)]
mod cuts;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod field;
#[cfg(test)]
mod floors;
#[cfg(test)]
mod follow;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod licences;
#[cfg(test)]
mod logpane;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod misread;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod pty;
#[cfg(test)]
mod redact;
#[cfg(test)]
mod screens;
#[cfg(test)]
mod source;
#[cfg(test)]
mod support;
#[cfg(test)]
mod text;
#[cfg(test)]
mod tmux;
#[cfg(test)]
mod trackers;
#[cfg(test)]
mod user_formats;
#[cfg(test)]
mod write_progress;
