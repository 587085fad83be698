//! What a run says of itself, without its secrets: whatever text of a log becomes a part of the run passes here before anyone sees it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::facts::Facts;
use crate::model::facts::Metric;
use crate::model::facts::Scores;
use crate::parse::redact::Redactor;

/// Takes the secrets out of every text that a file of the run has a say in. Paths of the run's own files stay: they are there to be
/// opened.
pub fn redact(facts: &mut Facts, redactor: &Redactor) {
    // each field is named, so that a new one has to be thought of
    let Facts {
        framework: _,
        user_formats: _,
        runner_type: _,
        stage: _,
        job_id,
        correlation_id,
        title,
        progress,
        planned: _,
        metrics,
        best_scores,
        latest_scores,
        search,
        ended,
        early_stopped_at: _,
        work_left: _,
        work_left_because,
        more_turns: _,
        undecided: _,
        error,
        warnings,
        log_lines: _,
        checkpoints,
        samples,
        started_at: _,
        updated_at: _,
    } = facts;
    let each = |text: &mut Arc<str>| redactor.redact_shared(text);
    let model = search.as_mut().map(|search| &mut search.model);
    for text in [job_id, correlation_id, title, work_left_because].into_iter().chain(model).flatten() {
        each(text);
    }
    progress.bars.iter_mut().for_each(|bar| each(&mut bar.label));
    if let Some(ended) = ended {
        each(&mut ended.because);
    }
    if let Some(error) = error {
        each(&mut error.type_name);
        each(&mut error.message);
    }
    warnings.iter_mut().for_each(each);
    for path in checkpoints.iter_mut().map(|checkpoint| &mut checkpoint.path) {
        each(path);
    }
    for path in samples.iter_mut().map(|sample| &mut sample.path) {
        each(path);
    }
    names_of_metrics(metrics, redactor);
    names_of_scores(best_scores, redactor);
    names_of_scores(latest_scores, redactor);
}

/// Names that are the same without their secrets are told apart by a number.
fn names_of_metrics(metrics: &mut [Metric], redactor: &Redactor) {
    let mut changed = false;
    for metric in metrics.iter_mut() {
        changed |= name(&mut metric.name, redactor);
    }
    if changed {
        apart(metrics.iter_mut().map(|metric| &mut metric.name));
    }
}

fn names_of_scores(scores: &mut Scores, redactor: &Redactor) {
    let mut changed = false;
    for (score, _) in scores.iter_mut() {
        changed |= name(score, redactor);
    }
    if changed {
        apart(scores.iter_mut().map(|(name, _)| name));
    }
}

fn name(text: &mut Arc<str>, redactor: &Redactor) -> bool {
    let before = Arc::clone(text);
    redactor.redact_shared(text);
    !Arc::ptr_eq(&before, text)
}

fn apart<'a>(names: impl Iterator<Item = &'a mut Arc<str>>) {
    let mut seen: HashSet<Arc<str>> = HashSet::new();
    for name in names {
        let mut number = 2;
        let plain = Arc::clone(name);
        while !seen.insert(Arc::clone(name)) {
            *name = format!("{plain} ({number})").into();
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::LiveBar;
    use crate::model::facts::Place;
    use crate::model::facts::RunError;

    #[test]
    fn no_text_of_a_log_keeps_its_secret() {
        let secret = "hf_NotARea1TokenXq7Zk9Vb2Wm4Rt6Yp8LcQ";
        let text = || Arc::<str>::from(format!("login with {secret}"));
        let mut facts = Facts {
            title: Some(text()),
            job_id: Some(secret.into()),
            warnings: vec![text()],
            error: Some(RunError {
                type_name: "HTTPError".into(),
                message: text(),
                place: Place::default(),
                fatal: true,
            }),
            best_scores: vec![(text(), 1.0), (text(), 2.0), ("loss".into(), 3.0)],
            ..Facts::default()
        };
        facts.progress.bars =
            vec![LiveBar { label: text(), current: 1.0, total: None, rate: None, eta: None }];
        redact(&mut facts, &Redactor::default());
        assert!(!format!("{facts:?}").contains("NotARea1"), "{facts:?}");
        let names: Vec<&str> = facts.best_scores.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["login with hf_***", "login with hf_*** (2)", "loss"]);
        assert_eq!(facts.job_id.as_deref(), Some("hf_***"));
    }
}
