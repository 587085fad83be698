//! `trainmon status`: every run once, as the JSON that other programs build on or as a table for people.

mod json;
mod table;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;

pub use json::json;
pub use table::table;

/// What there is to report.
#[derive(Debug, Clone, Copy)]
pub struct Status<'a> {
    /// The runs, in the order in which they are to be told.
    pub runs: &'a [(Arc<Run>, Verdict)],
    /// The roots as they were typed, by [`crate::model::run::RunKey::root`].
    pub roots: &'a [String],
    /// The present moment.
    pub now: Stamp,
    /// This machine's name.
    pub host: &'a str,
}

/// How a report that says how many runs ended badly ends itself: 10 when some run failed, else 11 when some stalled, else 0.
pub fn exit_code(runs: &[(Arc<Run>, Verdict)]) -> u8 {
    use crate::model::state::State;
    let any = |state| runs.iter().any(|(_, verdict)| verdict.state == state);
    if any(State::Failed) {
        10
    } else if any(State::Stalled) {
        11
    } else {
        0
    }
}

impl Status<'_> {
    /// An id for each run that no other has: its path below its root, behind the root's name where two roots hold the same.
    fn ids(&self) -> Vec<String> {
        let mut count: HashMap<&str, usize> = HashMap::new();
        for (run, _) in self.runs {
            *count.entry(&run.key.id).or_default() += 1;
        }
        let id = |run: &Run| {
            let alone = count.get(&*run.key.id).is_none_or(|count| *count < 2);
            let root = usize::try_from(run.key.root).ok().and_then(|index| self.roots.get(index));
            match root {
                Some(root) if !alone => format!("{}/{}", root.trim_end_matches('/'), run.key.id),
                _ => run.key.id.to_string(),
            }
        };
        self.runs.iter().map(|(run, _)| id(run)).collect()
    }
}
