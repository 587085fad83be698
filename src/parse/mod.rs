//! Bytes to lines to records. Pure: no I/O, no clock, no panic whatever the bytes.

pub mod bar;
pub mod check;
pub mod clean;
mod config;
pub mod csv;
mod decode;
mod escape;
pub mod format;
pub(crate) mod framework;
pub mod json;
pub mod jsonl;
pub mod logjson;
pub mod logkind;
pub mod logline;
pub mod logplace;
pub mod logquery;
pub mod logrounds;
pub mod logrows;
pub mod logsafe;
pub mod mlflow;
pub mod number;
pub mod pattern;
pub mod protocol;
#[cfg(test)]
pub(crate) mod recorder;
pub mod redact;
pub mod replay;
pub mod role;
pub mod search;
pub mod sections;
pub mod split;
pub mod text;
pub mod tfevents;
pub mod user;
pub mod wandb;
pub(crate) mod wire;
pub mod yaml;
