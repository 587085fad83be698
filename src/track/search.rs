//! Hyper-parameter searches: position, trial and score as lines tell them.

use std::sync::Arc;

use crate::model::facts::Facts;
use crate::model::facts::Search;
use crate::model::record::SearchPatch;

/// Takes what a line says of a search in.
pub(super) fn apply(facts: &mut Facts, patch: &SearchPatch<'_>) {
    let search = facts.search.get_or_insert_with(Search::default);
    if patch.position.is_some() && patch.position != search.position {
        // trials and the newest score begin anew at every position
        (search.trial, search.score) = (None, None);
    }
    search.position = patch.position.or(search.position);
    search.total_positions = patch.total_positions.or(search.total_positions);
    if let Some(model) = patch.model {
        search.model = Some(Arc::from(model));
    }
    search.trial = patch.trial.or(search.trial);
    search.total_trials = patch.total_trials.or(search.total_trials);
    search.score = patch.score.or(search.score);
    if patch.is_best {
        search.best_score = patch.score.or(search.score).or(search.best_score);
    }
}
