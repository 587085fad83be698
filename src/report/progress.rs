//! `progress.json` as Pylon's tools read it, for `status --write-progress`.
//!
//! Six fields and no more: those tools refuse a file that has others. What is not known is `null`, as everywhere.

use serde::Serialize;

use crate::model::facts::Facts;
use crate::model::record::Ending;

/// The fields, in the order in which Pylon declares them.
#[derive(Serialize)]
struct ProgressInfo {
    completed_epochs: Option<u64>,
    progress_percentage: Option<f64>,
    early_stopped: bool,
    early_stopped_at_epoch: Option<u64>,
    runner_type: &'static str,
    total_epochs: Option<u64>,
}

/// Names that such a file may have: the fields, and those that Pylon's design promised and some other program may have added.
const NAMES: [&str; 12] = [
    "completed_epochs",
    "progress_percentage",
    "early_stopped",
    "early_stopped_at_epoch",
    "runner_type",
    "total_epochs",
    "start_time",
    "last_update_time",
    "best_score",
    "latest_score",
    "error_message",
    "warnings",
];

/// What a document called `progress.json` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// A tracker's.
    Progress,
    /// JSON, but another program's.
    Other,
    /// Empty, torn, or no JSON document at all.
    Broken,
}

/// The file's text for a run with these facts; `None` for a run that no tracker keeps.
pub fn json(facts: &Facts) -> Option<String> {
    let runner_type = facts.runner_type?.name();
    let how = facts.ended.as_ref().map(|ended| ended.how);
    let over = matches!(how, Some(Ending::Completed | Ending::EarlyStopped));
    let progress = &facts.progress;
    let info = ProgressInfo {
        completed_epochs: progress.completed_epochs.and_then(whole),
        progress_percentage: progress.percent.or(over.then_some(100.0)).filter(|percent| percent.is_finite()),
        early_stopped: how == Some(Ending::EarlyStopped),
        early_stopped_at_epoch: facts.early_stopped_at.and_then(whole),
        runner_type,
        total_epochs: progress.total_epochs.and_then(whole),
    };
    let mut bytes = Vec::new();
    let indent = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut to = serde_json::Serializer::with_formatter(&mut bytes, indent);
    info.serialize(&mut to).ok()?;
    String::from_utf8(bytes).ok()
}

/// Tells what a file that is already there is, so that nobody else's is written over.
pub fn document(bytes: &[u8]) -> Document {
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Ok(serde_json::Value::Object(fields)) => {
            let own = !fields.is_empty() && fields.keys().all(|name| NAMES.contains(&name.as_str()));
            if own { Document::Progress } else { Document::Other }
        }
        Ok(_) => Document::Other,
        Err(_) => Document::Broken,
    }
}

/// Epochs that are over, as a whole number: of one that is under way a part counts for nothing.
fn whole(count: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, positive and small enough, as is just seen"
    )]
    (0.0..9e15).contains(&count).then(|| count.floor() as u64)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::facts::Ended;
    use crate::model::facts::Place;
    use crate::model::state::RunnerType;

    fn of(kind: Option<RunnerType>, change: impl Fn(&mut Facts)) -> Option<String> {
        let mut facts = Facts { runner_type: kind, ..Facts::default() };
        change(&mut facts);
        json(&facts)
    }

    fn ended(how: Ending) -> Ended {
        Ended { how, because: Arc::from(""), place: Place::default() }
    }

    #[test]
    fn a_trainer_has_all_six_fields_and_no_other() {
        let text = of(Some(RunnerType::Trainer), |facts| {
            facts.progress.completed_epochs = Some(11.0);
            facts.progress.total_epochs = Some(20.0);
            facts.progress.percent = Some(55.0);
        });
        let expected = r#"{
    "completed_epochs": 11,
    "progress_percentage": 55.0,
    "early_stopped": false,
    "early_stopped_at_epoch": null,
    "runner_type": "trainer",
    "total_epochs": 20
}"#;
        assert_eq!(text.as_deref(), Some(expected));
    }

    #[test]
    fn what_is_not_known_is_null_and_a_run_without_a_tracker_has_no_file() {
        assert_eq!(of(None, |facts| facts.progress.percent = Some(5.0)), None);
        let search = of(Some(RunnerType::Search), |_| ()).expect("a search");
        assert!(
            search.contains("\"completed_epochs\": null") && search.contains("\"runner_type\": \"search\"")
        );
        assert!(search.contains("\"progress_percentage\": null"), "{search}");
        let search = of(Some(RunnerType::Search), |facts| facts.ended = Some(ended(Ending::Completed)));
        assert!(search.expect("a search").contains("\"progress_percentage\": 100.0"));
        let failed = of(Some(RunnerType::MultiStage), |facts| facts.ended = Some(ended(Ending::Failed)));
        assert!(failed.expect("stages").contains("\"progress_percentage\": null"));
    }

    #[test]
    fn early_stopping_is_told_with_its_epoch() {
        let text = of(Some(RunnerType::Trainer), |facts| {
            facts.ended = Some(ended(Ending::EarlyStopped));
            facts.early_stopped_at = Some(7.0);
            facts.progress.completed_epochs = Some(7.9);
        })
        .expect("a trainer");
        assert!(text.contains("\"early_stopped\": true") && text.contains("\"early_stopped_at_epoch\": 7,"));
        assert!(text.contains("\"completed_epochs\": 7,"), "{text}");
    }

    #[test]
    fn a_file_of_another_program_is_told_from_a_tracker_s() {
        let own = of(Some(RunnerType::Evaluator), |_| ()).expect("an evaluator");
        for (text, expected) in [
            (own.as_str(), Document::Progress),
            (r#"{"completed_epochs": 2, "progress_percentage": 66.7}"#, Document::Progress),
            (r#"{"completed_epochs": 2, "lr": 0.1}"#, Document::Other),
            ("{}", Document::Other),
            ("[]", Document::Other),
            ("", Document::Broken),
            (r#"{"completed_epochs": 2, "progress_per"#, Document::Broken),
            ("{\"time/iterations\": 1}\n{\"time/iterations\": 2}\n", Document::Broken),
        ] {
            assert_eq!(document(text.as_bytes()), expected, "{text}");
        }
    }
}
