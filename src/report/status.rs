//! `trainmon status`: the runs as a table and as JSON.

use std::sync::Arc;

use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;

/// The runs as JSON, schema 1.
pub fn json(_runs: &[(Arc<Run>, Verdict)], _now: Stamp, _host: &str) -> String {
    String::new()
}

/// The runs as a table.
pub fn table(_runs: &[(Arc<Run>, Verdict)], _now: Stamp, _colours: bool) -> String {
    String::new()
}
