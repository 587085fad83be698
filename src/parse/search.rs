//! Lines of a hyper-parameter search: `Position 2/6`, `=== XGBoost Position 2 ===`, `Trial 3/15: Score=0.3678`,
//! `[BEST] NEW BEST! Score: 0.2263`, and Optuna's own.
//!
//! Words are whole words (`HighScore=3` and `Scored 12 points` are none of ours), a figure is read to its end or not at all
//! (`Score=1.2.3`), and a model's name may have blanks and hyphens in it.

use crate::model::record::At;
use crate::model::record::Origin;
use crate::model::record::Pair;
use crate::model::record::Record;
use crate::model::record::Row;
use crate::model::record::RowKind;
use crate::model::record::SearchPatch;
use crate::model::record::Sink;

/// Reads a line's text. Returns whether it was a line of a search: there is then nothing else in it.
pub fn line(body: &str, origin: &Origin, sink: &mut dyn Sink) -> bool {
    let body = body.trim();
    // one of these words is in every such line
    let likely = ["Position", "Trial", "trial", "Score", "BEST"].iter().any(|word| body.contains(word));
    likely && (optuna(body, origin, sink) || by_position(body, origin, sink))
}

fn by_position(body: &str, origin: &Origin, sink: &mut dyn Sink) -> bool {
    let mut patch = SearchPatch::default();
    if let Some(title) = body.strip_prefix("===").and_then(|rest| rest.strip_suffix("===")) {
        let Some((model, place)) = title.trim().rsplit_once(" Position ") else { return false };
        patch.model = Some(model.trim()).filter(|model| !model.is_empty() && model.len() <= 80);
        patch.position = place.trim().parse().ok();
    } else {
        // a search may try once more than it said, but no list has a seventh place of six
        let place = of(body, "Position").filter(|(position, total)| position <= total);
        (patch.position, patch.total_positions) = place.unzip();
    }
    (patch.trial, patch.total_trials) = of(body, "Trial").unzip();
    let score = score(body);
    // `Test Score` is the finished model's own and no trial's, whatever mark stands before it
    let marked = body.contains("[BEST]") || body.contains("NEW BEST");
    patch.is_best = marked && score.is_none_or(|(name, _)| name == "Score");
    patch.score = score.map(|(_, value)| value);
    let known =
        patch.model.is_some() || patch.position.is_some() || patch.trial.is_some() || patch.score.is_some();
    if !known && !patch.is_best {
        return false;
    }
    // `Episode 80/500 | Score: 28` is no search's: a score that stands alone stands first
    let alone = patch.model.is_none() && patch.position.is_none() && patch.trial.is_none() && !marked;
    if alone && score.is_some_and(|(name, _)| name == "Score") && !body.starts_with("Score") {
        return false;
    }
    let best = patch.is_best;
    let at = At::default();
    sink.record(&Record::Search(patch), origin);
    if let Some((name, value)) = score {
        let name = if best { "best Score" } else { name };
        let values = [Pair { name, value }].into_iter().collect();
        sink.record(&Record::Row(Row { at, split: None, kind: RowKind::Plain, values }), origin);
    }
    true
}

/// `3` and `15` of `<word> 3/15`, with or without blanks around the slash, or of `<word> 3 of 15`.
fn of(body: &str, word: &str) -> Option<(u64, u64)> {
    let rest = after_word(body, word)?.strip_prefix(' ')?.trim_start();
    let (current, rest) = whole_number(rest)?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('/').or_else(|| rest.strip_prefix("of "))?.trim_start();
    let (total, rest) = whole_number(rest)?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
    (ends && total > 0).then_some((current, total))
}

/// What follows the first `word` that stands by itself.
fn after_word<'a>(body: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = body;
    let mut before = ' ';
    while let Some(at) = rest.find(word) {
        if let Some(last) = rest.get(..at).and_then(|head| head.chars().next_back()) {
            before = last;
        }
        let tail = rest.get(at + word.len()..)?;
        if !before.is_alphanumeric()
            && before != '_'
            && !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        {
            return Some(tail);
        }
        before = word.chars().next_back().unwrap_or(' ');
        rest = tail;
    }
    None
}

fn whole_number(text: &str) -> Option<(u64, &str)> {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    digits.parse().ok().map(|number| (number, rest))
}

/// The score of a line and what it is called there: `Score` or `Test Score`.
fn score(body: &str) -> Option<(&str, f64)> {
    let tail = after_word(body, "Score")?;
    let value = figure(tail.trim_start().strip_prefix(['=', ':'])?.trim_start())?;
    let head = body.get(..body.len() - tail.len())?;
    let before = head.strip_suffix("Score")?;
    match before.trim_end().rsplit(' ').next().unwrap_or("") {
        "Test" => Some(("Test Score", value)),
        // `F1 Score` is another measure
        word if before.ends_with(' ')
            && word.starts_with(char::is_alphabetic)
            && word.ends_with(char::is_alphanumeric) =>
        {
            None
        }
        _ => Some(("Score", value)),
    }
}

/// The figure that `text` begins with. A second dot, or a comma with digits behind it, means that it is none that is known.
fn figure(text: &str) -> Option<f64> {
    let end = text
        .char_indices()
        .find(|(at, c)| {
            !(c.is_ascii_alphanumeric()
                || matches!(c, '.' | '+')
                || (*c == '-' && exponent_or_start(text, *at)))
        })
        .map_or(text.len(), |(at, _)| at);
    let (token, rest) = text.split_at_checked(end)?;
    if rest.strip_prefix(',').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    // a full stop ends the sentence
    let token = token.strip_suffix('.').unwrap_or(token);
    let known = token.bytes().any(|b| b.is_ascii_digit())
        || ["nan", "inf"].contains(&token.trim_start_matches(['-', '+']));
    if known { token.parse().ok() } else { None }
}

