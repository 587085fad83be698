//! All integration tests, in one binary: each further binary would link the whole program again.

mod cli;
mod floors;
mod licences;
mod source;