fn exponent_or_start(text: &str, at: usize) -> bool {
    at == 0 || text.get(..at).is_some_and(|head| head.ends_with(['e', 'E']))
}

/// `Trial 0 finished with value: 13.39 and parameters: {…}. Best is trial 0 with value: 13.39.`, `Trial 6 pruned.`,
/// `Trial 2 failed with …`, and the label of Optuna's bar, `Best trial: 1. Best value: 5.79119`.
fn optuna(body: &str, origin: &Origin, sink: &mut dyn Sink) -> bool {
    if let Some(rest) = body.strip_prefix("Best trial: ") {
        let Some(best) =
            rest.split_once("Best value: ").and_then(|(_, value)| figure(value.trim_end_matches(':')))
        else {
            return false;
        };
        return values(None, &[("best_value", best)], origin, sink);
    }
    let Some((trial, rest)) = body.strip_prefix("Trial ").and_then(whole_number) else { return false };
    let mut patch = SearchPatch { trial: Some(trial + 1), ..SearchPatch::default() };
    if let Some(rest) = rest.strip_prefix(" finished with value: ") {
        let score = figure(rest);
        let best = rest.rsplit_once("Best is trial ").and_then(|(_, best)| whole_number(best));
        let best_value = best.and_then(|(_, rest)| figure(rest.strip_prefix(" with value: ")?));
        patch.score = score;
        patch.is_best = best.is_some_and(|(number, _)| number == trial);
        sink.record(&Record::Search(patch), origin);
        let pairs: Vec<(&str, f64)> = [("value", score), ("best_value", best_value)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        return values(Some(trial), &pairs, origin, sink);
    }
    if rest.starts_with(" pruned") || rest.starts_with(" failed with") {
        sink.record(&Record::Search(patch), origin);
        return true;
    }
    false
}

fn values(trial: Option<u64>, pairs: &[(&str, f64)], origin: &Origin, sink: &mut dyn Sink) -> bool {
    let at = At { step: trial.map(|trial| trial as f64), step_base: trial.map(|_| 0), ..At::default() };
    let values = pairs.iter().map(|(name, value)| Pair { name, value: *value }).collect();
    sink.record(&Record::Row(Row { at, split: None, kind: RowKind::Plain, values }), origin);
    true
}

#[cfg(test)]
mod tests {
    use crate::parse::recorder::Recorder;

    use super::*;

    fn said(body: &str) -> String {
        let mut heard = Recorder::default();
        let was = line(body, &Origin::default(), &mut heard);
        assert_eq!(was, !heard.said.is_empty(), "{body}");
        heard.said.join(" | ")
    }

    #[test]
    fn searches_by_position() {
        for (body, what) in [
            ("Position 2/6", "search position=2/6"),
            ("Position 1 of 6", "search position=1/6"),
            ("=== XGBoost Position 2 ===", "search model=XGBoost position=2"),
            ("=== LSTM v2 Position 2 ===", "search model=LSTM v2 position=2"),
            ("=== Cat-Boost Position 2 ===", "search model=Cat-Boost position=2"),
            ("  Trial 5/15: Score=0.1502", "search trial=5/15 score=0.1502 | row Score=0.1502"),
            ("Trial 7 / 15: Score=0.3", "search trial=7/15 score=0.3 | row Score=0.3"),
            ("Trial 6/15 Score=0.2", "search trial=6/15 score=0.2 | row Score=0.2"),
            ("  Trial 8/15", "search trial=8/15"),
            ("    [BEST] NEW BEST! Score: 0.2263", "search score=0.2263 best | row best Score=0.2263"),
            ("[BEST] XGBoost complete. Test Score: 0.3929", "search score=0.3929 | row Test Score=0.3929"),
            ("Score: -0.25", "search score=-0.25 | row Score=-0.25"),
            (" F1 Score:        0.6334", ""),
            ("Episode 80/500 | Score: 28 | Avg Score: 27.5", ""),
            ("Score=1e-05", "search score=0.00001 | row Score=0.00001"),
            ("Score = 0.55", "search score=0.55 | row Score=0.55"),
            ("Score=nan", "search score=NaN | row Score=NaN"),
            ("Score=0.61.", "search score=0.61 | row Score=0.61"),
            ("Score=1.2.3 [BEST]", "search best"),
            ("NEW BEST", "search best"),
        ] {
            assert_eq!(said(body), what, "{body}");
        }
    }

    #[test]
    fn what_is_no_search() {
        for body in [
            "Scored 12 points",
            "Score 7",
            "HighScore=3",
            "score=0.9",
            "new best found",
            "Position 0/0",
            "Position 7/6",
            "Score=.",
            "Score=1,234.5",
            "{\"loss\": 0.2}",
            "Trial and error",
            "Positions 3/4",
            "Best model so far",
            "Trial 5 of the method",
        ] {
            assert_eq!(said(body), "", "{body}");
        }
    }

    #[test]
    fn optunas_own_lines() {
        assert_eq!(
            said(
                "Trial 4 finished with value: -1.5e-3 and parameters: {'x': 1.0}. Best is trial 4 with value: -0.0015."
            ),
            "search trial=5 score=-0.0015 best | row step=4 (from 0) value=-0.0015 best_value=-0.0015"
        );
        assert_eq!(said("Trial 6 pruned. "), "search trial=7");
        assert_eq!(
            said(
                "Trial 2 failed with parameters: {'x': 2} because of the following error: ValueError('bad')."
            ),
            "search trial=3"
        );
        assert_eq!(said("Best trial: 1. Best value: 5.79119"), "row best_value=5.79119");
    }
}
